//! Income-adjusted performance: how much of what the best states of comparable income reach does a state reach? After the
//! idea of the Index of Social and Economic Rights Fulfilment (S. Fukuda-Parr, T. Lawson-Remer, S. Randolph), with peers
//! in place of a fitted curve:
//!
//! * peers are the other states whose income per person lies within a band around the state's, on a logarithmic scale;
//! * the frontier is where the best tenth of the peers begins, so that one outlier does not set it;
//! * the floor is the worst value of any state in the same years;
//! * the share achieved is the state's way from the floor, divided by the frontier's, from 0 to 1;
//! * its interval is that of the frontier, found by order statistics, with the level that so many peers allow.
//!
//! The share says what was achieved with given means. It does not say why.

use super::quantiles::quantile;
use super::{Interval, Series, SeriesId, WhyNot, Window};
use crate::domain::ids::StateCode;
use serde::Serialize;

/// Which values of an outcome are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher ones, such as children in school.
    High,
    /// The lower ones, such as deaths.
    Low,
}

/// How states are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frontier {
    /// A peer's income is at most so many times the state's, or the state's so many times the peer's.
    pub times: f64,
    /// Where the best peers begin, from 0 to 1.
    pub best: f64,
    /// Fewer peers tell nothing.
    pub least_peers: usize,
    /// Figures older than so many years do not count.
    pub age: u32,
}

impl Default for Frontier {
    fn default() -> Self {
        Self {
            times: 1.5,
            best: 0.9,
            least_peers: 10,
            age: 5,
        }
    }
}

/// What a state achieves with its means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Performance {
    /// The outcome.
    pub series: SeriesId,
    /// The state's own value.
    pub value: f64,
    /// Its year.
    pub year: i32,
    /// The share achieved, 0 to 1.
    pub share: f64,
    /// Within what it would lie with other peers of the same kind.
    pub interval: Interval,
    /// Where the best tenth of the peers begins.
    pub frontier: f64,
    /// The worst value of any state.
    pub floor: f64,
    /// How many peers.
    pub peers: usize,
    /// The income series.
    pub income_series: SeriesId,
    /// The state's income.
    pub income: f64,
    /// Its year.
    pub income_year: i32,
}

/// How much of what the best states of comparable income reach in `outcome` the state reaches, in `year` or the last
/// years before it.
///
/// # Errors
/// [`WhyNot`], where it cannot be told.
pub fn income_adjusted(
    outcome: &Series,
    better: Better,
    income: &Series,
    state: &StateCode,
    year: i32,
    rule: Frontier,
) -> Result<Performance, WhyNot> {
    let window = Window::before(year, rule.age);
    let own = super::capacity::of_state(outcome, state, window)?;
    let means = super::capacity::of_state(income, state, window)?;
    let level = logarithm(means.value).ok_or_else(|| WhyNot::NoIncome {
        series: income.id.clone(),
        state: state.clone(),
        value: means.value,
    })?;
    let up = |value: f64| match better {
        Better::High => value,
        Better::Low => -value,
    };
    let band = rule.times.max(1.0).ln() + 1e-12;
    let (mut floor, mut peers) = (up(own.value), Vec::new());
    for other in outcome.all_latest(window).filter(|other| other.state != *state) {
        floor = floor.min(up(other.value));
        let theirs = income
            .latest(&other.state, window)
            .and_then(|figure| logarithm(figure.value));
        if theirs.is_some_and(|theirs| (theirs - level).abs() <= band) {
            peers.push(up(other.value));
        }
    }
    peers.sort_by(f64::total_cmp);
    let few = WhyNot::FewPeers {
        peers: peers.len(),
        needed: rule.least_peers.max(1),
    };
    if peers.len() < rule.least_peers.max(1) {
        return Err(few);
    }
    let (frontier, range) = quantile(&peers, rule.best.clamp(0.0, 0.999)).ok_or(few)?;
    let spread = frontier - floor;
    // A difference in the last digits is noise of the arithmetic.
    if spread <= f64::EPSILON * 8.0 * frontier.abs().max(floor.abs()) {
        let series = outcome.id.clone();
        return Err(WhyNot::NoSpread { series });
    }
    let share = |best: f64| {
        let way = best - floor;
        // Where even the best peers might be at the floor, all of their way is gone.
        if way > 0.0 {
            ((up(own.value) - floor) / way).clamp(0.0, 1.0)
        } else {
            1.0
        }
    };
    Ok(Performance {
        series: outcome.id.clone(),
        value: own.value,
        year: own.year,
        share: share(frontier),
        interval: Interval {
            low: share(range.high),
            high: share(range.low),
            level: range.level,
        },
        frontier: up(frontier),
        floor: up(floor),
        peers: peers.len(),
        income_series: income.id.clone(),
        income: means.value,
        income_year: means.year,
    })
}

fn logarithm(income: f64) -> Option<f64> {
    (income > 0.0).then(|| income.ln())
}
