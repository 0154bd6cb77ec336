//! The evidence on a state.

use super::desk::filters::keep_form;
use super::downloads;
use super::here::Here;
use super::lookup;
use crate::domain::evidence::{AuthorRole, Evidence, Reliability, SourceKind, Stance};
use crate::domain::ids::ThemeCode;
use crate::domain::reviews::ReviewStatus;
use crate::domain::summaries::StoredEvidence;
use crate::domain::users::Permission;
use crate::export::tables::{Cell, Table};
use crate::store::evidence as store;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::evidence::{EvidenceLine, EvidenceList, Order, status_tag};
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{self, Anchor, Empty, Pager, Tag};
use crate::web::view::words::count;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use std::cmp::Reverse;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Filters and order of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    theme: String,
    stance: String,
    role: String,
    kind: String,
    reliability: String,
    /// Where the review stands: what counts, where it is empty. The rest is for those who may record.
    status: String,
    expired: String,
    q: String,
    sort: String,
    as_of: String,
    page: String,
}

/// The orders, the first where none is asked for.
const ORDERS: [(&str, &str); 4] = [
    ("", "publication"),
    ("entered", "day entered"),
    ("title", "title"),
    ("reliability", "reliability"),
];

impl Asked {
    fn filters(&self) -> [(&'static str, &str); 8] {
        [
            ("theme", &self.theme),
            ("stance", &self.stance),
            ("role", &self.role),
            ("kind", &self.kind),
            ("reliability", &self.reliability),
            ("status", &self.status),
            ("expired", &self.expired),
            ("q", self.q.trim()),
        ]
    }

    /// Whether it asks for what does not count.
    fn is_open(&self) -> bool {
        !["", "accepted"].contains(&self.status.as_str())
    }

    /// Refuses what is none of the choices.
    fn check(&self) -> Result<(), Problem> {
        fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|one| code(*one)).collect()
        }
        let choices = [
            ("stance", &self.stance, codes(Stance::ALL, Stance::code)),
            ("role", &self.role, codes(AuthorRole::ALL, AuthorRole::code)),
            ("kind", &self.kind, codes(SourceKind::ALL, SourceKind::code)),
            (
                "reliability",
                &self.reliability,
                codes(Reliability::ALL, Reliability::code),
            ),
            ("sort", &self.sort, ORDERS.map(|(code, _)| code).into()),
        ];
        let wrong = choices
            .iter()
            .find(|(_, given, all)| !given.is_empty() && !all.contains(&given.as_str()));
        match wrong {
            Some((what, given, all)) => Err(lookup::no_choice(what, given, all)),
            None => Ok(()),
        }
    }

    fn is_filtered(&self) -> bool {
        self.filters().iter().any(|(_, text)| !text.is_empty())
    }

    /// The list with these filters.
    fn page(&self, here: &Here, sort: &str) -> Link {
        let start = links::state_evidence(&here.state.iso3);
        let all = self.filters().into_iter();
        all.fold(start, |link, (name, text)| link.with_some(name, Some(text)))
            .with_some("sort", Some(sort))
            .with_some("as_of", here.asked().as_deref())
    }

    fn theme(&self, here: &Here) -> Result<Option<ThemeCode>, Problem> {
        match self.theme.trim() {
            "" => Ok(None),
            text => Ok(Some(here.shelf.reference.find_theme(text)?.code.clone())),
        }
    }

    fn fits(&self, item: &Evidence, here: &Here, theme: Option<&ThemeCode>, words: &[String]) -> bool {
        let is = |asked: &str, code: &str| asked.is_empty() || asked == code;
        theme.is_none_or(|theme| item.theme.as_ref() == Some(theme))
            && is(&self.stance, item.stance.code())
            && is(&self.role, item.author_role.code())
            && is(&self.kind, item.source_kind.code())
            && is(&self.reliability, item.reliability.code())
            && (self.expired.is_empty() || is_expired(item, here))
            && (words.is_empty() || speaks_of(item, words))
    }

    fn sort(&self, items: &mut [StoredEvidence]) {
        match self.sort.as_str() {
            "entered" => items.sort_by_key(|item| Reverse(item.recorded_at)),
            "title" => items.sort_by_cached_key(|item| folded(&item.evidence.title)),
            "reliability" => items.sort_by_key(|item| (item.evidence.reliability, item.evidence.credibility)),
            // As they are read.
            _ => {}
        }
    }
}

fn is_expired(item: &Evidence, here: &Here) -> bool {
    item.review_by.is_some_and(|day| day < here.as_of)
}

