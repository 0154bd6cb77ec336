//! A suggestion of causes as it stood at a moment: what a page shows, what an answer tells, and what is kept beside the
//! decision of a person, so that everybody can see later what was decided against what.

use super::{Cause, Classification, Figure, How};
use crate::domain::ids::{EvidenceId, InstrumentCode, RecommendationId};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Suggested causes of one gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuggestedCauses {
    /// The day it is about.
    pub as_of: NaiveDate,
    /// The cause, or undetermined.
    pub cause: Cause,
    /// Its subclass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subclass: Option<String>,
    /// Every cause, in the order of [`Cause::ALL`]; the weights add up to one.
    pub weights: Vec<SuggestedWeight>,
    /// Why, in a sentence or two.
    pub reason: String,
    /// The signs that counted, strongest first.
    pub signs: Vec<SuggestedSign>,
}

/// How much of a gap one cause explains, as far as the signs tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SuggestedWeight {
    /// The cause.
    pub cause: Cause,
    /// 0 to 1.
    pub weight: f64,
    /// What is left of it without the strongest sign.
    pub low: f64,
    /// What it would be if all that is undetermined belonged to it.
    pub high: f64,
}

/// A sign with where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuggestedSign {
    /// The signal.
    pub id: String,
    /// The cause.
    pub cause: Cause,
    /// The subclass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subclass: Option<String>,
    /// What it adds; below zero where it speaks against.
    pub points: f64,
    /// What the signal says.
    pub says: String,
    /// The words, or the figure beside its threshold.
    pub matched: String,
    /// The sentence they stand in; empty for figures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sentence: String,
    /// How it was read, where that is not plain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub how: Vec<How>,
    /// Where it came from.
    pub from: Vec<Place>,
    /// Where others say the same. They did not count again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Place>,
}

/// Where a sign came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Place {
    /// A piece of evidence.
    Evidence {
        /// Its identity.
        id: EvidenceId,
        /// Its name.
        key: String,
        /// Its title.
        title: String,
        /// Where it can be read; empty where we have no address.
        link: String,
        /// The year of its date.
        year: Option<i32>,
    },
    /// A recommendation.
    Recommendation {
        /// Its identity.
        id: RecommendationId,
        /// The document.
        symbol: String,
        /// Paragraph or number in it.
        paragraph: String,
        /// The year in which it was made.
        year: Option<i32>,
    },
    /// A figure about the state.
    Figure {
        /// What it counts.
        figure: Figure,
        /// The value.
        value: f64,
        /// The series.
        series: String,
        /// The year.
        year: i32,
        /// Number of the snapshot that says so.
        snapshot: u32,
        /// The day on which it was fetched.
        fetched: NaiveDate,
        /// Who says so.
        source: String,
    },
    /// A reservation that stands.
    Reservation {
        /// Its name.
        id: String,
    },
    /// A report that is overdue.
    Report {
        /// Under which treaty.
        instrument: InstrumentCode,
        /// Which one.
        report: String,
        /// Since when.
        due: NaiveDate,
    },
}

impl Place {
    /// In a few words, as in files.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Evidence { key, .. } => key.clone(),
            Self::Recommendation { symbol, paragraph, .. } => format!("{symbol} {paragraph}").trim().to_owned(),
            Self::Figure {
                series, year, snapshot, ..
            } => format!("{series} {year}, snapshot {snapshot}"),
            Self::Reservation { id } => id.clone(),
            Self::Report {
                instrument,
                report,
                due,
                ..
            } => format!("{instrument} {report}, due {due}"),
        }
    }

    /// Whether a figure was held on that day, and is not of a later year; everything else is picked by its own dates.
    #[must_use]
    pub fn known_on(&self, day: NaiveDate) -> bool {
        match self {
            Self::Figure { fetched, year, .. } => *fetched <= day && *year <= day.year(),
            _ => true,
        }
    }

    /// The year of the text, where it is one.
    #[must_use]
    pub fn text_year(&self) -> Option<i32> {
        match self {
            Self::Evidence { year, .. } | Self::Recommendation { year, .. } => *year,
            _ => None,
        }
    }
}

/// With so many decimals a suggestion is kept.
const DECIMALS: f64 = 10_000.0;

fn rounded(value: f64) -> f64 {
    (value * DECIMALS).round() / DECIMALS
}

impl SuggestedCauses {
    /// What was found, with the places of each account and of each figure.
    #[must_use]
    pub fn of(
        found: &Classification,
        as_of: NaiveDate,
        account: impl Fn(usize) -> Option<Place>,
        figure: impl Fn(Figure) -> Vec<Place>,
    ) -> Self {
        let each = Cause::ALL.iter().zip(found.weights).zip(found.intervals);
        let signs = found.signs.iter().map(|sign| {
            let text = sign.account.and_then(&account);
            let mut from: Vec<Place> = text.into_iter().collect();
            for place in sign.figures.iter().flat_map(|one| figure(*one)) {
                if !from.contains(&place) {
                    from.push(place);
                }
            }
            SuggestedSign {
                id: sign.id.clone(),
                cause: sign.cause,
                subclass: sign.subclass.clone(),
                points: rounded(sign.points),
                says: sign.says.clone(),
                matched: sign.matched.clone(),
                sentence: sign.sentence.clone(),
                how: sign.how.clone(),
                from,
                also: sign.also.iter().filter_map(|at| account(*at)).collect(),
            }
        });
        Self {
            as_of,
            cause: found.label,
            subclass: found.subclass.clone(),
            weights: each
                .map(|((cause, weight), (low, high))| SuggestedWeight {
                    cause: *cause,
                    weight: rounded(weight),
                    low: rounded(low),
                    high: rounded(high),
                })
                .collect(),
            reason: found.reason.clone(),
            signs: signs.collect(),
        }
    }

