//! The search over HTTP: the answer of the page.

use crate::domain::reference::read_day;
use crate::domain::search::{EntryKind, Query};
use crate::domain::texts::shown;
use crate::export::search::{KindCount, SearchAnswer, SearchRow};
use crate::export::tables;
use crate::store::search::{self as store, MOST, Wanted};
use crate::web::app_state::AppState;
use crate::web::pages::search::ROWS;
use crate::web::pages::search_parts as parts;
use crate::web::problem::Problem;
use axum::Json;
use axum::extract::{Query as Address, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

/// What a search takes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Words, "phrases", -excluded, beginnings*
    #[param(required = true)]
    q: String,
    /// `evidence`, `provision` or `recommendation`
    #[param(required = false)]
    kind: String,
    /// State, by code (MLI) or name
    #[param(required = false)]
    state: String,
    /// Theme, by code (T08)
    #[param(required = false)]
    theme: String,
    /// Instrument, by code (ICRMW)
    #[param(required = false)]
    instrument: String,
    /// The date, YYYY-MM-DD; today where none is given
    #[param(required = false)]
    as_of: String,
    /// Which page of 25 results, from 1
    #[param(required = false)]
    page: String,
    /// `json` or `csv`
    #[param(required = false)]
    format: String,
}

/// Search over evidence, provisions and recommendations.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(Asked), responses((status = 200, body = SearchAnswer)))]
pub(super) async fn search(State(app): State<AppState>, Address(asked): Address<Asked>) -> Result<Response, Problem> {
    let shelf = app.shelf().await?;
    let (query, kind) = (Query::read(&asked.q), parts::kind(&asked.kind)?);
    if !query.asks() {
        let why = "Say what to look for: add ?q=… with a word that has to be there";
        return Err(Problem::Unreadable(why.to_owned()));
    }
    let narrowing = parts::narrowing(&shelf.reference, &asked.state, &asked.theme, &asked.instrument)?;
    let as_of = match asked.as_of.trim() {
        "" => app.clock.today(),
        text => read_day(text).map_err(Problem::Unreadable)?,
    };
    let page = match asked.page.trim() {
        "" => 1,
        text => text
            .parse::<usize>()
            .ok()
            .filter(|number| (1..=MOST).contains(number))
            .ok_or_else(|| {
                let text = shown(text);
                Problem::Unreadable(format!(
                    "“{text}” is not the number of a page: write one from 1 to {MOST}"
                ))
            })?,
    };
    let wanted = Wanted {
        kind,
        as_of,
        from: (page - 1) * ROWS,
        many: ROWS,
    };
    let found = store::find(&app.db, &query, &narrowing, wanted).await?;
    let row = |hit: &store::Hit| SearchRow {
        kind: hit.kind.code(),
        key: hit.key.clone(),
        state: hit.state.clone(),
        theme: hit.theme.clone(),
        dated: hit.dated.clone(),
        title: hit.title.clone(),
        text: hit.body.clone(),
        address: parts::address(&shelf.reference, hit).to_string(),
    };
    let counts = EntryKind::ALL.iter().map(|kind| {
        let number = found.counts.get(kind).copied().unwrap_or(0);
        KindCount {
            kind: kind.code(),
            count: number.min(MOST),
            more: number > MOST,
        }
    });
    let answer = SearchAnswer {
        query: query.typed.clone(),
        as_of: as_of.to_string(),
        counts: counts.collect(),
        page,
        pages: found.ranked.div_ceil(ROWS),
        results: found.hits.iter().map(row).collect(),
    };
    match asked.format.as_str() {
        "" | "json" => Ok(Json(answer).into_response()),
        "csv" => {
            let bytes = tables::csv(SearchAnswer::COLUMNS, &answer.results).map_err(|error| {
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
