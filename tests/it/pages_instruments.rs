//! Anybody looks at the treaties, and at one: who is bound since when, by which rules, with which reservations.

use crate::support::app::TestApp;
use axum::http::StatusCode;
use servanda::domain::users::Role;

#[tokio::test]
async fn a_delegation_looks_up_who_is_bound() {
    let mut app = TestApp::start().await;
    let page = app.see("/instruments/ICRMW?as_of=2026-02-03&status=party").await;
    page.says(&[
        "On 2026-02-03, 60 of 197 states are bound by it",
        "60 states (parties) towards ICRMW, as of 2026-02-03",
        "/states/MLI?as_of=2026-02-03",
        "2003-10-01",
        "first day of the month following three months after deposit (art. 87(2))",
        "Committee on Migrant Workers",
        "Initial report within one year",
        "Liberty and immigration detention",
        "id=\"ICRMW-16.4\"",
        "reservation",
    ]);
    let csv = app.see(&page.link("CSV")).await;
    assert_eq!(csv.text.lines().count(), 61);
    let before = app.see("/instruments/ICRMW?as_of=2003-06-30").await;
    before.says(&["0 of 197 states are bound by it", "from 2003-07-01"]);
    let lower = app.see("/instruments/icrmw?status=signatory").await;
    lower.says(&["signatories, not bound"]);
    lower.keeps_quiet_about(&["class=\"tag strong\">party"]);
}

#[tokio::test]
async fn an_unknown_treaty_suggests_one() {
    let mut app = TestApp::start().await;
    let page = app.get("/instruments/ICRWM").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.says(&[
        "There is no instrument “ICRWM”; did you mean ICRMW?",
        "href=\"/instruments/ICRMW\"",
    ]);
    let wrong = app.get("/instruments/ICRMW?status=friend").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    wrong.says(&["choose acted, party"]);
}

#[tokio::test]
async fn all_treaties_in_order() {
    let mut app = TestApp::start().await;
    let page = app.see("/instruments?sort=-parties&as_of=2026-02-03").await;
    page.says(&[
        "38 treaties hold duties towards migrants",
        "aria-sort=\"descending\"",
        "/instruments/ICRMW?as_of=2026-02-03",
    ]);
    let csv = app.see("/instruments.csv?sort=-parties&as_of=2026-02-03").await;
    let parties = |line: &str| -> usize {
        line.rsplit(',')
            .nth(1)
            .and_then(|number| number.parse().ok())
            .expect("a number")
    };
    let all: Vec<usize> = csv.text.lines().skip(1).map(parties).collect();
    assert!(all.len() == 38 && all.is_sorted_by(|a, b| a >= b));
}

#[tokio::test]
async fn a_reader_follows_a_treaty_from_its_page() {
    let mut app = TestApp::start().await;
    app.see("/instruments/ICRMW")
        .await
        .keeps_quiet_about(&["/reminders/follow"]);
    app.sign_in(Role::Reader).await;
    let page = app.see("/instruments/ICRMW").await;
    page.says(&["action=\"/reminders/follow\""]);
    let done = app.post_form("/reminders/follow", &[("instrument", "ICRMW")]).await;
    assert_eq!(
        (done.status, done.to()),
        (StatusCode::SEE_OTHER, "/reminders?done=followed")
    );
    app.see("/instruments/ICRMW").await.says(&["You follow this treaty."]);
}
