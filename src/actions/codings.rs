//! Double coding: a round is opened, each coder hands in a grading blind, and a person decides with all of them in sight or
//! ends the round with a reason. What a grading says stays out of the audit chain until all are in; until then the chain
//! holds its seal.

use super::assessments::{self, AssessmentDraft, judgement};
use super::{ActionError, Doing, Fields};
use crate::domain::codings::{Coding, Round, RoundStatus};
use crate::domain::ids::{AssessmentId, CodingId, EvidenceId, RoundId};
use crate::domain::summaries::StatePicture;
use crate::domain::users::{Email, Permission, User};
use crate::store::library::Shelf;
use crate::store::{Db, StoreError, Tx, codings as store, findings, users};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A round as somebody asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoundDraft {
    /// State, by code or name.
    pub state: String,
    /// Provision id.
    pub provision: String,
    /// Who is to grade: identities or addresses of accounts.
    pub coders: Vec<String>,
}

/// A grading as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodingDraft {
    /// `0` to `4`, or `none` for “no information”.
    pub grade: String,
    /// Why.
    pub reasons: String,
    /// Identities of the evidence it rests on.
    pub evidence: Vec<String>,
}

/// Asks two or more people to grade an obligation independently.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when a round about it is not settled yet.
pub async fn open(db: &Db, shelf: &Shelf, doing: Doing<'_>, draft: &RoundDraft) -> Result<RoundId, ActionError> {
    let (reference, mut fields) = (&shelf.reference, Fields::default());
    let state = fields.needed("state", &draft.state, |text| {
        reference.find_state(text).map(|s| s.iso3.clone())
    });
    let provision = fields.needed("provision", &draft.provision, |text| {
        reference.find_provision(text).map(|(_, p)| p.id.clone())
    });
    let accounts = users::list(db).await?;
    let coders: Option<Vec<String>> = draft
        .coders
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| fields.needed("coders", text, |text| coder(&accounts, text)))
        .collect();
    let parts = (|| Some((state?, provision?, coders?)))();
    let (state, provision, coders) = fields.finish(parts)?;
    let gradable = shelf
        .world
        .obligation(reference, &state, &provision, doing.today())
        .is_some_and(|one| one.is_gradable());
    if !gradable {
        let why = format!("{provision} is not an obligation of {state} today that can be graded");
        return Fields::default().refuse("provision", why);
    }
    let round = match Round::open(state, provision, coders, doing.actor, doing.now) {
        Ok(round) => round,
        Err(why) => return Fields::default().refuse("coders", why),
    };
    let tx = doing.begin(db).await?;
    match store::open(&tx, &round).await {
        Err(StoreError::Duplicate(_)) => {
            let why = "a round about this obligation is not settled yet; decide it or end it first";
            return Err(ActionError::Conflict(why.to_owned()));
        }
        other => other?,
    }
    let people: Vec<&str> = round.coders.iter().map(|coder| coder.who.as_str()).collect();
    tell(&tx, doing, "coding.open", &round, None, json!({ "coders": people })).await?;
    tx.commit().await?;
    Ok(round.id)
}

/// The address of an account that may grade.
pub(super) fn coder(accounts: &[User], text: &str) -> Result<String, String> {
    let address: Option<Email> = text.parse().ok();
    let found = accounts
        .iter()
        .find(|user| user.id.to_string() == text || Some(&user.email) == address.as_ref());
    let user = found.ok_or_else(|| format!("there is no account “{text}”"))?;
    if user.active && Permission::Assess.granted_to(Some(user.role)) {
        Ok(user.email.to_string())
    } else {
        Err(format!(
            "{} may not grade: choose monitors or administrators",
            user.name
        ))
    }
}

