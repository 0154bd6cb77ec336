//! The form for a new study: gaps that are looked for, cases from a file, and the study itself.

use super::super::mending::{invalid, note};
use super::super::obligation_history::names;
use crate::actions::ActionError;
use crate::actions::studies::{StudyDraft, gaps, open as open_study};
use crate::domain::ids::{StateCode, ThemeCode};
use crate::domain::studies::{MOST_CASES, StudyCase};
use crate::store::library::Shelf;
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, UploadedFile, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, FieldErrors, Filters, Form};
use crate::web::view::studies::NewStudy;
use crate::web::view::words::{count, provision_name};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// What is asked where nobody asks otherwise.
const QUESTION: &str = "Why does this gap stay open? Choose the cause that the text carries best, and undetermined where it carries \
    none. Look first for what lies outside the state’s control, then for information, then for resources; choose political will on \
    positive signs only.";
/// Gaps that are shown to choose from.
const MOST_SHOWN: usize = 300;
/// The largest file of cases.
pub(in crate::web) const LARGEST: u64 = 900 * 1024;
const STATES: usize = crate::actions::studies::MOST_STATES;

/// Where gaps are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Looked {
    states: String,
    theme: String,
}

/// The empty form, or with gaps to choose from.
pub(in crate::web) async fn form(
    visit: Visit,
    _: Allowed<Assess>,
    Query(looked): Query<Looked>,
) -> Result<Response, Problem> {
    let draft = StudyDraft {
        question: QUESTION.to_owned(),
        engine: "yes".to_owned(),
        seed: "1".to_owned(),
        states: looked.states,
        theme: looked.theme,
        ..StudyDraft::default()
    };
    show(&visit, StatusCode::OK, draft, &FieldErrors::default(), true).await
}

/// Takes cases from a file into the form, where they are seen before anything is opened. The file is not kept.
pub(in crate::web) async fn read_file(
    visit: Visit,
    _: Allowed<Assess>,
    file: UploadedFile,
) -> Result<Response, Problem> {
    let mut draft = StudyDraft {
        question: QUESTION.to_owned(),
        engine: "yes".to_owned(),
        seed: "1".to_owned(),
        ..StudyDraft::default()
    };
    let mut errors = FieldErrors::default();
    if file.size > LARGEST {
        errors.add(
            "cases",
            format!("the file is larger than {} kB: split it", LARGEST / 1024),
        );
    } else {
        let bytes = tokio::fs::read(file.path()).await.map_err(|error| {
            tracing::error!(%error, "an uploaded file of cases could not be read");
            Problem::Internal
        })?;
        match String::from_utf8(bytes) {
            Ok(text) => draft.cases = text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => errors.add(
                "cases",
                "the file is no text in UTF-8: save it as “CSV UTF-8” and send it again",
            ),
        }
    }
    if errors.is_empty() {
        let shelf = visit.app.shelf().await?;
        if let Err(wrong) = crate::actions::studies::read_csv(&shelf.reference, &draft.cases) {
            errors.add("cases", wrong.into_iter().take(10).collect::<Vec<_>>().join("; "));
        }
    }
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    show(&visit, status, draft, &errors, true).await
}

/// Opens the study, or shows the form again with what was typed.
pub(in crate::web) async fn open(
    allowed: Allowed<Assess>,
    visit: Visit,
    CsrfForm(draft, key): CsrfForm<StudyDraft>,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let (status, errors) = match open_study(&visit.app.db, &shelf, doing, &draft).await {
        Ok(id) => {
            let to = links::study(&id).with("done", Done::StudyOpened.code());
            return visit.arrive(&key, to).await;
        }
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, invalid(errors)),
        Err(ActionError::Conflict(why)) => (StatusCode::CONFLICT, note(why)),
        Err(ActionError::Unknown(unknown)) => return Err(unknown.into()),
        Err(ActionError::Store(error)) => return Err(error.into()),
    };
    show(&visit, status, draft, &errors, false).await
}

/// Gaps to choose from, and what was looked for.
struct Found {
    cases: Vec<StudyCase>,
    all: usize,
    sentence: Option<String>,
}

