//! Bulk import and export from the command line: the same reading, checking and writing as the pages.

use super::Failure;
use super::output::{complain, say, unwritten};
use crate::actions::bulk::{self, Confirmation, Incoming, confirm, read};
use crate::actions::{ActionError, Doing};
use crate::app::App;
use crate::domain::audit::hex;
use crate::domain::bulk::Noun;
use crate::domain::ids::ImportId;
use crate::domain::imports::{Import, RowStatus};
use crate::export::bulk::{Book, csv_row, heads};
use crate::store::bulk::{Ask, page};
use crate::store::imports as store;
use clap::{Args, Subcommand, ValueEnum};
use rust_xlsxwriter::XlsxError;
use sha2::{Digest, Sha256};
use std::io::{BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use zip::result::ZipError;

/// `servanda bulk`
#[derive(Debug, Subcommand)]
pub enum Bulk {
    /// Import a workbook (.xlsx) or a CSV file
    Import(In),
    /// Write all rows of one kind, with exactly the columns of an import
    Export(Out),
}

/// `servanda bulk import`
#[derive(Debug, Args)]
pub struct In {
    /// The file
    file: PathBuf,
    /// Who imports: the e-mail address of a monitor or administrator
    #[arg(long = "as", value_name = "EMAIL")]
    actor: String,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Write the right rows where others are wrong
    #[arg(long)]
    yes: bool,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// CSV with a header
    Csv,
    /// A workbook
    Xlsx,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Evidence that was accepted
    Evidence,
    /// Standing grades with their reasons
    Assessments,
    /// Recommendations
    Recommendations,
}

impl From<Kind> for Noun {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Evidence => Self::Evidence,
            Kind::Assessments => Self::Assessments,
            Kind::Recommendations => Self::Recommendations,
        }
    }
}

/// `servanda bulk export`
#[derive(Debug, Args)]
pub struct Out {
    /// What to export
    #[arg(long, value_enum)]
    kind: Kind,
    /// How it is written
    #[arg(long, value_enum, default_value = "csv")]
    format: FileFormat,
    /// Only of this state
    #[arg(long)]
    state: Option<String>,
    /// Only about this theme
    #[arg(long)]
    theme: Option<String>,
    /// Only what serves this instrument
    #[arg(long)]
    instrument: Option<String>,
    /// As it was known on that day, such as 2026-02-03
    #[arg(long, value_name = "DAY")]
    as_of: Option<String>,
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Bulk {
    /// Imports or exports.
    ///
    /// # Errors
    /// When the file or a row cannot be used, or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        match self {
            Self::Import(command) => command.run(app).await,
            Self::Export(command) => command.run(app).await,
        }
    }
}

/// Who works on it, for the lease.
const HOLDER: &str = "cli";
/// Complaints that are printed; the rest is counted.
const TOLD: usize = 1_000;

impl In {
    async fn run(self, app: App) -> Result<(), Failure> {
        let actor = super::user::may_record(&app.db, &self.actor).await?;
        let doing = || Doing {
            actor: &actor,
            now: app.clock.now(),
            key: None,
        };
        let sha256 = digest(&self.file)
            .map_err(|error| Failure::Request(format!("{} cannot be read: {error}", self.file.display())))?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let incoming = Incoming {
            path: &self.file,
            name: &name,
            sha256: &sha256,
            // Whoever may record facts may grade: one table says who may what, and both are one line of it.
            may_assess: true,
            holder: HOLDER,
        };
        let import = match read(&app.db, doing(), incoming).await {
            Err(ActionError::Invalid(complaints)) => {
                complaints
                    .iter()
                    .for_each(|one| complain(&format!("{name}: {}", one.why)));
                return Err(Failure::Request("nothing was imported".to_owned()));
            }
            other => other?,
        };
        let import = work(&app, import.id).await?;
        let wrong = tell_wrong(&app, &import).await?;
        if self.dry_run {
            confirm(&app.db, doing(), import.id, &chosen("nothing")).await?;
            say(&format!(
                "{}\nnothing was written: this was a dry run",
                told(&import, "would be ")
            ))?;
            return outcome(wrong);
        }
        if import.counts.to_write() == 0 || (wrong > 0 && !self.yes) {
            confirm(&app.db, doing(), import.id, &chosen("nothing")).await?;
            say(&told(&import, "would be "))?;
            if wrong > 0 {
                let why = "nothing was written: mend the rows, or add --yes to import the right ones without them";
                return Err(Failure::Request(why.to_owned()));
            }
            say("nothing to change")?;
            return Ok(());
        }
        confirm(&app.db, doing(), import.id, &chosen("right")).await?;
        let done = work(&app, import.id).await?;
        say(&told(&done, ""))?;
        outcome(wrong)
    }
}

