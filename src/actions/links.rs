//! What came of asking for links: written link by link, with an audit event where one dies or comes back.

use crate::domain::links::{LinkState, LinkStatus, Outcome};
use crate::store::audit::{self, Entry};
use crate::store::{Db, StoreError, links};
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

/// A link that was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What was known of it before.
    pub before: LinkState,
    /// What came of it.
    pub outcome: Outcome,
    /// An archived copy, where one was found.
    pub archived: Option<String>,
}

/// Takes the next links that are due. No audit event: the rows name their holder, and [`settle`] tells what became of
/// them.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    db: &Db,
    now: DateTime<Utc>,
    holder: &str,
    lease: Duration,
    most: u64,
) -> Result<Vec<LinkState>, StoreError> {
    links::claim(db, holder, now, lease, most).await
}

/// Writes what came of one link. `None`: the lease had ended and another worker has it.
///
/// # Errors
/// When the database fails; the link is then asked again when its lease ends.
pub async fn settle(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    holder: &str,
    asked: &Asked,
    network_works: bool,
) -> Result<Option<LinkState>, StoreError> {
    let before = &asked.before;
    let mut after = before.after(&asked.outcome, network_works, now);
    after.archived = asked.archived.clone().or(after.archived);
    let text = match &asked.outcome {
        Outcome::Alive(found) | Outcome::Moved { found, .. } => found.text.as_deref(),
        Outcome::Dead(_) | Outcome::Unreachable(..) | Outcome::Refused(_) => None,
    };
    let tx = db.begin().await?;
    if !links::settle(&tx, holder, before, &after, text, now).await? {
        return Ok(None);
    }
    if let Some(action) = event(before.status, after.status) {
        let detail = json!({
            "before": before.status,
            "now": after.status,
            "why": after.why,
            "http_status": after.http_status,
            "archived": after.archived,
        });
        let entry = Entry {
            at: now,
            actor,
            action,
            subject: &subject(&before.link),
            reason: None,
            detail,
        };
        audit::append(&tx, entry).await?;
    }
    tx.commit().await?;
    Ok(Some(after))
}

fn event(before: LinkStatus, now: LinkStatus) -> Option<&'static str> {
    match (before == LinkStatus::Dead, now == LinkStatus::Dead) {
        (false, true) => Some("link.dead"),
        (true, false) => Some("link.back"),
        _ => None,
    }
}

/// The link, as much of it as a subject holds.
fn subject(link: &str) -> String {
    link.chars().take(200).collect()
}
