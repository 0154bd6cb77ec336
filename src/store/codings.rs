//! Rounds of double coding and the gradings handed in. A grading is replaced by a new row, never overwritten.

mod questions;

use super::entities::coding_coders::{self as coders, Column as CoderColumn};
use super::entities::coding_rounds::{self as rounds, Column as RoundColumn};
use super::entities::codings::{self as table, Column};
use super::{Db, StoreError, Tx, seals};
use crate::domain::codings::{Coder, Coding, Outcome, Round, RoundStatus, pattern, read_pattern};
use crate::domain::ids::{AssessmentId, ProvisionId, RoundId, StateCode};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::HashMap;
use uuid::Uuid;

pub use questions::{
    Wanted, awaited_in, coders_asked, count_disagreements, count_waiting_for, disagreements, tallies, waiting_for,
};

/// Writes a new round with the people it asks.
///
/// # Errors
/// [`StoreError::Duplicate`] when a round about the same obligation is not settled yet.
pub async fn open(tx: &Tx, round: &Round) -> Result<(), StoreError> {
    rounds::ActiveModel {
        id: Set(round.id.0),
        state: Set(round.state.to_string()),
        provision: Set(round.provision.to_string()),
        opened_by: Set(round.opened_by.clone()),
        opened_at: Set(round.opened_at),
        status: Set(round.status.code().to_owned()),
        ..Default::default()
    }
    .insert(tx.writer())
    .await?;
    let asked = round.coders.iter().map(|coder| coders::ActiveModel {
        round: Set(round.id.0),
        coder: Set(coder.who.clone()),
        handed_in_at: Set(None),
    });
    coders::Entity::insert_many(asked)
        .exec_without_returning(tx.writer())
        .await?;
    seals::add::<coders::Entity>(tx, CoderColumn::Round.eq(round.id.0)).await?;
    seal(tx, round.id).await
}

/// Seals the round as it now stands.
async fn seal(tx: &Tx, id: RoundId) -> Result<(), StoreError> {
    seals::add::<rounds::Entity>(tx, RoundColumn::Id.eq(id.0)).await
}

/// One round.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, id: RoundId) -> Result<Option<Round>, StoreError> {
    let row = rounds::Entity::find_by_id(id.0).one(db.reader()).await?;
    let rows: Vec<rounds::Model> = row.into_iter().collect();
    Ok(with_coders(db.reader(), rows).await?.pop())
}

/// One round inside a write; no other write touches it before this one ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &Tx, id: RoundId) -> Result<Option<Round>, StoreError> {
    // SQLite has one writer at a time; PostgreSQL is told which row.
    let row = rounds::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(tx.writer())
        .await?;
    let rows: Vec<rounds::Model> = row.into_iter().collect();
    Ok(with_coders(tx.writer(), rows).await?.pop())
}

/// The rounds about one obligation, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_obligation(db: &Db, state: &StateCode, provision: &ProvisionId) -> Result<Vec<Round>, StoreError> {
    let query = rounds::Entity::find()
        .filter(RoundColumn::State.eq(state.as_str()))
        .filter(RoundColumn::Provision.eq(provision.as_str()));
    let rows = query
        .order_by_desc(RoundColumn::OpenedAt)
        .order_by_desc(RoundColumn::Id)
        .all(db.reader())
        .await?;
    with_coders(db.reader(), rows).await
}

/// The gradings that stand in these rounds, by coder. Who may see which, [`Round::visible`] says.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_rounds(db: &Db, ids: &[RoundId]) -> Result<Vec<Coding>, StoreError> {
    gradings(db.reader(), ids).await
}

/// The same inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_round_in(tx: &Tx, id: RoundId) -> Result<Vec<Coding>, StoreError> {
    gradings(tx.writer(), &[id]).await
}

async fn gradings(connection: &impl ConnectionTrait, ids: &[RoundId]) -> Result<Vec<Coding>, StoreError> {
    let rows = table::Entity::find()
        .filter(Column::Round.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::SupersededAt.is_null())
        .order_by_asc(Column::Coder)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| Ok(serde_json::from_str(&row.document)?))
        .collect()
}

