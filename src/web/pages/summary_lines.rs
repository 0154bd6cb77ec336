//! The lines of the gap summary: obligations of one theme at one grade, with what shows it and why.

use super::here::Here;
use super::summaries::is_own_word;
use crate::actions::causes::suggesting::Suggested;
use crate::domain::assessments::Grade;
use crate::domain::causes::Cause;
use crate::domain::gaps::{Basis, Standing};
use crate::domain::ids::{EvidenceId, ThemeCode};
use crate::domain::suggestions::Weighed;
use crate::domain::summaries::{ObligationPicture, StatePicture, StoredEvidence};
use crate::web::links;
use crate::web::view::parts::{Anchor, CauseMark, GradeMark};
use crate::web::view::summaries::{
    LONGEST_GIST, LONGEST_REPLY, MOST_GAPS, MOST_KEPT, MOST_PROVISIONS, Said, SummaryGap,
};
use crate::web::view::words::{provision_name, short};
use chrono::NaiveDate;
use std::cmp::Reverse;

/// Obligations of one theme that stand alike, for the same recorded causes.
struct Group<'p, 'a> {
    theme: &'p ThemeCode,
    standing: Standing,
    /// With their weights, where persons gave any.
    causes: Vec<(Cause, Option<u8>)>,
    /// What signs suggest where no person has found a cause.
    suggested: Option<Cause>,
    members: Vec<&'p ObligationPicture<'a>>,
}

fn groups<'p, 'a>(
    pictures: impl Iterator<Item = &'p ObligationPicture<'a>>,
    suggested: &Suggested,
) -> Vec<Group<'p, 'a>> {
    let mut groups: Vec<Group<'p, 'a>> = Vec::new();
    for picture in pictures {
        let (theme, standing) = (&picture.obligation.provision.theme, picture.standing);
        let causes = causes(picture);
        let found = suggested.get(&picture.obligation.provision.id);
        let found = found.map(|found| found.cause).filter(|_| causes.is_empty());
        let alike = |group: &&mut Group<'_, '_>| {
            group.theme == theme && group.standing == standing && group.causes == causes && group.suggested == found
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.members.push(picture),
            None => groups.push(Group {
                theme,
                standing,
                causes,
                suggested: found,
                members: vec![picture],
            }),
        }
    }
    groups
}

/// The gravest known gaps; of those equally grave the widest first.
pub(super) fn gap_lines(here: &Here, picture: &StatePicture<'_>, suggested: &Suggested) -> Vec<SummaryGap> {
    let mut groups = groups(picture.known_gaps(), suggested);
    groups.sort_by_key(|group| (group.standing.grade, Reverse(group.members.len()), group.theme));
    groups
        .iter()
        .take(MOST_GAPS)
        .map(|group| line(here, group, picture.as_of))
        .collect()
}

/// Where evidence is held that carries no grade: as many lines as the known gaps leave, those with a cause first.
pub(super) fn sign_lines(
    here: &Here,
    picture: &StatePicture<'_>,
    suggested: &Suggested,
    taken: usize,
) -> Vec<SummaryGap> {
    let mut groups = groups(picture.gaps().filter(|one| is_sign(one)), suggested);
    groups.sort_by_key(|group| (group.causes.is_empty(), Reverse(group.members.len()), group.theme));
    let most = MOST_GAPS.saturating_sub(taken);
    groups
        .iter()
        .take(most)
        .map(|group| line(here, group, picture.as_of))
        .collect()
}

/// Evidence is held, and no grade follows from it.
pub(super) fn is_sign(one: &ObligationPicture<'_>) -> bool {
    !one.is_known_gap() && !one.evidence.is_empty()
}

/// What is shown to be fully or substantially in place, and does not stand among the gaps already.
pub(super) fn kept_lines(here: &Here, picture: &StatePicture<'_>, gaps: &[SummaryGap]) -> Vec<SummaryGap> {
    let good =
        |one: &&ObligationPicture<'_>| one.obligation.is_gradable() && one.standing.grade >= Some(Grade::Substantially);
    let mut groups = groups(picture.obligations.iter().filter(good), &Suggested::new());
    groups.sort_by_key(|group| (Reverse(group.standing.grade), Reverse(group.members.len()), group.theme));
    let lines = groups.iter().map(|group| line(here, group, picture.as_of));
    let told = |line: &SummaryGap| {
        gaps.iter()
            .any(|gap| gap.theme == line.theme && gap.grade.word == line.grade.word)
    };
    lines.filter(|line| !told(line)).take(MOST_KEPT).collect()
}

