//! A program of a monitor speaks to the API: the same answers as the command line, the same writes as the forms.

use crate::support::db::TestDb;
use crate::support::{desk, people};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use servanda::actions::sessions::mint_token;
use servanda::clock::Clock;
use servanda::config::Layers;
use servanda::templates::Templates;
use servanda::web::{AppState, router};
use std::sync::Arc;
use tower::ServiceExt;

/// A program that may have a token.
struct Program {
    site: Router,
    test: TestDb,
    clock: Clock,
    token: Option<String>,
}

impl Program {
    /// On a site with the shipped data and one account of each role.
    async fn start() -> Self {
        let test = TestDb::shipped().await;
        let clock = Clock::fixed("2026-11-23T08:00:00Z".parse().expect("a moment"));
        people::make(&test.db, clock.now()).await;
        let config = Layers::defaults().build().expect("valid");
        let templates = Templates::load().expect("templates");
        let state = AppState::new(
            test.db.clone(),
            Arc::default(),
            clock.clone(),
            Arc::new(config),
            templates,
        );
        Self {
            site: router(&state),
            test,
            clock,
            token: None,
        }
    }

    async fn with_token_of(mut self, email: &str) -> Self {
        let address = email.parse().expect("an address");
        self.token = Some(
            mint_token(&self.test.db, self.clock.now(), "test", &address, "tests")
                .await
                .expect("a token"),
        );
        self
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let response = self.site.clone().oneshot(request).await.expect("an answer");
        let (status, kind) = (response.status(), response.headers().get(header::CONTENT_TYPE).cloned());
        let bytes = to_bytes(response.into_body(), 10_000_000).await.expect("a body");
        let kind = kind
            .and_then(|kind| kind.to_str().ok().map(str::to_owned))
            .unwrap_or_default();
        (status, kind, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let (status, _, text) = self
            .ask(Request::get(path).body(Body::empty()).expect("a request"))
            .await;
        (
            status,
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path} is not JSON: {text}")),
        )
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let (status, _, text) = self
            .ask(request.body(Body::from(body.to_string())).expect("a request"))
            .await;
        (
            status,
            serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path} is not JSON: {text}")),
        )
    }
}

fn evidence() -> Value {
    json!({
        "key": "scjn-2023", "state": "MEX", "theme": "T08", "title": "A stay of 36 hours",
        "gist": "The court limited administrative detention of migrants to 36 hours.", "source_kind": "court_decision",
        "author_role": "state", "stance": "supports", "kind": "structure", "reliability": "A", "credibility": "2",
        "grade": "3", "published": "2023-03-15"
    })
}

#[tokio::test]
async fn questions_are_answered_as_on_the_command_line() {
    let program = Program::start().await;
    let (status, mali) = program
        .get("/api/v1/participation?state=MLI&instrument=ICRMW&as_of=2020-01-01")
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(mali["participation"][0]["in_force_since"], "2003-10-01");
    let (_, world) = program.get("/api/v1/deadlines?overdue=true").await;
    let rows = world["deadlines"].as_array().expect("rows");
    assert!(
        !rows.is_empty()
            && rows
                .iter()
                .all(|row| row["status"] == "overdue" && row["days"].as_i64() < Some(0))
    );
    let (status, kind, csv) = program
        .ask(
            Request::get("/api/v1/obligations?state=MEX&format=csv")
                .body(Body::empty())
                .expect("a request"),
        )
        .await;
    assert!(
        status.is_success() && kind.starts_with("text/csv") && csv.starts_with("provision,instrument,theme,"),
        "{kind}"
    );
}

#[tokio::test]
async fn what_cannot_be_answered_is_a_problem_document_with_a_suggestion() {
    let program = Program::start().await;
    for (path, status, hint) in [
        ("/api/v1/gaps?state=MEXX", 404, "did you mean MEX?"),
        ("/api/v1/gaps?state=MEX&as_of=2020-1-1", 400, "did you mean 2020-01-01?"),
        ("/api/v1/gaps", 400, "?state="),
        ("/api/v1/gaps?sate=MEX", 400, "sate"),
        ("/api/v1/evidence/none", 404, "There is no evidence"),
        ("/api/v1/nothing", 404, "nothing at this address"),
        ("/api/v1/deadlines?format=xml", 400, "json or csv"),
    ] {
        let (given, problem) = program.get(path).await;
        assert_eq!(given.as_u16(), status, "{path}: {problem}");
        assert!(
            problem["detail"].as_str().is_some_and(|detail| detail.contains(hint)),
            "{path}: {problem}"
        );
    }
}

