//! What is to become of rows: compared with what is held, a thousand at a time, each noun by its own rules. The same
//! judgement makes the preview and, once more, decides what is written.

use super::{assessments, evidence, recommendations};
use crate::actions::{ActionError, Fields};
use crate::domain::assessments::Assessment;
use crate::domain::bulk::{Column, Noun};
use crate::domain::ids::AssessmentId;
use crate::domain::imports::{CellError, FieldChange, ImportRow, RowReport, RowStatus};
use crate::store::evidence::NewRevision;
use crate::store::library::Shelf;
use crate::store::recommendations::NewRecommendation;
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};

/// Who imports, when, against which facts.
#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) tx: &'a Tx,
    pub(super) shelf: &'a Shelf,
    pub(super) who: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// What a row would write.
#[derive(Debug)]
pub(super) enum Write {
    Evidence(Box<NewRevision>),
    Recommendation(Box<NewRecommendation>),
    Assessment(Box<Assessment>, Option<AssessmentId>),
}

/// What is to become of a row.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) status: RowStatus,
    pub(super) key: Option<String>,
    pub(super) report: RowReport,
    pub(super) write: Option<Write>,
}

impl Judged {
    /// It is wrong.
    pub(super) fn refused(key: Option<String>, errors: Vec<CellError>) -> Self {
        Self {
            status: RowStatus::Refused,
            key,
            report: RowReport {
                errors,
                ..RowReport::default()
            },
            write: None,
        }
    }

    /// It is wrong in one place.
    pub(super) fn wrong(key: Option<String>, column: &str, why: impl Into<String>) -> Self {
        Self::refused(key, vec![CellError::new(column, why)])
    }

    /// It says what is held.
    pub(super) fn unchanged(key: String, target: String) -> Self {
        Self {
            status: RowStatus::Unchanged,
            key: Some(key),
            report: RowReport {
                target: Some(target),
                ..RowReport::default()
            },
            write: None,
        }
    }

    /// There is nothing like it.
    pub(super) fn added(key: String, target: String, write: Write) -> Self {
        Self {
            status: RowStatus::Added,
            write: Some(write),
            ..Self::unchanged(key, target)
        }
    }

    /// It says something else than what is held, as of `seen`.
    pub(super) fn changed(key: String, target: String, seen: String, changes: Vec<FieldChange>, write: Write) -> Self {
        let mut judged = Self::added(key, target, write);
        judged.status = RowStatus::Changed;
        judged.report.seen = Some(seen);
        judged.report.changes = changes;
        judged
    }
}

/// Judges rows, in their order.
pub(super) async fn judge(bench: Bench<'_>, rows: &[ImportRow]) -> Result<Vec<Judged>, StoreError> {
    let mut judged: Vec<(usize, Judged)> = Vec::with_capacity(rows.len());
    for noun in Noun::ALL {
        let places: Vec<usize> = (0..rows.len())
            .filter(|at| rows.get(*at).is_some_and(|row| row.noun == *noun))
            .collect();
        if places.is_empty() {
            continue;
        }
        let these: Vec<&ImportRow> = places.iter().filter_map(|at| rows.get(*at)).collect();
        let found = match noun {
            Noun::Evidence => evidence::judge(bench, &these).await?,
            Noun::Assessments => assessments::judge(bench, &these).await?,
            Noun::Recommendations => recommendations::judge(bench, &these).await?,
        };
        judged.extend(places.into_iter().zip(found));
    }
    judged.sort_by_key(|(at, _)| *at);
    Ok(judged.into_iter().map(|(_, judged)| judged).collect())
}

/// The identity that the preview promised, so that the row keeps it when it is written; a fresh one in the preview.
pub(super) fn promised<T: std::str::FromStr>(row: &ImportRow, fresh: fn() -> T) -> T {
    let before = row.report.target.as_deref();
    before.and_then(|text| text.parse().ok()).unwrap_or_else(fresh)
}

/// The row's cells, and where the file has no such column those of what is held.
pub(super) fn merged(row: &ImportRow, held: Option<&[String]>) -> Vec<String> {
    let own = row.cells.iter().enumerate();
    own.map(|(at, cell)| match cell {
        Some(text) => text.trim().replace("\r\n", "\n"),
        None => held.and_then(|held| held.get(at)).cloned().unwrap_or_default(),
    })
    .collect()
}

/// The text of that column.
pub(super) fn cell<'a>(columns: &[Column], cells: &'a [String], name: &str) -> &'a str {
    let at = columns.iter().position(|column| column.name == name);
    at.and_then(|at| cells.get(at)).map_or("", String::as_str)
}

/// Field by field what is held and what would be.
pub(super) fn changes(columns: &[Column], held: &[String], new: &[String]) -> Vec<FieldChange> {
    let pairs = columns.iter().zip(held.iter().zip(new));
    pairs
        .filter(|(_, (old, new))| old.trim() != new.trim())
        .map(|(column, (old, new))| FieldChange {
            field: column.name.to_owned(),
            old: old.clone(),
            new: new.clone(),
        })
        .collect()
}

/// The complaints of an action as errors of cells.
pub(super) fn errors(error: ActionError) -> Result<Vec<CellError>, StoreError> {
    match error {
        ActionError::Invalid(fields) => Ok(fields
            .into_iter()
            .map(|one| CellError::new(one.field, one.why))
            .collect()),
        ActionError::Store(store) => Err(store),
        other => Ok(vec![CellError::new("", other.to_string())]),
    }
}

/// What the fields complain of.
pub(super) fn complaints(fields: Fields) -> Result<Vec<CellError>, StoreError> {
    fields.finish::<()>(None).map_or_else(errors, |()| Ok(Vec::new()))
}
