//! Every write: load, decide, save, audit and commit in one transaction.

pub mod passwords;
pub mod sessions;
pub mod users;
