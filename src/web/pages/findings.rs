//! A monitor grades an obligation, or says why its gap stays open: the two forms of its page, and what is sent with them.

use super::here::Here;
use super::mending;
use super::obligation::{Forms, show};
use crate::actions::ActionError;
use crate::actions::assessments::{self, AssessmentDraft};
use crate::actions::causes::{self, CauseDraft};
use crate::domain::assessments::Grade;
use crate::domain::causes::{Cause, INFORMATION_KINDS};
use crate::domain::summaries::{ObligationPicture, StoredEvidence};
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, FormKey, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::parts::{CauseMark, GradeMark};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// Grades it, or shows the page again with what was typed.
pub(in crate::web) async fn grade(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path((state, provision)): Path<(String, String)>,
    CsrfForm(typed, key): CsrfForm<AssessmentDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let draft = AssessmentDraft {
        state: here.state.iso3.to_string(),
        provision,
        ..typed
    };
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let done = assessments::assess(&visit.app.db, &here.shelf, doing, &draft)
        .await
        .map(|_| ());
    let provision = draft.provision.clone();
    settle(&visit, here, &provision, done, (Done::Grade, &key), |errors| Forms {
        grade: Some((draft, errors)),
        ..Forms::default()
    })
    .await
}

/// Records it, or shows the page again with what was typed.
pub(in crate::web) async fn cause(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path((state, provision)): Path<(String, String)>,
    CsrfForm(typed, key): CsrfForm<CauseDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let draft = CauseDraft {
        state: here.state.iso3.to_string(),
        provision,
        ..typed
    };
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let done = causes::record(&visit.app.db, &here.shelf, doing, &draft)
        .await
        .map(|_| ());
    let provision = draft.provision.clone();
    settle(&visit, here, &provision, done, (Done::Cause, &key), |errors| Forms {
        cause: Some((draft, errors)),
        ..Forms::default()
    })
    .await
}

pub(super) async fn settle(
    visit: &Visit,
    here: Here,
    provision: &str,
    outcome: Result<(), ActionError>,
    (done, key): (Done, &FormKey),
    again: impl FnOnce(FieldErrors) -> Forms,
) -> Result<Response, Problem> {
    let (status, errors) = match outcome {
        Ok(()) => {
            let (_, found) = here.shelf.reference.find_provision(provision)?;
            let to = links::obligation(&here.state.iso3, &found.id).with("done", done.code());
            return visit.arrive(key, to).await;
        }
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, mending::invalid(errors)),
        Err(ActionError::Conflict(why)) => (StatusCode::CONFLICT, mending::note(why)),
        Err(ActionError::Unknown(unknown)) => return Err(unknown.into()),
        Err(ActionError::Store(error)) => return Err(error.into()),
    };
    show(visit, &here, provision, status, again(errors)).await
}

/// The form for a grade, with what was typed where something was.
pub(super) fn grade_form(
    visit: &Visit,
    here: &Here,
    one: &ObligationPicture<'_>,
    typed: Option<(AssessmentDraft, FieldErrors)>,
) -> Form {
    let (draft, errors) = typed.unwrap_or_default();
    let mut grades: Vec<Choice> = Grade::ALL.iter().map(|grade| grade_choice(Some(*grade))).collect();
    grades.push(grade_choice(None));
    let mut fields = vec![Field::radio("grade", "Grade", grades, &draft.grade).id("grade-grade")];
    if !one.evidence.is_empty() {
        let chosen: Vec<&str> = draft.evidence.iter().map(String::as_str).collect();
        let choices = one
            .evidence
            .iter()
            .map(|item| evidence_choice(item, item.id.to_string()))
            .collect();
        let field = Field::checks("evidence", "Evidence it rests on", choices, &chosen).id("grade-evidence");
        fields.push(
            field
                .optional()
                .hint("Tick what decided you: readers will find it two clicks away."),
        );
    }
    fields.push(
        Field::text("reasons", "Reasons", &draft.reasons)
            .id("grade-reasons")
            .hint(reasons_hint(one)),
    );
    // What stands now, so that the next try after a conflict is about what the page shows.
    let seen = one
        .assessment
        .map(|standing| standing.id.to_string())
        .unwrap_or_default();
    fields.push(Field::hidden("seen", &seen));
    let action = links::grade(&here.state.iso3, &one.obligation.provision.id);
    Form::new(action, &visit.form_token(), "Save the grade").with(fields, &errors)
}

