//! Seals: the digest of every row that matters, as it was written, bound to the audit event that tells of it. Whoever
//! changes, adds or removes such a row behind the program's back is found, and the row is named.
//!
//! Rows are read back from the database before they are sealed, so that what is compared later is what was stored.

use super::entities::{
    api_tokens, assessments, cause_findings, coding_coders, coding_rounds, codings, comments, evidence_reviews,
    evidence_revisions, facts, figure_snapshots, figures, files, proposals, recommendation_revisions, reference,
    seals as table, studies, study_cases, study_coders, study_codes, study_settlements, users,
};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, audit};
use crate::domain::audit::{digest, sealed};
use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::TryStreamExt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A row and the digest of what it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) struct Seal {
    /// The table.
    pub(in crate::store) room: &'static str,
    /// Its key as text.
    pub(in crate::store) key: String,
    /// SHA-256 over its columns.
    pub(in crate::store) digest: String,
}

/// A table whose rows are sealed.
pub(in crate::store) trait Sealed: EntityTrait {
    /// The table's name.
    const ROOM: &'static str;
    /// The key of a row as text.
    fn key(row: &Self::Model) -> String;
    /// Every column that must not change unseen, as text.
    fn parts(row: &Self::Model) -> Vec<String>;
    /// In the order of the key.
    fn in_order(query: Select<Self>) -> Select<Self>;
    /// The rows after that one.
    fn after(row: &Self::Model) -> Condition;
}

