//! The edges between the rooms of `src/`, and what may never leave a room.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Which rooms each room may use. `lib.rs`, `main.rs` and the tests inside files are not looked at.
pub(crate) const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("config", &["store"]), // only to hide passwords in addresses
    ("templates", &[]),
    ("store", &["domain", "migrations"]),
    ("mail", &["domain", "config", "templates"]),
    ("files", &["domain", "config"]),
    ("export", &["domain"]),
    ("sources", &["domain"]),
    ("actions", &["domain", "store", "files", "mail"]),
    (
        "worker",
        &["actions", "domain", "store", "mail", "sources", "clock", "config"],
    ),
    (
        "web",
        &[
            "app",
            "domain",
            "store",
            "files",
            "actions",
            "export",
            "sources",
            "templates",
            "clock",
            "config",
        ],
    ),
    (
        "app",
        &["clock", "config", "files", "mail", "store", "templates", "worker"],
    ),
    (
        "cli",
        &[
            "app",
            "actions",
            "clock",
            "config",
            "domain",
            "export",
            "files",
            "mail",
            "sources",
            "store",
            "templates",
            "web",
            "worker",
        ],
    ),
];

/// Crates that stay in one room.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("sea_orm", &["store"]),
    ("sqlx", &["store"]),
    ("lettre", &["mail"]),
    ("object_store", &["files"]),
    ("infer", &["files"]),
    ("img_parts", &["files"]),
    ("reqwest", &["sources"]),
    ("axum", &["web", "cli"]), // cli: only `axum::serve`
    ("clap", &["cli"]),
    ("tera", &["templates"]),
];

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

/// Room → the code of its files without comments and without their own tests.
fn rooms() -> BTreeMap<String, Vec<(String, String)>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut rooms: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for file in files {
        let inside = file
            .strip_prefix(&source)
            .expect("inside")
            .to_string_lossy()
            .into_owned();
        let room = inside.split(['/', '.']).next().expect("a first part").to_owned();
        let text = std::fs::read_to_string(&file).expect("readable");
        let code = text.split("#[cfg(test)]").next().expect("a first part");
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        rooms
            .entry(room)
            .or_default()
            .push((inside, code.collect::<Vec<_>>().join("\n")));
    }
    rooms
}

#[test]
fn each_room_uses_only_the_rooms_it_may() {
    let rooms = rooms();
    let mut broken = Vec::new();
    for (room, files) in rooms
        .iter()
        .filter(|(room, _)| !["lib", "main"].contains(&room.as_str()))
    {
        let allowed = ALLOWED
            .iter()
            .find(|(name, _)| name == room)
            .map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("src/{room} is not in the table of rooms"));
        for other in rooms
            .keys()
            .filter(|other| *other != room && !allowed.contains(&other.as_str()))
        {
            let broke = files
                .iter()
                .filter(|(_, code)| code.contains(&format!("crate::{other}")));
            broken.extend(broke.map(|(file, _)| format!("src/{file} uses {other}")));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_crate_that_belongs_to_one_room_stays_there() {
    let mut broken = Vec::new();
    for (krate, homes) in KEPT_IN {
        let mentions = |code: &str| {
            code.match_indices(&format!("{krate}::")).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
            })
        };
        for (room, files) in rooms().iter().filter(|(room, _)| !homes.contains(&room.as_str())) {
            if ["lib", "main"].contains(&room.as_str()) {
                continue;
            }
            broken.extend(
                files
                    .iter()
                    .filter(|(_, code)| mentions(code))
                    .map(|(file, _)| format!("src/{file} uses {krate}")),
            );
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_stay_short_enough_to_find_ones_way_in() {
    let mut lengths: Vec<usize> = rooms()
        .values()
        .flatten()
        .map(|(_, code)| code.lines().count())
        .collect();
    lengths.sort_unstable();
    assert!(
        lengths[lengths.len() * 9 / 10] < 400,
        "one file in ten is longer than 400 lines"
    );
    let long: Vec<String> = rooms()
        .values()
        .flatten()
        .filter(|(file, code)| code.lines().count() > 500 && !file.ends_with("tests.rs"))
        .map(|(file, code)| format!("src/{file}: {} lines", code.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