/// Writes a grading; an earlier one of the same person in the same round is superseded.
///
/// # Errors
/// When the database fails.
pub async fn hand_in(tx: &Tx, coding: &Coding) -> Result<(), StoreError> {
    table::Entity::update_many()
        .col_expr(Column::SupersededAt, Expr::value(coding.coded_at))
        .filter(Column::Round.eq(coding.round.0))
        .filter(Column::Coder.eq(&coding.coder))
        .filter(Column::SupersededAt.is_null())
        .exec(tx.writer())
        .await?;
    table::ActiveModel {
        id: Set(coding.id.0),
        round: Set(coding.round.0),
        coder: Set(coding.coder.clone()),
        document: Set(serde_json::to_string(coding)?),
        digest: Set(coding.seal()?),
        coded_at: Set(coding.coded_at),
        superseded_at: Set(None),
    }
    .insert(tx.writer())
    .await?;
    coders::Entity::update_many()
        .col_expr(CoderColumn::HandedInAt, Expr::value(coding.coded_at))
        .filter(CoderColumn::Round.eq(coding.round.0))
        .filter(CoderColumn::Coder.eq(&coding.coder))
        .filter(CoderColumn::HandedInAt.is_null())
        .exec(tx.writer())
        .await?;
    let mine = Condition::all()
        .add(Column::Round.eq(coding.round.0))
        .add(Column::Coder.eq(&coding.coder));
    seals::add::<table::Entity>(tx, mine).await?;
    let me = Condition::all()
        .add(CoderColumn::Round.eq(coding.round.0))
        .add(CoderColumn::Coder.eq(&coding.coder));
    seals::add::<coders::Entity>(tx, me).await
}

/// Notes that the last grading is in.
///
/// # Errors
/// When the database fails.
pub async fn complete(tx: &Tx, id: RoundId, codings: &[Coding], at: DateTime<Utc>) -> Result<Outcome, StoreError> {
    let grades: Vec<_> = codings.iter().map(|coding| coding.grade).collect();
    let outcome = Outcome::of(&grades);
    rounds::ActiveModel {
        id: Set(id.0),
        status: Set(outcome.status().code().to_owned()),
        grades: Set(Some(pattern(&grades))),
        completed_at: Set(Some(at)),
        ..Default::default()
    }
    .update(tx.writer())
    .await?;
    seal(tx, id).await?;
    Ok(outcome)
}

/// Notes the decision that names the round.
///
/// # Errors
/// When the database fails.
pub async fn reconcile(tx: &Tx, id: RoundId, decision: AssessmentId, at: DateTime<Utc>) -> Result<(), StoreError> {
    rounds::ActiveModel {
        id: Set(id.0),
        status: Set(RoundStatus::Reconciled.code().to_owned()),
        assessment: Set(Some(decision.0)),
        settled_at: Set(Some(at)),
        ..Default::default()
    }
    .update(tx.writer())
    .await?;
    seal(tx, id).await
}

/// Notes that the round was ended without a decision.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &Tx, id: RoundId, reason: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    rounds::ActiveModel {
        id: Set(id.0),
        status: Set(RoundStatus::Closed.code().to_owned()),
        reason: Set(Some(reason.to_owned())),
        settled_at: Set(Some(at)),
        ..Default::default()
    }
    .update(tx.writer())
    .await?;
    seal(tx, id).await
}

async fn with_coders(connection: &impl ConnectionTrait, rows: Vec<rounds::Model>) -> Result<Vec<Round>, StoreError> {
    let asked = coders::Entity::find()
        .filter(CoderColumn::Round.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(CoderColumn::Coder)
        .all(connection)
        .await?;
    let mut by_round: HashMap<Uuid, Vec<Coder>> = HashMap::new();
    for row in asked {
        by_round.entry(row.round).or_default().push(Coder {
            who: row.coder,
            handed_in_at: row.handed_in_at,
        });
    }
    rows.into_iter()
        .map(|row| {
            let coders = by_round.remove(&row.id).unwrap_or_default();
            read(row, coders)
        })
        .collect()
}

fn unreadable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

fn read(row: rounds::Model, coders: Vec<Coder>) -> Result<Round, StoreError> {
    let grades = row
        .grades
        .as_deref()
        .map(|text| read_pattern(text).ok_or_else(|| unreadable(format!("“{text}” are not the grades of a round"))));
    Ok(Round {
        id: RoundId(row.id),
        state: row.state.parse().map_err(unreadable)?,
        provision: row.provision.parse().map_err(unreadable)?,
        coders,
        opened_by: row.opened_by,
        opened_at: row.opened_at,
        status: row.status.parse().map_err(unreadable)?,
        completed_at: row.completed_at,
        outcome: grades.transpose()?.map(|grades| Outcome::of(&grades)),
        settled_at: row.settled_at,
        assessment: row.assessment.map(AssessmentId),
        reason: row.reason,
    })
}
