//! What those who work on a piece of evidence see on its page: where the latest revision stands, what it changed, and the
//! form to review it. And where that form is sent.

use super::evidence_item::{Asked, Item, show};
use super::here::Here;
use super::mending;
use super::obligation_history::Names;
use crate::actions::ActionError;
use crate::actions::reviews::{ReviewDraft, review};
use crate::domain::reviews::{ReviewMove, ReviewStatus, ReviewStep};
use crate::domain::revisions::{Texts, changes, label, texts, words};
use crate::domain::summaries::StoredEvidence;
use crate::store::reviews;
use crate::web::extract::{Allowed, CsrfForm, Done, Review, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::evidence::{ChangeLine, EvidenceDesk, StepLine, status_tag};
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::parts::Anchor;
use crate::web::view::words::short;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// A review as it was typed, with what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    draft: ReviewDraft,
    errors: FieldErrors,
}

/// Takes the step, or shows the page again with what was typed.
pub(in crate::web) async fn send(
    allowed: Allowed<Review>,
    visit: Visit,
    Path(id): Path<String>,
    CsrfForm(draft, key): CsrfForm<ReviewDraft>,
) -> Result<Response, Problem> {
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let id_of = || {
        id.parse()
            .map_err(|_| Problem::not_found(format!("There is no evidence “{id}”.")))
    };
    // The form of one page decides on its own item and no other.
    if draft
        .items
        .iter()
        .any(|item| item.split('@').next() != Some(id.as_str()))
    {
        return Err(Problem::Unreadable(
            "The review names another piece of evidence than its page.".to_owned(),
        ));
    }
    let (status, errors) = match review(&visit.app.db, doing, &draft).await {
        Ok(_) => {
            let to = links::evidence(&id_of()?).with("done", done(&draft.step).code());
            return visit.arrive(&key, to).await;
        }
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, mending::invalid(errors)),
        Err(ActionError::Conflict(why)) => (StatusCode::CONFLICT, mending::note(why)),
        Err(other) => return Err(other.into()),
    };
    show(&visit, &id, &Asked::default(), status, Typed { draft, errors }).await
}

/// What the step did, for who took it.
fn done(step: &str) -> Done {
    match step.parse() {
        Ok(ReviewMove::Submit) => Done::Evidence,
        Ok(ReviewMove::TakeBack) => Done::TakenBack,
        _ => Done::Review,
    }
}

/// Where the latest revision stands, and what this visitor can do with it.
pub(super) async fn desk(visit: &Visit, item: &Item, names: &Names, typed: Typed) -> Result<EvidenceDesk, Problem> {
    let latest = item.latest();
    let steps = reviews::of(&visit.app.db, latest.id).await?;
    let own = visit
        .actor
        .user()
        .is_some_and(|user| user.email.as_str() == latest.recorded_by);
    let waits = latest.status == ReviewStatus::Submitted;
    let may_review = waits && !own;
    let (caption, changed) = changed(&item.here, item.counting(), latest);
    let review = review_form(visit, latest, &typed);
    let step = match (latest.status, own) {
        (ReviewStatus::Draft, true) => Some(ReviewMove::Submit),
        (ReviewStatus::Submitted, true) => Some(ReviewMove::TakeBack),
        _ => None,
    };
    Ok(EvidenceDesk {
        tag: status_tag(latest.status),
        line: format!(
            "Revision {}, written by {} on {}.",
            latest.revision,
            names.of(&latest.recorded_by),
            latest.recorded_at.date_naive()
        ),
        errors: review.clone(),
        changes_caption: caption,
        changes: changed,
        review: may_review.then_some(review),
        own: step.map(|step| step_form(visit, latest, step)),
        note: note(latest.status, own).map(str::to_owned),
        links: doors(latest),
        steps: steps.iter().rev().map(|step| line(step, names)).collect(),
    })
}

fn note(status: ReviewStatus, own: bool) -> Option<&'static str> {
    match (status, own) {
        (ReviewStatus::Submitted, true) => {
            Some("You wrote this revision, so somebody else has to review it. To write on, take it back.")
        }
        (ReviewStatus::Draft, false) => Some("Only who wrote this draft can hand it in."),
        _ => None,
    }
}

