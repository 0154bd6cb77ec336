//! A monitor decides: the grade of an obligation, and why a gap stays open.

use super::one;
use crate::actions::assessments::{AssessmentDraft, assess};
use crate::actions::causes::{CauseDraft, record};
use crate::actions::{ActionError, Doing};
use crate::domain::causes::{Cause, INFORMATION_KINDS};
use crate::domain::summaries::ObligationPicture;
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, Visit};
use crate::web::links;
use crate::web::pages::here::Here;
use crate::web::pages::mending::{invalid, note};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::parts::{CauseMark, GradeMark};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// The two forms as they were left: what was typed, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Forms {
    grade: Option<(AssessmentDraft, FieldErrors)>,
    cause: Option<(CauseDraft, FieldErrors)>,
}

/// Saves a grade.
pub(in crate::web) async fn grade(
    visit: Visit,
    allowed: Allowed<Assess>,
    Path((state, provision)): Path<(String, String)>,
    CsrfForm(mut draft): CsrfForm<AssessmentDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    (draft.state, draft.provision) = (here.state.iso3.to_string(), provision.clone());
    let doing = Doing {
        actor: allowed.user()?.email.as_str(),
        now: visit.app.clock.now(),
    };
    let (status, errors) = match assess(&visit.app.db, &here.shelf, doing, &draft).await {
        Ok(_) => return Ok(done(&here, &provision, Done::Grade, "assessment")),
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, invalid(errors)),
        Err(ActionError::Conflict(why)) => (StatusCode::CONFLICT, note(capital(&why))),
        Err(other) => return Err(other.into()),
    };
    let forms = Forms {
        grade: Some((draft, errors)),
        cause: None,
    };
    one::show(&visit, &here, &provision, status, forms).await
}

/// Saves a cause.
pub(in crate::web) async fn cause(
    visit: Visit,
    allowed: Allowed<Assess>,
    Path((state, provision)): Path<(String, String)>,
    CsrfForm(mut draft): CsrfForm<CauseDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    (draft.state, draft.provision) = (here.state.iso3.to_string(), provision.clone());
    let doing = Doing {
        actor: allowed.user()?.email.as_str(),
        now: visit.app.clock.now(),
    };
    match record(&visit.app.db, &here.shelf, doing, &draft).await {
        Ok(_) => Ok(done(&here, &provision, Done::Cause, "causes")),
        Err(ActionError::Invalid(errors)) => {
            let forms = Forms {
                grade: None,
                cause: Some((draft, invalid(errors))),
            };
            one::show(&visit, &here, &provision, StatusCode::UNPROCESSABLE_ENTITY, forms).await
        }
        Err(other) => Err(other.into()),
    }
}

fn done(here: &Here, provision: &str, done: Done, place: &str) -> Response {
    let found = here
        .shelf
        .reference
        .find_provision(provision)
        .ok()
        .map(|(_, provision)| provision.id.clone());
    let page = found.map_or_else(
        || links::state(&here.state.iso3),
        |id| links::obligation(&here.state.iso3, &id),
    );
    Redirect::to(page.with("done", done.code()).at(place).as_str()).into_response()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The form for a grade; what the program suggests is never chosen beforehand.
pub(super) fn grade_form(here: &Here, one: &ObligationPicture<'_>, token: &str, forms: &Forms) -> Form {
    let standing = one
        .assessment
        .map(|assessment| assessment.id.to_string())
        .unwrap_or_default();
    let fresh = (
        AssessmentDraft {
            seen: standing.clone(),
            ..AssessmentDraft::default()
        },
        FieldErrors::default(),
    );
    let (draft, errors) = forms.grade.as_ref().unwrap_or(&fresh);
    let mut choices: Vec<Choice> = one::grades()
        .map(|grade| {
            let mut choice = Choice::new(grade.number().to_string(), grade.words()).hint(grade.test());
            choice.grade = Some(GradeMark::decided(Some(grade)));
            choice
        })
        .collect();
    let mut none = Choice::new("none", "no information").hint("no usable evidence, or no reply; never read as failure");
    none.grade = Some(GradeMark::decided(None));
    choices.push(none);
    let chosen: Vec<&str> = draft.evidence.iter().map(String::as_str).collect();
    let items: Vec<Choice> = one
        .evidence
        .iter()
        .map(|stored| Choice::new(stored.id.to_string(), &stored.evidence.title))
        .collect();
    let mut fields = vec![
        // After a conflict the page shows the other decision, so a second try has seen it.
        Field::hidden("seen", &standing),
        Field::radio("grade", "Grade", choices, &draft.grade).id("grade-choice"),
        Field::text("reasons", "Reasons", &draft.reasons)
            .hint("Why this grade, in your own words; a reader must be able to follow it."),
    ];
    if !items.is_empty() {
        fields.push(
            Field::checks("evidence", "It rests on", items, &chosen)
                .optional()
                .id("grade-evidence"),
        );
    }
    let action = links::grade(&here.state.iso3, &one.obligation.provision.id);
    Form::new(action, token, "Save the grade").with(fields, errors)
}

/// The form for a cause.
pub(super) fn cause_form(here: &Here, one: &ObligationPicture<'_>, token: &str, forms: &Forms) -> Form {
    let fresh = (CauseDraft::default(), FieldErrors::default());
    let (draft, errors) = forms.cause.as_ref().unwrap_or(&fresh);
    let causes = Cause::ALL.iter().map(|cause| {
        let mut choice = Choice::new(cause.code(), cause.words());
        choice.cause = Some(CauseMark::short(*cause));
        choice
    });
    let mut kinds = vec![Choice::new("", "not about information")];
    kinds.extend(INFORMATION_KINDS.map(|(code, words)| Choice::new(code, words)));
    let chosen: Vec<&str> = draft.evidence.iter().map(String::as_str).collect();
    let items: Vec<Choice> = one
        .evidence
        .iter()
        .map(|stored| Choice::new(&stored.evidence.key, &stored.evidence.title))
        .collect();
    let mut fields = vec![
        Field::radio("cause", "Cause", causes.collect(), &draft.cause).id("cause-choice"),
        Field::select("subcause", "Kind of information cause", kinds, &draft.subcause)
            .filter()
            .hint("Only where the cause is information."),
        Field::line("text", "weight", "Weight in per cent", &draft.weight)
            .optional()
            .width("short")
            .hint("Among the causes of this gap, where you can say."),
        Field::text("rationale", "Rationale", &draft.rationale)
            .hint("What shows that this keeps the gap open. The same cause recorded again replaces the earlier one."),
    ];
    if !items.is_empty() {
        fields.push(
            Field::checks("evidence", "Shown by", items, &chosen)
                .optional()
                .id("cause-evidence"),
        );
    }
    let action = links::cause(&here.state.iso3, &one.obligation.provision.id);
    Form::new(action, token, "Save the cause").with(fields, errors)
}
