//! `servanda audit`: whether the record is as it was written, and what it says.

use super::output::{answer, say};
use super::{Failure, Format};
use crate::app::App;
use crate::domain::audit::AuditEvent;
use crate::domain::reference::read_day;
use crate::export::audit::{EventRow, EventsAnswer, FoundRow, Verdict};
use crate::store::history::{About, Asked};
use crate::store::seals::Found;
use crate::store::{audit, history, seals};
use chrono::{Days, NaiveTime};
use clap::{Args, Subcommand};
use std::collections::BTreeMap;

/// `servanda audit`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Walk the whole chain and compare every row: what was changed, added or removed behind the program's back is named
    Verify {
        /// How the answer is written
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// The events that wrote one row, oldest first: table and key as `audit verify` names them
    Show {
        /// The table, such as `evidence_revisions`
        room: String,
        /// The key of the row
        key: String,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// List events, newest first
    Events(Events),
}

/// `servanda audit events`
#[derive(Debug, Args)]
pub struct Events {
    /// What they are about: `MEX/ICRMW-16.4`, an address, or `MEX` for everything about a state
    #[arg(long)]
    subject: String,
    /// Only those until the end of that day, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Only that action, such as `evidence.accept`
    #[arg(long)]
    action: Option<String>,
    /// Only of that actor: an address, `import`, `cli` or `worker`
    #[arg(long)]
    actor: Option<String>,
    /// Only those before that number
    #[arg(long, value_name = "NUMBER")]
    before: Option<i64>,
    /// At most so many
    #[arg(long, default_value = "100")]
    most: u64,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

impl Audit {
    /// Answers.
    ///
    /// # Errors
    /// When something is not as it was written, when there is no such row, or when the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        match self {
            Self::Verify { format } => verify(&app, format).await,
            Self::Show { room, key, format } => {
                let numbers = seals::events_of(&app.db, &room, &key).await?;
                if numbers.is_empty() {
                    let why = format!(
                        "no event tells of a row {key} of {room}; `servanda audit verify` names tables and keys"
                    );
                    return Err(Failure::Request(why));
                }
                tell(format, audit::of_numbers(&app.db, &numbers).await?)
            }
            Self::Events(asked) => asked.run(&app).await,
        }
    }
}

impl Events {
    async fn run(self, app: &App) -> Result<(), Failure> {
        let day = self.as_of.as_deref().map(read_day).transpose()?;
        let next = day.and_then(|day| day.checked_add_days(Days::new(1)));
        let asked = Asked {
            before: self.before,
            until: next.map(|next| next.and_time(NaiveTime::MIN).and_utc()),
            actor: self.actor,
            action: self.action,
            ..Asked::about(About::With(self.subject), self.most)
        };
        tell(self.format, history::events(&app.db, &asked).await?)
    }
}

fn tell(format: Format, events: Vec<AuditEvent>) -> Result<(), Failure> {
    let events: Vec<EventRow> = events.into_iter().map(EventRow::from).collect();
    let whole = EventsAnswer { events };
    answer(format, &whole, EventsAnswer::COLUMNS, &whole.events)
}

async fn verify(app: &App, format: Format) -> Result<(), Failure> {
    let found = match audit::inspect(&app.db).await? {
        Ok(verified) if format == Format::Table => {
            say(&verified.to_string())?;
            return Ok(());
        }
        Ok(verified) => {
            let verdict = Verdict::whole(verified.events, verified.rows);
            return answer(format, &verdict, Verdict::COLUMNS, &verdict.found);
        }
        Err(tampering) => tampering.0,
    };
    let numbers: Vec<i64> = found.iter().filter_map(|one| one.seq).collect();
    let events = audit::of_numbers(&app.db, &numbers).await?;
    let events: BTreeMap<i64, AuditEvent> = events.into_iter().map(|event| (event.seq, event)).collect();
    let verdict = Verdict::broken(found.iter().map(|one| row(one, &events)).collect());
    if format == Format::Table {
        let lines: Vec<String> = verdict.found.iter().map(FoundRow::line).collect();
        return Err(Failure::Other(format!(
            "the audit trail is broken: {}",
            lines.join("\n       ")
        )));
    }
    answer(format, &verdict, Verdict::COLUMNS, &verdict.found)?;
    let count = verdict.found.len();
    Err(Failure::Other(format!(
        "the audit trail is broken: {count} thing(s) are not as they were written"
    )))
}

fn row(found: &Found, events: &BTreeMap<i64, AuditEvent>) -> FoundRow {
    let event = found.seq.and_then(|seq| events.get(&seq));
    let look = match (found.what, found.seq) {
        ("event", Some(seq)) => format!(
            "servanda audit events --subject {} --before {}",
            event.map_or("…", |one| &one.subject),
            seq + 1
        ),
        (_, Some(_)) => format!("servanda audit show {} {}", found.room, found.key),
        _ => String::new(),
    };
    FoundRow {
        what: found.what.to_owned(),
        room: found.room.clone(),
        key: found.key.clone(),
        sentence: found.sentence.clone(),
        event: found.seq,
        at: event.map(|event| event.at),
        actor: event.map(|event| event.actor.clone()),
        action: event.map(|event| event.action.clone()),
        subject: event.map(|event| event.subject.clone()),
        look,
    }
}
