//! Links of evidence are asked, with care, and what came of it is kept. Servers on this machine stand for the web.

use crate::support::db::TestDb;
use crate::support::desk::accept;
use crate::support::visitor::Visitor;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, Database, Statement};
use sea_orm_migration::MigratorTrait;
use servanda::actions::import::ensure_shipped;
use servanda::config::{Config, Layers};
use servanda::domain::links::{LinkState, LinkStatus, Obstacle, Outcome};
use servanda::domain::users::Role;
use servanda::migrations::Migrator;
use servanda::sources::links::{Limits, Links, Reach};
use servanda::store::links::DeadFilter;
use servanda::store::{Db, audit, links};
use servanda::worker::{LinkSummary, LinkWorker};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration as Pause;
use tower_http::compression::CompressionLayer;

const PAGE: &str = "<!doctype html><title>Ley de Migraci\u{f3}n</title><meta name='dc.date' content='2011-05-25'>\
    <script>secret()</script><p>Art\u{ed}culo 1";

fn now() -> DateTime<Utc> {
    "2026-11-23T13:00:00Z".parse().expect("a moment")
}

/// A server on this machine; its address.
async fn web(site: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, site).await });
    format!("http://{address}")
}

/// An address at which nothing answers.
async fn nowhere() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

fn html(text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text)
}

fn asking(archive: &str) -> Links {
    let limits = Limits {
        // Enough for a machine with much else to do; what must be slow has limits of its own.
        time: Pause::from_secs(20),
        ..Limits::default()
    };
    Links::new(Reach::Loopback, limits, archive).expect("a client")
}

async fn ask(link: &str) -> Outcome {
    asking("").ask(link).await
}

