//! The gap summary of a state: the diplomat's page, at most two sheets of A4.

use super::View;
use super::deadlines::DeadlineRow;
use super::parts::{Anchor, AsOf, Bar, CauseMark, Column, Figure, GradeMark};
use serde::Serialize;

/// Lines of gaps, of what is kept, and of deadlines: what fits on two sheets of A4. A test prints it.
pub const MOST_GAPS: usize = 8;
/// Of what is kept.
pub const MOST_KEPT: usize = 4;
/// Of deadlines.
pub const MOST_DUE: usize = 5;
/// Characters of one line's gist.
pub const LONGEST_GIST: usize = 180;
/// Provisions named in one line.
pub const MOST_PROVISIONS: usize = 4;

/// What a delegation needs to know, each number leading to its evidence.
#[derive(Debug, Serialize)]
pub struct Summary {
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub figures: Vec<Figure>,
    pub bar: Option<Bar>,
    pub key: Vec<GradeMark>,
    pub causes: Vec<CauseMark>,
    /// The gravest gaps, worst first.
    pub gaps: Vec<SummaryGap>,
    pub gaps_all: Anchor,
    /// What goes well: obligations shown to be kept.
    pub kept: Vec<SummaryGap>,
    pub not_party: Vec<Anchor>,
    pub due_columns: Vec<Column>,
    pub due: Vec<DeadlineRow>,
    /// What the state itself said, where we hold it.
    pub state_says: Vec<Anchor>,
    pub how_sure: String,
    pub permanent: String,
}

/// One line of the summary.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryGap {
    pub theme: String,
    pub grade: GradeMark,
    pub causes: Vec<CauseMark>,
    /// The provisions concerned.
    pub provisions: Vec<Anchor>,
    /// What shows it: the gist of the strongest evidence.
    pub shows: Option<Anchor>,
    pub gist: String,
}

impl View for Summary {
    const TEMPLATE: &'static str = "pages/summaries/summary.html";
}
