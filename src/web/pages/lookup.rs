//! What stands in an address: a state, a treaty, a provision, a theme, a day. What we do not have is a page with the
//! address of what was probably meant.

use crate::domain::ids::{InstrumentCode, ProvisionId, StateCode, ThemeCode};
use crate::domain::instruments::{Instrument, Provision};
use crate::domain::reference::{Reference, State, Theme, Unknown, read_day};
use crate::domain::texts::shown;
use crate::web::app_state::AppState;
use crate::web::extract::Visit;
use crate::web::links::Link;
use crate::web::problem::Problem;
use crate::web::view::page::Page;
use crate::web::view::parts::{Anchor, AsOf};
use chrono::NaiveDate;

/// The state of the address; `page` is the same page of another state.
///
/// # Errors
/// A page that leads to the state that was probably meant.
pub(in crate::web) fn state<'a>(
    reference: &'a Reference,
    text: &str,
    page: impl Fn(&StateCode) -> Link,
) -> Result<&'a State, Problem> {
    reference.find_state(text).map_err(|unknown| {
        let near = unknown.nearest.as_ref().and_then(|code| code.parse().ok());
        let near = near.and_then(|code| reference.state(&code));
        missing(&unknown, near.map(|state| (state.name.en.as_str(), page(&state.iso3))))
    })
}

/// The treaty of the address.
///
/// # Errors
/// A page that leads to the treaty that was probably meant.
pub(in crate::web) fn instrument<'a>(
    reference: &'a Reference,
    text: &str,
    page: impl Fn(&InstrumentCode) -> Link,
) -> Result<&'a Instrument, Problem> {
    reference.find_instrument(text).map_err(|unknown| {
        let near = unknown.nearest.as_ref().and_then(|code| code.parse().ok());
        let near = near.and_then(|code| reference.instrument(&code));
        missing(&unknown, near.map(|found| (found.short.en.as_str(), page(&found.code))))
    })
}

/// The theme of the address.
///
/// # Errors
/// A page that leads to the theme that was probably meant.
pub(in crate::web) fn theme<'a>(
    reference: &'a Reference,
    text: &str,
    page: impl Fn(&ThemeCode) -> Link,
) -> Result<&'a Theme, Problem> {
    reference.find_theme(text).map_err(|unknown| {
        let near = unknown.nearest.as_ref().and_then(|code| code.parse().ok());
        let near = near.and_then(|code| reference.theme(&code));
        missing(&unknown, near.map(|theme| (theme.label.en.as_str(), page(&theme.code))))
    })
}

/// The provision of the address, with its treaty.
///
/// # Errors
/// A page that leads to the provision that was probably meant.
pub(in crate::web) fn provision<'a>(
    reference: &'a Reference,
    text: &str,
    page: impl Fn(&ProvisionId) -> Link,
) -> Result<(&'a Instrument, &'a Provision), Problem> {
    reference.find_provision(text).map_err(|unknown| {
        let near = unknown.nearest.as_ref().and_then(|code| code.parse().ok());
        let near = near.and_then(|code| reference.provision(&code));
        missing(&unknown, near.map(|(_, found)| (found.label.as_str(), page(&found.id))))
    })
}

fn missing(unknown: &Unknown, near: Option<(&str, Link)>) -> Problem {
    let code = unknown.nearest.as_deref().unwrap_or_default();
    let anchor = near.map(|(name, link)| Anchor::new(format!("{name} ({code})"), link));
    Problem::NotFound {
        what: sentence(unknown),
        suggestions: anchor.into_iter().collect(),
    }
}

/// “There is no state “MEXX”; did you mean MEX?”
fn sentence(unknown: &Unknown) -> String {
    let text = unknown.to_string();
    let end = if text.ends_with('?') { "" } else { "." };
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default();
    format!("{first}{}{end}", letters.as_str())
}

/// The day a page is asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Whether the address names it.
    pub asked: bool,
}

/// The day that `?as_of=` asks for; today where it asks for none.
///
/// # Errors
/// When it is no day: with the day that was probably meant.
pub(in crate::web) fn day(visit: &Visit, text: &str) -> Result<Day, Problem> {
    day_at(&visit.app, text)
}

/// The same, where no visit is at hand.
///
/// # Errors
/// As [`day`].
pub(in crate::web) fn day_at(app: &AppState, text: &str) -> Result<Day, Problem> {
    let (today, text) = (app.clock.today(), text.trim());
    if text.is_empty() {
        return Ok(Day {
            date: today,
            asked: false,
        });
    }
    let date = read_day(text).map_err(Problem::Unreadable)?;
    Ok(Day { date, asked: true })
}

impl Day {
    /// A link that stays on that day.
    pub fn keep(self, link: Link) -> Link {
        if self.asked {
            link.with("as_of", &self.date.to_string())
        } else {
            link
        }
    }

    /// The day as a hidden field of a form of filters carries it; none for today.
    pub fn hidden(self) -> Option<String> {
        self.asked.then(|| self.date.to_string())
    }

    /// The note that this is not today; `here` is the page without `as_of`.
    pub fn note(self, here: Link) -> Option<AsOf> {
        self.asked.then(|| AsOf {
            text: format!("As it was known on {}.", self.date),
            today: Anchor::new("Show today", here),
        })
    }
}

impl Day {
    /// An anchor that stays on that day.
    pub fn kept(self, anchor: Anchor) -> Anchor {
        Anchor::new(anchor.text, self.keep(anchor.href))
    }

    /// Says in the foot of the page on which day it stands.
    pub fn mark(self, page: &mut Page) {
        page.footer.standing = format!("As of {}.", self.date);
    }
}

/// A choice in an address that is none of those there are.
pub(in crate::web) fn no_choice(what: &str, given: &str, there_are: &[&str]) -> Problem {
    Problem::Unreadable(format!(
        "“{}” is not a {what}: choose {}.",
        shown(given),
        there_are.join(", ")
    ))
}
