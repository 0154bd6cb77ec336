//! Krippendorff's alpha: 1 − (disagreement within units) / (disagreement between any values at all).

use super::resampling::{Draws, interval};
use super::{Agreement, Level, Refusal};

/// Two values are compared in pairs for proportions: more different ones would take too long.
const MOST_RATIOS: usize = 1000;

/// Units whose values are the same apart from who gave them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bag {
    /// The values, as indices into the scale's categories.
    pub values: Vec<usize>,
    /// How many such units.
    pub times: u32,
}

/// The values that were given, and what their distance means.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    level: Level,
    /// A number for each category, in the order of the categories; their ranks where they are names.
    numbers: Vec<f64>,
}

impl Scale {
    /// A scale with these numbers as its categories, in ascending order.
    ///
    /// # Errors
    /// [`Refusal::BelowZero`] and [`Refusal::TooManyValues`] for proportions.
    pub fn new(level: Level, numbers: Vec<f64>) -> Result<Self, Refusal> {
        if level == Level::Ratio {
            if let Some(below) = numbers.iter().find(|number| **number < 0.0) {
                return Err(Refusal::BelowZero(below.to_string()));
            }
            if numbers.len() > MOST_RATIOS {
                return Err(Refusal::TooManyValues(numbers.len(), MOST_RATIOS));
            }
        }
        Ok(Self { level, numbers })
    }

    /// Σ nᵢ·nⱼ·δ² over all pairs of categories i < j, where `places` says where each category lies.
    fn spread(&self, counts: &[(usize, f64)], places: &[f64]) -> f64 {
        if counts.len() < 2 {
            return 0.0;
        }
        let all: f64 = counts.iter().map(|(_, n)| n).sum();
        let place = |at: usize| places.get(at).copied().unwrap_or(0.0);
        match self.level {
            Level::Nominal => (all * all - counts.iter().map(|(_, n)| n * n).sum::<f64>()) / 2.0,
            Level::Ordinal | Level::Interval => {
                let mean = counts.iter().map(|(at, n)| n * place(*at)).sum::<f64>() / all;
                all * counts
                    .iter()
                    .map(|(at, n)| n * (place(*at) - mean).powi(2))
                    .sum::<f64>()
            }
            Level::Ratio => pairs(counts)
                .map(|((a, n), (b, m))| n * m * ((place(a) - place(b)) / (place(a) + place(b))).powi(2))
                .sum(),
        }
    }

    /// Where each category lies: at its number, or in the middle of its ranks, which depend on how often each was given.
    fn places(&self, totals: &[f64]) -> Vec<f64> {
        if self.level != Level::Ordinal {
            return self.numbers.clone();
        }
        let mut before = 0.0;
        let middle = |n: &f64| {
            before += n;
            before - n / 2.0
        };
        totals.iter().map(middle).collect()
    }
}

fn pairs(counts: &[(usize, f64)]) -> impl Iterator<Item = ((usize, f64), (usize, f64))> + '_ {
    let later = |at: usize| counts.get(at + 1..).unwrap_or_default();
    counts
        .iter()
        .enumerate()
        .flat_map(move |(at, one)| later(at).iter().map(move |other| (*one, *other)))
}

/// A bag with its values counted.
struct Counted {
    counts: Vec<(usize, f64)>,
    values: f64,
}

impl Counted {
    fn of(bag: &Bag) -> Self {
        let mut sorted = bag.values.clone();
        sorted.sort_unstable();
        let mut counts: Vec<(usize, f64)> = Vec::new();
        for value in sorted {
            match counts.last_mut() {
                Some((last, number)) if *last == value => *number += 1.0,
                _ => counts.push((value, 1.0)),
            }
        }
        let values = counts.iter().map(|(_, number)| number).sum();
        Self { counts, values }
    }
}

/// Alpha when there are `times` units of each bag; nothing where all values are the same.
fn coefficient(bags: &[Counted], times: &[f64], scale: &Scale) -> Option<f64> {
    let mut totals = vec![0.0; scale.numbers.len()];
    for (bag, times) in bags.iter().zip(times) {
        for (category, number) in &bag.counts {
            *totals.get_mut(*category)? += times * number;
        }
    }
    let given: Vec<(usize, f64)> = totals.iter().copied().enumerate().filter(|(_, n)| *n > 0.0).collect();
    if given.len() < 2 {
        return None;
    }
    let (all, places): (f64, _) = (totals.iter().sum(), scale.places(&totals));
    let within: f64 = bags
        .iter()
        .zip(times)
        .map(|(bag, times)| times * scale.spread(&bag.counts, &places) / (bag.values - 1.0))
        .sum();
    Some(1.0 - (all - 1.0) * within / scale.spread(&given, &places))
}

/// Krippendorff's alpha of these units. Units with fewer than two values are left out; who gave which value does not matter.
///
/// # Errors
/// [`Refusal::NoPairs`] and [`Refusal::NoVariation`].
pub fn krippendorff(bags: &[Bag], scale: &Scale, draws: Draws) -> Result<Agreement, Refusal> {
    let pairable: Vec<&Bag> = bags
        .iter()
        .filter(|bag| bag.values.len() > 1 && bag.times > 0)
        .collect();
    if pairable.is_empty() {
        return Err(Refusal::NoPairs);
    }
    let counted: Vec<Counted> = pairable.iter().map(|bag| Counted::of(bag)).collect();
    let times: Vec<u32> = pairable.iter().map(|bag| bag.times).collect();
    let whole: Vec<f64> = times.iter().copied().map(f64::from).collect();
    let value = coefficient(&counted, &whole, scale).ok_or(Refusal::NoVariation)?;
    Ok(Agreement {
        value,
        interval: interval(&times, draws, |drawn| coefficient(&counted, drawn, scale)),
        units: times.iter().map(|times| *times as usize).sum(),
        values: pairable.iter().map(|bag| bag.values.len() * bag.times as usize).sum(),
    })
}
