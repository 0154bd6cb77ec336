//! Answers about a depositary's status page.

use crate::domain::status_pages::{Difference, StatusPage, StatusRow};
use serde::Serialize;

/// A page, and with a comparison what differs from what is held.
#[derive(Debug, Serialize)]
pub struct StatusPageAnswer<'p> {
    /// The page.
    #[serde(flatten)]
    pub page: &'p StatusPage,
    /// Each difference as a proposal; missing where nothing was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<&'p [Difference]>,
}

/// One participant on one line.
#[derive(Debug, Serialize)]
pub struct ParticipantRow {
    instrument: String,
    state: Option<String>,
    name: String,
    signature_date: Option<String>,
    action: Option<&'static str>,
    action_date: Option<String>,
    withdrawn: &'static str,
    declarations: usize,
    objections: usize,
    notifications: usize,
}

impl ParticipantRow {
    /// Columns of a table of them.
    pub const COLUMNS: &'static [&'static str] = &[
        "instrument",
        "state",
        "name",
        "signature_date",
        "action",
        "action_date",
        "withdrawn",
        "declarations",
        "objections",
        "notifications",
    ];

    /// The participants of a page.
    pub fn of(page: &StatusPage) -> impl Iterator<Item = Self> {
        page.rows.iter().map(|row: &StatusRow| Self {
            instrument: page.instrument.to_string(),
            state: row.state.as_ref().map(ToString::to_string),
            name: row.name.clone(),
            signature_date: row.signature_date.map(|date| date.to_string()),
            action: row.action.map(|act| act.word()),
            action_date: row.action_date.map(|date| date.to_string()),
            withdrawn: if row.withdrawn { "yes" } else { "no" },
            declarations: row.declarations.len(),
            objections: row.objections.len(),
            notifications: row.notifications.len(),
        })
    }
}

/// One difference on one line.
#[derive(Debug, Serialize)]
pub struct DifferenceRow {
    instrument: String,
    state: String,
    name: String,
    about: &'static str,
    difference: &'static str,
    theirs: Option<String>,
    ours: Option<String>,
    our_source: Option<String>,
    proposal: String,
}

impl DifferenceRow {
    /// Columns of a table of them.
    pub const COLUMNS: &'static [&'static str] = &[
        "instrument",
        "state",
        "name",
        "about",
        "difference",
        "theirs",
        "ours",
        "our_source",
        "proposal",
    ];

    /// The differences of a page.
    pub fn of(page: &StatusPage, differences: &[Difference]) -> impl Iterator<Item = Self> {
        differences.iter().map(|one| Self {
            instrument: page.instrument.to_string(),
            state: one.state.to_string(),
            name: one.name.clone(),
            about: one.about,
            difference: one.kind.code(),
            theirs: one.theirs.clone(),
            ours: one.ours.clone(),
            our_source: one.our_source.clone(),
            proposal: one.proposal.clone(),
        })
    }
}
