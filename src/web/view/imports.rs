//! Bulk import: the list of one's files, and one file with its preview and what became of it.

use super::View;
use super::forms::{Choice, Field, Form};
use super::obligations::Fact;
use super::parts::{Anchor, Empty, Figure, Pager, Tag};
use crate::domain::imports::{Import, ImportRow, ImportStatus};
use crate::web::links::{self, Link};
use serde::Serialize;

/// The files that somebody handed in, and the form for another.
#[derive(Debug, Clone, Serialize)]
pub struct ImportList {
    pub form: Form,
    pub limit: String,
    pub template: Anchor,
    /// What is wrong with a file that was just sent.
    pub complaints: Vec<String>,
    pub exports: Vec<ExportLine>,
    pub rows: Vec<ImportLine>,
    pub empty: Empty,
}

impl View for ImportList {
    const TEMPLATE: &'static str = "pages/imports/list.html";
}

/// What can be taken out, as which files.
#[derive(Debug, Clone, Serialize)]
pub struct ExportLine {
    pub name: &'static str,
    pub files: Vec<Anchor>,
}

/// One file in the list.
#[derive(Debug, Clone, Serialize)]
pub struct ImportLine {
    pub file: Anchor,
    pub when: String,
    pub status: Tag,
    pub text: String,
}

impl From<ImportStatus> for Tag {
    fn from(status: ImportStatus) -> Self {
        let class = match status {
            ImportStatus::Reading | ImportStatus::Checking | ImportStatus::Applying => "soon",
            ImportStatus::Checked => "strong",
            ImportStatus::Failed => "late",
            ImportStatus::Done | ImportStatus::Cancelled => "quiet",
        };
        Self {
            class,
            word: status.words().to_owned(),
        }
    }
}

impl ImportLine {
    /// One import.
    #[must_use]
    pub fn of(import: &Import) -> Self {
        Self {
            file: Anchor::new(import.file_name.clone(), links::import(&import.id)),
            when: import.started_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            status: import.status.into(),
            text: super::words::count(usize::try_from(import.total).unwrap_or(0), "row", "rows"),
        }
    }
}

/// One file: how far it is, what it would change, what is wrong, and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct ImportPage {
    pub title: String,
    pub answer: String,
    pub facts: Vec<Fact>,
    /// Where the program still works on it: how far it is, and the page again.
    pub progress: Option<Progress>,
    pub notes: Vec<String>,
    pub figures: Vec<Figure>,
    pub decide: Option<Form>,
    pub give_up: Option<Form>,
    pub mend: Vec<Anchor>,
    pub show: Vec<Anchor>,
    pub caption: String,
    /// The head over what is said of each row; none where nothing is.
    pub reason: Option<&'static str>,
    pub rows: Vec<RowLine>,
    pub pager: Option<Pager>,
    pub empty: Option<Empty>,
}

impl View for ImportPage {
    const TEMPLATE: &'static str = "pages/imports/import.html";
}

/// How far the program is.
#[derive(Debug, Clone, Serialize)]
pub struct Progress {
    pub text: String,
    pub done: i32,
    pub total: i32,
    pub again: Link,
}

/// One row of the file.
#[derive(Debug, Clone, Serialize)]
pub struct RowLine {
    pub place: String,
    pub name: String,
    pub href: Option<Link>,
    pub errors: Vec<ErrorLine>,
    pub changes: Vec<ChangeLine>,
}

/// What is wrong in a cell.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorLine {
    pub column: String,
    pub why: String,
}

/// A field before and after.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeLine {
    pub field: String,
    pub old: String,
    pub new: String,
}

impl RowLine {
    /// One row; `href` leads to what it is about, where that is there already.
    #[must_use]
    pub fn of(row: &ImportRow, href: Option<Link>) -> Self {
        let name = ["title", "provision", "symbol", "key", "text"]
            .into_iter()
            .map(|column| row.cell(column).trim())
            .find(|text| !text.is_empty())
            .unwrap_or("");
        let (state, short) = (row.cell("state"), super::words::short(name, 100));
        let shown = |text: &str| super::words::short(text, 300);
        Self {
            place: format!("{} {}", row.noun.words(), row.line),
            name: [state, short.as_str()].join(" ").trim().to_owned(),
            href,
            errors: row
                .report
                .errors
                .iter()
                .map(|one| ErrorLine {
                    column: one.column.clone(),
                    why: shown(&one.why),
                })
                .collect(),
            changes: row
                .report
                .changes
                .iter()
                .map(|one| ChangeLine {
                    field: one.field.clone(),
                    old: shown(&one.old),
                    new: shown(&one.new),
                })
                .collect(),
        }
    }
}

/// The question what becomes of the right rows and the wrong ones.
#[must_use]
pub fn decision(wrong: i32) -> Field {
    let mut choices = vec![
        Choice::new("right", "Import the right rows, and keep the wrong ones to mend")
            .hint("They can be downloaded below, each with what is wrong with it, to be mended and sent again."),
    ];
    if wrong == 0 {
        choices = vec![Choice::new("all", "Import all rows")];
    }
    choices.push(Choice::new("nothing", "Import nothing"));
    Field::radio(
        "choice",
        "What is to be done",
        choices,
        if wrong == 0 { "all" } else { "" },
    )
}
