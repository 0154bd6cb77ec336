//! Proposals from status pages: the list, and one of them.

use super::View;
use super::forms::{Filters, Form};
use super::obligations::Fact;
use super::parts::{Anchor, Empty, Pager, Tag};
use serde::Serialize;

/// The list.
#[derive(Debug, Serialize)]
pub struct Proposals {
    pub answer: String,
    pub filters: Filters,
    pub rows: Vec<ProposalRow>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub upload: Anchor,
    pub empty: Empty,
}

/// One of them in the list.
#[derive(Debug, Serialize)]
pub struct ProposalRow {
    pub state: Anchor,
    pub instrument: String,
    pub theirs: String,
    pub ours: String,
    pub status: Tag,
    pub found: String,
}

impl View for Proposals {
    const TEMPLATE: &'static str = "pages/sources/proposals.html";
}

/// One proposal.
#[derive(Debug, Serialize)]
pub struct OneProposal {
    pub title: String,
    pub words: String,
    /// Why what was sent could not be taken.
    pub refused: Option<String>,
    pub status: Tag,
    pub facts: Vec<Fact>,
    pub state: Anchor,
    pub history: Anchor,
    /// That nothing can be recorded here.
    pub by_hand: Option<String>,
    pub accept: Option<Form>,
    pub refuse: Option<Form>,
}

impl View for OneProposal {
    const TEMPLATE: &'static str = "pages/sources/proposal.html";
}
