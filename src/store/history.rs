//! What the audit chain holds of one object, newest first, and what an import loaded of it.

mod imported;

pub use imported::{imported_of_evidence, imported_on_obligation, imported_on_state};

use super::entities::{audit_events as table, cause_findings, evidence_revisions, facts};
use super::{Db, StoreError, audit};
use crate::domain::audit::AuditEvent;
use crate::domain::ids::{InstrumentCode, ProvisionId, StateCode};
use crate::domain::summaries::IMPORT;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Whose timeline it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// One subject, as the events write it.
    One(String),
    /// Everything below that name: `MEX` is `MEX/…`.
    Below(String),
    /// The subject and everything below it.
    With(String),
}

impl About {
    /// A range of the index on subjects: `/` is followed by `0`. Subjects are compared byte by byte on both engines.
    fn condition(&self) -> Condition {
        let below = |name: &str| {
            Condition::all()
                .add(table::Column::Subject.gte(format!("{name}/")))
                .add(table::Column::Subject.lt(format!("{name}0")))
        };
        match self {
            Self::One(subject) => Condition::all().add(table::Column::Subject.eq(subject)),
            Self::Below(name) => below(name),
            Self::With(name) => Condition::any().add(table::Column::Subject.eq(name)).add(below(name)),
        }
    }
}

/// Which events are asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Whose.
    pub about: About,
    /// Only those before that place in the chain.
    pub before: Option<i64>,
    /// Only those before that moment.
    pub until: Option<DateTime<Utc>>,
    /// Only those of that actor.
    pub actor: Option<String>,
    /// Only that action.
    pub action: Option<String>,
    /// Only these actions, whatever else is asked.
    pub allowed: Option<&'a [&'a str]>,
    /// At most so many.
    pub most: u64,
}

impl Asked<'_> {
    /// All of them.
    #[must_use]
    pub fn about(about: About, most: u64) -> Self {
        Self {
            about,
            before: None,
            until: None,
            actor: None,
            action: None,
            allowed: None,
            most,
        }
    }
}

/// The events, newest first.
///
/// # Errors
/// When the database fails.
pub async fn events(db: &Db, asked: &Asked<'_>) -> Result<Vec<AuditEvent>, StoreError> {
    let mut query = table::Entity::find().filter(asked.about.condition());
    if let Some(until) = asked.until {
        query = query.filter(table::Column::At.lt(until));
    }
    if let Some(before) = asked.before {
        query = query.filter(table::Column::Seq.lt(before));
    }
    if let Some(actor) = &asked.actor {
        query = query.filter(table::Column::Actor.eq(actor));
    }
    if let Some(action) = &asked.action {
        query = query.filter(table::Column::Action.eq(action));
    }
    if let Some(allowed) = asked.allowed {
        query = query.filter(table::Column::Action.is_in(allowed.iter().copied()));
    }
    let rows = query
        .order_by_desc(table::Column::Seq)
        .limit(asked.most)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(audit::read).collect())
}

/// Events that a page of events is compared with: at most so many of the same subjects before it.
const EARLIER: u64 = 1_000;

/// What happened before to the same subjects, newest first.
///
/// # Errors
/// When the database fails.
pub async fn earlier(db: &Db, of: &[AuditEvent]) -> Result<Vec<AuditEvent>, StoreError> {
    let Some(last) = of.last() else {
        return Ok(Vec::new());
    };
    let mut subjects: Vec<&str> = of.iter().map(|event| event.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let rows = table::Entity::find()
        .filter(table::Column::Subject.is_in(subjects))
        .filter(table::Column::Seq.lt(last.seq))
        .order_by_desc(table::Column::Seq)
        .limit(EARLIER)
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().map(audit::read).collect())
}

/// One row that an import loaded.
type Loaded = (DateTime<Utc>, String, Value);

/// What imports loaded on participation in one instrument, as events: their rows are not named in the chain one by one.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn loaded_on_participation(
    db: &Db,
    state: &StateCode,
    instrument: &InstrumentCode,
) -> Result<Vec<AuditEvent>, StoreError> {
    macro_rules! rows {
        ($module:ident, $kind:literal) => {{
            let rows = facts::$module::Entity::find()
                .filter(facts::$module::Column::State.eq(state.as_str()))
                .filter(facts::$module::Column::Instrument.eq(instrument.as_str()))
                .filter(facts::$module::Column::RecordedBy.eq(IMPORT))
                .all(db.reader())
                .await?;
            rows.into_iter()
                .map(|row| Ok((row.recorded_at, $kind.to_owned(), serde_json::from_str(&row.document)?)))
                .collect::<Result<Vec<Loaded>, StoreError>>()?
        }};
    }
    let mut all = rows!(treaty_actions, "treaty_action");
    all.extend(rows!(reservations, "reservation"));
    all.extend(rows!(reports, "report"));
    as_events(db, &format!("{state}/{instrument}"), all).await
}