/// What to say, and what a departure from the suggestion asks for.
fn reasons_hint(one: &ObligationPicture<'_>) -> String {
    let what = "Two or three sentences: what is in place, what is missing, how you know.";
    match one.suggestion.grade {
        None => what.to_owned(),
        Some(grade) => format!(
            "{what} The evidence suggests “{}”: if you decide more than one grade away, say what it misses. Your grade will be \
             marked “differs from the suggestion”.",
            grade.words()
        ),
    }
}

pub(super) fn grade_choice(grade: Option<Grade>) -> Choice {
    let (value, test) = match grade {
        Some(grade) => (grade.number().to_string(), grade.test()),
        None => ("none".to_owned(), "no usable evidence, or no reply: a decision too"),
    };
    let mut choice = Choice::new(value, "").hint(test);
    choice.grade = Some(GradeMark::decided(grade));
    choice
}

pub(super) fn evidence_choice(item: &StoredEvidence, value: String) -> Choice {
    let evidence = &item.evidence;
    let date = evidence
        .date()
        .map_or_else(|| "no date".to_owned(), |date| date.to_string());
    Choice::new(value, &evidence.title).hint(format!("{}, {date}", evidence.author_role.words()))
}

/// The form for a cause, with what was typed where something was.
pub(super) fn cause_form(
    visit: &Visit,
    here: &Here,
    one: &ObligationPicture<'_>,
    typed: Option<(CauseDraft, FieldErrors)>,
) -> Form {
    let (draft, errors) = typed.unwrap_or_default();
    let kinds = INFORMATION_KINDS.iter().map(|(code, words)| Choice::new(*code, *words));
    let kinds = std::iter::once(Choice::new("", "does not apply"))
        .chain(kinds)
        .collect();
    let mut fields = vec![
        Field::radio(
            "cause",
            "Cause",
            Cause::ALL.iter().map(|cause| cause_choice(*cause)).collect(),
            &draft.cause,
        )
        .id("cause-cause"),
        Field::select("subcause", "For information: which kind", kinds, &draft.subcause)
            .id("cause-subcause")
            .optional(),
        Field::line(
            "text",
            "weight",
            "Weight among the causes of this gap, in per cent",
            &draft.weight,
        )
        .id("cause-weight")
        .hint("A whole number from 0 to 100. Leave it empty where you cannot tell.")
        .width("short")
        .optional(),
    ];
    if !one.evidence.is_empty() {
        let chosen: Vec<&str> = draft.evidence.iter().map(String::as_str).collect();
        let choices = one
            .evidence
            .iter()
            .map(|item| evidence_choice(item, item.evidence.key.clone()))
            .collect();
        fields.push(
            Field::checks("evidence", "Evidence that shows it", choices, &chosen)
                .id("cause-evidence")
                .optional(),
        );
    }
    fields.push(
        Field::text("rationale", "Reasons", &draft.rationale)
            .id("cause-rationale")
            .hint("Which signs point to this cause, and which do not."),
    );
    let action = links::cause(&here.state.iso3, &one.obligation.provision.id);
    Form::new(action, &visit.form_token(), "Save the cause").with(fields, &errors)
}

fn cause_choice(cause: Cause) -> Choice {
    let hint = match cause {
        Cause::Resources => "knows and wants, lacks money, staff or equipment",
        Cause::PoliticalWill => "could and knows, prefers otherwise or delays: only on positive signs",
        Cause::Information => "a wrong reading, false beliefs, or no data, training or knowledge",
        Cause::Other => "conflict, disaster, federal competence, territory outside control",
        Cause::Undetermined => "the signs do not tell",
    };
    let mut choice = Choice::new(cause.code(), "").hint(hint);
    choice.cause = Some(CauseMark::short(cause));
    choice
}
