//! Bulk import: a file becomes rows, every row is compared with what is held, its owner looks and confirms, and the rows
//! are written, a thousand in each transaction. Whoever is stopped anywhere goes on where the last transaction ended.

mod assessments;
mod csv;
mod evidence;
mod file;
mod judge;
mod recommendations;
mod work;
mod xlsx;

pub use file::MOST_ROWS;
pub use work::{finish, step};

use super::{ActionError, Doing, FieldError};
use crate::domain::bulk::Noun;
use crate::domain::ids::ImportId;
use crate::domain::imports::{Counts, Import, ImportRow, ImportStatus, RowReport, RowStatus};
use crate::store::{Db, StoreError, Tx, imports as store};
use chrono::Duration;
use file::{Halt, Raw};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;
use tokio::sync::mpsc;

/// Rows in one transaction.
pub const CHUNK: usize = 1_000;
/// So many rows are done while the person waits; more are left to the worker.
pub const AT_ONCE: i32 = 2_000;
/// A file that nobody has finished reading after so long was cut off.
const READING: Duration = Duration::minutes(15);
/// Whoever works on an import has it so long, from one transaction to the next.
const LEASE: Duration = Duration::minutes(2);

/// A file that was handed in.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// What its owner calls it.
    pub name: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: &'a str,
    /// Whether its owner may grade obligations.
    pub may_assess: bool,
    /// Who reads it, for the lease.
    pub holder: &'a str,
}

/// What the owner decides after the preview.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Confirmation {
    /// `all` where every row is right; `right` to write the right rows and keep the wrong ones to mend; `nothing`.
    pub choice: String,
}

/// Reads a file into rows that wait to be checked. Nothing of it is used yet.
///
/// # Errors
/// [`ActionError::Invalid`] with everything that is wrong with the file as a whole; nothing is kept then but the fact.
pub async fn read(db: &Db, doing: Doing<'_>, incoming: Incoming<'_>) -> Result<Import, ActionError> {
    let new = Import {
        id: ImportId::fresh(),
        who: doing.actor.to_owned(),
        file_name: incoming.name.chars().take(200).collect(),
        sha256: incoming.sha256.to_owned(),
        status: ImportStatus::Reading,
        notes: Vec::new(),
        total: 0,
        position: 0,
        counts: Counts::default(),
        applied: 0,
        started_at: doing.now,
        changed_at: doing.now,
    };
    let tx = doing.begin(db).await?;
    store::add(&tx, &new, incoming.holder, READING).await?;
    tx.commit().await?;
    let mut import = new;
    let outcome = stage(db, &mut import, incoming).await?;
    let tx = db.begin().await?;
    let before = import.clone();
    let action = match &outcome {
        Ok(notes) => {
            (import.status, import.notes) = (ImportStatus::Checking, notes.clone());
            "bulk.read"
        }
        Err(complaints) => {
            store::forget_rows(&tx, import.id).await?;
            (import.status, import.notes, import.total) = (ImportStatus::Failed, complaints.clone(), 0);
            "bulk.refuse"
        }
    };
    store::advance(&tx, &before, &import).await?;
    store::hold(&tx, import.id, None).await?;
    let detail =
        json!({ "file": import.file_name, "sha256": import.sha256, "rows": import.total, "notes": import.notes });
    tell(&tx, doing, import.id, action, detail).await?;
    tx.commit().await?;
    match outcome {
        Ok(_) => Ok(import),
        Err(complaints) => Err(ActionError::Invalid(
            complaints
                .into_iter()
                .map(|why| FieldError { field: "file", why })
                .collect(),
        )),
    }
}

/// Rows on their way from the reader to the database.
type Rows = mpsc::Receiver<Vec<Raw>>;

/// Reads in a thread of its own and writes what comes. The inner error is what is wrong with the file.
async fn stage(
    db: &Db,
    import: &mut Import,
    incoming: Incoming<'_>,
) -> Result<Result<Vec<String>, Vec<String>>, ActionError> {
    let (send, rows) = mpsc::channel(4);
    let (path, name) = (incoming.path.to_owned(), incoming.name.to_owned());
    let may_assess = incoming.may_assess;
    let reader = tokio::task::spawn_blocking(move || read_into(&path, &name, may_assess, &send));
    let stored = keep(db, import, rows).await;
    // A reader that panicked met a file that no program writes.
    let halt = reader.await.unwrap_or_else(|_| {
        let why = "the file cannot be read: it is built as no program builds one; save it anew";
        Err(Halt::from(why.to_owned()))
    });
    stored?;
    match halt {
        Ok(notes) => Ok(Ok(notes)),
        Err(Halt::Unusable(complaints)) => Ok(Err(complaints)),
        Err(Halt::Gone) => Err(StoreError::Failed("the rows of the file could not be kept".to_owned()).into()),
    }
}

