//! The desk: what waits for somebody who works here, each queue at its own address.

pub(in crate::web) mod filters;
pub(in crate::web) mod queue;
mod rows;

use super::comments::page_of;
use super::lookup::{self, Day};
use crate::actions::saved_filters::FilterDraft;
use crate::actions::standings;
use crate::domain::comments::Comment;
use crate::domain::desk::{Desk, Holds, Narrow, Queue};
use crate::domain::reference::Reference;
use crate::domain::users::{Permission, User};
use crate::export::tables::{Cell, Table};
use crate::store::library::Shelf;
use crate::store::queues::MOST_COUNTED;
use crate::store::{Db, StoreError, comments, queues, saved_filters, standings as store};
use crate::web::extract::{Allowed, RecordFacts, Visit};
use crate::web::links::{self, Link};
use crate::web::pages::downloads;
use crate::web::problem::Problem;
use crate::web::view::desk::{Desk as DeskView, QueueLine};
use crate::web::view::forms::{Choice, Field, FieldErrors, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, AsOf, Empty};
use crate::web::view::words::{count, figure, short};
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;

/// What the desk is narrowed to, as the address has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    state: String,
    instrument: String,
    theme: String,
    as_of: String,
    sort: String,
    page: String,
}

/// The desk of one person on one day.
pub(super) struct AtDesk {
    shelf: Arc<Shelf>,
    who: String,
    day: Day,
    past: bool,
    stale_years: u32,
    narrow: Narrow,
}

impl AtDesk {
    /// From an address. What somebody's write has moved is brought up to date first.
    async fn read(visit: &Visit, who: &User, asked: &Asked) -> Result<Self, Problem> {
        let (app, shelf) = (&visit.app, visit.app.shelf().await?);
        let day = lookup::day(visit, &asked.as_of)?;
        let narrow = narrow(&shelf.reference, asked)?;
        standings::catch_up(&app.db, &shelf, app.clock.now(), narrow.state.as_ref()).await?;
        Ok(Self {
            narrow,
            who: who.email.to_string(),
            past: day.asked && day.date < app.clock.today(),
            stale_years: app.config.stale_years,
            day,
            shelf,
        })
    }

    fn desk(&self) -> Desk<'_> {
        Desk {
            who: &self.who,
            day: self.day.date,
            past: self.past,
            stale_years: self.stale_years,
        }
    }

    /// An address with what it is narrowed to.
    fn narrowed(&self, link: Link) -> Link {
        let state = self.narrow.state.as_ref().map(|code| code.as_str());
        let instrument = self.narrow.instrument.as_ref().map(|code| code.as_str());
        let theme = self.narrow.theme.as_ref().map(|code| code.as_str());
        link.with_some("state", state)
            .with_some("instrument", instrument)
            .with_some("theme", theme)
    }

    /// The same on the same day.
    fn kept(&self, link: Link) -> Link {
        self.day.keep(self.narrowed(link))
    }

    fn note(&self, page: Link) -> Option<AsOf> {
        self.day.note(self.narrowed(page))
    }

    async fn count(&self, db: &Db, queue: Queue) -> Result<u64, StoreError> {
        match queue.holds() {
            Holds::Evidence => queues::count(db, queue, &self.desk(), &self.narrow).await,
            Holds::Obligations => store::count(db, queue, &self.desk(), &self.narrow).await,
            Holds::Rounds => {
                let waiting = queues::rounds::all(db, queue, &self.desk(), &self.narrow).await?;
                Ok(u64::try_from(waiting.len()).unwrap_or(u64::MAX))
            }
        }
    }

    fn filters(&self, page: Link, sort: &str) -> Filters {
        let reference = &self.shelf.reference;
        let mut names: Vec<(&str, &str)> = reference
            .states()
            .map(|state| (state.name.en.as_str(), state.iso3.as_str()))
            .collect();
        names.sort_unstable();
        let all = |text: &str| std::iter::once(Choice::new("", text));
        let states = names.into_iter().map(|(name, code)| Choice::new(code, name));
        let treaties = reference
            .instruments()
            .iter()
            .map(|one| Choice::new(one.code.as_str(), format!("{}: {}", one.code, one.short.en)));
        let themes = reference
            .themes()
            .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
        let chosen = |code: Option<String>| code.unwrap_or_default();
        let (state, instrument, theme) = (&self.narrow.state, &self.narrow.instrument, &self.narrow.theme);
        let mut fields = vec![
            Field::select(
                "state",
                "State",
                all("all states").chain(states).collect(),
                &chosen(state.as_ref().map(ToString::to_string)),
            )
            .filter(),
            Field::select(
                "instrument",
                "Treaty",
                all("all treaties").chain(treaties).collect(),
                &chosen(instrument.as_ref().map(ToString::to_string)),
            )
            .filter(),
            Field::select(
                "theme",
                "Theme",
                all("all themes").chain(themes).collect(),
                &chosen(theme.as_ref().map(ToString::to_string)),
            )
            .filter(),
            Field::line("date", "as_of", "As of", &self.day.hidden().unwrap_or_default())
                .filter()
                .width("short"),
        ];
        if !sort.is_empty() {
            fields.push(Field::hidden("sort", sort));
        }
        Filters {
            label: "Narrow what is shown".to_owned(),
            clear: self.narrow.is_any().then(|| self.day.keep(page.clone())),
            action: page,
            fields,
        }
    }
}

