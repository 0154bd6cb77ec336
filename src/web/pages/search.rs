//! Search over evidence, provisions and recommendations, with the state or treaty that is named offered first.

use super::lookup::{self, Day};
use super::{downloads, search_parts as parts};
use crate::domain::search::{EntryKind, LONGEST, Narrowing, Query, excerpt, highlighted};
use crate::export::tables::{Cell, Table};
use crate::store::library::Shelf;
use crate::store::search::{self as store, Found, MOST, Wanted};
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, Pager, downloads as files};
use crate::web::view::search::{Hit, Kind, Search};
use crate::web::view::words::{count, figure, list, provision_name};
use axum::extract::Query as Address;
use axum::response::Response;
use serde::Deserialize;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    kind: String,
    state: String,
    theme: String,
    instrument: String,
    as_of: String,
    page: String,
}

/// Results on a page.
pub(in crate::web) const ROWS: usize = 25;
/// Characters of a text that are shown around its first match.
const EXCERPT: usize = 300;

impl Asked {
    fn is_narrowed(&self) -> bool {
        ![&self.kind, &self.state, &self.theme, &self.instrument]
            .iter()
            .all(|text| text.is_empty())
    }

    /// The page with this question and these filters, whatever the kind.
    fn address(&self, query: &Query) -> Link {
        links::search()
            .with_some("q", Some(&query.typed))
            .with_some("state", Some(self.state.trim()))
            .with_some("theme", Some(self.theme.trim()))
            .with_some("instrument", Some(self.instrument.trim()))
    }
}

/// Everything that the parts of the page are made of.
struct Answer<'a> {
    shelf: &'a Shelf,
    asked: &'a Asked,
    query: &'a Query,
    kind: Option<EntryKind>,
    day: Day,
    found: &'a Found,
}

/// The page.
pub(in crate::web) async fn search(visit: Visit, Address(asked): Address<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let (query, kind) = (Query::read(&asked.q), parts::kind(&asked.kind)?);
    let narrowing: Narrowing = parts::narrowing(&shelf.reference, &asked.state, &asked.theme, &asked.instrument)?;
    let number = asked.page.parse::<usize>().unwrap_or(1).clamp(1, MOST);
    let wanted = match visit.file {
        Some(_) => Wanted {
            kind,
            as_of: day.date,
            from: 0,
            many: usize::MAX,
        },
        None => Wanted {
            kind,
            as_of: day.date,
            from: (number - 1) * ROWS,
            many: ROWS,
        },
    };
    let found = store::find(&visit.app.db, &query, &narrowing, wanted).await?;
    let answer = Answer {
        shelf: &shelf,
        asked: &asked,
        query: &query,
        kind,
        day,
        found: &found,
    };
    if visit.file.is_some() {
        return downloads::file(&visit, &answer.table());
    }
    let title = if query.typed.is_empty() {
        "Search".to_owned()
    } else {
        format!("Search: {}", query.typed)
    };
    let mut page = visit.page(title, Section::Home);
    page.sought.clone_from(&query.typed);
    day.mark(&mut page);
    visit.show(&page, &answer.view(number))
}

