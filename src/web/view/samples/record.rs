//! The pages on which something is written down.

use super::parts::*;
use super::{Flavour, Sample};
use crate::domain::ids::SubscriptionId;
use crate::domain::reviews::ReviewStatus;
use crate::web::links;
use crate::web::view::comments::CommentForm;
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::evidence::*;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::obligations::Fact;
use crate::web::view::participation::ActionForm;
use crate::web::view::parts::{Anchor, Tag, downloads};
use crate::web::view::reminders::*;
use crate::web::view::reports::ReportForm;
use crate::web::view::sessions::SignIn;

impl Sample for EvidenceList {
    fn sample(f: Flavour) -> Self {
        Self {
            state: f.t("Mexico"),
            answer: f.t("12 pieces of evidence on Mexico, the newest of 2025."),
            as_of: as_of(f),
            filters: filters(f),
            orders: vec![
                Order {
                    text: "publication".to_owned(),
                    href: None,
                },
                Order {
                    text: "title".to_owned(),
                    href: Some(links::state_evidence(&mex()).with("sort", "title")),
                },
            ],
            items: f.rows(4, |_| evidence_line(f)),
            downloads: downloads(&links::state_evidence(&mex())),
            pager: pager(f),
            add: f.some(Anchor::new("Add evidence", links::new_evidence(&mex()))),
            keep: None,
            empty: empty(f),
        }
    }
}

impl Sample for EvidenceItem {
    fn sample(f: Flavour) -> Self {
        Self {
            title: f.t("Detention stations inspected without notice"),
            answer: f
                .t("A national human rights institution says so of Mexico; it serves 14 obligations in 7 treaties."),
            status: f.some(status_tag(ReviewStatus::Submitted)),
            as_of: as_of(f),
            which: as_of(f),
            gist: f.t("Monitors entered eleven migration stations and found people held longer than the law allows."),
            grade: f.some(grade(1)),
            facts: vec![
                Fact::new("State", f.t("Mexico")).to(links::state(&mex())),
                Fact::new("Theme", f.t("Liberty and immigration detention")).to(links::theme(&t08())),
                Fact::new("Who says so", "national human rights institution"),
                Fact::new("Document", f.t("Recommendation 12/2025, p. 14")),
                Fact::new("Reliability of the source", "B: usually reliable"),
            ],
            source: f.some("https://example.org/12-2025".to_owned()),
            archived: f.some("https://web.archive.org/web/2026/https://example.org/12-2025".to_owned()),
            copies: f.rows(2, |_| evidence(f)),
            serves_caption: "14 obligations of Mexico".to_owned(),
            serves: f.rows(5, |at| served(f, at)),
            serves_empty: empty(f),
            desk: f.some(evidence_desk(f)),
            revisions: f.rows(2, |at| RevisionLine {
                to: evidence(f),
                line: f.t("2026-11-20: recorded by Ana, accepted 2026-11-21"),
                tag: (at == 0).then(|| status_tag(ReviewStatus::Accepted)),
                sha256: Some("0a".repeat(32)),
                file_sha256: (at == 0).then(|| "0b".repeat(32)),
            }),
            comments: f.some(comments(f)),
        }
    }
}

fn evidence_desk(f: Flavour) -> EvidenceDesk {
    let fields = vec![
        Field::radio("step", "What do you decide?", vec![Choice::new("accept", "Accept")], ""),
        Field::text("remark", "Remark", &f.t("Which stations?")).optional(),
    ];
    let review = form(f, fields, "Record the review");
    EvidenceDesk {
        tag: status_tag(ReviewStatus::Submitted),
        line: f.t("Revision 2, written by Ana on 2026-11-20."),
        errors: review.clone(),
        changes_caption: "What revision 2 changes in revision 1, which counts".to_owned(),
        changes: f.rows(3, |at| ChangeLine {
            field: "Title",
            before: if at == 0 { String::new() } else { f.t("Stations") },
            after: if at == 1 { String::new() } else { f.t("Nine stations") },
        }),
        review: Some(review),
        own: f.some(Form::new(
            links::review_evidence(&evidence_id()),
            "a-token",
            "Take it back",
        )),
        note: f.some(f.t("You wrote this revision, so somebody else has to review it.")),
        links: vec![evidence(f)],
        steps: f.rows(2, |_| StepLine {
            line: f.t("2026-11-20 08:00 UTC: revision 1 returned by Bo"),
            remark: f.t("Which stations?"),
        }),
    }
}

