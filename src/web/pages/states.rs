//! Every state: sought by name, filtered by region, sorted by what binds it.

use super::downloads;
use super::lookup::{self, Day};
use crate::domain::deadlines::DeadlineStatus;
use crate::domain::obligations::Acceptances;
use crate::domain::participation::Status;
use crate::domain::reference::State;
use crate::export::tables::{Cell, Table};
use crate::store::library::Shelf;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Column, Empty, downloads as files};
use crate::web::view::states::{StateRow, States};
use crate::web::view::words::{count, figure};
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Filters of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    region: String,
    sort: String,
    as_of: String,
}

impl Asked {
    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || !self.region.is_empty()
    }

    /// The table with these filters, not sorted.
    fn page(&self, day: Day) -> Link {
        day.keep(self.address())
    }

    fn address(&self) -> Link {
        let page = links::states().with_some("q", Some(self.q.trim()));
        page.with_some("region", Some(&self.region))
    }

    fn fits(&self, state: &State) -> bool {
        let sought = self.q.trim().to_lowercase();
        let named = sought.is_empty()
            || state.iso3.as_str().to_lowercase() == sought
            || state
                .name
                .all()
                .iter()
                .any(|name| name.to_lowercase().contains(&sought));
        named && (self.region.is_empty() || state.region == self.region)
    }
}

/// What binds one state.
struct Line<'a> {
    state: &'a State,
    treaties: usize,
    obligations: usize,
    overdue: usize,
}

const COLUMNS: [&str; 6] = [
    "Code",
    "State",
    "Region",
    "Treaties in force",
    "Obligations",
    "Reports overdue",
];

/// The table; a search that finds one state leads to it.
pub(in crate::web) async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let found: Vec<&State> = shelf.reference.states().filter(|state| asked.fits(state)).collect();
    if let Some(only) = the_one(&shelf, &asked, &found) {
        return Ok(Redirect::to(day.keep(links::state(&only.iso3)).as_str()).into_response());
    }
    let lines = sorted(lines(&shelf, &found, day), &asked.sort);
    let caption = count(lines.len(), "state", "states");
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&lines, format!("{caption} on {}", day.date)));
    }
    let mut page = visit.page("States", Section::States);
    page.sought = asked.q.trim().to_owned();
    page.footer.standing = format!("As of {}.", day.date);
    visit.show(&page, &view(&shelf, &asked, day, &lines, caption))
}

/// The state that was sought, where there is no doubt: named in full, or the only one that fits.
fn the_one<'a>(shelf: &'a Shelf, asked: &Asked, found: &[&'a State]) -> Option<&'a State> {
    if asked.q.trim().is_empty() {
        return None;
    }
    let named = shelf.reference.find_state(&asked.q).ok();
    named.or(match found {
        [only] => Some(*only),
        _ => None,
    })
}

fn lines<'a>(shelf: &'a Shelf, found: &[&'a State], day: Day) -> Vec<Line<'a>> {
    let acceptances = shelf.world.acceptances(&shelf.reference, day.date);
    found
        .iter()
        .map(|state| line(shelf, state, &acceptances, day))
        .collect()
}

fn line<'a>(shelf: &'a Shelf, state: &'a State, acceptances: &Acceptances, day: Day) -> Line<'a> {
    let (reference, world, code) = (&shelf.reference, &shelf.world, &state.iso3);
    let is_party = |status| status == Status::Party;
    let bound: Vec<_> = reference
        .instruments()
        .iter()
        .filter(|instrument| is_party(world.participation(code, instrument, day.date).status))
        .collect();
    let obligations = bound
        .iter()
        .flat_map(|instrument| world.obligations(code, instrument, acceptances, day.date));
    let deadlines = world.deadlines(reference, code, day.date);
    Line {
        state,
        treaties: bound.len(),
        obligations: obligations.filter(|obligation| obligation.binds()).count(),
        overdue: deadlines
            .iter()
            .filter(|one| one.status == DeadlineStatus::Overdue)
            .count(),
    }
}

fn sorted<'a>(mut lines: Vec<Line<'a>>, by: &str) -> Vec<Line<'a>> {
    lines.sort_by(|a, b| a.state.name.en.cmp(&b.state.name.en));
    let (key, down) = by.strip_prefix('-').map_or((by, false), |key| (key, true));
    match key {
        "region" => lines.sort_by(|a, b| a.state.region.cmp(&b.state.region)),
        "treaties" => lines.sort_by_key(|line| line.treaties),
        "obligations" => lines.sort_by_key(|line| line.obligations),
        "overdue" => lines.sort_by_key(|line| line.overdue),
        _ => {}
    }
    if down {
        lines.reverse();
    }
    lines
}

