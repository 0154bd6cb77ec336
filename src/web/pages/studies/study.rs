//! One study: what it asks, who codes, how far they are, and its cases.

use super::super::mending::{invalid, note};
use super::super::obligation_history::{Names, names};
use super::{Asked, find, frame, mark, opened, tag};
use crate::actions::studies as actions;
use crate::actions::{ActionError, Doing};
use crate::domain::ids::StudyId;
use crate::domain::studies::{Code, Study, StudyCase, StudyStatus};
use crate::store::studies as store;
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, FormKey, Visit};
use crate::web::links;
use crate::web::pages::lookup::{self, Day};
use crate::web::problem::Problem;
use crate::web::view::forms::{Field, FieldErrors, Form};
use crate::web::view::obligations::Fact;
use crate::web::view::parts::{Anchor, Tag};
use crate::web::view::studies::{CaseRow, CoderRow, Study as View};
use crate::web::view::words::{count, short};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why a study ends early.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Ending {
    reason: String,
}

/// Shows it.
pub(in crate::web) async fn one(
    visit: Visit,
    allowed: Allowed<Assess>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let day = lookup::day(&visit, &asked.as_of)?;
    let study = find(&visit, &id, day).await?;
    let who = allowed.user()?.email.as_str();
    show(&visit, who, &study, day, StatusCode::OK, Typed::default()).await
}

/// Notes that the visitor has finished.
pub(in crate::web) async fn finish(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path(id): Path<String>,
    CsrfForm(Ending { .. }, key): CsrfForm<Ending>,
) -> Result<Response, Problem> {
    let (study, doing) = begun(&allowed, &visit, &id, &key).await?;
    let done = actions::finish(&visit.app.db, doing, study.id).await;
    let told = match &done {
        Ok(StudyStatus::Complete) => Done::StudyComplete,
        _ => Done::StudyFinished,
    };
    settle(&visit, doing, study.id, done.map(|_| ()), (told, &key), String::new()).await
}

/// Ends it before all have finished.
pub(in crate::web) async fn end(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path(id): Path<String>,
    CsrfForm(Ending { reason }, key): CsrfForm<Ending>,
) -> Result<Response, Problem> {
    let (study, doing) = begun(&allowed, &visit, &id, &key).await?;
    let done = actions::end(&visit.app.db, doing, study.id, &reason).await;
    settle(&visit, doing, study.id, done, (Done::StudyEnded, &key), reason).await
}

async fn begun<'a>(
    allowed: &'a Allowed<Assess>,
    visit: &Visit,
    id: &str,
    key: &'a FormKey,
) -> Result<(Study, Doing<'a>), Problem> {
    let study = find(visit, id, lookup::day(visit, "")?).await?;
    Ok((study, allowed.doing(&visit.app.clock, key)?))
}

/// What a form was refused with.
#[derive(Default)]
struct Typed {
    refused: Option<String>,
    reason: String,
    errors: FieldErrors,
}

async fn settle(
    visit: &Visit,
    doing: Doing<'_>,
    id: StudyId,
    outcome: Result<(), ActionError>,
    (done, key): (Done, &FormKey),
    reason: String,
) -> Result<Response, Problem> {
    let (status, refused, errors) = match outcome {
        Ok(()) => {
            let to = links::study(&id).with("done", done.code());
            return visit.arrive(key, to).await;
        }
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, None, invalid(errors)),
        Err(ActionError::Conflict(why)) => (StatusCode::CONFLICT, Some(why.clone()), note(why)),
        Err(ActionError::Unknown(unknown)) => return Err(unknown.into()),
        Err(ActionError::Store(error)) => return Err(error.into()),
    };
    // Where it stands may have changed since: that is what a conflict tells of.
    let fresh = store::find(&visit.app.db, id).await?.ok_or(Problem::Internal)?;
    let typed = Typed {
        errors: if refused.is_some() {
            FieldErrors::default()
        } else {
            errors
        },
        refused,
        reason,
    };
    show(visit, doing.actor, &fresh, lookup::day(visit, "")?, status, typed).await
}

