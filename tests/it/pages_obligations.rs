//! Monitors grade obligations and say why gaps stay open; readers follow each grade to its evidence.

use crate::support::app::{Answer, TestApp};
use axum::http::StatusCode;
use servanda::domain::users::Role;

const PAGE: &str = "/states/CYP/obligations/ICESCR-7";
const GRADE: &str = "/states/CYP/obligations/ICESCR-7/grade";
const CAUSE: &str = "/states/CYP/obligations/ICESCR-7/cause";
const EVIDENCE: &str = "Farm workers from abroad exploited; labour inspection too weak to reach them";

/// The box to tick for a piece of evidence of that title, in the form that sends ids.
fn evidence_id(page: &Answer) -> String {
    let link = page.link(EVIDENCE);
    link.trim_start_matches("/evidence/").to_owned()
}

#[tokio::test]
async fn a_monitor_grades_and_records_a_cause_and_both_stand_on_the_gaps_page_with_the_evidence_two_clicks_away() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    let events = app.audited().await;
    let page = app.see(PAGE).await;
    page.says(&["Grade this obligation", "Record a cause", EVIDENCE, "computed"]);
    let id = evidence_id(&page);
    let reasons = "Inspection does not reach farms; complaints lead to deportation.";
    let fields = [("grade", "1"), ("reasons", reasons), ("evidence", &*id), ("seen", "")];
    let sent = app.post_form(GRADE, &fields).await;
    assert_eq!(
        (sent.status, sent.to()),
        (StatusCode::SEE_OTHER, "/states/CYP/obligations/ICESCR-7?done=grade"),
        "{}",
        sent.text
    );
    let page = app.see(sent.to()).await;
    page.says(&[
        "The grade is saved",
        "a person graded it “not in place”",
        reasons,
        "Test monitor, 2026-11-23",
        "Rests on",
    ]);
    page.keeps_quiet_about(&["monitor@example.org"]);

    let fields = [
        ("cause", "information"),
        ("subcause", "misinformation"),
        ("weight", "30"),
        ("rationale", "Employers are told that no permit means no rights."),
    ];
    let sent = app.post_form(CAUSE, &fields).await;
    assert_eq!(
        (sent.status, sent.to()),
        (StatusCode::SEE_OTHER, "/states/CYP/obligations/ICESCR-7?done=cause"),
        "{}",
        sent.text
    );
    app.see(sent.to())
        .await
        .says(&["misinformation: false beliefs, 30 %", "Employers are told"]);

    let gaps = app.see("/states/CYP/gaps").await;
    gaps.says(&[
        "1 is known to have a gap as graded by persons",
        "signals of a lack of information",
    ]);
    let first = gaps.link("ICESCR-7");
    let second = app.see(&first).await.link(EVIDENCE);
    app.see(&second).await.says(&[EVIDENCE, "E/C.12/CYP/CO/5"]);
    app.see("/states/CYP/gaps?cause=information").await.says(&["ICESCR-7"]);
    assert_eq!(app.audited().await, events + 2);
}

#[tokio::test]
async fn a_grade_without_reasons_keeps_what_was_typed_and_saves_nothing() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    let id = evidence_id(&app.see(PAGE).await);
    let sent = app
        .post_form(GRADE, &[("grade", "1"), ("reasons", " "), ("evidence", &*id)])
        .await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    sent.says(&[
        "Nothing was saved yet",
        "href=\"#grade-reasons\"",
        "Reasons: must be given",
        "Nobody has graded this obligation yet",
    ]);
    let form = sent
        .text
        .split(&format!("action=\"{GRADE}\""))
        .nth(1)
        .expect("the form");
    let form = form.split("</form>").next().expect("its end");
    let checked =
        |value: &str| form.contains(&format!("value=\"{value}\" id=\"grade-")) && form.matches(" checked").count() == 2;
    assert!(checked("1") && checked(&id), "{}", sent.text);
    let sent = app
        .post_form(
            CAUSE,
            &[
                ("cause", "information"),
                ("rationale", "They & we <do> not know"),
                ("weight", "lots"),
            ],
        )
        .await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    sent.says(&[
        "They &amp; we &lt;do&gt; not know",
        "href=\"#cause-weight\"",
        "href=\"#cause-subcause\"",
        "value=\"lots\"",
    ]);
}