/// A column as text that cannot be mistaken for another value.
trait Part {
    fn part(&self) -> String;
}
impl Part for String {
    fn part(&self) -> String {
        self.clone()
    }
}
impl Part for Uuid {
    fn part(&self) -> String {
        self.to_string()
    }
}
impl Part for i32 {
    fn part(&self) -> String {
        self.to_string()
    }
}
impl Part for i64 {
    fn part(&self) -> String {
        self.to_string()
    }
}
impl Part for bool {
    fn part(&self) -> String {
        self.to_string()
    }
}
impl Part for DateTime<Utc> {
    fn part(&self) -> String {
        self.to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}
impl<T: Part> Part for Option<T> {
    fn part(&self) -> String {
        self.as_ref()
            .map_or_else(|| "-".to_owned(), |value| format!("+{}", value.part()))
    }
}

macro_rules! sealed {
    (@after $row:ident, $key:ident: $column:ident) => {
        Condition::all().add(t::Column::$column.gt($row.$key.clone()))
    };
    (@after $row:ident, $key:ident: $column:ident, $second:ident: $next:ident) => {
        Condition::any()
            .add(t::Column::$column.gt($row.$key.clone()))
            .add(t::Column::$column.eq($row.$key.clone()).and(t::Column::$next.gt($row.$second.clone())))
    };
    ($($($module:ident)::+, $room:literal, ($($key:ident: $column:ident),+), [$($field:ident),+];)+) => {$(
        const _: () = {
            use $($module)::+ as t;
            impl Sealed for t::Entity {
                const ROOM: &'static str = $room;
                fn key(row: &t::Model) -> String {
                    [$(row.$key.part()),+].join("/")
                }
                fn parts(row: &t::Model) -> Vec<String> {
                    vec![$(row.$field.part()),+]
                }
                fn in_order(query: Select<Self>) -> Select<Self> {
                    query$(.order_by_asc(t::Column::$column))+
                }
                fn after(row: &t::Model) -> Condition {
                    sealed!(@after row, $($key: $column),+)
                }
            }
        };
    )+

    /// Compares every sealed row with its latest seal: how many are as they were written, and those that are not, named.
    pub(in crate::store) async fn verify(db: &Db) -> Result<(u64, Vec<Found>), StoreError> {
        let (mut count, mut found) = (0, Vec::new());
        $(count += compare::<$($module)::+::Entity>(db, &mut found).await?;)+
        Ok((count, found))
    }

    /// Whether a table has rows and no seal at all: it was written by a version that did not seal it.
    async fn some_unsealed(db: &Db) -> Result<bool, StoreError> {
        Ok(false $(|| is_unsealed::<$($module)::+::Entity>(db.reader()).await?)+)
    }

    /// Seals every row of such tables.
    async fn adopt_unsealed(tx: &Tx) -> Result<(), StoreError> {
        $(adopt_all::<$($module)::+::Entity>(tx).await?;)+
        Ok(())
    }
    };
}

sealed! {
    reference::states, "states", (code: Code), [code, position, document];
    reference::themes, "themes", (code: Code), [code, position, document];
    reference::instruments, "instruments", (code: Code), [code, position, document];
    facts::treaty_actions, "treaty_actions", (id: Id), [natural_key, state, instrument, document, recorded_by, recorded_at, superseded_at];
    facts::reservations, "reservations", (id: Id), [natural_key, state, instrument, document, recorded_by, recorded_at, superseded_at];
    facts::reports, "reports", (id: Id), [natural_key, state, instrument, document, recorded_by, recorded_at, superseded_at];
    evidence_revisions, "evidence_revisions", (evidence: Evidence, revision: Revision), [state, document, recorded_by, recorded_at, status, accepted_at, replaced_at];
    evidence_reviews, "evidence_reviews", (id: Id), [evidence, revision, step, by, at, remark];
    assessments, "assessments", (id: Id), [state, provision, document, recorded_by, recorded_at, superseded_at];
    cause_findings, "cause_findings", (id: Id), [natural_key, state, provision, document, recorded_by, recorded_at, superseded_at];
    figure_snapshots, "figure_snapshots", (id: Id), [series, number, name, source, fetched_at, last_updated, sha256, figures, note, recorded_by];
    figures, "figures", (id: Id), [series, state, year, value, snapshot, recorded_at, superseded_at];
    files, "files", (sha256: Sha256), [sha256, name, content_type, size, uploaded_by, uploaded_at];
    coding_rounds, "coding_rounds", (id: Id), [state, provision, opened_by, opened_at, status, grades, completed_at, settled_at, assessment, reason];
    coding_coders, "coding_coders", (round: Round, coder: Coder), [handed_in_at];
    codings, "codings", (id: Id), [round, coder, document, coded_at, superseded_at];
    studies, "studies", (id: Id), [title, question, sample, drawn_from, seed, cases, engine, opened_by, opened_at, status, closed_at, reason];
    study_cases, "study_cases", (study: Study, number: Number), [document];
    study_coders, "study_coders", (study: Study, coder: Coder), [finished_at];
    study_codes, "study_codes", (id: Id), [study, number, coder, document, coded_at, superseded_at];
    study_settlements, "study_settlements", (id: Id), [study, number, document, settled_at, superseded_at];
    proposals, "proposals", (id: Id), [fingerprint, instrument, state, status, document, found_by, found_at, decided_by, decided_at, reason];
    comments, "comments", (id: Id), [subject, state, text, by, at, assigned_to, resolved_by, resolved_at];
    recommendation_revisions, "recommendation_revisions", (recommendation: Recommendation, revision: Revision), [state, document, recorded_by, recorded_at, replaced_at];
    users, "accounts", (id: Id), [email, name, role, state, active, password_hash];
    api_tokens, "api_tokens", (token_hash: TokenHash), [user, name, created_at, revoked_at];
}

fn seal_of<E: Sealed>(row: &E::Model) -> Seal {
    Seal {
        room: E::ROOM,
        key: E::key(row),
        digest: digest(&sealed(&E::parts(row))),
    }
}

/// Seals the rows that this transaction wrote or changed, as they now stand. The audit event that ends the action binds
/// them.
pub(in crate::store) async fn add<E: Sealed>(tx: &Tx, written: impl Into<Condition>) -> Result<(), StoreError> {
    let rows = E::find().filter(written.into()).all(tx.writer()).await?;
    tx.note_seals(rows.iter().map(seal_of::<E>));
    Ok(())
}

/// Writes what was sealed in this transaction under that event. Returns how many rows, and the digest over all of them.
pub(in crate::store) async fn bind(tx: &Tx, seq: i64, seals: Vec<Seal>) -> Result<(usize, String), StoreError> {
    let latest: BTreeMap<(&'static str, String), String> = seals
        .into_iter()
        .map(|seal| ((seal.room, seal.key), seal.digest))
        .collect();
    let mut whole = Whole::default();
    let mut rows = Vec::with_capacity(latest.len());
    for ((room, key), digest) in latest {
        whole.add(room, &key, &digest);
        rows.push(table::ActiveModel {
            room: Set(room.to_owned()),
            row_key: Set(key),
            seq: Set(seq),
            digest: Set(digest),
        });
    }
    let count = rows.len();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK * 4));
        table::Entity::insert_many(std::mem::replace(&mut rows, rest))
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok((count, whole.finish()))
}

/// The digest over all seals of one event, in the order of room and key.
#[derive(Debug, Default)]
struct Whole(Vec<String>);

impl Whole {
    fn add(&mut self, room: &str, key: &str, digest: &str) {
        self.0
            .push(sealed(&[room.to_owned(), key.to_owned(), digest.to_owned()]));
    }

