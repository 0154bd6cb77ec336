//! Answers of `servanda classify`, as the contract has them, and for people.

use super::Answer;
use super::input::Wrong;
use crate::domain::causes::{Cause, Classification};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Figures are told with so many decimals.
const DECIMALS: f64 = 10_000.0;

#[derive(Serialize)]
struct Told<'a> {
    id: &'a Value,
    label: &'static str,
    subclass: Option<&'a str>,
    weights: Weights,
    intervals: Intervals,
    signals: Vec<ToldSign<'a>>,
    reason: &'a str,
}

#[derive(Serialize)]
struct ToldSign<'a> {
    id: &'a str,
    cause: &'static str,
    subclass: Option<&'a str>,
    points: f64,
    matched: &'a str,
    sentence: &'a str,
    how: Vec<&'static str>,
}

/// Cause → weight, in the order of the scheme.
struct Weights([f64; 5]);

impl Serialize for Weights {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(
            Cause::ALL
                .iter()
                .zip(self.0)
                .map(|(cause, weight)| (cause.code(), weight)),
        )
    }
}

/// Cause → low and high.
struct Intervals([(f64, f64); 5]);

impl Serialize for Intervals {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let each = Cause::ALL.iter().zip(self.0);
        to.collect_map(each.map(|(cause, (low, high))| (cause.code(), [rounded(low), rounded(high)])))
    }
}

#[derive(Serialize)]
struct Refused<'a> {
    id: Option<&'a Value>,
    line: u64,
    error: &'a str,
}

fn rounded(value: f64) -> f64 {
    (value * DECIMALS).round() / DECIMALS
}

/// Rounded so that they still add up to one: what rounding left goes to the largest.
fn rounded_weights(weights: [f64; 5]) -> [f64; 5] {
    let mut rounded = weights.map(rounded);
    let rest = 1.0 - rounded.iter().sum::<f64>();
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if let Some(at) = weights.iter().position(|weight| *weight >= largest)
        && let Some(weight) = rounded.get_mut(at)
        && rest.abs() > f64::EPSILON
    {
        *weight = self::rounded(*weight + rest);
    }
    rounded
}

/// One answer.
pub(super) fn told(id: &Value, found: &Classification, format: Answer) -> String {
    match format {
        Answer::Json => {
            let told = Told {
                id,
                label: found.label.code(),
                subclass: found.subclass.as_deref(),
                weights: Weights(rounded_weights(found.weights)),
                intervals: Intervals(found.intervals),
                signals: found
                    .signs
                    .iter()
                    .map(|sign| ToldSign {
                        id: &sign.id,
                        cause: sign.cause.code(),
                        subclass: sign.subclass.as_deref(),
                        points: rounded(sign.points),
                        matched: &sign.matched,
                        sentence: &sign.sentence,
                        how: sign.how.iter().map(|how| how.code()).collect(),
                    })
                    .collect(),
                reason: &found.reason,
            };
            serde_json::to_string(&told).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
        }
        Answer::Table => table(id, found),
    }
}

fn table(id: &Value, found: &Classification) -> String {
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let subclass = found
        .subclass
        .as_deref()
        .map(|one| format!(" ({one})"))
        .unwrap_or_default();
    let mut lines = vec![format!("{id}: {}{subclass}", found.label.words())];
    let each = Cause::ALL.iter().zip(found.weights).zip(found.intervals);
    for ((cause, weight), (low, high)) in each.filter(|((_, weight), _)| *weight > 0.0) {
        let (weight, low, high) = (weight * 100.0, low * 100.0, high * 100.0);
        lines.push(format!(
            "  {:<15} {weight:>3.0} %  ({low:.0}–{high:.0} %)",
            cause.words()
        ));
    }
    for sign in &found.signs {
        let how: Vec<&str> = sign.how.iter().map(|how| how.words()).collect();
        let how = if how.is_empty() {
            String::new()
        } else {
            format!(" [{}]", how.join(", "))
        };
        lines.push(format!(
            "  {:+.2} {}: {} ← {}{how}",
            sign.points,
            sign.cause.words(),
            sign.says,
            sign.matched
        ));
    }
    lines.push(format!("  {}", found.reason));
    lines.join("\n")
}

/// The answer to a line that is no case.
pub(super) fn refused(wrong: &Wrong, format: Answer) -> String {
    let told = Refused {
        id: wrong.id.as_ref(),
        line: wrong.line,
        error: &wrong.error,
    };
    match format {
        Answer::Json => serde_json::to_string(&told).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}")),
        Answer::Table => format!("line {}: {}", wrong.line, wrong.error),
    }
}
