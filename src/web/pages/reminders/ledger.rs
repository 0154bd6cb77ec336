//! The ledger: each message, where it stands and what happened to it.

use crate::domain::ids::UserId;
use crate::domain::reference::Reference;
use crate::domain::reminders::{LedgerEntry, ReminderStatus};
use crate::export::tables::{Cell, Table};
use crate::store::reminders::{self, LedgerFilter};
use crate::store::{Db, StoreError, users};
use crate::web::extract::{Administer, Allowed, Visit};
use crate::web::links::{self, Link};
use crate::web::pages::{downloads, lookup};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, Pager, Tag, downloads as files};
use crate::web::view::reminders::{Ledger, LedgerRow};
use crate::web::view::words::count;
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::HashMap;

/// Filters and page, as the address has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    status: String,
    state: String,
    page: String,
}

/// Rows on a page, as everywhere.
const SIZE: u64 = 100;
/// Most rows of a file or of a page with all of them.
const MOST: u64 = 50_000;

/// Shows every reminder of everybody.
pub(in crate::web) async fn all(
    visit: Visit,
    _: Allowed<Administer>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let filter = read(&shelf.reference, &asked)?;
    let db = &visit.app.db;
    let total = reminders::count(db, &filter).await?;
    let here = links::ledger().with_some("status", Some(&asked.status)).with_some(
        "state",
        filter.state.as_ref().map(crate::domain::ids::StateCode::as_str),
    );
    let number: u64 = if visit.file.is_some() {
        0
    } else {
        asked.page.parse().unwrap_or(1)
    };
    let rows = usize::try_from(total).unwrap_or(usize::MAX);
    let (range, pager) = Pager::cut(rows, usize::try_from(number).unwrap_or(1), &here);
    let (page, size) = match &pager {
        Some(_) => (u64::try_from(range.start).unwrap_or(0) / SIZE, SIZE),
        None => (0, MOST),
    };
    let entries = reminders::list(db, &filter, page, size).await?;
    let people: HashMap<UserId, String> = users::list(db)
        .await?
        .into_iter()
        .map(|user| (user.id, user.email.to_string()))
        .collect();
    let name = |id: &UserId| {
        people
            .get(id)
            .cloned()
            .unwrap_or_else(|| "an account that is gone".to_owned())
    };
    let rows = self::rows(&shelf.reference, &entries, name);
    let caption = format!(
        "{}, newest first",
        count(usize::try_from(total).unwrap_or(usize::MAX), "reminder", "reminders")
    );
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&caption, &rows));
    }
    let view = Ledger {
        answer: answer(db).await?,
        filters: filters(&asked, &here),
        caption,
        rows,
        empty: Empty {
            title: "No reminder fits these filters".to_owned(),
            text: "Reminders are planned when a followed deadline comes near.".to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new("Show all", links::ledger())),
        },
        downloads: files(&here),
        pager,
    };
    let mut page = visit.page("Ledger of reminders", Section::Reminders);
    page.crumbs = vec![Anchor::new("My reminders", links::reminders())];
    visit.show(&page, &view)
}

fn read(reference: &Reference, asked: &Asked) -> Result<LedgerFilter, Problem> {
    let status = match asked.status.as_str() {
        "" => None,
        word => Some(ReminderStatus::from_word(word).ok_or_else(|| {
            let all: Vec<&str> = ReminderStatus::ALL.iter().map(|status| status.word()).collect();
            lookup::no_choice("status of reminders", word, &all)
        })?),
    };
    let state = match asked.state.trim() {
        "" => None,
        text => Some(
            lookup::state(reference, text, |code| links::ledger().with("state", code.as_str()))?
                .iso3
                .clone(),
        ),
    };
    Ok(LedgerFilter {
        recipient: None,
        state,
        status,
    })
}

/// How many were sent, wait or were given up: what an administrator has to know first.
async fn answer(db: &Db) -> Result<String, StoreError> {
    let mut by = HashMap::new();
    for status in ReminderStatus::ALL {
        let filter = LedgerFilter {
            status: Some(*status),
            ..LedgerFilter::default()
        };
        by.insert(*status, reminders::count(db, &filter).await?);
    }
    let of = |wanted: &dyn Fn(ReminderStatus) -> bool| -> usize {
        let found = by
            .iter()
            .filter(|(status, _)| wanted(**status))
            .map(|(_, number)| *number);
        usize::try_from(found.sum::<u64>()).unwrap_or(usize::MAX)
    };
    let sent = of(&|status| status == ReminderStatus::Sent);
    let waiting = of(&|status| !status.is_settled());
    let dead = of(&|status| status == ReminderStatus::Dead);
    let verdict = match dead {
        0 => "none was given up".to_owned(),
        _ => format!("{} given up and should be looked at", count(dead, "was", "were")),
    };
    Ok(format!(
        "{} sent, {} on the way, {verdict}.",
        count(sent, "reminder was", "reminders were"),
        count(waiting, "is", "are")
    ))
}

