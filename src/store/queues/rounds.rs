//! Rounds of double coding that wait: for a grading of one's own, or for somebody who decides between gradings. Few are
//! open at a time, so they are read whole.

use super::provisions;
use crate::domain::codings::{Outcome, RoundStatus, read_pattern};
use crate::domain::desk::{Desk, Narrow, Queue, WaitingRound, Window};
use crate::domain::ids::RoundId;
use crate::store::entities::coding_coders as coders;
use crate::store::entities::coding_rounds::{self as rounds, Column, Relation};
use crate::store::{Db, StoreError};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};

fn select(queue: Queue, desk: &Desk<'_>, narrow: &Narrow) -> Select<rounds::Entity> {
    let end = desk.end();
    let mut query = rounds::Entity::find().join(JoinType::InnerJoin, Relation::Provision.def());
    query = if desk.past {
        query
            .filter(Column::OpenedAt.lt(end))
            .filter(Column::SettledAt.is_null().or(Column::SettledAt.gte(end)))
    } else {
        let status = if queue == Queue::Gradings {
            RoundStatus::Open
        } else {
            RoundStatus::Disagreed
        };
        query.filter(Column::Status.eq(status.code()))
    };
    query = if queue == Queue::Gradings {
        let open = coders::Column::HandedInAt.is_null();
        let open = if desk.past {
            open.or(coders::Column::HandedInAt.gte(end))
        } else {
            open
        };
        query
            .join(JoinType::InnerJoin, Relation::Coders.def())
            .filter(coders::Column::Coder.eq(desk.who))
            .filter(open)
    } else {
        query.filter(Column::CompletedAt.lt(end))
    };
    if let Some(state) = &narrow.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(instrument) = &narrow.instrument {
        query = query.filter(provisions::Column::Instrument.eq(instrument.as_str()));
    }
    if let Some(theme) = &narrow.theme {
        query = query.filter(provisions::Column::Theme.eq(theme.as_str()));
    }
    query.order_by_asc(Column::OpenedAt).order_by_asc(Column::Id)
}

/// The rounds that wait in a queue, the oldest first.
///
/// # Errors
/// When the database fails or holds a round of another version.
pub async fn all(db: &Db, queue: Queue, desk: &Desk<'_>, narrow: &Narrow) -> Result<Vec<WaitingRound>, StoreError> {
    let query = select(queue, desk, narrow).limit(super::MOST_COUNTED + 1);
    let mut found = Vec::new();
    for row in query.all(db.reader()).await? {
        let told = queue == Queue::Disagreements;
        let grades = row
            .grades
            .as_deref()
            .filter(|_| told)
            .and_then(read_pattern)
            .unwrap_or_default();
        if told && !matches!(Outcome::of(&grades), Outcome::Disagreed(_)) {
            continue;
        }
        let unreadable = |error: crate::domain::ids::InvalidCode| StoreError::Unreadable(error.to_string());
        found.push(WaitingRound {
            round: RoundId(row.id),
            state: row.state.parse().map_err(unreadable)?,
            provision: row.provision.parse().map_err(unreadable)?,
            since: row.completed_at.filter(|_| told).unwrap_or(row.opened_at),
            grades,
        });
    }
    Ok(found)
}

/// Some of them.
///
/// # Errors
/// As [`all`].
pub async fn list(
    db: &Db,
    queue: Queue,
    desk: &Desk<'_>,
    narrow: &Narrow,
    window: Window,
) -> Result<Vec<WaitingRound>, StoreError> {
    let number = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    let waiting = all(db, queue, desk, narrow).await?.into_iter();
    Ok(waiting.skip(number(window.offset)).take(number(window.limit)).collect())
}
