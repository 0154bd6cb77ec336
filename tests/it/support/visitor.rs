//! The whole site with the shipped data, asked in this process as a browser would ask it.

use super::db::TestDb;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use servanda::actions::users::{NewUser, add};
use servanda::clock::Clock;
use servanda::config::Layers;
use servanda::domain::users::{Language, Role};
use servanda::store::library::Library;
use servanda::templates::Templates;
use servanda::web::{AppState, router};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt;

const WORDS: &str = "four ordinary words";

/// Somebody with a browser at a site of their own.
pub struct Visitor {
    /// The site's database.
    pub test: TestDb,
    site: Router,
    cookies: BTreeMap<String, String>,
}

/// What the site answered.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The page.
    pub text: String,
    headers: HeaderMap,
}

impl Answer {
    /// Where a redirect leads.
    pub fn to(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|to| to.to_str().ok())
            .unwrap_or("")
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let after = self
            .text
            .split(&format!("name=\"{name}\" value=\""))
            .nth(1)
            .unwrap_or("");
        after.split('"').next().unwrap_or("").to_owned()
    }

    /// What people read: no tags, single spaces.
    pub fn words(&self) -> String {
        let parts = self
            .text
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        let text: String = parts.collect::<Vec<_>>().join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The page as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).expect("JSON")
    }
}

impl Visitor {
    /// On 2026-11-23, not signed in.
    pub async fn new() -> Self {
        let test = TestDb::shipped().await;
        let clock = Clock::fixed("2026-11-23T12:00:00Z".parse().expect("a moment"));
        let config = Layers::defaults().build().expect("valid");
        let templates = Templates::load().expect("templates");
        let app = AppState::new(
            test.db.clone(),
            Arc::new(Library::default()),
            clock.clone(),
            Arc::new(config),
            templates,
        );
        for role in [Role::Monitor, Role::Reader] {
            let new = NewUser {
                email: format!("{role}@example.org"),
                name: "Mo Nitor".to_owned(),
                role,
                state: None,
                language: Language::English,
                time_zone: "UTC".to_owned(),
                password: WORDS.to_owned(),
            };
            add(&test.db, clock.now(), "test", new).await.expect("added");
        }
        Self {
            test,
            site: router(&app),
            cookies: BTreeMap::new(),
        }
    }

    /// Signed in as a monitor.
    pub async fn monitor() -> Self {
        let mut visitor = Self::new().await;
        visitor.sign_in(Role::Monitor).await;
        visitor
    }

    /// Signs in.
    pub async fn sign_in(&mut self, role: Role) {
        let email = format!("{role}@example.org");
        let answer = self
            .submit("/sign-in", "/sign-in", &[("email", &email), ("password", WORDS)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    /// Opens a page that is there.
    pub async fn reads(&mut self, path: &str) -> Answer {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.words());
        answer
    }

    /// Opens the page of a form, fills it in and sends it to `path`; its token is sent along.
    pub async fn submit(&mut self, form: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.reads(form).await.hidden("form_token");
        self.post(path, &token, fields).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let all = std::iter::once(("form_token", token)).chain(fields.iter().copied());
        let pairs: Vec<String> = all.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "http://servanda.example");
        self.send(request, pairs.join("&")).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::HOST, "servanda.example");
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.site.clone().oneshot(request).await.expect("answered");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie
                .to_str()
                .expect("text")
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='));
            let (name, value) = pair.expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}
