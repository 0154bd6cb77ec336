//! Why gaps stay open over the years: of a theme, a region, a state, or of all. What persons found is counted in the
//! database; what signs suggest is computed for one state, which is what can be afforded for each visit.

use super::{bar, suggested_counts};
use crate::actions::causes::suggesting;
use crate::domain::causes::{Cause, Records, is_explained, suggested};
use crate::domain::reference::{State, Theme};
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::export::tables::{Cell, Table};
use crate::store::causes::explaining;
use crate::store::causes::{Scope, Standing, standing_on};
use crate::store::findings;
use crate::store::library::Shelf;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::pages::downloads;
use crate::web::pages::lookup;
use crate::web::problem::Problem;
use crate::web::view::causes::{CausesOverTime, YearRow};
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, CauseMark, Column, Empty, downloads as files};
use crate::web::view::words::{count, figure};
use axum::extract::Query;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use std::collections::BTreeSet;

/// So many years are shown.
const YEARS: i32 = 10;

/// Filters of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    theme: String,
    region: String,
    state: String,
    as_of: String,
}

/// What was asked for, found.
struct Wanted<'a> {
    theme: Option<&'a Theme>,
    region: Option<&'a str>,
    state: Option<&'a State>,
}

impl<'a> Wanted<'a> {
    fn read(shelf: &'a Shelf, asked: &'a Asked) -> Result<Self, Problem> {
        let reference = &shelf.reference;
        let region = asked.region.trim();
        let regions = regions(shelf);
        if !region.is_empty() && !regions.contains(region) {
            let all: Vec<&str> = regions.into_iter().collect();
            return Err(lookup::no_choice("region", region, &all));
        }
        Ok(Self {
            theme: match asked.theme.trim() {
                "" => None,
                text => Some(reference.find_theme(text)?),
            },
            region: (!region.is_empty()).then_some(region),
            state: match asked.state.trim() {
                "" => None,
                text => Some(reference.find_state(text)?),
            },
        })
    }

    fn scope(&self, shelf: &Shelf) -> Scope {
        let provisions = self.theme.map(|theme| {
            let all = shelf.reference.instruments().iter().flat_map(|one| &one.provisions);
            all.filter(|one| one.theme == theme.code)
                .map(|one| one.id.clone())
                .collect()
        });
        let states = match (self.state, self.region) {
            (Some(state), _) => Some(vec![state.iso3.clone()]),
            (None, Some(region)) => {
                let all = shelf.reference.states().filter(|state| state.region == region);
                Some(all.map(|state| state.iso3.clone()).collect())
            }
            (None, None) => None,
        };
        Scope { provisions, states }
    }

    fn page(&self) -> Link {
        links::causes()
            .with_some("theme", self.theme.map(|theme| theme.code.as_str()))
            .with_some("region", self.region)
            .with_some("state", self.state.map(|state| state.iso3.as_str()))
    }

    /// Whose gaps, in words.
    fn words(&self) -> String {
        let of = match (self.state, self.region) {
            (Some(state), _) => state.name.en.clone(),
            (None, Some(region)) => region.to_owned(),
            (None, None) => "all states".to_owned(),
        };
        match self.theme {
            Some(theme) => format!("{of}, {}", theme.label.en),
            None => of,
        }
    }
}

fn regions(shelf: &Shelf) -> BTreeSet<&str> {
    let all = shelf.reference.states().map(|state| state.region.as_str());
    all.filter(|region| !region.is_empty()).collect()
}

/// The last days of the years before that day, and the day itself, newest first.
fn days(today: NaiveDate) -> Vec<NaiveDate> {
    let past = (1..YEARS).filter_map(|back| NaiveDate::from_ymd_opt(today.year() - back, 12, 31));
    std::iter::once(today).chain(past).collect()
}

