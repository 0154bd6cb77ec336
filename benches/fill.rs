//! `cargo bench --bench fill -- sqlite:FILE [EVIDENCE [ASSESSMENTS]]`: fills a database for `benches/desk`, by default with
//! 200,000 pieces of evidence and 60,000 assessments spread over all states and themes. What they say is drawn from
//! the words of the shipped evidence, has no meaning and is only there to be measured; the database must be new.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on should stop with its line number"
)]

use chrono::{DateTime, Duration, NaiveDate, Utc};
use servanda::actions::import::ensure_shipped;
use servanda::actions::standings;
use servanda::clock::Clock;
use servanda::domain::assessments::{Assessment, Grade};
use servanda::domain::dates::PartialDate;
use servanda::domain::evidence::{AuthorRole, Credibility, Evidence, IndicatorKind, Reliability, SourceKind, Stance};
use servanda::domain::ids::{AssessmentId, EvidenceId, StateCode, ThemeCode};
use servanda::domain::instruments::Confidence;
use servanda::domain::reviews::ReviewStatus;
use servanda::store::audit::{self, Entry};
use servanda::store::evidence::{self, NewRevision};
use servanda::store::library::{Shelf, load_once};
use servanda::store::{Db, Tx, assessments};
use std::time::Instant;

/// Rows in one transaction.
const CHUNK: usize = 5_000;

/// A generator that gives the same numbers in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % most as u64).expect("small")
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// The words of the shipped evidence, each as often as it occurs there.
struct Words(Vec<String>);

impl Words {
    async fn shipped(db: &Db) -> Self {
        let shipped = evidence::all(db).await.expect("the shipped evidence");
        let gists = shipped.iter().map(|one| one.evidence.gist.as_str());
        Self(gists.flat_map(str::split_whitespace).map(str::to_owned).collect())
    }

    fn sentence(&self, numbers: &mut Numbers, words: usize) -> String {
        let drawn = (0..words).map(|_| self.0[numbers.below(self.0.len())].as_str());
        drawn.collect::<Vec<_>>().join(" ")
    }
}

fn item(words: &Words, numbers: &mut Numbers, at: usize, state: StateCode, theme: ThemeCode) -> Evidence {
    let year = 2008 + i32::try_from(numbers.below(19)).expect("small");
    let month = u32::try_from(numbers.below(10)).expect("small") + 1;
    let published = NaiveDate::from_ymd_opt(year, month, 15).expect("a day");
    let grade = numbers.of(&Grade::ALL);
    Evidence {
        key: format!("BENCH-{at:07}"),
        title: words.sentence(numbers, 6),
        gist: words.sentence(numbers, 45),
        source_kind: numbers.of(SourceKind::ALL),
        author_role: numbers.of(AuthorRole::ALL),
        language: "en".to_owned(),
        link: format!("https://evidence.example/{at}"),
        symbol: format!("BENCH/{year}/{}", at % 20_000),
        paragraph: format!("para. {}", numbers.below(90)),
        facts_from: None,
        facts_to: None,
        published: Some(PartialDate::Day(published)),
        stance: numbers.of(Stance::ALL),
        strength: None,
        grade: Some(grade),
        kind: numbers.of(IndicatorKind::ALL),
        reliability: numbers.of(Reliability::ALL),
        credibility: numbers.of(Credibility::ALL),
        origin: String::new(),
        theme: Some(theme),
        provisions: Vec::new(),
        review_by: published.checked_add_signed(Duration::days(3650)),
        file: None,
        source: "bench".to_owned(),
        source_date: None,
        confidence: Confidence::Low,
        state,
    }
}

async fn note(tx: &Tx, now: DateTime<Utc>, action: &str) {
    let entry = Entry {
        at: now,
        actor: "bench",
        action,
        subject: "bench",
        reason: None,
        detail: serde_json::json!({}),
    };
    audit::append(tx, entry).await.expect("noted");
}

async fn fill_evidence(db: &Db, shelf: &Shelf, words: &Words, now: DateTime<Utc>, count: usize) {
    let states: Vec<StateCode> = shelf.reference.states().map(|state| state.iso3.clone()).collect();
    let themes: Vec<ThemeCode> = shelf.reference.themes().map(|theme| theme.code.clone()).collect();
    let mut numbers = Numbers(1);
    let places: Vec<usize> = (0..count).collect();
    for chunk in places.chunks(CHUNK) {
        let tx = db.begin().await.expect("a transaction");
        let new: Vec<NewRevision> = chunk
            .iter()
            .map(|at| NewRevision {
                id: EvidenceId::fresh(),
                revision: 1,
                evidence: item(
                    words,
                    &mut numbers,
                    *at,
                    states[at % states.len()].clone(),
                    themes[at / states.len() % themes.len()].clone(),
                ),
            })
            .collect();
        evidence::save(&tx, &new, ReviewStatus::Accepted, "bench@example.org", now)
            .await
            .expect("saved");
        note(&tx, now, "bench.evidence").await;
        tx.commit().await.expect("committed");
    }
}

async fn fill_assessments(db: &Db, shelf: &Shelf, words: &Words, now: DateTime<Utc>, count: usize) {
    let (reference, today) = (&shelf.reference, now.date_naive());
    let acceptances = shelf.world.acceptances(reference, today);
    let mut numbers = Numbers(2);
    let gradable = reference.states().flat_map(|state| {
        let own = reference
            .instruments()
            .iter()
            .flat_map(|one| shelf.world.obligations(&state.iso3, one, &acceptances, today));
        own.filter(|one| one.is_gradable())
            .map(|one| (state.iso3.clone(), one.provision.id.clone()))
            .collect::<Vec<_>>()
    });
    let gradable: Vec<_> = gradable.take(count).collect();
    for chunk in gradable.chunks(CHUNK) {
        let tx = db.begin().await.expect("a transaction");
        for (state, provision) in chunk {
            let assessment = Assessment {
                id: AssessmentId::fresh(),
                state: state.clone(),
                provision: provision.clone(),
                grade: Some(numbers.of(&Grade::ALL)),
                reasons: words.sentence(&mut numbers, 20),
                evidence: Vec::new(),
                suggestion: String::new(),
                suggested: None,
                assessed_on: today,
                recorded_by: "bench@example.org".to_owned(),
                recorded_at: now,
                superseded_at: None,
            };
            assessments::save(&tx, &assessment).await.expect("saved");
        }
        note(&tx, now, "bench.assessments").await;
        tx.commit().await.expect("committed");
    }
}

#[tokio::main]
async fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|one| !one.starts_with("--")).collect();
    let Some(url) = given.first() else {
        println!("name a new database: cargo bench --bench fill -- sqlite:FILE");
        return;
    };
    let number = |at: usize, usual: usize| given.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (db, now) = (Db::connect(url).await.expect("it opens"), Clock::System.now());
    db.migrate().await.expect("the migrations run");
    ensure_shipped(&db, now).await.expect("the shipped data");
    let shelf = load_once(&db).await.expect("the facts");
    let words = Words::shipped(&db).await;
    let began = Instant::now();
    fill_evidence(&db, &shelf, &words, now, number(1, 200_000)).await;
    println!("evidence: {:.1?}", began.elapsed());
    let began = Instant::now();
    fill_assessments(&db, &shelf, &words, now, number(2, 60_000)).await;
    println!("assessments: {:.1?}", began.elapsed());
    let began = Instant::now();
    let states = standings::refresh_all(&db, &shelf, now).await.expect("computed");
    println!("standings of {states} states: {:.1?}", began.elapsed());
}
