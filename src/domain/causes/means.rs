//! Which series of the World Bank tell what a state can do, and what it achieves with it, as figures of a case.

use super::{Figure, Place};
use crate::domain::figures::{
    Better, EFFECTIVENESS, EFFECTIVENESS_ERROR, Frontier, INCOME, REVENUE, Series, SeriesId, Snapshot, Window,
    income_adjusted,
};
use crate::domain::ids::{StateCode, ThemeCode};
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

/// A figure older than so many years tells nothing of a gap.
const AGE: u32 = 5;

/// Outcomes of which the whole population is counted, the themes they speak of, and which values are better.
const OUTCOMES: [(&str, Better, &[&str]); 2] = [
    // Deaths of children under five, of 1,000 born alive.
    ("SH.DYN.MORT", Better::Low, &["T26"]),
    // Children who complete primary school, in per cent of their age.
    ("SE.PRM.CMPT.ZS", Better::High, &["T27"]),
];

/// The series of outcomes, with the income that they are compared by.
#[must_use]
pub fn series_of_outcomes() -> Vec<SeriesId> {
    let codes = OUTCOMES.iter().map(|(code, _, _)| *code).chain([INCOME]);
    codes.filter_map(|code| code.parse().ok()).collect()
}

/// One figure about a state.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownFigure {
    /// What it counts.
    pub figure: Figure,
    /// The value, as precise as a reader needs it.
    pub value: f64,
    /// Where it comes from.
    pub place: Place,
    /// The themes that it speaks of; all of them where none is named.
    pub themes: Vec<ThemeCode>,
}

impl KnownFigure {
    /// Whether it speaks of that theme.
    #[must_use]
    pub fn speaks_of(&self, theme: &ThemeCode) -> bool {
        self.themes.is_empty() || self.themes.contains(theme)
    }
}

/// What the series say of a state on a day. `means` may hold the state alone; `outcomes` need all states.
#[must_use]
pub fn known_figures(
    state: &StateCode,
    as_of: NaiveDate,
    means: &HashMap<SeriesId, Series>,
    outcomes: &HashMap<SeriesId, Series>,
    snapshots: &[Snapshot],
) -> Vec<KnownFigure> {
    let window = Window::before(as_of.year(), AGE);
    let first = |codes: &[&str]| {
        let mut all = codes.iter().filter_map(|code| code.parse::<SeriesId>().ok());
        all.find_map(|id| Some((id.clone(), means.get(&id)?.latest(state, window)?)))
    };
    let place = |figure: Figure, series: &SeriesId, value: f64, year: i32| {
        let snapshot = snapshots.iter().find(|one| one.series == *series)?;
        Some(Place::Figure {
            figure,
            value,
            series: series.to_string(),
            year,
            snapshot: snapshot.number,
            fetched: snapshot.fetched_at.date_naive(),
            source: snapshot.source.clone(),
        })
    };
    let asked: [(Figure, &[&str], f64); 3] = [
        (Figure::IncomePerHead, &[INCOME], 1.0),
        (Figure::Revenue, REVENUE, 10.0),
        (Figure::Effectiveness, EFFECTIVENESS, 100.0),
    ];
    let mut known: Vec<KnownFigure> = Vec::new();
    for (figure, codes, decimals) in asked {
        let found = first(codes).and_then(|(series, found)| {
            let value = (found.value * decimals).round() / decimals;
            let place = place(figure, &series, value, found.year)?;
            Some(KnownFigure {
                figure,
                value,
                place,
                themes: Vec::new(),
            })
        });
        known.extend(found);
    }
    let income = INCOME.parse().ok().and_then(|id: SeriesId| outcomes.get(&id));
    for (code, better, themes) in OUTCOMES {
        let series = code.parse().ok().and_then(|id: SeriesId| outcomes.get(&id));
        let Some((series, income)) = series.zip(income) else {
            continue;
        };
        let Ok(found) = income_adjusted(series, better, income, state, as_of.year(), Frontier::default()) else {
            continue;
        };
        let value = (found.share * 100.0).round();
        known.extend(
            place(Figure::IncomeAdjusted, &series.id, value, found.year).map(|place| KnownFigure {
                figure: Figure::IncomeAdjusted,
                value,
                place,
                themes: themes.iter().filter_map(|theme| theme.parse().ok()).collect(),
            }),
        );
    }
    known
}

/// Every series that a suggestion of causes may read of the state alone.
#[must_use]
pub fn series_read() -> Vec<SeriesId> {
    let mut all = crate::domain::figures::series_of_means();
    all.retain(|series| series.as_str() != EFFECTIVENESS_ERROR);
    all
}
