//! The edge, asked as a browser would: who may go where, signing in and out, forged forms, and what an error looks like.

use super::app_state::AppState;
use super::extract::{Administer, Allowed, Assess, CsrfForm, Follow, FormWithFile, RecordFacts};
use super::problem::Problem;
use super::{layers, router};
use crate::actions::sessions::mint_token;
use crate::actions::users::{NewUser, add, set_active};
use crate::clock::Clock;
use crate::config::Layers;
use crate::domain::users::{Email, Language, Role};
use crate::store::Db;
use crate::templates::Templates;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower::ServiceExt;

const WORDS: &str = "four ordinary words";

async fn app_at(base_url: &str) -> AppState {
    let db = Db::connect("sqlite::memory:").await.expect("opened");
    db.migrate().await.expect("migrated");
    let clock = Clock::fixed("2026-11-23T12:00:00Z".parse().expect("a moment"));
    for (name, role) in [
        ("ada", Role::Administrator),
        ("mo", Role::Monitor),
        ("ofi", Role::Official),
        ("rea", Role::Reader),
    ] {
        let new = NewUser {
            email: format!("{name}@example.org"),
            name: name.to_owned(),
            role,
            state: None,
            language: Language::English,
            time_zone: "UTC".to_owned(),
            password: WORDS.to_owned(),
        };
        add(&db, clock.now(), "test", new).await.expect("added");
    }
    let config = Layers::defaults()
        .flag("base_url", "test", Some(base_url))
        .build()
        .expect("valid");
    let templates = Templates::load().expect("templates");
    AppState::new(db, Arc::default(), clock, Arc::new(config), templates)
}

/// A browser: it keeps cookies and says where its forms stood.
struct Browser {
    site: Router,
    cookies: BTreeMap<String, String>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn to(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|to| to.to_str().ok())
            .unwrap_or("")
    }

    fn token(&self) -> String {
        let after = self.text.split("name=\"form_token\" value=\"").nth(1).unwrap_or("");
        after.split('"').next().unwrap_or("").to_owned()
    }
}

impl Browser {
    fn new(site: Router) -> Self {
        Self {
            site,
            cookies: BTreeMap::new(),
        }
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: impl Into<Body>) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::HOST, "servanda.example");
        let response = self
            .site
            .clone()
            .oneshot(request.body(body.into()).expect("a request"))
            .await
            .expect("answered");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, value) = cookie
                .to_str()
                .expect("text")
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
                .expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace('@', "%40").replace(' ', "+")));
        let form = "application/x-www-form-urlencoded";
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, form)
            .header(header::ORIGIN, "http://servanda.example");
        self.send(request, pairs.collect::<Vec<_>>().join("&")).await
    }

    async fn sign_in(&mut self, name: &str) -> Answer {
        let token = self.get("/sign-in").await.token();
        let email = format!("{name}@example.org");
        self.post(
            "/sign-in",
            &[("form_token", &token), ("email", &email), ("password", WORDS)],
        )
        .await
    }
}

