//! The reason for a suggestion in words that a person can dispute. About political will: careful words only.

use super::classifier::{Case, Sign, Withheld};
use super::reading::{LONGEST, Reading};
use super::scoring::{Scores, Short};
use super::{Cause, LANGUAGES};

/// Why this label, or why none.
pub(super) fn reason(
    scores: &Scores,
    withheld: Option<Withheld>,
    label: Cause,
    signs: &[Sign],
    case: &Case,
    reading: &Reading,
) -> String {
    if let Some(why) = withheld {
        return not_named(why, scores);
    }
    match (scores.short_of, scores.top) {
        (None, Some(top)) if label == top => named(top, scores, signs),
        (Some(Short::Points), Some(top)) => format!(
            "Undetermined: the only signs point to {} and are too weak to name it. {}",
            top.words(),
            first(signs, top)
        ),
        (Some(Short::Share), Some(top)) => format!(
            "Undetermined: no cause has 40 per cent of the weight; the first is {} with {}.",
            top.words(),
            per_cent(weight(scores, top))
        ),
        (Some(Short::Lead), Some(top)) => {
            let second = scores.second.unwrap_or(Cause::Undetermined);
            format!(
                "Undetermined: {} ({}) and {} ({}) lie too close together.",
                top.words(),
                per_cent(weight(scores, top)),
                second.words(),
                per_cent(weight(scores, second))
            )
        }
        _ => nothing(case, reading, signs),
    }
}

fn named(top: Cause, scores: &Scores, signs: &[Sign]) -> String {
    let words = match top {
        Cause::PoliticalWill => "Signals consistent with a policy choice",
        Cause::Resources => "Signals of a lack of resources",
        Cause::Information => "Signals of a lack of information",
        Cause::Other | Cause::Undetermined => "Signals of other factors",
    };
    let mut told = format!(
        "{words} ({} of the weight). {}",
        per_cent(weight(scores, top)),
        first(signs, top)
    );
    if let Some(second) = scores.second.filter(|second| weight(scores, *second) >= 0.25) {
        told.push_str(&format!(
            " Second: {} ({}).",
            second.words(),
            per_cent(weight(scores, second))
        ));
    }
    told
}

fn not_named(why: Withheld, scores: &Scores) -> String {
    let top = scores.top.map_or("a cause", Cause::words);
    match why {
        Withheld::Quoted => format!("Undetermined: {top} is named only in quoted speech, which nobody confirms here."),
        Withheld::Contradictory => {
            "Undetermined: the signs contradict each other; some speak for a cause, others against the same one."
                .to_owned()
        }
        Withheld::List => {
            "Undetermined: the text names three or more causes at once, so it does not single out one.".to_owned()
        }
    }
}

fn nothing(case: &Case, reading: &Reading, signs: &[Sign]) -> String {
    let why = if case.text.len() > LONGEST {
        let (size, most) = (case.text.len() / 1000, LONGEST / 1000);
        format!("the text has {size} kB; give one paragraph or finding, at most {most} kB")
    } else if case.text.trim().is_empty() && case.given.is_empty() && case.figures.0.is_empty() {
        "there is no text, no signal and no figure".to_owned()
    } else if case.text.trim().is_empty() {
        "what was given says nothing about a cause".to_owned()
    } else if !reading.words {
        "the text has no words".to_owned()
    } else if reading.elsewhere > 0 {
        "what it says of causes is about another state".to_owned()
    } else if reading.supposed > 0 {
        "causes are only supposed, not stated".to_owned()
    } else if signs.iter().any(|sign| sign.points < 0.0) {
        "the text only says what is not the cause".to_owned()
    } else if reading.done > 0 {
        "the text tells of what was done, not of what is missing".to_owned()
    } else if foreign(&case.text) {
        format!(
            "the text is in a script that is not read here; languages are {}",
            LANGUAGES.join(", ")
        )
    } else {
        "the text gives no cause".to_owned()
    };
    format!("Undetermined: {why}.")
}

/// The strongest sign of a cause, as it was read.
fn first(signs: &[Sign], cause: Cause) -> String {
    let of = signs.iter().filter(|sign| sign.cause == cause && sign.points > 0.0);
    let Some(sign) = of.max_by(|one, other| one.points.total_cmp(&other.points)) else {
        return String::new();
    };
    let how: Vec<&str> = sign.how.iter().map(|how| how.words()).collect();
    let how = if how.is_empty() {
        String::new()
    } else {
        format!("; {}", how.join(", "))
    };
    let matched = if sign.sentence.is_empty() {
        sign.matched.clone()
    } else {
        format!("“{}”", sign.matched)
    };
    format!("Strongest sign: {} ({matched}{how}).", sign.says)
}

fn weight(scores: &Scores, cause: Cause) -> f64 {
    let each = Cause::ALL.iter().zip(scores.weights);
    each.filter(|(one, _)| **one == cause).map(|(_, weight)| weight).sum()
}

fn per_cent(weight: f64) -> String {
    format!("{:.0} %", weight * 100.0)
}

/// Whether most letters belong to no script that is read here.
fn foreign(text: &str) -> bool {
    let (mut all, mut known) = (0_usize, 0_usize);
    for letter in text.chars().filter(|letter| letter.is_alphabetic()) {
        all += 1;
        known += usize::from(matches!(u32::from(letter),
            0x41..=0x24f | 0x1e00..=0x1eff | 0x400..=0x4ff | 0x600..=0x6ff | 0x750..=0x77f | 0x3400..=0x9fff));
    }
    known * 2 < all
}
