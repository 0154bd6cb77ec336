//! Every write: load, decide, save, audit and commit in one transaction.

pub mod deadlines;
pub mod passwords;
pub mod reminders;
pub mod sessions;
pub mod subscriptions;
pub mod users;
