//! The gap summary of a state: what a delegation needs, on two sheets, each number leading to its evidence.

use super::causes::suggested_counts;
use super::counts::{self, Counts, gradable};
use super::here::Here;
use super::summary_lines::{gap_lines, is_sign, kept_lines, kept_note, sign_lines};
use crate::actions::causes::suggesting::{self, Suggested};
use crate::domain::causes::Cause;
use crate::domain::deadlines::{Deadline, DeadlineStatus};
use crate::domain::evidence::AuthorRole;
use crate::domain::ids::ThemeCode;
use crate::domain::participation::Status;
use crate::domain::summaries::{ObligationPicture, StatePicture, StoredEvidence};
use crate::store::findings;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, CauseMark, GradeMark};
use crate::web::view::summaries::{CauseCount, MOST_DUE, MOST_SAID, Summary, Unknown};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A day in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

/// Shows it.
pub(in crate::web) async fn summary(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let findings = findings::of_state(&visit.app.db, &here.state.iso3).await?;
    let picture = StatePicture::of(
        &here.shelf.reference,
        &here.shelf.world,
        &findings,
        &here.state.iso3,
        here.as_of,
    );
    let suggested = suggesting::of_state(&visit.app.db, &here.state.iso3, &picture).await?;
    let view = view(&here, &picture, &suggested, &visit.app.config.base_url);
    let mut page = visit.page(format!("{}: gap summary", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show(&page, &view)
}

fn view(here: &Here, picture: &StatePicture<'_>, suggested: &Suggested, base_url: &str) -> Summary {
    let counts = Counts::of(picture);
    let state = &here.state.iso3;
    let gaps = gap_lines(here, picture, suggested);
    let (state_says, state_says_all) = own_words(here, picture);
    let (due_caption, due) = due(here, &picture.deadlines);
    let permanent = links::summary(state).with("as_of", &here.as_of.to_string());
    Summary {
        state: here.name().to_owned(),
        answer: answer(here, &counts),
        as_of: here.note(links::summary(state)),
        figures: counts::figures(here, &counts),
        bar: counts::bar(gradable(picture)).map(counts::big),
        key: GradeMark::key(),
        causes: causes(here, picture),
        suggested: suggested_causes(picture, suggested),
        why: Anchor::new("Gap by gap, with every sign", here.keep(links::state_causes(state))),
        causes_note: causes_note(picture, counts.known),
        kept_note: kept_note(picture),
        kept: kept_lines(here, picture, &gaps),
        signs: sign_lines(here, picture, suggested, gaps.len()),
        signs_caption: format!(
            "Evidence is held on {} of the {} without a grade",
            figure(picture.gaps().filter(|one| is_sign(one)).count()),
            count(counts.unknown, "obligation", "obligations")
        ),
        gaps,
        gaps_all: Anchor::new(format!("All {}, and {} without information", count(counts.known, "known gap", "known gaps"), figure(counts.unknown)), here.keep(links::gaps(state))),
        kept_all: (counts.full > 0).then(|| {
            Anchor::new(count(counts.full, "obligation fully in place", "obligations fully in place"), here.keep(links::obligations(state).with("grade", "4")))
        }),
        not_party: not_party(here, picture),
        due_caption,
        due_columns: DeadlineRow::columns(false),
        due,
        due_all: Anchor::new(format!("The whole calendar of {}", here.name()), here.keep(links::state_deadlines(state))),
        state_says,
        state_says_all,
        unknown: unknown(here, picture, &counts),
        how_sure: "Grades marked “computed” are suggested by a published rule from the evidence held; no person has decided them. \
                   Causes are signals, found by persons or, where marked “computed”, by a published rule; none is an accusation. Treaty facts: the depositaries, as of the date of each row."
            .to_owned(),
        permanent: format!("This page: {}{permanent}", base_url.trim_end_matches('/')),
    }
}

fn answer(here: &Here, counts: &Counts) -> String {
    let (name, day) = (here.name(), here.as_of);
    if counts.binding == 0 {
        return format!(
            "On {day} {name} is bound by none of these {} treaties as far as is known, so there is nothing to grade.",
            counts.treaties
        );
    }
    let computed = counts.known - counts.decided;
    if counts.unknown == counts.gradable {
        return format!(
            "On {day} {name} is bound by {} of {} treaties and {}. On none of the {} that can be graded is there enough recent evidence for a grade: that is no finding of failure, nor of success.",
            counts.parties,
            counts.treaties,
            count(counts.binding, "obligation", "obligations"),
            figure(counts.gradable),
        );
    }
    let known = match (counts.known, counts.decided) {
        (0, _) => "no gap is known".to_owned(),
        (known, 0) => format!(
            "{} known, as computed from evidence",
            count(known, "gap is", "gaps are")
        ),
        (known, _) if computed == 0 => format!("{} known, as graded by persons", count(known, "gap is", "gaps are")),
        (known, decided) => format!(
            "{} known ({decided} graded by persons, {computed} computed from evidence)",
            count(known, "gap is", "gaps are")
        ),
    };
    let full = match counts.full {
        0 => "none is shown to be fully in place".to_owned(),
        full => format!(
            "{} shown to be fully in place",
            count(full, "obligation is", "obligations are")
        ),
    };
    format!(
        "On {day} {name} is bound by {} of {} treaties and {}. Of the {} that can be graded, {known}, {full}, and on {} there is no usable information.",
        counts.parties,
        counts.treaties,
        count(counts.binding, "obligation", "obligations"),
        figure(counts.gradable),
        figure(counts.unknown),
    )
}

fn has(gap: &ObligationPicture<'_>, cause: Cause) -> bool {
    gap.causes.iter().any(|found| found.cause == cause)
}

fn causes(here: &Here, picture: &StatePicture<'_>) -> Vec<CauseCount> {
    let explained = picture.gaps().filter(|gap| !gap.causes.is_empty()).count();
    let counted = Cause::ALL
        .iter()
        .map(|cause| (*cause, picture.gaps().filter(|gap| has(gap, *cause)).count()));
    counted
        .filter(|(_, number)| *number > 0)
        .map(|(cause, number)| CauseCount {
            cause: CauseMark::of(cause),
            gaps: Anchor::new(
                format!(
                    "{number} of {}",
                    count(explained, "gap with a recorded cause", "gaps with a recorded cause")
                ),
                here.keep(links::gaps(&here.state.iso3).with("cause", cause.code())),
            ),
        })
        .collect()
}

/// What signs suggest for the gaps of which no person has found a cause.
fn suggested_causes(picture: &StatePicture<'_>, suggested: &Suggested) -> Vec<CauseMark> {
    let open: Vec<_> = picture
        .gaps()
        .filter(|gap| gap.causes.is_empty() && suggested.contains_key(&gap.obligation.provision.id))
        .collect();
    let all = count(open.len(), "gap without one", "gaps without one");
    let counts = suggested_counts(&open, suggested).into_iter();
    counts
        .map(|(cause, number)| CauseMark::of(cause).with(format!("{number} of {all}")))
        .collect()
}

fn causes_note(picture: &StatePicture<'_>, known: usize) -> String {
    let without = picture.known_gaps().filter(|gap| gap.causes.is_empty()).count();
    let several = "A gap may have several causes.";
    match without {
        0 => several.to_owned(),
        _ => format!(
            "{several} For {without} of {} nobody has recorded one yet.",
            count(known, "known gap", "known gaps")
        ),
    }
}

fn unknown(here: &Here, picture: &StatePicture<'_>, counts: &Counts) -> Option<Unknown> {
    let gaps = picture.gaps().filter(|gap| !gap.is_known_gap());
    let mut themes: BTreeMap<&ThemeCode, usize> = BTreeMap::new();
    for gap in gaps {
        *themes.entry(&gap.obligation.provision.theme).or_default() += 1;
    }
    let mut themes: Vec<_> = themes.into_iter().collect();
    themes.sort_by_key(|(code, number)| (std::cmp::Reverse(*number), *code));
    let page = || links::gaps(&here.state.iso3).with("kind", "no_information");
    let named = themes.into_iter().take(3).map(|(code, number)| {
        Anchor::new(
            format!("{} ({number})", here.theme(code).text),
            here.keep(page().with("theme", code.as_str())),
        )
    });
    (counts.unknown > 0).then(|| Unknown {
        text: format!(
            "On {} of {} there is no usable information. This says nothing about how they are kept.",
            figure(counts.unknown),
            count(counts.gradable, "gradable obligation", "gradable obligations")
        ),
        all: Anchor::new("See which", here.keep(page())),
        themes: named.collect(),
    })
}

fn not_party(here: &Here, picture: &StatePicture<'_>) -> Vec<Anchor> {
    let others = picture
        .participation
        .iter()
        .filter(|(_, found)| found.status != Status::Party);
    others
        .map(|(instrument, found)| {
            let code = &instrument.code;
            let text = match found.status {
                Status::None | Status::Party => code.to_string(),
                other => format!("{code} ({})", other.words()),
            };
            Anchor::new(text, here.keep(links::instrument(code)))
        })
        .collect()
}

/// Whether the state speaks of itself.
pub(super) fn is_own_word(item: &StoredEvidence) -> bool {
    item.evidence.is_own_word()
}

fn own_words(here: &Here, picture: &StatePicture<'_>) -> (Vec<Anchor>, Option<Anchor>) {
    let by_states: Vec<_> = picture
        .evidence
        .iter()
        .copied()
        .filter(|item| item.evidence.author_role == AuthorRole::State)
        .collect();
    let (own, review): (Vec<&StoredEvidence>, Vec<&StoredEvidence>) =
        by_states.iter().copied().partition(|item| is_own_word(item));
    let said = own.iter().map(|item| (item, ""));
    let recommended = review
        .iter()
        .map(|item| (item, "Recommended by another state, with the reply: "));
    let lines: Vec<Anchor> = said
        .chain(recommended)
        .take(MOST_SAID)
        .map(|(item, before)| {
            Anchor::new(
                format!("{before}{}", item.evidence.title),
                here.keep(links::evidence(&item.id)),
            )
        })
        .collect();
    let all = (by_states.len() > lines.len()).then(|| {
        Anchor::new(
            format!("All {}", by_states.len()),
            here.keep(links::state_evidence(&here.state.iso3).with("role", "state")),
        )
    });
    (lines, all)
}

/// The latest that are overdue, and what comes next.
fn due(here: &Here, deadlines: &[Deadline]) -> (String, Vec<DeadlineRow>) {
    let is = |status: DeadlineStatus| deadlines.iter().filter(move |one| one.status == status);
    let overdue: Vec<_> = is(DeadlineStatus::Overdue).collect();
    let coming: Vec<_> = deadlines
        .iter()
        .filter(|one| matches!(one.status, DeadlineStatus::Due | DeadlineStatus::Upcoming))
        .collect();
    let next = coming.len().min(MOST_DUE - overdue.len().min(MOST_DUE / 2));
    let late = overdue.len().min(MOST_DUE - next);
    let shown = overdue
        .iter()
        .skip(overdue.len() - late)
        .chain(coming.iter().take(next));
    let rows: Vec<_> = shown
        .map(|one| DeadlineRow::of(one, here.name(), one.instrument.as_str()))
        .collect();
    let within = is(DeadlineStatus::Due).count();
    let none = |number: usize| if number == 0 { "no".to_owned() } else { figure(number) };
    let reports = if overdue.len() == 1 { "report is" } else { "reports are" };
    let mut caption = format!(
        "{} {reports} overdue and {} due within a year",
        none(overdue.len()),
        none(within)
    );
    if rows.len() < overdue.len() + coming.len() {
        caption.push_str("; the nearest are shown");
    }
    if let Some(first) = caption.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    (caption, rows)
}
