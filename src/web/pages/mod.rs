//! One file of handlers for each noun: read, decide what to show, show it.

pub(super) mod about;
mod counts;
pub(super) mod deadlines;
pub(super) mod downloads;
pub(super) mod evidence;
pub(super) mod evidence_form;
pub(super) mod findings;
pub(super) mod gaps;
pub(super) mod health;
mod here;
pub(super) mod home;
pub(super) mod instruments;
pub(super) mod lookup;
mod mending;
pub(super) mod obligation;
mod obligation_history;
pub(super) mod obligations;
pub(super) mod participation;
pub(super) mod reminders;
pub(super) mod reports;
pub(super) mod sent;
pub(super) mod sessions;
pub(super) mod state;
pub(super) mod states;
pub(super) mod summaries;
mod summary_lines;
pub(super) mod themes;
