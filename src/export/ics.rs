//! Deadlines as a feed for calendar programs (RFC 5545, with the names of RFC 7986).

use crate::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use crate::domain::reference::Reference;
use crate::domain::reminders::DeadlineKey;
use chrono::{Days, NaiveDate, NaiveTime};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// What a feed says of itself.
#[derive(Debug, Clone)]
pub struct Feed<'a> {
    /// Its name in the list of calendars.
    pub name: &'a str,
    /// The day as of which it was made.
    pub as_of: NaiveDate,
    /// The address of the site, without a slash at its end.
    pub base: &'a str,
}

/// The feed: one event of a whole day for each deadline. The same deadlines on the same day give the same bytes, and an
/// event keeps its identity when its day moves, so that a calendar program moves it too.
#[must_use]
pub fn feed<'a>(feed: &Feed<'_>, reference: &Reference, deadlines: impl IntoIterator<Item = &'a Deadline>) -> String {
    let mut calendar = Calendar::new();
    calendar.properties.retain(|property| property.key() != "PRODID");
    calendar
        .append_property(("PRODID", "-//Servanda//Deadlines//EN"))
        .append_property(("METHOD", "PUBLISH"))
        .append_property(
            Property::new("REFRESH-INTERVAL", "P1D")
                .add_parameter("VALUE", "DURATION")
                .done(),
        )
        .append_property(("X-PUBLISHED-TTL", "P1D"))
        .name(feed.name);
    for deadline in deadlines {
        calendar.push(event(feed, reference, deadline));
    }
    calendar.to_string()
}

fn event(feed: &Feed<'_>, reference: &Reference, deadline: &Deadline) -> Event {
    let state = reference.state(&deadline.state);
    let state = state.map_or(deadline.state.as_str(), |state| state.name.en.as_str());
    let instrument = reference.instrument(&deadline.instrument);
    let treaty = instrument.map_or(deadline.instrument.as_str(), |one| one.short.en.as_str());
    let said = match deadline.status {
        DeadlineStatus::Upcoming | DeadlineStatus::Due | DeadlineStatus::Overdue => "due",
        DeadlineStatus::Submitted => "submitted",
        DeadlineStatus::Reviewed => "reviewed",
    };
    let firm = match deadline.certainty {
        Certainty::Set => "Set by the treaty body.",
        Certainty::Statutory => "Follows from the treaty.",
        Certainty::Indicative => "Indicative only: no reporting history is held.",
    };
    let page = format!("{}/states/{}/deadlines", feed.base, deadline.state);
    let description = format!(
        "{treaty}, {}. Status on {}: {}. {}. {firm}",
        deadline.report,
        feed.as_of,
        deadline.status.word(),
        deadline.basis.trim_end_matches('.'),
    );
    let end = deadline.due.checked_add_days(Days::new(1)).unwrap_or(deadline.due);
    let mut event = Event::new();
    event
        .uid(&uid(deadline, feed.base))
        .timestamp(feed.as_of.and_time(NaiveTime::MIN).and_utc())
        .summary(&format!(
            "{state}: {} report, {} ({said})",
            deadline.report, deadline.instrument
        ))
        .description(&description)
        .url(&page)
        .status(match deadline.certainty {
            Certainty::Indicative => EventStatus::Tentative,
            Certainty::Set | Certainty::Statutory => EventStatus::Confirmed,
        })
        .add_property("TRANSP", "TRANSPARENT")
        .starts(deadline.due)
        .ends(end);
    event.done()
}

/// The name of a deadline, at this site: plain letters, whatever the report is called.
fn uid(deadline: &Deadline, base: &str) -> String {
    let name = DeadlineKey::of(deadline).to_string().to_ascii_lowercase();
    let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', "-");
    let site = base.split_once("://").map_or(base, |(_, rest)| rest);
    format!("{}@{}", plain(&name), plain(site))
}
