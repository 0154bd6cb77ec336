//! Where every obligation of a state stands, as rows that are kept: the queues of the desk ask them for the whole world.
//! A row says nothing new. It is what [`StatePicture`](super::summaries::StatePicture) shows, written down so that it can
//! be counted, and superseded when it changes, so that the desk of an earlier day can be read.

use super::assessments::Grade;
use super::gaps::Standing;
use super::ids::{InstrumentCode, ProvisionId, StandingId, StateCode, ThemeCode};
use super::summaries::ObligationPicture;
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use std::collections::{HashMap, HashSet};

/// Where one obligation of a state stands, and what may be left to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptStanding {
    /// The state.
    pub state: StateCode,
    /// The provision.
    pub provision: ProvisionId,
    /// Its instrument.
    pub instrument: InstrumentCode,
    /// Its theme.
    pub theme: ThemeCode,
    /// Whether it can be graded.
    pub gradable: bool,
    /// Where it stands.
    pub standing: Standing,
    /// What the evidence suggests.
    pub suggested: Option<Grade>,
    /// Sum of weights in tenths. Weights fade from day to day; finer steps would replace every row every day.
    pub strength: i32,
    /// Pieces of evidence that serve it.
    pub evidence: i32,
    /// The date of the newest of them.
    pub newest_fact: Option<NaiveDate>,
    /// When one of them was last accepted.
    pub newest_accepted_at: Option<DateTime<Utc>>,
    /// When a person last decided.
    pub assessed_at: Option<DateTime<Utc>>,
}

impl KeptStanding {
    /// The row of one obligation.
    #[must_use]
    pub fn of(state: &StateCode, picture: &ObligationPicture<'_>) -> Self {
        let (provision, suggestion) = (picture.obligation.provision, &picture.suggestion);
        let dates = picture.evidence.iter().filter_map(|item| item.evidence.date());
        let accepted = picture.evidence.iter().filter_map(|item| item.accepted_at);
        #[expect(clippy::cast_possible_truncation, reason = "a sum of weights is small")]
        let strength = (suggestion.strength * 10.0).round() as i32;
        Self {
            state: state.clone(),
            provision: provision.id.clone(),
            instrument: picture.obligation.instrument.code.clone(),
            theme: provision.theme.clone(),
            gradable: picture.obligation.is_gradable(),
            standing: picture.standing,
            suggested: suggestion.grade,
            strength,
            evidence: i32::try_from(picture.evidence.len()).unwrap_or(i32::MAX),
            newest_fact: dates.map(super::dates::PartialDate::latest).max(),
            newest_accepted_at: accepted.max().map(in_microseconds),
            assessed_at: picture.assessment.map(|decided| in_microseconds(decided.recorded_at)),
        }
    }

    /// Whether somebody has to grade it: there is evidence, and nobody has decided since it was accepted.
    #[must_use]
    pub fn waits(&self) -> bool {
        let newer = match (self.newest_accepted_at, self.assessed_at) {
            (Some(accepted), Some(decided)) => accepted > decided,
            (accepted, None) => accepted.is_some(),
            (None, Some(_)) => false,
        };
        self.gradable && newer
    }

    /// Whether both sides are strong and nobody has decided between them.
    #[must_use]
    pub fn disputed(&self) -> bool {
        self.standing.contested && self.waits()
    }

    /// The day since which nothing newer is known, where something is: of the newest evidence, else of the decision.
    #[must_use]
    pub fn aged_from(&self) -> Option<NaiveDate> {
        let decided = self.assessed_at.map(|at| at.date_naive());
        self.newest_fact.or(decided).filter(|_| self.gradable)
    }
}

/// As exact as every database keeps it.
fn in_microseconds(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// What has to be written so that the kept rows are as they should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that no longer hold.
    pub gone: Vec<StandingId>,
    /// Rows that hold from now on.
    pub new: Vec<KeptStanding>,
}

