//! Claimed rows, one after the other: still due? → send → settle. No transaction is open while a message travels.

use super::passes::{Moment, PassError, Worker};
use crate::actions::reminders::{claim, free_lost, local_date, ready, settle};
use crate::domain::reference::Reference;
use crate::domain::reminders::{Claim, Failure, FailureKind, Revision, Settlement, Verdict};
use crate::domain::users::User;
use crate::mail::ReminderMail;
use chrono::Duration;
use tokio::sync::watch;

/// After so many failures of the mail service in a row the pass ends: the rest would meet the same.
const FAILURES_IN_A_ROW: usize = 3;

/// What became of the rows of one pass.
#[derive(Debug, Clone, Default)]
pub(super) struct Sending {
    pub(super) sent: usize,
    pub(super) retried: usize,
    pub(super) dead: usize,
    pub(super) cancelled: usize,
    pub(super) problem: Option<String>,
}

/// Sends whatever waits, until nothing does, the service fails, or `stop` says so.
pub(super) async fn send_waiting(
    worker: &Worker,
    names: &Reference,
    moment: Moment,
    stop: &watch::Receiver<bool>,
) -> Result<Sending, PassError> {
    let mut counts = Sending::default();
    let mut failures = 0;
    while !*stop.borrow() && failures < FAILURES_IN_A_ROW {
        let (holder, lease) = (worker.holder.as_str(), lease(worker));
        let Some(claim) = claim(&worker.db, moment.now(), holder, lease).await? else {
            break;
        };
        let (settlement, service_failed) = attempt(worker, names, moment, &claim).await?;
        failures = if service_failed { failures + 1 } else { 0 };
        if settle(&worker.db, moment.now(), &worker.actor, &claim, &settlement).await? {
            counts.add(settlement);
        } else {
            tracing::warn!(reminder = %claim.entry.id, "the lease ended before the answer came; reminders.lease_seconds is too short");
        }
    }
    Ok(counts)
}

impl Sending {
    fn add(&mut self, settlement: Settlement) {
        match settlement {
            Settlement::Sent => self.sent += 1,
            Settlement::Cancelled(_) => self.cancelled += 1,
            Settlement::Retry { error, .. } => {
                self.retried += 1;
                self.problem = Some(error);
            }
            Settlement::Dead { error } => {
                self.dead += 1;
                self.problem = Some(error);
            }
        }
    }
}

/// Frees the rows of workers that died: those whose lease has ended, and at once those of processes that are known here
/// to be gone.
pub(super) async fn free_lost_rows(worker: &Worker, moment: Moment) -> Result<(), PassError> {
    let is_dead = |holder: &str| worker.holder.knows_dead(holder);
    let freed = free_lost(&worker.db, moment.now(), &worker.actor, is_dead).await?;
    if freed > 0 {
        tracing::warn!(
            freed,
            "a worker stopped before it could note what became of a message: it is sent once more"
        );
    }
    Ok(())
}

/// One attempt. The second value: whether the mail service itself failed.
async fn attempt(
    worker: &Worker,
    names: &Reference,
    moment: Moment,
    claim: &Claim,
) -> Result<(Settlement, bool), PassError> {
    let now = moment.now();
    let (user, revision) = match ready(&worker.db, now, claim).await? {
        Ok(found) => found,
        Err(reason) => return Ok((Settlement::Cancelled(reason), false)),
    };
    let mail = message(claim, user, revision, moment);
    let Err(failure) = worker.mailer.send(&mail, names, now).await else {
        return Ok((Settlement::Sent, false));
    };
    report(claim, &failure);
    let entry = &claim.entry;
    let verdict = failure.verdict(
        entry.attempts,
        worker.settings.attempts,
        &entry.message_id,
        moment.now(),
    );
    let settlement = match verdict {
        Verdict::RetryAt(at) => Settlement::Retry { at, error: failure.why },
        Verdict::Dead => Settlement::Dead { error: failure.why },
    };
    Ok((settlement, failure.kind == FailureKind::Service))
}

fn message(claim: &Claim, to: User, revision: Revision, moment: Moment) -> ReminderMail {
    let today = local_date(&to.time_zone, moment.now());
    ReminderMail {
        to,
        revision,
        today,
        message_id: claim.entry.message_id.clone(),
    }
}

fn report(claim: &Claim, failure: &Failure) {
    let reminder = claim.entry.id;
    if failure.kind == FailureKind::Service {
        tracing::error!(%reminder, why = %failure, "mail cannot be sent: an administrator must look at it");
    } else {
        tracing::warn!(%reminder, why = %failure, "a reminder could not be sent");
    }
}

/// A lease outlives the longest wait for an answer, whatever the settings say: nobody else may send in the meantime.
fn lease(worker: &Worker) -> Duration {
    let longest = worker
        .mailer
        .longest_wait()
        .and_then(|wait| Duration::from_std(wait).ok());
    let least = longest.map_or(Duration::zero(), |wait| wait + Duration::seconds(5));
    worker.settings.lease.max(least)
}
