//! The evidence on a state, one piece of it, and the form for more.

use super::View;
use super::forms::{Field, Filters, Form};
use super::obligations::Fact;
use super::parts::{Anchor, AsOf, Empty, GradeMark, Pager};
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
    pub items: Vec<EvidenceLine>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub add: Option<Anchor>,
    pub empty: Empty,
    pub keep: Option<Form>,
}

impl View for EvidenceList {
    const TEMPLATE: &'static str = "pages/evidence/list.html";
}

/// One piece of evidence and all that it serves.
#[derive(Debug, Serialize)]
pub struct EvidenceItem {
    pub title: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub gist: String,
    pub grade: Option<GradeMark>,
    pub facts: Vec<Fact>,
    /// Where the source can be read.
    pub source: Option<String>,
    /// Where an archived copy of it can be read.
    pub archived: Option<String>,
    pub serves_caption: String,
    pub serves: Vec<Served>,
    pub serves_empty: Empty,
    pub revisions: Vec<String>,
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

/// The form for a new piece of evidence.
#[derive(Debug, Serialize)]
pub struct EvidenceForm {
    pub state: String,
    /// The provisions that it will serve as chosen so far.
    pub will_serve: Option<String>,
    pub serves: Vec<Served>,
    /// The provisions of the theme, to be ticked where the whole theme would be too wide.
    pub ticks: Option<Field>,
    /// Where the form is sent to be shown again with what it will serve.
    pub look: Link,
    pub form: Form,
}

impl View for EvidenceForm {
    const TEMPLATE: &'static str = "pages/evidence/new.html";
}
