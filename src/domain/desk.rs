//! The desk: the queues in which work waits for a monitor, and what they can be narrowed to.

use super::assessments::Grade;
use super::evidence::words;
use super::ids::{EvidenceId, FilterId, InstrumentCode, ProvisionId, RoundId, StateCode, ThemeCode, UserId};
use super::summaries::StoredEvidence;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Where work waits.
    Queue {
        /// Handed in by others.
        Review = "review", "Waiting for my review";
        /// My own, sent back.
        Returned = "returned", "Returned to me or rejected";
        /// My own, not handed in yet.
        Drafts = "drafts", "My drafts";
        /// Gradings that I am asked for.
        Gradings = "gradings", "Gradings asked of me";
        /// Obligations with evidence that nobody has judged yet.
        Ungraded = "ungraded", "To be graded";
        /// Obligations whose evidence speaks strongly for both sides.
        Contested = "contested", "Contested";
        /// Obligations that people graded apart from each other, and not alike.
        Disagreements = "disagreements", "Gradings that disagree";
        /// Obligations of which nothing new was heard for years.
        Stale = "stale", "No news for years";
        /// Evidence whose day has passed.
        Expired = "expired", "Evidence to look at again";
        /// Evidence whose link leads nowhere any more.
        Links = "links", "Dead links";
    }
}

/// What a queue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Pieces of evidence.
    Evidence,
    /// Obligations of states.
    Obligations,
    /// Rounds of double coding.
    Rounds,
}

impl Queue {
    /// What it holds.
    #[must_use]
    pub fn holds(self) -> Holds {
        match self {
            Self::Review | Self::Returned | Self::Drafts | Self::Expired | Self::Links => Holds::Evidence,
            Self::Ungraded | Self::Contested | Self::Stale => Holds::Obligations,
            Self::Gradings | Self::Disagreements => Holds::Rounds,
        }
    }

    /// Whether it waits for this person, and not for anybody who works here.
    #[must_use]
    pub fn is_mine(self) -> bool {
        matches!(self, Self::Review | Self::Returned | Self::Drafts | Self::Gradings)
    }
}

/// What a queue is narrowed to; nothing means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// One state.
    pub state: Option<StateCode>,
    /// One instrument.
    pub instrument: Option<InstrumentCode>,
    /// One theme.
    pub theme: Option<ThemeCode>,
}

impl Narrow {
    /// Whether it is narrowed at all.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.state.is_some() || self.instrument.is_some() || self.theme.is_some()
    }
}

/// So many days an author finds on the desk that something was rejected.
pub const REJECTED_DAYS: i64 = 30;

/// Whose desk, on which day, and what counts as old there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Desk<'a> {
    /// Whose: an account's address.
    pub who: &'a str,
    /// The day.
    pub day: NaiveDate,
    /// Whether that is a day that has ended: then what was known at its end is read.
    pub past: bool,
    /// An obligation is stale after so many years without news.
    pub stale_years: u32,
}

impl Desk<'_> {
    /// The first moment after the day.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        let next = self.day.succ_opt().unwrap_or(self.day);
        next.and_time(NaiveTime::MIN).and_utc()
    }

    /// What was rejected since then stays on its author's desk.
    #[must_use]
    pub fn rejected_since(&self) -> DateTime<Utc> {
        self.end() - Duration::days(REJECTED_DAYS)
    }

    /// What is not newer than this is stale.
    #[must_use]
    pub fn stale_before(&self) -> NaiveDate {
        let months = chrono::Months::new(self.stale_years.saturating_mul(12));
        self.day.checked_sub_months(months).unwrap_or(NaiveDate::MIN)
    }
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// As the queue itself has it.
    #[default]
    Usual,
    /// By state.
    State,
    /// By theme.
    Theme,
    /// By the day that counts in that queue.
    Time,
}

/// Which rows of a queue, in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Sorted by.
    pub order: Order,
    /// The last first.
    pub down: bool,
    /// Rows before the first one.
    pub offset: u64,
    /// Most rows.
    pub limit: u64,
}

/// A piece of evidence in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingEvidence {
    /// The revision that waits.
    pub stored: StoredEvidence,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What was last said about it, and by whom.
    pub remark: Option<(String, String)>,
}

impl WaitingEvidence {
    /// As a review names it.
    #[must_use]
    pub fn name(&self) -> String {
        item_name(self.stored.id, self.stored.revision)
    }
}

/// A round of double coding in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingRound {
    /// The round.
    pub round: RoundId,
    /// The state.
    pub state: StateCode,
    /// The provision.
    pub provision: ProvisionId,
    /// The gradings; none are told before all are in.
    pub grades: Vec<Option<Grade>>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
}

/// An item with the revision that was read.
#[must_use]
pub fn item_name(id: EvidenceId, revision: i32) -> String {
    format!("{id}@{revision}")
}

/// A filter that somebody keeps: an address of this site under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFilter {
    /// Its identity.
    pub id: FilterId,
    /// Whose.
    pub user: UserId,
    /// What they call it.
    pub name: String,
    /// The page with its query.
    pub address: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_when_the_next_begins_and_years_are_calendar_years() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a day");
        let desk = Desk {
            who: "ana@example.org",
            day,
            past: false,
            stale_years: 5,
        };
        assert_eq!(desk.end().to_rfc3339(), "2024-03-01T00:00:00+00:00");
        assert_eq!(desk.stale_before().to_string(), "2019-02-28");
    }
}
