//! Search: the same words find the same things on both databases, and nothing that is typed breaks it.

use crate::support::app::TestApp;
use crate::support::db::TestDb;
use crate::support::desk;
use crate::support::people;
use servanda::actions::Doing;
use servanda::actions::evidence::{EvidenceDraft, add, revise};
use servanda::actions::reviews::{ReviewDraft, review};
use servanda::domain::ids::{EvidenceId, RecommendationId};
use servanda::domain::reference::Reference;
use servanda::domain::search::{Entry, EntryKind, Narrowing, Query};
use servanda::store::recommendations::{NewRecommendation, save};
use servanda::store::search::{Found, MOST, Wanted, ensure, find, put, rebuild};
use servanda::store::{Db, library};

fn wanted(as_of: &str) -> Wanted {
    Wanted {
        kind: None,
        as_of: as_of.parse().expect("a day"),
        from: 0,
        many: 25,
    }
}

async fn ask(db: &Db, typed: &str) -> Found {
    let found = find(db, &Query::read(typed), &Narrowing::default(), wanted("2026-11-23")).await;
    found.unwrap_or_else(|error| panic!("{typed:?}: {error}"))
}

async fn titles(db: &Db, typed: &str) -> Vec<String> {
    let mut titles: Vec<String> = ask(db, typed).await.hits.into_iter().map(|hit| hit.title).collect();
    titles.sort();
    titles
}

fn entry(key: &str, title: &str, body: &str) -> Entry {
    Entry {
        kind: EntryKind::Evidence,
        key: key.to_owned(),
        state: "MEX".parse().ok(),
        themes: vec!["T08".parse().expect("a theme")],
        instruments: Vec::new(),
        theme_wide: true,
        title: title.to_owned(),
        body: body.to_owned(),
        context: "CMW/C/MEX/CO/3 Mexico Mexique".to_owned(),
        dated: "2025-03".parse().ok(),
        visible_from: "2025-03-01".parse().expect("a day"),
        gone_from: None,
    }
}

async fn library_of_six_languages() -> TestDb {
    let test = TestDb::fresh().await;
    let entries = [
        entry(
            "en",
            "People detained without review",
            "Courts see nobody for weeks; a new detention law.",
        ),
        entry(
            "fr",
            "Détention des mineurs",
            "Des enfants sont retenus à la frontière.",
        ),
        entry("es", "Niños detenidos", "La estación migratoria de Tapachula."),
        entry("ru", "Задержание мигрантов", "Трудящиеся-мигранты и члены их семей."),
        entry("ar", "احتجاز العُمَّال المهاجرين", "حماية حقوق جميع العمال"),
        entry("zh", "移民拘留", "保护所有移徙工人及其家庭成员权利国际公约"),
    ];
    let tx = test.db.begin().await.expect("a transaction");
    put(&tx, &entries).await.expect("written");
    tx.commit().await.expect("kept");
    test
}

#[tokio::test]
async fn words_are_found_in_six_languages_without_case_and_accents() {
    let test = library_of_six_languages().await;
    let [en, fr, es, ru, ar, zh] = [
        "People detained without review",
        "Détention des mineurs",
        "Niños detenidos",
        "Задержание мигрантов",
        "احتجاز العُمَّال المهاجرين",
        "移民拘留",
    ];
    for (typed, expected) in [
        ("DÉTENTION mineurs", vec![fr]),
        ("detention mineurs", vec![fr]),
        ("detention", vec![fr, en]),
        ("ninos", vec![es]),
        ("ESTACIÓN tapachula", vec![es]),
        ("задержание", vec![ru]),
        ("МИГРАНТЫ", vec![ru]),
        ("العمال", vec![ar]),
        ("拘留", vec![zh]),
        ("移徙工人", vec![zh]),
        ("留", vec![zh]),
        ("留拘", vec![]),
        // Both stemmers take -ed and -ing off; neither makes “detention” of “detained”.
        ("detaining", vec![en]),
        ("court", vec![en]),
        ("\"detained without\"", vec![en]),
        ("\"without detained\"", vec![]),
        ("detention -mineurs", vec![en]),
        ("mexico -detention -\"of the\"", vec![es, ru, ar, zh]),
        ("deten*", vec![fr, es, en]),
        ("detenti*", vec![fr, en]),
        ("tapach* detenid*", vec![es]),
        ("the", vec![]),
        ("of detention", vec![]),
        ("a detention law", vec![en]),
        ("-mexico", vec![]),
    ] {
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        expected.sort();
        assert_eq!(titles(&test.db, typed).await, expected, "{typed}");
    }
    assert_eq!(
        titles(&test.db, "CMW/C/MEX/CO/3").await.len(),
        6,
        "a symbol as it is written"
    );
    assert_eq!(titles(&test.db, "cmw/c/mex/co/4").await.len(), 0);
    // A match in the title comes first.
    assert_eq!(ask(&test.db, "detention").await.hits[0].title, fr);
}

