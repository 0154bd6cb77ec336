//! Anybody looks at what falls due: on the first page, in the world, for one state; takes the table along; and whoever
//! runs the server asks whether it is well.

use crate::support::app::TestApp;
use axum::http::StatusCode;
use serde_json::Value;

#[tokio::test]
async fn a_visitor_opens_the_first_page() {
    let mut app = TestApp::start().await;
    let page = app.see("/?as_of=2026-02-03").await;
    page.says(&[
        "197 states, 38 treaties and 622 provisions",
        "60 <small>of 197</small>",
        "states bound by the Migrant Workers Convention",
        "What falls due next",
        "As of 2026-02-03.",
        "/states/MEX?as_of=2026-02-03",
    ]);
    page.keeps_quiet_about(&["indicative"]);
}

#[tokio::test]
async fn a_journalist_asks_what_is_overdue() {
    let mut app = TestApp::start().await;
    let overdue = app.see("/deadlines?overdue=yes&instrument=ICRMW").await;
    overdue.says(&["overdue, as of 2026-11-23", "late</span>"]);
    overdue.keeps_quiet_about(&["class=\"tag soon\"", "class=\"tag quiet\"", "/instruments/CRC\""]);
    let next = app.see("/deadlines").await;
    next.says(&["How firm a date is", "falling due"]);
    next.keeps_quiet_about(&["class=\"tag late\""]);
    let indicative = app.see("/deadlines?certainty=indicative").await;
    indicative.says(&["Rows 1 to 100 of", "nobody is reminded of it", "page=2"]);
    let second = app.see(&indicative.link("Next")).await;
    second.says(&["Rows 101 to 200 of"]);
}

#[tokio::test]
async fn a_wrong_filter_is_said_and_mended() {
    let mut app = TestApp::start().await;
    for (path, status, text) in [
        ("/deadlines?status=late", StatusCode::BAD_REQUEST, "choose next, due"),
        ("/deadlines?region=Atlantis", StatusCode::BAD_REQUEST, "Africa"),
        (
            "/deadlines?instrument=ICRWM",
            StatusCode::NOT_FOUND,
            "/deadlines?instrument=ICRMW",
        ),
        (
            "/deadlines?as_of=3.2.2026",
            StatusCode::BAD_REQUEST,
            "did you mean 2026-02-03?",
        ),
        ("/states/MEXX/deadlines", StatusCode::NOT_FOUND, "/states/MEX/deadlines"),
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        answer.says(&[text]);
    }
}

#[tokio::test]
async fn an_official_sees_where_each_date_of_their_state_comes_from() {
    let mut app = TestApp::start().await;
    let page = app.see("/states/ALB/deadlines?as_of=2008-06-01").await;
    page.says(&[
        "Deadlines of Albania",
        "2008-10-01",
        "one year after entry into force for the state, art. 73(1)(a)",
        "firm: follows from the treaty",
        "/instruments/ICRMW?as_of=2008-06-01",
    ]);
    page.keeps_quiet_about(&["Record a report"]);
}

#[tokio::test]
async fn a_file_holds_exactly_what_the_table_shows() {
    let mut app = TestApp::start().await;
    let page = app.see("/deadlines?status=overdue&instrument=ICRMW&sort=-due").await;
    let csv = app.see(&page.link("CSV")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"servanda-deadlines.csv\""
    );
    let shown: Vec<&str> = page
        .text
        .split("<tr><td class=\"nowrap\">")
        .skip(1)
        .map(|row| &row[..10])
        .collect();
    let taken: Vec<&str> = csv.text.lines().skip(1).map(|line| &line[..10]).collect();
    assert_eq!(shown, taken);
    assert!(!shown.is_empty() && shown.is_sorted_by(|a, b| a >= b));
    let json: Value = serde_json::from_str(&app.see(&page.link("JSON")).await.text).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), shown.len());
    assert!(
        rows.iter()
            .all(|row| row["Treaty"] == "ICRMW" && row["Status"] == "overdue")
    );
    page.says(&[json["caption"].as_str().expect("a caption")]);
    assert_eq!(
        app.see(&page.link("XLSX"))
            .await
            .header("content-type")
            .split('.')
            .next_back(),
        Some("sheet")
    );
    let none = app.get("/about.csv").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    none.says(&["no table"]);
}

