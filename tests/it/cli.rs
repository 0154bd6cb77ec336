//! An analyst works from the command line: the program is started as a process, as people start it.

use crate::support::db::TestDb;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program, with a database of its own.
struct Office {
    test: TestDb,
}

impl Office {
    /// With empty tables.
    async fn new() -> Self {
        Self {
            test: TestDb::fresh().await,
        }
    }

    /// With the shipped data.
    async fn with_data() -> Self {
        let office = Self::new().await;
        office.succeeds(&["import", "fixtures"]);
        office
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_servanda"));
        command
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("SERVANDA_DATABASE_URL", &self.test.url);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the program starts")
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        String::from_utf8(output.stdout).expect("text")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--format", "json"]);
        serde_json::from_str(&self.succeeds(&arguments)).expect("JSON")
    }

    /// The complaint of a request that is refused with exit code 2 and nothing on standard output.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?} printed an answer");
        String::from_utf8(output.stderr).expect("text")
    }
}

#[tokio::test]
async fn why_gaps_stay_open_is_told_with_every_sign_and_its_source() {
    let office = Office::with_data().await;
    let day = ["--as-of", "2026-11-23"];
    let found = office.json(&["causes", "--state", "Sri Lanka", "--theme", "T39", day[0], day[1]]);
    let gaps = found["causes"].as_array().expect("gaps");
    let law = gaps.iter().find(|gap| gap["provision"] == "ICRMW-84").expect("the gap");
    assert_eq!(law["decided"].as_array().map(Vec::len), Some(2));
    assert_eq!(law["suggested"]["words"], "signals consistent with a policy choice");
    let sign = &law["suggested"]["signals"][0];
    assert_eq!(
        (&sign["from"][0]["key"], &sign["also"][0]["key"]),
        (&Value::from("EV-0030"), &Value::from("EV-0027"))
    );
    let table = office.succeeds(&["causes", "--state", "LKA", "--format", "csv"]);
    assert!(table.starts_with("provision,theme,grade"), "{table}");
    office.refused(&["causes", "--state", "Atlantis"]);
}

#[tokio::test]
async fn the_answers_keep_their_contract() {
    let office = Office::with_data().await;
    let mali = office.json(&["participation", "--state", "MLI", "--as-of", "2020-01-01"]);
    assert_eq!(
        (&mali["state"], &mali["as_of"]),
        (&Value::from("MLI"), &Value::from("2020-01-01"))
    );
    let rows = mali["participation"].as_array().expect("rows");
    assert_eq!(rows.len(), 38);
    let row = rows.iter().find(|row| row["instrument"] == "ICRMW").expect("a row");
    for (field, expected) in [
        ("status", "party"),
        ("action", "accession"),
        ("action_date", "2003-06-05"),
        ("in_force_since", "2003-10-01"),
        ("source", "untc-2026"),
        ("confidence", "high"),
    ] {
        assert_eq!(row[field], expected, "{field}");
    }

    let mexico = office.json(&[
        "obligations",
        "--state",
        "mexico",
        "--instrument",
        "icrmw",
        "--theme",
        "t08",
    ]);
    let rows = mexico["obligations"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["provision"] == "ICRMW-16.4"), "{mexico}");
    assert!(
        rows.iter()
            .all(|row| row["theme"] == "T08" && row["in_force_since"] == "2003-07-01")
    );

    let chile = office.json(&[
        "obligations",
        "--state",
        "CHL",
        "--instrument",
        "ICRMW",
        "--as-of",
        "2020-01-01",
    ]);
    let reserved = chile["obligations"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["provision"] == "ICRMW-22.5");
    assert_eq!(
        reserved.expect("shown, not hidden")["reservation"]["effect"],
        "excluded"
    );

    let albania = office.json(&["deadlines", "--state", "ALB", "--as-of", "2008-11-01"]);
    let first = &albania["deadlines"][0];
    assert_eq!(
        (&first["report"], &first["due"], &first["status"], &first["days"]),
        (
            &Value::from("initial"),
            &Value::from("2008-10-01"),
            &Value::from("overdue"),
            &Value::from(-31)
        )
    );
    assert_eq!(
        first["basis"],
        "one year after entry into force for the state, art. 73(1)(a)"
    );
    assert_eq!(first["set_by"], Value::Null);
}

