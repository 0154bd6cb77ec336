//! One file of handlers for each noun: read, decide what to show, show it.

pub(super) mod about;
pub(super) mod downloads;
pub(super) mod lookup;
pub(super) mod sessions;
