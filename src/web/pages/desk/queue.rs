//! One queue of the desk, and the decision on what waits for review.

use super::filters::keep_form;
use super::rows::{self, Waiting};
use super::{Asked, AtDesk, number, some};
use crate::actions::ActionError;
use crate::actions::reviews::{ReviewDraft, review as decide};
use crate::domain::desk::{Holds, Order, Queue, Window};
use crate::domain::users::{Permission, User};
use crate::store::queues::MOST_COUNTED;
use crate::store::{queues, standings};
use crate::web::extract::{Allowed, CsrfForm, Done, RecordFacts, Review, Visit};
use crate::web::links::{self, Link};
use crate::web::pages::mending::{invalid, note};
use crate::web::pages::{downloads, lookup};
use crate::web::problem::Problem;
use crate::web::view::desk::DeskQueue;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, Pager, downloads as files};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;

/// Most rows on a page that shows all of them.
const MOST_SHOWN: u64 = 1_000;

/// Shows it.
pub(in crate::web) async fn show(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(queue): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (queue, nothing) = (named(&queue)?, (ReviewDraft::default(), FieldErrors::default()));
    page(&visit, allowed.user()?, queue, &asked, StatusCode::OK, &nothing).await
}

/// Decides about everything that is ticked, or about nothing.
pub(in crate::web) async fn review(
    visit: Visit,
    allowed: Allowed<Review>,
    Path(queue): Path<String>,
    Query(asked): Query<Asked>,
    CsrfForm(draft, key): CsrfForm<ReviewDraft>,
) -> Result<Response, Problem> {
    let (queue, user) = (named(&queue)?, allowed.user()?);
    if queue != Queue::Review {
        let why = "Nothing is decided in this queue; open what waits there.";
        return Err(Problem::Rejected(StatusCode::METHOD_NOT_ALLOWED, why.to_owned()));
    }
    let (status, errors) = match decide(&visit.app.db, allowed.doing(&visit.app.clock, &key)?, &draft).await {
        Ok(_) => {
            let at = AtDesk::read(&visit, user, &asked).await?;
            let to = at
                .narrowed(links::desk_queue(queue))
                .with("done", Done::Reviewed.code());
            return visit.arrive(&key, to).await;
        }
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, invalid(errors)),
        Err(ActionError::Conflict(why)) => (StatusCode::CONFLICT, note(format!("Nothing was decided: {why}."))),
        Err(other) => return Err(other.into()),
    };
    page(&visit, user, queue, &asked, status, &(draft, errors)).await
}

fn named(text: &str) -> Result<Queue, Problem> {
    text.parse().map_err(|_| Problem::NotFound {
        what: format!("There is no queue “{text}” on the desk."),
        suggestions: vec![Anchor::new("My desk", links::desk())],
    })
}

fn order(sort: &str) -> Result<(Order, bool), Problem> {
    let (key, down) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
    let order = match key {
        "" => Order::Usual,
        "state" => Order::State,
        "theme" => Order::Theme,
        "time" => Order::Time,
        other => {
            return Err(lookup::no_choice(
                "column to sort by",
                other,
                &["state", "theme", "time"],
            ));
        }
    };
    Ok((order, down))
}

/// The rows that the address asks for, and the way to the others.
fn window(asked: &Asked, total: u64, here: &Link, is_file: bool) -> Result<(Window, Option<Pager>), Problem> {
    let (order, down) = order(&asked.sort)?;
    let of = |offset, limit| Window {
        order,
        down,
        offset,
        limit,
    };
    if is_file {
        return Ok((of(0, MOST_COUNTED), None));
    }
    let number = asked.page.parse().unwrap_or(1);
    let shown = usize::try_from(total.min(MOST_COUNTED)).unwrap_or(0);
    let (range, pager) = Pager::cut(shown, number, here);
    let pager = pager.map(|pager| Pager {
        all: pager.all.filter(|_| total <= MOST_SHOWN),
        text: if total > MOST_COUNTED {
            format!("{}, and more", pager.text)
        } else {
            pager.text
        },
        ..pager
    });
    let rows = |number: usize| u64::try_from(number).unwrap_or(0);
    let (offset, limit) = (rows(range.start), rows(range.len()).min(MOST_SHOWN));
    Ok((of(offset, limit), pager))
}

async fn page(
    visit: &Visit,
    user: &User,
    queue: Queue,
    asked: &Asked,
    status: StatusCode,
    (draft, errors): &(ReviewDraft, FieldErrors),
) -> Result<Response, Problem> {
    let at = AtDesk::read(visit, user, asked).await?;
    let (db, desk) = (&visit.app.db, at.desk());
    let total = at.count(db, queue).await?;
    let plain = at.kept(links::desk_queue(queue));
    let here = plain.clone().with_some("sort", Some(&asked.sort));
    let (window, pager) = window(asked, total, &here, visit.file.is_some())?;
    let waiting = match queue.holds() {
        Holds::Evidence => Waiting::Evidence(queues::list(db, queue, &desk, &at.narrow, window).await?),
        Holds::Rounds => Waiting::Rounds(queues::rounds::list(db, queue, &desk, &at.narrow, window).await?),
        Holds::Obligations => Waiting::Obligations(standings::list(db, queue, &desk, &at.narrow, window).await?),
    };
    let names = rows::Names::read(&visit.app.db, &at).await?;
    if visit.file.is_some() {
        return downloads::file(visit, &names.table(queue, &waiting));
    }
    let decides = queue == Queue::Review && !at.past && visit.actor.may(Permission::Review);
    let (items, duties) = names.rows(queue, &waiting, decides.then_some(draft.items.as_slice()));
    let view = DeskQueue {
        title: queue.words(),
        answer: answer(&at, queue, total),
        as_of: at.note(links::desk_queue(queue)),
        filters: at.filters(links::desk_queue(queue), &asked.sort),
        caption: format!("{}: {}", queue.words(), number(total)),
        columns: rows::columns(queue, decides, &plain, &asked.sort),
        items,
        duties,
        review: decides.then(|| form(&at, draft, &visit.form_token(), errors)),
        downloads: files(&here),
        pager,
        empty: empty(&at, queue),
        keep: keep_form(visit, &here),
    };
    let mut page = visit.page(queue.words(), Section::Desk);
    page.crumbs = vec![Anchor::new("My desk", at.kept(links::desk()))];
    at.day.mark(&mut page);
    visit.show_as(status, &page, &view)
}

