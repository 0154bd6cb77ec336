//! The recommendations to a state, and one of them.

use super::downloads;
use super::here::Here;
use crate::domain::bulk::{Noun, recommendation_cells};
use crate::domain::ids::ThemeCode;
use crate::domain::recommendations::{Acceptance, IssuingBody, StoredRecommendation};
use crate::domain::users::Permission;
use crate::export::tables::{Cell, Table};
use crate::store::recommendations as store;
use crate::web::extract::Visit;
use crate::web::links::{self, Link};
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, Filters};
use crate::web::view::obligations::Fact;
use crate::web::view::page::Section;
use crate::web::view::parts::{self, Anchor, Empty, Pager};
use crate::web::view::recommendations::{RecommendationItem, RecommendationLine, RecommendationList};
use crate::web::view::words::{count, provision_name};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

/// Filters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    theme: String,
    body: String,
    acceptance: String,
    as_of: String,
    page: String,
}

impl Asked {
    fn is_filtered(&self) -> bool {
        [&self.theme, &self.body, &self.acceptance]
            .iter()
            .any(|text| !text.is_empty())
    }

    fn fits(&self, one: &StoredRecommendation, theme: Option<&ThemeCode>) -> bool {
        let one = &one.recommendation;
        theme.is_none_or(|theme| one.themes.contains(theme))
            && (self.body.is_empty() || one.body.code() == self.body)
            && (self.acceptance.is_empty() || one.acceptance.code() == self.acceptance)
    }

    fn page(&self, here: &Here) -> Link {
        links::recommendations(&here.state.iso3)
            .with_some("theme", Some(&self.theme))
            .with_some("body", Some(&self.body))
            .with_some("acceptance", Some(&self.acceptance))
            .with_some("as_of", here.asked().as_deref())
    }
}

