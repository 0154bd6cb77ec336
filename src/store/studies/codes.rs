//! The codes of a study and what was settled about them.

use super::whole;
use crate::domain::ids::StudyId;
use crate::domain::studies::{Code, ENGINE, Settlement};
use crate::store::entities::study_codes::{self as table, Column};
use crate::store::entities::study_settlements::{self as settled, Column as SettledColumn};
use crate::store::reference::CHUNK;
use crate::store::{Db, StoreError, Tx, seals};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::BTreeMap;

/// Writes a code; an earlier one of the same coder about the same case is superseded.
///
/// # Errors
/// When the database fails.
pub async fn hand_in(tx: &Tx, code: &Code) -> Result<(), StoreError> {
    let place = || {
        Condition::all()
            .add(Column::Study.eq(code.study.0))
            .add(Column::Coder.eq(&code.coder))
            .add(Column::Number.eq(whole(code.case)))
    };
    table::Entity::update_many()
        .col_expr(Column::SupersededAt, Expr::value(code.coded_at))
        .filter(place())
        .filter(Column::SupersededAt.is_null())
        .exec(tx.writer())
        .await?;
    row(code)?.insert(tx.writer()).await?;
    seals::add::<table::Entity>(tx, place()).await
}

/// Writes the first codes of one coder about many cases at once.
///
/// # Errors
/// When the database fails.
pub async fn hand_in_all(tx: &Tx, study: StudyId, who: &str, codes: &[Code]) -> Result<(), StoreError> {
    let mut rows = codes.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        table::Entity::insert_many(std::mem::replace(&mut rows, rest))
            .exec_without_returning(tx.writer())
            .await?;
    }
    let theirs = Condition::all()
        .add(Column::Study.eq(study.0))
        .add(Column::Coder.eq(who));
    seals::add::<table::Entity>(tx, theirs).await
}

fn row(code: &Code) -> Result<table::ActiveModel, StoreError> {
    Ok(table::ActiveModel {
        id: Set(code.id.0),
        study: Set(code.study.0),
        number: Set(whole(code.case)),
        coder: Set(code.coder.clone()),
        document: Set(serde_json::to_string(code)?),
        digest: Set(code.seal()?),
        coded_at: Set(code.coded_at),
        superseded_at: Set(None),
    })
}

/// Every code of a study, superseded ones among them. Who may see which, the study says.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn codes(db: &Db, study: StudyId) -> Result<Vec<Code>, StoreError> {
    read(db, Condition::all().add(Column::Study.eq(study.0))).await
}

/// The codes of one coder, superseded ones among them.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn codes_by(db: &Db, study: StudyId, who: &str) -> Result<Vec<Code>, StoreError> {
    let theirs = Condition::all()
        .add(Column::Study.eq(study.0))
        .add(Column::Coder.eq(who));
    read(db, theirs).await
}

async fn read(db: &Db, which: Condition) -> Result<Vec<Code>, StoreError> {
    let rows = table::Entity::find()
        .filter(which)
        .order_by_asc(Column::Number)
        .order_by_asc(Column::Coder)
        .order_by_asc(Column::CodedAt)
        .all(db.reader())
        .await?;
    let code = |row: table::Model| {
        let code: Code = serde_json::from_str(&row.document)?;
        Ok(Code {
            superseded_at: row.superseded_at,
            ..code
        })
    };
    rows.into_iter().map(code).collect()
}

/// How many cases somebody has coded, read inside a write.
///
/// # Errors
/// When the database fails.
pub async fn coded(tx: &Tx, study: StudyId, who: &str) -> Result<u64, StoreError> {
    let theirs = table::Entity::find()
        .filter(Column::Study.eq(study.0))
        .filter(Column::Coder.eq(who))
        .filter(Column::SupersededAt.is_null());
    Ok(theirs.count(tx.writer()).await?)
}

/// How many cases each person has coded by now, in one query for all these studies.
///
/// # Errors
/// When the database fails.
pub async fn progress(db: &Db, studies: &[StudyId]) -> Result<BTreeMap<(StudyId, String), u64>, StoreError> {
    let rows: Vec<(uuid::Uuid, String, i64)> = table::Entity::find()
        .select_only()
        .columns([Column::Study, Column::Coder])
        .column_as(Column::Id.count(), "codes")
        .filter(Column::Study.is_in(studies.iter().map(|id| id.0)))
        .filter(Column::Coder.ne(ENGINE))
        .filter(Column::SupersededAt.is_null())
        .group_by(Column::Study)
        .group_by(Column::Coder)
        .into_tuple()
        .all(db.reader())
        .await?;
    let read = |(study, coder, codes)| ((StudyId(study), coder), u64::try_from(codes).unwrap_or(0));
    Ok(rows.into_iter().map(read).collect())
}

/// Writes what was settled about a case; what was settled before is superseded.
///
/// # Errors
/// When the database fails.
pub async fn settle(tx: &Tx, settlement: &Settlement) -> Result<(), StoreError> {
    let place = || {
        Condition::all()
            .add(SettledColumn::Study.eq(settlement.study.0))
            .add(SettledColumn::Number.eq(whole(settlement.case)))
    };
    settled::Entity::update_many()
        .col_expr(SettledColumn::SupersededAt, Expr::value(settlement.at))
        .filter(place())
        .filter(SettledColumn::SupersededAt.is_null())
        .exec(tx.writer())
        .await?;
    settled::ActiveModel {
        id: Set(settlement.id.0),
        study: Set(settlement.study.0),
        number: Set(whole(settlement.case)),
        document: Set(serde_json::to_string(settlement)?),
        settled_at: Set(settlement.at),
        superseded_at: Set(None),
    }
    .insert(tx.writer())
    .await?;
    seals::add::<settled::Entity>(tx, place()).await
}

/// What was settled about the cases of a study, superseded notes among them, in the order of the cases.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn settlements(db: &Db, study: StudyId) -> Result<Vec<Settlement>, StoreError> {
    let rows = settled::Entity::find()
        .filter(SettledColumn::Study.eq(study.0))
        .order_by_asc(SettledColumn::Number)
        .order_by_asc(SettledColumn::SettledAt)
        .all(db.reader())
        .await?;
    let read = |row: settled::Model| {
        let settlement: Settlement = serde_json::from_str(&row.document)?;
        Ok(Settlement {
            superseded_at: row.superseded_at,
            ..settlement
        })
    };
    rows.into_iter().map(read).collect()
}
