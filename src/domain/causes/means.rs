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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::figures::Figure as Value;

    fn states() -> Vec<StateCode> {
        ('A'..='U')
            .map(|letter| format!("AA{letter}").parse().expect("a code"))
            .collect()
    }

    fn series(code: &str, value: impl Fn(usize) -> f64) -> (SeriesId, Series) {
        let id: SeriesId = code.parse().expect("a code");
        let figures = states().into_iter().enumerate().map(|(at, state)| Value {
            state,
            year: 2024,
            value: value(at),
        });
        (id.clone(), Series::new(id, figures))
    }

    fn snapshot(code: &str) -> Snapshot {
        Snapshot {
            series: code.parse().expect("a code"),
            number: 3,
            name: String::new(),
            source: "World Bank".to_owned(),
            fetched_at: "2026-11-20T08:00:00Z".parse().expect("a moment"),
            last_updated: None,
            sha256: String::new(),
            figures: 21,
            note: String::new(),
            recorded_by: "import".to_owned(),
        }
    }

    #[test]
    fn half_of_what_its_peers_reach_is_told_for_the_right_it_speaks_of_and_for_no_other() {
        // One state loses 100 of 1,000 children, the first 55, all others 10: the first has gone half the way.
        let deaths = series("SH.DYN.MORT", |at| match at {
            0 => 55.0,
            1 => 100.0,
            _ => 10.0,
        });
        let income = series(INCOME, |_| 10_000.4);
        let (first, day) = (states().remove(0), "2026-06-01".parse().expect("a day"));
        let means = HashMap::from([income.clone()]);
        let outcomes = HashMap::from([deaths, income]);
        let told = |snapshots: &[Snapshot], on| known_figures(&first, on, &means, &outcomes, snapshots);
        let found = told(&[snapshot("SH.DYN.MORT"), snapshot(INCOME)], day);
        let shown: Vec<(Figure, f64)> = found.iter().map(|one| (one.figure, one.value)).collect();
        assert_eq!(
            shown,
            [(Figure::IncomePerHead, 10_000.0), (Figure::IncomeAdjusted, 50.0)]
        );
        let (health, work) = ("T26".parse().expect("a theme"), "T23".parse().expect("a theme"));
        let speaks = found.iter().map(|one| (one.speaks_of(&health), one.speaks_of(&work)));
        assert_eq!(speaks.collect::<Vec<_>>(), [(true, true), (true, false)]);
        assert!(
            told(&[], day).is_empty(),
            "a figure that no snapshot brought cannot be followed to its source"
        );
        let late = "2031-06-01".parse().expect("a day");
        assert!(told(&[snapshot(INCOME)], late).is_empty(), "too old to tell anything");
    }
}
