//! Coding studies: the list, one study, one case, what it came to, and the form for a new one.

use super::View;
use super::forms::{Filters, Form};
use super::obligations::Fact;
use super::parts::{Anchor, AsOf, CauseMark, Column, Empty, Tag};
use serde::Serialize;

/// All studies.
#[derive(Debug, Serialize)]
pub struct Studies {
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub open: Option<Anchor>,
    pub rows: Vec<StudyRow>,
    pub downloads: Vec<Anchor>,
    pub empty: Empty,
}

/// One study in the list.
#[derive(Debug, Serialize)]
pub struct StudyRow {
    pub study: Anchor,
    pub status: Tag,
    pub cases: String,
    pub finished: String,
    pub opened: String,
    /// What it asks of the visitor.
    pub waits: Option<Anchor>,
}

impl View for Studies {
    const TEMPLATE: &'static str = "pages/studies/list.html";
}

/// The form for a new study.
#[derive(Debug, Serialize)]
pub struct NewStudy {
    /// Where gaps are looked for.
    pub filters: Filters,
    pub found: Option<String>,
    /// Where a file with cases is sent.
    pub upload: Form,
    pub limit: String,
    pub form: Form,
}

impl View for NewStudy {
    const TEMPLATE: &'static str = "pages/studies/new.html";
}

/// One study.
#[derive(Debug, Serialize)]
pub struct Study {
    pub title: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub refused: Option<String>,
    pub status: Tag,
    pub question: String,
    pub results: Option<Anchor>,
    pub next: Option<Anchor>,
    pub finish: Option<Form>,
    pub facts: Vec<Fact>,
    pub coders: Vec<CoderRow>,
    pub cases: Vec<CaseRow>,
    /// The head of the column with the visitor's own codes.
    pub mine: bool,
    pub end: Option<Form>,
}

/// Who codes, and how far they are.
#[derive(Debug, Serialize)]
pub struct CoderRow {
    pub who: String,
    pub coded: String,
    pub state: Tag,
}

/// One case in the list.
#[derive(Debug, Serialize)]
pub struct CaseRow {
    pub case: Anchor,
    pub state: String,
    pub begins: String,
    pub mine: Option<CauseMark>,
}

impl View for Study {
    const TEMPLATE: &'static str = "pages/studies/study.html";
}

/// One case: to be coded, or with all codes beside each other.
#[derive(Debug, Serialize)]
pub struct StudyCase {
    pub study: Anchor,
    pub name: String,
    pub place: String,
    pub as_of: Option<AsOf>,
    pub refused: Option<String>,
    pub question: String,
    pub facts: Vec<Fact>,
    pub text: String,
    pub evidence: Vec<CitedLine>,
    pub blind: Option<String>,
    pub form: Option<Form>,
    pub codes: Vec<CodeLine>,
    pub settled: Vec<SettledLine>,
    pub settle: Option<Form>,
    pub previous: Option<Anchor>,
    pub next: Option<Anchor>,
}

/// Evidence in the revision that was taken.
#[derive(Debug, Serialize)]
pub struct CitedLine {
    pub title: Anchor,
    pub line: String,
}

/// What one coder said.
#[derive(Debug, Serialize)]
pub struct CodeLine {
    pub who: String,
    pub when: String,
    pub cause: CauseMark,
    pub second: Option<CauseMark>,
    pub sure: &'static str,
    pub reason: String,
    /// What the engine read it from.
    pub signs: Vec<String>,
}

/// What was settled.
#[derive(Debug, Serialize)]
pub struct SettledLine {
    pub cause: Option<CauseMark>,
    pub note: String,
    pub line: String,
    pub earlier: bool,
}

impl View for StudyCase {
    const TEMPLATE: &'static str = "pages/studies/case.html";
}

/// What a study came to.
#[derive(Debug, Serialize)]
pub struct StudyResults {
    pub study: Anchor,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub incomplete: Option<String>,
    pub columns: Vec<Column>,
    pub measures: Vec<MeasureRow>,
    pub downloads: Vec<Anchor>,
    pub codes: Vec<Anchor>,
    pub confusion: Option<ConfusionTable>,
    pub engine: Option<ConfusionTable>,
    pub tallies: Vec<TallyRow>,
    pub causes: Vec<CauseMark>,
    pub disagreements: Vec<Disagreement>,
    pub agreed: String,
    pub meaning: Vec<String>,
}

/// One coefficient.
#[derive(Debug, Serialize)]
pub struct MeasureRow {
    pub name: String,
    pub cause: Option<CauseMark>,
    pub cases: String,
    pub alpha: String,
    pub interval: String,
    pub reading: Tag,
}

/// What met what, and how often.
#[derive(Debug, Serialize)]
pub struct ConfusionTable {
    pub sentence: String,
    pub caption: String,
    pub rows: Vec<ConfusionRow>,
}

/// One cause and how often it met each other.
#[derive(Debug, Serialize)]
pub struct ConfusionRow {
    pub cause: CauseMark,
    pub cells: Vec<ConfusionCell>,
}

/// One cell.
#[derive(Debug, Serialize)]
pub struct ConfusionCell {
    pub number: String,
    pub same: bool,
}

/// Who chose what.
#[derive(Debug, Serialize)]
pub struct TallyRow {
    pub who: String,
    pub counts: Vec<String>,
    pub unsure: String,
    pub coded: String,
}

/// A case on which they differ.
#[derive(Debug, Serialize)]
pub struct Disagreement {
    pub case: Anchor,
    pub begins: String,
    pub codes: Vec<CodeLine>,
    pub settled: Option<SettledLine>,
}

impl View for StudyResults {
    const TEMPLATE: &'static str = "pages/studies/results.html";
}
