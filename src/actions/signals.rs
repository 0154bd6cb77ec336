//! The signals that come with the program, read once: `fixtures/signals` → a classifier.

use super::import::files::{Files, shipped_names};
use super::import::shipped_states;
use crate::domain::causes::{Classifier, SignalFile};
use std::sync::OnceLock;

/// The shipped signals, ready to read texts.
///
/// # Errors
/// Every bad entry: file, id, what is wrong.
pub fn shipped() -> Result<&'static Classifier, Vec<String>> {
    static SHIPPED: OnceLock<Result<Classifier, Vec<String>>> = OnceLock::new();
    SHIPPED
        .get_or_init(|| load(&Files::Shipped))
        .as_ref()
        .map_err(Clone::clone)
}

/// Signals from there: the files that have the names of the shipped ones.
///
/// # Errors
/// Every bad entry: file, id, what is wrong.
pub fn load(files: &Files) -> Result<Classifier, Vec<String>> {
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for name in shipped_names("signals/") {
        match files.read(&name).and_then(|text| parse(&name, &text)) {
            Ok(file) => read.push((name, file)),
            Err(why) => wrong.push(why),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let states = shipped_states()?;
    Classifier::of(&read, &states)
}

/// One file of signals.
///
/// # Errors
/// File, line and what is wrong.
pub fn parse(name: &str, text: &str) -> Result<SignalFile, String> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let id = before.rsplit("id = \"").next().and_then(|rest| rest.split('"').next());
        let id = id.filter(|id| before.contains("id = \"") && !id.is_empty());
        let after = id.map(|id| format!(", at or after {id}")).unwrap_or_default();
        format!("{name}, line {line}{after}: {}", error.message())
    })
}
