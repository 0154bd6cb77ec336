use super::*;
use proptest::prelude::*;

fn table(lines: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let cells = |line: &&str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut all: Vec<Vec<String>> = lines.iter().map(cells).collect();
    let header = all.remove(0);
    (header, all)
}

fn ratings(lines: &[&str], level: Level) -> Ratings {
    let (header, rows) = table(lines);
    match read(&header, &rows, None, Metric::Krippendorff, level) {
        Ok(Input::Ratings(found, _)) => found,
        other => panic!("{other:?}"),
    }
}

fn refused(lines: &[&str], metric: Metric, level: Level) -> Refusal {
    measure(&ratings(lines, level), metric, level, Draws::default()).expect_err("refused")
}

#[test]
fn the_generator_is_the_published_one() {
    // The first values for the seed 1234567, as the author's reference program prints them.
    let mut random = SplitMix64::new(1_234_567);
    let first: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
    assert_eq!(
        first,
        [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423
        ]
    );
    assert!((0..1000).all(|_| random.below(7) < 7));
    assert_eq!(random.below(0), 0);
}

#[test]
fn a_figure_that_would_mean_nothing_is_refused_with_the_reason() {
    use Metric::{Cohen, Fleiss, Krippendorff};
    let n = Level::Nominal;
    assert_eq!(refused(&["unit,a", "1,x", "2,y"], Krippendorff, n), Refusal::OneRater);
    assert_eq!(
        refused(&["unit,a,b", "1,x,", "2,y,"], Krippendorff, n),
        Refusal::OneRater
    );
    assert_eq!(
        refused(&["unit,a,b", "1,x,", "2,,y"], Krippendorff, n),
        Refusal::NoPairs
    );
    assert_eq!(refused(&["unit,a,b", "1,,", "2,,"], Krippendorff, n), Refusal::NoPairs);
    let same = ["unit,a,b", "1,x,x", "2,x,x"];
    for metric in [Krippendorff, Cohen, Fleiss] {
        assert_eq!(refused(&same, metric, n), Refusal::NoVariation, "{metric:?}");
    }
    let three = ["unit,a,b,c", "1,x,x,y", "2,x,y,y"];
    assert_eq!(refused(&three, Cohen, n), Refusal::NotTwoRaters(3));
    assert_eq!(
        refused(&["unit,a,b,c", "1,x,x,y", "2,x,y,"], Fleiss, n),
        Refusal::UnequalRaters("2".to_owned())
    );
    assert_eq!(
        refused(&["unit,a,b", "1,1,2"], Cohen, Level::Ordinal),
        Refusal::NominalOnly(Cohen)
    );
    assert!(matches!(
        ratings(&["unit,a,b", "1,-1,2"], Level::Ratio).scale(Level::Ratio),
        Err(Refusal::BelowZero(_))
    ));
    let few = measure(
        &ratings(&["unit,a,b", "1,x,x", "2,y,y"], n),
        Krippendorff,
        n,
        Draws::default(),
    );
    let few = few.expect("a figure");
    assert_eq!(few.interval, Err(Refusal::TooFewUnits(2, 5)));
    assert!(!few.interval.expect_err("none").needs().is_empty());
}

#[test]
fn what_is_wrong_in_a_table_is_named_by_row_and_column() {
    let complaints = |lines: &[&str], level| {
        let (header, rows) = table(lines);
        read(&header, &rows, None, Metric::Krippendorff, level)
            .expect_err("wrong")
            .join("; ")
    };
    let told = complaints(&["unit,ana,ben", "1,2,three", "1,1,1", ",1,2"], Level::Ordinal);
    assert!(told.contains("row 2, column “ben”: “three” is not a number"), "{told}");
    assert!(
        told.contains("row 3, column “unit”: “1” stands in a row above"),
        "{told}"
    );
    assert!(told.contains("row 4, column “unit”: must be given"), "{told}");
    let told = complaints(&["unit,rater,value", "1,ana,2", "1,ana,3", "1,,3"], Level::Nominal);
    assert!(
        told.contains("row 3, column “rater”: “ana” has rated “1” in a row above"),
        "{told}"
    );
    assert!(told.contains("row 4, column “rater”: must be given"), "{told}");
    let told = complaints(&["unit,ana,ben", "1,2"], Level::Nominal);
    assert!(told.contains("row 2: has 2 cells, the header has 3"), "{told}");
    let told = complaints(&["unit,ana,ana", "1,2,2"], Level::Nominal);
    assert!(
        told.contains("row 1, column “ana”: two columns have this name"),
        "{told}"
    );
    assert!(complaints(&["unit"], Level::Nominal).contains("a table of ratings has a header"));
}

#[test]
fn the_long_and_the_wide_shape_say_the_same() {
    let wide = ratings(&["unit,a,b", "1,1,2", "2,2.0,NA", "3,,3", "4,1,1"], Level::Interval);
    let long = ["Rater,Value,Unit", "b,2,1", "a,1,1", "a,2,2", "b,3,3", "a,1,4", "b,1,4"];
    let (header, rows) = table(&long);
    let long = read(&header, &rows, Some(Shape::Long), Metric::Krippendorff, Level::Interval);
    let Ok(Input::Ratings(long, _)) = long else {
        panic!("{long:?}")
    };
    assert_eq!(wide.bags(), long.bags());
    assert_eq!((long.units(), long.raters_with_values()), (4, 2));
}