    fn finish(mut self) -> String {
        // The database may sort by other rules than we do.
        self.0.sort_unstable();
        digest(&sealed(&self.0))
    }
}

/// The digest over the seals of each event from `first` to `last`, as they stand now. An import may have sealed a hundred
/// thousand rows: no more than one event's are held at once.
pub(in crate::store) async fn of_events(db: &Db, first: i64, last: i64) -> Result<HashMap<i64, String>, StoreError> {
    let mut rows = table::Entity::find()
        .filter(table::Column::Seq.between(first, last))
        .order_by_asc(table::Column::Seq)
        .stream(db.reader())
        .await?;
    let (mut digests, mut whole, mut of) = (HashMap::new(), Whole::default(), None);
    while let Some(row) = rows.try_next().await? {
        if let Some(before) = of.replace(row.seq).filter(|before| *before != row.seq) {
            digests.insert(before, std::mem::take(&mut whole).finish());
        }
        whole.add(&row.room, &row.row_key, &row.digest);
    }
    if let Some(end) = of {
        digests.insert(end, whole.finish());
    }
    Ok(digests)
}

/// The last event that sealed a row, where the chain ends before it.
pub(in crate::store) async fn beyond(db: &Db, last: u64) -> Result<Option<Found>, StoreError> {
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    let later = table::Entity::find().filter(table::Column::Seq.gt(last));
    let row = later.order_by_asc(table::Column::Seq).limit(1).one(db.reader()).await?;
    Ok(row.map(|row| Found::tail(row.seq)))
}

/// A row that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Found {
    /// `changed`, `added`, `removed`, or `event` for one of the chain itself.
    pub what: &'static str,
    /// The table.
    pub room: String,
    /// The key of the row, or the number of the event.
    pub key: String,
    /// The event that wrote the row last; none tells of one that was added.
    pub seq: Option<i64>,
    /// The same as a sentence.
    pub sentence: String,
}

impl Found {
    /// An item of evidence that does not say what its revisions say.
    pub(in crate::store) fn beside(key: &str, column: &str) -> Self {
        Self {
            what: "changed",
            room: "evidence".to_owned(),
            key: key.to_owned(),
            seq: None,
            sentence: format!(
                "the row {key} of evidence does not say what its revisions say ({column}): it was changed behind the program's back"
            ),
        }
    }

    /// Rows that an event sealed which is gone.
    fn tail(seq: i64) -> Self {
        Self {
            what: "event",
            room: "audit_events".to_owned(),
            key: seq.to_string(),
            seq: Some(seq),
            sentence: format!("event {seq} is gone: rows that it sealed are still there"),
        }
    }

    fn row(what: &'static str, room: &str, key: &str, seq: Option<i64>) -> Self {
        let sentence = match (what, seq) {
            ("changed", Some(seq)) => {
                format!(
                    "the row {key} of {room} is not as event {seq} wrote it: it was changed behind the program's back"
                )
            }
            ("removed", _) => format!("the row {key} of {room} is gone: it was removed behind the program's back"),
            _ => format!("the row {key} of {room} was not written by this program: no event tells of it"),
        };
        Self {
            what,
            room: room.to_owned(),
            key: key.to_owned(),
            seq,
            sentence,
        }
    }
}

/// Rows that are compared at a time.
const PAGE: u64 = 1_000;

/// So many rows are named; where more are wrong, a backup is the better answer.
pub(in crate::store) const MOST: usize = 100;

async fn compare<E: Sealed>(db: &Db, found: &mut Vec<Found>) -> Result<u64, StoreError> {
    let (mut right, mut present, mut added) = (0, 0, 0);
    let mut last: Option<E::Model> = None;
    while let Some(rows) = page::<E>(db, last.as_ref()).await? {
        let seals = latest(db, E::ROOM, rows.iter().map(E::key)).await?;
        for row in &rows {
            let seal = seal_of::<E>(row);
            present += 1;
            let wrong = match seals.get(&seal.key) {
                Some((digest, _)) if *digest == seal.digest => {
                    right += 1;
                    continue;
                }
                Some((_, seq)) => Found::row("changed", seal.room, &seal.key, Some(*seq)),
                None => {
                    added += 1;
                    Found::row("added", seal.room, &seal.key, None)
                }
            };
            if found.len() < MOST {
                found.push(wrong);
            }
        }
        last = rows.into_iter().next_back();
    }
    removed::<E>(db, present - added, found).await?;
    Ok(right)
}

