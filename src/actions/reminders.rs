//! The ledger of reminders: planned, settled, given another try.

use super::deadlines::{Known, reconcile};
use crate::domain::ids::ReminderId;
use crate::domain::reminders::{
    CancelReason, Claim, Decision, Follower, Follows, LedgerEntry, ReminderStatus, Revision, Settlement, Tracked,
    World, intervals, plan as decide, still_due,
};
use crate::domain::users::User;
use crate::store::audit::{self, Entry};
use crate::store::{Db, StoreError, Tx, deadlines, reminders, subscriptions};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};

/// How one pass plans.
#[derive(Debug, Clone, Copy)]
pub struct Planning<'a> {
    /// Who plans: `worker` or `cli`.
    pub actor: &'a str,
    /// Days before (negative) and after a due date.
    pub offsets: &'a [i32],
    /// What Message-IDs end with.
    pub host: &'a str,
}

/// What one pass of the planner changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// Rows to be sent.
    pub planned: usize,
    /// Rows that a nearer one replaced.
    pub superseded: usize,
    /// Rows that are no longer called for.
    pub cancelled: usize,
}

/// Why a reminder was not given another try.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// There is none.
    #[error("there is no such reminder")]
    Unknown,
    /// Only what was given up can be tried again.
    #[error("this reminder is {0}; only one that was given up can be tried again")]
    NotDead(ReminderStatus),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records new dates and brings the ledger up to date, in one transaction.
///
/// # Errors
/// When the database fails; nothing is kept then.
pub async fn plan(db: &Db, now: DateTime<Utc>, how: Planning<'_>, known: &Known) -> Result<Planned, StoreError> {
    let tx = db.begin().await?;
    let planned = plan_in(&tx, now, how, known).await?;
    tx.commit().await?;
    Ok(planned)
}

/// What [`plan`] would change and what would be sent after it. Nothing is kept.
///
/// # Errors
/// When the database fails.
pub async fn rehearse(
    db: &Db,
    now: DateTime<Utc>,
    how: Planning<'_>,
    known: &Known,
) -> Result<(Planned, Vec<LedgerEntry>), StoreError> {
    let tx = db.begin().await?;
    reminders::end_leases(&tx, now).await?;
    let planned = plan_in(&tx, now, how, known).await?;
    let waiting = reminders::waiting_now(&tx, now).await?;
    tx.roll_back().await?;
    Ok((planned, waiting))
}

async fn plan_in(tx: &Tx, now: DateTime<Utc>, how: Planning<'_>, known: &Known) -> Result<Planned, StoreError> {
    reminders::lock_planning(tx).await?;
    let revisions = reconcile(tx, now, how.actor, known).await?;
    let intervals = intervals(&known.deadlines);
    let tracked: Vec<Tracked> = revisions
        .iter()
        .filter_map(|revision| revision.tracked(intervals.get(&revision.key).copied()))
        .collect();
    let people = subscriptions::followers(tx).await?;
    let followers: Vec<Follower> = people
        .into_iter()
        .map(|(user, follows)| follower(&user, follows, now))
        .collect();
    let (from, to) = window(how.offsets, now.date_naive());
    let ledger = reminders::relevant(tx, from, to).await?;
    let world = World {
        deadlines: &tracked,
        offsets: how.offsets,
        followers: &followers,
        ledger: &ledger,
    };
    let decisions = decide(world);
    reminders::apply(tx, &decisions, how.host, now).await?;
    let planned = counts(&decisions);
    if !decisions.is_empty() {
        let detail = json!(planned);
        let entry = Entry {
            at: now,
            actor: how.actor,
            action: "reminders.plan",
            subject: "ledger",
            reason: None,
            detail,
        };
        audit::append(tx, entry).await?;
    }
    Ok(planned)
}

/// The due dates about which a reminder can be called for, with room for every time zone.
fn window(offsets: &[i32], today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let days = |offset: Option<&i32>| Days::new(u64::from(offset.copied().unwrap_or(0).unsigned_abs()) + 40);
    let (first, last) = (offsets.iter().min(), offsets.iter().max());
    let from = today.checked_sub_days(days(last)).unwrap_or(NaiveDate::MIN);
    let to = today.checked_add_days(days(first)).unwrap_or(NaiveDate::MAX);
    (from, to)
}

fn counts(decisions: &[Decision]) -> Planned {
    let mut planned = Planned::default();
    for decision in decisions {
        match decision {
            Decision::Plan { .. } | Decision::Revive { .. } => planned.planned += 1,
            Decision::RecordSuperseded { .. } | Decision::Supersede { .. } => planned.superseded += 1,
            Decision::Cancel { .. } => planned.cancelled += 1,
        }
    }
    planned
}

fn follower(user: &User, follows: Vec<Follows>, now: DateTime<Utc>) -> Follower {
    Follower {
        user: user.id,
        active: user.active,
        today: local_date(&user.time_zone, now),
        follows,
    }
}

