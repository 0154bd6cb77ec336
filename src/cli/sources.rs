//! `servanda sources`: what others publish, read and kept with its date and its hash.

mod series;
mod world_bank;

use super::{Failure, close, open};
use crate::app::Opening;
use crate::clock::Clock;
use crate::config::Layers;
use clap::Subcommand;

/// `servanda sources`
#[derive(Debug, Subcommand)]
pub enum Sources {
    /// Figures of the World Bank: what the last snapshot says, or ask for a new one
    WorldBank(world_bank::WorldBank),
    /// Load a series of yearly figures from a CSV file: all of it, or nothing
    Series(series::SeriesCommand),
}

impl Sources {
    /// Answers.
    ///
    /// # Errors
    /// As the command that was given.
    pub async fn run(self, layers: &Layers, clock: Clock) -> Result<(), Failure> {
        let opening = match &self {
            Self::WorldBank(command) if !command.refreshes() => Opening::Read,
            _ => Opening::Renew,
        };
        let app = open(layers, clock, opening).await?;
        let db = app.db.clone();
        let done = match self {
            Self::WorldBank(command) => command.run(app).await,
            Self::Series(command) => command.run(app).await,
        };
        close(db).await;
        done
    }
}