fn read_into(path: &Path, name: &str, may_assess: bool, send: &mpsc::Sender<Vec<Raw>>) -> Result<Vec<String>, Halt> {
    let mut batch = Vec::with_capacity(CHUNK);
    let notes = file::read(path, name, &mut |raw| {
        if raw.noun == Noun::Assessments && !may_assess {
            let why = "the file holds assessments, and your account may not grade; take that sheet out";
            return Err(why.to_owned().into());
        }
        batch.push(raw);
        if batch.len() < CHUNK {
            return Ok(());
        }
        let full = std::mem::replace(&mut batch, Vec::with_capacity(CHUNK));
        send.blocking_send(full).map_err(|_| Halt::Gone)
    })?;
    if !batch.is_empty() {
        send.blocking_send(batch).map_err(|_| Halt::Gone)?;
    }
    Ok(notes)
}

async fn keep(db: &Db, import: &mut Import, mut rows: Rows) -> Result<(), StoreError> {
    while let Some(batch) = rows.recv().await {
        let mut these = Vec::with_capacity(batch.len());
        for raw in batch {
            import.total += 1;
            these.push(ImportRow {
                position: import.total,
                noun: raw.noun,
                line: raw.line,
                cells: raw.cells,
                key: None,
                status: RowStatus::Waiting,
                report: RowReport {
                    errors: raw.errors,
                    ..RowReport::default()
                },
            });
        }
        let tx = db.begin().await?;
        store::put_rows(&tx, import.id, &these).await?;
        store::advance(&tx, import, import).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Begins to write what was previewed, or gives the import up. Said twice, it is done once.
///
/// # Errors
/// [`ActionError::Invalid`] where rows are wrong and the choice does not say what becomes of them;
/// [`ActionError::Conflict`] where there is nothing to confirm.
pub async fn confirm(
    db: &Db,
    doing: Doing<'_>,
    id: ImportId,
    confirmation: &Confirmation,
) -> Result<Import, ActionError> {
    let tx = doing.begin(db).await?;
    let before = own(&tx, doing, id).await?;
    let mut import = before.clone();
    (import.position, import.changed_at) = (0, doing.now);
    let action = match (before.status, confirmation.choice.trim()) {
        (ImportStatus::Applying | ImportStatus::Done, "all" | "right") => return Ok(before),
        (ImportStatus::Cancelled, "nothing") => return Ok(before),
        (ImportStatus::Checked | ImportStatus::Checking, "nothing") => {
            import.status = ImportStatus::Cancelled;
            store::forget_rows(&tx, id).await?;
            "bulk.cancel"
        }
        (ImportStatus::Checked, "all") if before.counts.refused > 0 => {
            let why = "some rows are wrong: choose whether the right ones are imported without them, or nothing";
            return Err(ActionError::Invalid(vec![FieldError {
                field: "choice",
                why: why.to_owned(),
            }]));
        }
        (ImportStatus::Checked, "all" | "right") => {
            import.status = ImportStatus::Applying;
            "bulk.confirm"
        }
        (ImportStatus::Checked, _) => {
            let why = "choose: all, right, or nothing".to_owned();
            return Err(ActionError::Invalid(vec![FieldError { field: "choice", why }]));
        }
        (other, _) => {
            let why = format!("this import is {}; there is nothing to confirm", other.words());
            return Err(ActionError::Conflict(why));
        }
    };
    store::advance(&tx, &before, &import).await?;
    tell(&tx, doing, id, action, json!({ "counts": import.counts })).await?;
    tx.commit().await?;
    Ok(import)
}

/// The import, where it belongs to that person.
async fn own(tx: &Tx, doing: Doing<'_>, id: ImportId) -> Result<Import, ActionError> {
    let found = store::get_in(tx, id).await?.filter(|import| import.who == doing.actor);
    found.ok_or_else(|| ActionError::Conflict("there is no such import of yours".to_owned()))
}

async fn tell(tx: &Tx, doing: Doing<'_>, id: ImportId, action: &str, detail: Value) -> Result<(), StoreError> {
    let subject = format!("imports/{id}");
    doing.note(tx, action, &subject, None, detail).await
}
