//! What the ledger should hold, given the deadlines, who follows them, what it holds already, and the date.

use super::{CancelReason, Certainty, Channel, Follower, ReminderKey, ReminderStatus, Row, Tracked};
use crate::domain::ids::{ReminderId, UserId};
use crate::domain::reminders::DeadlineKey;
use chrono::{Days, NaiveDate, TimeDelta};
use std::collections::{BTreeMap, BTreeSet};

/// The last reminder of a deadline may still go out so many days late.
const LAST_IS_USEFUL_FOR: u64 = 30;

/// All that the planner looks at.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// Current revisions of the deadlines.
    pub deadlines: &'a [Tracked],
    /// Days before (negative) and after a due date.
    pub offsets: &'a [i32],
    /// Who follows anything.
    pub followers: &'a [Follower],
    /// The rows of these deadlines and every row that waits.
    pub ledger: &'a [Row],
}

/// One change to the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Add a row to be sent.
    Plan {
        /// Its key.
        key: ReminderKey,
        /// The due date it speaks of.
        due: NaiveDate,
    },
    /// Add a row that is never sent, as a record that a nearer one took its place.
    RecordSuperseded {
        /// Its key.
        key: ReminderKey,
        /// The due date it speaks of.
        due: NaiveDate,
        /// The nearer offset.
        by: i32,
    },
    /// A cancelled row is called for again.
    Revive {
        /// Which.
        id: ReminderId,
    },
    /// A nearer reminder takes the place of a waiting one.
    Supersede {
        /// Which.
        id: ReminderId,
        /// The nearer offset.
        by: i32,
    },
    /// A waiting row is no longer called for.
    Cancel {
        /// Which.
        id: ReminderId,
        /// Why.
        reason: CancelReason,
    },
}

/// The changes that bring the ledger up to date. Selected by range, not by equal day: a late pass sends the nearest
/// reminder that is still useful, once. Applied and asked again at the same moment, there is nothing left to change.
#[must_use]
pub fn plan(world: World<'_>) -> Vec<Decision> {
    let mut rows: BTreeMap<(&DeadlineKey, UserId), Vec<&Row>> = BTreeMap::new();
    for row in world.ledger {
        rows.entry((&row.key.deadline, row.key.recipient))
            .or_default()
            .push(row);
    }
    let mut decisions = cancellations(world);
    let cancelled: BTreeSet<ReminderId> = decisions
        .iter()
        .filter_map(|decision| {
            if let Decision::Cancel { id, .. } = decision {
                Some(*id)
            } else {
                None
            }
        })
        .collect();
    for deadline in world.deadlines.iter().filter(|deadline| why_silent(deadline).is_none()) {
        let followers = world
            .followers
            .iter()
            .filter(|who| why_not_to(who, &deadline.key).is_none());
        for follower in followers {
            let known = rows.get(&(&deadline.key, follower.user)).map_or(&[][..], Vec::as_slice);
            let pair = Pair {
                deadline,
                follower,
                known,
                cancelled: &cancelled,
            };
            decisions.extend(pair.decide(world.offsets));
        }
    }
    decisions
}

/// Whether a row may be sent now, asked once more just before sending.
///
/// # Errors
/// Why it may not.
pub fn still_due(
    key: &ReminderKey,
    deadline: Option<&Tracked>,
    follower: Option<&Follower>,
) -> Result<(), CancelReason> {
    let deadline = deadline.ok_or(CancelReason::DeadlineGone)?;
    let follower = follower.ok_or(CancelReason::Unsubscribed)?;
    let revised = (deadline.revision != key.revision).then_some(CancelReason::DateRevised);
    let reason = why_silent(deadline)
        .or(revised)
        .or_else(|| why_not_to(follower, &key.deadline));
    reason.map_or(Ok(()), Err)
}

fn why_silent(deadline: &Tracked) -> Option<CancelReason> {
    if !deadline.open {
        Some(CancelReason::ReportReceived)
    } else if deadline.certainty == Certainty::Indicative {
        Some(CancelReason::DateNotFirm)
    } else {
        None
    }
}

fn why_not_to(follower: &Follower, deadline: &DeadlineKey) -> Option<CancelReason> {
    if !follower.active {
        Some(CancelReason::AccountClosed)
    } else if !follower.follows.iter().any(|follows| follows.covers(deadline)) {
        Some(CancelReason::Unsubscribed)
    } else {
        None
    }
}

