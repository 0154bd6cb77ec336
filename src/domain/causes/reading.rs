//! A text is read sentence by sentence: which phrases it has, and what the words beside each make of it.
//!
//! Nothing here knows a language: phrases and cues come from `fixtures/signals`.

use super::patterns::{Lexicon, Match, Tokens};
use super::sentences::{Cuts, quoted};
use super::signals::{Direction, Effect, Reads, Signal, Tone};
use crate::domain::ids::StateCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

/// A longer text is no account of one gap.
pub(super) const LONGEST: usize = 100_000;
/// Words between a denial and the remedy it denies. A trouble it must touch: “has not remedied the lack” denies no lack.
const DENIAL: usize = 2;
/// Words between “despite” and what there is.
const ALTHOUGH: usize = 6;
/// Words between what is wrong and that it is over.
const ENDING: usize = 6;
/// Words between a denial and the end it denies: “has not yet been remedied”.
const NOT_ENDED: usize = 3;
/// Words before the name of the state that a sentence is about.
const SUBJECT: usize = 5;
/// What a remedy counts beside a cause that is named.
const ASKED: f64 = 0.6;
/// What another remedy counts in a sentence that asks first for something else.
const LATER: f64 = 0.75;
/// What somebody's own account counts.
const TOLD: f64 = 0.5;

/// How a sign was read, where that is not plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A remedy asked for: 0.6.
    Asked,
    /// Not the first remedy of its sentence: 0.75 of that.
    Later,
    /// A remedy that is denied, so the trouble itself: “not trained”.
    Missing,
    /// Denied: against the cause.
    Denied,
    /// The state's or somebody's own account: half.
    Told,
    /// In quotation marks: half, and never enough by itself.
    Quoted,
    /// The state says so of itself, and another source does too.
    Confirmed,
}

impl How {
    /// In a few words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Asked => "asked for, not named as the cause",
            Self::Later => "after another remedy",
            Self::Missing => "said to be missing",
            Self::Denied => "denied, so it counts against",
            Self::Told => "somebody's own account",
            Self::Quoted => "quoted speech",
            Self::Confirmed => "the state's own account, confirmed by a second source",
        }
    }

    /// The word in files and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Later => "later",
            Self::Missing => "missing",
            Self::Denied => "denied",
            Self::Told => "told",
            Self::Quoted => "quoted",
            Self::Confirmed => "confirmed",
        }
    }
}

/// One signal found in a text. `factor` is below zero where it counts against.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) signal: usize,
    pub(super) factor: f64,
    pub(super) matched: Range<usize>,
    pub(super) sentence: Range<usize>,
    pub(super) how: BTreeSet<How>,
}

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) found: Vec<Found>,
    /// Whether it has any word.
    pub(super) words: bool,
    /// Whether any cue or phrase of any language was met.
    pub(super) understood: bool,
    /// Phrases passed over because their sentence is about another state.
    pub(super) elsewhere: usize,
    /// Phrases passed over because they were only supposed.
    pub(super) supposed: usize,
    /// Phrases passed over because they tell of what was done.
    pub(super) done: usize,
}

/// What an owner of phrases is.
#[derive(Debug, Clone)]
pub(super) enum Owned {
    Signal(usize),
    /// It takes away what overlaps it.
    Unless(usize),
    Cue(Effect),
    State(StateCode),
}

/// All that reading needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Reader {
    pub(super) lexicon: Lexicon,
    pub(super) owners: Vec<Owned>,
}

/// The matches of one sentence, sorted by what they are.
struct Sentence<'a> {
    words: Range<usize>,
    cuts: &'a Cuts,
    cues: Vec<(Effect, Match)>,
    states: Vec<(&'a StateCode, Match)>,
}

