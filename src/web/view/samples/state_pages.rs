//! The pages of one state.

use super::parts::*;
use super::{Flavour, Sample};
use crate::web::links;
use crate::web::view::deadlines::{Calendar, CalendarDay, CalendarMonth, DeadlineRow, Deadlines};
use crate::web::view::forms::{Choice, Field};
use crate::web::view::gaps::{GapRow, Gaps};
use crate::web::view::obligations::*;
use crate::web::view::parts::{Anchor, Bar, Column, GradeMark, Tag, downloads};
use crate::web::view::states::*;
use crate::web::view::summaries::*;

impl Sample for State {
    fn sample(f: Flavour) -> Self {
        let here = links::state(&mex());
        let section = |text: &str, id: &str| Anchor::new(text, here.clone().at(id));
        Self {
            name: f.t("Mexico"),
            about: f.t("Latin America and the Caribbean, upper middle income, member of the United Nations"),
            answer: f.t(
                "Mexico is bound by 19 of 38 treaties and 412 obligations; 37 gaps are known, 288 obligations have no recent evidence.",
            ),
            as_of: as_of(f),
            figures: figures(f),
            contents: vec![
                section("Obligations", "obligations"),
                section("Gaps", "gaps"),
                section("Evidence", "evidence"),
                section("Deadlines", "deadlines"),
                section("Concluding observations", "observations"),
                section("Treaties", "treaties"),
            ],
            actions: f.rows(3, |at| {
                [
                    Anchor::new("Gap summary to print", links::summary(&mex())),
                    Anchor::new("Add evidence", links::new_evidence(&mex())),
                    Anchor::new("Record a treaty action", links::new_action(&mex())),
                ][at]
                    .clone()
            }),
            follow: f.some(form(Flavour::Full, vec![Field::hidden("state", "MEX")], "Follow")),
            following: None,
            participation_caption: "38 treaties; in force for Mexico: 19".to_owned(),
            participation: (0..3).map(|at| participation(f, at)).collect(),
            participation_downloads: downloads(&here),
            key: GradeMark::key(),
            themes_caption: "412 obligations under 40 themes".to_owned(),
            themes: f.rows(6, |at| ThemeRow {
                theme: theme(f),
                cluster: "Liberty".to_owned(),
                obligations: Anchor::new("14", links::obligations(&mex()).with("theme", "T08")),
                bar: grades_bar(at),
                known_gaps: "3".to_owned(),
                no_information: "8".to_owned(),
            }),
            obligations: Anchor::new("All 412 obligations", links::obligations(&mex())),
            causes_bar: causes_bar(),
            causes: causes(),
            gap_columns: GapRow::columns(),
            gaps: f.rows(5, |at| gap(f, at)),
            gaps_all: Anchor::new("All 37 gaps", links::gaps(&mex())),
            gaps_empty: empty(f),
            evidence: f.rows(3, |_| evidence_line(f)),
            evidence_all: Anchor::new("All 12 pieces of evidence", links::state_evidence(&mex())),
            evidence_empty: empty(f),
            deadline_columns: DeadlineRow::columns(false),
            deadlines: f.rows(4, |at| deadline(f, at)),
            deadlines_all: Anchor::new("The whole calendar of Mexico", links::state_deadlines(&mex())),
            conclusions: f.rows(2, |_| Conclusion {
                symbol: f.t("CMW/C/MEX/CO/3"),
                document: Some("https://docs.un.org/en/CMW/C/MEX/CO/3".to_owned()),
                instrument: instrument(f),
                report: f.t("periodic 3"),
                adopted: "2017-09-27".to_owned(),
            }),
        }
    }
}

fn participation(f: Flavour, at: usize) -> ParticipationRow {
    let rows = [
        (
            Tag {
                class: "strong",
                word: "party".into(),
            },
            "ratification, 1999-03-08",
            "2003-07-01",
        ),
        (
            Tag {
                class: "",
                word: "signatory".into(),
            },
            "signature, 2005-03-07",
            "–",
        ),
        (
            Tag {
                class: "quiet",
                word: "not a party".into(),
            },
            "–",
            "–",
        ),
    ];
    let (status, action, since) = rows[at % 3].clone();
    ParticipationRow {
        instrument: instrument(f),
        title: f.t("Migrant Workers Convention"),
        status,
        action: f.t(action),
        in_force_since: since.to_owned(),
        why: f
            .t("First day of the month following three months after deposit, art. 87(2); depositary, 2026-02-03, high"),
        flags: f.rows(1, |_| f.t("dates differ")),
        history: links::history_of_participation(&mex(), &icrmw()),
    }
}