/// Compares the rows that are kept with those that should be. What did not change is left alone.
#[must_use]
pub fn changes(held: &[(StandingId, KeptStanding)], now: Vec<KeptStanding>) -> Changes {
    let old: HashMap<_, _> = held
        .iter()
        .map(|(id, row)| ((&row.state, &row.provision), (*id, row)))
        .collect();
    let mut kept = HashSet::new();
    let mut new = Vec::new();
    for row in now {
        match old.get(&(&row.state, &row.provision)) {
            Some((id, before)) if **before == row => {
                kept.insert(*id);
            }
            _ => new.push(row),
        }
    }
    let gone = held.iter().map(|(id, _)| *id).filter(|id| !kept.contains(id)).collect();
    Changes { gone, new }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::gaps::Basis;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn row(
        provision: u8,
        grade: Option<u8>,
        evidence: i32,
        accepted: Option<i64>,
        decided: Option<i64>,
    ) -> KeptStanding {
        let moment = |seconds: i64| DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a moment");
        KeptStanding {
            state: "MEX".parse().expect("a state"),
            provision: format!("ICRMW-{provision}").parse().expect("a provision"),
            instrument: "ICRMW".parse().expect("an instrument"),
            theme: "T08".parse().expect("a theme"),
            gradable: !provision.is_multiple_of(4),
            standing: Standing {
                grade: grade.and_then(Grade::from_number),
                basis: Basis::Suggested,
                contested: evidence % 2 == 1,
            },
            suggested: None,
            strength: evidence * 3,
            evidence,
            newest_fact: accepted.map(|at| moment(at).date_naive()),
            newest_accepted_at: accepted.map(moment),
            assessed_at: decided.map(moment),
        }
    }

    fn rows() -> impl Strategy<Value = Vec<KeptStanding>> {
        let one = (
            0..5_u8,
            proptest::option::of(0..5_u8),
            0..3_i32,
            proptest::option::of(0..3_i64),
        );
        proptest::collection::vec(one, 0..12).prop_map(|all| {
            let unique: BTreeMap<u8, KeptStanding> = all
                .into_iter()
                .map(|(p, grade, count, at)| (p, row(p, grade, count, at, None)))
                .collect();
            unique.into_values().collect()
        })
    }

    proptest! {
        #[test]
        fn writing_the_changes_gives_what_computing_anew_gives(before in rows(), now in rows()) {
            let held: Vec<_> = before.into_iter().map(|row| (StandingId::fresh(), row)).collect();
            let changes = changes(&held, now.clone());
            let mut after: Vec<KeptStanding> = held.iter().filter(|(id, _)| !changes.gone.contains(id))
                .map(|(_, row)| row.clone()).chain(changes.new.clone()).collect();
            after.sort_by(|a, b| a.provision.cmp(&b.provision));
            let mut wanted = now.clone();
            wanted.sort_by(|a, b| a.provision.cmp(&b.provision));
            prop_assert_eq!(&after, &wanted);
            let untouched = held.iter().filter(|(_, row)| now.contains(row)).count();
            prop_assert_eq!(changes.gone.len(), held.len() - untouched, "what did not change was written again");
        }
    }

    #[test]
    fn a_decision_ends_the_wait_until_there_is_newer_evidence() {
        assert!(!row(1, None, 0, None, None).waits(), "nothing to grade by");
        assert!(row(1, Some(2), 1, Some(5), None).waits());
        assert!(!row(1, Some(2), 1, Some(5), Some(5)).waits());
        assert!(row(1, Some(2), 1, Some(9), Some(5)).waits());
        assert!(!row(4, Some(2), 1, Some(5), None).waits(), "it cannot be graded");
        assert!(row(1, Some(2), 1, Some(5), None).disputed());
        assert!(
            !row(1, Some(2), 1, Some(5), Some(6)).disputed(),
            "somebody has decided between both sides"
        );
    }

    #[test]
    fn what_was_never_known_is_not_stale() {
        assert_eq!(row(1, None, 0, None, None).aged_from(), None);
        let decided = row(1, Some(2), 0, None, Some(0));
        assert_eq!(decided.aged_from(), decided.assessed_at.map(|at| at.date_naive()));
        assert_eq!(row(4, Some(2), 1, Some(5), None).aged_from(), None);
    }
}
