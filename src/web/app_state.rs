//! What every handler can reach.

use super::assets::Assets;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::Db;
use crate::templates::{TemplateError, Templates};
use axum::extract::FromRef;
use std::sync::Arc;

/// Settings, database, templates, clock and files put together.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The settings.
    pub config: Arc<Config>,
    /// The pages.
    pub templates: Templates,
    /// Style sheet and pictures.
    pub assets: Assets,
}

impl AppState {
    /// Loads templates and files, and joins them to the rest.
    ///
    /// # Errors
    /// When a template is wrong.
    pub fn new(db: Db, clock: Clock, config: Arc<Config>) -> Result<Self, TemplateError> {
        Ok(Self {
            db,
            clock,
            config,
            templates: Templates::load()?,
            assets: Assets::load(),
        })
    }

    /// Whether readers come over TLS: then cookies are for TLS only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.config.base_url.starts_with("https://")
    }
}

impl FromRef<AppState> for Assets {
    fn from_ref(app: &AppState) -> Self {
        app.assets.clone()
    }
}
