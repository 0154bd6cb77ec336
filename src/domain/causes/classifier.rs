//! Signals, ready to read, and what they say of a case: weights, label, reason, and every sign with where it came from.
//! How they come to it stands in `explaining`.

use super::reading::{How, Owned, Reader};
use super::signals::{Capacity, LANGUAGES, Signal, SignalFile};
use super::{Cause, Figure, Figures};
use crate::domain::ids::StateCode;
use crate::domain::reference::State;
use crate::domain::search::words_of;
use std::collections::{BTreeMap, BTreeSet};

/// One gap to explain.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// What was written about it.
    pub text: String,
    /// The state it is about.
    pub state: Option<StateCode>,
    /// Signals that somebody gives.
    pub given: Vec<Given>,
    /// Figures about the state, the provision and the date.
    pub figures: Figures,
}

/// A signal that a person or another program gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Which signal.
    pub id: String,
    /// How far it can be relied on, from 0 to 1.
    pub reliability: f64,
    /// Only the state says so: other factors then count half.
    pub told_by_the_state: bool,
    /// Where it comes from.
    pub matched: String,
}

/// A sign that counted, with where it came from: an account, figures, or what somebody gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// The signal.
    pub id: String,
    /// The cause.
    pub cause: Cause,
    /// The subclass.
    pub subclass: Option<String>,
    /// What it adds; below zero where it speaks against.
    pub points: f64,
    /// The words or the figure.
    pub matched: String,
    /// The sentence they stand in; empty for figures.
    pub sentence: String,
    /// How it was read, where that is not plain.
    pub how: Vec<How>,
    /// What the signal says.
    pub says: String,
    /// The account in which it was read: its place among those of the dossier.
    pub account: Option<usize>,
    /// Accounts of other origins that say the same. They do not count again.
    pub also: Vec<usize>,
    /// The figures that it read.
    pub figures: Vec<Figure>,
}

/// Low and high of a weight.
pub type Interval = (f64, f64);

/// Why a gap stays open, as far as the signs tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// The cause, or undetermined.
    pub label: Cause,
    /// Its subclass.
    pub subclass: Option<String>,
    /// In the order of [`Cause::ALL`]; they add up to one.
    pub weights: [f64; 5],
    /// In the same order.
    pub intervals: [Interval; 5],
    /// The signs that counted, strongest first.
    pub signs: Vec<Sign>,
    /// Why, in a sentence or two.
    pub reason: String,
}

impl Classification {
    /// The weight of one cause.
    #[must_use]
    pub fn weight(&self, cause: Cause) -> f64 {
        let each = Cause::ALL.iter().zip(self.weights);
        each.filter(|(one, _)| **one == cause).map(|(_, weight)| weight).sum()
    }
}

/// All signals, ready to read.
#[derive(Debug, Clone, Default)]
pub struct Classifier {
    pub(super) signals: Vec<Signal>,
    pub(super) reader: Reader,
    pub(super) income: BTreeMap<StateCode, Capacity>,
}

impl Classifier {
    /// From signal files (name and content) and the states whose names a text may use.
    ///
    /// # Errors
    /// Every bad entry: file, id, what is wrong.
    pub fn of<'a>(
        files: &[(String, SignalFile)],
        states: impl IntoIterator<Item = &'a State>,
    ) -> Result<Self, Vec<String>> {
        let (mut made, mut wrong, mut known) = (Self::default(), Vec::new(), BTreeSet::new());
        let states: Vec<&State> = states.into_iter().collect();
        for (file, content) in files {
            for (number, raw) in content.signal.iter().enumerate() {
                let place = match raw.id.trim() {
                    "" => format!("{file}: signal {}", number + 1),
                    id => format!("{file}: {id}"),
                };
                match raw.read(&mut known) {
                    Ok(signal) => {
                        let at = made.signals.len();
                        made.signals.push(signal);
                        let both = [(&raw.phrases, Owned::Signal(at)), (&raw.unless, Owned::Unless(at))];
                        for (phrases, owned) in both {
                            made.learn(&place, phrases, owned, content, &states, &mut wrong);
                        }
                    }
                    Err(complaints) => wrong.extend(complaints.into_iter().map(|what| format!("{place}: {what}"))),
                }
            }
            for raw in &content.cue {
                let place = format!("{file}: cue {:?}", raw.effect);
                made.learn(
                    &place,
                    &raw.phrases,
                    Owned::Cue(raw.effect),
                    content,
                    &states,
                    &mut wrong,
                );
            }
        }
        for state in &states {
            let phrases = BTreeMap::from([("en".to_owned(), names(state).into_iter().collect())]);
            let owned = Owned::State(state.iso3.clone());
            made.learn(
                state.iso3.as_str(),
                &phrases,
                owned,
                &SignalFile::default(),
                &[],
                &mut wrong,
            );
            let income = match state.income_group.as_str() {
                "High income" => Some(Capacity::HighIncome),
                "Low income" | "Lower middle income" => Some(Capacity::LowIncome),
                _ => None,
            };
            made.income.extend(income.map(|income| (state.iso3.clone(), income)));
        }
        if wrong.is_empty() { Ok(made) } else { Err(wrong) }
    }

    fn learn(
        &mut self,
        place: &str,
        phrases: &BTreeMap<String, Vec<String>>,
        owned: Owned,
        file: &SignalFile,
        states: &[&State],
        wrong: &mut Vec<String>,
    ) {
        let Ok(owner) = u32::try_from(self.reader.owners.len()) else {
            return wrong.push(format!("{place}: too many entries"));
        };
        self.reader.owners.push(owned);
        for (language, list) in phrases {
            if !LANGUAGES.contains(&language.as_str()) {
                wrong.push(format!(
                    "{place}: language “{language}” is not one of {}",
                    LANGUAGES.join(", ")
                ));
                continue;
            }
            let mut sets = file.sets.get(language).cloned().unwrap_or_default();
            if list.iter().any(|phrase| phrase.contains("{state}")) {
                let all: Vec<String> = states.iter().flat_map(|state| names(state)).collect();
                sets.insert("state".to_owned(), all.join("|"));
            }
            for phrase in list {
                if let Err(what) = self.reader.lexicon.add(owner, phrase, &sets) {
                    wrong.push(format!("{place}: {what} ({language})"));
                }
            }
        }
    }

    /// Every signal, in the order of the files.
    #[must_use]
    pub fn signals(&self) -> &[Signal] {
        &self.signals
    }

    /// One signal.
    #[must_use]
    pub fn signal(&self, id: &str) -> Option<&Signal> {
        self.signals.iter().find(|signal| signal.id == id)
    }
}

/// The names of a state as texts use them: also without what stands in parentheses.
fn names(state: &State) -> BTreeSet<String> {
    let all = state.name.all().into_iter();
    let both = all.flat_map(|name| [name, name.split(['(', '（']).next().unwrap_or(name)]);
    let words = both.map(|name| {
        let pieces = name.split(|letter: char| letter.is_whitespace() || "()（）[]*-_,–".contains(letter));
        pieces
            .filter(|piece| !words_of(piece).is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    words.filter(|name| !name.is_empty()).collect()
}
