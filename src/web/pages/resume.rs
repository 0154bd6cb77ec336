//! Signing in again with a form in hand that could not be taken: see [`crate::web::kept`].

use super::sessions::refused;
use crate::actions::sessions as actions;
use crate::web::app_state::AppState;
use crate::web::cookies::{self, Name};
use crate::web::extract::{Actor, Visit, form_token, is_surely_from_here, proof};
use crate::web::problem::Problem;
use crate::web::{fields, kept};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::{CookieJar, Form};
use serde::Deserialize;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// What was typed, and the form that is carried along.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Carried {
    form_token: String,
    email: String,
    password: String,
    action: String,
    kept: String,
    proof: String,
}

/// Opens a session and shows the form, ready to be sent; or asks again.
pub(in crate::web) async fn resume(
    State(app): State<AppState>,
    visit: Visit,
    headers: HeaderMap,
    jar: CookieJar,
    Form(sent): Form<Carried>,
) -> Result<Response, Problem> {
    let secret = cookies::get(&app, &jar, Name::Form).ok_or(Problem::Forged)?;
    let fits = |given: &str, right: String| bool::from(given.as_bytes().ct_eq(right.as_bytes()));
    if !is_surely_from_here(&headers, &app.config.base_url)
        || !fits(&sent.form_token, form_token(&secret))
        || !fits(&sent.proof, proof(&secret, &kept::sealed(&sent.action, &sent.kept)))
    {
        return Err(Problem::Forged);
    }
    let carried = fields::read(sent.kept.as_bytes())?;
    if let Actor::Session(session) = &visit.actor {
        // Signed in already, in another window or by loading this page twice.
        let view = kept::send(&visit, kept::form(&sent.action, &carried), &session.user, true);
        return kept::page(&visit, StatusCode::OK, &view);
    }
    let now = app.clock.now();
    match actions::sign_in(&app.db, now, &sent.email, sent.password, app.config.session).await {
        Ok(opened) => {
            let user = opened.session.user.clone();
            let visit = Visit::by(&app, Actor::Session(Arc::new(opened.session)));
            let view = kept::send(&visit, kept::form(&sent.action, &carried), &user, true);
            let jar = cookies::set(&app, jar, Name::Session, opened.token);
            Ok((jar, kept::page(&visit, StatusCode::OK, &view)?).into_response())
        }
        Err(error) => {
            let (status, errors) = refused(error)?;
            let view = kept::ask(&secret, &sent.action, &sent.kept, &carried, &sent.email, &errors);
            kept::page(&visit, status, &view)
        }
    }
}