async fn show(
    visit: &Visit,
    who: &str,
    study: &Study,
    day: Day,
    answer: StatusCode,
    typed: Typed,
) -> Result<Response, Problem> {
    let db = &visit.app.db;
    let (cases, mine, progress) = tokio::try_join!(
        store::cases(db, study.id),
        store::codes_by(db, study.id, who),
        store::progress(db, std::slice::from_ref(&study.id)),
    )?;
    let status = study.status_on(day.date).unwrap_or(study.status);
    let today = day.date == visit.app.clock.today();
    let mine: BTreeMap<u32, &Code> = mine
        .iter()
        .filter(|code| code.stood_on(day.date))
        .map(|code| (code.case, code))
        .collect();
    let names = names(visit).await?;
    let coding = today && status == StudyStatus::Open && study.asks(who);
    let next = cases
        .iter()
        .find(|case| !mine.contains_key(&case.number))
        .filter(|_| coding);
    let finished = study
        .coders
        .iter()
        .any(|coder| coder.who == who && coder.finished_at.is_some());
    let token = visit.form_token();
    let view = View {
        title: study.title.clone(),
        answer: sentence(study, status, day),
        as_of: day.note(links::study(&study.id)),
        refused: typed.refused,
        status: tag(status),
        question: study.question.clone(),
        results: study
            .shows_results(day.date)
            .then(|| Anchor::new("See what it came to", day.keep(links::study_results(&study.id)))),
        next: next.map(|case| {
            let words = if mine.is_empty() { "Begin with" } else { "Go on with" };
            Anchor::new(
                format!("{words} case {}", case.number),
                links::study_case(&study.id, case.number),
            )
        }),
        finish: (coding && next.is_none() && !finished)
            .then(|| Form::new(links::finish_study(&study.id), &token, "I have finished")),
        facts: facts(study, &names),
        coders: study
            .coders
            .iter()
            .map(|coder| coder_row(study, coder, &progress, &names, day, today))
            .collect(),
        cases: cases
            .iter()
            .map(|case| row(study, case, mine.get(&case.number).copied(), day))
            .collect(),
        mine: study.asks(who),
        end: (today && study.may_end(who).is_ok()).then(|| {
            let field = Field::line("text", "reason", "Why it ends", &typed.reason).hint(
                "Nobody can code any more. Everybody who may assess sees what is in, and that the study is incomplete.",
            );
            Form::new(links::end_study(&study.id), &token, "End the study").with(vec![field], &typed.errors)
        }),
    };
    let mut page = frame(visit, format!("{}: coding study", study.title), day, None);
    page.history = Some(day.keep(links::history_of_study(&study.id)));
    visit.show_as(answer, &page, &view)
}

fn sentence(study: &Study, status: StudyStatus, day: Day) -> String {
    let people = count(study.coders.len(), "person", "people");
    let cases = count(study.cases as usize, "case", "cases");
    let finished = study.finished_on(day.date);
    match status {
        StudyStatus::Open => format!(
            "{people} code {cases} without seeing each other’s codes; {finished} of {} have finished.",
            study.coders.len()
        ),
        StudyStatus::Complete => {
            format!("{people} coded {cases} without seeing each other’s codes. All have finished.")
        }
        StudyStatus::Ended => format!(
            "{people} were to code {cases}; {finished} had finished when it was ended: {}",
            study.reason.as_deref().unwrap_or_default()
        ),
    }
}

fn facts(study: &Study, names: &Names) -> Vec<Fact> {
    let drawn = match study.draw {
        Some(draw) => format!("{} drawn at random from {}, seed {}", study.cases, draw.from, draw.seed),
        None => format!("all {}", study.cases),
    };
    let engine = if study.engine {
        "codes too; its codes were made when the study was opened"
    } else {
        "does not take part"
    };
    vec![
        Fact::new("Cases", format!("{}: {drawn}", study.sample)),
        Fact::new("The engine", engine),
        Fact::new("Opened", opened(study, names)),
    ]
}

fn coder_row(
    study: &Study,
    coder: &crate::domain::studies::StudyCoder,
    progress: &BTreeMap<(StudyId, String), u64>,
    names: &Names,
    day: Day,
    today: bool,
) -> CoderRow {
    let coded = progress.get(&(study.id, coder.who.clone())).copied().unwrap_or(0);
    let finished = coder.finished_at.filter(|at| at.date_naive() <= day.date);
    CoderRow {
        who: names.of(&coder.who),
        coded: if today {
            format!("{coded} of {}", study.cases)
        } else {
            "–".to_owned()
        },
        state: match finished {
            Some(at) => Tag {
                class: "strong",
                word: format!("finished on {}", at.date_naive()),
            },
            None => Tag {
                class: "quiet",
                word: "not finished".to_owned(),
            },
        },
    }
}

fn row(study: &Study, case: &StudyCase, mine: Option<&Code>, day: Day) -> CaseRow {
    CaseRow {
        case: Anchor::new(
            format!("{}. {}", case.number, case.name),
            day.keep(links::study_case(&study.id, case.number)),
        ),
        state: case.state.as_ref().map(ToString::to_string).unwrap_or_default(),
        begins: short(&case.text, 90),
        mine: mine.map(mark),
    }
}
