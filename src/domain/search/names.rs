//! The states and treaties that a question names, and the ones it probably means: their names are folded once, not for
//! every question.

use super::{Query, folded, nearest_word, words_of};
use crate::domain::ids::{InstrumentCode, StateCode};
use crate::domain::reference::Reference;
use std::collections::BTreeSet;

/// States and treaties that are offered before everything else.
const OFFERED: usize = 3;
/// Letters of a question that may be a code with a slip in it.
const CODE: usize = 4;
/// Letters of the shortest word that is respelt.
const WORD: usize = 4;

/// A folded name with whose it is.
type Name<T> = (T, String);

/// Every name by which people ask for something.
#[derive(Debug, Default)]
pub struct Names {
    states: Vec<Name<StateCode>>,
    treaties: Vec<Name<InstrumentCode>>,
    short_treaties: Vec<Name<InstrumentCode>>,
    words: BTreeSet<String>,
}

impl Names {
    /// The names of all states and treaties in six languages, and the words of themes and provisions.
    #[must_use]
    pub fn of(reference: &Reference) -> Self {
        let mut names = Self::default();
        for state in reference.states() {
            let all = state.name.all().into_iter();
            names.states.extend(all.map(|name| (state.iso3.clone(), folded(name))));
        }
        for instrument in reference.instruments() {
            let own = |name: &str| (instrument.code.clone(), folded(name));
            let short: Vec<_> = instrument.short.all().into_iter().map(own).collect();
            names.treaties.extend(short.iter().cloned());
            names.treaties.extend(instrument.title.all().into_iter().map(own));
            names.short_treaties.extend(short);
            names.short_treaties.push(own(instrument.code.as_str()));
            let labels = instrument.provisions.iter().map(|provision| provision.label.as_str());
            labels.for_each(|label| names.learn(label));
        }
        for theme in reference.themes() {
            names.learn(&theme.label.en);
        }
        names
    }

    fn learn(&mut self, text: &str) {
        let words = words_of(text).into_iter().map(|word| word.text);
        self.words.extend(words.filter(|word| word.len() >= WORD));
    }

    /// The states that the question names: by code, or by a name that is in the question or has the question in it.
    #[must_use]
    pub fn states_named(&self, reference: &Reference, query: &Query) -> Vec<StateCode> {
        let question = folded(&query.typed);
        let code = query.typed.to_uppercase().parse::<StateCode>().ok();
        if let Some(state) = code.and_then(|code| reference.state(&code)) {
            return vec![state.iso3.clone()];
        }
        if let Some((state, _)) = self.states.iter().find(|(_, name)| *name == question) {
            return vec![state.clone()];
        }
        offered(self.states.iter().filter(|(_, name)| is_meant(&question, name)))
    }

    /// The treaties that the question names.
    #[must_use]
    pub fn treaties_named(&self, reference: &Reference, query: &Query) -> Vec<InstrumentCode> {
        let question = folded(&query.typed);
        let code = query.typed.to_uppercase().parse::<InstrumentCode>().ok();
        if let Some(instrument) = code.and_then(|code| reference.instrument(&code)) {
            return vec![instrument.code.clone()];
        }
        let has_code = |code: &InstrumentCode| question.split(' ').any(|word| word.eq_ignore_ascii_case(code.as_str()));
        offered(
            self.treaties
                .iter()
                .filter(|(code, name)| has_code(code) || is_meant(&question, name)),
        )
    }

    /// The state that was probably meant by a question that names none.
    #[must_use]
    pub fn state_meant(&self, reference: &Reference, query: &Query) -> Option<StateCode> {
        if query.typed.chars().count() <= CODE {
            let unknown = reference.find_state(&query.typed).err()?;
            return unknown.nearest?.parse().ok();
        }
        nearest(&folded(&query.typed), &self.states)
    }

    /// The treaty that was probably meant by a question that names none.
    #[must_use]
    pub fn treaty_meant(&self, query: &Query) -> Option<InstrumentCode> {
        nearest(&folded(&query.typed), &self.short_treaties)
    }

    /// The question with the words that were probably meant, from the names of themes and provisions; none where every
    /// word is known or nothing is near.
    #[must_use]
    pub fn respelt(&self, query: &Query) -> Option<String> {
        let (mut text, mut at, mut changed) = (String::new(), 0, false);
        for word in words_of(&query.typed) {
            text.push_str(query.typed.get(at..word.start)?);
            let is_long = word.text.len() >= WORD;
            let nearest = is_long.then(|| nearest_word(&word.text, self.words.iter().map(String::as_str)));
            let nearest = nearest.flatten();
            changed |= nearest.is_some();
            text.push_str(nearest.unwrap_or(query.typed.get(word.start..word.end)?));
            at = word.end;
        }
        text.push_str(query.typed.get(at..)?);
        changed.then_some(text)
    }
}

/// Whether a name is meant: it is the question, or part of it, or the question is part of it.
fn is_meant(question: &str, name: &str) -> bool {
    (name.len() > 3 && has_words(question, name)) || (question.len() > 3 && name.len() > 3 && has_words(name, question))
}

/// Whether those words stand in the text, whole and next to each other.
fn has_words(text: &str, words: &str) -> bool {
    let whole = |at: usize| {
        let before = text
            .get(..at)
            .is_none_or(|before| before.is_empty() || before.ends_with(' '));
        let after = text.get(at + words.len()..);
        before && after.is_none_or(|after| after.is_empty() || after.starts_with(' '))
    };
    text.match_indices(words).any(|(at, _)| whole(at))
}

/// Whose names these are, each once.
fn offered<'a, T: Clone + PartialEq + 'a>(names: impl Iterator<Item = &'a Name<T>>) -> Vec<T> {
    let mut some: Vec<T> = Vec::new();
    for (whose, _) in names {
        if !some.contains(whose) {
            some.push(whose.clone());
        }
        if some.len() == OFFERED {
            break;
        }
    }
    some
}

/// Whose name is so near the question that it was probably meant. A word of its own that is far from every name is no slip.
fn nearest<T: Clone>(question: &str, names: &[Name<T>]) -> Option<T> {
    let nearest = nearest_word(question, names.iter().map(|(_, name)| name.as_str()))?;
    names
        .iter()
        .find(|(_, name)| name == nearest)
        .map(|(whose, _)| whose.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_meant_by_whole_words_only() {
        for (question, name, is) in [
            ("niger", "niger", true),
            ("niger", "nigeria", false),
            ("detention in mexico", "mexico", true),
            ("republic of korea", "democratic people s republic of korea", true),
            ("of", "republic of korea", false),
            ("wages", "mexico", false),
        ] {
            assert_eq!(is_meant(question, name), is, "{question} / {name}");
        }
    }
}