/// The date in that zone of the IANA database; in UTC where the zone is not known.
#[must_use]
pub fn local_date(zone: &str, now: DateTime<Utc>) -> NaiveDate {
    let zone: chrono_tz::Tz = zone.parse().unwrap_or_default();
    now.with_timezone(&zone).date_naive()
}

/// Takes the next row that may be sent. No audit event: the row itself names its holder, and [`settle`] tells what became
/// of it.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, now: DateTime<Utc>, holder: &str, lease: Duration) -> Result<Option<Claim>, StoreError> {
    reminders::claim(db, holder, now, lease).await
}

/// Frees the rows of workers that died: those whose lease has ended, and at once those of holders known to be dead. Their
/// messages may have gone; each is sent once more. Returns how many.
///
/// # Errors
/// When the database fails.
pub async fn free_lost(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    is_dead: impl Fn(&str) -> bool,
) -> Result<u64, StoreError> {
    let tx = db.begin().await?;
    let mut freed = reminders::end_leases(&tx, now).await?;
    for holder in reminders::holders(&tx).await? {
        if is_dead(&holder) {
            freed += reminders::release(&tx, &holder, now).await?;
        }
    }
    if freed > 0 {
        let detail = json!({ "rows": freed });
        let action = "reminders.free";
        audit::append(
            &tx,
            Entry {
                at: now,
                actor,
                action,
                subject: "ledger",
                reason: None,
                detail,
            },
        )
        .await?;
    }
    tx.commit().await?;
    Ok(freed)
}

/// To whom and about what a claimed row speaks, asked just before it is sent.
///
/// # Errors
/// When the database fails. The inner error says why the row is no longer called for.
pub async fn ready(
    db: &Db,
    now: DateTime<Utc>,
    claim: &Claim,
) -> Result<Result<(User, Revision), CancelReason>, StoreError> {
    let key = &claim.entry.key;
    let revision = deadlines::find_current(db, &key.deadline).await?;
    let person = subscriptions::follower(db, key.recipient).await?;
    let tracked = revision.as_ref().and_then(|revision| revision.tracked(None));
    let follower = person
        .as_ref()
        .map(|(user, follows)| follower(user, follows.clone(), now));
    if let Err(reason) = still_due(key, tracked.as_ref(), follower.as_ref()) {
        return Ok(Err(reason));
    }
    let found = revision.zip(person).map(|(revision, (user, _))| (user, revision));
    Ok(found.ok_or(CancelReason::DeadlineGone))
}

/// Writes what became of a claimed row. `false`: the lease had ended and another worker has the row.
///
/// # Errors
/// When the database fails; the row is then sent once more when its lease ends.
pub async fn settle(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    claim: &Claim,
    settlement: &Settlement,
) -> Result<bool, StoreError> {
    let tx = db.begin().await?;
    if !reminders::settle(&tx, claim, settlement, now).await? {
        return Ok(false);
    }
    let (action, outcome) = match settlement {
        Settlement::Sent => ("reminder.sent", Value::Null),
        Settlement::Retry { at, error } => ("reminder.retry", json!({ "at": at, "error": error })),
        Settlement::Dead { error } => ("reminder.dead", json!({ "error": error })),
        Settlement::Cancelled(reason) => ("reminder.cancelled", json!({ "reason": reason })),
    };
    let subject = claim.entry.key.deadline.to_string();
    let detail = about(&claim.entry, outcome);
    audit::append(
        &tx,
        Entry {
            at: now,
            actor,
            action,
            subject: &subject,
            reason: None,
            detail,
        },
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Gives a reminder that was given up another round of attempts, for a reason that a person states.
///
/// # Errors
/// When there is none, or it was not given up.
pub async fn retry(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    id: ReminderId,
    reason: &str,
) -> Result<LedgerEntry, RetryError> {
    let tx = db.begin().await?;
    let entry = reminders::find(&tx, id).await?.ok_or(RetryError::Unknown)?;
    if entry.status != ReminderStatus::Dead {
        return Err(RetryError::NotDead(entry.status));
    }
    reminders::revive(&tx, id, now).await?;
    let subject = entry.key.deadline.to_string();
    let detail = about(&entry, Value::Null);
    let event = Entry {
        at: now,
        actor,
        action: "reminder.revive",
        subject: &subject,
        reason: Some(reason),
        detail,
    };
    audit::append(&tx, event).await?;
    tx.commit().await?;
    Ok(entry)
}

fn about(entry: &LedgerEntry, outcome: Value) -> Value {
    json!({
        "reminder": entry.id,
        "recipient": entry.key.recipient,
        "offset": entry.key.offset,
        "attempt": entry.attempts,
        "message_id": entry.message_id,
        "outcome": outcome,
    })
}
