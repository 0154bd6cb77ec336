//! What one follows, and the ledger of what was sent.

use super::View;
use super::deadlines::DeadlineRow;
use super::forms::{Filters, Form};
use super::parts::{Anchor, Column, Empty, Pager, Tag};
use serde::Serialize;

/// My reminders: what I follow, what comes next, what was sent.
#[derive(Debug, Serialize)]
pub struct Reminders {
    pub answer: String,
    /// Address, language and time zone, in one sentence.
    pub delivery: String,
    pub following: Vec<Following>,
    pub following_empty: Empty,
    pub follow: Form,
    pub next_columns: Vec<Column>,
    pub next: Vec<DeadlineRow>,
    pub rows: Vec<LedgerRow>,
    pub ledger_empty: Empty,
    pub everybody: Option<Anchor>,
}

/// One subscription.
#[derive(Debug, Serialize)]
pub struct Following {
    pub what: Anchor,
    pub since: String,
    pub end: Form,
}

impl View for Reminders {
    const TEMPLATE: &'static str = "pages/reminders/reminders.html";
}

/// One message about one revision of one deadline at one offset to one recipient.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerRow {
    pub key: String,
    pub state: Anchor,
    pub instrument: Anchor,
    pub report: String,
    pub due: String,
    /// Such as `30 days before`.
    pub offset: String,
    pub recipient: String,
    pub status: Tag,
    /// The reason, the next try, or the last error.
    pub note: String,
    /// What happened to it, oldest first.
    pub history: Vec<String>,
}

/// Every reminder of everybody.
#[derive(Debug, Serialize)]
pub struct Ledger {
    pub answer: String,
    pub filters: Filters,
    pub caption: String,
    pub rows: Vec<LedgerRow>,
    pub empty: Empty,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
}

impl View for Ledger {
    const TEMPLATE: &'static str = "pages/reminders/ledger.html";
}