#[tokio::test]
async fn nothing_that_is_typed_breaks_the_search() {
    let test = library_of_six_languages().await;
    let long = "ы \"'*".repeat(2_500);
    let word = "a".repeat(10_000);
    for typed in [
        "'\"*()^:NEAR AND OR - \0",
        "title_folded:x",
        "labels : zz9kevidence9",
        "NEAR(a b, 2)",
        "{title body} : x",
        "a' OR 1=1 --",
        "a & | ! <-> :* b",
        "'a':*AB",
        "\\ \\' \\\"",
        "$1 ?1 %s",
        "-",
        "\"\"",
        "***",
        "\u{202e}\u{feff}\u{0}",
        "½ ² 1e5 1.5 a@b.c http://x.y/z?q=1 /etc/passwd 3d -5",
        "x AND NOT y OR z",
        &long,
        &word,
    ] {
        ask(&test.db, typed).await;
    }
    assert!(
        ask(&test.db, "zz9kevidence9").await.hits.is_empty(),
        "labels are not words"
    );
    let start = ask(&test.db, "zz9*").await;
    assert!(start.hits.is_empty(), "nor their beginnings");
    // Whatever stands in a text, it can be written and found.
    let odd = entry(
        "odd",
        "1e5 half½ a@b.c x\u{301}y",
        &format!("{} {word} end", "слово ".repeat(30_000)),
    );
    let tx = test.db.begin().await.expect("a transaction");
    put(&tx, &[odd]).await.expect("written");
    tx.commit().await.expect("kept");
    for typed in ["1e5", "half½", "a@b.c", "xy", "слово"] {
        assert!(!ask(&test.db, typed).await.hits.is_empty(), "{typed}");
    }
}

