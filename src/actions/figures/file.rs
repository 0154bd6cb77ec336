//! A series as a CSV file in long form: `state,year,value`. All that is wrong with it is said at once, by line.

use crate::domain::bulk::unguarded;
use crate::domain::figures::{Figure, MOST, YEARS};
use crate::domain::reference::Reference;
use csv::{ErrorKind, Position, ReaderBuilder, StringRecord};
use std::collections::HashMap;

/// What was read of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureFile {
    /// Its figures.
    pub figures: Vec<Figure>,
    /// Lines without a value: not known, never nothing.
    pub blank: usize,
    /// Columns that were not read.
    pub ignored: Vec<String>,
}

const COLUMNS: [&str; 3] = ["state", "year", "value"];
/// Longer texts are not repeated in a complaint.
const SHOWN: usize = 40;

/// Reads a file. States may be codes or names.
///
/// # Errors
/// Every complaint, with its line.
pub fn read_csv(bytes: &[u8], reference: &Reference) -> Result<FigureFile, Vec<String>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        vec![format!("line {line}: it is not UTF-8 text; save it as “CSV UTF-8”")]
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|delimiter| head.bytes().filter(|byte| byte == delimiter).count())
        .unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| vec![told(&error)])?.clone();
    let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
    let at = COLUMNS.map(|column| names.iter().position(|name| name == column));
    let [Some(state), Some(year), Some(value)] = at else {
        let missing = COLUMNS.iter().zip(at).filter(|(_, at)| at.is_none());
        let missing: Vec<&str> = missing.map(|(column, _)| *column).collect();
        let why = format!(
            "line 1: the header lacks {}; the columns are state, year, value",
            missing.join(", ")
        );
        return Err(vec![why]);
    };
    let mut lines = Lines {
        reference,
        at: [state, year, value],
        figures: Vec::new(),
        seen: HashMap::new(),
        complaints: Vec::new(),
        blank: 0,
    };
    for record in reader.records() {
        match record {
            Ok(record) => lines.take(&record),
            Err(error) => lines.complaints.push(told(&error)),
        }
        if lines.figures.len() > MOST {
            lines.complaints.push(format!(
                "there are more than {MOST} figures: that is no series by state and year"
            ));
            break;
        }
    }
    let read = (0..).zip(names.iter());
    let ignored = read.filter(|(at, _)| ![state, year, value].contains(at));
    let ignored = ignored.map(|(_, name)| name.clone()).collect();
    if lines.complaints.is_empty() && lines.figures.is_empty() {
        lines.complaints.push("there is no figure in it".to_owned());
    }
    if lines.complaints.is_empty() {
        Ok(FigureFile {
            figures: lines.figures,
            blank: lines.blank,
            ignored,
        })
    } else {
        Err(lines.complaints)
    }
}

struct Lines<'a> {
    reference: &'a Reference,
    at: [usize; 3],
    figures: Vec<Figure>,
    seen: HashMap<(String, i32), u64>,
    complaints: Vec<String>,
    blank: usize,
}

impl Lines<'_> {
    fn take(&mut self, record: &StringRecord) {
        let line = record.position().map_or(0, Position::line);
        let [state, year, value] = self
            .at
            .map(|at| unguarded(record.get(at).unwrap_or_default().trim()).trim());
        let state = self.reference.find_state(state).map_err(|error| error.to_string());
        let year = read_year(year);
        let value = (!value.is_empty()).then(|| read_value(value)).transpose();
        let mut sound = |column: &str, why: Option<&String>| {
            if let Some(why) = why {
                self.complaints.push(format!("line {line}, {column}: {why}"));
            }
        };
        sound("state", state.as_ref().err());
        sound("year", year.as_ref().err());
        sound("value", value.as_ref().err());
        let (Ok(state), Ok(year), Ok(value)) = (state, year, value) else {
            return;
        };
        if let Some(before) = self.seen.insert((state.iso3.to_string(), year), line) {
            let state = &state.iso3;
            self.complaints
                .push(format!("line {line}: {state} {year} stands on line {before} already"));
        }
        match value {
            Some(value) => self.figures.push(Figure {
                state: state.iso3.clone(),
                year,
                value,
            }),
            None => self.blank += 1,
        }
    }
}

fn read_year(text: &str) -> Result<i32, String> {
    let plain = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let year = text.parse::<i32>().ok().filter(|year| plain && YEARS.contains(year));
    year.ok_or_else(|| format!("“{}” is not a year such as 2023", short(text)))
}

fn read_value(text: &str) -> Result<f64, String> {
    let allowed = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.filter(|_| text.chars().all(allowed)).ok_or_else(|| {
        let hint = if text.contains(',') {
            "; write a decimal point and no thousands separator"
        } else {
            "; leave it empty where it is not known"
        };
        format!("“{}” is not a number such as 21500.7{hint}", short(text))
    })
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        short.push('…');
    }
    short
}

fn told(error: &csv::Error) -> String {
    let line = error.position().map_or(1, Position::line);
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("line {line}: it has {len} fields, the header {expected_len}; is a comma unquoted or missing?")
        }
        _ => format!("line {line}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nobody() -> Reference {
        Reference::new(Vec::new(), Vec::new(), Vec::new())
    }

    #[test]
    fn only_plain_numbers_and_years_are_taken() {
        for (text, value) in [("1.50", 1.5), ("-3", -3.0), ("+4", 4.0), ("1e-7", 1e-7)] {
            assert_eq!(read_value(text), Ok(value));
        }
        for wrong in ["", "1,5", "inf", "NaN", "1e999", "=1", "1 000", "0x10", "1.2.3", "２"] {
            assert!(read_value(wrong).is_err(), "{wrong}");
        }
        assert_eq!(read_year("2023"), Ok(2023));
        for wrong in ["", "23", "1700", "02023", "2023.0", "+203"] {
            assert!(read_year(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_file_is_read_without_a_stumble(bytes: Vec<u8>, rows in "[ -~\n,;]{0,200}") {
            let _ = read_csv(&bytes, &nobody());
            let _ = read_csv(format!("state,year,value\n{rows}").as_bytes(), &nobody());
        }
    }
}