async fn look(visit: &Visit, shelf: &Shelf, draft: &StudyDraft) -> Result<Found, Problem> {
    let split = |c: char| c == ',' || c == ';';
    let typed = draft.states.split(split).map(str::trim).filter(|text| !text.is_empty());
    let mut states: Vec<StateCode> = Vec::new();
    for text in typed {
        let state = &shelf.reference.find_state(text)?.iso3;
        if !states.contains(state) {
            states.push(state.clone());
        }
    }
    if states.len() > STATES {
        return Err(Problem::Unreadable(format!("Name at most {STATES} states at a time.")));
    }
    let theme: Option<ThemeCode> = match draft.theme.trim() {
        "" => None,
        text => Some(shelf.reference.find_theme(text)?.code.clone()),
    };
    if states.is_empty() {
        return Ok(Found {
            cases: Vec::new(),
            all: 0,
            sentence: None,
        });
    }
    let mut cases = gaps(&visit.app.db, shelf, &states, theme.as_ref(), visit.app.clock.today()).await?;
    let all = cases.len();
    cases.truncate(MOST_SHOWN);
    let sentence = match all {
        0 => "No gap with evidence on it fits. Try another state or no right.".to_owned(),
        all if all > MOST_SHOWN => format!("{all} gaps have evidence on them; the first {MOST_SHOWN} are below."),
        all => format!(
            "{} below.",
            count(all, "gap with evidence is", "gaps with evidence are")
        ),
    };
    Ok(Found {
        cases,
        all,
        sentence: Some(sentence),
    })
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    draft: StudyDraft,
    errors: &FieldErrors,
    fresh: bool,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let found = look(visit, &shelf, &draft).await?;
    let token = visit.form_token();
    let people = names(visit).await?;
    let view = NewStudy {
        filters: filters(&shelf, &draft),
        found: found.sentence.clone(),
        upload: Form::new(links::new_study(), &token, "Read the file"),
        limit: format!(
            "A table with the column text, and maybe id, state and date (such as 2024-05-31); at most {} kB. You see the cases \
             before the study is opened. The file is not kept.",
            LARGEST / 1024
        ),
        form: Form::new(links::studies(), &token, "Open the study").with(
            fields(&shelf, &draft, &found, people.assessors().cloned().collect(), fresh),
            errors,
        ),
    };
    let page = super::frame(
        visit,
        "Open a coding study".to_owned(),
        super::lookup::day(visit, "")?,
        None,
    );
    visit.show_as(status, &page, &view)
}

fn filters(shelf: &Shelf, draft: &StudyDraft) -> Filters {
    let themes = shelf
        .reference
        .themes()
        .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let themes = std::iter::once(Choice::new("", "all rights")).chain(themes).collect();
    let any = !draft.states.trim().is_empty();
    Filters {
        label: "Look for gaps".to_owned(),
        action: links::new_study(),
        fields: vec![
            Field::line(
                "text",
                "states",
                &format!("Gaps of (up to {STATES} states)"),
                &draft.states,
            )
            .id("look-states")
            .hint("Such as MEX, GTM.")
            .filter(),
            Field::select("theme", "Right", themes, &draft.theme.trim().to_uppercase())
                .id("look-theme")
                .filter(),
        ],
        clear: any.then(links::new_study),
    }
}

fn fields(shelf: &Shelf, draft: &StudyDraft, found: &Found, people: Vec<(String, String)>, fresh: bool) -> Vec<Field> {
    let chosen: Vec<&str> = draft.coders.iter().map(String::as_str).collect();
    let people = people.into_iter().map(|(id, name)| Choice::new(id, name)).collect();
    let yes_no = vec![
        Choice::new("yes", "yes").hint("its codes, with the words they rest on, are shown when all have finished"),
        Choice::new("no", "no"),
    ];
    let mut fields = vec![
        Field::line("text", "title", "Name of the study", &draft.title),
        Field::text("question", "What is asked", &draft.question),
        Field::checks("coders", "Who codes", people, &chosen).hint("Two to eight people who may assess."),
        Field::radio("engine", "Does the engine code too?", yes_no, &draft.engine),
    ];
    if found.cases.is_empty() {
        fields.push(Field::text("cases", "Cases", &draft.cases).hint(
            "A first line with the names of the columns, then one case a line: text, and maybe id, state and date.",
        ));
    } else {
        fields.push(Field::hidden("states", &draft.states));
        fields.push(Field::hidden("theme", &draft.theme));
        let values: Vec<String> = found.cases.iter().map(value).collect();
        // All of them at first; later those that were chosen.
        let ticked: Vec<&str> = values
            .iter()
            .map(String::as_str)
            .filter(|value| fresh || draft.gaps.iter().any(|gap| gap == value))
            .collect();
        let choices = found.cases.iter().map(|case| choice(shelf, case)).collect();
        fields.push(
            Field::checks("gaps", "Gaps", choices, &ticked).hint("The text of a case is what its evidence says."),
        );
    }
    let all = if found.all > 0 {
        format!("Leave it empty to take all that are chosen; at most {MOST_CASES}.")
    } else {
        format!("Leave it empty to take all; at most {MOST_CASES}.")
    };
    fields.push(
        Field::line("text", "number", "How many to draw at random", &draft.number)
            .hint(all)
            .width("short")
            .optional(),
    );
    fields.push(
        Field::line("text", "seed", "Seed of the drawing", &draft.seed)
            .hint("The same seed draws the same cases from the same list.")
            .width("short")
            .optional(),
    );
    fields
}

fn value(case: &StudyCase) -> String {
    let state = case.state.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{state}/{}", case.name)
}

fn choice(shelf: &Shelf, case: &StudyCase) -> Choice {
    let known = case.provision.as_ref().and_then(|id| shelf.reference.provision(id));
    let state = case.state.as_ref().and_then(|code| shelf.reference.state(code));
    let name = known.map_or_else(
        || case.name.clone(),
        |(instrument, provision)| format!("{}, {}", provision_name(instrument, provision), provision.label),
    );
    let label = match state {
        Some(state) => format!("{}: {name}", state.name.en),
        None => name,
    };
    let texts = count(case.evidence.len(), "piece of evidence", "pieces of evidence");
    Choice::new(value(case), label).hint(texts)
}
