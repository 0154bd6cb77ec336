//! One case of a study: coded blind, later seen with all codes beside each other, and settled.

use super::super::mending::{invalid, note};
use super::super::obligation_history::{Names, names};
use super::{Asked, find, frame, hint, line};
use crate::actions::ActionError;
use crate::actions::studies::{self as actions, CodeDraft, SettlementDraft};
use crate::domain::causes::Cause;
use crate::domain::studies::{Code, Settlement, Study, StudyCase, StudyStatus, kinds};
use crate::store::studies as store;
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, Visit};
use crate::web::links;
use crate::web::pages::lookup::{self, Day};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::obligations::Fact;
use crate::web::view::parts::{Anchor, CauseMark};
use crate::web::view::studies::{CitedLine, SettledLine, StudyCase as View};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;

type Place = Path<(String, String)>;

/// Shows it.
pub(in crate::web) async fn show(
    visit: Visit,
    allowed: Allowed<Assess>,
    Path((id, number)): Place,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let day = lookup::day(&visit, &asked.as_of)?;
    let study = find(&visit, &id, day).await?;
    let who = allowed.user()?.email.as_str();
    let number = place(&study, &number)?;
    page(&visit, who, &study, number, day, StatusCode::OK, Typed::default()).await
}

/// Saves the visitor's code and goes on with their next case.
pub(in crate::web) async fn code(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path((id, number)): Place,
    CsrfForm(draft, key): CsrfForm<CodeDraft>,
) -> Result<Response, Problem> {
    let day = lookup::day(&visit, "")?;
    let study = find(&visit, &id, day).await?;
    let number = place(&study, &number)?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    match actions::code(&visit.app.db, doing, study.id, number, &draft).await {
        Ok(()) => {
            let mine = store::codes_by(&visit.app.db, study.id, doing.actor).await?;
            let free = |case: &u32| !mine.iter().any(|code| code.case == *case);
            let next = (number + 1..=study.cases).chain(1..number).find(free);
            let to = match next {
                Some(case) => links::study_case(&study.id, case),
                None => links::study(&study.id),
            };
            visit.arrive(&key, to.with("done", Done::CaseCoded.code())).await
        }
        Err(error) => {
            let (status, typed) = refused(error)?;
            let typed = Typed {
                code: Some(draft),
                ..typed
            };
            again(&visit, doing.actor, &study, number, status, typed).await
        }
    }
}

/// Notes what was settled.
pub(in crate::web) async fn settle(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path((id, number)): Place,
    CsrfForm(draft, key): CsrfForm<SettlementDraft>,
) -> Result<Response, Problem> {
    let day = lookup::day(&visit, "")?;
    let study = find(&visit, &id, day).await?;
    let number = place(&study, &number)?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    match actions::settle(&visit.app.db, doing, study.id, number, &draft).await {
        Ok(()) => {
            let to = links::study_case(&study.id, number).with("done", Done::CaseSettled.code());
            visit.arrive(&key, to.at("settled")).await
        }
        Err(error) => {
            let (status, typed) = refused(error)?;
            let typed = Typed {
                settle: Some(draft),
                ..typed
            };
            again(&visit, doing.actor, &study, number, status, typed).await
        }
    }
}

/// What a form was refused with.
#[derive(Default)]
struct Typed {
    refused: Option<String>,
    code: Option<CodeDraft>,
    settle: Option<SettlementDraft>,
    errors: FieldErrors,
}

fn refused(error: ActionError) -> Result<(StatusCode, Typed), Problem> {
    match error {
        ActionError::Invalid(errors) => {
            let typed = Typed {
                errors: invalid(errors),
                ..Typed::default()
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, typed))
        }
        ActionError::Conflict(why) => {
            let typed = Typed {
                errors: note(why.clone()),
                refused: Some(why),
                ..Typed::default()
            };
            Ok((StatusCode::CONFLICT, typed))
        }
        ActionError::Unknown(unknown) => Err(unknown.into()),
        ActionError::Store(error) => Err(error.into()),
    }
}

