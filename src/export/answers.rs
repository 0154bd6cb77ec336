//! The answers of the command line and of the API: stable names, stable order.

use crate::domain::causes::CauseFinding;
use crate::domain::deadlines::Deadline;
use crate::domain::ids::{InstrumentCode, StateCode, ThemeCode};
use crate::domain::instruments::Instrument;
use crate::domain::obligations::Obligation;
use crate::domain::participation::Participation;
use crate::domain::reference::Reference;
use crate::domain::summaries::{ObligationPicture, StatePicture, StoredEvidence, World};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Status towards instruments.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationAnswer {
    /// The state asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The instrument asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// The date asked for.
    pub as_of: NaiveDate,
    /// One row for each instrument, or for each state.
    pub participation: Vec<ParticipationRow>,
}

/// Status of one state towards one instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationRow {
    /// ISO 3166-1 alpha-3, where an instrument was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The instrument.
    pub instrument: String,
    /// `none`, `signatory`, `party_not_yet_in_force`, `party`, `former_party` or `unknown`.
    #[schema(value_type = String)]
    pub status: &'static str,
    /// `signature`, `ratification`, `accession`, `succession`, `acceptance`, or null.
    #[schema(value_type = Option<String>)]
    pub action: Option<&'static str>,
    /// When; a year where only the year is known.
    pub action_date: Option<String>,
    /// In force for the state since (or from, where it is not yet).
    pub in_force_since: Option<String>,
    /// Another reading of that date.
    pub contested_with: Option<NaiveDate>,
    /// No longer bound from this date on.
    pub former_since: Option<NaiveDate>,
    /// What a lawyer should look at.
    #[schema(value_type = Vec<String>)]
    pub flags: Vec<&'static str>,
    /// The reason in one sentence.
    pub why: String,
    /// Where it is known from.
    pub source: Option<String>,
    /// `high`, `medium` or `low`.
    #[schema(value_type = Option<String>)]
    pub confidence: Option<&'static str>,
}

impl ParticipationRow {
    fn new(state: Option<&StateCode>, instrument: &Instrument, found: Participation) -> Self {
        Self {
            state: state.map(ToString::to_string),
            instrument: instrument.code.to_string(),
            status: found.status.code(),
            action: found.action.map(|action| action.word()),
            action_date: found.action_date.map(|date| date.to_string()),
            in_force_since: found.in_force_since.map(|span| span.to_string()),
            contested_with: found.contested_with,
            former_since: found.former_since,
            flags: found.flags,
            why: found.why,
            source: Some(found.source).filter(|source| !source.is_empty()),
            confidence: found.confidence.map(|confidence| confidence.word()),
        }
    }
}

impl ParticipationAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "state",
        "instrument",
        "status",
        "action",
        "action_date",
        "in_force_since",
        "contested_with",
        "former_since",
        "source",
        "confidence",
    ];

    /// Status of one state towards every instrument, or towards one.
    #[must_use]
    pub fn of_state(
        reference: &Reference,
        world: &World,
        state: &StateCode,
        only: Option<&InstrumentCode>,
        as_of: NaiveDate,
    ) -> Self {
        let wanted = reference
            .instruments()
            .iter()
            .filter(|i| only.is_none_or(|code| *code == i.code));
        let rows = wanted
            .map(|i| ParticipationRow::new(None, i, world.participation(state, i, as_of)))
            .collect();
        Self {
            state: Some(state.to_string()),
            instrument: only.map(ToString::to_string),
            as_of,
            participation: rows,
        }
    }

    /// Status of every state towards one instrument.
    #[must_use]
    pub fn of_instrument(reference: &Reference, world: &World, instrument: &Instrument, as_of: NaiveDate) -> Self {
        let row = |state: &crate::domain::reference::State| {
            ParticipationRow::new(
                Some(&state.iso3),
                instrument,
                world.participation(&state.iso3, instrument, as_of),
            )
        };
        Self {
            state: None,
            instrument: Some(instrument.code.to_string()),
            as_of,
            participation: reference.states().map(row).collect(),
        }
    }
}

/// Obligations in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationsAnswer {
    /// The state.
    pub state: String,
    /// The date asked for.
    pub as_of: NaiveDate,
    /// In the order of the instruments and their articles.
    pub obligations: Vec<ObligationRow>,
}