fn form(at: &AtDesk, draft: &ReviewDraft, token: &str, errors: &FieldErrors) -> Form {
    let choices = vec![
        Choice::new("accept", "Accept").hint("It counts from now on."),
        Choice::new("return", "Return with a remark").hint("Its author is asked to mend it."),
        Choice::new("reject", "Reject with a reason").hint("It does not count and will not."),
    ];
    let fields = vec![
        Field::radio(
            "step",
            "What do you decide about those that are ticked?",
            choices,
            &draft.step,
        ),
        Field::text("remark", "Remark or reason", &draft.remark)
            .hint("Needed to return or to reject; the author reads it.")
            .optional(),
    ];
    let action = at.narrowed(links::desk_queue(Queue::Review));
    let mut form = Form::new(action, token, "Decide").with(fields, errors);
    form.error_title = "Nothing was decided yet. Please mend this first:".to_owned();
    form
}

fn answer(at: &AtDesk, queue: Queue, total: u64) -> String {
    let there = if at.past {
        format!(" on {}", at.day.date)
    } else {
        String::new()
    };
    let words = match queue {
        Queue::Review => some(
            total,
            "piece of evidence that others handed in waits",
            "pieces of evidence that others handed in wait",
        ),
        Queue::Returned => some(
            total,
            "piece of evidence of yours was returned or rejected",
            "pieces of evidence of yours were returned or rejected",
        ),
        Queue::Drafts => some(
            total,
            "draft of yours is not handed in",
            "drafts of yours are not handed in",
        ),
        Queue::Gradings => some(total, "grading is asked of you", "gradings are asked of you"),
        Queue::Disagreements => some(
            total,
            "obligation was graded apart and not alike",
            "obligations were graded apart and not alike",
        ),
        Queue::Ungraded => some(
            total,
            "obligation has evidence that nobody has judged",
            "obligations have evidence that nobody has judged",
        ),
        Queue::Contested => some(
            total,
            "obligation has strong evidence on both sides",
            "obligations have strong evidence on both sides",
        ),
        Queue::Stale => some(total, "obligation has no news", "obligations have no news"),
        Queue::Expired => some(
            total,
            "piece of evidence is to be looked at again",
            "pieces of evidence are to be looked at again",
        ),
        Queue::Links => some(
            total,
            "piece of evidence has a dead link",
            "pieces of evidence have a dead link",
        ),
    };
    let more = match queue {
        Queue::Stale => format!(" since {}", at.desk().stale_before()),
        Queue::Contested if total > 0 => ", and nobody has decided between them".to_owned(),
        Queue::Contested => " that nobody has decided between".to_owned(),
        _ => String::new(),
    };
    let words = if total == 0 {
        words.replacen("0 ", "No ", 1)
    } else {
        words
    };
    format!("{words}{more}{there}.")
}

fn empty(at: &AtDesk, queue: Queue) -> Empty {
    let action = if at.narrow.is_any() {
        Anchor::new("Show the whole queue", at.day.keep(links::desk_queue(queue)))
    } else {
        Anchor::new("Back to the desk", at.day.keep(links::desk()))
    };
    let (title, text) = match (at.past, at.narrow.is_any()) {
        (true, _) => (
            format!("Nothing waited here on {}", at.day.date),
            "Nothing of this kind had been recorded by the end of that day.",
        ),
        (false, true) => ("Nothing fits this filter".to_owned(), "Without it there may be more."),
        (false, false) => ("This queue is empty".to_owned(), done(queue)),
    };
    Empty {
        title,
        text: text.to_owned(),
        needed: Vec::new(),
        action: Some(action),
    }
}

/// When something comes into an empty queue.
fn done(queue: Queue) -> &'static str {
    match queue {
        Queue::Review => "What colleagues hand in appears here.",
        Queue::Returned => {
            "What a reviewer sends back to you or rejects appears here, with the remark; what was rejected, for 30 days."
        }
        Queue::Drafts => "What you begin and save as a draft appears here.",
        Queue::Gradings => "What a colleague asks you to grade by yourself appears here.",
        Queue::Disagreements => "An obligation appears here when people graded it apart and not alike.",
        Queue::Ungraded => "An obligation appears here when evidence for it is accepted.",
        Queue::Contested => "An obligation appears here when strong evidence speaks for both sides.",
        Queue::Stale => "An obligation appears here when its newest evidence grows old.",
        Queue::Expired => "Evidence appears here when the day has passed on which it was to be looked at again.",
        Queue::Links => "Evidence appears here when its link stops working.",
    }
}
