//! A form that came from this site, from the session that is sending it.
//!
//! Two independent proofs: the browser says where the form stood (`Origin`, `Sec-Fetch-Site`), and the form carries a
//! token that only a page of this session can know. Before there is a session the token belongs to a cookie of its own.

use super::actor::Actor;
use crate::domain::audit::{digest, sealed};
use crate::store::forms::{self, Sent};
use crate::web::app_state::AppState;
use crate::web::cookies;
use crate::web::fields;
use crate::web::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::{CookieJar, Form};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The fields of a form that was proved to come from this site, and the key that makes it do its work once.
#[derive(Debug, Clone)]
pub struct CsrfForm<T>(pub T, pub FormKey);

/// The key of a form: made when it was shown, so that sent twice it is done once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormKey {
    text: Option<String>,
    /// The digest of what the form says.
    digest: Option<String>,
}

/// The longest key that is looked at.
const LONGEST_KEY: usize = 64;

impl FormKey {
    /// A key as it was sent; none where it cannot be one.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let usable = (1..=LONGEST_KEY).contains(&text.len()) && text.chars().all(plain);
        Self {
            text: usable.then(|| text.to_owned()),
            digest: None,
        }
    }

    /// With these fields, as a browser sends them.
    #[must_use]
    pub(super) fn saying(mut self, fields: &[(String, String)]) -> Self {
        let own = |name: &str| name == "form_token" || name == "form_key";
        let said = fields.iter().filter(|(name, _)| !own(name));
        let said: Vec<String> = said.flat_map(|(name, value)| [name.clone(), value.clone()]).collect();
        self.digest = Some(digest(&sealed(&said)));
        self
    }

    /// The digest of what it says, where that is known.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// What became of this form, where the account sent it before.
    pub(super) async fn before(&self, app: &AppState, email: &str) -> Result<Option<Sent>, Problem> {
        match &self.text {
            Some(text) => Ok(forms::sent(&app.db, email, text).await?),
            None => Ok(None),
        }
    }

    /// Refuses a form that was sent before: with the same words it leads where the first sending led; with others it is
    /// said so, because those are saved nowhere.
    pub(super) fn refuse(&self, before: Option<Sent>) -> Result<(), Problem> {
        match (before, &self.text) {
            (Some(sent), Some(text)) => {
                let is_same = sent.digest.is_none() || self.digest.is_none() || sent.digest == self.digest;
                Err(if is_same {
                    Problem::Repeated
                } else {
                    Problem::ChangedSince
                }(text.clone()))
            }
            _ => Ok(()),
        }
    }

    /// The key as text.
    #[must_use]
    pub fn as_deref(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    form_token: String,
    #[serde(default)]
    form_key: String,
}

impl<T: DeserializeOwned> FromRequest<AppState> for CsrfForm<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let actor: Actor = parts.extensions.get().cloned().unwrap_or_default();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), app).await;
        let bytes = bytes.map_err(|rejection| Problem::of_status(rejection.status(), rejection.body_text()))?;
        let said = fields::read(&bytes)?;
        let again = || Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        let Envelope { form_token, form_key } = read(again(), app).await?;
        if !is_from_here(&parts.headers, &app.config.base_url) || !is_known(app, &actor, &parts.headers, &form_token) {
            return Err(Problem::Forged);
        }
        let key = FormKey::read(&form_key).saying(&said);
        if let Some(user) = actor.user() {
            key.refuse(key.before(app, user.email.as_str()).await?)?;
        }
        read(again(), app).await.map(|fields| Self(fields, key))
    }
}

impl FromRequestParts<AppState> for FormKey {
    type Rejection = Problem;

    /// Of a program: the header `Idempotency-Key`. One that cannot be used is refused: whoever sends it counts on it.
    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        let Some(sent) = parts.headers.get("idempotency-key") else {
            return Ok(Self::default());
        };
        match Self::read(sent.to_str().unwrap_or_default()) {
            Self { text: None, .. } => Err(Problem::Invalid(format!(
                "Idempotency-Key: must be from 1 to {LONGEST_KEY} letters (A to Z), digits, - and _"
            ))),
            key => Ok(key),
        }
    }
}

pub(super) async fn read<T: DeserializeOwned>(request: Request, app: &AppState) -> Result<T, Problem> {
    let form = Form::<T>::from_request(request, app).await;
    form.map(|Form(fields)| fields)
        .map_err(|rejection| Problem::Unreadable(rejection.to_string()))
}

/// Whether the token of a form belongs to who sends it.
pub(super) fn is_known(app: &AppState, actor: &Actor, headers: &HeaderMap, token: &str) -> bool {
    let secret = match actor {
        // No browser adds this header by itself.
        Actor::Token(_) => return true,
        Actor::Session(session) => Some(session.form_secret.clone()),
        Actor::Anonymous => cookies::get(app, &CookieJar::from_headers(headers), cookies::Name::Form),
    };
    secret.is_some_and(|secret| form_token(&secret).as_bytes().ct_eq(token.as_bytes()).into())
}

/// The token for the forms of a session with that secret.
pub(in crate::web) fn form_token(secret: &str) -> String {
    code(secret, &["servanda form"])
}

/// Proves that this text was put on a page for the browser that holds the secret.
pub(in crate::web) fn proof(secret: &str, text: &str) -> String {
    code(secret, &["servanda kept form", text])
}

fn code(secret: &str, parts: &[&str]) -> String {
    // HMAC takes a key of any length: this cannot fail, and if it did no token would fit.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    parts.iter().for_each(|part| mac.update(part.as_bytes()));
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Whether the browser says, where it says anything, that the form stood on this site.
pub(in crate::web) fn is_from_here(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let authority = |url: &str| {
        url.split_once("://")
            .map(|(_, rest)| rest.trim_end_matches('/').to_lowercase())
    };
    let origin = text("origin").is_none_or(|origin| {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .map(str::to_lowercase);
        authority(origin).is_some_and(|origin| Some(&origin) == host.as_ref() || Some(origin) == authority(base_url))
    });
    site && origin
}

/// The same, and the browser does say something: what would be shown to be confirmed must not come from elsewhere.
pub(in crate::web) fn is_surely_from_here(headers: &HeaderMap, base_url: &str) -> bool {
    let same = headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
    (same || headers.contains_key(header::ORIGIN)) && is_from_here(headers, base_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_from_elsewhere_is_seen() {
        let case = |fields: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.insert(*name, value.parse().expect("a value"));
            }
            is_from_here(&headers, "https://servanda.example")
        };
        assert!(case(&[]));
        assert!(case(&[
            ("origin", "https://servanda.example"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(case(&[("origin", "http://localhost:8080"), ("host", "localhost:8080")]));
        assert!(!case(&[
            ("origin", "https://evil.example"),
            ("host", "servanda.example")
        ]));
        assert!(!case(&[("origin", "null"), ("host", "servanda.example")]));
        assert!(!case(&[("sec-fetch-site", "cross-site")]));
        assert!(!case(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn tokens_belong_to_their_secret() {
        assert_eq!(form_token("a"), form_token("a"));
        assert_ne!(form_token("a"), form_token("b"));
        assert_eq!(form_token("a").len(), 43);
    }
}
