//! The gaps of a state: known ones first, gravest first; those that nobody can grade on request.

use super::downloads;
use super::here::Here;
use super::obligations::{anchor, evidence, mark};
use crate::domain::causes::{Cause, CauseFinding};
use crate::domain::ids::ThemeCode;
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::export::tables::{Cell, Table};
use crate::store::findings;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::gaps::{GapRow, Gaps};
use crate::web::view::page::Section;
use crate::web::view::parts::{self, Anchor, Bar, CauseMark, Empty, Pager};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

/// Filters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// `known` (the default), `none` for those without information, or `all`.
    show: String,
    theme: String,
    cause: String,
    as_of: String,
    page: String,
}

impl Asked {
    fn link(&self, here: &Here) -> Link {
        here.keep(
            links::gaps(&here.state.iso3)
                .with_some("show", Some(&self.show))
                .with_some("theme", Some(&self.theme))
                .with_some("cause", Some(&self.cause)),
        )
    }

    fn is_narrow(&self) -> bool {
        ![&self.show, &self.theme, &self.cause]
            .iter()
            .all(|text| text.is_empty())
    }
}

/// The list.
pub(in crate::web) async fn list(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let theme = match asked.theme.trim() {
        "" => None,
        text => Some(here.shelf.reference.find_theme(text)?.code.clone()),
    };
    let findings = findings::of_state(&visit.app.db, &here.state.iso3).await?;
    let picture = StatePicture::of(
        &here.shelf.reference,
        &here.shelf.world,
        &findings,
        &here.state.iso3,
        here.as_of,
    );
    let shown = shown(&picture, &asked, theme.as_ref());
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &shown));
    }
    let view = view(&here, &asked, &picture, &shown);
    let mut page = visit.page(format!("{}: gaps", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show(&page, &view)
}

fn shown<'p, 'a>(
    picture: &'p StatePicture<'a>,
    asked: &Asked,
    theme: Option<&ThemeCode>,
) -> Vec<&'p ObligationPicture<'a>> {
    let wanted = |one: &&ObligationPicture<'_>| match asked.show.as_str() {
        "none" => !one.is_known_gap(),
        "all" => true,
        _ => one.is_known_gap(),
    };
    let caused = |one: &&ObligationPicture<'_>| {
        asked.cause.is_empty() || one.causes.iter().any(|found| found.cause.code() == asked.cause)
    };
    let of_theme = |one: &&ObligationPicture<'_>| theme.is_none_or(|code| *code == one.obligation.provision.theme);
    let mut all: Vec<_> = picture.gaps().filter(wanted).filter(caused).filter(of_theme).collect();
    all.sort_by_key(|one| one.standing.grade.map_or(u8::MAX, |grade| grade.number()));
    all
}

/// The gravest known gaps, at most so many.
pub(super) fn gravest(here: &Here, picture: &StatePicture<'_>, most: usize) -> Vec<GapRow> {
    let all = shown(picture, &Asked::default(), None);
    all.into_iter().take(most).map(|one| row(here, one)).collect()
}

fn row(here: &Here, one: &ObligationPicture<'_>) -> GapRow {
    GapRow {
        provision: anchor(here, one),
        label: one.obligation.provision.label.clone(),
        theme: here.theme(&one.obligation.provision.theme),
        grade: mark(one),
        causes: one.causes.iter().map(|finding| cause_mark(finding)).collect(),
        evidence: evidence(one),
    }
}

/// A cause with its weight.
pub(super) fn cause_mark(finding: &CauseFinding) -> CauseMark {
    let mark = CauseMark::of(finding.cause);
    finding
        .weight
        .map_or(mark.clone(), |weight| mark.with(format!("{weight} %")))
}

