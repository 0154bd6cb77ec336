//! A monitor adds evidence, records a treaty action and a report, and everybody sees what follows.

use crate::support::desk;
use crate::support::visitor::{Answer, Visitor};
use axum::http::StatusCode;
use serde_json::Value;

const NEW: &str = "/states/MEX/evidence/new";

/// A whole piece of evidence on immigration detention.
const TYPED: [(&str, &str); 12] = [
    ("title", "Detention stations inspected without notice"),
    (
        "gist",
        "Monitors entered eleven stations and found people held for longer than the law allows.",
    ),
    ("theme", "T08"),
    ("source_kind", "nhri"),
    ("author_role", "nhri"),
    ("symbol", "Recommendation 12/2025"),
    ("link", "https://example.org/12-2025"),
    ("published", "2026-03"),
    ("stance", "contradicts"),
    ("grade", "1"),
    ("kind", "outcome"),
    ("reliability", "A"),
];

fn typed<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = TYPED
        .iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.copied()
        .chain([("credibility", "1")])
        .chain(more.iter().copied())
        .collect()
}

async fn obligations(visitor: &mut Visitor, query: &str) -> Vec<Value> {
    let answer = visitor.reads(&format!("/api/v1/obligations?{query}")).await.json();
    answer["obligations"].as_array().expect("rows").clone()
}

async fn evidence(visitor: &mut Visitor, state: &str) -> Vec<Value> {
    let answer = visitor.reads(&format!("/api/v1/evidence?state={state}")).await.json();
    answer["evidence"].as_array().expect("rows").clone()
}

fn field(answer: &Answer, value: &str) -> bool {
    answer.text.contains(value)
}

#[tokio::test]
async fn evidence_entered_once_serves_every_provision_of_its_theme() {
    let mut visitor = Visitor::monitor().await;
    let sent = visitor.submit(NEW, NEW, &typed(&[])).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    assert!(sent.to().ends_with("?done=evidence"), "{}", sent.to());
    let page = visitor.reads(sent.to()).await;
    assert!(
        page.words().contains("Handed in for review: it will serve"),
        "{}",
        page.words()
    );
    let list = visitor.reads("/states/MEX/evidence?theme=T08").await;
    assert!(
        !list.words().contains("Detention stations inspected without notice"),
        "nobody has accepted it yet"
    );
    desk::accept(&visitor.test.db, sent.to()).await;
    let page = visitor.reads(sent.to()).await;

    let all = obligations(&mut visitor, "state=MEX&theme=T08").await;
    assert!(all.len() > 10, "{}", all.len());
    let mut treaties = std::collections::BTreeSet::new();
    for obligation in &all {
        let id = obligation["provision"].as_str().expect("an id");
        treaties.insert(obligation["instrument"].as_str().expect("a code"));
        assert!(page.text.contains(&format!("/states/MEX/obligations/{id}")), "{id}");
    }
    assert!(treaties.len() > 3, "{treaties:?}");
    let served = format!(
        "it serves {} obligations in {} treaties in force for Mexico",
        all.len(),
        treaties.len()
    );
    assert!(page.words().contains(&served), "{served}: {}", page.words());
    // The grade now suggested stands at each of them, marked as computed.
    assert!(page.words().contains("computed"));

    let list = visitor.reads("/states/MEX/evidence?theme=T08").await;
    assert!(list.words().contains("Detention stations inspected without notice"));
    let before = visitor.reads("/states/MEX/evidence?as_of=2026-11-22").await;
    assert!(!before.words().contains("Detention stations inspected without notice"));
    let table = visitor
        .reads("/states/MEX/evidence.csv?theme=T08&stance=contradicts")
        .await;
    assert!(table.text.contains("Detention stations inspected without notice"));
}

