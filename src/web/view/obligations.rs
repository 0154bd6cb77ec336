//! The obligations of a state, and one of them.

use super::View;
use super::causes::{SuggestedNote, Unblock};
use super::codings::{Refused, SecondOpinion};
use super::comments::Comments;
use super::evidence::EvidenceLine;
use super::forms::{Filters, Form};
use super::parts::{Anchor, AsOf, Bar, CauseMark, Column, Empty, GradeMark, Pager, Tag};
use serde::Serialize;

/// The obligations of a state on a date.
#[derive(Debug, Serialize)]
pub struct Obligations {
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    pub bar: Option<Bar>,
    pub key: Vec<GradeMark>,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<ObligationRow>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub empty: Empty,
}

/// One obligation in a table.
#[derive(Debug, Serialize)]
pub struct ObligationRow {
    pub provision: Anchor,
    pub label: String,
    pub theme: Anchor,
    pub in_force_since: String,
    pub reservation: Option<Tag>,
    pub grade: GradeMark,
    pub evidence: String,
}

impl View for Obligations {
    const TEMPLATE: &'static str = "pages/obligations/obligations.html";
}

/// One obligation: what it asks, why it binds, what shows that it is kept, who graded it and why a gap stays open.
#[derive(Debug, Serialize)]
pub struct Obligation {
    /// Such as `ICRMW art. 16(4)`.
    pub provision: String,
    pub label: String,
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub grade: GradeMark,
    /// Whether anybody can grade it.
    pub gradable: bool,
    pub summary: String,
    pub facts: Vec<Fact>,
    pub reservation: Option<ReservationNote>,
    pub suggestion: SuggestionNote,
    pub evidence: Vec<EvidenceLine>,
    pub evidence_empty: Empty,
    pub add_evidence: Option<Anchor>,
    pub assessments: Vec<AssessmentLine>,
    /// Where this visitor is asked to grade it blind: then neither the suggestion nor a decision is shown.
    pub blind: Option<Anchor>,
    /// A decision that was sent all the same, and is not saved.
    pub refused: Option<Refused>,
    pub grade_form: Option<Form>,
    pub second: Option<SecondOpinion>,
    pub causes: Vec<CauseLine>,
    /// What signs suggest, beside what persons found.
    pub suggested: Option<SuggestedNote>,
    /// Confirms the suggestion, or decides otherwise.
    pub weigh_form: Option<Form>,
    pub cause_form: Option<Form>,
    pub unblock: Vec<Unblock>,
    /// Said to those who may not grade.
    pub who_grades: Option<String>,
    /// The same right in other treaties that bind the state.
    pub parallel: Vec<Parallel>,
    pub comments: Option<Comments>,
}

/// A fact and its name.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    pub name: &'static str,
    pub text: String,
    pub href: Option<crate::web::links::Link>,
}

impl Fact {
    /// A plain fact.
    pub fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            text: text.into(),
            href: None,
        }
    }

    /// A fact that leads somewhere.
    #[must_use]
    pub fn to(mut self, href: crate::web::links::Link) -> Self {
        self.href = Some(href);
        self
    }
}

/// A reservation that touches the provision.
#[derive(Debug, Clone, Serialize)]
pub struct ReservationNote {
    pub effect: Tag,
    pub articles: String,
    pub gist: String,
    pub line: String,
    /// That the instrument forbids it.
    pub forbidden: Option<String>,
}

/// What the evidence suggests: computed, and marked so.
#[derive(Debug, Serialize)]
pub struct SuggestionNote {
    pub grade: GradeMark,
    /// Grade, range, items and age in one sentence.
    pub words: String,
    pub strength: Option<String>,
    /// How likely each grade is by the rule.
    pub bar: Option<Bar>,
    /// That other judgements would move the grade.
    pub fragile: Option<String>,
    pub notes: Vec<String>,
    /// Each item that serves the obligation: what weighs first, heaviest first, then what does not.
    pub items: Vec<WeighedLine>,
}

/// One item's part in a suggestion.
#[derive(Debug, Serialize)]
pub struct WeighedLine {
    pub evidence: Anchor,
    /// Stance and strength.
    pub says: String,
    pub grade: Option<GradeMark>,
    pub source: String,
    pub age: String,
    pub weight: String,
    /// That items of one origin share one weight.
    pub copies: Option<String>,
    pub share: String,
    /// What would be suggested without it, or why it does not weigh.
    pub without: String,
    pub moves: bool,
}

/// One decision, current or superseded.
#[derive(Debug, Serialize)]
pub struct AssessmentLine {
    pub grade: GradeMark,
    pub line: String,
    pub reasons: String,
    pub suggestion: String,
    /// That it lies more than one grade from what was suggested.
    pub differs: bool,
    /// The double coding that it rests on.
    pub round: Option<Anchor>,
    pub evidence: Vec<Anchor>,
    pub superseded: Option<String>,
}

/// One finding about why the gap stays open.
#[derive(Debug, Serialize)]
pub struct CauseLine {
    pub cause: CauseMark,
    pub rationale: String,
    pub line: String,
    /// What was suggested when it was found, and whether it was confirmed.
    pub suggestion: Option<String>,
    pub evidence: Vec<Anchor>,
    pub superseded: Option<String>,
}

/// The same right in another treaty.
#[derive(Debug, Serialize)]
pub struct Parallel {
    pub provision: Anchor,
    pub label: String,
    pub grade: GradeMark,
}

impl View for Obligation {
    const TEMPLATE: &'static str = "pages/obligations/obligation.html";
}