/// What imports loaded on the causes of one gap.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn loaded_on_obligation(
    db: &Db,
    state: &StateCode,
    provision: &ProvisionId,
) -> Result<Vec<AuditEvent>, StoreError> {
    let rows = cause_findings::Entity::find()
        .filter(cause_findings::Column::State.eq(state.as_str()))
        .filter(cause_findings::Column::Provision.eq(provision.as_str()))
        .filter(cause_findings::Column::RecordedBy.eq(IMPORT))
        .all(db.reader())
        .await?;
    let all: Result<Vec<Loaded>, StoreError> = rows
        .into_iter()
        .map(|row| {
            Ok((
                row.recorded_at,
                "finding".to_owned(),
                serde_json::from_str(&row.document)?,
            ))
        })
        .collect();
    as_events(db, &format!("{state}/{provision}"), all?).await
}

/// When imports loaded revisions of one item.
///
/// # Errors
/// When the database fails.
pub async fn loaded_of_evidence(
    db: &Db,
    subject: &str,
    revisions: &[crate::domain::summaries::StoredEvidence],
) -> Result<Vec<AuditEvent>, StoreError> {
    let loaded = revisions.iter().filter(|one| one.recorded_by == IMPORT);
    let all = loaded.map(|one| (one.recorded_at, "revision".to_owned(), json!(one.revision)));
    as_events(db, subject, all.collect()).await
}

/// How much imports loaded on one state.
///
/// # Errors
/// When the database fails.
pub async fn loaded_on_state(db: &Db, state: &StateCode) -> Result<Vec<AuditEvent>, StoreError> {
    let mut all: BTreeMap<DateTime<Utc>, serde_json::Map<String, Value>> = BTreeMap::new();
    macro_rules! count {
        ($($table:ident)::+, $words:literal) => {{
            let rows: Vec<(DateTime<Utc>, i64)> = $($table)::+::Entity::find()
                .select_only()
                .column($($table)::+::Column::RecordedAt)
                .column_as($($table)::+::Column::State.count(), "rows")
                .filter($($table)::+::Column::State.eq(state.as_str()))
                .filter($($table)::+::Column::RecordedBy.eq(IMPORT))
                .group_by($($table)::+::Column::RecordedAt)
                .into_tuple()
                .all(db.reader())
                .await?;
            for (at, rows) in rows {
                all.entry(at).or_default().insert($words.to_owned(), json!(rows));
            }
        }};
    }
    count!(facts::treaty_actions, "treaty actions");
    count!(facts::reservations, "reservations and declarations");
    count!(facts::reports, "reports");
    count!(evidence_revisions, "pieces of evidence");
    count!(cause_findings, "causes of gaps");
    let moments = import_events(db).await?;
    let event = |(at, counts): (DateTime<Utc>, _)| event(&moments, state.as_str(), at, Value::Object(counts));
    Ok(all.into_iter().map(event).collect())
}

/// The imports in the chain, by their moment.
async fn import_events(db: &Db) -> Result<BTreeMap<DateTime<Utc>, i64>, StoreError> {
    let rows: Vec<(DateTime<Utc>, i64)> = table::Entity::find()
        .select_only()
        .columns([table::Column::At, table::Column::Seq])
        .filter(table::Column::Subject.eq("package"))
        .filter(table::Column::Action.eq(IMPORT))
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(rows.into_iter().collect())
}

async fn as_events(db: &Db, subject: &str, loaded: Vec<Loaded>) -> Result<Vec<AuditEvent>, StoreError> {
    if loaded.is_empty() {
        return Ok(Vec::new());
    }
    let moments = import_events(db).await?;
    let as_event = |(at, kind, body): Loaded| event(&moments, subject, at, json!({ kind: body }));
    let mut events: Vec<AuditEvent> = loaded.into_iter().map(as_event).collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.seq));
    Ok(events)
}

/// An event that stands for rows of an import.
fn event(moments: &BTreeMap<DateTime<Utc>, i64>, subject: &str, at: DateTime<Utc>, detail: Value) -> AuditEvent {
    AuditEvent {
        seq: moments.get(&at).copied().unwrap_or(0),
        at,
        actor: IMPORT.to_owned(),
        action: IMPORT.to_owned(),
        subject: subject.to_owned(),
        reason: None,
        detail: detail.to_string(),
    }
}
