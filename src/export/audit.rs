//! Events of the audit chain, and what was found to be not as it was written.

use crate::domain::audit::AuditEvent;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventRow {
    /// Its number in the chain.
    pub event: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// On what.
    pub subject: String,
    /// Why.
    pub reason: Option<String>,
    /// The details.
    pub detail: Value,
}

impl From<AuditEvent> for EventRow {
    fn from(event: AuditEvent) -> Self {
        Self {
            event: event.seq,
            at: event.at,
            actor: event.actor,
            action: event.action,
            subject: event.subject,
            reason: event.reason,
            detail: serde_json::from_str(&event.detail).unwrap_or(Value::String(event.detail)),
        }
    }
}

/// Events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventsAnswer {
    /// In the order asked for.
    pub events: Vec<EventRow>,
}

impl EventsAnswer {
    /// The columns of the table.
    pub const COLUMNS: &'static [&'static str] = &["event", "at", "actor", "action", "subject", "reason"];
}

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundRow {
    /// `changed`, `added`, `removed` or `event`.
    pub what: String,
    /// The table.
    pub room: String,
    /// The key of the row.
    pub key: String,
    /// What was found, as a sentence.
    pub sentence: String,
    /// The number of the event that wrote it last.
    pub event: Option<i64>,
    /// When that was.
    pub at: Option<DateTime<Utc>>,
    /// Who wrote it.
    pub actor: Option<String>,
    /// What they did.
    pub action: Option<String>,
    /// On what.
    pub subject: Option<String>,
    /// The command that shows more.
    pub look: String,
}

impl FoundRow {
    /// For a terminal.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = self.sentence.clone();
        if let (Some(at), Some(actor), Some(action)) = (self.at, &self.actor, &self.action) {
            let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            line.push_str(&format!("; last written by {actor} with {action} at {at}"));
        }
        if !self.look.is_empty() {
            line.push_str(&format!("; look at it with `{}`", self.look));
        }
        line
    }
}

/// Whether the record is as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// It is.
    pub whole: bool,
    /// Events of the chain, where it is whole.
    pub events: Option<u64>,
    /// Rows that are as those events wrote them, where all are.
    pub rows: Option<u64>,
    /// What is not as it was written: the first hundred.
    pub found: Vec<FoundRow>,
}

impl Verdict {
    /// The columns of the table.
    pub const COLUMNS: &'static [&'static str] = &[
        "what", "room", "key", "event", "at", "actor", "action", "subject", "look",
    ];

    /// Nothing was found.
    #[must_use]
    pub fn whole(events: u64, rows: u64) -> Self {
        Self {
            whole: true,
            events: Some(events),
            rows: Some(rows),
            found: Vec::new(),
        }
    }

    /// This was found.
    #[must_use]
    pub fn broken(found: Vec<FoundRow>) -> Self {
        Self {
            whole: false,
            events: None,
            rows: None,
            found,
        }
    }
}
