//! A symbol cut at its strokes, with what is added or corrected set apart.

use super::{Body, DocumentKind, ImpossiblePart, StateCode, Symbol, Unknown};

/// Longer texts are no symbols.
const LONGEST: usize = 60;
/// Codes in old symbols, and in those of territories, that are no state of today.
const NOT_STATES: [&str; 12] = [
    "UNK", "HKG", "MAC", "SCG", "YUG", "CSK", "SUN", "DDR", "ZAR", "TMP", "ANT", "ROM",
];
/// What stands before a number to say that a document was added to or mended.
const CHANGES: [(&str, &str); 4] = [("ADD", "Add"), ("CORR", "Corr"), ("REV", "Rev"), ("AMEND", "Amend")];

/// The parts of a text that is built like a symbol.
#[derive(Debug)]
pub(super) struct Parts {
    /// In capital letters, without what was added at the end.
    pub(super) names: Vec<String>,
    /// Whether it is an addendum.
    pub(super) is_addendum: bool,
    text: String,
}

impl Parts {
    /// The parts, or nothing where the text is no symbol.
    pub(super) fn of(text: &str) -> Option<Self> {
        let joined = text.split('/').map(str::trim).collect::<Vec<_>>().join("/");
        let start = ["un doc. ", "u.n. doc. ", "un document ", "doc. "]
            .iter()
            .find_map(|start| joined.get(..start.len()).filter(|had| had.eq_ignore_ascii_case(start)))
            .map_or(0, str::len);
        let rest = joined.get(start..)?.trim();
        let token = rest.split(|c: char| c.is_whitespace() || ",;()[]".contains(c)).next()?;
        let token = token.trim_end_matches(['.', '/', ':']).to_ascii_uppercase();
        let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "./-".contains(c);
        if token.len() > LONGEST || !token.chars().all(is_plain) {
            return None;
        }
        let mut names: Vec<String> = token.split('/').map(str::to_owned).collect();
        if names.len() < 3 {
            return None;
        }
        let (mut changes, mut is_addendum) = (Vec::new(), false);
        while let Some(change) = names.last().and_then(|name| change(name)) {
            is_addendum |= change.starts_with("Add");
            changes.push(change);
            names.pop();
        }
        let all = names
            .iter()
            .map(String::as_str)
            .chain(changes.iter().rev().map(String::as_str));
        let text = all.collect::<Vec<_>>().join("/");
        // As we write it, it may be longer than it was.
        (text.len() <= LONGEST).then_some(Self {
            names,
            is_addendum,
            text,
        })
    }

    /// The symbol that these parts are.
    pub(super) fn symbol(&self, body: Body, state: Option<StateCode>, document: DocumentKind, cycle: &str) -> Symbol {
        Symbol {
            body,
            state,
            document,
            cycle: cycle.to_owned(),
            text: self.text.clone(),
        }
    }

    /// The complaint about one part.
    pub(super) fn impossible(&self, part: &str, why: impl Into<String>) -> ImpossiblePart {
        ImpossiblePart {
            symbol: self.text.clone(),
            part: part.to_owned(),
            why: why.into(),
        }
    }

    /// The state that a part names; none for a territory or a state of the past.
    pub(super) fn state(
        &self,
        part: &str,
        states: &dyn Fn(&str) -> Result<StateCode, Unknown>,
    ) -> Result<Option<StateCode>, ImpossiblePart> {
        let code = part.split('-').next().unwrap_or(part);
        match states(code) {
            Ok(state) if state.as_str() == code => Ok(Some(state)),
            _ if NOT_STATES.contains(&code) => Ok(None),
            Ok(state) => Err(self.impossible(part, format!("is no state's code; did you mean {state}?"))),
            Err(unknown) => {
                let meant = unknown.nearest.map_or_else(
                    || ": three capital letters (ISO 3166-1), such as MEX".to_owned(),
                    |near| format!("; did you mean {near}?"),
                );
                Err(self.impossible(part, format!("is no state's code{meant}")))
            }
        }
    }

    /// A reporting cycle: `3`, or `5-6` for reports in one.
    pub(super) fn cycle(&self, part: &str) -> Result<(), ImpossiblePart> {
        let number = |text: &str| {
            let plain = text.len() <= 3 && text.chars().all(|c| c.is_ascii_digit());
            text.parse::<u16>().ok().filter(|number| plain && *number > 0)
        };
        let is_cycle = match part.split_once('-') {
            Some((first, last)) => number(first)
                .zip(number(last))
                .is_some_and(|(first, last)| first < last),
            None => number(part).is_some(),
        };
        if is_cycle {
            Ok(())
        } else {
            Err(self.impossible(
                part,
                "is no reporting cycle: a number such as 3, or 5-6 for two reports in one",
            ))
        }
    }
}

/// `ADD.1` → `Add.1`.
fn change(part: &str) -> Option<String> {
    CHANGES.iter().find_map(|(capitals, written)| {
        let number = part.strip_prefix(capitals)?.trim_start_matches('.');
        let is_number = (1..=4).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
        is_number.then(|| format!("{written}.{number}"))
    })
}

/// `; did you mean CO?`, where one of them is near.
pub(super) fn nearest(given: &str, names: &[&str]) -> String {
    let scored = names.iter().map(|name| (name, strsim::jaro_winkler(name, given)));
    let best = scored
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .filter(|(_, score)| *score > 0.6);
    best.map_or_else(
        || format!(": one of {}", names.join(", ")),
        |(name, _)| format!("; did you mean {name}?"),
    )
}

/// Whether a part holds nothing but digits.
pub(super) fn is_number(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())
}

/// Whether a part holds nothing but letters.
pub(super) fn is_word(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase())
}
