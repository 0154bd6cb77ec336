//! Rows of evidence. A change is a new revision that waits for review; what was accepted stays until that is accepted.

use super::judge::{Bench, Judged, Write, cell, changes, errors, merged, promised};
use crate::actions::evidence::{EvidenceDraft, LONGEST_KEY, WAITS, origin_of};
use crate::domain::bulk::{Column, Noun, evidence_cells};
use crate::domain::evidence::likeness;
use crate::domain::ids::EvidenceId;
use crate::domain::imports::ImportRow;
use crate::domain::reference::Reference;
use crate::store::StoreError;
use crate::store::evidence::{self as store, KnownEvidence, NewRevision};
use std::collections::HashMap;

fn columns() -> &'static [Column] {
    Noun::Evidence.columns()
}

/// By what a row is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Name {
    Key(String),
    Likeness(String),
}

fn name(row: &ImportRow, reference: &Reference) -> Name {
    match row.cell("key").trim() {
        "" => {
            let state = row.cell("state").trim();
            let code = reference.find_state(state).map(|found| found.iso3.to_string());
            Name::Likeness(likeness(
                code.as_deref().unwrap_or(state),
                row.cell("symbol").trim(),
                row.cell("paragraph").trim(),
                row.cell("title").trim(),
            ))
        }
        key => Name::Key(key.to_owned()),
    }
}

/// What is held, by key and by likeness.
struct Held {
    by_key: HashMap<String, KnownEvidence>,
    by_likeness: HashMap<String, Vec<String>>,
}

impl Held {
    async fn read(bench: Bench<'_>, names: &[Name]) -> Result<Self, StoreError> {
        let (mut keys, mut likenesses) = (Vec::new(), Vec::new());
        for name in names {
            match name {
                Name::Key(key) => keys.push(key.clone()),
                Name::Likeness(digest) => likenesses.push(digest.clone()),
            }
        }
        let mut held = Self {
            by_key: HashMap::new(),
            by_likeness: HashMap::new(),
        };
        for known in store::known_as(bench.tx, &keys, &likenesses).await? {
            let key = known.latest.evidence.key.clone();
            if let Some(digest) = &known.likeness {
                held.by_likeness.entry(digest.clone()).or_default().push(key.clone());
            }
            held.by_key.insert(key, known);
        }
        Ok(held)
    }

    /// The one that is meant, or how many it could be.
    fn find(&self, name: &Name) -> Result<Option<&KnownEvidence>, usize> {
        match name {
            Name::Key(key) => Ok(self.by_key.get(key)),
            Name::Likeness(digest) => match self.by_likeness.get(digest).map(Vec::as_slice) {
                None | Some([]) => Ok(None),
                Some([key]) => Ok(self.by_key.get(key)),
                Some(several) => Err(several.len()),
            },
        }
    }
}

/// Judges rows, in their order.
pub(super) async fn judge(bench: Bench<'_>, rows: &[&ImportRow]) -> Result<Vec<Judged>, StoreError> {
    let names: Vec<Name> = rows.iter().map(|row| name(row, &bench.shelf.reference)).collect();
    let held = Held::read(bench, &names).await?;
    let mut judged = Vec::with_capacity(rows.len());
    for (row, name) in rows.iter().zip(&names) {
        judged.push(match held.find(name) {
            Err(several) => {
                let why =
                    format!("{several} pieces of evidence have this state, symbol, paragraph and title; give the key");
                Judged::wrong(None, "key", why)
            }
            Ok(Some(known)) => compare(bench, row, known)?,
            Ok(None) => new(bench, row, name)?,
        });
    }
    Ok(judged)
}

fn compare(bench: Bench<'_>, row: &ImportRow, known: &KnownEvidence) -> Result<Judged, StoreError> {
    let latest = &known.latest;
    let (key, target) = (format!("t:{}", latest.id), latest.id.to_string());
    let own_key = |mut cells: Vec<String>| {
        if let Some(cell) = cells.first_mut() {
            cell.clone_from(&latest.evidence.key);
        }
        cells
    };
    let is_said = |held: &[String]| changes(columns(), held, &own_key(merged(row, Some(held)))).is_empty();
    let held = evidence_cells(&latest.evidence);
    let stands = known.standing.as_ref().map(|one| evidence_cells(&one.evidence));
    if is_said(&held) || stands.as_deref().is_some_and(is_said) {
        return Ok(Judged::unchanged(key, target));
    }
    if !latest.status.is_open_to_change() {
        return Ok(Judged::wrong(Some(key), "", WAITS));
    }
    let cells = own_key(merged(row, Some(&held)));
    let mut evidence = match draft(&cells)
        .without_key()
        .whole(&bench.shelf.reference, bench.now.date_naive())
    {
        Ok((evidence, _)) => evidence,
        Err(error) => return Ok(Judged::refused(Some(key), errors(error)?)),
    };
    let before = &latest.evidence;
    if evidence.state != before.state {
        let why = format!(
            "this evidence is about {}; add new evidence for another state",
            before.state
        );
        return Ok(Judged::wrong(Some(key), "state", why));
    }
    evidence.key.clone_from(&before.key);
    evidence.origin = origin_of(before, &evidence);
    evidence.file.clone_from(&before.file);
    evidence.source.clone_from(&before.source);
    (evidence.source_date, evidence.confidence) = (before.source_date, before.confidence);
    let changes = changes(columns(), &held, &evidence_cells(&evidence));
    if changes.is_empty() {
        return Ok(Judged::unchanged(key, target));
    }
    let write = NewRevision {
        id: latest.id,
        revision: latest.revision + 1,
        evidence,
    };
    let seen = latest.revision.to_string();
    Ok(Judged::changed(
        key,
        target,
        seen,
        changes,
        Write::Evidence(Box::new(write)),
    ))
}

fn new(bench: Bench<'_>, row: &ImportRow, name: &Name) -> Result<Judged, StoreError> {
    let cells = merged(row, None);
    let key = match name {
        Name::Likeness(digest) => format!("l:{digest}"),
        Name::Key(key) => format!("k:{}", key.chars().take(LONGEST_KEY).collect::<String>()),
    };
    let evidence = match draft(&cells).whole(&bench.shelf.reference, bench.now.date_naive()) {
        Ok((evidence, _)) => evidence,
        Err(error) => return Ok(Judged::refused(Some(key), errors(error)?)),
    };
    let id = promised(row, EvidenceId::fresh);
    let write = NewRevision {
        id,
        revision: 1,
        evidence,
    };
    Ok(Judged::added(key, id.to_string(), Write::Evidence(Box::new(write))))
}

fn draft(cells: &[String]) -> EvidenceDraft {
    let text = |name: &str| cell(columns(), cells, name).to_owned();
    EvidenceDraft {
        key: text("key"),
        state: text("state"),
        title: text("title"),
        gist: text("gist"),
        source_kind: text("source_kind"),
        author_role: text("author_role"),
        language: text("language"),
        link: text("link"),
        symbol: text("symbol"),
        paragraph: text("paragraph"),
        facts_from: text("facts_from"),
        facts_to: text("facts_to"),
        published: text("published"),
        stance: text("stance"),
        strength: text("strength"),
        grade: text("grade"),
        kind: text("kind"),
        reliability: text("reliability"),
        credibility: text("credibility"),
        theme: text("theme"),
        provisions: vec![text("provisions").replace('\n', " ")],
        review_by: text("review_by"),
        then: "submit".to_owned(),
        ..EvidenceDraft::default()
    }
}
