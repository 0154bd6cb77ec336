//! `/api/v1`: the answers of the command line over HTTP, and the same writes. `/api/openapi.json` describes it, made from
//! the handlers. Errors are RFC 9457 `problem+json`.

mod files;
mod reads;
mod reviews;
mod search;
mod writes;

use super::app_state::AppState;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(
    title = "Servanda",
    description = "Which duties towards migrants has a state accepted, what shows that it keeps them, where not, why, and what falls due next."
))]
struct Description;

/// The API with its description.
pub(super) fn router() -> Router<AppState> {
    let (router, mut description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(reads::states))
        .routes(routes!(reads::instruments))
        .routes(routes!(reads::themes))
        .routes(routes!(reads::participation, writes::participation))
        .routes(routes!(reads::obligations))
        .routes(routes!(search::search))
        .routes(routes!(reads::gaps))
        .routes(routes!(reads::deadlines))
        .routes(routes!(reads::evidence, writes::evidence))
        .routes(routes!(reads::evidence_item))
        .routes(routes!(reviews::revisions, reviews::revised))
        .routes(routes!(reviews::review))
        .routes(routes!(writes::assessments))
        .routes(routes!(reads::causes, writes::causes))
        .routes(routes!(writes::reports))
        .routes(routes!(files::upload))
        .split_for_parts();
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("`servanda user token EMAIL`"))
        .build();
    let components = description.components.get_or_insert_with(Default::default);
    components
        .security_schemes
        .insert("token".to_owned(), SecurityScheme::Http(token).into());
    router.route("/api/openapi.json", get(async move || Json(description.clone())))
}
