//! `servanda search`: the index of the search.

use super::Failure;
use super::output::say;
use crate::app::App;
use crate::store::search;
use clap::Subcommand;

/// `servanda search`
#[derive(Debug, Subcommand)]
pub enum Search {
    /// Make the index of the search anew from what is held
    Rebuild,
}

impl Search {
    /// Makes it.
    ///
    /// # Errors
    /// When the database fails; the index is then as it was.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let count = search::rebuild(&app.db).await?;
        say(&format!("{count} things can be found"))?;
        Ok(())
    }
}
