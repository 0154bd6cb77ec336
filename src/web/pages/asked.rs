//! What addresses have in common: the date of the page, and names that may be misspelt.

use crate::domain::instruments::Instrument;
use crate::domain::reference::{Reference, State, Unknown, read_day};
use crate::web::app_state::AppState;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::page::Page;
use crate::web::view::parts::{Anchor, AsOf};
use chrono::NaiveDate;

/// The date on which a page stands.
#[derive(Debug, Clone)]
pub(in crate::web) struct Day {
    /// The date.
    pub date: NaiveDate,
    asked: Option<String>,
}

impl Day {
    /// The date asked for; today where none is.
    pub fn read(app: &AppState, text: &str) -> Result<Self, Problem> {
        let date = match text.trim() {
            "" => None,
            text => Some(read_day(text).map_err(Problem::Unreadable)?),
        };
        Ok(Self {
            date: date.unwrap_or_else(|| app.clock.today()),
            asked: date.map(|date| date.to_string()),
        })
    }

    /// The same date in another address.
    pub fn keep(&self, link: Link) -> Link {
        link.with_some("as_of", self.asked.as_deref())
    }

    /// The same date in another anchor.
    pub fn kept(&self, anchor: Anchor) -> Anchor {
        Anchor::new(anchor.text, self.keep(anchor.href))
    }

    /// What is said above a page of another day.
    pub fn note(&self, today: Link) -> Option<AsOf> {
        self.asked.as_ref().map(|date| AsOf {
            text: format!("As of {date}."),
            today: Anchor::new("Show today", today),
        })
    }

    /// Says in the foot on which day the page stands.
    pub fn mark(&self, page: &mut Page) {
        page.footer.standing = format!("As of {}.", self.date);
    }
}

/// The state that an address names.
pub(in crate::web) fn state<'a>(reference: &'a Reference, text: &str) -> Result<&'a State, Problem> {
    reference.find_state(text).map_err(|unknown| {
        let near = unknown
            .nearest
            .as_deref()
            .and_then(|code| reference.find_state(code).ok());
        let near = near.map(|state| Anchor::new(state.name.en.as_str(), links::state(&state.iso3)));
        missing(&unknown, near, Anchor::new("All states", links::states()))
    })
}

/// The instrument that an address names.
pub(in crate::web) fn instrument<'a>(reference: &'a Reference, text: &str) -> Result<&'a Instrument, Problem> {
    reference.find_instrument(text).map_err(|unknown| {
        let near = unknown
            .nearest
            .as_deref()
            .and_then(|code| reference.find_instrument(code).ok());
        let near = near.map(|one| Anchor::new(format!("{}: {}", one.code, one.short.en), links::instrument(&one.code)));
        missing(&unknown, near, Anchor::new("All treaties", links::instruments()))
    })
}

fn missing(unknown: &Unknown, near: Option<Anchor>, all: Anchor) -> Problem {
    Problem::NotFound {
        what: format!("There is no {} “{}”.", unknown.kind, unknown.given),
        suggestions: near.into_iter().chain([all]).collect(),
    }
}

/// A choice in an address that is none of those there are.
pub(in crate::web) fn no_choice(what: &str, given: &str, there_are: &[&str]) -> Problem {
    Problem::Unreadable(format!("“{given}” is not a {what}: choose {}.", there_are.join(", ")))
}
