//! Imports of many rows, worked on until they wait for their owner or are done. A worker that is stopped in the middle is
//! followed by another, which goes on where the last transaction ended.

use super::holder::Holder;
use crate::actions::ActionError;
use crate::actions::bulk::step;
use crate::clock::Clock;
use crate::store::library::Library;
use crate::store::{Db, imports};
use chrono::Duration;
use std::sync::Arc;
use tokio::sync::watch;

/// Who holds an import has it so long after each step.
const LEASE: Duration = Duration::minutes(2);
/// The pause between two looks for work.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(2);

/// What imports need.
#[derive(Debug, Clone)]
pub struct Importer {
    /// The database.
    pub db: Db,
    /// Reference data and facts.
    pub library: Arc<Library>,
    /// The time.
    pub clock: Clock,
    /// Who holds what it works on.
    pub holder: Holder,
}

impl Importer {
    /// Works on the oldest import that nobody is working on. How many steps it took; none where there is nothing.
    ///
    /// # Errors
    /// When the database fails; what earlier steps did is kept.
    pub async fn pass(&self, stop: &watch::Receiver<bool>) -> Result<usize, ActionError> {
        let (now, holder) = (self.clock.now(), self.holder.as_str());
        let dead = |other: &str| self.holder.knows_dead(other);
        let Some(import) = imports::claim(&self.db, holder, now, LEASE, &dead).await? else {
            return Ok(0);
        };
        let mut steps = 0;
        while !*stop.borrow() {
            let shelf = self.library.shelf(&self.db).await?;
            let now = step(&self.db, &shelf, holder, self.clock.now(), import.id).await?;
            steps += 1;
            if !now.status.is_at_work() {
                break;
            }
        }
        Ok(steps)
    }

    /// Looks for work until `stop` says so. A pass that fails is logged and the next one tries again.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.pass(&stop).await {
                Ok(0) => {}
                Ok(steps) => tracing::info!(steps, "imported"),
                Err(error) => tracing::error!(%error, "an import could not go on; the next pass tries again"),
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                changed = stop.changed() => if changed.is_err() { return },
            }
        }
    }
}
