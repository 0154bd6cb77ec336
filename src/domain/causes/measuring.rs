//! How good suggestions are on labelled cases, by repeated stratified cross-validation, beside two baselines.
//!
//! In each fold points are estimated anew from the other folds alone: with one sign, points are the odds that its cause is
//! right, and the shipped points weigh as [`PRIOR`] cases. Phrases are fixed beforehand.

use super::Cause;
use super::classifier::{Case, Classifier};
use super::signals::{Reads, Tone};
use crate::domain::search::words_of;
use std::collections::BTreeMap;

/// Cases that the shipped points weigh as.
const PRIOR: f64 = 6.0;
/// Bins of the calibration error.
const BINS: usize = 10;

/// A case with the cause that a person gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// The case.
    pub case: Case,
    /// Its cause.
    pub label: Cause,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Signals as they are shipped: nothing is learned from the cases.
    Shipped,
    /// Signals with points estimated on the other folds.
    Refitted,
    /// The most frequent cause of the other folds.
    Majority,
    /// The cause with most of a few keywords.
    Keywords,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Shipped, Self::Refitted, Self::Majority, Self::Keywords];

    /// In a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Shipped => "signals as shipped",
            Self::Refitted => "signals, points from the other folds",
            Self::Majority => "baseline: most frequent cause",
            Self::Keywords => "baseline: keyword counts",
        }
    }
}

/// How the cases are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// Parts.
    pub parts: usize,
    /// How often anew.
    pub repeats: usize,
    /// Where the shuffling begins.
    pub seed: u64,
}

/// Means over the repeats.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    /// Mean of the F1 of each cause that occurs, undetermined among them.
    pub macro_f1: f64,
    /// Share that is right.
    pub accuracy: f64,
    /// Share that is left undetermined.
    pub abstention: f64,
    /// Share that is right where a cause is named.
    pub precision_when_deciding: f64,
    /// Expected calibration error of the weight of the label where a cause is named, ten bins.
    pub calibration_error: f64,
    /// Cause → precision, recall, F1.
    pub causes: BTreeMap<&'static str, [f64; 3]>,
}

/// Measures a method. Every case is judged once in each repeat, by what was learned without it.
#[must_use]
pub fn cross_validated(classifier: &Classifier, cases: &[Labelled], method: Method, fold: Fold) -> Measured {
    let (parts, repeats) = (fold.parts.clamp(2, cases.len().max(2)), fold.repeats.max(1));
    let mut sum = Measured::default();
    let found: Vec<Vec<(usize, f64)>> = cases.iter().map(|one| classifier.found(&one.case)).collect();
    for repeat in 0..repeats {
        let part_of = split(cases, parts, fold.seed.wrapping_add(repeat as u64));
        let mut judged: Vec<(Cause, Cause, f64)> = Vec::with_capacity(cases.len());
        for part in 0..parts {
            let inside = |at: usize| part_of.get(at) == Some(&part);
            let training: Vec<usize> = (0..cases.len()).filter(|at| !inside(*at)).collect();
            let learned = Learned::of(classifier, cases, &found, &training, method);
            for one in (0..cases.len()).filter(|at| inside(*at)).filter_map(|at| cases.get(at)) {
                let (label, weight) = learned.judge(classifier, &one.case);
                judged.push((one.label, label, weight));
            }
        }
        sum.add(&measured(&judged), repeats as f64);
    }
    sum
}

/// What one fold teaches.
enum Learned {
    Points(Option<Vec<f64>>),
    Always(Cause, f64),
    Keywords,
}

impl Learned {
    fn of(
        classifier: &Classifier,
        cases: &[Labelled],
        found: &[Vec<(usize, f64)>],
        training: &[usize],
        method: Method,
    ) -> Self {
        match method {
            Method::Shipped => Self::Points(None),
            Method::Refitted => Self::Points(Some(points(classifier, cases, found, training))),
            Method::Majority => {
                let mut counts: BTreeMap<Cause, usize> = BTreeMap::new();
                for one in training.iter().filter_map(|at| cases.get(*at)) {
                    *counts.entry(one.label).or_default() += 1;
                }
                let most = counts.iter().max_by_key(|(_, count)| **count);
                let share = most.map_or(0.0, |(_, count)| *count as f64 / training.len().max(1) as f64);
                Self::Always(most.map_or(Cause::Undetermined, |(cause, _)| *cause), share)
            }
            Method::Keywords => Self::Keywords,
        }
    }

    fn judge(&self, classifier: &Classifier, case: &Case) -> (Cause, f64) {
        match self {
            Self::Points(points) => {
                let found = classifier.classify_with(case, points.as_deref());
                (found.label, found.weight(found.label))
            }
            Self::Always(cause, share) => (*cause, *share),
            Self::Keywords => keywords(&case.text),
        }
    }
}

