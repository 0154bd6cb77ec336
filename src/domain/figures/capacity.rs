//! What a state can do: what it takes in taxes, and how well its administration works, each beside the other states.

use super::{Figure, Interval, Series, Standing, WhyNot, Window};
use crate::domain::ids::StateCode;

/// Half the width of an interval of 90 per cent, in standard errors.
const NINETY: f64 = 1.645;
/// Fewer other states give no standing.
const LEAST_PEERS: usize = 10;

/// Where a state stands in a series, with figures on or before `year` that are at most `age` years old.
///
/// # Errors
/// [`WhyNot`], where it cannot be told.
pub fn standing(series: &Series, state: &StateCode, year: i32, age: u32) -> Result<Standing, WhyNot> {
    let window = Window::before(year, age);
    let own = of_state(series, state, window)?;
    let (mut peers, mut twice_below) = (0_u32, 0_u32);
    for other in series.all_latest(window).filter(|other| other.state != *state) {
        peers += 1;
        twice_below += match other.value.total_cmp(&own.value) {
            std::cmp::Ordering::Less => 2,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Greater => 0,
        };
    }
    let count = usize::try_from(peers).unwrap_or(usize::MAX);
    if count < LEAST_PEERS {
        return Err(WhyNot::FewPeers {
            peers: count,
            needed: LEAST_PEERS,
        });
    }
    Ok(Standing {
        series: series.id.clone(),
        value: own.value,
        year: own.year,
        interval: None,
        peers: count,
        share_below: f64::from(twice_below) / f64::from(peers) / 2.0,
    })
}

/// What the state takes, in per cent of its GDP: the first of the series that has a figure for it; see
/// [`super::REVENUE`].
///
/// # Errors
/// [`WhyNot`] of the first series, where none can tell.
pub fn fiscal_capacity(series: &[&Series], state: &StateCode, year: i32, age: u32) -> Result<Standing, WhyNot> {
    first(series, state, year, age, super::REVENUE)
}

/// How well the administration works: the first of the series that has a figure for the state; see
/// [`super::EFFECTIVENESS`]. With the standard errors of that series, the figure gets an interval of 90 per cent.
///
/// # Errors
/// [`WhyNot`] of the first series, where none can tell.
pub fn government_effectiveness(
    series: &[&Series],
    errors: Option<&Series>,
    state: &StateCode,
    year: i32,
    age: u32,
) -> Result<Standing, WhyNot> {
    let mut found = first(series, state, year, age, super::EFFECTIVENESS)?;
    // The errors belong to the series of the old name only.
    let belongs = found.series.as_str() == "GE.EST";
    let error = errors.filter(|_| belongs).and_then(|errors| {
        let same_year = errors.latest(state, Window::before(found.year, 0))?;
        (same_year.value >= 0.0).then_some(same_year.value)
    });
    found.interval = error.map(|error| Interval {
        low: found.value - NINETY * error,
        high: found.value + NINETY * error,
        level: 0.9,
    });
    Ok(found)
}

fn first(
    series: &[&Series],
    state: &StateCode,
    year: i32,
    age: u32,
    usual: &[&'static str],
) -> Result<Standing, WhyNot> {
    let mut why = None;
    for one in series {
        match standing(one, state, year, age) {
            Ok(found) => return Ok(found),
            Err(reason) => why = why.or(Some(reason)),
        }
    }
    Err(why.unwrap_or_else(|| WhyNot::NotFetched {
        series: (*usual.first().unwrap_or(&"")).to_owned(),
    }))
}

/// The newest figure of a state in that window.
pub(super) fn of_state(series: &Series, state: &StateCode, window: Window) -> Result<Figure, WhyNot> {
    if series.is_empty() {
        let series = series.id.to_string();
        return Err(WhyNot::NotFetched { series });
    }
    series.latest(state, window).ok_or_else(|| WhyNot::NoFigure {
        series: series.id.clone(),
        state: state.clone(),
        from: window.from,
        to: window.to,
    })
}
