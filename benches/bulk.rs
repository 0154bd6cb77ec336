//! `cargo bench --bench bulk`: how long 100,000 rows of evidence take to be read, checked and written on SQLite, from a CSV
//! file and with every audit event. Ends with exit code 1 when that is above its limit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on should stop with its line number"
)]

use servanda::actions::Doing;
use servanda::actions::bulk::{Confirmation, Incoming, confirm, read, step};
use servanda::actions::import::ensure_shipped;
use servanda::clock::Clock;
use servanda::domain::bulk::Noun;
use servanda::domain::imports::{Import, ImportStatus};
use servanda::export::bulk::{csv_row, heads};
use servanda::store::library::{Shelf, load_once};
use servanda::store::{Db, audit};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);

fn write_file(path: &Path, shelf: &Shelf, rows: usize) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    file.write_all(&csv_row(&heads(Noun::Evidence))).expect("written");
    let states: Vec<String> = shelf.reference.states().map(|one| one.iso3.to_string()).collect();
    let themes: Vec<String> = shelf.reference.themes().map(|one| one.code.to_string()).collect();
    for at in 0..rows {
        let cell = |name: &str| match name {
            "key" => format!("BENCH-{at}"),
            "state" => states[at % states.len()].clone(),
            "theme" => themes[at % themes.len()].clone(),
            "title" => format!("Observation {at} on the conditions in stations"),
            "gist" => format!("Observation {at}: monitors visited, counted, and wrote down what they saw. ").repeat(4),
            "source_kind" | "author_role" => "nhri".to_owned(),
            "symbol" => format!("CMW/C/X/CO/{}", at % 400),
            "paragraph" => (at % 90).to_string(),
            "published" => format!("{}-{:02}", 2000 + at % 26, 1 + at % 12),
            "stance" => if at % 5 >= 3 { "supports" } else { "contradicts" }.to_owned(),
            "strength" => "moderate".to_owned(),
            "grade" => (at % 5).to_string(),
            "kind" => "outcome".to_owned(),
            "reliability" => "B".to_owned(),
            "credibility" => "2".to_owned(),
            "language" => "en".to_owned(),
            "link" => format!("https://example.org/{at}"),
            _ => String::new(),
        };
        let row: Vec<String> = heads(Noun::Evidence).into_iter().map(cell).collect();
        file.write_all(&csv_row(&row)).expect("written");
    }
    file.flush().expect("written");
}

async fn work(db: &Db, shelf: &Shelf, import: &Import) -> Import {
    loop {
        let now = step(db, shelf, "bench", Clock::System.now(), import.id)
            .await
            .expect("a step");
        if !now.status.is_at_work() {
            return now;
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    // `cargo test --benches` starts this without `--bench`: then a few rows are enough.
    let whole = std::env::args().any(|argument| argument == "--bench");
    let rows = if whole { 100_000 } else { 1_500 };
    let folder = std::env::temp_dir().join(format!("servanda-bulk-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let verdict = measure(&folder, rows).await;
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    verdict
}

async fn measure(folder: &Path, rows: usize) -> ExitCode {
    let db = Db::connect(&format!("sqlite:{}", folder.join("bench.db").display()))
        .await
        .expect("a database");
    db.migrate().await.expect("the migrations run");
    ensure_shipped(&db, Clock::System.now())
        .await
        .expect("the shipped data");
    let shelf = load_once(&db).await.expect("the facts");
    let path = folder.join("rows.csv");
    write_file(&path, &shelf, rows);
    let doing = || Doing {
        actor: "bench@example.org",
        now: Clock::System.now(),
        key: None,
    };
    let incoming = Incoming {
        path: &path,
        name: "rows.csv",
        sha256: "0",
        may_assess: true,
        holder: "bench",
    };
    let began = Instant::now();
    let import = read(&db, doing(), incoming).await.expect("usable");
    let was_read = began.elapsed();
    let checked = work(&db, &shelf, &import).await;
    let was_checked = began.elapsed();
    let choice = "all".to_owned();
    confirm(&db, doing(), import.id, &Confirmation { choice })
        .await
        .expect("confirmed");
    let done = work(&db, &shelf, &import).await;
    let whole = began.elapsed();
    assert_eq!((checked.counts.refused, done.status), (0, ImportStatus::Done));
    assert_eq!(usize::try_from(done.applied), Ok(rows), "every row is written");
    let verified = audit::verify(&db).await.expect("readable").expect("the chain is whole");
    println!("{rows} rows of evidence on SQLite; {verified}");
    let line = |what: &str, time: Duration| println!("{what:30} {:8.1} s", time.as_secs_f64());
    line("read", was_read);
    line("checked", was_checked - was_read);
    line("written", whole - was_checked);
    let verdict = if whole <= LIMIT { "PASS" } else { "FAIL" };
    println!(
        "{:30} {:8.1} s  limit {} s  {verdict}",
        "together",
        whole.as_secs_f64(),
        LIMIT.as_secs()
    );
    if whole <= LIMIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
