//! What states and instruments are called in a reader's language.

use crate::domain::ids::{InstrumentCode, StateCode};
use crate::domain::instruments::SixLanguages;
use crate::domain::users::Language;
use std::collections::BTreeMap;

/// Names by code. What has none is called by its code.
#[derive(Debug, Clone, Default)]
pub struct Names {
    states: BTreeMap<StateCode, SixLanguages>,
    instruments: BTreeMap<InstrumentCode, InstrumentNames>,
}

#[derive(Debug, Clone)]
struct InstrumentNames {
    short: SixLanguages,
    title: SixLanguages,
}

impl Names {
    /// Adds a state's name.
    #[must_use]
    pub fn state(mut self, code: StateCode, name: SixLanguages) -> Self {
        self.states.insert(code, name);
        self
    }

    /// Adds an instrument's short name and its title.
    #[must_use]
    pub fn instrument(mut self, code: InstrumentCode, short: SixLanguages, title: SixLanguages) -> Self {
        self.instruments.insert(code, InstrumentNames { short, title });
        self
    }

    /// What a state is called.
    pub(super) fn of_state<'a>(&'a self, code: &'a StateCode, language: Language) -> &'a str {
        self.states.get(code).map_or(code.as_str(), |name| name.in_language(language.as_str()))
    }

    /// The short name of an instrument, for a subject line.
    pub(super) fn short<'a>(&'a self, code: &'a InstrumentCode, language: Language) -> &'a str {
        self.instruments.get(code).map_or(code.as_str(), |names| names.short.in_language(language.as_str()))
    }

    /// The full title of an instrument.
    pub(super) fn title<'a>(&'a self, code: &'a InstrumentCode, language: Language) -> &'a str {
        self.instruments.get(code).map_or(code.as_str(), |names| names.title.in_language(language.as_str()))
    }
}
