//! The pass and the loop.

use super::holder::Holder;
use super::sending::{free_lost_rows, send_waiting};
use crate::actions::deadlines::Known;
use crate::actions::reminders::{self, Planned, Planning};
use crate::actions::standings;
use crate::clock::Clock;
use crate::config::ReminderSettings;
use crate::domain::reference::Reference;
use crate::mail::Mailer;
use crate::store::library::{Library, Shelf};
use crate::store::{Db, StoreError, subscriptions};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::Serialize;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;

/// Why a pass ended early. What was not sent waits for the next.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a worker works with.
#[derive(Debug, Clone)]
pub struct Worker {
    /// The database.
    pub db: Db,
    /// Reference data and facts.
    pub library: Arc<Library>,
    /// The way out.
    pub mailer: Arc<Mailer>,
    /// Offsets, leases, attempts.
    pub settings: ReminderSettings,
    /// Who holds the rows that it sends.
    pub holder: Holder,
    /// Who the audit events name: `worker` or `cli`.
    pub actor: String,
}

/// What one pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Reminders that the plan added.
    pub planned: usize,
    /// Messages that the mail server took.
    pub sent: usize,
    /// Attempts that failed and come again.
    pub retried: usize,
    /// Reminders that were given up.
    pub dead: usize,
    /// Reminders that are no longer called for.
    pub cancelled: usize,
    /// Reminders that a nearer one replaced.
    pub superseded: usize,
    /// What the last attempt met that failed, with the next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Summary {
    /// Whether the pass had nothing to do.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        *self == Self::default()
    }
}

/// The moment of a pass that may take a while: what it was asked to take for now, and the time since.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    start: DateTime<Utc>,
    began: Instant,
}

impl Moment {
    pub(super) fn starting(now: DateTime<Utc>) -> Self {
        Self {
            start: now,
            began: Instant::now(),
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        let elapsed = TimeDelta::from_std(self.began.elapsed()).unwrap_or_default();
        let now = self.start + elapsed;
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }
}

impl Worker {
    pub(super) fn planning(&self) -> Planning<'_> {
        Planning {
            actor: &self.actor,
            offsets: &self.settings.offsets,
            host: self.mailer.host(),
        }
    }

    /// What the rules give on that day for the states that somebody follows, and what things are called.
    pub(super) async fn known(&self, now: DateTime<Utc>) -> Result<(Known, Arc<Shelf>), StoreError> {
        let shelf = self.library.shelf(&self.db).await?;
        let followed = subscriptions::followed_states(&self.db).await?;
        Ok((Known::of(&shelf, &followed, now.date_naive()), shelf))
    }
}

/// One pass at that moment: dates recorded, ledger planned, everything that waits sent.
///
/// # Errors
/// When the database fails. Messages that could not be sent are no error of the pass: their rows say so.
pub async fn run_once(worker: &Worker, now: DateTime<Utc>) -> Result<Summary, PassError> {
    pass(worker, now, &never()).await
}

/// One pass with these deadlines; it ends between two messages when `stop` says so.
///
/// # Errors
/// When the database fails.
pub async fn run_with(
    worker: &Worker,
    known: &Known,
    names: &Reference,
    now: DateTime<Utc>,
    stop: &watch::Receiver<bool>,
) -> Result<Summary, PassError> {
    let moment = Moment::starting(now);
    free_lost_rows(worker, moment).await?;
    let Planned {
        planned,
        superseded,
        cancelled,
    } = reminders::plan(&worker.db, now, worker.planning(), known).await?;
    let sending = send_waiting(worker, names, moment, stop).await?;
    Ok(Summary {
        planned,
        sent: sending.sent,
        retried: sending.retried,
        dead: sending.dead,
        cancelled: cancelled + sending.cancelled,
        superseded,
        problem: sending.problem,
    })
}

/// Passes at the pace of the settings until `stop` says so. A pass that fails is logged and the next one tries again.
pub async fn run(worker: Worker, clock: Clock, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match pass(&worker, clock.now(), &stop).await {
            Ok(summary) if summary.is_quiet() => tracing::debug!("nothing to remind of"),
            Ok(summary) => tracing::info!(?summary, "reminders"),
            Err(error) => tracing::error!(%error, "the reminders' pass failed; the next one tries again"),
        }
        tokio::select! {
            () = keep_standings(&worker, clock.now()) => {}
            // What was computed of a state half-way is not kept; the next pass finds its mark again. Gone on from here, the
            // news would be spent, and the sleep below would last its whole time.
            _ = stop.changed() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(worker.settings.every) => {}
            // An error means that nobody is left who could say stop: the program is ending.
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

async fn pass(worker: &Worker, now: DateTime<Utc>, stop: &watch::Receiver<bool>) -> Result<Summary, PassError> {
    let (known, shelf) = worker.known(now).await?;
    run_with(worker, &known, &shelf.reference, now, stop).await
}

/// Keeps what the desk counts up to date: seconds on the first pass of a day, nearly nothing on the others.
async fn keep_standings(worker: &Worker, now: DateTime<Utc>) {
    let kept = match worker.library.shelf(&worker.db).await {
        Ok(shelf) => standings::pass(&worker.db, &shelf, now).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(states) => tracing::debug!(states, "standings are up to date"),
        Err(error) => tracing::error!(%error, "the standings could not be kept up to date; the next pass tries again"),
    }
}

/// A signal that never comes.
fn never() -> watch::Receiver<bool> {
    watch::channel(false).1
}