    /// The weights in words, heaviest first, such as `undetermined 62 %, resources 38 %`.
    #[must_use]
    pub fn words(&self) -> String {
        let mut parts = self.per_cents();
        parts.retain(|(_, part)| *part > 0);
        parts.sort_by_key(|(_, part)| std::cmp::Reverse(*part));
        let parts: Vec<String> = parts
            .iter()
            .map(|(cause, part)| format!("{} {part} %", cause.plain_words()))
            .collect();
        parts.join(", ")
    }

    /// Whether any sign speaks for a cause.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.signs.iter().any(|sign| sign.points > 0.0)
    }

    /// The weight of one cause.
    #[must_use]
    pub fn weight(&self, cause: Cause) -> f64 {
        let of = self.weights.iter().filter(|one| one.cause == cause);
        of.map(|one| one.weight).sum()
    }

    /// The weights in whole per cent that add up to 100, in the order of [`Cause::ALL`]: the largest remainders are
    /// rounded up.
    #[must_use]
    pub fn per_cents(&self) -> Vec<(Cause, u8)> {
        let exact: Vec<(Cause, f64)> = Cause::ALL
            .iter()
            .map(|cause| (*cause, 100.0 * self.weight(*cause)))
            .collect();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of 100, rounded down"
        )]
        let mut whole: Vec<(Cause, u8)> = exact
            .iter()
            .map(|(cause, part)| (*cause, part.clamp(0.0, 100.0) as u8))
            .collect();
        let sum: u16 = whole.iter().map(|(_, part)| u16::from(*part)).sum();
        let mut by_remainder: Vec<usize> = (0..exact.len()).collect();
        let remainder = |at: usize| exact.get(at).map_or(0.0, |(_, part)| part.fract());
        by_remainder.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)).then(a.cmp(b)));
        for at in by_remainder.into_iter().take(usize::from(100_u16.saturating_sub(sum))) {
            if let Some((_, part)) = whole.get_mut(at) {
                *part += 1;
            }
        }
        whole
    }

    /// The kind of a cause for which most is said.
    #[must_use]
    pub fn subclass_of(&self, cause: Cause) -> Option<String> {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for sign in self.signs.iter().filter(|sign| sign.cause == cause) {
            if let Some(kind) = &sign.subclass {
                *sums.entry(kind).or_default() += sign.points;
            }
        }
        let best = sums.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(a.0)));
        best.filter(|(_, sum)| *sum > 0.0).map(|(kind, _)| kind.to_owned())
    }

    /// Keys of the evidence that signs came from, in the order of the signs.
    #[must_use]
    pub fn evidence(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for place in self.signs.iter().flat_map(|sign| &sign.from) {
            if let Place::Evidence { key, .. } = place
                && !keys.contains(key)
            {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// The year of the newest text that it rests on.
    #[must_use]
    pub fn newest_text(&self) -> Option<i32> {
        let all = self.signs.iter().flat_map(|sign| sign.from.iter().chain(&sign.also));
        all.filter_map(Place::text_year).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(weights: [f64; 5]) -> SuggestedCauses {
        let found = Classification {
            label: Cause::Resources,
            subclass: None,
            weights,
            intervals: [(0.0, 1.0); 5],
            signs: Vec::new(),
            reason: String::new(),
        };
        SuggestedCauses::of(&found, "2026-11-23".parse().expect("a day"), |_| None, |_| Vec::new())
    }

    #[test]
    fn whole_per_cents_add_up_to_a_hundred_whatever_the_weights_are() {
        for weights in [
            [0.375, 0.0, 0.0, 0.0, 0.625],
            [1.0 / 3.0, 0.0, 1.0 / 3.0, 0.0, 1.0 / 3.0],
            [0.2222, 0.2222, 0.2222, 0.1111, 0.2223],
            [0.0, 0.0, 0.0, 0.0, 1.0],
        ] {
            let parts: Vec<u8> = of(weights).per_cents().iter().map(|(_, part)| *part).collect();
            assert_eq!(
                parts.iter().map(|part| u32::from(*part)).sum::<u32>(),
                100,
                "{weights:?} {parts:?}"
            );
            for (part, weight) in parts.iter().zip(weights) {
                assert!(
                    (f64::from(*part) - 100.0 * weight).abs() <= 1.0,
                    "{weights:?} {parts:?}"
                );
            }
        }
    }
}
