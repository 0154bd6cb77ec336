//! Findings about why gaps stay open. Withdrawn or replaced, never overwritten.

pub mod explaining;

use super::entities::cause_findings as table;
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals};
use crate::domain::audit::digest;
use crate::domain::causes::{Cause, CauseFinding};
use crate::domain::ids::{CauseFindingId, ProvisionId, StateCode};
use crate::domain::summaries::IMPORT;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use std::collections::{BTreeMap, HashMap};

/// All findings about one state, oldest first, superseded ones among them.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Vec<CauseFinding>, StoreError> {
    let query = table::Entity::find().filter(table::Column::State.eq(state.as_str()));
    let rows = query
        .order_by_asc(table::Column::RecordedAt)
        .order_by_asc(table::Column::Id)
        .all(db.reader())
        .await?;
    let read = |row: table::Model| {
        let mut finding: CauseFinding = serde_json::from_str(&row.document)?;
        finding.superseded_at = row.superseded_at;
        finding.recorded_at = row.recorded_at;
        Ok(finding)
    };
    rows.into_iter().map(read).collect()
}

/// All findings that stand, with the natural key of imported ones.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn all_standing(db: &Db) -> Result<Vec<(Option<String>, CauseFinding)>, StoreError> {
    let query = table::Entity::find().filter(table::Column::SupersededAt.is_null());
    let rows = query
        .order_by_asc(table::Column::NaturalKey)
        .order_by_asc(table::Column::Id)
        .all(db.reader())
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.natural_key, serde_json::from_str(&row.document)?)))
        .collect()
}

/// The digest and recorder of every imported finding that stands, by its natural key.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db) -> Result<HashMap<String, (String, String)>, StoreError> {
    let rows: Vec<(String, String, String)> = table::Entity::find()
        .filter(table::Column::SupersededAt.is_null())
        .filter(table::Column::NaturalKey.is_not_null())
        .select_only()
        .columns([
            table::Column::NaturalKey,
            table::Column::Digest,
            table::Column::RecordedBy,
        ])
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(|(key, digest, by)| (key, (digest, by))).collect())
}

/// What an imported finding says, without what changes from import to import.
///
/// # Errors
/// Never in practice: the value is plain.
pub fn digest_of(finding: &CauseFinding) -> Result<String, StoreError> {
    let fixed = CauseFinding {
        id: CauseFindingId(uuid::Uuid::nil()),
        recorded_at: DateTime::UNIX_EPOCH,
        superseded_at: None,
        ..finding.clone()
    };
    Ok(digest(&serde_json::to_string(&fixed)?))
}

/// Writes findings; a standing one with the same natural key is superseded.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, findings: &[(Option<String>, CauseFinding)]) -> Result<(), StoreError> {
    for chunk in findings.chunks(CHUNK) {
        let keys: Vec<String> = chunk.iter().filter_map(|(key, _)| key.clone()).collect();
        if let (false, Some((_, first))) = (keys.is_empty(), chunk.first()) {
            table::Entity::update_many()
                .col_expr(table::Column::SupersededAt, Expr::value(first.recorded_at))
                .filter(table::Column::NaturalKey.is_in(keys.clone()))
                .filter(table::Column::SupersededAt.is_null())
                .exec(tx.writer())
                .await?;
            let gone = Condition::all()
                .add(table::Column::NaturalKey.is_in(keys))
                .add(table::Column::SupersededAt.eq(first.recorded_at));
            seals::add::<table::Entity>(tx, gone).await?;
        }
        let mut rows = Vec::with_capacity(chunk.len());
        for (key, finding) in chunk {
            rows.push(table::ActiveModel {
                id: Set(finding.id.0),
                natural_key: Set(key.clone()),
                state: Set(finding.state.to_string()),
                provision: Set(finding.provision.to_string()),
                document: Set(serde_json::to_string(finding)?),
                digest: Set(digest_of(finding)?),
                recorded_by: Set(finding.recorded_by.clone()),
                recorded_at: Set(finding.recorded_at),
                superseded_at: Set(None),
                cause: Set(finding.cause.code().to_owned()),
                found_on: Set(finding.found_on.to_string()),
            });
        }
        table::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        let ids = chunk.iter().map(|(_, finding)| finding.id.0);
        seals::add::<table::Entity>(tx, table::Column::Id.is_in(ids)).await?;
    }
    Ok(())
}

