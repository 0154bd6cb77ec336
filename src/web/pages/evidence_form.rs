//! The form for new evidence: explained before it asks, shown with what it will serve, and kept when something is wrong.

use super::evidence_fields::{fields, groups, ticks};
use super::evidence_item::serving;
use super::evidence_merge::Sent;
use super::evidence_remarks::remark;
use super::here::Here;
use super::mending::{invalid, note};
use crate::actions::ActionError;
use crate::actions::evidence::{EvidenceDraft, add};
use crate::domain::evidence::Attachment;
use crate::domain::ids::EvidenceId;
use crate::domain::obligations::Obligation;
use crate::domain::participation::Status;
use crate::domain::revisions::{changes, label};
use crate::files::FileError;
use crate::store::{evidence as store, files};
use crate::web::extract::{Allowed, Done, FormKey, FormWithFile, RecordFacts, Visit};
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::evidence::{EvidenceForm, ServedTreaty};
use crate::web::view::forms::{Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::parts::Anchor;
use crate::web::view::words::{count, list, provision_name};
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
    /// Evidence from the same document: what is said of the source is taken over.
    like: String,
}

/// Whether the form is only to be shown again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Look {
    look: String,
    fill: String,
}

impl Look {
    /// Nothing is to be saved.
    pub(super) fn only(&self) -> bool {
        !self.look.is_empty() || !self.fill.is_empty()
    }

    /// Fills in what the symbol of the document says, where that was asked for; what an earlier symbol filled in makes
    /// room. Returns what was filled in, or what is wrong.
    pub(super) fn fill_in(
        &self,
        draft: &mut EvidenceDraft,
        here: &Here,
        before: &mut String,
    ) -> (Option<String>, FieldErrors) {
        if self.fill.is_empty() {
            return (None, FieldErrors::default());
        }
        let reference = &here.shelf.reference;
        match draft.without_symbol(before, reference).read_symbol(reference) {
            Ok(filled) => {
                before.clone_from(&filled.symbol);
                let new = changes(&draft.texts(), &filled.texts());
                let new: Vec<String> = new.iter().map(|one| label(one.field).to_lowercase()).collect();
                *draft = filled;
                let read = if new.is_empty() {
                    format!("{} was read: there was nothing left to fill in.", draft.symbol)
                } else {
                    format!("{} was read and filled in: {}.", draft.symbol, list(&new))
                };
                (Some(read), FieldErrors::default())
            }
            Err(ActionError::Invalid(errors)) => (None, invalid(errors)),
            Err(other) => (None, note(other.to_string())),
        }
    }
}

/// A form as it is shown, whatever it is for.
pub(super) struct Shown<'a> {
    /// Where it is sent.
    pub action: Link,
    /// Where it leads when nothing is saved.
    pub back: Link,
    /// The page's title.
    pub title: String,
    /// What happens to it, in one sentence.
    pub lede: String,
    /// What was typed.
    pub draft: &'a EvidenceDraft,
    /// The symbol that filled in fields before.
    pub symbol_read: &'a str,
    /// What the symbol said.
    pub read: Option<String>,
    /// What is wrong with it.
    pub errors: FieldErrors,
}

