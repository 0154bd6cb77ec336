//! The files of bulk export: rows as CSV, as a workbook, and the template workbook. A row is written and forgotten.

use crate::domain::bulk::{Choices, Column, ERROR, Noun, guarded};
use crate::domain::reference::Reference;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Note, Workbook, XlsxError,
};
use std::io::Write;

/// The heads of a sheet.
#[must_use]
pub fn heads(noun: Noun) -> Vec<&'static str> {
    noun.columns().iter().map(|column| column.name).collect()
}

/// A line of CSV (RFC 4180). No spreadsheet runs what stands in it; bulk import takes the guard off again.
#[must_use]
pub fn csv_row<T: AsRef<str>>(cells: &[T]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let guarded = cells.iter().map(|cell| guarded(cell.as_ref()));
    // Ignored: a vector in memory takes everything.
    let _ = writer.write_record(guarded);
    writer.into_inner().unwrap_or_default()
}

/// A workbook that is written row by row; what was written lies in a temporary file until [`Book::save`].
pub struct Book {
    book: Workbook,
    head: Format,
    plain: Format,
    row: u32,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            book: Workbook::new(),
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top)
                .set_num_format("@"),
            // As text: a spreadsheet then leaves dates as they are typed.
            plain: Format::new().set_align(FormatAlign::Top).set_num_format("@"),
            row: 0,
        }
    }
}

