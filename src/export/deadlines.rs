//! Answers about deadlines.

use crate::domain::deadlines::Deadline;
use crate::domain::ids::StateCode;
use crate::domain::reference::Reference;
use crate::domain::summaries::World;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Deadlines.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlinesAnswer {
    /// The date asked for.
    pub as_of: NaiveDate,
    /// Oldest first.
    pub deadlines: Vec<DeadlineRow>,
}

/// One report owed by one state by one date.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineRow {
    /// Who owes it.
    pub state: String,
    /// Under which instrument.
    pub instrument: String,
    /// `initial`, `periodic 2`, …
    pub report: String,
    /// By when.
    pub due: NaiveDate,
    /// Why that date, with its article.
    pub basis: String,
    /// The document that set it, or null.
    pub set_by: Option<String>,
    /// `upcoming`, `due`, `overdue`, `submitted` or `reviewed`.
    #[schema(value_type = String)]
    pub status: &'static str,
    /// Days from the date asked to the due date; negative once it has passed.
    pub days: i64,
    /// `set` by a treaty body, `statutory`, or `indicative` (no reporting history is held).
    #[schema(value_type = String)]
    pub certainty: &'static str,
    /// When it was submitted, or null.
    pub submitted: Option<String>,
    /// Symbol of the concluding observations, or null.
    pub concluding_observations: Option<String>,
}

impl From<Deadline> for DeadlineRow {
    fn from(deadline: Deadline) -> Self {
        Self {
            state: deadline.state.to_string(),
            instrument: deadline.instrument.to_string(),
            report: deadline.report,
            due: deadline.due,
            basis: deadline.basis,
            set_by: deadline.set_by,
            status: deadline.status.word(),
            days: deadline.days,
            certainty: deadline.certainty.word(),
            submitted: deadline.submitted.map(|date| date.to_string()),
            concluding_observations: deadline.concluding_observations,
        }
    }
}

impl DeadlinesAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "state",
        "instrument",
        "report",
        "due",
        "status",
        "days",
        "certainty",
        "set_by",
        "submitted",
        "concluding_observations",
        "basis",
    ];

    /// The deadlines of one state, or of all; only overdue ones where asked.
    #[must_use]
    pub fn of(
        reference: &Reference,
        world: &World,
        state: Option<&StateCode>,
        overdue: bool,
        as_of: NaiveDate,
    ) -> Self {
        let states = reference
            .states()
            .map(|s| &s.iso3)
            .filter(|code| state.is_none_or(|only| only == *code));
        let mut all: Vec<Deadline> = states
            .flat_map(|code| world.deadlines(reference, code, as_of))
            .collect();
        all.sort_by(|a, b| {
            (a.due, &a.state, &a.instrument, &a.report).cmp(&(b.due, &b.state, &b.instrument, &b.report))
        });
        let rows = all
            .into_iter()
            .map(DeadlineRow::from)
            .filter(|row| !overdue || row.status == "overdue");
        Self {
            as_of,
            deadlines: rows.collect(),
        }
    }
}
