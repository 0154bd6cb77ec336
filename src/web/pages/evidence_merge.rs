//! Two people changed one piece of evidence: both versions side by side, a choice for each field in which they differ.

use super::evidence_edit::Held;
use super::evidence_fields::fields;
use super::evidence_form::binding;
use super::evidence_review::{in_words, text_of};
use crate::actions::evidence::EvidenceDraft;
use crate::domain::evidence::Attachment;
use crate::domain::reviews::ReviewStatus;
use crate::domain::revisions::{Change, Merged, Texts, label, merge, texts};
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::evidence::{EvidenceMerge, MergeChoice};
use crate::web::view::forms::{Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::parts::Anchor;
use crate::web::view::words::list;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// Everything that a form for a change sent, as pairs of names and texts: what was typed, and which version to keep.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(in crate::web) struct Sent(Vec<(String, String)>);

/// The name of the choice for a field.
fn pick(field: &str) -> String {
    format!("pick_{field}")
}

impl Sent {
    fn get(&self, name: &str) -> &str {
        let mut all = self.0.iter().rev();
        all.find(|(key, _)| key == name).map_or("", |(_, text)| text.as_str())
    }

    /// What was typed.
    pub(super) fn draft(&self) -> EvidenceDraft {
        let mut draft = EvidenceDraft::default();
        let drops = !self.get("drop_file").is_empty();
        for (name, text) in &self.0 {
            if name == "provisions" {
                draft.provisions.push(text.clone());
            } else {
                draft.set(name, text.clone());
            }
        }
        if drops {
            draft.file.clear();
        }
        draft
    }

    /// Whether it comes from the page with both versions.
    pub(super) fn is_merge(&self) -> bool {
        !self.get("base").is_empty()
    }

    /// Puts theirs where theirs was chosen, or changes nothing and returns the fields that both changed and for which nothing
    /// was chosen.
    pub(super) fn decide(&self, held: &Held, draft: &mut EvidenceDraft) -> Vec<&'static str> {
        let (Some(base), Some(theirs)) = (held.revision(self.get("base")), held.revision(&draft.seen)) else {
            return Vec::new();
        };
        let (base, theirs) = (texts(&base.evidence), texts(&theirs.evidence));
        let all = merge(&base, &theirs, &draft.texts());
        let open = |one: &&Merged| one.change == Change::Both && self.get(&pick(one.field)).is_empty();
        let undecided: Vec<&'static str> = all.iter().filter(open).map(|one| one.field).collect();
        if undecided.is_empty() {
            let taken = all.iter().filter(|one| self.get(&pick(one.field)) == "theirs");
            taken.for_each(|one| draft.set(one.field, text_of(&theirs, one.field)));
        }
        undecided
    }
}

/// Both versions: what stands now, and what was typed.
pub(super) fn show(
    visit: &Visit,
    held: &Held,
    status: StatusCode,
    sent: &Sent,
    draft: &EvidenceDraft,
    undecided: &[&'static str],
) -> Result<Response, Problem> {
    let latest = held.latest();
    // From which revision the typing started: after a merge that came too late again, the one that was merged with.
    let start = if undecided.is_empty() {
        draft.seen.as_str()
    } else {
        sent.get("base")
    };
    let base = held.revision(start).map(|one| texts(&one.evidence));
    let theirs = texts(&latest.evidence);
    let all = merge(base.as_ref().unwrap_or(&Texts::default()), &theirs, &draft.texts());
    let mut errors = FieldErrors::default();
    for field in undecided {
        errors.add(label(field), format!("{}: choose which version to keep", label(field)));
    }
    let number = latest.revision.to_string();
    let hidden = vec![
        Field::hidden("key", &draft.key),
        Field::hidden("base", start),
        Field::hidden("seen", &number),
    ];
    let agreed = all.iter().filter(|one| one.change == Change::Same);
    let same = agreed.clone().map(|one| Field::hidden(one.field, &one.yours));
    let form = Form::new(
        links::edit_evidence(&held.id),
        &visit.form_token(),
        "Hand in for review",
    )
    .with(hidden.into_iter().chain(same).collect(), &errors)
    .cancel(Anchor::new("Keep theirs", links::evidence(&held.id)));
    let names: Vec<String> = agreed
        .filter(|one| !one.yours.is_empty())
        .map(|one| label(one.field).to_lowercase())
        .collect();
    let mut questions = fields(&held.here, draft, &binding(&held.here), &Attachment::default(), None);
    let choice = |one: &Merged| choice(held, base.as_ref(), one, sent, undecided, &mut questions);
    let view = EvidenceMerge {
        title: latest.evidence.title.clone(),
        answer: answer(held, draft),
        choices: all
            .iter()
            .filter(|one| one.change != Change::Same)
            .filter_map(choice)
            .collect(),
        agreed: if names.is_empty() {
            String::new()
        } else {
            format!("The same in both: {}.", list(&names))
        },
        form,
    };
    let mut page = visit.page(format!("{}: two versions", latest.evidence.title), Section::States);
    page.crumbs = held.here.crumbs();
    page.crumbs
        .push(Anchor::new(&latest.evidence.title, links::evidence(&held.id)));
    visit.show_as(status, &page, &view)
}

fn answer(held: &Held, draft: &EvidenceDraft) -> String {
    let latest = held.latest();
    let waits = if latest.status == ReviewStatus::Submitted {
        " That revision waits for review: yours can be saved when it is decided or taken back."
    } else {
        ""
    };
    format!(
        "While you were changing revision {}, somebody saved revision {}. Nothing you typed is lost and nothing is saved yet: \
         choose for each field below, then hand in.{waits}",
        draft.seen.trim(),
        latest.revision
    )
}

fn choice(
    held: &Held,
    base: Option<&Texts>,
    one: &Merged,
    sent: &Sent,
    undecided: &[&'static str],
    questions: &mut Vec<Field>,
) -> Option<MergeChoice> {
    let at = questions.iter().position(|field| field.name == one.field)?;
    let mut yours = questions.swap_remove(at);
    if one.field == "provisions" {
        yours.value.clone_from(&one.yours);
    }
    yours.label = format!("Yours: {}", yours.label);
    let picked = sent.get(&pick(one.field));
    let before = base.map(|base| in_words(&held.here, one.field, &text_of(base, one.field)));
    Some(MergeChoice {
        name: one.field,
        label: label(one.field),
        why: match one.change {
            Change::OnlyMine => "Only you changed it.",
            Change::OnlyTheirs => "Only they changed it.",
            Change::Both | Change::Same => "Both of you changed it.",
        },
        theirs: in_words(&held.here, one.field, &one.theirs),
        before: before.filter(|text| !text.is_empty()),
        only_words: (yours.kind == "hidden").then(|| in_words(&held.here, one.field, &one.yours)),
        yours,
        takes_theirs: picked == "theirs" || (picked.is_empty() && one.change == Change::OnlyTheirs),
        takes_yours: picked == "yours" || (picked.is_empty() && one.change == Change::OnlyMine),
        error: undecided
            .contains(&one.field)
            .then(|| "Choose which version to keep.".to_owned()),
    })
}
