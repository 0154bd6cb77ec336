//! A person decides; what the program suggests is shown, marked, and never decides. What a treaty body found lately is
//! departed from only on something newer.

use crate::support::app::TestApp;
use crate::support::desk;
use axum::http::StatusCode;
use servanda::actions::Doing;
use servanda::actions::evidence::{EvidenceDraft, add};
use servanda::domain::ids::EvidenceId;
use servanda::domain::users::Role;
use servanda::store::library;

const PAGE: &str = "/states/CYP/obligations/ICESCR-7";
const GRADE: &str = "/states/CYP/obligations/ICESCR-7/grade";

/// Evidence on the obligation, entered by the monitor and accepted by a colleague.
async fn enter(app: &TestApp, title: &str, role: &str, reliability: &str, grade: &str, published: &str) -> EvidenceId {
    let shelf = library::load_once(&app.test.db).await.expect("data");
    let kind = if role == "treaty_body" {
        "concluding_observations"
    } else {
        "nhri"
    };
    let draft = EvidenceDraft {
        state: "CYP".to_owned(),
        title: title.to_owned(),
        gist: "What it shows.".to_owned(),
        source_kind: kind.to_owned(),
        author_role: role.to_owned(),
        stance: if grade >= "3" { "supports" } else { "contradicts" }.to_owned(),
        strength: "strong".to_owned(),
        grade: grade.to_owned(),
        kind: "outcome".to_owned(),
        reliability: reliability.to_owned(),
        credibility: "1".to_owned(),
        published: published.to_owned(),
        provisions: vec!["ICESCR-7".to_owned()],
        symbol: title.to_owned(),
        ..EvidenceDraft::default()
    };
    let doing = Doing {
        actor: "monitor@example.org",
        now: desk::morning(),
        key: None,
    };
    let id = add(&app.test.db, &shelf.reference, doing, &draft).await.expect("added");
    desk::accept(&app.test.db, &format!("/evidence/{id}")).await;
    id
}

#[tokio::test]
async fn a_fresh_finding_of_a_treaty_body_is_departed_from_only_on_something_newer_that_is_named() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    enter(&app, "Follow-up of the committee", "treaty_body", "A", "1", "2026-02").await;
    let newer = enter(&app, "Report of the ombudsman", "nhri", "B", "4", "2026-09")
        .await
        .to_string();
    app.see(PAGE).await;
    let reasons = ("reasons", "Everything was put in place since.");
    let refused = app.post_form(GRADE, &[("grade", "4"), reasons, ("seen", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    refused.says(&[
        "“Follow-up of the committee”",
        "of 2026-02-28 says “not in place”",
        "name a newer item of reliability A or B",
        "href=\"#grade-grade\"",
        "Nobody has graded this obligation yet",
    ]);
    // One grade away is free, and so is any grade on something newer that the decision names.
    let near = app.post_form(GRADE, &[("grade", "2"), reasons, ("seen", "")]).await;
    assert_eq!(near.status, StatusCode::SEE_OTHER, "{}", near.text);
    let seen = app.see(PAGE).await.value_of("seen");
    let far = [("grade", "4"), reasons, ("seen", &*seen), ("evidence", &*newer)];
    let far = app.post_form(GRADE, &far).await;
    assert_eq!(far.status, StatusCode::SEE_OTHER, "{}", far.text);
    app.see(PAGE)
        .await
        .says(&["a person graded it “fully in place”", "superseded 2026-11-23"]);
}

#[tokio::test]
async fn a_suggestion_never_replaces_a_decision_and_a_departure_from_it_is_marked() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    enter(&app, "Visit of the ombudsman", "nhri", "A", "3", "2026-10").await;
    let page = app.see(PAGE).await;
    page.says(&[
        "Substantially in place (range:",
        "two items, newest 2026",
        "The evidence suggests “substantially in place”",
        "shows it is kept; strong: about exactly this duty",
        "What each item adds",
        "How likely each grade is by this rule",
    ]);
    let sent = app
        .post_form(
            GRADE,
            &[("grade", "0"), ("reasons", "A new law forbids it."), ("seen", "")],
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    app.see(PAGE)
        .await
        .says(&["a person graded it “contrary”", "differs from the suggestion"]);

    // More evidence moves the suggestion; the decision stays until a person decides again.
    enter(&app, "Figures of the statistics office", "nhri", "A", "4", "2026-11").await;
    enter(&app, "Figures of the labour inspection", "nhri", "A", "4", "2026-11").await;
    let page = app.see(PAGE).await;
    page.says(&["a person graded it “contrary”", "Fully in place (range:", "four items"]);
    app.see("/states/CYP/gaps")
        .await
        .says(&["ICESCR-7", "contrary", "as graded by persons"]);
}

#[tokio::test]
async fn each_item_shows_what_it_adds_and_one_that_does_not_weigh_says_why() {
    let mut app = TestApp::start().await;
    enter(&app, "Two of one origin", "nhri", "A", "2", "2026-10").await;
    enter(&app, "Without a grade", "nhri", "A", "", "2026-10").await;
    let page = app.see(PAGE).await;
    page.says(&[
        "Two of one origin",
        "carries no grade, so it does not weigh",
        "2026-10",
        "<b>no grade</b>",
        "The items weigh",
    ]);
    app.see(&format!("{PAGE}?as_of=2026-11-22"))
        .await
        .keeps_quiet_about(&["Two of one origin"]);
}
