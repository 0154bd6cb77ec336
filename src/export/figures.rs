//! Figures of a series, with the snapshot that says so.

use crate::domain::figures::{Figure, Snapshot, value_text};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Number;

/// What a snapshot says.
#[derive(Debug, Clone, Serialize)]
pub struct FiguresAnswer<'a> {
    /// The series.
    pub series: &'a str,
    /// What its source calls it.
    pub name: &'a str,
    /// Who says so.
    pub source: &'a str,
    /// The day of the question.
    pub as_of: NaiveDate,
    /// When the source was asked, or the file loaded.
    pub fetched_at: DateTime<Utc>,
    /// The day of the figures, as the source says.
    pub last_updated: Option<NaiveDate>,
    /// SHA-256 over the lines `state,year,value` of the whole snapshot.
    pub sha256: &'a str,
    /// How many figures the whole snapshot holds.
    pub held: usize,
    /// What was left out, or went otherwise than expected.
    pub note: &'a str,
    /// Whether the source was asked just now and answered.
    pub refreshed: bool,
    /// Why it could not be asked or read just now.
    pub failed: Option<&'a str>,
    /// The figures.
    pub figures: Vec<FigureRow<'a>>,
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub struct FigureRow<'a> {
    /// The series.
    pub series: &'a str,
    /// The state.
    pub state: &'a str,
    /// The year.
    pub year: i32,
    /// The value, written as it is hashed; none where no JSON can hold it.
    pub value: Option<Number>,
}

impl<'a> FiguresAnswer<'a> {
    /// The columns of a table.
    pub const COLUMNS: &'static [&'static str] = &["series", "state", "year", "value"];

    /// What the snapshot says: of each state every year, or only the newest. `asked` tells whether the source was asked
    /// just now, and what came in between.
    #[must_use]
    pub fn of(
        held: &'a Snapshot,
        figures: &'a [Figure],
        every_year: bool,
        as_of: NaiveDate,
        asked: (bool, Option<&'a str>),
    ) -> Self {
        let series = held.series.as_str();
        let last = |at: usize| figures.get(at + 1).is_none_or(|next| next.state != figures[at].state);
        let rows = figures.iter().enumerate().filter(|(at, _)| every_year || last(*at));
        let rows = rows.map(|(_, figure)| FigureRow {
            series,
            state: figure.state.as_str(),
            year: figure.year,
            value: value_text(figure.value).parse().ok(),
        });
        Self {
            series,
            name: &held.name,
            source: &held.source,
            as_of,
            fetched_at: held.fetched_at,
            last_updated: held.last_updated,
            sha256: &held.sha256,
            held: held.figures,
            note: &held.note,
            refreshed: asked.0 && asked.1.is_none(),
            failed: asked.1,
            figures: rows.collect(),
        }
    }

    /// What stands beside a table: where the figures come from, of when they are, and whether anybody was asked.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let at = self.fetched_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let of = self
            .last_updated
            .map_or_else(String::new, |day| format!(", figures of {day}"));
        let mut lines = vec![
            format!("{}: {}", self.series, or(self.name, "no name is known")),
            format!("{}, snapshot of {at}{of}: {} figures", self.source, self.held),
            format!("SHA-256 {}", self.sha256),
        ];
        if !self.note.is_empty() {
            lines.push(self.note.to_owned());
        }
        lines.push(if self.refreshed {
            "The source was asked just now.".to_owned()
        } else if self.failed.is_some() {
            "The source could not be read just now: this is the last good snapshot.".to_owned()
        } else {
            "Nobody was asked just now: this is the last snapshot.".to_owned()
        });
        lines
    }
}

fn or<'t>(text: &'t str, other: &'t str) -> &'t str {
    if text.is_empty() { other } else { text }
}

/// A series in a list of all.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesRow {
    /// The series.
    pub series: String,
    /// What its source calls it.
    pub name: String,
    /// Who says so.
    pub source: String,
    /// When the source was asked, or the file loaded.
    pub fetched_at: DateTime<Utc>,
    /// The day of the figures, as the source says.
    pub last_updated: Option<NaiveDate>,
    /// How many figures it holds.
    pub figures: usize,
    /// SHA-256 over the lines `state,year,value`.
    pub sha256: String,
}

impl SeriesRow {
    /// The columns of a table.
    pub const COLUMNS: &'static [&'static str] = &[
        "series",
        "name",
        "source",
        "fetched_at",
        "last_updated",
        "figures",
        "sha256",
    ];
}

impl From<&Snapshot> for SeriesRow {
    fn from(held: &Snapshot) -> Self {
        Self {
            series: held.series.to_string(),
            name: held.name.clone(),
            source: held.source.clone(),
            fetched_at: held.fetched_at,
            last_updated: held.last_updated,
            figures: held.figures,
            sha256: held.sha256.clone(),
        }
    }
}
