//! Evidence: an identity with numbered revisions, attached to a theme or to provisions.

mod lookup;

pub use lookup::{KnownEvidence, keys_of, known_as, named, serving};

use super::entities::{evidence, evidence_provisions, evidence_revisions as revisions};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals, search, standings};
use crate::domain::audit::digest;
use crate::domain::evidence::Evidence;
use crate::domain::ids::{EvidenceId, StateCode, ThemeCode};
use crate::domain::links::link_hash;
use crate::domain::reviews::ReviewStatus;
use crate::domain::search::EntryKind;
use crate::domain::summaries::StoredEvidence;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use std::collections::{BTreeSet, HashMap};

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

/// Every revision about one state that counts or did, newest publication first: who asks for a day picks with
/// [`StoredEvidence::known_on`].
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Vec<StoredEvidence>, StoreError> {
    let accepted = Condition::all()
        .add(revisions::Column::State.eq(state.as_str()))
        .add(revisions::Column::AcceptedAt.is_not_null());
    let mut found = select(db, accepted).await?;
    sort_newest_first(&mut found);
    Ok(found)
}

/// As [`of_state`], of those alone that may speak of provisions of these themes: attached to one of the themes, or to
/// provisions by name.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn about(
    db: &Db,
    state: &StateCode,
    themes: &BTreeSet<ThemeCode>,
) -> Result<Vec<StoredEvidence>, StoreError> {
    let themes = themes.iter().map(ThemeCode::as_str);
    let speaks = Condition::any()
        .add(
            revisions::Column::Theme
                .is_in(themes)
                .and(revisions::Column::Exact.eq(false)),
        )
        .add(revisions::Column::Exact.eq(true));
    let accepted = Condition::all()
        .add(revisions::Column::State.eq(state.as_str()))
        .add(revisions::Column::AcceptedAt.is_not_null())
        .add(speaks);
    let mut found = select(db, accepted).await?;
    sort_newest_first(&mut found);
    Ok(found)
}

/// The revisions about one state that count now, read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn standing_in(tx: &Tx, state: &StateCode) -> Result<Vec<StoredEvidence>, StoreError> {
    let rows = revisions::Entity::find()
        .filter(revisions::Column::State.eq(state.as_str()))
        .filter(revisions::Column::AcceptedAt.is_not_null())
        .filter(revisions::Column::ReplacedAt.is_null())
        .all(tx.writer())
        .await?;
    rows.into_iter().map(read).collect()
}

/// Revisions that count or did, of one state or of all, after that one in the order of identity and revision, at most
/// so many.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn page(
    db: &Db,
    state: Option<&StateCode>,
    after: Option<(EvidenceId, i32)>,
    most: u64,
) -> Result<Vec<StoredEvidence>, StoreError> {
    let mut query = revisions::Entity::find().filter(revisions::Column::AcceptedAt.is_not_null());
    if let Some(state) = state {
        query = query.filter(revisions::Column::State.eq(state.as_str()));
    }
    if let Some((id, revision)) = after {
        let later = revisions::Column::Evidence
            .eq(id.0)
            .and(revisions::Column::Revision.gt(revision));
        query = query.filter(revisions::Column::Evidence.gt(id.0).or(later));
    }
    let rows = query
        .order_by_asc(revisions::Column::Evidence)
        .order_by_asc(revisions::Column::Revision)
        .limit(most)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// Every revision on one theme that counts or did: who asks for a day picks with [`StoredEvidence::known_on`].
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_theme(db: &Db, theme: &ThemeCode) -> Result<Vec<StoredEvidence>, StoreError> {
    let accepted = Condition::all()
        .add(revisions::Column::Theme.eq(theme.as_str()))
        .add(revisions::Column::AcceptedAt.is_not_null());
    select(db, accepted).await
}

/// All evidence that counts, by its key.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn all(db: &Db) -> Result<Vec<StoredEvidence>, StoreError> {
    let standing = Condition::all()
        .add(revisions::Column::AcceptedAt.is_not_null())
        .add(revisions::Column::ReplacedAt.is_null());
    let mut found = select(db, standing).await?;
    found.sort_by(|a, b| a.evidence.key.cmp(&b.evidence.key));
    Ok(found)
}

