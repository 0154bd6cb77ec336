//! Where each state stands towards one instrument.

use super::Asked;
use crate::domain::instruments::Instrument;
use crate::domain::participation::{Participation, Status};
use crate::domain::reference::State;
use crate::domain::reservations::{Effect, Reservation};
use crate::export::tables::{Cell, Table};
use crate::store::library::Shelf;
use crate::web::links::{self, Link};
use crate::web::pages::lookup::{self, Day};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::instruments::{PartyRow, ReservationRow};
use crate::web::view::parts::{Anchor, Column, Empty, Tag};
use crate::web::view::words::{count, figure};

/// Codes and words of the filter by status.
const STATUS: [(&str, &str); 8] = [
    ("acted", "every state that acted"),
    ("party", "parties"),
    ("party_not_yet_in_force", "parties, not yet in force"),
    ("signatory", "signatories, not bound"),
    ("former_party", "former parties"),
    ("unknown", "unknown"),
    ("none", "not parties"),
    ("all", "all states"),
];

/// Every state and where it stands.
pub(super) struct Parties<'a> {
    shelf: &'a Shelf,
    instrument: &'a Instrument,
    day: &'a Day,
    asked: &'a Asked,
    status: &'static str,
    all: Vec<(&'a State, Participation)>,
}

impl<'a> Parties<'a> {
    pub(super) fn of(
        shelf: &'a Shelf,
        instrument: &'a Instrument,
        day: &'a Day,
        asked: &'a Asked,
    ) -> Result<Self, Problem> {
        let given = if asked.status.is_empty() {
            "acted"
        } else {
            &asked.status
        };
        let Some((status, _)) = STATUS.iter().find(|(code, _)| *code == given) else {
            return Err(lookup::no_choice("status", given, &STATUS.map(|(code, _)| code)));
        };
        let states = shelf.reference.states();
        Ok(Self {
            shelf,
            instrument,
            day,
            asked,
            status,
            all: states
                .map(|state| (state, shelf.world.participation(&state.iso3, instrument, day.date)))
                .collect(),
        })
    }

    fn count(&self, status: Status) -> usize {
        self.all.iter().filter(|(_, found)| found.status == status).count()
    }

    /// How many are bound, the latest of them, and who signed.
    pub(super) fn answer(&self) -> String {
        let bound = self.all.iter().filter(|(_, found)| found.status == Status::Party);
        let latest = bound.filter_map(|(state, found)| Some((found.in_force_since?.day()?, &state.name.en)));
        let latest = latest.max().map_or_else(String::new, |(since, name)| {
            format!("; {name} is the latest, since {since}")
        });
        let mut others = Vec::new();
        let mut add = |status, one: &str, many: &str| match self.count(status) {
            0 => {}
            number => others.push(count(number, one, many)),
        };
        add(
            Status::PartyNotYetInForce,
            "more has consented and will be bound",
            "more have consented and will be bound",
        );
        add(
            Status::Signatory,
            "has signed and is not bound",
            "have signed and are not bound",
        );
        add(
            Status::FormerParty,
            "was bound and is no longer",
            "were bound and are no longer",
        );
        add(
            Status::Unknown,
            "cannot be told from what we hold",
            "cannot be told from what we hold",
        );
        let others = if others.is_empty() {
            String::new()
        } else {
            format!(" {}.", others.join("; "))
        };
        format!(
            "On {}, {} of {} states {} bound by it{latest}.{others}",
            self.day.date,
            figure(self.count(Status::Party)),
            figure(self.all.len()),
            if self.count(Status::Party) == 1 { "is" } else { "are" },
        )
    }

    fn shown(&self) -> Vec<&(&'a State, Participation)> {
        let wanted = |found: &Participation| match self.status {
            "all" => true,
            "acted" => found.status != Status::None,
            code => found.status.code() == code,
        };
        let region = &self.asked.region;
        let mut shown: Vec<_> = self
            .all
            .iter()
            .filter(|(state, found)| wanted(found) && (region.is_empty() || state.region == *region))
            .collect();
        let (by, down) = match self.asked.sort.strip_prefix('-') {
            Some(by) => (by, true),
            None => (self.asked.sort.as_str(), false),
        };
        shown.sort_by(|a, b| {
            let since = |found: &Participation| found.in_force_since.map(|span| (span.earliest, span.latest));
            let first = match by {
                "status" => b.1.status.cmp(&a.1.status),
                "since" => since(&a.1).cmp(&since(&b.1)),
                _ => a.0.name.en.cmp(&b.0.name.en),
            };
            let first = if down { first.reverse() } else { first };
            first.then_with(|| a.0.name.en.cmp(&b.0.name.en))
        });
        shown
    }

