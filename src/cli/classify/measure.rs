//! `servanda classify --measure CASES`: cross-validation on labelled cases, beside two baselines.

use super::input::state;
use super::{Answer, Failure, say};
use crate::domain::causes::{Case, Cause, Classifier, Fold, Labelled, Measured, Method, cross_validated};
use serde_json::json;
use std::path::Path;

/// Ten repeats of five parts.
const FOLD: Fold = Fold {
    parts: 5,
    repeats: 10,
    seed: 1,
};

/// Reads, measures, tells.
pub(super) fn run(classifier: &Classifier, path: &Path, format: Answer) -> Result<(), Failure> {
    let cases = read(path)?;
    let each = Method::ALL.map(|method| (method, cross_validated(classifier, &cases, method, FOLD)));
    match format {
        Answer::Json => {
            let told: Vec<_> = each.iter().map(|(method, found)| figures(*method, found)).collect();
            let whole = json!({ "cases": cases.len(), "parts": FOLD.parts, "repeats": FOLD.repeats, "methods": told });
            say(&whole.to_string())?;
        }
        Answer::Table => {
            let (all, parts, repeats) = (cases.len(), FOLD.parts, FOLD.repeats);
            say(&format!("{all} cases, {parts} parts, {repeats} repeats"))?;
            say("macro-F1  accuracy  abstains  right when deciding  calibration error")?;
            for (method, found) in &each {
                say(&format!(
                    "{:>8.3}  {:>8.3}  {:>8.3}  {:>19.3}  {:>17.3}  {}",
                    found.macro_f1,
                    found.accuracy,
                    found.abstention,
                    found.precision_when_deciding,
                    found.calibration_error,
                    method.words()
                ))?;
            }
            for (method, found) in each.iter().take(2) {
                say(&format!("{}: precision, recall, F1", method.words()))?;
                for (cause, [precision, recall, f1]) in &found.causes {
                    say(&format!("  {cause:<15} {precision:.3}  {recall:.3}  {f1:.3}"))?;
                }
            }
        }
    }
    Ok(())
}

fn figures(method: Method, found: &Measured) -> serde_json::Value {
    json!({
        "method": method.words(),
        "macro_f1": found.macro_f1,
        "accuracy": found.accuracy,
        "abstention": found.abstention,
        "precision_when_deciding": found.precision_when_deciding,
        "calibration_error": found.calibration_error,
        "causes": found.causes,
    })
}

/// Columns may have the names of our own file or `state_iso3`, `gist` and `cause_label`.
fn read(path: &Path) -> Result<Vec<Labelled>, Failure> {
    let name = path.display();
    let wrong = |what: String| Failure::Request(format!("{name}: {what}"));
    let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(error.to_string()))?;
    let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let column = |names: [&str; 2]| {
        let at = header
            .iter()
            .position(|column| names.contains(&column.trim_start_matches('\u{feff}')));
        at.ok_or_else(|| wrong(format!("there is no column {}", names[0])))
    };
    let (states, texts, causes) = (
        column(["state", "state_iso3"])?,
        column(["text", "gist"])?,
        column(["cause", "cause_label"])?,
    );
    let mut cases = Vec::new();
    for (number, row) in reader.records().enumerate() {
        let at = |what: String| wrong(format!("row {}: {what}", number + 2));
        let row = row.map_err(|error| at(error.to_string()))?;
        let field = |at: usize| row.get(at).unwrap_or_default().trim();
        cases.push(Labelled {
            label: field(causes).parse::<Cause>().map_err(&at)?,
            case: Case {
                text: field(texts).to_owned(),
                state: if field(states).is_empty() {
                    None
                } else {
                    Some(state(field(states)).map_err(&at)?)
                },
                ..Case::default()
            },
        });
    }
    if cases.len() < 10 {
        return Err(wrong(format!(
            "{} cases are too few to measure on; it takes ten",
            cases.len()
        )));
    }
    Ok(cases)
}
