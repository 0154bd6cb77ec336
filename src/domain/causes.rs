//! Why a gap stays open: the scheme of METHOD, section 3. A person records causes with a rationale; [`Classifier`] suggests
//! them from signals (texts, figures, what a person gives), each shown with the words or the figure it came from.

mod classifier;
mod explaining;
mod figures;
mod joining;
mod means;
mod measuring;
mod patterns;
mod reading;
mod reasons;
mod remedies;
mod scoring;
mod sentences;
mod signals;
mod suggested;

pub use classifier::{Case, Classification, Classifier, Given, Interval, Sign};
pub use explaining::{Account, Dossier, Heard};
pub use figures::{Figure, Figures};
pub use joining::{Records, is_explained, suggested};
pub use means::{KnownFigure, known_figures, series_of_outcomes, series_read};
pub use measuring::{Fold, Labelled, Measured, Method, cross_validated};
pub use reading::How;
pub use remedies::{Helper, Remedies, Remedy};
pub use scoring::{KAPPA, Points, Scores, score};
pub use signals::{Capacity, Condition, Direction, LANGUAGES, Reads, Signal, SignalFile, Tone};
pub use suggested::{Place, SuggestedCauses, SuggestedSign, SuggestedWeight};

use super::evidence::words;
use super::ids::{CauseFindingId, ProvisionId, StateCode};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// The top level of the scheme.
    Cause {
        /// Knows and wants, lacks money, staff or equipment.
        Resources = "resources", "resources";
        /// Could and knows, prefers otherwise or delays.
        PoliticalWill = "political_will", "political will";
        /// Wrong reading, false beliefs, or no data, training or knowledge.
        Information = "information", "information";
        /// Conflict, disaster, federal competence, territory outside control, …
        Other = "other", "other factors";
        /// The signs do not tell.
        Undetermined = "undetermined", "undetermined";
    }
}

impl Cause {
    /// The careful words of a diplomat's page: never an accusation.
    #[must_use]
    pub fn careful_words(self) -> &'static str {
        match self {
            Self::PoliticalWill => "signals consistent with a policy choice",
            Self::Resources => "signals of a lack of resources",
            Self::Information => "signals of a lack of information",
            Self::Other => "signals of other factors",
            Self::Undetermined => "cause undetermined",
        }
    }
}

impl Cause {
    /// In one or two words that accuse nobody: for the head of a column, or within a sentence.
    #[must_use]
    pub fn plain_words(self) -> &'static str {
        match self {
            Self::PoliticalWill => "policy choice",
            other => other.words(),
        }
    }
}

/// The subclasses of the information cause.
pub const INFORMATION_KINDS: [(&str, &str); 3] = [
    ("misunderstanding", "misunderstanding: a wrong reading of the norm"),
    ("misinformation", "misinformation: false beliefs"),
    (
        "lack_of_information",
        "lack of information: no data, training or knowledge",
    ),
];

/// The kinds of other factors.
pub const OTHER_KINDS: [(&str, &str); 10] = [
    ("conflict", "armed conflict or insecurity"),
    ("disaster", "disaster or epidemic"),
    ("economic_shock", "economic shock or sanctions"),
    (
        "federal_competence",
        "competence of federal units or of regional and local authorities",
    ),
    (
        "territory_outside_control",
        "territory outside the control of the government",
    ),
    ("non_state_groups", "armed or criminal groups that are not the state"),
    ("large_arrivals", "arrivals in large numbers"),
    ("non_party_destination", "other states that are not parties"),
    ("distrust", "distrust of the authorities"),
    ("bilateral_dependence", "dependence on another state"),
];

/// The subclasses of a cause: code and words. Resources and political will have none.
#[must_use]
pub fn subclasses(cause: Cause) -> &'static [(&'static str, &'static str)] {
    match cause {
        Cause::Information => &INFORMATION_KINDS,
        Cause::Other => &OTHER_KINDS,
        Cause::Resources | Cause::PoliticalWill | Cause::Undetermined => &[],
    }
}

/// What a person found about why one gap stays open. Several causes at once, each with its weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CauseFinding {
    /// Its identity.
    pub id: CauseFindingId,
    /// The state.
    pub state: StateCode,
    /// The provision.
    pub provision: ProvisionId,
    /// The cause.
    pub cause: Cause,
    /// A subclass, such as `lack_of_information`; empty where none is meant.
    pub subcause: String,
    /// Its weight among the causes of this gap, in per cent, where a person gave one.
    pub weight: Option<u8>,
    /// Why this cause.
    pub rationale: String,
    /// Keys of the evidence that shows it.
    pub evidence: Vec<String>,
    /// The day on which it is true.
    pub found_on: NaiveDate,
    /// What was suggested when it was found, where anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<SuggestedCauses>,
    /// Whether the person confirmed that suggestion as it stood.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// Who found it.
    pub recorded_by: String,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// When it was withdrawn or replaced.
    pub superseded_at: Option<DateTime<Utc>>,
}
