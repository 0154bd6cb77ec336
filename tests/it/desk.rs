//! The desk: each queue fills and empties as people act, on the day asked for; many are reviewed at once or none; the
//! standings behind it are what computing them anew gives.

use crate::support::app::{Answer, TestApp};
use crate::support::people;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::Value;
use servanda::actions::Doing;
use servanda::actions::assessments::{AssessmentDraft, assess};
use servanda::actions::codings::{CodingDraft, RoundDraft, code, open};
use servanda::actions::evidence::{EvidenceDraft, add, revise};
use servanda::actions::participation::{TreatyActionDraft, record};
use servanda::actions::reviews::{ReviewDraft, review};
use servanda::actions::standings;
use servanda::domain::ids::EvidenceId;
use servanda::domain::users::Role;
use servanda::store::library::{Shelf, load_once};

fn at(moment: &str) -> DateTime<Utc> {
    moment.parse().expect("a moment")
}

fn doing<'a>(actor: &'a str, moment: &str) -> Doing<'a> {
    Doing {
        actor,
        now: at(moment),
        key: None,
    }
}

async fn shelf(app: &TestApp) -> Shelf {
    load_once(&app.test.db).await.expect("readable")
}

fn draft(changes: &[(&str, &str)]) -> EvidenceDraft {
    let mut fields = vec![
        ("state", "MEX"),
        ("title", "Stations inspected without notice"),
        (
            "gist",
            "An inspectorate found people held for longer than the law allows.",
        ),
        ("theme", "T08"),
        ("source_kind", "nhri"),
        ("author_role", "nhri"),
        ("published", "2026-03"),
        ("stance", "contradicts"),
        ("grade", "1"),
        ("kind", "outcome"),
        ("reliability", "A"),
        ("credibility", "1"),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend_from_slice(changes);
    let object: serde_json::Map<String, Value> = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    serde_json::from_value(object.into()).expect("a draft")
}

async fn hand_in(app: &TestApp, actor: &str, moment: &str, changes: &[(&str, &str)]) -> EvidenceId {
    let reference = shelf(app).await.reference;
    add(&app.test.db, &reference, doing(actor, moment), &draft(changes))
        .await
        .expect("handed in")
}

async fn accept(app: &TestApp, actor: &str, moment: &str, id: EvidenceId, revision: i32) {
    let draft = ReviewDraft {
        step: "accept".to_owned(),
        items: vec![format!("{id}@{revision}")],
        ..ReviewDraft::default()
    };
    review(&app.test.db, doing(actor, moment), &draft)
        .await
        .expect("accepted");
}

async fn grade(app: &TestApp, moment: &str, state: &str, provision: &str) {
    let draft = AssessmentDraft {
        state: state.to_owned(),
        provision: provision.to_owned(),
        grade: "1".to_owned(),
        reasons: "The inspection shows it.".to_owned(),
        seen: "any".to_owned(),
        ..AssessmentDraft::default()
    };
    assess(&app.test.db, &shelf(app).await, doing(people::MONITOR, moment), &draft)
        .await
        .expect("graded");
}

async fn rows(app: &mut TestApp, address: &str) -> Vec<Value> {
    let answer = app.see(address).await;
    let document: Value = serde_json::from_str(&answer.text).expect("JSON");
    document["rows"].as_array().expect("rows").clone()
}

/// How many wait in a queue, which the queue itself must bear out.
async fn waiting(app: &mut TestApp, queue: &str, query: &str) -> usize {
    let counts = rows(app, &format!("/desk.json?{query}")).await;
    let row = counts.iter().find(|row| row["Queue"] == queue);
    let counted = row.expect("the queue")["Waiting"]
        .as_str()
        .expect("a text")
        .replace(',', "");
    let counted: usize = counted.parse().expect("a number");
    let listed = rows(app, &format!("/desk/{queue}.json?{query}")).await.len();
    assert_eq!(counted, listed, "{queue}?{query}");
    counted
}

async fn decide(app: &mut TestApp, step: &str, remark: &str, items: &[String]) -> Answer {
    app.see("/desk/review").await;
    let mut fields = vec![("step", step), ("remark", remark)];
    fields.extend(items.iter().map(|item| ("items", item.as_str())));
    app.post_form("/desk/review", &fields).await
}

const T08: &str = "state=MEX&theme=T08";

#[tokio::test]
async fn what_is_handed_in_goes_from_desk_to_desk_until_it_is_graded() {
    let mut app = TestApp::start().await;
    let day = "2026-11-23T08:00:00Z";
    let id = hand_in(&app, people::MONITOR, day, &[]).await;
    app.sign_in_as(people::MONITOR).await;
    assert_eq!(
        waiting(&mut app, "review", "").await,
        0,
        "one's own is not one's to review"
    );
    app.see("/desk").await.says(&["My desk", "Nothing waits for you"]);

    app.sign_in_as(people::COLLEAGUE).await;
    assert_eq!(waiting(&mut app, "review", "").await, 1);
    assert_eq!(waiting(&mut app, "review", T08).await, 1);
    for elsewhere in ["state=ALB", "theme=T09", "instrument=C189"] {
        assert_eq!(waiting(&mut app, "review", elsewhere).await, 0, "{elsewhere}");
    }
    assert_eq!(waiting(&mut app, "review", "instrument=ICRMW").await, 1);
    let item = format!("{id}@1");
    let bare = decide(&mut app, "return", "", std::slice::from_ref(&item)).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    bare.says(&[
        "Nothing was decided yet",
        &format!("value=\"{item}\" id=\"item-1\" checked"),
    ]);
    let sent = decide(&mut app, "return", "Which stations?", &[item]).await;
    assert_eq!(sent.to(), "/desk/review?done=reviewed");
    app.see(sent.to()).await.says(&["The review is saved"]);
    assert_eq!(waiting(&mut app, "review", "").await, 0);

    app.sign_in_as(people::MONITOR).await;
    assert_eq!(waiting(&mut app, "returned", "").await, 1);
    app.see("/desk").await.says(&["1 came back to you"]);
    app.see("/desk/returned").await.says(&["said: Which stations?"]);
    let reference = shelf(&app).await.reference;
    let change = draft(&[("seen", "1"), ("then", "draft"), ("title", "Nine stations inspected")]);
    revise(&app.test.db, &reference, doing(people::MONITOR, day), id, &change)
        .await
        .expect("a draft");
    assert_eq!(waiting(&mut app, "returned", "").await, 0);
    assert_eq!(waiting(&mut app, "drafts", "").await, 1);
    let submit = ReviewDraft {
        step: "submit".to_owned(),
        items: vec![format!("{id}@2")],
        ..ReviewDraft::default()
    };
    review(&app.test.db, doing(people::MONITOR, day), &submit)
        .await
        .expect("handed in");
    assert_eq!(waiting(&mut app, "drafts", "").await, 0);

    assert_eq!(
        waiting(&mut app, "ungraded", T08).await,
        0,
        "nobody has accepted it yet"
    );
    app.sign_in_as(people::COLLEAGUE).await;
    let sent = decide(&mut app, "accept", "", &[format!("{id}@2")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let all = waiting(&mut app, "ungraded", T08).await;
    assert!(all > 5, "{all}");
    let of_the_treaty = waiting(&mut app, "ungraded", "state=MEX&theme=T08&instrument=ICRMW").await;
    assert!((1..all).contains(&of_the_treaty));

    app.at("2026-11-23T10:00:00Z");
    grade(&app, "2026-11-23T10:00:00Z", "MEX", "ICRMW-16.4").await;
    assert_eq!(waiting(&mut app, "ungraded", T08).await, all - 1);
    app.at("2026-11-23T11:00:00Z");
    let later = hand_in(
        &app,
        people::MONITOR,
        "2026-11-23T11:00:00Z",
        &[("grade", "4"), ("stance", "supports")],
    )
    .await;
    accept(&app, people::COLLEAGUE, "2026-11-23T11:00:00Z", later, 1).await;
    assert_eq!(
        waiting(&mut app, "ungraded", T08).await,
        all,
        "newer evidence brings it back"
    );
    assert_eq!(
        waiting(&mut app, "contested", T08).await,
        all,
        "both sides are strong now"
    );
    app.see("/desk/contested?state=MEX")
        .await
        .says(&["contested:", "ICRMW 16(4)"]);

    let before = rows(&mut app, "/desk/ungraded.json?state=MEX").await;
    standings::refresh_all(&app.test.db, &shelf(&app).await, at("2026-11-23T11:00:00Z"))
        .await
        .expect("computed");
    assert_eq!(
        rows(&mut app, "/desk/ungraded.json?state=MEX").await,
        before,
        "as computed anew"
    );
    app.audited().await;
}

#[tokio::test]
async fn the_desk_of_an_earlier_day_is_as_it_was() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::COLLEAGUE).await;
    app.see("/desk").await;
    let first = hand_in(&app, people::MONITOR, "2026-11-23T08:00:00Z", &[]).await;
    let back = hand_in(
        &app,
        people::COLLEAGUE,
        "2026-11-23T08:00:00Z",
        &[("title", "A second look")],
    )
    .await;
    let draft = hand_in(
        &app,
        people::COLLEAGUE,
        "2026-11-23T08:00:00Z",
        &[("title", "Begun"), ("then", "draft")],
    )
    .await;
    app.at("2026-11-24T09:00:00Z");
    accept(&app, people::COLLEAGUE, "2026-11-24T09:00:00Z", first, 1).await;
    let returned = ReviewDraft {
        step: "return".to_owned(),
        remark: "Which day?".to_owned(),
        items: vec![format!("{back}@1")],
    };
    review(&app.test.db, doing(people::MONITOR, "2026-11-24T09:30:00Z"), &returned)
        .await
        .expect("returned");
    let submit = ReviewDraft {
        step: "submit".to_owned(),
        items: vec![format!("{draft}@1")],
        ..ReviewDraft::default()
    };
    review(&app.test.db, doing(people::COLLEAGUE, "2026-11-24T09:30:00Z"), &submit)
        .await
        .expect("handed in");
    app.at("2026-11-26T08:00:00Z");
    app.sign_in_as(people::COLLEAGUE).await;
    let queues = ["review", "returned", "drafts", "ungraded"];
    let mut days = Vec::new();
    for day in ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-26"] {
        let mut counts = Vec::new();
        for queue in queues {
            counts.push(waiting(&mut app, queue, &format!("{T08}&as_of={day}")).await);
        }
        days.push(counts);
    }
    let duties = days[3][3];
    assert!(duties > 5, "{days:?}");
    assert_eq!(days[0], [0, 0, 0, 0]);
    assert_eq!(days[1], [1, 0, 1, 0]);
    assert_eq!(days[2], [0, 1, 0, duties]);
    assert_eq!(days[3], days[2]);
    app.see("/desk?as_of=2026-11-22")
        .await
        .says(&["The desk was empty on 2026-11-22", "As it was known on 2026-11-22"]);
    app.see("/desk/review?as_of=2026-11-23")
        .await
        .says(&["Stations inspected without notice"])
        .keeps_quiet_about(&["name=\"items\""]);
}

