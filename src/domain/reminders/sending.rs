//! What follows from an attempt to send that failed.

use crate::domain::audit::digest;
use chrono::{DateTime, Duration, Utc};

/// How an attempt failed: it decides whether there is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The recipient or the message is refused for good (5xx).
    Refused,
    /// The server asks to come again later (4xx).
    NotNow,
    /// The connection broke or fell silent midway: the message may have gone.
    Unanswered,
    /// The mail service as a whole cannot be used: unreachable, wrong certificate, wrong password, full disk. No fault of
    /// the message, hence it is never given up for it.
    Service,
}

/// A failed attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// One clear sentence, with the next step where there is one.
    pub why: String,
}

/// What is to become of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Try again at that moment.
    RetryAt(DateTime<Utc>),
    /// Give up and show the administrator.
    Dead,
}

impl Failure {
    /// A failure of that kind.
    pub fn new(kind: FailureKind, why: impl Into<String>) -> Self {
        Self { kind, why: why.into() }
    }

    /// What follows from it after so many attempts, this one included.
    #[must_use]
    pub fn verdict(&self, attempts: u32, most: u32, seed: &str, now: DateTime<Utc>) -> Verdict {
        let used_up = attempts >= most && self.kind != FailureKind::Service;
        if self.kind == FailureKind::Refused || used_up {
            Verdict::Dead
        } else {
            Verdict::RetryAt(now + back_off(attempts, seed))
        }
    }
}

/// The first pause.
const FIRST_SECONDS: i64 = 60;
/// The longest pause.
const LONGEST_SECONDS: i64 = 6 * 3600;

/// How long to wait after so many attempts: 1, 4, 16, 64 minutes … six hours, and up to a quarter more, by the row's own
/// seed, so that rows that failed together do not come back together.
#[must_use]
pub fn back_off(attempts: u32, seed: &str) -> Duration {
    let grown = FIRST_SECONDS.saturating_mul(4i64.saturating_pow(attempts.saturating_sub(1)));
    let pause = grown.min(LONGEST_SECONDS);
    let draw = digest(&format!("{seed}/{attempts}"));
    let share = i64::from(u16::from_str_radix(&draw[..4], 16).unwrap_or(0));
    Duration::seconds(pause + pause * share / (4 * i64::from(u16::MAX)))
}
