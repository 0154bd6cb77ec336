//! The tables as sea-orm sees them; private to the store.

pub mod api_tokens;
pub mod audit_events;
pub mod deadlines;
pub mod reminders;
pub mod sessions;
pub mod sign_in_attempts;
pub mod subscriptions;
pub mod users;
