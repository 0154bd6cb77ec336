//! Rows of assessments: the rules of a single grade, with what they ask of the database asked once for all rows.

use super::judge::{Bench, Judged, Write, cell, changes, complaints, merged, promised};
use crate::actions::Fields;
use crate::actions::assessments::{BLIND, gradable};
use crate::actions::evidence::read_grade;
use crate::domain::assessments::{Assessment, Grade};
use crate::domain::bulk::{NO_INFORMATION, Noun, assessment_cells, grade_cell};
use crate::domain::ids::{AssessmentId, EvidenceId, ProvisionId, StateCode};
use crate::domain::imports::ImportRow;
use crate::domain::summaries::{Findings, StatePicture};
use crate::store::{StoreError, assessments as store, codings, evidence};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What a row is about, where that can be read.
type Pair = (StateCode, ProvisionId);

/// What was read for all rows together.
struct Desk {
    standing: HashMap<Pair, Assessment>,
    by_key: HashMap<String, EvidenceId>,
    key_of: HashMap<EvidenceId, String>,
    findings: HashMap<StateCode, Findings>,
    /// Where a round waits for the blind grading of who imports.
    awaited: HashSet<Pair>,
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', ',', '\n', ' '])
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

fn decision(text: &str) -> Result<Option<Grade>, String> {
    match text {
        NO_INFORMATION => Ok(None),
        text => read_grade(text).map(Some).map_err(|why| format!("{why}, or none")),
    }
}

/// Judges rows, in their order.
pub(super) async fn judge(bench: Bench<'_>, rows: &[&ImportRow]) -> Result<Vec<Judged>, StoreError> {
    let reference = &bench.shelf.reference;
    let pair = |row: &&ImportRow| {
        let state = reference.find_state(row.cell("state").trim()).ok()?.iso3.clone();
        let (_, provision) = reference.find_provision(row.cell("provision").trim()).ok()?;
        Some((state, provision.id.clone()))
    };
    let pairs: Vec<Option<Pair>> = rows.iter().map(pair).collect();
    let desk = Desk::read(bench, rows, &pairs).await?;
    let pictures: HashMap<&StateCode, StatePicture<'_>> = desk
        .findings
        .iter()
        .map(|(state, found)| {
            let picture = StatePicture::of(reference, &bench.shelf.world, found, state, bench.now.date_naive());
            (state, picture)
        })
        .collect();
    let judged = rows
        .iter()
        .zip(&pairs)
        .map(|(row, pair)| one(bench, &desk, &pictures, row, pair.as_ref()));
    judged.collect()
}

impl Desk {
    async fn read(bench: Bench<'_>, rows: &[&ImportRow], pairs: &[Option<Pair>]) -> Result<Self, StoreError> {
        let known: Vec<Pair> = pairs.iter().flatten().cloned().collect();
        let standing = store::standing_of(bench.tx, &known).await?;
        let (mut keys, mut ids): (BTreeSet<String>, BTreeSet<EvidenceId>) = Default::default();
        ids.extend(standing.iter().flat_map(|one| one.evidence.iter().copied()));
        for name in rows.iter().flat_map(|row| names(row.cell("evidence"))) {
            match name.parse() {
                Ok(id) => _ = ids.insert(id),
                Err(_) => _ = keys.insert(name.to_owned()),
            }
        }
        let (keys, ids): (Vec<_>, Vec<_>) = (keys.into_iter().collect(), ids.into_iter().collect());
        let named = evidence::named(bench.tx, &keys, &ids).await?;
        let mut places: BTreeMap<StateCode, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        for (state, id) in &known {
            if let Some((_, provision)) = bench.shelf.reference.provision(id) {
                let (themes, provisions) = places.entry(state.clone()).or_default();
                themes.insert(provision.theme.to_string());
                provisions.insert(id.to_string());
            }
        }
        let mut about = evidence::serving(bench.tx, &places).await?;
        let findings = places.into_keys().map(|state| {
            let evidence = about.remove(&state).unwrap_or_default();
            let found = Findings {
                evidence,
                ..Findings::default()
            };
            (state, found)
        });
        Ok(Self {
            findings: findings.collect(),
            awaited: codings::awaited_in(bench.tx, bench.who).await?,
            standing: standing
                .into_iter()
                .map(|one| ((one.state.clone(), one.provision.clone()), one))
                .collect(),
            by_key: named.iter().map(|(id, key)| (key.clone(), *id)).collect(),
            key_of: named.into_iter().collect(),
        })
    }

