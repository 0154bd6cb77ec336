//! What has to be written: what is new, what changed, what a person recorded and therefore stays.

use super::package::{Package, Placed};
use super::{Change, Difference};
use crate::domain::audit::digest;
use crate::domain::causes::CauseFinding;
use crate::domain::ids::{CauseFindingId, EvidenceId, InstrumentCode, StateCode};
use crate::domain::instruments::Instrument;
use crate::domain::participation::{ActionKind, TreatyAction};
use crate::domain::reviews::ReviewStatus;
use crate::domain::summaries::IMPORT;
use crate::store::evidence::{NewRevision, StandingEvidence};
use crate::store::participation::{FactRow, FactTable, StandingFact};
use crate::store::reference::{ReferenceRow, ReferenceTable};
use crate::store::{StoreError, Tx, causes, evidence, links, participation, reference};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;

/// What the database holds already, by natural key.
pub(super) struct Held {
    pub(super) states: HashMap<String, String>,
    pub(super) themes: HashMap<String, String>,
    pub(super) instruments: HashMap<String, String>,
    pub(super) actions: HashMap<String, StandingFact>,
    pub(super) reservations: HashMap<String, StandingFact>,
    pub(super) reports: HashMap<String, StandingFact>,
    pub(super) evidence: HashMap<String, StandingEvidence>,
    pub(super) causes: HashMap<String, (String, String)>,
}

/// Everything that has to be written.
pub(super) struct Plan<'p> {
    reference: Vec<(ReferenceTable, Vec<ReferenceRow>)>,
    instruments: Vec<&'p Instrument>,
    facts: Vec<(FactTable, Vec<FactRow>)>,
    evidence: Vec<NewRevision>,
    causes: Vec<(Option<String>, CauseFinding)>,
    changes: Vec<Change>,
}

/// What is held under a key: its digest and who recorded it.
type Standing<'h> = Option<(&'h str, &'h str)>;

impl Change {
    fn of(resource: &'static str) -> Self {
        Self {
            resource,
            ..Self::default()
        }
    }

    /// Notes one thing and says whether it has to be written.
    fn note(&mut self, key: &str, digest: &str, standing: Standing<'_>) -> bool {
        let write = match standing {
            Some((held, _)) if held == digest => {
                self.unchanged += 1;
                return false;
            }
            Some((_, by)) if by != IMPORT => {
                self.kept += 1;
                false
            }
            Some(_) => {
                self.changed += 1;
                true
            }
            None => {
                self.added += 1;
                true
            }
        };
        if self.examples.len() < 10 {
            self.examples.push(key.to_owned());
        }
        write
    }
}

impl<'p> Plan<'p> {
    pub(super) fn new(package: &'p Package, held: &Held, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let mut plan = Self {
            reference: Vec::new(),
            instruments: Vec::new(),
            facts: Vec::new(),
            evidence: Vec::new(),
            causes: Vec::new(),
            changes: Vec::new(),
        };
        plan.documents(
            "states",
            ReferenceTable::States,
            &package.states,
            |s| s.iso3.to_string(),
            &held.states,
        )?;
        plan.documents(
            "themes",
            ReferenceTable::Themes,
            &package.themes,
            |t| t.code.to_string(),
            &held.themes,
        )?;
        let code = |i: &Instrument| i.code.to_string();
        let written = plan.documents(
            "instruments",
            ReferenceTable::Instruments,
            &package.instruments,
            code,
            &held.instruments,
        )?;
        plan.instruments = written
            .into_iter()
            .filter_map(|at| package.instruments.get(at))
            .map(|(_, i)| i)
            .collect();