fn line(here: &Here, group: &Group<'_, '_>, as_of: NaiveDate) -> SummaryGap {
    let state = &here.state.iso3;
    let named = group.members.iter().take(MOST_PROVISIONS).map(|one| {
        let (instrument, provision) = (one.obligation.instrument, one.obligation.provision);
        Anchor::new(
            provision_name(instrument, provision),
            here.keep(links::obligation(state, &provision.id)),
        )
    });
    let more = group.members.len().saturating_sub(MOST_PROVISIONS);
    let ours = strongest(group, as_of, |item| !is_own_word(item)).or_else(|| strongest(group, as_of, |_| true));
    let (ours, other) = match both_sides(group, as_of) {
        Some((against, for_it)) => (Some(against), Some(for_it)),
        None => (ours, None),
    };
    let shown = |item: &StoredEvidence| [ours, other].iter().flatten().any(|one| one.id == item.id);
    let own = strongest(group, as_of, is_own_word).filter(|own| !shown(own));
    SummaryGap {
        theme: here.theme(group.theme).text,
        grade: GradeMark::standing(&group.standing),
        causes: group
            .causes
            .iter()
            .map(|(cause, weight)| marked(*cause, *weight))
            .collect(),
        suggested: group.suggested.map(CauseMark::of),
        provisions: named.collect(),
        more: (more > 0).then(|| {
            Anchor::new(
                format!("and {more} more"),
                here.keep(links::obligations(state).with("theme", group.theme.as_str())),
            )
        }),
        shows: ours.map(|item| document(here, item)),
        gist: ours.map_or_else(|| reasons(group), |item| short(&item.evidence.gist, LONGEST_GIST)),
        other_side: other.map(|item| Said {
            gist: short(&item.evidence.gist, LONGEST_REPLY),
            source: document(here, item),
        }),
        state_says: own.map(|item| Said {
            gist: short(&item.evidence.gist, LONGEST_REPLY),
            source: document(here, item),
        }),
    }
}

/// Where the evidence is contested: the strongest against and the strongest for.
fn both_sides<'p>(group: &Group<'p, '_>, as_of: NaiveDate) -> Option<(&'p StoredEvidence, &'p StoredEvidence)> {
    let against = |item: &StoredEvidence| item.evidence.grade.is_some_and(|grade| grade <= Grade::NotInPlace);
    let for_it = |item: &StoredEvidence| item.evidence.grade.is_some_and(|grade| grade >= Grade::Substantially);
    let found = strongest(group, as_of, against).zip(strongest(group, as_of, for_it));
    found.filter(|_| group.standing.contested)
}

/// Why a person graded so, where no evidence is held.
fn reasons(group: &Group<'_, '_>) -> String {
    let decided = group.members.iter().find_map(|one| one.assessment);
    decided
        .map(|assessment| short(&assessment.reasons, LONGEST_GIST))
        .unwrap_or_default()
}

fn document(here: &Here, item: &StoredEvidence) -> Anchor {
    let evidence = &item.evidence;
    let text = match (evidence.symbol.as_str(), evidence.paragraph.as_str()) {
        ("", _) => short(&evidence.title, 60),
        (symbol, "") => symbol.to_owned(),
        (symbol, paragraph) if paragraph.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{symbol}, para. {paragraph}")
        }
        (symbol, paragraph) => format!("{symbol}, {paragraph}"),
    };
    Anchor::new(text, here.keep(links::evidence(&item.id)))
}

/// The evidence that carries the grade: what the decision cites before the rest, then what points closest to the grade,
/// then what weighs most.
fn strongest<'p>(
    group: &Group<'p, '_>,
    as_of: NaiveDate,
    wanted: impl Fn(&StoredEvidence) -> bool,
) -> Option<&'p StoredEvidence> {
    let mut best: Option<(Rank, &'p StoredEvidence)> = None;
    for one in &group.members {
        let cited: &[EvidenceId] = one.assessment.map_or(&[], |assessment| assessment.evidence.as_slice());
        // A suggestion's items are the serving evidence that has a grade and a date, in the same order.
        let mut weights = one.suggestion.items.iter().map(|item| item.weight);
        for item in &one.evidence {
            let weight = Weighed::of(&item.evidence, as_of)
                .and_then(|_| weights.next())
                .unwrap_or(0.0);
            let rank = Rank {
                cited: cited.contains(&item.id),
                distance: distance(item, &group.standing),
                weight,
            };
            let better = best.as_ref().is_none_or(|(held, _)| rank.beats(held));
            if wanted(item) && better {
                best = Some((rank, item));
            }
        }
    }
    best.map(|(_, item)| item)
}

struct Rank {
    cited: bool,
    distance: u8,
    weight: f64,
}

impl Rank {
    fn beats(&self, other: &Self) -> bool {
        (self.cited, Reverse(self.distance)) > (other.cited, Reverse(other.distance))
            || (self.cited == other.cited && self.distance == other.distance && self.weight > other.weight)
    }
}

fn distance(item: &StoredEvidence, standing: &Standing) -> u8 {
    match (item.evidence.grade, standing.grade) {
        (Some(one), Some(other)) => one.number().abs_diff(other.number()),
        _ => u8::MAX,
    }
}

fn marked(cause: Cause, weight: Option<u8>) -> CauseMark {
    let mark = CauseMark::of(cause);
    match weight {
        Some(weight) => mark.with(format!("{weight} %")),
        None => mark,
    }
}

fn causes(one: &ObligationPicture<'_>) -> Vec<(Cause, Option<u8>)> {
    let mut causes: Vec<_> = one.causes.iter().map(|found| (found.cause, found.weight)).collect();
    causes.sort_unstable();
    causes.dedup();
    causes
}

/// How many are shown to be kept, those that a person decided and those that are computed apart.
pub(super) fn kept_note(picture: &StatePicture<'_>) -> String {
    let told = |grade: Grade| {
        let at = || {
            let gradable = picture.obligations.iter().filter(|one| one.obligation.is_gradable());
            gradable.filter(move |one| one.standing.grade == Some(grade))
        };
        let decided = at().filter(|one| one.standing.basis == Basis::Assessed).count();
        match (at().count(), decided) {
            (0, _) => "none".to_owned(),
            (all, decided) => format!("{all} ({decided} decided by persons, {} computed)", all - decided),
        }
    };
    format!(
        "Fully in place: {}. Substantially in place: {}.",
        told(Grade::FullyInPlace),
        told(Grade::Substantially)
    )
}
