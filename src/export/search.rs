//! Answers about what a search found.

use serde::Serialize;
use utoipa::ToSchema;

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// The question as it was read.
    pub query: String,
    /// The day of which it was asked.
    pub as_of: String,
    /// How many match of each kind.
    pub counts: Vec<KindCount>,
    /// Which page of the results this is, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// The results of the page, best first.
    pub results: Vec<SearchRow>,
}

/// How many things of one kind match.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindCount {
    /// `evidence`, `provision` or `recommendation`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// How many.
    pub count: usize,
    /// There are more than that.
    pub more: bool,
}

/// One thing that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchRow {
    /// `evidence`, `provision` or `recommendation`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// Its identity.
    pub key: String,
    /// The state it is about, or null.
    pub state: Option<String>,
    /// Its theme, or null.
    pub theme: Option<String>,
    /// Its date, or null.
    pub dated: Option<String>,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Where it can be read on this site.
    pub address: String,
}

impl SearchAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] =
        &["kind", "key", "state", "theme", "dated", "title", "text", "address"];
}
