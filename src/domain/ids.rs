//! Typed identifiers: a state can never be passed where an instrument is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A code that was not written as its kind demands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{value}” is not {expected}")]
pub struct InvalidCode {
    /// What was given.
    pub value: String,
    /// What would have been right, in words.
    pub expected: &'static str,
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidCode;
            fn try_from(value: String) -> Result<Self, InvalidCode> {
                let valid: fn(&str) -> bool = $valid;
                if valid(&value) { Ok(Self(value)) } else { Err(InvalidCode { value, expected: $expected }) }
            }
        }
        impl std::str::FromStr for $name {
            type Err = InvalidCode;
            fn from_str(value: &str) -> Result<Self, InvalidCode> {
                Self::try_from(value.to_owned())
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_code(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "-.()".contains(c))
}

code!(
    /// A state by its ISO 3166-1 alpha-3 code, such as `MEX`.
    StateCode,
    "a state code of three capital letters (ISO 3166-1 alpha-3), such as MEX",
    |text| text.len() == 3 && text.chars().all(|c| c.is_ascii_uppercase())
);
code!(
    /// An instrument by its short code, such as `ICRMW` or `C97`.
    InstrumentCode,
    "an instrument code of capital letters and digits, such as ICRMW",
    |text| is_code(text, 16)
);
code!(
    /// A theme: `T` and two digits.
    ThemeCode,
    "a theme code of T and two digits, such as T08",
    |text| text.len() == 3 && text.starts_with('T') && text[1..].chars().all(|c| c.is_ascii_digit())
);
code!(
    /// One article paragraph of one instrument, such as `ICRMW-22.1`.
    ProvisionId,
    "a provision such as ICRMW-22.1",
    |text| is_code(text, 40) && text.contains('-')
);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh identifier that sorts by the time of its making.
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A person with an account.
    UserId
);
id!(
    /// One piece of evidence, through all its revisions.
    EvidenceId
);
id!(
    /// One recommendation, through all its revisions.
    RecommendationId
);
id!(
    /// One file that somebody handed in to be imported.
    ImportId
);
id!(
    /// One decision about the grade of one obligation.
    AssessmentId
);
id!(
    /// One row of where an obligation stood.
    StandingId
);
id!(
    /// A filter that somebody keeps.
    FilterId
);
id!(
    /// One recorded finding about the causes of one gap.
    CauseFindingId
);
id!(
    /// One round of double coding.
    RoundId
);
id!(
    /// One person's grading in a round.
    CodingId
);
id!(
    /// One proposal from a status page.
    ProposalId
);
id!(
    /// One coding study of causes.
    StudyId
);
id!(
    /// One person's code of one case of a study.
    CodeId
);
id!(
    /// One note on what was settled about a case.
    SettlementId
);
id!(
    /// One comment on evidence or on an obligation.
    CommentId
);
id!(
    /// What one person follows.
    SubscriptionId
);
id!(
    /// One row of the reminder ledger.
    ReminderId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_refuse_what_is_not_theirs() {
        assert!("MEX".parse::<StateCode>().is_ok());
        for wrong in ["", "mex", "MEXI", "M X", "MÉX"] {
            assert!(wrong.parse::<StateCode>().is_err(), "{wrong}");
        }
        assert!("ICRMW-22.1".parse::<ProvisionId>().is_ok());
        assert!("C97-6.1(A)".parse::<ProvisionId>().is_ok());
        assert!("T08".parse::<ThemeCode>().is_ok());
        assert!("T8".parse::<ThemeCode>().is_err());
    }
}
