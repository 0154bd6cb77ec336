//! The gaps of a state: those that are known, gravest first; those that nobody can grade, but for which a cause is
//! recorded; and, where asked, all that nobody can grade.

use super::causes::explained;
use super::counts::{Counts, mark};
use super::downloads;
use super::here::Here;
use super::obligations::{no_such, theme_field};
use crate::actions::causes::suggesting::{self, Suggested};
use crate::domain::causes::{Cause, CauseFinding, SuggestedCauses};
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
use crate::web::view::parts::{Anchor, Bar, CauseMark, Empty, Pager, downloads as files};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

/// Filters of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    kind: String,
    cause: String,
    theme: String,
    as_of: String,
    page: String,
}

const KINDS: [(&str, &str); 3] = [
    ("", "known, or with a recorded cause"),
    ("no_information", "without information"),
    ("all", "all"),
];
const NOT_FOUND_YET: &str = "none";

impl Asked {
    fn page(&self, here: &Here) -> Link {
        here.keep(self.address(here))
    }

    fn address(&self, here: &Here) -> Link {
        links::gaps(&here.state.iso3)
            .with_some("kind", Some(&self.kind))
            .with_some("cause", Some(&self.cause))
            .with_some("theme", Some(&self.theme))
    }

    fn is_filtered(&self) -> bool {
        ![&self.kind, &self.cause, &self.theme]
            .iter()
            .all(|text| text.is_empty())
    }

    /// The filters, read.
    fn read(&self, here: &Here) -> Result<Wanted, Problem> {
        if !KINDS.iter().any(|(kind, _)| *kind == self.kind) {
            return Err(no_such("kind of gap", &self.kind, "no_information or all"));
        }
        let cause = match self.cause.as_str() {
            "" => WantedCause::Any,
            NOT_FOUND_YET => WantedCause::NoneYet,
            word => WantedCause::One(word.parse().map_err(|_| {
                no_such(
                    "cause",
                    word,
                    "resources, political_will, information, other, undetermined or none",
                )
            })?),
        };
        let theme = match self.theme.trim() {
            "" => None,
            text => Some(here.shelf.reference.find_theme(text)?.code.clone()),
        };
        Ok(Wanted {
            kind: self.kind.clone(),
            cause,
            theme,
        })
    }
}

enum WantedCause {
    Any,
    NoneYet,
    One(Cause),
}

struct Wanted {
    kind: String,
    cause: WantedCause,
    theme: Option<ThemeCode>,
}

impl Wanted {
    fn fits(&self, gap: &ObligationPicture<'_>) -> bool {
        let kind = match self.kind.as_str() {
            "" => is_found(gap),
            "no_information" => !gap.is_known_gap(),
            _ => true,
        };
        let cause = match self.cause {
            WantedCause::Any => true,
            WantedCause::NoneYet => gap.causes.is_empty(),
            WantedCause::One(cause) => gap.causes.iter().any(|found| found.cause == cause),
        };
        let theme = self
            .theme
            .as_ref()
            .is_none_or(|theme| *theme == gap.obligation.provision.theme);
        kind && cause && theme
    }
}

