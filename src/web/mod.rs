//! What a browser and a program see: routes, extractors, pages and the API.

pub mod links;
pub mod view;