/// How many gaps each cause keeps open, as a bar and as marks. A gap with two causes counts for both.
pub(super) fn by_cause(picture: &StatePicture<'_>) -> (Option<Bar>, Vec<CauseMark>) {
    let counted = Cause::ALL.iter().map(|cause| {
        let with = picture
            .gaps()
            .filter(|gap| gap.causes.iter().any(|found| found.cause == *cause))
            .count();
        (*cause, with)
    });
    let counted: Vec<(Cause, usize)> = counted.filter(|(_, gaps)| *gaps > 0).collect();
    let parts: Vec<(&'static str, &str, usize)> = counted
        .iter()
        .map(|(cause, gaps)| (cause.code(), cause.words(), *gaps))
        .collect();
    let marks = counted
        .iter()
        .map(|(cause, gaps)| CauseMark::of(*cause).with(count(*gaps, "gap", "gaps")));
    (Bar::of(&parts), marks.collect())
}

fn table(here: &Here, shown: &[&ObligationPicture<'_>]) -> Table {
    let rows = shown.iter().map(|one| {
        let row = row(here, one);
        let causes: Vec<String> = row.causes.iter().map(|cause| cause.word.clone()).collect();
        vec![
            Cell::from(one.obligation.provision.id.as_str()),
            Cell::from(row.label),
            Cell::from(row.theme.text),
            Cell::from(row.grade.word),
            Cell::from(if row.grade.computed { "computed" } else { "" }),
            Cell::from(causes.join("; ")),
            Cell::count(one.evidence.len()),
        ]
    });
    let heads = [
        "Provision",
        "Label",
        "Theme",
        "Grade",
        "Computed",
        "Why it stays open",
        "Evidence",
    ];
    Table::new(caption(here, shown.len()), &heads, rows)
}

fn caption(here: &Here, rows: usize) -> String {
    format!("{} of {} on {}", count(rows, "gap", "gaps"), here.name(), here.as_of)
}

fn view(here: &Here, asked: &Asked, picture: &StatePicture<'_>, shown: &[&ObligationPicture<'_>]) -> Gaps {
    let (link, state) = (asked.link(here), &here.state.iso3);
    let (rows, pager) = Pager::cut(shown.len(), asked.page.parse().unwrap_or(1), &link);
    let known = picture.known_gaps().count();
    let unknown = picture.gaps().count() - known;
    let (causes_bar, causes) = by_cause(picture);
    Gaps {
        state: here.name().to_owned(),
        answer: answer(here, picture, known, unknown),
        as_of: here.note(links::gaps(state)),
        filters: filters(here, asked),
        causes_bar,
        causes,
        caption: caption(here, shown.len()),
        columns: GapRow::columns(),
        rows: shown[rows].iter().map(|one| row(here, one)).collect(),
        downloads: parts::downloads(&link),
        pager,
        empty: Empty {
            title: "No gap to show".to_owned(),
            text: "No obligation is graded below full that fits these filters. That is not the same as being kept: see those without information.".to_owned(),
            needed: vec!["Evidence from two or more independent sources, so that an obligation can be graded.".to_owned()],
            action: Some(Anchor::new("Those without information", here.keep(links::gaps(state).with("show", "none")))),
        },
        no_information: Anchor::new(
            format!("{} without information", figure(unknown)),
            here.keep(links::gaps(state).with("show", "none")),
        ),
        summary: Anchor::new("Gap summary on two pages", here.keep(links::summary(state))),
    }
}

fn answer(here: &Here, picture: &StatePicture<'_>, known: usize, unknown: usize) -> String {
    let gradable = picture
        .obligations
        .iter()
        .filter(|one| one.obligation.is_gradable())
        .count();
    let decided = picture.known_gaps().filter(|gap| gap.assessment.is_some()).count();
    if gradable == 0 {
        return format!(
            "No treaty of this list is in force for {} on {}, so there is nothing to grade.",
            here.name(),
            here.as_of
        );
    }
    format!(
        "Of {} that can be graded, {} known to fall short ({} by a person's decision, the rest computed from evidence) and {} no information.",
        count(gradable, "obligation", "obligations"),
        count(known, "is", "are"),
        figure(decided),
        count(unknown, "has", "have"),
    )
}

fn filters(here: &Here, asked: &Asked) -> Filters {
    let show = [("", "known gaps"), ("none", "without information"), ("all", "both")];
    let show = show.map(|(value, label)| Choice::new(value, label)).into();
    let mut themes = vec![Choice::new("", "every theme")];
    themes.extend(
        here.shelf
            .reference
            .themes()
            .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en)),
    );
    let mut causes = vec![Choice::new("", "every cause")];
    causes.extend(Cause::ALL.iter().map(|cause| Choice::new(cause.code(), cause.words())));
    let mut fields = vec![
        Field::select("show", "Show", show, &asked.show).filter(),
        Field::select("theme", "Theme", themes, &asked.theme).filter(),
        Field::select("cause", "Cause", causes, &asked.cause).filter(),
    ];
    fields.extend(here.asked().map(|day| Field::hidden("as_of", &day)));
    Filters {
        label: "Narrow the list".to_owned(),
        action: links::gaps(&here.state.iso3),
        fields,
        clear: asked.is_narrow().then(|| here.keep(links::gaps(&here.state.iso3))),
    }
}