/// The whole site and a room behind each door.
async fn rooms(app: &AppState) -> Router {
    type Form = CsrfForm<BTreeMap<String, String>>;
    let doors = Router::new()
        .route("/record", get(async |_: Allowed<RecordFacts>| "in"))
        .route("/assess", get(async |_: Allowed<Assess>| "in"))
        .route("/follow", get(async |_: Allowed<Follow>| "in"))
        .route("/administer", get(async |_: Allowed<Administer>| "in"))
        .route(
            "/write",
            post(async |_: Allowed<RecordFacts>, CsrfForm(typed, _): Form| {
                typed.get("word").cloned().unwrap_or_default()
            }),
        )
        .route("/panic", get(async || -> &'static str { panic!("a secret") }))
        .route("/api/v1/administer", get(async |_: Allowed<Administer>| "in"))
        .route(
            "/api/v1/gone",
            get(async || Problem::not_found("There is no state MXE.")),
        );
    router(app).merge(layers::wrap(doors, app))
}

#[tokio::test]
async fn each_door_opens_to_those_it_should() {
    use StatusCode as S;
    let app = app_at("http://servanda.example").await;
    let site = rooms(&app).await;
    let doors = ["/record", "/assess", "/follow", "/administer"];
    let table = [
        (None, [S::SEE_OTHER; 4]),
        (Some("rea"), [S::FORBIDDEN, S::FORBIDDEN, S::OK, S::FORBIDDEN]),
        (Some("ofi"), [S::FORBIDDEN, S::FORBIDDEN, S::OK, S::FORBIDDEN]),
        (Some("mo"), [S::OK, S::OK, S::OK, S::FORBIDDEN]),
        (Some("ada"), [S::OK; 4]),
    ];
    for (who, expected) in table {
        let mut browser = Browser::new(site.clone());
        if let Some(name) = who {
            assert_eq!(browser.sign_in(name).await.status, S::SEE_OTHER);
        }
        for (door, status) in doors.iter().zip(expected) {
            assert_eq!(browser.get(door).await.status, status, "{who:?} at {door}");
        }
    }
    let sent = Browser::new(site).get("/record?x=1").await;
    assert_eq!(sent.to(), "/sign-in?next=%2Frecord%3Fx%3D1");
}

#[tokio::test]
async fn signing_in_leads_back_and_never_elsewhere() {
    let app = app_at("http://servanda.example").await;
    let site = rooms(&app).await;
    for (next, to) in [
        ("/states/MEX", "/states/MEX"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("", "/"),
    ] {
        let mut browser = Browser::new(site.clone());
        let page = browser
            .get(&format!(
                "/sign-in?next={}",
                next.replace(':', "%3A").replace('/', "%2F")
            ))
            .await;
        assert!(!page.text.contains("evil"), "{next}");
        let fields = [
            ("form_token", &*page.token()),
            ("email", "Mo@Example.org"),
            ("password", WORDS),
            ("next", next),
        ];
        let answer = browser.post("/sign-in", &fields).await;
        assert_eq!((answer.status, answer.to()), (StatusCode::SEE_OTHER, to), "{next}");
        assert_eq!(
            browser.get("/sign-in").await.status,
            StatusCode::SEE_OTHER,
            "signed in already"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_keeps_the_address_and_says_nothing_more() {
    let app = app_at("http://servanda.example").await;
    let mut browser = Browser::new(router(&app));
    let mut shown = Vec::new();
    for email in ["mo@example.org", "nobody@example.org"] {
        let token = browser.get("/sign-in").await.token();
        let answer = browser
            .post(
                "/sign-in",
                &[("form_token", &token), ("email", email), ("password", "wrong one")],
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(&format!("value=\"{email}\"")) && !answer.text.contains("wrong one"));
        shown.push(answer.text.replace(email, ""));
    }
    assert_eq!(shown[0], shown[1], "nobody learns who has an account");
}

#[tokio::test]
async fn a_forged_form_changes_nothing() {
    let app = app_at("http://servanda.example").await;
    let mut browser = Browser::new(rooms(&app).await);
    let login = [("email", "mo@example.org"), ("password", WORDS)];
    assert_eq!(
        browser.post("/sign-in", &login).await.status,
        StatusCode::FORBIDDEN,
        "no token"
    );
    browser.sign_in("mo").await;
    let token = browser.get("/about").await.token();
    let good = browser
        .post("/write", &[("form_token", &token), ("word", "hello")])
        .await;
    assert_eq!((good.status, good.text.as_str()), (StatusCode::OK, "hello"));
    for wrong in ["", "x", &token[1..]] {
        let answer = browser.post("/write", &[("form_token", wrong)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text.contains("nothing was saved"));
    }
    let elsewhere = Request::post("/write").header(header::ORIGIN, "https://evil.example");
    let elsewhere = elsewhere.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = browser.send(elsewhere, format!("form_token={token}")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let mut other = Browser::new(browser.site.clone());
    other.sign_in("ada").await;
    assert_eq!(
        other.post("/write", &[("form_token", &token)]).await.status,
        StatusCode::FORBIDDEN,
        "another's token"
    );
}

#[tokio::test]
async fn signing_out_and_being_disabled_end_a_session() {
    let app = app_at("http://servanda.example").await;
    let site = rooms(&app).await;
    let mut browser = Browser::new(site.clone());
    browser.sign_in("mo").await;
    let kept = browser.cookies.clone();
    let page = browser.get("/about").await;
    assert!(page.text.contains("mo, monitor") && page.text.contains("My reminders"));
    let out = browser.post("/sign-out", &[("form_token", &page.token())]).await;
    assert_eq!(out.to(), "/?done=signed-out");
    browser.cookies = kept;
    assert_eq!(
        browser.get("/follow").await.status,
        StatusCode::SEE_OTHER,
        "the cookie opens nothing any more"
    );
    browser.sign_in("mo").await;
    let mo: Email = "mo@example.org".parse().expect("an address");
    set_active(&app.db, app.clock.now(), "test", &mo, false)
        .await
        .expect("disabled");
    assert_eq!(browser.get("/follow").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_program_comes_with_a_token_and_gets_documents() {
    let app = app_at("http://servanda.example").await;
    let mut browser = Browser::new(rooms(&app).await);
    let ask = |path: &str, token: &str| Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    let email: Email = "ada@example.org".parse().expect("an address");
    let token = mint_token(&app.db, app.clock.now(), "test", &email, "import")
        .await
        .expect("minted");
    assert_eq!(
        browser
            .send(ask("/api/v1/administer", &token), String::new())
            .await
            .status,
        StatusCode::OK
    );
    let wrong = browser
        .send(ask("/api/v1/administer", "servanda_x"), String::new())
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    for (path, status) in [
        ("/api/v1/administer", 401),
        ("/api/v1/gone", 404),
        ("/api/v1/nowhere", 404),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(
            answer.headers[header::CONTENT_TYPE],
            "application/problem+json",
            "{path}"
        );
        let document: serde_json::Value = serde_json::from_str(&answer.text).expect("a document");
        assert_eq!(
            (answer.status.as_u16(), &document["status"]),
            (status, &status.into()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_error_is_a_page_and_tells_no_secret() {
    let app = app_at("http://servanda.example").await;
    let mut browser = Browser::new(rooms(&app).await);
    let gone = browser.get("/nowhere").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.text.contains("Not found") && gone.text.contains("State, treaty or words"));
    let broken = browser.get("/panic").await;
    assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(broken.text.contains("Reference for the administrator") && !broken.text.contains("a secret"));
    assert_eq!(browser.get("/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let large = browser.post("/sign-in", &[("email", &"x".repeat(2_000_000))]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.text.contains("too large"));
}

#[tokio::test]
async fn every_answer_is_guarded_and_cookies_are_for_tls_where_there_is_tls() {
    let app = app_at("https://servanda.example").await;
    let mut browser = Browser::new(router(&app));
    for path in ["/about", "/nowhere", "/sign-in"] {
        let answer = browser.get(path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(
            policy.contains("default-src 'none'")
                && policy.contains("frame-ancestors 'none'")
                && !policy.contains("unsafe")
        );
        for name in [
            "x-content-type-options",
            "referrer-policy",
            "strict-transport-security",
            "x-request-id",
            "cache-control",
        ] {
            assert!(answer.headers.contains_key(name), "{path} without {name}");
        }
    }
    let cookie = Browser::new(router(&app)).get("/sign-in").await.headers[header::SET_COOKIE]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        cookie.starts_with("__Host-servanda-form=") && cookie.contains("HttpOnly; SameSite=Lax; Secure; Path=/"),
        "{cookie}"
    );
}

#[tokio::test]
async fn files_are_kept_for_ever_under_their_hash() {
    let app = app_at("http://servanda.example").await;
    let mut browser = Browser::new(router(&app));
    let address = app.assets.link("style.css").to_string();
    assert!(browser.get("/about").await.text.contains(&address));
    let sheet = browser.get(&address).await;
    assert_eq!(sheet.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(
        sheet.headers[header::CACHE_CONTROL]
            .to_str()
            .expect("text")
            .contains("immutable")
    );
    let again = Request::get(&address).header(header::IF_NONE_MATCH, &sheet.headers[header::ETAG]);
    assert_eq!(
        browser.send(again, String::new()).await.status,
        StatusCode::NOT_MODIFIED
    );
    assert_eq!(
        browser.get("/static/old/style.css").await.headers[header::CACHE_CONTROL],
        "no-cache"
    );
    assert_eq!(
        browser.get("/static/x/../../Cargo.toml").await.status,
        StatusCode::NOT_FOUND
    );
}

type Typed = BTreeMap<String, String>;

/// A site with a form that may carry a file: it answers with what was typed and what became of the file.
async fn site_with_upload() -> Browser {
    let app = app_at("http://servanda.example").await;
    let vault = crate::files::Vault::in_memory(&app.config.files);
    let app = app.with_vault(vault);
    let show = async |_: Allowed<RecordFacts>, form: FormWithFile<Typed>| {
        let file = match form.file {
            Ok(Some(file)) => format!("kept {}", file.name),
            Ok(None) => "none".to_owned(),
            Err(error) => error.to_string(),
        };
        let typed = form.fields.get("gist").cloned().unwrap_or_default();
        format!("{typed}|{file}|{}", form.key.as_deref().unwrap_or(""))
    };
    let doors = Router::new().route("/with-file", post(show));
    let mut browser = Browser::new(router(&app).merge(layers::wrap(doors, &app)));
    browser.sign_in("mo").await;
    browser
}

async fn send_parts(browser: &mut Browser, parts: &[(&str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (head, bytes) in parts {
        body.extend_from_slice(format!("--line\r\nContent-Disposition: form-data; name={head}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    let request = Request::post("/with-file").header(header::ORIGIN, "http://servanda.example");
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=line");
    browser.send(request, body).await
}

#[tokio::test]
async fn a_form_with_a_file_keeps_what_was_typed_whatever_becomes_of_the_file() {
    let mut browser = site_with_upload().await;
    let token = browser.get("/about").await.token();
    let proof = ("form_token", token.as_bytes());
    let gist = ("gist", "Año & 100 %=+\n".as_bytes());
    for (file, became) in [
        (("file; filename=\"a.csv\"", b"a,b\n".as_slice()), "kept a.csv"),
        (("file; filename=\"\"", b"".as_slice()), "none"),
        (
            ("file; filename=\"a.csv\"", b"".as_slice()),
            "The file is empty. Choose another one.",
        ),
        (
            ("file; filename=\"a.js\"", b"alert(1)".as_slice()),
            "The file is a script, and programs are not taken.",
        ),
    ] {
        let answer = send_parts(&mut browser, &[proof, ("form_key", b"key-1"), file, gist]).await;
        let expected = format!("Año & 100 %=+\n|{became}|key-1");
        assert_eq!((answer.status, answer.text), (StatusCode::OK, expected));
    }
    let plain = browser
        .post("/with-file", &[("form_token", &token), ("gist", "plain")])
        .await;
    assert_eq!((plain.status, plain.text.as_str()), (StatusCode::OK, "plain|none|"));
}

#[tokio::test]
async fn a_form_with_a_file_is_held_to_the_limits_of_any_form() {
    let mut browser = site_with_upload().await;
    let token = browser.get("/about").await.token();
    let proof = ("form_token", token.as_bytes());
    let long = vec![b'x'; 10_000_000];
    let answer = send_parts(&mut browser, &[proof, ("gist", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        answer.text.contains("all fields together may have 1 MB"),
        "{}",
        answer.text
    );
    let answer = send_parts(&mut browser, &[proof, ("gist", b"broken \xff\xfe text")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.contains("The field gist holds bytes that are no text"),
        "{}",
        answer.text
    );
    let many: Vec<(&str, &[u8])> = std::iter::repeat_n(("gist", b"x".as_slice()), 1_001).collect();
    assert_eq!(
        send_parts(&mut browser, &many).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(
        send_parts(&mut browser, &[("gist", b"x")]).await.status,
        StatusCode::FORBIDDEN
    );
    let mut reader = Browser::new(browser.site.clone());
    reader.sign_in("rea").await;
    assert_eq!(send_parts(&mut reader, &[proof]).await.status, StatusCode::FORBIDDEN);
}
