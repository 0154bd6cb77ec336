//! What stands below the table: declarations and reservations, objections, notifications, footnotes.

use super::cells;
use super::markup::{Line, Role, is_mark};
use super::names::{Named, Names};
use super::table::MOST_UNREAD;
use crate::domain::ids::StateCode;
use crate::domain::status_pages::{Statement, StatusPage, Unread};
use std::collections::{BTreeMap, HashMap};

/// Which part of the page a line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Before,
    Declarations,
    Objections,
    Notifications,
    /// Left out.
    Territories,
    Notes,
}

/// Reads what stands below the table into the rows; gives back the footnotes.
pub(super) fn read(
    lines: &[Line],
    names: &Names,
    page: &mut StatusPage,
    marks: &mut BTreeMap<usize, Vec<String>>,
) -> BTreeMap<String, String> {
    let mut reading = Reading {
        names,
        places: Places::of(page),
        // Where the page marks names itself, no other line is one.
        marked: lines.iter().any(|line| line.role == Role::Name),
        part: Part::Before,
        section: String::new(),
        speaker: None,
        statement: None,
        notes: BTreeMap::new(),
        note: None,
    };
    for line in lines {
        reading.line(line, page, marks);
    }
    reading.end(page);
    reading.notes
}

/// Where the rows of states and of others are.
struct Places {
    states: HashMap<StateCode, usize>,
    others: HashMap<String, usize>,
}

impl Places {
    fn of(page: &StatusPage) -> Self {
        let mut places = Self {
            states: HashMap::new(),
            others: HashMap::new(),
        };
        for (at, row) in page.rows.iter().enumerate() {
            match &row.state {
                Some(state) => places.states.insert(state.clone(), at),
                None => places.others.insert(row.name.to_lowercase(), at),
            };
        }
        places
    }

    fn find(&self, names: &Names, name: &str) -> Option<usize> {
        match names.find(name)? {
            Named::State(state) => self.states.get(state).copied(),
            Named::NoState => self.others.get(&name.to_lowercase()).copied(),
        }
    }
}

struct Reading<'n> {
    names: &'n Names,
    places: Places,
    marked: bool,
    part: Part,
    section: String,
    /// The row of the state that speaks, or none where its name is not in the table.
    speaker: Option<Option<usize>>,
    statement: Option<Statement>,
    notes: BTreeMap<String, String>,
    note: Option<String>,
}

impl Reading<'_> {
    fn line(&mut self, line: &Line, page: &mut StatusPage, marks: &mut BTreeMap<usize, Vec<String>>) {
        if line.role == Role::List {
            self.end(page);
            self.speaker = None;
            let part = if line.text == "dgObj" {
                Part::Objections
            } else {
                Part::Declarations
            };
            if part != self.part {
                let heading = if part == Part::Objections {
                    "Objections"
                } else {
                    "Declarations and Reservations"
                };
                (self.part, self.section) = (part, heading.to_owned());
            }
            return;
        }
        let heads = matches!(line.role, Role::Plain);
        if let Some(part) = heads.then(|| part(&line.text)).flatten() {
            self.end(page);
            (self.part, self.speaker, self.note) = (part, None, None);
            line.text.clone_into(&mut self.section);
            return;
        }
        match self.part {
            _ if line.role == Role::Note => self.note(line),
            Part::Notes if !self.marked => self.note(line),
            Part::Before | Part::Territories | Part::Notes => {}
            Part::Declarations | Part::Objections | Part::Notifications => {
                let is_name = if self.marked {
                    line.role == Role::Name
                } else {
                    self.places.find(self.names, name_of(&line.text)).is_some()
                };
                if is_name {
                    self.speak(line, page);
                } else if self.speaker.is_some() && (!self.marked || line.role == Role::Text) {
                    self.text(line, page);
                }
                if let Some(Some(at)) = self.speaker {
                    marks.entry(at).or_default().extend(line.marks.iter().cloned());
                }
            }
        }
    }

    fn speak(&mut self, line: &Line, page: &mut StatusPage) {
        self.end(page);
        let name = name_of(&line.text);
        let at = self.places.find(self.names, name);
        if at.is_none() && page.unread.len() < MOST_UNREAD {
            let why = format!(
                "“{name}” stands above a text and is not in the table of participants, so the text is left out"
            );
            page.unread.push(Unread {
                text: format!("{}: {}", self.section, line.text),
                why,
            });
        }
        self.speaker = Some(at);
    }

    fn text(&mut self, line: &Line, page: &mut StatusPage) {
        let date = cells::only(&line.text);
        let title = date.is_none().then(|| title(&line.text)).flatten();
        let starts = date.is_some() || title.is_some();
        if starts && self.statement.as_ref().is_some_and(|one| !one.text.is_empty()) {
            self.end(page);
        }
        let statement = self.statement.get_or_insert_with(|| Statement {
            section: self.section.clone(),
            title: None,
            date: None,
            text: String::new(),
        });
        statement.date = date.or(statement.date);
        match title {
            // “Upon signature:”, “Reservation:” are two lines of one heading.
            Some(title) => {
                statement.title = Some(match statement.title.take() {
                    Some(first) => format!("{first}: {title}"),
                    None => title.to_owned(),
                });
            }
            None if date.is_none() => {
                if !statement.text.is_empty() {
                    statement.text.push('\n');
                }
                statement.text.push_str(&line.text);
            }
            None => {}
        }
    }

    /// Gives the finished statement to its row.
    fn end(&mut self, page: &mut StatusPage) {
        let (Some(statement), Some(Some(at))) = (self.statement.take(), self.speaker) else {
            return;
        };
        let Some(row) = page
            .rows
            .get_mut(at)
            .filter(|_| !statement.text.is_empty() || statement.title.is_some())
        else {
            return;
        };
        match self.part {
            Part::Objections => row.objections.push(statement),
            Part::Notifications => row.notifications.push(statement),
            _ => row.declarations.push(statement),
        }
    }

    fn note(&mut self, line: &Line) {
        let (own, text) = match line.marks.first() {
            Some(mark) => (Some(mark.as_str()), line.text.as_str()),
            None if line.role == Role::Note => (None, line.text.as_str()),
            None => numbered(&line.text),
        };
        if let Some(mark) = own {
            self.note = Some(mark.to_owned());
        }
        if let Some(mark) = &self.note {
            let note = self.notes.entry(mark.clone()).or_default();
            if !note.is_empty() {
                note.push('\n');
            }
            note.push_str(text);
        }
    }
}

