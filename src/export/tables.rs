//! Rows as CSV for a spreadsheet and as aligned text for a terminal.

use serde::Serialize;
use serde_json::Value;

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
    lines.push(format!("({} rows)", rows.len()));
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
    if is_text && text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
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
}