#[tokio::test]
async fn a_monitors_program_adds_evidence_once_grades_and_says_why() {
    let program = Program::start().await.with_token_of(people::MONITOR).await;
    let (status, served) = program.post("/api/v1/evidence", &evidence()).await;
    assert_eq!(status, StatusCode::CREATED, "{served}");
    let (_, again) = program.post("/api/v1/evidence", &evidence()).await;
    assert_eq!(
        again["evidence"]["id"], served["evidence"]["id"],
        "the same key twice makes one item"
    );
    let served: Vec<&str> = served["serves"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["provision"].as_str())
        .collect();
    assert!(
        served.contains(&"ICRMW-16.4") && served.contains(&"ICCPR-9.1"),
        "{served:?}"
    );

    let id = again["evidence"]["id"].as_str().expect("an id");
    desk::accept(&program.test.db, id).await;
    let grade = json!({ "state": "MEX", "provision": "ICRMW-16.4", "grade": "2", "reasons": "law without practice",
        "evidence": [again["evidence"]["id"]] });
    let (status, first) = program.post("/api/v1/assessments", &grade).await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    let (status, conflict) = program.post("/api/v1/assessments", &grade).await;
    assert_eq!(
        status,
        StatusCode::CONFLICT,
        "who has not seen the standing grade may not replace it: {conflict}"
    );
    let cause =
        json!({ "state": "MEX", "provision": "ICRMW-16.4", "cause": "resources", "rationale": "too few judges" });
    assert_eq!(program.post("/api/v1/causes", &cause).await.0, StatusCode::CREATED);

    let (_, gaps) = program.get("/api/v1/gaps?state=MEX").await;
    let gap = gaps["gaps"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["provision"] == "ICRMW-16.4")
        .expect("a gap");
    assert_eq!((&gap["grade"], &gap["basis"]), (&json!(2), &json!("assessed")));
    assert_eq!(gap["causes"][0]["cause"], "resources");
    let (_, before) = program.get("/api/v1/gaps?state=MEX&as_of=2026-11-22").await;
    let gap = before["gaps"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["provision"] == "ICRMW-16.4")
        .expect("a gap");
    assert_eq!(gap["basis"], "no_information", "the day before shows the world before");
}

#[tokio::test]
async fn a_ratification_is_recorded_and_everything_follows_from_it() {
    let program = Program::start().await.with_token_of(people::MONITOR).await;
    let action = json!({ "state": "FIN", "instrument": "ICRMW", "kind": "accession", "date": "2026-08-20",
        "source": "C.N.1.2026 (depositary notification)", "reason": "deposited" });
    let (status, answer) = program.post("/api/v1/participation", &action).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    let (_, now) = program.get("/api/v1/participation?state=FIN&instrument=ICRMW").await;
    assert_eq!(now["participation"][0]["status"], "party_not_yet_in_force");
    assert_eq!(now["participation"][0]["in_force_since"], "2026-12-01");
    let (_, later) = program
        .get("/api/v1/obligations?state=FIN&instrument=ICRMW&as_of=2026-12-01")
        .await;
    assert!(later["obligations"].as_array().expect("rows").len() > 100);
    let (_, due) = program.get("/api/v1/deadlines?state=FIN").await;
    let initial = due["deadlines"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["instrument"] == "ICRMW")
        .expect("a deadline");
    assert_eq!(
        (&initial["report"], &initial["due"]),
        (&json!("initial"), &json!("2027-12-01"))
    );

    let report = json!({ "state": "ALB", "instrument": "ICRMW", "cycle": "periodic 3", "submitted": "2026-11-01", "source": "OHCHR" });
    assert_eq!(program.post("/api/v1/reports", &report).await.0, StatusCode::CREATED);
    let (_, due) = program.get("/api/v1/deadlines?state=ALB").await;
    let third = due["deadlines"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["report"] == "periodic 3")
        .expect("a deadline");
    assert_eq!(
        (&third["status"], &third["submitted"]),
        (&json!("submitted"), &json!("2026-11-01"))
    );
    let events = servanda::store::audit::verify(&program.test.db)
        .await
        .expect("readable");
    assert!(events.is_ok_and(|found| found.events > 3));
}

