//! Files that were handed in to be imported, and their rows, until they are written.

use super::entities::{import_rows as rows, imports as table};
use super::{Db, StoreError, Tx};
use crate::domain::bulk::Noun;
use crate::domain::ids::ImportId;
use crate::domain::imports::{Counts, Import, ImportRow, ImportStatus, RowStatus};
use chrono::{DateTime, Duration, Utc};
use sea_orm::sea_query::{LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::HashMap;

/// Notes a file that was handed in.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, new: &Import, holder: &str, lease: Duration) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(new.id.0),
        who: Set(new.who.clone()),
        file_name: Set(new.file_name.clone()),
        sha256: Set(new.sha256.clone()),
        status: Set(new.status.code().to_owned()),
        notes: Set(serde_json::to_string(&new.notes)?),
        total: Set(new.total),
        position: Set(new.position),
        added: Set(0),
        changed: Set(0),
        unchanged: Set(0),
        refused: Set(0),
        applied: Set(0),
        started_at: Set(new.started_at),
        changed_at: Set(new.changed_at),
        leased_by: Set(Some(holder.to_owned())),
        lease_until: Set(Some(new.started_at + lease)),
    }
    .insert(tx.writer())
    .await?;
    Ok(())
}

fn read(row: table::Model) -> Result<Import, StoreError> {
    Ok(Import {
        id: ImportId(row.id),
        who: row.who,
        file_name: row.file_name,
        sha256: row.sha256,
        status: row.status.parse().map_err(StoreError::Unreadable)?,
        notes: serde_json::from_str(&row.notes)?,
        total: row.total,
        position: row.position,
        counts: Counts {
            added: row.added,
            changed: row.changed,
            unchanged: row.unchanged,
            refused: row.refused,
        },
        applied: row.applied,
        started_at: row.started_at,
        changed_at: row.changed_at,
    })
}

/// One import.
///
/// # Errors
/// When the database fails or holds an import of another version.
pub async fn get(db: &Db, id: ImportId) -> Result<Option<Import>, StoreError> {
    let row = table::Entity::find_by_id(id.0).one(db.reader()).await?;
    row.map(read).transpose()
}

/// One import, read inside a write; nobody else changes it until then.
///
/// # Errors
/// When the database fails or holds an import of another version.
pub async fn get_in(tx: &Tx, id: ImportId) -> Result<Option<Import>, StoreError> {
    let query = table::Entity::find_by_id(id.0).lock(LockType::Update);
    query.one(tx.writer()).await?.map(read).transpose()
}

/// The imports of one person, newest first.
///
/// # Errors
/// When the database fails or holds an import of another version.
pub async fn of(db: &Db, who: &str, most: u64) -> Result<Vec<Import>, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::Who.eq(who))
        .order_by_desc(table::Column::StartedAt)
        .limit(most)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// Writes how an import stands now. `false`: it moved on since `before` was read, and nothing was changed.
///
/// # Errors
/// When the database fails.
pub async fn advance(tx: &Tx, before: &Import, now: &Import) -> Result<bool, StoreError> {
    let change = table::ActiveModel {
        status: Set(now.status.code().to_owned()),
        notes: Set(serde_json::to_string(&now.notes)?),
        total: Set(now.total),
        position: Set(now.position),
        added: Set(now.counts.added),
        changed: Set(now.counts.changed),
        unchanged: Set(now.counts.unchanged),
        refused: Set(now.counts.refused),
        applied: Set(now.applied),
        changed_at: Set(now.changed_at),
        ..Default::default()
    };
    let same = Condition::all()
        .add(table::Column::Id.eq(before.id.0))
        .add(table::Column::Status.eq(before.status.code()))
        .add(table::Column::Position.eq(before.position));
    let done = table::Entity::update_many()
        .set(change)
        .filter(same)
        .exec(tx.writer())
        .await?;
    Ok(done.rows_affected == 1)
}

/// Takes the next import that has work to be done, until the lease ends. `dead` knows holders that will not come back.
///
/// # Errors
/// When the database fails or holds an import of another version.
pub async fn claim(
    db: &Db,
    holder: &str,
    now: DateTime<Utc>,
    lease: Duration,
    dead: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Option<Import>, StoreError> {
    let at_work = ImportStatus::ALL.iter().filter(|status| status.is_at_work());
    let waiting = table::Entity::find()
        .filter(table::Column::Status.is_in(at_work.map(|status| status.code())))
        .order_by_asc(table::Column::StartedAt)
        .limit(50);
    let is_free = |row: &table::Model| {
        let held_by = row.leased_by.as_deref();
        row.lease_until.is_none_or(|until| until <= now) || held_by.is_some_and(|by| by == holder || dead(by))
    };
    // Most of the time there is nothing: no transaction is opened for that.
    if !waiting.clone().all(db.reader()).await?.iter().any(is_free) {
        return Ok(None);
    }
    let tx = db.begin().await?;
    let waiting = waiting.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let Some(row) = waiting.all(tx.writer()).await?.into_iter().find(is_free) else {
        return Ok(None);
    };
    let taken = table::ActiveModel {
        id: Set(row.id),
        leased_by: Set(Some(holder.to_owned())),
        lease_until: Set(Some(now + lease)),
        ..Default::default()
    };
    let import = read(taken.update(tx.writer()).await?)?;
    tx.commit().await?;
    Ok(Some(import))
}

/// Prolongs the lease inside a write, or with no holder ends it.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &Tx, id: ImportId, holder: Option<(&str, DateTime<Utc>)>) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(id.0),
        leased_by: Set(holder.map(|(name, _)| name.to_owned())),
        lease_until: Set(holder.map(|(_, until)| until)),
        ..Default::default()
    }
    .update(tx.writer())
    .await?;
    Ok(())
}

