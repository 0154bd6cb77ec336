//! The grade of an obligation: one ordinal scale plus “no information” (METHOD, section 2), decided by a named person with
//! reasons, superseded and never overwritten.

use super::ids::{AssessmentId, EvidenceId, ProvisionId, StateCode};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The scale, worst first. Treaty-body follow-up letters A-E are read as 3, 2, 1, no information, 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// 0: a measure against the norm, or refusal.
    Contrary,
    /// 1: no relevant step, or only plans.
    NotInPlace,
    /// 2: real steps, important parts missing.
    Partly,
    /// 3: law and procedure work, outcome partly shown.
    Substantially,
    /// 4: law, working procedure and outcome agree.
    FullyInPlace,
}

impl Grade {
    /// The whole scale, best first as on a form.
    pub const ALL: [Self; 5] = [
        Self::FullyInPlace,
        Self::Substantially,
        Self::Partly,
        Self::NotInPlace,
        Self::Contrary,
    ];

    /// 0 to 4.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Contrary => 0,
            Self::NotInPlace => 1,
            Self::Partly => 2,
            Self::Substantially => 3,
            Self::FullyInPlace => 4,
        }
    }

    /// The grade of that number, if it is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.number() == number)
    }

    /// The word for diplomats.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Contrary => "contrary",
            Self::NotInPlace => "not in place",
            Self::Partly => "partly in place",
            Self::Substantially => "substantially in place",
            Self::FullyInPlace => "fully in place",
        }
    }

    /// The same where space is short, as in a range.
    #[must_use]
    pub fn short_words(self) -> &'static str {
        match self {
            Self::Contrary => "contrary",
            Self::NotInPlace => "not in place",
            Self::Partly => "partly",
            Self::Substantially => "substantially",
            Self::FullyInPlace => "fully in place",
        }
    }

    /// What must be so for this grade.
    #[must_use]
    pub fn test(self) -> &'static str {
        match self {
            Self::Contrary => "a measure against the norm, or refusal",
            Self::NotInPlace => "no relevant step, or only plans",
            Self::Partly => "real steps, important parts missing",
            Self::Substantially => "law and procedure work, outcome partly shown",
            Self::FullyInPlace => "law, working procedure and outcome evidence agree",
        }
    }
}

impl Serialize for Grade {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for Grade {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u8::deserialize(deserializer)?;
        Self::from_number(number).ok_or_else(|| serde::de::Error::custom(format!("{number} is not a grade: 0 to 4")))
    }
}

/// What a person decided about one obligation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Its identity.
    pub id: AssessmentId,
    /// The state.
    pub state: StateCode,
    /// The provision.
    pub provision: ProvisionId,
    /// The decision; none means “no information”: a decision too.
    pub grade: Option<Grade>,
    /// Why.
    pub reasons: String,
    /// The evidence it rests on.
    pub evidence: Vec<EvidenceId>,
    /// What the program suggested at that moment, in words; kept beside the decision.
    pub suggestion: String,
    /// The grade that it suggested, where it suggested one.
    #[serde(default)]
    pub suggested: Option<Grade>,
    /// The day on which it is true.
    pub assessed_on: NaiveDate,
    /// Who decided.
    pub recorded_by: String,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// When a later decision replaced it.
    pub superseded_at: Option<DateTime<Utc>>,
}
