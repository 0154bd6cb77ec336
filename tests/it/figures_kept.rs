//! What a source said of a series is kept with its date and its hash, by day, and nobody is asked unless somebody wants it.

use crate::support::bank::{Bank, MADE_UP, PAGE_1, PAGE_2, json, sound};
use crate::support::db::TestDb;
use axum::response::{Html, IntoResponse};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::Value;
use servanda::actions::figures::{Kept, SnapshotDraft, keep, read_csv};
use servanda::actions::{ActionError, Doing};
use servanda::config::{Layers, WorldBankSettings};
use servanda::domain::audit::digest;
use servanda::domain::figures::{Figure, SeriesId, Window, YEARS, fingerprint};
use servanda::store::figures::{Wanted, figures, newest, series, snapshot, snapshots};
use servanda::store::library::Library;
use servanda::store::{Db, audit};
use servanda::worker::FigureWorker;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn id(text: &str) -> SeriesId {
    text.parse().expect("a code")
}

fn figure(state: &str, year: i32, value: f64) -> Figure {
    let state = state.parse().expect("a code");
    Figure { state, year, value }
}

fn draft(figures: &[Figure]) -> SnapshotDraft {
    SnapshotDraft {
        series: id("OWN.ONE"),
        name: "A series of our own".to_owned(),
        source: "The tests".to_owned(),
        last_updated: Some(day("2026-11-01")),
        note: String::new(),
        figures: figures.to_vec(),
    }
}

async fn kept(db: &Db, at: &str, figures: &[Figure], replace: bool) -> Result<Kept, ActionError> {
    let doing = Doing {
        actor: "cli",
        now: moment(at),
        key: None,
    };
    keep(db, doing, &draft(figures), replace).await
}

async fn held(db: &Db, as_of: &str) -> Vec<Figure> {
    let series = [id("OWN.ONE")];
    let wanted = Wanted {
        series: &series,
        state: None,
        years: YEARS,
        as_of: day(as_of),
    };
    let mut found = figures(db, &wanted).await.expect("read");
    found.remove(&series[0]).unwrap_or_default()
}

#[tokio::test]
async fn what_was_known_on_an_earlier_day_stays_readable() {
    let test = TestDb::fresh().await;
    let db = &test.db;
    let first = [
        figure("MEX", 2022, 1.0),
        figure("MEX", 2023, 2.0),
        figure("PHL", 2023, 3.5),
    ];
    let one = kept(db, "2026-11-10T08:00:00Z", &first, false).await.expect("kept");
    assert_eq!((one.added, one.changed, one.gone, one.snapshot.number), (3, 0, 0, 1));
    let second = [
        figure("MEX", 2023, 2.25),
        figure("PHL", 2023, 3.5),
        figure("PHL", 2024, 4.0),
    ];
    let two = kept(db, "2026-11-20T08:00:00Z", &second, false).await.expect("kept");
    assert_eq!((two.added, two.changed, two.gone, two.snapshot.number), (1, 1, 1, 2));
    assert_eq!(two.snapshot.sha256, fingerprint(&second));

    assert_eq!(held(db, "2026-11-09").await, []);
    assert_eq!(held(db, "2026-11-10").await, first);
    assert_eq!(held(db, "2026-11-19").await, first);
    assert_eq!(held(db, "2026-11-20").await, second);
    let series_id = id("OWN.ONE");
    let on = |text| snapshot(db, &series_id, day(text));
    assert_eq!(on("2026-11-09").await.expect("read"), None);
    assert_eq!(on("2026-11-19").await.expect("read"), Some(one.snapshot.clone()));
    assert_eq!(on("2026-11-21").await.expect("read"), Some(two.snapshot.clone()));
    let all = snapshots(db, &series_id).await.expect("read");
    assert_eq!(all, [two.snapshot.clone(), one.snapshot.clone()]);
    assert_eq!(newest(db, day("2026-11-19")).await.expect("read"), [one.snapshot]);
    assert_eq!(newest(db, day("2026-11-20")).await.expect("read"), [two.snapshot]);

    // Ready to be asked, a series that nobody fetched among them.
    let wanted = [series_id.clone(), id("OWN.TWO")];
    let mexico = "MEX".parse().expect("a code");
    let asked = Wanted {
        series: &wanted,
        state: Some(&mexico),
        years: 2000..=2023,
        as_of: day("2026-11-19"),
    };
    let found = series(db, &asked).await.expect("read");
    let newest_of = found[&series_id].latest(&mexico, Window::before(2025, 5));
    assert_eq!(newest_of, Some(figure("MEX", 2023, 2.0)));
    assert!(found[&id("OWN.TWO")].is_empty());

    // The same again is a snapshot of its own and changes nothing.
    let three = kept(db, "2026-11-22T08:00:00Z", &second, false).await.expect("kept");
    assert_eq!((three.added, three.changed, three.gone), (0, 0, 0));
    assert_eq!(three.snapshot.fetched_at, moment("2026-11-22T08:00:00Z"));
    audit::verify(db).await.expect("read").expect("the chain is whole");
}

