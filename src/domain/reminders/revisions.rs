//! Stored revisions of deadlines: a computed date is recorded when it first appears and whenever it changes.

use super::{DeadlineKey, Tracked, is_open};
use crate::domain::deadlines::{Certainty, Deadline};
use crate::domain::ids::StateCode;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Nothing was submitted or reviewed yet.
    pub open: bool,
}

impl Revision {
    /// As the planner sees it.
    #[must_use]
    pub fn tracked(&self, interval: Option<i64>) -> Tracked {
        let Self { key, revision, due, certainty, open, .. } = self;
        Tracked { key: key.clone(), revision: *revision, due: *due, certainty: *certainty, open: *open, interval }
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

/// The changes that bring the stored revisions in line with what the rules give now, for the states of `scope`; other
/// states are left alone. A report that was already received when it was first seen needs no revision.
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
    let current: BTreeMap<&DeadlineKey, &Revision> = stored.iter().map(|one| (&one.key, one)).collect();
    let gone = stored.iter().filter(|one| scope.contains(&one.key.state) && !wanted.contains_key(&one.key));
    let mut changes: Vec<Change> = gone.map(|one| Change::Withdraw(one.clone())).collect();
    changes.extend(wanted.iter().filter_map(|(key, deadline)| change(current.get(key).copied(), deadline)));
    changes
}

fn change(current: Option<&Revision>, deadline: &Deadline) -> Option<Change> {
    let open = is_open(deadline);
    let Some(current) = current else {
        return open.then(|| Change::Record(revision(1, deadline)));
    };
    if !open {
        return current.open.then(|| Change::Close(Revision { open: false, ..current.clone() }));
    }
    let next = revision(current.revision + 1, deadline);
    let same = Revision { revision: current.revision, ..next.clone() } == *current;
    (!same).then_some(Change::Record(next))
}

fn revision(revision: i32, deadline: &Deadline) -> Revision {
    Revision {
        key: DeadlineKey::of(deadline),
        revision,
        due: deadline.due,
        basis: deadline.basis.clone(),
        set_by: deadline.set_by.clone(),
        certainty: deadline.certainty,
        open: true,
    }
}
