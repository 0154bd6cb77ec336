//! What every answer passes through, outermost last: who asks, errors dressed, panics caught, limits, headers, gzip, log.

use super::app_state::AppState;
use super::extract::identify;
use super::kept::keep;
use super::limits::check;
use super::links::patterns as at;
use super::problem::dress;
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use tracing::Span;

/// The largest body that is read.
pub(super) const LARGEST_BODY: usize = 1024 * 1024;
/// The longest a request may take.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest it may take where a file is sent: 50 MB over a line of half a megabit a second. The extractor lets nobody
/// pause for long.
const LONGEST_UPLOAD: Duration = Duration::from_secs(20 * 60);
/// Where files are sent.
const UPLOADS: &[&str] = &[
    at::files,
    at::new_evidence,
    at::imports,
    at::decide_import,
    "/api/v1/files",
];
/// Nothing is loaded from elsewhere, nothing runs, nobody frames us, forms go only to us.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Wraps the routes.
pub(super) fn wrap(routes: Router<AppState>, app: &AppState) -> Router {
    let id = HeaderName::from_static("x-request-id");
    routes
        .layer(from_fn_with_state(app.clone(), keep))
        .layer(from_fn_with_state(app.clone(), identify))
        .layer(from_fn(check))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(caught))
        .layer(from_fn_with_state(app.clone(), dress))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_no_file)))
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(log)
                .on_failure(()),
        )
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
        .with_state(app.clone())
}

/// Ends what takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let longest = match path {
        Some(path) if UPLOADS.contains(&path.as_str()) => LONGEST_UPLOAD,
        _ => LONGEST,
    };
    let answered = tokio::time::timeout(longest, next.run(request)).await;
    answered.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// Uploaded files go out byte for byte, with their length.
fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY);
    policy.is_none_or(|policy| !policy.as_bytes().starts_with(b"sandbox"))
}

/// Neither the query nor a header is logged: a query can hold what somebody typed.
fn span(request: &Request) -> Span {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or("");
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

fn log(response: &Response, took: Duration, _: &Span) {
    let (status, ms) = (response.status().as_u16(), took.as_millis());
    match status {
        500.. => tracing::error!(status, ms, "answered"),
        _ => tracing::info!(status, ms, "answered"),
    }
}

fn caught(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(panic = text, "a handler panicked");
    let mut response = Response::default();
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

/// The headers that keep a browser from being turned against its user.
async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.is_secure() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.append(header::VARY, HeaderValue::from_static("cookie, authorization"));
    }
    response
}
