//! How far raters agree, as an answer.

use crate::domain::agreement::{Agreement, Level, Metric, Refusal};
use serde::Serialize;

/// A coefficient with its interval and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgreementAnswer {
    /// Which coefficient: `krippendorff`, `cohen` or `fleiss`.
    pub metric: Metric,
    /// `nominal`, `ordinal`, `interval` or `ratio`.
    pub level: Level,
    /// The coefficient, whichever it is: the field has one name so that programs need not ask.
    pub alpha: f64,
    /// The same for the two kappas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kappa: Option<f64>,
    /// The 95 % interval; absent where none can be given.
    pub ci: Option<(f64, f64)>,
    /// Why there is no interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci_refused: Option<String>,
    /// Units in the table.
    pub n_units: usize,
    /// Units with at least two values: what the coefficient rests on.
    pub n_pairable_units: usize,
    /// Raters who gave a value.
    pub n_raters: usize,
    /// Values in the pairable units.
    pub n_values: usize,
    /// How the table was read: `long`, `wide` or `counts`.
    pub shape: &'static str,
    /// What may be built on it.
    pub reading: &'static str,
}

impl AgreementAnswer {
    /// The columns of the table form.
    pub const COLUMNS: &'static [&'static str] = &[
        "metric",
        "level",
        "alpha",
        "ci",
        "n_units",
        "n_pairable_units",
        "n_raters",
        "n_values",
        "reading",
    ];

    /// The answer; `table` is how many units and raters there were and how they were written.
    #[must_use]
    pub fn of(metric: Metric, level: Level, found: &Agreement, table: (usize, usize, &'static str)) -> Self {
        let value = rounded(found.value);
        let interval = found.interval.as_ref();
        Self {
            metric,
            level,
            alpha: value,
            kappa: (metric != Metric::Krippendorff).then_some(value),
            ci: interval.ok().map(|(low, high)| (rounded(*low), rounded(*high))),
            ci_refused: interval.err().map(ToString::to_string),
            n_units: table.0,
            n_pairable_units: found.units,
            n_raters: table.1,
            n_values: found.values,
            shape: table.2,
            reading: found.use_().words(),
        }
    }
}

/// That there is no figure, and what would be needed for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedAnswer {
    /// Why.
    pub refused: String,
    /// What would be needed.
    pub needs: &'static str,
}

impl From<&Refusal> for RefusedAnswer {
    fn from(refusal: &Refusal) -> Self {
        Self {
            refused: refusal.to_string(),
            needs: refusal.needs(),
        }
    }
}

/// Six decimals: more would be noise.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
