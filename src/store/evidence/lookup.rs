//! Evidence looked up by what a file of bulk import names: keys, likenesses, identities, and what serves provisions.

use super::{read, sort_newest_first};
use crate::domain::ids::{EvidenceId, StateCode};
use crate::domain::summaries::StoredEvidence;
use crate::store::entities::{evidence, evidence_provisions, evidence_revisions as revisions};
use crate::store::reference::CHUNK;
use crate::store::{Db, StoreError, Tx};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is held under a key or likeness that a file names.
#[derive(Debug, Clone)]
pub struct KnownEvidence {
    /// By what it is known where its key is not given.
    pub likeness: Option<String>,
    /// Its latest revision, whatever became of it.
    pub latest: StoredEvidence,
    /// The revision that counts, where that is another one.
    pub standing: Option<StoredEvidence>,
}

/// What is held under those keys and likenesses, read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn known_as(tx: &Tx, keys: &[String], likenesses: &[String]) -> Result<Vec<KnownEvidence>, StoreError> {
    let mut items: HashMap<uuid::Uuid, Option<String>> = HashMap::new();
    let named = [
        (evidence::Column::NaturalKey, keys),
        (evidence::Column::Likeness, likenesses),
    ];
    for (column, wanted) in named {
        for chunk in wanted.chunks(CHUNK) {
            let found = evidence::Entity::find()
                .filter(column.is_in(chunk))
                .all(tx.writer())
                .await?;
            items.extend(found.into_iter().map(|item| (item.id, item.likeness)));
        }
    }
    let ids: Vec<uuid::Uuid> = items.keys().copied().collect();
    let mut known: HashMap<uuid::Uuid, KnownEvidence> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows = revisions::Entity::find()
            .filter(revisions::Column::Evidence.is_in(chunk.iter().copied()))
            .order_by_desc(revisions::Column::Revision)
            .all(tx.writer())
            .await?;
        for row in rows {
            let (id, stands) = (row.evidence, row.accepted_at.is_some() && row.replaced_at.is_none());
            match known.get_mut(&id) {
                None => {
                    let likeness = items.get(&id).cloned().flatten();
                    let latest = read(row)?;
                    let one = KnownEvidence {
                        likeness,
                        latest,
                        standing: None,
                    };
                    known.insert(id, one);
                }
                Some(one) if stands => one.standing = Some(read(row)?),
                Some(_) => {}
            }
        }
    }
    Ok(known.into_values().collect())
}

/// Identity and key of each piece of evidence that is named by either, read inside a write.
///
/// # Errors
/// When the database fails.
pub async fn named(tx: &Tx, keys: &[String], ids: &[EvidenceId]) -> Result<Vec<(EvidenceId, String)>, StoreError> {
    let mut found: Vec<(uuid::Uuid, String)> = Vec::new();
    let columns = || {
        evidence::Entity::find()
            .select_only()
            .columns([evidence::Column::Id, evidence::Column::NaturalKey])
    };
    for chunk in keys.chunks(CHUNK) {
        let query = columns().filter(evidence::Column::NaturalKey.is_in(chunk));
        found.extend(query.into_tuple::<(uuid::Uuid, String)>().all(tx.writer()).await?);
    }
    for chunk in ids.chunks(CHUNK) {
        let query = columns().filter(evidence::Column::Id.is_in(chunk.iter().map(|id| id.0)));
        found.extend(query.into_tuple::<(uuid::Uuid, String)>().all(tx.writer()).await?);
    }
    Ok(found.into_iter().map(|(id, key)| (EvidenceId(id), key)).collect())
}

/// The keys of those pieces of evidence.
///
/// # Errors
/// When the database fails.
pub async fn keys_of(db: &Db, ids: &[EvidenceId]) -> Result<HashMap<EvidenceId, String>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let query = evidence::Entity::find()
            .select_only()
            .columns([evidence::Column::Id, evidence::Column::NaturalKey])
            .filter(evidence::Column::Id.is_in(chunk.iter().map(|id| id.0)));
        let rows: Vec<(uuid::Uuid, String)> = query.into_tuple().all(db.reader()).await?;
        found.extend(rows.into_iter().map(|(id, key)| (EvidenceId(id), key)));
    }
    Ok(found)
}

/// The evidence that counts and may speak of these provisions: attached to their themes or to them, state by state.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn serving(
    tx: &Tx,
    places: &BTreeMap<StateCode, (BTreeSet<String>, BTreeSet<String>)>,
) -> Result<HashMap<StateCode, Vec<StoredEvidence>>, StoreError> {
    let mut any = Condition::any();
    for (state, (themes, provisions)) in places {
        let attached = sea_orm::QuerySelect::query(
            &mut evidence_provisions::Entity::find()
                .select_only()
                .column(evidence_provisions::Column::Evidence)
                .filter(evidence_provisions::Column::Provision.is_in(provisions)),
        )
        .to_owned();
        let of_them = Condition::any()
            .add(evidence::Column::Theme.is_in(themes))
            .add(evidence::Column::Id.in_subquery(attached));
        let here = evidence::Column::State.eq(state.as_str());
        any = any.add(Condition::all().add(here).add(of_them));
    }
    let items = sea_orm::QuerySelect::query(
        &mut evidence::Entity::find()
            .select_only()
            .column(evidence::Column::Id)
            .filter(any),
    )
    .to_owned();
    let rows = revisions::Entity::find()
        .filter(revisions::Column::AcceptedAt.is_not_null())
        .filter(revisions::Column::ReplacedAt.is_null())
        .filter(revisions::Column::Evidence.in_subquery(items))
        .all(tx.writer())
        .await?;
    let mut found: HashMap<StateCode, Vec<StoredEvidence>> = HashMap::new();
    for row in rows {
        let stored = read(row)?;
        found.entry(stored.evidence.state.clone()).or_default().push(stored);
    }
    found.values_mut().for_each(|list| sort_newest_first(list));
    Ok(found)
}
