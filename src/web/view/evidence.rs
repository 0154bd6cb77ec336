//! The evidence on a state, one piece of it, and the form for more.

use super::View;
use super::comments::Comments;
use super::forms::{Field, Filters, Form};
use super::obligations::Fact;
use super::parts::{Anchor, AsOf, Empty, GradeMark, Pager, Tag};
use crate::domain::reviews::ReviewStatus;
use crate::domain::summaries::StoredEvidence;
use crate::web::links::{self, Link};
use serde::Serialize;

/// A piece of evidence in a list.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceLine {
    pub title: Anchor,
    pub gist: String,
    pub state: Option<Anchor>,
    /// Who says so, where, when and what it shows, in one line.
    pub line: String,
    pub theme: Option<Anchor>,
    /// Where its review stands, where it does not count; or that it is out of date.
    pub tag: Option<Tag>,
}

/// Where a revision stands, as a word in a frame.
#[must_use]
pub fn status_tag(status: ReviewStatus) -> Tag {
    let class = match status {
        ReviewStatus::Draft => "quiet",
        ReviewStatus::Submitted => "soon",
        ReviewStatus::Accepted => "strong",
        ReviewStatus::Returned | ReviewStatus::Rejected => "late",
    };
    Tag {
        class,
        word: status.words().into(),
    }
}

impl EvidenceLine {
    /// A piece of evidence, with its theme where that is worth saying.
    #[must_use]
    pub fn of(stored: &StoredEvidence, theme: Option<Anchor>) -> Self {
        let item = &stored.evidence;
        let document = [item.symbol.as_str(), item.paragraph.as_str()];
        let document: Vec<&str> = document.into_iter().filter(|text| !text.is_empty()).collect();
        let parts = [
            format!("{} ({})", item.author_role.words(), item.source_kind.words()),
            document.join(", "),
            item.published
                .or(item.date())
                .map_or("no date".to_owned(), |date| date.to_string()),
            item.stance.words().to_owned(),
            format!(
                "source {}, information {}",
                item.reliability.words(),
                item.credibility.words()
            ),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|text| !text.is_empty()).collect();
        Self {
            title: Anchor::new(&item.title, links::evidence(&stored.id)),
            gist: item.gist.clone(),
            state: None,
            line: parts.join(" · "),
            theme,
            tag: None,
        }
    }
}

/// The evidence on a state.
#[derive(Debug, Serialize)]
pub struct EvidenceList {
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    /// The orders that there are; the present one leads nowhere.
    pub orders: Vec<Order>,
    pub items: Vec<EvidenceLine>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub add: Option<Anchor>,
    pub empty: Empty,
    pub keep: Option<Form>,
}

/// One order of a list.
#[derive(Debug, Serialize)]
pub struct Order {
    pub text: String,
    pub href: Option<Link>,
}

impl View for EvidenceList {
    const TEMPLATE: &'static str = "pages/evidence/list.html";
}

/// One piece of evidence and all that it serves.
#[derive(Debug, Serialize)]
pub struct EvidenceItem {
    pub title: String,
    /// Where its review stands, for those who may see that.
    pub status: Option<Tag>,
    pub answer: String,
    pub as_of: Option<AsOf>,
    /// That another revision is shown than the one that counts.
    pub which: Option<AsOf>,
    pub gist: String,
    pub grade: Option<GradeMark>,
    pub facts: Vec<Fact>,
    /// Where the source can be read.
    pub source: Option<String>,
    /// Where an archived copy of it can be read.
    pub archived: Option<String>,
    /// Other pieces from the same source: for an obligation they share they count once.
    pub copies: Vec<Anchor>,
    pub serves_caption: String,
    pub serves: Vec<Served>,
    pub serves_empty: Empty,
    pub desk: Option<EvidenceDesk>,
    pub revisions: Vec<RevisionLine>,
    pub comments: Option<Comments>,
}

