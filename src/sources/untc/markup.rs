//! The page as lines and tables. Only tokens are read, no tree is built, so that nothing can grow without end.

use super::NotAStatusPage;
use crate::sources::html::{Listener, SILENT, attribute, listen};
use html5ever::tokenizer::{Tag, TagKind};
use std::time::Duration;

/// A page that takes longer was made to.
const PATIENCE: Duration = Duration::from_secs(5);
/// Rows of all tables together.
const MOST_ROWS: usize = 20_000;
/// Cells of all tables together.
const MOST_CELLS: usize = 200_000;
/// Lines of text.
const MOST_LINES: usize = 100_000;
/// A cell of the participants table is a name or a date.
const LONGEST_CELL: usize = 1_000;
/// Elements that end a line.
const BLOCKS: [&str; 22] = [
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "p",
    "section",
    "ul",
    "ol",
];

/// What the site calls its lists of texts; their headings are missing from some pages.
const LISTS: [&str; 3] = ["dgDec", "dgDecUnderArticle", "dgObj"];

/// What the page's own marks say a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// Nothing special.
    #[default]
    Plain,
    /// The name of a state above its text.
    Name,
    /// The text of a state.
    Text,
    /// A footnote.
    Note,
    /// Not a line: a list of texts of one kind begins, and this is what the site calls it.
    List,
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) role: Role,
    /// Footnotes it points to; of a footnote, its own number.
    pub(super) marks: Vec<String>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    /// Footnotes it points to.
    pub(super) marks: Vec<String>,
    /// Columns it covers.
    pub(super) span: usize,
    /// Its text was longer than a cell may be.
    pub(super) cut: bool,
}

/// A table, innermost ones first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) rows: Vec<Vec<Cell>>,
    /// Lines read before it began.
    pub(super) from: usize,
    /// Lines read when it ended.
    pub(super) to: usize,
    /// It was closed.
    pub(super) is_whole: bool,
}

/// All that was read.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) lines: Vec<Line>,
    pub(super) tables: Vec<Table>,
    /// The end of the page was seen.
    pub(super) is_whole: bool,
}

/// Where a table stands among the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Document {
    /// Reads the markup.
    pub(super) fn read(markup: &str) -> Result<Self, NotAStatusPage> {
        let (state, is_whole) = listen(markup, State::default(), PATIENCE);
        match state.too_much {
            Some(what) => Err(NotAStatusPage::TooMuch(what)),
            None if !is_whole => Err(NotAStatusPage::TooMuch(
                "markup that takes more than five seconds to read",
            )),
            None => Ok(state.finish()),
        }
    }

    /// The lines above a table.
    pub(super) fn before(&self, at: At) -> &[Line] {
        self.lines.get(..at.from).unwrap_or_default()
    }

    /// The lines below a table.
    pub(super) fn after(&self, at: At) -> &[Line] {
        self.lines.get(at.to..).unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    document: Document,
    line: String,
    line_marks: Vec<String>,
    /// One role for each open `div`.
    divs: Vec<Role>,
    tables: Vec<Open>,
    rows: usize,
    cells: usize,
    /// Which silent element is open, and how often.
    silent: Option<(String, usize)>,
    /// A name that the page repeats for its own script.
    hidden: bool,
    /// Inside a superscript: the mark so far.
    mark: Option<String>,
    /// Inside the number of a footnote.
    number: Option<String>,
    too_much: Option<&'static str>,
}

/// A table that is not closed yet.
#[derive(Default)]
struct Open {
    table: Table,
    row: Option<Vec<Cell>>,
    cell: Option<Cell>,
}

