//! Figures of outside sources: yearly series by state, what they say on or before a year, and what they mean for the
//! question whether a state does what its means allow. No threshold here says *high* or *low*: who reads decides.

mod capacity;
mod frontier;
mod quantiles;
#[cfg(test)]
mod tests;

pub use capacity::{fiscal_capacity, government_effectiveness, standing};
pub use frontier::{Better, Frontier, Performance, income_adjusted};
pub use quantiles::Interval;

use super::audit::digest;
use super::ids::{InvalidCode, StateCode};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// GDP per person at purchasing-power parity in constant international dollars.
pub const INCOME: &str = "NY.GDP.PCAP.PP.KD";
/// What the state takes, best first: tax revenue, then all revenue without grants, each in per cent of GDP.
pub const REVENUE: &[&str] = &["GC.TAX.TOTL.GD.ZS", "GC.REV.XGRT.GD.ZS"];
/// Government effectiveness of the Worldwide Governance Indicators, estimate from about -2.5 to 2.5: its name since 2026
/// and the one before.
pub const EFFECTIVENESS: &[&str] = &["GOV_WGI_GE.EST", "GE.EST"];
/// The standard error of `GE.EST`; for the new name none is published.
pub const EFFECTIVENESS_ERROR: &str = "GE.STD.ERR";

/// Every series that the questions about a state's means read.
#[must_use]
pub fn series_of_means() -> Vec<SeriesId> {
    let codes = [INCOME, EFFECTIVENESS_ERROR].into_iter();
    let codes = codes
        .chain(REVENUE.iter().copied())
        .chain(EFFECTIVENESS.iter().copied());
    codes.map(|code| SeriesId(code.to_owned())).collect()
}

/// The first and the last year that a figure may have.
pub const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;
/// No series has more figures: 197 states, each with five centuries.
pub const MOST: usize = 100_000;

/// A series by its code, such as `NY.GDP.PCAP.PP.KD`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SeriesId(String);

impl SeriesId {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SeriesId {
    type Error = InvalidCode;
    fn try_from(value: String) -> Result<Self, InvalidCode> {
        let sound = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let begins = value.starts_with(|c: char| c.is_ascii_alphanumeric());
        if begins && value.len() <= 60 && value.chars().all(sound) {
            Ok(Self(value))
        } else {
            let expected = "the code of a series: letters, digits, points, - and _, such as NY.GDP.PCAP.PP.KD";
            Err(InvalidCode { value, expected })
        }
    }
}

impl std::str::FromStr for SeriesId {
    type Err = InvalidCode;
    fn from_str(value: &str) -> Result<Self, InvalidCode> {
        Self::try_from(value.to_owned())
    }
}

impl From<SeriesId> for String {
    fn from(id: SeriesId) -> Self {
        id.0
    }
}

impl fmt::Display for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a series says of one state and one year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The state.
    pub state: StateCode,
    /// The year.
    pub year: i32,
    /// The value, in the unit of the series.
    pub value: f64,
}

/// What a source said of a series, when we asked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The series.
    pub series: SeriesId,
    /// Its how many-eth snapshot this is.
    pub number: u32,
    /// What the source calls the series.
    pub name: String,
    /// Who says so.
    pub source: String,
    /// When we asked, or loaded the file.
    pub fetched_at: DateTime<Utc>,
    /// The day of the figures, as the source says.
    pub last_updated: Option<NaiveDate>,
    /// SHA-256 over all its figures; see [`fingerprint`].
    pub sha256: String,
    /// How many figures it holds.
    pub figures: usize,
    /// What was left out, or went otherwise than expected.
    pub note: String,
    /// Who asked.
    pub recorded_by: String,
}

/// A series: figures by state and year.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its code.
    pub id: SeriesId,
    by_state: BTreeMap<StateCode, BTreeMap<i32, f64>>,
}

