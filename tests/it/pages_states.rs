//! Readers look at states: all of them, one of them, what binds it and where it falls short, today and on another day.

use crate::support::app::TestApp;
use axum::http::StatusCode;
use servanda::domain::users::Role;

#[tokio::test]
async fn a_reader_seeks_a_state_by_name_in_any_language_and_is_led_to_it() {
    let mut app = TestApp::start().await;
    for (sought, found) in [
        ("mexico", "/states/MEX"),
        ("mex", "/states/MEX"),
        ("Allemagne", "/states/DEU"),
        ("%D0%9C%D0%B0%D0%BB%D0%B8", "/states/MLI"),
    ] {
        let answer = app.get(&format!("/states?q={sought}")).await;
        assert_eq!((answer.status, answer.to()), (StatusCode::SEE_OTHER, found), "{sought}");
    }
    let several = app.see("/states?q=guin").await;
    several.says(&[
        "Equatorial Guinea",
        "Guinea-Bissau",
        "Papua New Guinea",
        "value=\"guin\"",
    ]);
    let none = app.see("/states?q=Mexixo").await;
    none.says(&["None of the 197 states fits", "Did you mean", "/states/MEX"]);
}

#[tokio::test]
async fn the_table_of_states_filters_sorts_and_downloads_what_it_shows() {
    let mut app = TestApp::start().await;
    let all = app.see("/states").await;
    all.says(&[
        "The 197 states hold",
        "197 states</caption>",
        "Afghanistan",
        "Zimbabwe",
        "/states.csv",
    ]);
    let africa = app.see("/states?region=Africa&sort=-treaties").await;
    africa.says(&[
        "states fit",
        "aria-sort=\"descending\"",
        "/states.csv?region=Africa&amp;sort=-treaties",
    ]);
    africa.keeps_quiet_about(&["/states/MEX\""]);
    let file = app.see("/states.csv?region=Africa&sort=-treaties").await;
    assert!(file.header("content-type").starts_with("text/csv"));
    let first = file.text.lines().nth(1).expect("a row").to_owned();
    assert!(first.contains(",Africa,"), "{first}");
    assert_eq!(
        file.text.lines().count(),
        1 + africa.text.matches("<th scope=\"row\">").count()
    );
}

#[tokio::test]
async fn a_reader_sees_all_of_one_state_and_each_figure_leads_on() {
    let mut app = TestApp::start().await;
    let page = app.see("/states/CYP").await;
    page.says(&[
        "Cyprus is bound by",
        "of 38 treaties",
        "id=\"obligations\"",
        "id=\"gaps\"",
        "id=\"treaties\"",
    ]);
    page.says(&["ICESCR-7", "signals of a lack of resources", "Concluding observations"]);
    page.keeps_quiet_about(&["Add evidence", "form_token"]);
    for place in [
        "/states/CYP/obligations",
        "/states/CYP/gaps",
        "/states/CYP/obligations?theme=T23",
    ] {
        page.says(&[place]);
        app.see(place).await;
    }
    let file = app.see("/states/CYP.json").await;
    let file: serde_json::Value = serde_json::from_str(&file.text).expect("JSON");
    assert_eq!(file["rows"].as_array().map(Vec::len), Some(38));
}

#[tokio::test]
async fn a_state_without_evidence_says_what_would_be_needed() {
    let mut app = TestApp::start().await;
    let page = app.see("/states/TON").await;
    page.says(&[
        "No evidence on Tonga is held",
        "That is not a clean record",
        "no gap is known",
    ]);
    app.see("/states/TON/gaps").await.says(&["That is not a clean record"]);
    app.see("/states/TON/gaps?kind=no_information")
        .await
        .says(&["no information"]);
}

#[tokio::test]
async fn who_misspells_is_told_what_was_meant() {
    let mut app = TestApp::start().await;
    for page in ["/states/MEXX", "/states/MXE/gaps", "/states/Mexik/obligations"] {
        let answer = app.get(page).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
        answer.says(&["There is no state", "href=\"/states/MEX"]);
    }
    let answer = app.get("/states/MEX?as_of=2019-1-7").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.says(&["did you mean 2019-01-07?"]);
    let answer = app.get("/themes/T99").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    answer.says(&["There is no theme"]);
    for odd in [
        "/states/MEX/gaps?kind=x",
        "/states/MEX/gaps?cause=x",
        "/states/MEX/obligations?grade=9",
    ] {
        assert_eq!(app.get(odd).await.status, StatusCode::BAD_REQUEST, "{odd}");
    }
}

#[tokio::test]
async fn another_day_is_marked_and_stays_in_every_link() {
    let mut app = TestApp::start().await;
    let page = app.see("/states/MEX?as_of=2003-06-30").await;
    page.says(&[
        "As of 2003-06-30",
        "Show today",
        "/states/MEX/obligations?as_of=2003-06-30",
    ]);
    let before = app
        .see("/states/MEX/obligations?instrument=ICRMW&as_of=2003-06-30")
        .await;
    before.says(&["No obligation fits this filter"]);
    let after = app
        .see("/states/MEX/obligations?instrument=ICRMW&as_of=2003-07-01")
        .await;
    after.says(&["ICRMW-16.4?as_of=2003-07-01", "2003-07-01"]);
}

#[tokio::test]
async fn whoever_is_signed_in_may_follow_a_state_and_only_monitors_may_add_to_it() {
    let mut app = TestApp::start().await;
    app.sign_in(Role::Reader).await;
    let page = app.see("/states/MLI").await;
    page.says(&["action=\"/reminders/follow\"", "name=\"state\" value=\"MLI\""])
        .keeps_quiet_about(&["Add evidence"]);
    app.sign_in(Role::Monitor).await;
    app.see("/states/MLI")
        .await
        .says(&["Add evidence", "Record a treaty action"]);
}

#[tokio::test]
async fn a_theme_shows_its_provisions_and_its_evidence() {
    let mut app = TestApp::start().await;
    app.see("/themes")
        .await
        .says(&["40 rights join 622 provisions of 38 treaties", "/themes/T08"]);
    let page = app.see("/themes/T08").await;
    page.says(&[
        "provisions of",
        "protect this right",
        "id=\"ICRMW-16.4\"",
        "of 197 states are bound",
    ]);
}
