//! One file of handlers for each noun: read, decide what to show, show it.

pub(super) mod about;
pub(super) mod downloads;
pub(super) mod evidence;
pub(super) mod evidence_form;
mod here;
pub(super) mod lookup;
mod mending;
pub(super) mod participation;
pub(super) mod reports;
pub(super) mod sessions;
pub(super) mod summaries;
mod summary_lines;
pub(super) mod themes;
