//! The form for new evidence: explained before it asks, shown with what it will serve, and kept when something is wrong.

use super::evidence::serving;
use super::here::Here;
use super::mending::{invalid, note};
use crate::actions::ActionError;
use crate::actions::evidence::{EvidenceDraft, add};
use crate::domain::assessments::Grade;
use crate::domain::evidence::{Attachment, AuthorRole, Credibility, IndicatorKind, Reliability, SourceKind, Stance};
use crate::domain::ids::EvidenceId;
use crate::domain::obligations::Obligation;
use crate::web::extract::{Allowed, CsrfForm, Done, RecordFacts, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::evidence::{EvidenceForm, Served};
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, GradeMark};
use crate::web::view::words::provision_name;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// What a link to the form may fill in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Given {
    theme: String,
    provision: String,
}

/// Whether the form is only to be shown again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Look {
    look: String,
}

impl Look {
    /// Nothing is to be saved.
    pub(super) fn only(&self) -> bool {
        !self.look.is_empty()
    }
}

/// The empty form.
pub(in crate::web) async fn form(
    visit: Visit,
    _: Allowed<RecordFacts>,
    Path(state): Path<String>,
    Query(given): Query<Given>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let draft = EvidenceDraft {
        key: fresh_key(),
        theme: given.theme.trim().to_uppercase(),
        provisions: Some(given.provision).filter(|id| !id.is_empty()).into_iter().collect(),
        ..EvidenceDraft::default()
    };
    let look = !draft.theme.is_empty() || !draft.provisions.is_empty();
    show(&visit, &here, StatusCode::OK, &draft, look, FieldErrors::default())
}

fn fresh_key() -> String {
    format!("E-{}", EvidenceId::fresh())
}

/// Saves it; or shows it again with what it will serve; or with what is wrong.
pub(in crate::web) async fn add_one(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(state): Path<String>,
    Query(look): Query<Look>,
    CsrfForm(mut draft, key): CsrfForm<EvidenceDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    draft.state = here.state.iso3.to_string();
    if draft.key.trim().is_empty() {
        draft.key = fresh_key();
    }
    if look.only() {
        return show(&visit, &here, StatusCode::OK, &draft, true, FieldErrors::default());
    }
    let doing = allowed.doing(&visit.app.clock, &key)?;
    match add(&visit.app.db, &here.shelf.reference, doing, &draft).await {
        Ok(id) => {
            let to = links::evidence(&id).with("done", Done::Evidence.code());
            visit.arrive(&key, to).await
        }
        Err(ActionError::Invalid(errors)) => show(
            &visit,
            &here,
            StatusCode::UNPROCESSABLE_ENTITY,
            &draft,
            true,
            invalid(errors),
        ),
        Err(ActionError::Conflict(why)) => {
            draft.key = fresh_key();
            let errors = note(format!(
                "This form was sent before and is saved ({why}). Sent once more, what stands here becomes a second piece of evidence."
            ));
            show(&visit, &here, StatusCode::CONFLICT, &draft, true, errors)
        }
        Err(other) => Err(other.into()),
    }
}

