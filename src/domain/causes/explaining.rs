//! How signs become an answer: each text is heard once, every signal of one family counts once, the strongest; of several
//! texts about one gap each keeps its own signs, so that a reader finds the sentence.

use super::classifier::{Case, Classification, Classifier, Given, Sign};
use super::reading::{How, LONGEST, Reading};
use super::reasons::{self, Told};
use super::scoring::{NAMED, Points, Scores, Short, score};
use super::signals::{Direction, Reads, Signal};
use super::{Cause, Figures};
use crate::domain::ids::StateCode;
use std::collections::{BTreeMap, BTreeSet};

/// A text that names so many causes explains nothing.
const LIST: usize = 3;
/// What the state alone says of other factors counts.
const ASSERTED: f64 = 0.5;

/// What one text says of causes. It is heard once, whatever gaps it serves.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Signals by their place, with the sign as the text gives it.
    found: Vec<(usize, Sign)>,
    pub(super) told: Told,
}

impl Heard {
    /// Whether no sign was heard in it.
    pub(super) fn tells_nothing(&self) -> bool {
        self.found.is_empty()
    }
}

/// One text about a gap, with what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// What it says.
    pub heard: &'a Heard,
    /// How far it can be relied on, from 0 to 1.
    pub reliability: f64,
    /// The state speaks of itself: other factors then count half until a second source says the same.
    pub told_by_the_state: bool,
    /// The first source behind it. Copies of one origin do not confirm each other.
    pub origin: &'a str,
}

/// One gap, with all that was written about it.
#[derive(Debug, Clone, Default)]
pub struct Dossier<'a> {
    /// What was written.
    pub accounts: Vec<Account<'a>>,
    /// Signals that somebody gives.
    pub given: Vec<Given>,
    /// Figures about the state, the provision and the date.
    pub figures: Figures,
    /// It is about one duty: figures about the whole state may add to a cause of it, and never name one alone.
    pub about_one_duty: bool,
}

/// Why a label is withheld though the points would carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Withheld {
    /// It rests on quotations alone.
    Quoted,
    /// Signs for and against the same cause.
    Contradictory,
    /// One text names most causes at once.
    List,
    /// Only figures about the whole state speak for it.
    General,
}

/// A sign that may count, with the family in which only the strongest does.
struct Candidate<'a> {
    family: &'a str,
    sign: Sign,
}

impl Classifier {
    /// Why a gap stays open, as far as the signs tell.
    #[must_use]
    pub fn classify(&self, case: &Case) -> Classification {
        self.classify_with(case, None)
    }

    /// The same with other points, in the order of [`Self::signals`]: what measuring needs.
    #[must_use]
    pub(super) fn classify_with(&self, case: &Case, points: Option<&[f64]>) -> Classification {
        let heard = self.hear_with(&case.text, case.state.as_ref(), points);
        self.explain(&Dossier {
            accounts: vec![Account {
                heard: &heard,
                reliability: 1.0,
                told_by_the_state: false,
                origin: "",
            }],
            given: case.given.clone(),
            figures: case.figures.clone(),
            about_one_duty: false,
        })
    }

    /// The signs of a case before families are settled: signal, factor and what was matched. For measuring.
    pub(super) fn found(&self, case: &Case) -> Vec<(usize, f64)> {
        let reading = self.reading(&case.text, case.state.as_ref());
        let those = reading.found.iter();
        let those = those.filter(|found| self.applies(found.signal, case.state.as_ref()));
        those.map(|found| (found.signal, found.factor)).collect()
    }

    fn reading(&self, text: &str, state: Option<&StateCode>) -> Reading {
        if text.len() > LONGEST {
            return Reading::default();
        }
        self.reader.read(&self.signals, text, state)
    }

    fn applies(&self, at: usize, state: Option<&StateCode>) -> bool {
        let when = self.signals.get(at).and_then(|signal| signal.when);
        when.is_none_or(|when| state.and_then(|state| self.income.get(state)) == Some(&when))
    }

    /// Reads a text about a state.
    #[must_use]
    pub fn hear(&self, text: &str, state: Option<&StateCode>) -> Heard {
        self.hear_with(text, state, None)
    }