/// The list.
pub(in crate::web) async fn list(
    visit: Visit,
    Path(state): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    let theme = match asked.theme.trim() {
        "" => None,
        text => Some(here.shelf.reference.find_theme(text)?.code.clone()),
    };
    let mut found = store::of_state(&visit.app.db, &here.state.iso3).await?;
    found.retain(|one| one.known_on(here.as_of));
    let total = found.len();
    found.retain(|one| asked.fits(one, theme.as_ref()));
    if visit.file.is_some() {
        return downloads::file(&visit, &table(&here, &found));
    }
    let address = asked.page(&here);
    let (rows, pager) = Pager::cut(found.len(), asked.page.parse().unwrap_or(1), &address);
    let may = visit.actor.may(Permission::RecordFacts);
    let import = may.then(|| Anchor::new("Import recommendations", links::imports()));
    let line = |one: &StoredRecommendation| {
        let themes = one.recommendation.themes.iter().map(|code| here.theme(code)).collect();
        let mut line = RecommendationLine::of(one, themes);
        line.document.href = here.keep(line.document.href);
        line
    };
    let view = RecommendationList {
        state: here.name().to_owned(),
        answer: answer(&here, &found, total),
        as_of: here.note(links::recommendations(&here.state.iso3)),
        filters: filters(&here, &asked),
        caption: count(found.len(), "recommendation", "recommendations"),
        rows: found.get(rows).unwrap_or_default().iter().map(line).collect(),
        downloads: parts::downloads(&address),
        pager,
        empty: empty(&here, total, import.clone()),
        import,
    };
    let mut page = visit.page(format!("Recommendations to {}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    visit.show(&page, &view)
}

fn table(here: &Here, found: &[StoredRecommendation]) -> Table {
    let columns: Vec<&'static str> = Noun::Recommendations.columns().iter().map(|one| one.name).collect();
    let cells = |one: &StoredRecommendation| {
        let cells = recommendation_cells(&one.recommendation);
        cells.into_iter().map(Cell::from).collect()
    };
    let caption = format!("Recommendations to {} known on {}", here.name(), here.as_of);
    Table::new(caption, &columns, found.iter().map(cells))
}

fn answer(here: &Here, found: &[StoredRecommendation], total: usize) -> String {
    let name = here.name();
    if total == 0 {
        return format!("No recommendation to {name} is held yet.");
    }
    let of = |acceptance| {
        let same = found.iter().filter(|one| one.recommendation.acceptance == acceptance);
        same.count()
    };
    format!(
        "{} to {name}: {} accepted, {} in part, {} noted, {} without an answer.",
        count(found.len(), "recommendation", "recommendations"),
        of(Acceptance::Accepted),
        of(Acceptance::InPart),
        of(Acceptance::Noted),
        of(Acceptance::None)
    )
}

fn filters(here: &Here, asked: &Asked) -> Filters {
    let first = |text: &str| std::iter::once(Choice::new("", text));
    let themes = here.shelf.reference.themes();
    let themes = themes.map(|theme| Choice::new(theme.code.as_str(), &theme.label.en));
    let bodies = IssuingBody::ALL.iter().map(|one| Choice::new(one.code(), one.words()));
    let answers = Acceptance::ALL.iter().map(|one| Choice::new(one.code(), one.words()));
    let address = links::recommendations(&here.state.iso3);
    let theme = asked.theme.trim().to_uppercase();
    Filters {
        label: "Filter the recommendations".to_owned(),
        clear: asked.is_filtered().then(|| here.keep(address.clone())),
        action: address,
        fields: vec![
            Field::select("theme", "Theme", first("all themes").chain(themes).collect(), &theme).filter(),
            Field::select(
                "body",
                "Who recommends",
                first("anybody").chain(bodies).collect(),
                &asked.body,
            )
            .filter(),
            Field::select(
                "acceptance",
                "Answer of the state",
                first("any").chain(answers).collect(),
                &asked.acceptance,
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
                "{} would be shown without it.",
                count(total, "recommendation", "recommendations")
            ),
            needed: Vec::new(),
            action: Some(Anchor::new(
                "Show all of them",
                here.keep(links::recommendations(&here.state.iso3)),
            )),
        };
    }
    Empty {
        title: format!("No recommendation to {name} yet"),
        text: "They come from concluding observations, the universal periodic review, special procedures and \
               consultative processes. A monitor can import them from a workbook."
            .to_owned(),
        needed: Vec::new(),
        action,
    }
}

/// A day in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Day {
    as_of: String,
}

/// One recommendation.
pub(in crate::web) async fn item(
    visit: Visit,
    Path(id): Path<String>,
    Query(day): Query<Day>,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found(format!("There is no recommendation “{id}”."));
    let revisions = store::revisions_of(&visit.app.db, id.parse().map_err(|_| missing())?).await?;
    let state = revisions.first().ok_or_else(missing)?.recommendation.state.clone();
    let here = Here::read(&visit.app, state.as_str(), &day.as_of).await?;
    let known = revisions.iter().rev().find(|one| one.known_on(here.as_of));
    let stored = known.ok_or_else(missing)?;
    let view = item_view(&here, stored, &revisions);
    let mut page = visit.page(view.title.clone(), Section::States);
    page.crumbs = here.crumbs();
    page.crumbs.push(Anchor::new(
        "Recommendations",
        here.keep(links::recommendations(&here.state.iso3)),
    ));
    visit.show(&page, &view)
}

fn item_view(here: &Here, stored: &StoredRecommendation, revisions: &[StoredRecommendation]) -> RecommendationItem {
    let one = &stored.recommendation;
    let line = RecommendationLine::of(stored, Vec::new());
    let state = Fact::new("State", here.name()).to(here.keep(links::state(&here.state.iso3)));
    let facts = [
        ("Who recommends", one.body.words().to_owned()),
        ("Session or cycle", one.cycle.clone()),
        ("Document", one.symbol.clone()),
        ("Paragraph", one.paragraph.clone()),
        ("Date", line.date),
        ("Answer of the state", one.acceptance.words().to_owned()),
        ("Source", one.source.clone()),
        ("How sure", one.confidence.word().to_owned()),
    ];
    let told = facts.into_iter().filter(|(_, text)| !text.is_empty());
    let provisions = one.provisions.iter().map(|id| {
        let named = here.shelf.reference.provision(id);
        let name = named.map_or_else(|| id.to_string(), |(of, provision)| provision_name(of, provision));
        Anchor::new(name, here.keep(links::obligation(&here.state.iso3, id)))
    });
    let revisions = revisions
        .iter()
        .filter(|one| one.recorded_at.date_naive() <= here.as_of);
    let history = revisions.map(|one| {
        let (day, said) = (one.recorded_at.date_naive(), one.recommendation.acceptance.words());
        format!(
            "Revision {}, recorded {day}: answer of the state “{said}”",
            one.revision
        )
    });
    RecommendationItem {
        title: line.document.text,
        answer: format!(
            "A recommendation to {} by a {}: {}.",
            here.name(),
            one.body.words(),
            one.acceptance.words()
        ),
        as_of: here.note(links::recommendation(&stored.id)),
        text: one.text.clone(),
        lang: one.language.clone(),
        wording: one.wording.words().to_owned(),
        facts: std::iter::once(state)
            .chain(told.map(|(name, text)| Fact::new(name, text)))
            .collect(),
        themes: one.themes.iter().map(|code| here.theme(code)).collect(),
        provisions: provisions.collect(),
        revisions: history.collect(),
    }
}
