//! Who sent the request: nobody in particular, somebody with a session, or a program with a token.

use crate::actions::sessions as actions;
use crate::domain::audit::digest;
use crate::domain::users::{Permission, Role, User};
use crate::store::sessions::{self, Session};
use crate::web::app_state::AppState;
use crate::web::cookies;
use crate::web::problem::Problem;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use std::convert::Infallible;
use std::sync::Arc;

/// Who sent the request.
#[derive(Debug, Clone, Default)]
pub enum Actor {
    /// Nobody in particular.
    #[default]
    Anonymous,
    /// Somebody in a browser.
    Session(Arc<Session>),
    /// A program of somebody.
    Token(Arc<User>),
}

impl Actor {
    /// Whose account it is.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::Anonymous => None,
            Self::Session(session) => Some(&session.user),
            Self::Token(user) => Some(user),
        }
    }

    /// Their role.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.user().map(|user| user.role)
    }

    /// Whether they may do that.
    #[must_use]
    pub fn may(&self, what: Permission) -> bool {
        what.granted_to(self.role())
    }
}

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Finds out once who sent the request, and leaves the answer for the extractors and for the error page.
pub(in crate::web) async fn identify(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let actor = match who(&app, request.headers()).await {
        Ok(actor) => actor,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(actor.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(actor);
    response
}

async fn who(app: &AppState, headers: &HeaderMap) -> Result<Actor, Problem> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        let hash = digest(token.ok_or(Problem::UnknownToken)?.trim());
        let user = sessions::token_user(&app.db, &hash).await?;
        return user
            .map(|user| Actor::Token(Arc::new(user)))
            .ok_or(Problem::UnknownToken);
    }
    let jar = CookieJar::from_headers(headers);
    let Some(token) = cookies::get(app, &jar, cookies::Name::Session) else {
        return Ok(Actor::Anonymous);
    };
    let now = app.clock.now();
    let Some(session) = sessions::find(&app.db, &digest(&token), now).await? else {
        return Ok(Actor::Anonymous);
    };
    if let Err(error) = actions::keep_open(&app.db, now, &session, app.config.session).await {
        tracing::warn!(%error, "a session could not be prolonged");
    }
    Ok(Actor::Session(Arc::new(session)))
}