    fn hear_with(&self, text: &str, state: Option<&StateCode>, points: Option<&[f64]>) -> Heard {
        let reading = self.reading(text, state);
        let cut = |range: &std::ops::Range<usize>| text.get(range.clone()).unwrap_or_default().to_owned();
        let mut found = Vec::new();
        for one in reading.found.iter().filter(|one| self.applies(one.signal, state)) {
            let Some(signal) = self.signals.get(one.signal) else {
                continue;
            };
            let other = points.and_then(|all| all.get(one.signal)).copied();
            let mut sign = sign(signal, other.unwrap_or(signal.points) * one.factor, cut(&one.matched));
            sign.sentence = cut(&one.sentence);
            sign.how = one.how.iter().copied().collect();
            found.push((one.signal, sign));
        }
        Heard {
            found,
            told: Told::of(text, &reading),
        }
    }

    /// Why a gap stays open, as far as all the signs about it tell.
    #[must_use]
    pub fn explain(&self, dossier: &Dossier<'_>) -> Classification {
        let mut signs = settled(self.candidates(dossier), &dossier.accounts);
        let (scores, withheld) = weigh(&signs, dossier.about_one_duty);
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
            reason: reasons::reason(&scores, withheld, label, &signs, dossier),
            signs,
        }
    }

    fn candidates<'a>(&'a self, dossier: &Dossier<'_>) -> Vec<Candidate<'a>> {
        let mut all = Vec::new();
        for (at, account) in dossier.accounts.iter().enumerate() {
            for (signal, sign) in &account.heard.found {
                let Some(signal) = self.signals.get(*signal) else {
                    continue;
                };
                let mut sign = sign.clone();
                sign.points *= account.reliability.clamp(0.0, 1.0);
                sign.account = Some(at);
                if account.told_by_the_state && sign.cause == Cause::Other && !sign.how.contains(&How::Told) {
                    sign.points *= ASSERTED;
                    sign.how.push(How::Told);
                }
                all.push(Candidate {
                    family: &signal.family,
                    sign,
                });
            }
        }
        for given in &dossier.given {
            let Some(signal) = self.signal(&given.id) else { continue };
            let told = given.told_by_the_state && signal.cause == Cause::Other;
            let reliability = given.reliability.clamp(0.0, 1.0) * if told { ASSERTED } else { 1.0 };
            let matched = if given.matched.is_empty() {
                "given"
            } else {
                &given.matched
            };
            let mut sign = sign(signal, signal.points * reliability * signed(signal), matched.to_owned());
            sign.how = told.then_some(How::Told).into_iter().collect();
            all.push(Candidate {
                family: &signal.family,
                sign,
            });
        }
        for (signal, matched) in self.of_figures(&dossier.figures) {
            let mut sign = sign(signal, signal.points * signed(signal), matched);
            if let Reads::Figures(conditions) = &signal.reads {
                sign.figures = conditions.iter().map(|one| one.figure).collect();
            }
            all.push(Candidate {
                family: &signal.family,
                sign,
            });
        }
        all
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

fn signed(signal: &Signal) -> f64 {
    if signal.direction == Direction::Against {
        -1.0
    } else {
        1.0
    }
}

fn sign(signal: &Signal, points: f64, matched: String) -> Sign {
    Sign {
        id: signal.id.clone(),
        cause: signal.cause,
        subclass: signal.subclass.clone(),
        points,
        matched,
        sentence: String::new(),
        how: Vec::new(),
        says: signal.says.clone(),
        account: None,
        also: Vec::new(),
        figures: Vec::new(),
    }
}

/// Of each family and direction the strongest sign, with the other origins that say the same.
fn settled(mut all: Vec<Candidate<'_>>, accounts: &[Account<'_>]) -> Vec<Sign> {
    confirm(&mut all, accounts);
    let mut kept: BTreeMap<(&str, bool), Sign> = BTreeMap::new();
    let mut said: BTreeMap<(&str, bool), Vec<usize>> = BTreeMap::new();
    for Candidate { family, sign } in all {
        let key = (family, sign.points < 0.0);
        said.entry(key).or_default().extend(sign.account);
        match kept.get(&key) {
            Some(known) if (known.points.abs(), &sign.id) >= (sign.points.abs(), &known.id) => {}
            _ => {
                kept.insert(key, sign);
            }
        }
    }
    let origin = |at: usize| accounts.get(at).map_or("", |account| account.origin);
    let signs = kept.into_iter().filter(|(_, sign)| sign.points != 0.0);
    let with_others = |(key, mut sign): ((&str, bool), Sign)| {
        let mut seen: BTreeSet<&str> = sign.account.map(origin).into_iter().collect();
        let others = said.get(&key).into_iter().flatten();
        sign.also = others.copied().filter(|at| seen.insert(origin(*at))).collect();
        sign
    };
    signs.map(with_others).collect()
}

