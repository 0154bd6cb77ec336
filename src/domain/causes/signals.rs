//! Signals are data: files of `fixtures/signals`. What one says, how many points it gives, and what it reads.

use super::{Cause, Figure, Figures, subclasses};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The languages in which texts are read.
pub const LANGUAGES: [&str; 6] = ["en", "fr", "es", "ar", "ru", "zh"];

/// Whether a signal speaks for its cause or against it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// It adds points.
    #[default]
    For,
    /// It takes points away.
    Against,
}

/// What a phrase tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// What is wrong: “lacks inspectors”. Denied, it speaks against the cause.
    Trouble,
    /// What would help: “adequate funding”. It counts 0.6; denied, it tells what is wrong.
    Remedy,
}

/// The income of a state, which some sentences need to mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// The World Bank's high-income group.
    HighIncome,
    /// Its low-income and lower-middle-income groups.
    LowIncome,
}

/// A figure beside a threshold. Both ends may be named.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Which figure.
    pub figure: Figure,
    /// At least this.
    pub at_least: Option<f64>,
    /// Less than this.
    pub below: Option<f64>,
}

impl Condition {
    /// The comparison in words, where it is met.
    #[must_use]
    pub fn met(&self, figures: &Figures) -> Option<String> {
        let value = figures.get(self.figure)?;
        let met = self.at_least.is_none_or(|least| value >= least) && self.below.is_none_or(|most| value < most);
        let low = self.at_least.map(|least| format!("at least {least}"));
        let high = self.below.map(|most| format!("below {most}"));
        let ends: Vec<String> = low.into_iter().chain(high).collect();
        let told = || match self.figure.words() {
            words if self.figure.is_yes_or_no() => words.to_owned(),
            words => format!("{words}: {value} (the sign asks for {})", ends.join(", ")),
        };
        met.then(told)
    }
}

/// What a signal reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Reads {
    /// Texts, for these phrases.
    Text(Tone),
    /// Figures: all conditions must be met.
    Figures(Vec<Condition>),
    /// Nothing: a person who coded the text, or another program, gives it.
    Given,
}

/// One signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Its identity.
    pub id: String,
    /// The cause.
    pub cause: Cause,
    /// The subclass, where the cause has any.
    pub subclass: Option<String>,
    /// Points where it is plainly said or shown. With one signal alone they are the odds that the cause is right.
    pub points: f64,
    /// For or against.
    pub direction: Direction,
    /// Signals of one family say the same thing: only the strongest counts.
    pub family: String,
    /// What it reads.
    pub reads: Reads,
    /// It counts only for states of that income.
    pub when: Option<Capacity>,
    /// What it says, for people.
    pub says: String,
    /// The law or the literature behind it.
    pub source: String,
}

/// What a cue does to the phrases beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Effect {
    /// What follows is denied.
    Denies,
    /// What stands before is over.
    Ends,
    /// What follows holds although …: “despite sufficient funds”.
    Although,
    /// The sentence asks for something.
    Asks,
    /// The same, as the first word.
    Opens,
    /// What follows is praised.
    Welcomes,
    /// What follows is a concern, or stands against what came before.
    Concern,
    /// Somebody's own account.
    Says,
    /// What follows is only supposed.
    Supposes,
    /// Filling words before the name of the state that a sentence is about.
    Subject,
    /// States that are not the one under review: “neighbouring countries”.
    Others,
}

/// Language → phrases.
pub(super) type Phrases = BTreeMap<String, Vec<String>>;

/// One file, as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalFile {
    /// Language → name → words that phrases use as `{name}`.
    #[serde(default)]
    pub(super) sets: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) signal: Vec<RawSignal>,
    #[serde(default)]
    pub(super) cue: Vec<RawCue>,
}

/// A signal as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSignal {
    pub(super) id: String,
    cause: Cause,
    subclass: Option<String>,
    points: f64,
    #[serde(default)]
    direction: Direction,
    family: Option<String>,
    kind: Kind,
    tone: Option<Tone>,
    #[serde(default)]
    pub(super) phrases: Phrases,
    #[serde(default)]
    pub(super) unless: Phrases,
    #[serde(default)]
    all: Vec<Condition>,
    when: Option<Capacity>,
    says: String,
    source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Text,
    Figure,
    Given,
}

/// A cue as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCue {
    pub(super) effect: Effect,
    pub(super) phrases: Phrases,
}

impl RawSignal {
    /// The signal, or everything that is wrong with it.
    pub(super) fn read(&self, known: &mut BTreeSet<String>) -> Result<Signal, Vec<String>> {
        let mut wrong = Vec::new();
        if self.id.trim().is_empty() {
            wrong.push("id is empty".to_owned());
        } else if !known.insert(self.id.clone()) {
            wrong.push("this id is used before; choose another".to_owned());
        }
        if self.cause == Cause::Undetermined {
            wrong.push("no signal speaks for undetermined: that is what remains".to_owned());
        }
        let kinds = subclasses(self.cause);
        if let Some(subclass) = self.subclass.as_deref()
            && !kinds.iter().any(|(code, _)| *code == subclass)
        {
            let codes: Vec<&str> = kinds.iter().map(|(code, _)| *code).collect();
            let those = if codes.is_empty() {
                "leave it out".to_owned()
            } else {
                format!("choose one of: {}", codes.join(", "))
            };
            let cause = self.cause.code();
            wrong.push(format!("subclass “{subclass}” does not belong to {cause}; {those}"));
        }
        if !(self.points > 0.0 && self.points <= 10.0) {
            wrong.push(format!("points {} are not above 0 and at most 10", self.points));
        }
        for (what, text) in [("says", &self.says), ("source", &self.source)] {
            if text.trim().is_empty() {
                wrong.push(format!("{what} is empty"));
            }
        }
        let reads = match (self.kind, self.tone) {
            (Kind::Text, None) => {
                wrong.push("a text signal needs tone = \"trouble\" or \"remedy\"".to_owned());
                Reads::Given
            }
            (Kind::Text, Some(tone)) => Reads::Text(tone),
            (Kind::Figure, _) => Reads::Figures(self.all.clone()),
            (Kind::Given, _) => Reads::Given,
        };
        if self.kind == Kind::Text && self.phrases.values().all(Vec::is_empty) {
            wrong.push("a text signal needs phrases".to_owned());
        }
        if self.kind != Kind::Text && !(self.phrases.is_empty() && self.unless.is_empty()) {
            wrong.push("only a text signal has phrases".to_owned());
        }
        if (self.kind == Kind::Figure) == self.all.is_empty() {
            wrong.push("conditions (all = […]) belong to a signal of kind figure, which needs one".to_owned());
        }
        let without = |one: &&Condition| one.at_least.is_none() && one.below.is_none();
        if let Some(bare) = self.all.iter().find(without) {
            wrong.push(format!("{} needs at_least or below", bare.figure.code()));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Signal {
            id: self.id.clone(),
            cause: self.cause,
            subclass: self.subclass.clone(),
            points: self.points,
            direction: self.direction,
            family: self.family.clone().unwrap_or_else(|| self.id.clone()),
            reads,
            when: self.when,
            says: self.says.clone(),
            source: self.source.clone(),
        })
    }
}
