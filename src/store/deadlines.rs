//! Stored revisions of deadlines. The dates themselves are computed; these are what reminders were sent about.

use super::entities::deadlines::{self as table, Column, Entity};
use super::{Db, StoreError, Tx};
use crate::domain::dates::parse_day;
use crate::domain::deadlines::Certainty;
use crate::domain::reminders::{Change, DeadlineKey, Revision, Standing};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Set, UpdateMany};
use std::collections::BTreeMap;

/// Rows written by one statement.
const CHUNK: usize = 500;

/// The latest revision of every deadline, withdrawn ones too, so that a number is never given twice.
///
/// # Errors
/// When the database fails.
pub async fn latest(tx: &Tx) -> Result<Vec<Revision>, StoreError> {
    let rows = Entity::find().order_by_asc(Column::Revision).all(tx.writer()).await?;
    let mut latest = BTreeMap::new();
    for row in rows {
        let revision = read(row)?;
        latest.insert(revision.key.clone(), revision);
    }
    Ok(latest.into_values().collect())
}

/// The current revision of one deadline.
///
/// # Errors
/// When the database fails.
pub async fn find_current(db: &Db, key: &DeadlineKey) -> Result<Option<Revision>, StoreError> {
    let found = Entity::find()
        .filter(named(key).and(Column::SupersededAt.is_null()))
        .one(db.reader())
        .await?;
    found.map(read).transpose()
}

/// All revisions of one deadline, oldest first: what was thought to be due, and since when.
///
/// # Errors
/// When the database fails.
pub async fn history(db: &Db, key: &DeadlineKey) -> Result<Vec<(DateTime<Utc>, Revision)>, StoreError> {
    let rows = Entity::find()
        .filter(named(key))
        .order_by_asc(Column::Revision)
        .all(db.reader())
        .await?;
    rows.into_iter().map(|row| Ok((row.recorded_at, read(row)?))).collect()
}

/// Writes what changed.
///
/// # Errors
/// When the database fails.
pub async fn apply(tx: &Tx, changes: &[Change], now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut new = Vec::new();
    for change in changes {
        match change {
            Change::Record(revision) => {
                if revision.revision > 1 {
                    end(&revision.key, revision.revision - 1, Column::SupersededAt, now)
                        .exec(tx.writer())
                        .await?;
                }
                new.push(row(revision, now));
            }
            Change::Close(was) => {
                end(&was.key, was.revision, Column::ClosedAt, now)
                    .exec(tx.writer())
                    .await?;
            }
            Change::Withdraw(was) => {
                end(&was.key, was.revision, Column::SupersededAt, now)
                    .exec(tx.writer())
                    .await?;
            }
        }
    }
    for chunk in new.chunks(CHUNK) {
        Entity::insert_many(chunk.iter().cloned())
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok(())
}

fn named(key: &DeadlineKey) -> Expr {
    Column::State
        .eq(key.state.as_str())
        .and(Column::Instrument.eq(key.instrument.as_str()))
        .and(Column::Report.eq(key.report.as_str()))
}

fn end(key: &DeadlineKey, revision: i32, column: Column, now: DateTime<Utc>) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(column, Expr::value(now))
        .filter(named(key).and(Column::Revision.eq(revision)).and(column.is_null()))
}

fn row(revision: &Revision, now: DateTime<Utc>) -> table::ActiveModel {
    table::ActiveModel {
        state: Set(revision.key.state.to_string()),
        instrument: Set(revision.key.instrument.to_string()),
        report: Set(revision.key.report.clone()),
        revision: Set(revision.revision),
        due: Set(revision.due.to_string()),
        basis: Set(revision.basis.clone()),
        set_by: Set(revision.set_by.clone()),
        certainty: Set(revision.certainty.word().to_owned()),
        recorded_at: Set(now),
        closed_at: Set(None),
        superseded_at: Set(None),
    }
}

fn read(row: table::Model) -> Result<Revision, StoreError> {
    let unreadable = |what: String| StoreError::Unreadable(format!("a stored deadline: {what}"));
    let certainties = [Certainty::Indicative, Certainty::Statutory, Certainty::Set];
    let certainty = certainties.into_iter().find(|one| one.word() == row.certainty);
    Ok(Revision {
        key: DeadlineKey {
            state: row.state.parse().map_err(|e| unreadable(format!("{e}")))?,
            instrument: row.instrument.parse().map_err(|e| unreadable(format!("{e}")))?,
            report: row.report,
        },
        revision: row.revision,
        due: parse_day(&row.due).map_err(|e| unreadable(e.to_string()))?,
        basis: row.basis,
        set_by: row.set_by,
        certainty: certainty.ok_or_else(|| unreadable(format!("certainty {}", row.certainty)))?,
        standing: match (row.superseded_at, row.closed_at) {
            (Some(_), _) => Standing::Withdrawn,
            (None, Some(_)) => Standing::Closed,
            (None, None) => Standing::Open,
        },
    })
}
