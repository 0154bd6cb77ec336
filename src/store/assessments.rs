//! Decisions about grades. A new one supersedes the standing one.

use super::entities::assessments as table;
use super::{Db, StoreError, Tx, seals, standings};
use crate::domain::assessments::Assessment;
use crate::domain::ids::{AssessmentId, ProvisionId, StateCode};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use std::collections::{BTreeMap, BTreeSet};

/// All assessments of one state, oldest first, superseded ones among them.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Vec<Assessment>, StoreError> {
    let query = table::Entity::find().filter(table::Column::State.eq(state.as_str()));
    let rows = query
        .order_by_asc(table::Column::RecordedAt)
        .order_by_asc(table::Column::Id)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// The decisions on one state that stand, read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn standing_in(tx: &Tx, state: &StateCode) -> Result<Vec<Assessment>, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::State.eq(state.as_str()))
        .filter(table::Column::SupersededAt.is_null())
        .all(tx.writer())
        .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: table::Model) -> Result<Assessment, StoreError> {
    let mut assessment: Assessment = serde_json::from_str(&row.document)?;
    assessment.superseded_at = row.superseded_at;
    Ok(assessment)
}

/// The identity of the standing decision on one obligation, read inside a write.
///
/// # Errors
/// When the database fails.
pub async fn standing(tx: &Tx, state: &StateCode, provision: &ProvisionId) -> Result<Option<AssessmentId>, StoreError> {
    let query = table::Entity::find()
        .filter(table::Column::State.eq(state.as_str()))
        .filter(table::Column::Provision.eq(provision.as_str()))
        .filter(table::Column::SupersededAt.is_null());
    Ok(query.one(tx.writer()).await?.map(|row| AssessmentId(row.id)))
}

/// Writes a decision and supersedes the standing one on the same obligation.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, assessment: &Assessment) -> Result<(), StoreError> {
    table::Entity::update_many()
        .col_expr(table::Column::SupersededAt, Expr::value(assessment.recorded_at))
        .filter(table::Column::State.eq(assessment.state.as_str()))
        .filter(table::Column::Provision.eq(assessment.provision.as_str()))
        .filter(table::Column::SupersededAt.is_null())
        .exec(tx.writer())
        .await?;
    row(assessment)?.insert(tx.writer()).await?;
    standings::moved(tx, [&assessment.state], assessment.recorded_at).await?;
    let touched = Condition::all()
        .add(table::Column::State.eq(assessment.state.as_str()))
        .add(table::Column::Provision.eq(assessment.provision.as_str()))
        .add(
            table::Column::SupersededAt
                .is_null()
                .or(table::Column::SupersededAt.eq(assessment.recorded_at)),
        );
    seals::add::<table::Entity>(tx, touched).await
}

/// The standing decisions on those obligations, read inside a write.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn standing_of(tx: &Tx, on: &[(StateCode, ProvisionId)]) -> Result<Vec<Assessment>, StoreError> {
    let mut by_state: BTreeMap<&StateCode, BTreeSet<&str>> = BTreeMap::new();
    for (state, provision) in on {
        by_state.entry(state).or_default().insert(provision.as_str());
    }
    let mut any = Condition::any();
    for (state, provisions) in by_state {
        let these = table::Column::State.eq(state.as_str());
        any = any.add(these.and(table::Column::Provision.is_in(provisions)));
    }
    let query = table::Entity::find().filter(table::Column::SupersededAt.is_null());
    let rows = query.filter(any).all(tx.writer()).await?;
    rows.into_iter()
        .map(|row| Ok(serde_json::from_str(&row.document)?))
        .collect()
}

/// Writes decisions on different obligations, and supersedes the standing ones named.
///
/// # Errors
/// When the database fails.
pub async fn save_all(tx: &Tx, new: &[Assessment], supersedes: &[AssessmentId]) -> Result<(), StoreError> {
    let Some(at) = new.first().map(|one| one.recorded_at) else {
        return Ok(());
    };
    let old = || table::Column::Id.is_in(supersedes.iter().map(|id| id.0));
    table::Entity::update_many()
        .col_expr(table::Column::SupersededAt, Expr::value(at))
        .filter(old())
        .exec(tx.writer())
        .await?;
    let mut rows = Vec::with_capacity(new.len());
    for one in new {
        rows.push(row(one)?);
    }
    table::Entity::insert_many(rows)
        .exec_without_returning(tx.writer())
        .await?;
    standings::moved(tx, new.iter().map(|one| &one.state), at).await?;
    let ids = new.iter().map(|one| one.id.0);
    seals::add::<table::Entity>(tx, table::Column::Id.is_in(ids).or(old())).await
}

fn row(assessment: &Assessment) -> Result<table::ActiveModel, StoreError> {
    Ok(table::ActiveModel {
        id: Set(assessment.id.0),
        state: Set(assessment.state.to_string()),
        provision: Set(assessment.provision.to_string()),
        document: Set(serde_json::to_string(assessment)?),
        recorded_by: Set(assessment.recorded_by.clone()),
        recorded_at: Set(assessment.recorded_at),
        superseded_at: Set(None),
    })
}

/// Decisions of one state or of all, after that one in the order of identity, at most so many.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn page(
    db: &Db,
    state: Option<&StateCode>,
    after: Option<AssessmentId>,
    most: u64,
) -> Result<Vec<Assessment>, StoreError> {
    let mut query = table::Entity::find();
    if let Some(state) = state {
        query = query.filter(table::Column::State.eq(state.as_str()));
    }
    if let Some(id) = after {
        query = query.filter(table::Column::Id.gt(id.0));
    }
    let rows = query
        .order_by_asc(table::Column::Id)
        .limit(most)
        .all(db.reader())
        .await?;
    let read = |row: table::Model| {
        let mut assessment: Assessment = serde_json::from_str(&row.document)?;
        assessment.superseded_at = row.superseded_at;
        Ok(assessment)
    };
    rows.into_iter().map(read).collect()
}
