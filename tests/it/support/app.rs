//! The whole site in this process, with the shipped data and an account of each role, asked as a browser would.

use super::db::TestDb;
use super::people::{self, PASSWORD};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::{DateTime, Utc};
use servanda::actions::import::ensure_shipped;
use servanda::clock::Clock;
use servanda::config::Layers;
use servanda::domain::users::Role;
use servanda::store::audit;
use servanda::templates::Templates;
use servanda::web::{AppState, router};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt;

const HOST: &str = "servanda.example";

/// A browser on the site: it keeps cookies, and takes the token of a form from the page it last saw.
pub struct TestApp {
    /// The database behind it.
    pub test: TestDb,
    /// What time it is there.
    pub clock: Clock,
    site: Router,
    cookies: BTreeMap<String, String>,
    token: String,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// As it came: a file is no text.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Where it sends the browser.
    pub fn to(&self) -> &str {
        self.header("location")
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// Holds that the page says all of these.
    pub fn says(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(self.text.contains(text), "“{text}” is not on the page:\n{}", self.text);
        }
        self
    }

    /// Holds that the page says none of these.
    pub fn keeps_quiet_about(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(!self.text.contains(text), "“{text}” is on the page:\n{}", self.text);
        }
        self
    }

    /// The value of the field of that name.
    pub fn value_of(&self, name: &str) -> String {
        let after = self
            .text
            .split(&format!("name=\"{name}\" value=\""))
            .nth(1)
            .unwrap_or("");
        after.split('"').next().unwrap_or("").to_owned()
    }

    /// The hidden fields of the form that is sent there, unescaped, in their order.
    pub fn hidden_fields(&self, action: &str) -> Vec<(String, String)> {
        let start = format!("action=\"{}\"", action.replace('&', "&amp;"));
        let form = self.text.split(&start).nth(1).unwrap_or_default();
        let form = form.split("</form>").next().unwrap_or_default();
        let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
        inputs
            .map(|input| {
                let (name, rest) = input.split_once("\" value=\"").expect("a value");
                let value = rest.split('"').next().expect("an end");
                (unescaped(name), unescaped(value))
            })
            .collect()
    }

    /// The address of the link with those words.
    pub fn link(&self, words: &str) -> String {
        let before = self.text.split(&format!("\">{words}</a>")).next().unwrap_or("");
        assert!(
            before.len() < self.text.len(),
            "no link “{words}” on the page:\n{}",
            self.text
        );
        before.rsplit("href=\"").next().unwrap_or("").replace("&amp;", "&")
    }
}

impl TestApp {
    /// The site on the morning of 23 November 2026.
    pub async fn start() -> Self {
        Self::start_with(|state| state).await
    }

    /// The same, with something of it changed.
    pub async fn start_with(change: impl FnOnce(AppState) -> AppState) -> Self {
        let test = TestDb::fresh().await;
        let clock = Clock::fixed("2026-11-23T08:00:00Z".parse().expect("a moment"));
        ensure_shipped(&test.db, clock.now()).await.expect("the shipped data");
        people::make(&test.db, clock.now()).await;
        let base = format!("http://{HOST}");
        let config = Layers::defaults().flag("base_url", "test", Some(&base));
        let config = Arc::new(config.build().expect("valid"));
        let templates = Templates::load().expect("templates");
        let state = AppState::new(test.db.clone(), Arc::default(), clock.clone(), config, templates);
        let state = change(state);
        Self {
            site: router(&state),
            test,
            clock,
            cookies: BTreeMap::new(),
            token: String::new(),
        }
    }

    /// Somebody comes back at that moment.
    pub fn at(&self, moment: &str) {
        let moment: DateTime<Utc> = moment.parse().expect("a moment");
        self.clock.set(moment);
    }

    /// Forgets the cookies: another person at another computer.
    pub fn leave(&mut self) -> BTreeMap<String, String> {
        std::mem::take(&mut self.cookies)
    }

