//! Double coding: two or more people grade one obligation independently and blind, then a person decides with all gradings
//! in sight. Nobody sees another's grading before all have handed in theirs.
//!
//! ```text
//! open ──all handed in──▶ agreed | disagreed ──a decision names the round──▶ reconciled
//!   └───────────────────────────┴──────────ended with a reason─────────────▶ closed
//! ```

mod statistics;

use super::assessments::Grade;
use super::audit::digest;
use super::evidence::words;
use super::ids::{AssessmentId, CodingId, EvidenceId, ProvisionId, RoundId, StateCode};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use statistics::{Statistics, Tally};

words! {
    /// Where a round stands.
    RoundStatus {
        /// Somebody has not handed in yet.
        Open = "open", "waiting for gradings";
        /// All handed in, and all the same grade.
        Agreed = "agreed", "the gradings agree";
        /// All handed in, and not the same grade.
        Disagreed = "disagreed", "the gradings differ";
        /// A person decided with all gradings in sight.
        Reconciled = "reconciled", "decided";
        /// Ended without a decision.
        Closed = "closed", "ended without a decision";
    }
}

/// Fewer give nothing to compare.
const FEWEST: usize = 2;
/// More would be an assembly.
const MOST: usize = 8;

/// One round of double coding about one obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its identity.
    pub id: RoundId,
    /// The state.
    pub state: StateCode,
    /// The provision.
    pub provision: ProvisionId,
    /// Who grades, and since when their grading is in.
    pub coders: Vec<Coder>,
    /// Who asked for it.
    pub opened_by: String,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// Where it stands now.
    pub status: RoundStatus,
    /// When the last grading came in.
    pub completed_at: Option<DateTime<Utc>>,
    /// Whether the gradings agreed, once they were all in.
    pub outcome: Option<Outcome>,
    /// When it was decided or ended.
    pub settled_at: Option<DateTime<Utc>>,
    /// The decision that names it.
    pub assessment: Option<AssessmentId>,
    /// Why it was ended without a decision.
    pub reason: Option<String>,
}

/// Somebody who is to grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coder {
    /// Their address.
    pub who: String,
    /// When they first handed in.
    pub handed_in_at: Option<DateTime<Utc>>,
}

/// One person's grading in one round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// Its identity: random, and known to nobody else before the round is complete.
    pub id: CodingId,
    /// The round.
    pub round: RoundId,
    /// Who.
    pub coder: String,
    /// The grade; none means “no information”.
    pub grade: Option<Grade>,
    /// Why.
    pub reasons: String,
    /// The evidence it rests on.
    pub evidence: Vec<EvidenceId>,
    /// When it was handed in.
    pub coded_at: DateTime<Utc>,
}

impl Coding {
    /// A seal that tells nothing of what is in it: the random identity is part of what is hashed. Once the round is complete
    /// everybody can check it.
    ///
    /// # Errors
    /// Never in practice: the value is plain.
    pub fn seal(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self).map(|text| digest(&text))
    }
}

/// Whether gradings agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All the same.
    Agreed(Option<Grade>),
    /// So many grades apart; none where one found a grade and another no information.
    Disagreed(Option<u8>),
}

impl Outcome {
    /// What these gradings come to.
    #[must_use]
    pub fn of(grades: &[Option<Grade>]) -> Self {
        let (low, high) = (
            grades.iter().min().copied().flatten(),
            grades.iter().max().copied().flatten(),
        );
        let known = grades.iter().filter(|grade| grade.is_some()).count();
        match (low, high) {
            _ if known == 0 => Self::Agreed(None),
            (Some(low), Some(high)) if known == grades.len() => match high.number() - low.number() {
                0 => Self::Agreed(Some(low)),
                apart => Self::Disagreed(Some(apart)),
            },
            _ => Self::Disagreed(None),
        }
    }

    /// The status of a round that came out so.
    #[must_use]
    pub fn status(self) -> RoundStatus {
        match self {
            Self::Agreed(_) => RoundStatus::Agreed,
            Self::Disagreed(_) => RoundStatus::Disagreed,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Agreed(grade) => format!("all gave “{}”", grade.map_or("no information", Grade::words)),
            Self::Disagreed(None) => "one found no information where another gave a grade".to_owned(),
            Self::Disagreed(Some(1)) => "they lie one grade apart".to_owned(),
            Self::Disagreed(Some(apart)) => format!("they lie {apart} grades apart"),
        }
    }
}

