//! Where a form leads that was sent twice: to what the first sending did.

use crate::store::forms::{self, Sent};
use crate::web::extract::{Actor, Visit};
use crate::web::links::Link;
use crate::web::problem::Problem;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use std::time::Duration;

/// How often, and how long apart, it is asked where the first sending led: it may still be on its way.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// Sends the visitor on.
pub(in crate::web) async fn sent(visit: Visit, Path(key): Path<String>) -> Result<Response, Problem> {
    let Actor::Session(session) = &visit.actor else {
        return Err(Problem::SignInNeeded);
    };
    for _ in 0..TRIES {
        let found = forms::sent(&visit.app.db, session.user.email.as_str(), &key).await?;
        match found {
            None => return Err(Problem::not_found("No form with this key was sent.")),
            Some(Sent {
                led_to: Some(place), ..
            }) => {
                let to = Link::back_to(&place).ok_or(Problem::Internal)?;
                return Ok(Redirect::to(to.as_str()).into_response());
            }
            Some(Sent { led_to: None, .. }) => tokio::time::sleep(PAUSE).await,
        }
    }
    Err(Problem::Invalid(
        "This was sent before and is done; nothing was done twice.".to_owned(),
    ))
}
