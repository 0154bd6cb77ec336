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
