//! A row of the ledger with its history, as pages and workers see it.

use super::{CancelReason, Follows, ReminderKey, ReminderStatus};
use crate::domain::ids::{ReminderId, SubscriptionId, UserId};
use chrono::{DateTime, NaiveDate, Utc};

/// What one person follows, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Which.
    pub id: SubscriptionId,
    /// Who.
    pub user: UserId,
    /// What.
    pub follows: Follows,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// One row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Which.
    pub id: ReminderId,
    /// Its key.
    pub key: ReminderKey,
    /// The due date it speaks of.
    pub due: NaiveDate,
    /// Where it stands.
    pub status: ReminderStatus,
    /// Attempts so far.
    pub attempts: u32,
    /// Until when a worker holds it.
    pub lease_until: Option<DateTime<Utc>>,
    /// When the next attempt comes.
    pub next_try_at: Option<DateTime<Utc>>,
    /// What the last failed attempt met.
    pub last_error: Option<String>,
    /// Why it was cancelled (a [`CancelReason`]) or the offset that superseded it.
    pub reason: Option<String>,
    /// Its Message-ID without the angle brackets.
    pub message_id: String,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
    /// When it was sent, given up, cancelled or superseded.
    pub settled_at: Option<DateTime<Utc>>,
}

impl LedgerEntry {
    /// Why the row stands where it stands, as a sentence.
    #[must_use]
    pub fn why(&self) -> Option<String> {
        let reason = self.reason.as_deref();
        match self.status {
            ReminderStatus::Superseded => reason.map(|by| format!("the reminder at {by} days took its place")),
            ReminderStatus::Cancelled => reason
                .and_then(CancelReason::from_word)
                .map(|reason| reason.sentence().to_owned()),
            ReminderStatus::Uncertain => {
                Some("a worker stopped before it could note the answer; it is sent once more".to_owned())
            }
            _ => self.last_error.clone(),
        }
    }
}

/// A row that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The row, with this attempt counted.
    pub entry: LedgerEntry,
    /// Who holds it.
    pub holder: String,
    /// An earlier attempt may have gone through.
    pub is_repeat: bool,
}

/// What became of a row that a worker held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The mail server took it.
    Sent,
    /// It failed and is tried again.
    Retry {
        /// When.
        at: DateTime<Utc>,
        /// What it met.
        error: String,
    },
    /// It is given up.
    Dead {
        /// What it met.
        error: String,
    },
    /// It is no longer called for.
    Cancelled(CancelReason),
}
