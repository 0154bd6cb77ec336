//! Any yearly series from a CSV file: for what no source publishes in a form that can be asked for, and for offices without
//! a network.

use crate::actions::Doing;
use crate::actions::figures::{SnapshotDraft, keep, read_csv};
use crate::app::App;
use crate::cli::output::{complain, say};
use crate::cli::{Failure, Format};
use crate::domain::figures::SeriesId;
use crate::domain::reference::read_day;
use clap::Args;
use std::io::Read as _;
use std::path::PathBuf;

/// `servanda sources series`
///
/// The file has the columns state (code or name), year and value, one line for each figure, with a decimal point. An empty
/// value says that nothing is known. The file is the whole series: what stood and is not in it no longer counts.
#[derive(Debug, Args)]
pub struct SeriesCommand {
    /// CSV file with the columns state, year, value; - for standard input
    file: PathBuf,
    /// Code of the series: that of the World Bank where it is one of theirs, else one of your own
    #[arg(long, value_name = "ID")]
    series: SeriesId,
    /// What the series is called
    #[arg(long, default_value = "")]
    name: String,
    /// Who publishes it [default: the name of the file]
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// The day of the figures, YYYY-MM-DD
    #[arg(long)]
    date: Option<String>,
    /// Keep the file even if it says less than half of what stands
    #[arg(long)]
    replace: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// Complaints shown at once.
const SHOWN: usize = 50;

impl SeriesCommand {
    /// Reads the file and keeps it as a snapshot.
    ///
    /// # Errors
    /// When a line is wrong, the file cannot be read or the database fails; nothing is kept then.
    pub(super) async fn run(self, app: App) -> Result<(), Failure> {
        let last_updated = self.date.as_deref().map(read_day).transpose()?;
        let (name, bytes) = (self.file.display(), self.bytes(app.config.largest_import)?);
        let shelf = app.shelf().await?;
        let read = read_csv(&bytes, &shelf.reference).map_err(|complaints| {
            let shown: Vec<String> = complaints.iter().take(SHOWN).map(|line| format!("  {line}")).collect();
            let more = match complaints.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!("\n  … and {more} more"),
            };
            Failure::Request(format!("{name}: nothing was kept:\n{}{more}", shown.join("\n")))
        })?;
        let mut notes = Vec::new();
        if read.blank > 0 {
            notes.push(format!("lines without a value: {}", read.blank));
        }
        if !read.ignored.is_empty() {
            notes.push(format!("columns not read: {}", read.ignored.join(", ")));
        }
        let draft = SnapshotDraft {
            series: self.series,
            name: self.name,
            source: self.source.unwrap_or_else(|| format!("file {name}")),
            last_updated,
            note: notes.join("; "),
            figures: read.figures,
        };
        let doing = Doing {
            actor: "cli",
            now: app.clock.now(),
            key: None,
        };
        let kept = keep(&app.db, doing, &draft, self.replace).await?;
        if self.format == Format::Json {
            let told = serde_json::to_string_pretty(&kept).map_err(|error| Failure::Other(error.to_string()))?;
            return say(&told);
        }
        if !draft.note.is_empty() {
            complain(&draft.note);
        }
        say(&format!(
            "{} figures of {} are kept: {} new, {} changed, {} gone; SHA-256 {}",
            kept.snapshot.figures, draft.series, kept.added, kept.changed, kept.gone, kept.snapshot.sha256
        ))
    }

    /// The file, of which one byte more than may be read tells that it is too large.
    fn bytes(&self, largest: usize) -> Result<Vec<u8>, Failure> {
        let name = self.file.display();
        let wrong = |error: std::io::Error| Failure::Request(format!("{name} cannot be read: {error}"));
        let (mut bytes, most) = (Vec::new(), largest as u64 + 1);
        if self.file.as_os_str() == "-" {
            std::io::stdin().take(most).read_to_end(&mut bytes).map_err(wrong)?;
        } else {
            let file = std::fs::File::open(&self.file).map_err(wrong)?;
            file.take(most).read_to_end(&mut bytes).map_err(wrong)?;
        }
        if bytes.len() > largest {
            let megabytes = largest / 1_000_000;
            return Err(Failure::Request(format!(
                "{name} is larger than {megabytes} MB; imports.megabytes says what is taken"
            )));
        }
        Ok(bytes)
    }
}
