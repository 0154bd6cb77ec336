//! What the desk and the statistics ask of double coding, each answered by one indexed query.

use super::unreadable;
use crate::domain::codings::{Disagreement, Outcome, Request, RoundStatus, Tally, read_pattern};
use crate::domain::ids::{InstrumentCode, ProvisionId, RoundId, StateCode, ThemeCode};
use crate::store::entities::coding_coders::{self as coders, Column as CoderColumn};
use crate::store::entities::coding_rounds::{self as rounds, Column as RoundColumn, Relation};
use crate::store::entities::provisions::Column as ProvisionColumn;
use crate::store::{Db, StoreError, Tx};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};
use std::collections::HashSet;

/// Which rounds somebody wants to see; nothing means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// About this state.
    pub state: Option<StateCode>,
    /// About provisions of this instrument.
    pub instrument: Option<InstrumentCode>,
    /// About provisions of this theme.
    pub theme: Option<ThemeCode>,
}

impl Wanted {
    fn select(&self) -> Select<rounds::Entity> {
        let mut query = rounds::Entity::find().join(JoinType::InnerJoin, Relation::Provision.def());
        if let Some(state) = &self.state {
            query = query.filter(RoundColumn::State.eq(state.as_str()));
        }
        if let Some(instrument) = &self.instrument {
            query = query.filter(ProvisionColumn::Instrument.eq(instrument.as_str()));
        }
        if let Some(theme) = &self.theme {
            query = query.filter(ProvisionColumn::Theme.eq(theme.as_str()));
        }
        query
    }
}

fn disagreed(wanted: &Wanted) -> Select<rounds::Entity> {
    wanted
        .select()
        .filter(RoundColumn::Status.eq(RoundStatus::Disagreed.code()))
}

/// The obligations on which open rounds wait for that person's blind grading, read inside a write.
///
/// # Errors
/// When the database fails or holds a round of another version.
pub async fn awaited_in(tx: &Tx, who: &str) -> Result<HashSet<(StateCode, ProvisionId)>, StoreError> {
    let rows: Vec<(String, String)> = rounds::Entity::find()
        .select_only()
        .columns([RoundColumn::State, RoundColumn::Provision])
        .join(JoinType::InnerJoin, Relation::Coders.def())
        .filter(CoderColumn::Coder.eq(who))
        .filter(CoderColumn::HandedInAt.is_null())
        .filter(RoundColumn::Status.eq(RoundStatus::Open.code()))
        .into_tuple()
        .all(tx.writer())
        .await?;
    let read = |(state, provision): (String, String)| {
        let state = state.parse().map_err(unreadable)?;
        Ok((state, provision.parse().map_err(unreadable)?))
    };
    rows.into_iter().map(read).collect()
}

/// Disagreements that nobody has decided yet, the oldest first: `limit` of them from `offset` on.
///
/// # Errors
/// When the database fails.
pub async fn disagreements(db: &Db, wanted: &Wanted, offset: u64, limit: u64) -> Result<Vec<Disagreement>, StoreError> {
    let rows = disagreed(wanted)
        .order_by_asc(RoundColumn::CompletedAt)
        .order_by_asc(RoundColumn::Id)
        .offset(offset)
        .limit(limit)
        .all(db.reader())
        .await?;
    let read = |row: rounds::Model| {
        let grades = row.grades.as_deref().and_then(read_pattern);
        let grades = grades.ok_or_else(|| unreadable("a complete round without grades"))?;
        let apart = match Outcome::of(&grades) {
            Outcome::Disagreed(apart) => apart,
            Outcome::Agreed(_) => Some(0),
        };
        Ok(Disagreement {
            round: RoundId(row.id),
            state: row.state.parse().map_err(unreadable)?,
            provision: row.provision.parse().map_err(unreadable)?,
            grades,
            apart,
            since: row.completed_at.unwrap_or(row.opened_at),
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many disagreements nobody has decided yet.
///
/// # Errors
/// When the database fails.
pub async fn count_disagreements(db: &Db, wanted: &Wanted) -> Result<u64, StoreError> {
    Ok(disagreed(wanted).count(db.reader()).await?)
}

fn waiting(who: &str, wanted: &Wanted) -> Select<rounds::Entity> {
    wanted
        .select()
        .join(JoinType::InnerJoin, Relation::Coders.def())
        .filter(CoderColumn::Coder.eq(who))
        .filter(CoderColumn::HandedInAt.is_null())
        .filter(RoundColumn::Status.eq(RoundStatus::Open.code()))
}

/// The gradings that this person is asked for and has not handed in, the oldest first: `limit` of them from `offset` on.
///
/// # Errors
/// When the database fails.
pub async fn waiting_for(
    db: &Db,
    who: &str,
    wanted: &Wanted,
    offset: u64,
    limit: u64,
) -> Result<Vec<Request>, StoreError> {
    let rows = waiting(who, wanted)
        .order_by_asc(RoundColumn::OpenedAt)
        .order_by_asc(RoundColumn::Id)
        .offset(offset)
        .limit(limit)
        .all(db.reader())
        .await?;
    let read = |row: rounds::Model| {
        Ok(Request {
            round: RoundId(row.id),
            state: row.state.parse().map_err(unreadable)?,
            provision: row.provision.parse().map_err(unreadable)?,
            asked_by: row.opened_by,
            since: row.opened_at,
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many gradings this person is asked for and has not handed in.
///
/// # Errors
/// When the database fails.
pub async fn count_waiting_for(db: &Db, who: &str, wanted: &Wanted) -> Result<u64, StoreError> {
    Ok(waiting(who, wanted).count(db.reader()).await?)
}

/// The first moment after that day.
fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next.and_time(NaiveTime::MIN).and_utc()
}

/// How the rounds that were complete by the end of that day came out, by theme.
///
/// # Errors
/// When the database fails.
pub async fn tallies(db: &Db, wanted: &Wanted, as_of: NaiveDate) -> Result<Vec<Tally>, StoreError> {
    let rows: Vec<(String, String, i64)> = wanted
        .select()
        .filter(RoundColumn::CompletedAt.lt(end_of(as_of)))
        .select_only()
        .column(ProvisionColumn::Theme)
        .column(RoundColumn::Grades)
        .column_as(Expr::col((rounds::Entity, RoundColumn::Id)).count(), "rounds")
        .group_by(ProvisionColumn::Theme)
        .group_by(RoundColumn::Grades)
        .order_by_asc(ProvisionColumn::Theme)
        .order_by_asc(RoundColumn::Grades)
        .into_tuple()
        .all(db.reader())
        .await?;
    let read = |(theme, grades, rounds): (String, String, i64)| {
        Ok(Tally {
            theme: theme.parse().map_err(unreadable)?,
            grades: read_pattern(&grades).ok_or_else(|| unreadable(format!("“{grades}” are not grades")))?,
            rounds: u32::try_from(rounds).map_err(unreadable)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many different people graded in the rounds that were complete by the end of that day.
///
/// # Errors
/// When the database fails.
pub async fn coders_asked(db: &Db, wanted: &Wanted, as_of: NaiveDate) -> Result<u64, StoreError> {
    let complete = wanted
        .select()
        .filter(RoundColumn::CompletedAt.lt(end_of(as_of)))
        .select_only()
        .column(RoundColumn::Id);
    let people = coders::Entity::find()
        .select_only()
        .column(CoderColumn::Coder)
        .distinct()
        .filter(CoderColumn::Round.in_subquery(sea_orm::QueryTrait::into_query(complete)));
    let found: Vec<String> = people.into_tuple().all(db.reader()).await?;
    Ok(found.len() as u64)
}