/// Shows it.
pub(in crate::web) async fn years(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let today = lookup::day(&visit, &asked.as_of)?;
    let wanted = Wanted::read(&shelf, &asked)?;
    let days = days(today.date);
    let decided = standing_on(&visit.app.db, &wanted.scope(&shelf), &days).await?;
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&wanted, &days, &decided));
    }
    let signs = match wanted.state {
        Some(state) => signs(&visit, &shelf, state, wanted.theme, &days).await?,
        None => Vec::new(),
    };
    let mut page = visit.page(format!("Why gaps stay open: {}", wanted.words()), Section::Themes);
    page.crumbs = vec![Anchor::new("Themes", today.keep(links::themes()))];
    if let Some(theme) = wanted.theme {
        page.crumbs
            .push(Anchor::new(&theme.label.en, today.keep(links::theme(&theme.code))));
    }
    page.footer.standing = format!("As of {}.", today.date);
    visit.show(&page, &view(&shelf, &wanted, &asked, &days, &decided, &signs))
}

/// What the signs known at the end of each day suggested for the gaps of one state: everything is read once.
async fn signs(
    visit: &Visit,
    shelf: &Shelf,
    state: &State,
    theme: Option<&Theme>,
    days: &[NaiveDate],
) -> Result<Vec<Standing>, Problem> {
    let db = &visit.app.db;
    let today = days.first().copied().unwrap_or_default();
    let (findings, all) = tokio::try_join!(
        findings::of_state(db, &state.iso3),
        explaining::records(db, &state.iso3, today)
    )?;
    let classifier = suggesting::classifier()?;
    let each = days.iter().map(|day| {
        let picture = StatePicture::of(&shelf.reference, &shelf.world, &findings, &state.iso3, *day);
        let records = Records {
            recommendations: all
                .recommendations
                .iter()
                .filter(|one| one.known_on(*day))
                .cloned()
                .collect(),
            figures: all
                .figures
                .iter()
                .filter(|one| one.place.known_on(*day))
                .cloned()
                .collect(),
        };
        let found = suggested(classifier, &state.iso3, &picture, picture.gaps(), &records);
        let of_theme =
            |gap: &&ObligationPicture<'_>| theme.is_none_or(|one| one.code == gap.obligation.provision.theme);
        let gaps: Vec<_> = picture
            .gaps()
            .filter(|gap| is_explained(gap))
            .filter(of_theme)
            .collect();
        Standing {
            gaps: gaps.len(),
            by_cause: suggested_counts(&gaps, &found).into_iter().collect(),
        }
    });
    Ok(each.collect())
}

fn view(
    shelf: &Shelf,
    wanted: &Wanted<'_>,
    asked: &Asked,
    days: &[NaiveDate],
    decided: &[Standing],
    signs: &[Standing],
) -> CausesOverTime {
    let mut columns = vec![
        Column::plain("Day"),
        Column::plain("Gaps").numeric(),
        Column::plain("Causes"),
    ];
    columns.extend(
        Cause::ALL
            .iter()
            .map(|cause| Column::plain(cause.plain_words()).numeric()),
    );
    let now = decided.first().map_or(0, |one| one.gaps);
    let of = wanted.words();
    let rows =
        |all: &[Standing]| -> Vec<YearRow> { days.iter().zip(all).map(|(day, one)| row(wanted, *day, one)).collect() };
    CausesOverTime {
        title: format!("Why gaps stay open: {of}"),
        answer: format!(
            "On {} a person has found a cause for {} of {of}.",
            days.first().copied().unwrap_or_default(),
            count(now, "gap", "gaps"),
        ),
        how: how(wanted),
        filters: filters(shelf, asked),
        key: Cause::ALL.iter().map(|cause| CauseMark::of(*cause)).collect(),
        caption: "What persons found, as it stood at the end of each year and today".to_owned(),
        columns,
        rows: if decided.iter().all(|one| one.gaps == 0) { Vec::new() } else { rows(decided) },
        suggested_caption: "What signs suggested from what was known at the end of each year and today (computed; one cause for each gap)".to_owned(),
        suggested: rows(signs),
        downloads: files(&wanted.page()),
        empty: Empty {
            title: "No person has found a cause here yet".to_owned(),
            text: "A cause is found on the page of a gap, beside what signs suggest.".to_owned(),
            needed: Vec::new(),
            action: wanted.state.map(|state| Anchor::new("Gaps of this state with what signs suggest", links::state_causes(&state.iso3))),
        },
        more: more(wanted),
    }
}

