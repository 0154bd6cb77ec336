//! What a search asks, and where what it found can be read: the same for the page and the API.

use crate::domain::reference::Reference;
use crate::domain::search::{EntryKind, Narrowing};
use crate::store::search::Hit;
use crate::web::links::{self, Link};
use crate::web::pages::lookup::no_choice;
use crate::web::problem::Problem;
use std::collections::BTreeSet;

/// The kind of that name; none where none is named.
pub(in crate::web) fn kind(text: &str) -> Result<Option<EntryKind>, Problem> {
    match text.trim() {
        "" => Ok(None),
        named => named.parse().map(Some).map_err(|_| {
            let all: Vec<&str> = EntryKind::ALL.iter().map(|kind| kind.code()).collect();
            no_choice("kind of result", named, &all)
        }),
    }
}

/// Where the search is narrowed; an unknown state, theme or instrument is an error with the nearest one.
pub(in crate::web) fn narrowing(
    reference: &Reference,
    state: &str,
    theme: &str,
    instrument: &str,
) -> Result<Narrowing, Problem> {
    let given = |text: &str| !text.trim().is_empty();
    let state = given(state).then(|| reference.find_state(state)).transpose()?;
    let theme = given(theme).then(|| reference.find_theme(theme)).transpose()?;
    let instrument = given(instrument)
        .then(|| reference.find_instrument(instrument))
        .transpose()?;
    Ok(Narrowing {
        state: state.map(|state| state.iso3.clone()),
        theme: theme.map(|theme| theme.code.clone()),
        instrument: instrument.map(|instrument| {
            let themes: BTreeSet<_> = instrument.provisions.iter().map(|one| one.theme.clone()).collect();
            (instrument.code.clone(), themes.into_iter().collect())
        }),
    })
}

/// Where it can be read.
pub(in crate::web) fn address(reference: &Reference, hit: &Hit) -> Link {
    let provision = || reference.provision(&hit.key.parse().ok()?);
    let found = match hit.kind {
        EntryKind::Evidence => hit.key.parse().ok().map(|id| links::evidence(&id)),
        EntryKind::Provision => {
            provision().map(|(instrument, one)| links::instrument(&instrument.code).at(one.id.as_str()))
        }
        EntryKind::Recommendation => hit.key.parse().ok().map(|id| links::recommendation(&id)),
    };
    found.unwrap_or_else(links::search)
}
