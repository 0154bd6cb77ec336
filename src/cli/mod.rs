//! Arguments and one function for each command. Answers go to standard output, complaints to standard error; exit code
//! 0 is success, 2 a request that cannot be answered as it was put, 1 anything else.

pub mod agreement;
pub mod audit;
pub mod bulk;
pub mod check;
pub mod classify;
mod demo;
pub mod evidence;
pub mod files;
pub mod import;
pub mod links;
mod output;
pub mod query;
pub mod search;
pub mod serve;
pub mod sources;
pub mod studies;
pub mod user;

use crate::actions::ActionError;
use crate::actions::import::ImportError;
use crate::app::{App, Opening};
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Layers};
use crate::domain::reference::Unknown;
use crate::store::{Db, StoreError};
use clap::{Parser, Subcommand, ValueEnum};
use output::{complain, say};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(
    name = "servanda",
    version,
    about = "Which duties towards migrants has a state accepted, what shows that it keeps them, where not, why, and what falls due next?"
)]
struct Arguments {
    /// Settings file [default: servanda.toml where it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database: sqlite:FILE or postgres://user:password@host/name
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages, the API and the worker for reminders and links
    Serve(serve::Serve),
    /// Plan and send reminders and check links, without serving pages
    Worker(serve::Worker),
    /// Bring the database up to date
    Migrate,
    /// Load a data package or a CSV file: all of it, or nothing
    Import(import::Import),
    /// Write the data as a data package (datapackage.json and CSV files) into a folder
    Export(import::Export),
    /// Status of a state towards instruments, or of all states towards one
    Participation(query::Participation),
    /// Obligations in force for a state
    Obligations(query::Obligations),
    /// Gaps of a state: graded below full, or that nobody can grade
    Gaps(query::Gaps),
    /// Why the gaps of a state stay open: what persons found, and what signs suggest
    Causes(query::Causes),
    /// Reports due: past ones and the next
    Deadlines(query::Deadlines),
    /// Add evidence, or list what there is
    #[command(subcommand)]
    Evidence(evidence::Evidence),
    /// Uploaded files
    #[command(subcommand)]
    Files(files::Files),
    /// Import and export many rows: evidence, assessments, recommendations
    #[command(subcommand)]
    Bulk(bulk::Bulk),
    /// One planning and sending pass of reminders
    Remind(serve::Remind),
    /// Links of evidence
    #[command(subcommand)]
    Links(links::LinksCommand),
    /// What others publish: figures and status pages, with their date and hash. Nothing is applied by itself
    #[command(subcommand)]
    Sources(sources::Sources),
    /// How far raters agree: Krippendorff's alpha, Cohen's or Fleiss' kappa, from a CSV file
    Agreement(agreement::AgreementCommand),
    /// Why gaps stay open, as far as signals tell: one case a line in, one result a line out
    Classify(classify::Classify),
    /// Coding studies of causes: two or more people code the same cases blind
    #[command(subcommand)]
    Studies(studies::Studies),
    /// Accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// The audit chain
    #[command(subcommand)]
    Audit(audit::Audit),
    /// The index of the search
    #[command(subcommand)]
    Search(search::Search),
    /// Check settings, database, mail and data, and say what to mend
    Check(check::Check),
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON document
    Json,
    /// CSV with a header
    Csv,
    /// Aligned text
    Table,
}

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// The request cannot be answered as it was put: exit code 2.
    Request(String),
    /// Something else: exit code 1.
    Other(String),
    /// Nobody reads the rest of the answer (`| head`), which is no failure of the command.
    Unread,
}

macro_rules! requests {
    ($($kind:ty),*) => { $(impl From<$kind> for Failure {
        fn from(error: $kind) -> Self { Self::Request(error.to_string()) }
    })* };
}
requests!(Unknown, ConfigError, String);

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Empty => Self::Request(error.to_string()),
            other => Self::Other(other.to_string()),
        }
    }
}

impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Store(store) => store.into(),
            ActionError::Invalid(fields) => {
                let lines: Vec<String> = fields
                    .iter()
                    .map(|one| format!("  {}: {}", one.field, one.why))
                    .collect();
                Self::Request(format!("nothing was written:\n{}", lines.join("\n")))
            }
            other => Self::Request(other.to_string()),
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match &error {
            ImportError::Store(_) => Self::Other(error.to_string()),
            ImportError::Unreadable(_) => Self::Request(error.to_string()),
            ImportError::Rejected(complaints) => {
                let lines: Vec<String> = complaints.iter().take(50).map(|one| format!("  {one}")).collect();
                let more = complaints.len().saturating_sub(50);
                let rest = if more > 0 {
                    format!("\n  … and {more} more")
                } else {
                    String::new()
                };
                Self::Request(format!("{error}\n{}{rest}", lines.join("\n")))
            }
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<StoreError>() {
            Ok(store) => store.into(),
            Err(other) => Self::Request(format!("{other:#}")),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Other(error.to_string())
    }
}

