//! The timeline of an object: evidence, an obligation, participation in a treaty, a state, an account.

mod lines;
mod link;

pub(in crate::web) use link::link;

use super::downloads;
use super::here::Here;
use super::lookup;
use crate::domain::audit::AuditEvent;
use crate::domain::history::{self, Line, Reader, WORDS};
use crate::domain::ids::{EvidenceId, StudyId};
use crate::domain::summaries::{IMPORT, StoredEvidence};
use crate::domain::users::{Email, Permission, User};
use crate::store::history::{self as store, About};
use crate::store::{evidence, studies, users};
use crate::web::extract::{Administer, Allowed, Assess, Visit};
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::history::History as View;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, AsOf, Empty, downloads as files};
use crate::web::view::words::{count, provision_name};
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::{DateTime, Days, Utc};
use lines::Told;
use serde::Deserialize;

/// Day, filters and place, as the address has them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
    who: String,
    action: String,
    before: String,
}

/// Lines on one page, and in one file.
const ROWS: u64 = 50;
const FILE_ROWS: u64 = 2_000;

/// One object, before its events are read.
struct Object {
    heading: String,
    about: About,
    page: Link,
    crumbs: Vec<Anchor>,
    section: Section,
    /// What imports loaded of it, newest first.
    loaded: Vec<AuditEvent>,
    /// The page is about more than one thing, so each line says on what.
    many: bool,
}

/// Of one piece of evidence. What nobody has accepted yet is there only for who may record.
pub(in crate::web) async fn evidence(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (_, shown, crumbs) = evidence_here(&visit, &id, &asked).await?;
    let id = shown.id;
    let revisions = evidence::revisions_of(&visit.app.db, id).await?;
    let subject = format!("{}/{id}", shown.evidence.state);
    let object = Object {
        heading: format!("History of “{}”", shown.evidence.title),
        loaded: [
            store::loaded_of_evidence(&visit.app.db, &subject, &revisions).await?,
            store::imported_of_evidence(&visit.app.db, &subject, &revisions).await?,
        ]
        .concat(),
        about: About::One(subject),
        page: links::history_of_evidence(&id),
        crumbs,
        section: Section::States,
        many: false,
    };
    show(&visit, &asked, object).await
}

/// The revision of a piece of evidence that is shown on that day, and how one came to it.
async fn evidence_here(visit: &Visit, id: &str, asked: &Asked) -> Result<(Here, StoredEvidence, Vec<Anchor>), Problem> {
    let missing = || Problem::not_found(format!("There is no evidence “{id}”."));
    let id: EvidenceId = id.parse().map_err(|_| missing())?;
    let mut revisions = evidence::revisions_of(&visit.app.db, id).await?;
    let latest = revisions.last().ok_or_else(missing)?;
    let here = Here::read(&visit.app, latest.evidence.state.as_str(), &asked.as_of).await?;
    let insider = visit.actor.may(Permission::RecordFacts) && here.asked().is_none();
    let known = revisions.iter().rposition(|one| one.known_on(here.as_of));
    let at = known
        .or(Some(revisions.len() - 1).filter(|_| insider))
        .ok_or_else(missing)?;
    let shown = revisions.swap_remove(at);
    let mut crumbs = here.crumbs();
    crumbs.push(Anchor::new(&shown.evidence.title, here.keep(links::evidence(&id))));
    Ok((here, shown, crumbs))
}

