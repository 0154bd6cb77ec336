//! The grade that evidence suggests: the combination rule of METHOD, section 2. Computed, shown as computed, and never a
//! decision.

use super::assessments::Grade;
use super::evidence::{AuthorRole, Credibility, Evidence, IndicatorKind, Reliability};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Below this sum of weights nothing is suggested.
const LEAST_STRENGTH: f64 = 0.8;
/// From this degree of conflict on the obligation is contested.
const CONTESTED_FROM: f64 = 0.5;
/// What every grade starts with.
const PRIOR: f64 = 0.2;

/// One item's part in a suggestion.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Index in the list that was given.
    pub index: usize,
    /// The grade it supports.
    pub grade: Grade,
    /// Its weight after sharing with copies of its origin.
    pub weight: f64,
}

/// What the evidence suggests.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The suggested grade; none where the evidence is too thin.
    pub grade: Option<Grade>,
    /// The range between the 10 % and the 90 % grade.
    pub range: (Grade, Grade),
    /// Sum of weights.
    pub strength: f64,
    /// 0 (all agree) to 1 (both sides equal).
    pub conflict: f64,
    /// Whether both sides are strong.
    pub contested: bool,
    /// Which caps applied, in words.
    pub notes: Vec<&'static str>,
    /// Each item's part.
    pub items: Vec<Item>,
}

impl Suggestion {
    /// One sentence for a page: “partly in place (range: not in place to substantially in place)”.
    #[must_use]
    pub fn words(&self) -> String {
        let Some(grade) = self.grade else {
            return "insufficient evidence for a grade".to_owned();
        };
        let (low, high) = self.range;
        let range = if low == high {
            String::new()
        } else {
            format!(" (range: {} to {})", low.words(), high.words())
        };
        let contested = if self.contested { ", contested" } else { "" };
        format!("{}{range}{contested}", grade.words())
    }
}

/// What the rule needs to know of one item.
#[derive(Debug, Clone)]
pub struct Weighed<'a> {
    /// The grade it supports.
    pub grade: Grade,
    /// Reliability of the source.
    pub reliability: Reliability,
    /// Credibility of the information.
    pub credibility: Credibility,
    /// Age in years.
    pub age: f64,
    /// Structure, process or outcome.
    pub kind: IndicatorKind,
    /// The first source behind it.
    pub origin: &'a str,
    /// The state speaks of itself.
    pub by_the_state: bool,
}

impl<'a> Weighed<'a> {
    /// The item as it weighs on `as_of`; none where it supports no grade or has no date.
    #[must_use]
    pub fn of(evidence: &'a Evidence, as_of: NaiveDate) -> Option<Self> {
        let date = evidence.date()?.latest().min(as_of);
        let days = f64::from(i32::try_from((as_of - date).num_days()).unwrap_or(i32::MAX));
        Some(Self {
            grade: evidence.grade?,
            reliability: evidence.reliability,
            credibility: evidence.credibility,
            age: days / 365.25,
            kind: evidence.kind,
            origin: if evidence.origin.is_empty() {
                &evidence.key
            } else {
                &evidence.origin
            },
            by_the_state: evidence.author_role == AuthorRole::State,
        })
    }

    fn weight(&self) -> f64 {
        let reliability = match self.reliability {
            Reliability::A => 1.0,
            Reliability::B => 0.8,
            Reliability::C => 0.6,
            Reliability::D => 0.4,
            Reliability::E => 0.2,
            Reliability::F => 0.5,
        };
        let credibility = match self.credibility {
            Credibility::One => 1.0,
            Credibility::Two => 0.8,
            Credibility::Three => 0.6,
            Credibility::Four => 0.4,
            Credibility::Five => 0.1,
            Credibility::Six => 0.5,
        };
        let half_life = match self.kind {
            IndicatorKind::Structure => 8.0,
            IndicatorKind::Process => 4.0,
            IndicatorKind::Outcome => 3.0,
        };
        reliability * credibility * 0.5_f64.powf(self.age / half_life)
    }
}

