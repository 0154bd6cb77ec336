//! What the evidence suggests on the page of an obligation: the sentence, how likely each grade is by the rule, what would
//! move it, and what every item that serves the obligation adds to it.

use super::here::Here;
use crate::domain::assessments::Grade;
use crate::domain::suggestions::{Contribution, Note, Suggestion, Weighed, contributions, sensitivity};
use crate::domain::summaries::{ObligationPicture, StoredEvidence};
use crate::web::links;
use crate::web::view::obligations::{SuggestionNote, WeighedLine};
use crate::web::view::parts::{Anchor, Bar, BarPart, GradeMark, grade_class};
use crate::web::view::words::{count, list, span};

/// The whole part.
pub(super) fn suggestion(here: &Here, one: &ObligationPicture<'_>) -> SuggestionNote {
    let found = &one.suggestion;
    let (weighing, silent): (Vec<_>, Vec<_>) = one
        .evidence
        .iter()
        .map(|item| (*item, Weighed::of(&item.evidence, here.as_of)))
        .partition(|(_, weighed)| weighed.is_some());
    let weighed: Vec<Weighed<'_>> = weighing.iter().filter_map(|(_, weighed)| weighed.clone()).collect();
    let mut parts = contributions(&weighed);
    parts.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.index.cmp(&b.index)));
    let shown = |part: &Contribution| Some(line(here, weighing.get(part.index)?.0, Some(part)));
    let mut items: Vec<WeighedLine> = parts.iter().filter_map(shown).collect();
    items.extend(silent.iter().map(|(item, _)| line(here, item, None)));
    let mut grade = GradeMark::decided(found.grade);
    grade.computed = found.grade.is_some();
    SuggestionNote {
        grade,
        words: found.sentence(),
        strength: (!weighed.is_empty()).then(|| {
            format!(
                "The items weigh {:.2} together; {:.2} would be one fresh, confirmed finding of a completely reliable source.",
                found.strength, 1.0
            )
        }),
        bar: (!weighed.is_empty()).then(|| bar(found)),
        fragile: fragile(&weighed),
        notes: found.notes.iter().map(|note| Note::words(*note).to_owned()).collect(),
        items,
    }
}

/// How likely each grade is, best first, in hundredths.
fn bar(found: &Suggestion) -> Bar {
    let (mut x, mut parts, mut words) = (0.0, Vec::new(), Vec::new());
    for grade in Grade::ALL {
        let width = 100.0 * found.distribution[usize::from(grade.number())];
        parts.push(BarPart {
            class: grade_class(Some(grade)),
            x: format!("{x:.2}"),
            width: format!("{width:.2}"),
        });
        words.push(format!("{} {width:.0} %", grade.words()));
        x += width;
    }
    Bar {
        text: words.join(", "),
        parts,
        big: false,
    }
}

fn fragile(weighed: &[Weighed<'_>]) -> Option<String> {
    let found = sensitivity(weighed);
    let moved: Vec<String> = found
        .moved()
        .map(|(words, grade)| format!("{words}: {}", grade.map_or("no grade", Grade::words)))
        .collect();
    found.is_fragile().then(|| {
        format!(
            "The grade moves when our own judgements are changed a little ({}). Do not build on it alone.",
            list(&moved)
        )
    })
}

fn line(here: &Here, stored: &StoredEvidence, part: Option<&Contribution>) -> WeighedLine {
    let item = &stored.evidence;
    let date = item.date().map(|date| (date, date.latest().min(here.as_of)));
    let age = date.map_or_else(
        || "no date".to_owned(),
        |(date, day)| match (here.as_of - day).num_days() {
            0 => date.to_string(),
            days => format!("{date}, {} old", span(days)),
        },
    );
    let kind = item.kind.words();
    let shares = part.filter(|part| part.copies > 1);
    WeighedLine {
        evidence: Anchor::new(&item.title, here.keep(links::evidence(&stored.id))),
        says: match item.strength {
            None => item.stance.words().to_owned(),
            Some(strength) => format!("{}; {}", item.stance.words(), strength.words()),
        },
        grade: item.grade.map(|grade| GradeMark::decided(Some(grade))),
        source: format!(
            "{}, {kind}; source {}, information {}",
            item.author_role.words(),
            item.reliability.code(),
            item.credibility.code(),
        ),
        age,
        weight: part.map_or_else(|| "0".to_owned(), |part| format!("{:.2}", part.weight)),
        copies: shares.map(|part| {
            format!(
                "{:.2} alone; shares one weight with {}",
                part.own,
                count(part.copies - 1, "other item of its origin", "other items of its origin")
            )
        }),
        share: part.map_or_else(String::new, |part| format!("{:.0} %", 100.0 * part.share)),
        without: match part {
            None if item.grade.is_none() => "carries no grade, so it does not weigh".to_owned(),
            None => "has no date, so it does not weigh".to_owned(),
            Some(part) => {
                let grade = part.without.map_or("no grade", Grade::words);
                let same = if part.moves { "" } else { "the same: " };
                format!("{same}{grade}")
            }
        },
        moves: part.is_some_and(|part| part.moves),
    }
}
