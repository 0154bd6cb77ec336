//! How far people who grade independently agree: Krippendorff's alpha for ranks, overall and by right.

use super::{downloads, lookup};
use crate::domain::agreement::{Agreement as Alpha, Use};
use crate::domain::codings::{Statistics, Tally};
use crate::domain::reference::Reference;
use crate::export::tables::{Cell, Table};
use crate::store::codings::{Wanted, coders_asked, tallies};
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::agreement::{Agreement, AgreementRow};
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Column, Empty, Tag, downloads as files};
use crate::web::view::words::count;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

/// Filters of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    state: String,
    theme: String,
    instrument: String,
    as_of: String,
}

const COLUMNS: [&str; 7] = [
    "Right",
    "Rounds",
    "Same grade",
    "Within one grade",
    "Alpha",
    "95 % interval",
    "Reading",
];

impl Asked {
    fn read(&self, reference: &Reference) -> Result<Wanted, Problem> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let state = given(&self.state).map(|text| reference.find_state(&text).map(|state| state.iso3.clone()));
        let theme = given(&self.theme).map(|text| reference.find_theme(&text).map(|theme| theme.code.clone()));
        let instrument = given(&self.instrument).map(|text| reference.find_instrument(&text).map(|i| i.code.clone()));
        Ok(Wanted {
            state: state.transpose()?,
            theme: theme.transpose()?,
            instrument: instrument.transpose()?,
        })
    }

    fn is_filtered(&self) -> bool {
        [&self.state, &self.theme, &self.instrument]
            .iter()
            .any(|text| !text.trim().is_empty())
    }

    fn address(&self) -> Link {
        links::agreement()
            .with_some("state", Some(&self.state))
            .with_some("theme", Some(&self.theme))
            .with_some("instrument", Some(&self.instrument))
    }
}

/// One line of the table.
struct Line {
    /// The theme and its name; none for all of them.
    theme: Option<(Link, String)>,
    found: Statistics,
}

/// The table.
pub(in crate::web) async fn agreement(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let day = lookup::day(&visit, &asked.as_of)?;
    let shelf = visit.app.shelf().await?;
    let wanted = asked.read(&shelf.reference)?;
    let found = tallies(&visit.app.db, &wanted, day.date).await?;
    let people = coders_asked(&visit.app.db, &wanted, day.date).await?;
    let lines = lines(&shelf.reference, &found, |link| day.keep(link));
    if visit.file.is_some() {
        let caption = format!("Agreement of independent gradings on {}", day.date);
        return downloads::file(&visit, &table(caption, &lines));
    }
    let view = Agreement {
        answer: answer(&lines, people),
        as_of: day.note(asked.address()),
        filters: filters(&shelf.reference, &asked, day),
        caption: "Agreement by right".to_owned(),
        columns: COLUMNS.map(column).into(),
        rows: lines.iter().map(row).collect(),
        downloads: files(&day.keep(asked.address())),
        meaning: meaning(),
        empty: empty(&asked),
    };
    let mut page = visit.page("How far independent gradings agree", Section::About);
    day.mark(&mut page);
    visit.show(&page, &view)
}

fn column(text: &'static str) -> Column {
    let column = Column::plain(text);
    if ["Rounds", "Same grade", "Within one grade", "Alpha"].contains(&text) {
        column.numeric()
    } else {
        column
    }
}

/// All rights first, then each; nothing where there is no round.
fn lines(reference: &Reference, found: &[Tally], keep: impl Fn(Link) -> Link) -> Vec<Line> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line {
        theme: None,
        found: Statistics::of(found.iter()),
    }];
    for group in found.chunk_by(|a, b| a.theme == b.theme) {
        let Some(Tally { theme, .. }) = group.first() else {
            continue;
        };
        let name = reference
            .theme(theme)
            .map_or_else(|| theme.to_string(), |theme| theme.label.en.clone());
        lines.push(Line {
            theme: Some((keep(links::theme(theme)), name)),
            found: Statistics::of(group.iter()),
        });
    }
    lines
}

fn name(line: &Line) -> String {
    line.theme
        .as_ref()
        .map_or_else(|| "All rights".to_owned(), |(_, name)| name.clone())
}

fn figure(alpha: &Alpha) -> String {
    format!("{:.3}", alpha.value)
}

fn interval(alpha: &Alpha) -> String {
    match &alpha.interval {
        Ok((low, high)) => format!("{low:.3} to {high:.3}"),
        Err(why) => why.to_string(),
    }
}

/// What may be built on it; nothing can be said where there are too few for an interval.
fn reading(found: &Statistics) -> Tag {
    let (class, word) = match &found.alpha {
        Err(_) => ("quiet", "cannot tell"),
        Ok(alpha) if alpha.interval.is_err() => ("quiet", "too few to tell"),
        Ok(alpha) => match alpha.use_() {
            Use::Freely => ("strong", Use::Freely.words()),
            Use::Tentatively => ("soon", Use::Tentatively.words()),
            Use::NotYet => ("late", Use::NotYet.words()),
        },
    };
    Tag {
        class,
        word: word.to_owned(),
    }
}

