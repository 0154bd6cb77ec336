//! Recommendations to a state, and one of them.

use super::View;
use super::forms::Filters;
use super::obligations::Fact;
use super::parts::{Anchor, AsOf, Empty, Pager, Tag};
use crate::domain::recommendations::{Acceptance, StoredRecommendation};
use crate::web::links;
use serde::Serialize;

/// The list of one state.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationList {
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    pub caption: String,
    pub rows: Vec<RecommendationLine>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub import: Option<Anchor>,
    pub empty: Empty,
}

impl View for RecommendationList {
    const TEMPLATE: &'static str = "pages/recommendations/list.html";
}

/// One row of it.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationLine {
    pub document: Anchor,
    pub date: String,
    pub body: &'static str,
    pub text: String,
    pub themes: Vec<Anchor>,
    pub acceptance: Tag,
}

impl From<Acceptance> for Tag {
    fn from(acceptance: Acceptance) -> Self {
        let class = match acceptance {
            Acceptance::Accepted => "strong",
            Acceptance::InPart => "soon",
            Acceptance::Noted => "",
            Acceptance::None => "quiet",
        };
        Self {
            class,
            word: acceptance.words().to_owned(),
        }
    }
}

impl RecommendationLine {
    /// One recommendation with the names of its themes.
    #[must_use]
    pub fn of(stored: &StoredRecommendation, themes: Vec<Anchor>) -> Self {
        let one = &stored.recommendation;
        let name = match one.paragraph.as_str() {
            "" => one.symbol.clone(),
            paragraph => format!("{}, para. {paragraph}", one.symbol),
        };
        Self {
            document: Anchor::new(name, links::recommendation(&stored.id)),
            date: one.date.map(|date| date.to_string()).unwrap_or_default(),
            body: one.body.words(),
            text: super::words::short(&one.text, 400),
            themes,
            acceptance: one.acceptance.into(),
        }
    }
}

/// One recommendation.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendationItem {
    pub title: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub text: String,
    pub lang: String,
    pub wording: String,
    pub facts: Vec<Fact>,
    pub themes: Vec<Anchor>,
    pub provisions: Vec<Anchor>,
    pub revisions: Vec<String>,
}

impl View for RecommendationItem {
    const TEMPLATE: &'static str = "pages/recommendations/item.html";
}
