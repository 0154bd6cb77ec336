//! What is too large, broken or unknown at the edge is refused in plain words, and nothing is saved.

use crate::support::app::TestApp;
use crate::support::people;
use axum::http::StatusCode;

const NEW: &str = "/states/MEX/evidence/new";
const FORM: &str = "application/x-www-form-urlencoded";
const HERE: &str = "http://servanda.example";

async fn monitor() -> TestApp {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    app
}

#[tokio::test]
async fn ten_megabytes_of_text_are_refused_with_the_limit_and_what_to_do() {
    let mut app = monitor().await;
    let before = app.audited().await;
    let text = "x".repeat(10 * 1024 * 1024);
    for origin in [HERE, "https://evil.example"] {
        let headers = [("content-type", FORM), ("origin", origin)];
        let page = app.post_with(NEW, &headers, format!("title=a&gist={text}")).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
        page.says(&["at most 1 MB", "10,000 characters", "Nothing was saved", "Go back"]);
        assert!(page.text.len() < 20_000);
    }
    let json = [("content-type", "application/json"), ("origin", HERE)];
    let answer = app
        .post_with("/api/v1/evidence", &json, format!("{{\"gist\":\"{text}\"}}"))
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    answer.says(&["at most 1 MB"]);
    assert_eq!(app.audited().await, before);
}

#[tokio::test]
async fn broken_text_is_named_and_nothing_is_repaired_in_silence() {
    let mut app = monitor().await;
    let before = app.audited().await;
    let headers = [("content-type", FORM), ("origin", HERE)];
    let page = app
        .post_with(NEW, &headers, "title=Loi&gist=d%E9tention".to_owned())
        .await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    page.says(&["“gist”", "UTF-8", "Nothing was saved"]);

    let json = [("content-type", "application/json"), ("origin", HERE)];
    let answer = app
        .post_with("/api/v1/evidence", &json, "{\"title\": \"a\u{0}".to_owned())
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.says(&["line 1 column"]);

    for (address, status, words) in [
        ("/states?q=%FF", StatusCode::BAD_REQUEST, "“q”"),
        ("/states?q=a%00b", StatusCode::BAD_REQUEST, "control character"),
        ("/sent/%00", StatusCode::NOT_FOUND, "not text"),
        ("/evidence/%FF", StatusCode::NOT_FOUND, "not text"),
    ] {
        let page = app.get(address).await;
        assert_eq!(page.status, status, "{address}: {}", page.text);
        page.says(&[words]);
    }
    let long = app.get(&format!("/states?q={}", "x".repeat(9_000))).await;
    assert_eq!(long.status, StatusCode::URI_TOO_LONG);
    long.says(&["8192", "Choose fewer filters"]);
    assert_eq!(app.audited().await, before);
}

#[tokio::test]
async fn an_invisible_character_is_a_remark_at_its_field() {
    let mut app = monitor().await;
    let before = app.audited().await;
    app.see(NEW).await;
    for field in ["title", "gist", "symbol", "paragraph", "language", "link"] {
        let page = app.post_form(NEW, &[(field, "a\u{0}b"), ("theme", "T08")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        let at = format!("id=\"{field}-error\"");
        page.says(&[&at]);
    }
    let body = "{\"state\":\"MEX\",\"title\":\"a\\u0000b\"}".to_owned();
    let json = [("content-type", "application/json"), ("origin", HERE)];
    let answer = app.post_with("/api/v1/evidence", &json, body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.says(&["title: holds an invisible control character"]);
    let grade = "/states/MEX/obligations/ICRMW-16.4/grade";
    let page = app
        .post_form(
            grade,
            &[("grade", "2\u{0}"), ("reasons", "a\u{0}"), ("evidence", "\u{0}")],
        )
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = app
        .post_form("/sign-in", &[("email", "a\u{0}@example.org"), ("password", "\u{0}")])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.audited().await, before);
}

#[tokio::test]
async fn a_day_a_page_or_a_filter_that_is_none_is_told() {
    let mut app = monitor().await;
    for (address, words) in [
        ("/?as_of=2026-13-01", "2026-13-01"),
        ("/about?as_of=soon", "soon"),
        ("/themes?as_of=1.1.2020", "did you mean 2020-01-01"),
        ("/instruments/ICRMW?as_of=x", "“x”"),
        ("/api/v1/evidence?state=MEX&as_of=x", "“x”"),
        ("/history/states/MEX?as_of=x", "“x”"),
        ("/states/MEX/evidence?page=two", "“two” is not a page"),
        ("/states/MEX/evidence?page=-1", "“-1” is not a page"),
        ("/states/MEX/obligations?page=x", "“x” is not a page"),
        ("/states/MEX/gaps?page=x", "“x” is not a page"),
        ("/deadlines?page=x", "“x” is not a page"),
        ("/states/MEX/evidence?stance=maybe", "“maybe”"),
        ("/states/MEX/evidence?role=maybe", "“maybe”"),
        ("/history/states/MEX?before=x", "“x”"),
        ("/history/states/MEX?action=DROP%20TABLE", "DROP TABLE"),
        ("/history/states/MEX?who=nobody", "nobody"),
    ] {
        let page = app.get(address).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{address}: {}", page.text);
        page.says(&[words]);
    }
    for (address, words) in [
        ("/states/MEX/evidence?theme=T99", "T99"),
        ("/history/states/MXE", "MEX"),
        ("/history/evidence/x", "no evidence"),
        ("/history/obligations/MEX/ICRMW-16.44", "ICRMW"),
        ("/history/participation/MEX/ICRMX", "ICRMW"),
    ] {
        let page = app.get(address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{address}");
        page.says(&[words]);
    }
}
