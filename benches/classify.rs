//! `cargo bench --bench classify`: texts classified on all cores, and one state's causes. Texts are drawn from the words
//! of the labelled cases, 60 words each, with one labelled case in every text so that there is something to find.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on should stop with its line number"
)]

use servanda::actions::signals::shipped;
use servanda::domain::causes::{Account, Case, Cause, Dossier, Figure, Figures};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Texts, words of each, and the most seconds they may take.
const TEXTS: usize = 250_000;
const WORDS: usize = 60;
const SECONDS: f64 = 30.0;
/// Gaps of one state, and the most milliseconds its causes may take.
const GAPS: usize = 60;
/// Texts that serve each gap.
const SERVING: usize = 3;
const MILLISECONDS: f64 = 10.0;

fn main() {
    let classifier = shipped().expect("the shipped signals");
    let table = include_str!("../fixtures/cases/causes.csv");
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let cases: Vec<String> = rows.records().map(|row| row.expect("a row")[2].to_owned()).collect();
    let words: Vec<&str> = cases.iter().flat_map(|case| case.split_whitespace()).collect();
    let text = |number: usize| {
        let mut text = cases[number % cases.len()].clone();
        for at in text.split_whitespace().count()..WORDS {
            text.push(' ');
            text.push_str(words[(number * 31 + at * 7) % words.len()]);
        }
        text
    };
    let texts: Vec<String> = (0..2_000).map(text).collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);

    let (next, named) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let mut case = Case::default();
                while let number @ 0..TEXTS = next.fetch_add(1, Ordering::Relaxed) {
                    case.text.clone_from(&texts[number % texts.len()]);
                    let found = classifier.classify(&case);
                    named.fetch_add(usize::from(found.label != Cause::Undetermined), Ordering::Relaxed);
                }
            });
        }
    });
    let seconds = begun.elapsed().as_secs_f64();

    let figures = Figures::default()
        .with(Figure::IncomePerHead, 50_000.0)
        .with(Figure::Noted, 3.0);
    let state = "MEX".parse().ok();
    // As for a real state: each text is heard once and serves several gaps.
    let mut each: Vec<f64> = (0..50)
        .map(|_| {
            let begun = Instant::now();
            let heard: Vec<_> = texts[..GAPS]
                .iter()
                .map(|text| classifier.hear(text, state.as_ref()))
                .collect();
            let explained = |at: usize| {
                let of_gap = (0..SERVING).map(|next| Account {
                    heard: &heard[(at + next) % GAPS],
                    reliability: 0.8,
                    told_by_the_state: next == 0,
                    origin: ["a", "b", "c"][next],
                });
                classifier.explain(&Dossier {
                    accounts: of_gap.collect(),
                    figures: figures.clone(),
                    about_one_duty: true,
                    ..Dossier::default()
                })
            };
            let found = (0..GAPS).map(|at| explained(at).signs.len()).sum::<usize>();
            assert!(found > 0);
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    each.sort_by(f64::total_cmp);
    let state = each[each.len() / 2];

    println!(
        "{TEXTS} texts of {WORDS} words on {cores} cores: {seconds:.1} s (limit {SECONDS} s); {} named",
        named.into_inner()
    );
    println!(
        "causes of a state with {GAPS} gaps, {SERVING} texts each, median of 50: {state:.1} ms (limit {MILLISECONDS} ms)"
    );
    if seconds > SECONDS || state > MILLISECONDS {
        std::process::exit(1);
    }
}
