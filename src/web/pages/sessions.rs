//! Signing in and out.

use crate::actions::passwords::secret;
use crate::actions::sessions::{self as actions, SignInError};
use crate::web::app_state::AppState;
use crate::web::cookies::{self, Name};
use crate::web::extract::{Actor, CsrfForm, Done, Visit, form_token};
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::FieldErrors;
use crate::web::view::page::Section;
use crate::web::view::sessions::SignIn;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Next {
    next: String,
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Credentials {
    email: String,
    password: String,
    next: String,
}

fn way_back(next: &str) -> Link {
    Link::back_to(next).unwrap_or_else(links::home)
}

/// Shows the form; who is signed in already goes on.
pub(in crate::web) async fn form(
    visit: Visit,
    jar: CookieJar,
    Query(Next { next }): Query<Next>,
) -> Result<Response, Problem> {
    if visit.actor.user().is_some() {
        return Ok(Redirect::to(way_back(&next).as_str()).into_response());
    }
    ask(&visit, jar, StatusCode::OK, "", &next, &FieldErrors::default())
}

fn ask(
    visit: &Visit,
    jar: CookieJar,
    status: StatusCode,
    email: &str,
    next: &str,
    errors: &FieldErrors,
) -> Result<Response, Problem> {
    let (jar, key) = form_cookie(&visit.app, jar);
    let next = Link::back_to(next).map(|link| link.to_string());
    let view = SignIn::new(&form_token(&key), email, next.as_deref(), errors);
    let page = visit.show_as(status, &visit.page("Sign in", Section::Home), &view)?;
    Ok((jar, page).into_response())
}

/// The secret of the forms of a browser without a session: the one it has, or a new one.
pub(in crate::web) fn form_cookie(app: &AppState, jar: CookieJar) -> (CookieJar, String) {
    match cookies::get(app, &jar, Name::Form) {
        Some(key) => (jar, key),
        None => {
            let key = secret();
            (cookies::set(app, jar, Name::Form, key.clone()), key)
        }
    }
}

/// Why somebody is not let in, beside the field it concerns.
pub(super) fn refused(error: SignInError) -> Result<(StatusCode, FieldErrors), Problem> {
    let mut errors = FieldErrors::default();
    match error {
        SignInError::Refused => {
            errors.add(
                "email",
                "this address and this password do not belong together, or the account is disabled",
            );
            Ok((StatusCode::UNPROCESSABLE_ENTITY, errors))
        }
        SignInError::Paused(until) => {
            let until = until.format("%H:%M:%S UTC");
            errors.add(
                "email",
                format!("there were too many wrong passwords; try again after {until}"),
            );
            Ok((StatusCode::TOO_MANY_REQUESTS, errors))
        }
        SignInError::Hashing(error) => {
            tracing::error!(%error, "sign-in failed");
            Err(Problem::Internal)
        }
        SignInError::Store(error) => Err(error.into()),
    }
}

/// Opens a session, or shows the form again with the address as typed.
pub(in crate::web) async fn sign_in(
    State(app): State<AppState>,
    visit: Visit,
    jar: CookieJar,
    CsrfForm(typed, _): CsrfForm<Credentials>,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let opened = actions::sign_in(&app.db, now, &typed.email, typed.password, app.config.session).await;
    let (status, errors) = match opened {
        Ok(opened) => {
            let jar = cookies::set(&app, jar, Name::Session, opened.token);
            let jar = cookies::clear(&app, jar, Name::Form);
            return Ok((jar, Redirect::to(way_back(&typed.next).as_str())).into_response());
        }
        Err(error) => refused(error)?,
    };
    ask(&visit, jar, status, &typed.email, &typed.next, &errors)
}

/// Nothing but the token is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Nothing {}

/// Ends the session.
pub(in crate::web) async fn sign_out(
    State(app): State<AppState>,
    actor: Actor,
    jar: CookieJar,
    CsrfForm(Nothing {}, _): CsrfForm<Nothing>,
) -> Result<Response, Problem> {
    if let Actor::Session(session) = &actor {
        actions::sign_out(&app.db, app.clock.now(), session).await?;
    }
    let jar = cookies::clear(&app, jar, Name::Session);
    let to = links::home().with("done", Done::SignedOut.code());
    Ok((jar, Redirect::to(to.as_str())).into_response())
}
