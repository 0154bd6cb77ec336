//! The first page: search a state, the world in figures, what falls due next.

use super::deadlines::{Counts, of_everybody};
use super::lookup::{self, Day};
use crate::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use crate::domain::participation::Status;
use crate::domain::reference::Reference;
use crate::store::library::Shelf;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::home::{Cluster, Home};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Figure};
use crate::web::view::words::{count, figure};
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;

/// The date, as the address has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

/// Reports shown on the first page.
const SHOWN: usize = 8;
/// States to begin with: different regions, much and little known.
const EXAMPLES: [&str; 5] = ["MEX", "MLI", "PHL", "ALB", "MAR"];
/// The instrument that is only about migrants.
const CORE: &str = "ICRMW";

/// Shows it.
pub(in crate::web) async fn home(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(&visit, &asked.as_of)?;
    let all = of_everybody(&shelf, &day);
    let counts = Counts::of(&all);
    let view = Home {
        answer: answer(&shelf, &day, &counts),
        search: links::states(),
        examples: examples(&shelf.reference, &day),
        figures: figures(&shelf, &day, &counts),
        due_columns: DeadlineRow::columns(true),
        due: next(&shelf.reference, &day, &all),
        all_deadlines: day.kept(Anchor::new("All deadlines", links::deadlines())),
        overdue: day.kept(Anchor::new(
            format!("{} overdue", count(counts.overdue, "report is", "reports are")),
            links::deadlines().with("status", "overdue"),
        )),
        clusters: clusters(&shelf.reference, &day),
        recent: Vec::new(),
    };
    let mut page = visit.page("Servanda", Section::Home);
    day.mark(&mut page);
    visit.show(&page, &view)
}

fn answer(shelf: &Shelf, day: &Day, counts: &Counts) -> String {
    let provisions: usize = shelf
        .reference
        .instruments()
        .iter()
        .map(|one| one.provisions.len())
        .sum();
    format!(
        "{}, {} and {}: who is bound by what since when, what shows that it is kept, and what falls due next. Within twelve \
         months of {}, {} due to treaty bodies.",
        count(shelf.reference.states().count(), "state", "states"),
        count(shelf.reference.instruments().len(), "treaty", "treaties"),
        count(provisions, "provision", "provisions"),
        day.date,
        count(counts.due, "report falls", "reports fall"),
    )
}

fn examples(reference: &Reference, day: &Day) -> Vec<Anchor> {
    let states = EXAMPLES.iter().filter_map(|code| reference.find_state(code).ok());
    states
        .map(|state| day.kept(Anchor::new(state.name.en.as_str(), links::state(&state.iso3))))
        .collect()
}

fn figures(shelf: &Shelf, day: &Day, counts: &Counts) -> Vec<Figure> {
    let (reference, states) = (&shelf.reference, shelf.reference.states().count());
    let is_party =
        |state: &_, instrument| shelf.world.participation(state, instrument, day.date).status == Status::Party;
    let parties = |instrument| {
        reference
            .states()
            .filter(|state| is_party(&state.iso3, instrument))
            .count()
    };
    let in_force: usize = reference.instruments().iter().map(parties).sum();
    let possible = states.saturating_mul(reference.instruments().len());
    let one = |number, of: Option<usize>, label: &str, link| Figure {
        number: figure(number),
        of: of.map(figure),
        label: label.to_owned(),
        detail: None,
        href: Some(day.keep(link)),
    };
    let core = reference.find_instrument(CORE).ok();
    let core = core.map(|instrument| {
        let label = format!("states bound by the {}", instrument.short.en);
        one(
            parties(instrument),
            Some(states),
            &label,
            links::instrument(&instrument.code),
        )
    });
    let rest = [
        one(
            in_force,
            Some(possible),
            "pairs of a state and a treaty in force",
            links::instruments(),
        ),
        one(
            counts.due,
            Some(counts.owed()),
            "owed reports due within twelve months",
            links::deadlines().with("status", "due"),
        ),
        one(
            counts.overdue,
            Some(counts.owed()),
            "owed reports overdue",
            links::deadlines().with("status", "overdue"),
        ),
    ];
    core.into_iter().chain(rest).collect()
}

/// The next reports on firm dates.
fn next(reference: &Reference, day: &Day, all: &[Deadline]) -> Vec<DeadlineRow> {
    let ahead = all.iter().filter(|one| {
        one.certainty != Certainty::Indicative && matches!(one.status, DeadlineStatus::Due | DeadlineStatus::Upcoming)
    });
    ahead
        .take(SHOWN)
        .map(|one| {
            let state = reference
                .state(&one.state)
                .map_or(one.state.as_str(), |state| state.name.en.as_str());
            let mut row = DeadlineRow::of(one, state, one.instrument.as_str());
            (row.state, row.instrument) = (day.kept(row.state), day.kept(row.instrument));
            row
        })
        .collect()
}

/// Themes by their cluster, in the order of their codes.
fn clusters(reference: &Reference, day: &Day) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for theme in reference.themes() {
        let anchor = day.kept(Anchor::new(theme.label.en.as_str(), links::theme(&theme.code)));
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