/// What those who work on it see: where the latest revision stands, and what can be done with it.
#[derive(Debug, Serialize)]
pub struct EvidenceDesk {
    pub tag: Tag,
    /// Which revision, by whom, when.
    pub line: String,
    pub errors: Form,
    pub changes_caption: String,
    pub changes: Vec<ChangeLine>,
    /// To accept, return or reject.
    pub review: Option<Form>,
    /// To hand in, or to take back.
    pub own: Option<Form>,
    /// Why there is no form.
    pub note: Option<String>,
    pub links: Vec<Anchor>,
    /// What was done with it, and said about it.
    pub steps: Vec<StepLine>,
}

/// One field that a revision changed.
#[derive(Debug, Serialize)]
pub struct ChangeLine {
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

/// One step of its review.
#[derive(Debug, Serialize)]
pub struct StepLine {
    pub line: String,
    pub remark: String,
}

/// One revision.
#[derive(Debug, Serialize)]
pub struct RevisionLine {
    pub to: Anchor,
    pub line: String,
    pub tag: Option<Tag>,
    /// SHA-256 of what it says, where that is shown.
    pub sha256: Option<String>,
    /// SHA-256 of its file.
    pub file_sha256: Option<String>,
}

/// One obligation that a piece of evidence serves.
#[derive(Debug, Clone, Serialize)]
pub struct Served {
    pub instrument: Anchor,
    pub provision: Anchor,
    pub label: String,
    pub grade: Option<GradeMark>,
}

impl View for EvidenceItem {
    const TEMPLATE: &'static str = "pages/evidence/item.html";
}

/// The form for a piece of evidence.
#[derive(Debug, Serialize)]
pub struct EvidenceForm {
    pub heading: String,
    pub lede: String,
    /// What it will serve as chosen so far, in one sentence.
    pub will_serve: Option<String>,
    pub serves: Vec<ServedTreaty>,
    /// What it would serve once other treaties are in force, in one sentence.
    pub would_serve: Option<String>,
    /// The provisions of the theme, to be ticked where the whole theme would be too wide.
    pub ticks: Option<Field>,
    /// Whether some are ticked.
    pub ticked: bool,
    /// What the document's symbol says.
    pub read: Option<String>,
    /// Where the form is sent to be shown again with what it will serve.
    pub look: Link,
    /// Where the form is sent to be shown again with what the document's symbol says.
    pub fill: Link,
    pub groups: Vec<FieldGroup>,
    pub form: Form,
}

/// The obligations under one treaty that it will serve.
#[derive(Debug, Clone, Serialize)]
pub struct ServedTreaty {
    pub instrument: Anchor,
    pub provisions: Vec<Anchor>,
}

/// Questions of a form that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct FieldGroup {
    pub id: &'static str,
    pub heading: &'static str,
    /// Side by side where there is room.
    pub paired: bool,
    pub fields: Vec<Field>,
}

impl View for EvidenceForm {
    const TEMPLATE: &'static str = "pages/evidence/form.html";
}

/// Two changes of one piece of evidence, to be put together.
#[derive(Debug, Serialize)]
pub struct EvidenceMerge {
    pub title: String,
    pub answer: String,
    pub choices: Vec<MergeChoice>,
    /// The fields on which both agree.
    pub agreed: String,
    pub form: Form,
}

/// One field that stands differently in both.
#[derive(Debug, Serialize)]
pub struct MergeChoice {
    pub name: &'static str,
    pub label: &'static str,
    /// Who changed it.
    pub why: &'static str,
    pub theirs: String,
    pub before: Option<String>,
    /// What was typed, to be changed further.
    pub yours: Field,
    /// What was given, where it cannot be typed: a file.
    pub only_words: Option<String>,
    pub takes_theirs: bool,
    pub takes_yours: bool,
    pub error: Option<String>,
}

impl View for EvidenceMerge {
    const TEMPLATE: &'static str = "pages/evidence/merge.html";
}