async fn again(
    visit: &Visit,
    who: &str,
    study: &Study,
    number: u32,
    status: StatusCode,
    typed: Typed,
) -> Result<Response, Problem> {
    let fresh = store::find(&visit.app.db, study.id).await?.ok_or(Problem::Internal)?;
    page(visit, who, &fresh, number, lookup::day(visit, "")?, status, typed).await
}

fn place(study: &Study, text: &str) -> Result<u32, Problem> {
    let number: Option<u32> = text.parse().ok().filter(|number| (1..=study.cases).contains(number));
    number.ok_or_else(|| Problem::NotFound {
        what: format!("This study has {} cases, and none “{text}”.", study.cases),
        suggestions: vec![Anchor::new(&study.title, links::study(&study.id))],
    })
}

async fn page(
    visit: &Visit,
    who: &str,
    study: &Study,
    number: u32,
    day: Day,
    answer: StatusCode,
    typed: Typed,
) -> Result<Response, Problem> {
    let db = &visit.app.db;
    let case = store::case(db, study.id, number).await?.ok_or(Problem::Internal)?;
    let status = study.status_on(day.date).unwrap_or(study.status);
    let over = study.shows_results(day.date);
    let codes = if over {
        store::codes(db, study.id).await?
    } else {
        store::codes_by(db, study.id, who).await?
    };
    let visible: Vec<&Code> = study
        .visible(who, &codes, day.date)
        .into_iter()
        .filter(|code| code.case == number)
        .collect();
    let settlements = if over {
        store::settlements(db, study.id).await?
    } else {
        Vec::new()
    };
    let names = names(visit).await?;
    let today = day.date == visit.app.clock.today();
    let coding = today && status == StudyStatus::Open && study.asks(who);
    let Typed {
        refused,
        code,
        settle,
        errors,
    } = typed;
    let own = visible.iter().find(|code| code.coder == who).copied();
    let step = |number: Option<u32>, words: &str| {
        let number = number.filter(|number| (1..=study.cases).contains(number))?;
        Some(Anchor::new(words, day.keep(links::study_case(&study.id, number))))
    };
    let differ = visible
        .iter()
        .any(|code| Some(code.cause) != visible.first().map(|one| one.cause));
    let view = View {
        study: Anchor::new("All cases", day.keep(links::study(&study.id))),
        name: case.name.clone(),
        place: format!("case {number} of {}, {}", study.cases, study.title),
        as_of: day.note(links::study_case(&study.id, number)),
        refused,
        question: study.question.clone(),
        facts: facts(visit, &case).await?,
        text: case.text.clone(),
        evidence: case.evidence.iter().map(cited).collect(),
        blind: coding.then(|| {
            "Code it from this text alone. What others chose and what the engine suggests is left out of this page until all have \
             finished; please do not talk about it before."
                .to_owned()
        }),
        form: coding.then(|| code_form(visit, study, number, own, code, &errors)),
        codes: if over || !coding {
            visible.iter().map(|code| line(&names, code)).collect()
        } else {
            Vec::new()
        },
        settled: settled(&settlements, number, day, &names),
        settle: (today && over && differ).then(|| settle_form(visit, study, number, settle, &errors)),
        previous: step(number.checked_sub(1), "Previous case"),
        next: step(number.checked_add(1), "Next case"),
    };
    let page = frame(visit, format!("{}: case {number}", study.title), day, Some(study));
    visit.show_as(answer, &page, &view)
}

async fn facts(visit: &Visit, case: &StudyCase) -> Result<Vec<Fact>, Problem> {
    let shelf = visit.app.shelf().await?;
    let state = case.state.as_ref().map(|code| {
        let name = shelf
            .reference
            .state(code)
            .map_or(code.as_str(), |state| state.name.en.as_str());
        Fact::new("State", name)
    });
    let known = case.provision.as_ref().and_then(|id| shelf.reference.provision(id));
    let asks = known.map(|(_, provision)| Fact::new("What the provision asks", provision.summary.clone()));
    let date = case.date.map(|date| Fact::new("Date", date.to_string()));
    Ok(state.into_iter().chain(date).chain(asks).collect())
}

