//! Which handler answers which address. The addresses themselves stand in [`super::links`].

use super::app_state::AppState;
use super::links::patterns as at;
use super::problem::Problem;
use super::{api, assets, layers, pages};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower::ServiceBuilder;

/// The whole site.
pub fn router(app: &AppState) -> Router {
    let routes = Router::new()
        .route(at::about, get(pages::about::about))
        .route(at::sign_in, get(pages::sessions::form).post(pages::sessions::sign_in))
        .route(at::sign_out, post(pages::sessions::sign_out))
        .route("/static/{hash}/{*name}", get(assets::serve))
        .merge(api::router())
        .fallback(async || Problem::not_found("There is nothing at this address."));
    // An address is looked up after its ending (`.csv` …) was taken off.
    let whole = ServiceBuilder::new()
        .layer(from_fn(pages::downloads::unwrap))
        .service(layers::wrap(routes, app));
    Router::new().fallback_service(whole)
}