#[test]
fn the_same_seed_gives_the_same_interval_and_the_figure_lies_in_it() {
    let lines: Vec<String> = (0..40)
        .map(|at| format!("{at},{},{}", at % 5, (at % 5 + usize::from(at % 4 == 0)) % 5))
        .collect();
    let mut table = vec!["unit,a,b"];
    table.extend(lines.iter().map(String::as_str));
    let found = |seed| {
        let draws = Draws { number: 500, seed };
        measure(
            &ratings(&table, Level::Ordinal),
            Metric::Krippendorff,
            Level::Ordinal,
            draws,
        )
        .expect("a figure")
    };
    assert_eq!(found(1), found(1));
    assert_ne!(found(1).interval, found(2).interval);
    let (low, high) = found(1).interval.expect("an interval");
    assert!(
        low < found(1).value && found(1).value < high && high <= 1.0,
        "{low} {high}"
    );
    assert_eq!((found(1).units, found(1).values), (40, 80));
}

#[test]
fn what_may_be_built_on_it_follows_the_customary_limits() {
    let of = |value| {
        let found = Agreement {
            value,
            interval: Err(Refusal::NoPairs),
            units: 9,
            values: 18,
        };
        found.use_()
    };
    assert_eq!(
        [0.8, 0.79, 0.667, 0.66].map(of),
        [Use::Freely, Use::Tentatively, Use::Tentatively, Use::NotYet]
    );
}

fn any_table() -> impl Strategy<Value = Vec<Vec<Option<u8>>>> {
    prop::collection::vec(prop::collection::vec(prop::option::of(0..5_u8), 3), 2..20)
}

fn written(cells: &[Vec<Option<u8>>], order: [usize; 3]) -> Vec<String> {
    let cell = |value: Option<u8>| value.map(|v| v.to_string()).unwrap_or_default();
    let line = |(at, unit): (usize, &Vec<Option<u8>>)| {
        format!(
            "{at},{},{},{}",
            cell(unit[order[0]]),
            cell(unit[order[1]]),
            cell(unit[order[2]])
        )
    };
    std::iter::once("unit,a,b,c".to_owned())
        .chain(cells.iter().enumerate().map(line))
        .collect()
}

fn alpha_of(cells: &[Vec<Option<u8>>], order: [usize; 3], level: Level) -> Result<f64, Refusal> {
    let lines = written(cells, order);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let draws = Draws { number: 0, seed: 0 };
    let found = ratings(&lines, level);
    krippendorff(&found.bags(), &found.scale(level)?, draws).map(|found| found.value)
}

/// Alpha from the matrix of coincidences, as the textbook writes it.
fn textbook(cells: &[Vec<Option<u8>>], level: Level) -> Option<f64> {
    let mut o = [[0.0_f64; 5]; 5];
    for unit in cells {
        let values: Vec<usize> = unit.iter().flatten().map(|v| usize::from(*v)).collect();
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate() {
                if i != j {
                    o[*a][*b] += 1.0 / (values.len() as f64 - 1.0);
                }
            }
        }
    }
    let n: Vec<f64> = o.iter().map(|row| row.iter().sum()).collect();
    let all: f64 = n.iter().sum();
    let delta = |c: usize, k: usize| {
        let (c, k) = (c.min(k), c.max(k));
        match level {
            Level::Nominal => f64::from(u8::from(c != k)),
            Level::Ordinal => (n[c..=k].iter().sum::<f64>() - (n[c] + n[k]) / 2.0).powi(2),
            Level::Interval => (k as f64 - c as f64).powi(2),
            Level::Ratio if c + k == 0 => 0.0,
            Level::Ratio => ((k as f64 - c as f64) / (k as f64 + c as f64)).powi(2),
        }
    };
    let (mut seen, mut chance) = (0.0, 0.0);
    for c in 0..5 {
        for k in 0..5 {
            seen += o[c][k] * delta(c, k);
            chance += n[c] * n[k] * delta(c, k) / (all - 1.0);
        }
    }
    (chance > 0.0).then(|| 1.0 - seen / chance)
}

proptest! {
    #[test]
    fn alpha_is_the_textbooks_and_does_not_ask_who_rated(cells in any_table()) {
        for level in Level::ALL {
            let found = alpha_of(&cells, [0, 1, 2], *level);
            match textbook(&cells, *level) {
                None => prop_assert!(found.is_err()),
                Some(expected) => {
                    let value = found.clone().expect("a figure");
                    prop_assert!((value - expected).abs() < 1e-9, "{:?}: {} is not {}", level, value, expected);
                    prop_assert!(value <= 1.0 + 1e-12);
                    let other = alpha_of(&cells, [2, 0, 1], *level).expect("a figure");
                    prop_assert!((value - other).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn perfect_agreement_is_one(values in prop::collection::vec(0..5_u8, 2..20)) {
        prop_assume!(values.iter().any(|value| *value != values[0]));
        let cells: Vec<Vec<Option<u8>>> = values.iter().map(|value| vec![Some(*value); 3]).collect();
        for level in Level::ALL {
            prop_assert_eq!(alpha_of(&cells, [0, 1, 2], *level), Ok(1.0));
        }
    }
}
