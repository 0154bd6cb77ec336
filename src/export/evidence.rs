//! Answers about evidence.

use super::obligations::ObligationRow;
use crate::domain::ids::StateCode;
use crate::domain::reference::Reference;
use crate::domain::reviews::ReviewStep;
use crate::domain::summaries::StoredEvidence;
use crate::domain::summaries::World;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Evidence on one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceAnswer {
    /// The state.
    pub state: String,
    /// Newest publication first.
    pub evidence: Vec<EvidenceRow>,
}

/// One piece of evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceRow {
    /// Its identity.
    pub id: String,
    /// The name by which files refer to it.
    pub key: String,
    /// Number of the current revision.
    pub revision: i32,
    /// Short title.
    pub title: String,
    /// What it shows.
    pub gist: String,
    /// Kind of source.
    #[schema(value_type = String)]
    pub source_kind: &'static str,
    /// Who speaks.
    #[schema(value_type = String)]
    pub author_role: &'static str,
    /// `supports`, `contradicts` or `qualifies`.
    #[schema(value_type = String)]
    pub stance: &'static str,
    /// The grade it supports, or null.
    pub grade: Option<u8>,
    /// Reliability of the source and credibility of the information, such as `A2`.
    pub reliability: String,
    /// UN document symbol or another citation.
    pub symbol: String,
    /// Where it can be read.
    pub link: String,
    /// Date of publication.
    pub published: Option<String>,
    /// Theme, or null.
    pub theme: Option<String>,
    /// Provisions, where it is attached to provisions.
    pub provisions: Vec<String>,
    /// Who recorded it.
    pub recorded_by: String,
}

impl EvidenceRow {
    /// One item.
    #[must_use]
    pub fn new(stored: &StoredEvidence) -> Self {
        let evidence = &stored.evidence;
        Self {
            id: stored.id.to_string(),
            key: evidence.key.clone(),
            revision: stored.revision,
            title: evidence.title.clone(),
            gist: evidence.gist.clone(),
            source_kind: evidence.source_kind.code(),
            author_role: evidence.author_role.code(),
            stance: evidence.stance.code(),
            grade: evidence.grade.map(|grade| grade.number()),
            reliability: format!("{}{}", evidence.reliability.code(), evidence.credibility.code()),
            symbol: evidence.symbol.clone(),
            link: evidence.link.clone(),
            published: evidence.published.map(|date| date.to_string()),
            theme: evidence.theme.as_ref().map(ToString::to_string),
            provisions: evidence.provisions.iter().map(ToString::to_string).collect(),
            recorded_by: stored.recorded_by.clone(),
        }
    }
}

impl EvidenceAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "key",
        "published",
        "stance",
        "grade",
        "reliability",
        "theme",
        "symbol",
        "title",
        "id",
    ];

    /// The evidence on one state.
    #[must_use]
    pub fn of(state: &StateCode, evidence: &[StoredEvidence]) -> Self {
        Self {
            state: state.to_string(),
            evidence: evidence.iter().map(EvidenceRow::new).collect(),
        }
    }
}

/// One piece of evidence with everything it serves.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServedAnswer {
    /// The item.
    pub evidence: EvidenceRow,
    /// The obligations in force that it serves.
    pub serves: Vec<ObligationRow>,
}

impl ServedAnswer {
    /// What one item serves on a date.
    #[must_use]
    pub fn of(reference: &Reference, world: &World, stored: &StoredEvidence, as_of: NaiveDate) -> Self {
        let (evidence, acceptances) = (&stored.evidence, world.acceptances(reference, as_of));
        let all = reference.instruments().iter();
        let all = all.flat_map(|i| world.obligations(&evidence.state, i, &acceptances, as_of));
        let served = all.filter(|obligation| evidence.serves(obligation.provision));
        Self {
            evidence: EvidenceRow::new(stored),
            serves: served.map(|o| ObligationRow::new(&o)).collect(),
        }
    }
}

/// Every revision of one piece of evidence: for those who work on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionAnswer {
    /// The item.
    pub id: String,
    /// Oldest first.
    pub revisions: Vec<RevisionRow>,
}

/// One revision with its review.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionRow {
    /// What it says.
    #[serde(flatten)]
    pub evidence: EvidenceRow,
    /// `draft`, `submitted`, `accepted`, `returned` or `rejected`.
    #[schema(value_type = String)]
    pub status: &'static str,
    /// When it was written.
    pub recorded_at: String,
    /// Since when it counts, or null.
    pub accepted_at: Option<String>,
    /// When another revision took its place, or null.
    pub replaced_at: Option<String>,
    /// SHA-256 of what it says.
    pub sha256: String,
    /// SHA-256 of its file, or null.
    pub file_sha256: Option<String>,
    /// What was done with it, oldest first.
    pub steps: Vec<StepRow>,
}

/// One step of a review.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepRow {
    /// `submit`, `take_back`, `accept`, `return` or `reject`.
    #[schema(value_type = String)]
    pub step: &'static str,
    /// By whom.
    pub by: String,
    /// When.
    pub at: String,
    /// What the author was told.
    pub remark: String,
}

impl RevisionRow {
    /// One revision, with the steps that concern it.
    #[must_use]
    pub fn new(stored: &StoredEvidence, sha256: String, steps: &[ReviewStep]) -> Self {
        let moment = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let steps = steps.iter().filter(|step| step.revision == stored.revision);
        Self {
            evidence: EvidenceRow::new(stored),
            status: stored.status.code(),
            recorded_at: moment(stored.recorded_at),
            accepted_at: stored.accepted_at.map(moment),
            replaced_at: stored.replaced_at.map(moment),
            sha256,
            file_sha256: stored.evidence.file.as_ref().map(|file| file.sha256.clone()),
            steps: steps
                .map(|step| StepRow {
                    step: step.step.code(),
                    by: step.by.clone(),
                    at: moment(step.at),
                    remark: step.remark.clone(),
                })
                .collect(),
        }
    }
}
