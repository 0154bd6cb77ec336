//! The only wiring: settings, database, cache, templates and clock put together.

use crate::clock::Clock;
use crate::config::Config;
use crate::files::Vault;
use crate::mail::{MailError, Mailer};
use crate::store::library::{Library, Shelf};
use crate::store::{Db, StoreError, seals, search};
use crate::templates::{TemplateError, Templates};
use crate::worker::{FigureWorker, Holder, Importer, LinkWorker, Worker};
use std::sync::Arc;

/// What every part of the program is given.
#[derive(Debug, Clone)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Reference data and legal facts.
    pub library: Arc<Library>,
}

/// What is expected of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It is made where there is none, and its tables are brought up to date.
    Create,
    /// It is there; its tables are brought up to date.
    Renew,
    /// It is there, and nothing is changed by opening it.
    Read,
}

impl App {
    /// Opens the database.
    ///
    /// # Errors
    /// When the database cannot be opened or migrated, or is not there.
    pub async fn open(config: Config, clock: Clock, opening: Opening) -> Result<Self, StoreError> {
        let url = &config.database_url;
        let db = if opening == Opening::Create {
            Db::connect(url).await?
        } else {
            Db::existing(url).await?
        };
        if opening != Opening::Read {
            db.migrate().await?;
            seals::adopt(&db, clock.now()).await?;
            search::ensure(&db).await?;
        }
        Ok(Self {
            config: Arc::new(config),
            clock,
            db,
            library: Arc::new(Library::default()),
        })
    }

    /// The current reference data and legal facts.
    ///
    /// # Errors
    /// When the database fails, or holds no data yet.
    pub async fn shelf(&self) -> Result<Arc<Shelf>, StoreError> {
        let shelf = self.library.shelf(&self.db).await?;
        if shelf.reference.instruments().is_empty() {
            return Err(StoreError::Empty);
        }
        Ok(shelf)
    }

    /// The templates of pages and mails.
    ///
    /// # Errors
    /// When one of them is wrong: a fault of this build.
    pub fn templates(&self) -> Result<Templates, TemplateError> {
        Templates::load()
    }

    /// The store of uploaded files.
    #[must_use]
    pub fn vault(&self) -> Vault {
        Vault::new(&self.config.files)
    }

    /// The worker that plans and sends reminders; `actor` is the name in the audit events.
    ///
    /// # Errors
    /// When the settings of mail cannot be used.
    pub fn worker(&self, templates: Templates, actor: &str) -> Result<Worker, MailError> {
        Ok(Worker {
            db: self.db.clone(),
            library: Arc::clone(&self.library),
            mailer: Arc::new(Mailer::new(&self.config, templates)?),
            settings: self.config.reminders.clone(),
            holder: Holder::this_process(),
            actor: actor.to_owned(),
        })
    }

    /// The worker that checks links of evidence; `actor` is the name in the audit events.
    ///
    /// # Errors
    /// When this machine offers no way to check certificates.
    pub fn link_worker(&self, actor: &str) -> Result<LinkWorker, String> {
        LinkWorker::new(self.db.clone(), &self.config.links, actor)
    }

    /// The worker that asks for figures; `actor` is the name in the audit events.
    ///
    /// # Errors
    /// When a setting cannot be used, or this machine offers no way to check certificates.
    pub fn figure_worker(&self, actor: &str) -> Result<FigureWorker, String> {
        let (db, library) = (self.db.clone(), Arc::clone(&self.library));
        FigureWorker::new(db, library, &self.config.world_bank, actor)
    }

    /// The worker that finishes large imports.
    #[must_use]
    pub fn importer(&self) -> Importer {
        Importer {
            db: self.db.clone(),
            library: Arc::clone(&self.library),
            clock: self.clock.clone(),
            holder: Holder::this_process(),
        }
    }
}
