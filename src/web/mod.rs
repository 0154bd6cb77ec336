//! What a browser and a program see: routes, extractors, pages and the API.

pub mod links;
pub mod view;

use crate::app::App;
use crate::templates::Templates;

/// Every address of the program.
pub fn router(_app: App, _templates: Templates) -> axum::Router {
    axum::Router::new()
}
