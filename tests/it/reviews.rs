//! Evidence on its way through review, forms that are sent twice, and rows changed behind the program's back.

use crate::support::app::TestApp;
use crate::support::desk::{doing, typed};
use crate::support::people;
use axum::http::StatusCode;
use servanda::actions::ActionError;
use servanda::actions::evidence::{EvidenceDraft, revise};
use servanda::actions::reviews::{ReviewDraft, review};
use servanda::domain::ids::EvidenceId;
use servanda::domain::reviews::ReviewStatus;
use servanda::store::{audit, evidence};

const NEW: &str = "/states/MEX/evidence/new";

fn draft(changes: &[(&str, &str)]) -> EvidenceDraft {
    let fields = typed(changes);
    let object: serde_json::Map<String, serde_json::Value> = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    serde_json::from_value(object.into()).expect("a draft")
}

fn step(step: &str, remark: &str, id: EvidenceId, revision: i32) -> ReviewDraft {
    ReviewDraft {
        step: step.to_owned(),
        remark: remark.to_owned(),
        items: vec![format!("{id}@{revision}")],
    }
}

/// A monitor at the desk with one piece of evidence handed in.
async fn handed_in() -> (TestApp, EvidenceId) {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    app.see(NEW).await;
    let sent = app.post_form(NEW, &typed(&[])).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let id = sent
        .to()
        .trim_start_matches("/evidence/")
        .split('?')
        .next()
        .unwrap_or("");
    let id = id.parse().expect("an id");
    (app, id)
}

#[tokio::test]
async fn nobody_accepts_their_own_and_what_is_accepted_counts_until_a_change_is_accepted() {
    let (app, id) = handed_in().await;
    let db = &app.test.db;
    let own = review(db, doing(people::MONITOR), &step("accept", "", id, 1)).await;
    assert!(matches!(own, Err(ActionError::Conflict(why)) if why.contains("somebody else has to review it")));
    let bare = review(db, doing(people::COLLEAGUE), &step("return", " ", id, 1)).await;
    assert!(matches!(bare, Err(ActionError::Invalid(errors)) if errors[0].field == "remark"));
    let stale = review(db, doing(people::COLLEAGUE), &step("accept", "", id, 2)).await;
    assert!(matches!(stale, Err(ActionError::Conflict(_))));
    review(db, doing(people::COLLEAGUE), &step("accept", "", id, 1))
        .await
        .expect("accepted");

    let reference = &servanda::store::library::load_once(db)
        .await
        .expect("readable")
        .reference;
    let change = draft(&[("state", "MEX"), ("grade", "2"), ("seen", "1")]);
    assert_eq!(
        revise(db, reference, doing(people::COLLEAGUE), id, &change)
            .await
            .expect("written"),
        2
    );
    let all = evidence::revisions_of(db, id).await.expect("readable");
    assert!(
        all[0].stands() && !all[1].stands(),
        "the accepted one counts until the change is accepted"
    );
    let late = draft(&[("state", "MEX"), ("grade", "3"), ("seen", "1")]);
    let second = revise(db, reference, doing(people::MONITOR), id, &late).await;
    assert!(
        matches!(second, Err(ActionError::Conflict(_))),
        "who has not seen revision 2 may not write over it"
    );
    review(db, doing(people::MONITOR), &step("accept", "", id, 2))
        .await
        .expect("accepted");
    let all = evidence::revisions_of(db, id).await.expect("readable");
    assert!(!all[0].stands() && all[1].stands());
    assert_eq!(
        all[0].evidence.grade.map(|grade| grade.number()),
        Some(1),
        "what was accepted stays as it was"
    );
    app.audited().await;
}

#[tokio::test]
async fn a_returned_revision_is_mended_as_a_new_one() {
    let (app, id) = handed_in().await;
    let db = &app.test.db;
    review(db, doing(people::COLLEAGUE), &step("return", "Which stations?", id, 1))
        .await
        .expect("returned");
    let reference = &servanda::store::library::load_once(db)
        .await
        .expect("readable")
        .reference;
    let change = draft(&[("state", "MEX"), ("seen", "1"), ("then", "draft")]);
    revise(db, reference, doing(people::MONITOR), id, &change)
        .await
        .expect("a draft");
    let other = review(db, doing(people::COLLEAGUE), &step("submit", "", id, 2)).await;
    assert!(
        matches!(other, Err(ActionError::Conflict(_))),
        "a draft is its author's"
    );
    review(db, doing(people::MONITOR), &step("submit", "", id, 2))
        .await
        .expect("handed in");
    let latest = evidence::latest(db, id).await.expect("readable").expect("there");
    assert_eq!((latest.revision, latest.status), (2, ReviewStatus::Submitted));
    app.audited().await;
}

