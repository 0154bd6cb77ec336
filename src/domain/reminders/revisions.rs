//! Stored revisions of deadlines: a computed date is recorded when it first appears and whenever it changes.

use super::{DeadlineKey, Tracked, is_open};
use crate::domain::deadlines::{Certainty, Deadline};
use crate::domain::ids::StateCode;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a report is still awaited under a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was submitted or reviewed yet.
    Open,
    /// The report was received.
    Closed,
    /// The rules no longer give such a deadline.
    Withdrawn,
}

/// One stored revision of one deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its name.
    pub key: DeadlineKey,
    /// From 1.
    pub revision: i32,
    /// By when.
    pub due: NaiveDate,
    /// Why that date, with its article.
    pub basis: String,
    /// The document that set it, where one did.
    pub set_by: Option<String>,
    /// How firm the date is.
    pub certainty: Certainty,
    /// Whether the report is still awaited.
    pub standing: Standing,
}

impl Revision {
    /// As the planner sees it; nothing where the deadline was withdrawn.
    #[must_use]
    pub fn tracked(&self, interval: Option<i64>) -> Option<Tracked> {
        (self.standing != Standing::Withdrawn).then(|| Tracked {
            key: self.key.clone(),
            revision: self.revision,
            due: self.due,
            certainty: self.certainty,
            open: self.standing == Standing::Open,
            interval,
        })
    }
}

/// One change to the stored revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The current revision from now on; it supersedes the one before, where there is one.
    Record(Revision),
    /// The report was received.
    Close(Revision),
    /// The rules no longer give such a deadline.
    Withdraw(Revision),
}

impl Change {
    /// The revision it is about.
    #[must_use]
    pub fn revision(&self) -> &Revision {
        match self {
            Self::Record(one) | Self::Close(one) | Self::Withdraw(one) => one,
        }
    }
}

/// The changes that bring the stored revisions (the latest of each deadline) in line with what the rules give now, for
/// the states of `scope`; other states are left alone. A report that was already received when it was first seen needs no revision.
#[must_use]
pub fn revise(stored: &[Revision], computed: &[Deadline], scope: &BTreeSet<StateCode>) -> Vec<Change> {
    let mut wanted: BTreeMap<DeadlineKey, &Deadline> = BTreeMap::new();
    for deadline in computed.iter().filter(|deadline| scope.contains(&deadline.state)) {
        let firmer = |other: &&Deadline| (other.certainty, other.due) >= (deadline.certainty, deadline.due);
        let key = DeadlineKey::of(deadline);
        if !wanted.get(&key).is_some_and(firmer) {
            wanted.insert(key, deadline);
        }
    }
    let latest: BTreeMap<&DeadlineKey, &Revision> = stored.iter().map(|one| (&one.key, one)).collect();
    let standing = stored.iter().filter(|one| one.standing != Standing::Withdrawn);
    let gone = standing.filter(|one| scope.contains(&one.key.state) && !wanted.contains_key(&one.key));
    let mut changes: Vec<Change> = gone.map(|one| Change::Withdraw(one.clone())).collect();
    changes.extend(
        wanted
            .iter()
            .filter_map(|(key, deadline)| change(latest.get(key).copied(), deadline)),
    );
    changes
}

