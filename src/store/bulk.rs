//! Rows for bulk export, a thousand at a time: nothing is held but the page that is being written.

use super::{Db, StoreError, assessments, evidence, recommendations};
use crate::domain::assessments::Assessment;
use crate::domain::bulk::{Noun, assessment_cells, evidence_cells, recommendation_cells};
use crate::domain::ids::{AssessmentId, EvidenceId, InstrumentCode, RecommendationId, StateCode, ThemeCode};
use crate::domain::reference::Reference;
use chrono::NaiveDate;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Which sheet.
    pub noun: Noun,
    /// Of one state.
    pub state: Option<StateCode>,
    /// About one theme.
    pub theme: Option<ThemeCode>,
    /// Serving one instrument.
    pub instrument: Option<InstrumentCode>,
    /// As it was known on that day.
    pub as_of: NaiveDate,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy)]
pub enum Mark {
    /// Behind that revision of evidence.
    Evidence(EvidenceId, i32),
    /// Behind that decision.
    Assessment(AssessmentId),
    /// Behind that revision of a recommendation.
    Recommendation(RecommendationId, i32),
}

/// Rows of one page as their sheet has them, and where it ended; no mark where nothing follows.
#[derive(Debug, Default)]
pub struct Rows {
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Where to go on.
    pub next: Option<Mark>,
}

/// Rows that are read at a time.
const PAGE: u64 = 1_000;

/// One page of what is wanted.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn page(db: &Db, reference: &Reference, ask: &Ask, after: Option<Mark>) -> Result<Rows, StoreError> {
    match ask.noun {
        Noun::Evidence => of_evidence(db, reference, ask, after).await,
        Noun::Assessments => of_assessments(db, reference, ask, after).await,
        Noun::Recommendations => of_recommendations(db, reference, ask, after).await,
    }
}

impl Ask {
    /// Whether something that speaks of these provisions is about the theme and serves the instrument.
    fn fits(&self, reference: &Reference, speaks: impl Fn(&crate::domain::instruments::Provision) -> bool) -> bool {
        let instruments = reference.instruments().iter();
        let mut provisions = instruments
            .filter(|one| self.instrument.as_ref().is_none_or(|code| one.code == *code))
            .flat_map(|one| &one.provisions)
            .filter(|one| self.theme.as_ref().is_none_or(|theme| one.theme == *theme));
        (self.theme.is_none() && self.instrument.is_none()) || provisions.any(speaks)
    }
}

fn is_full<T>(found: &[T]) -> bool {
    u64::try_from(found.len()).unwrap_or(u64::MAX) >= PAGE
}

async fn of_evidence(db: &Db, reference: &Reference, ask: &Ask, after: Option<Mark>) -> Result<Rows, StoreError> {
    let after = match after {
        Some(Mark::Evidence(id, revision)) => Some((id, revision)),
        _ => None,
    };
    let found = evidence::page(db, ask.state.as_ref(), after, PAGE).await?;
    let next = found.last().filter(|_| is_full(&found));
    Ok(Rows {
        next: next.map(|last| Mark::Evidence(last.id, last.revision)),
        rows: found
            .iter()
            .filter(|one| one.known_on(ask.as_of))
            .filter(|one| {
                ask.fits(reference, |provision| one.evidence.serves(provision))
                    || (ask.instrument.is_none() && ask.theme.is_some() && one.evidence.theme == ask.theme)
            })
            .map(|one| evidence_cells(&one.evidence))
            .collect(),
    })
}

async fn of_assessments(db: &Db, reference: &Reference, ask: &Ask, after: Option<Mark>) -> Result<Rows, StoreError> {
    let after = match after {
        Some(Mark::Assessment(id)) => Some(id),
        _ => None,
    };
    let mut found = assessments::page(db, ask.state.as_ref(), after, PAGE).await?;
    let next = found.last().filter(|_| is_full(&found));
    let next = next.map(|last| Mark::Assessment(last.id));
    let stands = |one: &Assessment| {
        one.recorded_at.date_naive() <= ask.as_of && one.superseded_at.is_none_or(|gone| gone.date_naive() > ask.as_of)
    };
    found.retain(|one| stands(one) && ask.fits(reference, |provision| provision.id == one.provision));
    let ids: Vec<EvidenceId> = found.iter().flat_map(|one| one.evidence.iter().copied()).collect();
    let keys = evidence::keys_of(db, &ids).await?;
    let rows = found.iter().map(|one| {
        let named: Vec<String> = one.evidence.iter().filter_map(|id| keys.get(id).cloned()).collect();
        assessment_cells(one, &named)
    });
    Ok(Rows {
        rows: rows.collect(),
        next,
    })
}

async fn of_recommendations(
    db: &Db,
    reference: &Reference,
    ask: &Ask,
    after: Option<Mark>,
) -> Result<Rows, StoreError> {
    let after = match after {
        Some(Mark::Recommendation(id, revision)) => Some((id, revision)),
        _ => None,
    };
    let found = recommendations::page(db, ask.state.as_ref(), after, PAGE).await?;
    let next = found.last().filter(|_| is_full(&found));
    Ok(Rows {
        next: next.map(|last| Mark::Recommendation(last.id, last.revision)),
        rows: found
            .iter()
            .filter(|one| one.known_on(ask.as_of))
            .filter(|one| ask.fits(reference, |provision| one.recommendation.speaks_of(provision)))
            .map(|one| recommendation_cells(&one.recommendation))
            .collect(),
    })
}
