//! Reference data and legal facts, held in memory as long as nobody changes them. They are bounded by the number of
//! states and instruments (some 10,000 small rows), and every page needs them; evidence and findings are never cached.

use super::{Db, StoreError, meta, participation, reference};
use crate::domain::reference::Reference;
use crate::domain::search::Names;
use crate::domain::summaries::World;
use std::sync::Arc;
use tokio::sync::RwLock;

/// Reference data and legal facts of one revision.
#[derive(Debug, Default)]
pub struct Shelf {
    /// States, themes, instruments.
    pub reference: Reference,
    /// Treaty actions, reservations, reports.
    pub world: World,
    /// The names by which people search for states and treaties.
    pub names: Names,
    /// The revision they are of.
    pub revision: String,
}

/// Hands out the current [`Shelf`]; another process that changes facts is noticed at the next request.
#[derive(Debug, Default)]
pub struct Library {
    shelf: RwLock<Option<Arc<Shelf>>>,
}

impl Library {
    /// The current facts: one small query, and three larger ones after a change.
    ///
    /// # Errors
    /// When the database fails or holds a document of another version.
    pub async fn shelf(&self, db: &Db) -> Result<Arc<Shelf>, StoreError> {
        let revision = meta::get(db, meta::FACTS_REVISION).await?.unwrap_or_default();
        if let Some(shelf) = self
            .shelf
            .read()
            .await
            .as_ref()
            .filter(|shelf| shelf.revision == revision)
        {
            return Ok(Arc::clone(shelf));
        }
        let mut place = self.shelf.write().await;
        if let Some(shelf) = place.as_ref().filter(|shelf| shelf.revision == revision) {
            return Ok(Arc::clone(shelf));
        }
        let shelf = Arc::new(load(db, revision).await?);
        *place = Some(Arc::clone(&shelf));
        Ok(shelf)
    }
}

/// Reads the current facts once, without a cache.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn load_once(db: &Db) -> Result<Shelf, StoreError> {
    let revision = meta::get(db, meta::FACTS_REVISION).await?.unwrap_or_default();
    load(db, revision).await
}

async fn load(db: &Db, revision: String) -> Result<Shelf, StoreError> {
    let reference = reference::load(db).await?;
    Ok(Shelf {
        names: Names::of(&reference),
        reference,
        world: participation::load(db).await?,
        revision,
    })
}