fn filters(asked: &Asked, here: &Link) -> Filters {
    let mut status = vec![Choice::new("", "any")];
    status.extend(
        ReminderStatus::ALL
            .iter()
            .map(|one| Choice::new(one.word(), words(*one))),
    );
    Filters {
        label: "Filter the ledger".to_owned(),
        action: links::ledger(),
        fields: vec![
            Field::select("status", "Where it stands", status, &asked.status).filter(),
            Field::line("text", "state", "State, by name or code", &asked.state)
                .filter()
                .width("medium"),
        ],
        clear: (*here != links::ledger()).then(links::ledger),
    }
}

fn table(caption: &str, rows: &[LedgerRow]) -> Table {
    let columns = [
        "State",
        "Treaty",
        "Report",
        "Report due",
        "Reminder",
        "To",
        "Status",
        "What became of it",
        "History",
    ];
    let rows = rows.iter().map(|row| {
        let texts = [
            row.state.text.clone(),
            row.instrument.text.clone(),
            row.report.clone(),
            row.due.clone(),
            row.offset.clone(),
            row.recipient.clone(),
            row.status.word.clone(),
            row.note.clone(),
            row.history.join("; "),
        ];
        texts.map(Cell::from).into()
    });
    Table::new(caption, &columns, rows)
}

/// Rows of the ledger as they are shown; `name` says who the recipient is.
pub(super) fn rows(reference: &Reference, entries: &[LedgerEntry], name: impl Fn(&UserId) -> String) -> Vec<LedgerRow> {
    entries
        .iter()
        .map(|entry| row(reference, entry, name(&entry.key.recipient)))
        .collect()
}

fn row(reference: &Reference, entry: &LedgerEntry, recipient: String) -> LedgerRow {
    let key = &entry.key.deadline;
    let state = reference
        .state(&key.state)
        .map_or(key.state.as_str(), |state| state.name.en.as_str());
    LedgerRow {
        key: format!(
            "{state}, {}, {}, {}",
            key.instrument,
            key.report,
            offset(entry.key.offset)
        ),
        state: Anchor::new(state, links::state_deadlines(&key.state)),
        instrument: Anchor::new(key.instrument.as_str(), links::instrument(&key.instrument)),
        report: key.report.clone(),
        due: entry.due.to_string(),
        offset: offset(entry.key.offset),
        recipient,
        status: tag(entry.status),
        note: note(entry),
        history: history(entry),
    }
}

/// `30 days before`, `on the day`, `1 day after`.
pub(super) fn offset(days: i32) -> String {
    let number = usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX);
    match days {
        0 => "on the day".to_owned(),
        ..0 => format!("{} before", count(number, "day", "days")),
        _ => format!("{} after", count(number, "day", "days")),
    }
}

/// The words for where a reminder stands.
fn words(status: ReminderStatus) -> &'static str {
    match status {
        ReminderStatus::Planned => "planned",
        ReminderStatus::Claimed => "being sent",
        ReminderStatus::Retry => "to be tried again",
        ReminderStatus::Uncertain => "uncertain, sent once more",
        ReminderStatus::Sent => "sent",
        ReminderStatus::Dead => "given up",
        ReminderStatus::Cancelled => "cancelled",
        ReminderStatus::Superseded => "replaced by a nearer one",
    }
}

fn tag(status: ReminderStatus) -> Tag {
    let class = match status {
        ReminderStatus::Sent => "strong",
        ReminderStatus::Planned | ReminderStatus::Claimed | ReminderStatus::Retry | ReminderStatus::Uncertain => "soon",
        ReminderStatus::Dead => "late",
        ReminderStatus::Cancelled | ReminderStatus::Superseded => "quiet",
    };
    Tag {
        class,
        word: words(status).to_owned(),
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// The moment, the next try, or the reason.
fn note(entry: &LedgerEntry) -> String {
    let why = entry.why().unwrap_or_default();
    match (entry.status, entry.settled_at, entry.next_try_at) {
        (ReminderStatus::Sent, Some(at), _) => moment(at),
        (ReminderStatus::Planned, _, Some(at)) => format!("with the next pass after {}", moment(at)),
        (ReminderStatus::Retry, _, Some(at)) => format!("next try {}: {why}", moment(at)),
        _ => why,
    }
}

/// What happened to it, oldest first.
fn history(entry: &LedgerEntry) -> Vec<String> {
    let mut history = vec![format!("{}: planned", moment(entry.planned_at))];
    if entry.attempts > 0 {
        let tries = count(
            usize::try_from(entry.attempts).unwrap_or(usize::MAX),
            "attempt",
            "attempts",
        );
        history.push(format!("{tries} so far"));
    }
    if let Some(error) = &entry.last_error {
        history.push(format!("the last failed attempt met: {error}"));
    }
    if let Some(at) = entry.settled_at {
        let word = words(entry.status);
        match entry.status {
            ReminderStatus::Sent => history.push(format!("{}: taken by the mail server", moment(at))),
            _ => history.push(format!(
                "{}: {word}{}",
                moment(at),
                entry.why().map_or_else(String::new, |why| format!(", {why}"))
            )),
        }
    }
    history.push(format!("Message-ID {}", entry.message_id));
    history
}
