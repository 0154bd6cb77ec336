//! What falls due: in the world, and for one state.

mod calendar;
mod chosen;
mod feed;

pub(in crate::web) use calendar::calendar;
pub(in crate::web) use feed::{state as state_feed, world as world_feed};

use super::downloads;
use super::lookup::{self, Day};
use crate::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use crate::domain::ids::InstrumentCode;
use crate::domain::reference::Reference;
use crate::domain::users::Permission;
use crate::export::tables::{Cell, Table};
use crate::store::library::Shelf;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::deadlines::{DeadlineRow, Deadlines};
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, Figure, Pager, downloads as files};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use chosen::{Asked, CERTAINTY, Chosen, STATUS, regions};

/// A calendar before it is cut into pages.
struct Calendar<'a> {
    shelf: &'a Shelf,
    day: Day,
    asked: &'a Asked,
    chosen: Chosen,
    /// The page without filters.
    bare: Link,
    of_world: bool,
}

impl Calendar<'_> {
    /// The page as filtered, without order and page number.
    fn filtered(&self) -> Link {
        let code = self.chosen.instrument.as_ref().map(InstrumentCode::as_str);
        let link = self.day.keep(self.bare.clone());
        let given = |text: &str, code: &str| (!text.is_empty()).then(|| code.to_owned());
        let status =
            given(&self.asked.status, self.chosen.status).or_else(|| given(&self.asked.overdue, self.chosen.status));
        link.with_some("status", status.as_deref())
            .with_some(
                "certainty",
                given(&self.asked.certainty, self.chosen.certainty).as_deref(),
            )
            .with_some("instrument", code)
            .with_some("region", Some(&self.chosen.region))
    }

    /// The rows that the filters keep, in the order asked for.
    fn rows(&self, all: &[Deadline]) -> Vec<DeadlineRow> {
        let reference = &self.shelf.reference;
        let kept = all.iter().filter(|deadline| self.chosen.keeps(reference, deadline));
        let mut kept: Vec<(&str, &Deadline)> = kept.map(|deadline| (name(reference, deadline), deadline)).collect();
        let (by, down) = match self.asked.sort.strip_prefix('-') {
            Some(by) => (by, true),
            None => (self.asked.sort.as_str(), false),
        };
        kept.sort_by(|(a_name, a), (b_name, b)| {
            let first = match by {
                "state" => a_name.cmp(b_name),
                "instrument" => a.instrument.cmp(&b.instrument),
                "status" => a.status.cmp(&b.status),
                _ => a.due.cmp(&b.due),
            };
            let first = if down { first.reverse() } else { first };
            first
                .then_with(|| (a.due, a_name, &a.instrument, &a.report).cmp(&(b.due, b_name, &b.instrument, &b.report)))
        });
        let rows = kept.into_iter();
        rows.map(|(name, deadline)| {
            let mut row = DeadlineRow::of(deadline, name, deadline.instrument.as_str());
            (row.state, row.instrument) = (self.day.kept(row.state), self.day.kept(row.instrument));
            row
        })
        .collect()
    }

    fn filters(&self) -> Filters {
        let reference = &self.shelf.reference;
        let choices = |all: &[(&str, &str)]| -> Vec<Choice> {
            all.iter().map(|(code, words)| Choice::new(*code, *words)).collect()
        };
        let owing = reference
            .instruments()
            .iter()
            .filter(|one| !one.reporting.reports.is_empty());
        let mut treaties = vec![Choice::new("", "every treaty")];
        treaties.extend(owing.map(|one| Choice::new(one.code.as_str(), format!("{}: {}", one.code, one.short.en))));
        let code = self.chosen.instrument.as_ref().map_or("", InstrumentCode::as_str);
        let mut fields = vec![
            Field::select("status", "Status", choices(&STATUS), self.chosen.status).filter(),
            Field::select(
                "certainty",
                "How firm the date is",
                choices(&CERTAINTY),
                self.chosen.certainty,
            )
            .filter(),
            Field::select("instrument", "Treaty", treaties, code).filter(),
        ];
        if self.of_world {
            let mut all = vec![Choice::new("", "every region")];
            all.extend(regions(reference).into_iter().map(|region| Choice::new(region, region)));
            fields.push(Field::select("region", "Region", all, &self.chosen.region).filter());
        }
        fields.push(
            Field::line("text", "as_of", "As of", &self.asked.as_of)
                .filter()
                .width("short"),
        );
        let clear = (self.filtered() != self.bare).then(|| self.bare.clone());
        Filters {
            label: "Filter the deadlines".to_owned(),
            action: self.bare.clone(),
            fields,
            clear,
        }
    }

    /// The table as a file.
    fn table(&self, caption: &str, rows: &[DeadlineRow]) -> Table {
        let columns = [
            "Due",
            "State",
            "Treaty",
            "Report",
            "Status",
            "When",
            "Where the date comes from",
            "How firm the date is",
        ];
        let cells = rows.iter().map(|row| {
            [
                &row.due,
                &row.state.text,
                &row.instrument.text,
                &row.report,
                &row.status.word,
                &row.when,
                &row.basis,
                &row.certainty,
            ]
            .map(|text| Cell::from(text.as_str()))
            .into()
        });
        Table::new(caption, &columns, cells)
    }

    fn caption(&self, total: usize) -> String {
        let word = STATUS.iter().find(|(code, _)| *code == self.chosen.status);
        let what = count(total, "report", "reports");
        match word {
            Some(("all", _)) | None => format!("{what}, as of {}", self.day.date),
            Some((_, words)) => format!("{what} {words}, as of {}", self.day.date),
        }
    }

    fn empty(&self) -> Empty {
        let wider = self
            .day
            .keep(self.bare.clone())
            .with("status", "all")
            .with("certainty", "any");
        let code = self.chosen.instrument.as_ref().map(InstrumentCode::as_str);
        let wider = wider
            .with_some("instrument", code)
            .with_some("region", Some(&self.chosen.region));
        Empty {
            title: "No report fits these filters".to_owned(),
            text: "That no date is held does not mean that nothing is owed.".to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new(
                "Show every status, and dates that are only indicative",
                wider,
            )),
        }
    }

    fn show(&self, visit: &Visit, all: &[Deadline], said: Said) -> Result<Response, Problem> {
        let rows = self.rows(all);
        let caption = self.caption(rows.len());
        if visit.file.is_some() {
            return downloads::file(visit, &self.table(&caption, &rows));
        }
        let here = self.filtered();
        let sorted = here.clone().with_some("sort", Some(&self.asked.sort));
        let number = self.asked.page.parse().unwrap_or(1);
        let (shown, pager) = Pager::cut(rows.len(), number, &sorted);
        let view = Deadlines {
            heading: said.heading,
            answer: said.answer,
            as_of: self.day.note(self.bare.clone()),
            figures: said.figures,
            filters: self.filters(),
            of_world: self.of_world,
            caption,
            columns: DeadlineRow::sorted_columns(self.of_world, &here, &self.asked.sort),
            rows: rows[shown].to_vec(),
            downloads: {
                let mut all = files(&sorted);
                all.push(Anchor::new("calendar feed (.ics)", links::feed(&here)));
                all
            },
            pager,
            actions: said.actions,
            empty: self.empty(),
        };
        let mut page = visit.page(view.heading.clone(), Section::Deadlines);
        page.crumbs = said.crumbs;
        self.day.mark(&mut page);
        visit.show(&page, &view)
    }
}

