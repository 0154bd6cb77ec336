//! Why gaps stay open: what persons found and what signs suggest, always apart; and what would unblock a gap.

use super::View;
use super::forms::Filters;
use super::parts::{Anchor, AsOf, Bar, CauseMark, Column, Empty, GradeMark};
use super::summaries::Said;
use serde::Serialize;

/// The causes suggested for one gap, with every sign: computed, and marked so.
#[derive(Debug, Clone, Serialize)]
pub struct SuggestedNote {
    pub cause: CauseMark,
    /// Why, in a sentence or two.
    pub reason: String,
    pub bar: Option<Bar>,
    pub weights: Vec<WeightLine>,
    pub signs: Vec<SignLine>,
    /// That the texts are old, where they are.
    pub age: Option<String>,
    /// What the state itself says of the same right.
    pub state_says: Vec<Said>,
}

/// The weight of one cause.
#[derive(Debug, Clone, Serialize)]
pub struct WeightLine {
    pub cause: CauseMark,
    pub weight: String,
    pub interval: String,
}

/// One sign: its points, the sentence with the words marked, where it came from.
#[derive(Debug, Clone, Serialize)]
pub struct SignLine {
    pub cause: CauseMark,
    pub says: String,
    pub points: String,
    /// The sentence before the words, the words, and the rest of it.
    pub before: String,
    pub matched: String,
    pub after: String,
    /// How it was read, where that is not plain.
    pub how: Option<String>,
    pub from: Vec<PlaceLine>,
    /// Others that say the same.
    pub also: Vec<PlaceLine>,
    /// The law or the literature behind the signal.
    pub behind: String,
}

/// Where a sign came from.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceLine {
    pub text: String,
    pub href: Option<crate::web::links::Link>,
}

/// What would unblock a gap, by cause.
#[derive(Debug, Clone, Serialize)]
pub struct Unblock {
    pub cause: CauseMark,
    /// Decided or suggested.
    pub basis: &'static str,
    pub asked: Vec<Asked>,
    pub helpers: Vec<Asked>,
}

/// Something asked for or offered, and the source of it.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    pub name: Option<String>,
    pub text: String,
    pub source: String,
}

/// Gaps by cause, as a bar with its figures beside.
#[derive(Debug, Clone, Serialize)]
pub struct CauseBar {
    pub title: &'static str,
    pub text: String,
    pub bar: Option<Bar>,
    pub key: Vec<CauseMark>,
}

/// The causes of the gaps of one state.
#[derive(Debug, Serialize)]
pub struct StateCauses {
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub how: String,
    pub filters: Filters,
    pub all: Vec<CauseBar>,
    pub themes_caption: String,
    pub themes: Vec<ThemeCauses>,
    pub caption: String,
    pub rows: Vec<GapCause>,
    pub downloads: Vec<Anchor>,
    pub empty: Empty,
    pub unblock: Vec<Unblock>,
    pub over_time: Anchor,
}

/// The causes of the gaps under one theme.
#[derive(Debug, Clone, Serialize)]
pub struct ThemeCauses {
    pub theme: Anchor,
    pub gaps: String,
    pub decided: Option<Bar>,
    pub decided_words: String,
    pub suggested: Option<Bar>,
    pub suggested_words: String,
}

/// One gap with its causes.
#[derive(Debug, Clone, Serialize)]
pub struct GapCause {
    pub provision: Anchor,
    pub label: String,
    pub grade: GradeMark,
    pub decided: Vec<CauseMark>,
    pub suggested: Option<CauseMark>,
    pub reason: String,
}

/// Causes over time: of a theme, of a region, of a state, or of all.
#[derive(Debug, Serialize)]
pub struct CausesOverTime {
    pub title: String,
    pub answer: String,
    pub how: String,
    pub filters: Filters,
    pub key: Vec<CauseMark>,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<YearRow>,
    /// Where one state was asked for: what the signs known in each year suggested.
    pub suggested_caption: String,
    pub suggested: Vec<YearRow>,
    pub downloads: Vec<Anchor>,
    pub empty: Empty,
    pub more: Vec<Anchor>,
}

/// One day of a year.
#[derive(Debug, Clone, Serialize)]
pub struct YearRow {
    pub day: Anchor,
    pub gaps: String,
    pub bar: Option<Bar>,
    pub counts: Vec<String>,
}

impl View for StateCauses {
    const TEMPLATE: &'static str = "pages/causes/state.html";
}

impl View for CausesOverTime {
    const TEMPLATE: &'static str = "pages/causes/years.html";
}
