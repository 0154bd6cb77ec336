//! Evidence: an identity with numbered revisions, attached to a theme or to provisions.

use super::entities::{evidence, evidence_provisions, evidence_revisions};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx};
use crate::domain::audit::digest;
use crate::domain::evidence::Evidence;
use crate::domain::ids::{EvidenceId, StateCode};
use crate::domain::summaries::StoredEvidence;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set};
use std::collections::HashMap;

/// What is stored under a natural key.
#[derive(Debug, Clone)]
pub struct StandingEvidence {
    /// Its identity.
    pub id: EvidenceId,
    /// Its current revision.
    pub revision: i32,
    /// SHA-256 of that revision.
    pub digest: String,
    /// Who recorded that revision.
    pub recorded_by: String,
}

/// A revision to be written.
#[derive(Debug, Clone)]
pub struct NewRevision {
    /// Its identity.
    pub id: EvidenceId,
    /// Its number, from 1.
    pub revision: i32,
    /// What it says.
    pub evidence: Evidence,
}

/// The current evidence of one state, newest publication first.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Vec<StoredEvidence>, StoreError> {
    let mut found = select(db, evidence::Column::State.eq(state.as_str()).into()).await?;
    sort_newest_first(&mut found);
    Ok(found)
}

/// All current evidence, by its key.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn all(db: &Db) -> Result<Vec<StoredEvidence>, StoreError> {
    let mut found = select(db, Condition::all()).await?;
    found.sort_by(|a, b| a.evidence.key.cmp(&b.evidence.key));
    Ok(found)
}

/// One item by its identity.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn by_id(db: &Db, id: EvidenceId) -> Result<Option<StoredEvidence>, StoreError> {
    Ok(select(db, evidence::Column::Id.eq(id.0).into()).await?.pop())
}

/// One item by the name under which it was entered.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn by_key(db: &Db, key: &str) -> Result<Option<StoredEvidence>, StoreError> {
    Ok(select(db, evidence::Column::NaturalKey.eq(key).into()).await?.pop())
}

fn sort_newest_first(found: &mut [StoredEvidence]) {
    found.sort_by(|a, b| {
        let date = |item: &StoredEvidence| item.evidence.published.map(crate::domain::dates::PartialDate::latest);
        date(b).cmp(&date(a)).then_with(|| b.evidence.key.cmp(&a.evidence.key))
    });
}

async fn select(db: &Db, condition: Condition) -> Result<Vec<StoredEvidence>, StoreError> {
    let items = evidence::Entity::find()
        .filter(condition.clone())
        .all(db.reader())
        .await?;
    // The two queries may straddle a write; a revision that is not there yet is simply not shown yet.
    let revisions = evidence_revisions::Entity::find()
        .filter(
            evidence_revisions::Column::Evidence.in_subquery(
                evidence::Entity::find()
                    .select_only()
                    .column(evidence::Column::Id)
                    .filter(condition)
                    .into_query(),
            ),
        )
        .all(db.reader())
        .await?;
    let mut by_key: HashMap<_, _> = revisions
        .into_iter()
        .map(|row| ((row.evidence, row.revision), row))
        .collect();
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let Some(row) = by_key.remove(&(item.id, item.revision)) else {
            continue;
        };
        found.push(StoredEvidence {
            id: EvidenceId(item.id),
            revision: item.revision,
            evidence: serde_json::from_str(&row.document)?,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        });
    }
    Ok(found)
}

/// Every item by its natural key.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db) -> Result<HashMap<String, StandingEvidence>, StoreError> {
    let items = evidence::Entity::find().all(db.reader()).await?;
    let columns = [
        evidence_revisions::Column::Digest,
        evidence_revisions::Column::RecordedBy,
    ];
    let rows: Vec<(uuid::Uuid, i32, String, String)> = evidence_revisions::Entity::find()
        .select_only()
        .columns([
            evidence_revisions::Column::Evidence,
            evidence_revisions::Column::Revision,
        ])
        .columns(columns)
        .order_by_asc(evidence_revisions::Column::Revision)
        .into_tuple()
        .all(db.reader())
        .await?;
    let latest: HashMap<_, _> = rows.into_iter().map(|(id, _, digest, by)| (id, (digest, by))).collect();
    let known = items.into_iter().filter_map(|item| {
        let (digest, recorded_by) = latest.get(&item.id)?.clone();
        let standing = StandingEvidence {
            id: EvidenceId(item.id),
            revision: item.revision,
            digest,
            recorded_by,
        };
        Some((item.natural_key, standing))
    });
    Ok(known.collect())
}

/// Writes revisions; an item's first revision makes the item.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, revisions: &[NewRevision], by: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    for chunk in revisions.chunks(CHUNK) {
        let items = chunk.iter().map(|new| evidence::ActiveModel {
            id: Set(new.id.0),
            natural_key: Set(new.evidence.key.clone()),
            state: Set(new.evidence.state.to_string()),
            theme: Set(new.evidence.theme.as_ref().map(ToString::to_string)),
            revision: Set(new.revision),
            recorded_at: Set(at),
        });
        let columns = [
            evidence::Column::State,
            evidence::Column::Theme,
            evidence::Column::Revision,
        ];
        let replace = OnConflict::column(evidence::Column::Id)
            .update_columns(columns)
            .to_owned();
        evidence::Entity::insert_many(items)
            .on_conflict(replace)
            .exec_without_returning(tx.writer())
            .await?;

        let mut rows = Vec::with_capacity(chunk.len());
        for new in chunk {
            let document = serde_json::to_string(&new.evidence)?;
            rows.push(evidence_revisions::ActiveModel {
                evidence: Set(new.id.0),
                revision: Set(new.revision),
                digest: Set(digest(&document)),
                document: Set(document),
                recorded_by: Set(by.to_owned()),
                recorded_at: Set(at),
            });
        }
        evidence_revisions::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        save_provisions(tx, chunk).await?;
    }
    Ok(())
}

async fn save_provisions(tx: &Tx, chunk: &[NewRevision]) -> Result<(), StoreError> {
    let ids = chunk.iter().filter(|new| new.revision > 1).map(|new| new.id.0);
    evidence_provisions::Entity::delete_many()
        .filter(evidence_provisions::Column::Evidence.is_in(ids))
        .exec(tx.writer())
        .await?;
    let links = chunk.iter().flat_map(|new| {
        new.evidence
            .provisions
            .iter()
            .map(|provision| evidence_provisions::ActiveModel {
                evidence: Set(new.id.0),
                provision: Set(provision.to_string()),
            })
    });
    let links: Vec<_> = links.collect();
    if !links.is_empty() {
        evidence_provisions::Entity::insert_many(links)
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok(())
}
