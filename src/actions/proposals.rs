//! What differs on a status page is kept as proposals; a person accepts one, which records the treaty action in the same
//! transaction, or refuses it with a reason.

use super::participation::{self, TreatyActionDraft};
use super::{ActionError, Doing, Fields};
use crate::domain::ids::ProposalId;
use crate::domain::proposals::{Plan, Proposal, ProposalStatus, Seen, plan};
use crate::domain::status_pages::{Difference, StatusPage};
use crate::store::library::Shelf;
use crate::store::{Db, StoreError, Tx, proposals as store};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What is typed when a proposal is accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AcceptDraft {
    /// The date of effect, where the depositary gives another than the rule.
    pub effect_date: String,
    /// Optional parts left out, separated by semicolons.
    pub parts_excluded: String,
    /// Where this is known from.
    pub source: String,
    /// Why it is recorded.
    pub reason: String,
}

/// Keeps what differs on a page: what is new is opened, what was refused stays refused, what is gone is closed.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &Db,
    doing: Doing<'_>,
    page: &StatusPage,
    found: &[Difference],
    seen: &Seen,
) -> Result<Plan, ActionError> {
    let tx = doing.begin(db).await?;
    let held = store::standing_in(&tx, &page.instrument).await?;
    let plan = plan(&held, page, found, seen);
    if plan.new.is_empty() && plan.gone.is_empty() {
        tx.roll_back().await?;
        return Ok(plan);
    }
    let new: Vec<Proposal> = plan
        .new
        .iter()
        .map(|(state, differs)| Proposal {
            id: ProposalId::fresh(),
            instrument: page.instrument.clone(),
            state: state.clone(),
            differs: differs.clone(),
            status: ProposalStatus::Open,
            found_by: doing.actor.to_owned(),
            found_at: doing.now,
            decided_by: None,
            decided_at: None,
            reason: None,
        })
        .collect();
    store::add(&tx, &new).await?;
    let said = match seen.status_as_at {
        Some(day) => format!("the page as at {day} says the same as we do"),
        None => "a later page says the same as we do".to_owned(),
    };
    let gone = ProposalStatus::Gone;
    store::settle(&tx, &plan.gone, gone, (doing.actor, doing.now), Some(&said)).await?;
    let detail = json!({
        "page": seen, "opened": plan.new.len(), "open_already": plan.known, "refused_before": plan.refused, "gone": plan.gone,
    });
    let subject = format!("untc/{}", page.instrument);
    doing.note(&tx, "proposal.find", &subject, None, detail).await?;
    tx.commit().await?;
    Ok(plan)
}

/// Accepts a proposal: records the treaty action that it names.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when it was decided already or names no treaty
/// action.
pub async fn accept(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    id: ProposalId,
    draft: &AcceptDraft,
) -> Result<Proposal, ActionError> {
    let known = store::find(db, id).await?.ok_or_else(gone)?;
    known.may_be_decided().map_err(ActionError::Conflict)?;
    let Some((kind, date)) = known.differs.record else {
        let why = "no treaty action follows from this proposal; see to it where it is kept, or refuse it";
        return Err(ActionError::Conflict(why.to_owned()));
    };
    let action = TreatyActionDraft {
        state: known.state.to_string(),
        instrument: known.instrument.to_string(),
        kind: kind.word().replace(' ', "_"),
        date: date.to_string(),
        effect_date: draft.effect_date.clone(),
        parts_excluded: draft.parts_excluded.clone(),
        source: draft.source.clone(),
        reason: draft.reason.clone(),
    };
    let decided = participation::decide(shelf, doing, &action)?;
    let tx = doing.begin(db).await?;
    let proposal = store::lock(&tx, id).await?.ok_or_else(gone)?;
    proposal.may_be_decided().map_err(ActionError::Conflict)?;
    participation::write(&tx, doing, &decided).await?;
    settle(&tx, doing, &proposal, ProposalStatus::Accepted, draft.reason.trim()).await?;
    tx.commit().await?;
    Ok(proposal)
}

/// Refuses a proposal. The same difference is not raised again; another one is.
///
/// # Errors
/// [`ActionError::Invalid`] without a reason; [`ActionError::Conflict`] when it was decided already.
pub async fn refuse(db: &Db, doing: Doing<'_>, id: ProposalId, reason: &str) -> Result<Proposal, ActionError> {
    let mut fields = Fields::default();
    let reason = fields.text("reason", reason, 2_000);
    let reason = fields.finish(reason)?;
    let tx = doing.begin(db).await?;
    let proposal = store::lock(&tx, id).await?.ok_or_else(gone)?;
    proposal.may_be_decided().map_err(ActionError::Conflict)?;
    settle(&tx, doing, &proposal, ProposalStatus::Refused, &reason).await?;
    tx.commit().await?;
    Ok(proposal)
}

async fn settle(
    tx: &Tx,
    doing: Doing<'_>,
    proposal: &Proposal,
    status: ProposalStatus,
    reason: &str,
) -> Result<(), StoreError> {
    store::settle(tx, &[proposal.id], status, (doing.actor, doing.now), Some(reason)).await?;
    let action = if status == ProposalStatus::Accepted {
        "proposal.accept"
    } else {
        "proposal.refuse"
    };
    let subject = format!("{}/{}", proposal.state, proposal.instrument);
    let detail: Value =
        json!({ "proposal": proposal.id, "theirs": proposal.differs.theirs, "ours": proposal.differs.ours });
    doing.note(tx, action, &subject, Some(reason), detail).await
}

fn gone() -> ActionError {
    ActionError::Conflict("there is no such proposal".to_owned())
}
