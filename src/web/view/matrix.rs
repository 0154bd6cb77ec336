//! The coverage matrix of a state: themes against treaties.

use super::View;
use super::forms::{Filters, Form};
use super::parts::{Anchor, AsOf, Empty, GradeMark};
use crate::web::links::Link;
use serde::Serialize;

/// Where a state is covered by evidence and grades.
#[derive(Debug, Serialize)]
pub struct Matrix {
    pub state: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    pub caption: String,
    pub treaties: Vec<Anchor>,
    pub rows: Vec<MatrixRow>,
    /// Of each treaty, and last of all of them.
    pub totals: Vec<MatrixCell>,
    pub key: Vec<GradeMark>,
    pub downloads: Vec<Anchor>,
    pub empty: Empty,
    pub keep: Option<Form>,
}

/// One theme.
#[derive(Debug, Serialize)]
pub struct MatrixRow {
    pub theme: Anchor,
    /// One for each treaty, and last the total; none where the treaty has no such provision in force for the state.
    pub cells: Vec<Option<MatrixCell>>,
}

/// The obligations of one theme in one treaty.
#[derive(Debug, Serialize)]
pub struct MatrixCell {
    pub href: Link,
    /// In force, with evidence, graded: as they are seen.
    pub figures: String,
    /// The same in words, for those who hear it.
    pub words: String,
    /// The worst grade known.
    pub worst: Option<GradeMark>,
}

impl View for Matrix {
    const TEMPLATE: &'static str = "pages/states/matrix.html";
}
