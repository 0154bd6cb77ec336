//! The queues of obligations, each one indexed question.

use super::rows;
use crate::domain::desk::{Desk, Narrow, Order, Queue, Window};
use crate::domain::standings::KeptStanding;
use crate::store::entities::standings::{self as table, Column};
use crate::store::{Db, StoreError, queues};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// The rows of one queue of obligations.
fn select(queue: Queue, desk: &Desk<'_>, narrow: &Narrow) -> Select<table::Entity> {
    let mut query = table::Entity::find();
    query = if desk.past {
        query
            .filter(Column::RecordedAt.lt(desk.end()))
            .filter(Column::SupersededAt.is_null().or(Column::SupersededAt.gte(desk.end())))
    } else {
        query.filter(Column::SupersededAt.is_null())
    };
    query = match queue {
        Queue::Contested => query.filter(Column::Disputed.eq(true)),
        Queue::Stale => query.filter(Column::AgedFrom.lte(desk.stale_before().to_string())),
        _ => query.filter(Column::Waits.eq(true)),
    };
    if let Some(state) = &narrow.state {
        query = query.filter(Column::State.eq(state.as_str()));
    }
    if let Some(instrument) = &narrow.instrument {
        query = query.filter(Column::Instrument.eq(instrument.as_str()));
    }
    if let Some(theme) = &narrow.theme {
        query = query.filter(Column::Theme.eq(theme.as_str()));
    }
    query
}

/// How many obligations wait in a queue; counted no further than [`queues::MOST_COUNTED`].
///
/// # Errors
/// When the database fails.
pub async fn count(db: &Db, queue: Queue, desk: &Desk<'_>, narrow: &Narrow) -> Result<u64, StoreError> {
    queues::count_some(db, select(queue, desk, narrow)).await
}

/// Obligations that wait in a queue.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn list(
    db: &Db,
    queue: Queue,
    desk: &Desk<'_>,
    narrow: &Narrow,
    window: Window,
) -> Result<Vec<KeptStanding>, StoreError> {
    let direction = queues::direction(window.down);
    let query = select(queue, desk, narrow);
    let time = if queue == Queue::Stale {
        Column::AgedFrom
    } else {
        Column::NewestAcceptedAt
    };
    let query = match (window.order, queue) {
        (Order::Theme, _) => query.order_by(Column::Theme, direction.clone()),
        (Order::Time, _) | (Order::Usual, Queue::Stale) => query.order_by(time, direction.clone()),
        (Order::Usual | Order::State, _) => query,
    };
    let rows = query
        .order_by(Column::State, direction.clone())
        .order_by(Column::Provision, direction)
        .offset(window.offset)
        .limit(window.limit)
        .all(db.reader())
        .await?;
    rows.into_iter().map(rows::read).collect()
}
