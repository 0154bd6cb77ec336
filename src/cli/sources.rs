//! `servanda sources`: what others publish, read, kept with its date and its hash, or compared with what is held.

mod series;
mod untc;
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
    /// Read saved status pages of the UN Treaty Collection
    Untc(untc::Untc),
}

impl Sources {
    /// Answers.
    ///
    /// # Errors
    /// As the command that was given.
    pub async fn run(self, layers: &Layers, clock: Clock) -> Result<(), Failure> {
        let command = match self {
            Self::Untc(command) => return command.run(layers, clock).await,
            other => other,
        };
        let opening = match &command {
            Self::WorldBank(command) if !command.refreshes() => Opening::Read,
            _ => Opening::Renew,
        };
        let app = open(layers, clock, opening).await?;
        let db = app.db.clone();
        let done = match command {
            Self::Untc(_) => Ok(()),
            Self::WorldBank(command) => command.run(app).await,
            Self::Series(command) => command.run(app).await,
        };
        close(db).await;
        done
    }
}