#[tokio::test]
async fn of_two_monitors_who_decide_at_once_the_second_is_told_and_may_decide_again() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Administrator).await;
    let mut slow = app.see(PAGE).await.value_of("seen");
    let administrator = app.leave();
    app.sign_in(Role::Monitor).await;
    let quick = [
        ("grade", "1"),
        ("reasons", "The committee found exploitation."),
        ("seen", ""),
    ];
    assert_eq!(app.post_form(GRADE, &quick).await.status, StatusCode::SEE_OTHER);
    app.return_with(administrator);
    app.see("/about").await;
    let typed = "Inspectors were hired since.";
    let sent = app
        .post_form(GRADE, &[("grade", "2"), ("reasons", typed), ("seen", &slow)])
        .await;
    assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.text);
    sent.says(&[
        "graded by somebody else while you were deciding",
        typed,
        "The committee found exploitation.",
    ]);
    slow = sent.value_of("seen");
    let again = app
        .post_form(GRADE, &[("grade", "2"), ("reasons", typed), ("seen", &slow)])
        .await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
    app.see(PAGE)
        .await
        .says(&["superseded 2026-11-23", "a person graded it “partly in place”"]);
}

#[tokio::test]
async fn a_reader_may_not_grade_and_is_told_who_may() {
    let mut app = TestApp::start().await;
    app.see(PAGE)
        .await
        .says(&["Monitors and administrators grade"])
        .keeps_quiet_about(&["Save the grade"]);
    for role in [Role::Reader, Role::Official] {
        app.sign_in(role).await;
        app.see(PAGE)
            .await
            .keeps_quiet_about(&["Save the grade", "Save the cause"]);
        for (to, fields) in [
            (GRADE, [("grade", "1"), ("reasons", "Because.")]),
            (CAUSE, [("cause", "other"), ("rationale", "Because.")]),
        ] {
            assert_eq!(app.post_form(to, &fields).await.status, StatusCode::FORBIDDEN);
        }
    }
    app.leave();
    let sent = app.post_form(GRADE, &[("grade", "1"), ("reasons", "Because.")]).await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_day_before_a_grade_shows_the_world_before_it() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Monitor).await;
    app.see(PAGE).await;
    let fields = [("grade", "4"), ("reasons", "Everything is in place now.")];
    assert_eq!(app.post_form(GRADE, &fields).await.status, StatusCode::SEE_OTHER);
    app.at("2026-11-25T08:00:00Z");
    app.see(PAGE)
        .await
        .says(&["fully in place", "Everything is in place now."]);
    app.see("/states/CYP/gaps?kind=all&theme=T23")
        .await
        .keeps_quiet_about(&[">ICESCR-7<"]);
    let before = app.see(&format!("{PAGE}?as_of=2026-11-22")).await;
    before.says(&["As of 2026-11-22", "Nobody has graded this obligation yet"]);
    before.keeps_quiet_about(&["Everything is in place now.", "Save the grade"]);
    app.see("/states/CYP/gaps?kind=all&theme=T23&as_of=2026-11-22")
        .await
        .says(&[">ICESCR-7<"]);
}

#[tokio::test]
async fn what_is_not_in_force_or_not_there_is_said_so() {
    let mut app = TestApp::start().await;
    let answer = app.get("/states/CYP/obligations/ICRMW-16.4").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    answer.says(&["is not in force for Cyprus", "/states/CYP/obligations"]);
    let answer = app.get("/states/MEX/obligations/ICRMW-164").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    answer.says(&["There is no provision", "/states/MEX/obligations/ICRMW-16.4"]);
}

#[tokio::test]
async fn obligations_are_filtered_sorted_and_taken_along() {
    let mut app = TestApp::start().await;
    let page = app.see("/states/MEX/obligations?theme=T08&sort=-grade").await;
    page.says(&[
        "of Mexico fit",
        ">ICRMW 16(4)<",
        "obligations.xlsx?theme=T08&amp;sort=-grade",
        "aria-sort=\"descending\"",
    ]);
    let file = app.see("/states/MEX/obligations.csv?theme=T08").await;
    assert_eq!(
        file.text.lines().count(),
        1 + page.text.matches("<th scope=\"row\">").count()
    );
    assert!(
        app.see("/states/MEX/gaps.csv?kind=all")
            .await
            .text
            .starts_with("Provision,Label,Theme,Grade")
    );
    let long = app.see("/states/MEX/obligations?page=2").await;
    long.says(&["Rows 101 to 200 of"]);
}
