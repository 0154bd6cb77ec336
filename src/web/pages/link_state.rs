//! What is known of the link of a piece of evidence.

use crate::domain::links::{LinkState, LinkStatus};
use crate::store::links::{self, LinkSnapshot};
use crate::web::app_state::AppState;
use crate::web::problem::Problem;
use crate::web::view::obligations::Fact;
use chrono::{NaiveDate, NaiveTime};

/// What was known of a link at the end of that day. `None`: there is no link.
pub(super) async fn known(app: &AppState, link: &str, as_of: NaiveDate) -> Result<Option<LinkState>, Problem> {
    if link.is_empty() {
        return Ok(None);
    }
    let now = links::of(&app.db, &[link]).await?.remove(link.trim());
    let unchecked = || LinkState::unchecked(link, as_of.and_time(NaiveTime::MIN).and_utc());
    match now {
        None => Ok(Some(unchecked())),
        Some(now) if now.checked_at.is_none_or(|at| at.date_naive() <= as_of) => Ok(Some(now)),
        // It was asked since: what it led to before is in its history.
        Some(_) => {
            let then = links::snapshot_on(&app.db, link, as_of).await?;
            Ok(Some(then.map_or_else(unchecked, |then| before(unchecked(), then))))
        }
    }
}

fn before(unchecked: LinkState, then: LinkSnapshot) -> LinkState {
    let has_moved = then.status == LinkStatus::Moved;
    LinkState {
        status: then.status,
        since: then.at,
        checked_at: Some(then.at),
        final_address: then.detail.clone().filter(|_| has_moved),
        why: then.detail.filter(|_| !has_moved),
        ..unchecked
    }
}

/// The line that tells it.
pub(super) fn fact(state: &LinkState) -> Fact {
    let copy = if state.archived.is_some() {
        "; an archived copy is known"
    } else {
        ""
    };
    Fact::new("Link", format!("{}{copy}", state.words()))
}