    fn standing(&self, state: &State) -> impl Iterator<Item = &'a Reservation> {
        let (all, date) = (
            self.shelf.world.reservations(&state.iso3, &self.instrument.code),
            self.day.date,
        );
        all.iter().filter(move |one| one.stands_on(date))
    }

    pub(super) fn rows(&self) -> Vec<PartyRow> {
        let shown = self.shown();
        let row = |(state, found): &(&State, Participation)| PartyRow {
            state: self
                .day
                .kept(Anchor::new(state.name.en.as_str(), links::state(&state.iso3))),
            status: found.status.into(),
            action: action(found),
            in_force_since: since(found),
            reservations: match self.standing(state).count() {
                0 => String::new(),
                number => figure(number),
            },
            source: source(found),
        };
        shown.into_iter().map(row).collect()
    }

    pub(super) fn table(&self) -> Table {
        let columns = ["State", "Status", "Action", "In force since", "Reservations", "Source"];
        let rows = self.rows().into_iter().map(|row| {
            [
                row.state.text,
                row.status.word,
                row.action,
                row.in_force_since,
                row.reservations,
                row.source,
            ]
            .map(Cell::from)
            .into()
        });
        Table::new(self.caption(), &columns, rows)
    }

    pub(super) fn columns(&self) -> Vec<Column> {
        let (here, now) = (self.filtered(), self.asked.sort.as_str());
        let now = if now.is_empty() { "name" } else { now };
        vec![
            Column::sortable("State", "name", &here, now),
            Column::sortable("Status", "status", &here, now),
            Column::plain("Action"),
            Column::sortable("In force since", "since", &here, now),
            Column::plain("Reservations").numeric(),
            Column::plain("Source"),
        ]
    }

    fn filtered(&self) -> Link {
        let status = (!self.asked.status.is_empty()).then_some(self.status);
        self.day
            .keep(links::instrument(&self.instrument.code))
            .with_some("status", status)
            .with_some("region", Some(&self.asked.region))
    }

    /// The page as filtered and sorted.
    pub(super) fn sorted(&self) -> Link {
        self.filtered().with_some("sort", Some(&self.asked.sort))
    }

    pub(super) fn filters(&self) -> Filters {
        let status = STATUS.iter().map(|(code, words)| Choice::new(*code, *words)).collect();
        let mut regions: Vec<&str> = self.all.iter().map(|(state, _)| state.region.as_str()).collect();
        regions.sort_unstable();
        regions.dedup();
        let any = Choice::new("", "every region");
        let named = regions.into_iter().filter(|region| !region.is_empty());
        let regions = std::iter::once(any).chain(named.map(|region| Choice::new(region, region)));
        let bare = links::instrument(&self.instrument.code);
        Filters {
            label: "Filter the states".to_owned(),
            action: bare.clone(),
            fields: vec![
                Field::select("status", "Status", status, self.status).filter(),
                Field::select("region", "Region", regions.collect(), &self.asked.region).filter(),
                Field::line("text", "as_of", "As of", &self.asked.as_of)
                    .filter()
                    .width("short"),
            ],
            clear: (self.filtered() != bare).then_some(bare),
        }
    }

    pub(super) fn caption(&self) -> String {
        let words = STATUS
            .iter()
            .find(|(code, _)| *code == self.status)
            .map_or("", |(_, words)| *words);
        let shown = self.shown().len();
        format!(
            "{} ({words}) towards {}, as of {}",
            count(shown, "state", "states"),
            self.instrument.code,
            self.day.date
        )
    }

    pub(super) fn empty(&self) -> Empty {
        let all = self
            .day
            .keep(links::instrument(&self.instrument.code))
            .with("status", "all");
        Empty {
            title: "No state fits these filters".to_owned(),
            text: "No treaty action of such a state is held for that day.".to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new("Show all states", all)),
        }
    }

    /// What states reserved or declared by that day, by state.
    pub(super) fn reservations(&self) -> Vec<ReservationRow> {
        let mut rows = Vec::new();
        let mut states: Vec<&State> = self.all.iter().map(|(state, _)| *state).collect();
        states.sort_by(|a, b| a.name.en.cmp(&b.name.en));
        for state in states {
            let anchor = self
                .day
                .kept(Anchor::new(state.name.en.as_str(), links::state(&state.iso3)));
            rows.extend(self.standing(state).map(|one| ReservationRow {
                state: anchor.clone(),
                articles: if one.articles.is_empty() {
                    "general".to_owned()
                } else {
                    one.articles.clone()
                },
                effect: effect(one.effect),
                gist: one.gist.clone(),
                line: self.line(one),
            }));
        }
        rows
    }

    fn line(&self, one: &Reservation) -> String {
        let made = one.date.map_or_else(String::new, |date| format!(" of {date}"));
        let forbidden = one.forbidden_by(self.instrument);
        let forbidden = forbidden.map_or_else(String::new, |article| format!("; {article} does not permit it"));
        format!(
            "{}{made}{forbidden}; {}, {}",
            one.kind,
            one.source,
            one.confidence.word()
        )
    }
}

fn effect(effect: Effect) -> Tag {
    let class = match effect {
        Effect::Excluded => "late",
        Effect::Modified | Effect::Touched => "soon",
        Effect::Accepts => "strong",
        Effect::None => "quiet",
    };
    Tag {
        class,
        word: effect.words().to_owned(),
    }
}

fn action(found: &Participation) -> String {
    match (found.action, found.action_date) {
        (Some(action), Some(date)) => format!("{} {date}", action.word()),
        (Some(action), None) => format!("{}, date unknown", action.word()),
        (None, _) => String::new(),
    }
}

fn since(found: &Participation) -> String {
    let since = found.in_force_since.map(|span| span.to_string());
    match found.status {
        Status::Party => since.map_or_else(
            || "date unknown".to_owned(),
            |since| match found.contested_with {
                Some(other) => format!("{since}, or {other}"),
                None => since,
            },
        ),
        Status::PartyNotYetInForce => since.map_or_else(|| "date unknown".to_owned(), |since| format!("from {since}")),
        Status::FormerParty => {
            let until = found
                .former_since
                .map_or_else(String::new, |gone| format!(" until {gone}"));
            format!("{}{until}", since.unwrap_or_default())
        }
        Status::None | Status::Signatory | Status::Unknown => String::new(),
    }
}

fn source(found: &Participation) -> String {
    match found.confidence {
        Some(confidence) => format!("{}, {}", found.source, confidence.word()),
        None => String::new(),
    }
}