/// Of one obligation of a state.
pub(in crate::web) async fn obligation(
    visit: Visit,
    Path((state, provision)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let state = &here.state.iso3;
    let page = |id: &_| here.keep(links::history_of_obligation(state, id));
    let (instrument, provision) = lookup::provision(&here.shelf.reference, &provision, page)?;
    let name = provision_name(instrument, provision);
    let mut crumbs = here.crumbs();
    crumbs.push(Anchor::new(&name, here.keep(links::obligation(state, &provision.id))));
    let object = Object {
        heading: format!("History of {name} for {}", here.name()),
        about: About::One(format!("{state}/{}", provision.id)),
        page: links::history_of_obligation(state, &provision.id),
        crumbs,
        section: Section::States,
        loaded: [
            store::loaded_on_obligation(&visit.app.db, state, &provision.id).await?,
            store::imported_on_obligation(&visit.app.db, state, &provision.id).await?,
        ]
        .concat(),
        many: false,
    };
    show(&visit, &asked, object).await
}

/// Of the participation of a state in a treaty: its actions, reservations and reports.
pub(in crate::web) async fn participation(
    visit: Visit,
    Path((state, instrument)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let state = &here.state.iso3;
    let page = |code: &_| here.keep(links::history_of_participation(state, code));
    let instrument = lookup::instrument(&here.shelf.reference, &instrument, page)?;
    let mut crumbs = here.crumbs();
    crumbs.push(Anchor::new(
        &instrument.short.en,
        here.keep(links::instrument(&instrument.code)),
    ));
    let object = Object {
        heading: format!("History of {} under the {}", here.name(), instrument.short.en),
        about: About::With(format!("{state}/{}", instrument.code)),
        page: links::history_of_participation(state, &instrument.code),
        crumbs,
        section: Section::States,
        loaded: store::loaded_on_participation(&visit.app.db, state, &instrument.code).await?,
        many: false,
    };
    show(&visit, &asked, object).await
}

/// Of everything about a state.
pub(in crate::web) async fn state(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let state = &here.state.iso3;
    let insider = visit.actor.may(Permission::RecordFacts);
    let object = Object {
        heading: format!("History of {}", here.name()),
        about: About::Below(state.to_string()),
        page: links::history_of_state(state),
        crumbs: here.crumbs(),
        section: Section::States,
        loaded: [
            store::loaded_on_state(&visit.app.db, state).await?,
            store::imported_on_state(&visit.app.db, state, insider).await?,
        ]
        .concat(),
        many: true,
    };
    show(&visit, &asked, object).await
}

/// Of a coding study, for who may assess.
pub(in crate::web) async fn study(
    visit: Visit,
    _: Allowed<Assess>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(format!("There is no study “{id}”."));
    let day = lookup::day(&visit, &asked.as_of)?;
    let id: StudyId = id.parse().map_err(|_| missing())?;
    let study = studies::find(&visit.app.db, id).await?.ok_or_else(missing)?;
    study.status_on(day.date).ok_or_else(missing)?;
    let object = Object {
        heading: format!("History of the study “{}”", study.title),
        about: About::One(format!("studies/{id}")),
        page: links::history_of_study(&id),
        crumbs: vec![
            Anchor::new("Coding studies", day.keep(links::studies())),
            Anchor::new(&study.title, day.keep(links::study(&id))),
        ],
        section: Section::Desk,
        loaded: Vec::new(),
        many: false,
    };
    show(&visit, &asked, object).await
}

/// Of an account, for administrators.
pub(in crate::web) async fn account(
    visit: Visit,
    _: Allowed<Administer>,
    Path(email): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(format!("There is no account “{email}”."));
    let email: Email = email.parse().map_err(|_| missing())?;
    let user = users::by_email(&visit.app.db, &email).await?.ok_or_else(missing)?;
    let object = Object {
        heading: format!("History of the account of {} ({email})", user.name),
        about: About::One(email.to_string()),
        page: links::history_of_account(&email),
        crumbs: Vec::new(),
        section: Section::Home,
        loaded: Vec::new(),
        many: false,
    };
    show(&visit, &asked, object).await
}

/// The lines of one page, and whether there are older ones.
struct Found {
    lines: Vec<Line>,
    revisions: Vec<StoredEvidence>,
    older: Option<i64>,
}

async fn show(visit: &Visit, asked: &Asked, object: Object) -> Result<Response, Problem> {
    let day = lookup::day(visit, &asked.as_of)?;
    let insider = visit.actor.user().filter(|_| visit.actor.may(Permission::RecordFacts));
    let reader = insider.map_or(Reader::Public, |user| Reader::Insider(user.email.as_str()));
    let accounts = users::list(&visit.app.db).await?;
    let most = if visit.file.is_some() { FILE_ROWS } else { ROWS };
    let until = day.date.checked_add_days(Days::new(1)).filter(|_| day.asked);
    let events = store::Asked {
        before: asked.before()?,
        until: until.map(|next| next.and_time(chrono::NaiveTime::MIN).and_utc()),
        actor: asked.actor(&accounts, reader)?,
        action: asked.action(reader)?,
        allowed: reader.actions(),
        ..store::Asked::about(object.about.clone(), most + 1)
    };
    let found = find(visit, &events, &object.loaded, reader, most).await?;
    let shelf = visit.app.shelf().await?;
    let told = Told {
        reference: &shelf.reference,
        revisions: &found.revisions,
        accounts: &accounts,
        insider: insider.is_some(),
        administrator: visit.actor.may(Permission::Administer),
        many: object.many,
        day,
    };
    if visit.file.is_some() {
        let caption = format!("{}, as of {}, newest first", object.heading, day.date);
        return downloads::file(visit, &told.table(caption, &found.lines));
    }
    let filtered = asked.filtered(day.keep(object.page.clone()), reader);
    let view = View {
        answer: answer(&found, asked),
        as_of: day.asked.then(|| AsOf {
            text: format!("What had happened by the end of {}.", day.date),
            today: Anchor::new("Show today", object.page.clone()),
        }),
        filters: insider.map(|_| filters(&object, asked, &accounts, day)),
        lines: found.lines.iter().map(|line| told.line(line)).collect(),
        older: found.older.map(|seq| filtered.clone().with("before", &seq.to_string())),
        newest: (!asked.before.trim().is_empty()).then(|| filtered.clone()),
        downloads: files(&filtered),
        empty: Empty {
            title: "Nothing to tell".to_owned(),
            text: "Nothing that fits was done here by that day.".to_owned(),
            needed: Vec::new(),
            action: None,
        },
        heading: object.heading.clone(),
    };
    let mut page = visit.page(object.heading, object.section);
    page.crumbs = object.crumbs;
    day.mark(&mut page);
    visit.show(&page, &view)
}

async fn find(
    visit: &Visit,
    asked: &store::Asked<'_>,
    loaded: &[AuditEvent],
    reader: Reader<'_>,
    most: u64,
) -> Result<Found, Problem> {
    let db = &visit.app.db;
    let mut events = store::events(db, asked).await?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = events.len() > most;
    events.truncate(most);
    let older = events.last().map(|event| event.seq).filter(|_| more);
    let mut earlier = store::earlier(db, &events).await?;
    let named = events.iter().chain(loaded).flat_map(history::evidence_named);
    let ids: Vec<EvidenceId> = events
        .iter()
        .chain(loaded)
        .filter_map(evidence_of)
        .chain(named)
        .collect();
    let revisions = evidence::of_items(db, &ids).await?;
    let wanted = |event: &&AuditEvent| {
        asked.before.is_none_or(|before| event.seq < before)
            && older.is_none_or(|last| event.seq > last)
            && asked.until.is_none_or(|until| event.at < until)
            && asked.actor.as_deref().is_none_or(|actor| actor == event.actor)
            && asked.action.as_deref().is_none_or(|action| action == event.action)
    };
    events.extend(loaded.iter().filter(wanted).cloned());
    events.sort_by_key(|event| std::cmp::Reverse(event.seq));
    earlier.extend(loaded.iter().cloned());
    Ok(Found {
        lines: history::lines(&events, &earlier, &revisions, reader),
        revisions,
        older,
    })
}

fn evidence_of(event: &AuditEvent) -> Option<EvidenceId> {
    event.subject.split('/').nth(1)?.parse().ok()
}

impl Asked {
    fn before(&self) -> Result<Option<i64>, Problem> {
        match self.before.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| {
                Problem::Unreadable(format!(
                    "“{text}” is not a place in a timeline: take “before” out of the address."
                ))
            }),
        }
    }

    /// The actor of the filter; nobody but insiders may ask for one.
    fn actor(&self, accounts: &[User], reader: Reader<'_>) -> Result<Option<String>, Problem> {
        let who = self.who.trim();
        if who.is_empty() || reader == Reader::Public {
            return Ok(None);
        }
        if OTHERS.iter().any(|(code, _)| *code == who) {
            return Ok(Some(who.to_owned()));
        }
        let known = accounts.iter().find(|user| user.id.to_string() == who);
        known
            .map(|user| Some(user.email.to_string()))
            .ok_or_else(|| lookup::no_choice("person", who, &["somebody from the list"]))
    }

    fn action(&self, reader: Reader<'_>) -> Result<Option<String>, Problem> {
        match self.action.trim() {
            "" => Ok(None),
            _ if reader == Reader::Public => Ok(None),
            text if history::plain(text) => Ok(Some(text.to_owned())),
            text => Err(lookup::no_choice("thing that is done", text, &["one from the list"])),
        }
    }

    fn filtered(&self, page: Link, reader: Reader<'_>) -> Link {
        if reader == Reader::Public {
            return page;
        }
        page.with_some("who", Some(self.who.trim()))
            .with_some("action", Some(self.action.trim()))
    }
}

