//! Rows of the ledger written and read.

use super::table::{self};
use crate::domain::dates::parse_day;
use crate::domain::ids::{ReminderId, UserId};
use crate::domain::reminders::{Channel, DeadlineKey, LedgerEntry, ReminderKey, ReminderStatus};
use crate::store::StoreError;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Set;

/// A row to be sent.
pub(super) fn planned(key: &ReminderKey, due: NaiveDate, host: &str, now: DateTime<Utc>) -> table::ActiveModel {
    new(key, due, host, now)
}

/// A row that records what was skipped.
pub(super) fn superseded(
    key: &ReminderKey,
    due: NaiveDate,
    by: i32,
    host: &str,
    now: DateTime<Utc>,
) -> table::ActiveModel {
    table::ActiveModel {
        status: Set(ReminderStatus::Superseded.word().to_owned()),
        next_try_at: Set(None),
        reason: Set(Some(by.to_string())),
        settled_at: Set(Some(now)),
        ..new(key, due, host, now)
    }
}

fn new(key: &ReminderKey, due: NaiveDate, host: &str, now: DateTime<Utc>) -> table::ActiveModel {
    table::ActiveModel {
        id: Set(ReminderId::fresh().0),
        state: Set(key.deadline.state.to_string()),
        instrument: Set(key.deadline.instrument.to_string()),
        report: Set(key.deadline.report.clone()),
        revision: Set(key.revision),
        offset_days: Set(key.offset),
        recipient: Set(key.recipient.0),
        channel: Set(key.channel.word().to_owned()),
        due: Set(due.to_string()),
        status: Set(ReminderStatus::Planned.word().to_owned()),
        attempts: Set(0),
        leased_by: Set(None),
        lease_until: Set(None),
        next_try_at: Set(Some(now)),
        last_error: Set(None),
        reason: Set(None),
        message_id: Set(key.message_id(host)),
        planned_at: Set(now),
        settled_at: Set(None),
    }
}

/// A row as a value of the domain.
pub(super) fn read(row: table::Model) -> Result<LedgerEntry, StoreError> {
    let unreadable = |what: String| StoreError::Unreadable(format!("reminder {}: {what}", row.id));
    let channel = Channel::from_word(&row.channel).ok_or_else(|| unreadable(format!("channel {}", row.channel)))?;
    let status = ReminderStatus::from_word(&row.status).ok_or_else(|| unreadable(format!("status {}", row.status)))?;
    Ok(LedgerEntry {
        id: ReminderId(row.id),
        key: ReminderKey {
            deadline: DeadlineKey {
                state: row.state.parse().map_err(|e| unreadable(format!("{e}")))?,
                instrument: row.instrument.parse().map_err(|e| unreadable(format!("{e}")))?,
                report: row.report,
            },
            revision: row.revision,
            offset: row.offset_days,
            recipient: UserId(row.recipient),
            channel,
        },
        due: parse_day(&row.due).map_err(|e| unreadable(e.to_string()))?,
        status,
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        lease_until: row.lease_until,
        next_try_at: row.next_try_at,
        last_error: row.last_error,
        reason: row.reason,
        message_id: row.message_id,
        planned_at: row.planned_at,
        settled_at: row.settled_at,
    })
}
