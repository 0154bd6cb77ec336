//! Status pages of the depositary: our own invented pages in two layouts, everything that is no such page, the command, and
//! the real pages where they are at hand.

use crate::support::app::TestApp;
use crate::support::db::TestDb;
use axum::http::StatusCode;
use proptest::prelude::*;
use servanda::actions::import::shipped_reference;
use servanda::domain::reference::Reference;
use servanda::domain::status_pages::{Act, StatusPage, StatusRow, Withdrawn};
use servanda::domain::users::Role;
use servanda::sources::untc::{NotAStatusPage, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| shipped_reference().expect("the shipped data"));

fn fixture(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sources/untc");
    folder.join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).expect("readable")
}

fn page(bytes: &[u8]) -> StatusPage {
    read(bytes, &REFERENCE).expect("a status page")
}

fn row<'p>(page: &'p StatusPage, name: &str) -> &'p StatusRow {
    let found = page.rows.iter().find(|row| row.name == name);
    found.unwrap_or_else(|| panic!("no row of {name}"))
}

fn action(row: &StatusRow) -> String {
    let date = row.action_date.map_or_else(String::new, |date| date.to_string());
    format!("{} {date}", row.action.map_or("none", Act::word))
}

#[test]
fn a_page_in_the_layout_of_today_is_read() {
    let page = page(&bytes("layout_grid.html"));
    assert_eq!(page.instrument.as_str(), "ICRMW");
    assert_eq!(
        page.status_as_at.map(|day| day.to_string()).as_deref(),
        Some("2025-06-05")
    );
    assert_eq!((page.parties_printed, page.parties_counted), (Some(6), 6));
    assert_eq!((page.signatories_printed, page.signatories_counted), (Some(3), 3));
    let code = |name: &str| row(&page, name).state.as_ref().map(ToString::to_string);
    assert_eq!(code("Netherlands (Kingdom of the)").as_deref(), Some("NLD"));
    assert_eq!(code("European Union"), None, "no state");
    for (name, expected) in [
        ("Albania", "accession 2007-06-05"),
        ("Argentina", "ratification 2007-02-24"),
        ("European Union", "formal confirmation 2010-03-01"),
        ("Jamaica", "ratification 2005-10-03"),
        ("Montenegro", "none "),
        ("Netherlands (Kingdom of the)", "acceptance 2010-09-01"),
        ("Serbia", "succession 2011-03-12"),
    ] {
        assert_eq!(action(row(&page, name)), expected, "{name}");
    }
    let montenegro = row(&page, "Montenegro");
    assert_eq!(montenegro.signature_kind, Some(Act::SuccessionToSignature));
    assert_eq!(montenegro.footnotes[0].text, "Invented: how it became a State.");

    let jamaica = row(&page, "Jamaica");
    assert!(jamaica.withdrawn && jamaica.footnotes.len() == 2);
    let left = &jamaica.withdrawals;
    assert_eq!(left.len(), 1, "what others said of it is no second one: {left:?}");
    assert_eq!(
        (left[0].of, left[0].date.to_string().as_str()),
        (Withdrawn::Treaty, "2015-10-23")
    );
    assert_eq!(
        left[0].effect_date.map(|day| day.to_string()).as_deref(),
        Some("2017-02-01")
    );

    let unread: Vec<&str> = page.unread.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(
        unread,
        [
            "Atlantis | 1 Apr 2011 a",
            "Uganda | the other day",
            "St. Lucia | 4 Jul 2012 | 5 Aug 2013 x"
        ]
    );
    assert!(page.unread[0].why.contains("names.csv"), "{:?}", page.unread[0]);
    assert!(
        !page
            .rows
            .iter()
            .any(|row| row.footnotes.iter().any(|note| note.text.is_empty()))
    );
}