/// The words above a calendar.
struct Said {
    heading: String,
    answer: String,
    figures: Vec<Figure>,
    actions: Vec<Anchor>,
    crumbs: Vec<Anchor>,
}

fn name<'a>(reference: &'a Reference, deadline: &'a Deadline) -> &'a str {
    reference
        .state(&deadline.state)
        .map_or(deadline.state.as_str(), |state| state.name.en.as_str())
}

/// How many reports stand how, on firm dates; and how many dates are only indicative.
pub(super) struct Counts {
    pub overdue: usize,
    pub due: usize,
    pub upcoming: usize,
    pub indicative: usize,
}

impl Counts {
    pub(super) fn of(all: &[Deadline]) -> Self {
        let firm = |status| {
            let found = all
                .iter()
                .filter(|one| one.certainty != Certainty::Indicative && one.status == status);
            found.count()
        };
        Self {
            overdue: firm(DeadlineStatus::Overdue),
            due: firm(DeadlineStatus::Due),
            upcoming: firm(DeadlineStatus::Upcoming),
            indicative: all.iter().filter(|one| one.certainty == Certainty::Indicative).count(),
        }
    }

    pub(super) fn owed(&self) -> usize {
        self.overdue + self.due + self.upcoming
    }
}

/// `1 is`, `2 are`.
fn are(number: usize) -> String {
    format!("{} {}", figure(number), if number == 1 { "is" } else { "are" })
}

