//! A file as rows: CSV in any of three dialects, or a workbook. Nothing is held but one row; every complaint names its
//! place.

use super::{csv, xlsx};
use crate::domain::bulk::{ERROR, Noun, nearest, plain_head};
use crate::domain::imports::CellError;
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;

/// Longest text of a cell. A longer one is cut to one character more, so that it stays too long when it comes back.
pub(super) const LONGEST_CELL: usize = 10_000;
/// Most rows of a file.
pub const MOST_ROWS: i32 = 200_000;
/// How far down the head may stand below a title.
pub(super) const HEAD_WITHIN: usize = 20;

/// One row as it was read.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) noun: Noun,
    pub(super) line: i32,
    pub(super) cells: Vec<Option<String>>,
    pub(super) errors: Vec<CellError>,
}

/// Why a file was not read to its end.
#[derive(Debug)]
pub(super) enum Halt {
    /// It cannot be used; every reason.
    Unusable(Vec<String>),
    /// Nobody takes its rows any more.
    Gone,
}

impl From<String> for Halt {
    fn from(why: String) -> Self {
        Self::Unusable(vec![why])
    }
}

/// Takes the rows.
pub(super) type Taker<'a> = &'a mut dyn FnMut(Raw) -> Result<(), Halt>;

/// Reads the file. Returns what was left out of it, in words.
pub(super) fn read(path: &Path, name: &str, take: Taker<'_>) -> Result<Vec<String>, Halt> {
    let failed = |error: std::io::Error| Halt::from(format!("the file cannot be read: {error}"));
    let mut start = [0u8; 8];
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut length = 0;
    while length < start.len() {
        match file.read(&mut start[length..]).map_err(failed)? {
            0 => break,
            more => length += more,
        }
    }
    let mut count = 0;
    let mut counted = |raw: Raw| {
        count += 1;
        if count > MOST_ROWS {
            let why = format!("the file has more than {MOST_ROWS} rows; split it into several files");
            return Err(Halt::from(why));
        }
        take(raw)
    };
    let notes = match &start[..length] {
        [] => return Err("the file is empty".to_owned().into()),
        [b'P', b'K', 3, 4, ..] => xlsx::read(path, &mut counted)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            let why = format!("“{name}” is an old or a protected workbook; save it as .xlsx without a password");
            return Err(why.into());
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            return Err(format!("“{name}” is in UTF-16; save it as “CSV UTF-8”").into());
        }
        bytes if bytes.starts_with(b"%PDF") || bytes.contains(&0) => {
            return Err(format!("“{name}” is neither a CSV file nor an .xlsx workbook").into());
        }
        _ => csv::read(path, &mut counted)?,
    };
    if count == 0 {
        return Err("the file has a head and no rows below it".to_owned().into());
    }
    Ok(notes)
}

/// Which column of a file is which column of the noun.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) noun: Noun,
    /// For each column of the file: its place among the noun's columns.
    places: Vec<Option<usize>>,
    /// For each column of the file: whether it has a name at all.
    named: Vec<bool>,
    /// For each column of the noun: whether the file has it.
    present: Vec<bool>,
    /// Columns that are left out.
    pub(super) notes: Vec<String>,
}

/// How many columns of that noun the texts name.
pub(super) fn fit(noun: Noun, heads: &[String]) -> usize {
    let heads: BTreeSet<String> = heads.iter().map(|text| plain_head(text)).collect();
    noun.columns()
        .iter()
        .filter(|column| heads.contains(column.name))
        .count()
}

impl Head {
    /// Reads a row of heads; the error holds every complaint.
    pub(super) fn read(noun: Noun, heads: &[String]) -> Result<Self, Vec<String>> {
        let columns = noun.columns();
        let (mut complaints, mut notes) = (Vec::new(), Vec::new());
        let mut present = vec![false; columns.len()];
        let heads: Vec<String> = heads.iter().map(|text| plain_head(text)).collect();
        let mut places = Vec::with_capacity(heads.len());
        for name in &heads {
            let place = columns.iter().position(|column| column.name == *name);
            match place.and_then(|at| present.get_mut(at)) {
                Some(there) if *there => complaints.push(format!("{}: the column {name} comes twice", noun.code())),
                Some(there) => *there = true,
                None if name.is_empty() || name == ERROR => {}
                None => {
                    let others = columns.iter().map(|column| column.name);
                    let free = others.filter(|other| !heads.iter().any(|head| head == other));
                    match nearest(name, free) {
                        Some(near) => complaints.push(format!(
                            "{}: there is no column “{name}”; did you mean {near}?",
                            noun.code()
                        )),
                        None => notes.push(format!(
                            "{}: the column “{name}” is not known and is left out",
                            noun.code()
                        )),
                    }
                }
            }
            places.push(place);
        }
        let has = |name: &&str| heads.iter().any(|head| head == name);
        let keys = noun.key_columns();
        if !keys.iter().any(|key| key.iter().all(has)) {
            let ways: Vec<String> = keys.iter().map(|key| key.join(" and ")).collect();
            complaints.push(format!(
                "{}: rows are known by {}; the head lacks it",
                noun.code(),
                ways.join(", or by ")
            ));
        }
        if !complaints.is_empty() {
            return Err(complaints);
        }
        Ok(Self {
            noun,
            places,
            named: heads.iter().map(|head| !head.is_empty()).collect(),
            present,
            notes,
        })
    }

