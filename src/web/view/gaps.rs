//! The gaps of a state: those that are known, and those that nobody can grade.

use super::View;
use super::forms::Filters;
use super::parts::{Anchor, AsOf, Bar, CauseMark, Column, Empty, GradeMark, Pager};
use serde::Serialize;

/// The gaps of a state on a date.
#[derive(Debug, Serialize)]
pub struct Gaps {
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    pub causes_bar: Option<Bar>,
    pub causes: Vec<CauseMark>,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<GapRow>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub empty: Empty,
    pub no_information: Anchor,
    pub summary: Anchor,
    pub why: Anchor,
}

/// One gap.
#[derive(Debug, Clone, Serialize)]
pub struct GapRow {
    pub provision: Anchor,
    pub label: String,
    pub theme: Anchor,
    pub grade: GradeMark,
    /// What persons found.
    pub causes: Vec<CauseMark>,
    /// What signs suggest where nobody has found a cause.
    pub suggested: Option<CauseMark>,
    pub evidence: String,
}

impl GapRow {
    /// The head of a table of these.
    #[must_use]
    pub fn columns() -> Vec<Column> {
        ["Provision", "Theme", "Grade", "Why it stays open", "Evidence"]
            .map(Column::plain)
            .into()
    }
}

impl View for Gaps {
    const TEMPLATE: &'static str = "pages/gaps/gaps.html";
}
