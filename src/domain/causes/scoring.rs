//! The scoring procedure of METHOD, section 3: points → weights that add up to one, an interval for each, and a label
//! only where the signs carry it.
//!
//! A weight is `points / (all points + 1)`; the 1 belongs to *undetermined*. This is the lower probability of the imprecise
//! Dirichlet model (Walley 1996) with one unseen observation, so the signs need no prior and few signs leave much
//! undetermined. The interval follows the same thought and needs no random numbers:
//!
//! * low: the weight had the strongest sign of that cause been read wrongly and were left out;
//! * high: the weight if all that is undetermined belonged to that cause, the upper probability of the model.
//!
//! Both are figures that a reader can check on paper, and the weight always lies between them.

use super::Cause;

/// What *undetermined* weighs, in points.
pub const KAPPA: f64 = 1.0;
/// A cause needs so many points to be named.
const POINTS: f64 = 0.8;
/// And such a share of the whole.
const SHARE: f64 = 0.40;
/// And such a lead over the next, as a share of the whole.
const LEAD: f64 = 0.10;
/// The causes that signs speak for; the order settles ties.
pub(super) const NAMED: [Cause; 4] = [Cause::Resources, Cause::PoliticalWill, Cause::Information, Cause::Other];

/// What the signs of one cause add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Points {
    /// All of them.
    pub sum: f64,
    /// The strongest one.
    pub strongest: f64,
}

/// Weights and what follows from them. Arrays are in the order of [`Cause::ALL`].
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// They add up to one.
    pub weights: [f64; 5],
    /// Low and high.
    pub intervals: [(f64, f64); 5],
    /// The cause with the most points, where there are any.
    pub top: Option<Cause>,
    /// The next one.
    pub second: Option<Cause>,
    /// The cause that is named, or undetermined.
    pub label: Cause,
    /// Why none is named.
    pub short_of: Option<Short>,
}

/// Which of the three tests the strongest cause fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Short {
    /// Not one sign.
    Nothing,
    /// Too few points.
    Points,
    /// Too small a share.
    Share,
    /// Too near to the next.
    Lead,
}

/// Scores points in the order resources, political will, information, other.
#[must_use]
pub fn score(points: [Points; 4]) -> Scores {
    let sums = points.map(|one| one.sum.max(0.0));
    let total = sums.iter().sum::<f64>() + KAPPA;
    let mut weights = [0.0; 5];
    let mut intervals = [(0.0, 0.0); 5];
    for (at, one) in points.iter().enumerate() {
        let sum = one.sum.max(0.0);
        let strongest = one.strongest.clamp(0.0, sum);
        let low = (sum - strongest) / (total - strongest);
        let (weight, high) = (sum / total, (sum + KAPPA) / total);
        if let (Some(to), Some(interval)) = (weights.get_mut(at), intervals.get_mut(at)) {
            *to = weight;
            *interval = (low.min(weight), high.max(weight).min(1.0));
        }
    }
    let strongest = points.iter().map(|one| one.strongest.clamp(0.0, one.sum.max(0.0)));
    let strongest = strongest.fold(0.0, f64::max);
    weights[4] = KAPPA / total;
    intervals[4] = (KAPPA / (total + KAPPA), (KAPPA / (total - strongest)).min(1.0));

    let mut order: Vec<(Cause, f64)> = NAMED.into_iter().zip(sums).collect();
    order.sort_by(|one, other| other.1.total_cmp(&one.1));
    let at = |place: usize| order.get(place).copied().filter(|(_, sum)| *sum > 0.0);
    let (top, second) = (at(0), at(1));
    let short_of = match top {
        None => Some(Short::Nothing),
        Some((_, sum)) => {
            let lead = sum - second.map_or(0.0, |(_, next)| next);
            if sum < POINTS {
                Some(Short::Points)
            } else if sum / total < SHARE {
                Some(Short::Share)
            } else if lead / total < LEAD {
                Some(Short::Lead)
            } else {
                None
            }
        }
    };
    let top = top.map(|(cause, _)| cause);
    Scores {
        weights,
        intervals,
        top,
        second: second.map(|(cause, _)| cause),
        label: match short_of {
            None => top.unwrap_or(Cause::Undetermined),
            Some(_) => Cause::Undetermined,
        },
        short_of,
    }
}
