//! Rows as CSV and as a workbook for a spreadsheet, as JSON for a program, as aligned text for a terminal.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// One cell of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words, a date, or a number with its base.
    Text(String),
    /// A plain number.
    Number(i64),
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl Cell {
    /// A count.
    #[must_use]
    pub fn count(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Words that may be missing.
    #[must_use]
    pub fn maybe<T: ToString>(text: Option<T>) -> Self {
        Self::Text(text.map(|text| text.to_string()).unwrap_or_default())
    }

    fn shown(&self) -> (String, bool) {
        match self {
            Self::Text(text) => (text.clone(), true),
            Self::Number(number) => (number.to_string(), false),
        }
    }
}

/// A table as a page shows it, to be taken along as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows, as of when.
    pub caption: String,
    /// The heads of its columns.
    pub columns: Vec<&'static str>,
    /// As many cells in each row as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table with these columns and rows.
    pub fn new(
        caption: impl Into<String>,
        columns: &[&'static str],
        rows: impl IntoIterator<Item = Vec<Cell>>,
    ) -> Self {
        Self {
            caption: caption.into(),
            columns: columns.to_vec(),
            rows: rows.into_iter().collect(),
        }
    }

    /// As CSV (RFC 4180) with a header.
    ///
    /// # Errors
    /// Never in practice: the rows are plain values.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| guarded(cell.shown())))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// As JSON: the caption, and one object for each row with the heads of the columns as keys, in their order.
    ///
    /// # Errors
    /// Never in practice: the rows are plain values.
    pub fn json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// As a workbook (Office Open XML): texts as texts, so that no spreadsheet runs one as a formula. The same table on
    /// the same day gives the same bytes.
    ///
    /// # Errors
    /// When it has more rows than a spreadsheet can hold.
    pub fn xlsx(&self, day: NaiveDate) -> Result<Vec<u8>, XlsxError> {
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let mut book = Workbook::new();
        book.set_properties(&properties(&self.caption, day)?);
        let sheet = book.add_worksheet().set_name("Table")?;
        for (at, text) in (0u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, *text, &head)?;
            sheet.set_column_width(at, self.width(usize::from(at)))?;
        }
        for (at, row) in (1u32..).zip(&self.rows) {
            for (column, cell) in (0u16..).zip(row) {
                match cell {
                    Cell::Text(text) => sheet.write_string_with_format(at, column, fitting(text), &plain)?,
                    #[expect(clippy::cast_precision_loss, reason = "a spreadsheet knows no other numbers")]
                    Cell::Number(number) => sheet.write_number_with_format(at, column, *number as f64, &plain)?,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        book.save_to_buffer()
    }

    /// The width of a column in characters: as its longest text asks, within reason.
    fn width(&self, at: usize) -> f64 {
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        let longest = cells.map(|cell| cell.shown().0.chars().count()).max().unwrap_or(0);
        let head = self.columns.get(at).map_or(0, |text| text.chars().count());
        let width = u8::try_from(longest.max(head).saturating_add(2)).unwrap_or(60);
        f64::from(width.clamp(8, 60))
    }
}

fn properties(caption: &str, day: NaiveDate) -> Result<DocProperties, XlsxError> {
    let number = |value: u32| u8::try_from(value).unwrap_or(1);
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, number(day.month()), number(day.day()))?;
    let properties = DocProperties::new().set_title(caption).set_author("Servanda");
    Ok(properties.set_creation_datetime(&made))
}

/// The most characters that a cell of a workbook can hold.
const LONGEST_CELL: usize = 32_767;

fn fitting(text: &str) -> String {
    text.chars().take(LONGEST_CELL).collect()
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("caption", &self.caption)?;
        map.serialize_entry("rows", &Rows(self))?;
        map.end()
    }
}

struct Rows<'a>(&'a Table);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for cells in &self.0.rows {
            let columns = &self.0.columns;
            list.serialize_element(&Row { columns, cells })?;
        }
        list.end()
    }
}

struct Row<'a> {
    columns: &'a [&'static str],
    cells: &'a [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            match cell {
                Cell::Text(text) => map.serialize_entry(column, text)?,
                Cell::Number(number) => map.serialize_entry(column, number)?,
            }
        }
        map.end()
    }
}

