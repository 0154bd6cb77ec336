//! Symbols of the committees: `CMW/C/MEX/CO/3`, `CRC/C/OPAC/ALB/1`, and older ones such as `CCPR/C/79/Add.109`.

use super::parts::{Parts, is_number, is_word, nearest};
use super::{Body, DocumentKind, ImpossiblePart, StateCode, Symbol, Unknown};

type States<'a> = &'a dyn Fn(&str) -> Result<StateCode, Unknown>;

/// What stands between the state and the cycle.
const WORDS: [&str; 5] = ["CO", "Q", "QPR", "RQ", "FCO"];

/// The protocols of the Convention on the Rights of the Child have reports of their own.
const PROTOCOLS: [&str; 4] = ["OPAC", "OPSC", "OPSA", "OPIC"];

/// Before symbols named states, these series held concluding observations, one to an addendum.
const OLD_SERIES: [(Body, &str); 4] = [
    (Body::Ccpr, "79"),
    (Body::Cescr, "1"),
    (Body::Crc, "15"),
    (Body::Cerd, "304"),
];

/// A document of one committee.
pub(super) fn read(
    parts: &Parts,
    body: Body,
    rest: &[&str],
    states: States<'_>,
) -> Result<Option<Symbol>, ImpossiblePart> {
    let kind = |document, cycle: &str| Ok(Some(parts.symbol(body, None, document, cycle)));
    match rest {
        [] => Ok(None),
        [protocol, rest @ ..] if body == Body::Crc && PROTOCOLS.contains(protocol) => {
            of_state(parts, body, rest, states)
        }
        ["GC", number] if is_number(number) => kind(DocumentKind::GeneralComment, number),
        ["GC", ..] => kind(DocumentKind::GeneralComment, ""), // of two committees together
        ["CR", _, number] if body == Body::Cat => kind(DocumentKind::ConcludingObservations, number),
        [series] if parts.is_addendum && OLD_SERIES.contains(&(body, series)) => {
            kind(DocumentKind::ConcludingObservations, "")
        }
        [session, "D", ..] if is_number(session) => kind(DocumentKind::Decision, ""),
        [first, second, ..] if names_a_state(first, second) => of_state(parts, body, rest, states),
        [state] if is_word(state) && state.len() == 3 => of_state(parts, body, rest, states),
        ["", ..] => Err(parts.impossible("//", "leaves a part out")),
        _ => kind(DocumentKind::Other, ""),
    }
}

/// A state's code, alone or with a territory's, stands in front of a word that we know or of a cycle.
fn names_a_state(first: &str, second: &str) -> bool {
    let is_code = first.len() == 3 && is_word(first);
    let with_territory = first.split_once('-').is_some_and(|(a, b)| is_word(a) && is_word(b));
    let almost = (2..=5).contains(&first.len()) && first.chars().any(char::is_alphabetic) && !first.contains('.');
    is_code || with_territory || (almost && WORDS.contains(&second))
}

/// What stands behind the committee, or behind the protocol.
fn of_state(parts: &Parts, body: Body, rest: &[&str], states: States<'_>) -> Result<Option<Symbol>, ImpossiblePart> {
    let Some((first, rest)) = rest.split_first() else {
        return Ok(None);
    };
    let state = parts.state(first, states)?;
    let (document, cycle) = document(parts, body, first, rest)?;
    Ok(Some(parts.symbol(body, state, document, cycle)))
}

fn document<'p>(
    parts: &Parts,
    body: Body,
    state: &str,
    rest: &[&'p str],
) -> Result<(DocumentKind, &'p str), ImpossiblePart> {
    let added = parts.is_addendum;
    match rest {
        [] => Err(parts.impossible(state, "needs a document behind it, such as /CO/3 or /3")),
        [word, cycle, more @ ..] if WORDS.contains(word) => {
            parts.cycle(cycle)?;
            if let Some(more) = more.first() {
                return Err(parts.impossible(more, "follows the cycle, where only Add.1, Corr.1 or Rev.1 can"));
            }
            Ok((asked(word, added), cycle))
        }
        [word] if WORDS.contains(word) => {
            Err(parts.impossible(word, format!("needs a cycle behind it, such as {word}/3")))
        }
        [cycle] if !is_word(cycle) => {
            let restricted = cycle.strip_prefix("R.").unwrap_or(cycle);
            parts.cycle(restricted)?;
            Ok((of_its_own(body, added), cycle))
        }
        [word, ..] if is_word(word) => Ok((DocumentKind::Other, "")),
        [part, ..] if part.chars().any(|c| c.is_ascii_uppercase()) && part.len() < 4 => {
            Err(parts.impossible(part, format!("is no kind of document{}", nearest(part, &WORDS))))
        }
        _ => Ok((DocumentKind::Other, "")),
    }
}

/// What a committee asked or found. An addendum is what the state answered.
fn asked(word: &str, added: bool) -> DocumentKind {
    match (word, added) {
        ("CO", false) => DocumentKind::ConcludingObservations,
        ("CO", true) | ("FCO", _) => DocumentKind::FollowUp,
        ("Q", false) => DocumentKind::ListOfIssues,
        ("Q", true) | ("RQ", _) => DocumentKind::Replies,
        _ => DocumentKind::ListOfIssuesPrior,
    }
}

/// What stands alone behind the state: its report, or the Subcommittee's on a visit.
fn of_its_own(body: Body, added: bool) -> DocumentKind {
    match (body, added) {
        (Body::Spt, false) => DocumentKind::VisitReport,
        (Body::Spt, true) => DocumentKind::Replies,
        _ => DocumentKind::Report,
    }
}

/// Documents that the committees share: `HRI/CORE/MEX/2005`.
pub(super) fn shared(parts: &Parts, rest: &[&str], states: States<'_>) -> Result<Option<Symbol>, ImpossiblePart> {
    let (state, document) = match rest {
        ["CORE", state, ..] if is_word(state) => (parts.state(state, states)?, DocumentKind::CoreDocument),
        ["CORE", ..] => (None, DocumentKind::CoreDocument),
        ["GEN", ..] => (None, DocumentKind::GeneralComment),
        _ => (None, DocumentKind::Other),
    };
    Ok(Some(parts.symbol(Body::Hri, state, document, "")))
}
