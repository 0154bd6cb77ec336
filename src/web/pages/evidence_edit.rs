//! A piece of evidence is changed: the same form as for a new one, saved as the next revision. Where somebody else was
//! faster, both versions are put together and nothing typed is lost.

use super::evidence_form::{Look, Shown, saved, show, taken, with};
use super::evidence_merge::{self, Sent, Undecided};
use super::here::Here;
use super::mending::{invalid, note};
use super::obligation_history::names;
use crate::actions::ActionError;
use crate::actions::evidence::{EvidenceDraft, revise};
use crate::domain::ids::EvidenceId;
use crate::domain::reviews::ReviewStatus;
use crate::domain::summaries::StoredEvidence;
use crate::store::{evidence as store, reviews};
use crate::web::extract::{Allowed, FormWithFile, RecordFacts, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::forms::FieldErrors;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;

/// The item that is changed, with all its revisions.
pub(super) struct Held {
    /// Its identity.
    pub id: EvidenceId,
    /// Every revision, oldest first; at least one.
    pub revisions: Vec<StoredEvidence>,
    /// Its state.
    pub here: Here,
}

impl Held {
    async fn read(visit: &Visit, id: &str) -> Result<Self, Problem> {
        let missing = || Problem::not_found(format!("There is no evidence “{id}”."));
        let id: EvidenceId = id.parse().map_err(|_| missing())?;
        let revisions = store::revisions_of(&visit.app.db, id).await?;
        let state = revisions.first().ok_or_else(missing)?.evidence.state.clone();
        let here = Here::read(&visit.app, state.as_str(), "").await?;
        Ok(Self { id, revisions, here })
    }

    /// The latest revision.
    pub(super) fn latest(&self) -> &StoredEvidence {
        // There is at least one: `read` has seen it.
        &self.revisions[self.revisions.len() - 1]
    }

    /// The revision of that number.
    pub(super) fn revision(&self, number: &str) -> Option<&StoredEvidence> {
        self.revisions
            .iter()
            .find(|one| one.revision.to_string() == number.trim())
    }
}

/// Why nothing can be written now.
const WAITS: &str = "The latest revision waits for review. Its author can take it back, or a reviewer can return it; then it can be changed.";

/// The form, filled from the latest revision.
pub(in crate::web) async fn form(
    visit: Visit,
    _: Allowed<RecordFacts>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let held = Held::read(&visit, &id).await?;
    let latest = held.latest();
    if !latest.status.is_open_to_change() {
        return Err(Problem::Rejected(StatusCode::CONFLICT, WAITS.to_owned()));
    }
    let mut draft = EvidenceDraft::of(&latest.evidence);
    draft.seen = latest.revision.to_string();
    let before = draft.symbol.clone();
    let errors = FieldErrors::default();
    again(&visit, &held, StatusCode::OK, (&draft, &before), None, errors).await
}

/// Saves the next revision; or shows the form again; or both versions, to be put together.
pub(in crate::web) async fn save(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
    whole: FormWithFile<Sent>,
) -> Result<Response, Problem> {
    let held = Held::read(&visit, &id).await?;
    let sent = whole.fields.clone();
    let (mut draft, key, unkept) = taken(whole);
    let mut before = sent.symbol_read();
    draft.state = held.here.state.iso3.to_string();
    if look.only() {
        let (read, errors) = look.fill_in(&mut draft, &held.here, &mut before);
        let shown = (&draft, before.as_str());
        return again(&visit, &held, StatusCode::OK, shown, read, with(errors, unkept)).await;
    }
    if unkept.is_some() {
        let errors = with(FieldErrors::default(), unkept);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return again(&visit, &held, status, (&draft, &before), None, errors).await;
    }
    if sent.is_merge() {
        let undecided = sent.decide(&held, &mut draft);
        if !undecided.is_empty() {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let names = names(&visit).await?;
            return evidence_merge::show(&visit, &held, status, &sent, &draft, &undecided, &names);
        }
    }
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let reference = &held.here.shelf.reference;
    match revise(&visit.app.db, reference, doing, held.id, &draft).await {
        Ok(_) => {
            let to = links::evidence(&held.id).with("done", saved(&draft).code());
            visit.arrive(&key, to).await
        }
        Err(ActionError::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            again(&visit, &held, status, (&draft, &before), None, invalid(errors)).await
        }
        Err(ActionError::Conflict(why)) => {
            // Somebody may have been faster than the first reading.
            let held = Held::read(&visit, &id).await?;
            if held.latest().revision.to_string() == draft.seen.trim() {
                let shown = (&draft, before.as_str());
                return again(&visit, &held, StatusCode::CONFLICT, shown, None, note(why)).await;
            }
            let (undecided, names) = (Undecided::default(), names(&visit).await?);
            evidence_merge::show(&visit, &held, StatusCode::CONFLICT, &sent, &draft, &undecided, &names)
        }
        Err(other) => Err(other.into()),
    }
}

async fn again(
    visit: &Visit,
    held: &Held,
    status: StatusCode,
    (draft, symbol_read): (&EvidenceDraft, &str),
    read: Option<String>,
    errors: FieldErrors,
) -> Result<Response, Problem> {
    let (title, latest) = (&held.latest().evidence.title, held.latest());
    let mut lede = "What is accepted stays as it is and counts until this change is accepted.".to_owned();
    if matches!(latest.status, ReviewStatus::Returned | ReviewStatus::Rejected) {
        let steps = reviews::of(&visit.app.db, held.id).await?;
        let last = steps.iter().rfind(|step| step.revision == latest.revision);
        if let Some(step) = last.filter(|step| !step.remark.is_empty()) {
            let by = names(visit).await?.of(&step.by);
            lede = format!("{by} sent it back: “{}” {lede}", step.remark);
        }
    }
    let shown = Shown {
        action: links::edit_evidence(&held.id),
        back: links::evidence(&held.id),
        title: format!("Change “{title}”"),
        lede,
        draft,
        symbol_read,
        read,
        errors,
    };
    show(visit, &held.here, status, shown).await
}
