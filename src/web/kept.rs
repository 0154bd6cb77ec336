//! A form whose session ended while somebody was typing, or that was sent before with other words, is not lost: the answer carries all that was typed, lets one sign in
//! on the spot, and sends the very form again.
//!
//! Only a form that the browser says stood on this site is kept, and only after the handler of its address asked for an
//! account: so its address is one where forms are sent. The page that carries it is bound to the browser by a proof, so
//! that nobody else can have a form confirmed.

use super::app_state::AppState;
use super::extract::{Actor, Visit, form_token, is_surely_from_here, proof};
use super::fields;
use super::links::{self, Link};
use super::problem::Problem;
use super::view::forms::{FieldErrors, Form};
use super::view::kept::{Kept, KeptField, KeptForm};
use super::view::page::Section;
use crate::domain::users::User;
use crate::web::pages::sessions::form_cookie;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use std::sync::Arc;

/// The largest form that is kept.
const LARGEST: usize = super::layers::LARGEST_BODY;
/// A form with a file is read to its end for its texts; the file itself is let go piece by piece.
const LARGEST_WITH_FILE: usize = 64 * 1024 * 1024;

/// Fields as they were sent, in their order.
type Fields = Vec<(String, String)>;

/// Keeps a form that was refused for want of a session.
pub(super) async fn keep(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let kind = kind(&request, &app);
    let visit = Visit::by(&app, request.extensions().get::<Actor>().cloned().unwrap_or_default());
    let (headers, action) = (request.headers().clone(), action(&request));
    match kind {
        Kind::Other => next.run(request).await,
        Kind::Plain => {
            let (parts, body) = request.into_parts();
            let Ok(bytes) = to_bytes(body, LARGEST).await else {
                return Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE, String::new()).into_response();
            };
            let again = Request::from_parts(parts, Body::from(bytes.clone()));
            let response = next.run(again).await;
            match fields::read(&bytes) {
                Ok(fields) if is_refused(&response) => {
                    show(&visit, &headers, &action, (fields, false), sent_before(&response))
                }
                _ => response,
            }
        }
        Kind::Small => {
            let (parts, body) = request.into_parts();
            let Ok(bytes) = to_bytes(body, LARGEST).await else {
                return Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE, String::new()).into_response();
            };
            let again = || Request::from_parts(parts.clone(), Body::from(bytes.clone()));
            let response = next.run(again()).await;
            if !is_refused(&response) {
                return response;
            }
            match texts(&app, again()).await {
                Some(sent) => show(&visit, &headers, &action, sent, sent_before(&response)),
                None => response,
            }
        }
        Kind::WithFile => {
            let (parts, body) = request.into_parts();
            // Whoever is not signed in is refused before the body is looked at.
            let response = next.run(Request::from_parts(parts.clone(), Body::empty())).await;
            if !is_refused(&response) {
                return response;
            }
            match texts(&app, Request::from_parts(parts, body)).await {
                Some(sent) => show(&visit, &headers, &action, sent, sent_before(&response)),
                None => response,
            }
        }
    }
}

/// What was sent, as far as it can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    WithFile,
    /// With a file so small that it can be held until the answer is known.
    Small,
    Other,
}

fn kind(request: &Request, app: &AppState) -> Kind {
    let (path, headers) = (request.uri().path(), request.headers());
    let own = [links::sign_in(), links::sign_out(), links::resume()];
    let kept = request.method() == Method::POST
        && !path.starts_with("/api/")
        && !own.iter().any(|link| link.as_str() == path)
        && !headers.contains_key(header::AUTHORIZATION)
        && is_surely_from_here(headers, &app.config.base_url);
    let content = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let content = content.unwrap_or_default().to_ascii_lowercase();
    let anonymous = request
        .extensions()
        .get::<Actor>()
        .is_none_or(|actor| actor.user().is_none());
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok());
    let is_small = length
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: usize| length <= LARGEST);
    match content.split(';').next().unwrap_or_default().trim() {
        "application/x-www-form-urlencoded" if kept => Kind::Plain,
        "multipart/form-data" if kept && anonymous => Kind::WithFile,
        "multipart/form-data" if kept && is_small => Kind::Small,
        _ => Kind::Other,
    }
}

fn action(request: &Request) -> String {
    let uri = request.uri();
    uri.path_and_query()
        .map_or_else(|| uri.path().to_owned(), |whole| whole.as_str().to_owned())
}

fn is_refused(response: &Response) -> bool {
    let problem = response.extensions().get::<Arc<Problem>>();
    matches!(
        problem.map(AsRef::as_ref),
        Some(Problem::SignInNeeded | Problem::Forged | Problem::ChangedSince(_))
    )
}

