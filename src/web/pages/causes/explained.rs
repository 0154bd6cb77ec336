//! The causes suggested for a gap as its page shows them: weights, every sign with the words it was read in, the state's
//! own words beside it, and what would unblock the gap.

use crate::actions::{remedies, signals};
use crate::domain::causes::{Cause, Place, SuggestedCauses, SuggestedSign};
use crate::domain::ids::ThemeCode;
use crate::domain::summaries::{ObligationPicture, StoredEvidence};
use crate::web::links;
use crate::web::pages::here::Here;
use crate::web::pages::summaries::is_own_word;
use crate::web::view::causes::{Asked, PlaceLine, SignLine, SuggestedNote, Unblock, WeightLine};
use crate::web::view::parts::{Anchor, Bar, BarPart, CauseMark};
use crate::web::view::summaries::Said;
use crate::web::view::words::short;
use chrono::Datelike;

/// Texts older than so many years are said to be old.
const OLD: i32 = 8;
/// What the state says, so many times at most.
const MOST_SAID: usize = 3;
/// Who could help, so many at most.
const MOST_HELPERS: usize = 4;

/// The whole part.
pub(in crate::web) fn note(here: &Here, one: &ObligationPicture<'_>, found: &SuggestedCauses) -> SuggestedNote {
    let own = one.evidence.iter().filter(|item| is_own_word(item));
    let said = |item: &&StoredEvidence| Said {
        gist: short(&item.evidence.gist, 240),
        source: Anchor::new(&item.evidence.title, here.keep(links::evidence(&item.id))),
    };
    let year = here.as_of.year();
    let old = found.newest_text().filter(|newest| year - newest > OLD);
    SuggestedNote {
        cause: mark(found),
        reason: found.reason.clone(),
        bar: weights_bar(found),
        weights: found
            .weights
            .iter()
            .filter(|line| line.weight > 0.0)
            .map(|line| WeightLine {
                cause: CauseMark::of(line.cause),
                weight: per_cent(line.weight),
                interval: format!("{} to {}", per_cent(line.low), per_cent(line.high)),
            })
            .collect(),
        signs: found.signs.iter().map(|sign| sign_line(here, sign)).collect(),
        age: old.map(|newest| {
            format!(
                "The newest of these texts is from {newest}, {} years ago: what it says may no longer hold.",
                year - newest
            )
        }),
        state_says: own.take(MOST_SAID).map(said).collect(),
    }
}

/// The suggested cause with its kind, in careful words.
pub(in crate::web) fn mark(found: &SuggestedCauses) -> CauseMark {
    let mark = CauseMark::of(found.cause);
    match found.subclass.as_deref() {
        Some(kind) => mark.with(kind.replace('_', " ")),
        None => mark,
    }
}

/// The suggested cause with its weight, for a table.
pub(in crate::web) fn short_mark(found: &SuggestedCauses) -> CauseMark {
    CauseMark::of(found.cause).with(per_cent(found.weight(found.cause)))
}

fn per_cent(weight: f64) -> String {
    format!("{:.0} %", 100.0 * weight)
}

/// The weights, side by side.
pub(in crate::web) fn weights_bar(found: &SuggestedCauses) -> Option<Bar> {
    let (mut x, mut parts, mut words) = (0.0, Vec::new(), Vec::new());
    for line in found.weights.iter().filter(|line| line.weight > 0.0) {
        let width = 100.0 * line.weight;
        parts.push(BarPart {
            class: line.cause.code(),
            x: format!("{x:.2}"),
            width: format!("{width:.2}"),
        });
        words.push(format!("{} {width:.0} %", line.cause.plain_words()));
        x += width;
    }
    (!parts.is_empty()).then(|| Bar {
        text: words.join(", "),
        parts,
        big: true,
    })
}