#[tokio::test]
async fn a_figure_changed_behind_the_programs_back_is_named() {
    let test = TestDb::fresh().await;
    let db = &test.db;
    let figures = [figure("MEX", 2022, 1.0), figure("MEX", 2023, 2.0)];
    kept(db, "2026-11-10T08:00:00Z", &figures, false).await.expect("kept");
    let wrong = async || audit::verify(db).await.expect("read").expect_err("something is wrong");
    let tamperings = [
        (
            "UPDATE figures SET value = '9' WHERE year = 2023",
            "UPDATE figures SET value = '2' WHERE year = 2023",
            "the row OWN.ONE/MEX/2023/1 of figures is not as event 1 wrote it",
        ),
        (
            "UPDATE figures SET superseded_at = recorded_at WHERE year = 2022",
            "UPDATE figures SET superseded_at = NULL WHERE year = 2022",
            "the row OWN.ONE/MEX/2022/1 of figures is not as event 1 wrote it",
        ),
        (
            "INSERT INTO figures SELECT 'X', series, 'PHL', year, value, snapshot, recorded_at, superseded_at FROM figures \
             WHERE year = 2023",
            "DELETE FROM figures WHERE id = 'X'",
            "the row X of figures was not written by this program",
        ),
        (
            "UPDATE figure_snapshots SET source = 'Somebody else'",
            "UPDATE figure_snapshots SET source = 'The tests'",
            "the row OWN.ONE/1 of figure_snapshots is not as event 1 wrote it",
        ),
        (
            "DELETE FROM figures WHERE year = 2022",
            "",
            "the row OWN.ONE/MEX/2022/1 of figures is gone",
        ),
    ];
    for (change, back, expected) in tamperings {
        test.execute(change).await;
        let told = wrong().await;
        assert!(told.starts_with(expected), "{told}");
        if !back.is_empty() {
            test.execute(back).await;
            audit::verify(db).await.expect("read").expect("whole again");
        }
    }
}

#[tokio::test]
async fn a_snapshot_that_lost_most_of_the_series_is_refused_unless_it_is_meant() {
    let test = TestDb::fresh().await;
    let db = &test.db;
    let four: Vec<Figure> = (2020..2024).map(|year| figure("MEX", year, 1.0)).collect();
    kept(db, "2026-11-10T08:00:00Z", &four, false).await.expect("kept");
    let why = kept(db, "2026-11-11T08:00:00Z", &four[..1], false)
        .await
        .expect_err("too little");
    assert!(
        why.to_string()
            .contains("3 of the 4 that stand are not among them. The last snapshot is kept"),
        "{why}"
    );
    assert_eq!(held(db, "2026-12-01").await, four);
    assert_eq!(snapshots(db, &id("OWN.ONE")).await.expect("read").len(), 1);
    let meant = kept(db, "2026-11-12T08:00:00Z", &four[..1], true).await.expect("kept");
    assert_eq!(meant.gone, 3);
    assert_eq!(held(db, "2026-12-01").await, four[..1]);

    let wrong = [
        figure("MEX", 2020, f64::NAN),
        figure("MEX", 2021, 1.0),
        figure("MEX", 2021, 2.0),
    ];
    let why = kept(db, "2026-11-13T08:00:00Z", &wrong, true).await.expect_err("wrong");
    let why = why.to_string();
    assert!(
        why.contains("MEX 2020 is no number") && why.contains("MEX 2021 stands there twice"),
        "{why}"
    );
    let why = kept(db, "2026-11-13T08:00:00Z", &[], true).await.expect_err("nothing");
    assert!(why.to_string().contains("there is none"), "{why}");
    audit::verify(db).await.expect("read").expect("the chain is whole");
}

