//! What each item adds to a suggestion, and what would be suggested without it.

use super::combining::{Kinds, Sums, groups};
use super::{Parameters, Weighed};
use crate::domain::assessments::Grade;

/// One item's part, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Index in the list that was given.
    pub index: usize,
    /// The grade it supports.
    pub grade: Grade,
    /// Its weight on its own, before copies share.
    pub own: f64,
    /// Its weight after sharing.
    pub weight: f64,
    /// Its part of all weights, 0 to 1.
    pub share: f64,
    /// How many items share its origin, itself among them.
    pub copies: usize,
    /// What would be suggested without it.
    pub without: Option<Grade>,
    /// Whether that is another answer than with it.
    pub moves: bool,
}

/// Takes a suggestion apart, in the order of `items`.
#[must_use]
pub fn contributions(items: &[Weighed<'_>]) -> Vec<Contribution> {
    let parameters = Parameters::METHOD;
    let weights: Vec<f64> = items.iter().map(|item| item.weight(parameters)).collect();
    let groups = groups(items, &weights);
    let mut sums = Sums::default();
    groups.values().for_each(|group| sums.add(&group.sums()));
    let mut kinds = Kinds::default();
    items.iter().for_each(|item| kinds.add(item));
    let whole = sums.outcome(kinds, parameters.prior).grade;
    let mut found = Vec::with_capacity(items.len());
    for (index, (item, own)) in items.iter().zip(&weights).enumerate() {
        let Some(group) = groups.get(item.origin) else {
            continue;
        };
        let mut rest = sums;
        rest.take(&group.sums());
        rest.add(&group.without(item.grade, *own).sums());
        let without = rest.outcome(kinds.without(item), parameters.prior).grade;
        let weight = group.share_of(*own);
        found.push(Contribution {
            index,
            grade: item.grade,
            own: *own,
            weight,
            share: if sums.strength > 0.0 {
                weight / sums.strength
            } else {
                0.0
            },
            copies: group.items,
            without,
            moves: without != whole,
        });
    }
    found
}
