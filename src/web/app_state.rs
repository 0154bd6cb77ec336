//! What every handler can reach.

use super::assets::Assets;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::Db;
use crate::store::library::Library;
use crate::templates::Templates;
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
    /// Reference data and legal facts, kept in memory.
    pub library: Arc<Library>,
    /// The pages.
    pub templates: Templates,
    /// Style sheet and pictures.
    pub assets: Assets,
}

impl AppState {
    /// The program's parts, with the templates and the files of the pages.
    #[must_use]
    pub fn new(app: App, templates: Templates) -> Self {
        let App {
            config,
            clock,
            db,
            library,
        } = app;
        Self {
            db,
            clock,
            config,
            library,
            templates,
            assets: Assets::load(),
        }
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
