//! A newcomer believes the documents: what they name exists, what they print is what the program prints.

use crate::support::db::TestDb;
use servanda::actions::import::ensure_shipped;
use servanda::clock::Clock;
use servanda::config::{SETTINGS, Setting, variable};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The documents that are held to this.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "docs/ARCHITECTURE.md",
    "fixtures/README.md",
    "benches/README.md",
    "migrations/README.md",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A fenced block: the heading it stands under, its language and its lines.
struct Block<'a> {
    heading: &'a str,
    language: &'a str,
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let (mut found, mut open, mut heading): (Vec<Block<'_>>, Option<Block<'_>>, &str) = (Vec::new(), None, "");
    for line in text.lines() {
        match (open.take(), line.strip_prefix("```")) {
            (Some(block), Some(_)) => found.push(block),
            (Some(mut block), None) => {
                block.lines.push(line);
                open = Some(block);
            }
            (None, Some(language)) => {
                open = Some(Block {
                    heading,
                    language,
                    lines: Vec::new(),
                });
            }
            (None, None) => heading = line.strip_prefix("## ").unwrap_or(heading),
        }
    }
    assert!(open.is_none(), "a code block is never closed");
    found
}

/// What stands in backquotes outside the blocks.
fn quoted(text: &str) -> Vec<String> {
    let mut outside = String::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if !inside {
            outside.push_str(line);
            outside.push('\n');
        }
    }
    outside.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn a_newcomer_needs_exactly_two_commands() {
    let readme = read("README.md");
    let blocks = blocks(&readme);
    let set_up: Vec<&Block<'_>> = blocks.iter().filter(|block| block.heading == "Set up").collect();
    let commands: Vec<&[&str]> = set_up.iter().map(|block| block.lines.as_slice()).collect();
    assert_eq!(commands, [&["cargo run --release -- serve --demo"], &["tests/run"]]);
    let installs = [
        "cargo", "rustup", "apt", "sudo", "pip", "npm", "docker", "make", "git", "tests/",
    ];
    for block in blocks.iter().filter(|block| block.heading != "Set up") {
        let more = block.lines.iter().find(|line| {
            let line = line.trim_start_matches(['$', ' ']);
            installs.iter().any(|tool| line.starts_with(tool))
        });
        assert_eq!(more, None, "another command to set up, under “{}”", block.heading);
    }
}

fn row(setting: &Setting) -> String {
    let default = match setting.default {
        "" => "none".to_owned(),
        text => format!("`{text}`"),
    };
    let (key, variable) = (setting.key, variable(setting.key));
    format!("| `{key}` | `{variable}` | {default} | {} |", setting.meaning)
}

#[test]
fn an_administrator_finds_every_setting_with_its_variable_and_default() {
    let readme = read("README.md");
    let expected: Vec<String> = SETTINGS.iter().map(row).collect();
    let (_, section) = readme.split_once("\n## Settings\n").expect("a section on settings");
    let section = section.split("\n## ").next().expect("a first part");
    let table: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(table, expected, "the table must be:\n{}", expected.join("\n"));
}

/// Whether a quoted text is a path of this folder: it starts with a name at the top and holds nothing to be filled in.
fn as_path(text: &str) -> Option<&str> {
    let path = text.split(' ').next()?;
    let first = path.split('/').next()?;
    let tops = [
        "src",
        "tests",
        "fixtures",
        "docs",
        "benches",
        "migrations",
        "templates",
        "static",
        "locales",
        ".ci",
    ];
    let files = ["Cargo.toml", "Cargo.lock", "LICENSE", "clippy.toml", "README.md"];
    let is_open = path.contains(['<', '*', '…', '{']) || path.contains("YYYY");
    let is_ours = (path.contains('/') && tops.contains(&first)) || files.contains(&path);
    (is_ours && !is_open).then_some(path)
}

