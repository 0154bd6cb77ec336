//! Every instrument, and one instrument.

mod facts;
mod parties;

use super::downloads;
use super::lookup::{self, Day};
use crate::domain::instruments::{Instrument, Provision, Realisation};
use crate::domain::participation::Status;
use crate::domain::reference::Reference;
use crate::export::tables::{Cell, Table};
use crate::store::library::Shelf;
use crate::store::subscriptions;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::forms::{Field, FieldErrors, Form};
use crate::web::view::instruments::{Instrument as View, InstrumentRow, Instruments, ProvisionRow};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Column, downloads as files};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use parties::Parties;
use serde::Deserialize;

/// Date, filters and order, as the address has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
    status: String,
    region: String,
    sort: String,
}

/// Shows all.
pub(in crate::web) async fn all(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let mut found: Vec<(&Instrument, usize)> = shelf
        .reference
        .instruments()
        .iter()
        .map(|one| (one, parties_of(&shelf, one, &day)))
        .collect();
    sort(&mut found, &asked.sort);
    let caption = format!("{}, as of {}", count(found.len(), "treaty", "treaties"), day.date);
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&caption, &found));
    }
    let here = day.keep(links::instruments());
    let sortable = |text, key| Column::sortable(text, key, &here, &asked.sort);
    let view = Instruments {
        answer: answer(&found, &day),
        as_of: day.note(links::instruments()),
        caption,
        columns: vec![
            sortable("Code", "code"),
            Column::plain("Title"),
            sortable("Adopted", "adopted"),
            sortable("In force", "in_force"),
            sortable("Monitored by", "body"),
            sortable("Parties", "parties").numeric(),
            sortable("Provisions", "provisions").numeric(),
        ],
        rows: found.iter().map(|(one, parties)| row(one, *parties, &day)).collect(),
        downloads: files(&here.clone().with_some("sort", Some(&asked.sort))),
    };
    let mut page = visit.page("Treaties", Section::Instruments);
    day.mark(&mut page);
    visit.show(&page, &view)
}

fn parties_of(shelf: &Shelf, instrument: &Instrument, day: &Day) -> usize {
    let states = shelf.reference.states();
    let parties = states.filter(|s| shelf.world.participation(&s.iso3, instrument, day.date).status == Status::Party);
    parties.count()
}

fn sort(found: &mut [(&Instrument, usize)], by: &str) {
    let (by, down) = by.strip_prefix('-').map_or((by, false), |by| (by, true));
    match by {
        "code" => found.sort_by(|a, b| a.0.code.cmp(&b.0.code)),
        "adopted" => found.sort_by_key(|(one, _)| one.adopted),
        "in_force" => found.sort_by_key(|(one, _)| one.entry_into_force),
        "body" => found.sort_by(|a, b| a.0.body.name.cmp(&b.0.body.name)),
        "parties" => found.sort_by_key(|(_, parties)| *parties),
        "provisions" => found.sort_by_key(|(one, _)| one.provisions.len()),
        _ => return,
    }
    if down {
        found.reverse();
    }
}

fn answer(found: &[(&Instrument, usize)], day: &Day) -> String {
    let reporting = found
        .iter()
        .filter(|(one, _)| !one.reporting.reports.is_empty())
        .count();
    let most = found.iter().max_by_key(|(_, parties)| *parties);
    let most = most.map_or_else(String::new, |(one, parties)| {
        format!(
            "; the most widely accepted is {} with {}",
            one.code,
            count(*parties, "party", "parties")
        )
    });
    format!(
        "{} hold duties towards migrants; under {reporting} of them states report on dates that are followed here{most} on {}.",
        count(found.len(), "treaty", "treaties"),
        day.date
    )
}

fn row(instrument: &Instrument, parties: usize, day: &Day) -> InstrumentRow {
    InstrumentRow {
        code: day.kept(Anchor::new(
            instrument.code.as_str(),
            links::instrument(&instrument.code),
        )),
        title: instrument.title.en.clone(),
        adopted: instrument.adopted.to_string(),
        in_force: instrument.entry_into_force.to_string(),
        body: instrument.body.name.clone(),
        parties: figure(parties),
        provisions: figure(instrument.provisions.len()),
    }
}

fn table(caption: &str, found: &[(&Instrument, usize)]) -> Table {
    let columns = [
        "Code",
        "Title",
        "Adopted",
        "In force",
        "Monitored by",
        "Parties",
        "Provisions",
    ];
    let rows = found.iter().map(|(one, parties)| {
        vec![
            one.code.as_str().into(),
            one.title.en.as_str().into(),
            Cell::from(one.adopted.to_string()),
            Cell::from(one.entry_into_force.to_string()),
            one.body.name.as_str().into(),
            Cell::count(*parties),
            Cell::count(one.provisions.len()),
        ]
    });
    Table::new(caption, &columns, rows)
}

