//! How far people who judged the same things independently agree, beyond chance: Krippendorff's alpha, Cohen's and Fleiss'
//! kappa, each with an interval, and a typed refusal where the figure would mean nothing.
//!
//! * Alpha: K. Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011); missing values are allowed.
//! * Kappa of two: J. Cohen, *Educational and Psychological Measurement* 20 (1960). Of many: J. L. Fleiss, *Psychological
//!   Bulletin* 76 (1971).
//! * Intervals: 2.5 % and 97.5 % of the coefficients of resampled units, drawn with replacement, as A. Zapf and others
//!   recommend in *BMC Medical Research Methodology* 16:93 (2016). The same seed gives the same interval.

mod alpha;
mod kappas;
mod resampling;
mod tables;

use super::evidence::words;
use serde::{Deserialize, Serialize};

pub use alpha::{Bag, Scale, krippendorff};
pub use kappas::{cohen, fleiss};
pub use resampling::{Draws, SplitMix64};
pub use tables::{Counts, Input, Ratings, Shape, read};

words! {
    /// What may be done with values: tell them apart, put them in order, subtract them, divide them.
    Level {
        /// Names.
        Nominal = "nominal", "nominal (names)";
        /// Ranks.
        Ordinal = "ordinal", "ordinal (ranks)";
        /// Differences count.
        Interval = "interval", "interval (differences)";
        /// Proportions count.
        Ratio = "ratio", "ratio (proportions)";
    }
}

words! {
    /// Which coefficient.
    Metric {
        /// Krippendorff's alpha.
        Krippendorff = "krippendorff", "Krippendorff's alpha";
        /// Cohen's kappa.
        Cohen = "cohen", "Cohen's kappa";
        /// Fleiss' kappa.
        Fleiss = "fleiss", "Fleiss' kappa";
    }
}

/// Why there is no figure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody to agree with.
    #[error("only one rater gave values")]
    OneRater,
    /// No unit with two values.
    #[error("no unit was rated by two or more raters")]
    NoPairs,
    /// Agreement by chance would be perfect too.
    #[error("all values are the same, so agreement cannot be told from chance")]
    NoVariation,
    /// Cohen's kappa is about two people.
    #[error("Cohen's kappa compares two raters; there are {0}")]
    NotTwoRaters(usize),
    /// Fleiss' kappa needs as many values for each unit.
    #[error("Fleiss' kappa needs as many values for each unit; “{0}” has another number than the first")]
    UnequalRaters(String),
    /// The kappas know names only.
    #[error("{} is for names only", .0.words())]
    NominalOnly(Metric),
    /// A ratio needs numbers from zero up.
    #[error("“{0}” is below zero, so proportions mean nothing")]
    BelowZero(String),
    /// More different values than can be compared in pairs.
    #[error("there are {0} different values; proportions can be compared for at most {1}")]
    TooManyValues(usize, usize),
    /// An interval from so few would only look like one.
    #[error("{0} units with two values are too few for an interval; it takes {1}")]
    TooFewUnits(usize, usize),
    /// Most resampled sets held one value only.
    #[error("too many resampled sets hold one value only, so no interval can be given")]
    UnsteadyVariation,
}

impl Refusal {
    /// What would be needed.
    #[must_use]
    pub fn needs(&self) -> &'static str {
        match self {
            Self::OneRater | Self::NoPairs => "at least one unit with values from two raters, better thirty",
            Self::NoVariation | Self::UnsteadyVariation => {
                "units that differ: at least two different values, each several times"
            }
            Self::NotTwoRaters(_) => "two raters, or krippendorff, which takes any number",
            Self::UnequalRaters(_) => {
                "the same number of values for each unit, or krippendorff, which takes missing values"
            }
            Self::NominalOnly(_) => "level nominal, or krippendorff, which takes every level",
            Self::BelowZero(_) => "numbers from zero up, or level interval",
            Self::TooManyValues(..) => "fewer different values, or level interval",
            Self::TooFewUnits(..) => "more units that two raters judged",
        }
    }
}

/// A coefficient with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// 1 is perfect, 0 what chance would give, below 0 worse than chance.
    pub value: f64,
    /// The 95 % interval, or why there is none.
    pub interval: Result<(f64, f64), Refusal>,
    /// Units with at least two values.
    pub units: usize,
    /// Values in those units.
    pub values: usize,
}

impl Agreement {
    /// How far figures may be built on it (METHOD, section 3: 0.80 and 0.667).
    #[must_use]
    pub fn use_(&self) -> Use {
        if self.value >= 0.8 {
            Use::Freely
        } else if self.value >= 0.667 {
            Use::Tentatively
        } else {
            Use::NotYet
        }
    }
}

/// What may be built on a coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// From 0.80.
    Freely,
    /// From 0.667.
    Tentatively,
    /// Below.
    NotYet,
}

impl Use {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Freely => "use freely",
            Self::Tentatively => "use tentatively",
            Self::NotYet => "revise the guide",
        }
    }
}

/// The coefficient that was asked for.
///
/// # Errors
/// [`Refusal`] where it would mean nothing.
pub fn measure(ratings: &Ratings, metric: Metric, level: Level, draws: Draws) -> Result<Agreement, Refusal> {
    if metric != Metric::Krippendorff && level != Level::Nominal {
        return Err(Refusal::NominalOnly(metric));
    }
    if ratings.raters_with_values() == 1 {
        return Err(Refusal::OneRater);
    }
    match metric {
        Metric::Krippendorff => krippendorff(&ratings.bags(), &ratings.scale(level)?, draws),
        Metric::Cohen => cohen(ratings, draws),
        Metric::Fleiss => fleiss(&ratings.counts(), draws),
    }
}

#[cfg(test)]
mod tests;