/// What every state owes, oldest first.
pub(super) fn of_everybody(shelf: &Shelf, day: &Day) -> Vec<Deadline> {
    let states = shelf.reference.states();
    let mut all: Vec<Deadline> = states
        .flat_map(|state| shelf.world.deadlines(&shelf.reference, &state.iso3, day.date))
        .collect();
    all.sort_by(|a, b| (a.due, &a.state, &a.instrument).cmp(&(b.due, &b.state, &b.instrument)));
    all
}

/// The calendar of the world.
pub(in crate::web) async fn world(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let chosen = Chosen::read(&asked, &shelf.reference, "next", "firm")?;
    let all = of_everybody(&shelf, &day);
    let counts = Counts::of(&all);
    let said = Said {
        heading: "Deadlines".to_owned(),
        answer: format!(
            "On {}, {} owed to treaty bodies on a firm date: {} due within twelve months, {} later and {} overdue; for {} \
             only an indicative date is known.",
            day.date,
            format_args!(
                "{} {}",
                count(counts.owed(), "report", "reports"),
                if counts.owed() == 1 { "is" } else { "are" }
            ),
            are(counts.due),
            are(counts.upcoming),
            are(counts.overdue),
            count(counts.indicative, "more", "more"),
        ),
        figures: figures(&day, &counts),
        actions: vec![Anchor::new("By year and month", day.keep(links::calendar()))],
        crumbs: Vec::new(),
    };
    let calendar = Calendar {
        shelf: &shelf,
        day,
        asked: &asked,
        chosen,
        bare: links::deadlines(),
        of_world: true,
    };
    calendar.show(&visit, &all, said)
}

fn figures(day: &Day, counts: &Counts) -> Vec<Figure> {
    let whole = figure(counts.owed());
    let one = |number, label: &str, link: Link| Figure {
        number: figure(number),
        of: Some(whole.clone()),
        label: label.to_owned(),
        detail: None,
        href: Some(day.keep(link)),
    };
    let at = |status| links::deadlines().with("status", status);
    vec![
        one(counts.due, "due within twelve months", at("due")),
        one(counts.upcoming, "due later", at("upcoming")),
        one(counts.overdue, "overdue", at("overdue")),
        Figure {
            of: None,
            ..one(
                counts.indicative,
                "more with an indicative date only",
                at("next").with("certainty", "indicative"),
            )
        },
    ]
}

/// The calendar of one state.
pub(in crate::web) async fn state(
    visit: Visit,
    Path(text): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let state = lookup::state(&shelf.reference, &text, links::state_deadlines)?;
    let chosen = Chosen::read(&asked, &shelf.reference, "all", "any")?;
    let all = shelf.world.deadlines(&shelf.reference, &state.iso3, day.date);
    let name = &state.name.en;
    let mut actions = vec![Anchor::new(
        "Be reminded",
        links::reminders().with("state", state.iso3.as_str()).at("follow"),
    )];
    let by_year = links::calendar().with("state", state.iso3.as_str());
    actions.push(Anchor::new("By year and month", day.keep(by_year)));
    if visit.actor.may(Permission::RecordFacts) {
        actions.push(Anchor::new("Record a report or a date", links::new_report(&state.iso3)));
    }
    let said = Said {
        heading: format!("Deadlines of {name}"),
        answer: answer_of_state(name, &all),
        figures: Vec::new(),
        actions,
        crumbs: vec![
            Anchor::new("States", day.keep(links::states())),
            Anchor::new(name.as_str(), day.keep(links::state(&state.iso3))),
        ],
    };
    let calendar = Calendar {
        shelf: &shelf,
        day,
        asked: &asked,
        chosen,
        bare: links::state_deadlines(&state.iso3),
        of_world: false,
    };
    calendar.show(&visit, &all, said)
}

fn answer_of_state(name: &str, all: &[Deadline]) -> String {
    let counts = Counts::of(all);
    if counts.owed() == 0 {
        let indicative = count(counts.indicative, "treaty", "treaties");
        return match counts.indicative {
            0 => format!("No report is known to be owed by {name}."),
            _ => format!(
                "No firm date is held for {name}; under {indicative} an indicative date follows from the treaty alone."
            ),
        };
    }
    let owed = count(counts.owed(), "report", "reports");
    let next = all.iter().find(|one| {
        one.certainty != Certainty::Indicative && matches!(one.status, DeadlineStatus::Due | DeadlineStatus::Upcoming)
    });
    let next = next.map_or_else(String::new, |one| {
        format!(
            "; the next falls due on {} ({}, {})",
            one.due, one.instrument, one.report
        )
    });
    let overdue = match counts.overdue {
        0 => "none is overdue".to_owned(),
        number => format!("{} overdue", are(number)),
    };
    format!("{name} owes {owed} on a firm date: {overdue}{next}.")
}
