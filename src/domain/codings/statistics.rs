//! How far independent gradings agree, over complete rounds.

use super::Outcome;
use crate::domain::agreement::{Agreement, Bag, Draws, Level, Refusal, Scale, krippendorff};
use crate::domain::assessments::Grade;
use crate::domain::ids::ThemeCode;

/// So many complete rounds of one theme came out with these grades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The theme.
    pub theme: ThemeCode,
    /// The grades, ascending.
    pub grades: Vec<Option<Grade>>,
    /// How many rounds.
    pub rounds: u32,
}

/// What some rounds come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// How many rounds.
    pub rounds: u32,
    /// In how many all gave the same.
    pub same: u32,
    /// In how many all gave a grade and none lies more than one from another; the same ones among them.
    pub within_one: u32,
    /// In how many somebody found no information: alpha takes that as a missing value.
    pub without_grade: u32,
    /// Krippendorff's alpha for ranks, or why there is none.
    pub alpha: Result<Agreement, Refusal>,
}

impl Statistics {
    /// Of these rounds. The same rounds always give the same interval.
    #[must_use]
    pub fn of<'a>(tallies: impl Iterator<Item = &'a Tally> + Clone) -> Self {
        let count = |wanted: fn(&Tally) -> bool| -> u32 {
            tallies
                .clone()
                .filter(|tally| wanted(tally))
                .map(|tally| tally.rounds)
                .sum()
        };
        let bag = |tally: &Tally| Bag {
            values: tally
                .grades
                .iter()
                .flatten()
                .map(|grade| usize::from(grade.number()))
                .collect(),
            times: tally.rounds,
        };
        let bags: Vec<Bag> = tallies.clone().map(bag).collect();
        let scale = Scale::new(Level::Ordinal, (0..5).map(f64::from).collect());
        Self {
            rounds: count(|_| true),
            same: count(|tally| matches!(Outcome::of(&tally.grades), Outcome::Agreed(_))),
            within_one: count(|tally| {
                matches!(
                    Outcome::of(&tally.grades),
                    Outcome::Agreed(Some(_)) | Outcome::Disagreed(Some(1))
                )
            }),
            without_grade: count(|tally| tally.grades.contains(&None)),
            alpha: scale.and_then(|scale| krippendorff(&bags, &scale, Draws::default())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(grades: &[Option<u8>], rounds: u32) -> Tally {
        Tally {
            theme: "T08".parse().expect("a theme"),
            grades: grades.iter().map(|grade| grade.and_then(Grade::from_number)).collect(),
            rounds,
        }
    }

    #[test]
    fn rounds_are_counted_by_how_they_came_out() {
        let tallies = [
            tally(&[Some(1), Some(1)], 6),
            tally(&[Some(3), Some(3)], 4),
            tally(&[Some(1), Some(2)], 2),
            tally(&[Some(0), Some(3)], 1),
            tally(&[None, Some(2)], 1),
            tally(&[None, None], 1),
        ];
        let found = Statistics::of(tallies.iter());
        assert_eq!(
            (found.rounds, found.same, found.within_one, found.without_grade),
            (15, 11, 12, 2)
        );
        let alpha = found.alpha.expect("a figure");
        assert_eq!((alpha.units, alpha.values), (13, 26));
        // By hand over the coincidences of the 13 rounds with two grades: ranks 0, 1, 2, 3 were given 1, 14, 2 and 9 times.
        let middle = [0.5, 8.0, 16.0, 21.5];
        let n = [1.0, 14.0, 2.0, 9.0];
        let square = |a: usize, b: usize| f64::powi(middle[a] - middle[b], 2);
        let seen = 2.0 * square(1, 2) + square(0, 3);
        let chance: f64 = (0..4)
            .flat_map(|a| (a + 1..4).map(move |b| (a, b)))
            .map(|(a, b)| n[a] * n[b] * square(a, b))
            .sum();
        let expected = 1.0 - 25.0 * seen / chance;
        assert!(
            (alpha.value - expected).abs() < 1e-12,
            "{} is not {expected}",
            alpha.value
        );
    }

    #[test]
    fn no_rounds_and_one_grade_only_give_no_figure() {
        let none: [Tally; 0] = [];
        assert_eq!(Statistics::of(none.iter()).alpha, Err(Refusal::NoPairs));
        assert_eq!(
            Statistics::of([tally(&[Some(2), Some(2)], 9)].iter()).alpha,
            Err(Refusal::NoVariation)
        );
    }
}