fn cancellations(world: World<'_>) -> Vec<Decision> {
    let deadlines: BTreeMap<_, _> = world
        .deadlines
        .iter()
        .map(|deadline| (&deadline.key, deadline))
        .collect();
    let followers: BTreeMap<_, _> = world
        .followers
        .iter()
        .map(|follower| (follower.user, follower))
        .collect();
    let waiting = world.ledger.iter().filter(|row| row.status.is_waiting());
    waiting
        .filter_map(|row| {
            let deadline = deadlines.get(&row.key.deadline).copied();
            let follower = followers.get(&row.key.recipient).copied();
            let reason = still_due(&row.key, deadline, follower).err()?;
            Some(Decision::Cancel { id: row.id, reason })
        })
        .collect()
}

/// One deadline and one person who follows it.
struct Pair<'a> {
    deadline: &'a Tracked,
    follower: &'a Follower,
    /// Every row of the two.
    known: &'a [&'a Row],
    /// Rows that this pass cancels.
    cancelled: &'a BTreeSet<ReminderId>,
}

impl Pair<'_> {
    fn decide(&self, offsets: &[i32]) -> Vec<Decision> {
        let arrived: Vec<i32> = offsets
            .iter()
            .copied()
            .filter(|offset| self.fits(*offset) && self.arrived(*offset))
            .collect();
        let Some(nearest) = arrived.iter().copied().max() else {
            return Vec::new();
        };
        let is_last = !offsets.iter().any(|offset| *offset > nearest && self.fits(*offset));
        if is_last && self.follower.today > self.useful_until(nearest) {
            return self
                .waiting()
                .map(|row| Decision::Cancel {
                    id: row.id,
                    reason: CancelReason::TooLate,
                })
                .collect();
        }
        let stale = self.waiting().filter(|row| row.key.offset < nearest);
        let mut decisions: Vec<_> = stale
            .map(|row| Decision::Supersede {
                id: row.id,
                by: nearest,
            })
            .collect();
        let missed = arrived
            .iter()
            .filter(|offset| **offset < nearest && !self.is_recorded(**offset));
        decisions.extend(missed.map(|offset| Decision::RecordSuperseded {
            key: self.key(*offset),
            due: self.deadline.due,
            by: nearest,
        }));
        decisions.extend(self.send(nearest));
        decisions
    }

    /// The reminder itself, unless this one or a later one about the same date was already dealt with.
    fn send(&self, nearest: i32) -> Option<Decision> {
        if self.about_this_date().any(|row| row.key.offset >= nearest) {
            return None;
        }
        let key = self.key(nearest);
        let revived = self.known.iter().find(|row| row.key == key);
        Some(revived.map_or_else(
            || Decision::Plan {
                key: key.clone(),
                due: self.deadline.due,
            },
            |row| Decision::Revive { id: row.id },
        ))
    }

    fn key(&self, offset: i32) -> ReminderKey {
        ReminderKey {
            deadline: self.deadline.key.clone(),
            revision: self.deadline.revision,
            offset,
            recipient: self.follower.user,
            channel: Channel::Email,
        }
    }

    /// An offset as long as the reporting cycle would speak of the next report before the last one was due.
    fn fits(&self, offset: i32) -> bool {
        self.deadline.interval.is_none_or(|days| i64::from(offset) > -days)
    }

    fn day_of(&self, offset: i32) -> NaiveDate {
        let day = self.deadline.due.checked_add_signed(TimeDelta::days(offset.into()));
        day.unwrap_or(NaiveDate::MAX)
    }

    /// One day after the due date arrives when the due date has ended where the follower is, not before.
    fn arrived(&self, offset: i32) -> bool {
        self.day_of(offset) <= self.follower.today
    }

    /// The last day on which the last reminder is worth sending.
    fn useful_until(&self, offset: i32) -> NaiveDate {
        if offset <= 0 {
            return self.deadline.due;
        }
        self.day_of(offset)
            .checked_add_days(Days::new(LAST_IS_USEFUL_FOR))
            .unwrap_or(NaiveDate::MAX)
    }

    /// Rows that speak of the same due date, under this or an earlier revision, and stand.
    fn about_this_date(&self) -> impl Iterator<Item = &Row> {
        let standing = |row: &&&Row| row.status != ReminderStatus::Cancelled && !self.cancelled.contains(&row.id);
        self.known
            .iter()
            .filter(standing)
            .filter(|row| row.due == self.deadline.due)
            .copied()
    }

    fn is_recorded(&self, offset: i32) -> bool {
        let this = self.known.iter().any(|row| row.key == self.key(offset));
        this || self.about_this_date().any(|row| row.key.offset == offset)
    }

    /// Rows that wait to be sent and are not cancelled by this pass.
    fn waiting(&self) -> impl Iterator<Item = &Row> {
        let free = |row: &&&Row| row.status.is_waiting() && !self.cancelled.contains(&row.id);
        self.known.iter().filter(free).copied()
    }
}
