//! Reservations and declarations, attached to the provisions they touch. Most were never read by a lawyer: then we say
//! that they touch a provision and no more (VCLT arts. 2(1)(d), 19-23).

use super::dates::PartialDate;
use super::instruments::{Confidence, Instrument, Provision};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a reservation does to a provision, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Nothing for the state's own obligations (an objection, for instance).
    None,
    /// It accepts an optional clause.
    Accepts,
    /// It names the provision; its legal effect was not read.
    Touched,
    /// It changes what the provision asks (VCLT art. 21(1)(a)).
    Modified,
    /// The provision does not bind the state, as far as the reservation goes.
    Excluded,
}

impl Effect {
    /// The word used in files and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Accepts => "accepts",
            Self::Touched => "touched",
            Self::Modified => "modified",
            Self::Excluded => "excluded",
        }
    }

    /// The words shown to people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "no effect on the state's own obligations",
            Self::Accepts => "accepts the optional clause",
            Self::Touched => "touched, effect not read",
            Self::Modified => "modified",
            Self::Excluded => "excluded",
        }
    }
}

/// One reservation, declaration, understanding or objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Such as `MEX-ICRMW-2`.
    pub id: String,
    /// The articles it names, as in `22(4); 46`; empty for a general one.
    pub articles: String,
    /// What it calls itself.
    pub kind: String,
    /// What it does.
    pub effect: Effect,
    /// What it says, in our own words.
    pub gist: String,
    /// When it was made; with the consent to be bound where not given.
    pub date: Option<PartialDate>,
    /// When it was withdrawn.
    pub withdrawn: Option<PartialDate>,
    /// How we read it.
    pub method: String,
    /// Where we know it from.
    pub source: String,
    /// The date of that source.
    pub source_date: PartialDate,
    /// How sure.
    pub confidence: Confidence,
}

impl Reservation {
    /// Whether it stands on that date.
    #[must_use]
    pub fn stands_on(&self, as_of: NaiveDate) -> bool {
        self.date.is_none_or(|made| made.earliest() <= as_of) && self.withdrawn.is_none_or(|gone| as_of < gone.latest())
    }

    /// Whether it names that provision.
    #[must_use]
    pub fn names(&self, provision: &Provision) -> bool {
        targets(&self.articles).iter().any(|target| target.covers(provision))
    }

    /// Whether the instrument forbids it, and where it says so.
    #[must_use]
    pub fn forbidden_by<'a>(&self, instrument: &'a Instrument) -> Option<&'a str> {
        let rule = instrument.reservation_rule.as_ref()?;
        if matches!(self.effect, Effect::None | Effect::Accepts) {
            return None;
        }
        // However it calls itself: what excludes or modifies is a reservation (VCLT art. 2(1)(d)).
        let by_name = self.kind.contains("reservation");
        let reserves = by_name || matches!(self.effect, Effect::Excluded | Effect::Modified);
        let named = targets(&self.articles);
        let forbidden = targets(&rule.prohibited_articles);
        let hits_article = instrument.provisions.iter().any(|provision| {
            named.iter().any(|target| target.covers(provision))
                && forbidden.iter().any(|target| target.covers(provision))
        });
        let hits_part = rule.parts_prohibited && named.iter().any(|target| target.is_part());
        let forbidden = (by_name && rule.none_allowed) || (reserves && (hits_article || hits_part));
        forbidden.then_some(rule.article.as_str())
    }
}

/// One place in an instrument, as `22`, `22(4)`, `16(1)(c)`, `36-46` or `Part IV`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    head: String,
    path: Vec<String>,
}

impl Target {
    fn is_part(&self) -> bool {
        self.head.starts_with("part ") || self.head.starts_with("annex ")
    }

    fn covers(&self, provision: &Provision) -> bool {
        let part = provision.part.to_lowercase();
        if self.is_part() {
            return part == self.head
                || format!("part {part}") == self.head
                || self.head == provision.article.to_lowercase();
        }
        if !overlap(&self.head, &provision.article.to_lowercase()) {
            return false;
        }
        let (_, own) = split(&format!("({})", provision.paragraph));
        self.path.iter().zip(&own).all(|(a, b)| overlap(a, b))
    }
}

fn targets(articles: &str) -> Vec<Target> {
    let parts = articles.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (head, path) = split(&part.to_lowercase());
            Target { head, path }
        })
        .collect()
}

/// `16(1)(c)` → `16` and `["1", "c"]`; `(1(a))` → `` and `["1", "a"]`.
fn split(text: &str) -> (String, Vec<String>) {
    // `45(2)-(4)` is a range of paragraphs, `16(1)(c)` a letter inside one.
    let text = text.replace(")-(", "-");
    let mut pieces = text.split(['(', ')']).map(str::trim);
    let head = pieces.next().unwrap_or_default().to_owned();
    (
        head,
        pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect(),
    )
}

/// Whether two numbers, letters or ranges of them (`3-4`, `36-46`) have something in common.
fn overlap(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let range = |text: &str| -> Option<(u32, u32)> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
    };
    match (range(a), range(b)) {
        (Some((from, to)), Some((start, end))) => from <= end && start <= to,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_a_treaty_are_compared_as_far_as_both_are_given() {
        let covers = |articles: &str, article: &str, paragraph: &str, part: &str| {
            let provision: Provision = serde_json::from_value(serde_json::json!({
                "id": "X-1", "article": article, "paragraph": paragraph, "part": part, "label": "", "summary": "",
                "theme": "T01", "duty": "respect", "applies_to": "", "realisation": "immediate", "gradable": true,
                "confidence": "high"
            }))
            .expect("a provision");
            targets(articles).iter().any(|target| target.covers(&provision))
        };
        for (articles, article, paragraph, part, expected) in [
            ("22(4)", "22", "4", "", true),
            ("22(4)", "22", "5", "", false),
            ("22", "22", "5", "", true),
            ("22(4)", "22", "", "", true),
            ("15; 46; 47", "46", "", "", true),
            ("4", "46", "", "", false),
            ("11(3)", "11", "3-4", "", true),
            ("36-46", "40", "", "", true),
            ("36-46", "47", "", "", false),
            ("6(1)(b)", "6", "1(b)", "", true),
            ("6(1)(b)", "6", "1(a)", "", false),
            ("2(f)", "2", "f", "", true),
            ("45(2)-(4)", "45", "3", "", true),
            ("45(2)-(4)", "45", "1", "", false),
            ("Part IV", "40", "", "IV", true),
            ("Part I", "9", "", "Part I", true),
            ("Annex II", "Annex II", "", "", true),
            ("I", "I", "2", "", true),
        ] {
            assert_eq!(
                covers(articles, article, paragraph, part),
                expected,
                "{articles} ~ {article}({paragraph}) {part}"
            );
        }
    }
}