/// The empty form, or one from the same document.
pub(in crate::web) async fn form(
    visit: Visit,
    _: Allowed<RecordFacts>,
    Path(state): Path<String>,
    Query(given): Query<Given>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let like = match given.like.parse() {
        Ok(id) => store::latest(&visit.app.db, id).await?,
        Err(_) => None,
    };
    let mut draft = like
        .map(|like| EvidenceDraft::another(&like.evidence))
        .unwrap_or_default();
    draft.key = fresh_key();
    draft.theme = given.theme.trim().to_uppercase();
    draft.provisions = Some(given.provision).filter(|id| !id.is_empty()).into_iter().collect();
    let before = draft.symbol.clone();
    show_new(
        &visit,
        &here,
        StatusCode::OK,
        (&draft, &before),
        None,
        FieldErrors::default(),
    )
    .await
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
    sent: FormWithFile<Sent>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let mut before = sent.fields.symbol_read();
    let (mut draft, key, unkept) = taken(sent);
    draft.state = here.state.iso3.to_string();
    if draft.key.trim().is_empty() {
        draft.key = fresh_key();
    }
    if look.only() {
        let (read, errors) = look.fill_in(&mut draft, &here, &mut before);
        let shown = (&draft, before.as_str());
        return show_new(&visit, &here, StatusCode::OK, shown, read, with(errors, unkept)).await;
    }
    if unkept.is_some() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show_new(
            &visit,
            &here,
            status,
            (&draft, &before),
            None,
            with(FieldErrors::default(), unkept),
        )
        .await;
    }
    let doing = allowed.doing(&visit.app.clock, &key)?;
    match add(&visit.app.db, &here.shelf.reference, doing, &draft).await {
        Ok(id) => {
            let to = links::evidence(&id).with("done", saved(&draft).code());
            visit.arrive(&key, to).await
        }
        Err(ActionError::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_new(&visit, &here, status, (&draft, &before), None, invalid(errors)).await
        }
        Err(ActionError::Conflict(why)) => {
            draft.key = fresh_key();
            let errors = note(format!(
                "This form was sent before and is saved ({why}). Sent once more, what stands here becomes a second piece of evidence."
            ));
            show_new(&visit, &here, StatusCode::CONFLICT, (&draft, &before), None, errors).await
        }
        Err(other) => Err(other.into()),
    }
}

/// What happened to what was sent.
pub(super) fn saved(draft: &EvidenceDraft) -> Done {
    if draft.then.trim() == "draft" {
        Done::Draft
    } else {
        Done::Evidence
    }
}

/// What was typed, with the file that came with it; and why a file was not kept.
pub(super) fn taken(sent: FormWithFile<Sent>) -> (EvidenceDraft, FormKey, Option<FileError>) {
    let mut draft = sent.fields.draft();
    let unkept = match sent.file {
        Ok(Some(file)) => {
            draft.file = file.sha256;
            None
        }
        Ok(None) => None,
        Err(error) => Some(error),
    };
    (draft, sent.key, unkept)
}

/// The remarks, with the one about the file.
pub(super) fn with(mut errors: FieldErrors, unkept: Option<FileError>) -> FieldErrors {
    if let Some(error) = unkept {
        errors.add("upload", error.to_string());
    }
    errors
}

async fn show_new(
    visit: &Visit,
    here: &Here,
    status: StatusCode,
    (draft, symbol_read): (&EvidenceDraft, &str),
    read: Option<String>,
    errors: FieldErrors,
) -> Result<Response, Problem> {
    let shown = Shown {
        action: links::new_evidence(&here.state.iso3),
        back: links::state_evidence(&here.state.iso3),
        title: format!("Add evidence on {}", here.name()),
        lede: format!(
            "Write it once: it then serves every provision of its theme in every treaty in force for {}.",
            here.name()
        ),
        draft,
        symbol_read,
        read,
        errors,
    };
    show(visit, here, status, shown).await
}

