//! Stored revisions of deadlines, kept in line with what the rules give.

use crate::domain::deadlines::Deadline;
use crate::domain::ids::StateCode;
use crate::domain::reminders::{Change, Revision, revise};
use crate::store::audit::{self, Entry};
use crate::store::library::Shelf;
use crate::store::subscriptions::FollowedStates;
use crate::store::{StoreError, Tx, deadlines};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::collections::BTreeSet;

/// The deadlines that the rules give now, and for which states they were computed: another state's stored revisions are
/// left as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The states they were computed for.
    pub states: BTreeSet<StateCode>,
    /// Past ones and the next of each.
    pub deadlines: Vec<Deadline>,
}

impl Known {
    /// What the rules give on that date for the states that somebody follows.
    #[must_use]
    pub fn of(shelf: &Shelf, followed: &FollowedStates, as_of: NaiveDate) -> Self {
        let all = || shelf.reference.states().map(|state| state.iso3.clone()).collect();
        let states: BTreeSet<StateCode> = match followed {
            FollowedStates::All => all(),
            FollowedStates::These(states) => states.clone(),
        };
        let deadlines = states
            .iter()
            .flat_map(|state| shelf.world.deadlines(&shelf.reference, state, as_of));
        Self {
            deadlines: deadlines.collect(),
            states,
        }
    }
}

/// Records what changed and returns the latest revision of every deadline.
///
/// # Errors
/// When the database fails.
pub async fn reconcile(tx: &Tx, now: DateTime<Utc>, actor: &str, known: &Known) -> Result<Vec<Revision>, StoreError> {
    let stored = deadlines::latest(tx).await?;
    let changes = revise(&stored, &known.deadlines, &known.states);
    if changes.is_empty() {
        return Ok(stored);
    }
    deadlines::apply(tx, &changes, now).await?;
    audit::append(tx, entry(now, actor, &changes)).await?;
    deadlines::latest(tx).await
}

/// One event for a pass: how many appeared, and by name each that moved, was received or went away.
fn entry<'a>(at: DateTime<Utc>, actor: &'a str, changes: &[Change]) -> Entry<'a> {
    let names = |wanted: fn(&Change) -> Option<&Revision>| -> Vec<String> {
        let found = changes.iter().filter_map(wanted);
        found
            .map(|one| format!("{} r{} {}", one.key, one.revision, one.due))
            .collect()
    };
    let moved = names(|change| matches!(change, Change::Record(one) if one.revision > 1).then(|| change.revision()));
    let first = changes
        .iter()
        .filter(|change| matches!(change, Change::Record(one) if one.revision == 1));
    let detail = json!({
        "new": first.count(),
        "revised": moved,
        "received": names(|change| matches!(change, Change::Close(_)).then(|| change.revision())),
        "withdrawn": names(|change| matches!(change, Change::Withdraw(_)).then(|| change.revision())),
    });
    Entry {
        at,
        actor,
        action: "deadlines.revise",
        subject: "deadlines",
        reason: None,
        detail,
    }
}
