//! Every instrument, and one instrument.

use super::View;
use super::forms::{Filters, Form};
use super::obligations::Fact;
use super::parts::{Anchor, AsOf, Column, Empty, Tag};
use serde::Serialize;

/// Every instrument.
#[derive(Debug, Serialize)]
pub struct Instruments {
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<InstrumentRow>,
    pub downloads: Vec<Anchor>,
}

/// One instrument in the table of all.
#[derive(Debug, Serialize)]
pub struct InstrumentRow {
    pub code: Anchor,
    pub title: String,
    pub adopted: String,
    pub in_force: String,
    pub body: String,
    pub parties: String,
    pub provisions: String,
}

impl View for Instruments {
    const TEMPLATE: &'static str = "pages/instruments/instruments.html";
}

/// One instrument: its rules, who is bound since when, what it says and what was reserved.
#[derive(Debug, Serialize)]
pub struct Instrument {
    pub code: String,
    pub title: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub facts: Vec<Fact>,
    pub contents: Vec<Anchor>,
    pub actions: Vec<Anchor>,
    pub follow: Option<Form>,
    pub following: Option<Anchor>,
    pub filters: Filters,
    pub parties_caption: String,
    pub party_columns: Vec<Column>,
    pub parties: Vec<PartyRow>,
    pub parties_downloads: Vec<Anchor>,
    pub parties_empty: Empty,
    pub provisions: Vec<ProvisionRow>,
    pub reservations: Vec<ReservationRow>,
}

/// One state's standing towards the instrument.
#[derive(Debug, Serialize)]
pub struct PartyRow {
    pub state: Anchor,
    pub status: Tag,
    pub action: String,
    pub in_force_since: String,
    pub reservations: String,
    pub source: String,
}

/// One provision, in our own words.
#[derive(Debug, Clone, Serialize)]
pub struct ProvisionRow {
    pub id: String,
    pub article: String,
    pub instrument: Option<Anchor>,
    pub label: String,
    pub summary: String,
    pub theme: Option<Anchor>,
    pub duty: String,
    pub protects: String,
    /// That it is never graded, and why.
    pub not_graded: Option<String>,
}

/// One reservation or declaration.
#[derive(Debug, Serialize)]
pub struct ReservationRow {
    pub state: Anchor,
    pub articles: String,
    pub effect: Tag,
    pub gist: String,
    pub line: String,
}

impl View for Instrument {
    const TEMPLATE: &'static str = "pages/instruments/instrument.html";
}
