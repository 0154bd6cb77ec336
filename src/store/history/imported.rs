//! What files that people handed in wrote of one object. The event of such a transaction names its import, not the rows:
//! the seals bind the rows to it.

use super::table;
use crate::domain::audit::AuditEvent;
use crate::domain::history::{IMPORTED_EVIDENCE, IMPORTED_GRADE, IMPORTED_ROWS};
use crate::domain::ids::{ProvisionId, StateCode};
use crate::domain::summaries::StoredEvidence;
use crate::store::entities::{assessments, evidence_revisions, imports, recommendation_revisions, seals};
use crate::store::{Db, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The action of a transaction that wrote rows of an import.
const APPLIED: &str = "bulk.apply";

/// Every such transaction.
fn applied() -> Condition {
    Condition::all()
        .add(table::Column::Subject.gte("imports/"))
        .add(table::Column::Subject.lt("imports0"))
        .add(table::Column::Action.eq(APPLIED))
}

/// One such transaction.
struct Chunk {
    seq: i64,
    at: DateTime<Utc>,
    who: String,
    file: Option<String>,
}

impl Chunk {
    /// As an event about one object.
    fn event(&self, action: &str, subject: &str, mut detail: Map<String, Value>) -> AuditEvent {
        if let Some(file) = &self.file {
            detail.insert("import_file".to_owned(), json!(file));
        }
        AuditEvent {
            seq: self.seq,
            at: self.at,
            actor: self.who.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            reason: None,
            detail: Value::Object(detail).to_string(),
        }
    }

    fn wrote(&self, at: DateTime<Utc>, who: &str) -> bool {
        self.at == at && self.who == who
    }
}

async fn chunks(db: &Db, which: Condition) -> Result<Vec<Chunk>, StoreError> {
    let events = table::Entity::find()
        .filter(applied())
        .filter(which)
        .all(db.reader())
        .await?;
    let import = |event: &table::Model| event.subject.strip_prefix("imports/")?.parse::<Uuid>().ok();
    let names: Vec<(Uuid, String)> = imports::Entity::find()
        .select_only()
        .columns([imports::Column::Id, imports::Column::FileName])
        .filter(imports::Column::Id.is_in(events.iter().filter_map(import)))
        .into_tuple()
        .all(db.reader())
        .await?;
    let names: HashMap<Uuid, String> = names.into_iter().collect();
    let chunk = |event: table::Model| Chunk {
        file: import(&event).and_then(|id| names.get(&id).cloned()),
        seq: event.seq,
        at: event.at,
        who: event.actor,
    };
    Ok(events.into_iter().map(chunk).collect())
}

/// The transactions of imports that sealed one of those rows.
async fn sealing(db: &Db, room: &str, keys: Vec<String>) -> Result<Vec<Chunk>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sealed: SelectStatement = Query::select()
        .column(seals::Column::Seq)
        .from(seals::Entity)
        .cond_where(seals::Column::Room.eq(room))
        .cond_where(seals::Column::RowKey.is_in(keys))
        .to_owned();
    chunks(db, Condition::all().add(table::Column::Seq.in_subquery(sealed))).await
}

/// The revisions of one item that came with a file.
///
/// # Errors
/// When the database fails.
pub async fn imported_of_evidence(
    db: &Db,
    subject: &str,
    revisions: &[StoredEvidence],
) -> Result<Vec<AuditEvent>, StoreError> {
    let key = |one: &StoredEvidence| format!("{}/{}", one.id, one.revision);
    let chunks = sealing(db, "evidence_revisions", revisions.iter().map(key).collect()).await?;
    let events = revisions.iter().filter_map(|one| {
        let chunk = chunks
            .iter()
            .find(|chunk| chunk.wrote(one.recorded_at, &one.recorded_by))?;
        let detail = Map::from_iter([("revision".to_owned(), json!(one.revision))]);
        Some(chunk.event(IMPORTED_EVIDENCE, subject, detail))
    });
    Ok(events.collect())
}

/// The grades of one obligation that came with a file.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn imported_on_obligation(
    db: &Db,
    state: &StateCode,
    provision: &ProvisionId,
) -> Result<Vec<AuditEvent>, StoreError> {
    let rows = assessments::Entity::find()
        .filter(assessments::Column::State.eq(state.as_str()))
        .filter(assessments::Column::Provision.eq(provision.as_str()))
        .all(db.reader())
        .await?;
    let keys = rows.iter().map(|row| row.id.to_string()).collect();
    let chunks = sealing(db, "assessments", keys).await?;
    let mut events = Vec::new();
    for row in &rows {
        let Some(chunk) = chunks
            .iter()
            .find(|chunk| chunk.wrote(row.recorded_at, &row.recorded_by))
        else {
            continue;
        };
        let body: Value = serde_json::from_str(&row.document)?;
        let detail = Map::from_iter([("assessment".to_owned(), body)]);
        events.push(chunk.event(IMPORTED_GRADE, &format!("{state}/{provision}"), detail));
    }
    Ok(events)
}

/// Who wrote rows, when, and how many.
type Written = (DateTime<Utc>, String, i64);

/// How much files brought on one state; on evidence that waits for review only where `evidence` is asked for.
///
/// # Errors
/// When the database fails.
pub async fn imported_on_state(db: &Db, state: &StateCode, evidence: bool) -> Result<Vec<AuditEvent>, StoreError> {
    let moments = || -> SelectStatement {
        Query::select()
            .column(table::Column::At)
            .from(table::Entity)
            .cond_where(applied())
            .to_owned()
    };
    let mut all: BTreeMap<(DateTime<Utc>, String), Map<String, Value>> = BTreeMap::new();
    macro_rules! count {
        ($table:ident, $words:literal) => {{
            let rows: Vec<Written> = $table::Entity::find()
                .select_only()
                .column($table::Column::RecordedAt)
                .column($table::Column::RecordedBy)
                .column_as($table::Column::State.count(), "rows")
                .filter($table::Column::State.eq(state.as_str()))
                .filter($table::Column::RecordedAt.in_subquery(moments()))
                .group_by($table::Column::RecordedAt)
                .group_by($table::Column::RecordedBy)
                .into_tuple()
                .all(db.reader())
                .await?;
            for (at, who, rows) in rows {
                all.entry((at, who)).or_default().insert($words.to_owned(), json!(rows));
            }
        }};
    }
    if evidence {
        count!(evidence_revisions, "pieces of evidence");
    }
    count!(assessments, "grades");
    count!(recommendation_revisions, "recommendations");
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let at: Vec<DateTime<Utc>> = all.keys().map(|(at, _)| *at).collect();
    let chunks = chunks(db, Condition::all().add(table::Column::At.is_in(at))).await?;
    let events = all.into_iter().filter_map(|((at, who), counts)| {
        let chunk = chunks.iter().find(|chunk| chunk.wrote(at, &who))?;
        Some(chunk.event(IMPORTED_ROWS, state.as_str(), counts))
    });
    Ok(events.collect())
}
