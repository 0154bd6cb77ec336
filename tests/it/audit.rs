//! The record is checked from the command line: what was changed behind the program's back is named, with who wrote it last.

use crate::support::app::TestApp;
use crate::support::db::TestDb;
use crate::support::{desk, people};
use axum::http::StatusCode;
use serde_json::Value;
use servanda::actions::import::ensure_shipped;
use servanda::domain::audit::{AuditEvent, FIRST};
use servanda::store::{audit, seals};
use std::process::{Command, Output};

const NEW: &str = "/states/MEX/evidence/new";

fn run(test: &TestDb, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("SERVANDA_DATABASE_URL", &test.url)
        .output()
        .expect("the program starts")
}

fn json(output: &Output) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {error}"))
}

/// Evidence that is in and accepted, and its identity.
async fn accepted() -> (TestApp, String) {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    app.see(NEW).await;
    let fields = [
        ("title", "Stations inspected without notice"),
        ("gist", "Nine stations were visited."),
        ("theme", "T08"),
        ("source_kind", "nhri"),
        ("author_role", "nhri"),
        ("published", "2026-03"),
        ("stance", "contradicts"),
        ("kind", "outcome"),
        ("reliability", "A"),
        ("credibility", "2"),
    ];
    let sent = app.post_form(NEW, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    desk::accept(&app.test.db, sent.to()).await;
    let id = sent
        .to()
        .trim_start_matches("/evidence/")
        .split('?')
        .next()
        .unwrap_or("");
    (app, id.to_owned())
}

#[tokio::test]
async fn a_row_changed_by_hand_is_named_with_who_wrote_it_and_where_to_look() {
    let (app, id) = accepted().await;
    let whole = run(&app.test, &["audit", "verify", "--format", "json"]);
    assert_eq!(whole.status.code(), Some(0));
    let verdict = json(&whole);
    assert_eq!(verdict["whole"], true);
    assert!(verdict["rows"].as_u64().expect("a count") > 7_000);

    let swap = |from: &str, to: &str| {
        format!("UPDATE evidence_revisions SET document = replace(document, '{from} stations', '{to} stations')")
    };
    app.test.execute(&swap("Nine", "No")).await;
    app.test
        .execute("UPDATE users SET role = 'administrator' WHERE email = 'reader@example.org'")
        .await;
    let broken = run(&app.test, &["audit", "verify", "--format", "json"]);
    assert_eq!(broken.status.code(), Some(1));
    let verdict = json(&broken);
    assert_eq!(verdict["whole"], false);
    let found = verdict["found"].as_array().expect("rows");
    assert_eq!(found.len(), 2, "{verdict}");
    let row = found
        .iter()
        .find(|one| one["room"] == "evidence_revisions")
        .expect("named");
    assert_eq!(row["key"], format!("{id}/1"));
    assert_eq!(row["what"], "changed");
    assert_eq!(row["actor"], people::COLLEAGUE);
    assert_eq!(row["action"], "evidence.accept");
    assert_eq!(row["subject"], format!("MEX/{id}"));

    let told = run(&app.test, &["audit", "verify"]);
    assert_eq!(told.status.code(), Some(1));
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    for words in [
        &id,
        "changed behind the program's back",
        people::COLLEAGUE,
        "servanda audit show",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }

    let look = row["look"].as_str().expect("a command");
    let mut look: Vec<&str> = look.split(' ').skip(1).collect();
    look.extend(["--format", "json"]);
    let events = json(&run(&app.test, &look));
    let actions: Vec<&Value> = events["events"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|one| &one["action"])
        .collect();
    assert_eq!(actions, ["evidence.add", "evidence.accept"]);
    assert_eq!(
        events["events"][0]["detail"]["evidence"]["gist"],
        "Nine stations were visited."
    );

    app.test.execute(&swap("No", "Nine")).await;
    app.test
        .execute("UPDATE users SET role = 'reader' WHERE email = 'reader@example.org'")
        .await;
    assert_eq!(run(&app.test, &["audit", "verify"]).status.code(), Some(0));
}

#[tokio::test]
async fn a_changed_event_and_rows_that_are_gone_are_named() {
    let (app, id) = accepted().await;
    app.test.execute("DELETE FROM evidence_reviews").await;
    let verdict = json(&run(&app.test, &["audit", "verify", "--format", "json"]));
    let found = verdict["found"].as_array().expect("rows");
    assert_eq!(found.len(), 2, "{verdict}");
    assert!(
        found
            .iter()
            .all(|one| one["what"] == "removed" && one["subject"] == format!("MEX/{id}"))
    );

    app.test
        .execute("UPDATE audit_events SET actor = 'mallory' WHERE action = 'evidence.accept'")
        .await;
    let verdict = json(&run(&app.test, &["audit", "verify", "--format", "json"]));
    let found = verdict["found"].as_array().expect("rows");
    assert_eq!((found.len(), &found[0]["what"]), (1, &Value::from("event")));
    assert_eq!(found[0]["action"], "evidence.accept");
}

#[tokio::test]
async fn events_are_listed_by_subject_state_and_day() {
    let (app, id) = accepted().await;
    let list = |subject: &str, more: &[&str]| {
        let mut all = vec!["audit", "events", "--format", "json", "--subject", subject];
        all.extend(more);
        let answer = json(&run(&app.test, &all));
        let rows = answer["events"].as_array().expect("rows").clone();
        rows.iter()
            .map(|one| one["action"].as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    let one = format!("MEX/{id}");
    assert_eq!(list(&one, &[]), ["evidence.accept", "evidence.add"]);
    assert_eq!(list("MEX", &[]), ["evidence.accept", "evidence.add"]);
    assert_eq!(list("MEX", &["--most", "1"]), ["evidence.accept"]);
    assert_eq!(list("MEX", &["--actor", people::MONITOR]), ["evidence.add"]);
    assert!(list("MEX", &["--as-of", "2026-11-22"]).is_empty());
    assert_eq!(list("MEX", &["--as-of", "2026-11-23"]).len(), 2);
    assert!(list("ME", &[]).is_empty());
    assert_eq!(list(people::READER, &[]), ["user.add"]);
    let unknown = run(&app.test, &["audit", "show", "users", "nobody"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[tokio::test]
async fn a_database_from_before_there_were_seals_is_sealed_once_and_verifies() {
    let test = TestDb::fresh().await;
    ensure_shipped(&test.db, desk::morning())
        .await
        .expect("the shipped data");
    // As a version without seals left it: rows, and an event that binds none.
    let event = AuditEvent {
        seq: 1,
        at: desk::morning(),
        actor: "import".to_owned(),
        action: "import".to_owned(),
        subject: "package".to_owned(),
        reason: None,
        detail: "{}".to_owned(),
    };
    let hash = event.hash(FIRST);
    test.execute("DELETE FROM seals").await;
    test.execute(&format!("UPDATE audit_events SET detail = '{{}}', hash = '{hash}'"))
        .await;
    let unsealed = audit::inspect(&test.db)
        .await
        .expect("read")
        .expect_err("no row is sealed");
    assert_eq!(unsealed.0.len(), 100, "only so many are named");
    assert!(unsealed.0.iter().all(|one| one.what == "added"));

    seals::adopt(&test.db, desk::morning()).await.expect("sealed");
    let whole = audit::inspect(&test.db).await.expect("read").expect("whole");
    assert_eq!(whole.events, 2);
    assert!(whole.rows > 7_000, "{whole}");
    seals::adopt(&test.db, desk::morning()).await.expect("nothing to do");
    assert_eq!(audit::count(&test.db).await.expect("read"), 2, "once is enough");

    test.execute("UPDATE themes SET document = '{}' WHERE code = 'T08'")
        .await;
    let found = audit::inspect(&test.db).await.expect("read").expect_err("noticed");
    assert_eq!((found.0.len(), found.0[0].key.as_str()), (1, "T08"));
    // A row that came in by hand is not adopted later.
    seals::adopt(&test.db, desk::morning()).await.expect("nothing to do");
    assert!(audit::inspect(&test.db).await.expect("read").is_err());
}
