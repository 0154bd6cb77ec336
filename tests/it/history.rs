//! Timelines: who did what to an object, when, what changed and why; and what nobody but insiders may learn from them.

use crate::bulk::{row, xlsx};
use crate::support::app::{Answer, TestApp};
use crate::support::desk::{self, doing};
use crate::support::people;
use axum::http::StatusCode;
use servanda::actions::bulk::{self, Confirmation, Incoming, confirm, finish};
use servanda::actions::evidence::{EvidenceDraft, revise};
use servanda::actions::reviews::{ReviewDraft, review};
use servanda::domain::bulk::Noun;
use servanda::domain::ids::EvidenceId;
use servanda::store::{audit, evidence, library};

const NEW: &str = "/states/MEX/evidence/new";
const GRADE: &str = "/states/MEX/obligations/ICRMW-16.4/grade";
const OBLIGATION: &str = "/history/obligations/MEX/ICRMW-16.4";

fn draft(title: &str, seen: &str) -> EvidenceDraft {
    EvidenceDraft {
        state: "MEX".to_owned(),
        title: title.to_owned(),
        gist: "Nine stations were visited.".to_owned(),
        source_kind: "nhri".to_owned(),
        author_role: "nhri".to_owned(),
        published: "2026-03".to_owned(),
        stance: "contradicts".to_owned(),
        grade: "1".to_owned(),
        kind: "outcome".to_owned(),
        reliability: "A".to_owned(),
        credibility: "2".to_owned(),
        theme: "T08".to_owned(),
        seen: seen.to_owned(),
        ..EvidenceDraft::default()
    }
}

async fn add(app: &TestApp, title: &str) -> EvidenceId {
    let shelf = library::load_once(&app.test.db).await.expect("the shelf");
    let doing = doing(people::MONITOR);
    let done = servanda::actions::evidence::add(&app.test.db, &shelf.reference, doing, &draft(title, "")).await;
    done.expect("added")
}

async fn step(app: &TestApp, step: &str, id: EvidenceId, revision: i32, remark: &str) {
    let draft = ReviewDraft {
        step: step.to_owned(),
        remark: remark.to_owned(),
        items: vec![format!("{id}@{revision}")],
    };
    review(&app.test.db, doing(people::COLLEAGUE), &draft)
        .await
        .expect("reviewed");
}

/// An event as another part of the program writes it.
async fn note(app: &TestApp, action: &str, subject: &str, detail: serde_json::Value) {
    let tx = app.test.db.begin().await.expect("begun");
    let entry = audit::Entry {
        at: desk::morning(),
        actor: people::MONITOR,
        action,
        subject,
        reason: Some("an inner remark"),
        detail,
    };
    audit::append(&tx, entry).await.expect("noted");
    tx.commit().await.expect("kept");
}

fn names_nobody(page: &Answer) {
    page.keeps_quiet_about(&["@example.org", "Test monitor", "Test administrator", "inner remark"]);
}