/// Withdraws findings.
///
/// # Errors
/// When the database fails.
pub async fn supersede(tx: &Tx, ids: &[CauseFindingId], at: DateTime<Utc>) -> Result<(), StoreError> {
    table::Entity::update_many()
        .col_expr(table::Column::SupersededAt, Expr::value(at))
        .filter(table::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(table::Column::SupersededAt.is_null())
        .exec(tx.writer())
        .await?;
    seals::add::<table::Entity>(tx, table::Column::Id.is_in(ids.iter().map(|id| id.0))).await
}

/// Of which findings is asked: of a theme its provisions, of a region its states; without either of all.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Only of these provisions.
    pub provisions: Option<Vec<ProvisionId>>,
    /// Only of these states.
    pub states: Option<Vec<StateCode>>,
}

/// Gaps of which a cause stood at the end of one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Gaps with any.
    pub gaps: usize,
    /// Gaps by cause: one with two causes counts under both.
    pub by_cause: BTreeMap<Cause, usize>,
}

/// What stood at the end of each of those days, in one query.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn standing_on(db: &Db, scope: &Scope, days: &[NaiveDate]) -> Result<Vec<Standing>, StoreError> {
    let mut counted = vec![Standing::default(); days.len()];
    if days.is_empty() {
        return Ok(counted);
    }
    let mut by_cause = counts(scope, days, Expr::col(table::Column::Cause));
    by_cause.group_by_col(table::Column::Cause);
    let whole = counts(scope, days, Expr::cust(format!("'{WHOLE}'")));
    let both = by_cause.union(UnionType::All, whole).to_owned();
    for row in db.reader().query_all(&both).await? {
        let name: String = row.try_get_by_index(0)?;
        for (at, one) in counted.iter_mut().enumerate() {
            let number: i64 = row.try_get_by_index(at + 1)?;
            let number = usize::try_from(number).unwrap_or_default();
            if name == WHOLE {
                one.gaps = number;
            } else if number > 0 {
                one.by_cause
                    .insert(name.parse().map_err(StoreError::Unreadable)?, number);
            }
        }
    }
    Ok(counted)
}

/// What is counted over all causes.
const WHOLE: &str = "*";

/// For each day the gaps of which a finding stood at its end, under that name.
fn counts(scope: &Scope, days: &[NaiveDate], name: Expr) -> SelectStatement {
    let mut select = Query::select();
    select.from(table::Entity).expr_as(name, "name");
    for (at, day) in days.iter().enumerate() {
        let gap = Expr::col(table::Column::State).binary(BinOper::Custom("||"), Expr::col(table::Column::Provision));
        let standing: Expr = Expr::case(stood(*day), gap).finally(Expr::cust("NULL")).into();
        select.expr_as(standing.count_distinct(), format!("day{at}"));
    }
    if let Some(provisions) = &scope.provisions {
        select.and_where(table::Column::Provision.is_in(provisions.iter().map(ProvisionId::as_str)));
    }
    if let Some(states) = &scope.states {
        select.and_where(table::Column::State.is_in(states.iter().map(StateCode::as_str)));
    }
    select
}

/// Findings that were known and not replaced at the end of that day; see `domain::summaries`.
fn stood(day: NaiveDate) -> Condition {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    let end = next.and_time(NaiveTime::MIN).and_utc();
    Condition::all()
        .add(table::Column::FoundOn.lte(day.to_string()))
        .add(
            Condition::any()
                .add(table::Column::RecordedBy.eq(IMPORT))
                .add(table::Column::RecordedAt.lt(end)),
        )
        .add(
            Condition::any()
                .add(table::Column::SupersededAt.is_null())
                .add(table::Column::SupersededAt.gte(end)),
        )
}
