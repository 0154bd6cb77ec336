//! Timelines, and forms that were kept.

use super::parts::*;
use super::{Flavour, Sample};
use crate::web::links;
use crate::web::view::forms::FieldErrors;
use crate::web::view::history::{FieldChange, History, TimelineLine, Told};
use crate::web::view::kept::{Kept, KeptField, KeptForm};
use crate::web::view::parts::downloads;

fn line(f: Flavour, at: usize) -> TimelineLine {
    let change = |field: &str| FieldChange {
        field: f.t(field),
        before: f.some(Told::of(&f.t("not in place"))),
        after: Some(Told::of(&f.t("partly in place"))),
    };
    TimelineLine {
        id: format!("e{at}"),
        moment: "2026-11-23T08:00:00Z".to_owned(),
        at: "2026-11-23 08:00:00 UTC".to_owned(),
        who: f.t("Ana Pérez"),
        account: None,
        what: f.t("graded the obligation"),
        about: f.some(state(f)),
        changes: f.rows(1 + at % 8, |_| change("grade")),
        folded: (at % 2 == 1).then(|| "8 fields".to_owned()),
        why: f.some(Told::of(&f.t(&"The law limits detention. ".repeat(1 + at * 20)))),
    }
}

impl Sample for History {
    fn sample(f: Flavour) -> Self {
        let here = links::history_of_state(&mex());
        Self {
            heading: f.t("History of Mexico"),
            answer: f.t("7 things were done, the newest on 2026-11-23. Nothing is ever erased."),
            as_of: as_of(f),
            filters: f.some(filters(f)),
            lines: f.rows(8, |at| line(f, at)),
            older: f.some(here.clone().with("before", "3")),
            newest: f.some(here.clone()),
            downloads: downloads(&here),
            empty: empty(f),
        }
    }
}

impl Sample for Kept {
    fn sample(f: Flavour) -> Self {
        let fields = f.rows(3, |at| {
            KeptField::new(format!("field{at}"), f.t("What was typed"), true)
        });
        let form = KeptForm {
            action: links::new_evidence(&mex()).to_string(),
            fields,
        };
        if f == Flavour::Full {
            return Self::sign_in(form, "a-token", "title=x", "a-proof", "", &FieldErrors::default());
        }
        Self::send(form, "a-token", &f.t("Ana Pérez"), "monitor", f != Flavour::Long)
    }
}
