//! How far people who grade independently agree.

use super::View;
use super::forms::Filters;
use super::parts::{Anchor, AsOf, Column, Empty, Tag};
use serde::Serialize;

/// Agreement overall and by theme.
#[derive(Debug, Serialize)]
pub struct Agreement {
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<AgreementRow>,
    pub downloads: Vec<Anchor>,
    pub meaning: Vec<String>,
    pub empty: Empty,
}

/// One theme, or all of them.
#[derive(Debug, Serialize)]
pub struct AgreementRow {
    pub theme: Option<Anchor>,
    pub name: String,
    pub rounds: String,
    pub same: String,
    pub within_one: String,
    pub alpha: String,
    pub interval: String,
    pub reading: Tag,
}

impl View for Agreement {
    const TEMPLATE: &'static str = "pages/agreement/agreement.html";
}
