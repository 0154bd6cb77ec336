//! What is owed by when: of one state, or of the world.

use super::View;
use super::forms::Filters;
use super::parts::{Anchor, AsOf, Column, Empty, Figure, Pager, Tag};
use super::words::when;
use crate::domain::deadlines::{Certainty, Deadline};
use crate::web::links;
use serde::Serialize;

/// One report that is owed, was submitted or was reviewed.
#[derive(Debug, Clone, Serialize)]
pub struct DeadlineRow {
    pub state: Anchor,
    pub instrument: Anchor,
    pub report: String,
    pub due: String,
    pub status: Tag,
    pub when: String,
    /// Which rule or whose decision gave the date.
    pub basis: String,
    /// What a reader must know before relying on the date.
    pub certainty: Option<&'static str>,
}

impl DeadlineRow {
    /// A deadline with the names of its state and instrument.
    #[must_use]
    pub fn of(deadline: &Deadline, state: &str, instrument: &str) -> Self {
        Self {
            state: Anchor::new(state, links::state_deadlines(&deadline.state)),
            instrument: Anchor::new(instrument, links::instrument(&deadline.instrument)),
            report: deadline.report.clone(),
            due: deadline.due.to_string(),
            status: deadline.status.into(),
            when: when(deadline),
            basis: deadline.basis.clone(),
            certainty: match deadline.certainty {
                Certainty::Indicative => Some("indicative: computed from the interval alone; no reminder is sent"),
                Certainty::Statutory | Certainty::Set => None,
            },
        }
    }

    /// The head of a table of these, with the state where the table is of the world.
    #[must_use]
    pub fn columns(of_world: bool) -> Vec<Column> {
        let state = of_world.then(|| Column::plain("State"));
        let rest = ["Treaty", "Report", "Status", "Where the date comes from"].map(Column::plain);
        std::iter::once(Column::plain("Due")).chain(state).chain(rest).collect()
    }
}

/// The calendar of one state, or of the world.
#[derive(Debug, Serialize)]
pub struct Deadlines {
    pub heading: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub figures: Vec<Figure>,
    pub filters: Filters,
    pub of_world: bool,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<DeadlineRow>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub actions: Vec<Anchor>,
    /// Shown where no row fits.
    pub empty: Empty,
}

impl View for Deadlines {
    const TEMPLATE: &'static str = "pages/deadlines/deadlines.html";
}
