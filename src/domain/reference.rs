//! What everything else refers to: states, themes, instruments with their provisions.

use super::evidence::Evidence;
use super::ids::{InstrumentCode, ProvisionId, StateCode, ThemeCode};
use super::instruments::{Confidence, Instrument, Provision, SixLanguages};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A state, or an entity that can be a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// ISO 3166-1 alpha-3.
    pub iso3: StateCode,
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// UN M49.
    pub m49: String,
    /// `member`, `observer` or `other`.
    pub membership: String,
    /// The names of the United Nations in six languages.
    pub name: SixLanguages,
    /// M49 region.
    pub region: String,
    /// M49 subregion.
    pub subregion: String,
    /// Regional group at the United Nations.
    pub un_group: String,
    /// World Bank income group.
    pub income_group: String,
    /// Least developed country.
    pub ldc: bool,
    /// Landlocked developing country.
    pub lldc: bool,
    /// Small island developing state.
    pub sids: bool,
    /// Where we know it from.
    pub source: String,
    /// The date of that source.
    pub source_date: String,
    /// How sure.
    pub confidence: Confidence,
}

/// A right that several provisions of several instruments protect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Such as `T08`.
    pub code: ThemeCode,
    /// The family it belongs to.
    pub cluster: String,
    /// Its name in six languages.
    pub label: SixLanguages,
    /// What it is about.
    pub description: String,
    /// Where it comes from.
    pub source: String,
    /// The date of that source.
    pub source_date: String,
    /// How sure.
    pub confidence: Confidence,
}

/// All reference data with their indexes.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    states: BTreeMap<StateCode, State>,
    themes: BTreeMap<ThemeCode, Theme>,
    instruments: Vec<Instrument>,
    by_code: HashMap<InstrumentCode, usize>,
    by_provision: HashMap<ProvisionId, (usize, usize)>,
    /// By the names that people write, as [`spelled`] has them; none where two provisions would have one name.
    by_name: HashMap<String, Option<ProvisionId>>,
}

impl Reference {
    /// Builds the indexes. Instruments keep the order in which they are given.
    #[must_use]
    pub fn new(states: Vec<State>, themes: Vec<Theme>, instruments: Vec<Instrument>) -> Self {
        let by_code = instruments
            .iter()
            .enumerate()
            .map(|(at, i)| (i.code.clone(), at))
            .collect();
        let places = instruments.iter().enumerate().flat_map(|(at, instrument)| {
            instrument
                .provisions
                .iter()
                .enumerate()
                .map(move |(place, p)| (p.id.clone(), (at, place)))
        });
        let by_provision = places.collect();
        let mut by_name: HashMap<String, Option<ProvisionId>> = HashMap::new();
        for provision in instruments.iter().flat_map(|one| &one.provisions) {
            let id = Some(provision.id.clone());
            by_name
                .entry(spelled(provision.id.as_str()))
                .and_modify(|held| *held = None)
                .or_insert(id);
        }
        Self {
            states: states.into_iter().map(|state| (state.iso3.clone(), state)).collect(),
            themes: themes.into_iter().map(|theme| (theme.code.clone(), theme)).collect(),
            instruments,
            by_code,
            by_provision,
            by_name,
        }
    }

