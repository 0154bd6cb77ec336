//! The steps of reviews: added, never changed.

use super::entities::evidence_reviews as table;
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals};
use crate::domain::ids::EvidenceId;
use crate::domain::reviews::ReviewStep;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

/// Adds a step.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, step: &ReviewStep) -> Result<(), StoreError> {
    add_all(tx, std::slice::from_ref(step)).await
}

/// Adds steps.
///
/// # Errors
/// When the database fails.
pub async fn add_all(tx: &Tx, steps: &[ReviewStep]) -> Result<(), StoreError> {
    for chunk in steps.chunks(CHUNK) {
        let rows: Vec<table::ActiveModel> = chunk.iter().map(row).collect();
        let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.id.try_as_ref().copied()).collect();
        table::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        seals::add::<table::Entity>(tx, table::Column::Id.is_in(ids)).await?;
    }
    Ok(())
}

fn row(step: &ReviewStep) -> table::ActiveModel {
    table::ActiveModel {
        id: Set(Uuid::now_v7()),
        evidence: Set(step.evidence.0),
        revision: Set(step.revision),
        step: Set(step.step.code().to_owned()),
        by: Set(step.by.clone()),
        at: Set(step.at),
        remark: Set(step.remark.clone()),
    }
}

/// Every step with one item, oldest first.
///
/// # Errors
/// When the database fails or holds a step of another version.
pub async fn of(db: &Db, evidence: EvidenceId) -> Result<Vec<ReviewStep>, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::Evidence.eq(evidence.0))
        .order_by_asc(table::Column::Id)
        .all(db.reader())
        .await?;
    let read = |row: table::Model| {
        Ok(ReviewStep {
            evidence: EvidenceId(row.evidence),
            revision: row.revision,
            step: row.step.parse().map_err(StoreError::Unreadable)?,
            by: row.by,
            at: row.at,
            remark: row.remark,
        })
    };
    rows.into_iter().map(read).collect()
}
