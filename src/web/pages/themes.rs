//! Themes: rights that several provisions of several treaties protect.

use super::lookup;
use crate::domain::instruments::{Instrument, Provision};
use crate::domain::reference::Reference;
use crate::domain::summaries::StoredEvidence;
use crate::store::evidence as store;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::evidence::EvidenceLine;
use crate::web::view::home::Cluster;
use crate::web::view::instruments::ProvisionRow;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty};
use crate::web::view::themes::{Theme, Themes};
use crate::web::view::words::count;
use axum::extract::Path;
use axum::response::Response;
use std::collections::BTreeSet;

/// The newest evidence that a theme page shows; the rest stands on the pages of the states.
const MOST_EVIDENCE: u64 = 30;

/// Every theme.
pub(in crate::web) async fn themes(visit: Visit) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    visit.show(&visit.page("Themes", Section::Themes), &all(&shelf.reference))
}

fn all(reference: &Reference) -> Themes {
    let mut clusters: Vec<Cluster> = Vec::new();
    for theme in reference.themes() {
        let anchor = Anchor::new(&theme.label.en, links::theme(&theme.code));
        match clusters.iter_mut().find(|cluster| cluster.name == theme.cluster) {
            Some(cluster) => cluster.themes.push(anchor),
            None => clusters.push(Cluster {
                name: theme.cluster.clone(),
                themes: vec![anchor],
            }),
        }
    }
    let (themes, provisions) = (
        reference.themes().count(),
        reference.instruments().iter().map(|i| i.provisions.len()).sum(),
    );
    Themes {
        answer: format!(
            "{} sort {} of {}: evidence attached once to a theme serves all of its provisions.",
            count(themes, "theme", "themes"),
            count(provisions, "provision", "provisions"),
            count(reference.instruments().len(), "treaty", "treaties"),
        ),
        clusters,
    }
}

/// One theme.
pub(in crate::web) async fn theme(visit: Visit, Path(code): Path<String>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let found = lookup::theme(&shelf.reference, &code, links::theme)?;
    let evidence = store::of_theme(&visit.app.db, &found.code, MOST_EVIDENCE).await?;
    let mut page = visit.page(&found.label.en, Section::Themes);
    page.crumbs = vec![Anchor::new("Themes", links::themes())];
    visit.show(&page, &one(&shelf.reference, found, &evidence))
}

fn one(reference: &Reference, theme: &crate::domain::reference::Theme, evidence: &[StoredEvidence]) -> Theme {
    let all = reference
        .instruments()
        .iter()
        .flat_map(|instrument| instrument.provisions.iter().map(move |p| (instrument, p)));
    let of_theme: Vec<(&Instrument, &Provision)> = all.filter(|(_, provision)| provision.theme == theme.code).collect();
    let treaties: BTreeSet<&str> = of_theme
        .iter()
        .map(|(instrument, _)| instrument.code.as_str())
        .collect();
    let counted = count(of_theme.len(), "provision", "provisions");
    let line = |stored: &StoredEvidence| {
        let mut line = EvidenceLine::of(stored, None);
        let state = &stored.evidence.state;
        let name = reference
            .state(state)
            .map_or(state.as_str(), |known| known.name.en.as_str());
        line.state = Some(Anchor::new(name, links::state_evidence(state)));
        line
    };
    Theme {
        name: theme.label.en.clone(),
        answer: format!(
            "{counted} of {} protect this right.",
            count(treaties.len(), "treaty", "treaties")
        ),
        description: theme.description.clone(),
        caption: format!("{counted} on {}", theme.label.en),
        provisions: of_theme
            .into_iter()
            .map(|(instrument, provision)| row(instrument, provision))
            .collect(),
        evidence: evidence.iter().map(line).collect(),
        evidence_empty: Empty {
            title: "No evidence on this theme yet".to_owned(),
            text: "Evidence is added on the page of a state.".to_owned(),
            needed: vec![
                "A law, a decision, statistics or a treaty body's observation, with its source and date.".to_owned(),
            ],
            action: Some(Anchor::new("Choose a state", links::states())),
        },
    }
}

fn row(instrument: &Instrument, provision: &Provision) -> ProvisionRow {
    let paragraph = if provision.paragraph.is_empty() {
        String::new()
    } else {
        format!("({})", provision.paragraph)
    };
    ProvisionRow {
        id: provision.id.to_string(),
        article: format!("{}{paragraph}", provision.article),
        instrument: Some(Anchor::new(&instrument.short.en, links::instrument(&instrument.code))),
        label: provision.label.clone(),
        summary: provision.summary.clone(),
        theme: None,
        duty: duty(provision),
        protects: provision.applies_to.clone(),
        not_graded: (!provision.gradable).then(|| provision.not_gradable_because.clone()),
    }
}

fn duty(provision: &Provision) -> String {
    use crate::domain::instruments::{Duty, Realisation};
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
