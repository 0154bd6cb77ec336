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
/// Characters of the state's own words in one line.
pub const LONGEST_REPLY: usize = 110;
/// Of what the state itself said.
pub const MOST_SAID: usize = 3;
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
    pub causes: Vec<CauseCount>,
    /// What signs suggest for the gaps without one: computed.
    pub suggested: Vec<CauseMark>,
    pub why: Anchor,
    /// How the causes are to be read, and how many gaps have none recorded.
    pub causes_note: String,
    /// The gravest gaps, worst first.
    pub gaps: Vec<SummaryGap>,
    pub gaps_all: Anchor,
    /// What the evidence points to without carrying a grade; fewer, the more gaps are known.
    pub signs: Vec<SummaryGap>,
    pub signs_caption: String,
    /// What goes well: obligations shown to be kept.
    pub kept: Vec<SummaryGap>,
    /// How many there are, decided and computed.
    pub kept_note: String,
    pub kept_all: Option<Anchor>,
    pub not_party: Vec<Anchor>,
    pub due_caption: String,
    pub due_columns: Vec<Column>,
    pub due: Vec<DeadlineRow>,
    pub due_all: Anchor,
    /// What the state itself said, where we hold it.
    pub state_says: Vec<Anchor>,
    /// The rest of what it said, where not all fits.
    pub state_says_all: Option<Anchor>,
    /// What nobody can grade: counted apart, and never as failure.
    pub unknown: Option<Unknown>,
    pub how_sure: String,
    pub permanent: String,
}

/// One cause, and the gaps for which it was recorded.
#[derive(Debug, Clone, Serialize)]
pub struct CauseCount {
    pub cause: CauseMark,
    pub gaps: Anchor,
}

/// Obligations without usable information.
#[derive(Debug, Clone, Serialize)]
pub struct Unknown {
    pub text: String,
    pub all: Anchor,
    /// The themes with most of them.
    pub themes: Vec<Anchor>,
}

/// One line of the summary.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryGap {
    pub theme: String,
    pub grade: GradeMark,
    /// What persons found.
    pub causes: Vec<CauseMark>,
    /// What signs suggest where nobody has found a cause.
    pub suggested: Option<CauseMark>,
    /// The provisions concerned.
    pub provisions: Vec<Anchor>,
    /// The provisions that are not named.
    pub more: Option<Anchor>,
    /// What shows it: the gist of the strongest evidence.
    pub shows: Option<Anchor>,
    pub gist: String,
    /// Where the evidence is contested: the strongest on the other side.
    pub other_side: Option<Said>,
    /// The state's own words on the same right.
    pub state_says: Option<Said>,
}

/// What somebody said, and where.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    pub gist: String,
    pub source: Anchor,
}

impl View for Summary {
    const TEMPLATE: &'static str = "pages/summaries/summary.html";
}
