//! The obligations of a state: every provision in force for it, with where it stands.

use super::counts::{self, mark};
use super::downloads;
use super::here::Here;
use crate::domain::assessments::Grade;
use crate::domain::ids::{InstrumentCode, ThemeCode};
use crate::domain::reservations::Effect;
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::domain::texts::shown;
use crate::export::tables::{Cell, Table};
use crate::store::findings;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::obligations::{ObligationRow, Obligations};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Column, Empty, GradeMark, Pager, Tag, downloads as files};
use crate::web::view::words::{count, figure, provision_name};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

/// Filters of the table.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    theme: String,
    instrument: String,
    grade: String,
    sort: String,
    as_of: String,
    page: String,
}

/// A word in the address that is none of those it can be.
pub(super) fn no_such(what: &str, given: &str, choices: &str) -> Problem {
    Problem::Unreadable(format!("“{}” is not a {what}: choose {choices}.", shown(given)))
}

impl Asked {
    fn page(&self, here: &Here) -> Link {
        here.keep(self.address(here))
    }

    fn address(&self, here: &Here) -> Link {
        links::obligations(&here.state.iso3)
            .with_some("theme", Some(&self.theme))
            .with_some("instrument", Some(&self.instrument))
            .with_some("grade", Some(&self.grade))
    }

    fn is_filtered(&self) -> bool {
        ![&self.theme, &self.instrument, &self.grade]
            .iter()
            .all(|text| text.is_empty())
    }

    fn read(&self, here: &Here) -> Result<Wanted, Problem> {
        let reference = &here.shelf.reference;
        let theme = match self.theme.trim() {
            "" => None,
            text => Some(reference.find_theme(text)?.code.clone()),
        };
        let instrument = match self.instrument.trim() {
            "" => None,
            text => Some(reference.find_instrument(text)?.code.clone()),
        };
        let grade = match self.grade.as_str() {
            "" => None,
            "none" => Some(None),
            text => {
                let grade = text.parse().ok().and_then(Grade::from_number);
                Some(Some(
                    grade.ok_or_else(|| no_such("grade", text, "0, 1, 2, 3, 4 or none"))?,
                ))
            }
        };
        Ok(Wanted {
            theme,
            instrument,
            grade,
        })
    }
}

struct Wanted {
    theme: Option<ThemeCode>,
    instrument: Option<InstrumentCode>,
    grade: Option<Option<Grade>>,
}

