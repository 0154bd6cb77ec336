//! The audit chain: written in the transaction of the change it tells of.

use super::entities::audit_events as table;
use super::seals::Found;
use super::{Db, StoreError, Tx, derived, seals};
use crate::domain::audit::{AuditEvent, FIRST};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::{Value, json};

/// The number of the advisory lock that serialises additions to the chain on PostgreSQL.
const CHAIN_LOCK: i64 = 7_365_727_661;

/// What an action has to say of itself.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: &'a str,
    /// What, such as `evidence.add`.
    pub action: &'a str,
    /// On what.
    pub subject: &'a str,
    /// Why, where a person decides.
    pub reason: Option<&'a str>,
    /// The details. Never a protected source, never a password.
    pub detail: serde_json::Value,
}

/// Adds one event to the chain, inside the transaction of the change.
///
/// # Errors
/// When the database fails.
pub async fn append(tx: &Tx, entry: Entry<'_>) -> Result<(), StoreError> {
    if tx.writer().get_database_backend() == DatabaseBackend::Postgres {
        // SQLite has one writer at a time; PostgreSQL must be told that the chain has one end.
        tx.writer()
            .execute_unprepared(&format!("SELECT pg_advisory_xact_lock({CHAIN_LOCK})"))
            .await?;
    }
    let last = table::Entity::find()
        .order_by_desc(table::Column::Seq)
        .limit(1)
        .one(tx.writer())
        .await?;
    let (seq, previous) = last.map_or((0, FIRST.to_owned()), |event| (event.seq, event.hash));
    let detail = bind(tx, seq + 1, entry.detail).await?;
    let event = AuditEvent {
        seq: seq + 1,
        at: entry.at,
        actor: entry.actor.to_owned(),
        action: entry.action.to_owned(),
        subject: entry.subject.to_owned(),
        reason: entry.reason.map(str::to_owned),
        detail,
    };
    let hash = event.hash(&previous);
    table::ActiveModel {
        seq: Set(event.seq),
        at: Set(event.at),
        actor: Set(event.actor),
        action: Set(event.action),
        subject: Set(event.subject),
        reason: Set(event.reason),
        detail: Set(event.detail),
        previous_hash: Set(previous),
        hash: Set(hash),
    }
    .insert(tx.writer())
    .await?;
    Ok(())
}

/// The details with the digest of the rows that were written: who changes a row must change the chain, too.
async fn bind(tx: &Tx, seq: i64, detail: Value) -> Result<String, StoreError> {
    let written = tx.take_seals();
    if written.is_empty() {
        return Ok(detail.to_string());
    }
    let (rows, digest) = seals::bind(tx, seq, written).await?;
    let mut detail = match detail {
        Value::Object(fields) => fields,
        Value::Null => serde_json::Map::new(),
        other => serde_json::Map::from_iter([("detail".to_owned(), other)]),
    };
    detail.insert(SEALED.to_owned(), json!({ "rows": rows, "digest": digest }));
    Ok(Value::Object(detail).to_string())
}

/// The field of the details that binds the rows.
const SEALED: &str = "sealed";

/// How many events there are.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &Db) -> Result<u64, StoreError> {
    Ok(table::Entity::find().count(db.reader()).await?)
}

/// What was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Events of the chain.
    pub events: u64,
    /// Rows that are as those events wrote them.
    pub rows: u64,
}

impl std::fmt::Display for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} audit events, chain unbroken; {} rows as they were written",
            self.events, self.rows
        )
    }
}

/// What is not as it was written, the first first.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Tampering(pub Vec<Found>);

impl std::fmt::Display for Tampering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sentences: Vec<&str> = self.0.iter().map(|one| one.sentence.as_str()).collect();
        f.write_str(&sentences.join("; "))
    }
}

/// Walks the whole chain, then compares every sealed row with what the chain says of it. The inner error names what is not
/// as it was written.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &Db) -> Result<Result<Verified, String>, StoreError> {
    Ok(inspect(db).await?.map_err(|tampering| tampering.to_string()))
}

/// As [`verify`], with everything that was found: a broken chain is told alone, for then nothing after it is sure.
///
/// # Errors
/// When the database fails.
pub async fn inspect(db: &Db) -> Result<Result<Verified, Tampering>, StoreError> {
    let events = match chain(db).await? {
        Ok(events) => events,
        Err(found) => return Ok(Err(Tampering(vec![found]))),
    };
    if let Some(gone) = seals::beyond(db, events).await? {
        return Ok(Err(Tampering(vec![gone])));
    }
    let (rows, mut found) = seals::verify(db).await?;
    derived::verify(db, &mut found).await?;
    Ok(if found.is_empty() {
        Ok(Verified { events, rows })
    } else {
        Err(Tampering(found))
    })
}

/// The events of those numbers, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_numbers(db: &Db, numbers: &[i64]) -> Result<Vec<AuditEvent>, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::Seq.is_in(numbers.iter().copied()))
        .order_by_asc(table::Column::Seq)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Events that are read at a time.
const PAGE: u64 = 1_000;

async fn chain(db: &Db) -> Result<Result<u64, Found>, StoreError> {
    let (mut previous, mut count) = (FIRST.to_owned(), 0u64);
    loop {
        let after = i64::try_from(count).unwrap_or(i64::MAX);
        let page = table::Entity::find()
            .filter(table::Column::Seq.gt(after))
            .order_by_asc(table::Column::Seq)
            .limit(PAGE)
            .all(db.reader())
            .await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return Ok(Ok(count));
        };
        let bound = seals::of_events(db, first.seq, last.seq).await?;
        for row in page {
            count += 1;
            let (seq, before, hash) = (row.seq, row.previous_hash.clone(), row.hash.clone());
            let event = read(row);
            let name = format!("event {seq} ({} on {})", event.action, event.subject);
            if before != previous || event.hash(&previous) != hash || u64::try_from(seq) != Ok(count) {
                return Ok(Err(broken(seq, format!("{name} is not as it was written"))));
            }
            if !binds(&event, bound.get(&seq))? {
                let sentence = format!("the seals of {name} are not as they were written");
                return Ok(Err(broken(seq, sentence)));
            }
            previous = hash;
        }
    }
}

fn broken(seq: i64, sentence: String) -> Found {
    Found {
        what: "event",
        room: "audit_events".to_owned(),
        key: seq.to_string(),
        seq: Some(seq),
        sentence,
    }
}

/// The event in a row.
pub(in crate::store) fn read(row: table::Model) -> AuditEvent {
    AuditEvent {
        seq: row.seq,
        at: row.at,
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        reason: row.reason,
        detail: row.detail,
    }
}

/// Whether the seals that hang on the event are those it names.
fn binds(event: &AuditEvent, bound: Option<&String>) -> Result<bool, StoreError> {
    let said = if event.detail.contains("\"sealed\"") {
        let detail: Value = serde_json::from_str(&event.detail)?;
        let digest = detail.get(SEALED).and_then(|sealed| sealed.get("digest"));
        digest.and_then(Value::as_str).map(str::to_owned)
    } else {
        None
    };
    Ok(said.as_ref() == bound)
}