fn cited(one: &crate::domain::studies::StudyEvidence) -> CitedLine {
    let source = if one.source.is_empty() {
        String::new()
    } else {
        format!("{}; ", one.source)
    };
    CitedLine {
        title: Anchor::new(&one.title, links::evidence(&one.id)),
        line: format!("{source}revision {} was read", one.revision),
    }
}

fn code_form(
    visit: &Visit,
    study: &Study,
    number: u32,
    own: Option<&Code>,
    typed: Option<CodeDraft>,
    errors: &FieldErrors,
) -> Form {
    let before = || own.map(draft_of).unwrap_or_default();
    let draft = typed.unwrap_or_else(before);
    let cause = |cause: &Cause| {
        let mut choice = Choice::new(cause.code(), cause.words()).hint(hint(*cause));
        choice.cause = Some(CauseMark::short(*cause));
        choice
    };
    let none = |words: &str| std::iter::once(Choice::new("", words));
    let kinds = kinds().map(|(cause, code, words)| Choice::new(code, format!("{}: {words}", cause.words())));
    let others = Cause::ALL
        .iter()
        .filter(|cause| **cause != Cause::Undetermined)
        .map(|cause| Choice::new(cause.code(), cause.words()));
    let sure = vec![Choice::new("yes", "sure"), Choice::new("no", "not sure")];
    let fields = vec![
        Field::radio("cause", "Cause", Cause::ALL.iter().map(cause).collect(), &draft.cause),
        Field::select(
            "subclass",
            "Which kind",
            none("does not apply").chain(kinds).collect(),
            &draft.subclass,
        )
        .hint("For information and other factors.")
        .optional(),
        Field::select(
            "second",
            "A second cause",
            none("none").chain(others).collect(),
            &draft.second,
        )
        .optional(),
        Field::radio("sure", "How sure are you?", sure, &draft.sure),
        Field::text("reason", "Why", &draft.reason).hint("A sentence: which words of the text carry it."),
    ];
    let submit = if own.is_some() {
        "Replace your code"
    } else {
        "Save and go on"
    };
    let action = links::study_case(&study.id, number);
    Form::new(action, &visit.form_token(), submit).with(fields, errors)
}

fn draft_of(code: &Code) -> CodeDraft {
    CodeDraft {
        cause: code.cause.code().to_owned(),
        subclass: code.subclass.clone(),
        second: code.second.map(|cause| cause.code().to_owned()).unwrap_or_default(),
        sure: if code.sure { "yes" } else { "no" }.to_owned(),
        reason: code.reason.clone(),
    }
}

fn settle_form(
    visit: &Visit,
    study: &Study,
    number: u32,
    typed: Option<SettlementDraft>,
    errors: &FieldErrors,
) -> Form {
    let draft = typed.unwrap_or_default();
    let choices = Cause::ALL.iter().map(|cause| Choice::new(cause.code(), cause.words()));
    let choices = choices
        .chain([Choice::new("none", "not settled on one cause")])
        .collect();
    let fields = vec![
        Field::radio("settled", "The cause they settle on", choices, &draft.settled),
        Field::text("note", "What was settled, and why", &draft.note)
            .hint("What the guide to the causes should say, so that the next two people agree."),
    ];
    Form::new(
        links::settle_case(&study.id, number),
        &visit.form_token(),
        "Save the note",
    )
    .with(fields, errors)
}

fn settled(all: &[Settlement], number: u32, day: Day, names: &Names) -> Vec<SettledLine> {
    let here = all
        .iter()
        .filter(|one| one.case == number && one.at.date_naive() <= day.date);
    here.rev().map(|one| settled_line(one, day, names)).collect()
}

/// A note as pages show it.
pub(super) fn settled_line(one: &Settlement, day: Day, names: &Names) -> SettledLine {
    SettledLine {
        cause: one.cause.map(CauseMark::short),
        note: one.note.clone(),
        line: format!("{}, {}", names.of(&one.by), one.at.date_naive()),
        earlier: one.superseded_at.is_some_and(|gone| gone.date_naive() <= day.date),
    }
}