    /// All states by code.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.states.values()
    }

    /// All themes by code.
    pub fn themes(&self) -> impl Iterator<Item = &Theme> {
        self.themes.values()
    }

    /// All instruments in their own order.
    #[must_use]
    pub fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// One state.
    #[must_use]
    pub fn state(&self, code: &StateCode) -> Option<&State> {
        self.states.get(code)
    }

    /// One theme.
    #[must_use]
    pub fn theme(&self, code: &ThemeCode) -> Option<&Theme> {
        self.themes.get(code)
    }

    /// One instrument.
    #[must_use]
    pub fn instrument(&self, code: &InstrumentCode) -> Option<&Instrument> {
        self.by_code.get(code).and_then(|at| self.instruments.get(*at))
    }

    /// One provision with its instrument.
    #[must_use]
    pub fn provision(&self, id: &ProvisionId) -> Option<(&Instrument, &Provision)> {
        let (at, place) = *self.by_provision.get(id)?;
        let instrument = self.instruments.get(at)?;
        Some((instrument, instrument.provisions.get(place)?))
    }

    /// The state that a person means: by code in any case, or by name in any of six languages.
    ///
    /// # Errors
    /// [`Unknown`] with the nearest state.
    pub fn find_state(&self, text: &str) -> Result<&State, Unknown> {
        let wanted = text.trim();
        let exact = wanted
            .to_uppercase()
            .parse::<StateCode>()
            .ok()
            .and_then(|code| self.states.get(&code));
        let named = || {
            self.states
                .values()
                .find(|s| s.name.all().iter().any(|n| n.to_lowercase() == wanted.to_lowercase()))
        };
        exact.or_else(named).ok_or_else(|| {
            let codes = self.states.values().map(|s| (s.iso3.as_str(), s.iso3.as_str()));
            let names = self
                .states
                .values()
                .flat_map(|s| s.name.all().into_iter().map(move |n| (s.iso3.as_str(), n)));
            Unknown::new("state", wanted, codes.chain(names))
        })
    }

    /// The instrument of that code, in any case.
    ///
    /// # Errors
    /// [`Unknown`] with the nearest instrument.
    pub fn find_instrument(&self, text: &str) -> Result<&Instrument, Unknown> {
        let wanted = text.trim().to_uppercase();
        let found = wanted.parse().ok().and_then(|code| self.instrument(&code));
        found.ok_or_else(|| {
            let codes = self.instruments.iter().map(|i| (i.code.as_str(), i.code.as_str()));
            let titles = self.instruments.iter().map(|i| (i.code.as_str(), i.short.en.as_str()));
            Unknown::new("instrument", text.trim(), codes.chain(titles))
        })
    }

    /// The theme of that code, in any case.
    ///
    /// # Errors
    /// [`Unknown`] with the nearest theme.
    pub fn find_theme(&self, text: &str) -> Result<&Theme, Unknown> {
        let wanted = text.trim().to_uppercase();
        let found = wanted.parse().ok().and_then(|code| self.theme(&code));
        found.ok_or_else(|| {
            let codes = self.themes.values().map(|t| (t.code.as_str(), t.code.as_str()));
            let labels = self.themes.values().map(|t| (t.code.as_str(), t.label.en.as_str()));
            Unknown::new("theme", text.trim(), codes.chain(labels))
        })
    }

    /// The themes of the provisions that evidence speaks of.
    #[must_use]
    pub fn themes_of(&self, evidence: &Evidence) -> BTreeSet<ThemeCode> {
        if evidence.provisions.is_empty() {
            return evidence.theme.iter().cloned().collect();
        }
        let named = evidence.provisions.iter().filter_map(|id| self.provision(id));
        named.map(|(_, provision)| provision.theme.clone()).collect()
    }

    /// The provision of that id in any case, or of a name such as `ICRMW 16(4)` or `art. 16(4) ICRMW`.
    ///
    /// # Errors
    /// [`Unknown`] with the nearest provision.
    pub fn find_provision(&self, text: &str) -> Result<(&Instrument, &Provision), Unknown> {
        let wanted = text.trim().to_uppercase();
        let found = wanted.parse().ok().and_then(|id| self.provision(&id));
        let named = || {
            let id = self.by_name.get(&self.name_first(text))?.as_ref()?;
            self.provision(id)
        };
        found.or_else(named).ok_or_else(|| {
            let all = self.instruments.iter().flat_map(|i| &i.provisions);
            Unknown::new("provision", text.trim(), all.map(|p| (p.id.as_str(), p.id.as_str())))
        })
    }
}

impl Reference {
    /// A name with the code of its treaty in front, wherever it was written.
    fn name_first(&self, text: &str) -> String {
        let name = spelled(text);
        let behind = self.instruments.iter().find_map(|one| {
            let code = spelled(one.code.as_str());
            let rest = name.strip_suffix(&code)?.strip_suffix(' ')?;
            Some(format!("{code} {rest}"))
        });
        behind.filter(|_| !self.by_name.contains_key(&name)).unwrap_or(name)
    }
}

