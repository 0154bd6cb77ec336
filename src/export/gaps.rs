//! Answers about gaps and their causes.

use crate::domain::causes::{CauseFinding, SuggestedCauses};
use crate::domain::ids::{ProvisionId, StateCode};
use crate::domain::summaries::ObligationPicture;
use crate::domain::summaries::StatePicture;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Gaps of one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapsAnswer {
    /// The state.
    pub state: String,
    /// The date asked for.
    pub as_of: NaiveDate,
    /// How many are graded below full.
    pub known: usize,
    /// How many nobody can grade.
    pub no_information: usize,
    /// Known gaps first, gravest first; then those without information.
    pub gaps: Vec<GapRow>,
}

/// One gap.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapRow {
    /// The provision.
    pub provision: String,
    /// The instrument.
    pub instrument: String,
    /// The theme.
    pub theme: String,
    /// A short name.
    pub label: String,
    /// 0 to 3, or null where nobody can grade.
    pub grade: Option<u8>,
    /// The grade in words.
    #[schema(value_type = String)]
    pub grade_words: &'static str,
    /// `assessed` by a person, `suggested` by computation, or `no_information`.
    #[schema(value_type = String)]
    pub basis: &'static str,
    /// Whether strong evidence stands on both sides.
    pub contested: bool,
    /// How many pieces of evidence serve it.
    pub evidence: usize,
    /// Why it stays open, as found by persons.
    pub causes: Vec<CauseRow>,
    /// What signs suggest; it never replaces what a person found. Null where nothing is held to tell.
    pub suggested: Option<SuggestedRow>,
}

/// The cause that signs suggest, in brief; `/api/v1/causes` tells every sign.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedRow {
    /// The cause, or `undetermined`.
    #[schema(value_type = String)]
    pub cause: &'static str,
    /// Its weight, 0 to 1.
    pub weight: f64,
    /// What is left of it without the strongest sign.
    pub low: f64,
    /// What it would be if all that is undetermined belonged to it.
    pub high: f64,
    /// Why, in a sentence or two.
    pub reason: String,
}

impl SuggestedRow {
    fn new(found: &SuggestedCauses) -> Self {
        let of = found.weights.iter().find(|one| one.cause == found.cause);
        Self {
            cause: found.cause.code(),
            weight: of.map_or(0.0, |one| one.weight),
            low: of.map_or(0.0, |one| one.low),
            high: of.map_or(0.0, |one| one.high),
            reason: found.reason.clone(),
        }
    }
}

/// One cause of a gap.
#[derive(Debug, Serialize, ToSchema)]
pub struct CauseRow {
    /// `resources`, `political_will`, `information`, `other` or `undetermined`.
    #[schema(value_type = String)]
    pub cause: &'static str,
    /// A subclass, or null.
    pub subcause: Option<String>,
    /// Per cent among the causes of this gap, or null.
    pub weight: Option<u8>,
    /// Why this cause.
    pub rationale: String,
    /// Whether the person confirmed the suggestion as it stood then.
    pub confirmed: bool,
    /// The weight that was suggested for this cause then, in per cent, or null.
    pub suggested_weight: Option<u8>,
}

impl CauseRow {
    pub(super) fn new(finding: &CauseFinding) -> Self {
        Self {
            cause: finding.cause.code(),
            subcause: Some(finding.subcause.clone()).filter(|text| !text.is_empty()),
            weight: finding.weight,
            rationale: finding.rationale.clone(),
            confirmed: finding.confirmed,
            suggested_weight: finding.suggestion.as_ref().and_then(|one| {
                let mut parts = one.per_cents().into_iter();
                parts.find(|(cause, _)| *cause == finding.cause).map(|(_, part)| part)
            }),
        }
    }
}

impl GapRow {
    fn new(picture: &ObligationPicture<'_>, suggested: &BTreeMap<ProvisionId, SuggestedCauses>) -> Self {
        let provision = picture.obligation.provision;
        Self {
            provision: provision.id.to_string(),
            instrument: picture.obligation.instrument.code.to_string(),
            theme: provision.theme.to_string(),
            label: provision.label.clone(),
            grade: picture.standing.grade.map(|grade| grade.number()),
            grade_words: picture.standing.grade.map_or("no information", |grade| grade.words()),
            basis: picture.standing.basis.code(),
            contested: picture.standing.contested,
            evidence: picture.evidence.len(),
            causes: picture.causes.iter().map(|finding| CauseRow::new(finding)).collect(),
            suggested: suggested.get(&provision.id).map(SuggestedRow::new),
        }
    }
}

impl GapsAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "provision",
        "instrument",
        "theme",
        "grade",
        "grade_words",
        "basis",
        "contested",
        "evidence",
        "causes",
        "label",
        "suggested.cause",
        "suggested.weight",
    ];

    /// The gaps in a picture.
    #[must_use]
    pub fn of(
        state: &StateCode,
        picture: &StatePicture<'_>,
        suggested: &BTreeMap<ProvisionId, SuggestedCauses>,
    ) -> Self {
        let mut gaps: Vec<&ObligationPicture<'_>> = picture.gaps().collect();
        // A stable sort: inside one grade the order of the instruments stays.
        gaps.sort_by_key(|gap| gap.standing.grade.map_or(u8::MAX, |grade| grade.number()));
        let known = gaps.iter().filter(|gap| gap.is_known_gap()).count();
        Self {
            state: state.to_string(),
            as_of: picture.as_of,
            known,
            no_information: gaps.len() - known,
            gaps: gaps.into_iter().map(|gap| GapRow::new(gap, suggested)).collect(),
        }
    }
}
