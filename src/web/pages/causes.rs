//! Why the gaps of a state stay open: what persons found and what signs suggest, by theme and over all, never mixed.

pub(in crate::web) mod explained;
pub(in crate::web) mod over_time;
pub(in crate::web) mod weighing;

use super::counts::mark;
use super::downloads;
use super::gaps::gravest_first;
use super::here::Here;
use super::obligations::theme_field;
use crate::actions::causes::suggesting::{self, Suggested};
use crate::domain::causes::{Cause, SuggestedCauses, is_explained};
use crate::domain::ids::ThemeCode;
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::export::tables::{Cell, Table};
use crate::store::findings;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::causes::{CauseBar, GapCause, StateCauses, ThemeCauses, Unblock};
use crate::web::view::forms::{Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Bar, CauseMark, Empty, downloads as files};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use explained::remedies_for;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Causes for which remedies are shown.
const MOST_UNBLOCKED: usize = 3;

/// Filters of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    theme: String,
    as_of: String,
}

type Gaps<'p, 'a> = Vec<&'p ObligationPicture<'a>>;

/// Shows it.
pub(in crate::web) async fn state(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let theme = match asked.theme.trim() {
        "" => None,
        text => Some(here.shelf.reference.find_theme(text)?.code.clone()),
    };
    let code = &here.state.iso3;
    let findings = findings::of_state(&visit.app.db, code).await?;
    let picture = StatePicture::of(&here.shelf.reference, &here.shelf.world, &findings, code, here.as_of);
    let suggested = suggesting::of_state(&visit.app.db, code, &picture).await?;
    let wanted = |gap: &&ObligationPicture<'_>| theme.as_ref().is_none_or(|one| *one == gap.obligation.provision.theme);
    let mut gaps: Gaps<'_, '_> = picture.gaps().filter(|gap| is_explained(gap)).filter(wanted).collect();
    gravest_first(&mut gaps);
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &gaps, &suggested));
    }
    let mut page = visit.page(format!("Causes of the gaps of {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show(&page, &view(&here, theme.as_ref(), &gaps, &suggested))
}

/// Gaps by a cause that a person found: one with two causes counts under both.
pub(super) fn decided_counts(gaps: &[&ObligationPicture<'_>]) -> Vec<(Cause, usize)> {
    let has = |gap: &&&ObligationPicture<'_>, cause: Cause| gap.causes.iter().any(|found| found.cause == cause);
    counted(|cause| gaps.iter().filter(|gap| has(gap, cause)).count())
}

/// Gaps by the cause that signs suggest: each counts once.
pub(super) fn suggested_counts(gaps: &[&ObligationPicture<'_>], suggested: &Suggested) -> Vec<(Cause, usize)> {
    let of = |gap: &&ObligationPicture<'_>| suggested.get(&gap.obligation.provision.id).map(|found| found.cause);
    counted(|cause| gaps.iter().filter(|gap| of(gap) == Some(cause)).count())
}

fn counted(number: impl Fn(Cause) -> usize) -> Vec<(Cause, usize)> {
    let all = Cause::ALL.iter().map(|cause| (*cause, number(*cause)));
    all.filter(|(_, number)| *number > 0).collect()
}

/// Counts as a bar.
pub(super) fn bar(counts: &[(Cause, usize)]) -> Option<Bar> {
    let all: Vec<_> = counts
        .iter()
        .map(|(cause, number)| (cause.code(), cause.plain_words(), *number))
        .collect();
    Bar::of(&all)
}

fn words(counts: &[(Cause, usize)]) -> String {
    let all: Vec<String> = counts
        .iter()
        .map(|(cause, number)| format!("{number} {}", cause.plain_words()))
        .collect();
    all.join(", ")
}

fn view(here: &Here, theme: Option<&ThemeCode>, gaps: &Gaps<'_, '_>, suggested: &Suggested) -> StateCauses {
    let state = &here.state.iso3;
    let address = |page: Link| page.with_some("theme", theme.map(ThemeCode::as_str));
    let themes = by_theme(here, gaps, suggested);
    let here_page = address(links::state_causes(state));
    StateCauses {
        state: here.name().to_owned(),
        answer: answer(here, gaps, suggested),
        as_of: here.note(here_page.clone()),
        how: "Causes that persons found stand under their names; a gap may have several. What signs suggest is computed from \
              evidence, recommendations, reservations, reports and figures: one cause for each gap, or undetermined. It never \
              replaces a finding. Each gap leads to every sign."
            .to_owned(),
        filters: filters(here, theme),
        all: bars(gaps, suggested),
        themes_caption: count(themes.len(), "theme with a gap", "themes with a gap"),
        themes,
        caption: count(gaps.len(), "gap", "gaps"),
        rows: gaps.iter().map(|gap| row(here, gap, suggested)).collect(),
        downloads: files(&here.keep(here_page)),
        empty: Empty {
            title: "No gap is known here".to_owned(),
            text: "That is not a clean record: where nobody can grade, no cause is suggested either.".to_owned(),
            needed: vec!["evidence with a source and a date, attached to the provision that it concerns".to_owned()],
            action: Some(Anchor::new("See what has no information", here.keep(links::gaps(state).with("kind", "no_information")))),
        },
        unblock: unblock(gaps, suggested, theme),
        over_time: Anchor::new("Over the years", address(links::causes().with("state", state.as_str()))),
    }
}

fn answer(here: &Here, gaps: &Gaps<'_, '_>, suggested: &Suggested) -> String {
    let found = gaps.iter().filter(|gap| !gap.causes.is_empty()).count();
    let named = suggested_counts(gaps, suggested);
    let named: usize = named
        .iter()
        .filter(|(cause, _)| *cause != Cause::Undetermined)
        .map(|(_, number)| number)
        .sum();
    let known = gaps.iter().filter(|gap| gap.is_known_gap()).count();
    if gaps.is_empty() {
        return format!(
            "On {} nothing is held from which a cause of a gap of {} could be told.",
            here.as_of,
            here.name()
        );
    }
    format!(
        "On {} the causes of {} of {} can be looked at: {known} graded, {} with evidence that carries no grade. For {} a person has found a cause; for {} signs suggest one.",
        here.as_of,
        count(gaps.len(), "gap", "gaps"),
        here.name(),
        gaps.len() - known,
        figure(found),
        figure(named),
    )
}

fn bars(gaps: &Gaps<'_, '_>, suggested: &Suggested) -> Vec<CauseBar> {
    if gaps.is_empty() {
        return Vec::new();
    }
    let with_key = |title, base: String, counts: Vec<(Cause, usize)>| CauseBar {
        title,
        bar: bar(&counts),
        key: counts
            .iter()
            .map(|(cause, number)| CauseMark::of(*cause).with(number.to_string()))
            .collect(),
        text: base,
    };
    let found = gaps.iter().filter(|gap| !gap.causes.is_empty()).count();
    let signs = gaps
        .iter()
        .filter(|gap| suggested.contains_key(&gap.obligation.provision.id))
        .count();
    let all = count(gaps.len(), "gap", "gaps");
    vec![
        with_key(
            "What persons found",
            format!("{found} of {all} have a finding; one with two causes counts under both."),
            decided_counts(gaps),
        ),
        with_key(
            "What signs suggest",
            format!("{signs} of {all}, each once. Computed; no finding of fault."),
            suggested_counts(gaps, suggested),
        ),
    ]
}

fn by_theme(here: &Here, gaps: &Gaps<'_, '_>, suggested: &Suggested) -> Vec<ThemeCauses> {
    let mut themes: BTreeMap<&ThemeCode, Vec<&ObligationPicture<'_>>> = BTreeMap::new();
    for gap in gaps {
        themes.entry(&gap.obligation.provision.theme).or_default().push(gap);
    }
    let none = |words: String| if words.is_empty() { "none yet".to_owned() } else { words };
    let line = |(theme, gaps): (&ThemeCode, Vec<&ObligationPicture<'_>>)| {
        let (decided, signs) = (decided_counts(&gaps), suggested_counts(&gaps, suggested));
        let page = links::state_causes(&here.state.iso3).with("theme", theme.as_str());
        ThemeCauses {
            theme: Anchor::new(here.theme(theme).text, here.keep(page)),
            gaps: figure(gaps.len()),
            decided: bar(&decided),
            decided_words: none(words(&decided)),
            suggested: bar(&signs),
            suggested_words: none(words(&signs)),
        }
    };
    themes.into_iter().map(line).collect()
}

fn row(here: &Here, gap: &ObligationPicture<'_>, suggested: &Suggested) -> GapCause {
    let provision = &gap.obligation.provision;
    let found = suggested.get(&provision.id);
    let to = links::obligation(&here.state.iso3, &provision.id);
    GapCause {
        provision: Anchor::new(provision.id.as_str(), here.keep(to).at("causes")),
        label: provision.label.clone(),
        grade: mark(gap),
        decided: gap.causes.iter().map(|found| CauseMark::of(found.cause)).collect(),
        suggested: found.map(explained::mark),
        reason: found.map(|found| found.reason.clone()).unwrap_or_default(),
    }
}

fn unblock(gaps: &Gaps<'_, '_>, suggested: &Suggested, theme: Option<&ThemeCode>) -> Vec<Unblock> {
    let mut decided: BTreeMap<(Cause, &str), usize> = BTreeMap::new();
    for found in gaps.iter().flat_map(|gap| &gap.causes) {
        *decided.entry((found.cause, found.subcause.as_str())).or_default() += 1;
    }
    let mut signs: BTreeMap<(Cause, &str), usize> = BTreeMap::new();
    for found in gaps
        .iter()
        .filter_map(|gap| suggested.get(&gap.obligation.provision.id))
    {
        *signs
            .entry((found.cause, found.subclass.as_deref().unwrap_or_default()))
            .or_default() += 1;
    }
    decided.remove(&(Cause::Undetermined, ""));
    signs.remove(&(Cause::Undetermined, ""));
    let (from, basis) = if decided.is_empty() {
        (signs, "suggested by signs; no person has decided")
    } else {
        (decided, "found by a person")
    };
    let mut from: Vec<_> = from.into_iter().collect();
    from.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let first = from.into_iter().take(MOST_UNBLOCKED);
    first
        .map(|((cause, kind), _)| remedies_for(cause, kind, theme, basis))
        .collect()
}

fn filters(here: &Here, theme: Option<&ThemeCode>) -> Filters {
    let page = links::state_causes(&here.state.iso3);
    Filters {
        label: "Filter the causes".to_owned(),
        clear: theme.is_some().then(|| here.keep(page.clone())),
        action: page,
        fields: vec![
            theme_field(here, theme.map_or("", ThemeCode::as_str)),
            Field::line("date", "as_of", "As of", &here.asked().unwrap_or_default())
                .filter()
                .width("short"),
        ],
    }
}

fn table(here: &Here, gaps: &Gaps<'_, '_>, suggested: &Suggested) -> Table {
    let mut columns = vec![
        "Provision",
        "Label",
        "Theme",
        "Grade",
        "Found by persons",
        "Suggested by signs",
    ];
    columns.extend(Cause::ALL.iter().map(|cause| cause.plain_words()));
    columns.push("Why suggested");
    let rows = gaps.iter().map(|gap| {
        let provision = gap.obligation.provision;
        let found = suggested.get(&provision.id);
        let causes: Vec<&str> = gap.causes.iter().map(|found| found.cause.plain_words()).collect();
        let mut row: Vec<Cell> = vec![
            provision.id.as_str().into(),
            provision.label.as_str().into(),
            here.theme(&provision.theme).text.into(),
            mark(gap).word.into(),
            causes.join("; ").into(),
            found.map_or("", |found| found.cause.plain_words()).into(),
        ];
        let parts = found.map(SuggestedCauses::per_cents).unwrap_or_default();
        for at in 0..Cause::ALL.len() {
            row.push(
                parts
                    .get(at)
                    .map_or_else(|| Cell::from(""), |(_, part)| Cell::count(usize::from(*part))),
            );
        }
        row.push(found.map_or("", |found| found.reason.as_str()).into());
        row
    });
    Table::new(
        format!("Causes of the gaps of {} on {}", here.name(), here.as_of),
        &columns,
        rows,
    )
}
