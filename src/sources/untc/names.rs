//! Names of states as depositaries print them.

use crate::domain::ids::StateCode;
use crate::domain::reference::Reference;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Names that differ from ours, or were once used; a blank state is no state.
const ALIASES: &str = include_str!("../../../fixtures/sources/untc/names.csv");

/// Whom a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// A state.
    State(StateCode),
    /// An organisation, or a state that is no more.
    NoState,
}

/// All names that are known, by what is left of them without accents, marks and capitals.
#[derive(Debug)]
pub(super) struct Names {
    known: HashMap<String, Named>,
}

impl Names {
    /// The names of the reference data, and those of the file of other names.
    pub(super) fn new(reference: &Reference) -> Self {
        let mut known = HashMap::new();
        let mut rows = csv::Reader::from_reader(ALIASES.as_bytes());
        for (name, code) in rows
            .records()
            .flatten()
            .filter_map(|row| Some((row.get(0)?.to_owned(), row.get(1)?.to_owned())))
        {
            let named = match code.parse() {
                Ok(code) if reference.state(&code).is_some() => Named::State(code),
                Ok(_) => continue,
                Err(_) => Named::NoState,
            };
            known.insert(bare(&name), named);
        }
        // English first: a name that means one state there and another elsewhere is read in English.
        for language in 0..6 {
            for state in reference.states() {
                if let Some(name) = state.name.all().get(language).filter(|name| !name.is_empty()) {
                    known
                        .entry(bare(name))
                        .or_insert_with(|| Named::State(state.iso3.clone()));
                }
            }
        }
        Self { known }
    }

    /// Whom that name means.
    pub(super) fn find(&self, name: &str) -> Option<&Named> {
        self.known.get(&bare(name)).or_else(|| {
            // “Congo (Republic of the)” is “Republic of the Congo”.
            let (short, rest) = name.split_once('(')?;
            self.known
                .get(&bare(&format!("{} {short}", rest.trim_end().trim_end_matches(')'))))
        })
    }
}

/// Small letters and figures only, single spaces, without article and with “saint” written out.
fn bare(name: &str) -> String {
    let plain: String = name
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = plain
        .split_whitespace()
        .map(|word| if word == "st" { "saint" } else { word })
        .collect();
    let words = words.strip_prefix(&["the"]).unwrap_or(&words);
    words.strip_suffix(&["the"]).unwrap_or(words).join(" ")
}
