//! Coding studies: what is asked, the frozen cases, who codes and the codes. A code is replaced by a new row, never
//! overwritten.

mod codes;

use super::entities::studies::{self as table, Column};
use super::entities::study_cases::{self as cases, Column as CaseColumn};
use super::entities::study_coders::{self as coders, Column as CoderColumn};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals};
use crate::domain::ids::StudyId;
use crate::domain::studies::{Draw, Study, StudyCase, StudyCoder, StudyStatus};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::HashMap;
use uuid::Uuid;

pub use codes::{coded, codes, codes_by, hand_in, hand_in_all, progress, settle, settlements};

/// Writes a new study with its cases and the people it asks.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &Tx, study: &Study, all: &[StudyCase]) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(study.id.0),
        title: Set(study.title.clone()),
        question: Set(study.question.clone()),
        sample: Set(study.sample.clone()),
        drawn_from: Set(study.draw.map(|draw| whole(draw.from))),
        seed: Set(study.draw.map(|draw| i64::from(draw.seed))),
        cases: Set(whole(study.cases)),
        engine: Set(study.engine),
        opened_by: Set(study.opened_by.clone()),
        opened_at: Set(study.opened_at),
        status: Set(study.status.code().to_owned()),
        closed_at: Set(None),
        reason: Set(None),
    }
    .insert(tx.writer())
    .await?;
    let rows = all.iter().map(|case| {
        Ok(cases::ActiveModel {
            study: Set(study.id.0),
            number: Set(whole(case.number)),
            document: Set(serde_json::to_string(case)?),
        })
    });
    let mut rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        cases::Entity::insert_many(std::mem::replace(&mut rows, rest))
            .exec_without_returning(tx.writer())
            .await?;
    }
    let asked = study.coders.iter().map(|coder| coders::ActiveModel {
        study: Set(study.id.0),
        coder: Set(coder.who.clone()),
        finished_at: Set(None),
    });
    coders::Entity::insert_many(asked)
        .exec_without_returning(tx.writer())
        .await?;
    seals::add::<cases::Entity>(tx, CaseColumn::Study.eq(study.id.0)).await?;
    seals::add::<coders::Entity>(tx, CoderColumn::Study.eq(study.id.0)).await?;
    seal(tx, study.id).await
}

/// Seals the study as it now stands.
async fn seal(tx: &Tx, id: StudyId) -> Result<(), StoreError> {
    seals::add::<table::Entity>(tx, Column::Id.eq(id.0)).await
}

/// One study.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, id: StudyId) -> Result<Option<Study>, StoreError> {
    let row = table::Entity::find_by_id(id.0).one(db.reader()).await?;
    Ok(with_coders(db.reader(), row.into_iter().collect()).await?.pop())
}

/// One study inside a write; no other write touches it before this one ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &Tx, id: StudyId) -> Result<Option<Study>, StoreError> {
    // SQLite has one writer at a time; PostgreSQL is told which row.
    let row = table::Entity::find_by_id(id.0)
        .lock_exclusive()
        .one(tx.writer())
        .await?;
    Ok(with_coders(tx.writer(), row.into_iter().collect()).await?.pop())
}

/// The studies that were opened by the end of that day, the newest first; at most so many.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, day: NaiveDate, most: u64) -> Result<Vec<Study>, StoreError> {
    let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN).and_utc();
    let rows = table::Entity::find()
        .filter(Column::OpenedAt.lt(next))
        .order_by_desc(Column::OpenedAt)
        .order_by_desc(Column::Id)
        .limit(most)
        .all(db.reader())
        .await?;
    with_coders(db.reader(), rows).await
}

/// The cases of a study, in their order.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn cases(db: &Db, id: StudyId) -> Result<Vec<StudyCase>, StoreError> {
    let rows = cases::Entity::find()
        .filter(CaseColumn::Study.eq(id.0))
        .order_by_asc(CaseColumn::Number)
        .all(db.reader())
        .await?;
    rows.iter()
        .map(|row| Ok(serde_json::from_str(&row.document)?))
        .collect()
}

/// One case.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn case(db: &Db, id: StudyId, number: u32) -> Result<Option<StudyCase>, StoreError> {
    let row = cases::Entity::find_by_id((id.0, whole(number)))
        .one(db.reader())
        .await?;
    row.map(|row| Ok(serde_json::from_str(&row.document)?)).transpose()
}

/// Notes that somebody has finished.
///
/// # Errors
/// When the database fails.
pub async fn finish(tx: &Tx, id: StudyId, who: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let me = || {
        Condition::all()
            .add(CoderColumn::Study.eq(id.0))
            .add(CoderColumn::Coder.eq(who))
    };
    coders::Entity::update_many()
        .col_expr(CoderColumn::FinishedAt, Expr::value(at))
        .filter(me())
        .exec(tx.writer())
        .await?;
    seals::add::<coders::Entity>(tx, me()).await
}

/// Notes that the study is over: all have finished, or it was ended for that reason.
///
/// # Errors
/// When the database fails.
pub async fn close(
    tx: &Tx,
    id: StudyId,
    status: StudyStatus,
    reason: Option<&str>,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(id.0),
        status: Set(status.code().to_owned()),
        closed_at: Set(Some(at)),
        reason: Set(reason.map(str::to_owned)),
        ..Default::default()
    }
    .update(tx.writer())
    .await?;
    seal(tx, id).await
}

async fn with_coders(connection: &impl ConnectionTrait, rows: Vec<table::Model>) -> Result<Vec<Study>, StoreError> {
    let asked = coders::Entity::find()
        .filter(CoderColumn::Study.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(CoderColumn::Coder)
        .all(connection)
        .await?;
    let mut by_study: HashMap<Uuid, Vec<StudyCoder>> = HashMap::new();
    for row in asked {
        by_study.entry(row.study).or_default().push(StudyCoder {
            who: row.coder,
            finished_at: row.finished_at,
        });
    }
    rows.into_iter()
        .map(|row| {
            let coders = by_study.remove(&row.id).unwrap_or_default();
            read(row, coders)
        })
        .collect()
}

fn read(row: table::Model, coders: Vec<StudyCoder>) -> Result<Study, StoreError> {
    let number = |value: i32| u32::try_from(value).unwrap_or(0);
    let seed = row.seed.and_then(|seed| u32::try_from(seed).ok());
    Ok(Study {
        id: StudyId(row.id),
        title: row.title,
        question: row.question,
        sample: row.sample,
        draw: row.drawn_from.zip(seed).map(|(from, seed)| Draw {
            from: number(from),
            seed,
        }),
        cases: number(row.cases),
        engine: row.engine,
        coders,
        opened_by: row.opened_by,
        opened_at: row.opened_at,
        status: row.status.parse().map_err(StoreError::Unreadable)?,
        closed_at: row.closed_at,
        reason: row.reason,
    })
}

/// A count as a column holds it: there are never more than a few hundred.
fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
