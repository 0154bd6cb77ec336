//! The timeline of an object: who did what to it, when, what changed and why.

use super::View;
use super::forms::Filters;
use super::parts::{Anchor, AsOf, Empty};
use crate::web::links::Link;
use serde::Serialize;

/// A text, cut where it is long; the whole of it is one click away.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    pub short: String,
    /// The whole, where it was cut.
    pub whole: Option<String>,
}

/// Characters of a text that are shown at once.
const SHORT: usize = 200;

impl Told {
    /// The text, cut at a space where it is too long.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.chars().count() <= SHORT + SHORT / 4 {
            return Self {
                short: text.to_owned(),
                whole: None,
            };
        }
        let cut: String = text.chars().take(SHORT).collect();
        let end = cut.rfind(char::is_whitespace).filter(|at| *at > SHORT / 2);
        let short = end.and_then(|at| cut.get(..at)).unwrap_or(&cut);
        Self {
            short: format!("{short} …"),
            whole: Some(text.to_owned()),
        }
    }
}

/// One field that changed.
#[derive(Debug, Clone, Serialize)]
pub struct FieldChange {
    pub field: String,
    pub before: Option<Told>,
    pub after: Option<Told>,
}

/// One line of a timeline.
#[derive(Debug, Clone, Serialize)]
pub struct TimelineLine {
    /// Its place on the page.
    pub id: String,
    /// The moment for programs.
    pub moment: String,
    /// The moment for people, in UTC.
    pub at: String,
    pub who: String,
    /// The timeline of that account, for administrators.
    pub account: Option<Link>,
    pub what: String,
    /// What it was done to, where the page is about more than that.
    pub about: Option<Anchor>,
    pub changes: Vec<FieldChange>,
    /// So many fields that they are folded.
    pub folded: Option<String>,
    pub why: Option<Told>,
}

/// The page of a timeline.
#[derive(Debug, Serialize)]
pub struct History {
    pub heading: String,
    pub answer: String,
    pub as_of: Option<AsOf>,
    pub filters: Option<Filters>,
    pub lines: Vec<TimelineLine>,
    pub older: Option<Link>,
    pub newest: Option<Link>,
    pub downloads: Vec<Anchor>,
    pub empty: Empty,
}

impl View for History {
    const TEMPLATE: &'static str = "pages/history/history.html";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_word_and_kept_whole() {
        assert_eq!(Told::of("short").whole, None);
        let long = "ü word ".repeat(100);
        let told = Told::of(&long);
        assert!(told.short.chars().count() < 210 && told.short.ends_with("ü …") || told.short.ends_with("word …"));
        assert_eq!(told.whole, Some(long));
        let unbroken = Told::of(&"字".repeat(1_000));
        assert_eq!(unbroken.short.chars().count(), SHORT + 2);
    }
}
