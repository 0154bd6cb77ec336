//! What a search found.

use super::View;
use super::forms::Filters;
use super::parts::{Anchor, AsOf, Empty, Pager};
use crate::domain::search::Segment;
use serde::Serialize;

/// What was found, with its filters.
#[derive(Debug, Serialize)]
pub struct Search {
    pub answer: String,
    pub as_of: Option<AsOf>,
    /// States and treaties that are named in the question.
    pub direct: Vec<Anchor>,
    pub filters: Filters,
    /// How many there are of each kind, leading to only those.
    pub kinds: Vec<Kind>,
    pub hits: Vec<Hit>,
    pub pager: Option<Pager>,
    pub downloads: Vec<Anchor>,
    /// Shown where nothing was asked or nothing found.
    pub empty: Empty,
    /// What may have been meant.
    pub nearest: Vec<Anchor>,
    /// How a question can be put.
    pub help: Vec<String>,
}

/// How many things of one kind were found.
#[derive(Debug, Serialize)]
pub struct Kind {
    pub name: String,
    pub count: String,
    pub href: Option<super::super::links::Link>,
    pub current: bool,
}

/// One thing that was found.
#[derive(Debug, Serialize)]
pub struct Hit {
    pub href: super::super::links::Link,
    pub title: Vec<Segment>,
    pub text: Vec<Segment>,
    /// What it is, of which state, since when.
    pub line: String,
}

impl View for Search {
    const TEMPLATE: &'static str = "pages/search/search.html";
}
