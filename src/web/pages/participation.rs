//! The form for a treaty action.

use super::evidence_form::Look;
use super::here::Here;
use super::mending::{invalid, note};
use crate::actions::ActionError;
use crate::actions::participation::{KINDS, TreatyActionDraft, record};
use crate::domain::instruments::Instrument;
use crate::domain::participation::ActionKind;
use crate::domain::reference::read_day;
use crate::web::extract::{Allowed, CsrfForm, Done, RecordFacts, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::participation::ActionForm;
use crate::web::view::parts::Anchor;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// What a link to the form may fill in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Given {
    instrument: String,
    kind: String,
    date: String,
    source: String,
    reason: String,
}

/// The empty form.
pub(in crate::web) async fn form(
    visit: Visit,
    _: Allowed<RecordFacts>,
    Path(state): Path<String>,
    Query(given): Query<Given>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let draft = TreatyActionDraft {
        instrument: given.instrument.trim().to_uppercase(),
        kind: given.kind,
        date: given.date,
        source: given.source,
        reason: given.reason,
        ..TreatyActionDraft::default()
    };
    show(&visit, &here, StatusCode::OK, &draft, &FieldErrors::default())
}

/// Records it; or shows the form again with what would follow, or with what is wrong.
pub(in crate::web) async fn record_one(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(state): Path<String>,
    Query(look): Query<Look>,
    CsrfForm(mut draft, key): CsrfForm<TreatyActionDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    draft.state = here.state.iso3.to_string();
    if look.only() {
        return show(&visit, &here, StatusCode::OK, &draft, &FieldErrors::default());
    }
    let doing = allowed.doing(&visit.app.clock, &key)?;
    match record(&visit.app.db, &here.shelf, doing, &draft).await {
        Ok(_) => {
            let to = links::state(&here.state.iso3).with("done", Done::Action.code());
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
    draft: &TreatyActionDraft,
    errors: &FieldErrors,
) -> Result<Response, Problem> {
    let action = links::new_action(&here.state.iso3);
    let chosen = here.shelf.reference.find_instrument(&draft.instrument).ok();
    let form = Form::new(action.clone(), &visit.form_token(), "Record the treaty action")
        .with(fields(here, draft, chosen), errors)
        .cancel(Anchor::new("Do not record", links::state(&here.state.iso3)));
    let view = ActionForm {
        state: here.name().to_owned(),
        rules: chosen
            .map(|instrument| rules(here, instrument, draft))
            .unwrap_or_default(),
        look: action.with("look", "1"),
        form,
    };
    let mut page = visit.page(format!("Record a treaty action of {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    visit.show_as(status, &page, &view)
}

/// What the treaty's own clauses make of the action.
fn rules(here: &Here, instrument: &Instrument, draft: &TreatyActionDraft) -> Vec<String> {
    let (code, name) = (&instrument.code, here.name());
    let now = here.shelf.world.participation(&here.state.iso3, instrument, here.as_of);
    let mut rules = vec![format!("{name} towards {code} today: {}.", now.status.words())];
    let entry = &instrument.entry_into_force_rule;
    let consents = |kind: &ActionKind| kind.word().replace(' ', "_") == draft.kind && kind.is_consent();
    let date = read_day(&draft.date).ok().filter(|date| *date >= instrument.adopted);
    let succeeds = draft.kind == "succession";
    match date {
        Some(date) if KINDS.iter().any(consents) && !succeeds => {
            let from = entry.apply(date).max(instrument.entry_into_force);
            rules.push(format!(
                "In force for {name} from {from}: {} ({}).",
                entry.text, entry.article
            ));
        }
        Some(date) if draft.kind == "denunciation" => {
            if let Some(rule) = &instrument.denunciation_rule {
                rules.push(format!(
                    "Bound until {}: {} ({}).",
                    rule.takes_effect(date),
                    rule.text,
                    rule.article
                ));
            }
        }
        _ => rules.push(format!("Entry into force: {} ({}).", entry.text, entry.article)),
    }
    rules.push(format!("Reports: {}", instrument.reporting.text));
    rules
}

fn fields(here: &Here, draft: &TreatyActionDraft, chosen: Option<&Instrument>) -> Vec<Field> {
    let instruments = here.shelf.reference.instruments().iter().map(|one| {
        let status = here.shelf.world.participation(&here.state.iso3, one, here.as_of).status;
        Choice::new(
            one.code.as_str(),
            format!("{} {} – {}", one.code, one.short.en, status.words()),
        )
    });
    let instruments = std::iter::once(Choice::new("", "choose a treaty"))
        .chain(instruments)
        .collect();
    let kinds = KINDS
        .iter()
        .map(|kind| Choice::new(kind.word().replace(' ', "_"), kind.word()))
        .collect();
    let mut fields = vec![
        Field::select(
            "instrument",
            "Treaty",
            instruments,
            &draft.instrument.trim().to_uppercase(),
        )
        .hint(format!("With the status of {} today.", here.name())),
        Field::radio("kind", "What was done", kinds, &draft.kind),
        Field::line(
            "text",
            "date",
            "Date of deposit, registration or notification",
            &draft.date,
        )
        .hint("The day, such as 2026-11-02.")
        .width("short"),
        effect_date(&draft.effect_date),
    ];
    let parts = chosen.and_then(|instrument| instrument.optional_parts.as_ref());
    if let Some(optional) = parts {
        let hint = format!(
            "Those it did not accept, with semicolons between. {} lets a state choose among: {}.",
            optional.article,
            optional.parts.join("; ")
        );
        fields.push(
            Field::line("text", "parts_excluded", "Parts left out", &draft.parts_excluded)
                .hint(hint)
                .optional(),
        );
    } else if !draft.parts_excluded.is_empty() {
        fields.push(Field::line("text", "parts_excluded", "Parts left out", &draft.parts_excluded).optional());
    }
    fields.push(
        Field::line("text", "source", "Source", &draft.source)
            .hint("Where it is written, such as depositary notification C.N.512.2026."),
    );
    fields.push(
        Field::text("reason", "Why you record it", &draft.reason)
            .hint("Kept with your name in the history. What stood before is superseded, not erased."),
    );
    fields
}

/// The field for a day of effect that is not the treaty's own.
pub(super) fn effect_date(typed: &str) -> Field {
    Field::line(
        "text",
        "effect_date",
        "Date of effect, where the depositary gives another",
        typed,
    )
    .hint("Leave it empty for the treaty’s own rule. A succession often takes effect on the day of independence.")
    .width("short")
    .optional()
}