/// The grades of a complete round in ascending order, as they are stored for statistics: `1 3`, with `-` for no information.
#[must_use]
pub fn pattern(grades: &[Option<Grade>]) -> String {
    let mut sorted = grades.to_vec();
    sorted.sort_unstable();
    let texts = sorted
        .iter()
        .map(|grade| grade.map_or_else(|| "-".to_owned(), |grade| grade.number().to_string()));
    texts.collect::<Vec<_>>().join(" ")
}

/// The grades of a stored pattern; none where it is not one.
#[must_use]
pub fn read_pattern(text: &str) -> Option<Vec<Option<Grade>>> {
    text.split(' ')
        .map(|word| match word {
            "-" => Some(None),
            number => number.parse().ok().and_then(Grade::from_number).map(Some),
        })
        .collect()
}

/// Who asks to see gradings.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// Their address; none for who has not signed in.
    pub who: Option<&'a str>,
    /// Whether they may grade.
    pub may_assess: bool,
}

impl Round {
    /// Asks these people for their gradings.
    ///
    /// # Errors
    /// What is wrong with the choice of people.
    pub fn open(
        state: StateCode,
        provision: ProvisionId,
        coders: Vec<String>,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<Self, String> {
        let mut people: Vec<String> = coders;
        people.sort_unstable();
        people.dedup();
        if !(FEWEST..=MOST).contains(&people.len()) {
            return Err(format!(
                "choose {FEWEST} to {MOST} different people; there are {}",
                people.len()
            ));
        }
        let waiting = |who| Coder {
            who,
            handed_in_at: None,
        };
        Ok(Self {
            id: RoundId::fresh(),
            state,
            provision,
            coders: people.into_iter().map(waiting).collect(),
            opened_by: by.to_owned(),
            opened_at: at,
            status: RoundStatus::Open,
            completed_at: None,
            outcome: None,
            settled_at: None,
            assessment: None,
            reason: None,
        })
    }

    /// Where it stood at the end of that day; none before it was opened.
    #[must_use]
    pub fn status_on(&self, day: NaiveDate) -> Option<RoundStatus> {
        let by = |moment: Option<DateTime<Utc>>| moment.is_some_and(|moment| moment.date_naive() <= day);
        if self.opened_at.date_naive() > day {
            None
        } else if by(self.settled_at) {
            Some(self.status)
        } else if by(self.completed_at) {
            Some(self.outcome.map_or(RoundStatus::Open, Outcome::status))
        } else {
            Some(RoundStatus::Open)
        }
    }

    /// Whether that person is one of its coders.
    #[must_use]
    pub fn asks(&self, who: &str) -> bool {
        self.coders.iter().any(|coder| coder.who == who)
    }

    /// Whether it waits for the first grading of that person, who is to see no other judgement before.
    #[must_use]
    pub fn awaits(&self, who: &str) -> bool {
        let asked = |coder: &Coder| coder.who == who && coder.handed_in_at.is_none();
        self.status == RoundStatus::Open && self.coders.iter().any(asked)
    }

    /// Whether that person may hand in a grading, or replace theirs.
    ///
    /// # Errors
    /// Why not.
    pub fn may_code(&self, who: &str) -> Result<(), String> {
        match self.status {
            _ if !self.asks(who) => Err("this round did not ask you for a grading".to_owned()),
            RoundStatus::Open => Ok(()),
            RoundStatus::Closed => Err("this round was ended without a decision".to_owned()),
            _ => Err("all gradings are in, and since then none can be changed".to_owned()),
        }
    }

    /// Whether a decision may name it.
    ///
    /// # Errors
    /// Why not.
    pub fn may_be_decided(&self) -> Result<(), String> {
        match self.status {
            RoundStatus::Agreed | RoundStatus::Disagreed => Ok(()),
            RoundStatus::Open => Err(format!("{} not in yet", missing(&self.coders))),
            RoundStatus::Reconciled => Err("this round was decided already".to_owned()),
            RoundStatus::Closed => Err("this round was ended without a decision".to_owned()),
        }
    }

    /// Whether it may be ended without a decision.
    ///
    /// # Errors
    /// Why not.
    pub fn may_be_closed(&self) -> Result<(), String> {
        match self.status {
            RoundStatus::Reconciled => Err("this round was decided already".to_owned()),
            RoundStatus::Closed => Err("this round was ended already".to_owned()),
            _ => Ok(()),
        }
    }

    /// What that person may see of the gradings on that day. While one is missing: their own alone. When all are in: who may
    /// grade sees all. When a decision rests on them: everybody does.
    #[must_use]
    pub fn visible<'c>(&self, viewer: Viewer<'_>, codings: &'c [Coding], day: NaiveDate) -> Vec<&'c Coding> {
        let complete = self.completed_at.is_some_and(|moment| moment.date_naive() <= day);
        let decided = self.status_on(day) == Some(RoundStatus::Reconciled);
        let own = |coding: &Coding| viewer.may_assess && Some(coding.coder.as_str()) == viewer.who;
        codings
            .iter()
            .filter(|coding| coding.round == self.id && coding.coded_at.date_naive() <= day)
            .filter(|coding| decided || (complete && viewer.may_assess) || own(coding))
            .collect()
    }

    /// What the gradings come to when the last of them is in.
    #[must_use]
    pub fn outcome_of(&self, codings: &[Coding]) -> Option<Outcome> {
        let all: Option<Vec<Option<Grade>>> = self
            .coders
            .iter()
            .map(|coder| {
                codings
                    .iter()
                    .find(|coding| coding.coder == coder.who)
                    .map(|coding| coding.grade)
            })
            .collect();
        all.map(|grades| Outcome::of(&grades))
    }
}

fn missing(coders: &[Coder]) -> String {
    match coders.iter().filter(|coder| coder.handed_in_at.is_none()).count() {
        1 => "one grading is".to_owned(),
        some => format!("{some} gradings are"),
    }
}

/// A disagreement that waits for somebody to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The round.
    pub round: RoundId,
    /// The state.
    pub state: StateCode,
    /// The provision.
    pub provision: ProvisionId,
    /// The grades, ascending.
    pub grades: Vec<Option<Grade>>,
    /// How many grades lie between the lowest and the highest; none where one found no information.
    pub apart: Option<u8>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// A grading that somebody is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The round.
    pub round: RoundId,
    /// The state.
    pub state: StateCode,
    /// The provision.
    pub provision: ProvisionId,
    /// Who asks.
    pub asked_by: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn round(coders: &[&str]) -> Result<Round, String> {
        let people = coders.iter().map(|who| (*who).to_owned()).collect();
        let (state, provision) = (
            "MEX".parse().expect("a state"),
            "ICRMW-16.4".parse().expect("a provision"),
        );
        Round::open(state, provision, people, "c@x.org", at("2026-11-20T08:00:00Z"))
    }

