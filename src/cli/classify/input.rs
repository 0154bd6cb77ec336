//! Lines of cases: read in batches, a line that is too long is passed over without being held.

use super::Failure;
use crate::actions::import::shipped_states;
use crate::domain::causes::{Case, Classifier, Figure, Figures, Given};
use crate::domain::ids::StateCode;
use crate::domain::search::folded;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead as _, BufReader, Read};
use std::sync::OnceLock;

/// Bytes of the longest line.
const LONGEST: usize = 16_000_000;

/// A case with its name.
#[derive(Debug)]
pub(super) struct NamedCase {
    pub(super) id: Value,
    pub(super) case: Case,
}

/// What is wrong with a line.
#[derive(Debug, PartialEq)]
pub(super) struct Wrong {
    /// Its id, where that could be read.
    pub(super) id: Option<Value>,
    pub(super) line: u64,
    pub(super) error: String,
}

/// A line as it came.
#[derive(Debug)]
pub(super) struct Line {
    number: u64,
    bytes: Result<Vec<u8>, usize>,
}

/// The lines of an input.
pub(super) struct Lines {
    source: BufReader<Box<dyn Read>>,
    number: u64,
}

impl Lines {
    pub(super) fn of(source: Box<dyn Read>) -> Self {
        Self {
            source: BufReader::with_capacity(1 << 16, source),
            number: 0,
        }
    }

    /// The next lines that are not blank; none at the end.
    pub(super) fn batch(&mut self, most: usize, bytes: usize) -> Result<Vec<Line>, Failure> {
        let (mut batch, mut held) = (Vec::new(), 0);
        while batch.len() < most && held < bytes {
            let Some(line) = self.next()? else { break };
            let blank = line
                .bytes
                .as_ref()
                .is_ok_and(|bytes| bytes.iter().all(u8::is_ascii_whitespace));
            held += line.bytes.as_ref().map_or(0, Vec::len);
            if !blank {
                batch.push(line);
            }
        }
        Ok(batch)
    }

    fn next(&mut self) -> Result<Option<Line>, Failure> {
        let (mut bytes, mut length) = (Vec::new(), 0_usize);
        let mut ended = false;
        while !ended {
            let here = self.source.fill_buf()?;
            if here.is_empty() {
                break;
            }
            let stop = here.iter().position(|byte| *byte == b'\n');
            let part = here.get(..stop.unwrap_or(here.len())).unwrap_or_default();
            length += part.len();
            if length <= LONGEST {
                bytes.extend_from_slice(part);
            } else {
                bytes = Vec::new();
            }
            let used = part.len() + usize::from(stop.is_some());
            ended = stop.is_some();
            self.source.consume(used);
        }
        if length == 0 && !ended {
            return Ok(None);
        }
        self.number += 1;
        let bytes = if length > LONGEST { Err(length) } else { Ok(bytes) };
        Ok(Some(Line {
            number: self.number,
            bytes,
        }))
    }
}

/// A line as the contract has it. Fields that we do not know are passed over.
#[derive(Deserialize)]
struct Raw {
    id: Option<Value>,
    text: Option<String>,
    state: Option<String>,
    date: Option<String>,
    provisions: Option<Vec<String>>,
    signals: Option<Vec<RawGiven>>,
    figures: Option<BTreeMap<String, f64>>,
}

/// A signal: its id alone, with its reliability, or an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawGiven {
    Id(String),
    Pair(String, f64),
    Whole {
        id: String,
        #[serde(default)]
        reliability: Option<f64>,
        #[serde(default)]
        told_by_the_state: bool,
        #[serde(default)]
        matched: String,
    },
}

impl Line {
    /// The case, or what is wrong.
    pub(super) fn read(&self, classifier: &Classifier) -> Result<NamedCase, Wrong> {
        let wrong = |id: Option<Value>, error: String| Wrong {
            id,
            line: self.number,
            error,
        };
        let bytes = self.bytes.as_ref().map_err(|length| {
            let error = format!("the line has {length} bytes; at most {LONGEST} are read");
            wrong(None, error)
        })?;
        let text = std::str::from_utf8(bytes)
            .map_err(|error| wrong(None, format!("not UTF-8 text at byte {}", error.valid_up_to())))?;
        let text = text.trim_start_matches('\u{feff}');
        let raw: Raw = serde_json::from_str(text).map_err(|error| {
            let id = serde_json::from_str::<Value>(text).ok();
            let id = id.and_then(|whole| whole.get("id").cloned()).filter(named);
            wrong(id, format!("not a case: {error}"))
        })?;
        let id = raw.id.clone().filter(named);
        let Some(id) = id else {
            return Err(wrong(None, "id is missing: give a text or a number".to_owned()));
        };
        match raw.case(classifier) {
            Ok(case) => Ok(NamedCase { id, case }),
            Err(error) => Err(wrong(Some(id), error)),
        }
    }
}

fn named(id: &Value) -> bool {
    id.is_number() || id.as_str().is_some_and(|text| !text.trim().is_empty())
}

impl Raw {
    fn case(self, classifier: &Classifier) -> Result<Case, String> {
        let state = match self.state.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(text) => Some(state(text)?),
        };
        if let Some(date) = self.date.as_deref().map(str::trim).filter(|date| !date.is_empty()) {
            let read = date.parse::<crate::domain::dates::PartialDate>();
            read.map_err(|_| format!("date “{date}” is not a date such as 2024-05-31, 2024-05 or 2024"))?;
        }
        for provision in self.provisions.iter().flatten() {
            if provision.trim().is_empty() {
                return Err("provisions has an empty entry".to_owned());
            }
        }
        let mut given = Vec::new();
        for one in self.signals.into_iter().flatten() {
            let one = one.given();
            if classifier.signal(&one.id).is_none() {
                return Err(format!(
                    "signals: “{}” is no signal; ids stand in fixtures/signals",
                    one.id
                ));
            }
            if !(0.0..=1.0).contains(&one.reliability) {
                return Err(format!(
                    "signals: reliability {} of {} is not from 0 to 1",
                    one.reliability, one.id
                ));
            }
            given.push(one);
        }
        let mut figures = Figures::default();
        for (code, value) in self.figures.into_iter().flatten() {
            let figure: Figure = code.parse().map_err(|error| format!("figures: {error}"))?;
            figures = figures.with(figure, value);
        }
        Ok(Case {
            text: self.text.unwrap_or_default(),
            state,
            given,
            figures,
        })
    }
}

impl RawGiven {
    fn given(self) -> Given {
        let (id, reliability, told_by_the_state, matched) = match self {
            Self::Id(id) => (id, None, false, String::new()),
            Self::Pair(id, reliability) => (id, Some(reliability), false, String::new()),
            Self::Whole {
                id,
                reliability,
                told_by_the_state,
                matched,
            } => (id, reliability, told_by_the_state, matched),
        };
        Given {
            id,
            reliability: reliability.unwrap_or(1.0),
            told_by_the_state,
            matched,
        }
    }
}

/// A state by its code or by a name in six languages.
pub(super) fn state(text: &str) -> Result<StateCode, String> {
    static NAMES: OnceLock<HashMap<String, StateCode>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names = HashMap::new();
        for state in shipped_states().unwrap_or_default() {
            for name in state.name.all() {
                names.insert(folded(name), state.iso3.clone());
            }
            names.insert(folded(state.iso3.as_str()), state.iso3.clone());
        }
        names
    });
    let found = names.get(&folded(text)).cloned();
    found.ok_or_else(|| format!("state “{text}” is not known; give its ISO code, such as MEX"))
}