/// Points of each signal from the training cases, with the shipped ones as prior.
fn points(classifier: &Classifier, cases: &[Labelled], found: &[Vec<(usize, f64)>], training: &[usize]) -> Vec<f64> {
    let mut counts = vec![(0.0, 0.0); classifier.signals().len()];
    for at in training {
        let (Some(one), Some(found)) = (cases.get(*at), found.get(*at)) else {
            continue;
        };
        let mut seen: Vec<usize> = found
            .iter()
            .filter(|(_, factor)| *factor > 0.0)
            .map(|(signal, _)| *signal)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        for signal in seen {
            let cause = classifier.signals().get(signal).map(|signal| signal.cause);
            if let Some((right, wrong)) = counts.get_mut(signal) {
                if cause == Some(one.label) {
                    *right += 1.0;
                } else {
                    *wrong += 1.0;
                }
            }
        }
    }
    let each = classifier.signals().iter().zip(counts);
    each.map(|(signal, (right, wrong))| {
        let usual = match signal.reads {
            Reads::Text(Tone::Remedy) => 0.6,
            _ => 1.0,
        };
        let odds = signal.points * usual;
        let prior = odds / (1.0 + odds);
        (right + PRIOR * prior) / (wrong + PRIOR * (1.0 - prior)) / usual
    })
    .map(|points| points.min(10.0))
    .collect()
}

/// Each case's part: every cause is spread evenly over the parts.
fn split(cases: &[Labelled], parts: usize, seed: u64) -> Vec<usize> {
    let mut state = seed;
    let mut next = || {
        // SplitMix64: the same seed gives the same parts.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let mut order: Vec<(Cause, u64, usize)> = Vec::with_capacity(cases.len());
    for (at, one) in cases.iter().enumerate() {
        order.push((one.label, next(), at));
    }
    order.sort_unstable();
    let mut part_of = vec![0; cases.len()];
    for (place, (_, _, at)) in order.into_iter().enumerate() {
        if let Some(part) = part_of.get_mut(at) {
            *part = place % parts;
        }
    }
    part_of
}

/// Right label, given label, weight of the given one → figures.
fn measured(judged: &[(Cause, Cause, f64)]) -> Measured {
    let ratio = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    let all = judged.len();
    let decided: Vec<_> = judged
        .iter()
        .filter(|(_, given, _)| *given != Cause::Undetermined)
        .collect();
    let mut causes = BTreeMap::new();
    for cause in Cause::ALL {
        let real = judged.iter().filter(|(right, _, _)| right == cause).count();
        let given = judged.iter().filter(|(_, given, _)| given == cause).count();
        let hit = judged
            .iter()
            .filter(|(right, given, _)| right == cause && given == cause)
            .count();
        if real > 0 {
            let f1 = ratio(2 * hit, real + given);
            causes.insert(cause.code(), [ratio(hit, given), ratio(hit, real), f1]);
        }
    }
    let mut error = 0.0;
    for bin in 0..BINS {
        let in_bin: Vec<_> = decided
            .iter()
            .filter(|(_, _, weight)| ((weight * BINS as f64) as usize).min(BINS - 1) == bin)
            .collect();
        let right = in_bin.iter().filter(|(right, given, _)| right == given).count() as f64;
        let weight: f64 = in_bin.iter().map(|(_, _, weight)| weight).sum();
        error += (right - weight).abs();
    }
    Measured {
        macro_f1: causes.values().map(|[_, _, f1]| f1).sum::<f64>() / causes.len().max(1) as f64,
        accuracy: ratio(judged.iter().filter(|(right, given, _)| right == given).count(), all),
        abstention: ratio(all - decided.len(), all),
        precision_when_deciding: ratio(
            decided.iter().filter(|(right, given, _)| right == given).count(),
            decided.len(),
        ),
        calibration_error: if decided.is_empty() {
            0.0
        } else {
            error / decided.len() as f64
        },
        causes,
    }
}

impl Measured {
    fn add(&mut self, one: &Self, repeats: f64) {
        self.macro_f1 += one.macro_f1 / repeats;
        self.accuracy += one.accuracy / repeats;
        self.abstention += one.abstention / repeats;
        self.precision_when_deciding += one.precision_when_deciding / repeats;
        self.calibration_error += one.calibration_error / repeats;
        for (cause, figures) in &one.causes {
            let sums = self.causes.entry(cause).or_default();
            for (sum, figure) in sums.iter_mut().zip(figures) {
                *sum += figure / repeats;
            }
        }
    }
}

/// The plain baseline: beginnings of English words, counted.
const KEYWORDS: [(Cause, &[&str]); 4] = [
    (
        Cause::Resources,
        &["resourc", "fund", "budget", "staff", "capacit", "money"],
    ),
    (
        Cause::PoliticalWill,
        &["ratif", "repeal", "refus", "law", "delay", "discriminat"],
    ),
    (
        Cause::Information,
        &[
            "train",
            "aware",
            "data",
            "statistic",
            "information",
            "inform",
            "stud",
            "campaign",
        ],
    ),
    (
        Cause::Other,
        &["conflict", "war", "crisis", "federal", "disaster", "trust"],
    ),
];

fn keywords(text: &str) -> (Cause, f64) {
    let words = words_of(text);
    let count = |begins: &[&str]| {
        let hits = words
            .iter()
            .filter(|word| begins.iter().any(|begin| word.text.starts_with(begin)));
        hits.count()
    };
    let counts: Vec<(usize, Cause)> = KEYWORDS.iter().map(|(cause, begins)| (count(begins), *cause)).collect();
    let total: usize = counts.iter().map(|(count, _)| count).sum();
    let most = counts.iter().map(|(count, _)| *count).max().unwrap_or(0);
    let mut first = counts.iter().filter(|(count, _)| *count == most && most > 0);
    match (first.next(), first.next()) {
        (Some((count, cause)), None) => (*cause, *count as f64 / total.max(1) as f64),
        _ => (Cause::Undetermined, 1.0),
    }
}
