//! The audit chain: written in the transaction of the change it tells of.

use super::entities::audit_events as table;
use super::{Db, StoreError, Tx};
use crate::domain::audit::{AuditEvent, FIRST};
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryOrder, QuerySelect, Set};

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
    let event = AuditEvent {
        seq: seq + 1,
        at: entry.at,
        actor: entry.actor.to_owned(),
        action: entry.action.to_owned(),
        subject: entry.subject.to_owned(),
        reason: entry.reason.map(str::to_owned),
        detail: entry.detail.to_string(),
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

/// Walks the whole chain. `Ok(n)`: all `n` events are as they were written.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &Db) -> Result<Result<u64, String>, StoreError> {
    let mut events = table::Entity::find()
        .order_by_asc(table::Column::Seq)
        .stream(db.reader())
        .await?;
    let (mut previous, mut count) = (FIRST.to_owned(), 0u64);
    while let Some(row) = events.try_next().await? {
        count += 1;
        let event = AuditEvent {
            seq: row.seq,
            at: row.at,
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            reason: row.reason,
            detail: row.detail,
        };
        if row.previous_hash != previous || event.hash(&previous) != row.hash || u64::try_from(row.seq) != Ok(count) {
            return Ok(Err(format!(
                "event {} ({} on {}) is not as it was written",
                row.seq, event.action, event.subject
            )));
        }
        previous = row.hash;
    }
    Ok(Ok(count))
}
