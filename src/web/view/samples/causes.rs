//! Why gaps stay open.

use super::parts::{as_of, causes, causes_bar, empty, evidence, filters, grade, mex, obligation, t08, theme};
use super::{Flavour, Sample};
use crate::domain::causes::Cause;
use crate::web::links;
use crate::web::view::causes::*;
use crate::web::view::forms::{Choice, Field};
use crate::web::view::parts::{Anchor, CauseMark, Column, downloads};
use crate::web::view::summaries::Said;

pub fn suggested(f: Flavour) -> SuggestedNote {
    SuggestedNote {
        cause: CauseMark::of(Cause::PoliticalWill),
        reason: f.t("Signals consistent with a policy choice (60 % of the weight)."),
        bar: causes_bar(),
        weights: f.rows(2, |at| WeightLine {
            cause: causes()[at].clone(),
            weight: "60 %".to_owned(),
            interval: "0 % to 75 %".to_owned(),
        }),
        signs: f.rows(2, |at| SignLine {
            cause: causes()[at].clone(),
            says: f.t("a law against the norm is kept"),
            points: "+1.50".to_owned(),
            before: if at == 0 {
                f.t("Those who live with the virus are ")
            } else {
                String::new()
            },
            matched: f.t("shut out of"),
            after: if at == 0 { f.t(" work.") } else { String::new() },
            how: (at == 1).then(|| f.t("asked for, not named as the cause")),
            from: vec![place(f, at == 0)],
            also: f.rows(1, |_| place(f, false)),
            behind: f.t("Usual wording of concluding observations"),
        }),
        age: f.some(f.t("The newest of these texts is from 2009, 17 years ago.")),
        state_says: f.rows(1, |_| Said {
            gist: f.t("The delegation said that a bill is before parliament."),
            source: evidence(f),
        }),
    }
}

fn place(f: Flavour, linked: bool) -> PlaceLine {
    PlaceLine {
        text: f.t("HIV test needed for a work permit (2023)"),
        href: linked.then(|| evidence(f).href),
    }
}

pub fn unblock(f: Flavour) -> Unblock {
    let asked = |name: Option<String>| Asked {
        name,
        text: f.t("Change the law that stands in the way"),
        source: f.t("ICRMW, article 84"),
    };
    Unblock {
        cause: CauseMark::of(Cause::PoliticalWill),
        basis: "found by a person",
        asked: f.rows(2, |_| asked(None)),
        helpers: f.rows(2, |_| asked(Some(f.t("UN Network on Migration")))),
    }
}

pub fn weigh_fields(f: Flavour) -> Vec<Field> {
    vec![
        Field::line("text", "resources", "Signals of a lack of resources, in per cent", "60").id("weigh-resources"),
        Field::select(
            "information_kind",
            "Which kind",
            vec![Choice::new("", "does not apply")],
            "",
        )
        .id("weigh-kind"),
        Field::text("rationale", "Reasons", &f.t("Because"))
            .id("weigh-rationale")
            .optional(),
    ]
}

impl Sample for StateCauses {
    fn sample(f: Flavour) -> Self {
        Self {
            state: f.t("Mexico"),
            answer: f.t("On 2026-11-23 the causes of 12 gaps of Mexico can be looked at."),
            as_of: as_of(f),
            how: f.t("Causes that persons found stand under their names."),
            filters: filters(f),
            all: f.rows(2, |at| CauseBar {
                title: ["What persons found", "What signs suggest"][at],
                text: f.t("3 of 12 gaps"),
                bar: causes_bar(),
                key: causes(),
            }),
            themes_caption: "4 themes with a gap".to_owned(),
            themes: f.rows(4, |at| ThemeCauses {
                theme: theme(f),
                gaps: "3".to_owned(),
                decided: causes_bar().filter(|_| at != 1),
                decided_words: f.t("2 resources, 1 information"),
                suggested: causes_bar(),
                suggested_words: f.t("2 resources, 1 undetermined"),
            }),
            caption: "12 gaps".to_owned(),
            rows: f.rows(4, |at| GapCause {
                provision: obligation(f),
                label: f.t("Detention only by law"),
                grade: grade(at),
                decided: causes().into_iter().take(at % 3).collect(),
                suggested: (at != 2).then(|| causes()[at % 4].clone()),
                reason: f.t("Signals of a lack of resources (60 % of the weight)."),
            }),
            downloads: downloads(&links::state_causes(&mex())),
            empty: empty(f),
            unblock: f.rows(2, |_| unblock(f)),
            over_time: Anchor::new("Over the years", links::causes().with("state", "MEX")),
        }
    }
}

impl Sample for CausesOverTime {
    fn sample(f: Flavour) -> Self {
        let year = |at: usize| YearRow {
            day: Anchor::new(f.t("2026-12-31"), links::causes().with("as_of", "2026-12-31")),
            gaps: "12".to_owned(),
            bar: causes_bar().filter(|_| at != 1),
            counts: vec!["3".to_owned(); 5],
        };
        Self {
            title: f.t("Why gaps stay open: liberty and immigration detention"),
            answer: f.t("At the end of 2026, 12 gaps had a cause that a person found."),
            how: f.t("Findings of persons alone; one with two causes counts under both."),
            filters: filters(f),
            key: causes(),
            caption: "Ten years".to_owned(),
            columns: [
                "Day",
                "Gaps",
                "Causes",
                "resources",
                "political will",
                "information",
                "other factors",
                "undetermined",
            ]
            .map(Column::plain)
            .into(),
            rows: f.rows(3, year),
            suggested_caption: "What signs suggested".to_owned(),
            suggested: f.rows(2, year),
            downloads: downloads(&links::causes().with("theme", t08().as_str())),
            empty: empty(f),
            more: f.rows(1, |_| theme(f)),
        }
    }
}