/// Rows as CSV (RFC 4180) with a header.
///
/// # Errors
/// Never in practice: the rows are plain values.
pub fn csv<T: Serialize>(columns: &[&str], rows: &[T]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        let value = serde_json::to_value(row).unwrap_or_default();
        writer.write_record(columns.iter().map(|column| guarded(cell(&value, column))))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Rows as aligned text, the header underlined.
#[must_use]
pub fn text<T: Serialize>(columns: &[&str], rows: &[T]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let value = serde_json::to_value(row).unwrap_or_default();
            columns.iter().map(|column| cell(&value, column).0).collect()
        })
        .collect();
    let used: Vec<usize> = (0..columns.len())
        .filter(|at| rows.iter().any(|row| !row[*at].is_empty()))
        .collect();
    let width = |at: usize| {
        rows.iter()
            .map(|row| row[at].chars().count())
            .max()
            .unwrap_or(0)
            .max(columns[at].len())
    };
    let widths: Vec<usize> = used.iter().map(|at| width(*at)).collect();
    let line = |cells: Vec<&str>| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(used.iter().map(|at| columns[*at]).collect())];
    lines.push(
        widths
            .iter()
            .map(|width| "-".repeat(*width))
            .collect::<Vec<_>>()
            .join("  "),
    );
    lines.extend(
        rows.iter()
            .map(|row| line(used.iter().map(|at| row[*at].as_str()).collect())),
    );
    lines.push(if rows.len() == 1 {
        "(1 row)".to_owned()
    } else {
        format!("({} rows)", rows.len())
    });
    lines.join("\n") + "\n"
}

/// The text of a cell, and whether it came from a text.
fn cell(row: &Value, column: &str) -> (String, bool) {
    let value = column
        .split('.')
        .fold(row, |value, key| value.get(key).unwrap_or(&Value::Null));
    match value {
        Value::Null => (String::new(), false),
        Value::String(text) => (text.clone(), true),
        Value::Array(items) => {
            let names: Vec<String> = items.iter().map(|item| cell(item, "cause").0).collect();
            (names.join("; "), true)
        }
        other => (other.to_string(), false),
    }
}

/// A text that a spreadsheet would run as a formula is shown as text; numbers stay numbers.
fn guarded((text, is_text): (String, bool)) -> String {
    let number = text.parse::<f64>().is_ok();
    if is_text && !number && text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_spreadsheet_runs_nothing_that_we_wrote() {
        let rows = [json!({ "a": "=HYPERLINK(\"x\")", "b": -31, "c": { "d": "@x" } })];
        let bytes = csv(&["a", "b", "c.d"], &rows).expect("plain values");
        assert_eq!(
            String::from_utf8(bytes).expect("text"),
            "a,b,c.d\n\"'=HYPERLINK(\"\"x\"\")\",-31,'@x\n"
        );
    }

    #[test]
    fn a_terminal_sees_aligned_columns_and_no_empty_ones() {
        let rows = [
            json!({ "a": "MEX", "b": null, "c": "é" }),
            json!({ "a": "X", "b": null, "c": "two" }),
        ];
        assert_eq!(
            text(&["a", "b", "c"], &rows),
            "a    c\n---  ---\nMEX  é\nX    two\n(2 rows)\n"
        );
    }

    fn plot() -> Table {
        let row = vec!["=HYPERLINK(\"x\")".into(), Cell::Number(-31)];
        Table::new("A plot", &["What", "How many"], [row])
    }

    #[test]
    fn the_same_table_in_three_files() {
        let csv = plot().csv().expect("plain values");
        assert_eq!(
            String::from_utf8(csv).expect("text"),
            "What,How many\n\"'=HYPERLINK(\"\"x\"\")\",-31\n"
        );
        let json: Value = serde_json::from_slice(&plot().json().expect("plain values")).expect("JSON");
        assert_eq!(
            json,
            json!({ "caption": "A plot", "rows": [{ "What": "=HYPERLINK(\"x\")", "How many": -31 }] })
        );
    }

    #[test]
    fn a_workbook_is_the_same_on_the_same_day_and_too_long_a_text_is_cut() {
        let day = NaiveDate::from_ymd_opt(2026, 2, 3).expect("a day");
        let book = plot().xlsx(day).expect("a workbook");
        assert!(book.starts_with(b"PK") && book == plot().xlsx(day).expect("again"));
        let long = Table::new("Long", &["Text"], [vec!["é".repeat(40_000).into()]]);
        assert!(long.xlsx(day).is_ok());
    }
}
