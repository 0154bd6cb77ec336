//! Links of evidence: asked now, and what is known of them.

use super::Failure;
use super::output::say;
use crate::app::App;
use crate::domain::links::LinkStatus;
use crate::store::links;
use clap::Subcommand;
use serde_json::json;

/// `servanda links`
#[derive(Debug, Subcommand)]
pub enum LinksCommand {
    /// Ask every link that is due whether it still works
    Check {
        /// Only the first twenty
        #[arg(long)]
        once: bool,
    },
    /// How many links work, have moved, are dead
    Count,
}

impl LinksCommand {
    /// Checks or counts.
    ///
    /// # Errors
    /// When the database fails, or this machine cannot check certificates.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let answer = match self {
            Self::Check { once } => {
                let worker = app.link_worker("cli").map_err(Failure::Other)?;
                let summary = worker.check(app.clock.now(), once).await;
                json!(summary.map_err(|error| Failure::Other(error.to_string()))?)
            }
            Self::Count => {
                let counts = links::counts(&app.db).await?;
                let of = |status: &LinkStatus| (status.code(), counts.get(status).copied().unwrap_or(0));
                json!(
                    LinkStatus::ALL
                        .iter()
                        .map(of)
                        .collect::<std::collections::BTreeMap<_, _>>()
                )
            }
        };
        say(&answer.to_string())?;
        Ok(())
    }
}
