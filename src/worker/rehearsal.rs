//! A pass that writes and sends nothing: what would go, to whom, and why.

use super::passes::{PassError, Worker};
use crate::actions::deadlines::Known;
use crate::actions::reminders::{local_date, rehearse as rehearse_plan};
use crate::domain::ids::{InstrumentCode, StateCode};
use crate::domain::reminders::{Channel, LedgerEntry, ReminderStatus};
use crate::store::users;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// What a pass at that moment would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rehearsal {
    /// Reminders that the plan would add.
    pub planned: usize,
    /// Reminders that a nearer one would replace.
    pub superseded: usize,
    /// Reminders that would no longer be called for.
    pub cancelled: usize,
    /// The messages that would go, in their order.
    pub would_send: Vec<WouldSend>,
}

/// One message that would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WouldSend {
    /// To which address.
    pub to: String,
    /// In which language.
    pub language: String,
    /// By which way.
    pub channel: Channel,
    /// About which state.
    pub state: StateCode,
    /// Under which instrument.
    pub instrument: InstrumentCode,
    /// Which report.
    pub report: String,
    /// By when it is due.
    pub due: NaiveDate,
    /// Days from the recipient's today to the due date; negative once it has passed.
    pub days: i64,
    /// Which reminder it is: days before (negative) or after the due date.
    pub offset: i32,
    /// Where the row stands.
    pub status: ReminderStatus,
    /// Its Message-ID.
    pub message_id: String,
}

/// Plans without keeping anything, and lists what would be sent.
///
/// # Errors
/// When the database fails.
pub async fn rehearse(worker: &Worker, now: DateTime<Utc>) -> Result<Rehearsal, PassError> {
    let (known, _) = worker.known(now).await?;
    rehearse_with(worker, &known, now).await
}

/// The same with these deadlines.
///
/// # Errors
/// When the database fails.
pub async fn rehearse_with(worker: &Worker, known: &Known, now: DateTime<Utc>) -> Result<Rehearsal, PassError> {
    let (plan, waiting) = rehearse_plan(&worker.db, now, worker.planning(), known).await?;
    let mut would_send = Vec::with_capacity(waiting.len());
    for entry in waiting {
        if let Some(user) = users::by_id(&worker.db, entry.key.recipient).await? {
            let today = local_date(&user.time_zone, now);
            would_send.push(line(entry, user.email.to_string(), user.language.to_string(), today));
        }
    }
    Ok(Rehearsal {
        planned: plan.planned,
        superseded: plan.superseded,
        cancelled: plan.cancelled,
        would_send,
    })
}

fn line(entry: LedgerEntry, to: String, language: String, today: NaiveDate) -> WouldSend {
    let LedgerEntry {
        key,
        due,
        status,
        message_id,
        ..
    } = entry;
    WouldSend {
        to,
        language,
        channel: key.channel,
        state: key.deadline.state,
        instrument: key.deadline.instrument,
        report: key.deadline.report,
        due,
        days: (due - today).num_days(),
        offset: key.offset,
        status,
        message_id,
    }
}
