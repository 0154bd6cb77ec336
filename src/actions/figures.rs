//! A snapshot of a series is kept: all its figures or none. What it says otherwise than before supersedes what stood.

mod file;

pub use file::{FigureFile, read_csv};

use super::{ActionError, Doing, Fields};
use crate::domain::figures::{Figure, MOST, SeriesId, Snapshot, fingerprint, value_text};
use crate::store::{Db, StoreError, figures as store};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;

/// What a source said of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotDraft {
    /// The series.
    pub series: SeriesId,
    /// What the source calls it.
    pub name: String,
    /// Who says so.
    pub source: String,
    /// The day of the figures, as the source says.
    pub last_updated: Option<NaiveDate>,
    /// What was left out, or went otherwise than expected.
    pub note: String,
    /// All figures, one for each state and year.
    pub figures: Vec<Figure>,
}

/// A snapshot that was kept, and what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Figures for places where none stood.
    pub added: usize,
    /// Figures that are other than they were.
    pub changed: usize,
    /// Figures that stood and that it does not say.
    pub gone: usize,
}

/// Keeps a snapshot. One that says less than half of what stands is refused, unless `replace` says that it is whole.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when somebody else kept a snapshot of the
/// same series at the same moment. Nothing is kept then.
pub async fn keep(db: &Db, doing: Doing<'_>, draft: &SnapshotDraft, replace: bool) -> Result<Kept, ActionError> {
    let (mut fields, figures) = (Fields::default(), &draft.figures);
    let name = fields.maybe("name", &draft.name, 500);
    let source = fields.text("source", &draft.source, 500);
    let note = fields.maybe("note", &draft.note, 4_000);
    if figures.is_empty() {
        fields.wrong("figures", "there is none");
    }
    if figures.len() > MOST {
        let count = figures.len();
        fields.wrong("figures", format!("there are {count}; a series has at most {MOST}"));
    }
    let mut places = HashMap::with_capacity(figures.len());
    for figure in figures {
        let Figure { state, year, value } = figure;
        if !value.is_finite() {
            fields.wrong("figures", format!("{state} {year} is no number"));
        }
        if places.insert((state.clone(), *year), figure).is_some() {
            fields.wrong("figures", format!("{state} {year} stands there twice"));
        }
    }
    let (name, source, note) = fields.finish((|| Some((name?, source?, note?)))())?;

    let tx = doing.begin(db).await?;
    let standing = store::standing(&tx, &draft.series).await?;
    let (mut new, mut gone, mut added) = (Vec::new(), Vec::new(), 0);
    for figure in figures {
        match standing.get(&(figure.state.clone(), figure.year)) {
            Some(row) if row.value == value_text(figure.value) => {}
            Some(row) => {
                gone.push(row.id.clone());
                new.push(figure.clone());
            }
            None => {
                added += 1;
                new.push(figure.clone());
            }
        }
    }
    let changed = gone.len();
    let missing = standing.iter().filter(|(place, _)| !places.contains_key(*place));
    gone.extend(missing.map(|(_, row)| row.id.clone()));
    gone.sort_unstable();
    let lost = gone.len() - changed;
    if lost * 2 > standing.len() && !replace {
        let (now, before) = (figures.len(), standing.len());
        let why = format!(
            "there are {now}, and {lost} of the {before} that stand are not among them. The last snapshot is kept. Add \
             --replace if this is the whole series"
        );
        return Fields::default().refuse("figures", why);
    }
    let snapshot = Snapshot {
        series: draft.series.clone(),
        number: store::next_number(&tx, &draft.series).await?,
        name,
        source,
        fetched_at: doing.now,
        last_updated: draft.last_updated,
        sha256: fingerprint(figures),
        figures: figures.len(),
        note,
        recorded_by: doing.actor.to_owned(),
    };
    let taken = |error: StoreError| match error {
        StoreError::Duplicate(_) => {
            ActionError::Conflict(format!("somebody else is loading {} just now", draft.series))
        }
        other => other.into(),
    };
    store::save(&tx, &snapshot, &new, &gone).await.map_err(taken)?;
    let kept = Kept {
        snapshot,
        added,
        changed,
        gone: lost,
    };
    let subject = draft.series.as_str();
    doing.note(&tx, "figures.keep", subject, None, json!(kept)).await?;
    tx.commit().await?;
    Ok(kept)
}
