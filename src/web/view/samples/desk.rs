//! The desk and the coverage matrix.

use super::parts::*;
use super::{Flavour, Sample};
use crate::domain::desk::Queue;
use crate::domain::ids::FilterId;
use crate::web::links;
use crate::web::view::desk::*;
use crate::web::view::forms::{Choice, Field, Form};
use crate::web::view::matrix::{Matrix, MatrixCell, MatrixRow};
use crate::web::view::parts::{Anchor, Column, GradeMark, downloads};

fn keep(f: Flavour) -> Form {
    let name = Field::line("text", "name", "Name of the filter", &f.t("Detention in Mexico")).id("filter-name");
    let mut keep = form(f, vec![name], "Keep it");
    keep.fields.push(Field::hidden("address", "/desk/ungraded?state=MEX"));
    keep
}

impl Sample for Desk {
    fn sample(f: Flavour) -> Self {
        let line = |queue: Queue| QueueLine {
            queue: Anchor::new(f.t(queue.words()), links::desk_queue(queue)),
            count: "more than 10,000".to_owned(),
            todo: "Read what others handed in.",
        };
        Self {
            answer: f.t("2 pieces wait for your review; 214 obligations wait for a grade."),
            as_of: as_of(f),
            filters: filters(f),
            mine: vec![line(Queue::Review), line(Queue::Returned)],
            others: vec![line(Queue::Ungraded), line(Queue::Stale)],
            empty: (f == Flavour::Empty).then(|| empty(f)),
            comments: f.rows(2, |_| Anchor::new(f.t("Which stations were visited?"), links::desk())),
            more: vec![Anchor::new(f.t("Import or export many rows"), links::imports())],
            saved: f.rows(2, |_| SavedLine {
                filter: Anchor::new(f.t("Detention in Mexico"), links::desk_queue(Queue::Ungraded)),
                forget: Form::new(
                    links::forget_filter(&FilterId(uuid::Uuid::from_u128(3))),
                    "a-token",
                    "Forget",
                ),
            }),
            keep: (f == Flavour::Hostile).then(|| keep(f)),
        }
    }
}

impl Sample for DeskQueue {
    fn sample(f: Flavour) -> Self {
        let of_evidence = f != Flavour::Long;
        let steps = vec![
            Choice::new("accept", "Accept"),
            Choice::new("return", "Return with a remark"),
        ];
        let fields = vec![
            Field::radio("step", "What do you decide?", steps, "accept"),
            Field::text("remark", "Remark or reason", &f.t("Which stations?")).optional(),
        ];
        let heads = ["Choose", "Evidence", "State", "Theme", "Written by", "Since"];
        Self {
            title: "Waiting for my review",
            answer: f.t("2 pieces of evidence that others handed in wait."),
            as_of: as_of(f),
            filters: filters(f),
            caption: "Waiting for my review: 2".to_owned(),
            columns: heads.map(Column::plain).into(),
            items: f.rows(if of_evidence { 3 } else { 0 }, |at| ItemRow {
                tick: Some(Tick {
                    id: format!("item-{at}"),
                    value: f.t("an identity@1"),
                    chosen: at == 1,
                }),
                title: evidence(f),
                gist: f.t("Monitors entered eleven stations."),
                state: state(f),
                theme: f.t("Liberty and immigration detention"),
                by: f.t("Ana"),
                since: "2026-11-20".to_owned(),
                remark: (at == 1).then(|| f.t("Luis said: which stations?")),
            }),
            duties: f.rows(if of_evidence { 0 } else { 3 }, |at| DutyRow {
                state: state(f),
                provision: obligation(f),
                label: f.t("Lawful arrest and detention only"),
                theme: theme(f),
                grade: grade(at),
                suggested: (at == 1).then(|| grade(4)),
                evidence: "4".to_owned(),
                since: "2026-11-20".to_owned(),
            }),
            review: of_evidence.then(|| form(f, fields, "Decide")),
            downloads: downloads(&links::desk_queue(Queue::Review)),
            pager: pager(f),
            empty: empty(f),
            keep: f.some(keep(f)),
        }
    }
}

impl Sample for Matrix {
    fn sample(f: Flavour) -> Self {
        let cell = |at: usize| MatrixCell {
            href: links::obligations(&mex()).with("theme", "T08"),
            figures: "12 / 5 / 3".to_owned(),
            words: f.t("12 obligations, 5 with evidence, 3 graded"),
            worst: (!at.is_multiple_of(3)).then(|| grade(at)),
        };
        Self {
            state: f.t("Mexico"),
            answer: f.t("Of 412 obligations of Mexico there is evidence on 37, and 12 are graded by a person."),
            as_of: as_of(f),
            filters: filters(f),
            caption: f.t("40 themes and 3 treaties"),
            treaties: (0..3).map(|_| instrument(f)).collect(),
            rows: f.rows(4, |at| MatrixRow {
                theme: theme(f),
                cells: (0..4)
                    .map(|column| (column != 1 || at == 3).then(|| cell(at + column)))
                    .collect(),
            }),
            totals: (0..4).map(cell).collect(),
            key: GradeMark::key(),
            downloads: downloads(&links::matrix(&mex())),
            empty: empty(f),
            keep: f.some(keep(f)),
        }
    }
}
