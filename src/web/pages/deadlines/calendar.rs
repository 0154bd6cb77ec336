//! The calendar by year and by month: what falls due on which day.

use super::chosen::{Asked, CERTAINTY, Chosen, regions};
use super::{name, of_everybody};
use crate::domain::deadlines::Deadline;
use crate::domain::ids::{InstrumentCode, StateCode};
use crate::export::tables::{Cell, Table};
use crate::store::library::Shelf;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::pages::{downloads, lookup};
use crate::web::problem::Problem;
use crate::web::view::deadlines::{Calendar as View, CalendarDay, CalendarMonth, DeadlineRow};
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, downloads as files};
use crate::web::view::words::count;
use axum::extract::Query;
use axum::response::Response;
use chrono::{Datelike, Months, NaiveDate};

/// Years that may be asked for: the oldest of the treaties, and as far as anybody plans.
const YEARS: std::ops::RangeInclusive<i32> = 1920..=2100;

/// The time that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Year(i32),
    /// Its first day.
    Month(NaiveDate),
}

impl Span {
    /// What the address asks for; the year of `today` where it does not say.
    fn read(asked: &Asked, today: NaiveDate) -> Result<Self, Problem> {
        let wrong = |text: &str, what: &str| {
            Problem::Unreadable(format!(
                "“{}” is not a {what} from {} to {}.",
                crate::domain::texts::shown(text),
                YEARS.start(),
                YEARS.end()
            ))
        };
        let in_range = |year: &i32| YEARS.contains(year);
        match (asked.month.trim(), asked.year.trim()) {
            ("", "") => Ok(Self::Year(today.year())),
            ("", year) => {
                let found = year.parse().ok().filter(in_range);
                found.map(Self::Year).ok_or_else(|| wrong(year, "year"))
            }
            (month, _) => {
                let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok();
                let found = first.filter(|day| in_range(&day.year()));
                found
                    .map(Self::Month)
                    .ok_or_else(|| wrong(month, "month such as 2027-03"))
            }
        }
    }

    fn holds(self, day: NaiveDate) -> bool {
        match self {
            Self::Year(year) => day.year() == year,
            Self::Month(first) => (day.year(), day.month()) == (first.year(), first.month()),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Month(first) => first.format("%B %Y").to_string(),
        }
    }

    fn months(self) -> Vec<NaiveDate> {
        match self {
            Self::Year(year) => (1..=12)
                .filter_map(|month| NaiveDate::from_ymd_opt(year, month, 1))
                .collect(),
            Self::Month(first) => vec![first],
        }
    }

    fn put(self, link: Link) -> Link {
        match self {
            Self::Year(year) => link.with("year", &year.to_string()),
            Self::Month(first) => link.with("month", &first.format("%Y-%m").to_string()),
        }
    }

    /// Before, after, and for a month its year.
    fn around(self) -> Vec<Self> {
        let all = match self {
            Self::Year(year) => vec![Some(Self::Year(year - 1)), Some(Self::Year(year + 1))],
            Self::Month(first) => vec![
                first.checked_sub_months(Months::new(1)).map(Self::Month),
                first.checked_add_months(Months::new(1)).map(Self::Month),
                Some(Self::Year(first.year())),
            ],
        };
        let sound = |span: &Self| match span {
            Self::Year(year) => YEARS.contains(year),
            Self::Month(first) => YEARS.contains(&first.year()),
        };
        all.into_iter().flatten().filter(sound).collect()
    }
}

/// What the filters of the calendar keep.
struct Kept<'a> {
    shelf: &'a Shelf,
    day: lookup::Day,
    chosen: Chosen,
    state: Option<StateCode>,
}

