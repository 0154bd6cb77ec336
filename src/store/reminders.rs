//! The ledger of reminders: one row for each message, under a unique key.

mod claims;
mod rows;

pub use claims::{claim, end_leases, holders, release, settle};

use super::entities::reminders::{self as table, Column, Entity};
use super::{Db, StoreError, Tx};
use crate::domain::ids::{ReminderId, StateCode, UserId};
use crate::domain::reminders::{Decision, LedgerEntry, ReminderStatus, Row};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};

/// The number of the advisory lock that lets one pass plan at a time on PostgreSQL.
const PLANNING_LOCK: i64 = 7_365_727_662;
/// Rows written by one statement.
const CHUNK: usize = 500;

/// Which rows of the ledger somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerFilter {
    /// Only this person's.
    pub recipient: Option<UserId>,
    /// Only about this state.
    pub state: Option<StateCode>,
    /// Only those that stand so.
    pub status: Option<ReminderStatus>,
}

/// Lets one pass plan at a time; the others wait for its transaction to end. SQLite has one writer anyway.
///
/// # Errors
/// When the database fails.
pub async fn lock_planning(tx: &Tx) -> Result<(), StoreError> {
    if tx.writer().get_database_backend() == DatabaseBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({PLANNING_LOCK})");
        tx.writer().execute_unprepared(&lock).await?;
    }
    Ok(())
}

/// What the planner must see: every row about a due date within those days, and every row that is not settled.
///
/// # Errors
/// When the database fails.
pub async fn relevant(tx: &Tx, from: NaiveDate, to: NaiveDate) -> Result<Vec<Row>, StoreError> {
    let unsettled = ReminderStatus::ALL.iter().filter(|status| !status.is_settled());
    let rows = Entity::find()
        .filter(
            Column::Due
                .between(from.to_string(), to.to_string())
                .or(Column::Status.is_in(unsettled.map(|status| status.word()))),
        )
        .all(tx.writer())
        .await?;
    let entries = rows.into_iter().map(rows::read);
    entries
        .map(|entry| {
            let LedgerEntry {
                id, key, due, status, ..
            } = entry?;
            Ok(Row { id, key, due, status })
        })
        .collect()
}

/// Writes what the planner decided. `host` ends the Message-IDs.
///
/// # Errors
/// [`StoreError::Duplicate`] when a key is there already; when the database fails.
pub async fn apply(tx: &Tx, decisions: &[Decision], host: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut new = Vec::new();
    for decision in decisions {
        match decision {
            Decision::Plan { key, due } => new.push(rows::planned(key, *due, host, now)),
            Decision::RecordSuperseded { key, due, by } => new.push(rows::superseded(key, *due, *by, host, now)),
            Decision::Revive { id } => revive(tx, *id, now).await?,
            Decision::Supersede { id, by } => {
                close(tx, *id, ReminderStatus::Superseded, &by.to_string(), now).await?;
            }
            Decision::Cancel { id, reason } => close(tx, *id, ReminderStatus::Cancelled, reason.word(), now).await?,
        }
    }
    for chunk in new.chunks(CHUNK) {
        Entity::insert_many(chunk.iter().cloned())
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok(())
}

/// Gives a row that was given up (or cancelled) another round of attempts.
///
/// # Errors
/// When the database fails.
pub async fn revive(tx: &Tx, id: ReminderId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let change = table::ActiveModel {
        id: Set(id.0),
        status: Set(ReminderStatus::Planned.word().to_owned()),
        attempts: Set(0),
        next_try_at: Set(Some(now)),
        reason: Set(None),
        settled_at: Set(None),
        ..Default::default()
    };
    change.update(tx.writer()).await?;
    Ok(())
}

/// Ends a waiting row. One that a worker took in the meantime is left to that worker.
async fn close(
    tx: &Tx,
    id: ReminderId,
    status: ReminderStatus,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status.word()))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::NextTryAt, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(Column::SettledAt, Expr::value(now))
        .filter(Column::Id.eq(id.0).and(Column::Status.is_in(waiting())))
        .exec(tx.writer())
        .await?;
    Ok(())
}

/// One row.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &Tx, id: ReminderId) -> Result<Option<LedgerEntry>, StoreError> {
    Entity::find_by_id(id.0)
        .one(tx.writer())
        .await?
        .map(rows::read)
        .transpose()
}

/// One page of the ledger, the latest first, counted from 0.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, filter: &LedgerFilter, page: u64, size: u64) -> Result<Vec<LedgerEntry>, StoreError> {
    let rows = filtered(filter)
        .order_by_desc(Column::PlannedAt)
        .order_by_desc(Column::Id)
        .offset(page.saturating_mul(size))
        .limit(size)
        .all(db.reader())
        .await?;
    rows.into_iter().map(rows::read).collect()
}

/// How many rows there are of a kind: dead ones are shown to the administrator.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &Db, filter: &LedgerFilter) -> Result<u64, StoreError> {
    Ok(filtered(filter).count(db.reader()).await?)
}

/// What the next claims would take, inside a transaction: for a dry run.
///
/// # Errors
/// When the database fails.
pub async fn waiting_now(tx: &Tx, now: DateTime<Utc>) -> Result<Vec<LedgerEntry>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Status.is_in(waiting()).and(Column::NextTryAt.lte(now)))
        .order_by_asc(Column::NextTryAt)
        .order_by_asc(Column::Due)
        .order_by_asc(Column::Id)
        .all(tx.writer())
        .await?;
    rows.into_iter().map(rows::read).collect()
}

fn filtered(filter: &LedgerFilter) -> sea_orm::Select<Entity> {
    let mut query = Entity::find();
    if let Some(user) = filter.recipient {
        query = query.filter(Column::Recipient.eq(user.0));
    }
    if let Some(state) = &filter.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(status) = filter.status {
        query = query.filter(Column::Status.eq(status.word()));
    }
    query
}

fn waiting() -> impl Iterator<Item = &'static str> {
    let waiting = ReminderStatus::ALL.iter().filter(|status| status.is_waiting());
    waiting.map(|status| status.word())
}