/// Runs the program with those arguments.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
            return match error.print().map_err(output::unwritten) {
                Err(Failure::Other(why)) => failed(&why),
                _ => code,
            };
        }
    };
    // Ignored: the only failure is that a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match dispatch(arguments).await {
        Ok(()) | Err(Failure::Unread) => ExitCode::SUCCESS,
        Err(Failure::Request(why)) => {
            complain(&format!("error: {why}"));
            ExitCode::from(2)
        }
        Err(Failure::Other(why)) => failed(&why),
    }
}

fn failed(why: &str) -> ExitCode {
    complain(&format!("error: {why}"));
    ExitCode::FAILURE
}

async fn dispatch(arguments: Arguments) -> Result<(), Failure> {
    let layers = layers(&arguments)?;
    let clock = Clock::System;
    match arguments.command {
        Command::Serve(command) => command.run(layers, clock).await,
        Command::Check(command) => command.run(layers, clock).await,
        Command::Agreement(command) => command.run(),
        Command::Sources(command) => command.run(&layers, clock).await,
        Command::Classify(command) => command.run(),
        command => {
            let app = open(&layers, clock, command.opening()).await?;
            let db = app.db.clone();
            let done = command.run(app).await;
            close(db).await;
            done
        }
    }
}

/// The program with its database, for a command that answers and ends.
async fn open(layers: &Layers, clock: Clock, opening: Opening) -> Result<App, Failure> {
    let config = layers.build()?;
    output::start_logging(&config, false)?;
    Ok(App::open(config, clock, opening).await?)
}

/// Folds the newest changes into the file of the database, so that it can be copied by itself.
async fn close(db: Db) {
    if let Err(error) = db.close().await {
        tracing::warn!(%error, "the database was not closed in order; nothing is lost");
    }
}

impl Command {
    /// What is expected of the database: a wrong letter in its name must not make a new one where an old one is meant.
    fn opening(&self) -> Opening {
        match self {
            Self::Worker(_) | Self::Migrate | Self::Import(_) => Opening::Create,
            Self::User(command) if command.may_come_first() => Opening::Create,
            Self::User(_) | Self::Remind(_) | Self::Links(_) | Self::Search(_) => Opening::Renew,
            _ => Opening::Read,
        }
    }

    async fn run(self, app: App) -> Result<(), Failure> {
        match self {
            // They open the database themselves, or need none.
            Self::Serve(_) | Self::Check(_) | Self::Agreement(_) | Self::Sources(_) | Self::Classify(_) => Ok(()),
            Self::Migrate => say("the database is up to date"),
            Self::Worker(command) => command.run(app).await,
            Self::Remind(command) => command.run(app).await,
            Self::Import(command) => command.run(app).await,
            Self::Export(command) => command.run(app).await,
            Self::Participation(command) => command.run(app).await,
            Self::Obligations(command) => command.run(app).await,
            Self::Gaps(command) => command.run(app).await,
            Self::Causes(command) => command.run(app).await,
            Self::Deadlines(command) => command.run(app).await,
            Self::Evidence(command) => command.run(app).await,
            Self::Links(command) => command.run(app).await,
            Self::Files(command) => command.run(app).await,
            Self::Bulk(command) => command.run(app).await,
            Self::User(command) => command.run(app).await,
            Self::Search(command) => command.run(app).await,
            Self::Studies(command) => command.run(app).await,
            Self::Audit(command) => command.run(app).await,
        }
    }
}

/// Defaults ← file ← environment ← flags.
fn layers(arguments: &Arguments) -> Result<Layers, Failure> {
    let named = arguments.config.clone();
    let path = named.clone().unwrap_or_else(|| PathBuf::from("servanda.toml"));
    let mut layers = Layers::defaults();
    match std::fs::read_to_string(&path) {
        Ok(text) => layers = layers.file(&path.display().to_string(), &text)?,
        Err(error) if named.is_some() => {
            return Err(Failure::Request(format!(
                "the settings file {} cannot be read: {error}",
                path.display()
            )));
        }
        Err(_) => {}
    }
    let layers = layers.environment(|name| std::env::var(name).ok());
    Ok(layers.flag("database_url", "--database-url", arguments.database_url.as_deref()))
}

/// The settings of this place, for commands that do not open the database first.
fn built(layers: &Layers) -> Result<Config, Failure> {
    Ok(layers.build()?)
}