impl Book {
    /// Begins the sheet of that noun with these heads.
    ///
    /// # Errors
    /// When the temporary file cannot be made.
    pub fn sheet(&mut self, noun: Noun, heads: &[&str]) -> Result<(), XlsxError> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(noun.code())?;
        for (at, name) in (0u16..).zip(heads) {
            sheet.set_column_width(at, width(name))?;
            sheet.write_string_with_format(0, at, *name, &self.head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        self.row = 1;
        Ok(())
    }

    /// One more row of the sheet that was begun last. Texts are texts: no spreadsheet runs one as a formula.
    ///
    /// # Errors
    /// When the sheet is full or the disk is.
    pub fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> Result<(), XlsxError> {
        let last = self.book.worksheets().len().saturating_sub(1);
        let sheet = self.book.worksheet_from_index(last)?;
        for (at, cell) in (0u16..).zip(cells) {
            let text = cell.as_ref();
            if !text.is_empty() {
                sheet.write_string_with_format(self.row, at, text, &self.plain)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the workbook.
    ///
    /// # Errors
    /// When it cannot be written there.
    pub fn save(mut self, into: impl Write + Send) -> Result<(), XlsxError> {
        self.book.save_to_writer(into)
    }
}

fn width(name: &str) -> f64 {
    match name {
        "gist" | "text" | "reasons" | ERROR => 60.0,
        "title" | "link" => 36.0,
        _ => 16.0,
    }
}

/// So many rows of the template have drop-down lists.
const LISTED: u32 = 5_000;

/// The template workbook: a sheet for each noun with a note at each head and a list behind each choice, the lists
/// themselves, and how to use it.
///
/// # Errors
/// Never in practice: it is always the same.
pub fn template(reference: &Reference) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_num_format("@");
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
    let lists = lists(reference);
    for noun in Noun::ALL {
        let sheet = book.add_worksheet().set_name(noun.code())?;
        for (at, column) in (0u16..).zip(noun.columns()) {
            sheet.set_column_format(at, &text)?;
            sheet.set_column_width(at, width(column.name))?;
            let name = if column.needed {
                format!("{} *", column.name)
            } else {
                column.name.to_owned()
            };
            sheet.write_string_with_format(0, at, name, &head)?;
            sheet.insert_note(0, at, &Note::new(column.meaning).set_width(260).set_author("Servanda"))?;
            let place = lists.iter().position(|list| list.is_for(column, *noun));
            if let Some(rule) = place.and_then(|place| lists.get(place)?.rule(place)) {
                sheet.add_data_validation(1, at, LISTED, at, &rule)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    let sheet = book.add_worksheet().set_name(LISTS)?;
    for (at, list) in (0u16..).zip(&lists) {
        let (codes, words) = (at * 2, at * 2 + 1);
        sheet.set_column_width(codes, 14)?;
        sheet.set_column_width(words, 34)?;
        sheet.write_string_with_format(0, codes, &list.name, &head)?;
        sheet.write_string_with_format(0, words, "what it means", &head)?;
        for (row, (code, meaning)) in (1u32..).zip(&list.items) {
            sheet.write_string_with_format(row, codes, code, &text)?;
            sheet.write_string(row, words, meaning)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let sheet = book.add_worksheet().set_name("how to")?;
    sheet.set_column_width(0, 100)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, line) in (0u32..).zip(HOW_TO) {
        sheet.write_string_with_format(row, 0, *line, &wrapped)?;
    }
    book.save_to_buffer()
}

const LISTS: &str = "lists";

const HOW_TO: &[&str] = &[
    "Fill one, two or all three of the sheets evidence, assessments and recommendations. Leave the others empty or take them out; the sheets lists and how to are never read.",
    "Columns with a * must be filled in new rows. The note at each head says what belongs there; where there is a choice, the cell offers it.",
    "Dates are as precise as you know them: 2025, 2025-03 or 2025-03-14.",
    "Upload the workbook. Nothing is written yet: you see what would be added and what would change, field by field, and every wrong cell with how to mend it.",
    "Then choose: import everything, import the right rows and take the wrong ones home as a file to mend, or import nothing.",
    "A row about something that is held already changes it. A column that your file does not have leaves what is held; an empty cell empties it.",
    "New evidence and changes to evidence wait for review by somebody else; what was accepted before counts until then.",
    "The same file once more changes nothing.",
    "An export has exactly these columns: export, change in your spreadsheet, import.",
];

/// One list behind drop-down cells.
struct List {
    name: String,
    of: Option<(Noun, &'static str)>,
    items: Vec<(String, String)>,
}

impl List {
    fn is_for(&self, column: &Column, noun: Noun) -> bool {
        match (column.choices, self.of) {
            (Choices::Free, _) => false,
            (Choices::States, None) => self.name == "state",
            (Choices::Themes, None) => self.name == "theme",
            (Choices::Words(_), Some(of)) => of == (noun, column.name),
            _ => false,
        }
    }

    fn rule(&self, place: usize) -> Option<DataValidation> {
        let column = letters(place * 2);
        let range = format!("={LISTS}!${column}$2:${column}${}", self.items.len() + 1);
        let rule = DataValidation::new().allow_list_formula(Formula::new(range));
        let rule = rule.set_error_title("Not in the list").ok()?;
        let said = format!("Choose one of the words in the sheet {LISTS}, or leave the cell empty.");
        let rule = rule.set_error_message(said).ok()?;
        Some(rule.ignore_blank(true).set_error_style(match self.name.as_str() {
            // A state may be named in any of six languages.
            "state" => DataValidationErrorStyle::Information,
            _ => DataValidationErrorStyle::Stop,
        }))
    }
}

fn lists(reference: &Reference) -> Vec<List> {
    let states = reference.states();
    let themes = reference.themes();
    let mut lists = vec![
        List {
            name: "state".to_owned(),
            of: None,
            items: states.map(|one| (one.iso3.to_string(), one.name.en.clone())).collect(),
        },
        List {
            name: "theme".to_owned(),
            of: None,
            items: themes.map(|one| (one.code.to_string(), one.label.en.clone())).collect(),
        },
    ];
    for noun in Noun::ALL {
        for column in noun.columns() {
            if let Choices::Words(words) = column.choices {
                let items = words().into_iter();
                lists.push(List {
                    name: column.name.to_owned(),
                    of: Some((*noun, column.name)),
                    items: items.map(|(code, said)| (code.to_owned(), said.to_owned())).collect(),
                });
            }
        }
    }
    lists
}

fn letters(at: usize) -> String {
    let (mut text, mut rest) = (String::new(), at + 1);
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        text.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_holds_nothing_that_runs() {
        let line = String::from_utf8(csv_row(&["=1+1", "a,b", "'=x", "plain"])).expect("text");
        assert_eq!(line, "'=1+1,\"a,b\",''=x,plain\n");
    }

    #[test]
    fn a_workbook_may_hold_several_sheets() {
        let mut book = Book::default();
        for noun in Noun::ALL {
            book.sheet(*noun, &heads(*noun)).expect("a sheet");
            book.row(&["MEX", "=1"]).expect("a row");
        }
        let mut bytes = Vec::new();
        book.save(&mut bytes).expect("saved");
        assert!(bytes.starts_with(b"PK"));
    }
}