/// Combines items into a suggestion. `items` and the result's indices refer to the same list.
#[must_use]
pub fn suggest(items: &[Weighed<'_>]) -> Suggestion {
    let weights = shared_weights(items);
    let strength: f64 = weights.iter().sum();
    let mut mass = [PRIOR; 5];
    for (item, weight) in items.iter().zip(&weights) {
        spread(&mut mass, item.grade, *weight);
    }
    let side = |on: fn(u8) -> bool| -> f64 {
        items
            .iter()
            .zip(&weights)
            .filter(|(item, _)| on(item.grade.number()))
            .map(|(_, weight)| weight)
            .sum()
    };
    let smaller = side(|grade| grade >= 3).min(side(|grade| grade <= 1));
    let conflict = if strength > 0.0 { 2.0 * smaller / strength } else { 0.0 };
    let (grade, notes) = if strength < LEAST_STRENGTH {
        (None, Vec::new())
    } else {
        capped(quantile(&mass, 0.5), items)
    };
    Suggestion {
        grade,
        range: (quantile(&mass, 0.1), quantile(&mass, 0.9)),
        strength,
        conflict,
        contested: strength >= LEAST_STRENGTH && conflict >= CONTESTED_FROM,
        notes,
        items: items
            .iter()
            .zip(weights)
            .enumerate()
            .map(|(index, (item, weight))| Item {
                index,
                grade: item.grade,
                weight,
            })
            .collect(),
    }
}

/// Items with one origin share the weight of their best item: copies count once.
fn shared_weights(items: &[Weighed<'_>]) -> Vec<f64> {
    let mut origins: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for item in items {
        let weight = item.weight();
        let (best, total) = origins.entry(item.origin).or_insert((0.0, 0.0));
        *best = best.max(weight);
        *total += weight;
    }
    let share = |item: &Weighed<'_>| {
        let (best, total) = origins.get(item.origin).copied().unwrap_or((0.0, 1.0));
        best * item.weight() / total
    };
    items.iter().map(share).collect()
}

/// 0.7 on the grade and 0.15 on each neighbour; what would fall off the scale stays on its edge.
fn spread(mass: &mut [f64; 5], grade: Grade, weight: f64) {
    let at = usize::from(grade.number());
    for (offset, part) in [(0_isize, 0.7), (-1, 0.15), (1, 0.15)] {
        let neighbour = at.saturating_add_signed(offset).min(mass.len() - 1);
        mass[neighbour] += weight * part;
    }
}

fn quantile(mass: &[f64; 5], share: f64) -> Grade {
    let total: f64 = mass.iter().sum();
    let mut sum = 0.0;
    for (number, part) in (0u8..).zip(mass) {
        sum += part / total;
        if sum >= share - 1e-12 {
            return Grade::from_number(number).unwrap_or(Grade::FullyInPlace);
        }
    }
    Grade::FullyInPlace
}

/// Law alone shows at most half; without outcome evidence nothing is full; a state's word on itself is labelled.
fn capped(median: Grade, items: &[Weighed<'_>]) -> (Option<Grade>, Vec<&'static str>) {
    let (mut grade, mut notes) = (median, Vec::new());
    if items.iter().all(|item| item.kind == IndicatorKind::Structure) && grade > Grade::Partly {
        grade = Grade::Partly;
        notes.push("law only: at most partly in place");
    }
    if items.iter().all(|item| item.kind != IndicatorKind::Outcome) && grade == Grade::FullyInPlace {
        grade = Grade::Substantially;
        notes.push("no outcome evidence: at most substantially in place");
    }
    if items.iter().all(|item| item.by_the_state) {
        grade = grade.min(Grade::Substantially);
        notes.push("the state's own reports only");
    }
    (Some(grade), notes)
}
