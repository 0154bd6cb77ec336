//! Coding studies: two or more people say of the same cases, without seeing each other, why a gap stays open; how far they
//! agree, what they confuse, and what they settle afterwards. Their sample is frozen: text and evidence stay as they were.

mod answers;
mod engine;
mod results;
mod sample;

pub use answers::{Answered, answered, kinds};
pub use engine::{ENGINE, engine_code};
pub use results::{Confusion, Measure, Results, Tally, Verdict, results};
pub use sample::{Draw, draw};

use super::audit::{digest, sealed};
use super::causes::Cause;
use super::evidence::words;
use super::ids::{CodeId, EvidenceId, ProvisionId, SettlementId, StateCode, StudyId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// It takes at least so many people.
pub const FEWEST: usize = 2;
/// And at most so many.
pub const MOST: usize = 8;
/// At least so many cases.
pub const FEWEST_CASES: usize = 2;
/// At most so many cases: more than anybody codes.
pub const MOST_CASES: usize = 500;

words! {
    /// Where a study stands.
    StudyStatus {
        /// People are coding.
        Open = "open", "people are coding";
        /// All have finished.
        Complete = "complete", "all have finished";
        /// Ended before all had finished.
        Ended = "ended", "ended early, so incomplete";
    }
}

/// A study, without its cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    /// Its identity.
    pub id: StudyId,
    /// Its name.
    pub title: String,
    /// What is asked of those who code.
    pub question: String,
    /// Where the cases come from, in words.
    pub sample: String,
    /// How they were drawn, where not all were taken.
    pub draw: Option<Draw>,
    /// How many there are.
    pub cases: u32,
    /// Whether the engine codes too.
    pub engine: bool,
    /// Who codes, by address.
    pub coders: Vec<StudyCoder>,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Where it stands.
    pub status: StudyStatus,
    /// When all had finished, or it was ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was ended early.
    pub reason: Option<String>,
}

/// Somebody who codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyCoder {
    /// Their address.
    pub who: String,
    /// When they said that they had finished.
    pub finished_at: Option<DateTime<Utc>>,
}

/// One case, as it was when the study was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyCase {
    /// Its place in the study, from 1.
    pub number: u32,
    /// Its name: what the file calls it, or the provision.
    pub name: String,
    /// The state.
    #[serde(default)]
    pub state: Option<StateCode>,
    /// The provision that is not kept.
    #[serde(default)]
    pub provision: Option<ProvisionId>,
    /// What date it speaks of, as the file has it or the day on which the gap stood.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// What is to be read.
    pub text: String,
    /// The evidence it was taken from.
    #[serde(default)]
    pub evidence: Vec<StudyEvidence>,
}

/// Evidence in the revision that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyEvidence {
    /// Which.
    pub id: EvidenceId,
    /// Its revision at that time.
    pub revision: i32,
    /// Its title.
    pub title: String,
    /// Document and paragraph.
    #[serde(default)]
    pub source: String,
}

/// What one person, or the engine, says of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Its identity; it makes the seal unguessable.
    pub id: CodeId,
    /// The study.
    pub study: StudyId,
    /// The case.
    pub case: u32,
    /// Who, by address; [`ENGINE`] for the engine.
    pub coder: String,
    /// The cause.
    pub cause: Cause,
    /// Its subclass; empty where none is meant.
    #[serde(default)]
    pub subclass: String,
    /// A second cause.
    #[serde(default)]
    pub second: Option<Cause>,
    /// Whether they are sure.
    pub sure: bool,
    /// Why.
    pub reason: String,
    /// What the engine's code rests on.
    #[serde(default)]
    pub signs: Vec<String>,
    /// When.
    pub coded_at: DateTime<Utc>,
    /// When another of the same person took its place.
    #[serde(skip)]
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Code {
    /// A digest that tells nothing without the code itself: its identity is in it.
    ///
    /// # Errors
    /// Never in practice: it is plain values.
    pub fn seal(&self) -> Result<String, serde_json::Error> {
        Ok(digest(&sealed(&[serde_json::to_string(self)?])))
    }

    /// Whether it stood at the end of that day.
    #[must_use]
    pub fn stood_on(&self, day: NaiveDate) -> bool {
        self.coded_at.date_naive() <= day && self.superseded_at.is_none_or(|gone| gone.date_naive() > day)
    }
}

