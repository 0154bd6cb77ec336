//! The coverage matrix of a state: themes against treaties; in each cell how much is in force, shown and graded.

use super::desk::filters::keep_form;
use super::downloads;
use super::here::Here;
use crate::domain::assessments::Grade;
use crate::domain::gaps::Basis;
use crate::domain::ids::{InstrumentCode, ThemeCode};
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::export::tables::{Cell, Table};
use crate::store::findings;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Field, Filters};
use crate::web::view::matrix::{Matrix, MatrixCell, MatrixRow};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, GradeMark, downloads as files};
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

/// How much there is in a cell, a row, a column or the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Covered {
    duties: usize,
    with_evidence: usize,
    graded: usize,
    /// The worst grade, and whether it is computed.
    worst: Option<(Grade, bool)>,
}

impl Covered {
    fn add(&mut self, one: &ObligationPicture<'_>) {
        self.duties += 1;
        self.with_evidence += usize::from(!one.evidence.is_empty());
        self.graded += usize::from(one.assessment.is_some());
        if let Some(grade) = one.standing.grade.filter(|_| one.obligation.is_gradable()) {
            // Of two equal grades the one that a person gave is shown.
            let found = (grade, one.standing.basis == Basis::Suggested);
            self.worst = Some(self.worst.map_or(found, |worst| worst.min(found)));
        }
    }

    fn words(&self) -> String {
        format!(
            "{}, {} with evidence, {} graded",
            count(self.duties, "obligation", "obligations"),
            figure(self.with_evidence),
            figure(self.graded)
        )
    }
}

/// The whole matrix, counted.
#[derive(Debug, Default)]
struct Coverage {
    cells: BTreeMap<(ThemeCode, InstrumentCode), Covered>,
    themes: BTreeMap<ThemeCode, Covered>,
    treaties: BTreeMap<InstrumentCode, Covered>,
    whole: Covered,
}

impl Coverage {
    fn of(picture: &StatePicture<'_>) -> Self {
        let mut all = Self::default();
        for one in picture.binding() {
            let (theme, treaty) = (&one.obligation.provision.theme, &one.obligation.instrument.code);
            let cell = (theme.clone(), treaty.clone());
            all.cells.entry(cell).or_default().add(one);
            all.themes.entry(theme.clone()).or_default().add(one);
            all.treaties.entry(treaty.clone()).or_default().add(one);
            all.whole.add(one);
        }
        all
    }
}

/// Shows it.
pub(in crate::web) async fn matrix(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let code = &here.state.iso3;
    let findings = findings::of_state(&visit.app.db, code).await?;
    let picture = StatePicture::of(&here.shelf.reference, &here.shelf.world, &findings, code, here.as_of);
    let coverage = Coverage::of(&picture);
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &coverage));
    }
    let mut page = visit.page(format!("Coverage of {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show(&page, &view(&visit, &here, &coverage))
}

fn address(here: &Here) -> Link {
    here.keep(links::matrix(&here.state.iso3))
}

fn view(visit: &Visit, here: &Here, coverage: &Coverage) -> Matrix {
    let state = &here.state.iso3;
    // In the order in which the treaties stand everywhere else.
    let treaties: Vec<&InstrumentCode> = here
        .shelf
        .reference
        .instruments()
        .iter()
        .map(|instrument| &instrument.code)
        .filter(|code| coverage.treaties.contains_key(*code))
        .collect();
    let rows = coverage.themes.iter().map(|(theme, total)| {
        let name = here.theme(theme);
        let each = treaties.iter().map(|treaty| {
            let covered = coverage.cells.get(&(theme.clone(), (*treaty).clone()))?;
            Some(cell(here, covered, Some(theme), Some(treaty)))
        });
        let cells = each.chain([Some(cell(here, total, Some(theme), None))]).collect();
        MatrixRow { theme: name, cells }
    });
    let totals = treaties
        .iter()
        .filter_map(|treaty| Some(cell(here, coverage.treaties.get(*treaty)?, None, Some(treaty))))
        .chain([cell(here, &coverage.whole, None, None)]);
    Matrix {
        state: here.name().to_owned(),
        answer: answer(here, coverage),
        as_of: here.note(links::matrix(state)),
        filters: Filters {
            label: "Choose a day".to_owned(),
            action: links::matrix(state),
            fields: vec![
                Field::line("date", "as_of", "As of", &here.asked().unwrap_or_default())
                    .filter()
                    .width("short"),
            ],
            clear: None,
        },
        caption: format!(
            "{} and {}",
            count(coverage.themes.len(), "theme", "themes"),
            count(treaties.len(), "treaty", "treaties")
        ),
        treaties: treaties
            .iter()
            .map(|code| Anchor::new(code.as_str(), here.keep(links::instrument(code))))
            .collect(),
        rows: rows.collect(),
        totals: totals.collect(),
        key: GradeMark::key(),
        downloads: files(&address(here)),
        empty: empty(here),
        keep: keep_form(visit, &address(here)),
    }
}

fn cell(here: &Here, covered: &Covered, theme: Option<&ThemeCode>, treaty: Option<&InstrumentCode>) -> MatrixCell {
    let link = links::obligations(&here.state.iso3)
        .with_some("theme", theme.map(ThemeCode::as_str))
        .with_some("instrument", treaty.map(InstrumentCode::as_str));
    MatrixCell {
        href: here.keep(link),
        figures: format!(
            "{} / {} / {}",
            figure(covered.duties),
            figure(covered.with_evidence),
            figure(covered.graded)
        ),
        words: covered.words(),
        worst: covered.worst.map(|(grade, computed)| GradeMark {
            computed,
            ..GradeMark::decided(Some(grade))
        }),
    }
}

fn answer(here: &Here, coverage: &Coverage) -> String {
    let (name, whole) = (here.name(), &coverage.whole);
    if whole.duties == 0 {
        return format!("No treaty binds {name} on {}.", here.as_of);
    }
    let bare = coverage
        .themes
        .values()
        .filter(|theme| theme.with_evidence == 0)
        .count();
    let bare = match bare {
        0 => "every theme has some".to_owned(),
        some => format!("{} of {} themes have none", figure(some), coverage.themes.len()),
    };
    format!(
        "Of {} of {name} there is evidence on {}, and {} graded by a person; {bare}.",
        count(whole.duties, "obligation", "obligations"),
        figure(whole.with_evidence),
        count(whole.graded, "is", "are")
    )
}

fn table(here: &Here, coverage: &Coverage) -> Table {
    let columns = [
        "Theme",
        "Treaty",
        "In force",
        "With evidence",
        "Graded",
        "Worst grade",
        "Basis",
    ];
    let rows = coverage.cells.iter().map(|((theme, treaty), covered)| {
        vec![
            Cell::from(here.theme(theme).text),
            treaty.as_str().into(),
            Cell::count(covered.duties),
            Cell::count(covered.with_evidence),
            Cell::count(covered.graded),
            Cell::maybe(covered.worst.map(|(grade, _)| grade.words())),
            Cell::maybe(
                covered
                    .worst
                    .map(|(_, computed)| if computed { "suggested" } else { "assessed" }),
            ),
        ]
    });
    Table::new(format!("Coverage of {} on {}", here.name(), here.as_of), &columns, rows)
}

fn empty(here: &Here) -> Empty {
    Empty {
        title: format!("No treaty binds {} on {}", here.name(), here.as_of),
        text: "A cell begins when a treaty enters into force for the state.".to_owned(),
        needed: Vec::new(),
        action: Some(Anchor::new(
            "Its status towards every treaty",
            here.keep(links::state(&here.state.iso3)).at("treaties"),
        )),
    }
}
