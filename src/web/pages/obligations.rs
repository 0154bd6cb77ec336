//! The obligations of a state on a day, as a list that can be narrowed to a theme, a treaty or a grade.

pub(in crate::web) mod deciding;
pub(in crate::web) mod one;

use super::downloads;
use super::here::Here;
use crate::domain::gaps::Basis;
use crate::domain::ids::{InstrumentCode, StateCode, ThemeCode};
use crate::domain::reference::Reference;
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::export::tables::{Cell, Table};
use crate::store::findings;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::obligations::{ObligationRow, Obligations};
use crate::web::view::page::Section;
use crate::web::view::parts::{self, Anchor, Bar, Column, Empty, GradeMark, Pager, Tag};
use crate::web::view::words::{count, provision_name};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

/// Filters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    theme: String,
    instrument: String,
    /// `4` to `0`, `none`, or `contested`.
    grade: String,
    as_of: String,
    page: String,
}

/// The filters, understood.
struct Chosen {
    theme: Option<ThemeCode>,
    instrument: Option<InstrumentCode>,
    grade: String,
}

impl Chosen {
    fn read(asked: &Asked, reference: &Reference) -> Result<Self, Problem> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let theme = some(&asked.theme)
            .map(|text| reference.find_theme(&text).map(|t| t.code.clone()))
            .transpose()?;
        let instrument = some(&asked.instrument).map(|text| reference.find_instrument(&text).map(|i| i.code.clone()));
        Ok(Self {
            theme,
            instrument: instrument.transpose()?,
            grade: asked.grade.clone(),
        })
    }

    fn keeps(&self, one: &ObligationPicture<'_>) -> bool {
        let standing = &one.standing;
        let grade = match self.grade.as_str() {
            "" => true,
            "none" => one.obligation.is_gradable() && standing.basis == Basis::NoInformation,
            "contested" => standing.contested,
            number => {
                one.obligation.is_gradable() && standing.grade.is_some_and(|grade| grade.number().to_string() == number)
            }
        };
        grade
            && self
                .theme
                .as_ref()
                .is_none_or(|code| *code == one.obligation.provision.theme)
            && self
                .instrument
                .as_ref()
                .is_none_or(|code| *code == one.obligation.instrument.code)
    }

    fn is_all(&self) -> bool {
        self.theme.is_none() && self.instrument.is_none() && self.grade.is_empty()
    }

    fn page(&self, here: &Here) -> Link {
        here.keep(
            links::obligations(&here.state.iso3)
                .with_some("theme", self.theme.as_ref().map(ThemeCode::as_str))
                .with_some("instrument", self.instrument.as_ref().map(InstrumentCode::as_str))
                .with_some("grade", Some(&self.grade)),
        )
    }
}