    /// Comes back with cookies from [`TestApp::leave`].
    pub fn return_with(&mut self, cookies: BTreeMap<String, String>) {
        self.cookies = cookies;
    }

    /// Signs in with the account of that role.
    pub async fn sign_in(&mut self, role: Role) {
        let email = match role {
            Role::Administrator => people::ADMINISTRATOR,
            Role::Monitor => people::MONITOR,
            Role::Official => people::OFFICIAL,
            Role::Reader => people::READER,
        };
        self.sign_in_as(email).await;
    }

    /// Signs in with that account.
    pub async fn sign_in_as(&mut self, email: &str) {
        self.cookies.clear();
        self.get("/sign-in").await;
        let answer = self
            .post_form("/sign-in", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        self.get("/about").await;
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    /// Opens a page that must be there.
    pub async fn see(&mut self, path: &str) -> Answer {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer
    }

    /// Sends a body as it is, with those headers and no others but cookies and host.
    pub async fn post_with(&mut self, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let request = headers.iter().fold(Request::post(path), |request, (name, value)| {
            request.header(*name, *value)
        });
        self.send(request, body).await
    }

    /// Sends a form as a browser would that shows the answer's own fields: nothing is added.
    pub async fn post_fields(&mut self, path: &str, fields: &[(String, String)]) -> Answer {
        let pairs = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let origin = format!("http://{HOST}");
        let form = "application/x-www-form-urlencoded";
        self.post_with(path, &[("content-type", form), ("origin", &origin)], body)
            .await
    }

    /// Sends a form with the token of the page last seen, as the browser would.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("form_token={}", encoded(&self.token));
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", encoded(name), encoded(value)));
        }
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, format!("http://{HOST}"));
        self.send(request, body).await
    }

    /// Sends a form as it stands, after the token of the page last seen.
    pub async fn post_raw(&mut self, path: &str, body: &str) -> Answer {
        let body = format!("form_token={}&{body}", encoded(&self.token));
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, format!("http://{HOST}"));
        self.send(request, body).await
    }

    /// Sends a file under the key of a form, as the browser would.
    pub async fn post_file(&mut self, path: &str, key: &str, name: &str, bytes: &[u8]) -> Answer {
        self.upload(path, &[("form_key", key.as_bytes())], &[(name, bytes)])
            .await
    }

    /// The token of the page last seen.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Sends a form with files in it as the browser would; the token of the page last seen comes first.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &[u8])], files: &[(&str, &[u8])]) -> Answer {
        let token = self.token.clone();
        let fields = [&[("form_token", token.as_bytes())], fields].concat();
        self.send_parts(path, Body::from(multipart(&fields, files))).await
    }

    /// Sends the body of such a form, whatever it is.
    pub async fn send_parts(&mut self, path: &str, body: Body) -> Answer {
        let request = Request::post(path)
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .header(header::ORIGIN, format!("http://{HOST}"));
        self.send(request, body).await
    }

    /// Sends a request of one's own.
    pub async fn send(&mut self, request: axum::http::request::Builder, body: impl Into<Body>) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::HOST, HOST)
            .body(body.into())
            .expect("a request");
        let response = self.site.clone().oneshot(request).await.expect("answered");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().unwrap_or("");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        };
        let token = answer.value_of("form_token");
        if !token.is_empty() {
            self.token = token;
        }
        answer
    }

    /// Holds that nobody has tampered with the audit chain; how many events it has.
    pub async fn audited(&self) -> u64 {
        audit::verify(&self.test.db)
            .await
            .expect("read")
            .expect("the chain is whole")
            .events
    }
}

const BOUNDARY: &str = "----a-line-that-no-file-holds";

/// The body of a form with files, as browsers write it.
pub fn multipart(fields: &[(&str, &[u8])], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut part = |head: &str, bytes: &[u8]| {
        body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in fields {
        part(&format!("name=\"{name}\""), value);
    }
    for (name, bytes) in files {
        let name = name.replace('"', "%22");
        let head = format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream");
        part(&head, bytes);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    plain
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#x2F;", "/")
        .replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
