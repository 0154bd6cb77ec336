//! Coding studies of causes.

use super::parts::*;
use super::{Flavour, Sample};
use crate::domain::causes::Cause;
use crate::domain::ids::StudyId;
use crate::web::links;
use crate::web::view::forms::{Choice, Field, Form};
use crate::web::view::obligations::Fact;
use crate::web::view::parts::{Anchor, CauseMark, Column, Tag, downloads};
use crate::web::view::studies::*;

fn id() -> StudyId {
    StudyId(uuid::Uuid::from_u128(9))
}

fn study(f: Flavour) -> Anchor {
    Anchor::new(f.t("Pilot of the guide"), links::study(&id()))
}

fn tag(f: Flavour) -> Tag {
    Tag {
        class: "soon",
        word: f.t("people are coding"),
    }
}

fn case(f: Flavour, at: usize) -> Anchor {
    let number = u32::try_from(at + 1).unwrap_or(1);
    Anchor::new(f.t(&format!("{number}. ICRMW-16.4")), links::study_case(&id(), number))
}

fn code(f: Flavour, at: usize) -> CodeLine {
    CodeLine {
        who: f.t("Ana Pérez"),
        when: "2026-11-24".to_owned(),
        cause: CauseMark::short(Cause::Information).with(f.t("lack of information")),
        second: f.some(CauseMark::short(Cause::Resources)),
        sure: "not sure",
        reason: f.t("The text says that no statistics are kept."),
        signs: if at == 0 {
            Vec::new()
        } else {
            vec![f.t("information, +1.0: “no statistics”")]
        },
    }
}

fn settled(f: Flavour, at: usize) -> SettledLine {
    SettledLine {
        cause: f.some(CauseMark::short(Cause::Information)),
        note: f.t("Where data are missing and money is not named, it is information."),
        line: f.t("Ana Pérez, 2026-11-25"),
        earlier: at == 1,
    }
}

fn confusion(f: Flavour) -> ConfusionTable {
    ConfusionTable {
        sentence: f.t("Most often taken for each other: resources and information, 4 of 30 pairs."),
        caption: f.t("Pairs of codes of the same case"),
        rows: Cause::ALL
            .iter()
            .enumerate()
            .map(|(at, cause)| ConfusionRow {
                cause: CauseMark::short(*cause),
                cells: (0..5)
                    .map(|other| ConfusionCell {
                        number: (at * other).to_string(),
                        same: at == other,
                    })
                    .collect(),
            })
            .collect(),
    }
}

impl Sample for Studies {
    fn sample(f: Flavour) -> Self {
        Self {
            answer: f.t("2 studies; one waits for your codes."),
            as_of: as_of(f),
            open: f.some(Anchor::new("Open a study", links::new_study())),
            rows: f.rows(2, |at| StudyRow {
                study: study(f),
                status: tag(f),
                cases: "30".to_owned(),
                finished: "1 of 2".to_owned(),
                opened: f.t("2026-11-20 by Ana Pérez"),
                waits: (at == 0).then(|| Anchor::new("Your codes are awaited", links::study(&id()))),
            }),
            downloads: downloads(&links::studies()),
            empty: empty(f),
        }
    }
}

impl Sample for NewStudy {
    fn sample(f: Flavour) -> Self {
        let people = vec![Choice::new("1", f.t("Ana Pérez")), Choice::new("2", f.t("Ben Okoro"))];
        let fields = vec![
            Field::line("text", "title", "Name of the study", &f.t("Pilot")),
            Field::checks("coders", "Who codes", people, &["1"]),
            Field::text("cases", "Cases", &f.t("text")).hint("One case a line."),
        ];
        Self {
            filters: filters(f),
            found: f.some(f.t("12 gaps with evidence are below.")),
            upload: Form::new(links::new_study(), "a-token", "Read the file"),
            limit: f.t("At most 900 kB."),
            form: form(f, fields, "Open the study"),
        }
    }
}