#[test]
fn texts_go_to_the_state_that_wrote_them() {
    let page = page(&bytes("layout_grid.html"));
    let albania = row(&page, "Albania");
    let told: Vec<(Option<&str>, Option<String>, &str)> = albania
        .declarations
        .iter()
        .map(|one| {
            (
                one.title.as_deref(),
                one.date.map(|day| day.to_string()),
                one.text.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                Some("Upon accession: Reservation"),
                None,
                "Invented: article 92 does not bind it.\nMali\nis named here without beginning a text."
            ),
            (
                Some("Declaration under article 77"),
                Some("2012-05-03".to_owned()),
                "Invented: it accepts complaints."
            ),
        ]
    );
    assert!(row(&page, "Mali").declarations.is_empty());
    assert_eq!(
        albania.withdrawals[0].of,
        Withdrawn::Statement,
        "a footnote inside the text"
    );
    let argentina = row(&page, "Argentina");
    assert!(
        argentina.declarations.is_empty(),
        "an objection is none, even where its heading is missing"
    );
    assert_eq!(argentina.objections[0].section, "Objections");
    assert_eq!(
        row(&page, "Serbia").notifications[0].section,
        "Notifications made under article 17"
    );
    assert_eq!(
        page.rows
            .iter()
            .filter(|row| row.state.as_ref().is_some_and(|s| s.as_str() == "NLD"))
            .count(),
        1
    );
}

#[test]
fn columns_in_another_order_an_old_charset_and_bare_footnotes_are_read() {
    let page = page(&bytes("layout_plain.html"));
    assert_eq!(page.instrument.as_str(), "ICCPR");
    assert_eq!(
        page.status_as_at.map(|day| day.to_string()).as_deref(),
        Some("2025-06-06")
    );
    assert_eq!((page.parties_printed, page.parties_counted), (Some(4), 4));
    assert!(
        page.unread.is_empty() && page.notes.is_empty(),
        "{:?} {:?}",
        page.unread,
        page.notes
    );
    let of = |name: &str| {
        let row = row(&page, name);
        (row.state.as_ref().map_or("", |state| state.as_str()), action(row))
    };
    assert_eq!(of("Côte d'Ivoire"), ("CIV", "accession 1994-01-12".to_owned()));
    assert_eq!(of("Czech Republic"), ("CZE", "succession 1993-09-01".to_owned()));
    assert_eq!(of("Türkiye"), ("TUR", "ratification 1976-05-03".to_owned()));
    assert_eq!(
        of("Gambia (The)"),
        ("GMB", "accession 1999-05-05".to_owned()),
        "what stands, not what was taken back"
    );
    assert_eq!(row(&page, "Côte d'Ivoire").declarations.len(), 1);
    assert_eq!(row(&page, "Czech Republic").footnotes[0].mark, "2");
    let gambia = row(&page, "Gambia (The)");
    assert_eq!(gambia.declarations[0].title.as_deref(), Some("Reservation"));
}

#[test]
fn what_is_no_such_page_is_refused_with_the_way_to_mend_it() {
    let grid = String::from_utf8(bytes("layout_grid.html")).expect("UTF-8");
    let cut = grid.find("<tr><td>Serbia").expect("a row");
    let titled = |title: &str| {
        let whole = "International Convention on the Protection of the Rights of All Migrant Workers and Members of their Families";
        grid.replace(whole, title)
    };
    let many = grid.replace("<tr><td>Mali<br>", &"<tr><td>M<td>".repeat(1_000_000));
    for (what, bytes, expected) in [
        ("empty", Vec::new(), "is empty"),
        ("blank", b"\n  \n".to_vec(), "is empty"),
        ("JSON", br#"{"rows":[]}"#.to_vec(), "JSON"),
        ("PDF", b"%PDF-1.7 <x>".to_vec(), "PDF"),
        ("text", "Participant, Ratification".as_bytes().to_vec(), "plain text"),
        ("a web archive", b"From: <Saved by Blink>\n<html>".to_vec(), "MHTML"),
        (
            "another page",
            b"<html><body><h1>Sign in</h1><p>Service unavailable</p></body></html>".to_vec(),
            "no table of participants",
        ),
        (
            "an empty table",
            b"<table><tr><td>Participant</td><td>Ratification</td></tr></table>".to_vec(),
            "a head and no rows",
        ),
        (
            "half a table",
            grid.as_bytes()[..cut].to_vec(),
            "in the middle of its table",
        ),
        (
            "only the table",
            grid.as_bytes()[grid.find("<table id=\"x_tblgrid\"").expect("it")..].to_vec(),
            "does not say which treaty",
        ),
        (
            "another treaty",
            titled("Invented Convention on Something Else")
                .replace("13. ", "77. ")
                .into_bytes(),
            "IV-77",
        ),
        ("a million rows", many.into_bytes(), "no status page has"),
        ("50 MB", vec![b'<'; 50 * 1024 * 1024], "larger than 16 MB"),
        (
            "deep tables",
            "<table><tr><td>".repeat(100_000).into_bytes(),
            "inside each other",
        ),
        ("zeroes", vec![0; 100_000], "binary"),
    ] {
        let start = Instant::now();
        let why = read(&bytes, &REFERENCE).expect_err(what).to_string();
        assert!(why.contains(expected), "{what}: {why}");
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{what}: {:?}",
            start.elapsed()
        );
    }
    assert_eq!(read(b"", &REFERENCE), Err(NotAStatusPage::Empty));
}

