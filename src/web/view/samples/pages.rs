//! The pages of the world: home, states, treaties, themes, about, errors.

use super::parts::*;
use super::{Flavour, Sample};
use crate::domain::assessments::Grade;
use crate::domain::causes::Cause;
use crate::web::links;
use crate::web::view::about::*;
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::errors::Error;
use crate::web::view::forms::{Field, Form};
use crate::web::view::home::{Cluster, Home};
use crate::web::view::instruments::*;
use crate::web::view::obligations::Fact;
use crate::web::view::parts::{Anchor, CauseMark, Column, GradeMark, Tag, downloads};
use crate::web::view::states::{StateRow, States};
use crate::web::view::themes::{Theme, Themes};

fn cluster(f: Flavour, name: &str) -> Cluster {
    Cluster {
        name: f.t(name),
        themes: (0..4).map(|_| theme(f)).collect(),
    }
}

impl Sample for Home {
    fn sample(f: Flavour) -> Self {
        Self {
            answer: f.t("197 states, 38 treaties, 622 provisions: who is bound by what since when, what shows that it is kept, and what falls due next."),
            search: links::states(),
            examples: f.rows(3, |_| state(f)),
            figures: figures(f),
            due_columns: DeadlineRow::columns(true),
            due: f.rows(5, |at| deadline(f, at)),
            all_deadlines: Anchor::new("All deadlines", links::deadlines()),
            overdue: Anchor::new("61 reports are overdue", links::deadlines().with("overdue", "yes")),
            clusters: f.rows(4, |at| cluster(f, ["Cross-cutting", "Integrity", "Liberty", "Work"][at])),
            recent: f.rows(2, |_| evidence_line(f)),
        }
    }
}

impl Sample for States {
    fn sample(f: Flavour) -> Self {
        let here = links::states();
        Self {
            answer: f.t("197 states; 60 of them are bound by the Migrant Workers Convention."),
            as_of: as_of(f),
            filters: filters(f),
            caption: "197 states".to_owned(),
            columns: vec![
                Column::sortable("State", "name", &here, "name"),
                Column::plain("Region"),
                Column::sortable("Treaties in force", "instruments", &here, "").numeric(),
                Column::sortable("Obligations", "obligations", &here, "").numeric(),
                Column::sortable("Overdue reports", "overdue", &here, "").numeric(),
            ],
            rows: f.rows(12, |_| StateRow {
                name: state(f),
                code: "MEX".to_owned(),
                region: f.t("Latin America and the Caribbean"),
                instruments: "19".to_owned(),
                obligations: "412".to_owned(),
                overdue: "1".to_owned(),
            }),
            downloads: downloads(&here),
            empty: empty(f),
            nearest: vec![state(f)],
        }
    }
}

impl Sample for Instruments {
    fn sample(f: Flavour) -> Self {
        let here = links::instruments();
        Self {
            answer: f.t("38 treaties bind states towards migrants; 8 of them are monitored by a committee that receives reports."),
            as_of: as_of(f),
            caption: "38 treaties".to_owned(),
            columns: vec![
                Column::sortable("Code", "code", &here, ""),
                Column::plain("Title"),
                Column::sortable("Adopted", "adopted", &here, "adopted"),
                Column::plain("In force"),
                Column::plain("Monitored by"),
                Column::sortable("Parties", "parties", &here, "").numeric(),
                Column::sortable("Provisions", "provisions", &here, "").numeric(),
            ],
            rows: f.rows(8, |_| InstrumentRow {
                code: instrument(f),
                title: f.t("International Convention on the Protection of the Rights of All Migrant Workers and Members of Their Families"),
                adopted: "1990-12-18".to_owned(),
                in_force: "2003-07-01".to_owned(),
                body: f.t("Committee on Migrant Workers"),
                parties: "60".to_owned(),
                provisions: "101".to_owned(),
            }),
            downloads: downloads(&here),
        }
    }
}

fn provision_row(f: Flavour, at: usize, with_instrument: bool) -> ProvisionRow {
    ProvisionRow {
        id: format!("p{at}"),
        article: "16(4)".to_owned(),
        instrument: with_instrument.then(|| instrument(f)),
        label: f.t("Lawful arrest and detention only"),
        summary: f.t("Nobody may be arrested or held arbitrarily; grounds and procedure must be set by law."),
        theme: (!with_instrument).then(|| theme(f)),
        duty: "respect, immediate".to_owned(),
        protects: f.t("all migrants"),
        not_graded: (at == 1).then(|| f.t("a definition")),
    }
}

