//! The queues of evidence: what waits for review, what came back, what is not finished, what has to be looked at again.
//! Today's are read from the items' own rows; those of an earlier day from the revisions and the steps taken until then.

mod past;
pub mod rounds;

use super::entities::{
    evidence as items, evidence_provisions as attached, evidence_reviews as steps, evidence_revisions as revisions,
    link_checks, provisions,
};
use super::{Db, StoreError, evidence};
use crate::domain::desk::{Desk, Narrow, Order, Queue, WaitingEvidence, Window};
use crate::domain::ids::EvidenceId;
use crate::domain::links::LinkStatus;
use crate::domain::reviews::ReviewStatus;
use crate::domain::summaries::StoredEvidence;
use sea_orm::sea_query::{Alias, Expr, Order as Direction, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef, Select,
};
use std::collections::HashMap;

/// Rows are counted no further: a longer queue is “more than”.
pub const MOST_COUNTED: u64 = 10_000;

/// How many rows a question has; one more than [`MOST_COUNTED`] where there are more.
pub(in crate::store) async fn count_some<E: EntityTrait>(db: &Db, of: Select<E>) -> Result<u64, StoreError> {
    let limited = of.select_only().expr_as(Expr::val(1), "one").limit(MOST_COUNTED + 1);
    let whole = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(limited.into_query(), Alias::new("counted"))
        .to_owned();
    let row = db.reader().query_one(&whole).await?;
    let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}

pub(in crate::store) fn direction(down: bool) -> Direction {
    if down { Direction::Desc } else { Direction::Asc }
}

fn to_item() -> RelationDef {
    revisions::Entity::belongs_to(items::Entity)
        .from(revisions::Column::Evidence)
        .to(items::Column::Id)
        .into()
}

/// What an item's row must say today.
fn today(queue: Queue, desk: &Desk<'_>) -> Condition {
    let is = |status: ReviewStatus| items::Column::Status.eq(status.code());
    let all = Condition::all();
    match queue {
        Queue::Returned => {
            let rejected = is(ReviewStatus::Rejected).and(items::Column::ChangedAt.gte(desk.rejected_since()));
            all.add(is(ReviewStatus::Returned).or(rejected))
                .add(items::Column::Author.eq(desk.who))
        }
        Queue::Drafts => all.add(is(ReviewStatus::Draft)).add(items::Column::Author.eq(desk.who)),
        Queue::Expired => all.add(items::Column::ReviewBy.lt(desk.day.to_string())),
        Queue::Links => all
            .add(items::Column::LinkHash.in_subquery(dead_links(desk)))
            .add(items::Column::Status.ne(ReviewStatus::Rejected.code())),
        _ => all
            .add(is(ReviewStatus::Submitted))
            .add(items::Column::Author.ne(desk.who)),
    }
}

/// Links that were dead by the end of the day.
fn dead_links(desk: &Desk<'_>) -> SelectStatement {
    Query::select()
        .column(link_checks::Column::Hash)
        .from(link_checks::Entity)
        .and_where(link_checks::Column::Status.eq(LinkStatus::Dead.code()))
        .and_where(link_checks::Column::Since.lt(desk.end()))
        .to_owned()
}

/// Which revision of the item waits.
fn revision_of(queue: Queue) -> Expr {
    let column = match queue {
        Queue::Expired => items::Column::AcceptedRevision,
        _ => items::Column::Revision,
    };
    Expr::col((items::Entity, column)).eq(Expr::col((revisions::Entity, revisions::Column::Revision)))
}

/// About that state; about provisions of that treaty and theme, whether the treaty binds the state or not.
fn narrowed(narrow: &Narrow) -> Condition {
    let mut all = Condition::all();
    if let Some(state) = &narrow.state {
        all = all.add(items::Column::State.eq(state.as_str()));
    }
    if let Some(theme) = &narrow.theme {
        let named = attached_to(provisions::Column::Theme.eq(theme.as_str()));
        let named = items::Column::Id.in_subquery(named);
        all = all.add(items::Column::Theme.eq(theme.as_str()).or(named));
    }
    if let Some(instrument) = &narrow.instrument {
        let in_it = || provisions::Column::Instrument.eq(instrument.as_str());
        let themes = Query::select()
            .column(provisions::Column::Theme)
            .from(provisions::Entity)
            .and_where(in_it())
            .to_owned();
        let by_theme = Condition::all()
            .add(items::Column::Theme.in_subquery(themes))
            .add(Expr::not_exists(attached_to_any()));
        let named = items::Column::Id.in_subquery(attached_to(in_it()));
        all = all.add(Condition::any().add(by_theme).add(named));
    }
    all
}