#[tokio::test]
async fn the_public_learns_of_evidence_when_it_is_accepted_and_of_nothing_before() {
    let mut app = TestApp::start().await;
    let id = add(&app, "Stations inspected").await;
    let place = format!("/history/evidence/{id}");
    let subject = format!("MEX/{id}");
    assert_eq!(app.get(&place).await.status, StatusCode::NOT_FOUND);
    app.see("/history/states/MEX")
        .await
        .keeps_quiet_about(&["Stations inspected"]);
    app.sign_in_as(people::COLLEAGUE).await;
    app.see(&place)
        .await
        .says(&["Test monitor", "wrote this evidence down", "Stations inspected"]);

    step(&app, "accept", id, 1, "an inner remark to the author").await;
    let shelf = library::load_once(&app.test.db).await.expect("the shelf");
    let second = EvidenceDraft {
        then: "draft".to_owned(),
        ..draft("Secret second thoughts", "1")
    };
    revise(&app.test.db, &shelf.reference, doing(people::MONITOR), id, &second)
        .await
        .expect("revised");
    note(
        &app,
        "comment.add",
        &subject,
        serde_json::json!({ "text": "secret comment" }),
    )
    .await;
    note(
        &app,
        "coding.hand_in",
        &subject,
        serde_json::json!({ "grade": 4, "why": "secret grade" }),
    )
    .await;
    note(
        &app,
        "evidence.merge",
        &subject,
        serde_json::json!({ "with": "secret other" }),
    )
    .await;
    note(
        &app,
        "brand.new",
        &subject,
        serde_json::json!({ "text": "secret novelty" }),
    )
    .await;

    let page = app.see(&place).await;
    page.says(&[
        "<del><span class=\"as-typed\">Stations inspected</span></del>",
        "Secret second thoughts",
        "accepted the revision: it counts from now on",
        "an inner remark to the author",
        "did “evidence.merge”",
        "did “brand.new”",
        "secret comment",
        "secret novelty",
    ]);
    // Who may grade blind does not read here what the other saw.
    page.keeps_quiet_about(&["secret grade"]);

    app.leave();
    let files = [".csv", ".json"].map(|end| format!("{place}{end}"));
    let state = ["", ".csv", ".json"].map(|end| format!("/history/states/MEX{end}"));
    for address in [place.clone(), format!("{place}?action=brand.new&who=x")]
        .into_iter()
        .chain(files)
        .chain(state)
    {
        let page = app.see(&address).await;
        page.says(&["accepted the revision", "a monitor", "Stations inspected"])
            .keeps_quiet_about(&["ecret", "wrote this", "comment", "coding", "brand.new", "merge"]);
        names_nobody(&page);
    }
    let book = app.see(&format!("{place}.xlsx")).await;
    assert!(book.header("content-type").contains("spreadsheet"));
    assert_eq!(
        app.get(&format!("{place}?as_of=2026-11-22")).await.status,
        StatusCode::NOT_FOUND
    );
    let before = app.see("/history/states/MEX?as_of=2026-11-22").await;
    before
        .keeps_quiet_about(&["Stations inspected"])
        .says(&["Nothing to tell"]);
}