/// One obligation in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationRow {
    /// Such as `ICRMW-16.4`.
    pub provision: String,
    /// The instrument.
    pub instrument: String,
    /// The theme.
    pub theme: String,
    /// In force for the state since; null where nobody gave us the date.
    pub in_force_since: Option<String>,
    /// The strongest standing reservation that names it, or null.
    pub reservation: Option<ReservationAnswer>,
    /// A short name.
    pub label: String,
    /// Whom it protects.
    pub applies_to: String,
    /// Whether it can be graded.
    pub gradable: bool,
}

/// A reservation to an obligation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReservationAnswer {
    /// `excluded`, `modified` or `touched` (its effect was not read).
    #[schema(value_type = String)]
    pub effect: &'static str,
    /// The articles it names.
    pub articles: String,
    /// What it says, in our own words.
    pub gist: String,
    /// The article that forbids it, where there is one.
    pub forbidden_by: Option<String>,
}

impl ObligationRow {
    fn new(obligation: &Obligation<'_>) -> Self {
        let reservation = obligation.reservation.map(|reservation| ReservationAnswer {
            effect: reservation.effect.code(),
            articles: reservation.articles.clone(),
            gist: reservation.gist.clone(),
            forbidden_by: obligation.forbidden_by.map(str::to_owned),
        });
        let provision = obligation.provision;
        Self {
            provision: provision.id.to_string(),
            instrument: obligation.instrument.code.to_string(),
            theme: provision.theme.to_string(),
            in_force_since: obligation.in_force_since.map(|span| span.to_string()),
            reservation,
            label: provision.label.clone(),
            applies_to: provision.applies_to.clone(),
            gradable: obligation.is_gradable(),
        }
    }
}

impl ObligationsAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "provision",
        "instrument",
        "theme",
        "in_force_since",
        "reservation.effect",
        "reservation.articles",
        "reservation.gist",
        "label",
        "applies_to",
        "gradable",
    ];

    /// The obligations of one state, of one instrument or one theme where asked.
    #[must_use]
    pub fn of(
        reference: &Reference,
        world: &World,
        state: &StateCode,
        instrument: Option<&InstrumentCode>,
        theme: Option<&ThemeCode>,
        as_of: NaiveDate,
    ) -> Self {
        let acceptances = world.acceptances(reference, as_of);
        let wanted = reference
            .instruments()
            .iter()
            .filter(|i| instrument.is_none_or(|code| *code == i.code));
        let all = wanted.flat_map(|i| world.obligations(state, i, &acceptances, as_of));
        let of_theme = all.filter(|o| theme.is_none_or(|code| *code == o.provision.theme));
        let rows = of_theme.map(|obligation| ObligationRow::new(&obligation)).collect();
        Self {
            state: state.to_string(),
            as_of,
            obligations: rows,
        }
    }
}

/// Gaps of one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapsAnswer {
    /// The state.
    pub state: String,
    /// The date asked for.
    pub as_of: NaiveDate,
    /// How many are graded below full.
    pub known: usize,
    /// How many nobody can grade.
    pub no_information: usize,
    /// Known gaps first, gravest first; then those without information.
    pub gaps: Vec<GapRow>,
}

/// One gap.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapRow {
    /// The provision.
    pub provision: String,
    /// The instrument.
    pub instrument: String,
    /// The theme.
    pub theme: String,
    /// A short name.
    pub label: String,
    /// 0 to 3, or null where nobody can grade.
    pub grade: Option<u8>,
    /// The grade in words.
    #[schema(value_type = String)]
    pub grade_words: &'static str,
    /// `assessed` by a person, `suggested` by computation, or `no_information`.
    #[schema(value_type = String)]
    pub basis: &'static str,
    /// Whether strong evidence stands on both sides.
    pub contested: bool,
    /// How many pieces of evidence serve it.
    pub evidence: usize,
    /// Why it stays open, as found by persons.
    pub causes: Vec<CauseRow>,
}

/// One cause of a gap.
#[derive(Debug, Serialize, ToSchema)]
pub struct CauseRow {
    /// `resources`, `political_will`, `information`, `other` or `undetermined`.
    #[schema(value_type = String)]
    pub cause: &'static str,
    /// A subclass, or null.
    pub subcause: Option<String>,
    /// Per cent among the causes of this gap, or null.
    pub weight: Option<u8>,
    /// Why this cause.
    pub rationale: String,
}

impl CauseRow {
    fn new(finding: &CauseFinding) -> Self {
        Self {
            cause: finding.cause.code(),
            subcause: Some(finding.subcause.clone()).filter(|text| !text.is_empty()),
            weight: finding.weight,
            rationale: finding.rationale.clone(),
        }
    }
}