#[tokio::test]
async fn two_who_load_one_series_at_once_leave_one_whole_snapshot_after_the_other() {
    let test = TestDb::fresh().await;
    let other = test.second_pool().await;
    let (a, b) = ([figure("MEX", 2022, 1.0)], [figure("MEX", 2022, 2.0)]);
    let both = tokio::join!(
        kept(&test.db, "2026-11-10T08:00:00Z", &a, false),
        kept(&other, "2026-11-10T08:00:01Z", &b, false)
    );
    for result in [&both.0, &both.1] {
        assert!(matches!(result, Ok(_) | Err(ActionError::Conflict(_))), "{result:?}");
    }
    assert!(both.0.is_ok() || both.1.is_ok());
    assert_eq!(held(&test.db, "2026-11-10").await.len(), 1);
    audit::verify(&test.db)
        .await
        .expect("read")
        .expect("the chain is whole");
}

/// The program, with the shipped data and a server of its own to ask.
struct Office {
    test: TestDb,
    bank: String,
}

impl Office {
    async fn at(bank: &str) -> Self {
        Self {
            test: TestDb::shipped().await,
            bank: bank.to_owned(),
        }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_servanda"))
            .arg("sources")
            .args(arguments)
            .env("SERVANDA_DATABASE_URL", &self.test.url)
            .env("SERVANDA_WORLD_BANK_URL", &self.bank)
            .stdin(Stdio::null())
            .output()
            .expect("the program starts")
    }

