//! A session ends while somebody types: nothing of it is lost, it is done once, and nobody else can make use of the way.

use crate::support::app::{Answer, TestApp};
use crate::support::people::{self, PASSWORD};
use axum::http::StatusCode;
use servanda::domain::ids::EvidenceId;
use servanda::store::evidence;

const NEW: &str = "/states/MEX/evidence/new";
const RESUME: &str = "/sign-in/resume";
const FORM: &str = "application/x-www-form-urlencoded";
const HERE: &str = "http://servanda.example";
/// Longer than a session lasts.
const EVENING: &str = "2026-11-24T23:30:00Z";

/// Five thousand characters in several scripts, with everything that could be lost on the way.
fn long_text() -> String {
    let line = "Ligne <b>1</b> & 2 + 3 = 6 %41 \"guillemets\" d’été e\u{301} \u{1F30D} حقوق 移徙者 'x'\r\n";
    let mut text = line.repeat(80).chars().take(4_999).collect::<String>();
    text.push('.');
    text
}

fn typed(gist: &str) -> Vec<(String, String)> {
    [
        ("form_key", "kept-form-1"),
        ("title", "Typed while the session ended"),
        ("gist", gist),
        ("source_kind", "nhri"),
        ("author_role", "nhri"),
        ("published", "2026-03"),
        ("stance", "contradicts"),
        ("kind", "outcome"),
        ("reliability", "A"),
        ("credibility", "2"),
        ("provisions", "ICRMW-16.4"),
        ("provisions", "ICCPR-9.1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

async fn monitor() -> TestApp {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    app
}

async fn sign_in_there(app: &mut TestApp, page: &Answer, email: &str, password: &str) -> Answer {
    let mut fields = page.hidden_fields(RESUME);
    fields.push(("email".to_owned(), email.to_owned()));
    fields.push(("password".to_owned(), password.to_owned()));
    app.post_fields(RESUME, &fields).await
}

async fn saved(app: &TestApp, place: &str) -> servanda::domain::summaries::StoredEvidence {
    let id = place.trim_start_matches("/evidence/").split('?').next().unwrap_or("");
    let id: EvidenceId = id.parse().unwrap_or_else(|_| panic!("no evidence at {place}"));
    evidence::latest(&app.test.db, id)
        .await
        .expect("readable")
        .expect("there")
}

#[tokio::test]
async fn what_was_typed_survives_the_end_of_the_session_byte_for_byte_and_is_done_once() {
    let mut app = monitor().await;
    let gist = long_text();
    let mut sent = typed(&gist);
    sent.insert(0, ("form_token".to_owned(), "of the old session".to_owned()));
    app.at(EVENING);
    let before = app.audited().await;

    let page = app.post_fields(NEW, &sent).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    page.says(&["nothing you typed is lost", "Sign in and go on", "移徙者"]);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");

    let wrong = sign_in_there(&mut app, &page, people::MONITOR, "not the password").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong
        .says(&["do not belong together", "移徙者"])
        .keeps_quiet_about(&["not the password"]);

    let page = sign_in_there(&mut app, &wrong, people::MONITOR, PASSWORD).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.says(&["You are signed in again; nothing was lost", "Test monitor"])
        .keeps_quiet_about(&[PASSWORD, "of the old session"]);

    let mut again = page.hidden_fields(NEW);
    let token = again.remove(0);
    assert_eq!(token.0, "form_token");
    assert_eq!(again, typed(&gist), "every field, in order, as it was typed");

    again.insert(0, token);
    let first = app.post_fields(NEW, &again).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let stored = saved(&app, first.to()).await;
    assert_eq!(stored.evidence.gist, gist.replace("\r\n", "\n").trim());
    assert_eq!(stored.recorded_by, people::MONITOR);
    assert_eq!(stored.evidence.provisions.len(), 2);

    let second = app.post_fields(NEW, &again).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER);
    assert_eq!(second.to(), "/sent/kept-form-1");
    assert_eq!(app.get("/sent/kept-form-1").await.to(), first.to());
    // One failed sign-in leaves no event; a session and one item do.
    assert_eq!(app.audited().await, before + 2);
}

#[tokio::test]
async fn what_was_changed_after_going_back_is_told_from_a_double_click_and_kept() {
    let mut app = monitor().await;
    let token = ("form_token".to_owned(), app.see(NEW).await.value_of("form_token"));
    let with = |mut fields: Vec<(String, String)>| {
        fields.insert(0, token.clone());
        fields
    };
    let first = app.post_fields(NEW, &with(typed("As it was first."))).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);

    let page = app
        .post_fields(NEW, &with(typed("As it was changed after going back.")))
        .await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.says(&[
        "You sent this form before",
        "As it was changed after going back.",
        "/sent/kept-form-1",
    ]);
    assert_eq!(app.get("/sent/kept-form-1").await.to(), first.to());
    assert_eq!(saved(&app, first.to()).await.evidence.gist, "As it was first.");

    // Sent as something new it is, once.
    let anew = page.hidden_fields(NEW);
    let (second, again) = (app.post_fields(NEW, &anew).await, app.post_fields(NEW, &anew).await);
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    assert_eq!(app.get(again.to()).await.to(), second.to());
    let stored = saved(&app, second.to()).await;
    assert_eq!(stored.evidence.gist, "As it was changed after going back.");
    assert_ne!(second.to(), first.to());
}

#[tokio::test]
async fn who_signed_in_anew_elsewhere_sends_the_form_with_one_more_press() {
    let mut app = monitor().await;
    app.see(NEW).await;
    let mut sent = typed("Short.");
    sent.insert(0, ("form_token".to_owned(), "of another session".to_owned()));
    sent.push(("new_password".to_owned(), "never sent back".to_owned()));
    let page = app.post_fields(NEW, &sent).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.says(&["Nothing was lost", "It will be sent as <b>Test monitor, monitor</b>"])
        .keeps_quiet_about(&["never sent back", "of another session", "Sign in and go on"]);
    let done = app.post_fields(NEW, &page.hidden_fields(NEW)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(saved(&app, done.to()).await.evidence.gist, "Short.");
}

#[tokio::test]
async fn another_person_may_send_it_and_is_named_first() {
    let mut app = monitor().await;
    app.at(EVENING);
    let page = app.post_fields(NEW, &typed("Short.")).await;
    let page = sign_in_there(&mut app, &page, people::ADMINISTRATOR, PASSWORD).await;
    page.says(&["It will be sent as <b>Test administrator, administrator</b>"]);
    // Loading that page once more asks for no password and loses nothing.
    let again = app.post_fields(NEW, &page.hidden_fields(NEW)).await;
    assert_eq!(saved(&app, again.to()).await.recorded_by, people::ADMINISTRATOR);
}

#[tokio::test]
async fn a_form_with_a_file_keeps_its_texts_and_says_that_the_file_is_gone() {
    let mut app = TestApp::start().await;
    let part =
        |name: &str, value: &str| format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let file = "--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 body\r\n";
    let body = format!("{}{file}{}--B--\r\n", part("title", "Loi é"), part("gist", "a\r\nb"));
    let headers = [("content-type", "multipart/form-data; boundary=B"), ("origin", HERE)];
    let page = app.post_with(NEW, &headers, body).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    page.says(&["A file cannot be kept", "Loi é"])
        .keeps_quiet_about(&["%PDF-1.7", "a.pdf"]);
    let page = sign_in_there(&mut app, &page, people::MONITOR, PASSWORD).await;
    let kept = page.hidden_fields(NEW);
    assert!(kept.contains(&("gist".to_owned(), "a\r\nb".to_owned())), "{kept:?}");
}

#[tokio::test]
async fn a_form_with_a_file_of_who_signed_in_anew_keeps_its_texts_too() {
    let mut app = monitor().await;
    let text = "--B\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nLoi é\r\n";
    let file = "--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 body\r\n";
    let body = format!("{text}{file}--B--\r\n");
    let length = body.len().to_string();
    let headers = [
        ("content-type", "multipart/form-data; boundary=B"),
        ("origin", HERE),
        ("content-length", &length),
    ];
    let page = app.post_with("/files", &headers, body).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text);
    page.says(&["A file cannot be kept", "Loi é", "as <b>Test monitor, monitor</b>"])
        .keeps_quiet_about(&["%PDF-1.7"]);
}

#[tokio::test]
async fn a_form_is_remembered_for_thirty_days() {
    let mut app = monitor().await;
    app.see(NEW).await;
    let token = app.see(NEW).await.value_of("form_token");
    let mut sent = typed("Short.");
    sent.insert(0, ("form_token".to_owned(), token));
    assert_eq!(app.post_fields(NEW, &sent).await.status, StatusCode::SEE_OTHER);
    for (day, status) in [
        ("2026-12-22", StatusCode::SEE_OTHER),
        ("2026-12-25", StatusCode::NOT_FOUND),
    ] {
        app.at(&format!("{day}T08:00:00Z"));
        app.sign_in_as(people::MONITOR).await;
        assert_eq!(app.get("/sent/kept-form-1").await.status, status, "{day}");
    }
}

#[tokio::test]
async fn nothing_is_kept_for_a_form_that_did_not_surely_come_from_here() {
    let mut app = TestApp::start().await;
    let body = "title=Planted&gist=by+somebody+else".to_owned();
    for headers in [
        vec![("content-type", FORM), ("origin", "https://evil.example")],
        vec![("content-type", FORM), ("origin", "null")],
        vec![
            ("content-type", FORM),
            ("origin", HERE),
            ("sec-fetch-site", "cross-site"),
        ],
        vec![("content-type", FORM), ("sec-fetch-site", "same-site")],
        vec![("content-type", FORM), ("sec-fetch-site", "none")],
        vec![("content-type", FORM)],
        vec![("content-type", "text/plain"), ("origin", HERE)],
    ] {
        for signed_in in [false, true] {
            if signed_in {
                app.sign_in_as(people::MONITOR).await;
            } else {
                app.leave();
            }
            let page = app.post_with(NEW, &headers, body.clone()).await;
            assert!(page.status.is_client_error(), "{headers:?}: {}", page.status);
            page.keeps_quiet_about(&["Planted", "somebody else"]);
        }
    }
    app.leave();
    for nowhere in ["/nowhere", "/states", "/sign-in", "/api/v1/evidence"] {
        let page = app
            .post_with(nowhere, &[("content-type", FORM), ("origin", HERE)], body.clone())
            .await;
        assert!(page.status.is_client_error());
        page.keeps_quiet_about(&["Planted"]);
    }
}

#[tokio::test]
async fn a_carried_form_cannot_be_made_elsewhere_or_changed() {
    let mut app = TestApp::start().await;
    let page = app.post_fields(NEW, &typed("Short.")).await;
    let honest = page.hidden_fields(RESUME);
    let with = |name: &str, value: &str| -> Vec<(String, String)> {
        let mut fields = honest.clone();
        fields.retain(|(known, _)| known != name);
        fields.push((name.to_owned(), value.to_owned()));
        fields.push(("email".to_owned(), people::MONITOR.to_owned()));
        fields.push(("password".to_owned(), PASSWORD.to_owned()));
        fields
    };
    for (name, value) in [
        ("action", "javascript:alert(1)"),
        ("action", "https://evil.example/"),
        ("action", "/states/MEX/actions/new"),
        ("kept", "title=Planted"),
        ("proof", ""),
        ("form_token", ""),
    ] {
        let answer = app.post_fields(RESUME, &with(name, value)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}={value}");
        answer.keeps_quiet_about(&["Planted", "javascript", "evil.example", PASSWORD]);
    }
    // Nobody was signed in by any of these.
    assert_eq!(app.get("/reminders").await.status, StatusCode::SEE_OTHER);

    // From elsewhere the very same fields are worth nothing.
    let fields = with("x", "y");
    let body = fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    let cross = [("content-type", FORM), ("origin", "https://evil.example")];
    assert_eq!(app.post_with(RESUME, &cross, body).await.status, StatusCode::FORBIDDEN);

    // Nor in another browser.
    let cookies = app.leave();
    app.get("/sign-in").await;
    assert_eq!(
        app.post_fields(RESUME, &with("x", "y")).await.status,
        StatusCode::FORBIDDEN
    );
    app.return_with(cookies);
    assert_eq!(app.post_fields(RESUME, &with("x", "y")).await.status, StatusCode::OK);
}