    fn coding(round: &Round, coder: &str, grade: Option<u8>) -> Coding {
        Coding {
            id: CodingId::fresh(),
            round: round.id,
            coder: coder.to_owned(),
            grade: grade.and_then(Grade::from_number),
            reasons: "Because.".to_owned(),
            evidence: Vec::new(),
            coded_at: at("2026-11-21T08:00:00Z"),
        }
    }

    #[test]
    fn it_takes_two_different_people() {
        assert!(round(&["a", "b"]).is_ok());
        for wrong in [
            vec![],
            vec!["a"],
            vec!["a", "a"],
            vec!["a", "b", "c", "d", "e", "f", "g", "h", "i"],
        ] {
            assert!(round(&wrong).expect_err("refused").contains("2 to 8 different people"));
        }
    }

    #[test]
    fn what_the_gradings_come_to() {
        let of = |grades: &[Option<u8>]| {
            let grades: Vec<_> = grades.iter().map(|grade| grade.and_then(Grade::from_number)).collect();
            assert_eq!(
                read_pattern(&pattern(&grades)).map(|read| Outcome::of(&read)),
                Some(Outcome::of(&grades))
            );
            Outcome::of(&grades)
        };
        assert_eq!(of(&[Some(2), Some(2)]), Outcome::Agreed(Some(Grade::Partly)));
        assert_eq!(of(&[None, None]), Outcome::Agreed(None));
        assert_eq!(of(&[Some(3), Some(0), Some(2)]), Outcome::Disagreed(Some(3)));
        assert_eq!(of(&[None, Some(0)]), Outcome::Disagreed(None));
        assert_eq!(pattern(&[Some(Grade::Partly), None, Some(Grade::Contrary)]), "- 0 2");
        assert_eq!(read_pattern("1 9"), None);
    }

