//! What can go wrong at the edge, as one type: a page for people, RFC 9457 `problem+json` for programs under `/api`.

use super::app_state::AppState;
use super::extract::{Actor, Visit};
use super::links::{self, Link};
use super::view::errors::Error as ErrorPage;
use super::view::page::Section;
use super::view::parts::Anchor;
use crate::domain::users::Permission;
use crate::store::StoreError;
use crate::templates::TemplateError;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use std::sync::Arc;

/// Why a request was not answered as asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Problem {
    /// There is no such thing; maybe something near it.
    #[error("{what}")]
    NotFound {
        /// What there is not, as a sentence.
        what: String,
        /// What may have been meant.
        suggestions: Vec<Anchor>,
    },
    /// Only for people with an account.
    #[error("This needs an account: sign in first.")]
    SignInNeeded,
    /// The account may not do this.
    #[error("{}", refusal(*.0))]
    Forbidden(Permission),
    /// The form did not come from this site, or its session has ended.
    #[error(
        "This form is too old or did not come from this site, so nothing was saved. Go back, load the page again and send it once more."
    )]
    Forged,
    /// The same form was sent before; what it asked for is done. The form's key leads to the place.
    #[error("This was sent before and is done; nothing was done twice.")]
    Repeated(String),
    /// The same form was sent before, with other words. The form's key leads to what it did.
    #[error(
        "This form was sent before, and what it said then is saved. What you changed since is not: open what was saved and change it there."
    )]
    ChangedSince(String),
    /// A token that does not exist or was revoked.
    #[error("This token is not known or was revoked.")]
    UnknownToken,
    /// What was sent could not be read.
    #[error("{0}")]
    Unreadable(String),
    /// What was sent could be read and cannot be accepted.
    #[error("{0}")]
    Invalid(String),
    /// Refused by a layer or an extractor.
    #[error("{1}")]
    Rejected(StatusCode, String),
    /// Our fault.
    #[error(
        "Something went wrong on our side. Nothing was changed. Please try again; if it stays so, tell the administrator."
    )]
    Internal,
}

/// What is said of a form or a request that is too large.
const TOO_LARGE: &str = "What was sent is too large: a form may hold at most 1 MB (1,048,576 bytes) of text, and one text at \
    most 10,000 characters. Nothing was saved. Go back, where your text still stands, and shorten the text; a long document belongs \
    into a file.";

fn refusal(permission: Permission) -> &'static str {
    match permission {
        Permission::RecordFacts => {
            "Your account may read this and may not record facts. Monitors and administrators may."
        }
        Permission::Review => "Your account may read this and may not review. Monitors and administrators may.",
        Permission::Assess => "Your account may read this and may not grade. Monitors and administrators may.",
        Permission::Administer => "Only administrators may see this.",
        Permission::Follow | Permission::Read => "Your account may not do this.",
    }
}

impl Problem {
    /// There is no such thing.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound {
            what: what.into(),
            suggestions: Vec::new(),
        }
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound { .. } => StatusCode::NOT_FOUND,
            Self::SignInNeeded | Self::UnknownToken => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Forged => StatusCode::FORBIDDEN,
            Self::Repeated(_) | Self::ChangedSince(_) => StatusCode::CONFLICT,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Rejected(status, _) => *status,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What a layer or an extractor refused, in our words where we have them.
    #[must_use]
    pub fn of_status(status: StatusCode, text: String) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found("There is nothing at this address."),
            StatusCode::INTERNAL_SERVER_ERROR => Self::Internal,
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::Rejected(status, "This address cannot be used that way.".to_owned())
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::Rejected(status, TOO_LARGE.to_owned()),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => {
                Self::Rejected(status, "This took too long. Please try again.".to_owned())
            }
            _ if text.is_empty() => Self::Rejected(status, "The request cannot be answered.".to_owned()),
            _ => Self::Rejected(status, text),
        }
    }

    fn heading(&self) -> &'static str {
        match self.status() {
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::UNAUTHORIZED => "Sign in first",
            StatusCode::FORBIDDEN => "Not allowed",
            StatusCode::CONFLICT if matches!(self, Self::Repeated(_)) => "Done already",
            StatusCode::CONFLICT => "Nothing was changed",
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => "This cannot be accepted",
            StatusCode::INTERNAL_SERVER_ERROR => "Something went wrong",
            _ => "The request was not answered",
        }
    }

    fn suggestions(&self) -> &[Anchor] {
        match self {
            Self::NotFound { suggestions, .. } => suggestions,
            _ => &[],
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if let StoreError::Repeated(key) = error {
            return Self::Repeated(key);
        }
        tracing::error!(%error, "the database failed");
        if matches!(error, StoreError::Full(_)) {
            let why = "There is no room left on our side, so nothing was saved. Please tell the administrator, and send it again later.";
            return Self::Rejected(StatusCode::INSUFFICIENT_STORAGE, why.to_owned());
        }
        Self::Internal
    }
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        tracing::error!(%error, "a page could not be rendered");
        Self::Internal
    }
}

impl IntoResponse for Problem {
    /// A bare status; [`dress`] makes the page or the document of it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Gives every answer that is an error its page, or its document under `/api`.
pub(super) async fn dress(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    let here = request
        .uri()
        .path_and_query()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let reference = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    let response = next.run(request).await;
    let known = response.extensions().get::<Arc<Problem>>().cloned();
    let status = response.status();
    let ours = known.is_some() || !is_page(&response);
    if !(status.is_client_error() || status.is_server_error()) || !ours {
        return response;
    }
    let actor = response.extensions().get::<Actor>().cloned().unwrap_or_default();
    let problem = match known {
        Some(problem) => problem,
        None => Arc::new(Problem::of_status(status, text_of(response).await)),
    };
    match problem.as_ref() {
        _ if is_api => document(&problem),
        Problem::Repeated(key) => Redirect::to(links::sent(key).as_str()).into_response(),
        Problem::SignInNeeded if is_read => {
            let next = Link::back_to(&here).map(|link| link.to_string());
            Redirect::to(links::sign_in().with_some("next", next.as_deref()).as_str()).into_response()
        }
        _ => page(&app, actor, &problem, reference),
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("");
    kind.starts_with("text/html") || kind.contains("json")
}

/// What an extractor had to say: plain text of at most a few lines.
async fn text_of(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), 2_000).await.unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn document(problem: &Problem) -> Response {
    let suggestions: Vec<_> = problem
        .suggestions()
        .iter()
        .map(|to| json!({ "text": to.text, "href": to.href }))
        .collect();
    let body = json!({
        "type": "about:blank",
        "title": problem.heading(),
        "status": problem.status().as_u16(),
        "detail": problem.to_string(),
        "suggestions": suggestions,
    });
    let mut response = (
        problem.status(),
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response();
    if problem.status() == StatusCode::UNAUTHORIZED {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    }
    response
}

fn page(app: &AppState, actor: Actor, problem: &Problem, reference: Option<String>) -> Response {
    let visit = Visit::by(app, actor);
    let view = ErrorPage {
        heading: problem.heading().to_owned(),
        text: problem.to_string(),
        suggestions: problem.suggestions().to_vec(),
        reference: reference.filter(|_| problem.status().is_server_error()),
    };
    let frame = visit.page(problem.heading(), Section::Home);
    visit.show_as(problem.status(), &frame, &view).unwrap_or_else(|_| {
        let text = format!("{}\n\n{problem}\n", problem.heading());
        (problem.status(), Body::from(text)).into_response()
    })
}
