//! The two passes over the rows of an import: checking and writing. One step is one transaction: rows, their outcome, the
//! audit event and the place where to go on are kept together, or none of them.

use super::judge::{Bench, Judged, Write, judge};
use super::{CHUNK, LEASE, tell};
use crate::actions::{ActionError, Doing};
use crate::domain::assessments::Assessment;
use crate::domain::ids::{AssessmentId, ImportId};
use crate::domain::imports::{CellError, Import, ImportRow, ImportStatus, RowStatus};
use crate::domain::reviews::{ReviewMove, ReviewStatus, ReviewStep};
use crate::store::evidence::{self, NewRevision};
use crate::store::library::Shelf;
use crate::store::recommendations::{self, NewRecommendation};
use crate::store::{Db, StoreError, assessments, imports as store, links, reviews};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::HashMap;

/// Works on an import until it waits for its owner or is done.
///
/// # Errors
/// When the database fails; what earlier steps did is kept.
pub async fn finish(
    db: &Db,
    shelf: &Shelf,
    holder: &str,
    now: DateTime<Utc>,
    id: ImportId,
) -> Result<Import, ActionError> {
    loop {
        let import = step(db, shelf, holder, now, id).await?;
        if !import.status.is_at_work() {
            return Ok(import);
        }
    }
}

/// Does the next thousand rows, and says where the import stands then.
///
/// # Errors
/// When the database fails; nothing of this step is kept then.
pub async fn step(
    db: &Db,
    shelf: &Shelf,
    holder: &str,
    now: DateTime<Utc>,
    id: ImportId,
) -> Result<Import, ActionError> {
    let tx = db.begin().await?;
    let gone = || ActionError::Conflict("there is no such import any more".to_owned());
    let before = store::get_in(&tx, id).await?.ok_or_else(gone)?;
    let mut import = before.clone();
    import.changed_at = now;
    let who = before.who.clone();
    let bench = Bench {
        tx: &tx,
        shelf,
        who: &who,
        now,
    };
    match before.status {
        ImportStatus::Reading => cut_off(bench, &mut import).await?,
        ImportStatus::Checking => check(bench, &mut import).await?,
        ImportStatus::Applying => apply(bench, &mut import).await?,
        _ => return Ok(before),
    }
    store::advance(&tx, &before, &import).await?;
    let held = import.status.is_at_work().then(|| (holder, now + LEASE));
    store::hold(&tx, id, held).await?;
    tx.commit().await?;
    Ok(import)
}

/// Whoever was reading the file is gone, and the file with them.
async fn cut_off(bench: Bench<'_>, import: &mut Import) -> Result<(), StoreError> {
    store::forget_rows(bench.tx, import.id).await?;
    (import.status, import.total) = (ImportStatus::Failed, 0);
    import.notes = vec!["the file was not read to its end; nothing was imported, please send it again".to_owned()];
    tell(
        bench.tx,
        doing(bench),
        import.id,
        "bulk.refuse",
        json!({ "notes": import.notes }),
    )
    .await
}

fn doing<'a>(bench: Bench<'a>) -> Doing<'a> {
    Doing {
        actor: bench.who,
        now: bench.now,
        key: None,
    }
}

fn most() -> u64 {
    u64::try_from(CHUNK).unwrap_or(u64::MAX)
}

async fn check(bench: Bench<'_>, import: &mut Import) -> Result<(), StoreError> {
    let mut rows = store::rows_after(bench.tx, import.id, import.position, &[], most()).await?;
    let judged = judge(bench, &rows).await?;
    let keys: Vec<String> = judged.iter().filter_map(|one| one.key.clone()).collect();
    let mut first = store::first_with_key(bench.tx, import.id, import.position, &keys).await?;
    for (row, judged) in rows.iter_mut().zip(judged) {
        note(row, judged, &mut first);
        import.counts.add(row.status);
    }
    import.position = rows.last().map_or(import.position, |row| row.position);
    store::put_rows(bench.tx, import.id, &rows).await?;
    if rows.len() < CHUNK {
        import.status = ImportStatus::Checked;
    }
    Ok(())
}