/// What was settled about a case on which they differed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Its identity.
    pub id: SettlementId,
    /// The study.
    pub study: StudyId,
    /// The case.
    pub case: u32,
    /// The cause they settled on; none where they did not.
    pub cause: Option<Cause>,
    /// What was settled and why.
    pub note: String,
    /// Who wrote it down.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When another took its place.
    #[serde(skip)]
    pub superseded_at: Option<DateTime<Utc>>,
}

impl Study {
    /// Where it stood at the end of that day; none before it was opened.
    #[must_use]
    pub fn status_on(&self, day: NaiveDate) -> Option<StudyStatus> {
        if self.opened_at.date_naive() > day {
            None
        } else if self.closed_at.is_some_and(|moment| moment.date_naive() <= day) {
            Some(self.status)
        } else {
            Some(StudyStatus::Open)
        }
    }

    /// Whether that person is asked.
    #[must_use]
    pub fn asks(&self, who: &str) -> bool {
        self.coders.iter().any(|coder| coder.who == who)
    }

    /// How many have finished by that day.
    #[must_use]
    pub fn finished_on(&self, day: NaiveDate) -> usize {
        let by = |coder: &&StudyCoder| coder.finished_at.is_some_and(|at| at.date_naive() <= day);
        self.coders.iter().filter(by).count()
    }

    /// Whether that person may code, or change their code.
    ///
    /// # Errors
    /// Why not.
    pub fn may_code(&self, who: &str) -> Result<(), String> {
        match self.status {
            _ if !self.asks(who) => Err("this study did not ask you to code".to_owned()),
            StudyStatus::Open => Ok(()),
            StudyStatus::Complete => Err("all have finished, and since then no code can be changed".to_owned()),
            StudyStatus::Ended => Err("this study was ended, and since then no code can be changed".to_owned()),
        }
    }

    /// Whether that person may say that they have finished, having coded so many cases.
    ///
    /// # Errors
    /// Why not.
    pub fn may_finish(&self, who: &str, coded: u64) -> Result<(), String> {
        self.may_code(who)?;
        let missing = u64::from(self.cases).saturating_sub(coded);
        if self
            .coders
            .iter()
            .any(|coder| coder.who == who && coder.finished_at.is_some())
        {
            return Err("you said so already; you may still change your codes until all have finished".to_owned());
        }
        match missing {
            0 => Ok(()),
            1 => Err("one case has no code of yours yet".to_owned()),
            some => Err(format!("{some} cases have no code of yours yet")),
        }
    }

    /// Whether that person may end it before all have finished.
    ///
    /// # Errors
    /// Why not.
    pub fn may_end(&self, who: &str) -> Result<(), String> {
        match self.status {
            StudyStatus::Open if self.opened_by == who => Ok(()),
            StudyStatus::Open => Err("only who opened the study may end it".to_owned()),
            StudyStatus::Complete | StudyStatus::Ended => Err("this study is over already".to_owned()),
        }
    }

    /// Whether its results are open on that day: nobody sees them, nor a code that is not their own, before.
    #[must_use]
    pub fn shows_results(&self, day: NaiveDate) -> bool {
        matches!(self.status_on(day), Some(StudyStatus::Complete | StudyStatus::Ended))
    }

    /// What that person may see of the codes on that day: their own; all of them once the study is over.
    #[must_use]
    pub fn visible<'c>(&self, who: &str, codes: &'c [Code], day: NaiveDate) -> Vec<&'c Code> {
        let over = self.shows_results(day);
        let may = |code: &&Code| code.study == self.id && code.stood_on(day) && (over || code.coder == who);
        codes.iter().filter(may).collect()
    }
}

#[cfg(test)]
mod tests;