        let actions = package
            .participation
            .iter()
            .flat_map(|(_, (state, instrument, actions))| {
                actions
                    .iter()
                    .map(move |action| (action_key(state, instrument, action), state, instrument, action))
            });
        plan.facts("treaty actions", FactTable::TreatyActions, actions, &held.actions)?;
        let reservations = package
            .reservations
            .iter()
            .map(|(_, (state, i, r))| (r.id.clone(), state, i, r));
        plan.facts(
            "reservations",
            FactTable::Reservations,
            reservations,
            &held.reservations,
        )?;
        let reports = package
            .reports
            .iter()
            .map(|(_, (state, i, r))| (report_key(state, i, &r.cycle), state, i, r));
        plan.facts("reports", FactTable::Reports, reports, &held.reports)?;
        plan.evidence(package, held)?;
        plan.causes(package, held, now)?;
        Ok(plan)
    }

    pub(super) fn difference(&self) -> Difference {
        Difference {
            changes: self.changes.clone(),
        }
    }

    fn documents<T: Serialize>(
        &mut self,
        resource: &'static str,
        table: ReferenceTable,
        rows: &Placed<T>,
        code: impl Fn(&T) -> String,
        held: &HashMap<String, String>,
    ) -> Result<Vec<usize>, StoreError> {
        let (mut change, mut written, mut places) = (Change::of(resource), Vec::new(), Vec::new());
        for (at, (position, (_, row))) in (0i32..).zip(rows).enumerate() {
            let (code, document) = (code(row), serde_json::to_string(row)?);
            let digest = digest(&format!("{position}:{document}"));
            if change.note(&code, &digest, held.get(&code).map(|held| (held.as_str(), IMPORT))) {
                written.push(ReferenceRow {
                    code,
                    position,
                    document,
                    digest,
                });
                places.push(at);
            }
        }
        self.reference.push((table, written));
        self.changes.push(change);
        Ok(places)
    }

    fn facts<'a, T: Serialize + 'a>(
        &mut self,
        resource: &'static str,
        table: FactTable,
        rows: impl Iterator<Item = (String, &'a StateCode, &'a InstrumentCode, &'a T)>,
        held: &HashMap<String, StandingFact>,
    ) -> Result<(), StoreError> {
        let (mut change, mut written) = (Change::of(resource), Vec::new());
        for (natural_key, state, instrument, row) in rows {
            let document = serde_json::to_string(row)?;
            let digest = digest(&document);
            let standing = held
                .get(&natural_key)
                .map(|held| (held.digest.as_str(), held.recorded_by.as_str()));
            if change.note(&natural_key, &digest, standing) {
                let (state, instrument) = (state.clone(), instrument.clone());
                written.push(FactRow {
                    natural_key,
                    state,
                    instrument,
                    document,
                    digest,
                });
            }
        }
        self.facts.push((table, written));
        self.changes.push(change);
        Ok(())
    }

    fn evidence(&mut self, package: &Package, held: &Held) -> Result<(), StoreError> {
        let mut change = Change::of("evidence");
        for (_, evidence) in &package.evidence {
            let digest = digest(&serde_json::to_string(evidence)?);
            let standing = held.evidence.get(&evidence.key);
            if change.note(
                &evidence.key,
                &digest,
                standing.map(|s| (s.digest.as_str(), s.recorded_by.as_str())),
            ) {
                self.evidence.push(NewRevision {
                    id: standing.map_or_else(EvidenceId::fresh, |standing| standing.id),
                    revision: standing.map_or(1, |standing| standing.revision + 1),
                    evidence: evidence.clone(),
                });
            }
        }
        self.changes.push(change);
        Ok(())
    }

    fn causes(&mut self, package: &Package, held: &Held, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut change = Change::of("causes");
        for (_, row) in &package.causes {
            let finding = CauseFinding {
                id: CauseFindingId::fresh(),
                state: row.state.clone(),
                provision: row.provision.clone(),
                cause: row.cause,
                subcause: row.subcause.clone(),
                weight: row.weight,
                rationale: row.rationale.clone(),
                evidence: row.evidence.clone(),
                found_on: row.found_on,
                recorded_by: IMPORT.to_owned(),
                recorded_at: now,
                superseded_at: None,
                suggestion: None,
                confirmed: false,
            };
            let standing = held
                .causes
                .get(&row.id)
                .map(|(digest, by)| (digest.as_str(), by.as_str()));
            if change.note(&row.id, &causes::digest_of(&finding)?, standing) {
                self.causes.push((Some(row.id.clone()), finding));
            }
        }
        self.changes.push(change);
        Ok(())
    }

    pub(super) async fn save(
        &self,
        tx: &Tx,
        now: DateTime<Utc>,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<(), StoreError> {
        let total = self.changes.iter().map(|change| change.added + change.changed).sum();
        let mut done = 0;
        let mut step = |rows: usize| {
            done += rows;
            progress(done, total);
        };
        for (table, rows) in &self.reference {
            reference::save(tx, *table, rows).await?;
            step(rows.len());
        }
        reference::save_provisions(tx, &self.instruments).await?;
        for (table, rows) in &self.facts {
            for part in rows.chunks(2_000) {
                participation::save(tx, *table, part, IMPORT, now).await?;
                step(part.len());
            }
        }
        evidence::save(tx, &self.evidence, ReviewStatus::Accepted, IMPORT, now).await?;
        let named: Vec<&str> = self.evidence.iter().map(|new| new.evidence.link.as_str()).collect();
        links::register(tx, &named, now).await?;
        step(self.evidence.len());
        causes::save(tx, &self.causes).await?;
        step(self.causes.len());
        Ok(())
    }
}

/// What makes two treaty actions the same: a signature, a consent or a denunciation of one membership.
pub(crate) fn action_key(state: &StateCode, instrument: &InstrumentCode, action: &TreatyAction) -> String {
    let kind = match action.kind {
        ActionKind::Signature | ActionKind::SuccessionToSignature => "signature",
        ActionKind::Denunciation => "denunciation",
        _ => "consent",
    };
    format!("{state}/{instrument}/{}/{kind}", action.period)
}

/// What makes two reports the same.
pub(crate) fn report_key(state: &StateCode, instrument: &InstrumentCode, cycle: &str) -> String {
    format!("{state}/{instrument}/{cycle}")
}