impl Reader {
    /// Reads a text about a state.
    pub(super) fn read(&self, signals: &[Signal], text: &str, state: Option<&StateCode>) -> Reading {
        let tokens = self.lexicon.tokens(text);
        let cuts = Cuts::of(text, &tokens.words);
        let quotes = quoted(text);
        let mut reading = Reading {
            words: !tokens.words.is_empty(),
            ..Reading::default()
        };
        let mut matches = Vec::new();
        let mut before = 0;
        for (words, asked) in cuts.sentences.iter().zip(&cuts.questions) {
            let previous = std::mem::replace(&mut before, reading.found.len());
            matches.clear();
            self.lexicon.find(&tokens, words.start, words.end, &mut matches);
            reading.understood |= !matches.is_empty();
            let mut sentence = Sentence {
                words: words.clone(),
                cuts: &cuts,
                cues: Vec::new(),
                states: Vec::new(),
            };
            let mut hits: Vec<(usize, Match)> = Vec::new();
            let mut unless = hits.clone();
            for one in &matches {
                match self.owners.get(one.owner as usize) {
                    Some(Owned::Signal(at)) => hits.push((*at, *one)),
                    Some(Owned::Unless(at)) => unless.push((*at, *one)),
                    Some(Owned::Cue(effect)) => sentence.cues.push((*effect, *one)),
                    Some(Owned::State(code)) => sentence.states.push((code, *one)),
                    None => {}
                }
            }
            if sentence.ends_the_one_before() {
                reading.done += reading.found.len() - previous;
                reading.found.truncate(previous);
                before = previous;
            }
            hits.retain(|(at, hit)| !unless.iter().any(|(of, other)| of == at && overlap(hit, other)));
            if hits.is_empty() {
                continue;
            }
            if sentence.is_about_another(state) {
                reading.elsewhere += hits.len();
                continue;
            }
            if *asked {
                reading.supposed += hits.len();
                continue;
            }
            let unspaced = |at: usize| tokens.words.get(at).is_some_and(|word| word.unspaced);
            sentence.weigh(
                signals,
                &hits,
                &mut reading,
                |range| bytes(&tokens, range),
                unspaced,
                &quotes,
            );
        }
        reading
    }
}

