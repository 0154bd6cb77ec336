//! Answers about gaps and their causes.

use crate::domain::causes::CauseFinding;
use crate::domain::ids::StateCode;
use crate::domain::summaries::ObligationPicture;
use crate::domain::summaries::StatePicture;
use chrono::NaiveDate;
use serde::Serialize;
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
    fn new(picture: &ObligationPicture<'_>) -> Self {
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
    ];

    /// The gaps in a picture.
    #[must_use]
    pub fn of(state: &StateCode, picture: &StatePicture<'_>) -> Self {
        let mut gaps: Vec<&ObligationPicture<'_>> = picture.gaps().collect();
        // A stable sort: inside one grade the order of the instruments stays.
        gaps.sort_by_key(|gap| gap.standing.grade.map_or(u8::MAX, |grade| grade.number()));
        let known = gaps.iter().filter(|gap| gap.is_known_gap()).count();
        Self {
            state: state.to_string(),
            as_of: picture.as_of,
            known,
            no_information: gaps.len() - known,
            gaps: gaps.into_iter().map(GapRow::new).collect(),
        }
    }
}
