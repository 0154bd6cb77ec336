//! PLACE: the lead writes the rules that compute these; this is their shape.

use super::dates::PartialDate;
use super::ids::{InstrumentCode, StateCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a due date stands on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeadlineStatus {
    /// More than twelve months away.
    Upcoming,
    /// Within twelve months.
    Due,
    /// The day has passed and nothing was submitted that we know of.
    Overdue,
    /// Submitted, awaiting review.
    Submitted,
    /// Concluding observations were adopted.
    Reviewed,
}

/// How firm a due date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// From the treaty's interval, without a reporting history.
    Indicative,
    /// From the treaty's clause and what we hold.
    Statutory,
    /// Set by the treaty body.
    Set,
}

impl Certainty {
    /// The word used in files and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Indicative => "indicative",
            Self::Statutory => "statutory",
            Self::Set => "set",
        }
    }
}

/// One report owed by one state by one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Who owes it.
    pub state: StateCode,
    /// Under which instrument.
    pub instrument: InstrumentCode,
    /// `initial`, `periodic 2`, `national preventive mechanism`, …
    pub report: String,
    /// By when.
    pub due: NaiveDate,
    /// Why that date, with its article.
    pub basis: String,
    /// The document that set it, where one did.
    pub set_by: Option<String>,
    /// Where it stands.
    pub status: DeadlineStatus,
    /// Days from the date asked to the due date; negative once it has passed.
    pub days: i64,
    /// How firm the date is.
    pub certainty: Certainty,
    /// When the report was submitted.
    pub submitted: Option<PartialDate>,
    /// Symbol of the concluding observations.
    pub concluding_observations: Option<String>,
}
