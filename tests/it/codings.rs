//! Two people grade one obligation independently and blind; then a person decides with both gradings in sight.

use crate::support::app::{Answer, TestApp};
use crate::support::desk::doing;
use crate::support::people::{ADMINISTRATOR, COLLEAGUE, MONITOR};
use axum::http::StatusCode;
use sea_orm::{ConnectionTrait, Database, Statement};
use servanda::actions::ActionError;
use servanda::actions::codings::{CodingDraft, RoundDraft, code, open};
use servanda::domain::codings::RoundStatus;
use servanda::domain::ids::RoundId;
use servanda::domain::users::Role;
use servanda::store::codings::{Wanted, count_disagreements, count_waiting_for, disagreements, tallies, waiting_for};
use servanda::store::{codings, library, users};

const PAGE: &str = "/states/CYP/obligations/ICESCR-7";
const SECRET: &str = "Only the first coder wrote zanzibar here.";

fn draft(provision: &str, coders: &[&str]) -> RoundDraft {
    RoundDraft {
        state: "CYP".to_owned(),
        provision: provision.to_owned(),
        coders: coders.iter().map(|who| (*who).to_owned()).collect(),
    }
}

fn grading(grade: &str, reasons: &str) -> CodingDraft {
    CodingDraft {
        grade: grade.to_owned(),
        reasons: reasons.to_owned(),
        evidence: Vec::new(),
    }
}

async fn ask(app: &TestApp, provision: &str) -> RoundId {
    let shelf = library::load_once(&app.test.db).await.expect("data");
    open(
        &app.test.db,
        &shelf,
        doing(ADMINISTRATOR),
        &draft(provision, &[MONITOR, ADMINISTRATOR]),
    )
    .await
    .expect("opened")
}

async fn give(
    app: &TestApp,
    round: RoundId,
    who: &str,
    grade: &str,
    reasons: &str,
) -> Result<RoundStatus, ActionError> {
    let shelf = library::load_once(&app.test.db).await.expect("data");
    code(&app.test.db, &shelf, doing(who), round, &grading(grade, reasons)).await
}

/// Everything that the audit chain says, as text.
async fn chain(app: &TestApp) -> String {
    let raw = Database::connect(&app.test.url).await.expect("opens");
    let sql = "SELECT action, actor, COALESCE(reason, '') AS reason, detail FROM audit_events ORDER BY seq";
    let rows = raw
        .query_all_raw(Statement::from_string(raw.get_database_backend(), sql))
        .await
        .expect("readable");
    let text = |row: &sea_orm::QueryResult, column: &str| row.try_get::<String>("", column).expect("text");
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            ["action", "actor", "reason", "detail"]
                .map(|column| text(row, column))
                .join(" ")
        })
        .collect();
    raw.close().await.expect("closed");
    lines.join("\n")
}