/// What the state alone said of other factors counts in full once a source of another origin says it too.
fn confirm(all: &mut [Candidate<'_>], accounts: &[Account<'_>]) {
    let speaker = |sign: &Sign| {
        sign.account
            .and_then(|at| accounts.get(at))
            .map(|account| account.origin)
    };
    let speaks = |sign: &Sign| sign.cause == Cause::Other && sign.points > 0.0;
    let second: Vec<(Option<String>, Option<&str>)> = all
        .iter()
        .filter(|one| speaks(&one.sign) && !one.sign.how.contains(&How::Told))
        .map(|one| (one.sign.subclass.clone(), speaker(&one.sign)))
        .collect();
    for Candidate { sign, .. } in all.iter_mut() {
        let own = speaker(sign);
        let confirmed = second.iter().any(|(kind, by)| *kind == sign.subclass && *by != own);
        if speaks(sign) && confirmed && sign.how.contains(&How::Told) {
            sign.points /= ASSERTED;
            sign.how.retain(|how| *how != How::Told);
            sign.how.push(How::Confirmed);
        }
    }
}

/// The scores of signs, and why a label is withheld all the same.
fn weigh(signs: &[Sign], about_one_duty: bool) -> (Scores, Option<Withheld>) {
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
    let withheld = match scores.top {
        None => NAMED.into_iter().any(contradicted).then_some(Withheld::Contradictory),
        Some(top) if contradicted(top) || contradicts_itself(signs) => Some(Withheld::Contradictory),
        Some(top) => {
            let quoted = of(top)
                .filter(|sign| sign.points > 0.0)
                .all(|sign| sign.how.contains(&How::Quoted));
            if quoted {
                Some(Withheld::Quoted)
            } else if about_one_duty && of(top).all(is_general) {
                Some(Withheld::General)
            } else if listed(signs) && scores.short_of.is_none() {
                Some(Withheld::List)
            } else {
                None
            }
        }
    };
    let explained = matches!(scores.short_of, None | Some(Short::Nothing)) || withheld != Some(Withheld::List);
    let explained = explained && !(withheld == Some(Withheld::General) && scores.short_of.is_some());
    (scores, withheld.filter(|_| explained))
}

/// Whether one text says plainly, of any cause, both that it is there and that it is not.
fn contradicts_itself(signs: &[Sign]) -> bool {
    let plain = |sign: &&Sign| sign.points > 0.0 && sign.account.is_some() && !sign.how.contains(&How::Asked);
    signs.iter().filter(plain).any(|sign| {
        let mut others = signs
            .iter()
            .filter(|one| one.account == sign.account && one.cause == sign.cause);
        others.any(|one| one.points < 0.0 && -one.points >= sign.points / 2.0)
    })
}

/// Whether it comes from figures about the whole state alone.
fn is_general(sign: &Sign) -> bool {
    !sign.figures.is_empty() && sign.figures.iter().all(|figure| figure.is_general())
}

/// Whether one text names most causes, each plainly.
fn listed(signs: &[Sign]) -> bool {
    let mut named: BTreeMap<usize, BTreeSet<Cause>> = BTreeMap::new();
    for sign in signs.iter().filter(|sign| sign.points >= 0.8) {
        if let Some(at) = sign.account {
            named.entry(at).or_default().insert(sign.cause);
        }
    }
    named.values().any(|causes| causes.len() >= LIST)
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
