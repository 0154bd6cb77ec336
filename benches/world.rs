//! `cargo bench --bench world`: how long all obligations in force of all states on a date take, from rows in memory and
//! from the database, and how long the picture of one state takes. Prints the median and the largest of n runs; ends
//! with exit code 1 when the largest is above its limit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on should stop with its line number"
)]

use chrono::NaiveDate;
use servanda::actions::import::ensure_shipped;
use servanda::clock::Clock;
use servanda::domain::ids::StateCode;
use servanda::domain::summaries::StatePicture;
use servanda::store::library::{Shelf, load_once};
use servanda::store::{Db, findings};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// One thing that was timed.
struct Timed {
    what: &'static str,
    limit: Option<Duration>,
    runs: Vec<Duration>,
}

impl Timed {
    fn new(what: &'static str, limit_ms: Option<u64>) -> Self {
        Self {
            what,
            limit: limit_ms.map(Duration::from_millis),
            runs: Vec::new(),
        }
    }

    fn is_within(&self) -> bool {
        self.limit.is_none_or(|limit| self.runs.iter().all(|run| *run <= limit))
    }

    fn line(&self) -> String {
        let mut runs = self.runs.clone();
        runs.sort_unstable();
        let (median, largest) = (runs[runs.len() / 2], runs[runs.len() - 1]);
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
        let limit = self.limit.map_or_else(|| "-".to_owned(), ms);
        let verdict = match (self.limit, self.is_within()) {
            (None, _) => "",
            (_, true) => "PASS",
            (_, false) => "FAIL",
        };
        format!(
            "{:58} {:>10} {:>10} {limit:>10} {:>5}  {verdict}",
            self.what,
            ms(median),
            ms(largest),
            runs.len()
        )
    }
}

/// How many obligations are in force in the whole world on that date.
fn world(shelf: &Shelf, as_of: NaiveDate) -> usize {
    let (reference, facts) = (&shelf.reference, &shelf.world);
    let acceptances = facts.acceptances(reference, as_of);
    let mut found = 0;
    for state in reference.states() {
        for instrument in reference.instruments() {
            let obligations = facts.obligations(&state.iso3, instrument, &acceptances, as_of);
            found += black_box(obligations).len();
        }
    }
    found
}

#[tokio::main]
async fn main() -> ExitCode {
    // `cargo test --benches` starts this without `--bench`: then once is enough.
    let n = if std::env::args().any(|argument| argument == "--bench") {
        100
    } else {
        1
    };
    let folder = std::env::temp_dir().join(format!("servanda-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let verdict = measure(&format!("sqlite:{}", folder.join("bench.db").display()), n).await;
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    verdict
}

async fn measure(url: &str, n: usize) -> ExitCode {
    let as_of: NaiveDate = "2026-02-03".parse().expect("a date");
    let mexico: StateCode = "MEX".parse().expect("a state");
    let db = Db::connect(url).await.expect("the database opens");
    db.migrate().await.expect("the migrations run");
    let began = Instant::now();
    ensure_shipped(&db, Clock::System.now())
        .await
        .expect("the shipped data");
    let import = began.elapsed();
    let shelf = load_once(&db).await.expect("the facts");
    let found = findings::of_state(&db, &mexico).await.expect("the findings");

    let mut memory = Timed::new("obligations of all states, from rows in memory", Some(50));
    let mut database = Timed::new("obligations of all states, from the database", Some(1000));
    let mut picture = Timed::new("the picture of one state (Mexico), from rows in memory", None);
    let mut count = 0;
    for _ in 0..n {
        let began = Instant::now();
        count = world(&shelf, as_of);
        memory.runs.push(began.elapsed());

        let began = Instant::now();
        black_box(StatePicture::of(&shelf.reference, &shelf.world, &found, &mexico, as_of));
        picture.runs.push(began.elapsed());
    }
    for _ in 0..n.div_ceil(5) {
        let began = Instant::now();
        let fresh = load_once(&db).await.expect("the facts");
        assert_eq!(world(&fresh, as_of), count, "the same facts give the same obligations");
        database.runs.push(began.elapsed());
    }

    let states = shelf.reference.states().count();
    println!(
        "{states} states, {count} obligations in force on {as_of}; the shipped data were imported in {import:.1?}"
    );
    println!(
        "{:58} {:>10} {:>10} {:>10} {:>5}",
        "", "median", "largest", "limit", "runs"
    );
    let all = [memory, database, picture];
    all.iter().for_each(|timed| println!("{}", timed.line()));
    if all.iter().all(Timed::is_within) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
