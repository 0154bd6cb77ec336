//! Loading and writing data packages.

use super::output::{complain, say};
use super::{Failure, Format};
use crate::actions::import::{Difference, Source, import};
use crate::app::App;
use crate::export::package;
use crate::store;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::path::{Path, PathBuf};

/// `servanda import`
#[derive(Debug, Args)]
pub struct Import {
    /// A folder with a datapackage.json, that file, or one CSV file; `fixtures` is the data that come with the program
    path: PathBuf,
    /// Only print what would change
    #[arg(long)]
    dry_run: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

impl Import {
    /// Imports.
    ///
    /// # Errors
    /// When a row is wrong or the database fails; nothing is kept then.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let shipped = self.path == Path::new("fixtures") && !self.path.exists();
        let source = if shipped {
            Source::Shipped
        } else {
            Source::Path(&self.path)
        };
        // On a terminal only: `indicatif` hides itself elsewhere.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let progress = |done: usize, total: usize| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        };
        let found = import(&app.db, source, self.dry_run, app.clock.now(), &progress).await;
        bar.finish_and_clear();
        let found = found?;
        if self.format == Format::Json {
            let whole = serde_json::json!({ "dry_run": self.dry_run, "changes": found.changes });
            say(&serde_json::to_string_pretty(&whole).map_err(|error| Failure::Other(error.to_string()))?)?;
        } else {
            say(&told(&found, self.dry_run))?;
        }
        Ok(())
    }
}

fn told(found: &Difference, dry_run: bool) -> String {
    let mut lines = Vec::new();
    for change in &found.changes {
        let total = change.added + change.changed + change.unchanged + change.kept;
        if total == 0 {
            continue;
        }
        let mut line = format!(
            "{:15} {:5} added  {:5} changed  {:5} unchanged",
            change.resource, change.added, change.changed, change.unchanged
        );
        if change.kept > 0 {
            line += &format!("  {:5} kept as a person recorded them", change.kept);
        }
        if (dry_run || change.kept > 0) && !change.examples.is_empty() {
            line += &format!("\n                such as {}", change.examples.join(", "));
        }
        lines.push(line);
    }
    lines.push(match (found.is_empty(), dry_run) {
        (true, _) => "nothing to change".to_owned(),
        (false, true) => "nothing was written: this was a dry run".to_owned(),
        (false, false) => "imported".to_owned(),
    });
    lines.join("\n")
}

/// `servanda export`
#[derive(Debug, Args)]
pub struct Export {
    /// The folder; made if it does not exist, refused if it holds files
    folder: PathBuf,
}

impl Export {
    /// Writes the package.
    ///
    /// # Errors
    /// When the folder cannot be written or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let shelf = app.shelf().await?;
        let evidence = store::evidence::all(&app.db).await?;
        let causes = store::causes::all_standing(&app.db).await?;
        let files = package::files(&shelf.reference, &shelf.world, &evidence, &causes)
            .map_err(|error| Failure::Other(error.to_string()))?;
        write(&self.folder, &files)
            .map_err(|error| Failure::Other(format!("{} cannot be written: {error}", self.folder.display())))?;
        complain(&format!("{} files written to {}", files.len(), self.folder.display()));
        Ok(())
    }
}

fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    if std::fs::read_dir(folder)?.next().is_some() {
        return Err(std::io::Error::other("it already holds files; name a new folder"));
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
