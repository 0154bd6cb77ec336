//! Independent gradings: their part of an obligation's page, and the page of one round.

use super::View;
use super::evidence::EvidenceLine;
use super::forms::Form;
use super::obligations::Fact;
use super::parts::{Anchor, AsOf, GradeMark, Tag};
use serde::Serialize;

/// The rounds about one obligation.
#[derive(Debug, Serialize)]
pub struct SecondOpinion {
    pub text: String,
    pub agreement: Anchor,
    pub rounds: Vec<RoundLine>,
    pub form: Option<Form>,
}

/// One round in a list.
#[derive(Debug, Serialize)]
pub struct RoundLine {
    pub status: Tag,
    pub link: Anchor,
    pub line: String,
}

/// One round: the form for a blind grading, or all gradings side by side and what was made of them.
#[derive(Debug, Serialize)]
pub struct CodingRound {
    pub state: String,
    pub provision: String,
    pub label: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    /// Why what was sent could not be taken, where its form is not on the page any more.
    pub refused: Option<Refused>,
    pub status: Tag,
    pub summary: String,
    pub facts: Vec<Fact>,
    pub codings: Vec<CodingLine>,
    pub decision: Option<Anchor>,
    /// That this page leaves something out on purpose.
    pub blind: Option<String>,
    pub evidence: Vec<EvidenceLine>,
    pub code_form: Option<Form>,
    pub decide_form: Option<Form>,
    pub end_form: Option<Form>,
}

/// What could not be taken, and what was written in it.
#[derive(Debug, Serialize)]
pub struct Refused {
    pub why: String,
    pub wrote: String,
}

/// One person's grading.
#[derive(Debug, Serialize)]
pub struct CodingLine {
    pub who: String,
    pub when: String,
    pub grade: GradeMark,
    pub reasons: String,
    pub evidence: Vec<Anchor>,
}

impl View for CodingRound {
    const TEMPLATE: &'static str = "pages/codings/round.html";
}
