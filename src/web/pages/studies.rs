//! Coding studies of causes: the list, and what its pages share.

mod case;
mod opening;
mod results;
mod study;

use super::downloads;
use super::lookup::{self, Day};
use super::obligation_history::{Names, names};
use crate::domain::causes::Cause;
use crate::domain::ids::StudyId;
use crate::domain::studies::{Code, ENGINE, Study, StudyStatus, kinds};
use crate::export::tables::{Cell, Table};
use crate::store::studies as store;
use crate::web::extract::{Allowed, Assess, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::page::{Page, Section};
use crate::web::view::parts::{Anchor, CauseMark, Empty, Tag, downloads as files};
use crate::web::view::studies::{CodeLine, Studies, StudyRow};
use crate::web::view::words::count;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

pub(in crate::web) use case::{code, settle, show as one_case};
pub(in crate::web) use opening::{form, open, read_file};
pub(in crate::web) use results::{codes, results};
pub(in crate::web) use study::{end, finish, one};

/// Studies that are listed.
const MOST: u64 = 500;

/// The day of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

/// The list.
pub(in crate::web) async fn list(
    visit: Visit,
    allowed: Allowed<Assess>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let day = lookup::day(&visit, &asked.as_of)?;
    let who = allowed.user()?.email.as_str();
    let names = names(&visit).await?;
    let all = store::list(&visit.app.db, day.date, MOST).await?;
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&all, day, &names));
    }
    let today = day.date == visit.app.clock.today();
    let waits = |study: &Study| {
        let unfinished = study
            .coders
            .iter()
            .any(|coder| coder.who == who && coder.finished_at.is_none());
        (today && unfinished && study.status == StudyStatus::Open)
            .then(|| Anchor::new("Your codes are awaited", links::study(&study.id)))
    };
    let rows: Vec<StudyRow> = all
        .iter()
        .filter_map(|study| {
            Some(StudyRow {
                study: Anchor::new(&study.title, day.keep(links::study(&study.id))),
                status: tag(study.status_on(day.date)?),
                cases: study.cases.to_string(),
                finished: finished(study, day),
                opened: opened(study, &names),
                waits: waits(study),
            })
        })
        .collect();
    let waiting = rows.iter().filter(|row| row.waits.is_some()).count();
    let answer = match (rows.len(), waiting) {
        (0, _) => "No study has been opened yet.".to_owned(),
        (all, 0) => format!("{}; none waits for your codes.", count(all, "study", "studies")),
        (all, 1) => format!("{}; one waits for your codes.", count(all, "study", "studies")),
        (all, some) => format!("{}; {some} wait for your codes.", count(all, "study", "studies")),
    };
    let view = Studies {
        answer,
        as_of: day.note(links::studies()),
        open: today.then(|| Anchor::new("Open a study", links::new_study())),
        rows,
        downloads: files(&day.keep(links::studies())),
        empty: Empty {
            title: "No coding study yet".to_owned(),
            text: "A study shows how far people agree on why gaps stay open, and what they take for what.".to_owned(),
            needed: vec![
                "thirty cases or more, of different kinds".to_owned(),
                "two people who may assess and do not talk about the cases before both have finished".to_owned(),
            ],
            action: None,
        },
    };
    let mut page = visit.page("Coding studies of causes", Section::Desk);
    page.crumbs = vec![Anchor::new("My desk", links::desk())];
    day.mark(&mut page);
    visit.show(&page, &view)
}

fn table(all: &[Study], day: Day, names: &Names) -> Table {
    let columns = ["Study", "Where it stands", "Cases", "Finished", "Opened", "Id"];
    let rows = all.iter().map(|study| {
        vec![
            Cell::from(study.title.as_str()),
            Cell::from(study.status_on(day.date).unwrap_or(study.status).words()),
            Cell::count(study.cases as usize),
            Cell::from(finished(study, day)),
            Cell::from(opened(study, names)),
            Cell::from(study.id.to_string()),
        ]
    });
    Table::new(format!("Coding studies of causes on {}", day.date), &columns, rows)
}

fn finished(study: &Study, day: Day) -> String {
    format!("{} of {}", study.finished_on(day.date), study.coders.len())
}

fn opened(study: &Study, names: &Names) -> String {
    format!("{} by {}", study.opened_at.date_naive(), names.of(&study.opened_by))
}

fn tag(status: StudyStatus) -> Tag {
    let class = match status {
        StudyStatus::Open => "soon",
        StudyStatus::Complete => "strong",
        StudyStatus::Ended => "quiet",
    };
    Tag {
        class,
        word: status.words().to_owned(),
    }
}

/// The study of an address, where it was there on that day.
async fn find(visit: &Visit, id: &str, day: Day) -> Result<Study, Problem> {
    let missing = || Problem::NotFound {
        what: format!("There is no study “{id}”."),
        suggestions: vec![Anchor::new("All studies", links::studies())],
    };
    let known: StudyId = id.parse().map_err(|_| missing())?;
    let study = store::find(&visit.app.db, known).await?.ok_or_else(missing)?;
    if study.status_on(day.date).is_none() {
        let opened = study.opened_at.date_naive();
        return Err(Problem::not_found(format!(
            "A study of that address was opened on {opened}, after the day of this page."
        )));
    }
    Ok(study)
}

/// The frame of a page of a study.
fn frame(visit: &Visit, title: String, day: Day, study: Option<&Study>) -> Page {
    let mut page = visit.page(title, Section::Desk);
    page.crumbs = vec![Anchor::new("Coding studies", day.keep(links::studies()))];
    if let Some(study) = study {
        page.crumbs
            .push(Anchor::new(&study.title, day.keep(links::study(&study.id))));
        page.history = Some(day.keep(links::history_of_study(&study.id)));
    }
    day.mark(&mut page);
    page
}

/// A cause with its subclass.
fn mark(code: &Code) -> CauseMark {
    let mark = CauseMark::short(code.cause);
    match kinds().find(|(_, kind, _)| *kind == code.subclass) {
        Some((_, _, words)) => mark.with(words),
        None => mark,
    }
}

fn who(names: &Names, coder: &str) -> String {
    if coder == ENGINE {
        "The engine".to_owned()
    } else {
        names.of(coder)
    }
}

fn line(names: &Names, code: &Code) -> CodeLine {
    CodeLine {
        who: who(names, &code.coder),
        when: code.coded_at.date_naive().to_string(),
        cause: mark(code),
        second: code.second.map(CauseMark::short),
        sure: if code.sure { "sure" } else { "not sure" },
        reason: code.reason.clone(),
        signs: code.signs.clone(),
    }
}

/// What each cause means, for those who choose.
fn hint(cause: Cause) -> &'static str {
    match cause {
        Cause::Resources => "knows and wants, lacks money, staff or equipment",
        Cause::PoliticalWill => "could and knows, prefers otherwise or delays: only on positive signs",
        Cause::Information => "a wrong reading, false beliefs, or no data, training or knowledge",
        Cause::Other => "conflict, disaster, federal competence, territory outside control",
        Cause::Undetermined => "the text does not tell",
    }
}