impl Sample for Obligations {
    fn sample(f: Flavour) -> Self {
        let here = links::obligations(&mex());
        Self {
            state: f.t("Mexico"),
            answer: f.t("14 of 412 obligations of Mexico concern liberty and immigration detention."),
            as_of: as_of(f),
            filters: filters(f),
            bar: grades_bar(3).map(|mut bar| {
                bar.big = true;
                bar
            }),
            key: GradeMark::key(),
            caption: "14 obligations".to_owned(),
            columns: vec![
                Column::sortable("Provision", "provision", &here, "provision"),
                Column::sortable("Theme", "theme", &here, ""),
                Column::sortable("In force since", "since", &here, ""),
                Column::sortable("Grade", "grade", &here, ""),
                Column::sortable("Evidence", "evidence", &here, "-evidence").numeric(),
            ],
            rows: f.rows(9, |at| ObligationRow {
                provision: obligation(f),
                label: f.t("Lawful arrest and detention only"),
                theme: theme(f),
                in_force_since: "2003-07-01".to_owned(),
                reservation: (at == 2).then(|| Tag {
                    class: "late",
                    word: "excluded".into(),
                }),
                grade: grade(at),
                evidence: "3".to_owned(),
            }),
            downloads: downloads(&here),
            pager: pager(f),
            empty: empty(f),
        }
    }
}

impl Sample for Obligation {
    fn sample(f: Flavour) -> Self {
        Self {
            provision: f.t("ICRMW art. 16(4)"),
            label: f.t("Lawful arrest and detention only"),
            state: f.t("Mexico"),
            answer: f.t("Mexico has been bound since 2003-07-01; the obligation is graded partly in place."),
            as_of: as_of(f),
            grade: grade(0),
            gradable: f != Flavour::Empty,
            summary: f.t("Nobody may be arrested or held arbitrarily; grounds and procedure must be set by law."),
            facts: vec![
                Fact::new("Treaty", f.t("Migrant Workers Convention")).to(links::instrument(&icrmw())),
                Fact::new("In force since", "2003-07-01: ratification of 1999-03-08, art. 87(2)"),
                Fact::new("Theme", f.t("Liberty and immigration detention")).to(links::theme(&t08())),
                Fact::new("Duty", "respect, immediate"),
                Fact::new("Protects", "all migrants"),
            ],
            reservation: f.some(ReservationNote {
                effect: Tag {
                    class: "",
                    word: "touched, effect not read".into(),
                },
                articles: f.t("16(4)"),
                gist: f.t("applies it subject to its constitution"),
                line: f.t("declaration of 1999-03-08, not withdrawn; depositary, medium"),
                forbidden: f.some(f.t("a whole category may not be excluded, art. 88")),
            }),
            refused: None,
            blind: (f == Flavour::Empty).then(|| Anchor::new("Grade it blind", links::about())),
            suggestion: SuggestionNote {
                grade: grade(if f == Flavour::Empty { 2 } else { 3 }),
                words: f
                    .t("Partly in place (range: not in place to substantially), five items, newest 2025, contested."),
                strength: f.some("The items weigh 1.55 together.".to_owned()),
                bar: Bar::of(&[("g2", "partly in place", 45), ("none", "rest", 55)]).filter(|_| f != Flavour::Empty),
                fragile: f.some(f.t("The grade moves when our own judgements are changed a little.")),
                notes: f.rows(1, |_| f.t("law only: at most partly in place")),
                items: f.rows(3, |at| WeighedLine {
                    evidence: evidence(f),
                    says: f.t("shows it is not kept, strong"),
                    grade: (at < 2).then(|| grade(at)),
                    weight: if at < 2 { "0.64" } else { "0" }.to_owned(),
                    source: f.t("treaty body, what is done; source A, information 1"),
                    age: f.t("2017, 9 years old"),
                    copies: (at == 1).then(|| f.t("0.80 alone; shares one weight with 1 other item of its origin")),
                    share: "41 %".to_owned(),
                    without: f.t("partly in place"),
                    moves: at == 0,
                }),
            },
            evidence: f.rows(2, |_| evidence_line(f)),
            evidence_empty: empty(f),
            add_evidence: f.some(Anchor::new(
                "Add evidence",
                links::new_evidence(&mex()).with("theme", "T08"),
            )),
            assessments: f.rows(2, |at| AssessmentLine {
                grade: grade(at),
                line: f.t("Ana Pérez, 2026-11-20, true on 2026-11-20"),
                reasons: f.t("The law sets a limit of 36 hours; inspections show it is often passed."),
                suggestion: f.t("Suggested at that moment: partly in place"),
                differs: at == 0,
                round: (at == 0).then(|| Anchor::new("2 independent gradings", links::about())),
                evidence: vec![evidence(f)],
                superseded: (at == 1).then(|| "superseded 2026-11-20".to_owned()),
            }),
            grade_form: f.some(form(f, grade_fields(f), "Save the grade")),
            second: f.some(super::codings::second(f)),
            causes: f.rows(2, |at| CauseLine {
                cause: causes()[at].clone(),
                rationale: f.t("The committee asks for staff and money; the budget of the institute fell."),
                line: f.t("Ana Pérez, 2026-11-20"),
                suggestion: (at == 0)
                    .then(|| f.t("Suggested by signs at that moment: resources 60 %, undetermined 40 %.")),
                evidence: vec![evidence(f)],
                superseded: None,
            }),
            suggested: f.some(super::causes::suggested(f)),
            weigh_form: f.some(form(f, super::causes::weigh_fields(f), "Confirm")),
            unblock: f.rows(1, |_| super::causes::unblock(f)),
            cause_form: f.some(form(f, cause_fields(f), "Save the cause")),
            who_grades: f.some(f.t("Monitors and administrators grade.")),
            parallel: f.rows(3, |at| Parallel {
                provision: obligation(f),
                label: f.t("No arbitrary arrest or detention"),
                grade: grade(at),
            }),
            comments: f.some(comments(f)),
        }
    }
}