fn doors(latest: &StoredEvidence) -> Vec<Anchor> {
    let words = match latest.status {
        ReviewStatus::Submitted => None,
        ReviewStatus::Draft => Some("Write on"),
        ReviewStatus::Returned => Some("Mend it"),
        ReviewStatus::Accepted | ReviewStatus::Rejected => Some("Change it"),
    };
    let change = words.map(|words| Anchor::new(words, links::edit_evidence(&latest.id)));
    let another = links::new_evidence(&latest.evidence.state).with("like", &latest.id.to_string());
    change
        .into_iter()
        .chain([Anchor::new("Add another from the same document", another)])
        .collect()
}

fn line(step: &ReviewStep, names: &Names) -> StepLine {
    let done = match step.step {
        ReviewMove::Submit => "handed in",
        ReviewMove::TakeBack => "taken back",
        ReviewMove::Accept => "accepted",
        ReviewMove::Return => "returned",
        ReviewMove::Reject => "rejected",
    };
    StepLine {
        line: format!(
            "{}: revision {} {done} by {}",
            step.at.format("%Y-%m-%d %H:%M UTC"),
            step.revision,
            names.of(&step.by)
        ),
        remark: step.remark.clone(),
    }
}

/// What the latest revision changes in the one that counts.
fn changed(here: &Here, counts: Option<&StoredEvidence>, latest: &StoredEvidence) -> (String, Vec<ChangeLine>) {
    let Some(counts) = counts else {
        return ("No revision of it counts yet.".to_owned(), Vec::new());
    };
    if counts.revision == latest.revision {
        return ("This revision counts; no later one waits.".to_owned(), Vec::new());
    }
    let found = changes(&texts(&counts.evidence), &texts(&latest.evidence));
    let caption = if found.is_empty() {
        format!(
            "Revision {} says the same as revision {}, which counts.",
            latest.revision, counts.revision
        )
    } else {
        format!(
            "What revision {} changes in revision {}, which counts",
            latest.revision, counts.revision
        )
    };
    let lines = found.into_iter().map(|one| ChangeLine {
        field: label(one.field),
        before: in_words(here, one.field, &one.before),
        after: in_words(here, one.field, &one.after),
    });
    (caption, lines.collect())
}

/// The value of a field as people read it.
pub(super) fn in_words(here: &Here, field: &str, text: &str) -> String {
    let theme = || {
        here.shelf
            .reference
            .find_theme(text)
            .ok()
            .map(|theme| theme.label.en.clone())
    };
    match field {
        "theme" => theme().unwrap_or_else(|| text.to_owned()),
        "file" => short(text, 12),
        _ => words(field, text),
    }
}

/// What a field said in each of two revisions.
pub(super) fn text_of(texts: &Texts, field: &str) -> String {
    texts.get(field).cloned().unwrap_or_default()
}

fn place(item: &StoredEvidence) -> Field {
    Field::hidden("items", &format!("{}@{}", item.id, item.revision))
}

fn review_form(visit: &Visit, item: &StoredEvidence, typed: &Typed) -> Form {
    let choices = vec![
        Choice::new(ReviewMove::Accept.code(), "Accept")
            .hint("It counts from now on and can be changed only by a new revision."),
        Choice::new(ReviewMove::Return.code(), "Return with a remark").hint("Its author is asked to mend it."),
        Choice::new(ReviewMove::Reject.code(), "Reject with a reason").hint("It does not count and will not."),
    ];
    let fields = vec![
        place(item),
        Field::radio("step", "What do you decide?", choices, &typed.draft.step),
        Field::text("remark", "Remark", &typed.draft.remark)
            .hint("What its author is told. Needed to return and to reject.")
            .optional(),
    ];
    Form::new(
        links::review_evidence(&item.id),
        &visit.form_token(),
        "Record the review",
    )
    .with(fields, &typed.errors)
}

fn step_form(visit: &Visit, item: &StoredEvidence, step: ReviewMove) -> Form {
    let words = if step == ReviewMove::Submit {
        "Hand in for review"
    } else {
        "Take it back"
    };
    let fields = vec![place(item), Field::hidden("step", step.code())];
    Form::new(links::review_evidence(&item.id), &visit.form_token(), words).with(fields, &FieldErrors::default())
}
