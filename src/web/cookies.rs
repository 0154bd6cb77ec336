//! The two cookies: one for a session, one for the sign-in form before there is a session. Neither can be read by a
//! script, and over TLS neither can be set by another host.

use super::app_state::AppState;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Holds the token of a session.
    Session,
    /// Holds the secret of the sign-in form.
    Form,
}

impl Name {
    fn text(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-servanda",
            (Self::Session, false) => "servanda",
            (Self::Form, true) => "__Host-servanda-form",
            (Self::Form, false) => "servanda-form",
        }
    }
}

/// What the browser sent.
pub(super) fn get(app: &AppState, jar: &CookieJar, name: Name) -> Option<String> {
    jar.get(name.text(app.is_secure()))
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| !value.is_empty())
}

/// Sets the cookie until the browser closes; the server ends a session earlier.
pub(super) fn set(app: &AppState, jar: CookieJar, name: Name, value: String) -> CookieJar {
    jar.add(cookie(app, name, value))
}

/// Takes the cookie back.
pub(super) fn clear(app: &AppState, jar: CookieJar, name: Name) -> CookieJar {
    let mut gone = cookie(app, name, String::new());
    gone.make_removal();
    jar.add(gone)
}

fn cookie(app: &AppState, name: Name, value: String) -> Cookie<'static> {
    Cookie::build((name.text(app.is_secure()), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_secure())
        .build()
}