#[tokio::test]
async fn a_calendar_program_subscribes_to_what_the_table_shows() {
    let mut app = TestApp::start().await;
    let page = app.see("/states/MEX/deadlines?status=all&certainty=any").await;
    let json: Value = serde_json::from_str(&app.see(&page.link("JSON")).await.text).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    let feed = app.see(&page.link("calendar feed (.ics)")).await;
    assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
    assert!(
        feed.text
            .split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n'))
    );
    let again = app.see("/states/mex/deadlines.ics?status=all&certainty=any").await;
    assert_eq!(feed.text, again.text, "the same day, the same bytes");

    let mut read = ical::IcalParser::new(feed.text.as_bytes());
    let calendar = read.next().expect("a calendar").expect("that another program reads");
    let value = |event: &ical::parser::ical::component::IcalEvent, name: &str| {
        let found = event.properties.iter().find(|property| property.name == name);
        found.and_then(|property| property.value.clone()).unwrap_or_default()
    };
    let days = |name| -> Vec<String> { calendar.events.iter().map(|event| value(event, name)).collect() };
    let mut due: Vec<String> = rows
        .iter()
        .map(|row| row["Due"].as_str().expect("a day").replace('-', ""))
        .collect();
    let mut starts = days("DTSTART");
    due.sort();
    starts.sort();
    assert_eq!(starts, due);
    assert!(!due.is_empty());
    let names: std::collections::BTreeSet<String> = days("UID").into_iter().collect();
    assert_eq!(names.len(), rows.len(), "each has its own identity");
    let next = calendar
        .events
        .iter()
        .find(|event| value(event, "SUMMARY").contains("ICRMW"));
    let next = next.expect("a report to the Committee on Migrant Workers");
    assert!(value(next, "SUMMARY").starts_with("Mexico: "));
    assert!(value(next, "URL").ends_with("/states/MEX/deadlines"));
    assert!(
        value(next, "DESCRIPTION").contains("art. 73"),
        "{}",
        value(next, "DESCRIPTION")
    );

    let world = app.see("/deadlines.ics?instrument=ICRMW&region=Asia").await;
    world
        .says(&["X-WR-CALNAME:Reports under the ICRMW\\, Asia", "Kyrgyzstan"])
        .keeps_quiet_about(&["Mexico"]);
    assert_eq!(
        app.get("/states/MEXX/deadlines.ics").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_secretariat_turns_the_pages_of_the_calendar() {
    let mut app = TestApp::start().await;
    let year = app
        .see("/deadlines/calendar?state=ALB&instrument=ICRMW&year=2008&as_of=2008-06-01")
        .await;
    year.says(&[
        "Reports due in 2008",
        "In 2008, 1 report falls due on a firm date, as it is known on 2008-06-01.",
        "<time datetime=\"2008-10-01\">",
        "Wednesday",
        "one year after entry into force for the state, art. 73(1)(a)",
        "Nothing falls due that these filters keep.",
        "December 2008",
    ]);
    let month = app.see(&year.link("October 2008")).await;
    month
        .says(&[
            "Reports due in October 2008",
            "2008-10-01",
            "September 2008",
            "November 2008",
        ])
        .keeps_quiet_about(&["December 2008"]);
    let csv = app.see(&month.link("CSV")).await;
    assert_eq!(csv.text.lines().count(), 2, "{}", csv.text);
    let world = app.see("/deadlines/calendar").await;
    world.says(&["Reports due in 2026", "every region"]);
    for (wrong, says) in [
        ("year=26", "“26” is not a year"),
        ("month=2027-13", "is not a month such as 2027-03"),
        ("state=MEXX", "state=MEX"),
    ] {
        app.get(&format!("/deadlines/calendar?{wrong}")).await.says(&[says]);
    }
}

#[tokio::test]
async fn a_watcher_asks_whether_the_server_is_well() {
    let mut app = TestApp::start().await;
    assert_eq!(app.see("/health/live").await.text, "{\"status\":\"live\"}");
    let ready: Value = serde_json::from_str(&app.see("/health/ready").await.text).expect("JSON");
    assert_eq!((&ready["status"], &ready["instruments"]), (&"ready".into(), &38.into()));
    app.see("/robots.txt").await.says(&["Disallow: /reminders\n"]);
}
