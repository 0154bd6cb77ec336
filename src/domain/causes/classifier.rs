//! Signals and what they read put together: a case → weights, label, reason, and every sign with where it came from.

use super::reading::{How, LONGEST, Owned, Reader, Reading};
use super::scoring::{NAMED, Points, Scores, Short, score};
use super::signals::{Capacity, Direction, LANGUAGES, Reads, Signal, SignalFile};
use super::{Cause, Figures, reasons};
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

/// A sign that counted, with where it came from.
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

/// Why a label is withheld though the points would carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Withheld {
    /// It rests on quotations alone.
    Quoted,
    /// Signs for and against the same cause.
    Contradictory,
    /// It names most causes at once.
    List,
}

/// All signals, ready to read.
#[derive(Debug, Clone, Default)]
pub struct Classifier {
    signals: Vec<Signal>,
    reader: Reader,
    income: BTreeMap<StateCode, Capacity>,
}

/// A text that names so many causes explains nothing.
const LIST: usize = 3;

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

    /// Why a gap stays open, as far as the signs tell.
    #[must_use]
    pub fn classify(&self, case: &Case) -> Classification {
        self.classify_with(case, None)
    }

    /// The same with other points, in the order of [`Self::signals`]: what measuring needs.
    #[must_use]
    pub(super) fn classify_with(&self, case: &Case, points: Option<&[f64]>) -> Classification {
        let (mut signs, reading) = self.signs(case, points);
        let (scores, withheld) = weigh(&signs);
        let label = if withheld.is_some() {
            Cause::Undetermined
        } else {
            scores.label
        };
        signs.sort_by(|one, other| {
            let (a, b) = (one.points.abs(), other.points.abs());
            b.total_cmp(&a).then_with(|| one.id.cmp(&other.id))
        });
        Classification {
            label,
            subclass: subclass(&signs, label),
            weights: scores.weights,
            intervals: scores.intervals,
            reason: reasons::reason(&scores, withheld, label, &signs, case, &reading),
            signs,
        }
    }

    /// The signs of a case before families are settled: signal, factor and what was matched. For measuring.
    pub(super) fn found(&self, case: &Case) -> Vec<(usize, f64)> {
        let reading = self.reading(case);
        let those = reading.found.iter().filter(|found| self.applies(found.signal, case));
        those.map(|found| (found.signal, found.factor)).collect()
    }

    fn reading(&self, case: &Case) -> Reading {
        if case.text.len() > LONGEST {
            return Reading::default();
        }
        self.reader.read(&self.signals, &case.text, case.state.as_ref())
    }

    fn applies(&self, at: usize, case: &Case) -> bool {
        let when = self.signals.get(at).and_then(|signal| signal.when);
        when.is_none_or(|when| case.state.as_ref().and_then(|state| self.income.get(state)) == Some(&when))
    }

    fn signs(&self, case: &Case, points: Option<&[f64]>) -> (Vec<Sign>, Reading) {
        let reading = self.reading(case);
        // Family and direction → the strongest sign.
        let mut kept: BTreeMap<(String, bool), Sign> = BTreeMap::new();
        let mut keep = |family: &str, sign: Sign| {
            let key = (family.to_owned(), sign.points < 0.0);
            match kept.get(&key) {
                Some(known) if (known.points.abs(), &sign.id) >= (sign.points.abs(), &known.id) => {}
                _ => {
                    kept.insert(key, sign);
                }
            }
        };
        let sign = |signal: &Signal, points: f64, matched: String| Sign {
            id: signal.id.clone(),
            cause: signal.cause,
            subclass: signal.subclass.clone(),
            points,
            matched,
            sentence: String::new(),
            how: Vec::new(),
            says: signal.says.clone(),
        };
        let cut = |range: &std::ops::Range<usize>| case.text.get(range.clone()).unwrap_or_default().to_owned();
        for found in reading.found.iter().filter(|found| self.applies(found.signal, case)) {
            let Some(signal) = self.signals.get(found.signal) else {
                continue;
            };
            let full = points
                .and_then(|all| all.get(found.signal))
                .copied()
                .unwrap_or(signal.points);
            let mut one = sign(signal, full * found.factor, cut(&found.matched));
            one.sentence = cut(&found.sentence);
            one.how = found.how.iter().copied().collect();
            keep(&signal.family, one);
        }
        for given in &case.given {
            let Some(signal) = self.signal(&given.id) else { continue };
            let told = given.told_by_the_state && signal.cause == Cause::Other;
            let reliability = given.reliability.clamp(0.0, 1.0) * if told { 0.5 } else { 1.0 };
            let signed = if signal.direction == Direction::Against {
                -1.0
            } else {
                1.0
            };
            let matched = if given.matched.is_empty() {
                "given"
            } else {
                &given.matched
            };
            let mut one = sign(signal, signal.points * reliability * signed, matched.to_owned());
            one.how = told.then_some(How::Told).into_iter().collect();
            keep(&signal.family, one);
        }
        for (signal, matched) in self.of_figures(&case.figures) {
            let signed = if signal.direction == Direction::Against {
                -1.0
            } else {
                1.0
            };
            keep(&signal.family, sign(signal, signal.points * signed, matched));
        }
        (kept.into_values().filter(|sign| sign.points != 0.0).collect(), reading)
    }

    /// The signals that figures show, each with the comparison in words.
    #[must_use]
    pub fn of_figures(&self, figures: &Figures) -> Vec<(&Signal, String)> {
        let shown = |signal: &Signal| match &signal.reads {
            Reads::Figures(all) => {
                let met: Option<Vec<String>> = all.iter().map(|one| one.met(figures)).collect();
                met.map(|parts| parts.join("; "))
            }
            Reads::Text(_) | Reads::Given => None,
        };
        let all = self.signals.iter();
        all.filter_map(|signal| Some((signal, shown(signal)?))).collect()
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

/// The scores of signs, and why a label is withheld all the same.
fn weigh(signs: &[Sign]) -> (Scores, Option<Withheld>) {
    let of = |cause: Cause| signs.iter().filter(move |sign| sign.cause == cause);
    let against = |cause: Cause| -of(cause).map(|sign| sign.points.min(0.0)).sum::<f64>();
    let scores = score(NAMED.map(|cause| {
        let each = of(cause).map(|sign| sign.points.max(0.0));
        let (sum, strongest) = each.fold((0.0, 0.0_f64), |(sum, most), one| (sum + one, most.max(one)));
        Points {
            sum: (sum - against(cause)).max(0.0),
            strongest,
        }
    }));
    let contradicted = |cause: Cause| {
        let both: f64 = of(cause).map(|sign| sign.points.max(0.0)).sum();
        both > 0.0 && against(cause) >= both / 2.0
    };
    let from_text = |cause: Cause| of(cause).filter(|sign| sign.points > 0.0 && !sign.sentence.is_empty());
    let withheld = match scores.top {
        None => NAMED.into_iter().any(contradicted).then_some(Withheld::Contradictory),
        Some(top) if contradicted(top) => Some(Withheld::Contradictory),
        Some(top) => {
            let quoted = of(top)
                .filter(|sign| sign.points > 0.0)
                .all(|sign| sign.how.contains(&How::Quoted));
            let listed = NAMED
                .into_iter()
                .filter(|cause| from_text(*cause).any(|sign| sign.points >= 0.8));
            if quoted {
                Some(Withheld::Quoted)
            } else if listed.count() >= LIST && scores.short_of.is_none() {
                Some(Withheld::List)
            } else {
                None
            }
        }
    };
    let explained = matches!(scores.short_of, None | Some(Short::Nothing)) || withheld != Some(Withheld::List);
    (scores, withheld.filter(|_| explained))
}

fn subclass(signs: &[Sign], label: Cause) -> Option<String> {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for sign in signs.iter().filter(|sign| sign.cause == label) {
        if let Some(subclass) = &sign.subclass {
            *sums.entry(subclass).or_default() += sign.points;
        }
    }
    let best = sums
        .into_iter()
        .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(one.0)))?;
    Some(best.0.to_owned())
}
