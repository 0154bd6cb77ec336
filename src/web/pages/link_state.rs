//! What is known of the link of a piece of evidence.

use crate::domain::links::LinkState;
use crate::store::links;
use crate::web::app_state::AppState;
use crate::web::problem::Problem;
use crate::web::view::obligations::Fact;
use chrono::NaiveDate;

/// What was known of a link on that day. `None`: there is none, or it was first asked later.
pub(super) async fn known(app: &AppState, link: &str, as_of: NaiveDate) -> Result<Option<LinkState>, Problem> {
    if link.is_empty() {
        return Ok(None);
    }
    let state = links::of(&app.db, &[link]).await?.remove(link.trim());
    Ok(state.filter(|state| state.checked_at.is_none_or(|at| at.date_naive() <= as_of)))
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