/// Parties as the depositaries' pages print them on 3 February 2026, and as counted elsewhere (`fixtures/SOURCES.md`).
const PARTIES: [(&str, usize); 38] = [
    ("ICRMW", 60),
    ("ICCPR", 175),
    ("ICESCR", 173),
    ("ICERD", 182),
    ("CEDAW", 189),
    ("CAT", 175),
    ("CRC", 196),
    ("CRPD", 192),
    ("CED", 78),
    ("ICCPR-OP1", 116),
    ("ICCPR-OP2", 92),
    ("ICESCR-OP", 31),
    ("CEDAW-OP", 116),
    ("OPCAT", 96),
    ("OP-CRC-AC", 173),
    ("OP-CRC-SC", 178),
    ("OP-CRC-IC", 53),
    ("CRPD-OP", 108),
    ("REF1951", 146),
    ("REF1967", 147),
    ("STA1954", 98),
    ("STA1961", 78),
    ("TIP", 173),
    ("SMUG", 142),
    ("C29", 180),
    ("P029", 60),
    ("C87", 158),
    ("C97", 54),
    ("C98", 168),
    ("C100", 174),
    ("C105", 176),
    ("C111", 175),
    ("C138", 176),
    ("C143", 29),
    ("C181", 34),
    ("C182", 187),
    ("C189", 37),
    ("C190", 37),
];

#[tokio::test]
async fn parties_are_as_many_as_the_depositaries_count() {
    let office = Office::with_data().await;
    let shelf = servanda::store::library::load_once(&office.test.db)
        .await
        .expect("readable");
    let as_of = "2026-02-03".parse().expect("a date");
    let mut wrong = BTreeMap::new();
    for (code, expected) in PARTIES {
        let instrument = shelf.reference.find_instrument(code).expect("known");
        let is_party = |status: &str| status.starts_with("party");
        let states = shelf
            .reference
            .states()
            .map(|state| shelf.world.participation(&state.iso3, instrument, as_of));
        let counted = states.filter(|found| is_party(found.status.code())).count();
        if counted != expected {
            wrong.insert(code, (counted, expected));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test]
async fn what_cannot_be_answered_is_an_error_with_a_suggestion_and_never_an_empty_list() {
    let office = Office::with_data().await;
    for (arguments, hint) in [
        (&["participation", "--state", "MEXX"][..], "did you mean MEX?"),
        (&["gaps", "--state", "Mexcio"], "did you mean MEX?"),
        (&["gaps", "--state", "MXE"], "did you mean MEX?"),
        (&["participation", "--instrument", "ICRWM"], "did you mean ICRMW?"),
        (
            &["obligations", "--state", "MEX", "--theme", "T99"],
            "there is no theme",
        ),
        (
            &["obligations", "--state", "MEX", "--as-of", "2020-1-1"],
            "did you mean 2020-01-01?",
        ),
        (&["deadlines", "--as-of", "2023-02-30"], "write YYYY-MM-DD"),
        (&["remind", "--at", "tomorrow"], "2026-11-23T08:00:00Z"),
        (&["import", "nowhere"], "does not exist"),
        (&["participation"], "--state"),
    ] {
        let complaint = office.refused(arguments);
        assert!(complaint.contains(hint), "{arguments:?}: {complaint}");
    }
}

#[tokio::test]
async fn an_empty_or_unreachable_database_is_one_sentence_and_a_next_step() {
    let office = Office::new().await;
    assert!(
        office
            .refused(&["gaps", "--state", "MEX"])
            .contains("servanda import fixtures")
    );
    let output = office
        .command(&["gaps", "--state", "MEX"])
        .env("SERVANDA_DATABASE_URL", "sqlite:no/such/folder/x.db")
        .output();
    let output = output.expect("the program starts");
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint.contains("no/such/folder") && complaint.contains("--database-url"),
        "{complaint}"
    );
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("no").exists());
}