/// The letters and numbers of a name, with spaces between: `ICRMW-16.4`, `ICRMW 16(4)` and `ICRMW art. 16 (4)` alike.
fn spelled(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() + 8);
    let mut last = ' ';
    for c in name.trim().chars().flat_map(char::to_uppercase) {
        let apart = c.is_ascii_digit() != last.is_ascii_digit() || !last.is_alphanumeric();
        if c.is_alphanumeric() {
            if apart && !spelled.is_empty() {
                spelled.push(' ');
            }
            spelled.push(c);
        }
        last = c;
    }
    let words = spelled
        .split(' ')
        .filter(|word| !["ART", "ARTS", "ARTICLE", "ARTICLES"].contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// The provisions that a text names: with commas or semicolons between; spaces part those that are ids.
pub fn provisions_in(text: &str) -> Vec<&str> {
    let parts = text
        .split([',', ';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let ids = |part: &str| {
        part.split_whitespace()
            .all(|word| word.contains('-') && word.starts_with(|c: char| c.is_alphabetic()))
    };
    parts
        .flat_map(|part| {
            if ids(part) {
                part.split_whitespace().collect()
            } else {
                vec![part]
            }
        })
        .collect()
}

/// Something was named that we do not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {kind} “{given}”{}", .nearest.as_ref().map_or_else(String::new, |near| format!("; did you mean {near}?")))]
pub struct Unknown {
    /// `state`, `instrument`, …
    pub kind: &'static str,
    /// What was named.
    pub given: String,
    /// What was probably meant.
    pub nearest: Option<String>,
}

impl Unknown {
    fn new<'a>(kind: &'static str, given: &str, candidates: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let wanted = given.to_lowercase();
        let scored = candidates.map(|(code, name)| (code, likeness(&name.to_lowercase(), &wanted)));
        let best = scored.max_by(|a, b| a.1.total_cmp(&b.1));
        let nearest = best.filter(|(_, score)| *score > 0.6).map(|(code, _)| code.to_owned());
        Self {
            kind,
            given: super::texts::shown(given),
            nearest,
        }
    }
}

/// From 0 to 1. The right letters in another order (`mxe`) are nearer than other letters in the right one (`mne`).
fn likeness(name: &str, wanted: &str) -> f64 {
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let same = name.len() == wanted.len() && letters(name) == letters(wanted);
    if same { 0.99 } else { strsim::jaro_winkler(name, wanted) }
}

/// Reads a date asked for by a person.
///
/// # Errors
/// A sentence that says what is wrong and proposes a date.
pub fn read_day(text: &str) -> Result<NaiveDate, String> {
    super::dates::parse_day(text).map_err(|error| {
        let digits: Vec<&str> = text.split(['-', '/', '.']).collect();
        let proposed = match digits.as_slice() {
            [y, m, d] if y.len() == 4 => super::dates::parse_day(&format!("{y}-{m:0>2}-{d:0>2}")).ok(),
            [d, m, y] if y.len() == 4 => super::dates::parse_day(&format!("{y}-{m:0>2}-{d:0>2}")).ok(),
            [y] if y.len() == 4 => super::dates::parse_day(&format!("{y}-01-01")).ok(),
            [y, m] if y.len() == 4 => super::dates::parse_day(&format!("{y}-{m:0>2}-01")).ok(),
            _ => None,
        };
        proposed.map_or_else(|| error.to_string(), |day| format!("{error}; did you mean {day}?"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_write_them_are_spelled_alike() {
        for name in ["ICRMW-16.4", "ICRMW 16(4)", "icrmw art. 16 (4)", "ICRMW Article 16(4)"] {
            assert_eq!(spelled(name), "ICRMW 16 4", "{name}");
        }
        assert_eq!(spelled("CRC-37.(B)-(D)"), spelled("CRC 37(b)-(d)"));
        assert_ne!(spelled("ICRMW-16.4"), spelled("ICRMW-1.64"));
    }

    #[test]
    fn a_space_parts_ids_and_not_names() {
        assert_eq!(
            provisions_in("CAT-3 icrmw-16.4;CAT-3"),
            ["CAT-3", "icrmw-16.4", "CAT-3"]
        );
        assert_eq!(
            provisions_in("ICRMW 16(4), CRC 37(b)-(d), art. 16(4) ICRMW"),
            ["ICRMW 16(4)", "CRC 37(b)-(d)", "art. 16(4) ICRMW"]
        );
        assert_eq!(provisions_in(" , "), Vec::<&str>::new());
    }
}
