//! Proposals from status pages.

use super::parts::*;
use super::{Flavour, Sample};
use crate::domain::ids::ProposalId;
use crate::web::links;
use crate::web::view::forms::Field;
use crate::web::view::obligations::Fact;
use crate::web::view::parts::{Anchor, Tag, downloads};
use crate::web::view::proposals::*;

fn id() -> ProposalId {
    ProposalId(uuid::Uuid::from_u128(11))
}

fn tag(f: Flavour) -> Tag {
    Tag {
        class: "soon",
        word: f.t("open"),
    }
}

impl Sample for Proposals {
    fn sample(f: Flavour) -> Self {
        Self {
            answer: f.t("12 open, 3 accepted, 1 refused; 2 no longer differ."),
            filters: filters(f),
            rows: f.rows(3, |_| ProposalRow {
                state: Anchor::new(f.t("Argentina"), links::proposal(&id())),
                instrument: f.t("ICRMW Migrant Workers Convention"),
                theirs: f.t("ratification of 2007-02-24"),
                ours: f.t("ratification of 2007-02-23"),
                status: tag(f),
                found: "2026-11-25".to_owned(),
            }),
            downloads: downloads(&links::proposals()),
            pager: pager(f),
            upload: Anchor::new("Send a status page", links::status_pages()),
            empty: empty(f),
        }
    }
}

impl Sample for OneProposal {
    fn sample(f: Flavour) -> Self {
        let reason = |id: &str| Field::text("reason", "Why", &f.t("Because")).id(id);
        Self {
            title: f.t("Argentina, Migrant Workers Convention"),
            words: f.t("Argentina: the depositary has ratification of 2007-02-24. Find out who is right."),
            refused: (f == Flavour::Hostile).then(|| f.t("this proposal was refused already")),
            status: tag(f),
            facts: vec![Fact::new("The page has", f.t("ratification of 2007-02-24"))],
            state: state(f),
            history: Anchor::new("What is held", links::history_of_participation(&mex(), &icrmw())),
            by_hand: f.some(f.t("No treaty action follows from it.")),
            accept: f.some(form(f, vec![reason("reason")], "Record the ratification of 2007-02-24")),
            refuse: f.some(form(f, vec![reason("refuse-reason")], "Refuse it")),
        }
    }
}
