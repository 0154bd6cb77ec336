//! The grade that evidence suggests: the combination rule of METHOD, section 2. Computed, shown as computed, and never a
//! decision.

mod combining;
mod contributions;
mod sensitivity;

use super::assessments::Grade;
use super::evidence::{AuthorRole, Credibility, Evidence, IndicatorKind, Reliability};
use chrono::{Datelike, NaiveDate};
use combining::{Kinds, Sums, groups};

pub use contributions::{Contribution, contributions};
pub use sensitivity::{Sensitivity, sensitivity};

/// The judgements behind the rule that a sensitivity run moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameters {
    /// What every grade starts with.
    pub prior: f64,
    /// The half-lives of METHOD are multiplied by this.
    pub half_lives: f64,
}

impl Parameters {
    /// As METHOD sets them.
    pub const METHOD: Self = Self {
        prior: 0.2,
        half_lives: 1.0,
    };
}

/// A cap that applied, or a label that a reader must see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Law alone shows at most half.
    LawOnly,
    /// Without outcome evidence nothing is full.
    NoOutcome,
    /// A state's word on itself.
    SelfReportsOnly,
}

impl Note {
    /// The word in files and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LawOnly => "law_only",
            Self::NoOutcome => "no_outcome",
            Self::SelfReportsOnly => "self_reports_only",
        }
    }

    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::LawOnly => "law only: at most partly in place",
            Self::NoOutcome => "no outcome evidence: at most substantially in place",
            Self::SelfReportsOnly => "the state's own reports only: at most substantially in place",
        }
    }
}

/// One item's part in a suggestion.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Index in the list that was given.
    pub index: usize,
    /// The grade it supports.
    pub grade: Grade,
    /// Its weight after sharing with copies of its origin.
    pub weight: f64,
}

/// What the evidence suggests.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The suggested grade; none where the evidence is too thin.
    pub grade: Option<Grade>,
    /// The middle of the distribution, before caps.
    pub median: Grade,
    /// The range between the 10 % and the 90 % grade.
    pub range: (Grade, Grade),
    /// How likely each grade is, from 0 (contrary) to 4 (fully in place); they add up to 1.
    pub distribution: [f64; 5],
    /// Sum of weights.
    pub strength: f64,
    /// 0 (all agree) to 1 (both sides equal).
    pub conflict: f64,
    /// Whether both sides are strong.
    pub contested: bool,
    /// Which caps and labels applied.
    pub notes: Vec<Note>,
    /// The year of the newest item that weighs.
    pub newest: Option<i32>,
    /// Each item's part.
    pub items: Vec<Item>,
}

impl Suggestion {
    /// In words, as METHOD has them: “partly in place (range: not in place–substantially), five items, newest 2025,
    /// contested”.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = match self.grade {
            None => "insufficient evidence for a grade".to_owned(),
            Some(grade) => {
                let (low, high) = self.range;
                let range = if low == high {
                    String::new()
                } else {
                    format!(" (range: {}–{})", low.short_words(), high.short_words())
                };
                format!("{}{range}", grade.words())
            }
        };
        if let Some(newest) = self.newest {
            words.push_str(&format!(", {}, newest {newest}", items(self.items.len())));
        }
        if self.contested {
            words.push_str(", contested");
        }
        words
    }

    /// The same as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let words = self.words();
        let mut letters = words.chars();
        let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
        format!("{first}{}.", letters.as_str())
    }

    /// Whether a decision lies more than one grade away from it.
    #[must_use]
    pub fn differs(&self, decided: Option<Grade>) -> bool {
        far_apart(self.grade, decided)
    }
}

/// Whether two grades lie more than one apart. “No information” has no distance.
#[must_use]
pub fn far_apart(one: Option<Grade>, other: Option<Grade>) -> bool {
    matches!((one, other), (Some(a), Some(b)) if a.number().abs_diff(b.number()) > 1)
}

/// `one item`, `five items`, `12 items`.
fn items(number: usize) -> String {
    const WORDS: [&str; 10] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let end = if number == 1 { "item" } else { "items" };
    WORDS
        .get(number)
        .map_or_else(|| format!("{number} {end}"), |word| format!("{word} {end}"))
}

/// What the rule needs to know of one item.
#[derive(Debug, Clone)]
pub struct Weighed<'a> {
    /// The grade it supports.
    pub grade: Grade,
    /// Reliability of the source.
    pub reliability: Reliability,
    /// Credibility of the information.
    pub credibility: Credibility,
    /// Age in years.
    pub age: f64,
    /// The year of its date.
    pub year: i32,
    /// Structure, process or outcome.
    pub kind: IndicatorKind,
    /// The first source behind it.
    pub origin: &'a str,
    /// The state speaks of itself.
    pub by_the_state: bool,
}

impl<'a> Weighed<'a> {
    /// The item as it weighs on `as_of`; none where it supports no grade or has no date.
    #[must_use]
    pub fn of(evidence: &'a Evidence, as_of: NaiveDate) -> Option<Self> {
        let date = evidence.date()?.latest().min(as_of);
        Some(Self {
            grade: evidence.grade?,
            reliability: evidence.reliability,
            credibility: evidence.credibility,
            age: years(date, as_of),
            year: date.year(),
            kind: evidence.kind,
            origin: evidence.first_source(),
            by_the_state: evidence.author_role == AuthorRole::State,
        })
    }

    /// Its weight on its own: reliability × credibility × what its age has left of it.
    #[must_use]
    pub fn weight(&self, parameters: Parameters) -> f64 {
        let credibility = match self.credibility {
            Credibility::One => 1.0,
            Credibility::Two => 0.8,
            Credibility::Three => 0.6,
            Credibility::Four => 0.4,
            Credibility::Five => 0.1,
            Credibility::Six => 0.5,
        };
        let half_life = match self.kind {
            IndicatorKind::Structure => 8.0,
            IndicatorKind::Process => 4.0,
            IndicatorKind::Outcome => 3.0,
        };
        self.reliability.weight() * credibility * 0.5_f64.powf(self.age / (half_life * parameters.half_lives))
    }
}

fn years(from: NaiveDate, to: NaiveDate) -> f64 {
    f64::from(i32::try_from((to - from).num_days()).unwrap_or(i32::MAX)) / 365.25
}

/// Combines items into a suggestion. `items` and the result's indices refer to the same list.
#[must_use]
pub fn suggest(items: &[Weighed<'_>]) -> Suggestion {
    suggest_with(items, Parameters::METHOD)
}

/// The same with other judgements behind it.
#[must_use]
pub fn suggest_with(items: &[Weighed<'_>], parameters: Parameters) -> Suggestion {
    let weights: Vec<f64> = items.iter().map(|item| item.weight(parameters)).collect();
    let groups = groups(items, &weights);
    let mut sums = Sums::default();
    groups.values().for_each(|group| sums.add(&group.sums()));
    let mut kinds = Kinds::default();
    items.iter().for_each(|item| kinds.add(item));
    let outcome = sums.outcome(kinds, parameters.prior);
    let shared = |item: &Weighed<'_>, own: f64| groups.get(item.origin).map_or(own, |group| group.share_of(own));
    Suggestion {
        grade: outcome.grade,
        median: outcome.median,
        range: outcome.range,
        distribution: outcome.distribution,
        strength: sums.strength,
        conflict: outcome.conflict,
        contested: outcome.contested,
        notes: outcome.notes,
        newest: items.iter().map(|item| item.year).max(),
        items: (items.iter().zip(&weights).enumerate())
            .map(|(index, (item, own))| Item {
                index,
                grade: item.grade,
                weight: shared(item, *own),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