fn refused(outcome: Outcome) -> String {
    match outcome {
        Outcome::Refused(why) => why,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_page_gives_its_title_its_date_and_its_text() {
    let latin = || async {
        (
            [(header::CONTENT_TYPE, "text/html; charset=ISO-8859-1")],
            b"<title>A\xf1o".to_vec(),
        )
    };
    let modified = || async {
        let headers = [
            (header::CONTENT_TYPE, "application/pdf"),
            (header::LAST_MODIFIED, "Wed, 25 May 2011 08:00:00 GMT"),
        ];
        (headers, "%PDF-1.7 text")
    };
    let site = Router::new()
        .route("/page", get(|| async { html(PAGE) }))
        .route("/latin", get(latin))
        .route("/pdf", get(modified));
    let base = web(site).await;
    let Outcome::Alive(found) = ask(&format!("{base}/page#article-1")).await else {
        panic!("the page is there")
    };
    assert_eq!(found.title.as_deref(), Some("Ley de Migración"));
    assert_eq!(
        found.published.map(|date| date.to_string()).as_deref(),
        Some("2011-05-25")
    );
    assert_eq!(found.text.as_deref(), Some("Artículo 1"));
    assert_eq!(
        (found.http_status, found.length, found.is_cut),
        (200, PAGE.len() as u64, false)
    );
    assert_eq!(found.snapshot_sha256().map(|hash| hash.len()), Some(64));
    let Outcome::Alive(found) = ask(&format!("{base}/latin")).await else {
        panic!("the page is there")
    };
    assert_eq!(found.title.as_deref(), Some("Año"));
    let Outcome::Alive(found) = ask(&format!("{base}/pdf")).await else {
        panic!("the file is there")
    };
    assert_eq!(
        (found.content_type.as_deref(), found.text),
        (Some("application/pdf"), None)
    );
    assert_eq!(
        found.published.map(|date| date.to_string()).as_deref(),
        Some("2011-05-25")
    );
}

#[tokio::test]
async fn redirects_are_followed_and_each_hop_is_checked() {
    let site = Router::new()
        .route("/page", get(|| async { html(PAGE) }))
        .route("/for-good", get(|| async { Redirect::permanent("/page") }))
        .route("/page/", get(|| async { Redirect::permanent("/page") }))
        .route("/for-now", get(|| async { Redirect::temporary("/page") }))
        .route("/loop", get(|| async { Redirect::temporary("/loop") }))
        .route("/one", get(|| async { Redirect::permanent("/two") }))
        .route("/two", get(|| async { Redirect::permanent("http://10.0.0.1/secret") }))
        .route(
            "/cloud",
            get(|| async { Redirect::temporary("http://169.254.169.254/latest/meta-data/") }),
        )
        .route("/file", get(|| async { Redirect::temporary("file:///etc/passwd") }))
        .route(
            "/password",
            get(|| async { Redirect::temporary("http://ana:x@127.0.0.1/") }),
        );
    let base = web(site).await;
    let Outcome::Moved { to, found } = ask(&format!("{base}/for-good")).await else {
        panic!("it has moved")
    };
    assert_eq!(
        (to, found.title.as_deref()),
        (format!("{base}/page"), Some("Ley de Migración"))
    );
    for same in ["/for-now", "/page/"] {
        assert!(
            matches!(ask(&format!("{base}{same}")).await, Outcome::Alive(_)),
            "{same}"
        );
    }
    assert_eq!(
        refused(ask(&format!("{base}/loop")).await),
        "it leads on more than 5 times"
    );
    for (path, why) in [
        ("/one", "10.0.0.1 is no public address"),
        ("/cloud", "169.254.169.254 is no public address"),
        ("/file", "“file:” is not an address of the web"),
        ("/password", "holds a user or a password"),
    ] {
        let said = refused(ask(&format!("{base}{path}")).await);
        assert!(
            said.starts_with("it leads on to an address that is not asked") && said.contains(why),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_refused_when_it_is_looked_up() {
    let public = Links::new(Reach::Public, Limits::default(), "").expect("a client");
    for link in ["http://localhost/", "https://localhost/", "http://LOCALHOST/a"] {
        let said = refused(public.ask(link).await);
        assert!(
            said.contains("is at ") && said.contains("no public address"),
            "{link}: {said}"
        );
    }
    // The same name is asked where this machine may be: nothing else stops it.
    let site = Router::new().route("/page", get(|| async { html(PAGE) }));
    let base = web(site).await.replace("127.0.0.1", "localhost");
    assert!(matches!(ask(&format!("{base}/page")).await, Outcome::Alive(_)));
    assert!(refused(public.ask(&base).await).contains("is not one of the web"));
}

#[tokio::test]
async fn a_slow_server_and_a_dripping_one_end_at_the_limit() {
    let drip = || async {
        let drops = futures_util::stream::unfold((), |()| async {
            tokio::time::sleep(Pause::from_millis(50)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b".")), ()))
        });
        Body::from_stream(drops)
    };
    let never = || async {
        tokio::time::sleep(Pause::from_secs(60)).await;
    };
    let base = web(Router::new().route("/slow", get(never)).route("/drip", get(drip))).await;
    let limits = Limits {
        time: Pause::from_millis(500),
        ..Limits::default()
    };
    let links = Links::new(Reach::Loopback, limits, "").expect("a client");
    for path in ["/slow", "/drip"] {
        let outcome = links.ask(&format!("{base}{path}")).await;
        let expected = "no whole answer within 0.5 seconds".to_owned();
        assert_eq!(outcome, Outcome::Unreachable(Obstacle::Network, expected), "{path}");
    }
}

#[tokio::test]
async fn what_went_wrong_is_said_in_plain_words() {
    let site = Router::new()
        .route("/fails", get(|| async { StatusCode::BAD_GATEWAY }))
        .route("/closed", get(|| async { StatusCode::FORBIDDEN }))
        .route(
            "/broken",
            get(|| async { ([(header::CONTENT_ENCODING, "gzip")], "no gzip at all") }),
        )
        .route("/lost", get(|| async { Redirect::permanent("http://[broken") }));
    let base = web(site).await;
    let silent = nowhere().await;
    let cases = [
        (format!("{base}/fails"), Obstacle::Server, "the server answers 502"),
        (format!("{base}/closed"), Obstacle::Closed, "does not let programs in"),
        (format!("{base}/broken"), Obstacle::Network, "broke off"),
        (
            format!("{base}/lost"),
            Obstacle::Server,
            "an address that cannot be read",
        ),
        (
            base.replace("http:", "https:"),
            Obstacle::Network,
            "no secure connection to 127.0.0.1",
        ),
        (silent, Obstacle::Network, "nothing answers at 127.0.0.1"),
        (
            "http://no-such-name.invalid/".to_owned(),
            Obstacle::Network,
            "the name no-such-name.invalid is not known",
        ),
    ];
    for (link, obstacle, expected) in cases {
        match ask(&link).await {
            Outcome::Unreachable(met, why) => {
                assert!(met == obstacle && why.contains(expected), "{link}: {met:?} {why}")
            }
            other => panic!("{link}: {other:?}"),
        }
    }
    assert_eq!(refused(ask("not an address").await), "the address cannot be read");
}

#[tokio::test]
async fn what_is_too_large_is_cut_even_where_it_arrives_small() {
    static SENT: AtomicUsize = AtomicUsize::new(0);
    let flood = || async {
        let chunk = Bytes::from(vec![b'a'; 64 * 1024]);
        let chunks = futures_util::stream::iter((0..1024).map(move |_| {
            SENT.fetch_add(chunk.len(), Ordering::Relaxed);
            Ok::<_, std::io::Error>(chunk.clone())
        }));
        ([(header::CONTENT_TYPE, "text/html")], Body::from_stream(chunks))
    };
    let bomb = Router::new().route("/bomb", get(flood)).layer(CompressionLayer::new());
    let base = web(Router::new().route("/flood", get(flood)).merge(bomb)).await;
    for path in ["/flood", "/bomb"] {
        let Outcome::Alive(found) = ask(&format!("{base}{path}")).await else {
            panic!("{path} is there")
        };
        assert_eq!((found.is_cut, found.length), (true, 2 * 1024 * 1024), "{path}");
        assert!(found.text.expect("a text").len() <= 100 * 1024, "{path}");
    }
    assert!(SENT.load(Ordering::Relaxed) > 0);
}

/// A worker that asks servers on this machine.
fn worker(db: &Db, archive: &str) -> LinkWorker {
    let Config { links, .. } = Layers::defaults().build().expect("valid");
    LinkWorker::with(db.clone(), asking(archive), &links, "worker")
}

async fn register(db: &Db, named: &[&str]) {
    let tx = db.begin().await.expect("a transaction");
    links::register(&tx, named, now()).await.expect("noted");
    tx.commit().await.expect("kept");
}

async fn check(worker: &LinkWorker, at: DateTime<Utc>) -> LinkSummary {
    worker.check(at, false).await.expect("a pass")
}

async fn known(db: &Db, link: &str) -> LinkState {
    links::of(db, &[link])
        .await
        .expect("read")
        .remove(link)
        .expect("registered")
}

/// An archive that has a copy of what is named `gone`.
async fn archive() -> String {
    let answer = |headers: axum::http::Uri| async move {
        let has = headers.query().is_some_and(|query| query.contains("gone"));
        if has {
            r#"{"archived_snapshots":{"closest":{"available":true,"url":"http://web.archive.org/web/2020/gone"}}}"#
        } else {
            r#"{"archived_snapshots":{}}"#
        }
    };
    web(Router::new().route("/wayback", get(answer))).await + "/wayback"
}

#[tokio::test]
async fn evidence_with_a_dead_link_is_flagged_with_its_archived_copy() {
    let gone = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&gone);
    let page = move || {
        let is_gone = counter.load(Ordering::Relaxed) == 1;
        async move {
            if is_gone {
                StatusCode::NOT_FOUND.into_response()
            } else {
                html(PAGE).into_response()
            }
        }
    };
    let base = web(Router::new().route("/gone", get(page))).await;
    let link = format!("{base}/gone");
    let mut visitor = Visitor::monitor().await;
    let form = "/states/MEX/evidence/new";
    let typed = [
        ("title", "Ley de Migración"),
        ("gist", "Detention is allowed for fifteen days."),
        ("theme", "T08"),
        ("source_kind", "law"),
        ("author_role", "state"),
        ("published", "2011-05-25"),
        ("stance", "qualifies"),
        ("kind", "structure"),
        ("reliability", "A"),
        ("credibility", "1"),
        ("link", &link),
    ];
    // The link of a draft is not asked.
    let other = format!("{base}/draft");
    let draft = typed.into_iter().filter(|(name, _)| *name != "link");
    let draft: Vec<(&str, &str)> = draft.chain([("link", other.as_str()), ("then", "draft")]).collect();
    let sent = visitor.submit(form, form, &draft).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let registered = links::of(&visitor.test.db, &[&other]).await.expect("read");
    assert!(registered.is_empty(), "{registered:?}");
    let sent = visitor.submit(form, form, &typed).await;
    let item = sent.to().split('?').next().expect("an address").to_owned();
    assert!(visitor.reads(&item).await.words().contains("Link not checked yet"));

    let db = visitor.test.db.clone();
    accept(&db, &item).await;
    visitor
        .test
        .execute("UPDATE link_checks SET next_check_at = '2027-06-01 00:00:00+00:00' WHERE link LIKE 'https:%'")
        .await;
    let everybody = DeadFilter::default();
    let worker = worker(&db, &archive().await);
    let summary = check(&worker, now()).await;
    assert_eq!((summary.checked, summary.alive), (1, 1));
    let said = visitor.reads(&item).await.words();
    assert!(
        said.contains("Link works, checked 2026-11-23: “Ley de Migración”"),
        "{said}"
    );
    assert_eq!(check(&worker, now() + Duration::days(29)).await.checked, 0);
    assert_eq!(links::count_dead(&db, everybody).await.expect("counted"), 0);

    gone.store(1, Ordering::Relaxed);
    let later = now() + Duration::days(31);
    assert_eq!(check(&worker, later).await.dead, 1);
    let state = known(&db, &link).await;
    assert_eq!(
        (state.status, state.http_status, state.since.date_naive()),
        (LinkStatus::Dead, Some(404), later.date_naive())
    );
    assert_eq!(state.archived.as_deref(), Some("https://web.archive.org/web/2020/gone"));
    let (mexico, chile) = ("MEX".parse().expect("a code"), "CHL".parse().expect("a code"));
    let of_mexico = DeadFilter {
        state: Some(&mexico),
        author: Some("monitor@example.org"),
    };
    let dead = links::dead(&db, of_mexico, 0, 10).await.expect("listed");
    assert!(item.ends_with(&dead[0].evidence.to_string()), "{item}");
    assert_eq!((dead.len(), dead[0].link.link.as_str()), (1, link.as_str()));
    for other in [(Some(&chile), None), (None, Some("somebody@example.org"))] {
        let (state, author) = other;
        let none = links::count_dead(&db, DeadFilter { state, author }).await;
        assert_eq!(none.expect("counted"), 0, "{other:?}");
    }
    // The text that was there is still held, and its death is beside it.
    let history = links::snapshots(&db, &link).await.expect("read");
    let statuses: Vec<LinkStatus> = history.iter().map(|one| one.status).collect();
    assert_eq!(statuses, [LinkStatus::Dead, LinkStatus::Alive]);
    assert_eq!(history[1].text.as_deref(), Some("Artículo 1"));
    audit::verify(&db).await.expect("read").expect("the chain is whole");
    // On the day before, it still worked.
    let said = visitor.reads(&format!("{item}?as_of=2026-12-23")).await.words();
    assert!(said.contains("Link works, checked 2026-11-23"), "{said}");
    let said = visitor.reads(&format!("{item}?as_of=2026-12-25")).await;
    assert!(
        said.words().contains("dead since 2026-12-24: the server answers 404"),
        "{}",
        said.words()
    );
    assert!(
        said.text.contains("href=\"https://web.archive.org/web/2020/gone\""),
        "{}",
        said.text
    );

    // What the page said can still be read by who works here, as of any day, and by nobody else.
    let kept = item.replace("/evidence/", "/history/links/");
    let said = visitor.reads(&format!("{kept}?as_of=2026-12-25")).await.words();
    for part in [
        "dead since 2026-12-24",
        "found the link dead",
        "found the link works",
        "Artículo 1",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = visitor.reads(&format!("{kept}?as_of=2026-12-23")).await.words();
    assert!(
        said.contains("Artículo 1") && !said.contains("found the link dead"),
        "{said}"
    );
    let token = visitor.reads(&item).await.hidden("form_token");
    visitor.post("/sign-out", &token, &[]).await;
    visitor.sign_in(Role::Reader).await;
    assert_eq!(visitor.get(&kept).await.status, StatusCode::FORBIDDEN);

    gone.store(0, Ordering::Relaxed);
    assert_eq!(check(&worker, later + Duration::days(8)).await.alive, 1);
    assert_eq!(links::count_dead(&db, everybody).await.expect("counted"), 0);
}

#[tokio::test]
async fn without_a_network_links_wait_and_nothing_fails() {
    let test = TestDb::fresh().await;
    let (gone, silent) = (nowhere().await, nowhere().await);
    let named = [gone.as_str(), "http://no-such-name.invalid/"];
    register(&test.db, &named).await;
    let offline = worker(&test.db, &silent);
    for day in 0..6 {
        let summary = check(&offline, now() + Duration::days(day)).await;
        assert_eq!((summary.checked, summary.unreachable), (2, 2), "day {day}");
    }
    for link in named {
        let state = known(&test.db, link).await;
        assert_eq!((state.status, state.failures), (LinkStatus::Unreachable, 0));
        assert!(
            state.words().contains("it will be tried again on 2026-11-28"),
            "{}",
            state.words()
        );
    }
    // The archive answers: our network works, so the third failure counts.
    let online = worker(&test.db, &archive().await);
    for day in [10, 11, 13] {
        check(&online, now() + Duration::days(day)).await;
    }
    assert_eq!(known(&test.db, &gone).await.status, LinkStatus::Dead);
    assert_eq!(links::counts(&test.db).await.expect("counted")[&LinkStatus::Dead], 2);
}

#[tokio::test]
async fn two_workers_never_ask_for_the_same_link() {
    let hits: Arc<Vec<AtomicUsize>> = Arc::new((0..60).map(|_| AtomicUsize::new(0)).collect());
    let counted = Arc::clone(&hits);
    let page = move |Path(number): Path<usize>| async move {
        counted[number].fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Pause::from_millis(20)).await;
        html(PAGE)
    };
    let base = web(Router::new().route("/{number}", get(page))).await;
    let test = TestDb::fresh().await;
    let named: Vec<String> = (0..60).map(|number| format!("{base}/{number}")).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    register(&test.db, &named).await;
    register(&test.db, &named).await;
    let (one, other) = (worker(&test.db, ""), worker(&test.second_pool().await, ""));
    let (one, other) = tokio::join!(check(&one, now()), check(&other, now()));
    assert_eq!(one.checked + other.checked, 60, "{one:?} {other:?}");
    assert!(hits.iter().all(|hit| hit.load(Ordering::Relaxed) == 1), "{hits:?}");
}

#[tokio::test]
async fn a_worker_that_died_gives_its_links_back_and_can_no_longer_write() {
    let test = TestDb::fresh().await;
    register(&test.db, &["https://example.org/a"]).await;
    let lease = Duration::minutes(10);
    let taken = links::claim(&test.db, "dead", now(), lease, 5).await.expect("taken");
    assert_eq!(taken.len(), 1);
    let soon = links::claim(&test.db, "other", now() + Duration::minutes(9), lease, 5).await;
    assert!(soon.expect("none").is_empty());
    let later = now() + Duration::minutes(10);
    assert_eq!(
        links::claim(&test.db, "other", later, lease, 5)
            .await
            .expect("taken")
            .len(),
        1
    );
    let after = taken[0].after(&Outcome::Dead(404), true, later);
    let tx = test.db.begin().await.expect("a transaction");
    let kept = links::settle(&tx, "dead", &taken[0], &after, None, later)
        .await
        .expect("tried");
    assert!(!kept);
}

#[tokio::test]
async fn shipped_evidence_has_its_links_registered_once() {
    let test = TestDb::fresh().await;
    ensure_shipped(&test.db, now()).await.expect("the shipped data");
    let mut reader =
        csv::Reader::from_path(format!("{}/fixtures/evidence.csv", env!("CARGO_MANIFEST_DIR"))).expect("a table");
    let at = reader
        .headers()
        .expect("a header")
        .iter()
        .position(|name| name == "link")
        .expect("a column");
    let named: std::collections::BTreeSet<String> = reader
        .records()
        .map(|row| row.expect("a row")[at].to_owned())
        .filter(|link| !link.is_empty())
        .collect();
    let counts = links::counts(&test.db).await.expect("counted");
    assert_eq!(counts[&LinkStatus::Unchecked], named.len() as u64);
    assert_eq!(counts.len(), 1);
}

/// A database of the version before, with one piece of evidence.
async fn of_the_version_before(test: &TestDb) {
    let raw = Database::connect(&test.url).await.expect("it opens");
    let before = Migrator::migrations()
        .iter()
        .position(|one| one.name().ends_with("_000008_links"));
    Migrator::up(&raw, before.map(|steps| steps as u32))
        .await
        .expect("migrated so far");
    let backend = raw.get_database_backend();
    let id = uuid::Uuid::now_v7();
    let place = |number: usize| {
        if backend == sea_orm::DbBackend::Postgres {
            format!("${number}")
        } else {
            "?".to_owned()
        }
    };
    let statements = [
        "INSERT INTO states (code, position, document, digest) VALUES ('MEX', 1, '{}', '')".to_owned(),
        format!(
            "INSERT INTO evidence (id, natural_key, state, revision, recorded_at) \
             VALUES ({}, 'E-1', 'MEX', 1, '2026-11-23 00:00:00+00:00')",
            place(1)
        ),
        format!(
            "INSERT INTO evidence_revisions (evidence, revision, document, digest, recorded_by, recorded_at) \
             VALUES ({}, 1, '{{\"link\":\"https://example.org/a\"}}', '', 'import', '2026-11-23 00:00:00+00:00')",
            place(1)
        ),
    ];
    for (at, sql) in statements.iter().enumerate() {
        let values = if at == 0 { vec![] } else { vec![id.into()] };
        raw.execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await
            .expect(sql);
    }
    raw.close().await.expect("it closes");
}

#[tokio::test]
async fn evidence_of_the_version_before_gets_its_links_checked_too() {
    let test = TestDb::unmigrated().await;
    of_the_version_before(&test).await;
    test.db.migrate().await.expect("migrated");
    let taken = links::claim(&test.db, "me", now(), Duration::minutes(1), 5)
        .await
        .expect("taken");
    assert_eq!(
        taken.iter().map(|one| one.link.as_str()).collect::<Vec<_>>(),
        ["https://example.org/a"]
    );
    let after = taken[0].after(&Outcome::Dead(410), true, now());
    let tx = test.db.begin().await.expect("a transaction");
    assert!(
        links::settle(&tx, "me", &taken[0], &after, None, now())
            .await
            .expect("settled")
    );
    tx.commit().await.expect("kept");
    assert_eq!(
        links::count_dead(&test.db, DeadFilter::default())
            .await
            .expect("counted"),
        1,
        "the evidence names its link"
    );
}

#[tokio::test]
async fn the_program_asks_and_counts_links_on_the_command_line() {
    let base = web(Router::new().route("/page", get(|_: HeaderMap| async { html(PAGE) }))).await;
    let test = TestDb::fresh().await;
    register(&test.db, &[&format!("{base}/page"), &format!("{base}/other")]).await;
    let run = |arguments: &'static [&'static str], private: &'static str| {
        let url = test.url.clone();
        tokio::task::spawn_blocking(move || {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_servanda"))
                .args(arguments)
                .env("SERVANDA_DATABASE_URL", url)
                .env("SERVANDA_LINKS_ALLOW_PRIVATE", private)
                .env("SERVANDA_LINKS_ARCHIVE_URL", "")
                .output()
                .expect("the program starts");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
        })
    };
    let counts = run(&["links", "count"], "false").await.expect("run");
    assert_eq!(counts["unchecked"], 2);
    let refused = run(&["links", "check"], "false").await.expect("run");
    assert_eq!((&refused["checked"], &refused["refused"]), (&2.into(), &2.into()));
    test.execute("UPDATE link_checks SET next_check_at = since").await;
    let asked = run(&["links", "check", "--once"], "true").await.expect("run");
    assert_eq!((&asked["alive"], &asked["dead"]), (&1.into(), &1.into()));
    let counts = run(&["links", "count"], "false").await.expect("run");
    assert_eq!((&counts["alive"], &counts["dead"]), (&1.into(), &1.into()));
}
