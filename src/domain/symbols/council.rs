//! Symbols of the Human Rights Council, of the commission before it, and of the General Assembly.

use super::parts::{Parts, is_number, is_word};
use super::{Body, DocumentKind, ImpossiblePart, StateCode, Symbol, Unknown};
use std::ops::RangeInclusive;

/// A document of the Council.
pub(super) fn read(
    parts: &Parts,
    rest: &[&str],
    states: &dyn Fn(&str) -> Result<StateCode, Unknown>,
) -> Result<Option<Symbol>, ImpossiblePart> {
    let kind = |document| Ok(Some(parts.symbol(Body::HumanRightsCouncil, None, document, "")));
    match rest {
        ["WG.6", session, state, number] if is_word(state) => {
            parts.cycle(session)?;
            let code = parts.state(state, states)?;
            let document = match *number {
                "1" => DocumentKind::UprNationalReport,
                "2" => DocumentKind::UprCompilation,
                "3" => DocumentKind::UprSummary,
                other => {
                    let why = "is none of the three documents of a review: 1 the state's report, 2 what the United \
                               Nations know, 3 what others sent in";
                    return Err(parts.impossible(other, why));
                }
            };
            Ok(Some(parts.symbol(Body::HumanRightsCouncil, code, document, session)))
        }
        ["RES" | "DEC", ..] => kind(DocumentKind::Resolution),
        ["WGAD" | "WGEID", ..] => kind(DocumentKind::SpecialProcedure),
        [session, number] if is_number(session) && is_number(number) => {
            kind(numbered(session, number, parts.is_addendum))
        }
        [_, ..] => kind(DocumentKind::Other),
        [] => Ok(None),
    }
}

/// Reports of the Working Group on the Universal Periodic Review stand in a block of numbers of each session. Addenda of
/// other reports are those of special procedures on their visits.
fn numbered(session: &str, number: &str, is_addendum: bool) -> DocumentKind {
    let (session, number) = (session.parse().unwrap_or(0), number.parse().unwrap_or(0));
    match (
        review_block(session).is_some_and(|block| block.contains(&number)),
        is_addendum,
    ) {
        (true, false) => DocumentKind::UprReport,
        (true, true) => DocumentKind::UprReplies,
        (false, true) => DocumentKind::SpecialProcedure,
        (false, false) => DocumentKind::Other,
    }
}

fn review_block(session: u16) -> Option<RangeInclusive<u16>> {
    match session {
        0..=7 | 9 | 20 => None,
        8 => Some(17..=52),
        10 => Some(69..=85),
        11 => Some(15..=30),
        _ => Some(3..=18),
    }
}

/// A document of the Commission on Human Rights.
pub(super) fn commission(parts: &Parts, rest: &[&str]) -> Option<Symbol> {
    let document = match rest {
        [] => return None,
        [year, number] if parts.is_addendum && is_number(year) && is_number(number) => DocumentKind::SpecialProcedure,
        ["RES" | "DEC", ..] => DocumentKind::Resolution,
        _ => DocumentKind::Other,
    };
    Some(parts.symbol(Body::HumanRightsCommission, None, document, ""))
}

/// A document of the General Assembly: `A/RES/68/268`, `A/69/302`.
pub(super) fn assembly(parts: &Parts, rest: &[&str]) -> Option<Symbol> {
    let document = match rest {
        ["RES" | "DEC", session, _, ..] if is_number(session) => DocumentKind::Resolution,
        [session, number, ..] if is_number(session) && number.chars().any(|c| c.is_ascii_digit()) => {
            DocumentKind::Other
        }
        _ => return None,
    };
    Some(parts.symbol(Body::GeneralAssembly, None, document, ""))
}
