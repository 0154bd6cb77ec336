//! The reason for a suggestion in words that a person can dispute. About political will: careful words only.

use super::classifier::Sign;
use super::explaining::{Dossier, Withheld};
use super::reading::{How, LONGEST, Reading};
use super::scoring::{Scores, Short};
use super::{Cause, LANGUAGES};

/// What the reason for having no signs may be: one text, or several together.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// Bytes, where it is too long to be read.
    too_long: Option<usize>,
    blank: bool,
    words: bool,
    elsewhere: bool,
    supposed: bool,
    done: bool,
    foreign: bool,
}

impl Told {
    pub(super) fn of(text: &str, reading: &Reading) -> Self {
        let too_long = (text.len() > LONGEST).then_some(text.len());
        Self {
            too_long,
            blank: text.trim().is_empty(),
            words: reading.words,
            elsewhere: reading.elsewhere > 0,
            supposed: reading.supposed > 0,
            done: reading.done > 0,
            // Asked only where nothing was found: it passes the text once more.
            foreign: too_long.is_none() && !reading.understood && foreign(text),
        }
    }

    fn all(dossier: &Dossier<'_>) -> Self {
        let mut all = Self {
            blank: true,
            foreign: true,
            ..Self::default()
        };
        for one in dossier.accounts.iter().map(|account| &account.heard.told) {
            all.too_long = all.too_long.or(one.too_long);
            all.blank &= one.blank;
            all.words |= one.words;
            all.elsewhere |= one.elsewhere;
            all.supposed |= one.supposed;
            all.done |= one.done;
            all.foreign &= one.foreign;
        }
        all
    }
}

/// Why this label, or why none.
pub(super) fn reason(
    scores: &Scores,
    withheld: Option<Withheld>,
    label: Cause,
    signs: &[Sign],
    dossier: &Dossier<'_>,
) -> String {
    if let Some(why) = withheld {
        return not_named(why, scores);
    }
    match (scores.short_of, scores.top) {
        (None, Some(top)) if label == top => named(top, scores, signs),
        (Some(Short::Points), Some(top)) => format!(
            "Undetermined: the only signs point to {} and are too weak to name it. {}",
            top.plain_words(),
            first(signs, top)
        ),
        (Some(Short::Share), Some(top)) => format!(
            "Undetermined: no cause has 40 per cent of the weight; the first is {} with {}.",
            top.plain_words(),
            per_cent(weight(scores, top))
        ),
        (Some(Short::Lead), Some(top)) => {
            let second = scores.second.unwrap_or(Cause::Undetermined);
            format!(
                "Undetermined: {} ({}) and {} ({}) lie too close together.",
                top.plain_words(),
                per_cent(weight(scores, top)),
                second.plain_words(),
                per_cent(weight(scores, second))
            )
        }
        _ => nothing(dossier, signs),
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
    let mut speak = signs.iter().filter(|sign| sign.cause == top && sign.points > 0.0);
    if speak.all(|sign| sign.how.contains(&How::Told)) {
        told.push_str(" Only an own account says so; no second source does.");
    }
    if let Some(second) = scores.second.filter(|second| weight(scores, *second) >= 0.25) {
        told.push_str(&format!(
            " Second: {} ({}).",
            second.plain_words(),
            per_cent(weight(scores, second))
        ));
    }
    told
}

fn not_named(why: Withheld, scores: &Scores) -> String {
    let top = scores.top.map_or("a cause", Cause::plain_words);
    match why {
        Withheld::General => format!(
            "Undetermined: only figures about the whole state point to {top}; nothing that is held says so of this duty."
        ),
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

fn nothing(dossier: &Dossier<'_>, signs: &[Sign]) -> String {
    let told = Told::all(dossier);
    let many = dossier.accounts.len() > 1;
    let plain = |one: &str, all: &str| if many { all.to_owned() } else { one.to_owned() };
    let why = if let Some(bytes) = told.too_long {
        let (size, most) = (bytes / 1000, LONGEST / 1000);
        format!("the text has {size} kB; give one paragraph or finding, at most {most} kB")
    } else if told.blank && dossier.given.is_empty() && dossier.figures.0.is_empty() {
        "there is no text, no signal and no figure".to_owned()
    } else if told.blank {
        "what was given says nothing about a cause".to_owned()
    } else if !told.words {
        plain("the text has no words", "the texts have no words")
    } else if told.elsewhere {
        plain(
            "what it says of causes is about another state",
            "what the texts say of causes is about another state",
        )
    } else if told.supposed {
        "causes are only supposed, not stated".to_owned()
    } else if signs.iter().any(|sign| sign.points < 0.0) {
        plain(
            "the text only says what is not the cause",
            "the texts and figures only say what is not the cause",
        )
    } else if told.done {
        plain(
            "the text tells of what was done, not of what is missing",
            "the texts tell of what was done, not of what is missing",
        )
    } else if told.foreign {
        let languages = LANGUAGES.join(", ");
        format!("the text is in a script that is not read here; languages are {languages}")
    } else {
        plain("the text gives no cause", "none of the texts gives a cause")
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
