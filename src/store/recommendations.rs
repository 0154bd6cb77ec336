//! Recommendations: an identity with numbered revisions, each superseding the one before.

use super::entities::{recommendation_revisions as revisions, recommendations as table};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals, search};
use crate::domain::ids::{RecommendationId, StateCode};
use crate::domain::recommendations::{Recommendation, StoredRecommendation};
use crate::domain::search::EntryKind;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set};
use std::collections::HashMap;

/// A revision to be written.
#[derive(Debug, Clone)]
pub struct NewRecommendation {
    /// Its identity.
    pub id: RecommendationId,
    /// Its number, from 1.
    pub revision: i32,
    /// What it says.
    pub recommendation: Recommendation,
}

/// Every revision to one state, newest recommendation first: who asks for a day picks with
/// [`StoredRecommendation::known_on`].
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Vec<StoredRecommendation>, StoreError> {
    let rows = revisions::Entity::find()
        .filter(revisions::Column::State.eq(state.as_str()))
        .all(db.reader())
        .await?;
    let mut found = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let date = |one: &StoredRecommendation| one.recommendation.date.map(crate::domain::dates::PartialDate::latest);
    found.sort_by(|a, b| date(b).cmp(&date(a)).then_with(|| a.id.cmp(&b.id)));
    Ok(found)
}

/// Every revision of one recommendation, oldest first.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn revisions_of(db: &Db, id: RecommendationId) -> Result<Vec<StoredRecommendation>, StoreError> {
    let rows = revisions::Entity::find()
        .filter(revisions::Column::Recommendation.eq(id.0))
        .order_by_asc(revisions::Column::Revision)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// What stands under those natural keys, read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn standing(tx: &Tx, keys: &[String]) -> Result<HashMap<String, StoredRecommendation>, StoreError> {
    let mut found = HashMap::new();
    for chunk in keys.chunks(CHUNK) {
        let items = table::Entity::find()
            .filter(table::Column::NaturalKey.is_in(chunk))
            .all(tx.writer())
            .await?;
        let key_of: HashMap<_, _> = items.into_iter().map(|item| (item.id, item.natural_key)).collect();
        let current = Condition::all()
            .add(revisions::Column::Recommendation.is_in(key_of.keys().copied()))
            .add(revisions::Column::ReplacedAt.is_null());
        for row in revisions::Entity::find().filter(current).all(tx.writer()).await? {
            if let Some(key) = key_of.get(&row.recommendation) {
                found.insert(key.clone(), read(row)?);
            }
        }
    }
    Ok(found)
}

/// Revisions that count or did, after that one in the order of identity and revision, at most so many.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn page(
    db: &Db,
    state: Option<&StateCode>,
    after: Option<(RecommendationId, i32)>,
    most: u64,
) -> Result<Vec<StoredRecommendation>, StoreError> {
    let rows = in_order(state, after, most).all(db.reader()).await?;
    rows.into_iter().map(read).collect()
}

/// Revisions in the order of their keys, after that one; read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub(in crate::store) async fn after(
    tx: &Tx,
    last: Option<(RecommendationId, i32)>,
    most: u64,
) -> Result<Vec<StoredRecommendation>, StoreError> {
    let rows = in_order(None, last, most).all(tx.writer()).await?;
    rows.into_iter().map(read).collect()
}

fn in_order(state: Option<&StateCode>, after: Option<(RecommendationId, i32)>, most: u64) -> Select<revisions::Entity> {
    let mut query = revisions::Entity::find();
    if let Some(state) = state {
        query = query.filter(revisions::Column::State.eq(state.as_str()));
    }
    if let Some((id, revision)) = after {
        let later = revisions::Column::Recommendation
            .eq(id.0)
            .and(revisions::Column::Revision.gt(revision));
        query = query.filter(revisions::Column::Recommendation.gt(id.0).or(later));
    }
    query
        .order_by_asc(revisions::Column::Recommendation)
        .order_by_asc(revisions::Column::Revision)
        .limit(most)
}

fn read(row: revisions::Model) -> Result<StoredRecommendation, StoreError> {
    Ok(StoredRecommendation {
        id: RecommendationId(row.recommendation),
        revision: row.revision,
        recommendation: serde_json::from_str(&row.document)?,
        recorded_by: row.recorded_by,
        recorded_at: row.recorded_at,
        replaced_at: row.replaced_at,
    })
}

/// Writes revisions; an item's first revision makes the item, a later one takes the place of the one before.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, new: &[NewRecommendation], by: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    for chunk in new.chunks(CHUNK) {
        save_items(tx, chunk, at).await?;
        let among = Condition::all()
            .add(revisions::Column::Recommendation.is_in(chunk.iter().map(|new| new.id.0)))
            .add(revisions::Column::ReplacedAt.is_null());
        revisions::Entity::update_many()
            .col_expr(revisions::Column::ReplacedAt, Expr::value(at))
            .filter(among)
            .exec(tx.writer())
            .await?;
        let mut rows = Vec::with_capacity(chunk.len());
        for new in chunk {
            rows.push(revisions::ActiveModel {
                recommendation: Set(new.id.0),
                revision: Set(new.revision),
                state: Set(new.recommendation.state.to_string()),
                document: Set(serde_json::to_string(&new.recommendation)?),
                recorded_by: Set(by.to_owned()),
                recorded_at: Set(at),
                replaced_at: Set(None),
            });
        }
        revisions::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        let touched = Condition::any()
            .add(revisions::Column::RecordedAt.eq(at))
            .add(revisions::Column::ReplacedAt.eq(at));
        let ids = chunk.iter().map(|new| new.id.0);
        let written = Condition::all()
            .add(revisions::Column::Recommendation.is_in(ids))
            .add(touched);
        seals::add::<revisions::Entity>(tx, written).await?;
        index(tx, chunk, by, at).await?;
    }
    Ok(())
}

/// What is found by a search is what stands.
async fn index(tx: &Tx, chunk: &[NewRecommendation], by: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let keys: Vec<String> = chunk.iter().map(|new| new.id.to_string()).collect();
    search::retire(tx, EntryKind::Recommendation, &keys, at.date_naive()).await?;
    let stored = chunk.iter().map(|new| StoredRecommendation {
        id: new.id,
        revision: new.revision,
        recommendation: new.recommendation.clone(),
        recorded_by: by.to_owned(),
        recorded_at: at,
        replaced_at: None,
    });
    let entries = search::of_recommendations(tx, &stored.collect::<Vec<_>>()).await?;
    search::put(tx, &entries).await
}

async fn save_items(tx: &Tx, chunk: &[NewRecommendation], at: DateTime<Utc>) -> Result<(), StoreError> {
    let items = chunk.iter().map(|new| {
        let one = &new.recommendation;
        table::ActiveModel {
            id: Set(new.id.0),
            natural_key: Set(one.natural_key()),
            state: Set(one.state.to_string()),
            body: Set(one.body.code().to_owned()),
            acceptance: Set(one.acceptance.code().to_owned()),
            date: Set(one.date.map(|date| date.to_string())),
            revision: Set(new.revision),
            changed_at: Set(at),
        }
    });
    let replace = OnConflict::column(table::Column::Id)
        .update_columns([
            table::Column::Body,
            table::Column::Acceptance,
            table::Column::Date,
            table::Column::Revision,
            table::Column::ChangedAt,
        ])
        .to_owned();
    table::Entity::insert_many(items)
        .on_conflict(replace)
        .exec_without_returning(tx.writer())
        .await?;
    Ok(())
}
