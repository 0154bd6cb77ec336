//! The rows of a queue, with the names of what they are about.

use super::AtDesk;
use crate::domain::assessments::Grade;
use crate::domain::desk::{Holds, Queue, WaitingEvidence, WaitingRound};
use crate::domain::ids::{StateCode, ThemeCode};
use crate::domain::reviews::ReviewStatus;
use crate::domain::standings::KeptStanding;
use crate::export::tables::{Cell, Table};
use crate::store::{Db, StoreError, users};
use crate::web::links::{self, Link};
use crate::web::view::desk::{DutyRow, ItemRow, Tick};
use crate::web::view::parts::{Anchor, Column, GradeMark};
use crate::web::view::words::{provision_name, short};
use std::collections::HashMap;

/// What waits in a queue.
pub(super) enum Waiting {
    /// Pieces of evidence.
    Evidence(Vec<WaitingEvidence>),
    /// Obligations.
    Obligations(Vec<KeptStanding>),
    /// Rounds of double coding.
    Rounds(Vec<WaitingRound>),
}

/// What states, themes, provisions and people are called.
pub(super) struct Names<'a> {
    at: &'a AtDesk,
    people: HashMap<String, String>,
}

/// The heads of the columns.
pub(super) fn columns(queue: Queue, ticks: bool, here: &Link, sort: &str) -> Vec<Column> {
    let sorted = |text, key| Column::sortable(text, key, here, sort);
    let (state, theme) = (sorted("State", "state"), sorted("Theme", "theme"));
    match queue.holds() {
        Holds::Obligations => vec![
            state,
            Column::plain("Obligation"),
            theme,
            Column::plain("Where it stands"),
            Column::plain("Evidence").numeric(),
            sorted(
                if queue == Queue::Stale {
                    "No news since"
                } else {
                    "Newest accepted"
                },
                "time",
            ),
        ],
        Holds::Rounds => vec![
            Column::plain("State"),
            Column::plain("Obligation"),
            Column::plain("Theme"),
            Column::plain("Gradings"),
            Column::plain("Gradings in").numeric(),
            Column::plain("Since"),
        ],
        Holds::Evidence => {
            let time = if queue == Queue::Expired {
                "To be looked at by"
            } else {
                "Since"
            };
            let tick = ticks.then(|| Column::plain("Choose"));
            let rest = [
                Column::plain("Evidence"),
                state,
                theme,
                Column::plain("Written by"),
                sorted(time, "time"),
            ];
            tick.into_iter().chain(rest).collect()
        }
    }
}

impl<'a> Names<'a> {
    pub(super) async fn read(db: &Db, at: &'a AtDesk) -> Result<Self, StoreError> {
        let people = users::list(db).await?.into_iter();
        Ok(Self {
            at,
            people: people.map(|user| (user.email.to_string(), user.name)).collect(),
        })
    }

    fn person(&self, actor: &str) -> String {
        self.people.get(actor).cloned().unwrap_or_else(|| actor.to_owned())
    }

    /// The name with the code, by which the queues are sorted.
    fn state(&self, code: &StateCode) -> String {
        let state = self.at.shelf.reference.state(code);
        state.map_or_else(|| code.to_string(), |state| format!("{} ({code})", state.name.en))
    }

    fn theme(&self, code: &ThemeCode) -> String {
        let theme = self.at.shelf.reference.theme(code);
        theme.map_or_else(|| code.to_string(), |theme| theme.label.en.clone())
    }

    fn since(queue: Queue, one: &WaitingEvidence) -> String {
        let by = one.stored.evidence.review_by.filter(|_| queue == Queue::Expired);
        by.unwrap_or_else(|| one.since.date_naive()).to_string()
    }

    /// The rows; `chosen` are those that are ticked, where something can be decided.
    pub(super) fn rows(
        &self,
        queue: Queue,
        waiting: &Waiting,
        chosen: Option<&[String]>,
    ) -> (Vec<ItemRow>, Vec<DutyRow>) {
        match waiting {
            Waiting::Evidence(items) => {
                let rows = items
                    .iter()
                    .enumerate()
                    .map(|(at, one)| self.item(queue, at, one, chosen));
                (rows.collect(), Vec::new())
            }
            Waiting::Rounds(rounds) => (Vec::new(), rounds.iter().map(|one| self.round(one)).collect()),
            Waiting::Obligations(duties) => (Vec::new(), duties.iter().map(|one| self.duty(queue, one)).collect()),
        }
    }

    fn item(&self, queue: Queue, at: usize, one: &WaitingEvidence, chosen: Option<&[String]>) -> ItemRow {
        let item = &one.stored.evidence;
        let (keep, name) = (|link| self.at.day.keep(link), one.name());
        ItemRow {
            tick: chosen.map(|chosen| Tick {
                id: format!("item-{}", at + 1),
                chosen: chosen.contains(&name),
                value: name,
            }),
            title: Anchor::new(&item.title, keep(links::evidence(&one.stored.id))),
            gist: short(&item.gist, 160),
            state: Anchor::new(self.state(&item.state), keep(links::state(&item.state))),
            theme: item.theme.as_ref().map(|code| self.theme(code)).unwrap_or_default(),
            by: self.person(&one.stored.recorded_by),
            since: Self::since(queue, one),
            remark: one
                .remark
                .as_ref()
                .map(|(remark, by)| self.said(one.stored.status, remark, by)),
        }
    }