impl Listener for State {
    fn hear(&mut self, text: &str) {
        if self.silent.is_some() || self.hidden || self.too_much.is_some() {
            return;
        }
        if let Some(mark) = self.mark.as_mut().or(self.number.as_mut()) {
            if mark.len() < 100 {
                mark.push_str(text);
            }
            return;
        }
        self.line.push_str(text);
        if let Some(cell) = self.tables.last_mut().and_then(|open| open.cell.as_mut()) {
            let room = LONGEST_CELL.saturating_sub(cell.text.len());
            cell.text
                .push_str(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
            cell.cut |= text.len() > room && !text.trim().is_empty();
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let (name, opens) = (&*tag.name, tag.kind == TagKind::StartTag);
        if name == "html" || (name == "body" && !opens) {
            self.document.is_whole |= !opens;
        }
        // Whoever forgets to close the head starts the body.
        if name == "body" && opens && self.silent.as_ref().is_some_and(|(open, _)| open == "head") {
            self.silent = None;
        }
        self.silence(name, opens, tag.self_closing);
        if self.silent.is_some() {
            return;
        }
        match name {
            "sup" if opens => self.mark = Some(String::new()),
            "sup" | "superscript" => self.end_mark(),
            // The anchor of a footnote: its name is its number.
            "a" if opens && self.role() == Role::Note && attribute(tag, "name").is_some_and(is_mark) => {
                self.end_line();
                self.number = Some(String::new());
            }
            "a" => self.end_number(),
            "table" if opens => self.open_table(attribute(tag, "id").unwrap_or_default()),
            "table" => self.close_table(true),
            "tr" => self.row(opens),
            "td" | "th" => self.cell(tag, opens),
            _ if BLOCKS.contains(&name) => {
                self.end_line();
                self.cell_space();
                self.hidden &= name == "br";
                match name {
                    "div" if opens => self.divs.push(role_of(tag).unwrap_or(self.role())),
                    "div" => {
                        self.divs.pop();
                    }
                    "p" => self.hidden = opens && attribute(tag, "class").is_some_and(|class| class == "invisible"),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn has_enough(&self) -> bool {
        self.too_much.is_some()
    }
}

impl State {
    fn role(&self) -> Role {
        self.divs.last().copied().unwrap_or_default()
    }

    fn silence(&mut self, name: &str, opens: bool, closed: bool) {
        match (&mut self.silent, opens) {
            (None, true) if SILENT.contains(&name) && !closed => self.silent = Some((name.to_owned(), 1)),
            (Some((open, depth)), true) if open == name && !closed => *depth += 1,
            (Some((open, depth)), false) if open == name => {
                *depth -= 1;
                if *depth == 0 {
                    self.silent = None;
                }
            }
            _ => {}
        }
    }

    fn open_table(&mut self, id: &str) {
        self.end_line();
        if let Some(list) = LISTS.iter().find(|list| id.ends_with(*list)) {
            self.document.lines.push(Line {
                text: (*list).to_owned(),
                role: Role::List,
                marks: Vec::new(),
            });
        }
        if self.tables.len() >= 200 {
            self.too_much = Some("more than 200 tables inside each other");
            return;
        }
        let from = self.document.lines.len();
        let table = Table {
            from,
            ..Table::default()
        };
        self.tables.push(Open {
            table,
            ..Open::default()
        });
    }

    fn close_table(&mut self, is_whole: bool) {
        self.row(false);
        if let Some(mut open) = self.tables.pop()
            && !open.table.rows.is_empty()
        {
            open.table.to = self.document.lines.len();
            open.table.is_whole = is_whole;
            self.document.tables.push(open.table);
        }
    }

    fn row(&mut self, opens: bool) {
        self.end_cell();
        let Some(open) = self.tables.last_mut() else { return };
        if let Some(row) = open.row.take()
            && !row.is_empty()
        {
            self.rows += 1;
            open.table.rows.push(row);
        }
        if opens {
            open.row = Some(Vec::new());
        }
        if self.rows > MOST_ROWS {
            self.too_much = Some("more than 20,000 rows");
        }
    }

    fn cell(&mut self, tag: &Tag, opens: bool) {
        self.end_cell();
        if !opens {
            return;
        }
        self.cells += 1;
        if self.cells > MOST_CELLS {
            self.too_much = Some("more than 200,000 cells");
        }
        let span = attribute(tag, "colspan").and_then(|text| text.trim().parse().ok());
        if let Some(open) = self.tables.last_mut() {
            open.row.get_or_insert_default();
            open.cell = Some(Cell {
                span: span.unwrap_or(1).clamp(1, 20),
                ..Cell::default()
            });
        }
    }

    fn end_cell(&mut self) {
        self.end_line();
        if let Some(open) = self.tables.last_mut()
            && let (Some(row), Some(mut cell)) = (open.row.as_mut(), open.cell.take())
        {
            cell.text = tidy(&cell.text);
            row.push(cell);
        }
    }

    /// Lines of one cell stay words of their own.
    fn cell_space(&mut self) {
        if let Some(cell) = self.tables.last_mut().and_then(|open| open.cell.as_mut()) {
            cell.text.push(' ');
        }
    }

    fn end_mark(&mut self) {
        let Some(mark) = self.mark.take() else { return };
        let marks: Vec<String> = mark
            .split([',', ' ', ';', '\u{a0}'])
            .filter(|one| is_mark(one))
            .map(str::to_owned)
            .collect();
        if marks.is_empty() {
            // Not a footnote but a number's ending, such as “1st”.
            if !tidy(&mark).is_empty() {
                self.hear(&mark);
            }
            return;
        }
        if let Some(cell) = self.tables.last_mut().and_then(|open| open.cell.as_mut()) {
            cell.marks.extend(marks.iter().take(20).cloned());
        }
        self.line_marks.extend(marks.into_iter().take(20));
    }

    fn end_number(&mut self) {
        if let Some(number) = self.number.take() {
            self.line_marks = vec![tidy(&number)];
        }
    }

    fn end_line(&mut self) {
        self.end_mark();
        self.end_number();
        let text = tidy(&self.line);
        self.line.clear();
        if text.is_empty() {
            // The marks of a name whose text ended before them.
            return;
        }
        if self.document.lines.len() >= MOST_LINES {
            self.too_much = Some("more than 100,000 lines");
            return;
        }
        let (role, marks) = (self.role(), std::mem::take(&mut self.line_marks));
        self.document.lines.push(Line { text, role, marks });
    }

    fn finish(mut self) -> Document {
        self.end_cell();
        while !self.tables.is_empty() {
            self.close_table(false);
        }
        self.end_line();
        self.document
    }
}

/// What a `div` of the site says of itself.
fn role_of(tag: &Tag) -> Option<Role> {
    let (id, class) = (
        attribute(tag, "id").unwrap_or_default(),
        attribute(tag, "class").unwrap_or_default(),
    );
    let is = |class_name: &str, ends: &[&str]| {
        class.split_ascii_whitespace().any(|one| one == class_name) || ends.iter().any(|end| id.ends_with(end))
    };
    if is("heading-two", &["divParticipant"]) {
        Some(Role::Name)
    } else if is("content-two", &["divText", "divNotificationText"]) {
        Some(Role::Text)
    } else if is("divNotesAll", &["divNotesAll"]) {
        Some(Role::Note)
    } else {
        None
    }
}

/// The number of a footnote.
pub(super) fn is_mark(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*')
}

/// Single spaces, nothing invisible.
pub(super) fn tidy(text: &str) -> String {
    let invisible =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}');
    text.split(invisible)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
