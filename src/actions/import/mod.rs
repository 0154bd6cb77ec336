//! Loads a data package: validated whole, then written in one transaction, or not at all. Importing again changes
//! nothing; what a person recorded is never replaced by a file.

mod check;
pub mod files;
mod package;
mod plan;
mod rows;
mod table;

pub(crate) use crate::store::participation::FactRow;
pub(crate) use plan::{action_key, report_key};

use crate::domain::summaries::IMPORT;
use crate::store::audit::{self, Entry};
use crate::store::{Db, StoreError, meta, participation, reference, standings};
use chrono::{DateTime, Utc};
use files::Files;
use package::Package;
use plan::Plan;
use serde::Serialize;
use std::path::Path;

/// What is wrong in a file: where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// The file.
    pub file: String,
    /// Its line, the header being line 1.
    pub row: Option<u64>,
    /// The column.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is nothing to read.
    #[error("nothing was imported: {0}")]
    Unreadable(String),
    /// Rows are wrong.
    #[error("nothing was imported: {} error(s)", .0.len())]
    Rejected(Vec<Complaint>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an import did, or would do, to one kind of thing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which kind.
    pub resource: &'static str,
    /// How many were not there before.
    pub added: usize,
    /// How many say something else now.
    pub changed: usize,
    /// How many were the same.
    pub unchanged: usize,
    /// How many a person recorded, and so stay as they are.
    pub kept: usize,
    /// The keys of the first ones that were added, changed or kept.
    pub examples: Vec<String>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Kind by kind.
    pub changes: Vec<Change>,
}

impl Difference {
    /// Whether nothing was or would be written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes
            .iter()
            .all(|change| change.added == 0 && change.changed == 0)
    }
}

/// What to import.
#[derive(Debug, Clone)]
pub enum Source<'a> {
    /// A folder with a `datapackage.json`, that file, or one CSV file.
    Path(&'a Path),
    /// The data that come with the program.
    Shipped,
}

/// Imports, or with `dry_run` only says what would change. `progress` hears the number of rows done and to be done.
///
/// # Errors
/// When something cannot be read, a row is wrong, or the database fails; nothing is kept then.
pub async fn import(
    db: &Db,
    source: Source<'_>,
    dry_run: bool,
    now: DateTime<Utc>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Difference, ImportError> {
    let package = match source {
        Source::Path(path) => package::open(path)?,
        Source::Shipped => package::read(&Files::Shipped)?,
    };
    let plan = prepare(db, &package, now).await?;
    let difference = plan.difference();
    if !dry_run && !difference.is_empty() {
        let tx = db.begin().await?;
        plan.save(&tx, now, progress).await?;
        meta::facts_changed(&tx).await?;
        standings::all_moved(&tx, now).await?;
        let detail = serde_json::to_value(&difference).unwrap_or_default();
        let entry = Entry {
            at: now,
            actor: IMPORT,
            action: "import",
            subject: "package",
            reason: None,
            detail,
        };
        audit::append(&tx, entry).await?;
        tx.commit().await?;
    }
    Ok(difference)
}

/// Reads the data that come with the program and says what is wrong with them, without a database.
///
/// # Errors
/// The complaints.
pub fn check_shipped() -> Result<(), ImportError> {
    let package = package::read(&Files::Shipped)?;
    rejected(check::complaints(
        &package,
        &crate::domain::reference::Reference::default(),
        std::iter::empty(),
    ))
}

/// The states, themes and instruments that come with the program, without a database.
///
/// # Errors
/// When the shipped data cannot be read: a fault of this build.
pub fn shipped_reference() -> Result<crate::domain::reference::Reference, ImportError> {
    let package = package::read(&Files::Shipped)?;
    Ok(crate::domain::reference::Reference::new(
        package.states.into_iter().map(|(_, state)| state).collect(),
        package.themes.into_iter().map(|(_, theme)| theme).collect(),
        package
            .instruments
            .into_iter()
            .map(|(_, instrument)| instrument)
            .collect(),
    ))
}

/// The name under which the digest of the shipped data is remembered once they are in the database.
const SHIPPED: &str = "shipped_digest";

/// Imports the shipped data unless exactly they are in the database already.
///
/// # Errors
/// As [`import`].
pub async fn ensure_shipped(db: &Db, now: DateTime<Utc>) -> Result<Option<Difference>, ImportError> {
    let digest = files::shipped_digest();
    if meta::get(db, SHIPPED).await?.as_deref() == Some(&digest) {
        return Ok(None);
    }
    let difference = import(db, Source::Shipped, false, now, &|_, _| {}).await?;
    let tx = db.begin().await?;
    meta::set(&tx, SHIPPED, digest).await?;
    tx.commit().await?;
    Ok(Some(difference))
}

async fn prepare<'p>(db: &Db, package: &'p Package, now: DateTime<Utc>) -> Result<Plan<'p>, ImportError> {
    let held = reference::load(db).await?;
    let evidence = crate::store::evidence::standing(db).await?;
    rejected(check::complaints(package, &held, evidence.keys().cloned()))?;
    let held = plan::Held {
        states: reference::digests(db, reference::ReferenceTable::States).await?,
        themes: reference::digests(db, reference::ReferenceTable::Themes).await?,
        instruments: reference::digests(db, reference::ReferenceTable::Instruments).await?,
        actions: participation::standing(db, participation::FactTable::TreatyActions).await?,
        reservations: participation::standing(db, participation::FactTable::Reservations).await?,
        reports: participation::standing(db, participation::FactTable::Reports).await?,
        causes: crate::store::causes::standing(db).await?,
        evidence,
    };
    Ok(Plan::new(package, &held, now)?)
}

fn rejected(complaints: Vec<Complaint>) -> Result<(), ImportError> {
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(ImportError::Rejected(complaints))
    }
}

/// The states that come with the program, for whoever needs their names without a database.
///
/// # Errors
/// What is wrong with the file.
pub fn shipped_states() -> Result<Vec<crate::domain::reference::State>, Vec<String>> {
    shipped_rows("states.csv", rows::state)
}

/// The themes that come with the program, likewise.
///
/// # Errors
/// What is wrong with the file.
pub fn shipped_themes() -> Result<Vec<crate::domain::reference::Theme>, Vec<String>> {
    shipped_rows("themes.csv", rows::theme)
}

fn shipped_rows<T>(name: &str, read: impl Fn(&mut table::Row<'_>) -> Option<T>) -> Result<Vec<T>, Vec<String>> {
    let told = |complaints: Vec<Complaint>| complaints.iter().map(ToString::to_string).collect::<Vec<_>>();
    let text = Files::Shipped.read(name).map_err(|why| vec![why])?;
    let (all, complaints) = table::Table::read(name, &text, &[]).map_err(told)?.parse(read);
    if complaints.is_empty() {
        Ok(all.into_iter().map(|(_, one)| one).collect())
    } else {
        Err(told(complaints))
    }
}
