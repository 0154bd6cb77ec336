//! Comments: said on the page of what they are about, assigned, and settled. Only for those who may record.

use super::mending;
use super::obligation_history::Names;
use crate::actions::ActionError;
use crate::actions::comments::{self as actions, CommentDraft, CommentStep};
use crate::domain::comments::{Assignee, Comment, Subject};
use crate::domain::ids::CommentId;
use crate::domain::users::{Permission, User};
use crate::store::{comments as store, users};
use crate::web::extract::{Allowed, CsrfForm, Done, RecordFacts, Visit};
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::comments::{CommentForm, CommentLine, Comments};
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Tag};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// The page of what a comment is on.
pub(in crate::web) fn page_of(on: &Subject) -> Link {
    match on {
        Subject::Evidence(id) => links::evidence(id),
        Subject::Obligation(state, provision) => links::obligation(state, provision),
    }
}

/// Who is asked. A form names a person by the identity of the account, so that no page holds addresses.
async fn asked(visit: &Visit, text: String) -> Result<String, Problem> {
    let Ok(id) = text.trim().parse() else {
        return Ok(text);
    };
    let user = users::by_id(&visit.app.db, id).await?;
    Ok(user.map_or(text, |user| user.email.to_string()))
}

/// Keeps a comment, or shows its form again.
pub(in crate::web) async fn add(
    allowed: Allowed<RecordFacts>,
    visit: Visit,
    CsrfForm(mut draft, key): CsrfForm<CommentDraft>,
) -> Result<Response, Problem> {
    draft.assign = asked(&visit, draft.assign).await?;
    let shelf = visit.app.shelf().await?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    match actions::add(&visit.app.db, &shelf.reference, doing, &draft).await {
        Ok(comment) => {
            let to = page_of(&comment.on).with("done", Done::Comment.code()).at("comments");
            visit.arrive(&key, to).await
        }
        Err(ActionError::Invalid(errors)) => {
            let on = draft
                .on
                .parse::<Subject>()
                .map_err(|_| Problem::not_found("There is nothing by that name to comment on."))?;
            let people = users::list(&visit.app.db).await?;
            let mut form = add_form(&visit, &on, &draft, &people, &mending::invalid(errors));
            form.cancel = Some(Anchor::new("Do not save", page_of(&on)));
            let what = match &on {
                Subject::Evidence(_) => "the evidence".to_owned(),
                Subject::Obligation(..) => on.to_string(),
            };
            let view = CommentForm {
                on: Anchor::new(what, page_of(&on)),
                form,
            };
            let page = visit.page("Comment", Section::States);
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &view)
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks somebody else to see to it, or settles it.
pub(in crate::web) async fn step(
    allowed: Allowed<RecordFacts>,
    visit: Visit,
    Path(id): Path<String>,
    CsrfForm(mut step, key): CsrfForm<CommentStep>,
) -> Result<Response, Problem> {
    step.assign = asked(&visit, step.assign).await?;
    let id: CommentId = id
        .parse()
        .map_err(|_| Problem::not_found("There is no such comment."))?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let comment = actions::step(&visit.app.db, doing, id, &step).await?;
    let to = page_of(&comment.on).with("done", Done::Settled.code()).at("comments");
    visit.arrive(&key, to).await
}

/// The comments on one thing, for those who may record.
pub(super) async fn section(visit: &Visit, on: &Subject, names: &Names) -> Result<Comments, Problem> {
    let (all, people) = (store::on(&visit.app.db, on).await?, users::list(&visit.app.db).await?);
    Ok(Comments {
        items: all.iter().map(|one| line(visit, one, names, &people)).collect(),
        add: add_form(visit, on, &CommentDraft::default(), &people, &FieldErrors::default()),
    })
}

fn line(visit: &Visit, one: &Comment, names: &Names, people: &[User]) -> CommentLine {
    let asked = match &one.assigned {
        Some(Assignee::Person(email)) => format!(", for {}", names.of(email.as_str())),
        Some(Assignee::Team(role)) => format!(", for {}", Assignee::team_words(*role)),
        None => String::new(),
    };
    let settled = one.resolved.as_ref().map(|(by, at)| Tag {
        class: "quiet",
        word: format!("settled by {} on {}", names.of(by), at.date_naive()),
    });
    let open = settled.is_none();
    let to = links::comment(&one.id);
    let form = |words: &str, fields: Vec<Field>| {
        Form::new(to.clone(), &visit.form_token(), words).with(fields, &FieldErrors::default())
    };
    let chosen = one.assigned.as_ref().map(ToString::to_string).unwrap_or_default();
    let id = format!("assign-{}", one.id);
    CommentLine {
        text: one.text.clone(),
        line: format!("{}, {}{asked}", names.of(&one.by), one.at.format("%Y-%m-%d %H:%M UTC")),
        tag: settled,
        assign: open.then(|| {
            let fields = vec![Field::hidden("step", "assign"), assignee(&chosen, people).id(&id)];
            form("Ask", fields)
        }),
        resolve: open.then(|| form("Settled", vec![Field::hidden("step", "resolve")])),
        id,
    }
}

fn add_form(visit: &Visit, on: &Subject, draft: &CommentDraft, people: &[User], errors: &FieldErrors) -> Form {
    let fields = vec![
        Field::hidden("on", &on.to_string()),
        Field::text("text", "Comment", &draft.text).id("comment-text"),
        assignee(&draft.assign, people).id("comment-assign"),
    ];
    Form::new(links::comments(), &visit.form_token(), "Save the comment").with(fields, errors)
}

/// Who can be asked: those who can see it.
fn assignee(given: &str, people: &[User]) -> Field {
    let may = |user: &&User| user.active && Permission::RecordFacts.granted_to(Some(user.role));
    let teams = Assignee::TEAMS.map(|role| Choice::new(Assignee::Team(role).to_string(), Assignee::team_words(role)));
    let all = people;
    let people = people
        .iter()
        .filter(may)
        .map(|user| Choice::new(user.id.to_string(), &user.name));
    let chosen = all.iter().find(|user| user.email.as_str() == given);
    let chosen = chosen.map_or_else(|| given.to_owned(), |user| user.id.to_string());
    let choices = std::iter::once(Choice::new("", "nobody in particular"))
        .chain(teams)
        .chain(people)
        .collect();
    Field::select("assign", "Who should see to it", choices, &chosen).optional()
}
