//! Which deadlines an address asks for.

use super::lookup;
use crate::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use crate::domain::ids::InstrumentCode;
use crate::domain::reference::Reference;
use crate::web::links;
use crate::web::problem::Problem;
use serde::Deserialize;

/// Date, filters, order and page, as the address has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    pub as_of: String,
    pub status: String,
    /// `yes`: the short way to write `status=overdue`.
    pub overdue: String,
    pub certainty: String,
    pub instrument: String,
    pub region: String,
    pub sort: String,
    pub page: String,
    /// A year of the calendar.
    pub year: String,
    /// A month of the calendar, such as `2027-03`.
    pub month: String,
    /// A state, where the address is of no one state.
    pub state: String,
}

/// Codes and words of the filter by status.
pub(super) const STATUS: [(&str, &str); 7] = [
    ("next", "falling due, from today on"),
    ("due", "due within twelve months"),
    ("upcoming", "due later"),
    ("overdue", "overdue"),
    ("submitted", "submitted, awaiting review"),
    ("reviewed", "reviewed"),
    ("all", "all of them"),
];

/// Codes and words of the filter by how firm a date is.
pub(super) const CERTAINTY: [(&str, &str); 5] = [
    ("firm", "firm dates"),
    ("set", "set by the treaty body"),
    ("statutory", "from the treaty"),
    ("indicative", "indicative only"),
    ("any", "any"),
];

/// The filters, understood.
pub(super) struct Chosen {
    pub status: &'static str,
    pub certainty: &'static str,
    pub instrument: Option<InstrumentCode>,
    pub region: String,
}

impl Chosen {
    /// What an address asks for; `status` and `certainty` where it does not say.
    pub fn read(asked: &Asked, reference: &Reference, status: &str, certainty: &str) -> Result<Self, Problem> {
        let given = match (asked.overdue.as_str(), asked.status.as_str()) {
            ("yes" | "true" | "1", "") => "overdue",
            (_, "") => status,
            (_, given) => given,
        };
        let certainty = Some(asked.certainty.as_str())
            .filter(|c| !c.is_empty())
            .unwrap_or(certainty);
        let instrument = match asked.instrument.trim() {
            "" => None,
            text => Some(
                lookup::instrument(reference, text, |code| {
                    links::deadlines().with("instrument", code.as_str())
                })?
                .code
                .clone(),
            ),
        };
        let regions = regions(reference);
        if !asked.region.is_empty() && !regions.contains(&asked.region.as_str()) {
            return Err(lookup::no_choice("region", &asked.region, &regions));
        }
        Ok(Self {
            status: known("status of deadlines", given, &STATUS)?,
            certainty: known("kind of date", certainty, &CERTAINTY)?,
            instrument,
            region: asked.region.clone(),
        })
    }

    pub fn keeps(&self, reference: &Reference, deadline: &Deadline) -> bool {
        let status = match self.status {
            "all" => true,
            "next" => matches!(deadline.status, DeadlineStatus::Due | DeadlineStatus::Upcoming),
            word => deadline.status.word() == word,
        };
        let certainty = match self.certainty {
            "any" => true,
            "firm" => deadline.certainty != Certainty::Indicative,
            word => deadline.certainty.word() == word,
        };
        let region = || {
            reference
                .state(&deadline.state)
                .is_some_and(|state| state.region == self.region)
        };
        status
            && certainty
            && self.instrument.as_ref().is_none_or(|code| *code == deadline.instrument)
            && (self.region.is_empty() || region())
    }
}

fn known(what: &str, given: &str, all: &'static [(&'static str, &'static str)]) -> Result<&'static str, Problem> {
    let found = all.iter().find(|(code, _)| *code == given);
    found.map(|(code, _)| *code).ok_or_else(|| {
        let codes: Vec<&str> = all.iter().map(|(code, _)| *code).collect();
        lookup::no_choice(what, given, &codes)
    })
}

pub(super) fn regions(reference: &Reference) -> Vec<&str> {
    let mut all: Vec<&str> = reference.states().map(|state| state.region.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|region| !region.is_empty());
    all
}