#[tokio::test]
async fn results_are_counted_narrowed_and_paged() {
    let test = TestDb::fresh().await;
    let many: Vec<Entry> = (0..MOST + 40)
        .map(|at| {
            let mut one = entry(&format!("e{at:04}"), &format!("Finding {at}"), "migrants at the border");
            one.state = if at % 10 == 0 { "MLI" } else { "MEX" }.parse().ok();
            one.theme_wide = at % 2 == 0;
            one
        })
        .collect();
    let mut provision = entry("ICRMW-16.4", "Arrest", "of migrants by law only");
    provision.kind = EntryKind::Provision;
    (provision.state, provision.instruments) = (None, vec!["ICRMW".parse().expect("a code")]);
    let mut advice = entry("r1", "Limit it", "Detain migrants as a last resort");
    advice.kind = EntryKind::Recommendation;
    let tx = test.db.begin().await.expect("a transaction");
    put(&tx, &many).await.expect("written");
    put(&tx, &[provision, advice]).await.expect("written");
    tx.commit().await.expect("kept");

    let found = ask(&test.db, "migrants").await;
    assert_eq!(found.counts[&EntryKind::Evidence], MOST + 1, "more than a thousand");
    assert_eq!(
        (
            found.counts[&EntryKind::Provision],
            found.counts[&EntryKind::Recommendation]
        ),
        (1, 1)
    );
    assert_eq!((found.hits.len(), found.ranked), (25, MOST + 2));

    let query = Query::read("migrants");
    let only = Wanted {
        kind: Some(EntryKind::Evidence),
        from: MOST - 10,
        ..wanted("2026-11-23")
    };
    let last = find(&test.db, &query, &Narrowing::default(), only)
        .await
        .expect("found");
    assert_eq!(
        (last.hits.len(), last.ranked, last.counts[&EntryKind::Provision]),
        (10, MOST, 1)
    );

    let mali = Narrowing {
        state: "MLI".parse().ok(),
        ..Narrowing::default()
    };
    let found = find(&test.db, &query, &mali, wanted("2026-11-23"))
        .await
        .expect("found");
    assert_eq!(found.counts.get(&EntryKind::Evidence), Some(&104));
    assert_eq!(found.counts.get(&EntryKind::Provision), None);
    assert!(found.hits.iter().all(|hit| hit.state.as_deref() == Some("MLI")));
    let theme = Narrowing {
        theme: "T09".parse().ok(),
        ..Narrowing::default()
    };
    assert!(
        find(&test.db, &query, &theme, wanted("2026-11-23"))
            .await
            .expect("found")
            .counts
            .is_empty()
    );
    let treaty = Narrowing {
        instrument: Some(("ICRMW".parse().expect("a code"), vec!["T08".parse().expect("a theme")])),
        state: "MLI".parse().ok(),
        theme: None,
    };
    let found = find(&test.db, &query, &treaty, wanted("2026-11-23"))
        .await
        .expect("found");
    assert_eq!(
        found.counts.get(&EntryKind::Evidence),
        Some(&104),
        "what speaks of a whole theme speaks of its treaties"
    );
    let before = find(&test.db, &query, &mali, wanted("2025-02-28"))
        .await
        .expect("found");
    assert!(before.counts.is_empty(), "not known yet");
}

fn draft(title: &str, seen: &str) -> EvidenceDraft {
    let fields = serde_json::json!({
        "state": "MEX", "title": title, "gist": "An inspectorate <script>alert(1)</script> visited zorbing stations.",
        "theme": "T08", "source_kind": "nhri", "author_role": "nhri", "published": "2026-03", "stance": "contradicts",
        "strength": "strong", "grade": "1", "kind": "outcome", "reliability": "A", "credibility": "2", "seen": seen,
        "symbol": "A/HRC/59/49",
    });
    serde_json::from_value(fields).expect("a draft")
}

fn doing<'a>(actor: &'a str, at: &str) -> Doing<'a> {
    Doing {
        actor,
        now: at.parse().expect("a moment"),
        key: None,
    }
}

async fn reference(db: &Db) -> Reference {
    library::load_once(db).await.expect("readable").reference
}

async fn accept(db: &Db, by: &str, id: EvidenceId, revision: i32, at: &str) {
    let draft = ReviewDraft {
        step: "accept".to_owned(),
        remark: String::new(),
        items: vec![format!("{id}@{revision}")],
    };
    review(db, doing(by, at), &draft).await.expect("accepted");
}

