//! Independent gradings and how far they agree.

use super::parts::*;
use super::{Flavour, Sample};
use crate::web::links;
use crate::web::view::agreement::{Agreement, AgreementRow};
use crate::web::view::codings::*;
use crate::web::view::forms::{Choice, Field};
use crate::web::view::obligations::Fact;
use crate::web::view::parts::{Anchor, Column, Tag, downloads};

fn tag(f: Flavour) -> Tag {
    Tag {
        class: "soon",
        word: f.t("the gradings differ"),
    }
}

/// The part of an obligation's page.
pub fn second(f: Flavour) -> SecondOpinion {
    let people = vec![Choice::new("1", f.t("Ana Pérez")), Choice::new("2", f.t("Ben Okoro"))];
    SecondOpinion {
        text: f.t("Two or more people grade it independently."),
        agreement: Anchor::new("How far gradings agree", links::agreement()),
        rounds: f.rows(2, |at| RoundLine {
            status: tag(f),
            link: Anchor::new(f.t("2 gradings"), links::about().with("n", &at.to_string())),
            line: f.t("asked for by Ana Pérez on 2026-11-20"),
        }),
        form: f.some(form(
            f,
            vec![Field::checks("coders", "Who is to grade", people, &["1"]).id("round-coders")],
            "Ask them",
        )),
    }
}

impl Sample for CodingRound {
    fn sample(f: Flavour) -> Self {
        let field = |id: &str| Field::text("reasons", "Reasons", &f.t("Because")).id(id);
        Self {
            state: f.t("Mexico"),
            provision: f.t("ICRMW 16(4)"),
            label: f.t("Lawful arrest and detention only"),
            answer: f.t("Two people graded it independently, and they lie two grades apart."),
            as_of: as_of(f),
            refused: f.some(Refused {
                why: f.t("all gradings are in"),
                wrote: f.t("I agree."),
            }),
            status: tag(f),
            summary: f.t("Nobody may be arrested or held arbitrarily."),
            facts: vec![Fact::new("Asked for by", f.t("Ana Pérez, 2026-11-20"))],
            codings: f.rows(2, |at| CodingLine {
                who: f.t("Ben Okoro"),
                when: "2026-11-21".to_owned(),
                grade: grade(4 * at),
                reasons: f.t("The law sets a limit of 36 hours; inspections show it is often passed."),
                evidence: vec![evidence(f)],
            }),
            decision: f.some(Anchor::new(
                f.t("The decision"),
                links::obligation(&mex(), &provision()),
            )),
            blind: f.some(f.t("The suggestion and the grade that stands are left out on purpose.")),
            evidence: f.rows(2, |_| evidence_line(f)),
            code_form: f.some(form(f, vec![field("coding-reasons")], "Hand in")),
            decide_form: f.some(form(f, vec![field("grade-reasons")], "Save the decision")),
            end_form: f.some(form(
                f,
                vec![Field::line("text", "reason", "Why", &f.t("Because")).id("end-reason")],
                "End the round",
            )),
        }
    }
}

impl Sample for Agreement {
    fn sample(f: Flavour) -> Self {
        let columns = [
            "Right",
            "Rounds",
            "Same grade",
            "Within one grade",
            "Alpha",
            "95 % interval",
            "Reading",
        ];
        Self {
            answer: f.t("In 31 rounds two or more people graded an obligation independently; alpha is 0.74."),
            as_of: as_of(f),
            filters: filters(f),
            caption: "Agreement by right".to_owned(),
            columns: columns.map(Column::plain).into(),
            rows: f.rows(3, |at| AgreementRow {
                theme: (at > 0).then(|| theme(f)),
                name: f.t("All rights"),
                rounds: "31".to_owned(),
                same: "17 of 31".to_owned(),
                within_one: "27 of 31".to_owned(),
                alpha: "0.74".to_owned(),
                interval: "0.52 to 0.89".to_owned(),
                reading: tag(f),
            }),
            downloads: downloads(&links::agreement()),
            meaning: vec![f.t("1 is perfect, 0 is what chance would give.")],
            empty: empty(f),
        }
    }
}
