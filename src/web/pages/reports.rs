//! The form for news of a report: submitted, a date set by the treaty body, concluding observations.

use super::here::Here;
use super::mending::{invalid, note};
use crate::actions::ActionError;
use crate::actions::reports::{ReportDraft, record};
use crate::domain::deadlines::DeadlineStatus;
use crate::domain::participation::Status;
use crate::web::extract::{Allowed, CsrfForm, Done, RecordFacts, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::parts::Anchor;
use crate::web::view::reports::ReportForm;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// What a link to the form may fill in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Given {
    instrument: String,
    cycle: String,
}

/// The empty form.
pub(in crate::web) async fn form(
    visit: Visit,
    _: Allowed<RecordFacts>,
    Path(state): Path<String>,
    Query(given): Query<Given>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let draft = ReportDraft {
        instrument: given.instrument.trim().to_uppercase(),
        cycle: given.cycle,
        ..ReportDraft::default()
    };
    show(&visit, &here, StatusCode::OK, &draft, &FieldErrors::default())
}

/// Records it, or shows the form again with what is wrong.
pub(in crate::web) async fn record_one(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(state): Path<String>,
    CsrfForm(mut draft, key): CsrfForm<ReportDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    draft.state = here.state.iso3.to_string();
    let doing = allowed.doing(&visit.app.clock, &key)?;
    match record(&visit.app.db, &here.shelf, doing, &draft).await {
        Ok(_) => {
            let to = links::state_deadlines(&here.state.iso3).with("done", Done::Report.code());
            visit.arrive(&key, to).await
        }
        Err(ActionError::Invalid(errors)) => show(
            &visit,
            &here,
            StatusCode::UNPROCESSABLE_ENTITY,
            &draft,
            &invalid(errors),
        ),
        Err(ActionError::Conflict(why)) => show(&visit, &here, StatusCode::CONFLICT, &draft, &note(why)),
        Err(other) => Err(other.into()),
    }
}

fn show(
    visit: &Visit,
    here: &Here,
    status: StatusCode,
    draft: &ReportDraft,
    errors: &FieldErrors,
) -> Result<Response, Problem> {
    let (reference, world) = (&here.shelf.reference, &here.shelf.world);
    let owed = world.deadlines(reference, &here.state.iso3, here.as_of);
    let open = owed.iter().filter(|one| one.status != DeadlineStatus::Reviewed);
    let form = Form::new(
        links::new_report(&here.state.iso3),
        &visit.form_token(),
        "Record the report",
    )
    .with(fields(here, draft), errors)
    .cancel(Anchor::new("Do not record", links::state_deadlines(&here.state.iso3)));
    let view = ReportForm {
        state: here.name().to_owned(),
        form,
        columns: DeadlineRow::columns(false),
        owed: open
            .map(|one| DeadlineRow::of(one, here.name(), one.instrument.as_str()))
            .collect(),
    };
    let mut page = visit.page(format!("Record a report of {}", here.name()), Section::Deadlines);
    page.crumbs = here.crumbs();
    page.crumbs
        .push(Anchor::new("Deadlines", links::state_deadlines(&here.state.iso3)));
    visit.show_as(status, &page, &view)
}

fn fields(here: &Here, draft: &ReportDraft) -> Vec<Field> {
    let (reference, world) = (&here.shelf.reference, &here.shelf.world);
    let instruments = reference
        .instruments()
        .iter()
        .filter(|one| !one.reporting.reports.is_empty());
    let (bound, others): (Vec<_>, Vec<_>) = instruments.partition(|one| {
        let status = world.participation(&here.state.iso3, one, here.as_of).status;
        matches!(status, Status::Party | Status::PartyNotYetInForce)
    });
    let choice = |suffix: &'static str| {
        move |one: &&crate::domain::instruments::Instrument| {
            Choice::new(one.code.as_str(), format!("{} {}{suffix}", one.code, one.short.en))
        }
    };
    let all = std::iter::once(Choice::new("", "choose a treaty"))
        .chain(bound.iter().map(choice("")))
        .chain(others.iter().map(choice(" – not a party")))
        .collect();
    let date = |name: &'static str, label: &str, value: &str| {
        Field::line("text", name, label, value).optional().width("short")
    };
    let line = |name: &'static str, label: &str, value: &str| {
        Field::line("text", name, label, value).optional().width("medium")
    };
    vec![
        Field::select("instrument", "Treaty", all, &draft.instrument.trim().to_uppercase()),
        Field::line("text", "cycle", "Report", &draft.cycle)
            .hint("As in the table of what is owed: initial, periodic 4, or periodic 2-3 for a combined one.")
            .width("medium"),
        date("submitted", "Submitted on", &draft.submitted).hint(
            "The day, such as 2026-11-02. Give at least one of the three dates; what you leave empty stays as it was.",
        ),
        line("symbol", "Symbol of the report", &draft.symbol).hint("Such as CMW/C/MEX/4."),
        date("due", "Due date set by the treaty body", &draft.due),
        line("due_set_by", "The document that set it", &draft.due_set_by)
            .hint("Such as CMW/C/MEX/CO/3. It replaces the date of the treaty’s own rule."),
        date("co_date", "Concluding observations adopted on", &draft.co_date),
        line("co_symbol", "Their symbol", &draft.co_symbol),
        Field::line("text", "source", "Source", &draft.source)
            .hint("Where you know it from, such as the treaty body’s database."),
    ]
}
