//! What a browser and a program see: routes, extractors, pages and the API.

mod api;
mod app_state;
mod assets;
mod cookies;
pub mod extract;
mod fields;
mod kept;
mod layers;
mod limits;
pub mod links;
mod pages;
mod problem;
mod routes;
pub mod view;

#[cfg(test)]
mod tests;

pub use app_state::AppState;
pub use assets::Assets;
pub use problem::Problem;
pub use routes::router;