#[tokio::test]
async fn only_what_was_accepted_is_found_and_as_it_was_known_on_the_day() {
    let mut app = TestApp::start().await;
    let db = app.test.db.clone();
    let reference = reference(&db).await;
    let first = draft("Quokka stations inspected", "");
    let id = add(&db, &reference, doing(people::MONITOR, "2026-11-20T08:00:00Z"), &first)
        .await
        .expect("added");
    assert!(ask(&db, "quokka").await.hits.is_empty(), "nobody has accepted it");
    accept(&db, people::COLLEAGUE, id, 1, "2026-11-21T08:00:00Z").await;
    assert_eq!(titles(&db, "quokka").await, ["Quokka stations inspected"]);

    let second = draft("Wombat stations inspected", "1");
    revise(
        &db,
        &reference,
        doing(people::MONITOR, "2026-11-22T08:00:00Z"),
        id,
        &second,
    )
    .await
    .expect("revised");
    assert_eq!(titles(&db, "quokka").await.len(), 1, "the change waits for review");
    accept(&db, people::COLLEAGUE, id, 2, "2026-11-23T07:00:00Z").await;
    assert!(titles(&db, "quokka").await.is_empty(), "it was replaced");
    assert_eq!(
        titles(&db, "zorbing Mexique").await,
        ["Wombat stations inspected"],
        "by the state's French name too"
    );

    for (day, quokka, wombat) in [
        ("2026-11-20", false, false),
        ("2026-11-22", true, false),
        ("2026-11-23", false, true),
    ] {
        app.see(&format!("/search?q=zorbing&as_of={day}"))
            .await
            .says(if quokka || wombat {
                &["1 piece of evidence fits"]
            } else {
                &["Nothing fits “zorbing”."]
            });
        let page = app.see(&format!("/search?q=quokka&as_of={day}")).await;
        assert_eq!(page.text.contains("<mark>Quokka</mark> stations"), quokka, "{day}");
        let page = app.see(&format!("/search?q=wombat&as_of={day}")).await;
        assert_eq!(page.text.contains("<mark>Wombat</mark> stations"), wombat, "{day}");
    }
    app.see("/search?q=zorbing+script")
        .await
        .says(&[
            "&lt;<mark>script</mark>&gt;alert(1)",
            "<mark>zorbing</mark>",
            "evidence · Mexico",
        ])
        .keeps_quiet_about(&["<script"]);
    app.see("/search?q=%22A%2FHRC%2F59%2F49%22&state=MEX&kind=evidence")
        .await
        .says(&["Wombat stations inspected"]);

    // What is made anew from what is held says the same.
    let count = rebuild(&db).await.expect("rebuilt");
    assert!(count > 600, "{count}");
    assert!(titles(&db, "quokka").await.is_empty());
    assert_eq!(titles(&db, "wombat").await.len(), 1);
    app.see("/search?q=quokka&as_of=2026-11-22")
        .await
        .says(&["<mark>Quokka</mark> stations"]);
    app.audited().await;
}

#[tokio::test]
async fn the_page_offers_states_treaties_and_what_was_meant() {
    let mut app = TestApp::start().await;
    app.see("/search")
        .await
        .says(&["What are you looking for?", "Find evidence, provisions of treaties"]);
    let named = app.see("/search?q=mexico").await;
    assert_eq!(named.link("The page of Mexico"), "/states/MEX");
    assert_eq!(
        app.see("/search?q=M%C3%A9xico").await.link("The page of Mexico"),
        "/states/MEX"
    );
    let treaty = app.see("/search?q=icrmw&as_of=2020-01-01").await;
    assert!(
        treaty
            .text
            .contains("href=\"/instruments/ICRMW?as_of=2020-01-01\">The treaty "),
        "{}",
        treaty.text
    );
    app.see("/search?q=ICRMW+16(4)&kind=provision")
        .await
        .says(&["provision · ICRMW 16(4)", "/instruments/ICRMW#ICRMW-16.4"]);
    let wrong = app.see("/search?q=expulsoin").await;
    wrong.says(&["Nothing was found", "Did you mean"]);
    assert_eq!(wrong.link("expulsion"), "/search?q=expulsion");
    app.see("/search?q=detention&state=TON")
        .await
        .says(&["Nothing was found"])
        .keeps_quiet_about(&["Did you mean"]);
    assert_eq!(app.see("/search?q=Mexcio").await.link("Mexico"), "/states/MEX");
    app.see("/search?q=-expulsion")
        .await
        .says(&["names nothing to look for"]);
    app.see("/search?q=expulsion")
        .await
        .says(&["provisions", "<mark>", "Everything"]);
    app.see("/search?q=expulsion&kind=recommendation")
        .await
        .says(&["Nothing of this kind fits"]);
    app.see("/search?q=migrants&page=999")
        .await
        .says(&["There is no such page of results"]);
    app.see("/search?q=expulsion&instrument=icrmw&theme=t09&page=1").await;
    assert_eq!(app.get("/search?q=x&state=Atlantis").await.status.as_u16(), 404);
    assert_eq!(app.get("/search?q=x&kind=people").await.status.as_u16(), 400);
    assert_eq!(app.get("/search?q=x&as_of=yesterday").await.status.as_u16(), 400);
    let hostile = app.see("/search?q=%3Cscript%3E%22%27").await;
    hostile.keeps_quiet_about(&["<script"]);
    assert_eq!(app.get("/search?q=a%00b").await.status.as_u16(), 400);

    let file = app.see("/search.csv?q=expulsion&kind=provision").await;
    assert!(
        file.header("content-type").starts_with("text/csv") && file.text.lines().count() > 5,
        "{}",
        file.text
    );
    assert!(file.text.contains("/instruments/"));
    app.see("/search.xlsx?q=expulsion").await;
    let json = app.see("/search.json?q=expulsion").await;
    assert!(serde_json::from_str::<serde_json::Value>(&json.text).is_ok());

    let answer = app.see("/api/v1/search?q=expulsion&kind=provision").await;
    let answer: serde_json::Value = serde_json::from_str(&answer.text).expect("a document");
    assert_eq!(
        (&answer["query"], &answer["as_of"]),
        (&"expulsion".into(), &"2026-11-23".into())
    );
    assert!(
        answer["results"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty() && rows[0]["kind"] == "provision")
    );
    assert_eq!(app.get("/api/v1/search?q=-x").await.status.as_u16(), 400);
    assert!(app.see("/api/openapi.json").await.text.contains("/api/v1/search"));
}

