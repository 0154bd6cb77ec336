//! A file handed in to be imported: where it stands, and what is to become of each of its rows.

use super::bulk::Noun;
use super::evidence::words;
use super::ids::ImportId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Where an import stands.
    ImportStatus {
        /// Its rows are being read from the file.
        Reading = "reading", "being read";
        /// Each row is compared with what is held.
        Checking = "checking", "being checked";
        /// It waits for its owner to look and to confirm.
        Checked = "checked", "waiting for confirmation";
        /// Its rows are being written.
        Applying = "applying", "being written";
        /// All is written.
        Done = "done", "done";
        /// It cannot be used as it is.
        Failed = "failed", "not usable";
        /// Its owner gave it up.
        Cancelled = "cancelled", "given up";
    }
}

words! {
    /// What is to become of a row, or became of it.
    RowStatus {
        /// Not looked at yet.
        Waiting = "waiting", "waiting";
        /// There is nothing like it yet.
        Added = "added", "added";
        /// It says something else than what is held.
        Changed = "changed", "changed";
        /// It says what is held already.
        Unchanged = "unchanged", "unchanged";
        /// It is wrong and stays out.
        Refused = "refused", "wrong";
    }
}

impl ImportStatus {
    /// Whether the program has work to do on it.
    #[must_use]
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Reading | Self::Checking | Self::Applying)
    }
}

/// How many rows are to be, or were, added, changed, left and refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// New.
    pub added: i32,
    /// Different.
    pub changed: i32,
    /// The same.
    pub unchanged: i32,
    /// Wrong.
    pub refused: i32,
}

impl Counts {
    /// One more row of that kind.
    pub fn add(&mut self, status: RowStatus) {
        match status {
            RowStatus::Added => self.added += 1,
            RowStatus::Changed => self.changed += 1,
            RowStatus::Unchanged => self.unchanged += 1,
            RowStatus::Refused => self.refused += 1,
            RowStatus::Waiting => {}
        }
    }

    /// Of one kind.
    #[must_use]
    pub fn of(&self, status: RowStatus) -> i32 {
        match status {
            RowStatus::Added => self.added,
            RowStatus::Changed => self.changed,
            RowStatus::Unchanged => self.unchanged,
            RowStatus::Refused => self.refused,
            RowStatus::Waiting => 0,
        }
    }

    /// How many rows would be written.
    #[must_use]
    pub fn to_write(&self) -> i32 {
        self.added + self.changed
    }
}

/// One file that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its identity.
    pub id: ImportId,
    /// Who handed it in.
    pub who: String,
    /// The file's name, as it was sent.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Where it stands.
    pub status: ImportStatus,
    /// What is wrong with the file as a whole, or what was left out of it.
    pub notes: Vec<String>,
    /// Rows in it.
    pub total: i32,
    /// The last row that was checked, or written.
    pub position: i32,
    /// What becomes of the rows.
    pub counts: Counts,
    /// Rows that were written.
    pub applied: i32,
    /// When it was handed in.
    pub started_at: DateTime<Utc>,
    /// When something happened to it last.
    pub changed_at: DateTime<Utc>,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Its place in the whole import, from 1.
    pub position: i32,
    /// The sheet.
    pub noun: Noun,
    /// The row in that sheet, as a spreadsheet counts; the header is one of them.
    pub line: i32,
    /// One cell for each column of the noun; none where the file has no such column.
    pub cells: Vec<Option<String>>,
    /// What the row is about, so that two rows about one thing are seen.
    pub key: Option<String>,
    /// What becomes of it.
    pub status: RowStatus,
    /// Why, and what exactly.
    pub report: RowReport,
}

/// What was found out about a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RowReport {
    /// Everything that is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<CellError>,
    /// What it changes, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// The identity of what it is about, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The revision or decision that it was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

/// What is wrong with a cell and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellError {
    /// The column; empty where the whole row is meant.
    pub column: String,
    /// What is wrong and what would be right.
    pub why: String,
}

impl CellError {
    /// In that column.
    pub fn new(column: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            column: column.into(),
            why: why.into(),
        }
    }
}

/// A field that would say something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The column.
    pub field: String,
    /// What is held.
    pub old: String,
    /// What the file says.
    pub new: String,
}

impl ImportRow {
    /// `evidence, row 7, column stance: …`, one line for each error.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let place = format!("{}, row {}", self.noun.code(), self.line);
        let line = |error: &CellError| match error.column.as_str() {
            "" => format!("{place}: {}", error.why),
            column => format!("{place}, column {column}: {}", error.why),
        };
        self.report.errors.iter().map(line).collect()
    }

    /// The cell of that column, or an empty text.
    #[must_use]
    pub fn cell(&self, column: &str) -> &str {
        let at = self.noun.columns().iter().position(|one| one.name == column);
        at.and_then(|at| self.cells.get(at))
            .and_then(|cell| cell.as_deref())
            .unwrap_or("")
    }
}
