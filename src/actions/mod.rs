//! Every write: load → decide (domain) → save → audit → commit, in one transaction.

pub mod import;
