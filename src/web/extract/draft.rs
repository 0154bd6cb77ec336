//! What a program sends to be written: one JSON object with the fields of a draft and no others.

use crate::actions::drafts;
use crate::web::app_state::AppState;
use crate::web::problem::Problem;
use axum::Json;
use axum::extract::{FromRequest, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A draft, read strictly.
#[derive(Debug, Clone)]
pub struct Draft<T>(pub T);

impl<T: DeserializeOwned + Serialize + Default> FromRequest<AppState> for Draft<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Problem> {
        let sent = Json::<Value>::from_request(request, app).await;
        let Json(sent) = sent.map_err(|rejection| Problem::of_status(rejection.status(), rejection.body_text()))?;
        drafts::read(sent).map(Self).map_err(Problem::Invalid)
    }
}
