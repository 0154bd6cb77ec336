//! The engine as one of the coders. It reads what people read, the text and the state, and nothing else.

use super::{Code, StudyCase};
use crate::domain::causes::{Case, Cause, Classifier, Sign};
use crate::domain::ids::{CodeId, StudyId};
use chrono::{DateTime, Utc};

/// The name under which the engine codes.
pub const ENGINE: &str = "engine";

/// A second cause is named from this share on (METHOD, section 3).
const SECOND: f64 = 0.25;
/// And so large a share of the label counts as sure.
const SURE: f64 = 0.5;

/// What the engine says of a case.
#[must_use]
pub fn engine_code(classifier: &Classifier, study: StudyId, case: &StudyCase, at: DateTime<Utc>) -> Code {
    let found = classifier.classify(&Case {
        text: case.text.clone(),
        state: case.state.clone(),
        ..Case::default()
    });
    let others = Cause::ALL
        .iter()
        .copied()
        .filter(|cause| *cause != found.label && *cause != Cause::Undetermined);
    let second = others
        .map(|cause| (cause, found.weight(cause)))
        .filter(|(_, weight)| *weight >= SECOND && found.label != Cause::Undetermined)
        .max_by(|(_, one), (_, other)| one.total_cmp(other));
    Code {
        id: CodeId::fresh(),
        study,
        case: case.number,
        coder: ENGINE.to_owned(),
        cause: found.label,
        subclass: found.subclass.clone().unwrap_or_default(),
        second: second.map(|(cause, _)| cause),
        sure: found.label != Cause::Undetermined && found.weight(found.label) >= SURE,
        reason: found.reason.clone(),
        signs: found.signs.iter().map(told).collect(),
        coded_at: at,
        superseded_at: None,
    }
}

fn told(sign: &Sign) -> String {
    format!("{}, {:+.1}: “{}”", sign.cause.words(), sign.points, sign.matched)
}
