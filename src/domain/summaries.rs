//! The whole picture of one state on one date: participation, obligations with their standing, deadlines. Pages, API and
//! command line all read this one picture.

use super::assessments::Assessment;
use super::causes::CauseFinding;
use super::deadlines::{Deadline, ReportRecord, deadlines};
use super::evidence::Evidence;
use super::gaps::Standing;
use super::ids::{EvidenceId, InstrumentCode, ProvisionId, StateCode, ThemeCode};
use super::instruments::{Instrument, Provision};
use super::obligations::{Acceptances, Obligation, obligations};
use super::participation::{Participation, Status, TreatyAction, participation};
use super::reference::Reference;
use super::reservations::Reservation;
use super::reviews::ReviewStatus;
use super::suggestions::{Suggestion, Weighed, suggest};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, HashMap};

/// The legal facts of one state.
#[derive(Debug, Clone, Default)]
pub struct LegalFacts {
    /// Treaty actions by instrument.
    pub actions: HashMap<InstrumentCode, Vec<TreatyAction>>,
    /// Reservations by instrument.
    pub reservations: HashMap<InstrumentCode, Vec<Reservation>>,
    /// Reports by instrument.
    pub reports: HashMap<InstrumentCode, Vec<ReportRecord>>,
}

/// The legal facts of every state.
#[derive(Debug, Clone, Default)]
pub struct World {
    states: BTreeMap<StateCode, LegalFacts>,
}

impl World {
    /// The facts of one state, to be added to.
    pub fn entry(&mut self, state: StateCode) -> &mut LegalFacts {
        self.states.entry(state).or_default()
    }

    /// Puts every list into an order that does not depend on how it was read.
    pub fn sort(&mut self) {
        for facts in self.states.values_mut() {
            facts
                .actions
                .values_mut()
                .for_each(|list| list.sort_by_key(|action| (action.period, action.kind)));
            facts
                .reservations
                .values_mut()
                .for_each(|list| list.sort_by(|a, b| a.id.cmp(&b.id)));
            facts
                .reports
                .values_mut()
                .for_each(|list| list.sort_by(|a, b| a.cycle.cmp(&b.cycle)));
        }
    }

    /// The facts of one state.
    #[must_use]
    pub fn facts(&self, state: &StateCode) -> Option<&LegalFacts> {
        self.states.get(state)
    }

    /// Status of one state towards one instrument.
    #[must_use]
    pub fn participation(&self, state: &StateCode, instrument: &Instrument, as_of: NaiveDate) -> Participation {
        let actions = self
            .states
            .get(state)
            .and_then(|facts| facts.actions.get(&instrument.code));
        participation(instrument, actions.map_or(&[], Vec::as_slice), as_of)
    }

    /// Reservations of one state to one instrument.
    #[must_use]
    pub fn reservations(&self, state: &StateCode, instrument: &InstrumentCode) -> &[Reservation] {
        self.states
            .get(state)
            .and_then(|facts| facts.reservations.get(instrument))
            .map_or(&[], Vec::as_slice)
    }

    /// Reports of one state under one instrument.
    #[must_use]
    pub fn reports(&self, state: &StateCode, instrument: &InstrumentCode) -> &[ReportRecord] {
        self.states
            .get(state)
            .and_then(|facts| facts.reports.get(instrument))
            .map_or(&[], Vec::as_slice)
    }

    /// Who has accepted which optional clauses by that date.
    #[must_use]
    pub fn acceptances(&self, reference: &Reference, as_of: NaiveDate) -> Acceptances {
        let mut all = Acceptances::default();
        for (state, facts) in &self.states {
            for (code, reservations) in &facts.reservations {
                let Some(instrument) = reference.instrument(code) else {
                    continue;
                };
                reservations
                    .iter()
                    .for_each(|declaration| all.add(instrument, state, declaration, as_of));
            }
        }
        all
    }

    /// The obligations of one state under one instrument.
    #[must_use]
    pub fn obligations<'a>(
        &'a self,
        state: &StateCode,
        instrument: &'a Instrument,
        acceptances: &Acceptances,
        as_of: NaiveDate,
    ) -> Vec<Obligation<'a>> {
        let status = self.participation(state, instrument, as_of);
        obligations(
            instrument,
            &status,
            self.reservations(state, &instrument.code),
            acceptances,
            as_of,
        )
    }

    /// One obligation of a state, where the provision is in force for it.
    #[must_use]
    pub fn obligation<'a>(
        &'a self,
        reference: &'a Reference,
        state: &StateCode,
        provision: &ProvisionId,
        as_of: NaiveDate,
    ) -> Option<Obligation<'a>> {
        let (instrument, _) = reference.provision(provision)?;
        let all = self.obligations(state, instrument, &self.acceptances(reference, as_of), as_of);
        all.into_iter().find(|one| one.provision.id == *provision)
    }

    /// The deadlines of one state under all instruments.
    #[must_use]
    pub fn deadlines(&self, reference: &Reference, state: &StateCode, as_of: NaiveDate) -> Vec<Deadline> {
        let mut found: Vec<Deadline> = Vec::new();
        for instrument in reference.instruments() {
            let status = self.participation(state, instrument, as_of);
            found.extend(deadlines(
                instrument,
                state,
                &status,
                self.reports(state, &instrument.code),
                as_of,
            ));
        }
        found.sort_by(|a, b| (a.due, &a.instrument, &a.report).cmp(&(b.due, &b.instrument, &b.report)));
        found
    }
}