impl GapRow {
    fn new(picture: &ObligationPicture<'_>) -> Self {
        let provision = picture.obligation.provision;
        Self {
            provision: provision.id.to_string(),
            instrument: picture.obligation.instrument.code.to_string(),
            theme: provision.theme.to_string(),
            label: provision.label.clone(),
            grade: picture.standing.grade.map(|grade| grade.number()),
            grade_words: picture.standing.grade.map_or("no information", |grade| grade.words()),
            basis: picture.standing.basis.code(),
            contested: picture.standing.contested,
            evidence: picture.evidence.len(),
            causes: picture.causes.iter().map(|finding| CauseRow::new(finding)).collect(),
        }
    }
}

impl GapsAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "provision",
        "instrument",
        "theme",
        "grade",
        "grade_words",
        "basis",
        "contested",
        "evidence",
        "causes",
        "label",
    ];

    /// The gaps in a picture.
    #[must_use]
    pub fn of(state: &StateCode, picture: &StatePicture<'_>) -> Self {
        let mut gaps: Vec<&ObligationPicture<'_>> = picture.gaps().collect();
        // A stable sort: inside one grade the order of the instruments stays.
        gaps.sort_by_key(|gap| gap.standing.grade.map_or(u8::MAX, |grade| grade.number()));
        let known = gaps.iter().filter(|gap| gap.is_known_gap()).count();
        Self {
            state: state.to_string(),
            as_of: picture.as_of,
            known,
            no_information: gaps.len() - known,
            gaps: gaps.into_iter().map(GapRow::new).collect(),
        }
    }
}

/// Deadlines.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlinesAnswer {
    /// The date asked for.
    pub as_of: NaiveDate,
    /// Oldest first.
    pub deadlines: Vec<DeadlineRow>,
}

/// One report owed by one state by one date.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineRow {
    /// Who owes it.
    pub state: String,
    /// Under which instrument.
    pub instrument: String,
    /// `initial`, `periodic 2`, …
    pub report: String,
    /// By when.
    pub due: NaiveDate,
    /// Why that date, with its article.
    pub basis: String,
    /// The document that set it, or null.
    pub set_by: Option<String>,
    /// `upcoming`, `due`, `overdue`, `submitted` or `reviewed`.
    #[schema(value_type = String)]
    pub status: &'static str,
    /// Days from the date asked to the due date; negative once it has passed.
    pub days: i64,
    /// `set` by a treaty body, `statutory`, or `indicative` (no reporting history is held).
    #[schema(value_type = String)]
    pub certainty: &'static str,
    /// When it was submitted, or null.
    pub submitted: Option<String>,
    /// Symbol of the concluding observations, or null.
    pub concluding_observations: Option<String>,
}

impl From<Deadline> for DeadlineRow {
    fn from(deadline: Deadline) -> Self {
        Self {
            state: deadline.state.to_string(),
            instrument: deadline.instrument.to_string(),
            report: deadline.report,
            due: deadline.due,
            basis: deadline.basis,
            set_by: deadline.set_by,
            status: deadline.status.word(),
            days: deadline.days,
            certainty: deadline.certainty.word(),
            submitted: deadline.submitted.map(|date| date.to_string()),
            concluding_observations: deadline.concluding_observations,
        }
    }
}

impl DeadlinesAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "state",
        "instrument",
        "report",
        "due",
        "status",
        "days",
        "certainty",
        "set_by",
        "submitted",
        "concluding_observations",
        "basis",
    ];

    /// The deadlines of one state, or of all; only overdue ones where asked.
    #[must_use]
    pub fn of(
        reference: &Reference,
        world: &World,
        state: Option<&StateCode>,
        overdue: bool,
        as_of: NaiveDate,
    ) -> Self {
        let states = reference
            .states()
            .map(|s| &s.iso3)
            .filter(|code| state.is_none_or(|only| only == *code));
        let mut all: Vec<Deadline> = states
            .flat_map(|code| world.deadlines(reference, code, as_of))
            .collect();
        all.sort_by(|a, b| {
            (a.due, &a.state, &a.instrument, &a.report).cmp(&(b.due, &b.state, &b.instrument, &b.report))
        });
        let rows = all
            .into_iter()
            .map(DeadlineRow::from)
            .filter(|row| !overdue || row.status == "overdue");
        Self {
            as_of,
            deadlines: rows.collect(),
        }
    }
}

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
