//! The sums behind a suggestion. What one origin adds is one group, so that an item can be taken out again without adding
//! up all the others.

use super::{Note, Weighed};
use crate::domain::assessments::Grade;
use crate::domain::evidence::IndicatorKind;
use std::collections::BTreeMap;

/// Below this sum of weights nothing is suggested.
const LEAST_STRENGTH: f64 = 0.8;
/// From this degree of conflict on the obligation is contested.
const CONTESTED_FROM: f64 = 0.5;
/// What adding up in another order may change.
const ROUNDING: f64 = 1e-9;

/// What all items together weigh.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub strength: f64,
    mass: [f64; 5],
    high: f64,
    low: f64,
}

impl Sums {
    pub fn add(&mut self, other: &Self) {
        self.move_by(other, 1.0);
    }

    pub fn take(&mut self, other: &Self) {
        self.move_by(other, -1.0);
    }

    fn move_by(&mut self, other: &Self, times: f64) {
        self.strength += times * other.strength;
        self.high += times * other.high;
        self.low += times * other.low;
        for (mine, theirs) in self.mass.iter_mut().zip(other.mass) {
            *mine += times * theirs;
        }
    }

    /// 0.7 on the grade and 0.15 on each neighbour; what would fall off the scale stays on its edge.
    fn spread(&mut self, grade: Grade, weight: f64) {
        let at = usize::from(grade.number());
        for (offset, part) in [(0_isize, 0.7), (-1, 0.15), (1, 0.15)] {
            let neighbour = at.saturating_add_signed(offset).min(self.mass.len() - 1);
            self.mass[neighbour] += weight * part;
        }
        match grade.number() {
            0 | 1 => self.low += weight,
            3 | 4 => self.high += weight,
            _ => {}
        }
        self.strength += weight;
    }

    /// What they suggest.
    pub fn outcome(&self, kinds: Kinds, prior: f64) -> Outcome {
        let mass = self.mass.map(|part| part + prior);
        let total: f64 = mass.iter().sum();
        let distribution = mass.map(|part| part / total);
        let median = quantile(&distribution, 0.5);
        let enough = self.strength >= LEAST_STRENGTH - ROUNDING;
        let conflict = if self.strength > ROUNDING {
            2.0 * self.high.min(self.low).max(0.0) / self.strength
        } else {
            0.0
        };
        let (grade, notes) = if enough {
            kinds.capped(median)
        } else {
            (None, Vec::new())
        };
        Outcome {
            grade,
            median,
            range: (quantile(&distribution, 0.1), quantile(&distribution, 0.9)),
            distribution,
            conflict,
            contested: enough && conflict >= CONTESTED_FROM - ROUNDING,
            notes,
        }
    }
}

fn quantile(distribution: &[f64; 5], share: f64) -> Grade {
    let mut sum = 0.0;
    for (number, part) in (0u8..).zip(distribution) {
        sum += part;
        if sum >= share - 1e-12 {
            return Grade::from_number(number).unwrap_or(Grade::FullyInPlace);
        }
    }
    Grade::FullyInPlace
}

/// What the sums say.
pub(super) struct Outcome {
    pub grade: Option<Grade>,
    pub median: Grade,
    pub range: (Grade, Grade),
    pub distribution: [f64; 5],
    pub conflict: f64,
    pub contested: bool,
    pub notes: Vec<Note>,
}

/// How many items there are of each kind: what the caps ask.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kinds {
    items: usize,
    structure: usize,
    outcome: usize,
    by_the_state: usize,
}

impl Kinds {
    pub fn add(&mut self, item: &Weighed<'_>) {
        self.items += 1;
        self.structure += usize::from(item.kind == IndicatorKind::Structure);
        self.outcome += usize::from(item.kind == IndicatorKind::Outcome);
        self.by_the_state += usize::from(item.by_the_state);
    }

    pub fn without(mut self, item: &Weighed<'_>) -> Self {
        self.items -= 1;
        self.structure -= usize::from(item.kind == IndicatorKind::Structure);
        self.outcome -= usize::from(item.kind == IndicatorKind::Outcome);
        self.by_the_state -= usize::from(item.by_the_state);
        self
    }

    /// Law alone shows at most half; without outcome evidence nothing is full; a state's word on itself is labelled.
    fn capped(self, median: Grade) -> (Option<Grade>, Vec<Note>) {
        let (mut grade, mut notes) = (median, Vec::new());
        if self.structure == self.items && grade > Grade::Partly {
            grade = Grade::Partly;
            notes.push(Note::LawOnly);
        }
        if self.outcome == 0 && grade == Grade::FullyInPlace {
            grade = Grade::Substantially;
            notes.push(Note::NoOutcome);
        }
        if self.by_the_state == self.items {
            grade = grade.min(Grade::Substantially);
            notes.push(Note::SelfReportsOnly);
        }
        (Some(grade), notes)
    }
}

/// What the items of one origin weigh: together as much as their best, so that copies count once.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group {
    best: f64,
    second: f64,
    own: Sums,
    pub items: usize,
}

impl Group {
    fn add(&mut self, grade: Grade, weight: f64) {
        if weight > self.best {
            (self.best, self.second) = (weight, self.best);
        } else {
            self.second = self.second.max(weight);
        }
        self.own.spread(grade, weight);
        self.items += 1;
    }

    /// The part that an item of that weight keeps.
    pub fn share_of(&self, weight: f64) -> f64 {
        if self.own.strength > 0.0 {
            self.best * weight / self.own.strength
        } else {
            0.0
        }
    }

    pub fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        sums.move_by(&self.own, self.share_of(1.0));
        sums
    }

    /// The same group without one of its items.
    pub fn without(&self, grade: Grade, weight: f64) -> Self {
        if self.items <= 1 {
            return Self::default();
        }
        let mut gone = Sums::default();
        gone.spread(grade, weight);
        let mut rest = *self;
        rest.own.take(&gone);
        rest.items -= 1;
        if weight >= self.best {
            rest.best = self.second;
        }
        rest
    }
}

/// The items by their origin.
pub(super) fn groups<'a>(items: &[Weighed<'a>], weights: &[f64]) -> BTreeMap<&'a str, Group> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for (item, weight) in items.iter().zip(weights) {
        groups.entry(item.origin).or_default().add(item.grade, *weight);
    }
    groups
}