#[tokio::test]
async fn a_monitor_asks_two_people_they_grade_blind_and_a_person_decides_with_both_in_sight() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    let page = app.see(PAGE).await;
    page.says(&["Second opinion", "Ask for independent gradings", "Test administrator"])
        .keeps_quiet_about(&[ADMINISTRATOR]);
    let one = app.post_form(&format!("{PAGE}/codings"), &[("coders", MONITOR)]).await;
    assert_eq!(one.status, StatusCode::UNPROCESSABLE_ENTITY);
    one.says(&["choose 2 to 8 different people; there are 1", "href=\"#round-coders\""]);
    let sent = app
        .post_form(
            &format!("{PAGE}/codings"),
            &[("coders", MONITOR), ("coders", ADMINISTRATOR)],
        )
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = app.see(sent.to()).await;
    page.says(&["are asked for their gradings", "waiting for gradings", "not yet in"])
        .keeps_quiet_about(&["Ask them"]);
    let round = page.link("2 gradings");

    let form = app.see(&round).await;
    form.says(&["0 of 2 handed in", "Grade it from the evidence alone", "Hand in"])
        .keeps_quiet_about(&["computed", "What the evidence suggests", "Nobody has graded"]);
    let empty = app.post_form(&round, &[("grade", "1"), ("reasons", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    empty.says(&["Reasons: must be given", "href=\"#coding-reasons\""]);
    let sent = app.post_form(&round, &[("grade", "1"), ("reasons", SECRET)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    app.see(sent.to()).await.says(&[
        "Your grading is handed in",
        SECRET,
        "Replace what you handed in",
        "1 of 2",
    ]);

    app.sign_in(Role::Administrator).await;
    app.see(&round)
        .await
        .says(&["Hand in"])
        .keeps_quiet_about(&[SECRET, "zanzibar"]);
    let sent = app
        .post_form(&round, &[("grade", "3"), ("reasons", "Inspectors were hired.")])
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let both = app.see(sent.to()).await;
    both.says(&[
        "they lie 2 grades apart. A person decides.",
        SECRET,
        "Inspectors were hired.",
        "Test monitor",
        "Save the decision",
    ]);
    let late = app.post_form(&round, &[("grade", "1"), ("reasons", "I agree.")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.says(&["all gradings are in", "What you wrote", "I agree."]);

    app.see(&round).await;
    let decision = [
        ("grade", "2"),
        ("reasons", "Some farms are inspected now."),
        ("seen", ""),
    ];
    let sent = app.post_form(&format!("{round}/decision"), &decision).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    app.see(sent.to()).await.says(&["It was decided.", SECRET]);
    app.leave();
    let page = app.see(PAGE).await;
    page.says(&[
        "Some farms are inspected now.",
        "2 independent gradings",
        "Second opinion",
    ]);
    app.see(&round)
        .await
        .says(&[SECRET, "Inspectors were hired.", "The decision and its reasons"])
        .keeps_quiet_about(&["Save the decision", MONITOR]);
    app.audited().await;
}

#[tokio::test]
async fn nobody_learns_a_grading_before_theirs_is_in_from_any_page_file_answer_or_event() {
    let mut app = TestApp::start().await;
    let round = ask(&app, "ICESCR-7").await;
    let place = format!("{PAGE}/codings/{round}");
    give(&app, round, MONITOR, "0", SECRET).await.expect("handed in");

    // The chain tells that something was handed in, and seals it, without a word of what.
    let told = chain(&app).await;
    assert!(told.contains("coding.hand_in monitor@example.org"), "{told}");
    let event = told
        .lines()
        .find(|line| line.contains("coding.hand_in"))
        .expect("an event");
    assert!(!told.contains("zanzibar") && !event.contains("grade"), "{event}");
    let held = codings::of_rounds(&app.test.db, &[round]).await.expect("readable");
    assert!(
        event.contains(&held[0].seal().expect("a seal")),
        "the seal can be checked later"
    );
    assert!(!told.contains(&held[0].id.to_string()), "its secret part is not told");

    let everywhere = [
        PAGE.to_owned(),
        place.clone(),
        "/states/CYP".to_owned(),
        "/states/CYP/gaps?kind=all".to_owned(),
        "/states/CYP/gaps.csv?kind=all".to_owned(),
        "/states/CYP/obligations.csv".to_owned(),
        "/states/CYP/obligations.json".to_owned(),
        "/api/v1/gaps?state=CYP".to_owned(),
        "/api/v1/evidence?state=CYP".to_owned(),
        "/agreement".to_owned(),
        "/agreement.csv".to_owned(),
        "/agreement.json?state=CYP".to_owned(),
    ];
    let quiet = |answer: &Answer| {
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        answer.keeps_quiet_about(&["zanzibar", "a person graded it"]);
    };
    for role in [Role::Administrator, Role::Reader, Role::Official] {
        app.sign_in(role).await;
        for path in &everywhere {
            quiet(&app.get(path).await);
        }
    }
    // Who is not asked and may not grade does not even see the round.
    assert_eq!(app.get(&place).await.status, StatusCode::FORBIDDEN);
    app.see(PAGE).await.keeps_quiet_about(&["Second opinion"]);
    app.leave();
    assert!(app.get(&place).await.to().starts_with("/sign-in"));
    // A day in the future shows nothing more; the day before shows no round.
    app.sign_in(Role::Administrator).await;
    quiet(&app.see(&format!("{place}?as_of=2027-01-01")).await);
    assert_eq!(
        app.get(&format!("{place}?as_of=2026-11-22")).await.status,
        StatusCode::NOT_FOUND
    );
    // Deciding early or as somebody else is refused, and tells nothing.
    app.see(&place).await;
    let early = app
        .post_form(&format!("{place}/decision"), &[("grade", "2"), ("reasons", "Now.")])
        .await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    early
        .says(&["one grading is not in yet"])
        .keeps_quiet_about(&["zanzibar"]);
    assert!(give(&app, round, COLLEAGUE, "1", "I was not asked.").await.is_err());

    // Ended early, it stays closed to the other coder for good.
    app.see(&place).await;
    let ended = app
        .post_form(&format!("{place}/end"), &[("reason", "Asked in error.")])
        .await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
    let page = app.see(ended.to()).await;
    page.says(&["Asked in error."]).keeps_quiet_about(&["zanzibar"]);
    assert!(!chain(&app).await.contains("zanzibar"));
    assert!(matches!(
        give(&app, round, ADMINISTRATOR, "1", "Too late.").await,
        Err(ActionError::Conflict(_))
    ));
    app.audited().await;
}

#[tokio::test]
async fn when_all_are_in_the_chain_reveals_what_it_had_sealed_and_agreement_proposes_but_does_not_decide() {
    let mut app = TestApp::start().await;
    let round = ask(&app, "ICESCR-7").await;
    give(&app, round, MONITOR, "3", "First thought.")
        .await
        .expect("handed in");
    // A coder may replace their own while the other's is missing: a new row, the old one kept.
    give(&app, round, MONITOR, "1", SECRET).await.expect("replaced");
    let status = give(&app, round, ADMINISTRATOR, "1", "Exploitation was found.").await;
    assert_eq!(status.expect("handed in"), RoundStatus::Agreed);
    let told = chain(&app).await;
    let complete = told
        .lines()
        .find(|line| line.contains("coding.complete"))
        .expect("an event");
    assert!(
        complete.contains("zanzibar") && complete.contains("\"grade\":1"),
        "{complete}"
    );
    for coding in codings::of_rounds(&app.test.db, &[round]).await.expect("readable") {
        assert!(
            told.contains(&coding.seal().expect("a seal")),
            "sealed before it was told"
        );
    }
    assert!(!told.contains("First thought."));

    app.sign_in(Role::Monitor).await;
    let place = format!("{PAGE}/codings/{round}");
    let page = app.see(&place).await;
    page.says(&["all gave “not in place”. A person still decides."]);
    assert!(
        page.text.contains("value=\"1\" id=\"grade-grade-4\" checked"),
        "proposed:\n{}",
        page.text
    );
    app.see(PAGE)
        .await
        .says(&["Nobody has graded this obligation yet", "the gradings agree"]);
    app.audited().await;
}

#[tokio::test]
async fn the_desk_asks_one_query_for_disagreements_and_one_for_what_waits_for_me() {
    let app = TestApp::start().await;
    let db = &app.test.db;
    let (first, second) = (ask(&app, "ICESCR-7").await, ask(&app, "ICERD-5.(E)(I)").await);
    let all = Wanted::default();
    assert_eq!(count_waiting_for(db, MONITOR, &all).await.expect("a count"), 2);
    assert_eq!(count_waiting_for(db, COLLEAGUE, &all).await.expect("a count"), 0);
    give(&app, first, MONITOR, "1", "Because.").await.expect("handed in");
    let waiting = waiting_for(db, MONITOR, &all, 0, 10).await.expect("a list");
    assert_eq!(waiting.iter().map(|one| one.round).collect::<Vec<_>>(), [second]);
    give(&app, first, ADMINISTRATOR, "3", "Because.")
        .await
        .expect("handed in");
    give(&app, second, MONITOR, "none", "Because.")
        .await
        .expect("handed in");
    give(&app, second, ADMINISTRATOR, "2", "Because.")
        .await
        .expect("handed in");

    let found = disagreements(db, &all, 0, 10).await.expect("a list");
    assert_eq!(
        found.iter().map(|one| (one.round, one.apart)).collect::<Vec<_>>(),
        [(first, Some(2)), (second, None)]
    );
    assert_eq!(disagreements(db, &all, 1, 10).await.expect("a list").len(), 1);
    let only = |state: Option<&str>, instrument: Option<&str>, theme: Option<&str>| Wanted {
        state: state.map(|code| code.parse().expect("a state")),
        instrument: instrument.map(|code| code.parse().expect("an instrument")),
        theme: theme.map(|code| code.parse().expect("a theme")),
    };
    for (wanted, expected) in [
        (only(Some("CYP"), None, None), 2),
        (only(Some("MEX"), None, None), 0),
        (only(None, Some("ICERD"), None), 1),
        (only(Some("CYP"), Some("ICESCR"), Some("T08")), 0),
    ] {
        assert_eq!(
            count_disagreements(db, &wanted).await.expect("a count"),
            expected,
            "{wanted:?}"
        );
    }
    let day = |text: &str| text.parse().expect("a day");
    let rounds = |found: Vec<servanda::domain::codings::Tally>| found.iter().map(|tally| tally.rounds).sum::<u32>();
    assert_eq!(rounds(tallies(db, &all, day("2026-11-23")).await.expect("counted")), 2);
    assert_eq!(rounds(tallies(db, &all, day("2026-11-22")).await.expect("counted")), 0);

    // Only one round at a time about an obligation, and only about what can be graded, by people who may.
    let shelf = library::load_once(db).await.expect("data");
    let again = open(
        db,
        &shelf,
        doing(MONITOR),
        &draft("ICESCR-7", &[MONITOR, ADMINISTRATOR]),
    )
    .await;
    assert!(matches!(again, Err(ActionError::Conflict(_))), "{again:?}");
    let reader = open(
        db,
        &shelf,
        doing(MONITOR),
        &draft("ICESCR-6.1", &[MONITOR, "reader@example.org"]),
    )
    .await;
    assert!(reader.expect_err("refused").to_string().contains("may not grade"));
    let nobody = open(
        db,
        &shelf,
        doing(MONITOR),
        &draft("ICRMW-16.4", &[MONITOR, ADMINISTRATOR]),
    )
    .await;
    assert!(nobody.expect_err("refused").to_string().contains("provision:"));
    assert!(users::list(db).await.expect("accounts").len() > 3);
}

#[tokio::test]
async fn the_page_of_agreement_gives_alpha_by_right_as_of_a_day_and_as_a_file() {
    let mut app = TestApp::start().await;
    app.see("/agreement")
        .await
        .says(&["No independent gradings yet", "Second opinion", "From 0.80"]);
    let pairs = [
        ("ICESCR-7", "1", "1"),
        ("ICESCR-9", "3", "3"),
        ("ICESCR-12", "2", "3"),
        ("ICERD-5.(E)(I)", "0", "0"),
        ("ICERD-5.(E)(IV)", "4", "4"),
        ("ICESCR-10.1", "none", "2"),
    ];
    for (provision, one, other) in pairs {
        let round = ask(&app, provision).await;
        give(&app, round, MONITOR, one, "Because.").await.expect("handed in");
        give(&app, round, ADMINISTRATOR, other, "Because.")
            .await
            .expect("handed in");
    }
    let page = app.see("/agreement").await;
    page.says(&[
        "6 obligations were graded independently by 2 people",
        "4 of 6 times",
        "All rights",
        "5 of 6",
        "use freely",
    ]);
    let file = app.see("/agreement.json").await;
    let table: serde_json::Value = serde_json::from_str(&file.text).expect("JSON");
    let rows = table["rows"].as_array().expect("rows");
    assert_eq!(
        (&rows[0]["Right"], &rows[0]["Rounds"]),
        (&"All rights".into(), &"6".into())
    );
    let alpha: f64 = rows[0]["Alpha"].as_str().expect("text").parse().expect("a number");
    assert!((0.9..1.0).contains(&alpha), "{alpha}");
    assert!(rows.len() > 3, "one row for each right: {rows:?}");
    let csv = app.see("/agreement.csv?instrument=ICERD").await;
    assert!(
        csv.text.starts_with("Right,Rounds,Same grade") && csv.text.contains("All rights,2,2 of 2"),
        "{}",
        csv.text
    );
    app.see("/agreement?as_of=2026-11-22")
        .await
        .says(&["No independent gradings yet", "2026-11-22"]);
    app.see("/agreement?theme=T08")
        .await
        .says(&["No independent gradings fit this filter"]);
    assert_eq!(app.get("/agreement?state=XXX").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_is_asked_to_grade_blind_sees_no_suggestion_and_cannot_decide_another_way() {
    let mut app = TestApp::start().await;
    let grade = format!("{PAGE}/grade");
    let fields = [("grade", "2"), ("reasons", "A way around."), ("seen", "any")];
    app.sign_in(Role::Monitor).await;
    app.see(PAGE)
        .await
        .says(&["What the evidence suggests", "Save the grade"]);
    let round = ask(&app, "ICESCR-7").await;
    for page in [PAGE.to_owned(), format!("{PAGE}?as_of=2026-11-22")] {
        app.see(&page)
            .await
            .says(&["You are asked to grade this blind", "Grade it blind"])
            .keeps_quiet_about(&["What the evidence suggests", "Save the grade", "computed"]);
    }
    let refused = app.post_form(&grade, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    refused.says(&["hand in that grading first"]);
    let rows = [crate::bulk::row(
        servanda::domain::bulk::Noun::Assessments,
        &[("state", "CYP"), ("provision", "ICESCR-7")],
    )];
    let path = std::env::temp_dir().join(format!("servanda-blind-{}", uuid::Uuid::now_v7().simple()));
    let bytes = crate::bulk::csv(servanda::domain::bulk::Noun::Assessments, &rows);
    std::fs::write(&path, bytes).expect("written");
    let incoming = servanda::actions::bulk::Incoming {
        path: &path,
        name: "grades.csv",
        sha256: "0",
        may_assess: true,
        holder: "test",
    };
    let db = &app.test.db;
    let import = servanda::actions::bulk::read(db, doing(MONITOR), incoming)
        .await
        .expect("read");
    let _ = std::fs::remove_file(&path);
    let shelf = library::load_once(db).await.expect("data");
    let now = crate::support::desk::morning();
    let checked = servanda::actions::bulk::finish(db, &shelf, "test", now, import.id)
        .await
        .expect("checked");
    assert_eq!((checked.counts.refused, checked.counts.added), (1, 0));
    // Once it is in, the page is as for everybody.
    give(&app, round, MONITOR, "1", "Because.").await.expect("handed in");
    app.see(PAGE)
        .await
        .says(&["What the evidence suggests", "Save the grade"]);
    let sent = app.post_form(&grade, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
}
