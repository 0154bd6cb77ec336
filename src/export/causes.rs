//! Answers about why the gaps of a state stay open: what persons decided and what signs suggest, never mixed.

use super::gaps::CauseRow;
use crate::domain::causes::{Cause, Place, SuggestedCauses, SuggestedSign, is_explained};
use crate::domain::ids::{ProvisionId, StateCode, ThemeCode};
use crate::domain::summaries::{ObligationPicture, StatePicture};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Causes of the gaps of one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct CausesAnswer {
    /// The state.
    pub state: String,
    /// The date asked for.
    pub as_of: NaiveDate,
    /// Only of this theme, where one was asked for.
    pub theme: Option<String>,
    /// Known gaps, and gaps of which evidence is held that carries no grade.
    pub gaps: usize,
    /// How many of them have a cause that a person found, and which: a gap may have several.
    pub decided: CauseCounts,
    /// How many of them have signs that suggest a cause, and which: one for each gap.
    pub suggested: CauseCounts,
    /// Gap by gap, gravest first.
    pub causes: Vec<GapCauses>,
}

/// Gaps by cause.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CauseCounts {
    /// Gaps with any.
    pub gaps: usize,
    /// Gaps by cause.
    #[schema(value_type = std::collections::BTreeMap<String, usize>)]
    pub by_cause: BTreeMap<&'static str, usize>,
}

/// One gap with its causes.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapCauses {
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
    /// What persons found.
    pub decided: Vec<CauseRow>,
    /// What signs suggest; it never replaces what a person found.
    pub suggested: Option<SuggestedAnswer>,
}

/// A suggestion with its trace.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedAnswer {
    /// `resources`, `political_will`, `information`, `other` or `undetermined`.
    #[schema(value_type = String)]
    pub cause: &'static str,
    /// In the careful words of a page.
    #[schema(value_type = String)]
    pub words: &'static str,
    /// A subclass, or null.
    pub subclass: Option<String>,
    /// Cause → weight; they add up to one.
    #[schema(value_type = std::collections::BTreeMap<String, f64>)]
    pub weights: BTreeMap<&'static str, f64>,
    /// Cause → low and high.
    #[schema(value_type = std::collections::BTreeMap<String, [f64; 2]>)]
    pub intervals: BTreeMap<&'static str, [f64; 2]>,
    /// Why, in a sentence or two.
    pub reason: String,
    /// The signs that counted, strongest first.
    pub signals: Vec<SignAnswer>,
}

/// A sign with where it came from.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignAnswer {
    /// The signal.
    pub id: String,
    /// The cause.
    #[schema(value_type = String)]
    pub cause: &'static str,
    /// What it adds; below zero where it speaks against.
    pub points: f64,
    /// What the signal says.
    pub says: String,
    /// The words, or the figure beside its threshold.
    pub matched: String,
    /// The sentence they stand in; empty for figures.
    pub sentence: String,
    /// How it was read, where that is not plain.
    #[schema(value_type = Vec<String>)]
    pub how: Vec<&'static str>,
    /// Where it came from: evidence, a recommendation, a figure, a reservation or a report.
    #[schema(value_type = Vec<Object>)]
    pub from: Vec<Place>,
    /// Where others say the same, without counting again.
    #[schema(value_type = Vec<Object>)]
    pub also: Vec<Place>,
}

impl From<&SuggestedSign> for SignAnswer {
    fn from(sign: &SuggestedSign) -> Self {
        Self {
            id: sign.id.clone(),
            cause: sign.cause.code(),
            points: sign.points,
            says: sign.says.clone(),
            matched: sign.matched.clone(),
            sentence: sign.sentence.clone(),
            how: sign.how.iter().map(|how| how.code()).collect(),
            from: sign.from.clone(),
            also: sign.also.clone(),
        }
    }
}

impl From<&SuggestedCauses> for SuggestedAnswer {
    fn from(found: &SuggestedCauses) -> Self {
        let each = || found.weights.iter();
        Self {
            cause: found.cause.code(),
            words: found.cause.careful_words(),
            subclass: found.subclass.clone(),
            weights: each().map(|one| (one.cause.code(), one.weight)).collect(),
            intervals: each().map(|one| (one.cause.code(), [one.low, one.high])).collect(),
            reason: found.reason.clone(),
            signals: found.signs.iter().map(SignAnswer::from).collect(),
        }
    }
}

impl CausesAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "provision",
        "theme",
        "grade",
        "grade_words",
        "basis",
        "decided",
        "suggested.cause",
        "suggested.weights.resources",
        "suggested.weights.political_will",
        "suggested.weights.information",
        "suggested.weights.other",
        "suggested.weights.undetermined",
        "suggested.reason",
        "label",
    ];

    /// Decided and suggested causes of the gaps in a picture.
    #[must_use]
    pub fn of(
        state: &StateCode,
        picture: &StatePicture<'_>,
        suggested: &BTreeMap<ProvisionId, SuggestedCauses>,
        theme: Option<&ThemeCode>,
    ) -> Self {
        let wanted = |gap: &&ObligationPicture<'_>| {
            let told = is_explained(gap) || !gap.causes.is_empty();
            told && theme.is_none_or(|theme| *theme == gap.obligation.provision.theme)
        };
        let mut gaps: Vec<&ObligationPicture<'_>> = picture.gaps().filter(wanted).collect();
        gaps.sort_by_key(|gap| gap.standing.grade.map_or(u8::MAX, |grade| grade.number()));
        let (mut decided, mut signs) = (CauseCounts::default(), CauseCounts::default());
        for gap in &gaps {
            let of = |cause: &&Cause| gap.causes.iter().any(|found| found.cause == **cause);
            decided.gaps += usize::from(!gap.causes.is_empty());
            for cause in Cause::ALL.iter().filter(of) {
                *decided.by_cause.entry(cause.code()).or_default() += 1;
            }
            if let Some(found) = suggested.get(&gap.obligation.provision.id) {
                signs.gaps += 1;
                *signs.by_cause.entry(found.cause.code()).or_default() += 1;
            }
        }
        Self {
            state: state.to_string(),
            as_of: picture.as_of,
            theme: theme.map(ToString::to_string),
            gaps: gaps.len(),
            decided,
            suggested: signs,
            causes: gaps.iter().map(|gap| row(gap, suggested)).collect(),
        }
    }
}

fn row(gap: &ObligationPicture<'_>, suggested: &BTreeMap<ProvisionId, SuggestedCauses>) -> GapCauses {
    let provision = gap.obligation.provision;
    GapCauses {
        provision: provision.id.to_string(),
        instrument: gap.obligation.instrument.code.to_string(),
        theme: provision.theme.to_string(),
        label: provision.label.clone(),
        grade: gap.standing.grade.map(|grade| grade.number()),
        grade_words: gap.standing.grade.map_or("no information", |grade| grade.words()),
        basis: gap.standing.basis.code(),
        decided: gap.causes.iter().map(|found| CauseRow::new(found)).collect(),
        suggested: suggested.get(&provision.id).map(SuggestedAnswer::from),
    }
}
