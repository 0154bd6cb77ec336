//! Who sends which row. A claim is one short transaction; sending happens outside any; settling is conditional on still
//! holding the row.

use super::table::{self, Column, Entity};
use super::{rows, waiting};
use crate::domain::reminders::{Claim, ReminderStatus, Settlement};
use crate::store::{Db, StoreError, Tx};
use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Set};

/// Takes the next row that may be sent, until the lease ends. Two workers never get the same: rows that another is just
/// taking are skipped on PostgreSQL, and SQLite lets one writer in at a time.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, holder: &str, now: DateTime<Utc>, lease: Duration) -> Result<Option<Claim>, StoreError> {
    let tx = db.begin().await?;
    let next = Entity::find()
        .filter(Column::Status.is_in(waiting()).and(Column::NextTryAt.lte(now)))
        .order_by_asc(Column::NextTryAt)
        .order_by_asc(Column::Due)
        .order_by_asc(Column::Id)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(tx.writer())
        .await?;
    let Some(row) = next else {
        return Ok(None);
    };
    let is_repeat = row.status == ReminderStatus::Uncertain.word();
    let taken = table::ActiveModel {
        id: Set(row.id),
        status: Set(ReminderStatus::Claimed.word().to_owned()),
        attempts: Set(row.attempts.saturating_add(1)),
        leased_by: Set(Some(holder.to_owned())),
        lease_until: Set(Some(now + lease)),
        ..Default::default()
    };
    let entry = rows::read(taken.update(tx.writer()).await?)?;
    tx.commit().await?;
    Ok(Some(Claim {
        entry,
        holder: holder.to_owned(),
        is_repeat,
    }))
}

/// Writes what became of a claimed row. `false`: the lease had ended and the row is no longer this holder's.
///
/// # Errors
/// When the database fails.
pub async fn settle(tx: &Tx, claim: &Claim, settlement: &Settlement, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut change = table::ActiveModel {
        leased_by: Set(None),
        lease_until: Set(None),
        next_try_at: Set(None),
        settled_at: Set(Some(now)),
        ..Default::default()
    };
    let status = match settlement {
        Settlement::Sent => ReminderStatus::Sent,
        Settlement::Retry { at, error } => {
            change.next_try_at = Set(Some(*at));
            change.settled_at = Set(None);
            change.last_error = Set(Some(error.clone()));
            ReminderStatus::Retry
        }
        Settlement::Dead { error } => {
            change.last_error = Set(Some(error.clone()));
            ReminderStatus::Dead
        }
        Settlement::Cancelled(reason) => {
            change.reason = Set(Some(reason.word().to_owned()));
            ReminderStatus::Cancelled
        }
    };
    change.status = Set(status.word().to_owned());
    let attempts = i32::try_from(claim.entry.attempts).unwrap_or(i32::MAX);
    let result = Entity::update_many()
        .set(change)
        .filter(
            held()
                .and(Column::Id.eq(claim.entry.id.0))
                .and(Column::LeasedBy.eq(claim.holder.as_str()))
                .and(Column::Attempts.eq(attempts)),
        )
        .exec(tx.writer())
        .await?;
    Ok(result.rows_affected == 1)
}

/// Frees the rows whose lease has ended: their worker died or hangs, and the message may have gone. Returns how many.
///
/// # Errors
/// When the database fails.
pub async fn end_leases(tx: &Tx, now: DateTime<Utc>) -> Result<u64, StoreError> {
    free(tx, Column::LeaseUntil.lte(now), now).await
}

/// Frees the rows of a worker that is known to be dead. Returns how many.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &Tx, holder: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
    free(tx, Column::LeasedBy.eq(holder), now).await
}

/// Everybody who holds a row.
///
/// # Errors
/// When the database fails.
pub async fn holders(tx: &Tx) -> Result<Vec<String>, StoreError> {
    let query = Entity::find()
        .select_only()
        .column(Column::LeasedBy)
        .distinct()
        .filter(held());
    let found: Vec<Option<String>> = query.into_tuple().all(tx.writer()).await?;
    Ok(found.into_iter().flatten().collect())
}

async fn free(tx: &Tx, which: Expr, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let change = table::ActiveModel {
        status: Set(ReminderStatus::Uncertain.word().to_owned()),
        leased_by: Set(None),
        lease_until: Set(None),
        next_try_at: Set(Some(now)),
        ..Default::default()
    };
    let result = Entity::update_many()
        .set(change)
        .filter(held().and(which))
        .exec(tx.writer())
        .await?;
    Ok(result.rows_affected)
}

fn held() -> Expr {
    Column::Status.eq(ReminderStatus::Claimed.word())
}
