//! Filters that people keep.

use super::entities::saved_filters::{self as table, Column, Entity};
use super::{Db, StoreError, Tx};
use crate::domain::desk::SavedFilter;
use crate::domain::ids::{FilterId, UserId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};

/// What one person keeps, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_user(db: &Db, user: UserId) -> Result<Vec<SavedFilter>, StoreError> {
    let rows = Entity::find()
        .filter(Column::User.eq(user.0))
        .order_by_asc(Column::Name)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many one person keeps.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &Tx, user: UserId) -> Result<u64, StoreError> {
    Ok(Entity::find()
        .filter(Column::User.eq(user.0))
        .count(tx.writer())
        .await?)
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &Tx, id: FilterId) -> Result<Option<SavedFilter>, StoreError> {
    Ok(Entity::find_by_id(id.0).one(tx.writer()).await?.map(read))
}

/// Keeps one.
///
/// # Errors
/// [`StoreError::Duplicate`] when that person keeps one of that name.
pub async fn insert(tx: &Tx, new: &SavedFilter) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(new.id.0),
        user: Set(new.user.0),
        name: Set(new.name.clone()),
        address: Set(new.address.clone()),
        created_at: Set(new.created_at),
    }
    .insert(tx.writer())
    .await?;
    Ok(())
}

/// Forgets one.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &Tx, id: FilterId) -> Result<(), StoreError> {
    Entity::delete_by_id(id.0).exec(tx.writer()).await?;
    Ok(())
}

fn read(row: table::Model) -> SavedFilter {
    SavedFilter {
        id: FilterId(row.id),
        user: UserId(row.user),
        name: row.name,
        address: row.address,
        created_at: row.created_at,
    }
}
