//! The evidence on a state, and one piece of it with all that it serves.

use super::desk::filters::keep_form;
use super::downloads;
use super::here::Here;
use super::link_state;
use crate::domain::evidence::{AuthorRole, Evidence, Stance};
use crate::domain::ids::ThemeCode;
use crate::domain::summaries::{IMPORT, StatePicture, StoredEvidence};
use crate::domain::users::{Email, Permission};
use crate::export::tables::{Cell, Table};
use crate::store::{evidence as store, findings, users};
use crate::web::app_state::AppState;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::evidence::{EvidenceItem, EvidenceLine, EvidenceList, Served};
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::obligations::Fact;
use crate::web::view::page::Section;
use crate::web::view::parts::{self, Anchor, Empty, GradeMark, Pager};
use crate::web::view::words::{count, provision_name};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Filters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    theme: String,
    stance: String,
    role: String,
    as_of: String,
    page: String,
}

impl Asked {
    fn fits(&self, item: &Evidence, theme: Option<&ThemeCode>) -> bool {
        theme.is_none_or(|theme| item.theme.as_ref() == Some(theme))
            && (self.stance.is_empty() || item.stance.code() == self.stance)
            && (self.role.is_empty() || item.author_role.code() == self.role)
    }

    fn is_filtered(&self) -> bool {
        ![&self.theme, &self.stance, &self.role]
            .iter()
            .all(|text| text.is_empty())
    }

    /// The list with these filters.
    fn page(&self, here: &Here) -> Link {
        links::state_evidence(&here.state.iso3)
            .with_some("theme", Some(&self.theme))
            .with_some("stance", Some(&self.stance))
            .with_some("role", Some(&self.role))
            .with_some("as_of", here.asked().as_deref())
    }

    fn theme(&self, here: &Here) -> Result<Option<ThemeCode>, Problem> {
        match self.theme.trim() {
            "" => Ok(None),
            text => Ok(Some(here.shelf.reference.find_theme(text)?.code.clone())),
        }
    }
}