#[tokio::test]
async fn csv_has_a_header_and_a_table_can_be_read() {
    let office = Office::with_data().await;
    let csv = office.succeeds(&["deadlines", "--state", "ALB", "--format", "csv"]);
    assert!(csv.starts_with("state,instrument,report,due,status,days,"), "{csv}");
    let table = office.succeeds(&["participation", "--state", "ALB"]);
    assert!(
        table.lines().next().is_some_and(|line| line.starts_with("instrument")),
        "{table}"
    );
    let package = std::env::temp_dir().join(format!("servanda-export-{}", std::process::id()));
    office.succeeds(&["export", &package.display().to_string()]);
    assert!(package.join("datapackage.json").exists() && package.join("instruments/icrmw.toml").exists());
    assert!(
        office
            .succeeds(&["import", &package.display().to_string()])
            .contains("nothing to change")
    );
    std::fs::remove_dir_all(package).expect("removed");
}

#[tokio::test]
async fn a_monitor_adds_evidence_and_the_audit_chain_finds_tampering() {
    let office = Office::with_data().await;
    let mut add = office.command(&["user", "add", "mo@example.org", "--name", "Mo", "--role", "monitor"]);
    let mut child = add
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("input"), b"four ordinary words\n").expect("written");
    assert!(child.wait().expect("ended").success());
    let evidence = [
        "evidence",
        "add",
        "--as",
        "mo@example.org",
        "--state",
        "MEX",
        "--theme",
        "T08",
        "--title",
        "A stay of 36 hours",
        "--gist",
        "The court limited administrative detention of migrants to 36 hours.",
        "--source-kind",
        "court_decision",
        "--author-role",
        "state",
        "--stance",
        "supports",
        "--kind",
        "structure",
        "--reliability",
        "A",
        "--credibility",
        "2",
        "--grade",
        "3",
        "--published",
        "2023",
    ];
    let served: Value = serde_json::from_str(&office.succeeds(&evidence)).expect("JSON");
    let expected = office.json(&["obligations", "--state", "MEX", "--theme", "T08"]);
    let ids = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["provision"].to_string())
            .collect()
    };
    assert_eq!(
        ids(&served["serves"]),
        ids(&expected["obligations"]),
        "it serves every provision of the theme in force"
    );

    let wrong = office.refused(&[
        "evidence",
        "add",
        "--as",
        "mo@example.org",
        "--state",
        "MEX",
        "--published",
        "2090",
    ]);
    assert!(
        wrong.contains("title: must be given") && wrong.contains("published: lies in the future"),
        "{wrong}"
    );
    assert!(
        office
            .refused(&["evidence", "add", "--as", "no@example.org"])
            .contains("servanda user list")
    );

    assert!(office.succeeds(&["audit", "verify"]).contains("chain unbroken"));
    office
        .test
        .execute("UPDATE audit_events SET actor = 'somebody else' WHERE seq = 2")
        .await;
    let output = office.run(&["audit", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("event 2"),
        "{output:?}"
    );
}

#[tokio::test]
async fn check_says_what_is_right_and_what_to_mend() {
    let office = Office::with_data().await;
    let folder: PathBuf = std::env::temp_dir().join(format!("servanda-outbox-{}", std::process::id()));
    let run = |mail: &str, value: &str| {
        let mut command = office.command(&["check"]);
        command.env(mail, value).output().expect("the program starts")
    };
    let good = run("SERVANDA_MAIL_DIRECTORY", &folder.display().to_string());
    let text = String::from_utf8_lossy(&good.stdout).into_owned();
    assert!(
        good.status.success() && text.contains("197 states, 38 instruments"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.starts_with("ok")), "{text}");
    let wrong = run("SERVANDA_LISTEN", "here");
    assert!(
        String::from_utf8_lossy(&wrong.stderr).contains("SERVANDA_LISTEN"),
        "{wrong:?}"
    );
    let _ = std::fs::remove_dir_all(folder);
}
