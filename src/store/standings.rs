//! Where every obligation stands, kept as rows: which states have to be looked at again, and what is written then.

mod rows;
mod waiting;

pub use waiting::{count, list};

use super::entities::reference::states;
use super::entities::{standings as table, standings_due as due_table};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx};
use crate::domain::ids::{StandingId, StateCode};
use crate::domain::standings::{Changes, KeptStanding};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Marks states of which an obligation may stand elsewhere after this write. The mark is kept or lost with the write.
pub(in crate::store) async fn moved<'a>(
    tx: &Tx,
    of: impl IntoIterator<Item = &'a StateCode>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let of: BTreeSet<&StateCode> = of.into_iter().collect();
    let rows = of.into_iter().map(|state| mark(Some(state), at));
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        due_table::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok(())
}

/// Marks every state: rules or the list of provisions changed, or a day has passed.
///
/// # Errors
/// When the database fails.
pub async fn all_moved(tx: &Tx, at: DateTime<Utc>) -> Result<(), StoreError> {
    due_table::Entity::insert(mark(None, at))
        .exec_without_returning(tx.writer())
        .await?;
    Ok(())
}

// Only ever added and removed: writers never wait for one another here.
fn mark(state: Option<&StateCode>, at: DateTime<Utc>) -> due_table::ActiveModel {
    due_table::ActiveModel {
        id: Set(Uuid::now_v7()),
        state: Set(state.map(ToString::to_string)),
        at: Set(at),
    }
}

/// The states that have to be looked at again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// Those that a write named.
    pub named: BTreeSet<StateCode>,
    /// The marks that name every state.
    pub all: Vec<Uuid>,
}

/// Which states have to be looked at again.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &Db) -> Result<Due, StoreError> {
    // A large import leaves many marks of one state.
    let named: Vec<String> = due_table::Entity::find()
        .filter(due_table::Column::State.is_not_null())
        .select_only()
        .column(due_table::Column::State)
        .distinct()
        .into_tuple()
        .all(db.reader())
        .await?;
    let all: Vec<Uuid> = due_table::Entity::find()
        .filter(due_table::Column::State.is_null())
        .select_only()
        .column(due_table::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await?;
    let code = |text: String| text.parse().map_err(|error| StoreError::Unreadable(format!("{error}")));
    Ok(Due {
        named: named.into_iter().map(code).collect::<Result<_, _>>()?,
        all,
    })
}

/// Whether any standing was ever kept.
///
/// # Errors
/// When the database fails.
pub async fn any(db: &Db) -> Result<bool, StoreError> {
    let one: Option<Uuid> = table::Entity::find()
        .select_only()
        .column(table::Column::Id)
        .into_tuple()
        .one(db.reader())
        .await?;
    Ok(one.is_some())
}

/// Takes the marks of one state, so that nobody else works on it until the transaction ends. The latest moment that one
/// of them names.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &Tx, state: &StateCode) -> Result<Option<DateTime<Utc>>, StoreError> {
    // SQLite has one writer at a time; on PostgreSQL two that look at one state have to queue.
    states::Entity::find_by_id(state.to_string())
        .lock(LockType::NoKeyUpdate)
        .one(tx.writer())
        .await?;
    let marks = due_table::Entity::find()
        .filter(due_table::Column::State.eq(state.as_str()))
        .all(tx.writer())
        .await?;
    let latest = marks.iter().map(|mark| mark.at).max();
    forget(tx, &marks.iter().map(|mark| mark.id).collect::<Vec<_>>()).await?;
    Ok(latest)
}

/// Removes marks.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &Tx, marks: &[Uuid]) -> Result<(), StoreError> {
    for chunk in marks.chunks(CHUNK) {
        due_table::Entity::delete_many()
            .filter(due_table::Column::Id.is_in(chunk.iter().copied()))
            .exec(tx.writer())
            .await?;
    }
    Ok(())
}

/// What is kept of one state, and since when the newest of it.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn held(tx: &Tx, state: &StateCode) -> Result<Held, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::SupersededAt.is_null())
        .filter(table::Column::State.eq(state.as_str()))
        .order_by_asc(table::Column::Provision)
        .all(tx.writer())
        .await?;
    let since = rows.iter().map(|row| row.recorded_at).max();
    let read = |row: table::Model| Ok::<_, StoreError>((StandingId(row.id), rows::read(row)?));
    Ok(Held {
        rows: rows.into_iter().map(read).collect::<Result<_, _>>()?,
        since,
    })
}

/// What is kept of one state.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// Its rows.
    pub rows: Vec<(StandingId, KeptStanding)>,
    /// When the newest was written.
    pub since: Option<DateTime<Utc>>,
}

/// Writes what changed.
///
/// # Errors
/// When the database fails.
pub async fn apply(tx: &Tx, changes: &Changes, at: DateTime<Utc>) -> Result<(), StoreError> {
    for chunk in changes.gone.chunks(CHUNK) {
        table::Entity::update_many()
            .col_expr(table::Column::SupersededAt, Expr::value(at))
            .filter(table::Column::Id.is_in(chunk.iter().map(|id| id.0)))
            .exec(tx.writer())
            .await?;
    }
    for chunk in changes.new.chunks(CHUNK) {
        table::Entity::insert_many(chunk.iter().map(|row| rows::write(row, at)))
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok(())
}
