//! Whether a suggestion rests on our judgement: the same evidence under other half-lives and another prior.

use super::{Parameters, Weighed, suggest_with};
use crate::domain::assessments::Grade;

/// The judgements that are tried, each in words.
const TRIED: [(&str, Parameters); 4] = [
    (
        "evidence ages twice as fast",
        Parameters {
            half_lives: 0.5,
            ..Parameters::METHOD
        },
    ),
    (
        "evidence ages half as fast",
        Parameters {
            half_lives: 2.0,
            ..Parameters::METHOD
        },
    ),
    (
        "less doubt to begin with (prior 0.1)",
        Parameters {
            prior: 0.1,
            ..Parameters::METHOD
        },
    ),
    (
        "more doubt to begin with (prior 0.5)",
        Parameters {
            prior: 0.5,
            ..Parameters::METHOD
        },
    ),
];

/// What other judgements would suggest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensitivity {
    /// What METHOD's own suggest.
    pub grade: Option<Grade>,
    /// Each judgement in words, with what it suggests.
    pub runs: Vec<(&'static str, Option<Grade>)>,
}

impl Sensitivity {
    /// Whether a suggested grade moves under any of them.
    #[must_use]
    pub fn is_fragile(&self) -> bool {
        self.grade.is_some() && self.moved().next().is_some()
    }

    /// The judgements under which it moves.
    pub fn moved(&self) -> impl Iterator<Item = &(&'static str, Option<Grade>)> {
        self.runs.iter().filter(|(_, grade)| *grade != self.grade)
    }
}

/// Tries them.
#[must_use]
pub fn sensitivity(items: &[Weighed<'_>]) -> Sensitivity {
    let run = |(words, parameters)| (words, suggest_with(items, parameters).grade);
    Sensitivity {
        grade: suggest_with(items, Parameters::METHOD).grade,
        runs: TRIED.map(run).into(),
    }
}