fn table(lines: &[Line<'_>], caption: String) -> Table {
    let row = |line: &Line<'_>| {
        vec![
            Cell::from(line.state.iso3.as_str()),
            line.state.name.en.as_str().into(),
            line.state.region.as_str().into(),
            Cell::count(line.treaties),
            Cell::count(line.obligations),
            Cell::count(line.overdue),
        ]
    };
    Table::new(caption, &COLUMNS, lines.iter().map(row))
}

fn view(shelf: &Shelf, asked: &Asked, day: Day, lines: &[Line<'_>], caption: String) -> States {
    let (here, treaties) = (asked.page(day), shelf.reference.instruments().len());
    let sort = if asked.sort.is_empty() { "name" } else { &asked.sort };
    let column = |text, key| Column::sortable(text, key, &here, sort);
    States {
        answer: answer(shelf, asked, day, lines),
        as_of: day.note(asked.address()),
        filters: filters(shelf, asked, day),
        caption,
        columns: vec![
            column("State", "name"),
            column("Region", "region"),
            column("Treaties in force", "treaties").numeric(),
            column("Obligations", "obligations").numeric(),
            column("Reports overdue", "overdue").numeric(),
        ],
        rows: lines.iter().map(|line| row(line, treaties, day)).collect(),
        downloads: files(&here.clone().with_some("sort", Some(&asked.sort))),
        empty: empty(asked, day),
        nearest: if lines.is_empty() {
            nearest(shelf, asked, day)
        } else {
            Vec::new()
        },
    }
}

fn row(line: &Line<'_>, treaties: usize, day: Day) -> StateRow {
    StateRow {
        name: Anchor::new(&line.state.name.en, day.keep(links::state(&line.state.iso3))),
        code: line.state.iso3.to_string(),
        region: line.state.region.clone(),
        instruments: format!("{} of {treaties}", line.treaties),
        obligations: figure(line.obligations),
        overdue: figure(line.overdue),
    }
}

fn answer(shelf: &Shelf, asked: &Asked, day: Day, lines: &[Line<'_>]) -> String {
    let (total, treaties) = (shelf.reference.states().count(), shelf.reference.instruments().len());
    if lines.is_empty() {
        return format!("None of the {total} states fits.");
    }
    let whole: usize = lines.iter().map(|line| line.treaties).sum();
    let obligations: usize = lines.iter().map(|line| line.obligations).sum();
    let overdue: usize = lines.iter().map(|line| line.overdue).sum();
    let who = if asked.is_filtered() {
        format!("{} of {total} states fit; between them they", figure(lines.len()))
    } else {
        format!("The {total} states")
    };
    format!(
        "{who} hold {} in the {treaties} treaties on {}, which make {}; {} overdue.",
        count(whole, "membership", "memberships"),
        day.date,
        count(obligations, "obligation", "obligations"),
        count(overdue, "report is", "reports are"),
    )
}

fn filters(shelf: &Shelf, asked: &Asked, day: Day) -> Filters {
    let regions: BTreeSet<&str> = shelf.reference.states().map(|state| state.region.as_str()).collect();
    let regions = regions.into_iter().filter(|region| !region.is_empty());
    let choices = std::iter::once(Choice::new("", "all regions"));
    let choices = choices
        .chain(regions.map(|region| Choice::new(region, region)))
        .collect();
    let mut fields = vec![
        Field::line("search", "q", "Name or code", &asked.q).filter(),
        Field::select("region", "Region", choices, &asked.region).filter(),
        Field::line("date", "as_of", "As of", &day.hidden().unwrap_or_default())
            .filter()
            .width("short"),
    ];
    if !asked.sort.is_empty() {
        fields.push(Field::hidden("sort", &asked.sort));
    }
    Filters {
        label: "Filter the states".to_owned(),
        action: links::states(),
        fields,
        clear: asked.is_filtered().then(|| day.keep(links::states())),
    }
}

fn empty(asked: &Asked, day: Day) -> Empty {
    let region = if asked.region.is_empty() {
        String::new()
    } else {
        format!(" in {}", asked.region)
    };
    Empty {
        title: "No state fits".to_owned(),
        text: format!(
            "No name in six languages and no code{region} has “{}” in it.",
            asked.q.trim()
        ),
        needed: Vec::new(),
        action: Some(Anchor::new("Show all states", day.keep(links::states()))),
    }
}

fn nearest(shelf: &Shelf, asked: &Asked, day: Day) -> Vec<Anchor> {
    let unknown = shelf.reference.find_state(&asked.q).err();
    let near = unknown
        .and_then(|unknown| unknown.nearest)
        .and_then(|code| code.parse().ok());
    let near = near.and_then(|code| shelf.reference.state(&code));
    near.map(|state| Anchor::new(&state.name.en, day.keep(links::state(&state.iso3))))
        .into_iter()
        .collect()
}