/// The key of a form that was sent before with other words.
fn sent_before(response: &Response) -> Option<String> {
    match response.extensions().get::<Arc<Problem>>()?.as_ref() {
        Problem::ChangedSince(key) => Some(key.clone()),
        _ => None,
    }
}

/// The texts of a form that may have a file, and whether it has one; nothing where they are too long or broken.
async fn texts(app: &AppState, mut request: Request) -> Option<(Fields, bool)> {
    DefaultBodyLimit::max(LARGEST_WITH_FILE).apply(&mut request);
    let mut parts = Multipart::from_request(request, app).await.ok()?;
    let (mut fields, mut size, mut file) = (Fields::new(), 0usize, false);
    while let Some(mut part) = parts.next_field().await.ok()? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_text = part.file_name().is_none();
        file |= part.file_name().is_some_and(|name| !name.is_empty());
        let mut value = Vec::new();
        while let Some(piece) = part.chunk().await.ok()? {
            if is_text {
                size = size.saturating_add(piece.len());
                value.extend_from_slice(&piece);
            }
            if size > LARGEST {
                return None;
            }
        }
        if is_text {
            fields.push((name, String::from_utf8(value).ok()?));
        }
    }
    Some((fields, file))
}

/// The fields of a form that is to make something new: with a key of its own, and without the name of what it made before.
fn anew(mut fields: Fields) -> Fields {
    fields.retain(|(name, _)| name != "form_key" && name != "key");
    let key = Form::new(links::home(), "", "").key;
    fields.push(("form_key".to_owned(), key));
    fields
}

/// A password is never sent back, and the old proof of origin is of no use.
fn without_secrets(mut fields: Fields) -> Fields {
    fields.retain(|(name, _)| name != "form_token" && !name.to_ascii_lowercase().contains("password"));
    fields
}

/// `before`: the key with which the form was sent already.
fn show(
    visit: &Visit,
    headers: &HeaderMap,
    action: &str,
    (fields, file): (Fields, bool),
    before: Option<String>,
) -> Response {
    let fields = without_secrets(fields);
    let shown = match &visit.actor {
        Actor::Session(session) if before.is_some() => {
            let view = send(visit, form(action, &anew(fields)), &session.user, false);
            let made = before.as_deref().map(links::sent);
            page(
                visit,
                StatusCode::CONFLICT,
                &view.changed_since(made).without_file(file),
            )
        }
        Actor::Session(session) => {
            let form = form(action, &fields);
            page(
                visit,
                StatusCode::FORBIDDEN,
                &send(visit, form, &session.user, false).without_file(file),
            )
        }
        _ => {
            let (jar, secret) = form_cookie(&visit.app, CookieJar::from_headers(headers));
            let packed = fields::write(&fields);
            let view = ask(&secret, action, &packed, &fields, "", &FieldErrors::default()).without_file(file);
            page(visit, StatusCode::UNAUTHORIZED, &view).map(|page| (jar, page).into_response())
        }
    };
    shown.unwrap_or_else(IntoResponse::into_response)
}

/// The page, framed.
pub(super) fn page(visit: &Visit, status: StatusCode, view: &Kept) -> Result<Response, Problem> {
    visit.show_as(status, &visit.page(view.heading.as_str(), Section::Home), view)
}

/// The page on which one signs in with the form in hand.
pub(super) fn ask(
    secret: &str,
    action: &str,
    packed: &str,
    fields: &Fields,
    email: &str,
    errors: &FieldErrors,
) -> Kept {
    let proof = proof(secret, &sealed(action, packed));
    Kept::sign_in(form(action, fields), &form_token(secret), packed, &proof, email, errors)
}

/// The page that sends it as that person.
pub(super) fn send(visit: &Visit, form: KeptForm, user: &User, just_now: bool) -> Kept {
    Kept::send(form, &visit.form_token(), &user.name, user.role.as_str(), just_now)
}

/// What the proof covers: where the form goes and all that is in it.
pub(super) fn sealed(action: &str, packed: &str) -> String {
    crate::domain::audit::sealed(&[action.to_owned(), packed.to_owned()])
}

/// Fields that a form carries for the program's sake.
const CARRIED: [&str; 5] = ["form_key", "key", "seen", "then", "state"];

/// The form as the page shows and sends it. An address that is not of this site leads to the first page.
pub(super) fn form(action: &str, fields: &Fields) -> KeptForm {
    let action = Link::back_to(action).unwrap_or_else(links::home).to_string();
    let fields = fields.iter().map(|(name, value)| {
        let shown = !value.trim().is_empty() && !CARRIED.contains(&name.as_str());
        KeptField::new(name.clone(), value.clone(), shown)
    });
    KeptForm {
        action,
        fields: fields.collect(),
    }
}
