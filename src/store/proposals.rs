//! Proposals from status pages of the depositary.

use super::entities::proposals::{self as table, Column};
use super::entities::reference::instruments;
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals};
use crate::domain::ids::{InstrumentCode, ProposalId};
use crate::domain::proposals::{Proposal, ProposalStatus};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set};
use std::collections::BTreeMap;

/// Which proposals somebody wants to see; nothing means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What became of them.
    pub status: Option<ProposalStatus>,
    /// About this treaty.
    pub instrument: Option<InstrumentCode>,
}

impl Wanted {
    fn select(&self) -> Select<table::Entity> {
        let mut query = table::Entity::find();
        if let Some(status) = self.status {
            query = query.filter(Column::Status.eq(status.code()));
        }
        if let Some(instrument) = &self.instrument {
            query = query.filter(Column::Instrument.eq(instrument.as_str()));
        }
        query
    }
}

/// The proposals about a treaty that are open or were refused, read inside a write: no other page of that treaty is
/// compared before this one ends.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn standing_in(tx: &Tx, instrument: &InstrumentCode) -> Result<Vec<Proposal>, StoreError> {
    // SQLite has one writer at a time; PostgreSQL is told which row.
    instruments::Entity::find_by_id(instrument.as_str())
        .lock_exclusive()
        .one(tx.writer())
        .await?;
    let statuses = [ProposalStatus::Open.code(), ProposalStatus::Refused.code()];
    let rows = table::Entity::find()
        .filter(Column::Instrument.eq(instrument.as_str()))
        .filter(Column::Status.is_in(statuses))
        .all(tx.writer())
        .await?;
    rows.into_iter().map(read).collect()
}

/// Writes new proposals.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, proposals: &[Proposal]) -> Result<(), StoreError> {
    for chunk in proposals.chunks(CHUNK) {
        let rows = chunk.iter().map(|one| {
            Ok(table::ActiveModel {
                id: Set(one.id.0),
                fingerprint: Set(one.fingerprint()),
                instrument: Set(one.instrument.to_string()),
                state: Set(one.state.to_string()),
                status: Set(one.status.code().to_owned()),
                document: Set(serde_json::to_string(&one.differs)?),
                found_by: Set(one.found_by.clone()),
                found_at: Set(one.found_at),
                decided_by: Set(None),
                decided_at: Set(None),
                reason: Set(None),
            })
        });
        let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
        table::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        seals::add::<table::Entity>(tx, Column::Id.is_in(chunk.iter().map(|one| one.id.0))).await?;
    }
    Ok(())
}

/// Notes what became of proposals.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    tx: &Tx,
    ids: &[ProposalId],
    status: ProposalStatus,
    (by, at): (&str, DateTime<Utc>),
    reason: Option<&str>,
) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        let these = || Column::Id.is_in(chunk.iter().map(|id| id.0));
        table::Entity::update_many()
            .col_expr(Column::Status, Expr::value(status.code()))
            .col_expr(Column::DecidedBy, Expr::value(by))
            .col_expr(Column::DecidedAt, Expr::value(at))
            .col_expr(Column::Reason, Expr::value(reason))
            .filter(these())
            .exec(tx.writer())
            .await?;
        seals::add::<table::Entity>(tx, these()).await?;
    }
    Ok(())
}

/// One proposal.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn find(db: &Db, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
    let row = table::Entity::find_by_id(id.0).one(db.reader()).await?;
    row.map(read).transpose()
}

/// One proposal inside a write; nobody else decides it before this one ends.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn lock(tx: &Tx, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
    let row = table::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(tx.writer())
        .await?;
    row.map(read).transpose()
}

/// Proposals by treaty and state: `limit` of them from `offset` on.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn list(db: &Db, wanted: &Wanted, offset: u64, limit: u64) -> Result<Vec<Proposal>, StoreError> {
    let rows = wanted
        .select()
        .order_by_asc(Column::Instrument)
        .order_by_asc(Column::State)
        .order_by_asc(Column::Id)
        .offset(offset)
        .limit(limit)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// How many there are.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &Db, wanted: &Wanted) -> Result<u64, StoreError> {
    Ok(wanted.select().count(db.reader()).await?)
}

/// How many there are of each status, in one query.
///
/// # Errors
/// When the database fails.
pub async fn counts(db: &Db, instrument: Option<&InstrumentCode>) -> Result<BTreeMap<ProposalStatus, u64>, StoreError> {
    let wanted = Wanted {
        status: None,
        instrument: instrument.cloned(),
    };
    let rows: Vec<(String, i64)> = wanted
        .select()
        .select_only()
        .column(Column::Status)
        .column_as(Column::Id.count(), "proposals")
        .group_by(Column::Status)
        .into_tuple()
        .all(db.reader())
        .await?;
    let read = |(status, number): (String, i64)| {
        let status = status.parse().map_err(StoreError::Unreadable)?;
        Ok((status, u64::try_from(number).unwrap_or(0)))
    };
    rows.into_iter().map(read).collect()
}

fn read(row: table::Model) -> Result<Proposal, StoreError> {
    let unreadable = |error: crate::domain::ids::InvalidCode| StoreError::Unreadable(error.to_string());
    Ok(Proposal {
        id: ProposalId(row.id),
        instrument: row.instrument.parse().map_err(unreadable)?,
        state: row.state.parse().map_err(unreadable)?,
        differs: serde_json::from_str(&row.document)?,
        status: row.status.parse().map_err(StoreError::Unreadable)?,
        found_by: row.found_by,
        found_at: row.found_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
        reason: row.reason,
    })
}
