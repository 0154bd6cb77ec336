//! What every handler can reach.

use super::assets::Assets;
use crate::clock::Clock;
use crate::config::Config;
use crate::files::Vault;
use crate::store::library::{Library, Shelf};
use crate::store::{Db, StoreError};
use crate::templates::Templates;
use axum::extract::FromRef;
use std::sync::Arc;

/// Settings, database, templates, clock and files put together.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Reference data and legal facts.
    pub library: Arc<Library>,
    /// What time it is.
    pub clock: Clock,
    /// The settings.
    pub config: Arc<Config>,
    /// The store of uploaded files.
    pub vault: Vault,
    /// The pages.
    pub templates: Templates,
    /// Style sheet and pictures.
    pub assets: Assets,
}

impl AppState {
    /// Joins them.
    #[must_use]
    pub fn new(db: Db, library: Arc<Library>, clock: Clock, config: Arc<Config>, templates: Templates) -> Self {
        Self {
            db,
            library,
            clock,
            vault: Vault::new(&config.files),
            config,
            templates,
            assets: Assets::load(),
        }
    }

    /// The same with another store of files.
    #[must_use]
    pub fn with_vault(self, vault: Vault) -> Self {
        Self { vault, ..self }
    }

    /// The current reference data and legal facts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shelf(&self) -> Result<Arc<Shelf>, StoreError> {
        self.library.shelf(&self.db).await
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