impl Series {
    /// A series of those figures. What is no number is left out; of two figures for one place the later counts.
    pub fn new(id: SeriesId, figures: impl IntoIterator<Item = Figure>) -> Self {
        let mut by_state: BTreeMap<StateCode, BTreeMap<i32, f64>> = BTreeMap::new();
        for figure in figures {
            if figure.value.is_finite() {
                by_state
                    .entry(figure.state)
                    .or_default()
                    .insert(figure.year, figure.value);
            }
        }
        Self { id, by_state }
    }

    /// The newest figure of a state in the years of that window.
    #[must_use]
    pub fn latest(&self, state: &StateCode, window: Window) -> Option<Figure> {
        let years = self.by_state.get(state)?;
        let (year, value) = years.range(window.from..=window.to.max(window.from)).next_back()?;
        Some(Figure {
            state: state.clone(),
            year: *year,
            value: *value,
        })
    }

    /// The newest figure of each state in the years of that window.
    pub fn all_latest(&self, window: Window) -> impl Iterator<Item = Figure> {
        self.by_state.keys().filter_map(move |state| self.latest(state, window))
    }

    /// Whether it says nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_state.is_empty()
    }
}

/// The years in which a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    from: i32,
    to: i32,
}

impl Window {
    /// Figures on or before `year` that are at most `age` years old then.
    #[must_use]
    pub fn before(year: i32, age: u32) -> Self {
        let from = year.saturating_sub(i32::try_from(age).unwrap_or(i32::MAX));
        Self { from, to: year }
    }
}

/// Why a figure means nothing, in a sentence that may be shown.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyNot {
    /// Nothing was ever fetched or loaded.
    #[error("the series {series} has not been fetched yet")]
    NotFetched {
        /// The series.
        series: String,
    },
    /// The state has no figure in the window.
    #[error("{series} has no figure for {state} from {from} to {to}")]
    NoFigure {
        /// The series.
        series: SeriesId,
        /// The state.
        state: StateCode,
        /// First year that would have counted.
        from: i32,
        /// Last year that would have counted.
        to: i32,
    },
    /// Too few states to compare with.
    #[error("only {peers} states can be compared with; at least {needed} are needed")]
    FewPeers {
        /// How many there are.
        peers: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The best peers are no better than the worst state of all.
    #[error("all states have nearly the same value of {series}; nothing can be told apart")]
    NoSpread {
        /// The series.
        series: SeriesId,
    },
    /// An income of nothing or less has no logarithm.
    #[error("{series} says {value} for {state}, which cannot be an income")]
    NoIncome {
        /// The series.
        series: SeriesId,
        /// The state.
        state: StateCode,
        /// What it says.
        value: f64,
    },
}

/// Where a state stands in one series: its figure, and how many other states stand below it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// The series that says so.
    pub series: SeriesId,
    /// The figure.
    pub value: f64,
    /// Its year.
    pub year: i32,
    /// How uncertain the source itself calls the figure, where it says so.
    pub interval: Option<Interval>,
    /// Other states with a figure in the same window.
    pub peers: usize,
    /// The share of them that stand lower, ties counted half: 0 to 1.
    pub share_below: f64,
}

/// A value as it is stored, printed and hashed: the shortest text that reads back as the same number.
#[must_use]
pub fn value_text(value: f64) -> String {
    // Minus nothing is nothing.
    let value = if value == 0.0 { 0.0 } else { value };
    if value != 0.0 && !(1e-6..1e15).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// SHA-256 over the lines `state,year,value` in the order of state and year, each with a line end: whoever has the figures
/// can compute it again.
#[must_use]
pub fn fingerprint(figures: &[Figure]) -> String {
    let mut lines: Vec<(&StateCode, i32, f64)> = figures.iter().map(|f| (&f.state, f.year, f.value)).collect();
    lines.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let text: String = lines
        .into_iter()
        .map(|(state, year, value)| format!("{state},{year},{}\n", value_text(value)))
        .collect();
    digest(&text)
}
