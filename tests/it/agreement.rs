//! How far raters agree: the published examples to the third decimal, and the command line that answers with them.
//! The tables stand in `fixtures/cases/agreement`.

use servanda::domain::agreement::{Draws, Input, Level, Metric, fleiss, measure, read};
use std::path::PathBuf;
use std::process::{Command, Output};

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases/agreement");
    folder.join(name)
}

fn coefficient(name: &str, metric: Metric, level: Level) -> f64 {
    let text = std::fs::read_to_string(path(name)).expect("readable");
    let mut lines = text
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let rows: Vec<_> = lines.collect();
    let draws = Draws::default();
    let found = match read(&header, &rows, None, metric, level).expect("a table") {
        Input::Ratings(ratings, _) => measure(&ratings, metric, level, draws),
        Input::Counts(counts) => fleiss(&counts, draws),
    };
    let found = found.expect("a figure");
    let (low, high) = found.interval.expect("an interval");
    assert!(
        low <= found.value && found.value <= high,
        "{name}: {low} {} {high}",
        found.value
    );
    found.value
}

#[test]
fn the_published_examples_come_out_to_the_third_decimal() {
    use Level::{Interval, Nominal, Ordinal, Ratio};
    use Metric::{Cohen, Fleiss, Krippendorff};
    // Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), examples A to D; a textbook table of fifty proposals
    // read by two (kappa 0.4 exactly); Fleiss (1971), ten subjects and fourteen raters.
    let published = [
        ("four_observers.csv", Krippendorff, Nominal, 0.743_421),
        ("four_observers.csv", Krippendorff, Ordinal, 0.815_388),
        ("four_observers.csv", Krippendorff, Interval, 0.849_107),
        ("four_observers.csv", Krippendorff, Ratio, 0.797_403),
        ("two_observers_binary.csv", Krippendorff, Nominal, 0.095_238),
        ("two_observers_names.csv", Krippendorff, Nominal, 0.691_964),
        ("two_readers.csv", Cohen, Nominal, 0.4),
        ("fourteen_raters.csv", Fleiss, Nominal, 0.209_931),
    ];
    for (name, metric, level, expected) in published {
        let found = coefficient(name, metric, level);
        assert!(
            (found - expected).abs() < 1e-6,
            "{name} {level:?}: {found} is not {expected}"
        );
    }
}

fn run(arguments: &[&str]) -> Output {
    // No database is named, none is there, and none is made.
    Command::new(env!("CARGO_BIN_EXE_servanda"))
        .arg("agreement")
        .args(arguments)
        .env("SERVANDA_DATABASE_URL", "sqlite:/nowhere/at/all.db")
        .output()
        .expect("the program starts")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

#[test]
fn the_command_answers_as_the_contract_says_and_needs_no_database() {
    let input = path("four_observers.csv");
    let input = input.to_str().expect("a path");
    let base = [
        "--input",
        input,
        "--metric",
        "krippendorff",
        "--level",
        "nominal",
        "--format",
        "json",
    ];
    let output = run(&base);
    assert!(output.status.success(), "{output:?}");
    let told = json(&output);
    assert_eq!(told["alpha"], 0.743_421);
    assert_eq!(
        (&told["n_units"], &told["n_pairable_units"], &told["n_raters"]),
        (&12.into(), &11.into(), &4.into())
    );
    let (low, high) = (
        told["ci"][0].as_f64().expect("low"),
        told["ci"][1].as_f64().expect("high"),
    );
    assert!(low < 0.743 && 0.743 < high && high <= 1.0);
    assert_eq!(json(&run(&base)), told, "the same seed gives the same interval");
    let other = [base.as_slice(), &["--seed", "2"]].concat();
    assert_ne!(json(&run(&other))["ci"], told["ci"]);

    let input = path("fourteen_raters.csv");
    let output = run(&[
        "--input",
        input.to_str().expect("a path"),
        "--metric",
        "fleiss",
        "--format",
        "json",
    ]);
    let told = json(&output);
    assert_eq!(
        (&told["kappa"], &told["n_units"], &told["n_raters"]),
        (&0.209_931.into(), &10.into(), &14.into())
    );
    let table = run(&["--input", input.to_str().expect("a path"), "--metric", "fleiss"]);
    assert!(String::from_utf8_lossy(&table.stdout).contains("0.209931"), "{table:?}");
}

#[test]
fn what_cannot_be_answered_is_refused_with_the_reason_and_never_a_number() {
    let folder = std::env::temp_dir().join(format!("servanda-agreement-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("written");
        path.to_str().expect("a path").to_owned()
    };
    let same = write("same.csv", b"unit,a,b\n1,x,x\n2,x,x\n");
    let output = run(&["--input", &same, "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let told = json(&output);
    assert!(
        told["refused"]
            .as_str()
            .expect("why")
            .contains("all values are the same"),
        "{told}"
    );
    assert!(told["needs"].as_str().expect("what").contains("units that differ") && told.get("alpha").is_none());

    let complaint = |arguments: &[&str]| {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let words = write("words.csv", b"unit,a,b\n1,2,two\n2,1,1\n");
    let told = complaint(&["--input", &words, "--level", "ordinal"]);
    assert!(told.contains("row 2, column “b”: “two” is not a number"), "{told}");
    let broken = write("broken.csv", b"unit,a,b\n1,\xff,2\n");
    assert!(complaint(&["--input", &broken]).contains("not UTF-8 text (byte 11)"));
    assert!(complaint(&["--input", "/nowhere.csv"]).contains("cannot be read"));
    assert!(complaint(&["--input", &same, "--level", "rank"]).contains("nominal, ordinal, interval, ratio"));
    assert!(complaint(&["--input", &same, "--shape", "counts"]).contains("--metric fleiss"));
    let empty = write("empty.csv", b"");
    assert!(complaint(&["--input", &empty]).contains("row 1"));
    std::fs::remove_dir_all(folder).expect("removed");
}
