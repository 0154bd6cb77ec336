//! Evidence on its way through review: its revisions, a change, and what a reviewer decides.

use super::writes::{Created, created};
use crate::actions::evidence::{EvidenceDraft, revise};
use crate::actions::reviews::{ReviewDraft, review as decide};
use crate::domain::ids::EvidenceId;
use crate::domain::summaries::StoredEvidence;
use crate::export::evidence::{RevisionAnswer, RevisionRow};
use crate::store::{evidence as store, reviews};
use crate::web::app_state::AppState;
use crate::web::extract::{Allowed, Draft, FormKey, RecordFacts, Review};
use crate::web::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("There is no evidence “{id}”."))
}

async fn answer(app: &AppState, id: EvidenceId) -> Result<RevisionAnswer, Problem> {
    let all = store::revisions_of(&app.db, id).await?;
    if all.is_empty() {
        return Err(missing(&id.to_string()));
    }
    let (digests, steps) = (store::digests_of(&app.db, id).await?, reviews::of(&app.db, id).await?);
    let row = |one: &StoredEvidence| {
        let sha256 = digests.get(&one.revision).cloned().unwrap_or_default();
        RevisionRow::new(one, sha256, &steps)
    };
    Ok(RevisionAnswer {
        id: id.to_string(),
        revisions: all.iter().map(row).collect(),
    })
}

/// Every revision of one piece of evidence with its review, oldest first. Only for who may record.
#[utoipa::path(get, path = "/api/v1/evidence/{id}/revisions", tag = "findings", params(("id" = String, Path)), security(("token" = [])), responses((status = 200, body = RevisionAnswer), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn revisions(
    State(app): State<AppState>,
    _: Allowed<RecordFacts>,
    Path(id): Path<String>,
) -> Result<Json<RevisionAnswer>, Problem> {
    let found = id.parse().map_err(|_| missing(&id))?;
    answer(&app, found).await.map(Json)
}

/// Change a piece of evidence: its next revision, as a draft (`then`: `draft`) or handed in for review. `seen` is the number
/// of the revision that you read; where somebody wrote another meanwhile, the answer is 409: read it and put both together.
#[utoipa::path(post, path = "/api/v1/evidence/{id}/revisions", tag = "findings", params(("id" = String, Path)), request_body = EvidenceDraft, security(("token" = [])), responses((status = 201, body = RevisionAnswer), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(super) async fn revised(
    State(app): State<AppState>,
    allowed: Allowed<RecordFacts>,
    key: FormKey,
    Path(id): Path<String>,
    Draft(mut draft): Draft<EvidenceDraft>,
) -> Created<RevisionAnswer> {
    let shelf = app.shelf().await?;
    let found: EvidenceId = id.parse().map_err(|_| missing(&id))?;
    let held = store::latest(&app.db, found).await?.ok_or_else(|| missing(&id))?;
    if draft.state.trim().is_empty() {
        draft.state = held.evidence.state.to_string();
    }
    let doing = allowed.doing(&app.clock, &key)?;
    revise(&app.db, &shelf.reference, doing, found, &draft).await?;
    Ok(created(answer(&app, found).await?))
}

/// Take one step of review with one or more items, written as `identity@revision`: all of them, or none.
#[utoipa::path(post, path = "/api/v1/reviews", tag = "findings", request_body = ReviewDraft, security(("token" = [])), responses((status = 201, body = Vec<String>, description = "The items that were decided"), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn review(
    State(app): State<AppState>,
    allowed: Allowed<Review>,
    key: FormKey,
    Draft(draft): Draft<ReviewDraft>,
) -> Created<Vec<String>> {
    let done = decide(&app.db, allowed.doing(&app.clock, &key)?, &draft).await?;
    let items = done.iter().map(|one| format!("{}@{}", one.id, one.revision));
    Ok(created(items.collect()))
}