impl Sample for EvidenceMerge {
    fn sample(f: Flavour) -> Self {
        Self {
            title: f.t("Detention stations inspected without notice"),
            answer: f.t("While you were changing revision 1, Jo Doe saved revision 2."),
            choices: f.rows(3, |at| MergeChoice {
                name: ["title", "gist", "grade"][at],
                label: "Title",
                why: "Both of you changed it.",
                theirs: if at == 1 { String::new() } else { f.t("Nine stations") },
                before: f.some(f.t("Stations")),
                yours: Field::line(
                    "text",
                    ["title", "gist", "grade"][at],
                    "Yours: Title",
                    &f.t("Eleven stations"),
                ),
                only_words: (at == 1).then(|| f.t("report.pdf")),
                takes_theirs: at == 0,
                takes_yours: at == 1,
                error: (at == 2).then(|| "Choose which version to keep.".to_owned()),
            }),
            agreed: f.t("The same in both: theme and stance."),
            form: form(f, vec![Field::hidden("seen", "2")], "Hand in for review"),
        }
    }
}

impl Sample for CommentForm {
    fn sample(f: Flavour) -> Self {
        Self {
            on: evidence(f),
            form: comments(f).add,
        }
    }
}

impl Sample for EvidenceForm {
    fn sample(f: Flavour) -> Self {
        let stances = vec![
            Choice::new("supports", "shows it is kept"),
            Choice::new("contradicts", "shows it is not kept"),
            Choice::new("qualifies", "something in between"),
        ];
        let themes = vec![Choice::new("T08", f.t("Liberty and immigration detention"))];
        let fields = vec![
            Field::line("text", "title", "Title", &f.t("Detention stations"))
                .hint(f.t("What it shows, in a few words.")),
            Field::text("gist", "What it shows", &f.t("Monitors entered"))
                .hint("In your own words; do not copy a text."),
            Field::select("theme", "Theme", themes, "T08"),
            Field::radio("stance", "What it says of the obligation", stances, "contradicts"),
            Field::line("text", "facts_from", "Date of the facts", "2025-03")
                .hint("As much as you know: 2025, 2025-03 or 2025-03-14.")
                .width("short"),
            Field::line("url", "link", "Where it can be read", "https://example.org").optional(),
        ];
        let mut whole = form(f, fields, "Hand in for review");
        Self {
            heading: f.t("Add evidence on Mexico"),
            lede: f.t("Write it once."),
            ticked: f == Flavour::Full,
            read: f.some(f.t("CMW/C/MEX/CO/3 was read.")),
            would_serve: f.some(f.t("It would serve 3 more provisions once in force for Mexico: C143 (not in force).")),
            will_serve: f.some(f.t("It will serve 14 obligations in 7 treaties in force for Mexico")),
            serves: f.rows(4, |_| ServedTreaty {
                instrument: instrument(f),
                provisions: f.rows(3, |_| obligation(f)),
            }),
            ticks: f.some(
                Field::checks(
                    "provisions",
                    "Only some of them",
                    vec![Choice::new("ICRMW-16.4", f.t("ICRMW 16(4)"))],
                    &[],
                )
                .id("ticked")
                .filter(),
            ),
            look: links::new_evidence(&mex()).with("look", "1"),
            fill: links::new_evidence(&mex()).with("fill", "1"),
            groups: vec![FieldGroup {
                id: "shows",
                heading: "What it shows",
                paired: f == Flavour::Long,
                fields: std::mem::take(&mut whole.fields),
            }],
            form: whole,
        }
    }
}

