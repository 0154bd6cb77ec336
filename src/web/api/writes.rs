//! Writes: the same actions as the forms. Only JSON is taken, which no other site can send unseen.

use crate::actions::assessments::AssessmentDraft;
use crate::actions::causes::CauseDraft;
use crate::actions::evidence::EvidenceDraft;
use crate::actions::participation::TreatyActionDraft;
use crate::actions::reports::ReportDraft;
use crate::actions::{
    ActionError, assessments as assess, causes as cause, evidence as add, participation as treaty, reports as report,
};
use crate::export::evidence::ServedAnswer;
use crate::store::evidence as store;
use crate::web::app_state::AppState;
use crate::web::extract::{Allowed, Assess, Draft, FormKey, RecordFacts};
use crate::web::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// The identity of what was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Written {
    /// Its identity.
    id: String,
}

impl From<ActionError> for Problem {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Store(store) => store.into(),
            ActionError::Unknown(unknown) => unknown.into(),
            ActionError::Conflict(why) => Self::Rejected(StatusCode::CONFLICT, why),
            invalid @ ActionError::Invalid(_) => Self::Invalid(invalid.to_string()),
        }
    }
}

pub(super) type Created<T> = Result<(StatusCode, Json<T>), Problem>;

pub(super) fn created<T>(body: T) -> (StatusCode, Json<T>) {
    (StatusCode::CREATED, Json(body))
}

/// Add evidence, as a draft (`then`: `draft`) or handed in for review. The same `key` twice makes one item. It serves the
/// obligations in the answer as soon as somebody else has accepted it.
#[utoipa::path(post, path = "/api/v1/evidence", tag = "findings", request_body = EvidenceDraft, security(("token" = [])), responses((status = 201, body = ServedAnswer), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn evidence(
    State(app): State<AppState>,
    allowed: Allowed<RecordFacts>,
    key: FormKey,
    Draft(draft): Draft<EvidenceDraft>,
) -> Created<ServedAnswer> {
    let shelf = app.shelf().await?;
    let doing = allowed.doing(&app.clock, &key)?;
    let id = add::add(&app.db, &shelf.reference, doing, &draft).await?;
    let stored = store::latest(&app.db, id).await?.ok_or(Problem::Internal)?;
    Ok(created(ServedAnswer::of(
        &shelf.reference,
        &shelf.world,
        &stored,
        doing.today(),
    )))
}

/// Grade an obligation. `seen` is the identity of the grade that stood when you decided, empty where none did, or `any`.
#[utoipa::path(post, path = "/api/v1/assessments", tag = "findings", request_body = AssessmentDraft, security(("token" = [])), responses((status = 201, body = Written), (status = 401), (status = 403), (status = 409), (status = 422)))]
pub(super) async fn assessments(
    State(app): State<AppState>,
    allowed: Allowed<Assess>,
    key: FormKey,
    Draft(draft): Draft<AssessmentDraft>,
) -> Created<Written> {
    let shelf = app.shelf().await?;
    let doing = allowed.doing(&app.clock, &key)?;
    let id = assess::assess(&app.db, &shelf, doing, &draft).await?;
    Ok(created(Written { id: id.to_string() }))
}

/// Say why a gap stays open.
#[utoipa::path(post, path = "/api/v1/causes", tag = "findings", request_body = CauseDraft, security(("token" = [])), responses((status = 201, body = Written), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn causes(
    State(app): State<AppState>,
    allowed: Allowed<Assess>,
    key: FormKey,
    Draft(draft): Draft<CauseDraft>,
) -> Created<Written> {
    let shelf = app.shelf().await?;
    let doing = allowed.doing(&app.clock, &key)?;
    let id = cause::record(&app.db, &shelf, doing, &draft).await?;
    Ok(created(Written { id: id.to_string() }))
}

/// Record a treaty action.
#[utoipa::path(post, path = "/api/v1/participation", tag = "law", request_body = TreatyActionDraft, security(("token" = [])), responses((status = 201, body = Written), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn participation(
    State(app): State<AppState>,
    allowed: Allowed<RecordFacts>,
    key: FormKey,
    Draft(draft): Draft<TreatyActionDraft>,
) -> Created<Written> {
    let shelf = app.shelf().await?;
    let doing = allowed.doing(&app.clock, &key)?;
    let action = treaty::record(&app.db, &shelf, doing, &draft).await?;
    Ok(created(Written {
        id: format!("{}/{}/{}", draft.state, draft.instrument, action.period),
    }))
}

/// Record news of a report: submitted, due date set, concluding observations.
#[utoipa::path(post, path = "/api/v1/reports", tag = "calendar", request_body = ReportDraft, security(("token" = [])), responses((status = 201, body = Written), (status = 401), (status = 403), (status = 422)))]
pub(super) async fn reports(
    State(app): State<AppState>,
    allowed: Allowed<RecordFacts>,
    key: FormKey,
    Draft(draft): Draft<ReportDraft>,
) -> Created<Written> {
    let shelf = app.shelf().await?;
    let doing = allowed.doing(&app.clock, &key)?;
    let record = report::record(&app.db, &shelf, doing, &draft).await?;
    Ok(created(Written {
        id: format!("{}/{}/{}", draft.state, draft.instrument, record.cycle),
    }))
}