/// Who acts without an account.
const OTHERS: [(&str, &str); 3] = [
    (IMPORT, "loaded data"),
    ("cli", "the command line"),
    ("worker", "the program itself"),
];

fn answer(found: &Found, asked: &Asked) -> String {
    let lines = count(found.lines.len(), "thing was done", "things were done");
    let newest = found.lines.first().map(|line| day_of(line.at));
    match (newest, found.older.is_some() || !asked.before.trim().is_empty()) {
        (None, _) => "Nothing that fits was done yet.".to_owned(),
        (Some(newest), false) => format!("{lines}, the newest on {newest}. Nothing is ever erased."),
        (Some(newest), true) => format!(
            "{} of a longer history, from {newest} back.",
            count(found.lines.len(), "line", "lines")
        ),
    }
}

fn day_of(at: DateTime<Utc>) -> String {
    at.date_naive().to_string()
}

fn filters(object: &Object, asked: &Asked, accounts: &[User], day: lookup::Day) -> Filters {
    let first = |text: &str| std::iter::once(Choice::new("", text));
    let people = accounts.iter().map(|user| Choice::new(user.id.to_string(), &user.name));
    let others = OTHERS.iter().map(|(code, words)| Choice::new(*code, *words));
    let actions = WORDS.iter().map(|(code, words)| Choice::new(*code, *words));
    Filters {
        label: "Filter the history".to_owned(),
        action: object.page.clone(),
        fields: vec![
            Field::select(
                "who",
                "Who",
                first("anybody").chain(people).chain(others).collect(),
                asked.who.trim(),
            )
            .filter(),
            Field::select(
                "action",
                "What was done",
                first("anything").chain(actions).collect(),
                asked.action.trim(),
            )
            .filter(),
            Field::line("date", "as_of", "As of", day.hidden().as_deref().unwrap_or(""))
                .filter()
                .width("short"),
        ],
        clear: (!asked.who.is_empty() || !asked.action.is_empty()).then(|| day.keep(object.page.clone())),
    }
}