#[tokio::test]
async fn who_may_not_write_writes_nothing_and_wrong_fields_are_named() {
    let (visitor, reader) = (
        Program::start().await,
        Program::start().await.with_token_of(people::READER).await,
    );
    assert_eq!(
        visitor.post("/api/v1/evidence", &evidence()).await.0,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        reader.post("/api/v1/evidence", &evidence()).await.0,
        StatusCode::FORBIDDEN
    );
    let monitor = Program::start().await.with_token_of(people::MONITOR).await;
    let mut wrong = evidence();
    wrong["grade"] = json!("7");
    wrong["link"] = json!("javascript:alert(1)");
    wrong["published"] = json!("2031");
    let (status, problem) = monitor.post("/api/v1/evidence", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let detail = problem["detail"].as_str().expect("a sentence");
    assert!(
        ["grade:", "link:", "published:"]
            .iter()
            .all(|field| detail.contains(field)),
        "{detail}"
    );
    let (_, listed) = monitor.get("/api/v1/evidence?state=MEX").await;
    assert!(
        listed["evidence"]
            .as_array()
            .expect("rows")
            .iter()
            .all(|row| row["title"] != "A stay of 36 hours")
    );
}

#[tokio::test]
async fn the_description_names_every_operation() {
    let program = Program::start().await;
    let (_, description) = program.get("/api/openapi.json").await;
    assert!(
        description["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1")),
        "{}",
        description["openapi"]
    );
    for (path, method) in [
        ("/api/v1/participation", "get"),
        ("/api/v1/participation", "post"),
        ("/api/v1/obligations", "get"),
        ("/api/v1/gaps", "get"),
        ("/api/v1/deadlines", "get"),
        ("/api/v1/evidence", "post"),
        ("/api/v1/evidence/{id}", "get"),
        ("/api/v1/evidence/{id}/revisions", "get"),
        ("/api/v1/evidence/{id}/revisions", "post"),
        ("/api/v1/reviews", "post"),
        ("/api/v1/assessments", "post"),
        ("/api/v1/causes", "post"),
        ("/api/v1/reports", "post"),
    ] {
        assert!(description["paths"][path][method].is_object(), "{method} {path}");
    }
}

