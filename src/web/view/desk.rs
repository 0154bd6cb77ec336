//! The desk: what waits, queue by queue, and one queue.

use super::View;
use super::forms::{Filters, Form};
use super::parts::{Anchor, AsOf, Column, Empty, GradeMark, Pager};
use serde::Serialize;

/// What waits for somebody who works here.
#[derive(Debug, Serialize)]
pub struct Desk {
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    /// What waits for this person.
    pub mine: Vec<QueueLine>,
    /// What waits for anybody.
    pub others: Vec<QueueLine>,
    /// Said where nothing waits at all.
    pub empty: Option<Empty>,
    /// Comments that this person, or their team, is asked to see to; the oldest first.
    pub comments: Vec<Anchor>,
    /// Other places to work at.
    pub more: Vec<Anchor>,
    pub saved: Vec<SavedLine>,
    /// A filter that could not be kept, to be mended.
    pub keep: Option<Form>,
}

/// One queue with what it holds.
#[derive(Debug, Serialize)]
pub struct QueueLine {
    pub queue: Anchor,
    pub count: String,
    /// What is to be done with it.
    pub todo: &'static str,
}

/// A filter that somebody keeps.
#[derive(Debug, Serialize)]
pub struct SavedLine {
    pub filter: Anchor,
    pub forget: Form,
}

impl View for Desk {
    const TEMPLATE: &'static str = "pages/desk/desk.html";
}

/// One queue.
#[derive(Debug, Serialize)]
pub struct DeskQueue {
    pub title: &'static str,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Filters,
    pub caption: String,
    pub columns: Vec<Column>,
    pub items: Vec<ItemRow>,
    pub duties: Vec<DutyRow>,
    /// The decision on those that are ticked.
    pub review: Option<Form>,
    pub downloads: Vec<Anchor>,
    pub pager: Option<Pager>,
    pub empty: Empty,
    pub keep: Option<Form>,
}

/// A piece of evidence that waits.
#[derive(Debug, Serialize)]
pub struct ItemRow {
    pub tick: Option<Tick>,
    pub title: Anchor,
    pub gist: String,
    pub state: Anchor,
    pub theme: String,
    pub by: String,
    pub since: String,
    pub remark: Option<String>,
}

/// The box with which it is chosen.
#[derive(Debug, Serialize)]
pub struct Tick {
    pub id: String,
    pub value: String,
    pub chosen: bool,
}

/// An obligation that waits.
#[derive(Debug, Serialize)]
pub struct DutyRow {
    pub state: Anchor,
    pub provision: Anchor,
    pub label: String,
    pub theme: Anchor,
    pub grade: GradeMark,
    pub suggested: Option<GradeMark>,
    pub evidence: String,
    pub since: String,
}

impl View for DeskQueue {
    const TEMPLATE: &'static str = "pages/desk/queue.html";
}