    fn keys(&self, of: &Assessment) -> Vec<String> {
        of.evidence
            .iter()
            .filter_map(|id| self.key_of.get(id).cloned())
            .collect()
    }

    fn find(&self, name: &str) -> Result<EvidenceId, String> {
        let by_id = name.parse().ok().filter(|id| self.key_of.contains_key(id));
        by_id
            .or_else(|| self.by_key.get(name).copied())
            .ok_or_else(|| format!("there is no evidence “{name}”; give the keys of accepted evidence"))
    }
}

fn one(
    bench: Bench<'_>,
    desk: &Desk,
    pictures: &HashMap<&StateCode, StatePicture<'_>>,
    row: &ImportRow,
    pair: Option<&Pair>,
) -> Result<Judged, StoreError> {
    let (columns, reference) = (Noun::Assessments.columns(), &bench.shelf.reference);
    let held = pair.and_then(|pair| desk.standing.get(pair));
    let held_cells = held.map(|one| assessment_cells(one, &desk.keys(one)));
    let cells = merged(row, held_cells.as_deref());
    let text = |name: &str| cell(columns, &cells, name);
    let mut fields = Fields::default();
    fields.needed("state", text("state"), |text| reference.find_state(text).map(|_| ()));
    fields.needed("provision", text("provision"), |text| {
        reference.find_provision(text).map(|_| ())
    });
    let grade = fields.needed("grade", text("grade"), decision);
    let reasons = fields.prose("reasons", text("reasons"));
    let found: Vec<Option<EvidenceId>> = names(text("evidence"))
        .map(|name| fields.needed("evidence", name, |name| desk.find(name)))
        .collect();
    let mut evidence: Vec<EvidenceId> = found.into_iter().flatten().collect();
    let mut seen_ids = BTreeSet::new();
    evidence.retain(|id| seen_ids.insert(*id));
    let seen = fields.optional("seen_grade", text("seen_grade"), decision).flatten();

    let Some((state, provision)) = pair else {
        return Ok(Judged::refused(None, complaints(fields)?));
    };
    let key = format!("a:{state}/{provision}");
    let new_cells = |grade: Option<Grade>, reasons: &str| {
        let of: Vec<String> = evidence.iter().filter_map(|id| desk.key_of.get(id).cloned()).collect();
        vec![
            state.to_string(),
            provision.to_string(),
            grade_cell(grade),
            reasons.to_owned(),
            of.join("; "),
        ]
    };
    if let (Some(held), Some(cells), Some(grade), Some(reasons)) = (held, &held_cells, grade, &reasons) {
        let same = changes(columns, cells, &new_cells(grade, reasons)).is_empty();
        if same {
            return Ok(Judged::unchanged(key, held.id.to_string()));
        }
        if seen.is_some_and(|seen| seen != held.grade) {
            let now = held.grade.map_or("no information", Grade::words);
            let why = format!("the grade is now “{now}”; read the reasons for it, then decide again");
            fields.wrong("seen_grade", why);
        }
    }
    let target = pictures.get(state).and_then(|picture| picture.obligation(provision));
    // Without a grade there is nothing to object to but what is said of the grade already.
    let asked = (state, provision, grade.flatten());
    gradable(&mut fields, target, asked, &evidence, bench.now.date_naive());
    if desk.awaited.contains(&(state.clone(), provision.clone())) {
        fields.wrong("provision", BLIND);
    }
    let wrong = complaints(fields)?;
    let (Some(grade), Some(reasons), Some(target), true) = (grade, reasons, target, wrong.is_empty()) else {
        return Ok(Judged::refused(Some(key), wrong));
    };
    let told = new_cells(grade, &reasons);
    let assessment = Assessment {
        id: promised(row, AssessmentId::fresh),
        state: state.clone(),
        provision: provision.clone(),
        grade,
        reasons,
        evidence,
        suggestion: target.suggestion.words(),
        suggested: target.suggestion.grade,
        assessed_on: bench.now.date_naive(),
        recorded_by: bench.who.to_owned(),
        recorded_at: bench.now,
        superseded_at: None,
    };
    let id = assessment.id.to_string();
    let write = Write::Assessment(Box::new(assessment), held.map(|held| held.id));
    Ok(match (held, held_cells) {
        (Some(held), Some(cells)) => {
            let changes = changes(columns, &cells, &told);
            Judged::changed(key, id, held.id.to_string(), changes, write)
        }
        _ => Judged::added(key, id, write),
    })
}