impl Sample for ActionForm {
    fn sample(f: Flavour) -> Self {
        let kinds = vec![
            Choice::new("ratification", "ratification"),
            Choice::new("accession", "accession"),
        ];
        let instruments = vec![Choice::new("C189", f.t("C189 Domestic Workers Convention"))];
        let fields = vec![
            Field::select("instrument", "Treaty", instruments, "C189"),
            Field::radio("kind", "What was done", kinds, "ratification"),
            Field::line("text", "date", "Date of deposit", &f.t("2026-11-02")).width("short"),
            Field::line("text", "source", "Source", &f.t("C.N.512.2026")).hint("Such as a depositary notification."),
        ];
        Self {
            state: f.t("Mexico"),
            rules: f.rows(1, |_| {
                f.t("C189: in force twelve months after registration, art. 21(3)")
            }),
            look: links::new_action(&mex()).with("look", "1"),
            form: form(f, fields, "Record it"),
        }
    }
}

impl Sample for ReportForm {
    fn sample(f: Flavour) -> Self {
        let fields = vec![
            Field::line("text", "cycle", "Report", &f.t("periodic 4")).width("medium"),
            Field::line("date", "submitted", "Submitted on", "")
                .optional()
                .width("short"),
            Field::line("date", "due", "Date set by the treaty body", "")
                .optional()
                .width("short"),
        ];
        Self {
            state: f.t("Mexico"),
            form: form(f, fields, "Record it"),
            columns: DeadlineRow::columns(false),
            owed: f.rows(2, |at| deadline(f, at)),
        }
    }
}

fn ledger_row(f: Flavour, at: usize) -> LedgerRow {
    let status = [
        Tag {
            class: "strong",
            word: "sent".into(),
        },
        Tag {
            class: "soon",
            word: "planned".into(),
        },
        Tag {
            class: "late",
            word: "given up".into(),
        },
        Tag {
            class: "quiet",
            word: "cancelled".into(),
        },
    ][at % 4]
        .clone();
    LedgerRow {
        key: f.t("MEX ICRMW periodic 4, 30 days before"),
        state: state(f),
        instrument: instrument(f),
        report: f.t("periodic 4"),
        due: "2026-12-23".to_owned(),
        offset: "30 days before".to_owned(),
        recipient: f.t("oficina@example.mx"),
        status,
        note: f.t("2026-11-23 08:00 UTC"),
        history: f.rows(2, |_| f.t("2026-11-23 08:00 UTC: taken by the mail server")),
    }
}

impl Sample for Reminders {
    fn sample(f: Flavour) -> Self {
        let end = links::unfollow(&SubscriptionId(uuid::Uuid::from_u128(9)));
        let states = vec![Choice::new("", "choose a state"), Choice::new("MEX", f.t("Mexico"))];
        let fields = vec![
            Field::select("state", "State", states, "").optional(),
            Field::select("instrument", "Treaty", vec![Choice::new("", "every treaty")], "").optional(),
        ];
        Self {
            answer: f.t("You follow Mexico and the ICRMW; the next reminder goes out on 2026-11-23."),
            delivery: f.t("Reminders go to ana@example.org, in Spanish, at times of America/Mexico_City."),
            following: f.rows(2, |_| Following {
                what: state(f),
                since: "since 2026-11-20".to_owned(),
                end: Form::new(end.clone(), "a-token", "Stop following"),
            }),
            following_empty: empty(f),
            follow: form(f, fields, "Follow"),
            next_columns: DeadlineRow::columns(true),
            next: f.rows(2, |at| deadline(f, at)),
            rows: f.rows(4, |at| ledger_row(f, at)),
            ledger_empty: empty(f),
            everybody: f.some(Anchor::new("The ledger of everybody", links::ledger())),
        }
    }
}

impl Sample for Ledger {
    fn sample(f: Flavour) -> Self {
        Self {
            answer: f.t("214 reminders were sent, 3 wait for their next try and 1 was given up."),
            filters: filters(f),
            caption: "218 reminders, newest first".to_owned(),
            rows: f.rows(6, |at| ledger_row(f, at)),
            empty: empty(f),
            downloads: downloads(&links::ledger()),
            pager: pager(f),
        }
    }
}

impl Sample for SignIn {
    fn sample(f: Flavour) -> Self {
        let mut errors = FieldErrors::default();
        if f == Flavour::Hostile {
            errors.add("email", "the address or the password is wrong");
        }
        let next = f.some(f.t("/states/MEX/evidence/new"));
        Self::new("a-token", &f.t("ana@example.org"), next.as_deref(), &errors)
    }
}