fn narrow(reference: &Reference, asked: &Asked) -> Result<Narrow, Problem> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let state = given(&asked.state).map(|text| {
        let page = |code: &_| links::desk().with("state", crate::domain::ids::StateCode::as_str(code));
        lookup::state(reference, &text, page).map(|state| state.iso3.clone())
    });
    let instrument = given(&asked.instrument).map(|text| {
        let page = |code: &_| links::desk().with("instrument", crate::domain::ids::InstrumentCode::as_str(code));
        lookup::instrument(reference, &text, page).map(|found| found.code.clone())
    });
    let theme = given(&asked.theme).map(|text| {
        let page = |code: &_| links::desk().with("theme", crate::domain::ids::ThemeCode::as_str(code));
        lookup::theme(reference, &text, page).map(|theme| theme.code.clone())
    });
    Ok(Narrow {
        state: state.transpose()?,
        instrument: instrument.transpose()?,
        theme: theme.transpose()?,
    })
}

/// Shows every queue with what it holds.
pub(in crate::web) async fn overview(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    show(&visit, allowed.user()?, StatusCode::OK, &asked, None).await
}

async fn show(
    visit: &Visit,
    user: &User,
    status: StatusCode,
    asked: &Asked,
    keep: Option<(&FilterDraft, FieldErrors)>,
) -> Result<Response, Problem> {
    let at = AtDesk::read(visit, user, asked).await?;
    let mut counts = Vec::with_capacity(Queue::ALL.len());
    for queue in Queue::ALL {
        counts.push((*queue, at.count(&visit.app.db, *queue).await?));
    }
    if visit.file.is_some() {
        return downloads::file(visit, &table(&at, &counts));
    }
    let token = visit.form_token();
    let saved = saved_filters::of_user(&visit.app.db, user.id).await?;
    let line = |(queue, count): &(Queue, u64)| QueueLine {
        queue: Anchor::new(queue.words(), at.kept(links::desk_queue(*queue))),
        count: number(*count),
        todo: todo(*queue),
    };
    let of = |mine: bool| counts.iter().filter(move |(queue, _)| queue.is_mine() == mine);
    let waiting = comments_for(visit, &at, user).await?;
    let view = DeskView {
        answer: answer(&at, &counts, waiting.len()),
        as_of: at.note(links::desk()),
        filters: at.filters(links::desk(), ""),
        mine: of(true).map(line).collect(),
        others: of(false).map(line).collect(),
        empty: counts.iter().all(|(_, count)| *count == 0).then(|| nothing(&at)),
        comments: waiting,
        more: more(visit, &at),
        saved: saved.iter().filter_map(|one| filters::line(one, &token)).collect(),
        keep: keep.map(|(draft, errors)| filters::form(&draft.address, &draft.name, &token, &errors)),
    };
    let mut page = visit.page("My desk", Section::Desk);
    at.day.mark(&mut page);
    visit.show_as(status, &page, &view)
}

/// Comments that somebody is asked to see to: of today, for what was asked before is settled or asked still.
async fn comments_for(visit: &Visit, at: &AtDesk, user: &User) -> Result<Vec<Anchor>, Problem> {
    if at.past {
        return Ok(Vec::new());
    }
    let waiting = comments::assigned_to(&visit.app.db, user, 0).await?;
    let line = |one: &Comment| Anchor::new(short(&one.text, 90), page_of(&one.on).at("comments"));
    Ok(waiting.iter().map(line).collect())
}

/// A count as it is shown: no further than it was counted.
fn number(count: u64) -> String {
    let most = usize::try_from(MOST_COUNTED).unwrap_or(usize::MAX);
    match usize::try_from(count).unwrap_or(usize::MAX) {
        count if count > most => format!("more than {}", figure(most)),
        count => figure(count),
    }
}

fn some(count: u64, one: &str, many: &str) -> String {
    if count == 1 {
        self::count(1, one, many)
    } else {
        format!("{} {many}", number(count))
    }
}

