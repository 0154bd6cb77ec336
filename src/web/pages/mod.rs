//! One file of handlers for each noun: read, decide what to show, show it.

pub(super) mod about;
pub(super) mod deadlines;
pub(super) mod downloads;
pub(super) mod health;
pub(super) mod home;
pub(super) mod instruments;
pub(super) mod lookup;
pub(super) mod reminders;
pub(super) mod sessions;
pub(super) mod state;
pub(super) mod states;
pub(super) mod summaries;
mod summary_lines;
pub(super) mod themes;
