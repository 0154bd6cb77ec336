//! The evidence on a state, one piece of it, and the form for more.

use super::View;
use super::forms::{Filters, Form};
use super::obligations::Fact;
use super::parts::{Anchor, Empty, GradeMark, Pager};
use serde::Serialize;

/// A piece of evidence in a list.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceLine {
    pub title: Anchor,
    pub gist: String,
    pub state: Option<Anchor>,
    /// Who says so, where, when and what it shows, in one line.
    pub line: String,
    pub theme: Option<Anchor>,
}

/// The evidence on a state.
#[derive(Debug, Serialize)]
pub struct EvidenceList {
    pub state: String,
    pub answer: String,
    pub filters: Filters,
    pub items: Vec<EvidenceLine>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub add: Option<Anchor>,
    pub empty: Empty,
}

impl View for EvidenceList {
    const TEMPLATE: &'static str = "pages/evidence/list.html";
}

/// One piece of evidence and all that it serves.
#[derive(Debug, Serialize)]
pub struct EvidenceItem {
    pub title: String,
    pub answer: String,
    pub gist: String,
    pub grade: Option<GradeMark>,
    pub facts: Vec<Fact>,
    /// Where the source can be read.
    pub source: Option<String>,
    pub serves_caption: String,
    pub serves: Vec<Served>,
    pub serves_empty: Empty,
    pub revisions: Vec<String>,
}

/// One obligation that a piece of evidence serves.
#[derive(Debug, Clone, Serialize)]
pub struct Served {
    pub instrument: Anchor,
    pub provision: Anchor,
    pub label: String,
    pub grade: Option<GradeMark>,
}

impl View for EvidenceItem {
    const TEMPLATE: &'static str = "pages/evidence/item.html";
}

/// The form for a new piece of evidence.
#[derive(Debug, Serialize)]
pub struct EvidenceForm {
    pub state: String,
    /// The provisions that it will serve as chosen so far.
    pub will_serve: Option<String>,
    pub serves: Vec<Served>,
    pub form: Form,
}

impl View for EvidenceForm {
    const TEMPLATE: &'static str = "pages/evidence/new.html";
}