impl Sentence<'_> {
    /// Adds what the hits of this sentence say.
    fn weigh(
        &self,
        signals: &[Signal],
        hits: &[(usize, Match)],
        reading: &mut Reading,
        place: impl Fn(Range<usize>) -> Range<usize>,
        unspaced: impl Fn(usize) -> bool,
        quotes: &[Range<usize>],
    ) {
        let whole = place(self.words.clone());
        let spent = self.spent(signals, hits);
        let mut here: Vec<(Match, Found)> = Vec::new();
        for (at, hit) in hits {
            let Some(signal) = signals.get(*at) else { continue };
            let Reads::Text(tone) = signal.reads else {
                continue;
            };
            let mut how = BTreeSet::new();
            if self.is_supposed(hit) {
                reading.supposed += 1;
                continue;
            }
            let between = match tone {
                Tone::Remedy => DENIAL,
                // In a script without spaces one pair of characters always lies between.
                Tone::Trouble => usize::from(unspaced(hit.start)),
            };
            let (denied, although) = (self.before(Effect::Denies, hit, between), self.although(hit));
            // “does not have sufficient funds” says that they are lacking.
            let opposite = denied.then(|| opposite(signals, signal)).flatten();
            let denied = denied && opposite.is_none();
            if denied && tone == Tone::Trouble && self.is_request() {
                // “should not penalize”: the trouble is what is to be avoided.
                continue;
            }
            let mut factor = match tone {
                Tone::Trouble if opposite.is_some() => {
                    how.insert(How::Missing);
                    1.0
                }
                Tone::Trouble if denied || self.is_over(hit) => {
                    how.insert(How::Denied);
                    -1.0
                }
                Tone::Trouble if self.is_request() && !self.has_before(Effect::Concern, hit) => {
                    how.insert(How::Asked);
                    ASKED
                }
                Tone::Trouble => 1.0,
                Tone::Remedy if although => {
                    how.insert(How::Denied);
                    -1.0
                }
                Tone::Remedy if denied => {
                    how.insert(How::Missing);
                    1.0
                }
                Tone::Remedy if self.is_done(hit) => {
                    reading.done += 1;
                    continue;
                }
                Tone::Remedy => {
                    how.insert(How::Asked);
                    ASKED
                }
            };
            if factor > 0.0 && !how.contains(&How::Missing) && self.is_welcomed(hit, &spent) {
                reading.done += 1;
                continue;
            }
            if signal.direction == Direction::Against && opposite.is_none() {
                // What is asked for is not there yet.
                if self.is_request() {
                    continue;
                }
                factor = -factor.abs();
            }
            if self.has(Effect::Says) {
                how.insert(How::Told);
                factor *= TOLD;
            }
            let matched = place(hit.start..hit.end);
            if quotes
                .iter()
                .any(|quote| quote.start <= matched.start && matched.end <= quote.end)
            {
                how.insert(How::Quoted);
                factor *= TOLD;
            }
            here.push((
                *hit,
                Found {
                    signal: opposite.unwrap_or(*at),
                    factor,
                    matched,
                    sentence: whole.clone(),
                    how,
                },
            ));
        }
        self.weigh_remedies(signals, &mut here);
        reading.found.extend(here.into_iter().map(|(_, found)| found));
    }

    /// What a signal against a family says there is, the same words do not ask for; and the first remedy leads.
    fn weigh_remedies(&self, signals: &[Signal], here: &mut Vec<(Match, Found)>) {
        let family = |found: &Found| {
            signals
                .get(found.signal)
                .map(|signal| (signal.family.clone(), signal.cause))
        };
        let against: Vec<_> = here
            .iter()
            .filter(|(_, found)| found.factor < 0.0)
            .map(|(hit, found)| (*hit, family(found)))
            .collect();
        here.retain(|(hit, found)| {
            let taken = |(other, of): &(Match, _)| overlap(hit, other) && *of == family(found);
            found.factor < 0.0 || !against.iter().any(taken)
        });
        let remedy = |found: &Found| {
            let tone = signals.get(found.signal).map(|signal| &signal.reads);
            found.how.contains(&How::Asked) && tone == Some(&Reads::Text(Tone::Remedy))
        };
        let first = here.iter().filter(|(_, found)| remedy(found));
        let Some(first) = first.min_by_key(|(hit, _)| hit.start) else {
            return;
        };
        let leading = signals.get(first.1.signal).map(|signal| signal.cause);
        for (_, found) in here.iter_mut().filter(|(_, found)| remedy(found)) {
            if signals.get(found.signal).map(|signal| signal.cause) != leading {
                found.how.insert(How::Later);
                found.factor *= LATER;
            }
        }
    }

    fn of(&self, effect: Effect) -> impl Iterator<Item = &Match> {
        self.cues
            .iter()
            .filter(move |(one, _)| *one == effect)
            .map(|(_, at)| at)
    }

    fn has(&self, effect: Effect) -> bool {
        self.of(effect).next().is_some()
    }

    /// Whether it asks for something: by a word such as “should”, or because it begins with a verb.
    fn is_request(&self) -> bool {
        self.has(Effect::Asks) || self.of(Effect::Opens).any(|cue| cue.start == self.words.start)
    }

    fn has_before(&self, effect: Effect, hit: &Match) -> bool {
        self.of(effect).any(|cue| cue.start < hit.start)
    }

    /// A cue that ends at most `words` before the hit, in the same clause.
    fn before(&self, effect: Effect, hit: &Match, words: usize) -> bool {
        self.of(effect).any(|cue| {
            cue.end <= hit.start && hit.start - cue.end <= words && self.cuts.together(cue.start..hit.start + 1)
        })
    }

    fn although(&self, hit: &Match) -> bool {
        self.before(Effect::Although, hit, ALTHOUGH)
    }

    /// Whether what is wrong is over: “… was repealed”, “is no longer late”.
    fn is_over(&self, hit: &Match) -> bool {
        let mut ends = self.of(Effect::Ends).filter(|cue| !self.is_open(cue));
        ends.any(|cue| self.follows(cue, hit) || (cue.start > hit.start && cue.end < hit.end))
    }

    /// Whether a remedy is told as done: “training was provided”.
    fn is_done(&self, hit: &Match) -> bool {
        self.reports(hit).next().is_some()
    }

    /// The cues that tell a remedy as done.
    fn reports<'a>(&'a self, hit: &'a Match) -> impl Iterator<Item = &'a Match> {
        let cues = self.of(Effect::Ends).chain(self.of(Effect::Welcomes));
        let open = self.of(Effect::Opens).any(|cue| cue.start == self.words.start);
        // “was increased but remains insufficient”
        let regret = move |cue: &Match| self.of(Effect::Concern).any(|one| self.follows(one, cue));
        let beside = move |cue: &Match| overlap(cue, hit) || self.follows(cue, hit);
        cues.filter(move |cue| !open && beside(cue) && !self.is_open(cue) && !regret(cue))
    }

    /// Whether a cue stands after the hit and near it, in the same clause or as the beginning of the next:
    /// “the law, which bars migrants, was repealed”. “…, no longer” begins something else.
    fn follows(&self, cue: &Match, hit: &Match) -> bool {
        let near = cue.start >= hit.end && cue.start - hit.end <= ENDING;
        let denies = || self.of(Effect::Denies).any(|one| one.start == cue.start);
        let same = || self.cuts.together(hit.end.saturating_sub(1)..cue.start + 1);
        near && (same() || (self.cuts.together(hit.end..cue.start) && !denies()))
    }

    /// Whether an end is denied or only asked for: “has not been remedied”, “should be remedied”.
    fn is_open(&self, cue: &Match) -> bool {
        self.before(Effect::Denies, cue, NOT_ENDED) || self.of(Effect::Asks).any(|ask| ask.start < cue.end)
    }

    /// Whether it says of the sentence before that this is over: “This has been remedied.”
    fn ends_the_one_before(&self) -> bool {
        let within = |cue: &Match, one: &Match| cue.start < one.start && one.end < cue.end;
        let mut ends = self.of(Effect::Ends).filter(|cue| cue.start == self.words.start);
        ends.any(|cue| !self.is_open(cue) && !self.of(Effect::Denies).any(|one| within(cue, one)))
    }

    /// The cues that tell some remedy as done, with the remedy: they praise nothing else.
    fn spent(&self, signals: &[Signal], hits: &[(usize, Match)]) -> Vec<(Match, Match)> {
        let remedy = |at: &usize| {
            signals
                .get(*at)
                .is_some_and(|one| one.reads == Reads::Text(Tone::Remedy))
        };
        let remedies = hits.iter().filter(|(at, _)| remedy(at));
        let cues = remedies.flat_map(|(_, hit)| self.reports(hit).map(|cue| (*cue, *hit)));
        cues.collect()
    }

    fn is_supposed(&self, hit: &Match) -> bool {
        self.of(Effect::Supposes)
            .any(|cue| cue.end <= hit.start && self.cuts.together(cue.end.saturating_sub(1)..hit.start + 1))
    }

    /// Whether the last of praise, request and concern before the hit is praise, and not of something else that was done.
    fn is_welcomed(&self, hit: &Match, spent: &[(Match, Match)]) -> bool {
        let free = |cue: &Match| {
            let mut on = spent.iter().filter(|(one, _)| one == cue).peekable();
            // “repealed the discriminatory law”: what was done takes the trouble away.
            let object = hit.start <= cue.end + 1 && self.cuts.together(cue.start..hit.start + 1);
            on.peek().is_none() || on.any(|(_, one)| overlap(one, hit) || (object && one.start >= cue.start))
        };
        // “was given few facts”: what was given is too little.
        let little = self.of(Effect::Concern).any(|cue| overlap(cue, hit));
        let free = |cue: &&Match| free(cue) && !(little && hit.start <= cue.end + 1);
        let before = |effect| self.of(effect).filter(|cue| cue.start < hit.start);
        let praise = self.of(Effect::Welcomes).filter(|cue| cue.start <= hit.start);
        let praise = praise.filter(free);
        let other = before(Effect::Asks).chain(before(Effect::Concern));
        let other = other.map(|cue| cue.start).max();
        praise
            .map(|cue| cue.start)
            .max()
            .is_some_and(|praise| other.is_none_or(|other| other < praise))
    }

    /// Whether the sentence begins with another state, or with “neighbouring countries”, and does not name this one.
    fn is_about_another(&self, state: Option<&StateCode>) -> bool {
        let own = |code: &StateCode| state == Some(code);
        if self.states.iter().any(|(code, _)| own(code)) {
            return false;
        }
        let named = state
            .is_some()
            .then_some(())
            .map(|()| self.states.iter().map(|(_, hit)| hit));
        let others = self.of(Effect::Others);
        let leads = |hit: &Match| {
            let between = self.words.start..hit.start;
            between.len() <= SUBJECT
                && between
                    .clone()
                    .all(|word| self.of(Effect::Subject).any(|cue| (cue.start..cue.end).contains(&word)))
        };
        others.chain(named.into_iter().flatten()).any(leads)
    }
}

/// The signal that says the contrary of one that speaks against a cause.
fn opposite(signals: &[Signal], signal: &Signal) -> Option<usize> {
    let contrary = |one: &Signal| {
        one.family == signal.family && one.direction == Direction::For && one.reads == Reads::Text(Tone::Trouble)
    };
    let against = signal.direction == Direction::Against && signal.reads == Reads::Text(Tone::Trouble);
    against.then(|| signals.iter().position(contrary)).flatten()
}

fn overlap(one: &Match, other: &Match) -> bool {
    one.start < other.end && other.start < one.end
}

/// The bytes of those words.
fn bytes(tokens: &Tokens, words: Range<usize>) -> Range<usize> {
    let start = tokens.words.get(words.start).map_or(0, |word| word.start);
    let last = words.end.checked_sub(1).and_then(|last| tokens.words.get(last));
    start..last.map_or(start, |word| word.end).max(start)
}
