//! Small things for samples.

use super::Flavour;
use crate::domain::assessments::Grade;
use crate::domain::causes::Cause;
use crate::domain::ids::{EvidenceId, InstrumentCode, ProvisionId, StateCode, ThemeCode};
use crate::domain::reviews::ReviewStatus;
use crate::web::links::{self, Link};
use crate::web::view::comments::{CommentLine, Comments};
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::evidence::{EvidenceLine, Served, status_tag};
use crate::web::view::forms::{Choice, Field, FieldErrors, Filters, Form};
use crate::web::view::gaps::GapRow;
use crate::web::view::page::{Footer, Page, Section, Visitor, nav};
use crate::web::view::parts::{Anchor, AsOf, Bar, CauseMark, Empty, Figure, GradeMark, Pager, Tag};

/// Mexico.
pub fn mex() -> StateCode {
    "MEX".parse().expect("a state")
}

/// The Migrant Workers Convention.
pub fn icrmw() -> InstrumentCode {
    "ICRMW".parse().expect("an instrument")
}

/// Liberty and immigration detention.
pub fn t08() -> ThemeCode {
    "T08".parse().expect("a theme")
}

/// A provision on it.
pub fn provision() -> ProvisionId {
    "ICRMW-16.4".parse().expect("a provision")
}

/// Some piece of evidence, always the same.
pub fn evidence_id() -> EvidenceId {
    EvidenceId(uuid::Uuid::from_u128(7))
}

/// A link to a state.
pub fn state(f: Flavour) -> Anchor {
    Anchor::new(f.t("Mexico"), links::state(&mex()))
}

/// A link to an instrument.
pub fn instrument(f: Flavour) -> Anchor {
    Anchor::new(f.t("ICRMW"), links::instrument(&icrmw()))
}

/// A link to a theme.
pub fn theme(f: Flavour) -> Anchor {
    Anchor::new(f.t("Liberty and immigration detention"), links::theme(&t08()))
}

/// A link to an obligation.
pub fn obligation(f: Flavour) -> Anchor {
    Anchor::new(f.t("ICRMW 16(4)"), links::obligation(&mex(), &provision()))
}

/// A link to a piece of evidence.
pub fn evidence(f: Flavour) -> Anchor {
    Anchor::new(
        f.t("Detention stations inspected without notice"),
        links::evidence(&evidence_id()),
    )
}

/// One grade after the other.
pub fn grade(number: usize) -> GradeMark {
    match number % 8 {
        0 => GradeMark::decided(Some(Grade::Partly)),
        1 => GradeMark {
            computed: true,
            ..GradeMark::decided(Some(Grade::NotInPlace))
        },
        2 => GradeMark::decided(None),
        3 => GradeMark {
            class: "contested",
            word: "contested: partly in place".to_owned(),
            computed: true,
        },
        4 => GradeMark::decided(Some(Grade::Contrary)),
        5 => GradeMark::decided(Some(Grade::Substantially)),
        6 => GradeMark::not_gradable(),
        _ => GradeMark::decided(Some(Grade::FullyInPlace)),
    }
}

/// All five causes.
pub fn causes() -> Vec<CauseMark> {
    let counts = ["12 gaps", "9 gaps", "7 gaps", "2 gaps", "7 gaps"];
    Cause::ALL
        .iter()
        .zip(counts)
        .map(|(cause, count)| CauseMark::of(*cause).with(count))
        .collect()
}

/// Gaps by cause as a bar.
pub fn causes_bar() -> Option<Bar> {
    let counts = [12, 9, 7, 2, 7];
    let all: Vec<_> = Cause::ALL
        .iter()
        .zip(counts)
        .map(|(cause, count)| (cause.code(), cause.words(), count))
        .collect();
    Bar::of(&all)
}

/// Obligations by grade as a bar.
pub fn grades_bar(seed: usize) -> Option<Bar> {
    let n = |base: usize| (base * (seed + 3)) % 7;
    Bar::of(&[
        ("g4", "fully in place", n(1)),
        ("g3", "substantially in place", n(2)),
        ("g2", "partly in place", n(3)),
        ("g1", "not in place", n(4)),
        ("g0", "contrary", n(1) / 3),
        ("contested", "contested", n(2) / 3),
        ("none", "no information", 4 + n(5)),
    ])
}