/// The rows after that one; none at the end.
async fn page<E: Sealed>(db: &Db, last: Option<&E::Model>) -> Result<Option<Vec<E::Model>>, StoreError> {
    let query = match last {
        Some(row) => E::find().filter(E::after(row)),
        None => E::find(),
    };
    let rows = E::in_order(query).limit(PAGE).all(db.reader()).await?;
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}

/// The latest seal of each of those rows, with the number of its event.
async fn latest(
    db: &Db,
    room: &str,
    keys: impl Iterator<Item = String>,
) -> Result<HashMap<String, (String, i64)>, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::Room.eq(room))
        .filter(table::Column::RowKey.is_in(keys))
        .order_by_asc(table::Column::Seq)
        .all(db.reader())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.row_key, (row.digest, row.seq)))
        .collect())
}

/// Names the rows that were sealed and are gone.
async fn removed<E: Sealed>(db: &Db, present: u64, found: &mut Vec<Found>) -> Result<(), StoreError> {
    let known = table::Entity::find()
        .filter(table::Column::Room.eq(E::ROOM))
        .select_only()
        .column(table::Column::RowKey)
        .distinct();
    if known.clone().count(db.reader()).await? == present {
        return Ok(());
    }
    // Only when something is missing are all keys held at once.
    let (mut held, mut last): (HashSet<String>, Option<E::Model>) = (HashSet::new(), None);
    while let Some(rows) = page::<E>(db, last.as_ref()).await? {
        held.extend(rows.iter().map(E::key));
        last = rows.into_iter().next_back();
    }
    let mut after = String::new();
    loop {
        let next = known
            .clone()
            .filter(table::Column::RowKey.gt(after.as_str()))
            .order_by_asc(table::Column::RowKey)
            .limit(PAGE);
        let keys: Vec<String> = next.into_tuple().all(db.reader()).await?;
        let Some(end) = keys.last().cloned() else {
            return Ok(());
        };
        let gone: Vec<&String> = keys.iter().filter(|key| !held.contains(*key)).collect();
        let room = MOST.saturating_sub(found.len());
        let sealed = latest(db, E::ROOM, gone.iter().take(room).map(|key| (*key).clone())).await?;
        found.extend(gone.into_iter().take(room).map(|key| {
            let seq = sealed.get(key).map(|(_, seq)| *seq);
            Found::row("removed", E::ROOM, key, seq)
        }));
        after = end;
    }
}

/// The events that wrote one row, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn events_of(db: &Db, room: &str, key: &str) -> Result<Vec<i64>, StoreError> {
    let rows = table::Entity::find()
        .filter(table::Column::Room.eq(room))
        .filter(table::Column::RowKey.eq(key))
        .order_by_asc(table::Column::Seq)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(|row| row.seq).collect())
}

/// Seals what a version wrote that did not seal those tables: once, when the chain has events and a table has rows and no seal.
///
/// # Errors
/// When the database fails.
pub async fn adopt(db: &Db, now: DateTime<Utc>) -> Result<(), StoreError> {
    let is_new = audit::count(db).await? == 0;
    if is_new || !some_unsealed(db).await? {
        return Ok(());
    }
    let tx = db.begin().await?;
    adopt_unsealed(&tx).await?;
    let entry = audit::Entry {
        at: now,
        actor: "servanda",
        action: "seals.adopt",
        subject: "database",
        reason: Some("rows of tables that were not sealed before are sealed as they are"),
        detail: serde_json::json!({}),
    };
    audit::append(&tx, entry).await?;
    tx.commit().await
}

async fn is_unsealed<E: Sealed>(connection: &impl ConnectionTrait) -> Result<bool, StoreError> {
    let seal = table::Entity::find().filter(table::Column::Room.eq(E::ROOM)).limit(1);
    if seal.one(connection).await?.is_some() {
        return Ok(false);
    }
    Ok(E::find().limit(1).one(connection).await?.is_some())
}

async fn adopt_all<E: Sealed>(tx: &Tx) -> Result<(), StoreError> {
    if !is_unsealed::<E>(tx.writer()).await? {
        return Ok(());
    }
    let mut last: Option<E::Model> = None;
    loop {
        let query = match &last {
            Some(row) => E::find().filter(E::after(row)),
            None => E::find(),
        };
        let rows = E::in_order(query).limit(PAGE).all(tx.writer()).await?;
        tx.note_seals(rows.iter().map(seal_of::<E>));
        match rows.into_iter().next_back() {
            Some(row) => last = Some(row),
            None => return Ok(()),
        }
    }
}
