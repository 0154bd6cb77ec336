//! Two or more people code the same cases blind, and the engine beside them; then everything is shown at once.

use crate::support::app::{Answer, TestApp};
use crate::support::browser::{Site, WIDTHS, Window};
use crate::support::desk::{accept, doing, morning};
use crate::support::people::{ADMINISTRATOR, COLLEAGUE, MONITOR, OFFICIAL, READER};
use axum::http::StatusCode;
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::Value;
use servanda::actions::evidence::{EvidenceDraft, revise};
use servanda::actions::studies::{CodeDraft, StudyDraft, code, end, finish, open};
use servanda::actions::{ActionError, Doing};
use servanda::domain::causes::Cause;
use servanda::domain::ids::StudyId;
use servanda::domain::studies::StudyStatus;
use servanda::domain::users::Role;
use servanda::store::{audit, evidence, library, studies};
use std::process::Command;

const SECRET: &str = "Only the first coder wrote zanzibar here.";

/// A table of so many cases.
fn table(cases: usize) -> String {
    let line =
        |at: usize| format!("c{at},MEX,2024-05-31,\"Case {at}: no statistics are kept, and inspectors lack cars.\"\n");
    format!("id,state,date,text\n{}", (1..=cases).map(line).collect::<String>())
}

fn draft(cases: usize, coders: &[&str], engine: bool) -> StudyDraft {
    StudyDraft {
        title: "Pilot of the guide".to_owned(),
        question: "Why does this gap stay open?".to_owned(),
        coders: coders.iter().map(|who| (*who).to_owned()).collect(),
        engine: if engine { "yes" } else { "no" }.to_owned(),
        cases: table(cases),
        ..StudyDraft::default()
    }
}

async fn asked(app: &TestApp, draft: &StudyDraft) -> Result<StudyId, ActionError> {
    let shelf = library::load_once(&app.test.db).await.expect("data");
    open(&app.test.db, &shelf, doing(ADMINISTRATOR), draft).await
}

fn chosen(cause: &str, reason: &str) -> CodeDraft {
    CodeDraft {
        cause: cause.to_owned(),
        sure: "yes".to_owned(),
        reason: reason.to_owned(),
        ..CodeDraft::default()
    }
}

async fn give(app: &TestApp, study: StudyId, who: &str, case: u32, cause: &str) -> Result<(), ActionError> {
    code(
        &app.test.db,
        doing(who),
        study,
        case,
        &chosen(cause, "Because it says so."),
    )
    .await
}

/// One letter for each case: r, w, i, o, u; a dot where there is none.
async fn line(app: &TestApp, study: StudyId, who: &str, letters: &str) {
    for (case, letter) in (1..).zip(letters.chars()) {
        if let Some(at) = "rwiou".find(letter) {
            give(app, study, who, case, Cause::ALL[at].code()).await.expect("coded");
        }
    }
}

/// Everything that the audit chain says of studies, as text.
async fn chain(app: &TestApp) -> String {
    let raw = Database::connect(&app.test.url).await.expect("opens");
    let sql = "SELECT action, COALESCE(reason, '') AS reason, detail FROM audit_events WHERE action LIKE 'study.%' ORDER BY seq";
    let rows = raw
        .query_all_raw(Statement::from_string(raw.get_database_backend(), sql))
        .await
        .expect("readable");
    let text = |row: &sea_orm::QueryResult, column: &str| row.try_get::<String>("", column).expect("text");
    let line = |row| ["action", "reason", "detail"].map(|column| text(row, column)).join(" ");
    let lines: Vec<String> = rows.iter().map(line).collect();
    raw.close().await.expect("closed");
    lines.join("\n")
}

