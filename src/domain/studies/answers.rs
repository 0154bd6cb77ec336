//! What a coder chooses: a cause with its subclass, and maybe a second cause.

use crate::domain::causes::{Cause, subclasses};

/// A choice that fits together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The cause.
    pub cause: Cause,
    /// Its subclass; empty where none is meant.
    pub subclass: String,
    /// A second cause.
    pub second: Option<Cause>,
}

/// Every subclass with the cause it belongs to.
pub fn kinds() -> impl Iterator<Item = (Cause, &'static str, &'static str)> {
    let of = |cause: &Cause| {
        let cause = *cause;
        subclasses(cause)
            .iter()
            .map(move |(code, words)| (cause, *code, *words))
    };
    Cause::ALL.iter().flat_map(of)
}

/// Whether the choice fits together.
///
/// # Errors
/// The field that does not fit, and why.
pub fn answered(cause: Cause, subclass: &str, second: Option<Cause>) -> Result<Answered, (&'static str, String)> {
    if !subclass.is_empty() && !subclasses(cause).iter().any(|(code, _)| *code == subclass) {
        let why = match kinds().find(|(_, code, _)| *code == subclass) {
            Some((other, _, words)) => format!(
                "“{words}” belongs to {}, and you chose {}: leave it empty, or choose the other cause",
                other.words(),
                cause.words()
            ),
            None => format!("“{subclass}” is none of those in the list"),
        };
        return Err(("subclass", why));
    }
    match second {
        Some(Cause::Undetermined) => Err(("second", "leave it empty where there is no second cause".to_owned())),
        Some(second) if second == cause => Err(("second", "is the same as the first: leave it empty".to_owned())),
        Some(_) if cause == Cause::Undetermined => Err((
            "second",
            "where the first is undetermined there is no second: choose it as the first, or leave it empty".to_owned(),
        )),
        second => Ok(Answered {
            cause,
            subclass: subclass.to_owned(),
            second,
        }),
    }
}
