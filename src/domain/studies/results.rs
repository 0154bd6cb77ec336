//! What a study came to: agreement on the first cause, overall and of each cause against the rest; what was confused with
//! what; who chose what how often; and on which cases they differ.

use super::{Code, ENGINE, Study};
use crate::domain::agreement::{Agreement, Bag, Draws, Level, Refusal, Scale, Use, krippendorff};
use crate::domain::causes::Cause;
use std::collections::BTreeMap;

/// Fewer cases that two people coded carry no verdict.
pub const FEWEST_UNITS: usize = 10;
/// Neither does a cause that was named on fewer.
pub const FEWEST_NAMED: usize = 5;

/// The coefficients and counts of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// Cases that two or more people coded.
    pub shared: usize,
    /// Of those, how many they gave the same cause.
    pub same: usize,
    /// Agreement of the people over all causes.
    pub overall: Measure,
    /// Of each cause against the rest, in the order of [`Cause::ALL`].
    pub causes: Vec<(Cause, Measure)>,
    /// Agreement of people and engine together, where the engine coded.
    pub with_engine: Option<Measure>,
    /// What pairs of people gave for the same case: each pair once.
    pub confusion: Confusion,
    /// What the engine gave (rows) where a person gave (columns), where the engine coded.
    pub against_engine: Option<Confusion>,
    /// Who chose what, in the order of the coders; the engine last.
    pub tallies: Vec<Tally>,
    /// The cases on which people differ.
    pub disagreements: Vec<u32>,
}

/// A coefficient with what it rests on and what may be made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// The coefficient, or why there is none.
    pub alpha: Result<Agreement, Refusal>,
    /// Cases on which somebody chose it; all that two people coded for the whole.
    pub named: usize,
    /// What may be made of it.
    pub verdict: Verdict,
}

/// What may be made of a coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There are enough cases.
    Given(Use),
    /// There are not.
    TooFew(usize),
    /// There is no coefficient.
    None,
}

impl Verdict {
    /// The word in files and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Given(Use::Freely) => "use_freely",
            Self::Given(Use::Tentatively) => "tentative",
            Self::Given(Use::NotYet) => "revise_the_guide",
            Self::TooFew(_) => "too_few_cases",
            Self::None => "cannot_tell",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Given(Use::Freely) => "0.80 or more: use freely".to_owned(),
            Self::Given(Use::Tentatively) => "0.667 to 0.80: tentative".to_owned(),
            Self::Given(Use::NotYet) => "below 0.667: revise the guide".to_owned(),
            Self::TooFew(0) => "named on no case: no verdict".to_owned(),
            Self::TooFew(1) => "one case is too few for a verdict".to_owned(),
            Self::TooFew(cases) => format!("{cases} cases are too few for a verdict"),
            Self::None => "cannot tell".to_owned(),
        }
    }
}

/// How often one cause met another, in the order of [`Cause::ALL`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Row, column.
    pub cells: [[u32; 5]; 5],
}

impl Confusion {
    /// How often it was counted.
    #[must_use]
    pub fn pairs(&self) -> u32 {
        self.cells.iter().flatten().sum()
    }

    /// How often both were the same.
    #[must_use]
    pub fn same(&self) -> u32 {
        (0..5).filter_map(|at| self.cells.get(at)?.get(at)).sum()
    }

    /// A pair in whichever order: how often two people gave these two.
    #[must_use]
    pub fn either(&self, one: usize, other: usize) -> u32 {
        let at = |row: usize, column: usize| {
            self.cells
                .get(row)
                .and_then(|row| row.get(column))
                .copied()
                .unwrap_or(0)
        };
        if one == other {
            at(one, one)
        } else {
            at(one, other) + at(other, one)
        }
    }

    /// The two causes that were most often taken for each other, and how often; none where they never were.
    #[must_use]
    pub fn worst(&self) -> Option<(Cause, Cause, u32)> {
        let mut worst = None;
        for (row, one) in Cause::ALL.iter().enumerate() {
            for (column, other) in Cause::ALL.iter().enumerate().skip(row + 1) {
                let times = self.either(row, column);
                if times > worst.map_or(0, |(_, _, most)| most) {
                    worst = Some((*one, *other, times));
                }
            }
        }
        worst
    }

    fn add(&mut self, row: usize, column: usize) {
        if let Some(cell) = self.cells.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell += 1;
        }
    }
}

/// How often a coder chose what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Who.
    pub coder: String,
    /// In the order of [`Cause::ALL`].
    pub causes: [u32; 5],
    /// Of how many cases they were not sure.
    pub unsure: u32,
    /// To how many they gave a second cause.
    pub second: u32,
}