fn number(answer: &Answer, of: &str, column: &str) -> String {
    let told: Value = serde_json::from_str(&answer.text).expect("JSON");
    let rows = told["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["Of"] == of).expect("a row");
    row[column]
        .as_str()
        .map_or_else(|| row[column].to_string(), str::to_owned)
}

#[tokio::test]
async fn a_monitor_opens_a_study_two_people_code_blind_and_the_results_open_when_both_have_finished() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    let desk = app.see("/desk").await;
    let list = app.see(&desk.link("Coding studies of causes")).await;
    list.says(&["No study has been opened yet", "Open a study"]);
    // A file is read into the form, and seen before anything is opened.
    let form = app.see("/studies/new").await;
    form.says(&["Which cases", "Test administrator"])
        .keeps_quiet_about(&[ADMINISTRATOR]);
    let read = app
        .upload("/studies/new", &[], &[("cases.csv", table(3).as_bytes())])
        .await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.text);
    read.says(&["c3,MEX,2024-05-31"]);
    let bad = app
        .upload(
            "/studies/new",
            &[],
            &[("cases.csv", b"id,state,text\nx,Atlantis,t\nx,MEX,\n")],
        )
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    bad.says(&[
        "row 1, state:",
        "Atlantis",
        "row 2, text: must be given",
        "row 2, id: “x” stands in a row above",
    ]);

    let (cases, one) = (
        table(3),
        [
            ("title", "Pilot"),
            ("question", "Why?"),
            ("engine", "yes"),
            ("coders", MONITOR),
        ],
    );
    let wrong = app
        .post_form("/studies", &[&one[..], &[("cases", "text\nOne only.")]].concat())
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says(&["choose 2 to 8 different people; there are 1", "href=\"#coders\""]);
    let fields = [
        &one[..],
        &[("coders", ADMINISTRATOR), ("cases", &cases), ("form_key", "open-1")],
    ]
    .concat();
    let sent = app.post_form("/studies", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    // A double click opens it once, and leads to the same page.
    let twice = app.post_form("/studies", &fields).await;
    assert_eq!(
        app.get(twice.to()).await.to().split('?').next(),
        sent.to().split('?').next()
    );
    let page = app.see(sent.to()).await;
    page.says(&[
        "2 people code 3 cases",
        "0 of 2 have finished",
        "Begin with case 1",
        "all 3",
    ]);
    let place = sent.to().split('?').next().expect("a path").to_owned();
    app.see("/studies")
        .await
        .says(&["1 study; one waits for your codes", "Pilot"]);

    let first = app.see(&format!("{place}/cases/1")).await;
    first
        .says(&[
            "Case 1: no statistics are kept",
            "Mexico",
            "Code it from this text alone",
            "Save and go on",
        ])
        .keeps_quiet_about(&["The engine"]);
    let empty = app
        .post_form(&format!("{place}/cases/1"), &[("cause", ""), ("reason", "")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.says(&["Cause: must be given", "Why: must be given", "href=\"#cause\""]);
    let answer = [
        ("cause", "resources"),
        ("subclass", "conflict"),
        ("sure", "yes"),
        ("reason", "x"),
    ];
    let stray = app.post_form(&format!("{place}/cases/1"), &answer).await;
    stray.says(&["belongs to other factors"]);
    let answer = [
        ("cause", "information"),
        ("subclass", "lack_of_information"),
        ("second", "resources"),
        ("sure", "no"),
        ("reason", SECRET),
        ("form_key", "code-1"),
    ];
    let sent = app.post_form(&format!("{place}/cases/1"), &answer).await;
    assert!(
        sent.to().starts_with(&format!("{place}/cases/2")),
        "{} {}",
        sent.to(),
        sent.text
    );
    let twice = app.post_form(&format!("{place}/cases/1"), &answer).await;
    assert!(app.get(twice.to()).await.to().starts_with(&format!("{place}/cases/2")));
    let id: StudyId = place.trim_start_matches("/studies/").parse().expect("an id");
    let held = studies::codes_by(&app.test.db, id, MONITOR).await.expect("codes");
    assert_eq!(held.len(), 1, "sent twice, saved once");
    let early = app.post_form(&format!("{place}/finish"), &[]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    early.says(&["2 cases have no code of yours yet"]);
    for case in [2, 3] {
        let plain = [
            ("cause", "resources"),
            ("sure", "yes"),
            ("reason", "Inspectors lack cars."),
        ];
        app.post_form(&format!("{place}/cases/{case}"), &plain).await;
    }
    app.see(&place).await.says(&["I have finished", "3 of 3"]);
    let sent = app.post_form(&format!("{place}/finish"), &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    app.see(sent.to())
        .await
        .says(&["you have finished", "1 of 2 have finished"]);
    // A code may still be changed.
    app.see(&format!("{place}/cases/2")).await.says(&["Replace your code"]);

    app.sign_in(Role::Administrator).await;
    for (path, status) in [("/results", 404), ("/results.json", 404), ("/codes.csv", 404)] {
        let hidden = app.get(&format!("{place}{path}")).await;
        assert_eq!(hidden.status.as_u16(), status, "{path}");
        hidden
            .says(&["is shown when all have finished"])
            .keeps_quiet_about(&["zanzibar"]);
    }
    for case in ["information", "resources", "information"].iter().zip(1..) {
        let plain = [("cause", *case.0), ("sure", "yes"), ("reason", "As I read it.")];
        app.see(&format!("{place}/cases/{}", case.1))
            .await
            .keeps_quiet_about(&["zanzibar"]);
        app.post_form(&format!("{place}/cases/{}", case.1), &plain).await;
    }
    let sent = app.post_form(&format!("{place}/finish"), &[]).await;
    let page = app.see(sent.to()).await;
    page.says(&["You were the last to finish", "All have finished"]);
    let told = app.see(&page.link("See what it came to")).await;
    told.says(&[
        "3 cases were coded by two or more of 2 people: 2 of 3 times all gave the same cause",
        "too few cases for a verdict",
        "resources and information, 1 of 3 pairs",
        "The engine against people",
        "On one case people differ",
        "Inspectors lack cars.",
        "As I read it.",
    ]);
    let csv = app.see(&format!("{place}/codes.csv")).await;
    csv.says(&[SECRET, "lack_of_information", "engine", "Test monitor"])
        .keeps_quiet_about(&[MONITOR]);
    let case = app.see(&format!("{place}/cases/3")).await;
    case.says(&["What they said", "The engine", "Settle it", "no statistics"]);
    let note = [
        ("settled", "information"),
        ("note", "The sentence begins with it: walrus."),
    ];
    let sent = app.post_form(&format!("{place}/cases/3/settle"), &note).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    app.see(&format!("{place}/results")).await.says(&["walrus"]);
    let history = app.see(&format!("/history{place}")).await;
    history.says(&[
        "opened a coding study",
        "coded a case of a study",
        "completed the study",
        "walrus",
    ]);
    let late = app
        .post_form(
            &format!("{place}/cases/2"),
            &[("cause", "other"), ("sure", "yes"), ("reason", "x")],
        )
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.says(&["no code can be changed"]);
    app.audited().await;
}

#[tokio::test]
async fn nobody_learns_a_code_or_the_engines_before_all_have_finished_from_any_page_file_or_event() {
    let mut app = TestApp::start().await;
    let study = asked(&app, &draft(2, &[MONITOR, COLLEAGUE], true))
        .await
        .expect("opened");
    let place = format!("/studies/{study}");
    code(&app.test.db, doing(MONITOR), study, 1, &chosen("other", SECRET))
        .await
        .expect("coded");
    let told = chain(&app).await;
    assert!(!told.contains("zanzibar") && !told.contains("\"other\""), "{told}");
    let held = studies::codes(&app.test.db, study).await.expect("codes");
    let mine = held.iter().find(|code| code.coder == MONITOR).expect("a code");
    assert!(
        told.contains(&mine.seal().expect("a seal")),
        "sealed, to be checked later"
    );
    assert!(!told.contains(&mine.id.to_string()));
    assert_eq!(held.len(), 3, "the engine's codes were made when it was opened");

    let everywhere = [
        place.clone(),
        format!("{place}/cases/1"),
        format!("{place}/results"),
        format!("{place}/results.csv"),
        format!("{place}/codes.json"),
        format!("/history{place}"),
        format!("/history{place}.csv"),
        format!("{place}?as_of=2027-01-01"),
        format!("{place}/results?as_of=2027-01-01"),
        "/studies".to_owned(),
        "/studies.json".to_owned(),
    ];
    for who in [COLLEAGUE, ADMINISTRATOR, OFFICIAL, READER] {
        app.sign_in_as(who).await;
        for path in &everywhere {
            let answer = app.get(path).await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
            answer.keeps_quiet_about(&["zanzibar", "The engine</h3>", "sign:"]);
        }
        let may = [COLLEAGUE, ADMINISTRATOR].contains(&who);
        assert_eq!(app.get(&place).await.status == StatusCode::OK, may, "{who}");
    }
    app.leave();
    assert!(app.get(&place).await.to().starts_with("/sign-in"));
    // Somebody who was not asked is refused.
    app.sign_in_as(ADMINISTRATOR).await;
    app.see(&format!("{place}/cases/1"))
        .await
        .keeps_quiet_about(&["Save and go on"]);
    let plain = [("cause", "other"), ("sure", "yes"), ("reason", "I was not asked.")];
    let refused = app.post_form(&format!("{place}/cases/1"), &plain).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says(&["did not ask you"]);
    // The day before there was no study.
    let before = app.get(&format!("{place}?as_of=2026-11-22")).await;
    assert_eq!(before.status, StatusCode::NOT_FOUND);
    before.keeps_quiet_about(&["Pilot"]);
    app.see("/studies?as_of=2026-11-22").await.keeps_quiet_about(&["Pilot"]);
    assert_eq!(
        app.get(&format!("{place}/results?as_of=2026-11-22")).await.status,
        StatusCode::NOT_FOUND
    );
    app.audited().await;
}

#[tokio::test]
async fn the_published_examples_come_out_to_the_third_decimal_through_the_whole_product() {
    let mut app = TestApp::start().await;
    // Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section B: two observers, twelve units.
    let two = asked(&app, &draft(12, &[MONITOR, COLLEAGUE], false))
        .await
        .expect("opened");
    line(&app, two, MONITOR, "rrwwoiiiuoor").await;
    line(&app, two, COLLEAGUE, "wrwwwiiiuooo").await;
    for (who, expected) in [(MONITOR, StudyStatus::Open), (COLLEAGUE, StudyStatus::Complete)] {
        assert_eq!(finish(&app.test.db, doing(who), two).await.expect("finished"), expected);
    }
    // Section C: four observers, twelve units, with values missing; so it was ended early.
    let fourth = "fourth@example.org";
    let new = servanda::actions::users::NewUser {
        email: fourth.to_owned(),
        name: "Fourth monitor".to_owned(),
        role: Role::Monitor,
        state: None,
        language: servanda::domain::users::Language::English,
        time_zone: "UTC".to_owned(),
        password: "four ordinary words".to_owned(),
    };
    servanda::actions::users::add(&app.test.db, morning(), "test", new)
        .await
        .expect("an account");
    let four = asked(&app, &draft(12, &[MONITOR, COLLEAGUE, ADMINISTRATOR, fourth], false))
        .await
        .expect("opened");
    for (who, letters) in [
        (MONITOR, "rwiiwrorw..."),
        (COLLEAGUE, "rwiiwworwu.i"),
        (ADMINISTRATOR, ".iiiwiowwur."),
        (fourth, "rwiiwoorwur."),
    ] {
        line(&app, four, who, letters).await;
    }
    assert!(finish(&app.test.db, doing(MONITOR), four).await.is_err());
    assert!(
        end(&app.test.db, doing(MONITOR), four, "Enough.").await.is_err(),
        "only who opened it"
    );
    end(&app.test.db, doing(ADMINISTRATOR), four, "Two fell ill: pelican.")
        .await
        .expect("ended");

    app.sign_in(Role::Monitor).await;
    let told = app.see(&format!("/studies/{two}/results")).await;
    told.says(&["alpha is 0.692", "9 of 12 times", "tentatively"])
        .keeps_quiet_about(&["incomplete", "The engine"]);
    let json = app.see(&format!("/studies/{two}/results.json")).await;
    assert_eq!(number(&json, "overall", "Alpha"), "0.691964");
    assert_eq!(number(&json, "information", "Alpha"), "1.000000");
    assert_eq!(number(&json, "information", "Verdict"), "too_few_cases");
    let told = app.see(&format!("/studies/{four}/results")).await;
    told.says(&[
        "alpha is 0.743",
        "This study is incomplete",
        "4 people left cases without a code",
        "pelican",
    ]);
    let json = app.see(&format!("/studies/{four}/results.json")).await;
    assert_eq!(number(&json, "overall", "Alpha"), "0.743421");

    // The command line says the same, and refuses what is not over.
    let third = asked(&app, &draft(2, &[MONITOR, COLLEAGUE], false))
        .await
        .expect("opened");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_servanda"))
            .args(["studies"])
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("SERVANDA_DATABASE_URL", &app.test.url)
            .output()
            .expect("runs")
    };
    let output = run(&["results", &four.to_string(), "--format", "json"]);
    assert!(output.status.success(), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        (&told["agreement"][0]["alpha"], &told["incomplete"]),
        (&0.743_421.into(), &true.into())
    );
    assert_eq!(told["confusion"]["pairs"], 55);
    let output = run(&["list", "--format", "json"]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told["studies"].as_array().map(Vec::len), Some(3));
    for wrong in [third.to_string(), "nonsense".to_owned()] {
        let output = run(&["results", &wrong]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{output:?}");
    }
    app.audited().await;
}

#[tokio::test]
async fn gaps_are_drawn_with_their_evidence_as_it_was_and_the_same_seed_draws_the_same() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    let page = app.see("/studies/new?states=CYP,+Azerbaijan").await;
    page.says(&["gaps with evidence are below", "Cyprus: ", "Azerbaijan: "]);
    let ticked = page.text.matches("name=\"gaps\"").count();
    assert!(ticked > 12, "{ticked}");
    let values: Vec<String> = page
        .text
        .split("name=\"gaps\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a value").to_owned())
        .collect();
    let drawn = |seed: &str| StudyDraft {
        gaps: values.clone(),
        cases: String::new(),
        number: "8".to_owned(),
        seed: seed.to_owned(),
        ..draft(0, &[MONITOR, COLLEAGUE], true)
    };
    let mut names = Vec::new();
    for seed in ["7", "7", "8"] {
        let id = asked(&app, &drawn(seed)).await.expect("opened");
        let cases = studies::cases(&app.test.db, id).await.expect("cases");
        assert_eq!(cases.len(), 8);
        assert!(
            cases
                .iter()
                .all(|case| !case.evidence.is_empty() && !case.text.is_empty())
        );
        names.push(
            cases
                .into_iter()
                .map(|case| (case.state, case.provision))
                .collect::<Vec<_>>(),
        );
        app.see(&format!("/studies/{id}"))
            .await
            .says(&[&format!("8 drawn at random from {}, seed {seed}", values.len())]);
    }
    assert_eq!(names[0], names[1]);
    assert_ne!(names[0], names[2]);

    // What is written later does not change a case.
    let id = asked(&app, &drawn("7")).await.expect("opened");
    let before = studies::case(&app.test.db, id, 1).await.expect("read").expect("a case");
    let place = format!("/evidence/{}", before.evidence[0].id);
    let held = evidence::latest(&app.test.db, before.evidence[0].id)
        .await
        .expect("read")
        .expect("there");
    let changed = EvidenceDraft {
        gist: "Written anew: pangolin.".to_owned(),
        seen: held.revision.to_string(),
        ..EvidenceDraft::of(&held.evidence)
    };
    let shelf = library::load_once(&app.test.db).await.expect("data");
    let done = revise(&app.test.db, &shelf.reference, doing(MONITOR), held.id, &changed).await;
    done.expect("revised");
    accept(&app.test.db, &place).await;
    app.see(&place).await.says(&["pangolin"]);
    assert_eq!(
        studies::case(&app.test.db, id, 1).await.expect("read"),
        Some(before.clone())
    );
    app.see(&format!("/studies/{id}/cases/1"))
        .await
        .says(&[&format!("revision {} was read", before.evidence[0].revision)]);

    let too_many = StudyDraft {
        number: "499".to_owned(),
        ..drawn("7")
    };
    assert!(matches!(asked(&app, &too_many).await, Err(ActionError::Invalid(_))));
    app.audited().await;
}

#[tokio::test]
async fn two_who_finish_at_once_complete_it_once_and_a_changed_row_is_found() {
    let app = TestApp::start().await;
    let study = asked(&app, &draft(2, &[MONITOR, COLLEAGUE], false))
        .await
        .expect("opened");
    for who in [MONITOR, COLLEAGUE] {
        line(&app, study, who, "rw").await;
    }
    let twice = Doing {
        key: Some("k-1"),
        ..doing(MONITOR)
    };
    let (one, other, again) = tokio::join!(
        finish(&app.test.db, twice, study),
        finish(&app.test.db, doing(COLLEAGUE), study),
        finish(&app.test.db, twice, study),
    );
    assert!(
        other.is_ok() && (one.is_ok() != again.is_ok()),
        "{one:?} {other:?} {again:?}"
    );
    let held = studies::find(&app.test.db, study).await.expect("read").expect("there");
    assert_eq!(
        (held.status, held.finished_on(morning().date_naive())),
        (StudyStatus::Complete, 2)
    );
    let told = chain(&app).await;
    assert_eq!(told.matches("study.complete").count(), 1);
    app.audited().await;
    let raw = Database::connect(&app.test.url).await.expect("opens");
    for (sql, room) in [
        ("UPDATE study_codes SET document = '{}' WHERE number = 1", "study_codes"),
        ("UPDATE study_cases SET document = '{}' WHERE number = 2", "study_cases"),
        ("UPDATE studies SET title = 'Another'", "studies"),
    ] {
        raw.execute_unprepared(sql).await.expect("changed");
        let found = audit::inspect(&app.test.db).await.expect("read").expect_err("broken");
        assert!(format!("{found:?}").contains(room), "{room}: {found:?}");
    }
    raw.close().await.expect("closed");
}

#[tokio::test]
async fn a_browser_opens_codes_and_reads_a_study_at_both_widths() {
    let site = Site::start().await;
    let window = Window::open(&site).await;
    window.sign_in(MONITOR).await;
    window.goto("/studies/new").await;
    window.fill("title", "Pilot of the guide").await;
    window.fill("cases", &table(6)).await;
    for user in servanda::store::users::list(&site.test.db).await.expect("accounts") {
        if [MONITOR, COLLEAGUE].contains(&user.email.as_str()) {
            window.choose("coders", &user.id.to_string()).await;
        }
    }
    window.press("Open the study").await;
    let place = window.place().await;
    let id: StudyId = place
        .trim_start_matches("/studies/")
        .split('?')
        .next()
        .unwrap_or("")
        .parse()
        .expect("an id");
    let study = studies::find(&site.test.db, id).await.expect("read").expect("there");
    for (at, coder) in study.coders.iter().enumerate() {
        for case in 1..=6_u32 {
            let cause = Cause::ALL[(case as usize + at * usize::from(case > 4)) % 5];
            let told = chosen(cause.code(), "The text says that no statistics are kept.");
            code(&site.test.db, doing(&coder.who), id, case, &told)
                .await
                .expect("coded");
        }
    }
    let mut wrong = Vec::new();
    for (name, page) in [("study", ""), ("case", "/cases/1")] {
        wrong.extend(look(&window, name, &format!("/studies/{id}{page}")).await);
    }
    for coder in &study.coders {
        finish(&site.test.db, doing(&coder.who), id).await.expect("finished");
    }
    for (name, page) in [("study-over", ""), ("case-over", "/cases/6"), ("results", "/results")] {
        wrong.extend(look(&window, name, &format!("/studies/{id}{page}")).await);
    }
    for (name, page) in [("studies", "/studies"), ("study-new", "/studies/new?states=MEX")] {
        wrong.extend(look(&window, name, page).await);
    }
    window.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a page at both widths.
async fn look(window: &Window, name: &str, path: &str) -> Vec<String> {
    window.goto(path).await;
    let mut wrong = Vec::new();
    for width in WIDTHS {
        if !window.fits(width).await {
            wrong.push(format!("{name} is wider than {width} px"));
        }
        window.shot(&format!("{name}-{width}")).await;
    }
    let lines = window.violations().await.into_iter();
    wrong.extend(lines.map(|line| format!("{name}: {line}")));
    wrong
}
