//! The combination rule against worked cases in `fixtures/cases/suggestions.toml`: evidence → what is suggested, to four
//! decimals.

use serde::Deserialize;
use servanda::domain::assessments::Grade;
use servanda::domain::evidence::{Credibility, IndicatorKind, Reliability};
use servanda::domain::suggestions::{Weighed, contributions, suggest};

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    evidence: Vec<Given>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    origin: String,
    grade: Grade,
    reliability: Reliability,
    credibility: Credibility,
    age: f64,
    kind: IndicatorKind,
    #[serde(default)]
    state: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    grade: Option<Grade>,
    median: Option<Grade>,
    range: Option<(Grade, Grade)>,
    conflict: Option<f64>,
    strength: f64,
    distribution: [f64; 5],
    notes: Vec<String>,
    contested: bool,
    weights: Vec<f64>,
    without: Vec<i8>,
}

fn cases() -> Vec<Case> {
    let text = include_str!("../../fixtures/cases/suggestions.toml");
    toml::from_str::<File>(text).expect("a table of cases").case
}

fn weighed(given: &[Given]) -> Vec<Weighed<'_>> {
    let one = |item: &Given| Weighed {
        grade: item.grade,
        reliability: item.reliability,
        credibility: item.credibility,
        age: item.age,
        year: 2026,
        kind: item.kind,
        origin: Box::leak(item.origin.clone().into_boxed_str()),
        by_the_state: item.state,
    };
    given.iter().map(one).collect()
}

/// Equal to the four decimals that are written down.
fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 0.000_051
}

#[test]
fn the_combination_rule_gives_the_worked_values() {
    let cases = cases();
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    for Case { name, evidence, expect } in &cases {
        let found = suggest(&weighed(evidence));
        assert_eq!(found.grade, expect.grade, "{name}");
        assert!(near(found.strength, expect.strength), "{name}: {}", found.strength);
        for (grade, (is, should)) in found.distribution.iter().zip(expect.distribution).enumerate() {
            assert!(near(*is, should), "{name}: p({grade}) is {is}, not {should}");
        }
        let notes: Vec<&str> = found.notes.iter().map(|note| note.code()).collect();
        assert_eq!(notes, expect.notes, "{name}");
        assert_eq!(found.contested, expect.contested, "{name}");
        if let (Some(median), Some(range), Some(conflict)) = (expect.median, expect.range, expect.conflict) {
            assert_eq!((found.median, found.range), (median, range), "{name}");
            assert!(near(found.conflict, conflict), "{name}: {}", found.conflict);
        }
        let weights: Vec<f64> = found.items.iter().map(|item| item.weight).collect();
        assert_eq!(weights.len(), expect.weights.len(), "{name}");
        assert!(
            weights
                .iter()
                .zip(&expect.weights)
                .all(|(is, should)| near(*is, *should)),
            "{name}: {weights:?}"
        );
    }
}

#[test]
fn what_each_item_adds_is_what_is_missing_without_it() {
    for Case { name, evidence, expect } in &cases() {
        let items = weighed(evidence);
        let (whole, parts) = (suggest(&items), contributions(&items));
        assert_eq!(parts.len(), items.len(), "{name}");
        for (part, without) in parts.iter().zip(&expect.without) {
            let expected = u8::try_from(*without).ok().and_then(Grade::from_number);
            assert_eq!(part.without, expected, "{name}: without item {}", part.index);
            assert_eq!(part.moves, expected != whole.grade, "{name}");
            assert!(near(part.weight, expect.weights[part.index]), "{name}");
        }
        let shares: f64 = parts.iter().map(|part| part.share).sum();
        assert!((shares - 1.0).abs() < 1e-9, "{name}: shares add up to {shares}");
    }
}
