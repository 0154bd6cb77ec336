//! Document symbols: every one in the shipped data is understood, and a form fills itself from one.

use crate::support::visitor::Visitor;
use axum::http::StatusCode;
use servanda::domain::evidence::{AuthorRole, SourceKind};
use servanda::domain::ids::StateCode;
use servanda::domain::reference::Unknown;
use servanda::domain::symbols::{DocumentKind, Symbol, read};
use std::collections::{BTreeSet, HashMap};

const NEW: &str = "/states/MEX/evidence/new";

type Row = HashMap<String, String>;

fn rows(file: &str) -> Vec<Row> {
    let path = format!("{}/fixtures/{file}", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// Reads symbols with the states that we have.
struct Shipped(BTreeSet<String>);

impl Shipped {
    fn open() -> Self {
        Self(rows("states.csv").iter().map(|row| row["iso3"].clone()).collect())
    }

    fn understood(&self, text: &str) -> Option<Symbol> {
        let states = |code: &str| -> Result<StateCode, Unknown> {
            let known = self.0.contains(code).then(|| code.parse().expect("a code"));
            known.ok_or_else(|| Unknown {
                kind: "state",
                given: code.to_owned(),
                nearest: None,
            })
        };
        let reading = read(text, &states).unwrap_or_else(|error| panic!("{error}"));
        reading.symbol()
    }
}

#[test]
fn every_symbol_of_the_shipped_evidence_agrees_with_its_row() {
    let (shipped, mut seen, mut reviews) = (Shipped::open(), 0, 0);
    for row in rows("evidence.csv") {
        let (text, kind, role) = (&row["symbol"], &row["source_kind"], &row["author_role"]);
        if text.is_empty() {
            continue;
        }
        let Some(symbol) = shipped.understood(text) else {
            assert!(
                !text.contains("/C/") && !text.starts_with("E/C.12"),
                "{text} was not understood"
            );
            continue;
        };
        assert_eq!(symbol.text, *text);
        if let Some(state) = &symbol.state {
            assert_eq!(state.as_str(), row["state"], "{text}");
        }
        assert_eq!(
            symbol.source_kind().map(SourceKind::code),
            Some(kind.as_str()),
            "{text}"
        );
        assert_eq!(
            symbol.author_role().map(AuthorRole::code),
            Some(role.as_str()),
            "{text}"
        );
        seen += 1;
        reviews += usize::from(symbol.document == DocumentKind::UprReport);
    }
    assert!(seen > 150 && reviews > 30, "{seen} symbols, {reviews} of reviews");
}

#[test]
fn every_symbol_of_the_shipped_reports_agrees_with_its_row() {
    let (shipped, mut seen) = (Shipped::open(), 0);
    for row in rows("reports.csv") {
        let columns = [
            ("symbol", DocumentKind::Report),
            ("co_symbol", DocumentKind::ConcludingObservations),
        ];
        for (column, kind) in columns {
            let text = &row[column];
            if text.is_empty() {
                continue;
            }
            let symbol = shipped.understood(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                symbol.state.as_ref().map(StateCode::as_str),
                Some(row["state"].as_str()),
                "{text}"
            );
            assert_eq!(symbol.document, kind, "{text}");
            assert!(!symbol.cycle.is_empty(), "{text}");
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
}

/// What a monitor types who has the concluding observations open.
fn typed<'a>(symbol: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fixed = [
        ("title", "Detention of children continues"),
        ("gist", "The Committee found children held in stations."),
        ("theme", "T08"),
        ("published", "2017-09"),
        ("stance", "contradicts"),
        ("kind", "outcome"),
        ("reliability", "A"),
        ("credibility", "1"),
    ];
    fixed
        .into_iter()
        .chain([("symbol", symbol)])
        .chain(more.iter().copied())
        .collect()
}

#[tokio::test]
async fn a_symbol_fills_what_was_left_blank_and_nothing_else() {
    let mut visitor = Visitor::monitor().await;
    let sent = visitor.submit(NEW, NEW, &typed("cmw/c/mex/co/3", &[])).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let page = visitor.reads(sent.to()).await;
    for text in [
        "concluding observations",
        "treaty body",
        "CMW/C/MEX/CO/3",
        "not checked yet",
    ] {
        assert!(page.words().contains(text), "{text}: {}", page.words());
    }
    assert!(
        page.text.contains("href=\"https://docs.un.org/en/CMW/C/MEX/CO/3\""),
        "{}",
        page.text
    );

    let own = [
        ("source_kind", "alternative_report"),
        ("author_role", "civil_society"),
        ("link", "https://example.org/report"),
    ];
    let sent = visitor.submit(NEW, NEW, &typed("CMW/C/MEX/CO/3", &own)).await;
    let page = visitor.reads(sent.to()).await;
    assert!(page.words().contains("alternative report") && page.words().contains("civil society"));
    assert!(page.text.contains("https://example.org/report") && !page.text.contains("docs.un.org"));
}

#[tokio::test]
async fn a_symbol_of_another_state_or_none_is_refused_beside_its_field() {
    let mut visitor = Visitor::monitor().await;
    let cases = [
        (
            "CMW/C/GTM/CO/1",
            "CMW/C/GTM/CO/1 is about GTM, and the state given is MEX",
        ),
        (
            "CMW/C/MXE/CO/3",
            "“MXE” in CMW/C/MXE/CO/3 is no state's code; did you mean MEX?",
        ),
    ];
    for (symbol, why) in cases {
        let sent = visitor.submit(NEW, NEW, &typed(symbol, &[])).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{symbol}");
        let said = sent.words().replace("&#39;", "'").replace("&#x27;", "'");
        assert!(said.contains(why), "{symbol}: {said}");
    }
}
