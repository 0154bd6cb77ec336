//! What a queue held at the end of an earlier day.

use super::{dead_links, items, revisions, steps};
use crate::domain::desk::{Desk, Queue};
use crate::domain::reviews::ReviewMove;
use sea_orm::sea_query::{Alias, Expr, Order, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseBackend, ExprTrait, IntoSimpleExpr};

/// The latest revision of that day, by the last step that was taken with it.
pub(super) fn on(backend: DatabaseBackend, queue: Queue, desk: &Desk<'_>) -> Condition {
    let end = desk.end();
    if queue == Queue::Expired {
        return expired(backend, desk);
    }
    let mine = revisions::Column::RecordedBy.eq(desk.who);
    let latest = Condition::all()
        .add(revisions::Column::RecordedAt.lt(end))
        .add(no_newer(desk));
    match queue {
        Queue::Returned => {
            let rejected = last_step(desk)
                .eq(ReviewMove::Reject.code())
                .and(last_moment(desk).gte(desk.rejected_since()));
            let came_back = last_step(desk).eq(ReviewMove::Return.code()).or(rejected);
            latest.add(mine).add(came_back)
        }
        Queue::Drafts => {
            let open = last_step(desk)
                .is_null()
                .or(last_step(desk).eq(ReviewMove::TakeBack.code()));
            let not_yet = revisions::Column::AcceptedAt
                .is_null()
                .or(revisions::Column::AcceptedAt.gte(end));
            latest.add(mine).add(open).add(not_yet)
        }
        // A link that works again has forgotten when it was dead.
        Queue::Links => latest.add(items::Column::LinkHash.in_subquery(dead_links(desk))).add(
            last_step(desk)
                .is_null()
                .or(last_step(desk).ne(ReviewMove::Reject.code())),
        ),
        _ => latest
            .add(revisions::Column::RecordedBy.ne(desk.who))
            .add(handed_in(desk))
            .add(last_step(desk).eq(ReviewMove::Submit.code())),
    }
}

fn handed_in(desk: &Desk<'_>) -> Expr {
    let submitted = Query::select()
        .column(steps::Column::Evidence)
        .from(steps::Entity)
        .and_where(steps::Column::Step.eq(ReviewMove::Submit.code()))
        .and_where(steps::Column::At.lt(desk.end()))
        .to_owned();
    revisions::Column::Evidence.in_subquery(submitted)
}

fn no_newer(desk: &Desk<'_>) -> Expr {
    let newer = Alias::new("newer");
    let column = |column: revisions::Column| Expr::col((newer.clone(), column));
    let own = |column: revisions::Column| Expr::col((revisions::Entity, column));
    let found = Query::select()
        .expr(Expr::val(1))
        .from_as(revisions::Entity, newer.clone())
        .and_where(column(revisions::Column::Evidence).eq(own(revisions::Column::Evidence)))
        .and_where(column(revisions::Column::Revision).gt(own(revisions::Column::Revision)))
        .and_where(column(revisions::Column::RecordedAt).lt(desk.end()))
        .to_owned();
    Expr::not_exists(found)
}

fn last_step(desk: &Desk<'_>) -> Expr {
    of_last_step(desk, steps::Column::Step)
}

fn last_moment(desk: &Desk<'_>) -> Expr {
    of_last_step(desk, steps::Column::At)
}

fn of_last_step(desk: &Desk<'_>, wanted: steps::Column) -> Expr {
    let own = |column: revisions::Column| Expr::col((revisions::Entity, column));
    let last = Query::select()
        .column(wanted)
        .from(steps::Entity)
        .and_where(
            steps::Column::Evidence
                .into_simple_expr()
                .eq(own(revisions::Column::Evidence)),
        )
        .and_where(
            steps::Column::Revision
                .into_simple_expr()
                .eq(own(revisions::Column::Revision)),
        )
        .and_where(steps::Column::At.lt(desk.end()))
        .order_by(steps::Column::At, Order::Desc)
        .order_by(steps::Column::Id, Order::Desc)
        .limit(1)
        .to_owned();
    Expr::SubQuery(None, Box::new(last.into()))
}

/// Counted at the end of that day, and to be looked at again by then. The item's row has the day of the revision that
/// counts now; of one that was replaced since, only its document has it.
fn expired(backend: DatabaseBackend, desk: &Desk<'_>) -> Condition {
    let (end, day) = (desk.end(), desk.day.to_string());
    let in_document = match backend {
        DatabaseBackend::Postgres => "(\"evidence_revisions\".\"document\"::json ->> 'review_by')",
        _ => "json_extract(\"evidence_revisions\".\"document\", '$.review_by')",
    };
    let still = Condition::all()
        .add(revisions::Column::ReplacedAt.is_null())
        .add(items::Column::ReviewBy.lt(day.as_str()));
    let since_replaced = Condition::all()
        .add(revisions::Column::ReplacedAt.gte(end))
        .add(Expr::cust(in_document).lt(day));
    Condition::all()
        .add(revisions::Column::AcceptedAt.lt(end))
        .add(Condition::any().add(still).add(since_replaced))
}