/// In small letters and without accents.
fn folded(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

fn speaks_of(item: &Evidence, words: &[String]) -> bool {
    let text = folded(&format!("{} {} {}", item.title, item.gist, item.symbol));
    words.iter().all(|word| text.contains(word.as_str()))
}

/// Where the review stands, as the filter of those who may record has it: states that do not count.
fn asked_status(visit: &Visit, here: &Here, asked: &Asked) -> Result<Vec<ReviewStatus>, Problem> {
    let open = ReviewStatus::ALL
        .iter()
        .filter(|one| **one != ReviewStatus::Accepted)
        .copied();
    let insider = visit.actor.may(Permission::RecordFacts) && here.asked().is_none();
    match asked.status.as_str() {
        "" | "accepted" => Ok(Vec::new()),
        _ if !insider => Err(Problem::Forbidden(Permission::RecordFacts)),
        "open" => Ok(open.collect()),
        text => match text.parse() {
            Ok(one) => Ok(vec![one]),
            Err(why) => Err(Problem::Unreadable(why)),
        },
    }
}

/// What fits, and how much there is without the filters.
async fn held(visit: &Visit, here: &Here, asked: &Asked) -> Result<(Vec<StoredEvidence>, usize), Problem> {
    asked.check()?;
    let (theme, status) = (asked.theme(here)?, asked_status(visit, here, asked)?);
    let (db, state) = (&visit.app.db, &here.state.iso3);
    let mut all = if status.is_empty() {
        let mut counting = store::of_state(db, state).await?;
        counting.retain(|item| item.known_on(here.as_of));
        counting
    } else {
        store::latest_in_status(db, state, &status).await?
    };
    let total = all.len();
    let words: Vec<String> = folded(&asked.q).split_whitespace().map(str::to_owned).collect();
    all.retain(|item| asked.fits(&item.evidence, here, theme.as_ref(), &words));
    asked.sort(&mut all);
    Ok((all, total))
}

fn line(here: &Here, item: &StoredEvidence) -> EvidenceLine {
    let theme = item.evidence.theme.as_ref().map(|code| here.theme(code));
    let mut line = EvidenceLine::of(item, theme);
    line.tag = if item.status != ReviewStatus::Accepted {
        Some(status_tag(item.status))
    } else {
        is_expired(&item.evidence, here).then(|| Tag {
            class: "late",
            word: "out of date".to_owned(),
        })
    };
    line
}

fn orders(here: &Here, asked: &Asked) -> Vec<Order> {
    let one = |(code, words): (&str, &str)| Order {
        text: words.to_owned(),
        href: (asked.sort != code).then(|| asked.page(here, code)),
    };
    ORDERS.map(one).into()
}

/// The list.
pub(in crate::web) async fn list(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let (items, total) = held(&visit, &here, &asked).await?;
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &items));
    }
    let address = asked.page(&here, &asked.sort);
    let (rows, pager) = Pager::cut(items.len(), asked.page.parse().unwrap_or(1), &address);
    let may_add = visit.actor.may(Permission::RecordFacts);
    let add = may_add.then(|| Anchor::new("Add evidence", links::new_evidence(&here.state.iso3)));
    let view = EvidenceList {
        state: here.name().to_owned(),
        answer: answer(&here, &asked, &items, total),
        as_of: here.note(links::state_evidence(&here.state.iso3)),
        filters: filters(&here, &asked, may_add),
        orders: orders(&here, &asked),
        items: items
            .get(rows)
            .unwrap_or_default()
            .iter()
            .map(|item| line(&here, item))
            .collect(),
        downloads: parts::downloads(&address),
        pager,
        keep: keep_form(&visit, &address),
        empty: empty(&here, &asked, total, add.clone()),
        add,
    };
    let mut page = visit.page(format!("Evidence on {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    visit.show(&page, &view)
}

fn table(here: &Here, items: &[StoredEvidence]) -> Table {
    let columns = [
        "Key",
        "Published",
        "Title",
        "What it shows",
        "Who says so",
        "Says",
        "Grade",
        "Reliability",
        "Theme",
        "Document",
        "Link",
    ];
    let rows = items.iter().map(|stored| {
        let item = &stored.evidence;
        vec![
            Cell::from(item.key.as_str()),
            Cell::maybe(item.published),
            Cell::from(item.title.as_str()),
            Cell::from(item.gist.as_str()),
            Cell::from(item.author_role.words()),
            Cell::from(item.stance.words()),
            Cell::maybe(item.grade.map(|grade| grade.number())),
            Cell::from(format!("{}{}", item.reliability.code(), item.credibility.code())),
            Cell::maybe(item.theme.as_ref()),
            Cell::from(item.symbol.as_str()),
            Cell::from(item.link.as_str()),
        ]
    });
    Table::new(
        format!("Evidence on {} known on {}", here.name(), here.as_of),
        &columns,
        rows,
    )
}

fn answer(here: &Here, asked: &Asked, items: &[StoredEvidence], total: usize) -> String {
    let (name, filtered) = (here.name(), asked.is_filtered());
    if asked.is_open() {
        return match items.len() {
            0 => format!("No evidence on {name} stands so in its review."),
            1 => format!("1 piece of evidence on {name} fits; it does not count."),
            more => format!(
                "{} on {name} fit; none of them counts.",
                count(more, "piece", "pieces of evidence")
            ),
        };
    }
    if total == 0 {
        return format!("No evidence on {name} is held yet.");
    }
    let of = |stance: Stance| items.iter().filter(|item| item.evidence.stance == stance).count();
    let (against, for_it, between) = (of(Stance::Contradicts), of(Stance::Supports), of(Stance::Qualifies));
    let newest = items
        .iter()
        .filter_map(|item| item.evidence.published.or(item.evidence.date()))
        .max_by_key(|date| date.latest());
    let newest = newest.map_or_else(String::new, |date| format!(", the newest of {date}"));
    let shown = if filtered {
        format!(
            "{} of {} on {name} fit{}",
            items.len(),
            count(total, "piece of evidence", "pieces of evidence"),
            if items.len() == 1 { "s" } else { "" }
        )
    } else {
        format!(
            "{} on {name} {} held",
            count(total, "piece of evidence", "pieces of evidence"),
            if total == 1 { "is" } else { "are" }
        )
    };
    format!(
        "{shown}{newest}: {against} against, {for_it} for, and {between} in between, as to whether an obligation is kept."
    )
}

fn filters(here: &Here, asked: &Asked, insider: bool) -> Filters {
    fn all<T: Copy>(first: &str, all: &[T], of: impl Fn(T) -> (&'static str, &'static str)) -> Vec<Choice> {
        let rest = all
            .iter()
            .map(|one| of(*one))
            .map(|(code, words)| Choice::new(code, words));
        std::iter::once(Choice::new("", first)).chain(rest).collect()
    }
    let select = |name, label, choices, chosen: &str| Field::select(name, label, choices, chosen).filter();
    let themes = here.shelf.reference.themes();
    let themes = themes.map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let themes = std::iter::once(Choice::new("", "all themes")).chain(themes).collect();
    let stances = all("anything", Stance::ALL, |one| (one.code(), one.words()));
    let roles = all("anybody", AuthorRole::ALL, |one| (one.code(), one.words()));
    let kinds = all("any kind", SourceKind::ALL, |one| (one.code(), one.words()));
    let reliable = all("any", Reliability::ALL, |one| (one.code(), one.words()));
    let expired = vec![Choice::new("", "all"), Choice::new("1", "only what is out of date")];
    let mut fields = vec![
        Field::line("search", "q", "Words", &asked.q).filter(),
        select("theme", "Theme", themes, &asked.theme.trim().to_uppercase()),
        select("stance", "What it shows", stances, &asked.stance),
        select("role", "Who says so", roles, &asked.role),
        select("kind", "Kind of source", kinds, &asked.kind),
        select("reliability", "Reliability", reliable, &asked.reliability),
        select("expired", "Date", expired, &asked.expired),
    ];
    if insider && here.asked().is_none() {
        let mut status = vec![
            Choice::new("", "what counts"),
            Choice::new("open", "everything that does not count"),
        ];
        let open = ReviewStatus::ALL.iter().filter(|one| **one != ReviewStatus::Accepted);
        status.extend(open.map(|one| Choice::new(one.code(), one.words())));
        fields.push(select("status", "Review", status, &asked.status));
    }
    let day = Field::line("date", "as_of", "As of", here.asked().as_deref().unwrap_or(""));
    fields.push(day.filter().width("short"));
    let address = links::state_evidence(&here.state.iso3);
    Filters {
        label: "Filter the evidence".to_owned(),
        clear: asked.is_filtered().then(|| here.keep(address.clone())),
        action: address,
        fields,
    }
}

fn empty(here: &Here, asked: &Asked, total: usize, action: Option<Anchor>) -> Empty {
    let name = here.name();
    if asked.is_open() {
        return Empty {
            title: "Nothing waits here".to_owned(),
            text: format!("No evidence on {name} stands so in its review."),
            needed: Vec::new(),
            action: Some(Anchor::new("Show what counts", links::state_evidence(&here.state.iso3))),
        };
    }
    if total > 0 {
        return Empty {
            title: "Nothing fits this filter".to_owned(),
            text: format!(
                "{} on {name} would be shown without it.",
                count(total, "piece of evidence", "pieces of evidence")
            ),
            needed: Vec::new(),
            action: Some(Anchor::new(
                "Show all of it",
                here.keep(links::state_evidence(&here.state.iso3)),
            )),
        };
    }
    Empty {
        title: format!("No evidence on {name} yet"),
        text: "Nobody has added an observation with a source and a date. What would help most, and who could give it:"
            .to_owned(),
        needed: [
            "concluding observations of the treaty bodies of the last five years: anybody who can read them",
            "laws and procedures on entry, work and detention: a ministry, or the human rights institution",
            "statistics by sex and age: the statistical office",
            "an alternative report: civil society",
        ]
        .map(str::to_owned)
        .into(),
        action,
    }
}