/// What was found out about a row goes into it. Errors of reading come first; of two rows about one thing the second is
/// refused.
fn note(row: &mut ImportRow, judged: Judged, first: &mut HashMap<String, i32>) {
    let mut errors = std::mem::take(&mut row.report.errors);
    (row.status, row.report, row.key) = (judged.status, judged.report, judged.key);
    let unread: Vec<String> = errors.iter().map(|error| error.column.clone()).collect();
    let more = std::mem::take(&mut row.report.errors).into_iter();
    errors.extend(more.filter(|error| !unread.contains(&error.column) || error.column.is_empty()));
    if let Some(key) = &row.key {
        match first.get(key) {
            Some(line) => errors.push(CellError::new(
                "",
                format!("row {line} is about the same; leave one of them out"),
            )),
            None => _ = first.insert(key.clone(), row.line),
        }
    }
    if !errors.is_empty() {
        (row.status, row.report) = (RowStatus::Refused, crate::domain::imports::RowReport::default());
        row.report.errors = errors;
    }
}

/// What the rows of one step write.
#[derive(Default)]
struct Writes {
    evidence: Vec<NewRevision>,
    recommendations: Vec<NewRecommendation>,
    assessments: Vec<Assessment>,
    supersedes: Vec<AssessmentId>,
}

async fn apply(bench: Bench<'_>, import: &mut Import) -> Result<(), StoreError> {
    let open = [RowStatus::Added, RowStatus::Changed];
    let mut rows = store::rows_after(bench.tx, import.id, import.position, &open, most()).await?;
    let judged = judge(bench, &rows).await?;
    let (mut writes, mut written, mut touched) = (Writes::default(), 0, Vec::new());
    for (row, judged) in rows.iter_mut().zip(judged) {
        let was = row.status;
        let same = judged.status == was && judged.report.seen == row.report.seen;
        if let (true, Some(write)) = (same, judged.write) {
            writes.add(write);
            written += 1;
            if row.report.target != judged.report.target {
                row.report.target = judged.report.target;
                touched.push(row.clone());
            }
            continue;
        }
        if judged.status == RowStatus::Unchanged {
            (row.status, row.report) = (RowStatus::Unchanged, judged.report);
        } else {
            row.status = RowStatus::Refused;
            row.report.errors = judged.report.errors;
            if row.report.errors.is_empty() {
                let why = "somebody else changed this after you looked; send the row again to see it as it is now";
                row.report.errors.push(CellError::new("", why));
            }
        }
        match was {
            RowStatus::Added => import.counts.added -= 1,
            _ => import.counts.changed -= 1,
        }
        import.counts.add(row.status);
        touched.push(row.clone());
    }
    let from = import.position;
    import.position = rows.last().map_or(import.position, |row| row.position);
    import.applied += written;
    if rows.len() < CHUNK {
        import.status = ImportStatus::Done;
    }
    writes.save(bench).await?;
    store::put_rows(bench.tx, import.id, &touched).await?;
    let is_done = import.status == ImportStatus::Done;
    let detail = json!({ "after": from, "to": import.position, "written": written, "done": is_done });
    tell(bench.tx, doing(bench), import.id, "bulk.apply", detail).await
}

impl Writes {
    fn add(&mut self, write: Write) {
        match write {
            Write::Evidence(new) => self.evidence.push(*new),
            Write::Recommendation(new) => self.recommendations.push(*new),
            Write::Assessment(new, old) => {
                self.assessments.push(*new);
                self.supersedes.extend(old);
            }
        }
    }

    async fn save(self, bench: Bench<'_>) -> Result<(), StoreError> {
        let Bench { tx, who, now, .. } = bench;
        if !self.evidence.is_empty() {
            evidence::save(tx, &self.evidence, ReviewStatus::Submitted, who, now).await?;
            let steps: Vec<ReviewStep> = self.evidence.iter().map(|new| submitted(new, who, now)).collect();
            reviews::add_all(tx, &steps).await?;
            let found: Vec<&str> = self.evidence.iter().map(|new| new.evidence.link.as_str()).collect();
            links::register(tx, &found, now).await?;
        }
        recommendations::save(tx, &self.recommendations, who, now).await?;
        assessments::save_all(tx, &self.assessments, &self.supersedes).await
    }
}

fn submitted(new: &NewRevision, who: &str, now: DateTime<Utc>) -> ReviewStep {
    ReviewStep {
        evidence: new.id,
        revision: new.revision,
        step: ReviewMove::Submit,
        by: who.to_owned(),
        at: now,
        remark: String::new(),
    }
}