#[test]
fn what_is_half_known_is_read_and_said() {
    let grid = String::from_utf8(bytes("layout_grid.html")).expect("UTF-8");
    let notes = |text: &str| page(text.as_bytes()).notes.join("\n");
    assert_eq!(notes(&grid), "");
    let other = notes(&grid.replace("Parties :   6.", "Parties :   9."));
    assert!(
        other.contains("prints 9 parties, its table has 6; 3 rows or texts could not be read"),
        "{other}"
    );
    assert!(notes(&grid.replace("Parties", "Partners")).contains("no number of parties"));
    assert!(notes(&grid.replace("STATUS AS AT", "SEEN")).contains("as at which day"));
    let cut = &grid[..grid.find("<div>Territorial").expect("it")];
    assert!(notes(cut).contains("ends before its end tag"), "{}", notes(cut));
    assert!(
        notes(cut).contains("footnotes that are not on the page"),
        "{}",
        notes(cut)
    );
    assert!(notes(cut).contains("Jamaica is printed in brackets"), "{}", notes(cut));
    let renamed = grid.replace("and Members of their Families", "and Kin");
    assert!(
        notes(&renamed).contains("recognised by its place IV-13 as ICRMW"),
        "{}",
        notes(&renamed)
    );
    let moved = grid.replace("13. ", "15. ");
    assert!(notes(&moved).contains("recognised by its title"), "{}", notes(&moved));
    let twice = page(grid.replace("Atlantis", "Mali").as_bytes());
    assert!(
        twice
            .unread
            .iter()
            .any(|one| one.why.contains("stands in the table twice")),
        "{:?}",
        twice.unread
    );
    let mut broken = grid.clone().into_bytes();
    let at = grid.find("Argentina<br>").expect("it");
    broken[at] = 0xff;
    let read = page(&broken);
    assert!(
        read.notes.iter().any(|note| note.contains("charset")),
        "{:?}",
        read.notes
    );
    assert!(
        read.unread.iter().any(|one| one.text.contains("rgentina")),
        "{:?}",
        read.unread
    );
    let mut wide = vec![0xff, 0xfe];
    wide.extend(grid.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(page(&wide).rows, page(grid.as_bytes()).rows, "UTF-16 with its mark");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &REFERENCE);
    }

    #[test]
    fn no_markup_makes_it_panic(rest in "(</?(table|tr|td|th|sup|div|p|a|html)( (id|class|name|colspan)='(dgObj|divText|heading-two|divNotesAll|1|9)')?>|[0-9]{1,4}|\\[|\\]| Jan |Participant|Ratification|Mali|Objections|On 1 May 2001,| a|é|:){0,60}") {
        let start = "<p>Status as at 1 May 2020</p><p>CHAPTER IV</p><p>4. International Covenant on Civil and Political Rights</p>";
        for text in [format!("{start}<table><tr><td>Participant<td>Ratification</tr>{rest}"), format!("{start}{rest}</table>"), rest.clone()] {
            if let Ok(page) = read(text.as_bytes(), &REFERENCE) {
                prop_assert!(page.rows.iter().all(|row| !row.name.is_empty()));
            }
        }
    }
}

