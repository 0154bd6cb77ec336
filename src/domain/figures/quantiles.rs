//! Quantiles of a few values with an interval that assumes nothing of how they are spread.

use serde::Serialize;

/// An interval and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often an interval made like this holds the true value, 0 to 1.
    pub level: f64,
}

/// The level that is aimed at. Few values cannot reach it; then the interval says what it reaches.
const LEVEL: f64 = 0.95;

/// The quantile at `at` of sorted values, and its interval between two of them: by the binomial distribution of how many
/// values lie below the true quantile. Nothing for no values.
pub(super) fn quantile(sorted: &[f64], at: f64) -> Option<(f64, Interval)> {
    let n = sorted.len();
    let place = rank(n, at);
    let value = *sorted.get(place.checked_sub(1)?)?;
    // P(at most k - 1 values below the quantile), for k from 1 to n.
    let below = cumulative(n, at);
    let tail = (1.0 - LEVEL) / 2.0;
    let low = (1..=place)
        .rev()
        .find(|k| below.get(k - 1).is_some_and(|p| *p <= tail))
        .unwrap_or(1);
    let high = (place..=n)
        .find(|k| below.get(k - 1).is_some_and(|p| 1.0 - *p <= tail))
        .unwrap_or(n);
    let level = below.get(high - 1).unwrap_or(&1.0) - below.get(low - 1).unwrap_or(&0.0);
    let interval = Interval {
        low: *sorted.get(low - 1)?,
        high: *sorted.get(high - 1)?,
        level: level.clamp(0.0, 1.0),
    };
    Some((value, interval))
}

/// The place of a quantile among n values, from 1.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred values"
)]
fn rank(n: usize, at: f64) -> usize {
    ((n as f64 * at - 1e-9).ceil().max(1.0) as usize).min(n)
}

/// P(X ≤ k) for k from 0 to n - 1, where X is binomial of n and p.
fn cumulative(n: usize, p: f64) -> Vec<f64> {
    // Begun at the likelier end, so that nothing vanishes below the smallest number.
    let mut chances = if p < 0.5 { chances(n, p) } else { chances(n, 1.0 - p) };
    if p >= 0.5 {
        chances.reverse();
    }
    chances.truncate(n);
    let mut sum = 0.0;
    chances
        .into_iter()
        .map(|chance| {
            sum += chance;
            sum
        })
        .collect()
}

/// P(X = k) for k from 0 to n.
#[expect(clippy::cast_precision_loss, reason = "a few hundred values")]
fn chances(n: usize, p: f64) -> Vec<f64> {
    let mut term = (1.0 - p).powf(n as f64);
    (0..=n)
        .map(|k| {
            let this = term;
            term *= (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
            this
        })
        .collect()
}
