//! What a state's pages count: obligations by what they are bound by, graded and known, and the bar of grades.

use super::here::Here;
use crate::domain::assessments::Grade;
use crate::domain::gaps::Basis;
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::web::links;
use crate::web::view::parts::{Bar, Figure, GradeMark, grade_class};
use crate::web::view::words::figure;

/// The counts of the page.
pub(super) struct Counts {
    pub parties: usize,
    pub treaties: usize,
    pub binding: usize,
    pub gradable: usize,
    pub known: usize,
    pub decided: usize,
    pub full: usize,
    pub unknown: usize,
}

impl Counts {
    /// Counts them.
    pub fn of(picture: &StatePicture<'_>) -> Self {
        let graded = |one: &&ObligationPicture<'_>| one.obligation.is_gradable();
        let (gradable, known) = (
            picture.obligations.iter().filter(graded).count(),
            picture.known_gaps().count(),
        );
        let unknown = picture.gaps().count() - known;
        Self {
            parties: picture.parties(),
            treaties: picture.participation.len(),
            binding: picture.binding().count(),
            gradable,
            known,
            decided: picture
                .known_gaps()
                .filter(|gap| gap.standing.basis == Basis::Assessed)
                .count(),
            full: gradable - known - unknown,
            unknown,
        }
    }
}

/// The figures at the head of a state's pages.
pub(super) fn figures(here: &Here, counts: &Counts) -> Vec<Figure> {
    let state = &here.state.iso3;
    let one = |number: usize, of: Option<usize>, label: &str, detail: &str, href| Figure {
        number: figure(number),
        of: of.map(figure),
        label: label.to_owned(),
        detail: Some(detail.to_owned()).filter(|text| !text.is_empty()),
        href: Some(here.keep(href)),
    };
    let decided = format!(
        "{} graded by persons, {} computed",
        counts.decided,
        counts.known - counts.decided
    );
    let of = Some(counts.gradable);
    vec![
        one(
            counts.parties,
            Some(counts.treaties),
            "treaties in force",
            "",
            links::state(state).at("treaties"),
        ),
        one(
            counts.binding,
            None,
            "obligations that bind",
            &format!("{} can be graded", figure(counts.gradable)),
            links::obligations(state),
        ),
        one(counts.known, of, "known gaps", &decided, links::gaps(state)),
        one(
            counts.unknown,
            of,
            "without usable information",
            "not counted as gaps known",
            links::gaps(state).with("kind", "no_information"),
        ),
    ]
}

/// The obligations that can be graded.
pub(super) fn gradable<'p, 'a>(picture: &'p StatePicture<'a>) -> impl Iterator<Item = &'p ObligationPicture<'a>> {
    picture.obligations.iter().filter(|one| one.obligation.is_gradable())
}

/// Obligations by grade as a bar, best first, *contested* and *no information* last.
pub(super) fn bar<'p, 'a: 'p>(gradable: impl Iterator<Item = &'p ObligationPicture<'a>>) -> Option<Bar> {
    let mut counts: Vec<(&'static str, &str, usize)> = Grade::ALL
        .iter()
        .map(|grade| (grade_class(Some(*grade)), grade.words(), 0))
        .collect();
    counts.extend([("contested", "contested", 0), ("none", "no information", 0)]);
    for one in gradable {
        let class = GradeMark::standing(&one.standing).class;
        if let Some((_, _, number)) = counts.iter_mut().find(|(known, _, _)| *known == class) {
            *number += 1;
        }
    }
    Bar::of(&counts)
}

/// The same bar over the whole width.
pub(super) fn big(mut bar: Bar) -> Bar {
    bar.big = true;
    bar
}