/// Shows one.
pub(in crate::web) async fn one(
    visit: Visit,
    Path(text): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let instrument = lookup::instrument(&shelf.reference, &text, links::instrument)?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let parties = Parties::of(&shelf, instrument, &day, &asked)?;
    if visit.file.is_some() {
        return downloads::file(&visit, &parties.table());
    }
    let bare = links::instrument(&instrument.code);
    let here = day.keep(bare.clone());
    let (follow, following) = follow(&visit, instrument).await?;
    let at = |text: String, id: &str| Anchor::new(text, here.clone().at(id));
    let reservations = parties.reservations();
    let view = View {
        code: instrument.code.to_string(),
        title: instrument.title.en.clone(),
        answer: parties.answer(),
        as_of: day.note(bare),
        facts: facts::of(instrument),
        contents: vec![
            at("States and where they stand".to_owned(), "parties"),
            at(
                count(instrument.provisions.len(), "provision", "provisions"),
                "articles",
            ),
            at(
                count(
                    reservations.len(),
                    "reservation or declaration",
                    "reservations and declarations",
                ),
                "reservations",
            ),
        ],
        actions: actions(instrument, &day),
        follow,
        following,
        filters: parties.filters(),
        parties_caption: parties.caption(),
        party_columns: parties.columns(),
        parties: parties.rows(),
        parties_downloads: files(&parties.sorted()),
        parties_empty: parties.empty(),
        provisions: provisions(&shelf.reference, instrument, &day),
        reservations,
    };
    let mut page = visit.page(instrument.short.en.clone(), Section::Instruments);
    page.crumbs = vec![day.kept(Anchor::new("Treaties", links::instruments()))];
    day.mark(&mut page);
    visit.show(&page, &view)
}

fn actions(instrument: &Instrument, day: &Day) -> Vec<Anchor> {
    if instrument.reporting.reports.is_empty() {
        return Vec::new();
    }
    let deadlines = links::deadlines().with("instrument", instrument.code.as_str());
    vec![day.kept(Anchor::new("Deadlines under this treaty", deadlines))]
}

/// The button to follow it, or the way to what one follows.
async fn follow(visit: &Visit, instrument: &Instrument) -> Result<(Option<Form>, Option<Anchor>), Problem> {
    let Some(user) = visit.actor.user() else {
        return Ok((None, None));
    };
    let followed = subscriptions::of_user(&visit.app.db, user.id).await?;
    let covers = |one: &crate::domain::reminders::Follows| {
        one.state.is_none() && one.instrument.as_ref().is_none_or(|code| *code == instrument.code)
    };
    if followed.iter().any(|one| covers(&one.follows)) {
        return Ok((None, Some(Anchor::new("What I follow", links::reminders()))));
    }
    let fields = vec![Field::hidden("instrument", instrument.code.as_str())];
    let form = Form::new(links::follow(), &visit.form_token(), "Follow");
    Ok((Some(form.with(fields, &FieldErrors::default())), None))
}

fn provisions(reference: &Reference, instrument: &Instrument, day: &Day) -> Vec<ProvisionRow> {
    let all = instrument.provisions.iter();
    all.map(|provision| {
        let theme = reference.theme(&provision.theme);
        ProvisionRow {
            id: provision.id.to_string(),
            article: article(provision),
            instrument: None,
            label: provision.label.clone(),
            summary: provision.summary.clone(),
            theme: theme.map(|theme| day.kept(Anchor::new(theme.label.en.as_str(), links::theme(&theme.code)))),
            duty: duty(provision),
            protects: provision.applies_to.clone(),
            not_graded: (!provision.gradable).then(|| provision.not_gradable_because.clone()),
        }
    })
    .collect()
}

fn article(provision: &Provision) -> String {
    match provision.paragraph.as_str() {
        "" => provision.article.clone(),
        paragraph => format!("{}({paragraph})", provision.article),
    }
}

fn duty(provision: &Provision) -> String {
    use crate::domain::instruments::Duty;
    let duty = match provision.duty {
        Duty::Respect => "respect",
        Duty::Protect => "protect",
        Duty::Fulfil => "fulfil",
    };
    match provision.realisation {
        Realisation::Immediate => format!("{duty}, at once"),
        Realisation::Progressive => format!("{duty}, step by step"),
    }
}