/// The list.
pub(in crate::web) async fn list(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let chosen = Chosen::read(&asked, &here.shelf.reference)?;
    let findings = findings::of_state(&visit.app.db, &here.state.iso3).await?;
    let picture = StatePicture::of(
        &here.shelf.reference,
        &here.shelf.world,
        &findings,
        &here.state.iso3,
        here.as_of,
    );
    let shown: Vec<&ObligationPicture<'_>> = picture.obligations.iter().filter(|one| chosen.keeps(one)).collect();
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &shown));
    }
    let view = view(&here, &asked, &chosen, &picture, &shown);
    let mut page = visit.page(format!("{}: obligations", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show(&page, &view)
}

/// A short name, leading to the obligation's page.
pub(super) fn anchor(here: &Here, one: &ObligationPicture<'_>) -> Anchor {
    let (instrument, provision) = (one.obligation.instrument, one.obligation.provision);
    Anchor::new(
        provision_name(instrument, provision),
        here.keep(links::obligation(&here.state.iso3, &provision.id)),
    )
}

/// The mark of a standing; provisions that are never graded say so.
pub(super) fn mark(one: &ObligationPicture<'_>) -> GradeMark {
    if one.obligation.is_gradable() {
        GradeMark::standing(&one.standing)
    } else {
        GradeMark::not_gradable()
    }
}

/// `in force since`, as precise as it is known.
pub(super) fn since(one: &ObligationPicture<'_>) -> String {
    one.obligation
        .in_force_since
        .map_or_else(|| "date not known".to_owned(), |span| span.to_string())
}

/// How much evidence serves it.
pub(super) fn evidence(one: &ObligationPicture<'_>) -> String {
    if one.evidence.is_empty() {
        "none".to_owned()
    } else {
        count(one.evidence.len(), "item", "items")
    }
}

fn row(here: &Here, one: &ObligationPicture<'_>) -> ObligationRow {
    ObligationRow {
        provision: anchor(here, one),
        label: one.obligation.provision.label.clone(),
        theme: here.theme(&one.obligation.provision.theme),
        in_force_since: since(one),
        reservation: one.obligation.effect().map(|effect| Tag {
            class: "",
            word: effect.words().to_owned(),
        }),
        grade: mark(one),
        evidence: evidence(one),
    }
}

const COLUMNS: [&str; 6] = [
    "Provision",
    "Theme",
    "In force since",
    "Reservation",
    "Grade",
    "Evidence",
];

fn table(here: &Here, shown: &[&ObligationPicture<'_>]) -> Table {
    let rows = shown.iter().map(|one| {
        let row = row(here, one);
        vec![
            Cell::from(one.obligation.provision.id.as_str()),
            Cell::from(row.label),
            Cell::from(row.theme.text),
            Cell::from(row.in_force_since),
            Cell::from(row.reservation.map(|tag| tag.word).unwrap_or_default()),
            Cell::from(row.grade.word),
            Cell::from(if row.grade.computed { "computed" } else { "" }),
            Cell::count(one.evidence.len()),
        ]
    });
    let heads = [
        "Provision",
        "Label",
        "Theme",
        "In force since",
        "Reservation",
        "Grade",
        "Computed",
        "Evidence",
    ];
    Table::new(caption(here, shown.len()), &heads, rows)
}

fn caption(here: &Here, rows: usize) -> String {
    format!(
        "{} of {} in force on {}",
        count(rows, "obligation", "obligations"),
        here.name(),
        here.as_of
    )
}

/// A bar of grades over gradable obligations.
pub(super) fn bar<'p, 'a: 'p>(all: impl Iterator<Item = &'p ObligationPicture<'a>>) -> Option<Bar> {
    let key = GradeMark::key();
    let mut counts = vec![0usize; key.len()];
    for one in all.filter(|one| one.obligation.is_gradable()) {
        let class = GradeMark::standing(&one.standing).class;
        if let Some(at) = key.iter().position(|mark| mark.class == class) {
            counts[at] += 1;
        }
    }
    let parts: Vec<(&'static str, &str, usize)> = key
        .iter()
        .zip(&counts)
        .map(|(mark, count)| (mark.class, mark.word.as_str(), *count))
        .collect();
    Bar::of(&parts)
}

fn view(
    here: &Here,
    asked: &Asked,
    chosen: &Chosen,
    picture: &StatePicture<'_>,
    shown: &[&ObligationPicture<'_>],
) -> Obligations {
    let link = chosen.page(here);
    let number = asked.page.parse().unwrap_or(1);
    let (rows, pager) = Pager::cut(shown.len(), number, &link);
    Obligations {
        state: here.name().to_owned(),
        answer: answer(here, chosen, picture, shown.len()),
        as_of: here.note(links::obligations(&here.state.iso3)),
        filters: filters(here, chosen, &here.state.iso3),
        bar: bar(shown.iter().copied()),
        key: GradeMark::key(),
        caption: caption(here, shown.len()),
        columns: COLUMNS.map(Column::plain).into(),
        rows: shown[rows].iter().map(|one| row(here, one)).collect(),
        downloads: parts::downloads(&link),
        pager,
        empty: Empty {
            title: "No obligation fits".to_owned(),
            text: "Nothing in force on that day fits these filters.".to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new(
                "All obligations in force",
                here.keep(links::obligations(&here.state.iso3)),
            )),
        },
    }
}

fn answer(here: &Here, chosen: &Chosen, picture: &StatePicture<'_>, shown: usize) -> String {
    let (binding, excluded) = (
        picture.binding().count(),
        picture.obligations.len() - picture.binding().count(),
    );
    let all = format!(
        "{} is bound by {} under {} on {}",
        here.name(),
        count(binding, "obligation", "obligations"),
        count(picture.parties(), "treaty", "treaties"),
        here.as_of
    );
    let reserved = match excluded {
        0 => String::new(),
        more => format!(
            "; {} excluded by a reservation, and shown",
            count(more, "provision is", "provisions are")
        ),
    };
    let narrowed = if chosen.is_all() {
        String::new()
    } else {
        format!(" These filters show {shown}.")
    };
    format!("{all}{reserved}.{narrowed}")
}

fn filters(here: &Here, chosen: &Chosen, state: &StateCode) -> Filters {
    let reference = &here.shelf.reference;
    let any = |word: &str| std::iter::once(Choice::new("", word)).collect::<Vec<Choice>>();
    let mut themes = any("every theme");
    themes.extend(
        reference
            .themes()
            .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en)),
    );
    let mut treaties = any("every treaty");
    let known = reference.instruments().iter();
    treaties.extend(known.map(|one| Choice::new(one.code.as_str(), format!("{}: {}", one.code, one.short.en))));
    let mut grades = any("every grade");
    let all = crate::domain::assessments::Grade::ALL;
    grades.extend(all.map(|grade| Choice::new(grade.number().to_string(), grade.words())));
    grades.extend([
        Choice::new("none", "no information"),
        Choice::new("contested", "contested"),
    ]);
    let theme = chosen.theme.as_ref().map_or("", ThemeCode::as_str);
    let instrument = chosen.instrument.as_ref().map_or("", InstrumentCode::as_str);
    let mut fields = vec![
        Field::select("theme", "Theme", themes, theme).filter(),
        Field::select("instrument", "Treaty", treaties, instrument).filter(),
        Field::select("grade", "Grade", grades, &chosen.grade).filter(),
    ];
    fields.extend(here.asked().map(|day| Field::hidden("as_of", &day)));
    Filters {
        label: "Narrow the list".to_owned(),
        action: links::obligations(state),
        fields,
        clear: (!chosen.is_all()).then(|| here.keep(links::obligations(state))),
    }
}
