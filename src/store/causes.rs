//! Findings about why gaps stay open. Withdrawn or replaced, never overwritten.

use super::entities::cause_findings as table;
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals};
use crate::domain::audit::digest;
use crate::domain::causes::CauseFinding;
use crate::domain::ids::{CauseFindingId, StateCode};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use std::collections::HashMap;

/// All findings about one state, oldest first, superseded ones among them.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Vec<CauseFinding>, StoreError> {
    let query = table::Entity::find().filter(table::Column::State.eq(state.as_str()));
    let rows = query
        .order_by_asc(table::Column::RecordedAt)
        .order_by_asc(table::Column::Id)
        .all(db.reader())
        .await?;
    let read = |row: table::Model| {
        let mut finding: CauseFinding = serde_json::from_str(&row.document)?;
        finding.superseded_at = row.superseded_at;
        finding.recorded_at = row.recorded_at;
        Ok(finding)
    };
    rows.into_iter().map(read).collect()
}

/// All findings that stand, with the natural key of imported ones.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn all_standing(db: &Db) -> Result<Vec<(Option<String>, CauseFinding)>, StoreError> {
    let query = table::Entity::find().filter(table::Column::SupersededAt.is_null());
    let rows = query
        .order_by_asc(table::Column::NaturalKey)
        .order_by_asc(table::Column::Id)
        .all(db.reader())
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.natural_key, serde_json::from_str(&row.document)?)))
        .collect()
}

/// The digest and recorder of every imported finding that stands, by its natural key.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db) -> Result<HashMap<String, (String, String)>, StoreError> {
    let rows: Vec<(String, String, String)> = table::Entity::find()
        .filter(table::Column::SupersededAt.is_null())
        .filter(table::Column::NaturalKey.is_not_null())
        .select_only()
        .columns([
            table::Column::NaturalKey,
            table::Column::Digest,
            table::Column::RecordedBy,
        ])
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(|(key, digest, by)| (key, (digest, by))).collect())
}

/// What an imported finding says, without what changes from import to import.
///
/// # Errors
/// Never in practice: the value is plain.
pub fn digest_of(finding: &CauseFinding) -> Result<String, StoreError> {
    let fixed = CauseFinding {
        id: CauseFindingId(uuid::Uuid::nil()),
        recorded_at: DateTime::UNIX_EPOCH,
        superseded_at: None,
        ..finding.clone()
    };
    Ok(digest(&serde_json::to_string(&fixed)?))
}

/// Writes findings; a standing one with the same natural key is superseded.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, findings: &[(Option<String>, CauseFinding)]) -> Result<(), StoreError> {
    for chunk in findings.chunks(CHUNK) {
        let keys: Vec<String> = chunk.iter().filter_map(|(key, _)| key.clone()).collect();
        if let (false, Some((_, first))) = (keys.is_empty(), chunk.first()) {
            table::Entity::update_many()
                .col_expr(table::Column::SupersededAt, Expr::value(first.recorded_at))
                .filter(table::Column::NaturalKey.is_in(keys.clone()))
                .filter(table::Column::SupersededAt.is_null())
                .exec(tx.writer())
                .await?;
            let gone = Condition::all()
                .add(table::Column::NaturalKey.is_in(keys))
                .add(table::Column::SupersededAt.eq(first.recorded_at));
            seals::add::<table::Entity>(tx, gone).await?;
        }
        let mut rows = Vec::with_capacity(chunk.len());
        for (key, finding) in chunk {
            rows.push(table::ActiveModel {
                id: Set(finding.id.0),
                natural_key: Set(key.clone()),
                state: Set(finding.state.to_string()),
                provision: Set(finding.provision.to_string()),
                document: Set(serde_json::to_string(finding)?),
                digest: Set(digest_of(finding)?),
                recorded_by: Set(finding.recorded_by.clone()),
                recorded_at: Set(finding.recorded_at),
                superseded_at: Set(None),
            });
        }
        table::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        let ids = chunk.iter().map(|(_, finding)| finding.id.0);
        seals::add::<table::Entity>(tx, table::Column::Id.is_in(ids)).await?;
    }
    Ok(())
}

/// Withdraws findings.
///
/// # Errors
/// When the database fails.
pub async fn supersede(tx: &Tx, ids: &[CauseFindingId], at: DateTime<Utc>) -> Result<(), StoreError> {
    table::Entity::update_many()
        .col_expr(table::Column::SupersededAt, Expr::value(at))
        .filter(table::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(table::Column::SupersededAt.is_null())
        .exec(tx.writer())
        .await?;
    seals::add::<table::Entity>(tx, table::Column::Id.is_in(ids.iter().map(|id| id.0))).await
}
