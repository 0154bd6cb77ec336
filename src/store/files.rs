//! Which files are kept. The bytes are in the object store, under the same hash.

use super::entities::{evidence_revisions, files as table};
use super::{Db, StoreError, Tx, seals};
use crate::domain::evidence::EvidenceFile;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, TryInsertResult};

/// Adds a file. Whether it was not there before: the same bytes twice are one file.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &Tx, file: &EvidenceFile, by: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = table::ActiveModel {
        sha256: Set(file.sha256.clone()),
        name: Set(file.name.clone()),
        content_type: Set(file.content_type.clone()),
        size: Set(i64::try_from(file.size).unwrap_or(i64::MAX)),
        uploaded_by: Set(by.to_owned()),
        uploaded_at: Set(at),
    };
    let inserted = table::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(tx.writer())
        .await?;
    let is_new = matches!(inserted, TryInsertResult::Inserted(1..));
    if is_new {
        let written = Condition::all().add(table::Column::Sha256.eq(file.sha256.as_str()));
        seals::add::<table::Entity>(tx, written).await?;
    }
    Ok(is_new)
}

/// The file with that hash, under the name it first came with.
///
/// # Errors
/// When the database fails.
pub async fn by_hash(db: &Db, sha256: &str) -> Result<Option<EvidenceFile>, StoreError> {
    Ok(table::Entity::find_by_id(sha256.to_owned())
        .one(db.reader())
        .await?
        .map(read))
}

/// The next files by their hash, after that one: the whole table, a page at a time.
///
/// # Errors
/// When the database fails.
pub async fn after(db: &Db, sha256: &str, most: u64) -> Result<Vec<EvidenceFile>, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::Sha256.gt(sha256))
        .order_by_asc(table::Column::Sha256)
        .limit(most)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Whether everybody may read it, because evidence that everybody sees names it.
///
/// # Errors
/// When the database fails.
pub async fn is_public(db: &Db, sha256: &str) -> Result<bool, StoreError> {
    let names_it = evidence_revisions::Entity::find()
        .select_only()
        .column(evidence_revisions::Column::Revision)
        .filter(evidence_revisions::Column::FileSha256.eq(sha256))
        .filter(evidence_revisions::Column::AcceptedAt.is_not_null())
        .into_tuple::<i32>()
        .one(db.reader())
        .await?;
    Ok(names_it.is_some())
}

fn read(row: table::Model) -> EvidenceFile {
    EvidenceFile {
        sha256: row.sha256,
        name: row.name,
        content_type: row.content_type,
        size: u64::try_from(row.size).unwrap_or(0),
    }
}