fn show(
    visit: &Visit,
    here: &Here,
    status: StatusCode,
    draft: &EvidenceDraft,
    look: bool,
    mut errors: FieldErrors,
) -> Result<Response, Problem> {
    let attached = match draft.attachment(&here.shelf.reference) {
        Ok(attached) => attached,
        Err(ActionError::Invalid(wrong)) => {
            wrong.into_iter().for_each(|one| errors.add(one.field, one.why));
            Attachment::default()
        }
        Err(other) => return Err(other.into()),
    };
    let acceptances = here.shelf.world.acceptances(&here.shelf.reference, here.as_of);
    let instruments = here.shelf.reference.instruments().iter();
    let binding: Vec<Obligation<'_>> = instruments
        .flat_map(|one| {
            here.shelf
                .world
                .obligations(&here.state.iso3, one, &acceptances, here.as_of)
        })
        .collect();
    let serves: Vec<Served> = binding
        .iter()
        .filter(|one| attached.serves(one.provision))
        .map(|one| served(here, one))
        .collect();
    let is_attached = attached.theme.is_some() || !attached.provisions.is_empty();
    let action = links::new_evidence(&here.state.iso3);
    let form = Form::new(action.clone(), &visit.form_token(), "Save the evidence")
        .with(fields(here, draft, &binding, &attached), &errors)
        .cancel(Anchor::new("Do not save", links::state_evidence(&here.state.iso3)));
    let view = EvidenceForm {
        state: here.name().to_owned(),
        will_serve: (look && is_attached).then(|| {
            format!(
                "As chosen, {}.",
                serving(here, &serves).replace("it serves", "it will serve")
            )
        }),
        serves: if look { serves } else { Vec::new() },
        ticks: ticks(here, &binding, &attached),
        look: action.with("look", "1"),
        form,
    };
    let mut page = visit.page(format!("Add evidence on {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.crumbs
        .push(Anchor::new("Evidence", links::state_evidence(&here.state.iso3)));
    visit.show_as(status, &page, &view)
}

fn served(here: &Here, one: &Obligation<'_>) -> Served {
    Served {
        instrument: Anchor::new(one.instrument.code.as_str(), links::instrument(&one.instrument.code)),
        provision: Anchor::new(
            provision_name(one.instrument, one.provision),
            links::obligation(&here.state.iso3, &one.provision.id),
        ),
        label: one.provision.label.clone(),
        grade: None,
    }
}

/// The provisions of the theme in force, to be ticked.
fn ticks(here: &Here, binding: &[Obligation<'_>], attached: &Attachment) -> Option<Field> {
    let theme = attached.theme.as_ref()?;
    let choices: Vec<Choice> = binding
        .iter()
        .filter(|one| one.provision.theme == *theme)
        .map(|one| {
            let name = provision_name(one.instrument, one.provision);
            Choice::new(one.provision.id.as_str(), format!("{name} {}", one.provision.label))
        })
        .collect();
    let chosen: Vec<&str> = attached.provisions.iter().map(|id| id.as_str()).collect();
    let hint = format!(
        "Tick provisions only if the whole theme would be too wide. With none ticked it serves all of them for {}.",
        here.name()
    );
    let field = Field::checks("provisions", "Only some provisions of the theme", choices, &chosen);
    (!field.choices.is_empty()).then(|| field.filter().id("ticked").hint(hint))
}

fn fields(here: &Here, draft: &EvidenceDraft, binding: &[Obligation<'_>], attached: &Attachment) -> Vec<Field> {
    let mut fields = vec![Field::hidden("key", &draft.key)];
    fields.extend(content(draft));
    fields.extend(place(here, draft, binding, attached));
    fields.extend(source(draft));
    fields.extend(judgement(draft));
    fields
}

fn content(draft: &EvidenceDraft) -> [Field; 2] {
    [
        Field::line("text", "title", "Title", &draft.title)
            .hint("What it shows, in a few words, such as “Children held in detention stations”."),
        Field::text("gist", "What it shows", &draft.gist)
            .hint("Two or three sentences in your own words; do not copy a text. This is what readers will see."),
    ]
}

fn place(here: &Here, draft: &EvidenceDraft, binding: &[Obligation<'_>], attached: &Attachment) -> [Field; 2] {
    let themes = here
        .shelf
        .reference
        .themes()
        .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let themes = std::iter::once(Choice::new("", "choose a theme"))
        .chain(themes)
        .collect();
    let is_box = |text: &&String| {
        let id = text.trim();
        let of_theme = |one: &Obligation<'_>| attached.theme.as_ref() == Some(&one.provision.theme);
        binding
            .iter()
            .any(|one| of_theme(one) && one.provision.id.as_str().eq_ignore_ascii_case(id))
    };
    let typed: Vec<&str> = draft
        .provisions
        .iter()
        .filter(|text| !is_box(text))
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    [
        Field::select("theme", "Theme", themes, &draft.theme.trim().to_uppercase())
            .hint("The right it speaks of. The evidence then serves every provision on it, in every treaty in force."),
        Field::line("text", "provisions", "Or only these provisions", &typed.join(", "))
            .hint("Their names with commas between, such as ICRMW-16.4, CAT-3. Where provisions are given, only they are served.")
            .optional(),
    ]
}

fn source(draft: &EvidenceDraft) -> Vec<Field> {
    let kinds = SourceKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind.words()));
    let roles = AuthorRole::ALL
        .iter()
        .map(|role| Choice::new(role.code(), role.words()));
    let first = |text: &str| std::iter::once(Choice::new("", text));
    vec![
        Field::select(
            "source_kind",
            "Kind of source",
            first("choose a kind").chain(kinds).collect(),
            &draft.source_kind,
        ),
        Field::select(
            "author_role",
            "Who says so",
            first("choose who").chain(roles).collect(),
            &draft.author_role,
        )
        .hint("What the state says, what civil society says and what a treaty body found are kept apart."),
        Field::line("text", "symbol", "Document", &draft.symbol)
            .hint(
                "A UN symbol such as CMW/C/MEX/CO/3, or another citation. A symbol fills in the kind of source, who says \
                 so and where it can be read, where you leave them blank.",
            )
            .optional()
            .width("medium"),
        Field::line("text", "paragraph", "Paragraph or page", &draft.paragraph)
            .optional()
            .width("short"),
        Field::line("url", "link", "Where it can be read", &draft.link)
            .hint("A web address that starts with https://")
            .optional(),
        Field::line("text", "language", "Language of the source", &draft.language)
            .hint("Two letters, such as es.")
            .optional()
            .width("short"),
        Field::line("text", "published", "Date of publication", &draft.published)
            .hint("As much as you know: 2025, 2025-03 or 2025-03-14. This date or the date of the facts is needed.")
            .optional()
            .width("short"),
        Field::line("text", "facts_from", "Date of the facts, from", &draft.facts_from)
            .optional()
            .width("short"),
        Field::line("text", "facts_to", "Date of the facts, to", &draft.facts_to)
            .optional()
            .width("short"),
    ]
}

fn judgement(draft: &EvidenceDraft) -> Vec<Field> {
    let stances = Stance::ALL
        .iter()
        .map(|stance| Choice::new(stance.code(), stance.words()))
        .collect();
    let kinds = IndicatorKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind.words()))
        .collect();
    let grades = Grade::ALL.iter().map(|grade| {
        let mut choice = Choice::new(grade.number().to_string(), grade.words()).hint(grade.test());
        choice.grade = Some(GradeMark::decided(Some(*grade)));
        choice
    });
    let grades = std::iter::once(Choice::new("", "it supports no grade"))
        .chain(grades)
        .collect();
    let reliable = Reliability::ALL.iter().map(|one| Choice::new(one.code(), one.words()));
    let credible = Credibility::ALL.iter().map(|one| Choice::new(one.code(), one.words()));
    let first = || std::iter::once(Choice::new("", "choose"));
    vec![
        Field::radio("stance", "What it says of the obligations", stances, &draft.stance),
        Field::radio("kind", "What it is about", kinds, &draft.kind)
            .hint("Law ages slowly, outcomes fast: a suggestion weighs them so."),
        Field::radio("grade", "The grade it supports, if any", grades, &draft.grade).filter(),
        Field::select(
            "reliability",
            "Reliability of the source",
            first().chain(reliable).collect(),
            &draft.reliability,
        ),
        Field::select(
            "credibility",
            "Credibility of the information",
            first().chain(credible).collect(),
            &draft.credibility,
        ),
    ]
}