#[tokio::test]
async fn what_a_version_without_search_wrote_is_found_after_the_update() {
    let test = TestDb::shipped().await;
    let before = ask(&test.db, "expulsion").await;
    assert!(
        before.counts[&EntryKind::Provision] > 5 && before.counts[&EntryKind::Evidence] > 0,
        "{:?}",
        before.counts
    );
    test.execute("DELETE FROM search_entries").await;
    assert!(ask(&test.db, "expulsion").await.counts.is_empty());
    ensure(&test.db).await.expect("made");
    let after = ask(&test.db, "expulsion").await;
    assert_eq!(after.counts, before.counts);
    ensure(&test.db).await.expect("nothing to do");
    assert_eq!(ask(&test.db, "expulsion").await.counts, before.counts);
}

#[tokio::test]
async fn a_recommendation_is_found_as_it_stood_on_the_day() {
    let mut app = TestApp::start().await;
    let db = app.test.db.clone();
    let id = RecommendationId::fresh();
    for (revision, text, at) in [
        (1, "End the zorbing of children in transit", "2026-11-20T08:00:00Z"),
        (2, "End the parkour of children in transit", "2026-11-22T08:00:00Z"),
    ] {
        let recommendation = serde_json::from_value(serde_json::json!({
            "state": "MEX", "body": "upr", "symbol": "A/HRC/56/9", "paragraph": "140.12", "text": text,
            "wording": "own_words", "themes": ["T01", "T08"], "provisions": ["ICRMW-16.4"], "acceptance": "accepted",
            "confidence": "high",
        }));
        let new = NewRecommendation {
            id,
            revision,
            recommendation: recommendation.expect("a recommendation"),
        };
        let tx = db.begin().await.expect("a transaction");
        save(&tx, &[new], people::MONITOR, at.parse().expect("a moment"))
            .await
            .expect("written");
        desk::note(&tx, "recommendation").await;
        tx.commit().await.expect("kept");
    }
    for rebuilt in [false, true] {
        for narrowed in [
            "",
            "&state=MEX",
            "&theme=T01",
            "&theme=T08",
            "&instrument=ICRMW",
            "+Mexique",
        ] {
            let page = app.see(&format!("/search?q=parkour{narrowed}")).await;
            page.says(&[
                "1 recommendation fits",
                "<mark>parkour</mark>",
                "recommendation · Mexico",
            ]);
            assert!(
                page.text.contains(&format!("href=\"/recommendations/{id}\"")),
                "{narrowed}"
            );
        }
        app.see("/search?q=parkour&instrument=CAT")
            .await
            .says(&["Nothing fits"]);
        app.see("/search?q=zorbing").await.says(&["Nothing fits"]);
        app.see("/search?q=zorbing&as_of=2026-11-21")
            .await
            .says(&["<mark>zorbing</mark>"]);
        app.see("/search?q=zorbing&as_of=2026-11-19")
            .await
            .says(&["Nothing fits"]);
        if !rebuilt {
            rebuild(&db).await.expect("rebuilt");
        }
    }
}