/// The form.
pub(super) async fn show(
    visit: &Visit,
    here: &Here,
    status: StatusCode,
    shown: Shown<'_>,
) -> Result<Response, Problem> {
    let Shown {
        action,
        back,
        title,
        lede,
        draft,
        symbol_read,
        read,
        mut errors,
    } = shown;
    let file = match draft.file.trim() {
        "" => None,
        sha256 => files::by_hash(&visit.app.db, sha256).await?,
    };
    let attached = match draft.attachment(&here.shelf.reference) {
        Ok(attached) => attached,
        Err(ActionError::Invalid(wrong)) => {
            wrong.into_iter().for_each(|one| errors.add(one.field, one.why));
            Attachment::default()
        }
        Err(other) => return Err(other.into()),
    };
    let binding = binding(here);
    let look = attached.theme.is_some() || !attached.provisions.is_empty();
    let serves: Vec<&Obligation<'_>> = binding.iter().filter(|one| attached.serves(one.provision)).collect();
    let mut questions = fields(here, draft, &binding, &attached, file.as_ref());
    questions.push(Field::hidden("read", symbol_read));
    remark(&mut questions, here, draft, &attached);
    let mut form = Form::new(action.clone(), &visit.form_token(), "Hand in for review")
        .with(questions, &errors)
        .cancel(Anchor::new("Do not save", back));
    let ticks = ticks(here, &binding, &attached);
    let view = EvidenceForm {
        heading: title.clone(),
        lede,
        will_serve: look.then(|| {
            let treaties = treaties(here, &serves).len();
            format!("As chosen, {}.", serving(here, serves.len(), treaties, true))
        }),
        would_serve: look.then(|| would_serve(here, &attached)).flatten(),
        serves: if look { treaties(here, &serves) } else { Vec::new() },
        ticked: ticks
            .as_ref()
            .is_some_and(|field| field.choices.iter().any(|one| one.chosen)),
        ticks,
        read,
        look: action.clone().with("look", "1"),
        fill: action.with("fill", "1"),
        groups: groups(&mut form.fields),
        form,
    };
    let mut page = visit.page(title, Section::States);
    page.crumbs = here.crumbs();
    page.crumbs
        .push(Anchor::new("Evidence", links::state_evidence(&here.state.iso3)));
    visit.show_as(status, &page, &view)
}

/// What binds the state.
pub(super) fn binding(here: &Here) -> Vec<Obligation<'_>> {
    let acceptances = here.shelf.world.acceptances(&here.shelf.reference, here.as_of);
    let world = &here.shelf.world;
    let instruments = here.shelf.reference.instruments().iter();
    instruments
        .flat_map(|one| world.obligations(&here.state.iso3, one, &acceptances, here.as_of))
        .collect()
}

/// The obligations under each treaty.
fn treaties(here: &Here, serves: &[&Obligation<'_>]) -> Vec<ServedTreaty> {
    let groups = serves.chunk_by(|a, b| a.instrument.code == b.instrument.code);
    let one = |group: &[&Obligation<'_>]| {
        let first = group.first()?;
        let provision = |one: &&Obligation<'_>| {
            Anchor::new(
                provision_name(one.instrument, one.provision),
                links::obligation(&here.state.iso3, &one.provision.id),
            )
        };
        Some(ServedTreaty {
            instrument: Anchor::new(
                first.instrument.code.as_str(),
                links::instrument(&first.instrument.code),
            ),
            provisions: group.iter().map(provision).collect(),
        })
    };
    groups.filter_map(one).collect()
}

/// Treaties that a sentence names one by one.
const MOST_NAMED: usize = 6;

/// What it would serve under treaties that are not in force for the state, in one sentence.
fn would_serve(here: &Here, attached: &Attachment) -> Option<String> {
    let (mut provisions, mut signed, mut others) = (0, Vec::new(), Vec::new());
    for instrument in here.shelf.reference.instruments() {
        let found = instrument.provisions.iter().filter(|one| attached.serves(one)).count();
        let status = here
            .shelf
            .world
            .participation(&here.state.iso3, instrument, here.as_of)
            .status;
        if found == 0 || status == Status::Party {
            continue;
        }
        provisions += found;
        let code = instrument.code.to_string();
        if status == Status::Signatory {
            signed.push(code);
        } else {
            others.push(code);
        }
    }
    let of = |codes: &mut Vec<String>, words: &str| {
        let rest = codes.len().saturating_sub(MOST_NAMED);
        codes.truncate(MOST_NAMED);
        if rest > 0 {
            codes.push(format!("{rest} others"));
        }
        (!codes.is_empty()).then(|| format!("{} ({words})", list(codes)))
    };
    let named: Vec<String> = [of(&mut signed, "signed"), of(&mut others, "not in force")]
        .into_iter()
        .flatten()
        .collect();
    (provisions > 0).then(|| {
        format!(
            "It would serve {} more once in force for {}: {}.",
            count(provisions, "provision", "provisions"),
            here.name(),
            named.join("; ")
        )
    })
}
