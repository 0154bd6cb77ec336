//! Links of evidence: registered once, checked in turn, with what they led to over time.

mod claims;
mod rows;

pub use claims::{claim, settle};

use super::entities::{evidence, link_checks as table, link_snapshots as history};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx};
use crate::domain::ids::{EvidenceId, StateCode};
use crate::domain::links::{LinkState, LinkStatus, link_hash};
use crate::domain::reviews::ReviewStatus;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use std::collections::{BTreeMap, HashMap};

/// What a link led to at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSnapshot {
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// What came of it.
    pub status: LinkStatus,
    /// Where it had moved, or why it failed.
    pub detail: Option<String>,
    /// SHA-256 of the text.
    pub snapshot_sha256: Option<String>,
    /// The text, where it differs from the one before.
    pub text: Option<String>,
}

/// Evidence whose link is dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLink {
    /// The evidence.
    pub evidence: EvidenceId,
    /// The state that it concerns.
    pub state: StateCode,
    /// Who wrote its latest revision.
    pub author: String,
    /// Its link.
    pub link: LinkState,
}

/// Whose dead links are asked for; nothing given means all.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeadFilter<'a> {
    /// Of evidence about that state.
    pub state: Option<&'a StateCode>,
    /// Of evidence that this person wrote.
    pub author: Option<&'a str>,
}

/// Notes links that are to be checked. Those that are known, and empty ones, are left as they are.
///
/// # Errors
/// When the database fails.
pub async fn register(tx: &Tx, links: &[&str], now: DateTime<Utc>) -> Result<(), StoreError> {
    // In the order of their hashes, so that two writers wait for each other and never in a circle.
    let distinct: BTreeMap<String, &str> = links
        .iter()
        .map(|link| link.trim())
        .filter(|link| !link.is_empty())
        .map(|link| (link_hash(link), link))
        .collect();
    let links: Vec<&str> = distinct.into_values().collect();
    for chunk in links.chunks(CHUNK) {
        let rows = chunk.iter().map(|link| rows::write(&LinkState::unchecked(link, now)));
        table::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(table::Column::Hash).do_nothing().to_owned())
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok(())
}

/// What is known of links, by their text. Links that were never registered are missing.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn of(db: &Db, links: &[&str]) -> Result<HashMap<String, LinkState>, StoreError> {
    let mut found = HashMap::new();
    for chunk in links.chunks(CHUNK) {
        let hashes = chunk.iter().map(|link| link_hash(link));
        let query = table::Entity::find().filter(table::Column::Hash.is_in(hashes));
        for row in query.all(db.reader()).await? {
            found.insert(row.link.clone(), rows::read(row)?);
        }
    }
    Ok(found)
}

/// What a link led to over time, newest first.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn snapshots(db: &Db, link: &str) -> Result<Vec<LinkSnapshot>, StoreError> {
    let query = history::Entity::find().filter(history::Column::LinkHash.eq(link_hash(link)));
    let rows = query
        .order_by_desc(history::Column::At)
        .order_by_desc(history::Column::Id)
        .all(db.reader())
        .await?;
    rows.into_iter().map(rows::snapshot).collect()
}

/// What a link led to at the end of that day.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn snapshot_on(db: &Db, link: &str, day: NaiveDate) -> Result<Option<LinkSnapshot>, StoreError> {
    let end = (day + Days::new(1)).and_time(NaiveTime::MIN).and_utc();
    let row = history::Entity::find()
        .filter(history::Column::LinkHash.eq(link_hash(link)))
        .filter(history::Column::At.lt(end))
        .order_by_desc(history::Column::At)
        .one(db.reader())
        .await?;
    row.map(rows::snapshot).transpose()
}

/// How many links there are of each status.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn counts(db: &Db) -> Result<BTreeMap<LinkStatus, u64>, StoreError> {
    let rows: Vec<(String, i64)> = table::Entity::find()
        .select_only()
        .column(table::Column::Status)
        .column_as(table::Column::Hash.count(), "links")
        .group_by(table::Column::Status)
        .into_tuple()
        .all(db.reader())
        .await?;
    rows.into_iter()
        .map(|(status, links)| {
            let status = status.parse().map_err(StoreError::Unreadable)?;
            Ok((status, u64::try_from(links).unwrap_or(0)))
        })
        .collect()
}

/// Evidence whose link is dead, the latest death first. Rejected evidence needs no link.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn dead(db: &Db, whose: DeadFilter<'_>, page: u64, size: u64) -> Result<Vec<DeadLink>, StoreError> {
    let rows = with_dead_links(whose)
        .select_also(evidence::Entity)
        .order_by_desc(table::Column::Since)
        .order_by_desc(evidence::Column::Id)
        .offset(page.saturating_mul(size))
        .limit(size)
        .all(db.reader())
        .await?;
    let read = |(link, item): (table::Model, Option<evidence::Model>)| {
        let item = item?;
        let read = || {
            Ok(DeadLink {
                evidence: EvidenceId(item.id),
                state: item
                    .state
                    .parse()
                    .map_err(|_| StoreError::Unreadable(item.state.clone()))?,
                author: item.author,
                link: rows::read(link)?,
            })
        };
        Some(read())
    };
    rows.into_iter().filter_map(read).collect()
}

/// How many pieces of evidence have a dead link.
///
/// # Errors
/// When the database fails.
pub async fn count_dead(db: &Db, whose: DeadFilter<'_>) -> Result<u64, StoreError> {
    Ok(with_dead_links(whose).count(db.reader()).await?)
}

fn with_dead_links(whose: DeadFilter<'_>) -> sea_orm::Select<table::Entity> {
    let mut query = table::Entity::find()
        .join(JoinType::InnerJoin, table::Relation::Evidence.def())
        .filter(table::Column::Status.eq(LinkStatus::Dead.code()))
        .filter(evidence::Column::Status.ne(ReviewStatus::Rejected.code()));
    if let Some(state) = whose.state {
        query = query.filter(evidence::Column::State.eq(state.as_str()));
    }
    if let Some(author) = whose.author {
        query = query.filter(evidence::Column::Author.eq(author));
    }
    query
}