/// Four figures.
pub fn figures(f: Flavour) -> Vec<Figure> {
    let figure = |number: &str, of: Option<&str>, label: &str, href: Option<Link>| Figure {
        number: number.to_owned(),
        of: of.map(str::to_owned),
        label: f.t(label),
        detail: None,
        href,
    };
    vec![
        figure(
            "19",
            Some("38"),
            "treaties in force",
            Some(links::state(&mex()).at("treaties")),
        ),
        figure("412", None, "obligations", Some(links::obligations(&mex()))),
        figure("37", Some("412"), "known gaps", Some(links::gaps(&mex()))),
        figure(
            "288",
            Some("412"),
            "without recent evidence",
            Some(links::obligations(&mex()).with("grade", "none")),
        ),
    ]
}

/// One deadline after the other.
pub fn deadline(f: Flavour, number: usize) -> DeadlineRow {
    let (due, status, when) = [
        (
            "2018-07-01",
            Tag {
                class: "late",
                word: "overdue".into(),
            },
            "8 years late",
        ),
        (
            "2026-12-23",
            Tag {
                class: "soon",
                word: "due".into(),
            },
            "in 30 days",
        ),
        (
            "2029-01-01",
            Tag {
                class: "",
                word: "upcoming".into(),
            },
            "in 2 years",
        ),
        (
            "2017-04-01",
            Tag {
                class: "quiet",
                word: "reviewed".into(),
            },
            "submitted 2016-12-12",
        ),
    ][number % 4]
        .clone();
    DeadlineRow {
        state: state(f),
        instrument: instrument(f),
        report: f.t("periodic 4"),
        due: due.to_owned(),
        status,
        when: when.to_owned(),
        basis: f.t("every five years, art. 73(1)(b)"),
        certainty: f.t("firm: follows from the treaty"),
    }
}

/// A line of evidence.
pub fn evidence_line(f: Flavour) -> EvidenceLine {
    EvidenceLine {
        title: evidence(f),
        gist: f.t("Monitors entered eleven migration stations and found people held for longer than the law allows."),
        state: f.some(state(f)),
        line: f.t("national human rights institution, 2025, shows it is not kept, reliability B, credibility 2"),
        theme: f.some(theme(f)),
        tag: f.some(status_tag(ReviewStatus::Submitted)),
    }
}

/// Comments, one open and one settled.
pub fn comments(f: Flavour) -> Comments {
    let button = |words: &str| Form::new(links::comments(), "a-token", words);
    let who = |id: &str| {
        let choices = vec![
            Choice::new("", "nobody in particular"),
            Choice::new("@monitor", f.t("all monitors")),
        ];
        Field::select("assign", "Who should see to it", choices, "")
            .id(id)
            .optional()
    };
    Comments {
        items: f.rows(2, |at| CommentLine {
            id: format!("assign-{at}"),
            text: f.t("Which stations does this speak of?"),
            line: f.t("Ana, 2026-11-20 08:00 UTC, for all monitors"),
            tag: (at == 1).then(|| Tag {
                class: "quiet",
                word: f.t("settled by Bo on 2026-11-21"),
            }),
            assign: (at == 0).then(|| button("Ask").with(vec![who(&format!("assign-{at}"))], &FieldErrors::default())),
            resolve: (at == 0).then(|| button("Settled")),
        }),
        add: button("Save the comment").with(
            vec![
                Field::text("text", "Comment", &f.t("Please look at page 14.")).id("comment-text"),
                who("comment-assign"),
            ],
            &FieldErrors::default(),
        ),
    }
}

/// One gap after the other.
pub fn gap(f: Flavour, number: usize) -> GapRow {
    GapRow {
        provision: obligation(f),
        label: f.t("Lawful arrest and detention only"),
        theme: theme(f),
        grade: grade(number),
        suggested: (number == 2).then(|| causes()[0].clone()),
        causes: causes().into_iter().skip(number % 5).take(number % 3).collect(),
        evidence: "3 items, newest 2025".to_owned(),
    }
}

