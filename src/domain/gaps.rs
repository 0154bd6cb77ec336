//! A gap: an obligation in force whose grade is below full implementation, or that nobody can grade.

use super::assessments::{Assessment, Grade};
use super::suggestions::Suggestion;

/// What a gap rests on. A computed suggestion is never shown as a person's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// A named person decided.
    Assessed,
    /// The program computed it from evidence.
    Suggested,
    /// Nobody can tell.
    NoInformation,
}

impl Basis {
    /// The word in files and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Assessed => "assessed",
            Self::Suggested => "suggested",
            Self::NoInformation => "no_information",
        }
    }
}

/// Where one obligation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The grade; none where there is no information.
    pub grade: Option<Grade>,
    /// What it rests on.
    pub basis: Basis,
    /// Whether the evidence is contested.
    pub contested: bool,
}

impl Standing {
    /// A person's decision first; else what the evidence suggests; else no information.
    #[must_use]
    pub fn of(assessment: Option<&Assessment>, suggestion: &Suggestion) -> Self {
        let contested = suggestion.contested;
        match (assessment, suggestion.grade) {
            (Some(decided), _) if decided.grade.is_some() => Self {
                grade: decided.grade,
                basis: Basis::Assessed,
                contested,
            },
            (Some(_), _) => Self {
                grade: None,
                basis: Basis::NoInformation,
                contested,
            },
            (None, Some(grade)) => Self {
                grade: Some(grade),
                basis: Basis::Suggested,
                contested,
            },
            (None, None) => Self {
                grade: None,
                basis: Basis::NoInformation,
                contested,
            },
        }
    }

    /// Whether there is a gap. “No information” is one of its own kind, and counted apart.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.grade != Some(Grade::FullyInPlace)
    }

    /// Whether the gap is known: graded, and below full.
    #[must_use]
    pub fn is_known_gap(&self) -> bool {
        self.grade.is_some_and(|grade| grade < Grade::FullyInPlace)
    }
}