#[tokio::test]
async fn what_it_will_serve_is_shown_before_anything_is_saved() {
    let mut visitor = Visitor::monitor().await;
    let held = evidence(&mut visitor, "MEX").await.len();
    let look = visitor
        .submit(
            NEW,
            "/states/MEX/evidence/new?look=1",
            &[("theme", "T08"), ("title", "Half")],
        )
        .await;
    assert_eq!(look.status, StatusCode::OK);
    let all = obligations(&mut visitor, "state=MEX&theme=T08").await;
    assert!(
        look.words()
            .contains(&format!("it will serve {} obligations", all.len())),
        "{}",
        look.words()
    );
    assert!(look.text.contains("value=\"Half\"") && !look.text.contains("role=\"alert\""));
    // Ticked and typed provisions together, each kept where it was given.
    let some = [("theme", "T08"), ("provisions", "ICRMW-16.4"), ("provisions", "CAT-3")];
    let look = visitor.submit(NEW, "/states/MEX/evidence/new?look=1", &some).await;
    assert!(
        look.words().contains("it will serve 2 obligations in 2 treaties"),
        "{}",
        look.words()
    );
    assert!(look.text.contains("value=\"CAT-3\""));
    let ticked = look.text.split("value=\"ICRMW-16.4\"").nth(1).expect("a box");
    assert!(ticked.split('>').next().expect("a tag").contains("checked"));
    assert_eq!(evidence(&mut visitor, "MEX").await.len(), held);
}

#[tokio::test]
async fn an_error_keeps_every_field_and_leads_to_it() {
    let mut visitor = Visitor::monitor().await;
    let wrong = typed(&[
        ("published", "2027"),
        ("link", "javascript:alert(1)"),
        ("gist", ""),
        ("paragraph", "p. 14"),
        ("language", "es"),
        ("provisions", "ICRMW-16.44"),
    ]);
    let again = visitor.submit(NEW, NEW, &wrong).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, value) in &wrong {
        let chosen = [
            format!("value=\"{value}\""),
            format!("value=\"{value}\" checked"),
            format!("value=\"{value}\" selected"),
        ];
        assert!(
            value.is_empty() || chosen.iter().any(|text| field(&again, text)),
            "{name}={value} is lost"
        );
    }
    for (name, value) in [("theme", "T08"), ("source_kind", "nhri"), ("reliability", "A")] {
        assert!(field(&again, &format!("value=\"{value}\" selected")), "{name}");
    }
    for name in ["published", "link", "gist", "provisions"] {
        assert!(field(&again, &format!("href=\"#{name}\"")), "no way to {name}");
        assert!(field(&again, &format!("id=\"{name}-error\"")), "no remark at {name}");
    }
    assert!(again.words().contains("did you mean ICRMW-16.4?"), "{}", again.words());
}

#[tokio::test]
async fn sent_twice_it_is_one_item_and_changed_it_is_asked_again() {
    let mut visitor = Visitor::monitor().await;
    let held = evidence(&mut visitor, "MEX").await.len();
    let form = visitor.reads(NEW).await;
    let (token, key) = (form.hidden("form_token"), form.hidden("key"));
    assert!(key.len() > 20, "{key}");
    let fields = typed(&[("key", &key)]);
    let (first, second) = (
        visitor.post(NEW, &token, &fields).await,
        visitor.post(NEW, &token, &fields).await,
    );
    assert_eq!((first.status, first.to()), (StatusCode::SEE_OTHER, second.to()));
    desk::accept(&visitor.test.db, first.to()).await;
    assert_eq!(evidence(&mut visitor, "MEX").await.len(), held + 1);
    let changed = visitor
        .post(NEW, &token, &typed(&[("key", &key), ("title", "Another title")]))
        .await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    assert!(changed.text.contains("value=\"Another title\"") && changed.hidden("key") != key);
    assert_eq!(evidence(&mut visitor, "MEX").await.len(), held + 1);
}

