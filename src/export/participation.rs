//! Answers about participation.

use crate::domain::ids::InstrumentCode;
use crate::domain::ids::StateCode;
use crate::domain::instruments::Instrument;
use crate::domain::participation::Participation;
use crate::domain::reference::Reference;
use crate::domain::summaries::World;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Status towards instruments.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationAnswer {
    /// The state asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The instrument asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// The date asked for.
    pub as_of: NaiveDate,
    /// One row for each instrument, or for each state.
    pub participation: Vec<ParticipationRow>,
}

/// Status of one state towards one instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationRow {
    /// ISO 3166-1 alpha-3, where an instrument was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The instrument.
    pub instrument: String,
    /// `none`, `signatory`, `party_not_yet_in_force`, `party`, `former_party` or `unknown`.
    #[schema(value_type = String)]
    pub status: &'static str,
    /// `signature`, `ratification`, `accession`, `succession`, `acceptance`, or null.
    #[schema(value_type = Option<String>)]
    pub action: Option<&'static str>,
    /// When; a year where only the year is known.
    pub action_date: Option<String>,
    /// In force for the state since (or from, where it is not yet).
    pub in_force_since: Option<String>,
    /// Another reading of that date.
    pub contested_with: Option<NaiveDate>,
    /// No longer bound from this date on.
    pub former_since: Option<NaiveDate>,
    /// What a lawyer should look at.
    #[schema(value_type = Vec<String>)]
    pub flags: Vec<&'static str>,
    /// The reason in one sentence.
    pub why: String,
    /// Where it is known from.
    pub source: Option<String>,
    /// `high`, `medium` or `low`.
    #[schema(value_type = Option<String>)]
    pub confidence: Option<&'static str>,
}

impl ParticipationRow {
    fn new(state: Option<&StateCode>, instrument: &Instrument, found: Participation) -> Self {
        Self {
            state: state.map(ToString::to_string),
            instrument: instrument.code.to_string(),
            status: found.status.code(),
            action: found.action.map(|action| action.word()),
            action_date: found.action_date.map(|date| date.to_string()),
            in_force_since: found.in_force_since.map(|span| span.to_string()),
            contested_with: found.contested_with,
            former_since: found.former_since,
            flags: found.flags,
            why: found.why,
            source: Some(found.source).filter(|source| !source.is_empty()),
            confidence: found.confidence.map(|confidence| confidence.word()),
        }
    }
}

impl ParticipationAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "state",
        "instrument",
        "status",
        "action",
        "action_date",
        "in_force_since",
        "contested_with",
        "former_since",
        "source",
        "confidence",
    ];

    /// Status of one state towards every instrument, or towards one.
    #[must_use]
    pub fn of_state(
        reference: &Reference,
        world: &World,
        state: &StateCode,
        only: Option<&InstrumentCode>,
        as_of: NaiveDate,
    ) -> Self {
        let wanted = reference
            .instruments()
            .iter()
            .filter(|i| only.is_none_or(|code| *code == i.code));
        let rows = wanted
            .map(|i| ParticipationRow::new(None, i, world.participation(state, i, as_of)))
            .collect();
        Self {
            state: Some(state.to_string()),
            instrument: only.map(ToString::to_string),
            as_of,
            participation: rows,
        }
    }

    /// Status of every state towards one instrument.
    #[must_use]
    pub fn of_instrument(reference: &Reference, world: &World, instrument: &Instrument, as_of: NaiveDate) -> Self {
        let row = |state: &crate::domain::reference::State| {
            ParticipationRow::new(
                Some(&state.iso3),
                instrument,
                world.participation(&state.iso3, instrument, as_of),
            )
        };
        Self {
            state: None,
            instrument: Some(instrument.code.to_string()),
            as_of,
            participation: reference.states().map(row).collect(),
        }
    }
}