#[tokio::test]
async fn many_are_decided_at_once_or_none_of_them() {
    let mut app = TestApp::start().await;
    let day = "2026-11-23T08:00:00Z";
    let mut items = Vec::new();
    for title in ["One", "Two", "Three", "Four"] {
        items.push(format!(
            "{}@1",
            hand_in(&app, people::MONITOR, day, &[("title", title)]).await
        ));
    }
    let own = hand_in(&app, people::COLLEAGUE, day, &[("title", "My own")]).await;
    app.sign_in_as(people::COLLEAGUE).await;
    let mut five = items.clone();
    five.push(format!("{own}@1"));
    let refused = decide(&mut app, "accept", "well sourced", &five).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says(&["somebody else has to review it", "well sourced"]);
    assert_eq!(
        refused.text.matches(" checked").count(),
        5,
        "four ticks and the choice are kept"
    );
    assert_eq!(waiting(&mut app, "review", "").await, 4, "none was accepted");
    let nothing = decide(&mut app, "accept", "", &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    nothing.says(&["choose from one to 200 pieces of evidence"]);
    let taken = decide(&mut app, "accept", "", &items).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    assert_eq!(waiting(&mut app, "review", "").await, 0);
    let elsewhere = app.post_form("/desk/ungraded", &[("step", "accept")]).await;
    assert_eq!(elsewhere.status, StatusCode::METHOD_NOT_ALLOWED);
    app.audited().await;
}

#[tokio::test]
async fn what_grows_old_comes_to_the_desk() {
    let mut app = TestApp::start().await;
    let day = "2026-11-23T08:00:00Z";
    app.sign_in_as(people::MONITOR).await;
    assert_eq!(
        waiting(&mut app, "stale", T08).await,
        0,
        "what was never known is not stale"
    );
    let old = [
        ("published", "2019-05"),
        ("review_by", "2026-11-01"),
        ("link", "https://example.org/gone"),
    ];
    let entered = "2026-10-20T08:00:00Z";
    let id = hand_in(&app, people::MONITOR, entered, &old).await;
    accept(&app, people::COLLEAGUE, entered, id, 1).await;
    let stale = waiting(&mut app, "stale", T08).await;
    assert_eq!(stale, waiting(&mut app, "ungraded", T08).await);
    app.see(&format!("/desk/stale?{T08}"))
        .await
        .says(&["have no news since 2021-11-23", "2019-05-31"]);
    assert_eq!(waiting(&mut app, "expired", T08).await, 1);
    app.see("/desk/expired").await.says(&["2026-11-01"]);
    assert_eq!(waiting(&mut app, "links", "").await, 0);
    app.test.execute("UPDATE link_checks SET status = 'dead'").await;
    assert_eq!(waiting(&mut app, "links", T08).await, 1);
    let newer = hand_in(&app, people::MONITOR, day, &[("title", "Of this year")]).await;
    accept(&app, people::COLLEAGUE, day, newer, 1).await;
    assert_eq!(waiting(&mut app, "stale", T08).await, 0);
}

#[tokio::test]
async fn a_later_ratification_puts_evidence_to_work_by_itself() {
    let mut app = TestApp::start().await;
    let day = "2026-11-23T08:00:00Z";
    let shelf = shelf(&app).await;
    let treaty = shelf.reference.find_instrument("C97").expect("there");
    let provision = treaty.provisions.iter().find(|one| one.gradable).expect("a duty");
    let theme = provision.theme.as_str();
    let id = hand_in(&app, people::MONITOR, day, &[("theme", theme)]).await;
    accept(&app, people::COLLEAGUE, day, id, 1).await;
    app.sign_in_as(people::MONITOR).await;
    let query = format!("state=MEX&theme={theme}&instrument=C97");
    assert_eq!(waiting(&mut app, "ungraded", &query).await, 0, "Mexico is no party");
    let ratified = TreatyActionDraft {
        state: "MEX".to_owned(),
        instrument: "C97".to_owned(),
        kind: "ratification".to_owned(),
        date: "2024-01-15".to_owned(),
        source: "a registration for this test".to_owned(),
        reason: "it was deposited".to_owned(),
        ..TreatyActionDraft::default()
    };
    record(&app.test.db, &shelf, doing(people::MONITOR, day), &ratified)
        .await
        .expect("recorded");
    let new = waiting(&mut app, "ungraded", &query).await;
    assert!(new >= 1, "{new}");
    let listed = rows(&mut app, &format!("/desk/ungraded.json?{query}")).await;
    assert!(
        listed.iter().any(|row| row["Provision"] == provision.id.as_str()),
        "{listed:?}"
    );
}

#[tokio::test]
async fn the_desk_is_for_those_who_work_at_it() {
    let mut app = TestApp::start().await;
    assert!(app.get("/desk").await.to().starts_with("/sign-in"));
    app.see("/states").await.keeps_quiet_about(&["href=\"/desk\""]);
    for role in [Role::Reader, Role::Official] {
        app.sign_in(role).await;
        for page in ["/desk", "/desk/review", "/desk/ungraded"] {
            assert_eq!(app.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
        }
        let sent = app.post_form("/desk/review", &[("step", "accept")]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        let kept = app
            .post_form("/desk/filters", &[("name", "x"), ("address", "/desk")])
            .await;
        assert_eq!(kept.status, StatusCode::FORBIDDEN);
        app.see("/states").await.keeps_quiet_about(&["href=\"/desk\""]);
    }
    app.sign_in(Role::Monitor).await;
    app.see("/states").await.says(&["href=\"/desk\""]);
    assert_eq!(app.get("/desk/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/desk/review?sort=size").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.get("/desk?state=MEXX").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_filter_is_kept_under_a_name_and_forgotten() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let page = app.see("/desk/ungraded?state=MEX&theme=T08").await;
    assert_eq!(
        page.value_of("address").replace("&amp;", "&"),
        "/desk/ungraded?state=MEX&theme=T08"
    );
    let filter = [
        ("name", "Detention in Mexico"),
        ("address", "/desk/ungraded?state=MEX&theme=T08"),
    ];
    let kept = app.post_form("/desk/filters", &filter).await;
    assert_eq!(kept.to(), "/desk?done=filter-kept#filters");
    let again = app.post_form("/desk/filters", &filter).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.says(&["choose another name", "value=\"Detention in Mexico\""]);
    for elsewhere in ["https://evil.example/", "//evil.example", ""] {
        let sent = app
            .post_form("/desk/filters", &[("name", "x"), ("address", elsewhere)])
            .await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{elsewhere}");
    }
    let desk = app.see("/desk").await;
    assert_eq!(desk.link("Detention in Mexico"), "/desk/ungraded?state=MEX&theme=T08");
    let forget = desk.text.split("action=\"/desk/filters/").nth(1).expect("a form");
    let forget = format!("/desk/filters/{}", forget.split('"').next().expect("an address"));
    app.sign_in_as(people::COLLEAGUE).await;
    app.see("/desk").await.keeps_quiet_about(&["Detention in Mexico"]);
    assert_eq!(
        app.post_form(&forget, &[]).await.status,
        StatusCode::NOT_FOUND,
        "somebody else's"
    );
    app.sign_in_as(people::MONITOR).await;
    app.see("/desk").await;
    assert_eq!(
        app.post_form(&forget, &[]).await.to(),
        "/desk?done=filter-forgotten#filters"
    );
    app.see("/desk").await.keeps_quiet_about(&["Detention in Mexico"]);
    app.audited().await;
}

#[tokio::test]
async fn the_matrix_counts_what_the_lists_behind_it_hold() {
    let mut app = TestApp::start().await;
    let id = hand_in(&app, people::MONITOR, "2026-11-23T08:00:00Z", &[]).await;
    accept(&app, people::COLLEAGUE, "2026-11-23T08:00:00Z", id, 1).await;
    grade(&app, "2026-11-23T09:00:00Z", "MEX", "ICRMW-16.4").await;
    let cells = rows(&mut app, "/states/MEX/matrix.json").await;
    let number = |row: &Value, column: &str| row[column].as_i64().expect("a number");
    let mut whole = 0;
    for row in &cells {
        assert!(number(row, "In force") >= number(row, "With evidence"), "{row}");
        whole += number(row, "In force");
    }
    let page = app.see("/states/MEX/matrix").await;
    page.says(&["Coverage of Mexico", "T08", "instrument=ICRMW", "1 graded"]);
    let cell = cells
        .iter()
        .find(|row| row["Treaty"] == "ICRMW" && number(row, "Graded") == 1)
        .expect("the graded cell");
    assert_eq!(cell["Worst grade"], "not in place");
    let listed = rows(&mut app, "/states/MEX/obligations.json?theme=T08&instrument=ICRMW").await;
    let bound = listed.iter().filter(|row| row["Reservation"] != "excluded").count();
    assert_eq!(i64::try_from(bound).expect("small"), number(cell, "In force"));
    let all = rows(&mut app, "/states/MEX/obligations.json").await;
    assert!(
        i64::try_from(all.len()).expect("small") >= whole && whole > 300,
        "{whole}"
    );
    let before = rows(&mut app, "/states/MEX/matrix.json?as_of=2026-11-22").await;
    assert!(before.iter().all(|row| number(row, "Graded") == 0), "graded only later");
    app.see("/states/MEX/matrix?as_of=1950-01-01")
        .await
        .says(&["No treaty binds Mexico on 1950-01-01"]);
    app.see("/states/MEX").await.says(&["/states/MEX/matrix"]);
}

#[tokio::test]
async fn people_who_grade_apart_find_on_their_desks_what_is_asked_and_what_disagrees() {
    let mut app = TestApp::start().await;
    let (day, shelf) = ("2026-11-23T08:00:00Z", shelf(&app).await);
    let asked = RoundDraft {
        state: "CYP".to_owned(),
        provision: "ICESCR-7".to_owned(),
        coders: vec![people::MONITOR.to_owned(), people::COLLEAGUE.to_owned()],
    };
    let round = open(&app.test.db, &shelf, doing(people::ADMINISTRATOR, day), &asked)
        .await
        .expect("opened");
    app.sign_in_as(people::MONITOR).await;
    assert_eq!(waiting(&mut app, "gradings", "state=CYP&instrument=ICESCR").await, 1);
    assert_eq!(waiting(&mut app, "gradings", "state=MEX").await, 0);
    app.see("/desk").await.says(&["1 grading is asked of you"]);
    for (who, grade) in [(people::MONITOR, "1"), (people::COLLEAGUE, "3")] {
        assert_eq!(waiting(&mut app, "disagreements", "").await, 0, "not all are in");
        let given = CodingDraft {
            grade: grade.to_owned(),
            reasons: "As the evidence has it.".to_owned(),
            evidence: Vec::new(),
        };
        code(&app.test.db, &shelf, doing(who, day), round, &given)
            .await
            .expect("handed in");
    }
    assert_eq!(waiting(&mut app, "gradings", "").await, 0);
    assert_eq!(waiting(&mut app, "disagreements", "").await, 1);
    app.see("/desk/disagreements")
        .await
        .says(&["not in place / substantially in place", &round.to_string()]);
    app.at("2026-11-24T08:00:00Z");
    app.sign_in_as(people::MONITOR).await;
    assert_eq!(waiting(&mut app, "disagreements", "as_of=2026-11-22").await, 0);
    assert_eq!(waiting(&mut app, "disagreements", "as_of=2026-11-23").await, 1);
    assert_eq!(waiting(&mut app, "gradings", "as_of=2026-11-23").await, 0);
}

#[tokio::test]
async fn what_was_rejected_reaches_its_author_for_a_month() {
    let mut app = TestApp::start().await;
    let id = hand_in(&app, people::MONITOR, "2026-11-23T08:00:00Z", &[("title", "Hearsay")]).await;
    let draft = ReviewDraft {
        step: "reject".to_owned(),
        remark: "This is no source.".to_owned(),
        items: vec![format!("{id}@1")],
    };
    review(&app.test.db, doing(people::COLLEAGUE, "2026-11-23T09:00:00Z"), &draft)
        .await
        .expect("rejected");
    app.at("2026-11-24T08:00:00Z");
    app.sign_in_as(people::MONITOR).await;
    app.see("/desk").await.says(&["1 came back to you"]);
    let words = ["Hearsay", "Rejected by Test monitor: This is no source."];
    app.see("/desk/returned").await.says(&words);
    app.see(&format!("/evidence/{id}/edit"))
        .await
        .says(&["sent it back: “This is no source.”"]);
    app.sign_in_as(people::COLLEAGUE).await;
    app.see("/desk/returned").await.keeps_quiet_about(&words);
    app.at("2026-12-24T08:00:00Z");
    app.sign_in_as(people::MONITOR).await;
    app.see("/desk/returned").await.keeps_quiet_about(&words);
    app.see("/desk/returned?as_of=2026-12-01").await.says(&words);
    app.see("/desk/returned?as_of=2026-12-23")
        .await
        .keeps_quiet_about(&words);
}
