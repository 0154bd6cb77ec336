//! A named person grades an obligation, with reasons, on named evidence. Superseded, never overwritten.

use super::evidence::read_grade;
use super::{ActionError, Doing, Fields};
use crate::domain::assessments::{Assessment, Grade};
use crate::domain::decisions::objection;
use crate::domain::ids::{AssessmentId, EvidenceId, ProvisionId, RoundId, StateCode};
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::store::library::Shelf;
use crate::store::{Db, StoreError, Tx, assessments as store, codings, findings};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A decision as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AssessmentDraft {
    /// State, by code or name.
    pub state: String,
    /// Provision id.
    pub provision: String,
    /// `0` to `4`, or `none` for “no information”.
    pub grade: String,
    /// Why.
    pub reasons: String,
    /// Identities of the evidence it rests on.
    pub evidence: Vec<String>,
    /// The decision that stood when the form was opened; empty where there was none. Another one means a conflict.
    pub seen: String,
}

/// A grade (none: no information), its reasons, and the evidence it rests on, as somebody typed them.
pub(super) fn judgement(
    fields: &mut Fields,
    grade: &str,
    reasons: &str,
    evidence: &[String],
) -> Option<(Option<Grade>, String, Vec<EvidenceId>)> {
    let grade = match grade.trim() {
        "none" => Some(None),
        text => fields.needed("grade", text, read_grade).map(Some),
    };
    let reasons = fields.prose("reasons", reasons);
    let named = evidence.iter().filter(|id| !id.trim().is_empty());
    let evidence: Option<Vec<EvidenceId>> = named.map(|id| fields.needed("evidence", id, str::parse)).collect();
    Some((grade?, reasons?, evidence?))
}

/// Grades an obligation.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when another decision was made meanwhile.
pub async fn assess(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    draft: &AssessmentDraft,
) -> Result<AssessmentId, ActionError> {
    let decision = decide(db, shelf, doing, draft).await?;
    let tx = doing.begin(db).await?;
    write(&tx, doing, &decision, &draft.seen, None).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// The decision that a draft means, checked against what is known today. Nothing is written yet.
pub(super) async fn decide(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    draft: &AssessmentDraft,
) -> Result<Assessment, ActionError> {
    let (reference, mut fields) = (&shelf.reference, Fields::default());
    let state = fields.needed("state", &draft.state, |text| {
        reference.find_state(text).map(|s| s.iso3.clone())
    });
    let provision = fields.needed("provision", &draft.provision, |t| {
        reference.find_provision(t).map(|(_, p)| p.id.clone())
    });
    let judgement = judgement(&mut fields, &draft.grade, &draft.reasons, &draft.evidence);
    let parts = (|| Some((state?, provision?, judgement?)))();
    let (state, provision, (grade, reasons, evidence)) = fields.finish(parts)?;

    let found = findings::of_state(db, &state).await?;
    let picture = StatePicture::of(reference, &shelf.world, &found, &state, doing.today());
    let mut fields = Fields::default();
    let target = picture.obligation(&provision);
    let asked = (&state, &provision, grade);
    gradable(&mut fields, target, asked, &evidence, doing.today());
    let target = fields.finish(target)?;

    Ok(Assessment {
        id: AssessmentId::fresh(),
        grade,
        reasons,
        evidence,
        suggestion: target.suggestion.words(),
        suggested: target.suggestion.grade,
        assessed_on: doing.today(),
        recorded_by: doing.actor.to_owned(),
        recorded_at: doing.now,
        superseded_at: None,
        state,
        provision,
    })
}

/// Why somebody who is asked to grade blind cannot decide.
pub(super) const BLIND: &str =
    "you are asked to grade this obligation blind: hand in that grading first, from the obligation's page or your desk";

/// Writes a decision and its audit event. `seen` is the decision that stood when the form was opened; `round` the double
/// coding that it rests on.
pub(super) async fn write(
    tx: &Tx,
    doing: Doing<'_>,
    assessment: &Assessment,
    seen: &str,
    round: Option<RoundId>,
) -> Result<(), ActionError> {
    let on = (assessment.state.clone(), assessment.provision.clone());
    if round.is_none() && codings::awaited_in(tx, doing.actor).await?.contains(&on) {
        return Err(ActionError::Conflict(BLIND.to_owned()));
    }
    let standing = store::standing(tx, &assessment.state, &assessment.provision).await?;
    let seen = seen.trim();
    let unchanged = standing.map_or(seen.is_empty(), |id| id.to_string() == seen);
    if !unchanged && seen != "any" {
        let why = "this obligation was graded by somebody else while you were deciding; read their reasons, then decide again";
        return Err(ActionError::Conflict(why.to_owned()));
    }
    match store::save(tx, assessment).await {
        Err(StoreError::Duplicate(_)) => {
            return Err(ActionError::Conflict(
                "somebody else graded this obligation at the same moment".to_owned(),
            ));
        }
        other => other?,
    }
    let subject = format!("{}/{}", assessment.state, assessment.provision);
    let mut detail = json!({ "assessment": assessment, "supersedes": standing });
    if let Some(round) = round {
        detail["round"] = json!(round);
    }
    let (action, reason) = ("assessment.decide", Some(assessment.reasons.as_str()));
    Ok(doing.note(tx, action, &subject, reason, detail).await?)
}

/// Whether an obligation can be graded so on that evidence: in force, gradable, served by each of them, and with nothing
/// in the way of that grade.
pub(super) fn gradable(
    fields: &mut Fields,
    target: Option<&ObligationPicture<'_>>,
    (state, provision, grade): (&StateCode, &ProvisionId, Option<Grade>),
    evidence: &[EvidenceId],
    today: NaiveDate,
) {
    let serves = |one: &ObligationPicture<'_>, id: &EvidenceId| one.evidence.iter().any(|item| item.id == *id);
    match target {
        None => fields.wrong("provision", format!("{provision} is not in force for {state} today")),
        Some(one) if !one.obligation.is_gradable() => {
            let why = &one.obligation.provision.not_gradable_because;
            fields.wrong("provision", format!("{provision} cannot be graded: {why}"));
        }
        Some(one) => {
            if let Some(stray) = evidence.iter().find(|id| !serves(one, id)) {
                let why = format!("{stray} does not serve {provision}; attach it to its theme first");
                fields.wrong("evidence", why);
            }
            if let Some(objection) = objection(&one.evidence, evidence, grade, today) {
                fields.wrong("grade", objection.words());
            }
        }
    }
}