impl Sample for Instrument {
    fn sample(f: Flavour) -> Self {
        let here = links::instrument(&icrmw());
        Self {
            code: f.t("ICRMW"),
            title: f.t("International Convention on the Protection of the Rights of All Migrant Workers and Members of Their Families"),
            answer: f.t("60 states are bound, the latest since 2024-05-01; 11 have signed and not ratified."),
            as_of: as_of(f),
            facts: vec![
                Fact::new("Adopted", "1990-12-18"),
                Fact::new("In force", "2003-07-01"),
                Fact::new("In force for a state", f.t("first day of the month following three months after deposit, art. 87(2)")),
                Fact::new("Reports", f.t("within one year, then every five years, art. 73(1)")),
                Fact::new("Monitored by", f.t("Committee on Migrant Workers")),
            ],
            contents: vec![Anchor::new("States", here.clone().at("parties")), Anchor::new("Provisions", here.clone().at("articles"))],
            actions: Vec::new(),
            follow: f.some(Form::new(links::follow(), "a-token", "Follow").with(vec![Field::hidden("instrument", "ICRMW")], &Default::default())),
            following: f.some(Anchor::new("What I follow", links::reminders())),
            filters: filters(f),
            parties_caption: "60 parties".to_owned(),
            party_columns: ["State", "Status", "Action", "In force since", "Reservations", "Source"].map(Column::plain).into(),
            parties: f.rows(8, |_| PartyRow {
                state: state(f),
                status: Tag { class: "strong", word: "party".to_owned() },
                action: f.t("ratification, 1999-03-08"),
                in_force_since: "2003-07-01".to_owned(),
                reservations: "1".to_owned(),
                source: f.t("depositary, high"),
            }),
            parties_downloads: downloads(&here),
            parties_empty: empty(f),
            provisions: (0..4).map(|at| provision_row(f, at, false)).collect(),
            reservations: f.rows(3, |_| ReservationRow {
                state: state(f),
                articles: f.t("22(4)"),
                effect: Tag { class: "late", word: "excluded".to_owned() },
                gist: f.t("keeps expulsion without a prior hearing for some foreigners"),
                line: f.t("reservation of 1999-03-08, withdrawn 2014; depositary, medium"),
            }),
        }
    }
}

impl Sample for Themes {
    fn sample(f: Flavour) -> Self {
        Self {
            answer: f.t("40 themes join provisions of different treaties that protect the same right."),
            causes: Anchor::new("Why gaps stay open, over the years", links::causes()),
            clusters: vec![cluster(f, "Liberty")],
        }
    }
}

impl Sample for Theme {
    fn sample(f: Flavour) -> Self {
        Self {
            name: f.t("Liberty and immigration detention"),
            answer: f.t("21 provisions in 9 treaties protect it; 34 pieces of evidence concern it."),
            description: f
                .t("Lawfulness, necessity, review and length of deprivation of liberty; alternatives to detention."),
            causes: Anchor::new(
                "Why gaps under this right stay open",
                links::causes().with("theme", "T08"),
            ),
            caption: "21 provisions in 9 treaties".to_owned(),
            provisions: (0..4).map(|at| provision_row(f, at, true)).collect(),
            evidence: f.rows(2, |_| evidence_line(f)),
            evidence_empty: empty(f),
        }
    }
}

impl Sample for About {
    fn sample(f: Flavour) -> Self {
        let grades = Grade::ALL.map(|grade| GradeMeaning {
            grade: GradeMark::decided(Some(grade)),
            test: f.t(grade.test()),
        });
        Self {
            answer: f.t("Facts come from depositaries and treaty bodies; grades and causes from named people; everything says which."),
            grades: grades.into(),
            causes: Cause::ALL.iter().map(|cause| CauseMeaning { cause: CauseMark::short(*cause), meaning: f.t("what it means") }).collect(),
            sources: f.rows(2, |_| Source {
                what: f.t("Participation in United Nations treaties"),
                from: f.t("United Nations Treaty Collection"),
                date: "2026-02-03".to_owned(),
                confidence: f.t("high"),
            }),
            limits: vec![f.t("It does not rank states.")],
        }
    }
}

impl Sample for Error {
    fn sample(f: Flavour) -> Self {
        Self {
            heading: f.t("There is no state MXE"),
            text: f.t("States are named by their three-letter code."),
            suggestions: f.rows(2, |_| state(f)),
            reference: f.some(f.t("01jd-7f")),
        }
    }
}