#[tokio::test]
async fn evidence_is_revised_and_reviewed_by_programs() {
    let monitor = Program::start().await.with_token_of(people::MONITOR).await;
    let (_, made) = monitor.post("/api/v1/evidence", &evidence()).await;
    let id = made["evidence"]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/evidence/{id}/revisions");
    let accept = json!({ "step": "accept", "items": [format!("{id}@1")] });
    let (status, own) = monitor.post("/api/v1/reviews", &accept).await;
    assert_eq!(status, StatusCode::CONFLICT, "{own}");
    let colleague = people::COLLEAGUE.parse().expect("an address");
    let token = mint_token(&monitor.test.db, monitor.clock.now(), "test", &colleague, "tests").await;
    let (mine, theirs) = (monitor.token.clone(), token.expect("a token"));
    let mut program = monitor;
    program.token = Some(theirs);
    let (status, done) = program.post("/api/v1/reviews", &accept).await;
    assert_eq!((status, &done[0]), (StatusCode::CREATED, &json!(format!("{id}@1"))));
    let mut change = evidence();
    change["gist"] = json!("The court limited detention to 36 hours; stations exceed it.");
    change["seen"] = json!("1");
    program.token = mine;
    let (status, found) = program.post(&path, &change).await;
    assert_eq!(status, StatusCode::CREATED, "{found}");
    let revisions = found["revisions"].as_array().expect("rows");
    let statuses: Vec<_> = revisions
        .iter()
        .map(|one| one["status"].as_str().unwrap_or(""))
        .collect();
    assert_eq!(statuses, ["accepted", "submitted"]);
    assert_eq!(revisions[0]["steps"][1]["by"], people::COLLEAGUE);
    assert_eq!(revisions[0]["sha256"].as_str().map(str::len), Some(64));
    change["gist"] = json!("Another text.");
    let (status, late) = program.post(&path, &change).await;
    assert_eq!(status, StatusCode::CONFLICT, "{late}");
    program.token = None;
    let public = program
        .ask(Request::get(&path).body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(public.0, StatusCode::UNAUTHORIZED);
    let (_, item) = program.get(&format!("/api/v1/evidence/{id}")).await;
    assert_eq!(item["evidence"]["revision"], 1);
}

#[tokio::test]
async fn keys_that_cannot_be_kept_as_they_are_are_refused() {
    let program = Program::start().await.with_token_of(people::MONITOR).await;
    for key in ["scjn/2023", "scjn 2023", "schlüssel", &"k".repeat(51)] {
        let mut sent = evidence();
        sent["key"] = json!(key);
        let (status, problem) = program.post("/api/v1/evidence", &sent).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{key}: {problem}");
        let detail = problem["detail"].as_str().expect("a sentence");
        assert!(
            detail.starts_with("key: ") && detail.contains("at most 50 letters (A to Z), digits, - and _"),
            "{detail}"
        );
    }
    for key in ["a b", &"k".repeat(65), ""] {
        let token = program.token.clone().expect("a token");
        let request = Request::post("/api/v1/evidence")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("idempotency-key", key);
        let (status, _, text) = program
            .ask(request.body(Body::from(evidence().to_string())).expect("a request"))
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{key}: {text}");
        assert!(text.contains("Idempotency-Key"), "{text}");
    }
}

#[tokio::test]
async fn texts_that_hide_something_and_fields_that_are_none_are_named() {
    let program = Program::start().await.with_token_of(people::MONITOR).await;
    let refused = async |name: &str, value: Value| {
        let mut sent = evidence();
        sent[name] = value;
        let (status, problem) = program.post("/api/v1/evidence", &sent).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {problem}");
        problem["detail"].as_str().expect("a sentence").to_owned()
    };
    for blank in ["\u{200b}", "\u{feff}\u{2060}", " \u{202e}"] {
        for name in ["title", "gist"] {
            assert!(
                refused(name, json!(blank))
                    .await
                    .contains(&format!("{name}: must be given"))
            );
        }
    }
    for name in ["title", "gist", "symbol"] {
        let turned = refused(name, json!("A\u{202e}fdp.exe")).await;
        assert!(
            turned.contains(&format!("{name}: holds")) && turned.contains("U+202E, the character number 2"),
            "{turned}"
        );
    }
    let long = refused("theme", json!("x".repeat(100_000))).await;
    assert!(long.len() < 400 && long.contains("theme: "), "{} bytes", long.len());
    let long = refused("stance", json!("x".repeat(100_000))).await;
    assert!(long.len() < 400 && long.contains("stance: "), "{} bytes", long.len());
    assert!(
        refused("titel", json!("x"))
            .await
            .contains("“titel”; did you mean title?")
    );
    let (status, problem) = program.post("/api/v1/causes", &json!(["MEX"])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert!(
        problem["detail"]
            .as_str()
            .expect("a sentence")
            .contains("one JSON object"),
        "{problem}"
    );

    let mut loud = evidence();
    loud["link"] = json!("HTTPS://EXAMPLE.ORG/A");
    let (status, served) = program.post("/api/v1/evidence", &loud).await;
    assert_eq!(status, StatusCode::CREATED, "{served}");
}

#[tokio::test]
async fn a_refusal_is_not_headed_as_if_something_had_been_done() {
    let program = Program::start().await.with_token_of(people::MONITOR).await;
    let (_, served) = program.post("/api/v1/evidence", &evidence()).await;
    let item = format!("{}@1", served["evidence"]["id"].as_str().expect("an id"));
    let own = json!({ "step": "accept", "items": [item] });
    let (status, problem) = program.post("/api/v1/reviews", &own).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    assert_eq!(problem["title"], "Nothing was changed", "{problem}");

    let sentence = async |path: &str| {
        let (status, problem) = program.get(path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {problem}");
        problem["detail"].as_str().expect("a sentence").to_owned()
    };
    for page in ["-1", "0", "x"] {
        let why = sentence(&format!("/api/v1/search?q=law&page={page}")).await;
        assert!(why.contains(&format!("“{page}”")) && !why.contains("all rows"), "{why}");
    }

    let token = program.token.clone().expect("a token");
    let request = Request::post("/api/v1/files")
        .header(header::CONTENT_TYPE, "multipart/form-data")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    let (status, _, text) = program.ask(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
    assert!(
        text.contains("cannot be taken apart") && !text.contains("boundary"),
        "{text}"
    );
}
