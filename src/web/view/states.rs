//! Every state, and one state.

use super::View;
use super::deadlines::DeadlineRow;
use super::evidence::EvidenceLine;
use super::forms::{Filters, Form};
use super::gaps::GapRow;
use super::parts::{Anchor, AsOf, Bar, CauseMark, Column, Empty, Figure, GradeMark, Tag};
use crate::web::links::Link;
use serde::Serialize;

/// Every state, by name.
#[derive(Debug, Serialize)]
pub struct States {
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<StateRow>,
    pub downloads: Vec<Anchor>,
    /// Shown where no state fits, with the nearest names.
    pub empty: Empty,
    pub nearest: Vec<Anchor>,
}

/// One state in the table of all.
#[derive(Debug, Serialize)]
pub struct StateRow {
    pub name: Anchor,
    pub code: String,
    pub region: String,
    pub instruments: String,
    pub obligations: String,
    pub overdue: String,
}

impl View for States {
    const TEMPLATE: &'static str = "pages/states/states.html";
}

/// One state.
#[derive(Debug, Serialize)]
pub struct State {
    pub name: String,
    /// Region, group and income group, in one line.
    pub about: String,
    /// The answer in one sentence.
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub figures: Vec<Figure>,
    pub contents: Vec<Anchor>,
    pub actions: Vec<Anchor>,
    /// Follow this state, for who is signed in and does not yet.
    pub follow: Option<Form>,
    pub following: Option<Anchor>,
    pub participation_caption: String,
    pub participation: Vec<ParticipationRow>,
    pub participation_downloads: Vec<Anchor>,
    pub key: Vec<GradeMark>,
    pub themes_caption: String,
    pub themes: Vec<ThemeRow>,
    pub obligations: Anchor,
    pub causes_bar: Option<Bar>,
    pub causes: Vec<CauseMark>,
    pub gap_columns: Vec<Column>,
    pub gaps: Vec<GapRow>,
    pub gaps_all: Anchor,
    pub gaps_empty: Empty,
    pub evidence: Vec<EvidenceLine>,
    pub evidence_all: Anchor,
    pub evidence_empty: Empty,
    pub deadline_columns: Vec<Column>,
    pub deadlines: Vec<DeadlineRow>,
    pub deadlines_all: Anchor,
    pub conclusions: Vec<Conclusion>,
}

/// Where a state stands towards one instrument.
#[derive(Debug, Serialize)]
pub struct ParticipationRow {
    pub instrument: Anchor,
    pub title: String,
    pub status: Tag,
    /// Such as `accession, 2003-06-05`.
    pub action: String,
    pub in_force_since: String,
    /// The reason, the source and how sure.
    pub why: String,
    /// What a lawyer should look at.
    pub flags: Vec<String>,
    /// The timeline of what was recorded under the treaty.
    pub history: Link,
}

/// The obligations of a state under one theme.
#[derive(Debug, Serialize)]
pub struct ThemeRow {
    pub theme: Anchor,
    pub cluster: String,
    pub obligations: Anchor,
    pub bar: Option<Bar>,
    pub known_gaps: String,
    pub no_information: String,
}

/// Concluding observations that a treaty body adopted on the state.
#[derive(Debug, Serialize)]
pub struct Conclusion {
    pub symbol: String,
    /// Where the document can be read.
    pub document: Option<String>,
    pub instrument: Anchor,
    pub report: String,
    pub adopted: String,
}

impl View for State {
    const TEMPLATE: &'static str = "pages/states/state.html";
}
