//! Files of bulk import, status pages of the depositary, and recommendations.

use super::parts::*;
use super::{Flavour, Sample};
use crate::domain::bulk::Noun;
use crate::domain::ids::{ImportId, RecommendationId};
use crate::web::links::{self, Format, download};
use crate::web::view::forms::{FieldErrors, Form};
use crate::web::view::imports::*;
use crate::web::view::obligations::Fact;
use crate::web::view::parts::{Anchor, Tag, downloads};
use crate::web::view::recommendations::*;
use crate::web::view::status_pages::{Compared, Proposal, StatusPages, UnreadLine};

fn import_id() -> ImportId {
    ImportId(uuid::Uuid::from_u128(14))
}

fn recommendation_id() -> RecommendationId {
    RecommendationId(uuid::Uuid::from_u128(15))
}

impl Sample for ImportList {
    fn sample(f: Flavour) -> Self {
        let line = |number: usize| ImportLine {
            file: Anchor::new(f.t("evidence-mexico.xlsx"), links::import(&import_id())),
            when: "2026-11-23 08:00 UTC".to_owned(),
            status: Tag {
                class: ["strong", "soon", "late", "quiet"][number % 4],
                word: "waiting for confirmation".to_owned(),
            },
            text: "1,204 rows".to_owned(),
        };
        Self {
            form: Form::new(links::imports(), "token", "Send the file"),
            limit: "At most 50 MB and 200,000 rows.".to_owned(),
            template: Anchor::new("Download the template workbook", links::import_template()),
            complaints: f.rows(2, |_| f.t("there is no sheet “evidenc”; did you mean evidence?")),
            exports: vec![ExportLine {
                name: "evidence",
                files: vec![Anchor::new(
                    "CSV",
                    download(&links::bulk_export(Noun::Evidence), Format::Csv),
                )],
            }],
            rows: f.rows(4, line),
            empty: empty(f),
        }
    }
}

impl Sample for StatusPages {
    fn sample(f: Flavour) -> Self {
        let state = links::states();
        let proposal = |number: usize| Proposal {
            state: Anchor::new(f.t("Mexico"), state.clone()),
            theirs: f.t("ratification of 1999-03-08"),
            ours: f.t("nothing"),
            words: f.t("Mexico: the depositary has ratification of 1999-03-08, held here is nothing. Record it."),
            record: (number == 0).then(|| Anchor::new("Record it", links::imports())),
        };
        Self {
            form: Form::new(links::status_pages(), "token", "Compare"),
            limit: "At most 16 MB. The file is not kept.".to_owned(),
            proposals: Anchor::new("12 open proposals", links::proposals()),
            complaint: f.some(f.t("the file is empty")),
            found: f.some(Compared {
                title: f.t("ICRMW Migrant Workers Convention"),
                answer: f.t("2 differences from what is held here."),
                kept: f.t("2 proposals are new."),
                notes: f.rows(2, |_| f.t("the page prints 60 parties, its table has 59")),
                proposals: f.rows(2, proposal),
                unread: f.rows(2, |_| UnreadLine {
                    text: f.t("Atlantis | 1 Apr 2011 a"),
                    why: f.t("no state we know"),
                }),
            }),
        }
    }
}

impl Sample for ImportPage {
    fn sample(f: Flavour) -> Self {
        let row = |number: usize| RowLine {
            place: format!("evidence {}", number + 2),
            name: f.t("MEX Detention stations inspected"),
            href: f.some(links::evidence(&evidence_id())),
            errors: f.rows(2, |_| ErrorLine {
                column: "stance".to_owned(),
                why: f.t("“against” is not one of: supports, contradicts, qualifies"),
            }),
            changes: f.rows(2, |_| ChangeLine {
                field: "grade".to_owned(),
                old: f.t("1"),
                new: f.t("2"),
            }),
        };
        let decide = Form::new(links::decide_import(&import_id()), "token", "Go on");
        Self {
            title: f.t("evidence-mexico.xlsx"),
            answer: f.t("Nothing is written yet. 12 rows would be written, 3 are wrong."),
            facts: vec![
                Fact::new("Rows", "15"),
                Fact::new("SHA-256 of the file", "0".repeat(64)),
            ],
            progress: f.some(Progress {
                text: "Checking: row 4,000 of 100,000".to_owned(),
                done: 4_000,
                total: 100_000,
                again: links::import(&import_id()),
            }),
            notes: f.rows(1, |_| f.t("the sheet “my notes” was left out")),
            figures: figures(f),
            decide: f.some(decide.with(vec![decision(3)], &FieldErrors::default())),
            give_up: None,
            mend: f.rows(2, |_| {
                Anchor::new("CSV", links::wrong_rows(&import_id(), Noun::Evidence))
            }),
            show: f.rows(3, |_| Anchor::new("wrong (3)", links::import(&import_id()))),
            caption: "Rows: wrong".to_owned(),
            reason: f.some("What is wrong"),
            rows: f.rows(3, row),
            pager: pager(f),
            empty: Some(empty(f)),
        }
    }
}

impl Sample for RecommendationList {
    fn sample(f: Flavour) -> Self {
        let address = links::recommendations(&mex());
        Self {
            state: f.t("Mexico"),
            answer: f.t("3 recommendations to Mexico: 2 accepted."),
            as_of: as_of(f),
            filters: filters(f),
            caption: "3 recommendations".to_owned(),
            rows: f.rows(3, |_| RecommendationLine {
                document: Anchor::new(
                    f.t("A/HRC/56/9, para. 132.4"),
                    links::recommendation(&recommendation_id()),
                ),
                date: "2024-03".to_owned(),
                body: "universal periodic review",
                text: f.t("End the detention of children for reasons of migration."),
                themes: vec![theme(f)],
                acceptance: Tag {
                    class: "strong",
                    word: "accepted".to_owned(),
                },
            }),
            downloads: downloads(&address),
            pager: pager(f),
            import: f.some(Anchor::new("Import recommendations", links::imports())),
            empty: empty(f),
        }
    }
}

impl Sample for RecommendationItem {
    fn sample(f: Flavour) -> Self {
        Self {
            title: f.t("A/HRC/56/9, para. 132.4"),
            answer: f.t("A recommendation to Mexico by a universal periodic review: accepted."),
            as_of: as_of(f),
            text: f.t("End the detention of children for reasons of migration."),
            lang: "en".to_owned(),
            wording: "in our own words".to_owned(),
            facts: vec![Fact::new("State", f.t("Mexico")).to(links::state(&mex()))],
            themes: f.rows(2, |_| theme(f)),
            provisions: f.rows(2, |_| obligation(f)),
            revisions: f.rows(1, |_| f.t("Revision 1, recorded 2026-11-23")),
        }
    }
}