#[tokio::test]
async fn a_rejected_item_leaves_no_trace_for_the_public() {
    let mut app = TestApp::start().await;
    let id = add(&app, "Hearsay about stations").await;
    step(&app, "reject", id, 1, "not a source").await;
    assert_eq!(
        app.get(&format!("/history/evidence/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    app.see("/history/states/MEX")
        .await
        .keeps_quiet_about(&["Hearsay", "not a source", "rejected"]);
    app.sign_in_as(people::READER).await;
    assert_eq!(
        app.get(&format!("/history/evidence/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    app.sign_in_as(people::MONITOR).await;
    app.see(&format!("/history/evidence/{id}"))
        .await
        .says(&["rejected the revision", "not a source"]);
}

#[tokio::test]
async fn a_grade_is_told_beside_the_grade_before_with_reasons_and_a_long_text_is_one_click_away() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    app.see("/states/MEX/obligations/ICRMW-16.4").await;
    let long = format!(
        "{}end of the reasons",
        "The law limits detention; practice exceeds it. ".repeat(20)
    );
    let first = app
        .post_form(GRADE, &[("grade", "1"), ("reasons", "Nothing was done yet.")])
        .await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    app.at("2026-11-24T08:00:00Z");
    app.sign_in_as(people::MONITOR).await;
    let page = app.see("/states/MEX/obligations/ICRMW-16.4").await;
    page.says(&[OBLIGATION]);
    let fields = [("grade", "2"), ("reasons", &long), ("seen", "any")];
    let second = app.post_form(GRADE, &fields).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);

    app.leave();
    let page = app.see(OBLIGATION).await;
    page.says(&[
        "2026-11-24 08:00:00 UTC",
        "<del><span class=\"as-typed\">1, not in place</span></del>",
        "2, partly in place",
        "Nothing was done yet.",
        "<details><summary>The law limits detention",
        "end of the reasons</p></details>",
        "2 things were done, the newest on 2026-11-24",
    ]);
    names_nobody(&page);
    let first_day = app.see(&format!("{OBLIGATION}?as_of=2026-11-23")).await;
    first_day
        .says(&["1, not in place", "1 thing was done"])
        .keeps_quiet_about(&["partly in place", "2026-11-24 08"]);

    app.sign_in_as(people::ADMINISTRATOR).await;
    let page = app.see(OBLIGATION).await;
    page.says(&["Test monitor", "/history/accounts/monitor%40example.org"]);
    let nobody = app.see(&format!("{OBLIGATION}?action=cause.record")).await;
    nobody.says(&["Nothing to tell"]);
}

#[tokio::test]
async fn people_and_evidence_have_their_names_in_a_timeline_and_nothing_of_the_machine_is_told() {
    let mut app = TestApp::start().await;
    let id = add(&app, "Visits to the stations").await;
    step(&app, "accept", id, 1, "").await;
    app.sign_in_as(people::MONITOR).await;
    app.see("/states/MEX/obligations/ICRMW-16.4").await;
    let asked = [("coders", people::MONITOR), ("coders", people::COLLEAGUE)];
    let sent = app
        .post_form("/states/MEX/obligations/ICRMW-16.4/codings", &asked)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = app.see(OBLIGATION).await;
    page.says(&["opened a double grading", "Test monitor, Test monitor"])
        .keeps_quiet_about(&["@example.org", "round"]);
    app.sign_in_as(people::ADMINISTRATOR).await;
    app.see("/states/MEX/obligations/ICRMW-16.4").await;
    let id = id.to_string();
    let fields = [("grade", "1"), ("reasons", "Nine stations."), ("evidence", &id)];
    let sent = app.post_form(GRADE, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = app.see(OBLIGATION).await;
    page.says(&["“Visits to the stations”"]).keeps_quiet_about(&[&id]);
}

#[tokio::test]
async fn what_an_import_loaded_is_told_and_what_a_person_recorded_since_stands_beside_it() {
    let mut app = TestApp::start().await;
    app.see("/history/participation/MEX/ICRMW")
        .await
        .says(&["loaded with the shipped data", "An import"]);
    app.see("/history/states/MEX").await.says(&[
        "loaded with the shipped data",
        "treaty actions",
        "pieces of evidence",
    ]);
    let page = app.see("/states/MEX").await;
    page.says(&["/history/states/MEX", "/history/participation/MEX/ICRMW"]);

    app.sign_in_as(people::MONITOR).await;
    app.see("/states/ALB/reports/new").await;
    let report = [
        ("instrument", "ICRMW"),
        ("cycle", "periodic 4"),
        ("submitted", "2026-11-20"),
        ("source", "Letter of the state to the committee"),
    ];
    let sent = app.post_form("/states/ALB/reports/new", &report).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    app.leave();
    let page = app.see("/history/participation/ALB/ICRMW").await;
    page.says(&[
        "recorded what became of a report",
        "2026-11-20",
        "Letter of the state to the committee",
        "a monitor",
    ]);
    names_nobody(&page);
}

#[tokio::test]
async fn accounts_are_for_administrators() {
    let mut app = TestApp::start().await;
    let place = "/history/accounts/reader%40example.org";
    assert!(app.get(place).await.to().starts_with("/sign-in"));
    for (email, status) in [
        (people::READER, StatusCode::FORBIDDEN),
        (people::MONITOR, StatusCode::FORBIDDEN),
        (people::ADMINISTRATOR, StatusCode::OK),
    ] {
        app.sign_in_as(email).await;
        assert_eq!(app.get(place).await.status, status, "{email}");
    }
    app.see(place).await.says(&["made the account", "signed in"]);
    let unknown = app.get("/history/accounts/nobody%40example.org").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_long_history_is_read_page_by_page_and_nothing_is_lost_or_shown_twice() {
    let mut app = TestApp::start().await;
    for number in 0..120 {
        let subject = if number % 2 == 0 { "MEX/ICRMW-16.4" } else { "MEX/ICRMW" };
        note(
            &app,
            "brand.new",
            subject,
            serde_json::json!({ "number": format!("no. {number} of all") }),
        )
        .await;
    }
    // Neighbours in the order of names, which are not this state.
    for subject in [
        "MEX",
        "MEW/ICRMW",
        "MEX0/ICRMW",
        "MEX./ICRMW",
        "MEXA/ICRMW",
        "mex/ICRMW",
    ] {
        note(
            &app,
            "brand.new",
            subject,
            serde_json::json!({ "number": "a stranger" }),
        )
        .await;
    }
    app.sign_in_as(people::MONITOR).await;
    let (mut place, mut seen, mut pages) = ("/history/states/MEX".to_owned(), Vec::new(), 0);
    loop {
        let page = app.see(&place).await;
        page.keeps_quiet_about(&["a stranger"]);
        pages += 1;
        seen.extend(
            page.text
                .split("no. ")
                .skip(1)
                .map(|rest| rest.split(' ').next().unwrap_or("").to_owned()),
        );
        if !page.text.contains(">Older</a>") {
            page.says(&["loaded with the shipped data"]);
            break;
        }
        page.keeps_quiet_about(&["loaded with the shipped data</p>"]);
        place = page.link("Older");
    }
    let numbers: Vec<String> = (0..120).rev().map(|number| number.to_string()).collect();
    assert_eq!((pages, seen), (3, numbers));
    let file = app.see("/history/states/MEX.json").await;
    assert_eq!(file.text.matches(" of all").count(), 120);
}

/// The monitor hands in a workbook and confirms it.
async fn import(app: &TestApp, bytes: &[u8]) {
    let db = &app.test.db;
    let path = std::env::temp_dir().join(format!("servanda-history-{}", uuid::Uuid::now_v7().simple()));
    std::fs::write(&path, bytes).expect("written");
    let incoming = Incoming {
        path: &path,
        name: "stations 2026.xlsx",
        sha256: "0",
        may_assess: true,
        holder: "test",
    };
    let read = bulk::read(db, doing(people::MONITOR), incoming).await.expect("read");
    let _ = std::fs::remove_file(&path);
    let shelf = library::load_once(db).await.expect("the shelf");
    let now = desk::morning();
    finish(db, &shelf, "test", now, read.id).await.expect("checked");
    let choice = Confirmation {
        choice: "all".to_owned(),
    };
    confirm(db, doing(people::MONITOR), read.id, &choice)
        .await
        .expect("confirmed");
    finish(db, &shelf, "test", now, read.id).await.expect("written");
}

#[tokio::test]
async fn what_came_with_a_file_is_told_with_who_imported_it_and_from_which_file() {
    let mut app = TestApp::start().await;
    let sheet = |noun| (noun, vec![row(noun, &[])]);
    import(
        &app,
        &xlsx(&[
            sheet(Noun::Evidence),
            sheet(Noun::Assessments),
            sheet(Noun::Recommendations),
        ]),
    )
    .await;
    let state = "MEX".parse().expect("a state");
    let waiting = [servanda::domain::reviews::ReviewStatus::Submitted];
    let held = evidence::latest_in_status(&app.test.db, &state, &waiting)
        .await
        .expect("readable");
    let item = format!("/history/evidence/{}", held[0].id);
    app.sign_in_as(people::COLLEAGUE).await;
    for (place, what) in [
        (
            item.as_str(),
            "imported this evidence from a file, “stations 2026.xlsx”",
        ),
        (OBLIGATION, "imported the grade from a file, “stations 2026.xlsx”"),
        (
            "/history/states/MEX",
            "imported rows on the state from a file, “stations 2026.xlsx”",
        ),
    ] {
        app.see(place).await.says(&[what, "Test monitor"]);
        app.see(&format!("{place}?action=evidence.accept"))
            .await
            .keeps_quiet_about(&["stations 2026.xlsx"]);
    }
    let whole = app.see("/history/states/MEX").await;
    whole.says(&["pieces of evidence", "grades", "recommendations"]);
    app.see(OBLIGATION)
        .await
        .says(&["Nothing shows that the limit is kept."]);
    // Nobody has accepted the evidence: everybody may read of the grade, and nobody's name or file.
    app.leave();
    app.see(OBLIGATION)
        .await
        .says(&["a monitor", "imported the grade from a file"])
        .keeps_quiet_about(&["stations 2026", "Test monitor"]);
    let public = app.see("/history/states/MEX").await;
    public.says(&["imported rows on the state", "recommendations"]);
    let import_line = public.text.split("imported rows").nth(1).expect("the line");
    let import_line = import_line.split("</li>").next().expect("its end");
    assert!(!import_line.contains("pieces of evidence"), "{import_line}");
    names_nobody(&public);
    app.see("/history/states/MEX?as_of=2026-11-22")
        .await
        .keeps_quiet_about(&["imported rows"]);
}
