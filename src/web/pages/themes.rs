//! Every theme, and one theme: a right that several provisions of several treaties protect.

use super::lookup::{self, Day};
use super::obligation::duty;
use crate::domain::instruments::{Instrument, Provision};
use crate::domain::participation::Status;
use crate::domain::reference::Theme as Right;
use crate::domain::summaries::StoredEvidence;
use crate::store::evidence as store;
use crate::store::library::Shelf;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::evidence::EvidenceLine;
use crate::web::view::home::Cluster;
use crate::web::view::instruments::ProvisionRow;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty};
use crate::web::view::themes::{Theme, Themes};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Pieces of evidence shown on the page of a theme.
const MOST: usize = 30;

/// A day in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

/// Every theme by cluster.
pub(in crate::web) async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (shelf, day) = (visit.app.shelf().await?, lookup::day(&visit, &asked.as_of)?);
    let reference = &shelf.reference;
    let (themes, treaties) = (reference.themes().count(), reference.instruments().len());
    let provisions: usize = reference
        .instruments()
        .iter()
        .map(|instrument| instrument.provisions.len())
        .sum();
    let view = Themes {
        answer: format!(
            "{} join {} of {}: evidence attached to a right once serves all of its provisions.",
            count(themes, "right", "rights"),
            count(provisions, "provision", "provisions"),
            count(treaties, "treaty", "treaties"),
        ),
        causes: Anchor::new("Why gaps stay open, over the years", day.keep(links::causes())),
        clusters: clusters(&shelf, day),
    };
    let mut page = visit.page("Themes", Section::Themes);
    day.mark(&mut page);
    visit.show(&page, &view)
}

fn clusters(shelf: &Shelf, day: Day) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for theme in shelf.reference.themes() {
        let anchor = Anchor::new(&theme.label.en, day.keep(links::theme(&theme.code)));
        match clusters.iter_mut().find(|cluster| cluster.name == theme.cluster) {
            Some(cluster) => cluster.themes.push(anchor),
            None => clusters.push(Cluster {
                name: theme.cluster.clone(),
                themes: vec![anchor],
            }),
        }
    }
    clusters
}

/// One theme.
pub(in crate::web) async fn theme(
    visit: Visit,
    Path(text): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (shelf, day) = (visit.app.shelf().await?, lookup::day(&visit, &asked.as_of)?);
    let theme = lookup::theme(&shelf.reference, &text, |code| day.keep(links::theme(code)))?;
    let mut evidence = store::of_theme(&visit.app.db, &theme.code).await?;
    evidence.retain(|item| item.known_on(day.date));
    evidence.sort_by_key(|item| std::cmp::Reverse(item.evidence.date().map(|date| date.latest())));
    let mut page = visit.page(&*theme.label.en, Section::Themes);
    page.crumbs = vec![Anchor::new("Themes", day.keep(links::themes()))];
    page.footer.standing = format!("As of {}.", day.date);
    visit.show(&page, &view(&shelf, theme, day, &evidence))
}

fn view(shelf: &Shelf, theme: &Right, day: Day, evidence: &[StoredEvidence]) -> Theme {
    let all = shelf.reference.instruments().iter();
    let provisions: Vec<(&Instrument, &Provision)> = all
        .flat_map(|i| i.provisions.iter().map(move |p| (i, p)))
        .filter(|(_, p)| p.theme == theme.code)
        .collect();
    Theme {
        name: theme.label.en.clone(),
        answer: answer(shelf, day, &provisions, evidence),
        description: theme.description.clone(),
        causes: Anchor::new(
            "Why gaps under this right stay open",
            day.keep(links::causes().with("theme", theme.code.as_str())),
        ),
        caption: count(provisions.len(), "provision", "provisions"),
        provisions: provisions
            .iter()
            .map(|(instrument, provision)| row(instrument, provision, day))
            .collect(),
        evidence: evidence.iter().take(MOST).map(|item| line(shelf, item, day)).collect(),
        evidence_empty: Empty {
            title: "No evidence on this right is held yet".to_owned(),
            text: "Evidence is added on the page of a state; attached to this right it serves every provision above."
                .to_owned(),
            needed: Vec::new(),
            action: Some(Anchor::new("Choose a state", day.keep(links::states()))),
        },
    }
}

fn answer(shelf: &Shelf, day: Day, provisions: &[(&Instrument, &Provision)], evidence: &[StoredEvidence]) -> String {
    let mut treaties: Vec<&Instrument> = provisions.iter().map(|(instrument, _)| *instrument).collect();
    treaties.dedup_by_key(|instrument| &instrument.code);
    let is_bound = |state: &&crate::domain::reference::State| {
        let party = |i: &&&Instrument| shelf.world.participation(&state.iso3, i, day.date).status == Status::Party;
        treaties.iter().any(|i| party(&i))
    };
    let bound = shelf.reference.states().filter(is_bound).count();
    let states: BTreeSet<_> = evidence.iter().map(|item| &item.evidence.state).collect();
    let held = match evidence.len() {
        0 => "no evidence on it is held".to_owned(),
        1 => "1 piece of evidence on it is held".to_owned(),
        some => format!(
            "{} pieces of evidence on {} are held",
            figure(some),
            count(states.len(), "state", "states")
        ),
    };
    let more = if evidence.len() > MOST {
        format!(", the newest {MOST} below")
    } else {
        String::new()
    };
    format!(
        "{} of {} protect{} this right; {bound} of {} states are bound by at least one of these treaties on {}; {held}{more}.",
        count(provisions.len(), "provision", "provisions"),
        count(treaties.len(), "treaty", "treaties"),
        if provisions.len() == 1 { "s" } else { "" },
        shelf.reference.states().count(),
        day.date,
    )
}

fn row(instrument: &Instrument, provision: &Provision, day: Day) -> ProvisionRow {
    let article = match provision.paragraph.as_str() {
        "" => provision.article.clone(),
        inner if inner.starts_with('(') => format!("{}{inner}", provision.article),
        inner => format!("{}({inner})", provision.article),
    };
    ProvisionRow {
        id: provision.id.to_string(),
        article,
        instrument: Some(Anchor::new(
            instrument.code.as_str(),
            day.keep(links::instrument(&instrument.code)),
        )),
        label: provision.label.clone(),
        summary: provision.summary.clone(),
        theme: None,
        duty: duty(provision),
        protects: provision.applies_to.clone(),
        not_graded: (!provision.gradable).then(|| provision.not_gradable_because.clone()),
    }
}

fn line(shelf: &Shelf, item: &StoredEvidence, day: Day) -> EvidenceLine {
    let code = &item.evidence.state;
    let name = shelf
        .reference
        .state(code)
        .map_or(code.as_str(), |state| state.name.en.as_str());
    let mut line = EvidenceLine::of(item, None);
    line.title.href = day.keep(line.title.href);
    line.state = Some(Anchor::new(name, day.keep(links::state(code))));
    line
}
