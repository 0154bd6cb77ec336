//! Which state a page is about, and on which day: what every page below `/states/{state}` reads from its address.

use super::lookup;
use crate::domain::reference::State;
use crate::store::library::Shelf;
use crate::web::app_state::AppState;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::parts::{Anchor, AsOf};
use chrono::NaiveDate;
use std::sync::Arc;

/// One state on one day.
pub(in crate::web) struct Here {
    /// Reference data and legal facts.
    pub shelf: Arc<Shelf>,
    /// The state.
    pub state: State,
    /// The day of the page.
    pub as_of: NaiveDate,
    /// Whether the address names it.
    asked: bool,
}

impl Here {
    /// From an address.
    ///
    /// # Errors
    /// [`Problem::NotFound`] with the nearest state; [`Problem::Unreadable`] for a date that is none.
    pub async fn read(app: &AppState, state: &str, as_of: &str) -> Result<Self, Problem> {
        let shelf = app.shelf().await?;
        let state = lookup::state(&shelf.reference, state, links::state)?.clone();
        let day = lookup::day_at(app, as_of)?;
        Ok(Self {
            shelf,
            state,
            as_of: day.date,
            asked: day.asked,
        })
    }

    /// The state's name.
    pub fn name(&self) -> &str {
        &self.state.name.en
    }

    /// The link on the day of this page.
    pub fn keep(&self, link: Link) -> Link {
        let day = self.asked.then(|| self.as_of.to_string());
        link.with_some("as_of", day.as_deref())
    }

    /// The day as it stands in the address.
    pub fn asked(&self) -> Option<String> {
        self.asked.then(|| self.as_of.to_string())
    }

    /// What is said where the day is not today.
    pub fn note(&self, page: Link) -> Option<AsOf> {
        self.asked.then(|| AsOf {
            text: format!("As of {}: what was true then, as far as was known then.", self.as_of),
            today: Anchor::new("Show today", page),
        })
    }

    /// The way to this page.
    pub fn crumbs(&self) -> Vec<Anchor> {
        vec![
            Anchor::new("States", self.keep(links::states())),
            Anchor::new(self.name(), self.keep(links::state(&self.state.iso3))),
        ]
    }

    /// The name of a theme, leading to what binds this state under it.
    pub fn theme(&self, code: &crate::domain::ids::ThemeCode) -> Anchor {
        let label = self
            .shelf
            .reference
            .theme(code)
            .map_or(code.as_str(), |theme| theme.label.en.as_str());
        Anchor::new(label, self.keep(links::theme(code)))
    }
}
