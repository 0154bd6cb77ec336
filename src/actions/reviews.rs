//! Somebody hands a revision in, and somebody else accepts it, returns it with a remark, or rejects it with a reason.

use super::{ActionError, Doing, Fields};
use crate::domain::ids::EvidenceId;
use crate::domain::reviews::{ReviewMove, ReviewStep};
use crate::domain::summaries::StoredEvidence;
use crate::store::{Db, Tx, evidence, links, reviews as store};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashSet;
use utoipa::ToSchema;

/// A review as somebody sent it: one step with one or more items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReviewDraft {
    /// `submit`, `take_back`, `accept`, `return` or `reject`.
    pub step: String,
    /// What the author is told; needed to return and to reject.
    pub remark: String,
    /// Each item with the revision that was read: `identity@revision`.
    pub items: Vec<String>,
}

/// Most items that one review may decide.
const MOST: usize = 200;

/// Takes the step with all items, or with none.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when a step is not open any more.
pub async fn review(db: &Db, doing: Doing<'_>, draft: &ReviewDraft) -> Result<Vec<StoredEvidence>, ActionError> {
    let mut fields = Fields::default();
    let step = fields.needed("step", &draft.step, str::parse::<ReviewMove>);
    let needs_remark = step.is_some_and(ReviewMove::needs_remark);
    let remark = if needs_remark {
        fields.text("remark", &draft.remark, 4_000)
    } else {
        fields.maybe("remark", &draft.remark, 4_000)
    };
    let items = read_items(&mut fields, &draft.items);
    let parts = (|| Some((step?, remark?, items?)))();
    let (step, remark, items) = fields.finish(parts)?;

    let tx = doing.begin(db).await?;
    let ids: Vec<EvidenceId> = items.iter().map(|(id, _)| *id).collect();
    let held = evidence::latest_of(&tx, &ids).await?;
    let mut done = Vec::with_capacity(items.len());
    for (id, revision) in items {
        let found = held.iter().find(|one| one.id == id);
        let found = found.ok_or_else(|| ActionError::Conflict("there is no such evidence any more".to_owned()))?;
        if found.revision != revision {
            let why = format!("“{}” was changed meanwhile; read it again first", found.evidence.title);
            return Err(ActionError::Conflict(why));
        }
        take(&tx, doing, found, step, &remark).await?;
        done.push(found.clone());
    }
    if matches!(step, ReviewMove::Submit | ReviewMove::Accept) {
        let named: Vec<&str> = done.iter().map(|item| item.evidence.link.as_str()).collect();
        links::register(&tx, &named, doing.now).await?;
    }
    tx.commit().await?;
    Ok(done)
}

fn read_items(fields: &mut Fields, items: &[String]) -> Option<Vec<(EvidenceId, i32)>> {
    let given: Vec<&str> = items
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    if given.is_empty() || given.len() > MOST {
        fields.wrong("items", format!("choose from one to {MOST} pieces of evidence"));
        return None;
    }
    let read = |text: &&str| {
        let (id, revision) = text.split_once('@')?;
        Some((id.parse().ok()?, revision.parse().ok()?))
    };
    let found: Option<Vec<_>> = given.iter().map(read).collect();
    if found.is_none() {
        fields.wrong(
            "items",
            "an item is written as its identity, @ and the revision that was read",
        );
    }
    found.map(distinct)
}

/// An item that is named twice is decided once.
fn distinct(items: Vec<(EvidenceId, i32)>) -> Vec<(EvidenceId, i32)> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(*item)).collect()
}

async fn take(
    tx: &Tx,
    doing: Doing<'_>,
    item: &StoredEvidence,
    step: ReviewMove,
    remark: &str,
) -> Result<(), ActionError> {
    let own = item.recorded_by == doing.actor;
    let status = item.status.after(step, own);
    let status = status.map_err(|why| ActionError::Conflict(format!("“{}”: {why}", item.evidence.title)))?;
    evidence::set_status(tx, item, status, doing.now).await?;
    let kept = ReviewStep {
        evidence: item.id,
        revision: item.revision,
        step,
        by: doing.actor.to_owned(),
        at: doing.now,
        remark: remark.to_owned(),
    };
    store::add(tx, &kept).await?;
    let action = format!("evidence.{}", step.code());
    let subject = format!("{}/{}", item.evidence.state, item.id);
    Ok(doing
        .note(
            tx,
            &action,
            &subject,
            Some(remark).filter(|text| !text.is_empty()),
            json!({ "revision": item.revision, "status": status }),
        )
        .await?)
}
