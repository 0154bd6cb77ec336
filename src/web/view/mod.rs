//! What each template is given: plain values with text ready to be shown. One file for each noun, one struct for each
//! page, and for each struct samples with which a test renders it: full, empty, very long and hostile.

#![allow(
    missing_docs,
    reason = "a struct says what it is; its fields are named after what the template shows"
)]

pub mod about;
pub mod agreement;
pub mod causes;
pub mod codings;
pub mod comments;
pub mod deadlines;
pub mod desk;
pub mod errors;
pub mod evidence;
pub mod forms;
pub mod gaps;
pub mod history;
pub mod home;
pub mod imports;
pub mod instruments;
pub mod kept;
pub mod matrix;
pub mod obligations;
pub mod page;
pub mod participation;
pub mod parts;
pub mod proposals;
pub mod recommendations;
pub mod reminders;
pub mod reports;
pub mod search;
pub mod sessions;
pub mod states;
pub mod status_pages;
pub mod studies;
pub mod summaries;
pub mod themes;
pub mod words;

#[cfg(test)]
mod check;
#[cfg(test)]
mod samples;

use serde::Serialize;

/// A page's own part: what its template needs besides the frame.
pub trait View: Serialize {
    /// The template's name below `templates/`.
    const TEMPLATE: &'static str;
}