fn grade_fields(f: Flavour) -> Vec<Field> {
    let choices = (0..3).map(|at| {
        let mut choice = Choice::new(at.to_string(), "").hint("law, working procedure and outcome evidence agree");
        choice.grade = Some(GradeMark {
            computed: false,
            ..grade(at)
        });
        choice
    });
    vec![
        Field::radio("grade", "Grade", choices.collect(), "1").id("grade-grade"),
        Field::checks(
            "evidence",
            "Evidence it rests on",
            vec![Choice::new("7", f.t("Detention stations"))],
            &["7"],
        )
        .id("grade-evidence"),
        Field::text("reasons", "Reasons", &f.t("Because"))
            .hint(f.t("Two or three sentences."))
            .id("grade-reasons"),
    ]
}

fn cause_fields(f: Flavour) -> Vec<Field> {
    let choices = causes().into_iter().enumerate().map(|(at, cause)| {
        let mut choice = Choice::new(at.to_string(), "");
        choice.cause = Some(cause);
        choice
    });
    vec![
        Field::radio("cause", "Cause", choices.collect(), "1").id("cause-cause"),
        Field::line("text", "weight", "Weight in per cent", "40")
            .id("cause-weight")
            .width("short")
            .optional(),
        Field::text("rationale", "Reasons", &f.t("Because")).id("cause-rationale"),
    ]
}

impl Sample for Gaps {
    fn sample(f: Flavour) -> Self {
        let here = links::gaps(&mex());
        Self {
            state: f.t("Mexico"),
            answer: f.t("37 of 412 obligations are known to have a gap; 288 more have no recent evidence."),
            as_of: as_of(f),
            filters: filters(f),
            causes_bar: f.some(causes_bar()).flatten(),
            causes: causes(),
            caption: "37 known gaps".to_owned(),
            columns: GapRow::columns(),
            rows: f.rows(6, |at| gap(f, at)),
            downloads: downloads(&here),
            pager: pager(f),
            empty: empty(f),
            no_information: Anchor::new("288 without information", here.clone().with("kind", "no_information")),
            summary: Anchor::new("Gap summary to print", links::summary(&mex())),
            why: Anchor::new("Why they stay open", links::state_causes(&mex())),
        }
    }
}