/// The program, asked about a page.
fn run(url: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_servanda"))
        .args(["sources", "untc"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("SERVANDA_DATABASE_URL", url)
        .output()
        .expect("the program starts")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

#[test]
fn the_command_reads_a_page_without_a_database() {
    let nowhere = "sqlite:/nowhere/at/all.db";
    let grid = "fixtures/sources/untc/layout_grid.html";
    let output = run(nowhere, &[grid, "--format", "json"]);
    assert!(output.status.success(), "{output:?}");
    let told = json(&output);
    assert_eq!(
        (&told["instrument"], &told["status_as_at"]),
        (&"ICRMW".into(), &"2025-06-05".into())
    );
    assert_eq!(told["parties_printed"], 6);
    let first = &told["rows"][0];
    for (field, expected) in [
        ("state", "ALB"),
        ("name", "Albania"),
        ("action", "accession"),
        ("action_date", "2007-06-05"),
    ] {
        assert_eq!(first[field], expected, "{field}");
    }
    assert!(first["signature_date"].is_null() && first["declarations"].as_array().is_some_and(|list| list.len() == 2));
    assert!(told.get("differences").is_none());

    let two = run(
        nowhere,
        &[grid, "fixtures/sources/untc/layout_plain.html", "--format", "json"],
    );
    assert_eq!(json(&two)[1]["instrument"], "ICCPR");
    let csv = run(nowhere, &[grid, "--format", "csv"]);
    let text = String::from_utf8(csv.stdout).expect("text");
    assert!(text.starts_with("instrument,state,name,"), "{text}");
    assert!(
        text.contains("ICRMW,ALB,Albania,,accession,2007-06-05,no,2,0,0"),
        "{text}"
    );
    assert!(String::from_utf8_lossy(&csv.stderr).contains("not read: Atlantis"));
    for wrong in ["fixtures/datapackage.json", "fixtures/no_such_page.html"] {
        let output = run(nowhere, &[wrong]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(wrong), "{output:?}");
    }
}

#[tokio::test]
async fn each_difference_is_a_proposal_and_nothing_is_changed() {
    let test = TestDb::shipped().await;
    let grid = "fixtures/sources/untc/layout_grid.html";
    let output = run(&test.url, &[grid, "--format", "json", "--compare"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = json(&output);
    let differences = told["differences"].as_array().expect("a list");
    let of = |state: &str, about: &str| {
        let found = differences
            .iter()
            .find(|one| one["state"] == state && one["about"] == about);
        found.unwrap_or_else(|| panic!("no difference of {state} about {about}: {differences:?}"))
    };
    let argentina = of("ARG", "action");
    for (field, expected) in [
        ("kind", "other_date"),
        ("theirs", "ratification of 2007-02-24"),
        ("ours", "ratification of 2007-02-23"),
        ("our_source", "untc-2026"),
    ] {
        assert_eq!(argentina[field], expected, "{field}");
    }
    let words = argentina["proposal"].as_str().expect("words");
    assert!(
        words.contains("2007-02-24") && words.contains("2007-02-23") && words.contains("untc-2026"),
        "{words}"
    );
    assert_eq!(of("SRB", "action")["kind"], "missing_here");
    assert_eq!(of("JAM", "denunciation")["kind"], "withdrawn");
    assert_eq!(of("MEX", "action")["kind"], "missing_there");
    assert!(
        of("MEX", "action")["proposal"]
            .as_str()
            .is_some_and(|text| text.contains("could not be read"))
    );
    assert_eq!(of("ALB", "declarations")["kind"], "missing_here");
    assert!(
        !differences
            .iter()
            .any(|one| one["state"] == "MLI" && one["about"] == "action"),
        "Mali is the same"
    );
    let again = run(&test.url, &[grid, "--format", "json", "--compare"]);
    assert_eq!(again.stdout, output.stdout, "nothing was applied");
    let none = run("sqlite:/nowhere/at/all.db", &[grid, "--compare"]);
    assert_ne!(none.status.code(), Some(0));
    assert!(none.stdout.is_empty());
}

#[tokio::test]
async fn an_administrator_sees_each_difference_and_nobody_else_does() {
    let mut app = TestApp::start().await;
    let grid = bytes("layout_grid.html");
    for role in [Role::Reader, Role::Official, Role::Monitor] {
        app.sign_in(role).await;
        assert_eq!(app.get("/sources/untc").await.status, StatusCode::FORBIDDEN, "{role:?}");
        let sent = app.upload("/sources/untc", &[], &[("page.html", &grid)]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    // The last of them sees the desk.
    app.see("/desk").await.keeps_quiet_about(&["Compare a status page"]);
    app.sign_in(Role::Administrator).await;
    let form = app
        .see("/desk")
        .await
        .link("Compare a status page of the depositary with what is held");
    app.see(&form).await.says(&["Nothing changes until you record it"]);
    let (audited, wrong) = (
        app.audited().await,
        app.upload(&form, &[], &[("page.html", b"{}")]).await,
    );
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says(&["This file cannot be used", "JSON, not an HTML page"]);
    app.see(&form).await;
    let page = app.upload(&form, &[], &[("page.html", &grid)]).await;
    page.says(&[
        "lists 6 parties and 3 signatories",
        "ratification of 2007-02-24",
        "(source untc-2026)",
        "Atlantis",
    ]);
    assert_eq!(
        app.audited().await,
        audited + 1,
        "kept as proposals, nothing was applied"
    );
    let held = servanda::store::library::load_once(&app.test.db).await.expect("data");
    let argentina = held.world.facts(&"ARG".parse().expect("a state")).expect("facts");
    let actions = format!("{:?}", argentina.actions.get(&"ICRMW".parse().expect("a code")));
    assert!(
        actions.contains("2007-02-23") && !actions.contains("2007-02-24"),
        "{actions}"
    );
}

/// Signature, action, its date, denunciation.
type Held = (String, String, String, String);

/// The real pages, where they lie beside the repository.
fn real() -> Option<PathBuf> {
    let folder = std::env::var_os("SERVANDA_TEST_UNTC").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/untc");
    folder.or(Some(beside)).filter(|folder| folder.is_dir())
}

#[test]
fn every_real_page_counts_what_it_prints_and_dates_as_the_list_of_participations() {
    let Some(folder) = real() else {
        println!("skipped: no folder ../shared/data/untc, and SERVANDA_TEST_UNTC names none");
        return;
    };
    let list = folder.join("../participation.csv");
    let mut held: BTreeMap<(String, String), Vec<Held>> = BTreeMap::new();
    let text = std::fs::read_to_string(&list).unwrap_or_else(|error| panic!("{}: {error}", list.display()));
    // Only the first fields are read, and none of them holds a comma.
    for line in text.lines().skip(1) {
        let field: Vec<&str> = line.split(',').collect();
        let key = (field[1].to_owned(), field[0].to_owned());
        let value = (
            field[3].to_owned(),
            field[5].to_owned(),
            field[6].to_owned(),
            field[8].to_owned(),
        );
        held.entry(key).or_default().push(value);
    }
    let mut pages = 0;
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "html") {
            continue;
        }
        let page = page(&std::fs::read(&path).expect("readable"));
        let what = path.display();
        assert!(
            page.notes.is_empty() && page.unread.is_empty(),
            "{what}: {:?} {:?}",
            page.notes,
            page.unread
        );
        assert_eq!(page.parties_printed, Some(page.parties_counted), "{what}");
        assert_eq!(page.signatories_printed, Some(page.signatories_counted), "{what}");
        let instrument = page.instrument.to_string();
        let mut states = 0;
        for row in &page.rows {
            let Some(state) = &row.state else { continue };
            let ours = held.get(&(instrument.clone(), state.to_string()));
            let ours = ours.unwrap_or_else(|| panic!("{what}: {state} is not in the list"));
            let text = |date: Option<chrono::NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
            let (signed, acted) = (text(row.signature_date), text(row.action_date));
            let act = row.action.map_or("", Act::word);
            let same = |one: &&Held| one.0 == signed && one.1 == act && one.2 == acted;
            assert!(
                ours.iter().any(|one| same(&one)),
                "{what}: {state}: {signed} {act} {acted} is not one of {ours:?}"
            );
            let left: Vec<String> = row
                .withdrawals
                .iter()
                .filter(|one| one.of == Withdrawn::Treaty)
                .map(|one| one.date.to_string())
                .collect();
            // The list has the last one, the page tells of all: Guyana left and came back on one day.
            let told: Vec<&String> = ours.iter().map(|one| &one.3).filter(|date| !date.is_empty()).collect();
            assert_eq!(told.is_empty(), !row.withdrawn, "{what}: {state}");
            assert!(
                told.is_empty() || left.last() == told.last().copied(),
                "{what}: {state}: {left:?} {told:?}"
            );
            states += 1;
        }
        let listed = held.keys().filter(|(code, _)| *code == instrument).count();
        assert_eq!(states, listed, "{what}: as many states as the list has");
        pages += 1;
    }
    assert!(pages > 0, "{} holds no page", folder.display());
    println!("{pages} pages read");
}