/// An obligation that evidence serves.
pub fn served(f: Flavour, number: usize) -> Served {
    Served {
        instrument: instrument(f),
        provision: obligation(f),
        label: f.t("Lawful arrest and detention only"),
        grade: f.some(grade(number)),
    }
}

/// Something designed to be empty.
pub fn empty(f: Flavour) -> Empty {
    Empty {
        title: f.t("No evidence on Mexico yet"),
        text: f.t("Nobody has added an observation with a source and a date. What would help most:"),
        needed: vec![
            f.t("what treaty bodies concluded in the last five years"),
            f.t("statistics of immigration detention, from the ministry or the human rights institution"),
            f.t("an alternative report of civil society"),
        ],
        action: Some(Anchor::new(
            f.t("Add the first piece of evidence"),
            links::new_evidence(&mex()),
        )),
    }
}

/// Filters of every kind.
pub fn filters(f: Flavour) -> Filters {
    let themes = vec![
        Choice::new("", "all themes"),
        Choice::new("T08", f.t("Liberty and immigration detention")),
    ];
    Filters {
        label: "Filter".to_owned(),
        action: links::obligations(&mex()),
        fields: vec![
            Field::line("search", "q", "Words", &f.t("detention")).filter(),
            Field::select("theme", "Theme", themes, "T08").filter(),
            Field::line("date", "as_of", "As of", "2019-01-01")
                .filter()
                .width("short"),
        ],
        clear: f.some(links::obligations(&mex())),
    }
}

/// That it is not today.
pub fn as_of(f: Flavour) -> Option<AsOf> {
    f.some(AsOf {
        text: "As of 2019-01-01: what was true then, as far as we know now.".to_owned(),
        today: Anchor::new("Show today", links::state(&mex())),
    })
}

/// A pager in the middle.
pub fn pager(f: Flavour) -> Option<Pager> {
    let here = links::obligations(&mex());
    f.some(Pager {
        previous: Some(here.clone().with("page", "1")),
        next: Some(here.clone().with("page", "3")),
        all: Some(here.with("page", "0")),
        text: "Rows 101 to 200 of 412".to_owned(),
    })
}

/// A form with those fields; in a hostile mood everything in it is wrong.
pub fn form(f: Flavour, fields: Vec<Field>, submit: &str) -> Form {
    let mut errors = FieldErrors::default();
    if f == Flavour::Hostile || f == Flavour::Long {
        for field in &fields {
            errors.add(field.name, f.t("write something else"));
        }
    }
    let form = Form::new(links::new_evidence(&mex()), "a-token", submit).with(fields, &errors);
    if f == Flavour::Empty {
        form
    } else {
        form.cancel(Anchor::new("Do not save", links::state(&mex())))
    }
}

/// The frame.
pub fn page(f: Flavour, title: &str, section: Section) -> Page {
    let signed_in = f != Flavour::Empty;
    Page {
        title: f.t(title),
        description: f.t("What Mexico accepted, and whether it keeps it"),
        lang: "en",
        dir: "ltr",
        stylesheet: Link::asset("style.css".to_owned()),
        icon: Link::asset("icon.svg".to_owned()),
        home: links::home(),
        nav: nav(section, signed_in, signed_in),
        search: links::search(),
        sought: f.some(f.t("")).unwrap_or_default(),
        visitor: f.some(Visitor {
            name: f.t("Ana Pérez"),
            role: "monitor",
            sign_out: links::sign_out(),
            form_token: "a-token".to_owned(),
        }),
        sign_in: links::sign_in(),
        crumbs: f.rows(2, |at| {
            if at == 0 {
                Anchor::new("States", links::states())
            } else {
                state(f)
            }
        }),
        done: (f == Flavour::Hostile).then(|| f.t("The evidence was saved.")),
        history: f.some(links::history_of_state(&mex())),
        footer: Footer {
            standing: "As of 2026-11-23. Treaty facts as their depositaries showed them on 2026-02-03.".to_owned(),
            sources: "Sources: United Nations Treaty Collection, ILO NORMLEX, documents of the treaty bodies."
                .to_owned(),
            about: links::about(),
        },
    }
}