impl Answer<'_> {
    fn here(&self) -> Link {
        self.day.keep(
            self.asked
                .address(self.query)
                .with_some("kind", self.kind.map(EntryKind::code)),
        )
    }

    fn view(&self, number: usize) -> Search {
        Search {
            answer: self.sentence(),
            as_of: self.day.note(self.asked.address(self.query)),
            direct: self.direct(),
            filters: self.filters(),
            kinds: self.kinds(),
            hits: self.found.hits.iter().map(|hit| self.hit(hit)).collect(),
            pager: self.pager(number),
            downloads: files(&self.here()),
            empty: self.empty(),
            nearest: self.nearest(),
            help: [
                "All words have to be there; case and accents do not matter.",
                "“Words in quotation marks” must stand next to each other; a minus before a word leaves it out.",
                "A star finds beginnings: deten* finds detention and détenus. A UN symbol is found as it is written.",
            ]
            .map(str::to_owned)
            .into(),
        }
    }

    fn count(&self, kind: EntryKind) -> usize {
        self.found.counts.get(&kind).copied().unwrap_or(0)
    }

    fn counted(&self, kind: EntryKind) -> String {
        let number = self.count(kind);
        let words = |one, many| match number {
            more if more > MOST => format!("more than {} {many}", figure(MOST)),
            _ => count(number, one, many),
        };
        match kind {
            EntryKind::Evidence => words("piece of evidence", "pieces of evidence"),
            EntryKind::Provision => words("provision", "provisions"),
            EntryKind::Recommendation => words("recommendation", "recommendations"),
        }
    }

    fn sentence(&self) -> String {
        let typed = &self.query.typed;
        if typed.is_empty() {
            return "Find evidence, provisions of treaties and recommendations by their words.".to_owned();
        }
        if !self.query.asks() {
            return format!("“{typed}” names nothing to look for: add a word that has to be there.");
        }
        let some: Vec<EntryKind> = EntryKind::ALL
            .iter()
            .copied()
            .filter(|kind| self.count(*kind) > 0)
            .collect();
        let all: Vec<String> = some.iter().map(|kind| self.counted(*kind)).collect();
        if all.is_empty() {
            return format!("Nothing fits “{typed}”.");
        }
        let total: usize = some.iter().map(|kind| self.count(*kind)).sum();
        let verb = if total == 1 { "fits" } else { "fit" };
        let many = some.iter().any(|kind| self.count(*kind) > MOST);
        let hint = if many {
            format!(
                " The newest {} of a kind are shown, those with it in the title first; another word narrows them down.",
                figure(MOST)
            )
        } else {
            String::new()
        };
        let cut = if self.asked.q.trim().chars().count() > LONGEST {
            format!(" Only the first {LONGEST} characters of the question were read.")
        } else {
            String::new()
        };
        format!("{} {verb} “{typed}”.{hint}{cut}", list(&all))
    }

    fn direct(&self) -> Vec<Anchor> {
        let reference = &self.shelf.reference;
        if self.query.typed.is_empty() {
            return Vec::new();
        }
        let (names, query) = (&self.shelf.names, self.query);
        let states = names.states_named(reference, query).into_iter();
        let states = states.filter_map(|code| reference.state(&code));
        let states =
            states.map(|state| Anchor::new(format!("The page of {}", state.name.en), links::state(&state.iso3)));
        let treaties = names.treaties_named(reference, query).into_iter();
        let treaties = treaties.filter_map(|code| reference.instrument(&code)).map(|one| {
            let name = format!("The treaty {} ({})", one.short.en, one.code);
            Anchor::new(name, links::instrument(&one.code))
        });
        states.chain(treaties).map(|anchor| self.day.kept(anchor)).collect()
    }

    fn kinds(&self) -> Vec<Kind> {
        if !self.query.asks() {
            return Vec::new();
        }
        let page = self.asked.address(self.query);
        let shown = |number: usize| {
            if number > MOST {
                format!("more than {}", figure(MOST))
            } else {
                figure(number)
            }
        };
        let each = EntryKind::ALL.iter().map(|kind| {
            let (number, words) = (self.count(*kind), kind.words());
            let name: String = words
                .chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(words.chars().skip(1))
                .collect();
            Kind {
                name,
                count: shown(number),
                href: (number > 0).then(|| self.day.keep(page.clone().with("kind", kind.code()))),
                current: self.kind == Some(*kind),
            }
        });
        let total: usize = EntryKind::ALL.iter().map(|kind| self.count(*kind)).sum();
        let more = EntryKind::ALL.iter().any(|kind| self.count(*kind) > MOST);
        let all = Kind {
            name: "Everything".to_owned(),
            count: if more {
                format!("more than {}", figure(MOST))
            } else {
                figure(total)
            },
            href: (total > 0).then(|| self.day.keep(page.clone())),
            current: self.kind.is_none(),
        };
        std::iter::once(all).chain(each).collect()
    }

    fn hit(&self, hit: &store::Hit) -> Hit {
        Hit {
            href: self.day.keep(parts::address(&self.shelf.reference, hit)),
            title: highlighted(&hit.title, self.query),
            text: excerpt(&hit.body, self.query, EXCERPT),
            line: self.line(hit),
        }
    }

    /// What it is, of which state or treaty, on which theme, since when.
    fn line(&self, hit: &store::Hit) -> String {
        let reference = &self.shelf.reference;
        let state = hit.state.as_ref().and_then(|code| reference.state(&code.parse().ok()?));
        let theme = hit.theme.as_ref().and_then(|code| reference.theme(&code.parse().ok()?));
        let provision = hit.key.parse().ok().and_then(|id| reference.provision(&id));
        let provision = provision.filter(|_| hit.kind == EntryKind::Provision);
        let parts = [
            Some(match hit.kind {
                EntryKind::Evidence => "evidence".to_owned(),
                EntryKind::Provision => "provision".to_owned(),
                EntryKind::Recommendation => "recommendation".to_owned(),
            }),
            provision.map(|(instrument, one)| provision_name(instrument, one)),
            state.map(|state| state.name.en.clone()),
            theme.map(|theme| theme.label.en.clone()),
            hit.dated.clone(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn pager(&self, number: usize) -> Option<Pager> {
        let total = self.found.ranked;
        let pages = total.div_ceil(ROWS);
        if pages < 2 {
            return None;
        }
        let page = |number: usize| self.here().with("page", &number.to_string());
        let from = (number - 1) * ROWS;
        Some(Pager {
            previous: (number > 1).then(|| page((number - 1).min(pages))),
            next: (number < pages).then(|| page(number + 1)),
            all: None,
            text: format!(
                "Results {} to {} of {}",
                figure(from + 1),
                figure((from + ROWS).min(total)),
                figure(total)
            ),
        })
    }

    fn filters(&self) -> Filters {
        let (reference, asked) = (&self.shelf.reference, self.asked);
        let first = |text: &str| std::iter::once(Choice::new("", text));
        let kinds = EntryKind::ALL.iter().map(|kind| Choice::new(kind.code(), kind.words()));
        let states = reference
            .states()
            .map(|state| Choice::new(state.iso3.as_str(), &state.name.en));
        let mut states: Vec<Choice> = states.collect();
        states.sort_by(|a, b| a.label.cmp(&b.label));
        let themes = reference
            .themes()
            .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
        let treaties = reference
            .instruments()
            .iter()
            .map(|one| Choice::new(one.code.as_str(), format!("{}: {}", one.code, one.short.en)));
        let upper = |text: &str| text.trim().to_uppercase();
        let state = reference
            .find_state(&asked.state)
            .map_or_else(|_| String::new(), |state| state.iso3.to_string());
        Filters {
            label: "Search and filter".to_owned(),
            action: links::search(),
            clear: asked
                .is_narrowed()
                .then(|| self.day.keep(links::search().with_some("q", Some(&self.query.typed)))),
            fields: vec![
                Field::line("search", "q", "Words", &self.query.typed).filter(),
                Field::select(
                    "kind",
                    "Kind",
                    first("everything").chain(kinds).collect(),
                    asked.kind.trim(),
                )
                .filter(),
                Field::select("state", "State", first("all states").chain(states).collect(), &state).filter(),
                Field::select(
                    "theme",
                    "Theme",
                    first("all themes").chain(themes).collect(),
                    &upper(&asked.theme),
                )
                .filter(),
                Field::select(
                    "instrument",
                    "Treaty",
                    first("all treaties").chain(treaties).collect(),
                    &upper(&asked.instrument),
                )
                .filter(),
                Field::line("date", "as_of", "As of", &self.day.hidden().unwrap_or_default())
                    .filter()
                    .width("short"),
            ],
        }
    }

    fn empty(&self) -> Empty {
        let nothing = |title: &str, text: String, action| Empty {
            title: title.to_owned(),
            text,
            needed: Vec::new(),
            action,
        };
        let typed = &self.query.typed;
        if !self.query.asks() {
            return nothing(
                "What are you looking for?",
                "Type a word, a name or a UN document symbol above.".to_owned(),
                None,
            );
        }
        if self.found.ranked > 0 {
            return nothing(
                "There is no such page of results",
                "The results end before it.".to_owned(),
                Some(Anchor::new("First page", self.here())),
            );
        }
        if self.found.counts.values().any(|number| *number > 0) {
            let action = Anchor::new(
                "Show results of every kind",
                self.day.keep(self.asked.address(self.query)),
            );
            return nothing(
                "Nothing of this kind fits",
                "Results of other kinds are counted beside.".to_owned(),
                Some(action),
            );
        }
        let action = self.asked.is_narrowed().then(|| {
            Anchor::new(
                "Search without filters",
                self.day.keep(links::search().with("q", typed)),
            )
        });
        let narrowed = if action.is_some() { " with these filters" } else { "" };
        let text = format!(
            "No evidence, provision or recommendation known on {} has all of “{typed}” in it{narrowed}.",
            self.day.date
        );
        nothing("Nothing was found", text, action)
    }

    fn nearest(&self) -> Vec<Anchor> {
        if !self.query.asks() || self.found.ranked > 0 {
            return Vec::new();
        }
        let reference = &self.shelf.reference;
        let names = &self.shelf.names;
        let state = names.state_meant(reference, self.query);
        let state = state.and_then(|code| reference.state(&code));
        let treaty = names.treaty_meant(self.query);
        let treaty = treaty.and_then(|code| reference.instrument(&code));
        let respelt = names.respelt(self.query);
        let respelt = respelt.map(|text| Anchor::new(text.clone(), links::search().with("q", &text)));
        let state = state.map(|state| Anchor::new(&state.name.en, links::state(&state.iso3)));
        let treaty = treaty.map(|one| Anchor::new(&one.short.en, links::instrument(&one.code)));
        respelt
            .into_iter()
            .chain(state)
            .chain(treaty)
            .map(|anchor| self.day.kept(anchor))
            .collect()
    }

    fn table(&self) -> Table {
        let columns = ["Kind", "Key", "State", "Theme", "Date", "Title", "Text", "Address"];
        let rows = self.found.hits.iter().map(|hit| {
            vec![
                Cell::from(hit.kind.code()),
                Cell::from(hit.key.as_str()),
                Cell::maybe(hit.state.as_ref()),
                Cell::maybe(hit.theme.as_ref()),
                Cell::maybe(hit.dated.as_ref()),
                Cell::from(hit.title.as_str()),
                Cell::from(hit.body.as_str()),
                Cell::from(parts::address(&self.shelf.reference, hit).to_string()),
            ]
        });
        Table::new(
            format!("Search for “{}” as of {}", self.query.typed, self.day.date),
            &columns,
            rows,
        )
    }
}
