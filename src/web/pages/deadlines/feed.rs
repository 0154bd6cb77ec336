//! The calendar as a feed, with the filters of the page: a calendar program asks for it again every day.

use super::chosen::{Asked, Chosen};
use super::{lookup, of_everybody};
use crate::domain::deadlines::Deadline;
use crate::export::ics::{Feed, feed};
use crate::store::library::Shelf;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Of the world: firm dates, unless the address asks for others.
pub(in crate::web) async fn world(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let chosen = Chosen::read(&asked, &shelf.reference, "all", "firm")?;
    let name = match &chosen.instrument {
        Some(code) => format!("Reports under the {code}"),
        None => "Reports to treaty bodies".to_owned(),
    };
    let name = match chosen.region.as_str() {
        "" => name,
        region => format!("{name}, {region}"),
    };
    Ok(answer(
        &visit,
        &shelf,
        &chosen,
        &of_everybody(&shelf, &day),
        (&name, day),
    ))
}

/// Of one state.
pub(in crate::web) async fn state(
    visit: Visit,
    Path(text): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let state = lookup::state(&shelf.reference, &text, links::state_deadlines_feed)?;
    let chosen = Chosen::read(&asked, &shelf.reference, "all", "firm")?;
    let all = shelf.world.deadlines(&shelf.reference, &state.iso3, day.date);
    let name = format!("Reports of {}", state.name.en);
    Ok(answer(&visit, &shelf, &chosen, &all, (&name, day)))
}

fn answer(
    visit: &Visit,
    shelf: &Shelf,
    chosen: &Chosen,
    all: &[Deadline],
    (name, day): (&str, lookup::Day),
) -> Response {
    let about = Feed {
        name,
        as_of: day.date,
        base: visit.app.config.base_url.trim_end_matches('/'),
    };
    let kept = all.iter().filter(|one| chosen.keeps(&shelf.reference, one));
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"deadlines.ics\""),
    ];
    (headers, feed(&about, &shelf.reference, kept)).into_response()
}
