//! `servanda files`: whether the uploaded files are all there and as they were.

use super::Failure;
use super::output::{complain, say};
use crate::app::App;
use crate::files::Found;
use crate::store::files as store;
use clap::Subcommand;

/// `servanda files`
#[derive(Debug, Subcommand)]
pub enum Files {
    /// Read every file and compare its bytes with its hash
    Verify,
}

/// So many rows are read at once.
const PAGE: u64 = 500;

impl Files {
    /// Verifies.
    ///
    /// # Errors
    /// When a file is missing or changed, or the store or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let vault = app.vault();
        let (mut after, mut whole, mut wrong) = (String::new(), 0u64, 0u64);
        loop {
            let page = store::after(&app.db, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.sha256.clone();
            for file in &page {
                let found = vault.verify(&file.sha256).await;
                let found = found.map_err(|error| {
                    let place = vault.whereabouts();
                    Failure::Other(format!(
                        "{} ({}) cannot be read from {place}: {}",
                        file.name,
                        file.sha256,
                        error.cause()
                    ))
                })?;
                let what = match found {
                    Found::Whole => {
                        whole += 1;
                        continue;
                    }
                    Found::Missing => "missing".to_owned(),
                    Found::Changed(hash) => format!("changed: its bytes have the hash {hash}"),
                };
                wrong += 1;
                complain(&format!("{} ({}) is {what}", file.name, file.sha256));
            }
        }
        if wrong > 0 {
            let mend = "take them from the backup, or upload the same files again";
            return Err(Failure::Other(format!(
                "{whole} files as they were uploaded, {wrong} not: {mend}"
            )));
        }
        say(&format!("{whole} files, all as they were uploaded"))?;
        Ok(())
    }
}
