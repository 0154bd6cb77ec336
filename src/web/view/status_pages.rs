//! A status page of the depositary beside what is held: proposals, each to be recorded by a person or left.

use super::View;
use super::forms::Form;
use super::parts::Anchor;
use serde::Serialize;

/// The form for a page, and what the one just sent says.
#[derive(Debug, Clone, Serialize)]
pub struct StatusPages {
    pub form: Form,
    pub limit: String,
    /// What waits for a decision.
    pub proposals: Anchor,
    /// Why the page that was sent cannot be used.
    pub complaint: Option<String>,
    pub found: Option<Compared>,
}

impl View for StatusPages {
    const TEMPLATE: &'static str = "pages/sources/untc.html";
}

/// A page that was read.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    pub title: String,
    /// How it compares, in a sentence.
    pub answer: String,
    /// What was kept of it.
    pub kept: String,
    /// What the reader must know of it.
    pub notes: Vec<String>,
    pub proposals: Vec<Proposal>,
    pub unread: Vec<UnreadLine>,
}

/// One difference.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    pub state: Anchor,
    pub theirs: String,
    pub ours: String,
    pub words: String,
    /// Where it is decided, or was refused.
    pub record: Option<Anchor>,
}

/// A row that could not be read.
#[derive(Debug, Clone, Serialize)]
pub struct UnreadLine {
    pub text: String,
    pub why: String,
}