impl Tally {
    /// How many cases they coded.
    #[must_use]
    pub fn coded(&self) -> u32 {
        self.causes.iter().sum()
    }
}

fn place(cause: Cause) -> usize {
    Cause::ALL.iter().position(|one| *one == cause).unwrap_or(0)
}

/// What these codes come to: the codes that stand, of people and maybe of the engine.
#[must_use]
pub fn results(study: &Study, codes: &[&Code]) -> Results {
    let mut people: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut engine: BTreeMap<u32, usize> = BTreeMap::new();
    for code in codes {
        if code.coder == ENGINE {
            engine.insert(code.case, place(code.cause));
        } else {
            people.entry(code.case).or_default().push(place(code.cause));
        }
    }
    let differ = |values: &[usize]| values.iter().any(|value| Some(value) != values.first());
    let shared: Vec<&Vec<usize>> = people.values().filter(|values| values.len() > 1).collect();
    let units: Vec<Vec<usize>> = people.values().cloned().collect();
    let together = || -> Vec<Vec<usize>> {
        let both = |(case, values): (&u32, &Vec<usize>)| {
            let mut all = values.clone();
            all.extend(engine.get(case));
            all
        };
        people.iter().map(both).collect()
    };
    let one = |cause: &Cause| {
        let here = place(*cause);
        let split: Vec<Vec<usize>> = units
            .iter()
            .map(|values| values.iter().map(|value| usize::from(*value == here)).collect())
            .collect();
        let named = shared.iter().filter(|values| values.contains(&here)).count();
        (*cause, measure(&split, 2, shared.len(), named))
    };
    Results {
        shared: shared.len(),
        same: shared.iter().filter(|values| !differ(values.as_slice())).count(),
        overall: measure(&units, Cause::ALL.len(), shared.len(), shared.len()),
        causes: Cause::ALL.iter().map(one).collect(),
        with_engine: study.engine.then(|| {
            let units = together();
            let pairable = units.iter().filter(|values| values.len() > 1).count();
            measure(&units, Cause::ALL.len(), pairable, pairable)
        }),
        confusion: confusion(people.values()),
        against_engine: study.engine.then(|| against(&engine, &people)),
        tallies: tallies(study, codes),
        disagreements: people
            .iter()
            .filter(|(_, values)| differ(values.as_slice()))
            .map(|(case, _)| *case)
            .collect(),
    }
}

fn measure(units: &[Vec<usize>], categories: usize, shared: usize, named: usize) -> Measure {
    let mut bags: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
    for unit in units {
        let mut values = unit.clone();
        values.sort_unstable();
        *bags.entry(values).or_default() += 1;
    }
    let bags: Vec<Bag> = bags.into_iter().map(|(values, times)| Bag { values, times }).collect();
    let names = (0..categories).map(|_| 0.0).collect();
    let alpha = Scale::new(Level::Nominal, names).and_then(|scale| krippendorff(&bags, &scale, Draws::default()));
    let verdict = match &alpha {
        _ if named < FEWEST_NAMED => Verdict::TooFew(named),
        _ if shared < FEWEST_UNITS => Verdict::TooFew(shared),
        Ok(alpha) => Verdict::Given(alpha.use_()),
        Err(_) => Verdict::None,
    };
    Measure { alpha, named, verdict }
}

fn confusion<'a>(units: impl Iterator<Item = &'a Vec<usize>>) -> Confusion {
    let mut found = Confusion::default();
    for values in units {
        for (at, one) in values.iter().enumerate() {
            for other in values.iter().skip(at + 1) {
                found.add(*one.min(other), *one.max(other));
            }
        }
    }
    found
}

fn against(engine: &BTreeMap<u32, usize>, people: &BTreeMap<u32, Vec<usize>>) -> Confusion {
    let mut found = Confusion::default();
    for (case, told) in engine {
        for value in people.get(case).into_iter().flatten() {
            found.add(*told, *value);
        }
    }
    found
}

fn tallies(study: &Study, codes: &[&Code]) -> Vec<Tally> {
    let engine = study.engine.then_some(ENGINE);
    let who = study.coders.iter().map(|coder| coder.who.as_str()).chain(engine);
    let tally = |coder: &str| {
        let mut tally = Tally {
            coder: coder.to_owned(),
            causes: [0; 5],
            unsure: 0,
            second: 0,
        };
        for code in codes.iter().filter(|code| code.coder == coder) {
            if let Some(count) = tally.causes.get_mut(place(code.cause)) {
                *count += 1;
            }
            tally.unsure += u32::from(!code.sure);
            tally.second += u32::from(code.second.is_some());
        }
        tally
    };
    who.map(tally).collect()
}
