//! Coding studies: one is opened with a frozen sample, each person codes blind, says that they have finished, and when all
//! have, everything is shown at once; then what they saw differently is settled. Until then the audit chain holds seals
//! alone.

mod opening;
mod sample;

pub use opening::{StudyDraft, open};
pub use sample::{MOST_STATES, Sample, gaps, read_csv};

use super::{ActionError, Doing, Fields};
use crate::domain::causes::Cause;
use crate::domain::ids::{CodeId, SettlementId, StudyId};
use crate::domain::studies::{Code, Settlement, Study, StudyStatus, answered};
use crate::store::{Db, StoreError, Tx, studies as store};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A code as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodeDraft {
    /// The cause.
    pub cause: String,
    /// Its subclass, or empty.
    pub subclass: String,
    /// A second cause, or empty.
    pub second: String,
    /// `yes` or `no`.
    pub sure: String,
    /// Why.
    pub reason: String,
}

/// What was settled, as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettlementDraft {
    /// The cause, or `none` where they could not settle on one.
    pub settled: String,
    /// What was settled and why.
    pub note: String,
}

/// Saves somebody's code of a case, or replaces theirs while the study is open.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when the study takes no code of this person.
pub async fn code(db: &Db, doing: Doing<'_>, id: StudyId, case: u32, draft: &CodeDraft) -> Result<(), ActionError> {
    let mut fields = Fields::default();
    let cause = fields.needed("cause", &draft.cause, str::parse::<Cause>);
    let second = fields.optional("second", &draft.second, str::parse::<Cause>);
    let sure = fields.needed("sure", &draft.sure, |text| match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(format!("“{other}” is neither yes nor no")),
    });
    let reason = fields.text("reason", &draft.reason, 2_000);
    let answer = cause.zip(second).and_then(|(cause, second)| {
        answered(cause, draft.subclass.trim(), second)
            .map_err(|(field, why)| fields.wrong(field, why))
            .ok()
    });
    let (answer, sure, reason) = fields.finish((|| Some((answer?, sure?, reason?)))())?;

    let tx = doing.begin(db).await?;
    let study = store::lock(&tx, id).await?.ok_or_else(gone)?;
    study.may_code(doing.actor).map_err(ActionError::Conflict)?;
    if !(1..=study.cases).contains(&case) {
        return Err(ActionError::Conflict(format!("this study has no case {case}")));
    }
    let code = Code {
        id: CodeId::fresh(),
        study: id,
        case,
        coder: doing.actor.to_owned(),
        cause: answer.cause,
        subclass: answer.subclass,
        second: answer.second,
        sure,
        reason,
        signs: Vec::new(),
        coded_at: doing.now,
        superseded_at: None,
    };
    store::hand_in(&tx, &code).await?;
    let seal = code.seal().map_err(StoreError::from)?;
    tell(
        &tx,
        doing,
        "study.code",
        &study,
        None,
        json!({ "case": case, "seal": seal }),
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Notes that somebody has coded all cases. When the last one has, the study is complete.
///
/// # Errors
/// [`ActionError::Conflict`] when a case has no code of theirs, or they are not asked.
pub async fn finish(db: &Db, doing: Doing<'_>, id: StudyId) -> Result<StudyStatus, ActionError> {
    let tx = doing.begin(db).await?;
    let study = store::lock(&tx, id).await?.ok_or_else(gone)?;
    let coded = store::coded(&tx, id, doing.actor).await?;
    study.may_finish(doing.actor, coded).map_err(ActionError::Conflict)?;
    store::finish(&tx, id, doing.actor, doing.now).await?;
    tell(&tx, doing, "study.finish", &study, None, json!({ "cases": coded })).await?;
    let waits = |who: &str| who != doing.actor;
    let others = study.coders.iter().filter(|coder| waits(&coder.who));
    let mut status = study.status;
    if others.clone().all(|coder| coder.finished_at.is_some()) {
        status = StudyStatus::Complete;
        store::close(&tx, id, status, None, doing.now).await?;
        tell(
            &tx,
            doing,
            "study.complete",
            &study,
            None,
            json!({ "cases": study.cases }),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(status)
}

/// Ends a study before all have finished. What is in is shown, and that it is incomplete.
///
/// # Errors
/// [`ActionError::Invalid`] without a reason; [`ActionError::Conflict`] when it is over, or somebody else opened it.
pub async fn end(db: &Db, doing: Doing<'_>, id: StudyId, reason: &str) -> Result<(), ActionError> {
    let mut fields = Fields::default();
    let reason = fields.text("reason", reason, 500);
    let reason = fields.finish(reason)?;
    let tx = doing.begin(db).await?;
    let study = store::lock(&tx, id).await?.ok_or_else(gone)?;
    study.may_end(doing.actor).map_err(ActionError::Conflict)?;
    store::close(&tx, id, StudyStatus::Ended, Some(&reason), doing.now).await?;
    tell(&tx, doing, "study.end", &study, Some(&reason), json!({})).await?;
    Ok(tx.commit().await?)
}

/// Notes what was settled about a case on which people differ.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] while people are coding.
pub async fn settle(
    db: &Db,
    doing: Doing<'_>,
    id: StudyId,
    case: u32,
    draft: &SettlementDraft,
) -> Result<(), ActionError> {
    let mut fields = Fields::default();
    let cause = fields.needed("settled", &draft.settled, |text| match text {
        "none" => Ok(None),
        cause => cause.parse::<Cause>().map(Some),
    });
    let note = fields.text("note", &draft.note, 2_000);
    let (cause, note) = fields.finish((|| Some((cause?, note?)))())?;
    let tx = doing.begin(db).await?;
    let study = store::lock(&tx, id).await?.ok_or_else(gone)?;
    if study.status == StudyStatus::Open {
        let why = "people are still coding; what they see differently is settled afterwards";
        return Err(ActionError::Conflict(why.to_owned()));
    }
    if !(1..=study.cases).contains(&case) {
        return Err(ActionError::Conflict(format!("this study has no case {case}")));
    }
    let settlement = Settlement {
        id: SettlementId::fresh(),
        study: id,
        case,
        cause,
        note,
        by: doing.actor.to_owned(),
        at: doing.now,
        superseded_at: None,
    };
    store::settle(&tx, &settlement).await?;
    let detail = json!({ "case": case, "cause": settlement.cause });
    tell(&tx, doing, "study.settle", &study, Some(&settlement.note), detail).await?;
    Ok(tx.commit().await?)
}

fn gone() -> ActionError {
    ActionError::Conflict("there is no such study".to_owned())
}

/// Adds the audit event of a step.
async fn tell(
    tx: &Tx,
    doing: Doing<'_>,
    action: &str,
    study: &Study,
    reason: Option<&str>,
    detail: Value,
) -> Result<(), StoreError> {
    let subject = format!("studies/{}", study.id);
    doing.note(tx, action, &subject, reason, detail).await
}