#[tokio::test]
async fn what_is_written_is_text_and_never_runs() {
    let mut visitor = Visitor::monitor().await;
    let attack = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>";
    let fields = typed(&[
        ("title", attack),
        ("gist", attack),
        ("symbol", attack),
        ("paragraph", "\"><script>"),
    ]);
    let sent = visitor.submit(NEW, NEW, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let to = sent.to().to_owned();
    desk::accept(&visitor.test.db, &to).await;
    let again = [
        ("title", attack),
        ("gist", attack),
        ("theme", attack),
        ("provisions", attack),
        ("link", attack),
    ];
    let form = visitor.submit(NEW, NEW, &again).await;
    for page in [
        visitor.reads(&to).await,
        visitor.reads("/states/MEX/evidence").await,
        visitor.reads("/states/MEX/summary").await,
        form,
    ] {
        assert!(
            !page.text.contains("<script") && !page.text.contains("<img"),
            "an attack came through"
        );
    }
    assert!(visitor.reads(&to).await.text.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn only_those_who_may_record_see_the_forms() {
    let mut visitor = Visitor::new().await;
    for path in [NEW, "/states/MEX/actions/new", "/states/MEX/reports/new"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.to().starts_with("/sign-in?next="));
    }
    visitor.sign_in(servanda::domain::users::Role::Reader).await;
    for path in [NEW, "/states/MEX/actions/new", "/states/MEX/reports/new"] {
        assert_eq!(visitor.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let list = visitor.reads("/states/MEX/evidence").await;
    assert!(!list.text.contains(NEW));
    let wrong = visitor.get("/states/MEXICCO/evidence").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    assert!(wrong.words().contains("did you mean MEX?") && wrong.text.contains("href=\"/states/MEX\""));
    let wrong = visitor.get("/states/MEX/summary?as_of=2019-13-01").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(visitor.get("/evidence/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_ratification_recorded_by_form_changes_status_and_obligations() {
    let mut visitor = Visitor::monitor().await;
    let path = "/states/ISL/actions/new";
    assert!(obligations(&mut visitor, "state=ISL&instrument=ICRMW").await.is_empty());
    let fields = [
        ("instrument", "ICRMW"),
        ("kind", "ratification"),
        ("date", "2026-03-10"),
        ("source", "C.N.512.2026"),
        ("reason", "deposited"),
    ];
    let look = visitor.submit(path, &format!("{path}?look=1"), &fields).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(
        look.words().contains("In force for Iceland from 2026-07-01"),
        "{}",
        look.words()
    );
    assert!(obligations(&mut visitor, "state=ISL&instrument=ICRMW").await.is_empty());

    let mut wrong = fields;
    wrong[2].1 = "2027-03-10";
    let again = visitor.submit(path, path, &wrong).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("value=\"C.N.512.2026\"") && again.text.contains("id=\"date-error\""));
    assert!(again.text.contains("value=\"ICRMW\" selected") && again.text.contains("value=\"ratification\""));

    let sent = visitor.submit(path, path, &fields).await;
    assert_eq!(
        (sent.status, sent.to()),
        (StatusCode::SEE_OTHER, "/states/ISL?done=action")
    );
    assert!(obligations(&mut visitor, "state=ISL&instrument=ICRMW").await.len() > 50);
    assert!(
        obligations(&mut visitor, "state=ISL&instrument=ICRMW&as_of=2026-06-30")
            .await
            .is_empty()
    );
    let status = visitor
        .reads("/api/v1/participation?state=ISL&instrument=ICRMW")
        .await
        .json();
    assert_eq!(status["participation"][0]["status"], "party");
}

#[tokio::test]
async fn a_report_recorded_changes_its_deadline_to_submitted() {
    let mut visitor = Visitor::monitor().await;
    let owed = visitor.reads("/api/v1/deadlines?overdue=true").await.json();
    let rows = owed["deadlines"].as_array().expect("rows").clone();
    let row = rows
        .iter()
        .find(|row| row["instrument"] == "ICRMW")
        .expect("an overdue report");
    let (state, report) = (
        row["state"].as_str().expect("a code"),
        row["report"].as_str().expect("a name"),
    );
    let path = format!("/states/{state}/reports/new");
    let form = visitor
        .reads(&format!("{path}?instrument=ICRMW&cycle={}", report.replace(' ', "%20")))
        .await;
    assert!(form.words().contains("overdue") && form.text.contains(&format!("value=\"{report}\"")));
    let empty = visitor
        .submit(
            &path,
            &path,
            &[("instrument", "ICRMW"), ("cycle", report), ("symbol", "CMW/C/X/9")],
        )
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("CMW/C/X/9") && empty.text.contains("id=\"submitted-error\""));
    let fields = [
        ("instrument", "ICRMW"),
        ("cycle", report),
        ("submitted", "2026-11-20"),
        ("source", "the secretariat"),
    ];
    let sent = visitor.submit(&path, &path, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    assert_eq!(sent.to(), format!("/states/{state}/deadlines?done=report"));
    let now = visitor.reads(&format!("/api/v1/deadlines?state={state}")).await.json();
    let rows = now["deadlines"].as_array().expect("rows");
    let row = rows
        .iter()
        .find(|row| row["instrument"] == "ICRMW" && row["report"] == report)
        .expect("the report");
    assert_eq!(row["status"], "submitted");
}
