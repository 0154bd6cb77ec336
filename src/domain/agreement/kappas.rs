//! Cohen's kappa of two raters, and Fleiss' of several.

use super::resampling::{Draws, interval};
use super::tables::{Counts, Ratings};
use super::{Agreement, Refusal};

/// (observed − expected) / (1 − expected); nothing where chance alone would agree always.
fn kappa(observed: f64, expected: f64) -> Option<f64> {
    let room = 1.0 - expected;
    (room > 1e-12).then(|| (observed - expected) / room)
}

/// Cohen's kappa: units that both raters judged.
///
/// # Errors
/// [`Refusal::NotTwoRaters`], [`Refusal::NoPairs`] and [`Refusal::NoVariation`].
pub fn cohen(ratings: &Ratings, draws: Draws) -> Result<Agreement, Refusal> {
    let columns: Vec<usize> = ratings.columns_with_values().into_iter().collect();
    let [first, second] = columns.as_slice() else {
        return Err(Refusal::NotTwoRaters(columns.len()));
    };
    let by = |unit: &[(usize, usize)], wanted: usize| {
        let found = unit.iter().find(|(rater, _)| *rater == wanted);
        found.map(|(_, value)| *value)
    };
    let pairs: Vec<(usize, usize)> = ratings
        .given()
        .filter_map(|unit| Some((by(unit, *first)?, by(unit, *second)?)))
        .collect();
    if pairs.is_empty() {
        return Err(Refusal::NoPairs);
    }
    let categories = ratings.categories();
    let of = |times: &[f64]| {
        let all: f64 = times.iter().sum();
        let (mut same, mut left, mut right) = (0.0, vec![0.0; categories], vec![0.0; categories]);
        for ((a, b), times) in pairs.iter().zip(times) {
            same += if a == b { *times } else { 0.0 };
            *left.get_mut(*a)? += times;
            *right.get_mut(*b)? += times;
        }
        let chance: f64 = left.iter().zip(&right).map(|(a, b)| a * b).sum();
        kappa(same / all, chance / (all * all))
    };
    let value = of(&vec![1.0; pairs.len()]).ok_or(Refusal::NoVariation)?;
    Ok(Agreement {
        value,
        interval: interval(&vec![1; pairs.len()], draws, of),
        units: pairs.len(),
        values: 2 * pairs.len(),
    })
}

/// Fleiss' kappa: each unit judged by the same number of raters, not always the same people.
///
/// # Errors
/// [`Refusal::UnequalRaters`], [`Refusal::NoPairs`] and [`Refusal::NoVariation`].
pub fn fleiss(counts: &Counts, draws: Draws) -> Result<Agreement, Refusal> {
    let raters = counts.raters();
    if raters < 2 {
        return Err(Refusal::NoPairs);
    }
    if let Some(unit) = counts.unequal() {
        return Err(Refusal::UnequalRaters(unit.to_owned()));
    }
    let m = f64::from(raters);
    let rows = counts.rows();
    let agreed = |row: &[u32]| {
        let squares: f64 = row.iter().map(|n| f64::from(*n).powi(2)).sum();
        (squares - m) / (m * (m - 1.0))
    };
    let each: Vec<f64> = rows.iter().map(|row| agreed(row)).collect();
    let of = |times: &[f64]| {
        let all: f64 = times.iter().sum();
        let observed = each
            .iter()
            .zip(times)
            .map(|(agreed, times)| agreed * times)
            .sum::<f64>()
            / all;
        let mut totals = vec![0.0; counts.categories()];
        for (row, times) in rows.iter().zip(times) {
            for (total, number) in totals.iter_mut().zip(row) {
                *total += times * f64::from(*number);
            }
        }
        let chance: f64 = totals.iter().map(|total| (total / (all * m)).powi(2)).sum();
        kappa(observed, chance)
    };
    let value = of(&vec![1.0; rows.len()]).ok_or(Refusal::NoVariation)?;
    Ok(Agreement {
        value,
        interval: interval(&vec![1; rows.len()], draws, of),
        units: rows.len(),
        values: rows.len() * raters as usize,
    })
}