/// Every revision of one item, oldest first, whatever became of it.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn revisions_of(db: &Db, id: EvidenceId) -> Result<Vec<StoredEvidence>, StoreError> {
    select(db, revisions::Column::Evidence.eq(id.0).into()).await
}

/// Every revision of those items, whatever became of them.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_items(db: &Db, ids: &[EvidenceId]) -> Result<Vec<StoredEvidence>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: std::collections::BTreeSet<_> = ids.iter().map(|id| id.0).collect();
    select(db, revisions::Column::Evidence.is_in(ids).into()).await
}

/// The latest revision of one item, whatever became of it.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn latest(db: &Db, id: EvidenceId) -> Result<Option<StoredEvidence>, StoreError> {
    Ok(revisions_of(db, id).await?.pop())
}

/// The latest revision of one item, read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn latest_in(tx: &Tx, id: EvidenceId) -> Result<Option<StoredEvidence>, StoreError> {
    let query = revisions::Entity::find().filter(revisions::Column::Evidence.eq(id.0));
    let row = query
        .order_by_desc(revisions::Column::Revision)
        .one(tx.writer())
        .await?;
    row.map(read).transpose()
}

/// The latest revision of each of those items, read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn latest_of(tx: &Tx, ids: &[EvidenceId]) -> Result<Vec<StoredEvidence>, StoreError> {
    let rows = revisions::Entity::find()
        .filter(revisions::Column::Evidence.is_in(ids.iter().map(|id| id.0)))
        .order_by_desc(revisions::Column::Revision)
        .all(tx.writer())
        .await?;
    let mut seen = std::collections::HashSet::new();
    let latest = rows.into_iter().filter(|row| seen.insert(row.evidence));
    latest.map(read).collect()
}

/// SHA-256 of what each revision of one item says, by its number.
///
/// # Errors
/// When the database fails.
pub async fn digests_of(db: &Db, id: EvidenceId) -> Result<HashMap<i32, String>, StoreError> {
    let rows: Vec<(i32, String)> = revisions::Entity::find()
        .select_only()
        .columns([revisions::Column::Revision, revisions::Column::Digest])
        .filter(revisions::Column::Evidence.eq(id.0))
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().collect())
}

/// The latest revision of every item about one state that is in one of those states of review, the last changed first.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn latest_in_status(
    db: &Db,
    state: &StateCode,
    status: &[ReviewStatus],
) -> Result<Vec<StoredEvidence>, StoreError> {
    let item = evidence::Entity::belongs_to(revisions::Entity)
        .from(evidence::Column::Id)
        .to(revisions::Column::Evidence)
        .into();
    let rows = revisions::Entity::find()
        .join_rev(JoinType::InnerJoin, item)
        .filter(evidence::Column::State.eq(state.as_str()))
        .filter(evidence::Column::Status.is_in(status.iter().map(|one| one.code())))
        .filter(
            Expr::col((evidence::Entity, evidence::Column::Revision))
                .equals((revisions::Entity, revisions::Column::Revision)),
        )
        .order_by_desc(evidence::Column::ChangedAt)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// Revisions that count or did, in the order of their keys, after that one; read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub(in crate::store) async fn accepted_after(
    tx: &Tx,
    after: Option<(EvidenceId, i32)>,
    many: u64,
) -> Result<Vec<StoredEvidence>, StoreError> {
    let mut query = revisions::Entity::find().filter(revisions::Column::AcceptedAt.is_not_null());
    if let Some((id, revision)) = after {
        let same = revisions::Column::Evidence
            .eq(id.0)
            .and(revisions::Column::Revision.gt(revision));
        query = query.filter(revisions::Column::Evidence.gt(id.0).or(same));
    }
    let rows = query
        .order_by_asc(revisions::Column::Evidence)
        .order_by_asc(revisions::Column::Revision)
        .limit(many)
        .all(tx.writer())
        .await?;
    rows.into_iter().map(read).collect()
}

/// The latest revision under the name under which it was entered.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn by_key(db: &Db, key: &str) -> Result<Option<StoredEvidence>, StoreError> {
    let item = evidence::Entity::find()
        .filter(evidence::Column::NaturalKey.eq(key))
        .one(db.reader())
        .await?;
    match item {
        Some(item) => Ok(revisions_of(db, EvidenceId(item.id)).await?.pop()),
        None => Ok(None),
    }
}

