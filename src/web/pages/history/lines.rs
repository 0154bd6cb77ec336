//! A line of a timeline in words: an insider reads names, everybody else what kind of person it was.

use crate::domain::history::{Change, Line, words};
use crate::domain::ids::{EvidenceId, StateCode};
use crate::domain::reference::Reference;
use crate::domain::summaries::{IMPORT, StoredEvidence};
use crate::domain::users::{Role, User};
use crate::export::tables::{Cell, Table};
use crate::web::links;
use crate::web::pages::lookup::Day;
use crate::web::view::history::{FieldChange, TimelineLine, Told as Text};
use crate::web::view::parts::Anchor;
use crate::web::view::words::{count, provision_name};
use chrono::SecondsFormat;

/// More fields than these are folded.
const FOLD: usize = 6;

/// What is needed to tell a line.
pub(super) struct Told<'a> {
    pub reference: &'a Reference,
    pub revisions: &'a [StoredEvidence],
    pub accounts: &'a [User],
    pub insider: bool,
    pub administrator: bool,
    pub many: bool,
    pub day: Day,
}

impl Told<'_> {
    /// As the page shows it.
    pub fn line(&self, line: &Line) -> TimelineLine {
        let user = self.user(line);
        let changes: Vec<FieldChange> = line
            .changes
            .iter()
            .map(|change| field(&self.named(change, line)))
            .collect();
        TimelineLine {
            id: format!(
                "e{}-{}",
                line.seq,
                line.subject.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
            ),
            moment: line.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            at: line.at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
            who: self.who(line, user),
            account: user
                .filter(|_| self.administrator)
                .map(|user| links::history_of_account(&user.email)),
            what: what(line),
            about: self.about(line).filter(|_| self.many),
            folded: (changes.len() > FOLD).then(|| count(changes.len(), "field", "fields")),
            changes,
            why: line.reason.as_deref().map(Text::of),
        }
    }

    /// As files hold it.
    pub fn table(&self, caption: String, lines: &[Line]) -> Table {
        let columns = ["Moment (UTC)", "Who", "What", "On what", "What changed", "Why"];
        let rows = lines.iter().map(|line| {
            let changes: Vec<String> = line
                .changes
                .iter()
                .map(|one| self.named(one, line).to_string())
                .collect();
            vec![
                Cell::from(line.at.to_rfc3339_opts(SecondsFormat::Secs, true)),
                Cell::from(self.who(line, self.user(line))),
                Cell::from(what(line)),
                Cell::from(self.about(line).map_or_else(String::new, |about| about.text)),
                Cell::from(changes.join("\n")),
                Cell::maybe(line.reason.as_deref()),
            ]
        });
        Table::new(caption, &columns, rows)
    }

    fn user(&self, line: &Line) -> Option<&User> {
        self.accounts.iter().find(|user| user.email.as_str() == line.actor)
    }

    /// A name for insiders; for everybody else never more than what kind of person it was.
    fn who(&self, line: &Line, user: Option<&User>) -> String {
        match (user, line.actor.as_str()) {
            (Some(user), _) if self.insider => user.name.clone(),
            (Some(user), _) if user.role == Role::Monitor => "a monitor".to_owned(),
            (_, IMPORT) => "An import".to_owned(),
            (None, "worker" | "servanda") => "the program".to_owned(),
            (None, "cli") if self.insider => "the office, by the command line".to_owned(),
            _ => "the office".to_owned(),
        }
    }

    /// The title of evidence as this reader may know it at that moment.
    fn title(&self, id: EvidenceId, line: &Line) -> Option<&str> {
        let of_item = || self.revisions.iter().filter(|one| one.id == id);
        let public = of_item()
            .rev()
            .find(|one| one.accepted_at.is_some_and(|at| at <= line.at));
        let shown = public.or_else(|| of_item().next_back().filter(|_| self.insider))?;
        Some(&shown.evidence.title)
    }

    /// A change in which evidence and people have their names.
    fn named(&self, change: &Change, line: &Line) -> Change {
        let name = |piece: &str| {
            let user = self.accounts.iter().find(|user| user.email.as_str() == piece);
            match (piece.parse().ok(), user) {
                (Some(id), _) => self.title(id, line).map(|title| format!("“{title}”")),
                (None, Some(user)) => Some(if self.insider { &user.name } else { "a person" }.to_owned()),
                (None, None) => None,
            }
            .unwrap_or_else(|| piece.to_owned())
        };
        let all = |text: &String| text.split(", ").map(name).collect::<Vec<_>>().join(", ");
        Change {
            field: change.field.clone(),
            before: change.before.as_ref().map(all),
            after: change.after.as_ref().map(all),
        }
    }

    /// What it was done to: the second part of the subject is evidence, a provision or a treaty.
    fn about(&self, line: &Line) -> Option<Anchor> {
        let (state, rest) = line.subject.split_once('/')?;
        let state: StateCode = state.parse().ok()?;
        let name = rest.split('/').next()?;
        if let Ok(id) = name.parse() {
            return Some(Anchor::new(self.title(id, line)?, self.day.keep(links::evidence(&id))));
        }
        if let Some((instrument, provision)) = name.parse().ok().and_then(|id| self.reference.provision(&id)) {
            let to = self.day.keep(links::obligation(&state, &provision.id));
            return Some(Anchor::new(provision_name(instrument, provision), to));
        }
        let instrument = name.parse().ok().and_then(|code| self.reference.instrument(&code))?;
        let to = self.day.keep(links::history_of_participation(&state, &instrument.code));
        Some(Anchor::new(&instrument.short.en, to))
    }
}

/// What was done, with the file it came from.
fn what(line: &Line) -> String {
    match &line.file {
        Some(file) => format!("{}, “{file}”", words(&line.action)),
        None => words(&line.action),
    }
}

fn field(change: &Change) -> FieldChange {
    FieldChange {
        field: change.field.clone(),
        before: change.before.as_deref().map(Text::of),
        after: change.after.as_deref().map(Text::of),
    }
}