#[test]
fn a_reader_finds_every_path_that_a_document_names() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let mut named = 0;
        for quote in quoted(&text) {
            let Some(path) = as_path(&quote) else { continue };
            named += 1;
            if !root().join(path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
        assert!(
            named > 0 || *document == "migrations/README.md",
            "{document} names no path"
        );
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The file of a module such as `actions::participation`, and what of the name is left over.
fn module<'a>(segments: &[&'a str]) -> Option<(PathBuf, Vec<&'a str>)> {
    for taken in (1..=segments.len()).rev() {
        let place = root().join("src").join(segments[..taken].join("/"));
        for file in [place.with_extension("rs"), place.join("mod.rs")] {
            if file.exists() {
                return Some((file, segments[taken..].to_vec()));
            }
        }
    }
    None
}

/// All text of a module: its file and, for a folder, the files in it.
fn code(file: &Path) -> String {
    let mut text = std::fs::read_to_string(file).expect("readable");
    let folder = match file.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs") => file.parent().expect("a folder").to_owned(),
        _ => file.with_extension(""),
    };
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|end| end == "rs") {
            text += &std::fs::read_to_string(path).expect("readable");
        }
    }
    text
}

#[test]
fn a_colleague_finds_every_function_that_the_architecture_names() {
    let text = read("docs/ARCHITECTURE.md");
    let (mut missing, mut named) = (Vec::new(), 0);
    for quote in quoted(&text) {
        let plain = quote.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':');
        let segments: Vec<&str> = quote.split("::").collect();
        if !plain || segments.len() < 2 {
            continue;
        }
        let Some((file, rest)) = module(&segments) else {
            missing.push(format!("{quote}: no module src/{}", segments[0]));
            continue;
        };
        named += 1;
        let code = code(&file);
        let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        missing.extend(
            rest.iter()
                .filter(|name| !words.contains(*name))
                .map(|name| format!("{quote}: no {name}")),
        );
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(named > 20, "only {named} names were looked at");
}

#[test]
fn the_architecture_draws_the_edges_that_the_code_is_held_to() {
    let text = read("docs/ARCHITECTURE.md");
    for (room, allowed) in crate::layering::ALLOWED {
        let start = format!("| `{room}` |");
        let line = text.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("docs/ARCHITECTURE.md draws no room {room}"));
        let cell = line.split('|').nth(3).unwrap_or("");
        let drawn: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert_eq!(drawn, *allowed, "docs/ARCHITECTURE.md, room {room}");
    }
}

/// Whether the lines that a document shows are what was printed; `…` stands for any number of lines.
fn shows(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&"…", rest)) => (0..=printed.len()).any(|from| shows(rest, &printed[from..])),
        Some((line, rest)) => {
            printed.first().is_some_and(|first| first.trim_end() == line.trim_end()) && shows(rest, &printed[1..])
        }
    }
}

#[tokio::test]
async fn a_newcomer_who_types_the_examples_sees_what_the_readme_shows() {
    let test = TestDb::fresh().await;
    ensure_shipped(&test.db, Clock::System.now())
        .await
        .expect("the shipped data");
    let readme = read("README.md");
    let mut typed = 0;
    for block in blocks(&readme).iter().filter(|block| block.language == "console") {
        let starts = block
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.starts_with("$ "));
        let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
        for (at, next) in starts.iter().zip(starts.iter().skip(1).chain([&block.lines.len()])) {
            let command = block.lines[*at];
            let arguments = command
                .strip_prefix("$ servanda ")
                .expect("only our own program")
                .split(' ');
            let output = Command::new(env!("CARGO_BIN_EXE_servanda"))
                .args(arguments)
                .current_dir(root())
                .env("SERVANDA_DATABASE_URL", &test.url)
                .output()
                .expect("the program starts");
            let printed = [output.stdout, output.stderr].concat();
            let printed = String::from_utf8(printed).expect("text");
            let lines: Vec<&str> = printed.lines().collect();
            assert!(
                shows(&block.lines[at + 1..*next], &lines),
                "{command} prints:\n{printed}"
            );
            typed += 1;
        }
    }
    assert!(typed > 3, "only {typed} examples were tried");
}