fn sign_line(here: &Here, sign: &SuggestedSign) -> SignLine {
    let (before, matched, after) = match sign.sentence.split_once(&sign.matched) {
        Some((before, after)) => (before.to_owned(), sign.matched.clone(), after.to_owned()),
        None => (String::new(), sign.matched.clone(), String::new()),
    };
    let how: Vec<&str> = sign.how.iter().map(|how| how.words()).collect();
    let behind = signals::shipped().ok().and_then(|all| all.signal(&sign.id));
    SignLine {
        cause: CauseMark::of(sign.cause),
        says: sign.says.clone(),
        points: format!("{:+.2}", sign.points).replace('-', "−"),
        before,
        matched,
        after,
        how: (!how.is_empty()).then(|| how.join("; ")),
        from: sign.from.iter().map(|place| place_line(here, place)).collect(),
        also: sign.also.iter().map(|place| place_line(here, place)).collect(),
        behind: behind
            .map(|signal| signal.source.replace("METHOD", "our method note"))
            .unwrap_or_default(),
    }
}

fn place_line(here: &Here, place: &Place) -> PlaceLine {
    let dated = |text: &str, year: Option<i32>| match year {
        Some(year) => format!("{text} ({year})"),
        None => text.to_owned(),
    };
    let (text, href) = match place {
        Place::Evidence { id, title, year, .. } => (dated(title, *year), Some(links::evidence(id))),
        Place::Recommendation {
            id,
            symbol,
            paragraph,
            year,
        } => {
            let text = match paragraph.as_str() {
                "" => symbol.clone(),
                paragraph => format!("{symbol}, {paragraph}"),
            };
            (dated(&text, *year), Some(links::recommendation(id)))
        }
        Place::Figure {
            figure,
            value,
            series,
            year,
            snapshot,
            fetched,
            source,
        } => {
            let text = format!(
                "{} {value} in {year}: {source}, series {series}, snapshot {snapshot} of {fetched}",
                figure.words()
            );
            (text, None)
        }
        Place::Reservation { id } => (format!("reservation {id}, shown above"), None),
        Place::Report {
            instrument,
            report,
            due,
        } => (
            format!("{instrument} {report} report, due {due}"),
            Some(links::state_deadlines(&here.state.iso3)),
        ),
    };
    PlaceLine {
        text,
        href: href.map(|href| here.keep(href)),
    }
}

/// What would unblock a gap: for the causes that persons found, else for the one that is suggested.
pub(in crate::web) fn unblock(one: &ObligationPicture<'_>, suggested: Option<&SuggestedCauses>) -> Vec<Unblock> {
    let theme = &one.obligation.provision.theme;
    let mut causes: Vec<(Cause, &str)> = one
        .causes
        .iter()
        .map(|found| (found.cause, found.subcause.as_str()))
        .collect();
    causes.sort_unstable();
    causes.dedup();
    if causes.iter().any(|(cause, _)| *cause != Cause::Undetermined) {
        causes.retain(|(cause, _)| *cause != Cause::Undetermined);
    }
    if !causes.is_empty() {
        return causes
            .into_iter()
            .map(|(cause, kind)| remedies_for(cause, kind, Some(theme), "found by a person"))
            .collect();
    }
    let found = suggested.map(|found| {
        let kind = found.subclass.as_deref().unwrap_or_default();
        remedies_for(
            found.cause,
            kind,
            Some(theme),
            "suggested by signs; no person has decided",
        )
    });
    found.into_iter().collect()
}

/// What is asked for where that cause keeps a gap open, and who could help.
pub(in crate::web) fn remedies_for(
    cause: Cause,
    kind: &str,
    theme: Option<&ThemeCode>,
    basis: &'static str,
) -> Unblock {
    let shipped = remedies::shipped().ok();
    let asked = shipped.into_iter().flat_map(|all| all.asked(cause, kind));
    let helpers = shipped.map(|all| all.helpers(cause, kind, theme)).unwrap_or_default();
    let mark = CauseMark::of(cause);
    Unblock {
        cause: if kind.is_empty() {
            mark
        } else {
            mark.with(kind.replace('_', " "))
        },
        basis,
        asked: asked
            .map(|one| Asked {
                name: None,
                text: one.asks.clone(),
                source: sourced(&one.source, one.confidence.word()),
            })
            .collect(),
        helpers: helpers
            .into_iter()
            .take(MOST_HELPERS)
            .map(|one| Asked {
                name: Some(one.name.clone()),
                text: one.offers.clone(),
                source: sourced(&one.source, one.confidence.word()),
            })
            .collect(),
    }
}

fn sourced(source: &str, sure: &str) -> String {
    if sure == "high" {
        source.to_owned()
    } else {
        format!("{source} (confidence {sure})")
    }
}