fn sort_newest_first(found: &mut [StoredEvidence]) {
    found.sort_by(|a, b| {
        let date = |item: &StoredEvidence| item.evidence.published.map(crate::domain::dates::PartialDate::latest);
        date(b).cmp(&date(a)).then_with(|| b.evidence.key.cmp(&a.evidence.key))
    });
}

async fn select(db: &Db, condition: Condition) -> Result<Vec<StoredEvidence>, StoreError> {
    let rows = revisions::Entity::find()
        .filter(condition)
        .order_by_asc(revisions::Column::Evidence)
        .order_by_asc(revisions::Column::Revision)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

pub(in crate::store) fn read(row: revisions::Model) -> Result<StoredEvidence, StoreError> {
    Ok(StoredEvidence {
        id: EvidenceId(row.evidence),
        revision: row.revision,
        evidence: serde_json::from_str(&row.document)?,
        recorded_by: row.recorded_by,
        recorded_at: row.recorded_at,
        status: row.status.parse().map_err(StoreError::Unreadable)?,
        accepted_at: row.accepted_at,
        replaced_at: row.replaced_at,
    })
}

/// Every item by its natural key.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db) -> Result<HashMap<String, StandingEvidence>, StoreError> {
    let items = evidence::Entity::find().all(db.reader()).await?;
    let columns = [revisions::Column::Digest, revisions::Column::RecordedBy];
    let rows: Vec<(uuid::Uuid, i32, String, String)> = revisions::Entity::find()
        .select_only()
        .columns([revisions::Column::Evidence, revisions::Column::Revision])
        .columns(columns)
        .order_by_asc(revisions::Column::Revision)
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

/// Writes revisions in that status; an item's first revision makes the item. An accepted one takes the place of the one
/// that counted before.
///
/// # Errors
/// When the database fails.
pub async fn save(
    tx: &Tx,
    new: &[NewRevision],
    status: ReviewStatus,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let counts = status == ReviewStatus::Accepted;
    for chunk in new.chunks(CHUNK) {
        save_items(tx, chunk, status, by, at).await?;
        let ids = || chunk.iter().map(|new| new.id.0);
        if counts {
            replace(tx, revisions::Column::Evidence.is_in(ids()).into(), at).await?;
            let replaced = chunk.iter().filter(|new| new.revision > 1).map(|new| new.id);
            unfind(tx, replaced, at).await?;
            let stored = |new: &NewRevision| StoredEvidence {
                id: new.id,
                revision: new.revision,
                evidence: new.evidence.clone(),
                recorded_by: by.to_owned(),
                recorded_at: at,
                status,
                accepted_at: Some(at),
                replaced_at: None,
            };
            find(tx, &chunk.iter().map(stored).collect::<Vec<_>>()).await?;
        }
        let mut rows = Vec::with_capacity(chunk.len());
        for new in chunk {
            let document = serde_json::to_string(&new.evidence)?;
            rows.push(revisions::ActiveModel {
                evidence: Set(new.id.0),
                revision: Set(new.revision),
                digest: Set(digest(&document)),
                document: Set(document),
                recorded_by: Set(by.to_owned()),
                recorded_at: Set(at),
                state: Set(Some(new.evidence.state.to_string())),
                status: Set(status.code().to_owned()),
                accepted_at: Set(counts.then_some(at)),
                replaced_at: Set(None),
                file_sha256: Set(new.evidence.file.as_ref().map(|file| file.sha256.clone())),
                theme: Set(new.evidence.theme.as_ref().map(ToString::to_string)),
                exact: Set(!new.evidence.provisions.is_empty()),
            });
        }
        revisions::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        let written = Condition::all()
            .add(revisions::Column::Evidence.is_in(ids()))
            .add(revisions::Column::RecordedAt.eq(at));
        seals::add::<revisions::Entity>(tx, written).await?;
        save_provisions(tx, chunk).await?;
        if counts {
            standings::moved(tx, chunk.iter().map(|new| &new.evidence.state), at).await?;
        }
    }
    Ok(())
}

async fn save_items(
    tx: &Tx,
    chunk: &[NewRevision],
    status: ReviewStatus,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let counts = status == ReviewStatus::Accepted;
    let items = chunk.iter().map(|new| evidence::ActiveModel {
        id: Set(new.id.0),
        natural_key: Set(new.evidence.key.clone()),
        state: Set(new.evidence.state.to_string()),
        theme: Set(new.evidence.theme.as_ref().map(ToString::to_string)),
        revision: Set(new.revision),
        recorded_at: Set(at),
        status: Set(status.code().to_owned()),
        author: Set(by.to_owned()),
        accepted_revision: Set(counts.then_some(new.revision)),
        review_by: Set(new.evidence.review_by.filter(|_| counts).map(|day| day.to_string())),
        changed_at: Set(Some(at)),
        link_hash: Set(Some(&new.evidence.link)
            .filter(|link| !link.is_empty())
            .map(|link| link_hash(link))),
        likeness: Set(Some(new.evidence.likeness())),
    });
    let mut columns = vec![
        evidence::Column::State,
        evidence::Column::Theme,
        evidence::Column::Revision,
        evidence::Column::Status,
        evidence::Column::Author,
        evidence::Column::ChangedAt,
        evidence::Column::LinkHash,
        evidence::Column::Likeness,
    ];
    if counts {
        columns.extend([evidence::Column::AcceptedRevision, evidence::Column::ReviewBy]);
    }
    let replace = OnConflict::column(evidence::Column::Id)
        .update_columns(columns)
        .to_owned();
    evidence::Entity::insert_many(items)
        .on_conflict(replace)
        .exec_without_returning(tx.writer())
        .await?;
    Ok(())
}

/// Ends the time of the revisions that counted, among those.
async fn replace(tx: &Tx, among: Condition, at: DateTime<Utc>) -> Result<(), StoreError> {
    revisions::Entity::update_many()
        .col_expr(revisions::Column::ReplacedAt, Expr::value(at))
        .filter(among.clone())
        .filter(revisions::Column::AcceptedAt.is_not_null())
        .filter(revisions::Column::ReplacedAt.is_null())
        .exec(tx.writer())
        .await?;
    let touched = among.add(revisions::Column::ReplacedAt.eq(at));
    seals::add::<revisions::Entity>(tx, touched).await
}

/// Moves the latest revision of an item to that status. Accepted, it takes the place of the one that counted before.
///
/// # Errors
/// When the database fails.
pub async fn set_status(
    tx: &Tx,
    of: &StoredEvidence,
    status: ReviewStatus,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let counts = status == ReviewStatus::Accepted;
    if counts {
        replace(tx, revisions::Column::Evidence.eq(of.id.0).into(), at).await?;
        unfind(tx, std::iter::once(of.id), at).await?;
        let accepted = StoredEvidence {
            accepted_at: Some(at),
            ..of.clone()
        };
        find(tx, &[accepted]).await?;
    }
    let mut row = revisions::ActiveModel {
        evidence: Set(of.id.0),
        revision: Set(of.revision),
        status: Set(status.code().to_owned()),
        ..Default::default()
    };
    let mut item = evidence::ActiveModel {
        id: Set(of.id.0),
        status: Set(status.code().to_owned()),
        changed_at: Set(Some(at)),
        ..Default::default()
    };
    if counts {
        row.accepted_at = Set(Some(at));
        item.accepted_revision = Set(Some(of.revision));
        item.review_by = Set(of.evidence.review_by.map(|day| day.to_string()));
    }
    row.update(tx.writer()).await?;
    item.update(tx.writer()).await?;
    if counts {
        standings::moved(tx, [&of.evidence.state], at).await?;
    }
    let touched = Condition::all()
        .add(revisions::Column::Evidence.eq(of.id.0))
        .add(revisions::Column::Revision.eq(of.revision));
    seals::add::<revisions::Entity>(tx, touched).await
}

/// Lets those revisions be found by searches.
async fn find(tx: &Tx, accepted: &[StoredEvidence]) -> Result<(), StoreError> {
    let entries = search::of_revisions(tx, accepted).await?;
    search::put(tx, &entries).await
}

/// Searches as of that day or later find those items no more, until they are put again.
async fn unfind(tx: &Tx, ids: impl Iterator<Item = EvidenceId>, at: DateTime<Utc>) -> Result<(), StoreError> {
    let keys: Vec<String> = ids.map(|id| id.to_string()).collect();
    search::retire(tx, EntryKind::Evidence, &keys, at.date_naive()).await
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
