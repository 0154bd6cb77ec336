//! The time, as an argument: the system's, or one fixed by a test or by `--at`. The only file that may read the clock.

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the program learns what time it is.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The computer's clock.
    #[default]
    System,
    /// A moment that moves only when told to.
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands still at `now`.
    #[must_use]
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(Mutex::new(now)))
    }

    /// Now, in UTC, cut to microseconds: what PostgreSQL keeps.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            #[expect(clippy::disallowed_methods, reason = "this file is the one that reads the clock")]
            Self::System => Utc::now(),
            Self::Fixed(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Today's date in UTC.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// Moves a fixed clock; the system's clock does not move.
    pub fn set(&self, now: DateTime<Utc>) {
        if let Self::Fixed(moment) = self {
            *moment.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }
}