fn change(latest: Option<&Revision>, deadline: &Deadline) -> Option<Change> {
    let next = Revision {
        key: DeadlineKey::of(deadline),
        revision: latest.map_or(1, |latest| latest.revision + 1),
        due: deadline.due,
        basis: deadline.basis.clone(),
        set_by: deadline.set_by.clone(),
        certainty: deadline.certainty,
        standing: Standing::Open,
    };
    let current = latest.filter(|latest| latest.standing != Standing::Withdrawn);
    match (current, is_open(deadline)) {
        (None, open) => open.then_some(Change::Record(next)),
        (Some(current), false) => (current.standing == Standing::Open).then(|| Change::Close(current.clone())),
        (Some(current), true) => {
            let same = *current
                == Revision {
                    revision: current.revision,
                    ..next.clone()
                };
            (!same).then_some(Change::Record(next))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::parse_day;
    use crate::domain::deadlines::DeadlineStatus;

    fn day(text: &str) -> NaiveDate {
        parse_day(text).expect("a date")
    }

    fn computed(report: &str, due: &str, status: DeadlineStatus) -> Deadline {
        Deadline {
            state: "ALB".parse().expect("a state"),
            instrument: "ICRMW".parse().expect("an instrument"),
            report: report.to_owned(),
            due: day(due),
            basis: "one year after".to_owned(),
            set_by: None,
            status,
            days: 0,
            certainty: Certainty::Statutory,
            submitted: None,
            concluding_observations: None,
        }
    }

    fn here() -> BTreeSet<StateCode> {
        BTreeSet::from(["ALB".parse().expect("a state")])
    }

    /// What the store does with the changes.
    fn applied(stored: &[Revision], changes: &[Change]) -> Vec<Revision> {
        let mut latest: BTreeMap<DeadlineKey, Revision> =
            stored.iter().map(|one| (one.key.clone(), one.clone())).collect();
        for change in changes {
            let standing = match change {
                Change::Record(_) => Standing::Open,
                Change::Close(_) => Standing::Closed,
                Change::Withdraw(_) => Standing::Withdrawn,
            };
            let one = Revision {
                standing,
                ..change.revision().clone()
            };
            latest.insert(one.key.clone(), one);
        }
        latest.into_values().collect()
    }

    #[test]
    fn a_date_is_recorded_once_and_again_when_it_changes() {
        use DeadlineStatus::{Overdue, Reviewed, Submitted, Upcoming};
        type Step<'a> = (&'a [Deadline], &'a [(i32, Standing)]);
        let steps: [Step<'_>; 7] = [
            (&[computed("initial", "2026-12-23", Upcoming)], &[(1, Standing::Open)]),
            (&[computed("initial", "2026-12-23", Overdue)], &[(1, Standing::Open)]),
            (&[computed("initial", "2027-01-31", Upcoming)], &[(2, Standing::Open)]),
            (
                &[computed("initial", "2027-01-31", Submitted)],
                &[(2, Standing::Closed)],
            ),
            (&[computed("initial", "2027-01-31", Upcoming)], &[(3, Standing::Open)]),
            (&[], &[(3, Standing::Withdrawn)]),
            (&[computed("initial", "2027-01-31", Upcoming)], &[(4, Standing::Open)]),
        ];
        let mut stored = Vec::new();
        for (deadlines, expected) in steps {
            stored = applied(&stored, &revise(&stored, deadlines, &here()));
            let found: Vec<_> = stored.iter().map(|one| (one.revision, one.standing)).collect();
            assert_eq!(found, expected);
            assert!(
                revise(&stored, deadlines, &here()).is_empty(),
                "a second look changes nothing"
            );
        }
        let past = [computed("periodic 2", "2019-01-01", Reviewed)];
        assert!(
            revise(&[], &past, &here()).is_empty(),
            "what was done before we looked needs no revision"
        );
    }

    #[test]
    fn other_states_are_left_alone_and_of_two_dates_the_firmer_counts() {
        let stored = applied(
            &[],
            &revise(&[], &[computed("initial", "2026-12-23", DeadlineStatus::Due)], &here()),
        );
        assert!(
            revise(&stored, &[], &BTreeSet::new()).is_empty(),
            "nobody follows the state now"
        );
        let set = Deadline {
            certainty: Certainty::Set,
            ..computed("initial", "2026-06-01", DeadlineStatus::Due)
        };
        let both = [computed("initial", "2026-12-23", DeadlineStatus::Due), set];
        for order in [both.clone(), [both[1].clone(), both[0].clone()]] {
            let changes = revise(&[], &order, &here());
            assert_eq!(changes.len(), 1);
            assert_eq!(changes[0].revision().due, day("2026-06-01"));
        }
    }
}
