//! Two people changed one piece of evidence: both versions side by side, a choice for each field in which they differ.

use super::evidence_edit::Held;
use super::evidence_fields::fields;
use super::evidence_form::binding;
use super::evidence_review::{in_words, text_of};
use super::obligation_history::Names;
use crate::actions::evidence::EvidenceDraft;
use crate::domain::audit::digest;
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

/// What a hidden field remembers of a box of yours as it was shown.
fn shown(one: &Merged) -> String {
    format!("{} {}", one.field, digest(&one.yours))
}

/// What is still open after both versions came back.
#[derive(Debug, Default)]
pub(super) struct Undecided {
    /// Both changed them, and nothing was chosen.
    unchosen: Vec<&'static str>,
    /// Theirs was chosen, and yet something was typed into yours.
    retyped: Vec<&'static str>,
}

impl Undecided {
    /// Nothing is open.
    pub(super) fn is_empty(&self) -> bool {
        self.unchosen.is_empty() && self.retyped.is_empty()
    }

    fn has(&self, field: &str) -> bool {
        self.unchosen.contains(&field) || self.retyped.contains(&field)
    }

    /// What to do about one field.
    fn why(&self, field: &str) -> Option<&'static str> {
        if self.retyped.contains(&field) {
            return Some(RETYPED);
        }
        self.unchosen
            .contains(&field)
            .then_some("Choose which version to keep.")
    }
}

/// What is said where a choice and what was typed contradict each other.
const RETYPED: &str = "You typed something into “Yours” while “Theirs” was chosen. “Yours” is chosen now: hand it in again, or choose “Theirs”.";

/// The name of the choice for a field.
fn pick(field: &str) -> String {
    format!("pick_{field}")
}

impl Sent {
    fn get(&self, name: &str) -> &str {
        let mut all = self.0.iter().rev();
        all.find(|(key, _)| key == name).map_or("", |(_, text)| text.as_str())
    }

    /// The symbol that filled in fields before.
    pub(super) fn symbol_read(&self) -> String {
        self.get("read").to_owned()
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

    /// Whether the box of yours says something else than when it was shown.
    fn was_typed_in(&self, one: &Merged) -> bool {
        let mut remembered = self.0.iter().filter(|(name, _)| name == "shown");
        let of_field = remembered.find(|(_, text)| text.split(' ').next() == Some(one.field));
        of_field.is_some_and(|(_, text)| *text != shown(one))
    }

    /// Puts theirs where theirs was chosen, or changes nothing and returns the fields that both changed and for which nothing
    /// was chosen, and those in which something was typed that the choice would throw away.
    pub(super) fn decide(&self, held: &Held, draft: &mut EvidenceDraft) -> Undecided {
        let (Some(base), Some(theirs)) = (held.revision(self.get("base")), held.revision(&draft.seen)) else {
            return Undecided::default();
        };
        let (base, theirs) = (texts(&base.evidence), texts(&theirs.evidence));
        let all = merge(&base, &theirs, &draft.texts());
        let open = |one: &&Merged| one.change == Change::Both && self.get(&pick(one.field)).is_empty();
        let torn = |one: &&Merged| {
            one.change != Change::Same && self.get(&pick(one.field)) == "theirs" && self.was_typed_in(one)
        };
        let undecided = Undecided {
            unchosen: all.iter().filter(open).map(|one| one.field).collect(),
            retyped: all.iter().filter(torn).map(|one| one.field).collect(),
        };
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
    undecided: &Undecided,
    people: &Names,
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
    for one in all.iter().filter(|one| undecided.has(one.field)) {
        let name = label(one.field);
        if undecided.retyped.contains(&one.field) {
            errors.add(
                name,
                format!("{name}: something was typed into “Yours” while “Theirs” was chosen"),
            );
        } else {
            errors.add(name, format!("{name}: choose which version to keep"));
        }
    }
    let number = latest.revision.to_string();
    let hidden = vec![
        Field::hidden("key", &draft.key),
        Field::hidden("base", start),
        Field::hidden("seen", &number),
    ];
    let agreed = all.iter().filter(|one| one.change == Change::Same);
    let open = all.iter().filter(|one| one.change != Change::Same);
    let boxes = open.map(|one| Field::hidden("shown", &shown(one)));
    let same = agreed.clone().map(|one| Field::hidden(one.field, &one.yours));
    let form = Form::new(
        links::edit_evidence(&held.id),
        &visit.form_token(),
        "Hand in for review",
    )
    .with(hidden.into_iter().chain(boxes).chain(same).collect(), &errors)
    .cancel(Anchor::new("Keep theirs", links::evidence(&held.id)));
    let names: Vec<String> = agreed
        .filter(|one| !one.yours.is_empty())
        .map(|one| label(one.field).to_lowercase())
        .collect();
    let mut questions = fields(&held.here, draft, &binding(&held.here), &Attachment::default(), None);
    let choice = |one: &Merged| choice(held, base.as_ref(), one, sent, undecided, &mut questions);
    let view = EvidenceMerge {
        title: latest.evidence.title.clone(),
        answer: answer(held, start, people),
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

fn answer(held: &Held, start: &str, names: &Names) -> String {
    let latest = held.latest();
    let waits = if latest.status == ReviewStatus::Submitted {
        " That revision waits for review: yours can be saved when it is decided or taken back."
    } else {
        ""
    };
    format!(
        "While you were changing revision {}, {} saved revision {}. Nothing you typed is lost and nothing is saved yet: \
         choose for each field below, then hand in.{waits}",
        start.trim(),
        names.of(&latest.recorded_by),
        latest.revision
    )
}

fn choice(
    held: &Held,
    base: Option<&Texts>,
    one: &Merged,
    sent: &Sent,
    undecided: &Undecided,
    questions: &mut Vec<Field>,
) -> Option<MergeChoice> {
    let at = questions.iter().position(|field| field.name == one.field)?;
    let mut yours = questions.swap_remove(at);
    if one.field == "provisions" {
        yours.value.clone_from(&one.yours);
    }
    yours.label = format!("Yours: {}", yours.label);
    let picked = if undecided.retyped.contains(&one.field) {
        "yours"
    } else {
        sent.get(&pick(one.field))
    };
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
        error: undecided.why(one.field).map(str::to_owned),
    })
}