    /// Exit code, answer, complaint.
    fn says(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.run(arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (
            output.status.code().expect("an end"),
            text(output.stdout),
            text(output.stderr),
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_without_refresh_and_a_failure_keeps_the_last_snapshot() {
    let down = Arc::new(AtomicBool::new(false));
    let is_down = Arc::clone(&down);
    let bank = Bank::answering(move |page, _| {
        if is_down.load(Ordering::SeqCst) {
            Html("<title>Sorry").into_response()
        } else {
            sound(page)
        }
    })
    .await;
    let office = Office::at(&bank.url).await;
    let (code, answer, why) = office.says(&["world-bank", "--indicator", MADE_UP]);
    assert_eq!((code, answer.as_str()), (2, ""));
    assert!(why.contains("MADE.UP.ONE is not fetched yet. Add --refresh"), "{why}");
    let (code, answer, why) = office.says(&["world-bank"]);
    assert!(
        code == 2 && answer.is_empty() && why.contains("no series was fetched or loaded"),
        "{why}"
    );
    assert_eq!(bank.asked(), 0);

    let (code, answer, why) = office.says(&["world-bank", "--indicator", MADE_UP, "--refresh", "--format", "csv"]);
    assert_eq!(code, 0, "{why}");
    assert_eq!(
        answer,
        "series,state,year,value\nMADE.UP.ONE,MEX,2023,12.5\nMADE.UP.ONE,PHL,2023,-3\n"
    );
    for words in [
        "World Bank, Indicators API",
        "figures of 2026-10-07: 5 figures",
        "The source was asked just now",
    ] {
        assert!(why.contains(words), "{words}: {why}");
    }
    assert_eq!(bank.asked(), 2);

    // Offline: the last snapshot, with its date and hash.
    let shown = [
        "world-bank",
        "--indicator",
        MADE_UP,
        "--state",
        "mexico",
        "--format",
        "json",
    ];
    let (code, answer, _) = office.says(&shown);
    let before: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!((code, bank.asked()), (0, 2));
    assert_eq!(
        (&before["refreshed"], &before["failed"]),
        (&Value::from(false), &Value::Null)
    );
    assert_eq!(before["sha256"].as_str().map(str::len), Some(64));
    let years: Vec<&Value> = before["figures"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["year"])
        .collect();
    assert_eq!(years, [2022, 2023]);
    // Whoever has the figures can compute the hash again.
    let (_, csv, _) = office.says(&["world-bank", "--indicator", MADE_UP, "--all", "--format", "csv"]);
    let lines = csv
        .lines()
        .skip(1)
        .map(|line| format!("{}\n", line.trim_start_matches("MADE.UP.ONE,")));
    assert_eq!(
        digest(&lines.collect::<String>()),
        before["sha256"].as_str().expect("a hash")
    );
    let (_, table, told) = office.says(&["world-bank", "--indicator", MADE_UP, "--all"]);
    assert!(
        table.contains("(5 rows)") && told.contains("Nobody was asked just now"),
        "{table}{told}"
    );
    let (code, answer, why) = office.says(&["world-bank", "--indicator", MADE_UP, "--state", "ALB"]);
    assert!(
        code == 2 && answer.is_empty() && why.contains("no figure for ALB"),
        "{why}"
    );
    let (code, _, why) = office.says(&["world-bank", "--indicator", MADE_UP, "--as-of", "2020-01-01"]);
    assert!(
        code == 2 && why.contains("was not fetched yet on 2020-01-01; the first snapshot is of"),
        "{why}"
    );

    down.store(true, Ordering::SeqCst);
    let mut again = shown.to_vec();
    again.push("--refresh");
    let (code, answer, why) = office.says(&again);
    assert_eq!(code, 1);
    assert!(
        why.contains("a web page came instead of JSON") && why.contains("is kept and shown as it was"),
        "{why}"
    );
    let after: Value = serde_json::from_str(&answer).expect("JSON");
    for same in ["sha256", "fetched_at", "figures", "held"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert!(after["failed"].as_str().is_some_and(|why| why.contains("web page")));
    let listed = office.says(&["world-bank", "--format", "csv"]).1;
    assert!(
        listed
            .lines()
            .nth(1)
            .is_some_and(|row| row.starts_with("MADE.UP.ONE,\"Made up")),
        "{listed}"
    );
    let (code, _, why) = office.says(&["world-bank", "--indicator", "../x"]);
    assert!(code == 2 && why.contains("is not the code of a series"), "{why}");
}

#[tokio::test]
async fn any_series_is_loaded_from_a_file_and_all_that_is_wrong_with_it_is_said_at_once() {
    let office = Office::at("http://127.0.0.1:1").await;
    let folder = std::env::temp_dir().join(format!("servanda-series-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |text: &str| {
        let path = folder.join("series.csv");
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let wrong = file(
        "state,year,value\nMEX,2020,1\nMEXX,2020,2\nPHL,20,x\nMEX,2020,3\nPHL,2021,\"1,5\"\nPHL,2022,=1+1\nPHL,2023,inf\nPHL,2024\n",
    );
    let (code, answer, why) = office.says(&["series", &wrong, "--series", "OWN.ONE"]);
    assert_eq!((code, answer.as_str()), (2, ""));
    for expected in [
        "line 3, state: there is no state “MEXX”",
        "line 4, year: “20” is not a year such as 2023",
        "line 4, value: “x” is not a number",
        "line 5: MEX 2020 stands on line 2 already",
        "line 6, value: “1,5” is not a number such as 21500.7; write a decimal point",
        "line 7, value: “=1+1” is not a number",
        "line 8, value: “inf” is not a number",
        "line 9: it has 2 fields, the header 3",
    ] {
        assert!(why.contains(expected), "{expected}: {why}");
    }
    assert!(
        newest(&office.test.db, day("2100-01-01"))
            .await
            .expect("read")
            .is_empty()
    );

    let right = file("\u{feff}State;Remark;YEAR;value\nMexico;'=x;2020;1.50\nPHL;;2020;-2e3\nPHL;;2021;\n");
    let typed = [
        "series",
        &right,
        "--series",
        "OWN.ONE",
        "--source",
        "=HYPERLINK(\"x\")",
        "--date",
        "2026-05-01",
        "--name",
        "Ours",
    ];
    let (code, answer, why) = office.says(&typed);
    assert_eq!(code, 0, "{why}");
    assert!(
        answer.starts_with("2 figures of OWN.ONE are kept: 2 new, 0 changed, 0 gone; SHA-256 "),
        "{answer}"
    );
    assert!(
        why.contains("lines without a value: 1; columns not read: remark"),
        "{why}"
    );
    let (_, answer, _) = office.says(&["world-bank", "--indicator", "OWN.ONE", "--format", "csv"]);
    assert_eq!(
        answer,
        "series,state,year,value\nOWN.ONE,MEX,2020,1.5\nOWN.ONE,PHL,2020,-2000\n"
    );
    let listed = office.says(&["world-bank", "--format", "csv"]).1;
    assert!(listed.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{listed}");

    let less = file("state,year,value\nMEX,2024,1\n");
    let (code, _, why) = office.says(&["series", &less, "--series", "OWN.ONE"]);
    assert!(code == 2 && why.contains("--replace"), "{why}");
    let (code, _, why) = office.says(&["series", &less, "--series", "OWN.ONE", "--replace"]);
    assert_eq!(code, 0, "{why}");
    for (text, expected) in [
        ("land,year,value\nMEX,2020,1\n", "the header lacks state"),
        ("state,year,value\n", "there is no figure in it"),
        ("", "the header lacks state, year, value"),
    ] {
        let (code, _, why) = office.says(&["series", &file(text), "--series", "OWN.TWO"]);
        assert!(code == 2 && why.contains(expected), "{expected}: {why}");
    }
    let (code, _, why) = office.says(&["series", "no-such-file.csv", "--series", "OWN.TWO"]);
    assert!(code == 2 && why.contains("no-such-file.csv cannot be read"), "{why}");
    std::fs::remove_dir_all(&folder).expect("removed");
    audit::verify(&office.test.db)
        .await
        .expect("read")
        .expect("the chain is whole");

    let library = Library::default();
    let shelf = library.shelf(&office.test.db).await.expect("the shelf");
    let latin = read_csv(b"state,year,value\nM\xe9xico,2020,1\n", &shelf.reference).expect_err("not UTF-8");
    assert_eq!(latin, ["line 2: it is not UTF-8 text; save it as “CSV UTF-8”"]);
    let many: String = (0..100_002).map(|_| "MEX,2020,1\n").collect();
    let told = read_csv(format!("state,year,value\n{many}").as_bytes(), &shelf.reference).expect_err("too many");
    assert!(told.last().is_some_and(|why| why.contains("more than 100000 figures")));
}

#[tokio::test]
async fn the_worker_asks_for_what_the_settings_name_when_it_is_due() {
    let down = Arc::new(AtomicBool::new(false));
    let is_down = Arc::clone(&down);
    let bank = Bank::answering(move |page, _| {
        if is_down.load(Ordering::SeqCst) {
            json("[")
        } else {
            json(if page == 1 { PAGE_1 } else { PAGE_2 })
        }
    })
    .await;
    let test = TestDb::shipped().await;
    let library = Arc::new(Library::default());
    let worker = |settings: &WorldBankSettings| {
        FigureWorker::with(test.db.clone(), Arc::clone(&library), bank.client(), settings, "worker").expect("a worker")
    };
    let mut settings = Layers::defaults().build().expect("valid").world_bank;
    let start = moment("2026-11-23T08:00:00Z");
    let nothing = worker(&settings).pass(start).await.expect("a pass");
    assert_eq!((nothing.kept, bank.asked()), (0, 0), "off unless somebody wants it");
    settings.indicators = vec![MADE_UP.to_owned()];
    let worker = worker(&settings);
    assert_eq!(worker.pass(start).await.expect("a pass").kept, 1);
    let soon = worker.pass(start + Duration::days(6)).await.expect("a pass");
    assert_eq!((soon.kept, bank.asked()), (0, 2));
    down.store(true, Ordering::SeqCst);
    let later = worker.pass(start + Duration::days(8)).await.expect("a pass");
    assert_eq!(later.kept, 0);
    assert!(later.failed[0].contains("the answer ends in the middle"), "{later:?}");
    down.store(false, Ordering::SeqCst);
    assert_eq!(worker.pass(start + Duration::days(9)).await.expect("a pass").kept, 1);
    let all = snapshots(&test.db, &id(MADE_UP)).await.expect("read");
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|one| one.recorded_by == "worker"));
    audit::verify(&test.db)
        .await
        .expect("read")
        .expect("the chain is whole");
}
