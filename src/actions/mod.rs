//! Every write: load → decide (domain) → save → audit → commit, in one transaction.

pub mod import;
pub mod passwords;
pub mod sessions;
pub mod users;