/// Hands in a grading, or replaces one's own while somebody else's is missing.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when the round takes no grading of this person.
pub async fn code(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    id: RoundId,
    draft: &CodingDraft,
) -> Result<RoundStatus, ActionError> {
    let mut fields = Fields::default();
    let judgement = judgement(&mut fields, &draft.grade, &draft.reasons, &draft.evidence);
    let (grade, reasons, evidence) = fields.finish(judgement)?;
    let known = store::find(db, id).await?.ok_or_else(gone)?;
    serves(db, shelf, doing, &known, &evidence).await?;

    let tx = doing.begin(db).await?;
    let round = store::lock(&tx, id).await?.ok_or_else(gone)?;
    round.may_code(doing.actor).map_err(ActionError::Conflict)?;
    let coding = Coding {
        id: CodingId::fresh(),
        round: id,
        coder: doing.actor.to_owned(),
        grade,
        reasons,
        evidence,
        coded_at: doing.now,
    };
    store::hand_in(&tx, &coding).await?;
    let seal = coding.seal().map_err(StoreError::from)?;
    tell(&tx, doing, "coding.hand_in", &round, None, json!({ "seal": seal })).await?;
    let codings = store::of_round_in(&tx, id).await?;
    let mut status = round.status;
    if round.outcome_of(&codings).is_some() {
        status = store::complete(&tx, id, &codings, doing.now).await?.status();
        let detail = json!({ "status": status, "codings": codings });
        tell(&tx, doing, "coding.complete", &round, None, detail).await?;
    }
    tx.commit().await?;
    Ok(status)
}

/// Decides with all gradings in sight: an assessment that names the round.
///
/// # Errors
/// As [`assessments::assess`]; [`ActionError::Conflict`] when the round cannot be decided.
pub async fn reconcile(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    id: RoundId,
    draft: &AssessmentDraft,
) -> Result<AssessmentId, ActionError> {
    let known = store::find(db, id).await?.ok_or_else(gone)?;
    known.may_be_decided().map_err(ActionError::Conflict)?;
    let draft = AssessmentDraft {
        state: known.state.to_string(),
        provision: known.provision.to_string(),
        ..draft.clone()
    };
    let decision = assessments::decide(db, shelf, doing, &draft).await?;
    let tx = doing.begin(db).await?;
    let round = store::lock(&tx, id).await?.ok_or_else(gone)?;
    round.may_be_decided().map_err(ActionError::Conflict)?;
    assessments::write(&tx, doing, &decision, &draft.seen, Some(id)).await?;
    store::reconcile(&tx, id, decision.id, doing.now).await?;
    let detail = json!({ "assessment": decision.id });
    tell(&tx, doing, "coding.reconcile", &round, Some(&decision.reasons), detail).await?;
    tx.commit().await?;
    Ok(decision.id)
}

/// Ends a round without a decision.
///
/// # Errors
/// [`ActionError::Invalid`] without a reason; [`ActionError::Conflict`] when it is settled already.
pub async fn close(db: &Db, doing: Doing<'_>, id: RoundId, reason: &str) -> Result<(), ActionError> {
    let mut fields = Fields::default();
    let reason = fields.text("reason", reason, 500);
    let reason = fields.finish(reason)?;
    let tx = doing.begin(db).await?;
    let round = store::lock(&tx, id).await?.ok_or_else(gone)?;
    round.may_be_closed().map_err(ActionError::Conflict)?;
    store::close(&tx, id, &reason, doing.now).await?;
    tell(&tx, doing, "coding.close", &round, Some(&reason), json!({})).await?;
    Ok(tx.commit().await?)
}

fn gone() -> ActionError {
    ActionError::Conflict("there is no such round".to_owned())
}

/// Refuses evidence that does not serve the obligation.
async fn serves(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    round: &Round,
    evidence: &[EvidenceId],
) -> Result<(), ActionError> {
    let found = findings::of_state(db, &round.state).await?;
    let picture = StatePicture::of(&shelf.reference, &shelf.world, &found, &round.state, doing.today());
    let Some(one) = picture.obligation(&round.provision) else {
        let why = format!(
            "{} is not in force for {} any more; end this round",
            round.provision, round.state
        );
        return Err(ActionError::Conflict(why));
    };
    let stray = evidence
        .iter()
        .find(|id| !one.evidence.iter().any(|item| item.id == **id));
    match stray {
        None => Ok(()),
        Some(stray) => Fields::default().refuse("evidence", format!("{stray} does not serve {}", round.provision)),
    }
}

/// Adds the audit event of a step.
async fn tell(
    tx: &Tx,
    doing: Doing<'_>,
    action: &str,
    round: &Round,
    reason: Option<&str>,
    mut detail: Value,
) -> Result<(), StoreError> {
    detail["round"] = json!(round.id);
    let subject = format!("{}/{}", round.state, round.provision);
    doing.note(tx, action, &subject, reason, detail).await
}