/// One revision of a piece of evidence as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvidence {
    /// Its identity.
    pub id: EvidenceId,
    /// Number of the revision.
    pub revision: i32,
    /// What the revision says.
    pub evidence: Evidence,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Where its review stands.
    pub status: ReviewStatus,
    /// Since when it counts.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When a later revision took its place.
    pub replaced_at: Option<DateTime<Utc>>,
}

/// The name under which imported facts are recorded.
pub const IMPORT: &str = "import";

impl StoredEvidence {
    /// Whether it counted at the end of that day: what was imported first, from its publication on; everything else from
    /// the day on which it was accepted; and each only until another revision took its place.
    #[must_use]
    pub fn known_on(&self, as_of: NaiveDate) -> bool {
        let Some(accepted) = self.accepted_at else {
            return false;
        };
        let from_the_start = self.revision == 1 && self.recorded_by == IMPORT;
        self.evidence.known_on(as_of)
            && (from_the_start || accepted.date_naive() <= as_of)
            && self.replaced_at.is_none_or(|gone| gone.date_naive() > as_of)
    }

    /// Whether it counts now.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.accepted_at.is_some() && self.replaced_at.is_none()
    }
}

/// What people found about one state.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Every revision of evidence that counts or did, newest publication first.
    pub evidence: Vec<StoredEvidence>,
    /// Assessments, superseded ones among them.
    pub assessments: Vec<Assessment>,
    /// Causes, superseded ones among them.
    pub causes: Vec<CauseFinding>,
}

fn stands(recorded: DateTime<Utc>, superseded: Option<DateTime<Utc>>, as_of: NaiveDate) -> bool {
    recorded.date_naive() <= as_of && superseded.is_none_or(|gone| gone.date_naive() > as_of)
}

/// One obligation with everything that is known about how it is kept.
#[derive(Debug, Clone)]
pub struct ObligationPicture<'a> {
    /// The obligation.
    pub obligation: Obligation<'a>,
    /// The evidence that serves it, newest first.
    pub evidence: Vec<&'a StoredEvidence>,
    /// What the evidence suggests.
    pub suggestion: Suggestion,
    /// The standing decision of a person.
    pub assessment: Option<&'a Assessment>,
    /// Where it stands.
    pub standing: Standing,
    /// Why the gap stays open, as found by persons.
    pub causes: Vec<&'a CauseFinding>,
}

impl ObligationPicture<'_> {
    /// Whether it is an obligation that can be graded and falls short, or that nobody can grade.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        self.obligation.is_gradable() && self.standing.is_gap()
    }

    /// Whether it is graded and falls short.
    #[must_use]
    pub fn is_known_gap(&self) -> bool {
        self.obligation.is_gradable() && self.standing.is_known_gap()
    }
}

/// Everything about one state on one date.
#[derive(Debug, Clone)]
pub struct StatePicture<'a> {
    /// The date.
    pub as_of: NaiveDate,
    /// Status towards every instrument, in their order.
    pub participation: Vec<(&'a Instrument, Participation)>,
    /// Obligations in force, by instrument and article.
    pub obligations: Vec<ObligationPicture<'a>>,
    /// Deadlines, oldest first.
    pub deadlines: Vec<Deadline>,
    /// All evidence known by that date.
    pub evidence: Vec<&'a StoredEvidence>,
}

impl<'a> StatePicture<'a> {
    /// Draws the picture.
    #[must_use]
    pub fn of(
        reference: &'a Reference,
        world: &'a World,
        findings: &'a Findings,
        state: &StateCode,
        as_of: NaiveDate,
    ) -> Self {
        let acceptances = world.acceptances(reference, as_of);
        let evidence: Vec<&StoredEvidence> = findings.evidence.iter().filter(|item| item.known_on(as_of)).collect();
        let decided = current_assessments(findings, as_of);
        let instruments = reference.instruments();
        let all = instruments
            .iter()
            .flat_map(|instrument| world.obligations(state, instrument, &acceptances, as_of));
        let (serving, causes) = (Serving::of(&evidence), standing_causes(findings, as_of));
        let obligations = all
            .map(|obligation| picture(obligation, &evidence, &serving, &decided, &causes, as_of))
            .collect();
        Self {
            as_of,
            participation: instruments
                .iter()
                .map(|i| (i, world.participation(state, i, as_of)))
                .collect(),
            obligations,
            deadlines: world.deadlines(reference, state, as_of),
            evidence,
        }
    }

