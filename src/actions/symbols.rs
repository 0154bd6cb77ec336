//! What a document symbol says of the evidence taken from it, so that nobody types it twice.

use super::evidence::EvidenceDraft;
use super::{ActionError, Fields};
use crate::domain::ids::StateCode;
use crate::domain::reference::Reference;
use crate::domain::symbols::{ImpossiblePart, Symbol, read};

impl EvidenceDraft {
    /// The draft with its blank fields filled from the symbol. What was typed stays; a symbol that cannot be understood
    /// fills nothing.
    #[must_use]
    pub fn filled(&self, reference: &Reference) -> Self {
        let mut draft = self.clone();
        let Ok(Some(symbol)) = understood(&self.symbol, reference) else {
            return draft;
        };
        let fill = |field: &mut String, value: Option<String>| {
            if let (true, Some(value)) = (field.trim().is_empty(), value) {
                *field = value;
            }
        };
        fill(
            &mut draft.source_kind,
            symbol.source_kind().map(|kind| kind.code().to_owned()),
        );
        fill(
            &mut draft.author_role,
            symbol.author_role().map(|role| role.code().to_owned()),
        );
        fill(&mut draft.link, Some(symbol.link()));
        fill(&mut draft.state, symbol.state.as_ref().map(StateCode::to_string));
        if self.symbol.trim().eq_ignore_ascii_case(&symbol.text) {
            draft.symbol = symbol.text;
        }
        draft
    }

    /// The draft without what an earlier symbol filled in; what was typed stays.
    #[must_use]
    pub fn without_symbol(&self, earlier: &str, reference: &Reference) -> Self {
        let mut draft = self.clone();
        if earlier.trim().is_empty() || earlier.trim() == self.symbol.trim() {
            return draft;
        }
        let alone = Self {
            symbol: earlier.to_owned(),
            ..Self::default()
        };
        let filled = alone.filled(reference);
        for (field, value) in [
            (&mut draft.source_kind, filled.source_kind),
            (&mut draft.author_role, filled.author_role),
            (&mut draft.link, filled.link),
        ] {
            if *field == value {
                field.clear();
            }
        }
        draft
    }

    /// The same where somebody asks for it: then it is told why nothing can be filled in.
    ///
    /// # Errors
    /// [`ActionError::Invalid`] when the symbol cannot be, is of another state, or is none that can be read.
    pub fn read_symbol(&self, reference: &Reference) -> Result<Self, ActionError> {
        let mut fields = Fields::default();
        self.check_symbol(&mut fields, reference);
        if matches!(understood(&self.symbol, reference), Ok(None)) {
            let why = "is no symbol that can be read, such as CMW/C/MEX/CO/3; fill in the fields below yourself";
            fields.wrong("symbol", why);
        }
        fields.finish(Some(self.filled(reference)))
    }

    /// Complains about a symbol that cannot be, and about one of another state than the evidence.
    pub(super) fn check_symbol(&self, fields: &mut Fields, reference: &Reference) {
        match understood(&self.symbol, reference) {
            Err(error) => fields.wrong("symbol", error.to_string()),
            Ok(None) => {}
            Ok(Some(symbol)) => {
                let typed = reference.find_state(self.state.trim()).ok().map(|state| &state.iso3);
                if let (Some(typed), Some(meant)) = (typed, &symbol.state)
                    && typed != meant
                {
                    let why = format!("{} is about {meant}, and the state given is {typed}", symbol.text);
                    fields.wrong("symbol", why);
                }
            }
        }
    }
}

fn understood(text: &str, reference: &Reference) -> Result<Option<Symbol>, ImpossiblePart> {
    let states = |code: &str| reference.find_state(code).map(|state| state.iso3.clone());
    read(text, &states).map(|reading| reading.symbol())
}