    #[test]
    fn nobody_sees_anothers_grading_before_all_are_in() {
        let mut open = round(&["a", "b", "c"]).expect("a round");
        let codings = [coding(&open, "a", Some(1)), coding(&open, "b", Some(3))];
        let viewers = [
            (Some("a"), true),
            (Some("b"), true),
            (Some("c"), true),
            (Some("chief"), true),
            (None, false),
        ];
        let seen = |round: &Round, codings: &[Coding], on| {
            viewers.map(|(who, may_assess)| round.visible(Viewer { who, may_assess }, codings, day(on)).len())
        };
        assert_eq!(seen(&open, &codings, "2026-11-25"), [1, 1, 0, 0, 0]);
        assert_eq!(open.outcome_of(&codings), None);

        let all = [codings[0].clone(), codings[1].clone(), coding(&open, "c", Some(2))];
        open.outcome = open.outcome_of(&all);
        assert_eq!(open.outcome, Some(Outcome::Disagreed(Some(2))));
        open.status = RoundStatus::Disagreed;
        open.completed_at = Some(at("2026-11-22T08:00:00Z"));
        assert_eq!(seen(&open, &all, "2026-11-25"), [3, 3, 3, 3, 0]);
        assert_eq!(
            seen(&open, &all, "2026-11-21"),
            [1, 1, 1, 0, 0],
            "the day before shows what was seen then"
        );

        open.status = RoundStatus::Reconciled;
        open.settled_at = Some(at("2026-11-23T08:00:00Z"));
        assert_eq!(seen(&open, &all, "2026-11-25"), [3, 3, 3, 3, 3]);
        assert_eq!(seen(&open, &all, "2026-11-22"), [3, 3, 3, 3, 0]);
        let statuses = ["2026-11-19", "2026-11-20", "2026-11-22", "2026-11-23"].map(|on| open.status_on(day(on)));
        let expected = [RoundStatus::Open, RoundStatus::Disagreed, RoundStatus::Reconciled].map(Some);
        assert_eq!((statuses[0], &statuses[1..]), (None, &expected[..]));
    }

    #[test]
    fn a_round_ended_early_keeps_what_was_handed_in_to_itself() {
        let mut round = round(&["a", "b"]).expect("a round");
        let codings = [coding(&round, "a", Some(1))];
        round.status = RoundStatus::Closed;
        round.settled_at = Some(at("2026-11-22T08:00:00Z"));
        let sees = |who| {
            round
                .visible(
                    Viewer {
                        who: Some(who),
                        may_assess: true,
                    },
                    &codings,
                    day("2026-11-25"),
                )
                .len()
        };
        assert_eq!((sees("a"), sees("b"), sees("chief")), (1, 0, 0));
    }

    #[test]
    fn each_step_is_allowed_in_its_place_only() {
        let mut round = round(&["a", "b"]).expect("a round");
        assert!(round.may_code("a").is_ok() && round.may_code("chief").is_err());
        assert_eq!(round.may_be_decided(), Err("2 gradings are not in yet".to_owned()));
        assert!(round.may_be_closed().is_ok());
        for status in [RoundStatus::Agreed, RoundStatus::Disagreed] {
            round.status = status;
            assert!(round.may_code("a").is_err() && round.may_be_decided().is_ok() && round.may_be_closed().is_ok());
        }
        for status in [RoundStatus::Reconciled, RoundStatus::Closed] {
            round.status = status;
            assert!(round.may_code("a").is_err() && round.may_be_decided().is_err() && round.may_be_closed().is_err());
        }
    }

    #[test]
    fn a_seal_covers_the_grade_and_cannot_be_guessed_from_it() {
        let round = round(&["a", "b"]).expect("a round");
        let one = coding(&round, "a", Some(1));
        assert_eq!(one.seal().expect("a seal"), one.clone().seal().expect("a seal"));
        let other = Coding {
            grade: Grade::from_number(2),
            ..one.clone()
        };
        assert_ne!(one.seal().expect("a seal"), other.seal().expect("a seal"));
        let again = Coding {
            id: CodingId::fresh(),
            ..one.clone()
        };
        assert_ne!(one.seal().expect("a seal"), again.seal().expect("a seal"));
    }
}