fn how(wanted: &Wanted<'_>) -> String {
    let findings =
        "Findings of persons are counted on the day on which they stood; a gap with two causes counts under both.";
    let signs = if wanted.state.is_some() {
        "Below, computed apart: what signs suggested from the texts, reports and figures known on each day; a figure counts from the day on which its newest snapshot was fetched."
    } else {
        "What signs suggest is computed for one state at a time: choose one to see it."
    };
    format!("{findings} {signs}")
}

fn more(wanted: &Wanted<'_>) -> Vec<Anchor> {
    let state = wanted.state.map(|state| {
        let page = links::state_causes(&state.iso3);
        let page = page.with_some("theme", wanted.theme.map(|theme| theme.code.as_str()));
        Anchor::new(format!("{}: gap by gap, with every sign", state.name.en), page)
    });
    let theme = wanted
        .theme
        .map(|theme| Anchor::new(&theme.label.en, links::theme(&theme.code)));
    state.into_iter().chain(theme).collect()
}

fn row(wanted: &Wanted<'_>, day: NaiveDate, one: &Standing) -> YearRow {
    let counts: Vec<(Cause, usize)> = one.by_cause.iter().map(|(cause, number)| (*cause, *number)).collect();
    let page = match wanted.state {
        Some(state) => {
            links::state_causes(&state.iso3).with_some("theme", wanted.theme.map(|theme| theme.code.as_str()))
        }
        None => wanted.page(),
    };
    YearRow {
        day: Anchor::new(day.to_string(), page.with("as_of", &day.to_string())),
        gaps: figure(one.gaps),
        bar: bar(&counts),
        counts: Cause::ALL
            .iter()
            .map(|cause| {
                one.by_cause
                    .get(cause)
                    .map_or_else(|| "0".to_owned(), |number| figure(*number))
            })
            .collect(),
    }
}

fn filters(shelf: &Shelf, asked: &Asked) -> Filters {
    let themes = shelf
        .reference
        .themes()
        .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let themes = std::iter::once(Choice::new("", "all themes")).chain(themes).collect();
    let regions = regions(shelf).into_iter().map(|region| Choice::new(region, region));
    let regions = std::iter::once(Choice::new("", "all regions")).chain(regions).collect();
    let states = shelf
        .reference
        .states()
        .map(|state| Choice::new(state.iso3.as_str(), &state.name.en));
    let states = std::iter::once(Choice::new("", "all states")).chain(states).collect();
    let filtered = [&asked.theme, &asked.region, &asked.state]
        .iter()
        .any(|text| !text.trim().is_empty());
    Filters {
        label: "Filter the causes".to_owned(),
        clear: filtered.then(links::causes),
        action: links::causes(),
        fields: vec![
            Field::select("theme", "Theme", themes, asked.theme.trim()).filter(),
            Field::select("region", "Region", regions, asked.region.trim()).filter(),
            Field::select("state", "State", states, asked.state.trim()).filter(),
            Field::line("date", "as_of", "Up to", asked.as_of.trim())
                .filter()
                .width("short"),
        ],
    }
}

fn table(wanted: &Wanted<'_>, days: &[NaiveDate], decided: &[Standing]) -> Table {
    let mut columns = vec!["Day", "Gaps with a cause"];
    columns.extend(Cause::ALL.iter().map(|cause| cause.plain_words()));
    let rows = days.iter().zip(decided).map(|(day, one)| {
        let mut row: Vec<Cell> = vec![day.to_string().into(), Cell::count(one.gaps)];
        row.extend(
            Cause::ALL
                .iter()
                .map(|cause| Cell::count(one.by_cause.get(cause).copied().unwrap_or(0))),
        );
        row
    });
    Table::new(format!("Why gaps stay open: {}", wanted.words()), &columns, rows)
}