/// The table.
pub(in crate::web) async fn list(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let wanted = asked.read(&here)?;
    let code = &here.state.iso3;
    let findings = findings::of_state(&visit.app.db, code).await?;
    let picture = StatePicture::of(&here.shelf.reference, &here.shelf.world, &findings, code, here.as_of);
    let mut gaps: Vec<_> = picture.gaps().filter(|gap| wanted.fits(gap)).collect();
    gravest_first(&mut gaps);
    let suggested = suggesting::of_gaps(&visit.app.db, code, &picture, gaps.iter().copied()).await?;
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &gaps, &suggested));
    }
    let mut page = visit.page(format!("Gaps of {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show(&page, &view(&here, &asked, (&picture, &gaps), &suggested))
}

/// Whether anybody can say more of it than that there is no information.
pub(super) fn is_found(gap: &ObligationPicture<'_>) -> bool {
    gap.is_known_gap() || !gap.causes.is_empty()
}

/// Worst grade first; what nobody can grade last.
pub(super) fn gravest_first(gaps: &mut [&ObligationPicture<'_>]) {
    gaps.sort_by_key(|gap| gap.standing.grade.map_or(u8::MAX, |grade| grade.number()));
}

/// One gap as a row.
pub(super) fn gap_row(here: &Here, gap: &ObligationPicture<'_>, suggested: &Suggested) -> GapRow {
    let provision = gap.obligation.provision;
    GapRow {
        provision: Anchor::new(
            provision.id.as_str(),
            here.keep(links::obligation(&here.state.iso3, &provision.id)),
        ),
        label: provision.label.clone(),
        theme: here.theme(&provision.theme),
        grade: mark(gap),
        causes: gap.causes.iter().map(|found| weighed(found)).collect(),
        suggested: suggested
            .get(&provision.id)
            .filter(|_| gap.causes.is_empty())
            .map(explained::short_mark),
        evidence: match gap.evidence.len() {
            0 => "none".to_owned(),
            some => count(some, "piece", "pieces"),
        },
    }
}

/// A cause that a person found, with its weight where one was given.
pub(super) fn weighed(found: &CauseFinding) -> CauseMark {
    let mark = CauseMark::of(found.cause);
    match found.weight {
        Some(weight) => mark.with(format!("{weight} %")),
        None => mark,
    }
}

fn by_cause(gaps: &[&ObligationPicture<'_>]) -> Vec<(Cause, usize)> {
    let of = |cause| {
        gaps.iter()
            .filter(|gap| gap.causes.iter().any(|found| found.cause == cause))
            .count()
    };
    Cause::ALL
        .iter()
        .map(|cause| (*cause, of(*cause)))
        .filter(|(_, number)| *number > 0)
        .collect()
}

/// Causes of these gaps as a bar.
pub(super) fn causes_bar(gaps: &[&ObligationPicture<'_>]) -> Option<Bar> {
    let counts: Vec<_> = by_cause(gaps)
        .into_iter()
        .map(|(cause, number)| (cause.code(), cause.plain_words(), number))
        .collect();
    Bar::of(&counts)
}

/// The key below that bar, each cause with its base.
pub(super) fn causes_key(gaps: &[&ObligationPicture<'_>]) -> Vec<CauseMark> {
    let all = count(gaps.len(), "gap", "gaps");
    by_cause(gaps)
        .into_iter()
        .map(|(cause, number)| CauseMark::of(cause).with(format!("{number} of {all}")))
        .collect()
}

fn table(here: &Here, gaps: &[&ObligationPicture<'_>], suggested: &Suggested) -> Table {
    let columns = [
        "Provision",
        "Label",
        "Theme",
        "Grade",
        "Basis",
        "Causes",
        "Pieces of evidence",
        "Weights of the causes",
        "Suggested by signs",
        "Suggested weights",
    ];
    let rows = gaps.iter().map(|gap| {
        let provision = gap.obligation.provision;
        let causes: Vec<&str> = gap.causes.iter().map(|found| found.cause.words()).collect();
        let weight = |found: &&CauseFinding| Some(format!("{} {} %", found.cause.words(), found.weight?));
        let weights: Vec<String> = gap.causes.iter().filter_map(weight).collect();
        let found = suggested.get(&provision.id);
        vec![
            Cell::from(provision.id.as_str()),
            provision.label.as_str().into(),
            here.theme(&provision.theme).text.into(),
            mark(gap).word.into(),
            gap.standing.basis.code().into(),
            causes.join("; ").into(),
            Cell::count(gap.evidence.len()),
            weights.join("; ").into(),
            found.map_or("", |found| found.cause.plain_words()).into(),
            found.map(SuggestedCauses::words).unwrap_or_default().into(),
        ]
    });
    Table::new(format!("Gaps of {} on {}", here.name(), here.as_of), &columns, rows)
}

fn view(
    here: &Here,
    asked: &Asked,
    (picture, gaps): (&StatePicture<'_>, &[&ObligationPicture<'_>]),
    suggested: &Suggested,
) -> Gaps {
    let (counts, state, address) = (Counts::of(picture), &here.state.iso3, asked.page(here));
    let (rows, pager) = Pager::cut(gaps.len(), asked.page.parse().unwrap_or(1), &address);
    let found: Vec<_> = picture.gaps().filter(|gap| is_found(gap)).collect();
    let no_information = links::gaps(state).with("kind", "no_information");
    Gaps {
        state: here.name().to_owned(),
        answer: answer(here, &counts, asked, found.len() - counts.known, gaps.len()),
        as_of: here.note(asked.address(here)),
        filters: filters(here, asked),
        causes_bar: causes_bar(&found),
        causes: causes_key(&found),
        caption: count(gaps.len(), "gap", "gaps"),
        columns: GapRow::columns(),
        rows: gaps
            .get(rows)
            .unwrap_or_default()
            .iter()
            .map(|gap| gap_row(here, gap, suggested))
            .collect(),
        downloads: files(&address),
        pager,
        empty: empty(here, asked, &counts),
        no_information: Anchor::new(
            format!("{} without information", figure(counts.unknown)),
            here.keep(no_information),
        ),
        summary: Anchor::new("Gap summary to print", here.keep(links::summary(state))),
        why: Anchor::new("Why they stay open", here.keep(links::state_causes(state))),
    }
}

fn answer(here: &Here, counts: &Counts, asked: &Asked, signs: usize, shown: usize) -> String {
    let (name, day) = (here.name(), here.as_of);
    if counts.gradable == 0 {
        return format!("{name} has no obligation under these treaties that can be graded on {day}.");
    }
    let signs = match signs {
        0 => String::new(),
        some => format!(", though a cause is recorded for {}", figure(some)),
    };
    let known = match counts.known {
        0 => "none is known to have a gap".to_owned(),
        some => format!(
            "{} to have a gap{}",
            count(some, "is known", "are known"),
            decided(counts)
        ),
    };
    let whole = format!(
        "Of {} of {name} that can be graded, {known}; on {} there is no usable information{signs}.",
        count(counts.gradable, "obligation", "obligations"),
        figure(counts.unknown),
    );
    if asked.is_filtered() {
        format!("{whole} With this filter {} shown.", count(shown, "is", "are"))
    } else {
        whole
    }
}

fn decided(counts: &Counts) -> String {
    match counts.decided {
        0 => " as computed from evidence, and no person has decided".to_owned(),
        some if some == counts.known => " as graded by persons".to_owned(),
        some => format!(" ({some} graded by persons, {} computed)", counts.known - some),
    }
}

fn filters(here: &Here, asked: &Asked) -> Filters {
    let kinds = KINDS.map(|(kind, words)| Choice::new(kind, words)).into();
    let causes = Cause::ALL.iter().map(|cause| Choice::new(cause.code(), cause.words()));
    let causes = std::iter::once(Choice::new("", "all causes")).chain(causes);
    let causes = causes
        .chain([Choice::new(NOT_FOUND_YET, "no cause recorded")])
        .collect();
    let page = links::gaps(&here.state.iso3);
    Filters {
        label: "Filter the gaps".to_owned(),
        clear: asked.is_filtered().then(|| here.keep(page.clone())),
        action: page,
        fields: vec![
            Field::select("kind", "Gaps", kinds, &asked.kind).filter(),
            Field::select("cause", "Cause", causes, &asked.cause).filter(),
            theme_field(here, &asked.theme),
            Field::line("date", "as_of", "As of", &here.asked().unwrap_or_default())
                .filter()
                .width("short"),
        ],
    }
}

fn empty(here: &Here, asked: &Asked, counts: &Counts) -> Empty {
    let page = links::gaps(&here.state.iso3);
    if asked.is_filtered() {
        return Empty {
            title: "No gap fits this filter".to_owned(),
            text: format!("{} known without it.", count(counts.known, "gap is", "gaps are")),
            needed: Vec::new(),
            action: Some(Anchor::new("Show the known gaps", here.keep(page))),
        };
    }
    Empty {
        title: "No gap is known".to_owned(),
        text: format!(
            "That is not a clean record: on {} of {} there is no usable information.",
            figure(counts.unknown),
            count(counts.gradable, "obligation", "obligations")
        ),
        needed: vec!["evidence with a source and a date, attached to the right it concerns".to_owned()],
        action: (counts.unknown > 0).then(|| Anchor::new("See which", here.keep(page.with("kind", "no_information")))),
    }
}