/// “3. On 1 May 2020 …” or “3 On …”.
fn numbered(text: &str) -> (Option<&str>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or_default();
    match (text.get(..end), text.get(end..)) {
        (Some(number), Some(rest)) if is_mark(number) && rest.starts_with(['.', ' ', ')']) => {
            (Some(number), rest.trim_start_matches(['.', ' ', ')']))
        }
        _ => (None, text),
    }
}

/// The name without figures of footnotes.
fn name_of(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | ' ' | ':' | '*'))
}

/// The heading of a part of the page.
fn part(line: &str) -> Option<Part> {
    if line.len() > 200 {
        return None;
    }
    let lower = line.to_lowercase();
    let lower = lower.trim();
    if matches!(lower, "end note" | "end notes" | "endnotes" | "notes" | "footnotes") {
        Some(Part::Notes)
    } else if lower.starts_with("territorial application") {
        Some(Part::Territories)
    } else if lower.starts_with("objections") {
        Some(Part::Objections)
    } else if lower.starts_with("notifications") {
        Some(Part::Notifications)
    } else if lower.ends_with(':') || lower.ends_with('.') {
        None
    } else if ["declarations", "reservations", "interpretative declarations"].contains(&lower)
        || lower.starts_with("declarations and reservations")
        || lower.starts_with("reservations and ")
        || (lower.starts_with("declarations ") && (lower.contains("article") || lower.contains("competence")))
    {
        Some(Part::Declarations)
    } else {
        None
    }
}

/// The heading of a statement, without its colon.
fn title(line: &str) -> Option<&str> {
    let bare = line.strip_suffix(':').map(str::trim_end);
    let lower = bare.unwrap_or(line).to_lowercase();
    let starts = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let kinds = [
        "declaration",
        "reservation",
        "interpretative ",
        "objection",
        "understanding",
        "notification",
        "communication",
    ];
    let Some(bare) = bare else {
        // Without a colon it must be short, and no sentence.
        let is_open = !line.ends_with(['.', ',', ';', '”', '"']);
        let is_title =
            (line.len() <= 120 && starts(&kinds)) || (line.len() <= 40 && starts(&["article ", "articles ", "upon "]));
        return (is_open && is_title).then_some(line);
    };
    let words = [
        "reservation",
        "declaration",
        "understanding",
        "statement",
        "objection",
        "notification",
        "communication",
        "article",
    ];
    let is_short = bare.len() <= 80 && words.iter().any(|word| lower.contains(word));
    let is_about = bare.len() <= 300 && starts(&["with regard to ", "upon ", "confirmed upon ", "objection"]);
    (is_short || is_about).then_some(bare)
}