fn table(at: &AtDesk, counts: &[(Queue, u64)]) -> Table {
    let rows = counts
        .iter()
        .map(|(queue, count)| vec![queue.code().into(), queue.words().into(), Cell::from(number(*count))]);
    Table::new(
        format!("The desk of {} on {}", at.who, at.day.date),
        &["Queue", "Name", "Waiting"],
        rows,
    )
}

/// What is to be done with what waits there.
fn todo(queue: Queue) -> &'static str {
    match queue {
        Queue::Review => "Read what others handed in: accept it, return it with a remark, or reject it with a reason.",
        Queue::Returned => "Read the remark, mend it and hand it in again; of what was rejected, read why.",
        Queue::Drafts => "Finish what you began and hand it in.",
        Queue::Gradings => "Grade by yourself; nobody sees another’s grading before all are in.",
        Queue::Disagreements => "Read the gradings side by side, talk, and decide.",
        Queue::Ungraded => "Grade obligations that have evidence and no grade, or newer evidence than their grade.",
        Queue::Contested => "Weigh both sides: strong evidence says that the duty is kept, and that it is not.",
        Queue::Stale => "Look for news: the newest evidence is years old.",
        Queue::Expired => "Check whether it still holds: the day on which it was to be looked at has passed.",
        Queue::Links => "Find where the source can be read now.",
    }
}

fn answer(at: &AtDesk, counts: &[(Queue, u64)], comments: usize) -> String {
    let of = |queue: Queue| {
        counts
            .iter()
            .find(|(one, _)| *one == queue)
            .map_or(0, |(_, count)| *count)
    };
    let mine = [
        (
            of(Queue::Review),
            "piece waits for your review",
            "pieces wait for your review",
        ),
        (of(Queue::Returned), "came back to you", "came back to you"),
        (
            of(Queue::Drafts),
            "draft of yours is not handed in",
            "drafts of yours are not handed in",
        ),
        (
            of(Queue::Gradings),
            "grading is asked of you",
            "gradings are asked of you",
        ),
        (
            u64::try_from(comments).unwrap_or(u64::MAX),
            "comment asks you to see to something",
            "comments ask you to see to something",
        ),
    ];
    let mine: Vec<String> = mine
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| some(count, one, many))
        .collect();
    let mine = match (mine.is_empty(), at.past) {
        (false, _) => mine.join(", "),
        (true, false) => "Nothing waits for you".to_owned(),
        (true, true) => "Nothing waited for you".to_owned(),
    };
    let (ungraded, contested) = (of(Queue::Ungraded), of(Queue::Contested));
    let grading = match (ungraded, contested) {
        (0, _) => "no obligation waits for a grade".to_owned(),
        (_, 0) => format!("{} for a grade", some(ungraded, "obligation waits", "obligations wait")),
        _ => format!(
            "{} for a grade, {} of them contested",
            some(ungraded, "obligation waits", "obligations wait"),
            number(contested)
        ),
    };
    format!("{mine}; {grading}.")
}

fn nothing(at: &AtDesk) -> Empty {
    if at.past {
        return Empty {
            title: format!("The desk was empty on {}", at.day.date),
            text: "Nothing that waits had been recorded here by the end of that day.".to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new("Show today", at.narrowed(links::desk()))),
        };
    }
    if at.narrow.is_any() {
        return Empty {
            title: "Nothing waits there".to_owned(),
            text: "Without this filter there may be more.".to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new("Show the whole desk", links::desk())),
        };
    }
    Empty {
        title: "The desk is empty".to_owned(),
        text:
            "You have read all that others handed in, and every obligation with accepted evidence is graded. What helps next:"
                .to_owned(),
        needed: [
            "evidence on states and themes without any: the coverage matrix of a state shows where",
            "new concluding observations, laws and figures",
        ]
        .map(str::to_owned)
        .into(),
        action: Some(Anchor::new("Choose a state", links::states())),
    }
}

/// What else is done from here.
fn more(visit: &Visit, at: &AtDesk) -> Vec<Anchor> {
    let mut more = vec![
        match &at.narrow.state {
            Some(state) => Anchor::new("Add evidence", links::new_evidence(state)),
            None => Anchor::new("Add evidence: choose a state", links::states()),
        },
        Anchor::new("Import or export many rows", links::imports()),
        Anchor::new("How far gradings agree", links::agreement()),
    ];
    if visit.actor.may(Permission::Assess) {
        more.push(Anchor::new("Coding studies of causes", links::studies()));
    }
    if visit.actor.may(Permission::Administer) {
        let words = "Compare a status page of the depositary with what is held";
        more.push(Anchor::new(words, links::status_pages()));
        more.push(Anchor::new("Proposals from status pages", links::proposals()));
    }
    more
}
