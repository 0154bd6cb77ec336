//! Drawing cases at random so that it can be repeated: the same list, number and seed give the same cases in the same order.

use crate::domain::agreement::SplitMix64;
use serde::{Deserialize, Serialize};

/// How cases were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// Out of how many.
    pub from: u32,
    /// Where the generator (SplitMix64) began.
    pub seed: u32,
}

/// `number` of the items in the order in which they were drawn, each set as likely as any other.
#[must_use]
pub fn draw<T>(mut items: Vec<T>, number: usize, seed: u32) -> Vec<T> {
    let mut random = SplitMix64::new(u64::from(seed));
    let number = number.min(items.len());
    for at in 0..number {
        let other = at + random.below(items.len() - at);
        items.swap(at, other);
    }
    items.truncate(number);
    items
}