impl Kept<'_> {
    /// The calendar with its filters, without a time.
    fn here(&self) -> Link {
        let certainty = Some(self.chosen.certainty).filter(|word| *word != "firm");
        self.day
            .keep(links::calendar())
            .with_some("state", self.state.as_ref().map(StateCode::as_str))
            .with_some(
                "instrument",
                self.chosen.instrument.as_ref().map(InstrumentCode::as_str),
            )
            .with_some("region", Some(&self.chosen.region))
            .with_some("certainty", certainty)
    }

    fn filters(&self, span: Span) -> Filters {
        let reference = &self.shelf.reference;
        let choice = |code: &str, words: &str| Choice::new(code, words);
        let mut states: Vec<(&str, &str)> = reference
            .states()
            .map(|one| (one.name.en.as_str(), one.iso3.as_str()))
            .collect();
        states.sort_unstable();
        let states = states.into_iter().map(|(name, code)| choice(code, name));
        let treaties = reference.instruments().iter();
        let treaties = treaties.filter(|one| !one.reporting.reports.is_empty());
        let treaties = treaties.map(|one| choice(one.code.as_str(), &format!("{}: {}", one.code, one.short.en)));
        let all = |words: &str| std::iter::once(choice("", words));
        let state = self.state.as_ref().map_or("", StateCode::as_str);
        let treaty = self.chosen.instrument.as_ref().map_or("", InstrumentCode::as_str);
        let regions = regions(reference).into_iter().map(|region| choice(region, region));
        let firm = CERTAINTY.iter().map(|(code, words)| choice(code, words)).collect();
        let (key, value) = match span {
            Span::Year(year) => ("year", year.to_string()),
            Span::Month(first) => ("month", first.format("%Y-%m").to_string()),
        };
        let label = if key == "year" { "Year" } else { "Month" };
        Filters {
            label: "Filter the calendar".to_owned(),
            action: links::calendar(),
            fields: vec![
                Field::line("text", key, label, &value).filter().width("short"),
                Field::select("state", "State", all("every state").chain(states).collect(), state).filter(),
                Field::select(
                    "instrument",
                    "Treaty",
                    all("every treaty").chain(treaties).collect(),
                    treaty,
                )
                .filter(),
                Field::select(
                    "region",
                    "Region",
                    all("every region").chain(regions).collect(),
                    &self.chosen.region,
                )
                .filter(),
                Field::select("certainty", "How firm the date is", firm, self.chosen.certainty).filter(),
            ],
            clear: (self.here() != links::calendar()).then(|| span.put(links::calendar())),
        }
    }

    fn row(&self, deadline: &Deadline) -> DeadlineRow {
        let mut row = DeadlineRow::of(
            deadline,
            name(&self.shelf.reference, deadline),
            deadline.instrument.as_str(),
        );
        (row.state, row.instrument) = (self.day.kept(row.state), self.day.kept(row.instrument));
        row
    }

    fn month(&self, first: NaiveDate, found: &[&Deadline]) -> CalendarMonth {
        let month = Span::Month(first);
        let inside: Vec<&&Deadline> = found.iter().filter(|one| month.holds(one.due)).collect();
        let days = inside.chunk_by(|a, b| a.due == b.due).filter_map(|of_day| {
            let due = of_day.first()?.due;
            Some(CalendarDay {
                date: due.to_string(),
                weekday: due.format("%A").to_string(),
                rows: of_day.iter().map(|one| self.row(one)).collect(),
            })
        });
        CalendarMonth {
            id: first.format("m%m").to_string(),
            name: Anchor::new(month.name(), month.put(self.here())),
            days: days.collect(),
        }
    }
}

/// A year, or a month, with the filters of the address.
pub(in crate::web) async fn calendar(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let span = Span::read(&asked, day.date)?;
    let chosen = Chosen::read(&asked, &shelf.reference, "all", "firm")?;
    let state = match asked.state.trim() {
        "" => None,
        text => {
            let page = |code: &StateCode| span.put(links::calendar()).with("state", code.as_str());
            Some(lookup::state(&shelf.reference, text, page)?.iso3.clone())
        }
    };
    let all = match &state {
        Some(code) => shelf.world.deadlines(&shelf.reference, code, day.date),
        None => of_everybody(&shelf, &day),
    };
    let kept = Kept {
        shelf: &shelf,
        day,
        chosen,
        state,
    };
    let wanted = |one: &&Deadline| span.holds(one.due) && kept.chosen.keeps(&shelf.reference, one);
    let mut found: Vec<&Deadline> = all.iter().filter(wanted).collect();
    found.sort_by_key(|one| (one.due, name(&shelf.reference, one), &one.instrument));
    let heading = format!("Reports due in {}", span.name());
    if visit.file.is_some() {
        let caption = format!("{heading}, as of {}", day.date);
        return downloads::file(&visit, &table(caption, found.iter().map(|one| kept.row(one))));
    }
    let here = span.put(kept.here());
    let firm = if kept.chosen.certainty == "firm" {
        " on a firm date"
    } else {
        ""
    };
    let due = if found.len() == 1 { "falls" } else { "fall" };
    let mut downloads = files(&here);
    let feed = kept
        .state
        .as_ref()
        .map_or_else(links::deadlines_feed, links::state_deadlines_feed);
    downloads.push(Anchor::new(
        "calendar feed (.ics)",
        feed.with_some(
            "instrument",
            kept.chosen.instrument.as_ref().map(InstrumentCode::as_str),
        )
        .with_some("region", Some(&kept.chosen.region)),
    ));
    let view = View {
        answer: format!(
            "In {}, {} {due} due{firm}, as it is known on {}.",
            span.name(),
            count(found.len(), "report", "reports"),
            day.date
        ),
        heading,
        as_of: day.note(span.put(links::calendar())),
        filters: kept.filters(span),
        around: span
            .around()
            .into_iter()
            .map(|one| Anchor::new(one.name(), one.put(kept.here())))
            .collect(),
        months: span
            .months()
            .into_iter()
            .map(|first| kept.month(first, &found))
            .collect(),
        downloads,
    };
    let mut page = visit.page(view.heading.clone(), Section::Deadlines);
    page.crumbs = vec![Anchor::new("Deadlines", day.keep(links::deadlines()))];
    day.mark(&mut page);
    visit.show(&page, &view)
}

fn table(caption: String, rows: impl Iterator<Item = DeadlineRow>) -> Table {
    let columns = [
        "Due",
        "State",
        "Treaty",
        "Report",
        "Status",
        "Where the date comes from",
        "How firm the date is",
    ];
    let cells = rows.map(|row| {
        [
            &row.due,
            &row.state.text,
            &row.instrument.text,
            &row.report,
            &row.status.word,
            &row.basis,
            &row.certainty,
        ]
        .map(|text| Cell::from(text.as_str()))
        .into()
    });
    Table::new(caption, &columns, cells)
}
