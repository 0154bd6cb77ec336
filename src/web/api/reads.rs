//! Questions. Each takes `format=json` (the default) or `format=csv`.

use crate::actions::causes::suggesting;
use crate::domain::reference::{Unknown, read_day};
use crate::domain::summaries::StatePicture;
use crate::domain::texts::shown;
use crate::domain::users::Permission;
use crate::export::causes::CausesAnswer;
use crate::export::deadlines::DeadlinesAnswer;
use crate::export::evidence::{EvidenceAnswer, ServedAnswer};
use crate::export::gaps::GapsAnswer;
use crate::export::obligations::ObligationsAnswer;
use crate::export::participation::ParticipationAnswer;
use crate::export::reference::{InstrumentAnswer, StateAnswer, ThemeAnswer};
use crate::export::tables;
use crate::store::{evidence as store, findings};
use crate::web::app_state::AppState;
use crate::web::extract::Actor;
use crate::web::problem::Problem;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// What a question takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// State, by code (MLI) or name
    #[param(required = false)]
    state: String,
    /// Instrument, by code (ICRMW)
    #[param(required = false)]
    instrument: String,
    /// Theme, by code (T08)
    #[param(required = false)]
    theme: String,
    /// The date, YYYY-MM-DD; today where none is given
    #[param(required = false)]
    as_of: String,
    /// Only what is overdue
    #[param(required = false)]
    overdue: bool,
    /// `json` or `csv`
    #[param(required = false)]
    format: String,
}

impl From<Unknown> for Problem {
    fn from(unknown: Unknown) -> Self {
        Self::NotFound {
            what: unknown.to_string(),
            suggestions: Vec::new(),
        }
    }
}

impl Asked {
    fn date(&self, app: &AppState) -> Result<NaiveDate, Problem> {
        match self.as_of.trim() {
            "" => Ok(app.clock.today()),
            text => read_day(text).map_err(Problem::Unreadable),
        }
    }

    fn given<'a, T>(
        &self,
        text: &str,
        find: impl FnOnce(&str) -> Result<&'a T, Unknown>,
    ) -> Result<Option<&'a T>, Problem> {
        if text.trim().is_empty() {
            Ok(None)
        } else {
            Ok(Some(find(text)?))
        }
    }

    fn answer<A: Serialize, R: Serialize>(&self, whole: &A, columns: &[&str], rows: &[R]) -> Result<Response, Problem> {
        match self.format.as_str() {
            "" | "json" => Ok(Json(whole).into_response()),
            "csv" => {
                let bytes = tables::csv(columns, rows).map_err(|error| {
                    tracing::error!(%error, "a table could not be written");
                    Problem::Internal
                })?;
                Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], bytes).into_response())
            }
            other => Err(Problem::Unreadable(format!(
                "“{}” is not a format: json or csv",
                shown(other)
            ))),
        }
    }
}

/// The day of a question about one thing.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OnDay {
    /// The date, YYYY-MM-DD; today where none is given
    #[param(required = false)]
    as_of: String,
}

fn needed(what: &str) -> Problem {
    Problem::Unreadable(format!("Say which {what}: add ?{what}=…"))
}

/// All states.
#[utoipa::path(get, path = "/api/v1/states", tag = "reference", responses((status = 200, body = Vec<StateAnswer>)))]
pub(super) async fn states(State(app): State<AppState>) -> Result<Json<Vec<StateAnswer>>, Problem> {
    Ok(Json(
        app.shelf().await?.reference.states().map(StateAnswer::from).collect(),
    ))
}

/// All instruments with their rules in words.
#[utoipa::path(get, path = "/api/v1/instruments", tag = "reference", responses((status = 200, body = Vec<InstrumentAnswer>)))]
pub(super) async fn instruments(State(app): State<AppState>) -> Result<Json<Vec<InstrumentAnswer>>, Problem> {
    Ok(Json(
        app.shelf()
            .await?
            .reference
            .instruments()
            .iter()
            .map(InstrumentAnswer::from)
            .collect(),
    ))
}

/// All themes.
#[utoipa::path(get, path = "/api/v1/themes", tag = "reference", responses((status = 200, body = Vec<ThemeAnswer>)))]
pub(super) async fn themes(State(app): State<AppState>) -> Result<Json<Vec<ThemeAnswer>>, Problem> {
    Ok(Json(
        app.shelf().await?.reference.themes().map(ThemeAnswer::from).collect(),
    ))
}

/// Status of a state towards instruments, or of all states towards one.
#[utoipa::path(get, path = "/api/v1/participation", tag = "law", params(Asked), responses((status = 200, body = ParticipationAnswer)))]
pub(super) async fn participation(
    State(app): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (shelf, as_of) = (app.shelf().await?, asked.date(&app)?);
    let (reference, world) = (&shelf.reference, &shelf.world);
    let instrument = asked.given(&asked.instrument, |text| reference.find_instrument(text))?;
    let state = asked.given(&asked.state, |text| reference.find_state(text))?;
    let found = match (state, instrument) {
        (Some(state), only) => {
            ParticipationAnswer::of_state(reference, world, &state.iso3, only.map(|i| &i.code), as_of)
        }
        (None, Some(instrument)) => ParticipationAnswer::of_instrument(reference, world, instrument, as_of),
        (None, None) => return Err(needed("state")),
    };
    asked.answer(&found, ParticipationAnswer::COLUMNS, &found.participation)
}

