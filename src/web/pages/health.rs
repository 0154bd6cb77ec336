//! For whoever watches the server, and for crawlers.

use crate::web::app_state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The process answers.
pub(in crate::web) async fn live() -> Response {
    answer(StatusCode::OK, json!({ "status": "live" }))
}

/// The database answers and holds the data: this server can be sent visitors.
pub(in crate::web) async fn ready(State(app): State<AppState>) -> Response {
    if let Err(error) = app.db.ping().await {
        tracing::error!(%error, "not ready");
        return not_ready("the database does not answer");
    }
    match app.shelf().await {
        Ok(shelf) if !shelf.reference.instruments().is_empty() => {
            let (states, instruments) = (shelf.reference.states().count(), shelf.reference.instruments().len());
            answer(
                StatusCode::OK,
                json!({ "status": "ready", "states": states, "instruments": instruments }),
            )
        }
        Ok(_) => not_ready("no data yet: run servanda import fixtures"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            not_ready("the data cannot be read")
        }
    }
}

fn not_ready(why: &str) -> Response {
    answer(
        StatusCode::SERVICE_UNAVAILABLE,
        json!({ "status": "not ready", "why": why }),
    )
}

fn answer(status: StatusCode, body: serde_json::Value) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Everything public may be found; a page on each day and in each order would be endless.
const ROBOTS: &str = "User-agent: *\nDisallow: /reminders\nDisallow: /sign-in\nDisallow: /health\nDisallow: /*as_of=\nDisallow: /*sort=\nDisallow: /*.csv\nDisallow: /*.xlsx\nDisallow: /*.json\n";

/// What crawlers may read.
pub(in crate::web) async fn robots() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        ROBOTS,
    )
}
