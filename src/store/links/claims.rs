//! Who checks which link. A claim is one short transaction; asking happens outside any; settling is conditional on still
//! holding the row.

use super::table::{self, Column, Entity};
use super::{history, rows};
use crate::domain::links::{LinkState, link_hash};
use crate::store::{Db, StoreError, Tx};
use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

/// Takes the next links that are due, until the lease ends. Two workers never get the same.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn claim(
    db: &Db,
    holder: &str,
    now: DateTime<Utc>,
    lease: Duration,
    most: u64,
) -> Result<Vec<LinkState>, StoreError> {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lte(now));
    let tx = db.begin().await?;
    let due = Entity::find()
        .filter(Column::NextCheckAt.lte(now))
        .filter(free)
        .order_by_asc(Column::NextCheckAt)
        .order_by_asc(Column::Hash)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx.writer())
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let taken = table::ActiveModel {
        leased_by: Set(Some(holder.to_owned())),
        lease_until: Set(Some(now + lease)),
        ..Default::default()
    };
    Entity::update_many()
        .set(taken)
        .filter(Column::Hash.is_in(due.iter().map(|row| row.hash.as_str())))
        .exec(tx.writer())
        .await?;
    tx.commit().await?;
    due.into_iter().map(rows::read).collect()
}

/// Writes what is known of a claimed link, and adds to its history what is new; `text` is what was read. `false`: the
/// lease had ended and the row is no longer this holder's.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    tx: &Tx,
    holder: &str,
    before: &LinkState,
    after: &LinkState,
    text: Option<&str>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mut change = rows::write(after);
    change.hash = sea_orm::ActiveValue::NotSet;
    change.link = sea_orm::ActiveValue::NotSet;
    let held: Expr = Column::Hash
        .eq(link_hash(&before.link))
        .and(Column::LeasedBy.eq(holder));
    let result = Entity::update_many().set(change).filter(held).exec(tx.writer()).await?;
    if result.rows_affected != 1 {
        return Ok(false);
    }
    let is_new_text = after.snapshot_sha256 != before.snapshot_sha256;
    if after.status != before.status || is_new_text {
        let row = history::ActiveModel {
            id: Set(Uuid::now_v7()),
            link_hash: Set(link_hash(&before.link)),
            at: Set(now),
            status: Set(after.status.code().to_owned()),
            detail: Set(after.why.clone().or_else(|| after.final_address.clone())),
            snapshot_sha256: Set(after.snapshot_sha256.clone()),
            text: Set(text.filter(|_| is_new_text).map(str::to_owned)),
        };
        history::Entity::insert(row).exec_without_returning(tx.writer()).await?;
    }
    Ok(true)
}