/// Writes rows: new ones, or what was found out about ones that are there.
///
/// # Errors
/// When the database fails.
pub async fn put_rows(tx: &Tx, id: ImportId, these: &[ImportRow]) -> Result<(), StoreError> {
    if these.is_empty() {
        return Ok(());
    }
    let mut models = Vec::with_capacity(these.len());
    for row in these {
        models.push(rows::ActiveModel {
            import: Set(id.0),
            position: Set(row.position),
            noun: Set(row.noun.code().to_owned()),
            line: Set(row.line),
            cells: Set(serde_json::to_string(&row.cells)?),
            row_key: Set(row.key.clone()),
            status: Set(row.status.code().to_owned()),
            report: Set(Some(serde_json::to_string(&row.report)?)),
        });
    }
    let replace = OnConflict::columns([rows::Column::Import, rows::Column::Position])
        .update_columns([rows::Column::RowKey, rows::Column::Status, rows::Column::Report])
        .to_owned();
    rows::Entity::insert_many(models)
        .on_conflict(replace)
        .exec_without_returning(tx.writer())
        .await?;
    Ok(())
}

fn read_row(row: rows::Model) -> Result<ImportRow, StoreError> {
    let report = row.report.map(|text| serde_json::from_str(&text)).transpose()?;
    Ok(ImportRow {
        position: row.position,
        noun: row.noun.parse().map_err(StoreError::Unreadable)?,
        line: row.line,
        cells: serde_json::from_str(&row.cells)?,
        key: row.row_key,
        status: row.status.parse().map_err(StoreError::Unreadable)?,
        report: report.unwrap_or_default(),
    })
}

/// The rows behind that place, of those kinds (none: of all), at most so many, read inside a write.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn rows_after(
    tx: &Tx,
    id: ImportId,
    position: i32,
    of: &[RowStatus],
    most: u64,
) -> Result<Vec<ImportRow>, StoreError> {
    let found = select(id, of).filter(rows::Column::Position.gt(position)).limit(most);
    found.all(tx.writer()).await?.into_iter().map(read_row).collect()
}

/// As [`rows_after`], outside a write.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn page(
    db: &Db,
    id: ImportId,
    position: i32,
    of: &[RowStatus],
    most: u64,
) -> Result<Vec<ImportRow>, StoreError> {
    let found = select(id, of).filter(rows::Column::Position.gt(position)).limit(most);
    found.all(db.reader()).await?.into_iter().map(read_row).collect()
}

/// The first row of that sheet: it tells which columns the file has.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn first_of(db: &Db, id: ImportId, noun: Noun) -> Result<Option<ImportRow>, StoreError> {
    let found = select(id, &[]).filter(rows::Column::Noun.eq(noun.code())).limit(1);
    found.one(db.reader()).await?.map(read_row).transpose()
}

/// Rows of those kinds from the given place on.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn slice(
    db: &Db,
    id: ImportId,
    of: &[RowStatus],
    from: u64,
    most: u64,
) -> Result<Vec<ImportRow>, StoreError> {
    let found = select(id, of).offset(from).limit(most);
    found.all(db.reader()).await?.into_iter().map(read_row).collect()
}

fn select(id: ImportId, of: &[RowStatus]) -> sea_orm::Select<rows::Entity> {
    let mut query = rows::Entity::find().filter(rows::Column::Import.eq(id.0));
    if !of.is_empty() {
        query = query.filter(rows::Column::Status.is_in(of.iter().map(|status| status.code())));
    }
    query.order_by_asc(rows::Column::Position)
}

/// The sheets that have rows which are wrong.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn wrong_sheets(db: &Db, id: ImportId) -> Result<Vec<Noun>, StoreError> {
    let found: Vec<String> = rows::Entity::find()
        .select_only()
        .column(rows::Column::Noun)
        .distinct()
        .filter(rows::Column::Import.eq(id.0))
        .filter(rows::Column::Status.eq(RowStatus::Refused.code()))
        .order_by_asc(rows::Column::Noun)
        .into_tuple()
        .all(db.reader())
        .await?;
    let read = |noun: String| noun.parse().map_err(StoreError::Unreadable);
    found.into_iter().map(read).collect()
}

/// Where in the file each of those keys comes first, read inside a write.
///
/// # Errors
/// When the database fails.
pub async fn first_with_key(
    tx: &Tx,
    id: ImportId,
    before: i32,
    keys: &[String],
) -> Result<HashMap<String, i32>, StoreError> {
    let found: Vec<(Option<String>, i32)> = rows::Entity::find()
        .select_only()
        .column(rows::Column::RowKey)
        .column_as(rows::Column::Line.min(), "line")
        .filter(rows::Column::Import.eq(id.0))
        .filter(rows::Column::Position.lte(before))
        .filter(rows::Column::RowKey.is_in(keys))
        .group_by(rows::Column::RowKey)
        .into_tuple()
        .all(tx.writer())
        .await?;
    Ok(found.into_iter().filter_map(|(key, line)| Some((key?, line))).collect())
}

/// Forgets the rows of an import: it failed or was given up.
///
/// # Errors
/// When the database fails.
pub async fn forget_rows(tx: &Tx, id: ImportId) -> Result<(), StoreError> {
    rows::Entity::delete_many()
        .filter(rows::Column::Import.eq(id.0))
        .exec(tx.writer())
        .await?;
    Ok(())
}

/// How many rows of an import are held.
///
/// # Errors
/// When the database fails.
pub async fn count_rows(db: &Db, id: ImportId) -> Result<u64, StoreError> {
    Ok(rows::Entity::find()
        .filter(rows::Column::Import.eq(id.0))
        .count(db.reader())
        .await?)
}