/// Obligations in force for a state.
#[utoipa::path(get, path = "/api/v1/obligations", tag = "law", params(Asked), responses((status = 200, body = ObligationsAnswer)))]
pub(super) async fn obligations(State(app): State<AppState>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (shelf, as_of) = (app.shelf().await?, asked.date(&app)?);
    let reference = &shelf.reference;
    let state = asked
        .given(&asked.state, |text| reference.find_state(text))?
        .ok_or_else(|| needed("state"))?;
    let instrument = asked
        .given(&asked.instrument, |text| reference.find_instrument(text))?
        .map(|i| &i.code);
    let theme = asked
        .given(&asked.theme, |text| reference.find_theme(text))?
        .map(|t| &t.code);
    let found = ObligationsAnswer::of(reference, &shelf.world, &state.iso3, instrument, theme, as_of);
    asked.answer(&found, ObligationsAnswer::COLUMNS, &found.obligations)
}

/// Gaps of a state: graded below full, or that nobody can grade.
#[utoipa::path(get, path = "/api/v1/gaps", tag = "findings", params(Asked), responses((status = 200, body = GapsAnswer)))]
pub(super) async fn gaps(State(app): State<AppState>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (shelf, as_of) = (app.shelf().await?, asked.date(&app)?);
    let state = asked
        .given(&asked.state, |text| shelf.reference.find_state(text))?
        .ok_or_else(|| needed("state"))?;
    let findings = findings::of_state(&app.db, &state.iso3).await?;
    let picture = StatePicture::of(&shelf.reference, &shelf.world, &findings, &state.iso3, as_of);
    let suggested = suggesting::of_state(&app.db, &state.iso3, &picture).await?;
    let found = GapsAnswer::of(&state.iso3, &picture, &suggested);
    asked.answer(&found, GapsAnswer::COLUMNS, &found.gaps)
}

/// Why the gaps of a state stay open: what persons found, and beside it what signs suggest, each sign with its source.
#[utoipa::path(get, path = "/api/v1/causes", tag = "findings", params(Asked), responses((status = 200, body = CausesAnswer)))]
pub(super) async fn causes(State(app): State<AppState>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (shelf, as_of) = (app.shelf().await?, asked.date(&app)?);
    let reference = &shelf.reference;
    let state = asked
        .given(&asked.state, |text| reference.find_state(text))?
        .ok_or_else(|| needed("state"))?;
    let theme = asked.given(&asked.theme, |text| reference.find_theme(text))?;
    let findings = findings::of_state(&app.db, &state.iso3).await?;
    let picture = StatePicture::of(reference, &shelf.world, &findings, &state.iso3, as_of);
    let suggested = suggesting::of_state(&app.db, &state.iso3, &picture).await?;
    let found = CausesAnswer::of(&state.iso3, &picture, &suggested, theme.map(|theme| &theme.code));
    asked.answer(&found, CausesAnswer::COLUMNS, &found.causes)
}

/// Reports due: past ones and the next, of one state or of all.
#[utoipa::path(get, path = "/api/v1/deadlines", tag = "calendar", params(Asked), responses((status = 200, body = DeadlinesAnswer)))]
pub(super) async fn deadlines(State(app): State<AppState>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (shelf, as_of) = (app.shelf().await?, asked.date(&app)?);
    let state = asked.given(&asked.state, |text| shelf.reference.find_state(text))?;
    let found = DeadlinesAnswer::of(
        &shelf.reference,
        &shelf.world,
        state.map(|s| &s.iso3),
        asked.overdue,
        as_of,
    );
    asked.answer(&found, DeadlinesAnswer::COLUMNS, &found.deadlines)
}

/// Evidence on a state.
#[utoipa::path(get, path = "/api/v1/evidence", tag = "findings", params(Asked), responses((status = 200, body = EvidenceAnswer)))]
pub(super) async fn evidence(State(app): State<AppState>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = app.shelf().await?;
    let state = asked
        .given(&asked.state, |text| shelf.reference.find_state(text))?
        .ok_or_else(|| needed("state"))?;
    let as_of = asked.date(&app)?;
    let mut evidence = store::of_state(&app.db, &state.iso3).await?;
    evidence.retain(|item| item.known_on(as_of));
    let found = EvidenceAnswer::of(&state.iso3, &evidence);
    asked.answer(&found, EvidenceAnswer::COLUMNS, &found.evidence)
}

/// One piece of evidence and the obligations in force that it serves. What nobody has accepted yet is shown only to who may
/// record.
#[utoipa::path(get, path = "/api/v1/evidence/{id}", tag = "findings", params(("id" = String, Path), OnDay), responses((status = 200, body = ServedAnswer), (status = 404)))]
pub(super) async fn evidence_item(
    State(app): State<AppState>,
    actor: Actor,
    Path(id): Path<String>,
    Query(day): Query<OnDay>,
) -> Result<Json<ServedAnswer>, Problem> {
    let asked = Asked {
        as_of: day.as_of,
        ..Asked::default()
    };
    let as_of = asked.date(&app)?;
    let missing = || Problem::not_found(format!("There is no evidence “{id}”."));
    let revisions = store::revisions_of(&app.db, id.parse().map_err(|_| missing())?).await?;
    let insider = actor.may(Permission::RecordFacts) && asked.as_of.trim().is_empty();
    let known = revisions.iter().rev().find(|one| one.known_on(as_of));
    let stored = known.or(revisions.last().filter(|_| insider)).ok_or_else(missing)?;
    let shelf = app.shelf().await?;
    Ok(Json(ServedAnswer::of(&shelf.reference, &shelf.world, stored, as_of)))
}