fn chosen(choice: &str) -> Confirmation {
    Confirmation {
        choice: choice.to_owned(),
    }
}

fn outcome(wrong: i32) -> Result<(), Failure> {
    if wrong == 0 {
        return Ok(());
    }
    let rows = if wrong == 1 {
        "1 row is".to_owned()
    } else {
        format!("{wrong} rows are")
    };
    Err(Failure::Request(format!("{rows} wrong and stayed out")))
}

fn told(import: &Import, would: &str) -> String {
    let counts = import.counts;
    format!(
        "{} rows: {} {would}added, {} {would}changed, {} unchanged, {} refused",
        import.total, counts.added, counts.changed, counts.unchanged, counts.refused
    )
}

fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

/// Works until the import waits or is done, each step at its own moment.
async fn work(app: &App, id: ImportId) -> Result<Import, Failure> {
    let shelf = app.shelf().await?;
    loop {
        let import = bulk::step(&app.db, &shelf, HOLDER, app.clock.now(), id).await?;
        if !import.status.is_at_work() {
            return Ok(import);
        }
    }
}

/// Every wrong cell on standard error, by sheet, row and column. How many rows are wrong.
async fn tell_wrong(app: &App, import: &Import) -> Result<i32, Failure> {
    import.notes.iter().for_each(|note| complain(note));
    let (mut position, mut lines) = (0, 0);
    loop {
        let rows = store::page(&app.db, import.id, position, &[RowStatus::Refused], 1_000).await?;
        let Some(last) = rows.last().map(|row| row.position) else {
            break;
        };
        position = last;
        for line in rows.iter().flat_map(|row| row.complaints()) {
            lines += 1;
            if lines <= TOLD {
                complain(&line);
            }
        }
    }
    if lines > TOLD {
        complain(&format!("… and {} more", lines - TOLD));
    }
    Ok(import.counts.refused)
}

impl Out {
    async fn run(self, app: App) -> Result<(), Failure> {
        let shelf = app.shelf().await?;
        let reference = &shelf.reference;
        let ask = Ask {
            noun: self.kind.into(),
            state: match &self.state {
                Some(text) => Some(reference.find_state(text)?.iso3.clone()),
                None => None,
            },
            theme: match &self.theme {
                Some(text) => Some(reference.find_theme(text)?.code.clone()),
                None => None,
            },
            instrument: match &self.instrument {
                Some(text) => Some(reference.find_instrument(text)?.code.clone()),
                None => None,
            },
            as_of: match &self.as_of {
                Some(text) => crate::domain::reference::read_day(text)?,
                None => app.clock.today(),
            },
        };
        let failed = |error: XlsxError| match error {
            XlsxError::IoError(error) | XlsxError::ZipError(ZipError::Io(error)) => unwritten(error),
            other => Failure::Other(format!("the workbook cannot be written: {other}")),
        };
        let out: Box<dyn Write + Send> = match &self.output {
            Some(path) => Box::new(std::fs::File::create(path).map_err(unwritten)?),
            None => Box::new(std::io::stdout()),
        };
        let mut out = BufWriter::new(out);
        let mut book = (self.format == FileFormat::Xlsx).then(Book::default);
        let names = heads(ask.noun);
        match &mut book {
            Some(book) => book.sheet(ask.noun, &names).map_err(failed)?,
            None => out.write_all(&csv_row(&names)).map_err(unwritten)?,
        }
        let mut next = Some(None);
        while let Some(after) = next {
            let found = page(&app.db, reference, &ask, after).await?;
            for row in &found.rows {
                match &mut book {
                    Some(book) => book.row(row).map_err(failed)?,
                    None => out.write_all(&csv_row(row)).map_err(unwritten)?,
                }
            }
            next = found.next.map(Some);
        }
        if let Some(book) = book {
            book.save(&mut out).map_err(failed)?;
        }
        out.flush().map_err(unwritten)
    }
}
