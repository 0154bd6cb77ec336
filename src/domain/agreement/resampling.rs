//! Intervals by resampling units, with a small generator of our own so that a seed gives the same interval everywhere.

use super::Refusal;

/// Fewer units than this give no interval.
const LEAST_UNITS: usize = 5;
/// At least this part of the resampled sets must have a coefficient.
const LEAST_USABLE: f64 = 0.95;

/// How often to resample, and where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// How many sets; none means no interval is wanted.
    pub number: u32,
    /// The seed.
    pub seed: u64,
}

impl Default for Draws {
    fn default() -> Self {
        Self { number: 1000, seed: 1 }
    }
}

/// The generator SplitMix64 (G. Steele, D. Lea, C. Flood, 2014).
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// Begins with that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, each as likely as the others to within one part in 2⁶⁴ / `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next_u64()) * (end as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }
}

/// The interval of a coefficient: `times` says how many units there are of each pattern, `of` gives the coefficient for
/// other such numbers, or nothing where it is not defined.
pub(super) fn interval(times: &[u32], draws: Draws, of: impl Fn(&[f64]) -> Option<f64>) -> Result<(f64, f64), Refusal> {
    let units: Vec<usize> = times
        .iter()
        .enumerate()
        .flat_map(|(at, times)| std::iter::repeat_n(at, *times as usize))
        .collect();
    if units.len() < LEAST_UNITS || draws.number == 0 {
        return Err(Refusal::TooFewUnits(units.len(), LEAST_UNITS));
    }
    let mut random = SplitMix64::new(draws.seed);
    let mut drawn = vec![0.0; times.len()];
    let mut found = Vec::with_capacity(draws.number as usize);
    for _ in 0..draws.number {
        drawn.fill(0.0);
        for _ in 0..units.len() {
            if let Some(pattern) = units.get(random.below(units.len())) {
                drawn[*pattern] += 1.0;
            }
        }
        found.extend(of(&drawn));
    }
    #[expect(clippy::cast_precision_loss, reason = "draws are few")]
    let usable = found.len() as f64 / f64::from(draws.number);
    if usable < LEAST_USABLE {
        return Err(Refusal::UnsteadyVariation);
    }
    found.sort_by(f64::total_cmp);
    Ok((percentile(&found, 0.025), percentile(&found, 0.975)))
}

/// Between the two nearest values, in proportion.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a short list"
)]
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * sorted.len().saturating_sub(1) as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let at = |index: usize| sorted.get(index).or(sorted.last()).copied().unwrap_or(f64::NAN);
    at(below) + part * (at(below + 1) - at(below))
}
