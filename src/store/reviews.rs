//! The steps of reviews: added, never changed.

use super::entities::evidence_reviews as table;
use super::{Db, StoreError, Tx, seals};
use crate::domain::ids::EvidenceId;
use crate::domain::reviews::ReviewStep;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

/// Adds a step.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, step: &ReviewStep) -> Result<(), StoreError> {
    let id = Uuid::now_v7();
    table::ActiveModel {
        id: Set(id),
        evidence: Set(step.evidence.0),
        revision: Set(step.revision),
        step: Set(step.step.code().to_owned()),
        by: Set(step.by.clone()),
        at: Set(step.at),
        remark: Set(step.remark.clone()),
    }
    .insert(tx.writer())
    .await?;
    seals::add::<table::Entity>(tx, table::Column::Id.eq(id)).await
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