/// The items that name such provisions.
fn attached_to(such: Expr) -> SelectStatement {
    let provision = Expr::col((provisions::Entity, provisions::Column::Id));
    Query::select()
        .column((attached::Entity, attached::Column::Evidence))
        .from(attached::Entity)
        .inner_join(
            provisions::Entity,
            provision.eq(Expr::col((attached::Entity, attached::Column::Provision))),
        )
        .and_where(such)
        .to_owned()
}

/// The provisions that the item names.
fn attached_to_any() -> SelectStatement {
    let evidence = Expr::col((attached::Entity, attached::Column::Evidence));
    Query::select()
        .expr(Expr::val(1))
        .from(attached::Entity)
        .and_where(evidence.eq(Expr::col((items::Entity, items::Column::Id))))
        .to_owned()
}

/// How many pieces of evidence wait in a queue; counted no further than [`MOST_COUNTED`].
///
/// # Errors
/// When the database fails.
pub async fn count(db: &Db, queue: Queue, desk: &Desk<'_>, narrow: &Narrow) -> Result<u64, StoreError> {
    if desk.past {
        return count_some(db, joined(db, queue, desk, narrow)).await;
    }
    let query = items::Entity::find()
        .filter(today(queue, desk))
        .filter(narrowed(narrow));
    count_some(db, query).await
}

fn joined(db: &Db, queue: Queue, desk: &Desk<'_>, narrow: &Narrow) -> Select<revisions::Entity> {
    let query = revisions::Entity::find().join(JoinType::InnerJoin, to_item());
    let query = if desk.past {
        query.filter(past::on(db.reader().get_database_backend(), queue, desk))
    } else {
        query.filter(today(queue, desk)).filter(revision_of(queue))
    };
    let narrowed = narrowed(narrow);
    // Said twice that it is not so, which keeps SQLite from gathering and sorting all that the themes of a large treaty
    // have: the first page is found sooner along the index by which the queue is sorted.
    query.filter(if narrow.instrument.is_some() {
        Condition::all().add(Expr::from(narrowed).not().not())
    } else {
        narrowed
    })
}

/// Pieces of evidence that wait in a queue, with what was last said about them.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn list(
    db: &Db,
    queue: Queue,
    desk: &Desk<'_>,
    narrow: &Narrow,
    window: Window,
) -> Result<Vec<WaitingEvidence>, StoreError> {
    let (query, direction) = (joined(db, queue, desk, narrow), direction(window.down));
    let query = match (window.order, queue) {
        (Order::State, _) => query.order_by(items::Column::State, direction.clone()),
        (Order::Theme, _) => query.order_by(items::Column::Theme, direction.clone()),
        (Order::Usual | Order::Time, Queue::Expired) => query.order_by(items::Column::ReviewBy, direction.clone()),
        (Order::Usual | Order::Time, _) => query.order_by(items::Column::ChangedAt, direction.clone()),
    };
    let rows = query
        .order_by(revisions::Column::Evidence, direction)
        .offset(window.offset)
        .limit(window.limit)
        .all(db.reader())
        .await?;
    let stored: Vec<StoredEvidence> = rows.into_iter().map(evidence::read).collect::<Result<_, _>>()?;
    let mut said = last_words(db, desk, &stored).await?;
    let waiting = stored.into_iter().map(|stored| {
        let last = said.remove(&(stored.id, stored.revision));
        WaitingEvidence {
            since: last.as_ref().map_or(stored.recorded_at, |step| step.at),
            remark: last
                .filter(|step| !step.remark.is_empty())
                .map(|step| (step.remark, step.by)),
            stored,
        }
    });
    Ok(waiting.collect())
}

/// The last step that was taken with each of those revisions.
async fn last_words(
    db: &Db,
    desk: &Desk<'_>,
    of: &[StoredEvidence],
) -> Result<HashMap<(EvidenceId, i32), steps::Model>, StoreError> {
    let mut last = HashMap::new();
    for chunk in of.chunks(super::reference::CHUNK) {
        let rows = steps::Entity::find()
            .filter(steps::Column::Evidence.is_in(chunk.iter().map(|one| one.id.0)))
            .filter(steps::Column::At.lt(desk.end()))
            .order_by_asc(steps::Column::At)
            .order_by_asc(steps::Column::Id)
            .all(db.reader())
            .await?;
        last.extend(
            rows.into_iter()
                .map(|row| ((EvidenceId(row.evidence), row.revision), row)),
        );
    }
    Ok(last)
}