    fn said(&self, status: ReviewStatus, remark: &str, by: &str) -> String {
        let by = self.person(by);
        match status {
            ReviewStatus::Rejected => format!("Rejected by {by}: {remark}"),
            _ => format!("{by} said: {remark}"),
        }
    }

    fn duty(&self, queue: Queue, one: &KeptStanding) -> DutyRow {
        let provision = self.at.shelf.reference.provision(&one.provision);
        let keep = |link| self.at.day.keep(link);
        DutyRow {
            state: Anchor::new(self.state(&one.state), keep(links::state(&one.state))),
            provision: Anchor::new(
                provision.map_or_else(|| one.provision.to_string(), |(i, p)| provision_name(i, p)),
                keep(links::obligation(&one.state, &one.provision)),
            ),
            label: provision.map(|(_, p)| p.label.clone()).unwrap_or_default(),
            theme: Anchor::new(self.theme(&one.theme), keep(links::theme(&one.theme))),
            grade: GradeMark::standing(&one.standing),
            suggested: one
                .suggested
                .filter(|suggested| one.assessed_at.is_some() && one.standing.grade != Some(*suggested))
                .map(|suggested| GradeMark::decided(Some(suggested))),
            evidence: one.evidence.to_string(),
            since: Self::news(queue, one),
        }
    }

    fn round(&self, one: &WaitingRound) -> DutyRow {
        let provision = self.at.shelf.reference.provision(&one.provision);
        let keep = |link| self.at.day.keep(link);
        let theme = provision.map(|(_, p)| &p.theme);
        DutyRow {
            state: Anchor::new(self.state(&one.state), keep(links::state(&one.state))),
            provision: Anchor::new(
                provision.map_or_else(|| one.provision.to_string(), |(i, p)| provision_name(i, p)),
                links::coding(&one.state, &one.provision, &one.round),
            ),
            label: provision.map(|(_, p)| p.label.clone()).unwrap_or_default(),
            theme: theme.map_or_else(
                || Anchor::new("themes", keep(links::themes())),
                |code| Anchor::new(self.theme(code), keep(links::theme(code))),
            ),
            grade: if one.grades.is_empty() {
                GradeMark {
                    word: "not all in".to_owned(),
                    ..GradeMark::not_gradable()
                }
            } else {
                GradeMark {
                    class: "contested",
                    word: grades(one),
                    computed: false,
                }
            },
            suggested: None,
            evidence: one.grades.len().to_string(),
            since: one.since.date_naive().to_string(),
        }
    }

    fn news(queue: Queue, one: &KeptStanding) -> String {
        let day = match queue {
            Queue::Stale => one.aged_from(),
            _ => one.newest_accepted_at.map(|at| at.date_naive()),
        };
        day.map(|day| day.to_string()).unwrap_or_default()
    }

    /// The same as a file: no more rows than are counted.
    pub(super) fn table(&self, queue: Queue, waiting: &Waiting) -> Table {
        let caption = format!("{} on {}", queue.words(), self.at.day.date);
        match waiting {
            Waiting::Evidence(items) => {
                let columns = [
                    "Evidence",
                    "Revision",
                    "State",
                    "Theme",
                    "Title",
                    "Written by",
                    "Since",
                    "Remark",
                    "Link",
                ];
                let rows = items.iter().map(|one| {
                    let item = &one.stored.evidence;
                    vec![
                        Cell::from(item.key.as_str()),
                        Cell::Number(one.stored.revision.into()),
                        item.state.as_str().into(),
                        Cell::maybe(item.theme.as_ref()),
                        item.title.as_str().into(),
                        self.person(&one.stored.recorded_by).into(),
                        Self::since(queue, one).into(),
                        Cell::maybe(one.remark.as_ref().map(|(remark, _)| remark)),
                        item.link.as_str().into(),
                    ]
                });
                Table::new(caption, &columns, rows)
            }
            Waiting::Rounds(rounds) => {
                let rows = rounds.iter().map(|one| {
                    vec![
                        Cell::from(one.state.as_str()),
                        one.provision.as_str().into(),
                        grades(one).into(),
                        one.since.date_naive().to_string().into(),
                    ]
                });
                Table::new(caption, &["State", "Provision", "Gradings", "Since"], rows)
            }
            Waiting::Obligations(duties) => {
                let columns = [
                    "State",
                    "Provision",
                    "Treaty",
                    "Theme",
                    "Grade",
                    "Basis",
                    "Contested",
                    "Evidence suggests",
                    "Pieces of evidence",
                    "News",
                ];
                let rows = duties.iter().map(|one| {
                    vec![
                        Cell::from(one.state.as_str()),
                        one.provision.as_str().into(),
                        one.instrument.as_str().into(),
                        one.theme.as_str().into(),
                        GradeMark::decided(one.standing.grade).word.into(),
                        one.standing.basis.code().into(),
                        if one.standing.contested { "yes" } else { "no" }.into(),
                        Cell::maybe(one.suggested.map(|grade| grade.words())),
                        Cell::Number(one.evidence.into()),
                        Self::news(queue, one).into(),
                    ]
                });
                Table::new(caption, &columns, rows)
            }
        }
    }
}

/// The gradings side by side.
fn grades(one: &WaitingRound) -> String {
    let words = one
        .grades
        .iter()
        .map(|grade| grade.map_or("no information", Grade::words));
    words.collect::<Vec<_>>().join(" / ")
}
