//! The first page.

use super::View;
use super::deadlines::DeadlineRow;
use super::evidence::EvidenceLine;
use super::parts::{Anchor, Column, Figure};
use crate::web::links::Link;
use serde::Serialize;

/// Search a state; figures of the world; what falls due.
#[derive(Debug, Serialize)]
pub struct Home {
    /// What the world looks like today, in one sentence.
    pub answer: String,
    pub search: Link,
    /// A few states to begin with.
    pub examples: Vec<Anchor>,
    pub figures: Vec<Figure>,
    pub due_columns: Vec<Column>,
    pub due: Vec<DeadlineRow>,
    pub all_deadlines: Anchor,
    pub overdue: Anchor,
    pub clusters: Vec<Cluster>,
    pub recent: Vec<EvidenceLine>,
}

/// Themes that belong together.
#[derive(Debug, Serialize)]
pub struct Cluster {
    pub name: String,
    pub themes: Vec<Anchor>,
}

impl View for Home {
    const TEMPLATE: &'static str = "pages/home/home.html";
}
