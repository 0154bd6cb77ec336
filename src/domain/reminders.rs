//! Reminders: what is planned, for whom, on which day, and what becomes of it.
//!
//! Three things are kept apart: a *deadline* with its revision, the *offsets* (days before and after a due date) and one
//! *ledger row* for each message. [`plan`] decides what the ledger should hold; [`Failure::verdict`] decides what follows
//! from a failed attempt. Neither reads a clock or a database.

mod ledger;
mod plan;
mod revisions;
mod sending;

pub use ledger::{Claim, LedgerEntry, Settlement, Subscription};
pub use plan::{Decision, World, plan, still_due};
pub use revisions::{Change, Revision, Standing, revise};
pub use sending::{Failure, FailureKind, Verdict, back_off};

use super::audit::digest;
use super::deadlines::{Certainty, Deadline, DeadlineStatus};
use super::ids::{InstrumentCode, ReminderId, StateCode, UserId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What a deadline is called: one report that one state owes under one instrument.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeadlineKey {
    /// Who owes it.
    pub state: StateCode,
    /// Under which instrument.
    pub instrument: InstrumentCode,
    /// `initial`, `periodic 2`, …
    pub report: String,
}

impl DeadlineKey {
    /// The name of a deadline.
    #[must_use]
    pub fn of(deadline: &Deadline) -> Self {
        Self {
            state: deadline.state.clone(),
            instrument: deadline.instrument.clone(),
            report: deadline.report.clone(),
        }
    }
}

impl fmt::Display for DeadlineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.state, self.instrument, self.report)
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every one there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word used in tables, files and answers.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The one that word stands for.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words!(
    /// How a reminder reaches somebody.
    Channel {
        /// An e-mail message.
        Email = "email",
    }
);

words!(
    /// Where a ledger row stands.
    ReminderStatus {
        /// To be sent by the next pass.
        Planned = "planned",
        /// A worker holds it, until its lease ends.
        Claimed = "claimed",
        /// An attempt failed; the next has its time.
        Retry = "retry",
        /// A worker died holding it: the message may have gone. It is sent once more with the same Message-ID.
        Uncertain = "uncertain",
        /// The mail server took it.
        Sent = "sent",
        /// Given up; the administrator sees why.
        Dead = "dead",
        /// No longer called for; the row says why.
        Cancelled = "cancelled",
        /// A nearer reminder took its place.
        Superseded = "superseded",
    }
);

impl ReminderStatus {
    /// Whether it waits to be sent and nobody holds it.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Planned | Self::Retry | Self::Uncertain)
    }

    /// Whether nothing will happen to it any more by itself.
    #[must_use]
    pub fn is_settled(self) -> bool {
        !self.is_waiting() && self != Self::Claimed
    }
}

words!(
    /// Why a reminder is no longer called for.
    CancelReason {
        /// The report was submitted or reviewed.
        ReportReceived = "report_received",
        /// The due date has a newer revision.
        DateRevised = "date_revised",
        /// The rules no longer give such a deadline.
        DeadlineGone = "deadline_gone",
        /// The date is only an indication.
        DateNotFirm = "date_not_firm",
        /// The recipient follows neither the state nor the instrument any more.
        Unsubscribed = "unsubscribed",
        /// The recipient's account is closed.
        AccountClosed = "account_closed",
        /// It could not be sent while it was useful.
        TooLate = "too_late",
    }
);

impl CancelReason {
    /// The reason as a sentence for the ledger.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ReportReceived => "the report was received",
            Self::DateRevised => "the deadline was revised",
            Self::DeadlineGone => "there is no such deadline any more",
            Self::DateNotFirm => "the date is only an indication",
            Self::Unsubscribed => "the recipient no longer follows it",
            Self::AccountClosed => "the recipient's account is closed",
            Self::TooLate => "it could not be sent while it was useful",
        }
    }
}

/// The key of the ledger: one message about one revision of one deadline at one offset to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReminderKey {
    /// The deadline.
    pub deadline: DeadlineKey,
    /// Its revision, from 1.
    pub revision: i32,
    /// Days before (negative) or after the due date.
    pub offset: i32,
    /// To whom.
    pub recipient: UserId,
    /// By which way.
    pub channel: Channel,
}

impl ReminderKey {
    /// SHA-256 over every field in hexadecimal: the same key always gives the same text.
    #[must_use]
    pub fn digest(&self) -> String {
        let Self {
            deadline,
            revision,
            offset,
            recipient,
            channel,
        } = self;
        let DeadlineKey {
            state,
            instrument,
            report,
        } = deadline;
        digest(&format!(
            "{state}\n{instrument}\n{report}\n{revision}\n{offset}\n{recipient}\n{channel}"
        ))
    }

    /// The Message-ID without its angle brackets; mail programs show two messages that share it as one.
    #[must_use]
    pub fn message_id(&self, host: &str) -> String {
        format!("{}@{host}", &self.digest()[..40])
    }
}

/// A deadline as the planner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// Its name.
    pub key: DeadlineKey,
    /// The stored revision that is current.
    pub revision: i32,
    /// By when.
    pub due: NaiveDate,
    /// How firm the date is.
    pub certainty: Certainty,
    /// Nothing was submitted or reviewed yet.
    pub open: bool,
    /// Days since the report before it was due, where there is one.
    pub interval: Option<i64>,
}

/// Whether the report is still awaited.
#[must_use]
pub fn is_open(deadline: &Deadline) -> bool {
    !matches!(deadline.status, DeadlineStatus::Submitted | DeadlineStatus::Reviewed)
}

/// The days between each deadline of the reporting cycle and the one before it.
#[must_use]
pub fn intervals(deadlines: &[Deadline]) -> BTreeMap<DeadlineKey, i64> {
    let in_cycle = |deadline: &&Deadline| {
        ["initial", "periodic"]
            .iter()
            .any(|word| deadline.report.starts_with(word))
    };
    let mut cycle: Vec<_> = deadlines.iter().filter(in_cycle).collect();
    cycle.sort_by_key(|deadline| (&deadline.state, &deadline.instrument, deadline.due));
    let pairs = cycle.iter().zip(cycle.iter().skip(1));
    let same = pairs.filter(|(one, next)| one.state == next.state && one.instrument == next.instrument);
    same.map(|(one, next)| (DeadlineKey::of(next), (next.due - one.due).num_days()))
        .collect()
}

/// What somebody follows: a state, an instrument, both together, or (both absent) everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Follows {
    /// Only this state; absent: every state.
    pub state: Option<StateCode>,
    /// Only this instrument; absent: every instrument.
    pub instrument: Option<InstrumentCode>,
}

impl Follows {
    /// Whether that deadline is among what is followed.
    #[must_use]
    pub fn covers(&self, deadline: &DeadlineKey) -> bool {
        self.state.as_ref().is_none_or(|state| *state == deadline.state)
            && self
                .instrument
                .as_ref()
                .is_none_or(|instrument| *instrument == deadline.instrument)
    }
}

/// Somebody who may be reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follower {
    /// Who.
    pub user: UserId,
    /// Whether the account is open.
    pub active: bool,
    /// Today's date where they are.
    pub today: NaiveDate,
    /// What they follow.
    pub follows: Vec<Follows>,
}

/// A ledger row as the planner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub id: ReminderId,
    /// Its key.
    pub key: ReminderKey,
    /// The due date it speaks of.
    pub due: NaiveDate,
    /// Where it stands.
    pub status: ReminderStatus,
}

#[cfg(test)]
mod tests;
