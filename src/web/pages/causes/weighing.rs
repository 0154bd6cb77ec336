//! A monitor weighs all causes of a gap at once: the form, filled with what signs suggest, and what is sent with it.

use crate::actions::causes::{self, WeighingDraft};
use crate::domain::causes::{Cause, SuggestedCauses, subclasses};
use crate::domain::summaries::ObligationPicture;
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, Visit};
use crate::web::links;
use crate::web::pages::findings::{evidence_choice, settle};
use crate::web::pages::here::Here;
use crate::web::pages::obligation::Forms;
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use axum::extract::Path;
use axum::response::Response;

/// Records it, or shows the page again with what was typed.
pub(in crate::web) async fn weigh(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path((state, provision)): Path<(String, String)>,
    CsrfForm(typed, key): CsrfForm<WeighingDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let draft = WeighingDraft {
        state: here.state.iso3.to_string(),
        provision,
        ..typed
    };
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let done = causes::weigh(&visit.app.db, &here.shelf, doing, &draft).await;
    let provision = draft.provision.clone();
    settle(&visit, here, &provision, done, (Done::Cause, &key), |errors| Forms {
        weigh: Some((draft, errors)),
        ..Forms::default()
    })
    .await
}

/// The form, filled with the suggestion, or with what was typed.
pub(in crate::web) fn weigh_form(
    visit: &Visit,
    here: &Here,
    one: &ObligationPicture<'_>,
    suggested: Option<&SuggestedCauses>,
    typed: Option<(WeighingDraft, FieldErrors)>,
) -> Form {
    let fresh = || suggested.map(WeighingDraft::confirming).unwrap_or_default();
    let (draft, errors) = typed.unwrap_or_else(|| (fresh(), FieldErrors::default()));
    let mut fields = Vec::new();
    for cause in Cause::ALL {
        let (weight, kind) = draft.of(*cause);
        let label = format!("{}, in per cent", capital(cause.careful_words()));
        fields.push(
            Field::line("text", cause.code(), &label, weight)
                .id(&format!("weigh-{}", cause.code()))
                .width("short")
                .filter(),
        );
        let name = match cause {
            Cause::Information => "information_kind",
            Cause::Other => "other_kind",
            _ => continue,
        };
        let kinds = subclasses(*cause)
            .iter()
            .map(|(code, words)| Choice::new(*code, *words));
        let kinds: Vec<Choice> = std::iter::once(Choice::new("", "does not apply"))
            .chain(kinds)
            .collect();
        let label = format!("Which kind of {}", cause.words());
        fields.push(
            Field::select(name, &label, kinds, kind)
                .id(&format!("weigh-{name}"))
                .filter(),
        );
    }
    if !one.evidence.is_empty() {
        let chosen: Vec<&str> = draft.evidence.iter().map(String::as_str).collect();
        let choices = one
            .evidence
            .iter()
            .map(|item| evidence_choice(item, item.evidence.key.clone()));
        let field = Field::checks("evidence", "Evidence that shows it", choices.collect(), &chosen);
        fields.push(field.id("weigh-evidence").optional());
    }
    let hint = match suggested {
        Some(_) => "Leave it empty to confirm the suggestion as it stands. If you change a weight, say why.",
        None => "Which signs point to these causes, and which do not.",
    };
    let reasons = Field::text("why", "Reasons", &draft.why).id("weigh-why").hint(hint);
    fields.push(if suggested.is_some() {
        reasons.optional()
    } else {
        reasons
    });
    // What the page shows, so that the next try after a conflict is about that.
    fields.push(Field::hidden("seen", &causes::seen(suggested, &one.causes)));
    let action = links::weigh(&here.state.iso3, &one.obligation.provision.id);
    let submit = if suggested.is_some() {
        "Confirm, or save what you changed"
    } else {
        "Save the causes"
    };
    Form::new(action, &visit.form_token(), submit).with(fields, &errors)
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
