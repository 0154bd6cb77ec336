//! Where the command line meets what it cannot rely on: an output that is full or that nobody reads, a database that is not
//! there or not one, a stop in the middle of the day.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own with a database in it, gone at the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("servanda-edges-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    fn with_data() -> Self {
        let folder = Self::new();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let done = folder.run(&["import", fixtures.to_str().expect("text")]);
        assert!(done.status.success(), "{}", complaint(&done));
        let case = r#"{"id": "a", "text": "The State party lacks inspectors.", "state": "MEX"}"#;
        std::fs::write(folder.0.join("cases.jsonl"), case).expect("written");
        folder
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_servanda"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command.env("SERVANDA_DATABASE_URL", "sqlite:servanda.db");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    fn holds(&self, name: &str) -> bool {
        self.0.join(name).exists()
    }
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const ANSWERS: [&[&str]; 14] = [
    &["obligations", "--state", "MEX"],
    &["obligations", "--state", "MEX", "--format", "json"],
    &["gaps", "--state", "MEX", "--format", "csv"],
    &["participation", "--state", "MEX"],
    &["deadlines"],
    &["evidence", "list", "--state", "MEX"],
    &["bulk", "export", "--kind", "evidence"],
    &["bulk", "export", "--kind", "evidence", "--format", "xlsx"],
    &["links", "count"],
    &["files", "verify"],
    &["audit", "verify"],
    &["search", "rebuild"],
    &["classify", "cases.jsonl"],
    &["--help"],
];

#[test]
fn an_answer_that_cannot_be_written_is_a_failure_and_one_that_nobody_reads_is_none() {
    let folder = Folder::with_data();
    for arguments in ANSWERS {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("it opens");
        let output = folder
            .command(arguments)
            .stdout(full)
            .output()
            .expect("the program starts");
        let told = complaint(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        assert!(
            told.starts_with("error: the answer cannot be written: ") && told.lines().count() == 1,
            "{told}"
        );

        let mut command = folder.command(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(
            (output.status.code(), complaint(&output).as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_wrong_name_makes_no_database_where_one_must_be() {
    let folder = Folder::new();
    for arguments in [
        ["links", "count"].as_slice(),
        &["user", "list"],
        &["search", "rebuild"],
        &["remind", "--dry-run"],
        &["audit", "verify"],
        &["files", "verify"],
        &["bulk", "export", "--kind", "evidence"],
        &["gaps", "--state", "MEX"],
    ] {
        let output = folder.run(&[arguments, &["--database-url", "sqlite:servandas.db"]].concat());
        let told = complaint(&output);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(
            told.contains("there is no database at sqlite:servandas.db"),
            "{arguments:?}: {told}"
        );
        assert!(!folder.holds("servandas.db"), "{arguments:?}");
    }
    assert!(folder.run(&["migrate"]).status.success() && folder.holds("servanda.db"));
    assert!(folder.run(&["links", "count"]).status.success());
}

#[test]
fn a_file_that_is_no_database_is_said_to_be_none() {
    let folder = Folder::with_data();
    std::fs::write(folder.0.join("letter.db"), "Dear all, ".repeat(1_000)).expect("written");
    let mut damaged = std::fs::read(folder.0.join("servanda.db")).expect("a file");
    damaged[200..].fill(0xAA);
    std::fs::write(folder.0.join("damaged.db"), damaged).expect("written");
    for file in ["sqlite:letter.db", "sqlite:damaged.db"] {
        for arguments in [["gaps", "--state", "MEX"].as_slice(), &["migrate"]] {
            let output = folder.run(&[arguments, &["--database-url", file]].concat());
            let told = complaint(&output);
            assert_eq!(output.status.code(), Some(1), "{file} {arguments:?}: {told}");
            assert!(
                told.contains("is damaged, or is no database of Servanda"),
                "{file} {arguments:?}: {told}"
            );
            assert!(told.contains("backup") && !told.contains("folder exists"), "{told}");
        }
    }
}

#[test]
fn what_ends_in_order_leaves_one_file() {
    let folder = Folder::with_data();
    let is_one = || !folder.holds("servanda.db-wal") && !folder.holds("servanda.db-shm");
    assert!(is_one(), "after a command");
    for _ in 0..3 {
        let mut command = folder.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut server = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut told = BufReader::new(server.stdout.take().expect("its output"));
        let mut line = String::new();
        told.read_line(&mut line).expect("a line");
        assert!(line.contains("ready"), "{line}");
        let stopped = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
        assert!(stopped.expect("kill runs").success());
        told.read_to_string(&mut line).expect("the rest");
        assert!(server.wait().expect("it ends").success());
        assert!(is_one(), "after the server");
    }
}
