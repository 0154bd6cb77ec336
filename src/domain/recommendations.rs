//! Recommendations: what a body asked of a state, and whether the state accepted it. One list for all bodies.

use super::audit::{digest, sealed};
use super::dates::PartialDate;
use super::evidence::words;
use super::ids::{ProvisionId, RecommendationId, StateCode, ThemeCode};
use super::instruments::{Confidence, Provision};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Who recommends.
    IssuingBody {
        /// A treaty body, or the ILO Committee of Experts.
        TreatyBody = "treaty_body", "treaty body";
        /// Universal periodic review.
        Upr = "upr", "universal periodic review";
        /// A special procedure of the Human Rights Council.
        SpecialProcedure = "special_procedure", "special procedure";
        /// A regional consultative process.
        Rcp = "rcp", "regional consultative process";
        /// A mechanism of several agencies.
        InterAgency = "inter_agency", "inter-agency mechanism";
    }
}

words! {
    /// What the state said to it.
    Acceptance {
        /// It accepted.
        Accepted = "accepted", "accepted";
        /// It took note, which is less.
        Noted = "noted", "noted";
        /// It accepted a part.
        InPart = "in_part", "accepted in part";
        /// It has not been asked, or has not answered.
        None = "none", "no answer";
    }
}

words! {
    /// Whose words the text is in.
    Wording {
        /// Summarised by whoever recorded it.
        OwnWords = "own_words", "in our own words";
        /// Word for word.
        AsGiven = "as_given", "as the body gave it";
    }
}

/// One recommendation to one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The state that is asked.
    pub state: StateCode,
    /// Who asks.
    pub body: IssuingBody,
    /// Session, cycle or meeting, in the body's own words.
    #[serde(default)]
    pub cycle: String,
    /// Document symbol or name.
    pub symbol: String,
    /// Paragraph or number in it.
    #[serde(default)]
    pub paragraph: String,
    /// When it was made.
    #[serde(default)]
    pub date: Option<PartialDate>,
    /// What is asked.
    pub text: String,
    /// Language of the text (ISO 639-1).
    #[serde(default)]
    pub language: String,
    /// Whose words the text is in.
    pub wording: Wording,
    /// The themes it is about.
    #[serde(default)]
    pub themes: Vec<ThemeCode>,
    /// The provisions it names or is about.
    #[serde(default)]
    pub provisions: Vec<ProvisionId>,
    /// What the state said to it.
    pub acceptance: Acceptance,
    /// Where we know it from.
    #[serde(default)]
    pub source: String,
    /// How sure we are that it is as described.
    pub confidence: Confidence,
}

impl Recommendation {
    /// The digest of what makes it this one and no other: document, paragraph, state.
    #[must_use]
    pub fn natural_key(&self) -> String {
        natural_key(&self.state, &self.symbol, &self.paragraph)
    }

    /// Whether it had been made by that day, as far as its date tells.
    #[must_use]
    pub fn made_by(&self, as_of: NaiveDate) -> bool {
        self.date.is_none_or(|date| date.earliest() <= as_of)
    }

    /// Whether it speaks of that provision: named, or of one of its themes where it names none.
    #[must_use]
    pub fn speaks_of(&self, provision: &Provision) -> bool {
        if self.provisions.is_empty() {
            self.themes.contains(&provision.theme)
        } else {
            self.provisions.contains(&provision.id)
        }
    }
}

/// The natural key of a recommendation; case and spaces of symbol and paragraph do not count.
#[must_use]
pub fn natural_key(state: &StateCode, symbol: &str, paragraph: &str) -> String {
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    digest(&sealed(&[state.to_string(), plain(symbol), plain(paragraph)]))
}

/// A revision of a recommendation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecommendation {
    /// Its identity.
    pub id: RecommendationId,
    /// The number of the revision, from 1.
    pub revision: i32,
    /// What it says.
    pub recommendation: Recommendation,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// When a later revision took its place.
    pub replaced_at: Option<DateTime<Utc>>,
}

impl StoredRecommendation {
    /// Whether it was made and known here at the end of that day.
    #[must_use]
    pub fn known_on(&self, as_of: NaiveDate) -> bool {
        self.recommendation.made_by(as_of)
            && self.recorded_at.date_naive() <= as_of
            && self.replaced_at.is_none_or(|gone| gone.date_naive() > as_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_of_a_document_to_a_state_is_one_recommendation_however_it_is_typed() {
        let state: StateCode = "MEX".parse().expect("a state");
        let key = |symbol, paragraph| natural_key(&state, symbol, paragraph);
        assert_eq!(key("A/HRC/56/9", "132.4"), key(" a/hrc/56/9 ", "132. 4"));
        assert_ne!(key("A/HRC/56/9", "132.4"), key("A/HRC/56/9", "132.5"));
        assert_ne!(key("A/HRC/56/91", "32"), key("A/HRC/56/9", "132"));
    }
}