    /// How many instruments bind it.
    #[must_use]
    pub fn parties(&self) -> usize {
        self.participation
            .iter()
            .filter(|(_, found)| found.status == Status::Party)
            .count()
    }

    /// The obligations that bind it.
    pub fn binding(&self) -> impl Iterator<Item = &ObligationPicture<'a>> {
        self.obligations.iter().filter(|picture| picture.obligation.binds())
    }

    /// The gaps, no information among them.
    pub fn gaps(&self) -> impl Iterator<Item = &ObligationPicture<'a>> {
        self.obligations.iter().filter(|picture| picture.is_gap())
    }

    /// The gaps that are graded.
    pub fn known_gaps(&self) -> impl Iterator<Item = &ObligationPicture<'a>> {
        self.obligations.iter().filter(|picture| picture.is_known_gap())
    }

    /// The picture of one obligation.
    #[must_use]
    pub fn obligation(&self, provision: &ProvisionId) -> Option<&ObligationPicture<'a>> {
        self.obligations
            .iter()
            .find(|picture| picture.obligation.provision.id == *provision)
    }
}

fn current_assessments(findings: &Findings, as_of: NaiveDate) -> HashMap<&ProvisionId, &Assessment> {
    let standing = findings
        .assessments
        .iter()
        .filter(|a| stands(a.recorded_at, a.superseded_at, as_of));
    standing.map(|assessment| (&assessment.provision, assessment)).collect()
}

/// Evidence by what it is attached to, so that nobody asks every item about every provision. Places in the list of
/// evidence, in its order.
struct Serving<'a> {
    by_theme: HashMap<&'a ThemeCode, Vec<usize>>,
    by_provision: HashMap<&'a ProvisionId, Vec<usize>>,
}

impl<'a> Serving<'a> {
    fn of(evidence: &[&'a StoredEvidence]) -> Self {
        let (mut by_theme, mut by_provision) = (HashMap::new(), HashMap::new());
        for (at, stored) in evidence.iter().enumerate() {
            let item = &stored.evidence;
            match &item.theme {
                Some(theme) if item.provisions.is_empty() => {
                    by_theme.entry(theme).or_insert_with(Vec::new).push(at);
                }
                _ => {
                    for provision in &item.provisions {
                        by_provision.entry(provision).or_insert_with(Vec::new).push(at);
                    }
                }
            }
        }
        Self { by_theme, by_provision }
    }

    /// The evidence that serves a provision, in the order of the list.
    fn provision(&self, provision: &Provision, evidence: &[&'a StoredEvidence]) -> Vec<&'a StoredEvidence> {
        let theme = self.by_theme.get(&provision.theme).map_or(&[][..], Vec::as_slice);
        let own = self.by_provision.get(&provision.id).map_or(&[][..], Vec::as_slice);
        let mut places = [theme, own].concat();
        places.sort_unstable();
        places.dedup();
        let found = places.into_iter().filter_map(|at| evidence.get(at).copied());
        found.filter(|item| item.evidence.serves(provision)).collect()
    }
}

fn standing_causes(findings: &Findings, as_of: NaiveDate) -> HashMap<&ProvisionId, Vec<&CauseFinding>> {
    let mut causes: HashMap<&ProvisionId, Vec<&CauseFinding>> = HashMap::new();
    let known = findings
        .causes
        .iter()
        .filter(|found| found.found_on <= as_of)
        .filter(|found| found.superseded_at.is_none_or(|gone| gone.date_naive() > as_of))
        .filter(|found| found.recorded_by == IMPORT || found.recorded_at.date_naive() <= as_of);
    for found in known {
        causes.entry(&found.provision).or_default().push(found);
    }
    causes
}

fn picture<'a>(
    obligation: Obligation<'a>,
    evidence: &[&'a StoredEvidence],
    serving: &Serving<'a>,
    decided: &HashMap<&ProvisionId, &'a Assessment>,
    causes: &HashMap<&ProvisionId, Vec<&'a CauseFinding>>,
    as_of: NaiveDate,
) -> ObligationPicture<'a> {
    let provision = obligation.provision;
    let serving = serving.provision(provision, evidence);
    let weighed: Vec<Weighed<'_>> = serving
        .iter()
        .filter_map(|item| Weighed::of(&item.evidence, as_of))
        .collect();
    let suggestion = suggest(&weighed);
    let assessment = decided.get(&provision.id).copied();
    ObligationPicture {
        standing: Standing::of(assessment, &suggestion),
        suggestion,
        assessment,
        causes: causes.get(&provision.id).cloned().unwrap_or_default(),
        evidence: serving,
        obligation,
    }
}
