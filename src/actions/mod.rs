//! Every write: load → decide (domain) → save → audit → commit, in one transaction.

pub mod deadlines;
pub mod import;
pub mod passwords;
pub mod reminders;
pub mod sessions;
pub mod subscriptions;
pub mod users;