/// The cells between the name and the reading.
fn cells(found: &Statistics) -> [String; 5] {
    let of = |number: u32| format!("{number} of {}", found.rounds);
    let (alpha, interval) = match &found.alpha {
        Ok(alpha) => (figure(alpha), interval(alpha)),
        Err(why) => ("–".to_owned(), why.to_string()),
    };
    [
        found.rounds.to_string(),
        of(found.same),
        of(found.within_one),
        alpha,
        interval,
    ]
}

fn row(line: &Line) -> AgreementRow {
    let [rounds, same, within_one, alpha, interval] = cells(&line.found);
    AgreementRow {
        theme: line.theme.as_ref().map(|(link, name)| Anchor::new(name, link.clone())),
        name: name(line),
        rounds,
        same,
        within_one,
        alpha,
        interval,
        reading: reading(&line.found),
    }
}

fn table(caption: String, lines: &[Line]) -> Table {
    let rows = lines.iter().map(|line| {
        let mut row = vec![Cell::from(name(line))];
        row.extend(cells(&line.found).map(Cell::from));
        row.push(reading(&line.found).word.into());
        row
    });
    Table::new(caption, &COLUMNS, rows)
}

fn answer(lines: &[Line], people: u64) -> String {
    let Some(Line { found, .. }) = lines.first() else {
        return "No obligation was graded independently by two people yet, so nobody can tell how far gradings agree."
            .to_owned();
    };
    let rounds = count(found.rounds as usize, "obligation was", "obligations were");
    let people = count(usize::try_from(people).unwrap_or(usize::MAX), "person", "people");
    let same = format!("{} of {} times they gave the same", found.same, found.rounds);
    let alpha = match &found.alpha {
        Err(why) => format!("alpha cannot be given, because {why}"),
        Ok(alpha) => {
            let (low, high) = match &alpha.interval {
                Ok(ends) => ends,
                Err(why) => {
                    let value = alpha.value;
                    return format!(
                        "{rounds} graded independently by {people}: {same}. Alpha is {value:.2}, and tells nothing yet: {why}."
                    );
                }
            };
            let reading = match alpha.use_() {
                Use::Freely => "grades may be used freely",
                Use::Tentatively => "grades may be used tentatively",
                Use::NotYet => "the guide to the grades should be revised before much is built on them",
            };
            format!(
                "alpha is {:.2} (95 % interval {low:.2} to {high:.2}), so {reading}",
                alpha.value
            )
        }
    };
    format!("{rounds} graded independently by {people}: {same}, and {alpha}.")
}

fn meaning() -> Vec<String> {
    [
        "Alpha (Krippendorff, for ranks) is 1 where all agree and 0 where they agree no more than chance would make them. Two \
         grades far apart count more than neighbours.",
        "From 0.80 grades may be used freely, from 0.667 tentatively; below that the guide to the grades should be revised.",
        "The interval says how far alpha would move with other obligations: 95 of 100 sets drawn from these lie in it. It takes \
         at least five obligations.",
        "“No information” is no rank: alpha takes it as a missing value. Rounds where somebody has not handed in are not counted.",
    ]
    .map(str::to_owned)
    .into()
}

fn filters(reference: &Reference, asked: &Asked, day: lookup::Day) -> Filters {
    let first = |text: &str| std::iter::once(Choice::new("", text));
    let states = reference
        .states()
        .map(|state| Choice::new(state.iso3.as_str(), &state.name.en));
    let themes = reference
        .themes()
        .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let treaties = reference
        .instruments()
        .iter()
        .map(|i| Choice::new(i.code.as_str(), format!("{}: {}", i.code, i.short.en)));
    let select = |name, label: &str, choices: Vec<Choice>, chosen: &str| {
        Field::select(name, label, choices, &chosen.trim().to_uppercase()).filter()
    };
    let page = links::agreement();
    Filters {
        label: "Filter the gradings".to_owned(),
        clear: asked.is_filtered().then(|| day.keep(page.clone())),
        action: page,
        fields: vec![
            select(
                "state",
                "State",
                first("all states").chain(states).collect(),
                &asked.state,
            ),
            select(
                "theme",
                "Right",
                first("all rights").chain(themes).collect(),
                &asked.theme,
            ),
            select(
                "instrument",
                "Treaty",
                first("all treaties").chain(treaties).collect(),
                &asked.instrument,
            ),
            Field::line("date", "as_of", "As of", &day.hidden().unwrap_or_default())
                .filter()
                .width("short"),
        ],
    }
}

fn empty(asked: &Asked) -> Empty {
    if asked.is_filtered() {
        return Empty {
            title: "No independent gradings fit this filter".to_owned(),
            text: "There may be some without it.".to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new("Show all of them", links::agreement())),
        };
    }
    Empty {
        title: "No independent gradings yet".to_owned(),
        text: "A figure of agreement needs obligations that two people graded without seeing each other’s grading."
            .to_owned(),
        needed: vec![
            "on the page of an obligation, under “Second opinion”, a monitor asks two people for their gradings"
                .to_owned(),
            "thirty obligations of different kinds give a figure that can be relied on".to_owned(),
        ],
        action: Some(Anchor::new("Choose a state", links::states())),
    }
}
