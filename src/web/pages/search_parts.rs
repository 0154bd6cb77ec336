//! What a search asks, and where what it found can be read: the same for the page and the API.

use crate::domain::ids::InstrumentCode;
use crate::domain::instruments::Instrument;
use crate::domain::reference::{Reference, State};
use crate::domain::search::{EntryKind, Narrowing, Query, folded, nearest_word, words_of};
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

/// States and treaties that are offered before everything else.
const OFFERED: usize = 3;

/// Whether a name is meant: it is the question, or part of it, or the question is part of it.
fn is_meant(question: &str, name: &str) -> bool {
    let name = format!(" {} ", folded(name));
    let question = format!(" {question} ");
    name.len() > 5 && (question.contains(&name) || (question.len() > 5 && name.contains(&question)))
}

/// The states that the question names.
pub(in crate::web) fn states_named<'a>(reference: &'a Reference, query: &Query) -> Vec<&'a State> {
    let question = folded(&query.typed);
    if let Ok(state) = reference.find_state(&query.typed) {
        return vec![state];
    }
    let named = reference
        .states()
        .filter(|state| state.name.all().iter().any(|name| is_meant(&question, name)));
    named.take(OFFERED).collect()
}

/// The treaties that the question names.
pub(in crate::web) fn treaties_named<'a>(reference: &'a Reference, query: &Query) -> Vec<&'a Instrument> {
    let question = folded(&query.typed);
    if let Ok(instrument) = reference.find_instrument(&query.typed) {
        return vec![instrument];
    }
    let has_code = |code: &InstrumentCode| question.split(' ').any(|word| word == code.as_str().to_lowercase());
    let named = reference.instruments().iter().filter(|instrument| {
        let names = instrument.short.all().into_iter().chain(instrument.title.all());
        has_code(&instrument.code) || names.into_iter().any(|name| is_meant(&question, name))
    });
    named.take(OFFERED).collect()
}

/// Letters of a question that may be a code with a slip in it.
const CODE: usize = 4;

/// The one of those names that is so near the question that it was probably meant. A word of its own that is far from
/// every name is no slip.
fn meant<'a, T: Copy>(question: &str, names: impl Iterator<Item = (T, &'a str)>) -> Option<T> {
    let names: Vec<(T, String)> = names.map(|(whose, name)| (whose, folded(name))).collect();
    let nearest = nearest_word(question, names.iter().map(|(_, name)| name.as_str()))?;
    names.iter().find(|(_, name)| name == nearest).map(|(whose, _)| *whose)
}

/// The state that was probably meant by a question that names none.
pub(in crate::web) fn state_meant<'a>(reference: &'a Reference, query: &Query) -> Option<&'a State> {
    if query.typed.chars().count() <= CODE {
        let unknown = reference.find_state(&query.typed).err()?;
        return reference.state(&unknown.nearest?.parse().ok()?);
    }
    let names = reference
        .states()
        .flat_map(|state| state.name.all().map(|name| (state, name)));
    meant(&folded(&query.typed), names)
}

/// The treaty that was probably meant by a question that names none.
pub(in crate::web) fn treaty_meant<'a>(reference: &'a Reference, query: &Query) -> Option<&'a Instrument> {
    let names = reference.instruments().iter().flat_map(|instrument| {
        let short = instrument.short.all().map(|name| (instrument, name));
        short.into_iter().chain([(instrument, instrument.code.as_str())])
    });
    meant(&folded(&query.typed), names)
}

/// The question with the words that were probably meant, from the names of themes and provisions; none where every word is
/// known or nothing is near.
pub(in crate::web) fn respelt(reference: &Reference, query: &Query) -> Option<String> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let labels = reference.themes().map(|theme| theme.label.en.as_str());
    let provisions = reference
        .instruments()
        .iter()
        .flat_map(|instrument| &instrument.provisions);
    for text in labels.chain(provisions.map(|provision| provision.label.as_str())) {
        known.extend(
            words_of(text)
                .into_iter()
                .map(|word| word.text)
                .filter(|word| word.len() > 3),
        );
    }
    let (mut text, mut at, mut changed) = (String::new(), 0, false);
    for word in words_of(&query.typed) {
        text.push_str(query.typed.get(at..word.start)?);
        let nearest = if word.text.len() > 3 {
            nearest_word(&word.text, known.iter().map(String::as_str))
        } else {
            None
        };
        changed |= nearest.is_some();
        text.push_str(nearest.unwrap_or(query.typed.get(word.start..word.end)?));
        at = word.end;
    }
    text.push_str(query.typed.get(at..)?);
    changed.then_some(text)
}
