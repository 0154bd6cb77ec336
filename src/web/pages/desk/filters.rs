//! Filters that somebody keeps on their desk.

use super::Asked;
use crate::actions::ActionError;
use crate::actions::saved_filters::{self as actions, FilterDraft};
use crate::domain::desk::SavedFilter;
use crate::domain::users::Permission;
use crate::web::extract::{Allowed, CsrfForm, Done, RecordFacts, Visit};
use crate::web::links::{self, Link};
use crate::web::pages::mending::invalid;
use crate::web::pages::sessions::Nothing;
use crate::web::problem::Problem;
use crate::web::view::desk::SavedLine;
use crate::web::view::forms::{Field, FieldErrors, Form};
use crate::web::view::parts::Anchor;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// The form with which the filter of a page is kept, for those who have a desk.
pub(in crate::web::pages) fn keep_form(visit: &Visit, page: &Link) -> Option<Form> {
    let has_desk = visit.actor.may(Permission::RecordFacts);
    has_desk.then(|| form(page.as_str(), "", &visit.form_token(), &FieldErrors::default()))
}

pub(super) fn form(address: &str, name: &str, token: &str, errors: &FieldErrors) -> Form {
    let name = Field::line("text", "name", "Name of the filter", name)
        .id("filter-name")
        .hint("Such as: detention in Mexico.")
        .width("medium");
    let mut form = Form::new(links::keep_filter(), token, "Keep it").with(vec![name], errors);
    // Sent along and not shown: what is wrong with it is said of the whole form.
    form.fields.push(Field::hidden("address", address));
    form
}

/// One of them in the list; none where its address is no longer one of this site.
pub(super) fn line(filter: &SavedFilter, token: &str) -> Option<SavedLine> {
    let page = Link::back_to(&filter.address)?;
    Some(SavedLine {
        filter: Anchor::new(&filter.name, page),
        forget: Form::new(links::forget_filter(&filter.id), token, "Forget"),
    })
}

/// Keeps one.
pub(in crate::web) async fn keep(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    CsrfForm(draft, key): CsrfForm<FilterDraft>,
) -> Result<Response, Problem> {
    let (user, app) = (allowed.user()?, &visit.app);
    if Link::back_to(&draft.address).is_none() {
        let why = "A filter is an address of this site; go back to the page and keep it from there.";
        return Err(Problem::Invalid(why.to_owned()));
    }
    let doing = allowed.doing(&app.clock, &key)?;
    match actions::keep(&app.db, doing, user.id, &draft).await {
        Ok(_) => {
            let to = links::desk().with("done", Done::FilterKept.code()).at("filters");
            visit.arrive(&key, to).await
        }
        Err(ActionError::Invalid(errors)) => {
            let again = Some((&draft, invalid(errors)));
            super::show(&visit, user, StatusCode::UNPROCESSABLE_ENTITY, &Asked::default(), again).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Forgets one.
pub(in crate::web) async fn forget(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(id): Path<String>,
    CsrfForm(Nothing {}, key): CsrfForm<Nothing>,
) -> Result<Response, Problem> {
    let (user, app) = (allowed.user()?, &visit.app);
    let gone = || Problem::NotFound {
        what: "You keep no such filter; it may be gone already.".to_owned(),
        suggestions: vec![Anchor::new("My desk", links::desk())],
    };
    let id = id.parse().map_err(|_| gone())?;
    match actions::forget(&app.db, allowed.doing(&app.clock, &key)?, user.id, id).await {
        Ok(()) => {
            let to = links::desk().with("done", Done::FilterForgotten.code()).at("filters");
            visit.arrive(&key, to).await
        }
        Err(ActionError::Conflict(_)) => Err(gone()),
        Err(other) => Err(other.into()),
    }
}