impl Sample for Summary {
    fn sample(f: Flavour) -> Self {
        let line = |at: usize| SummaryGap {
            theme: f.t("Liberty and immigration detention"),
            grade: grade(at),
            causes: causes().into_iter().skip(at % 4).take(1 + at % 2).collect(),
            suggested: (at == 3).then(|| causes()[0].clone()),
            provisions: (0..MOST_PROVISIONS).map(|_| obligation(f)).collect(),
            more: f.some(Anchor::new("and 3 more", links::gaps(&mex()).with("theme", "T08"))),
            shows: Some(Anchor::new(
                f.t("CMW/C/MEX/CO/3, para. 38"),
                links::evidence(&evidence_id()),
            )),
            gist: f
                .t("The Committee found that people are held as a rule, children among them, and seldom see a judge."),
            other_side: f.some(Said {
                gist: f.t("The ombudsman found that families are released within a day."),
                source: evidence(f),
            }),
            state_says: f.some(Said {
                gist: f.t("The delegation said that a law against it is before the congress."),
                source: evidence(f),
            }),
        };
        Self {
            state: f.t("Mexico"),
            answer: f.t("Mexico is bound by 19 of 38 treaties and 412 obligations; 37 gaps are known."),
            as_of: None,
            figures: figures(f),
            bar: grades_bar(3).map(|mut bar| {
                bar.big = true;
                bar
            }),
            key: GradeMark::key(),
            causes: if f == Flavour::Empty { Vec::new() } else { causes() }
                .into_iter()
                .map(|cause| CauseCount {
                    cause,
                    gaps: Anchor::new("12 of 37", links::gaps(&mex()).with("cause", "resources")),
                })
                .collect(),
            suggested: if f == Flavour::Empty { Vec::new() } else { causes() },
            why: Anchor::new("Gap by gap", links::state_causes(&mex())),
            causes_note: f.t("Signs in the evidence, not findings of fault; a gap may have several."),
            gaps: f.rows(MOST_GAPS, line),
            gaps_all: Anchor::new("All 37 gaps", links::gaps(&mex())),
            signs: f.rows(0, line),
            signs_caption: f.t("On 3 of 288 obligations"),
            kept: f.rows(MOST_KEPT, line),
            kept_note: f.t("Fully in place: none. Substantially in place: 3 (1 decided by persons, 2 computed)."),
            not_party: f.rows(5, |_| instrument(f)),
            kept_all: f.some(Anchor::new("All 6", links::obligations(&mex()).with("grade", "4"))),
            due_caption: f.t("3 overdue, 2 next"),
            due_all: Anchor::new("The whole calendar of Mexico", links::state_deadlines(&mex())),
            state_says_all: f.some(Anchor::new(
                "All 4",
                links::state_evidence(&mex()).with("role", "state"),
            )),
            unknown: f.some(Unknown {
                text: f.t(
                    "288 of 390 obligations have no usable information, which says nothing about how they are kept.",
                ),
                all: Anchor::new("See all 288", links::gaps(&mex()).with("kind", "no_information")),
                themes: vec![theme(f), theme(f)],
            }),
            due_columns: DeadlineRow::columns(false),
            due: f.rows(MOST_DUE, |at| deadline(f, at)),
            state_says: f.rows(2, |_| evidence(f)),
            how_sure: f.t("Grades marked “computed” are suggestions from evidence; a person decides."),
            permanent: "This page: http://127.0.0.1:8080/states/MEX/summary?as_of=2026-11-23".to_owned(),
        }
    }
}

impl Sample for Calendar {
    fn sample(f: Flavour) -> Self {
        let month = |at: usize| CalendarMonth {
            id: format!("m{at}"),
            name: Anchor::new(f.t("March 2027"), links::calendar().with("month", "2027-03")),
            days: f.rows(3, |at| CalendarDay {
                date: format!("2027-03-{:02}", at + 1),
                weekday: f.t("Monday"),
                rows: f.rows(2, |at| deadline(f, at)),
            }),
        };
        Self {
            heading: f.t("Reports due in 2027"),
            answer: f.t("In 2027, 34 reports fall due on a firm date."),
            as_of: as_of(f),
            filters: filters(f),
            around: f.rows(2, |_| Anchor::new(f.t("2028"), links::calendar().with("year", "2028"))),
            months: (1..=12).map(month).collect(),
            downloads: downloads(&links::calendar()),
        }
    }
}

impl Sample for Deadlines {
    fn sample(f: Flavour) -> Self {
        let here = links::deadlines();
        Self {
            heading: f.t("Deadlines of the world"),
            answer: f.t("61 reports to the Committee on Migrant Workers are overdue, 4 fall due within a year."),
            as_of: as_of(f),
            figures: f.some(figures(f)).unwrap_or_default(),
            filters: filters(f),
            of_world: true,
            caption: "65 deadlines".to_owned(),
            columns: DeadlineRow::columns(true),
            rows: f.rows(8, |at| deadline(f, at)),
            downloads: downloads(&here),
            pager: pager(f),
            actions: f.rows(1, |_| Anchor::new("Record a report", links::new_report(&mex()))),
            empty: empty(f),
        }
    }
}