async fn held(visit: &Visit, here: &Here, asked: &Asked) -> Result<(Vec<StoredEvidence>, usize), Problem> {
    let theme = asked.theme(here)?;
    let mut all = store::of_state(&visit.app.db, &here.state.iso3).await?;
    all.retain(|item| item.known_on(here.as_of));
    let total = all.len();
    all.retain(|item| asked.fits(&item.evidence, theme.as_ref()));
    Ok((all, total))
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
    let address = asked.page(&here);
    let (rows, pager) = Pager::cut(items.len(), asked.page.parse().unwrap_or(1), &address);
    let may_add = visit.actor.may(Permission::RecordFacts);
    let add = may_add.then(|| Anchor::new("Add evidence", links::new_evidence(&here.state.iso3)));
    let line =
        |item: &StoredEvidence| EvidenceLine::of(item, item.evidence.theme.as_ref().map(|code| here.theme(code)));
    let view = EvidenceList {
        state: here.name().to_owned(),
        answer: answer(&here, &items, total, asked.is_filtered()),
        as_of: here.note(links::state_evidence(&here.state.iso3)),
        filters: filters(&here, &asked),
        items: items.get(rows).unwrap_or_default().iter().map(line).collect(),
        downloads: parts::downloads(&address),
        pager,
        keep: keep_form(&visit, &address),
        empty: empty(&here, total, add.clone()),
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

fn answer(here: &Here, items: &[StoredEvidence], total: usize, filtered: bool) -> String {
    let name = here.name();
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

fn filters(here: &Here, asked: &Asked) -> Filters {
    let first = |text: &str| std::iter::once(Choice::new("", text));
    let themes = here
        .shelf
        .reference
        .themes()
        .map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let stances = Stance::ALL
        .iter()
        .map(|stance| Choice::new(stance.code(), stance.words()));
    let roles = AuthorRole::ALL
        .iter()
        .map(|role| Choice::new(role.code(), role.words()));
    let address = links::state_evidence(&here.state.iso3);
    Filters {
        label: "Filter the evidence".to_owned(),
        clear: asked.is_filtered().then(|| here.keep(address.clone())),
        action: address,
        fields: vec![
            Field::select(
                "theme",
                "Theme",
                first("all themes").chain(themes).collect(),
                &asked.theme.trim().to_uppercase(),
            )
            .filter(),
            Field::select(
                "stance",
                "What it shows",
                first("anything").chain(stances).collect(),
                &asked.stance,
            )
            .filter(),
            Field::select(
                "role",
                "Who says so",
                first("anybody").chain(roles).collect(),
                &asked.role,
            )
            .filter(),
            Field::line("date", "as_of", "As of", here.asked().as_deref().unwrap_or(""))
                .filter()
                .width("short"),
        ],
    }
}

fn empty(here: &Here, total: usize, action: Option<Anchor>) -> Empty {
    let name = here.name();
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

/// A day in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Day {
    as_of: String,
}

/// One piece of evidence.
pub(in crate::web) async fn item(
    visit: Visit,
    Path(id): Path<String>,
    Query(day): Query<Day>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(format!("There is no evidence “{id}”."));
    let revisions = store::revisions_of(&visit.app.db, id.parse().map_err(|_| missing())?).await?;
    let state = revisions.first().ok_or_else(missing)?.evidence.state.clone();
    let here = Here::read(&visit.app, state.as_str(), &day.as_of).await?;
    let insider = visit.actor.may(Permission::RecordFacts) && here.asked().is_none();
    let known = revisions.iter().rev().find(|one| one.known_on(here.as_of));
    let stored = known.or(revisions.last().filter(|_| insider)).ok_or_else(missing)?;
    let findings = findings::of_state(&visit.app.db, &here.state.iso3).await?;
    let picture = StatePicture::of(
        &here.shelf.reference,
        &here.shelf.world,
        &findings,
        &here.state.iso3,
        here.as_of,
    );
    let recorded = recorded(&visit.app, stored).await?;
    let mut view = item_view(&here, &picture, stored, recorded);
    if let Some(link) = link_state::known(&visit.app, &stored.evidence.link, here.as_of).await? {
        view.facts.push(link_state::fact(&link));
        view.archived = link.archived;
    }
    let mut page = visit.page(stored.evidence.title.clone(), Section::States);
    page.crumbs = here.crumbs();
    page.crumbs.push(Anchor::new(
        "Evidence",
        here.keep(links::state_evidence(&here.state.iso3)),
    ));
    visit.show(&page, &view)
}

async fn recorded(app: &AppState, stored: &StoredEvidence) -> Result<String, Problem> {
    let (by, on) = (&stored.recorded_by, stored.recorded_at.date_naive());
    if by == IMPORT {
        return Ok(format!(
            "Revision {}, {on}: loaded with the shipped data ({}, key {})",
            stored.revision, stored.evidence.source, stored.evidence.key
        ));
    }
    let user = match by.parse::<Email>() {
        Ok(email) => users::by_email(&app.db, &email).await?,
        Err(_) => None,
    };
    let name = user.map_or_else(|| "the office".to_owned(), |user| user.name);
    Ok(format!("Revision {}, {on}: recorded by {name}", stored.revision))
}

fn item_view(here: &Here, picture: &StatePicture<'_>, stored: &StoredEvidence, recorded: String) -> EvidenceItem {
    let item = &stored.evidence;
    let serves: Vec<Served> = picture
        .obligations
        .iter()
        .filter(|one| item.serves(one.obligation.provision))
        .map(|one| Served {
            instrument: Anchor::new(
                one.obligation.instrument.code.as_str(),
                here.keep(links::instrument(&one.obligation.instrument.code)),
            ),
            provision: Anchor::new(
                provision_name(one.obligation.instrument, one.obligation.provision),
                here.keep(links::obligation(&here.state.iso3, &one.obligation.provision.id)),
            ),
            label: one.obligation.provision.label.clone(),
            grade: Some(if one.obligation.is_gradable() {
                GradeMark::standing(&one.standing)
            } else {
                GradeMark::not_gradable()
            }),
        })
        .collect();
    let serving = serving(here, &serves);
    let who = item.author_role.words();
    EvidenceItem {
        title: item.title.clone(),
        answer: format!(
            "It {} of {}, says a source of the kind “{who}”; {serving}.",
            stance(item.stance),
            here.name()
        ),
        as_of: here.note(links::evidence(&stored.id)),
        gist: item.gist.clone(),
        grade: item.grade.map(|grade| GradeMark::decided(Some(grade))),
        facts: facts(here, item),
        source: Some(item.link.clone()).filter(|link| !link.is_empty()),
        archived: None,
        serves_caption: format!(
            "{} of {}",
            count(serves.len(), "obligation", "obligations"),
            here.name()
        ),
        serves,
        serves_empty: Empty {
            title: "It serves no obligation on this day".to_owned(),
            text: format!(
                "No treaty with these provisions is in force for {} on {}. When one enters into force, this evidence serves it at once.",
                here.name(),
                here.as_of
            ),
            needed: Vec::new(),
            action: Some(Anchor::new(
                "Treaties in force",
                here.keep(links::state(&here.state.iso3)).at("treaties"),
            )),
        },
        revisions: vec![recorded],
    }
}

fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports => "shows that obligations are kept",
        Stance::Contradicts => "shows that obligations are not kept",
        Stance::Qualifies => "qualifies how obligations are kept",
    }
}

/// `it serves 14 obligations in 7 treaties in force for Mexico`.
pub(super) fn serving(here: &Here, serves: &[Served]) -> String {
    let treaties: BTreeSet<&str> = serves.iter().map(|one| one.instrument.text.as_str()).collect();
    let obligations = count(serves.len(), "obligation", "obligations");
    let treaties = count(treaties.len(), "treaty", "treaties");
    format!("it serves {obligations} in {treaties} in force for {}", here.name())
}

fn facts(here: &Here, item: &Evidence) -> Vec<Fact> {
    let mut facts = vec![Fact::new("State", here.name()).to(here.keep(links::state(&here.state.iso3)))];
    if let Some(code) = &item.theme {
        let theme = here.theme(code);
        facts.push(Fact::new("Theme", theme.text).to(theme.href));
    }
    if !item.provisions.is_empty() {
        let named = item.provisions.iter().map(|id| {
            here.shelf.reference.provision(id).map_or_else(
                || id.to_string(),
                |(instrument, provision)| provision_name(instrument, provision),
            )
        });
        facts.push(Fact::new(
            "Only of these provisions",
            named.collect::<Vec<_>>().join(", "),
        ));
    }
    let document: Vec<&str> = [item.symbol.as_str(), item.paragraph.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let dates = match (item.facts_from, item.facts_to) {
        (Some(from), Some(to)) if from != to => format!("{from} to {to}"),
        (Some(day), _) | (None, Some(day)) => day.to_string(),
        (None, None) => String::new(),
    };
    let rest = [
        ("Who says so", item.author_role.words().to_owned()),
        ("Kind of source", item.source_kind.words().to_owned()),
        ("Document", document.join(", ")),
        (
            "Published",
            item.published.map(|date| date.to_string()).unwrap_or_default(),
        ),
        ("Date of the facts", dates),
        (
            "What it shows",
            format!("{} ({})", item.stance.words(), item.kind.words()),
        ),
        ("Reliability of the source", item.reliability.words().to_owned()),
        ("Credibility of the information", item.credibility.words().to_owned()),
        ("Language", item.language.clone()),
    ];
    facts.extend(
        rest.into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| Fact::new(name, text)),
    );
    facts
}
