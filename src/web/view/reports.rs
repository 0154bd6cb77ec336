//! The form for a report that was submitted, or whose date a treaty body set.

use super::View;
use super::deadlines::DeadlineRow;
use super::forms::Form;
use super::parts::Column;
use serde::Serialize;

/// What became of a report.
#[derive(Debug, Serialize)]
pub struct ReportForm {
    pub state: String,
    pub form: Form,
    /// What the state owes now.
    pub columns: Vec<Column>,
    pub owed: Vec<DeadlineRow>,
}

impl View for ReportForm {
    const TEMPLATE: &'static str = "pages/reports/new.html";
}