#[tokio::test]
async fn a_double_click_makes_one_item_and_both_land_on_it() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let form = app.see(NEW).await;
    let key = form.value_of("form_key");
    assert_eq!(key.len(), 32, "{key}");
    let fields = typed(&[("form_key", &key)]);
    let (first, second) = (app.post_form(NEW, &fields).await, app.post_form(NEW, &fields).await);
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(second.to(), format!("/sent/{key}"));
    let landed = app.get(second.to()).await;
    assert_eq!(landed.to(), first.to());
    app.sign_in_as(people::COLLEAGUE).await;
    assert_eq!(
        app.get(second.to()).await.status,
        StatusCode::NOT_FOUND,
        "a key is its sender's"
    );
}

#[tokio::test]
async fn an_item_named_twice_is_accepted_once_and_counts() {
    let (app, id) = handed_in().await;
    let twice = ReviewDraft {
        step: "accept".to_owned(),
        remark: String::new(),
        items: vec![format!("{id}@1"), format!(" {id}@1 ")],
    };
    let doing = doing(people::COLLEAGUE);
    let done = review(&app.test.db, doing, &twice).await.expect("accepted");
    assert_eq!(done.len(), 1);
    let stored = evidence::latest(&app.test.db, id).await.expect("read").expect("there");
    assert_eq!((stored.status, stored.replaced_at), (ReviewStatus::Accepted, None));
}

#[tokio::test]
async fn a_row_changed_added_or_removed_behind_the_programs_back_is_named() {
    let (app, id) = handed_in().await;
    let before = audit::verify(&app.test.db).await.expect("readable").expect("whole");
    assert!(before.rows > 7_000, "{before}");
    // Each change, how it is undone, and what is named.
    let cases = [
        (
            "UPDATE evidence_revisions SET document = replace(document, 'nine stations', 'no stations')",
            "UPDATE evidence_revisions SET document = replace(document, 'no stations', 'nine stations')",
            "evidence_revisions",
        ),
        (
            "UPDATE users SET role = 'administrator' WHERE email = 'reader@example.org'",
            "UPDATE users SET role = 'reader' WHERE email = 'reader@example.org'",
            "of accounts",
        ),
        (
            "UPDATE users SET password_hash = password_hash || 'x' WHERE email = 'reader@example.org'",
            "UPDATE users SET password_hash = substr(password_hash, 1, length(password_hash) - 1) \
             WHERE email = 'reader@example.org'",
            "of accounts",
        ),
        (
            "INSERT INTO api_tokens (token_hash, \"user\", name, created_at) \
             SELECT 'x', id, 'of my own', CURRENT_TIMESTAMP FROM users WHERE email = 'administrator@example.org'",
            "DELETE FROM api_tokens WHERE token_hash = 'x'",
            "of api_tokens was not written by this program",
        ),
        (
            "UPDATE evidence SET status = 'accepted', accepted_revision = 1 WHERE author = 'monitor@example.org'",
            "UPDATE evidence SET status = 'submitted', accepted_revision = NULL WHERE author = 'monitor@example.org'",
            "does not say what its revisions say (status)",
        ),
        (
            "UPDATE evidence_revisions SET theme = 'T01' WHERE recorded_by = 'monitor@example.org'",
            "UPDATE evidence_revisions SET theme = 'T08' WHERE recorded_by = 'monitor@example.org'",
            "does not say what its revisions say (theme of a revision)",
        ),
        (
            "INSERT INTO evidence_provisions (evidence, provision) \
             SELECT id, 'CRC-2' FROM evidence WHERE author = 'monitor@example.org'",
            "DELETE FROM evidence_provisions WHERE provision = 'CRC-2' \
             AND evidence IN (SELECT id FROM evidence WHERE author = 'monitor@example.org')",
            "does not say what its revisions say (provisions)",
        ),
        (
            "INSERT INTO themes (code, position, document, digest) VALUES ('T99', 99, '{}', '')",
            "DELETE FROM themes WHERE code = 'T99'",
            "was not written by this program",
        ),
        (
            "UPDATE seals SET digest = 'x' WHERE room = 'treaty_actions'",
            "SELECT 1",
            "the seals of event",
        ),
    ];
    for (change, undo, named) in cases {
        app.test.execute(change).await;
        let found = audit::verify(&app.test.db)
            .await
            .expect("readable")
            .expect_err("noticed");
        assert!(found.contains(named), "{change}: {found}");
        assert!(
            named != "evidence_revisions" || found.contains(&id.to_string()),
            "{found}"
        );
        app.test.execute(undo).await;
    }
}

#[tokio::test]
async fn a_row_that_was_removed_is_named() {
    let (app, _) = handed_in().await;
    app.test.execute("DELETE FROM evidence_reviews").await;
    let found = audit::verify(&app.test.db)
        .await
        .expect("readable")
        .expect_err("noticed");
    assert!(found.contains("of evidence_reviews is gone"), "{found}");
}

#[tokio::test]
async fn an_end_of_the_chain_that_was_cut_off_is_noticed() {
    let (app, _) = handed_in().await;
    let last = "DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)";
    app.test.execute(last).await;
    let found = audit::verify(&app.test.db)
        .await
        .expect("readable")
        .expect_err("noticed");
    assert!(
        found.contains("is gone: rows that it sealed are still there"),
        "{found}"
    );
}