    /// An empty row: what the file has no column for stays none.
    pub(super) fn blank(&self, line: i32) -> Raw {
        Raw {
            noun: self.noun,
            line,
            cells: self.present.iter().map(|there| there.then(String::new)).collect(),
            errors: Vec::new(),
        }
    }

    /// Puts a text of the file's column `at` where it belongs.
    pub(super) fn put(&self, raw: &mut Raw, at: usize, text: &str) {
        let Some(place) = self.places.get(at).copied().flatten() else {
            if !text.trim().is_empty() && !self.named.get(at).copied().unwrap_or(false) {
                let why = format!("there is a text in column {}, which has no head", letters(at));
                raw.errors.push(CellError::new("", why));
            }
            return;
        };
        let mut whole = std::borrow::Cow::Borrowed(text);
        if text.contains('\0') {
            // No database keeps it.
            whole = text.replace('\0', "\u{fffd}").into();
            let why = "holds an invisible control character";
            raw.errors.push(CellError::new(self.name(place), why));
        }
        let text = whole.as_ref();
        let cut = text.char_indices().nth(LONGEST_CELL).map(|(end, _)| end);
        let kept = match cut.and_then(|end| text.get(..end)) {
            None => text.to_owned(),
            Some(start) => {
                let length = text.chars().count();
                let why = format!("is {length} characters long; at most {LONGEST_CELL} are kept");
                raw.errors.push(CellError::new(self.name(place), why));
                format!("{start}…")
            }
        };
        if let Some(cell) = raw.cells.get_mut(place) {
            *cell = Some(kept);
        }
    }

    /// Notes that the cell of the file's column `at` cannot be read.
    pub(super) fn wrong(&self, raw: &mut Raw, at: usize, why: impl Into<String>) {
        let place = self.places.get(at).copied().flatten();
        let column = place.map_or("", |place| self.name(place));
        raw.errors.push(CellError::new(column, why));
    }

    fn name(&self, place: usize) -> &'static str {
        self.noun.columns().get(place).map_or("", |column| column.name)
    }
}

/// A column as a spreadsheet names it: `A`, `Z`, `AA`.
pub(super) fn letters(at: usize) -> String {
    let mut text = String::new();
    let mut rest = at + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        text.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    text
}

/// What is said where no head was found.
pub(super) fn no_head(place: &str, nouns: &[Noun]) -> String {
    let lists: Vec<String> = nouns
        .iter()
        .map(|noun| {
            let names: Vec<&str> = noun.columns().iter().map(|column| column.name).collect();
            format!("{}: {}", noun.code(), names.join(", "))
        })
        .collect();
    format!(
        "{place} has no row of column names within its first {HEAD_WITHIN} rows. The columns of {}",
        lists.join("; of ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_head_says_everything_that_is_wrong_with_it_at_once() {
        let wrong = Head::read(Noun::Evidence, &heads(&["Titel", "gist", "Gist", "remarks"])).expect_err("wrong");
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong[0].contains("did you mean title?"));
        assert!(wrong[1].contains("gist comes twice"));
        assert!(wrong[2].contains("known by key, or by state and title"));
        let right = Head::read(Noun::Evidence, &heads(&["Key", "Source kind *", "remarks", ""])).expect("right");
        assert_eq!(
            right.notes,
            ["evidence: the column “remarks” is not known and is left out"]
        );
    }

    #[test]
    fn a_text_that_is_too_long_stays_too_long() {
        let head = Head::read(Noun::Evidence, &heads(&["key", "gist"])).expect("right");
        let mut raw = head.blank(2);
        head.put(&mut raw, 1, &"é".repeat(1_000_000));
        let kept = raw.cells[3].clone().expect("a cell");
        assert_eq!(kept.chars().count(), LONGEST_CELL + 1);
        assert!(raw.errors[0].why.starts_with("is 1000000 characters long"));
        assert_eq!(raw.cells[1], None, "the file has no column for the state");
    }

    #[test]
    fn columns_are_named_as_a_spreadsheet_does() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
