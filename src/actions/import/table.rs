//! A CSV file as rows that can be asked for typed values and remember every complaint.

use super::Complaint;
use std::collections::HashMap;
use std::str::FromStr;

/// A CSV file that was read whole.
#[derive(Debug)]
pub(super) struct Table {
    file: String,
    columns: HashMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
}

impl Table {
    /// Reads a file and checks its header against the columns that are needed.
    pub(super) fn read(file: &str, text: &str, needed: &[&str]) -> Result<Self, Vec<Complaint>> {
        let complaint = |row, reason: String| {
            vec![Complaint {
                file: file.to_owned(),
                row,
                column: None,
                reason,
            }]
        };
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
        let header = reader
            .headers()
            .map_err(|error| complaint(Some(1), error.to_string()))?
            .clone();
        let columns: HashMap<String, usize> = header
            .iter()
            .enumerate()
            .map(|(at, name)| (name.trim().to_owned(), at))
            .collect();
        let missing: Vec<&str> = needed
            .iter()
            .copied()
            .filter(|name| !columns.contains_key(*name))
            .collect();
        if !missing.is_empty() {
            let reason = format!(
                "the header lacks: {}. The columns are: {}",
                missing.join(", "),
                needed.join(", ")
            );
            return Err(complaint(Some(1), reason));
        }
        let (mut rows, mut complaints) = (Vec::new(), Vec::new());
        for record in reader.records() {
            match record {
                Ok(record) => rows.push((record.position().map_or(0, csv::Position::line), record)),
                Err(error) => {
                    let row = error.position().map(csv::Position::line);
                    complaints.push(Complaint {
                        file: file.to_owned(),
                        row,
                        column: None,
                        reason: plain(&error),
                    });
                }
            }
        }
        if complaints.is_empty() {
            Ok(Self {
                file: file.to_owned(),
                columns,
                rows,
            })
        } else {
            Err(complaints)
        }
    }

    /// Parses every row; all complaints of all rows come back together.
    pub(super) fn parse<T>(
        &self,
        mut parse: impl FnMut(&mut Row<'_>) -> Option<T>,
    ) -> (Vec<(Place, T)>, Vec<Complaint>) {
        let (mut parsed, mut complaints) = (Vec::with_capacity(self.rows.len()), Vec::new());
        for (line, record) in &self.rows {
            let mut row = Row {
                table: self,
                line: *line,
                record,
                complaints: Vec::new(),
            };
            let value = parse(&mut row);
            if row.complaints.is_empty() {
                parsed.extend(value.map(|value| {
                    (
                        Place {
                            file: self.file.clone(),
                            row: *line,
                        },
                        value,
                    )
                }));
            }
            complaints.append(&mut row.complaints);
        }
        (parsed, complaints)
    }
}

fn plain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} fields, the header {expected_len}; is a comma unquoted or missing?")
        }
        _ => error.to_string(),
    }
}

/// Where a value was read.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The file.
    pub(super) file: String,
    /// Its line, the header being line 1.
    pub(super) row: u64,
}

impl Place {
    /// A complaint about a column there.
    pub(super) fn complain(&self, column: &str, reason: String) -> Complaint {
        Complaint {
            file: self.file.clone(),
            row: Some(self.row),
            column: Some(column.to_owned()),
            reason,
        }
    }
}

/// One row that remembers what is wrong with it.
pub(super) struct Row<'a> {
    table: &'a Table,
    line: u64,
    record: &'a csv::StringRecord,
    complaints: Vec<Complaint>,
}

impl Row<'_> {
    /// The text of a column, trimmed; empty where there is none.
    pub(super) fn text(&self, column: &str) -> String {
        let at = self.table.columns.get(column);
        at.and_then(|at| self.record.get(*at))
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    /// Notes that a column is wrong.
    pub(super) fn complain(&mut self, column: &str, reason: String) {
        let complaint = Complaint {
            file: self.table.file.clone(),
            row: Some(self.line),
            column: Some(column.to_owned()),
            reason,
        };
        self.complaints.push(complaint);
    }

    /// Text that must be there.
    pub(super) fn required(&mut self, column: &str) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() {
            self.complain(column, "is empty, but must be given".to_owned());
            return None;
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.complain(column, "holds an invisible control character".to_owned());
            return None;
        }
        Some(text)
    }

    /// A typed value that must be there.
    pub(super) fn value<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str) -> Option<T> {
        let text = self.required(column)?;
        self.read(column, &text)
    }

    /// A typed value that may be missing. The outer option is none where it is wrong.
    pub(super) fn optional<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str) -> Option<Option<T>> {
        let text = self.text(column);
        if text.is_empty() {
            Some(None)
        } else {
            self.read(column, &text).map(Some)
        }
    }

    /// A list separated by semicolons.
    pub(super) fn list<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str) -> Option<Vec<T>> {
        let text = self.text(column);
        let items = text.split(';').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| self.read(column, item)).collect()
    }

    /// One of the words that a serialised enum knows.
    pub(super) fn word<T: serde::de::DeserializeOwned>(&mut self, column: &str) -> Option<T> {
        let text = self.required(column)?.to_lowercase().replace(' ', "_");
        match serde_json::from_value(serde_json::Value::String(text.clone())) {
            Ok(value) => Some(value),
            Err(error) => {
                self.complain(column, error.to_string().replace("unknown variant", "there is no word"));
                None
            }
        }
    }

    /// `yes` or `no`.
    pub(super) fn yes_no(&mut self, column: &str) -> Option<bool> {
        match self.text(column).as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            other => {
                self.complain(column, format!("“{other}” is neither yes nor no"));
                None
            }
        }
    }

    fn read<T: FromStr<Err: std::fmt::Display>>(&mut self, column: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.complain(column, error.to_string());
                None
            }
        }
    }
}