impl Sample for Study {
    fn sample(f: Flavour) -> Self {
        Self {
            title: f.t("Pilot of the guide"),
            answer: f.t("2 people code 30 cases without seeing each other’s codes; 1 of 2 have finished."),
            as_of: as_of(f),
            refused: (f == Flavour::Hostile).then(|| f.t("all have finished")),
            status: tag(f),
            question: f.t("Why does this gap stay open?"),
            results: f.some(Anchor::new("See what it came to", links::study_results(&id()))),
            next: f.some(Anchor::new("Go on with case 3", links::study_case(&id(), 3))),
            finish: f.some(Form::new(links::finish_study(&id()), "a-token", "I have finished")),
            facts: vec![Fact::new("Cases", f.t("30 drawn at random from 210, seed 7"))],
            coders: f.rows(2, |_| CoderRow {
                who: f.t("Ana Pérez"),
                coded: "12 of 30".to_owned(),
                state: tag(f),
            }),
            cases: f.rows(3, |at| CaseRow {
                case: case(f, at),
                state: f.t("MEX"),
                begins: f.t("Monitors entered eleven migration stations"),
                mine: (at > 0).then(|| CauseMark::short(Cause::Resources)),
            }),
            mine: true,
            end: f.some(form(
                f,
                vec![Field::line("text", "reason", "Why it ends", &f.t("Ill")).hint("Nobody can code any more.")],
                "End the study",
            )),
        }
    }
}

impl Sample for StudyCase {
    fn sample(f: Flavour) -> Self {
        let choices = Cause::ALL
            .iter()
            .map(|cause| Choice::new(cause.code(), cause.words()))
            .collect();
        Self {
            study: study(f),
            name: f.t("ICRMW-16.4"),
            place: f.t("case 3 of 30"),
            as_of: as_of(f),
            refused: (f == Flavour::Hostile).then(|| f.t("all have finished")),
            question: f.t("Why does this gap stay open?"),
            facts: vec![Fact::new("State", f.t("Mexico"))],
            text: f.t("Monitors entered eleven migration stations and found people held longer than the law allows."),
            evidence: f.rows(2, |_| CitedLine {
                title: evidence(f),
                line: f.t("para. 14; revision 2 was read"),
            }),
            blind: f.some(f.t("Code it from this text alone.")),
            form: f.some(form(
                f,
                vec![
                    Field::radio("cause", "Cause", choices, "resources"),
                    Field::text("reason", "Why", &f.t("Because")),
                ],
                "Save and go on",
            )),
            codes: f.rows(2, |at| code(f, at)),
            settled: f.rows(2, |at| settled(f, at)),
            settle: f.some(form(
                f,
                vec![Field::text("note", "What was settled, and why", &f.t("Because"))],
                "Save the note",
            )),
            previous: f.some(Anchor::new("Previous case", links::study_case(&id(), 2))),
            next: f.some(Anchor::new("Next case", links::study_case(&id(), 4))),
        }
    }
}

impl Sample for StudyResults {
    fn sample(f: Flavour) -> Self {
        Self {
            study: study(f),
            answer: f.t("30 cases were coded by two or more of 2 people: alpha is 0.71."),
            as_of: as_of(f),
            incomplete: f.some(f.t("This study is incomplete.")),
            columns: ["Of", "Cases", "Alpha", "95 % interval", "Reading"]
                .map(Column::plain)
                .into(),
            measures: f.rows(6, |at| MeasureRow {
                name: f.t("All causes, people alone"),
                cause: (at > 0).then(|| CauseMark::short(Cause::ALL[(at - 1) % 5])),
                cases: "30".to_owned(),
                alpha: "0.712".to_owned(),
                interval: f.t("0.512 to 0.883"),
                reading: tag(f),
            }),
            downloads: downloads(&links::study_results(&id())),
            codes: downloads(&links::study_codes(&id())),
            confusion: f.some(confusion(f)),
            engine: f.some(confusion(f)),
            tallies: f.rows(3, |_| TallyRow {
                who: f.t("Ana Pérez"),
                counts: ["9", "4", "11", "2", "4"].map(str::to_owned).into(),
                unsure: "5".to_owned(),
                coded: "30".to_owned(),
            }),
            causes: Cause::ALL.iter().map(|cause| CauseMark::short(*cause)).collect(),
            disagreements: f.rows(2, |at| Disagreement {
                case: case(f, at),
                begins: f.t("Monitors entered eleven migration stations"),
                codes: vec![code(f, 0), code(f, 1)],
                settled: (at == 0).then(|| settled(f, 0)),
            }),
            agreed: f.t("On 2 cases people differ."),
            meaning: vec![f.t("Alpha is 1 where all agree.")],
        }
    }
}
