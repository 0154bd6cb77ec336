//! What is owed by when: of one state, or of the world.

use super::View;
use super::forms::Filters;
use super::parts::{Anchor, AsOf, Column, Empty, Figure, Pager, Tag};
use super::words::when;
use crate::domain::deadlines::{Certainty, Deadline};
use crate::web::links::{self, Link};
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
    /// How firm the date is, in words.
    pub certainty: String,
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
            certainty: certainty(deadline),
        }
    }

    /// The head of a table of these, with the state where the table is of the world.
    #[must_use]
    pub fn columns(of_world: bool) -> Vec<Column> {
        let state = of_world.then(|| Column::plain("State"));
        let rest = ["Treaty", "Report", "Status", "Where the date comes from"].map(Column::plain);
        std::iter::once(Column::plain("Due")).chain(state).chain(rest).collect()
    }

    /// The same, sortable: `here` is the page as filtered, `now` what it is sorted by.
    #[must_use]
    pub fn sorted_columns(of_world: bool, here: &Link, now: &str) -> Vec<Column> {
        let now = if now.is_empty() { "due" } else { now };
        let sortable = |column: Column| match column.text {
            "Due" => Column::sortable("Due", "due", here, now),
            "State" => Column::sortable("State", "state", here, now),
            "Treaty" => Column::sortable("Treaty", "instrument", here, now),
            "Status" => Column::sortable("Status", "status", here, now),
            _ => column,
        };
        Self::columns(of_world).into_iter().map(sortable).collect()
    }
}

/// What a reader must know before relying on the date.
fn certainty(deadline: &Deadline) -> String {
    match (deadline.certainty, &deadline.set_by) {
        (Certainty::Set, Some(document)) => format!("firm: set by the treaty body in {document}"),
        (Certainty::Set, None) => "firm: set by the treaty body".to_owned(),
        (Certainty::Statutory, _) => "firm: follows from the treaty".to_owned(),
        (Certainty::Indicative, _) => {
            "indicative: from the treaty’s interval alone; never called overdue, no reminder is sent".to_owned()
        }
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

/// What falls due on one day.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarDay {
    pub date: String,
    pub weekday: String,
    pub rows: Vec<DeadlineRow>,
}

/// One month.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarMonth {
    /// Its place on the page.
    pub id: String,
    pub name: Anchor,
    pub days: Vec<CalendarDay>,
}

/// A year or a month of the calendar.
#[derive(Debug, Serialize)]
pub struct Calendar {
    pub heading: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    /// The time before, the time after, and the whole.
    pub around: Vec<Anchor>,
    pub months: Vec<CalendarMonth>,
    pub downloads: Vec<Anchor>,
}

impl View for Calendar {
    const TEMPLATE: &'static str = "pages/deadlines/calendar.html";
}

impl View for Deadlines {
    const TEMPLATE: &'static str = "pages/deadlines/deadlines.html";
}