impl Wanted {
    fn fits(&self, one: &ObligationPicture<'_>) -> bool {
        self.theme
            .as_ref()
            .is_none_or(|theme| *theme == one.obligation.provision.theme)
            && self
                .instrument
                .as_ref()
                .is_none_or(|code| *code == one.obligation.instrument.code)
            && self
                .grade
                .is_none_or(|grade| one.obligation.is_gradable() && one.standing.grade == grade)
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
    let mut shown: Vec<_> = picture.obligations.iter().filter(|one| wanted.fits(one)).collect();
    sort(&mut shown, &asked.sort);
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &shown));
    }
    let mut page = visit.page(format!("Obligations of {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show(&page, &view(&here, &asked, &picture, &shown))
}

fn sort(shown: &mut [&ObligationPicture<'_>], by: &str) {
    let (key, down) = by.strip_prefix('-').map_or((by, false), |key| (key, true));
    match key {
        "theme" => shown.sort_by_key(|one| &one.obligation.provision.theme),
        "since" => shown.sort_by_key(|one| one.obligation.in_force_since.map(|span| span.earliest)),
        "grade" => shown.sort_by_key(|one| one.standing.grade.map_or(u8::MAX, |grade| grade.number())),
        "evidence" => shown.sort_by_key(|one| one.evidence.len()),
        _ => {}
    }
    if down {
        shown.reverse();
    }
}

fn since(one: &ObligationPicture<'_>) -> String {
    one.obligation
        .in_force_since
        .map_or_else(|| "date unknown".to_owned(), |span| span.to_string())
}

fn table(here: &Here, shown: &[&ObligationPicture<'_>]) -> Table {
    let columns = [
        "Provision",
        "Label",
        "Treaty",
        "Theme",
        "In force since",
        "Reservation",
        "Grade",
        "Basis",
        "Pieces of evidence",
    ];
    let rows = shown.iter().map(|one| {
        let provision = one.obligation.provision;
        vec![
            Cell::from(provision.id.as_str()),
            provision.label.as_str().into(),
            one.obligation.instrument.code.as_str().into(),
            here.theme(&provision.theme).text.into(),
            since(one).into(),
            Cell::maybe(one.obligation.effect().map(Effect::words)),
            mark(one).word.into(),
            if one.obligation.is_gradable() {
                one.standing.basis.code()
            } else {
                "not_graded"
            }
            .into(),
            Cell::count(one.evidence.len()),
        ]
    });
    Table::new(
        format!("Obligations of {} on {}", here.name(), here.as_of),
        &columns,
        rows,
    )
}

/// What a reservation does, in a frame.
pub(super) fn effect_tag(effect: Effect) -> Tag {
    let class = if effect == Effect::Excluded { "late" } else { "" };
    Tag {
        class,
        word: effect.words().to_owned(),
    }
}

fn row(here: &Here, one: &ObligationPicture<'_>) -> ObligationRow {
    let provision = one.obligation.provision;
    ObligationRow {
        provision: Anchor::new(
            provision_name(one.obligation.instrument, provision),
            here.keep(links::obligation(&here.state.iso3, &provision.id)),
        ),
        label: provision.label.clone(),
        theme: here.theme(&provision.theme),
        in_force_since: since(one),
        reservation: one.obligation.effect().map(effect_tag),
        grade: mark(one),
        evidence: figure(one.evidence.len()),
    }
}

fn view(here: &Here, asked: &Asked, picture: &StatePicture<'_>, shown: &[&ObligationPicture<'_>]) -> Obligations {
    let address = asked.page(here);
    let sorted = if asked.sort.is_empty() {
        "provision"
    } else {
        &asked.sort
    };
    let column = |text, key| Column::sortable(text, key, &address, sorted);
    let whole = address.clone().with_some("sort", Some(&asked.sort));
    let (rows, pager) = Pager::cut(shown.len(), asked.page.parse().unwrap_or(1), &whole);
    let gradable = shown.iter().copied().filter(|one| one.obligation.is_gradable());
    Obligations {
        state: here.name().to_owned(),
        answer: answer(here, asked, picture, shown),
        as_of: here.note(asked.address(here)),
        filters: filters(here, asked, picture),
        bar: counts::bar(gradable).map(counts::big),
        key: GradeMark::key(),
        caption: count(shown.len(), "obligation", "obligations"),
        columns: vec![
            column("Provision", "provision"),
            column("Theme", "theme"),
            column("In force since", "since"),
            column("Grade", "grade"),
            column("Evidence", "evidence").numeric(),
        ],
        rows: shown
            .get(rows)
            .unwrap_or_default()
            .iter()
            .map(|one| row(here, one))
            .collect(),
        downloads: files(&whole),
        pager,
        empty: empty(here, asked, picture),
    }
}

fn answer(here: &Here, asked: &Asked, picture: &StatePicture<'_>, shown: &[&ObligationPicture<'_>]) -> String {
    let (name, total) = (here.name(), picture.binding().count());
    let binding = shown.iter().filter(|one| one.obligation.binds()).count();
    let known = shown.iter().filter(|one| one.is_known_gap()).count();
    let unknown = shown.iter().filter(|one| one.is_gap() && !one.is_known_gap()).count();
    let excluded = shown.len() - binding;
    let who = if asked.is_filtered() {
        format!(
            "{} of {} of {name} fit",
            figure(binding),
            count(total, "obligation", "obligations")
        )
    } else {
        let treaties = count(picture.parties(), "treaty", "treaties");
        format!(
            "{name} is bound by {} in {treaties} on {}",
            count(total, "obligation", "obligations"),
            here.as_of
        )
    };
    let reserved = match excluded {
        0 => String::new(),
        some => format!(
            "; {} excluded by a reservation and listed beside them",
            count(some, "more is", "more are")
        ),
    };
    let known = match known {
        0 => "no gap is known".to_owned(),
        some => format!("{} known", count(some, "gap is", "gaps are")),
    };
    format!(
        "{who}: {known}, on {} there is no usable information{reserved}.",
        figure(unknown)
    )
}

/// A filter by theme.
pub(super) fn theme_field(here: &Here, chosen: &str) -> Field {
    let themes = here
        .shelf
        .reference
        .themes()
        .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let choices = std::iter::once(Choice::new("", "all themes")).chain(themes).collect();
    Field::select("theme", "Theme", choices, &chosen.trim().to_uppercase()).filter()
}

fn filters(here: &Here, asked: &Asked, picture: &StatePicture<'_>) -> Filters {
    let bound = picture
        .participation
        .iter()
        .filter(|(_, found)| found.status == crate::domain::participation::Status::Party);
    let treaties = bound.map(|(i, _)| Choice::new(i.code.as_str(), format!("{}: {}", i.code, i.short.en)));
    let treaties = std::iter::once(Choice::new("", "all treaties in force"))
        .chain(treaties)
        .collect();
    let grades = Grade::ALL
        .iter()
        .map(|grade| Choice::new(grade.number().to_string(), grade.words()));
    let grades = std::iter::once(Choice::new("", "all grades")).chain(grades);
    let grades = grades.chain([Choice::new("none", "no information")]).collect();
    let page = links::obligations(&here.state.iso3);
    let mut fields = vec![
        theme_field(here, &asked.theme),
        Field::select(
            "instrument",
            "Treaty",
            treaties,
            &asked.instrument.trim().to_uppercase(),
        )
        .filter(),
        Field::select("grade", "Grade", grades, &asked.grade).filter(),
        Field::line("date", "as_of", "As of", &here.asked().unwrap_or_default())
            .filter()
            .width("short"),
    ];
    if !asked.sort.is_empty() {
        fields.push(Field::hidden("sort", &asked.sort));
    }
    Filters {
        label: "Filter the obligations".to_owned(),
        clear: asked.is_filtered().then(|| here.keep(page.clone())),
        action: page,
        fields,
    }
}

fn empty(here: &Here, asked: &Asked, picture: &StatePicture<'_>) -> Empty {
    let name = here.name();
    if asked.is_filtered() {
        let total = count(picture.binding().count(), "obligation", "obligations");
        return Empty {
            title: "No obligation fits this filter".to_owned(),
            text: format!("{name} has {total} on {} without it.", here.as_of),
            needed: Vec::new(),
            action: Some(Anchor::new(
                "Show all of them",
                here.keep(links::obligations(&here.state.iso3)),
            )),
        };
    }
    Empty {
        title: format!("No treaty binds {name} on {}", here.as_of),
        text: "An obligation begins when a treaty enters into force for the state.".to_owned(),
        needed: Vec::new(),
        action: Some(Anchor::new(
            "Its status towards every treaty",
            here.keep(links::state(&here.state.iso3)).at("treaties"),
        )),
    }
}
