//! One obligation: what it asks, why it binds, what shows that it is kept, who graded it, why a gap stays open.

use super::deciding::{Forms, cause_form, grade_form};
use super::{anchor, mark};
use crate::domain::assessments::{Assessment, Grade};
use crate::domain::gaps::Basis;
use crate::domain::ids::EvidenceId;
use crate::domain::instruments::{Duty, Realisation};
use crate::domain::summaries::{Findings, IMPORT, ObligationPicture, StatePicture, StoredEvidence};
use crate::domain::users::Permission;
use crate::store::findings;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::pages::gaps::cause_mark;
use crate::web::pages::here::Here;
use crate::web::pages::lookup;
use crate::web::problem::Problem;
use crate::web::view::evidence::EvidenceLine;
use crate::web::view::obligations::{
    AssessmentLine, CauseLine, Fact, Obligation, Parallel, ReservationNote, SuggestionNote, WeighedLine,
};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, GradeMark, Tag};
use crate::web::view::words::{count, provision_name};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// A day in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

/// The page.
pub(in crate::web) async fn page(
    visit: Visit,
    Path((state, provision)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    show(&visit, &here, &provision, StatusCode::OK, Forms::default()).await
}

/// Shows it, with the forms as they were left.
pub(super) async fn show(
    visit: &Visit,
    here: &Here,
    provision: &str,
    status: StatusCode,
    forms: Forms,
) -> Result<Response, Problem> {
    let (reference, state) = (&here.shelf.reference, &here.state.iso3);
    let (instrument, provision) = lookup::provision(reference, provision, |id| links::obligation(state, id))?;
    let findings = findings::of_state(&visit.app.db, state).await?;
    let picture = StatePicture::of(reference, &here.shelf.world, &findings, state, here.as_of);
    let name = provision_name(instrument, provision);
    let Some(one) = picture.obligation(&provision.id) else {
        return Err(Problem::NotFound {
            what: format!("{name} is not in force for {} on {}.", here.name(), here.as_of),
            suggestions: vec![
                Anchor::new(
                    format!("Obligations of {}", here.name()),
                    here.keep(links::obligations(state)),
                ),
                Anchor::new(&instrument.short.en, links::instrument(&instrument.code)),
            ],
        });
    };
    let view = view(visit, here, &picture, one, &findings, forms);
    let mut page = visit.page(format!("{}: {name}", here.name()), Section::States);
    page.crumbs = here.crumbs();
    page.crumbs
        .push(Anchor::new("Obligations", here.keep(links::obligations(state))));
    page.footer.standing = format!("As of {}.", here.as_of);
    visit.show_as(status, &page, &view)
}

fn view(
    visit: &Visit,
    here: &Here,
    picture: &StatePicture<'_>,
    one: &ObligationPicture<'_>,
    findings: &Findings,
    forms: Forms,
) -> Obligation {
    let (obligation, state) = (&one.obligation, &here.state.iso3);
    let provision = obligation.provision;
    let may = visit.actor.may(Permission::Assess) && here.asked().is_none();
    let token = visit.form_token();
    let lines = one
        .evidence
        .iter()
        .map(|stored| EvidenceLine::of(stored, None))
        .collect();
    Obligation {
        provision: provision_name(obligation.instrument, provision),
        label: provision.label.clone(),
        state: here.name().to_owned(),
        answer: answer(here, one),
        as_of: here.note(links::obligation(state, &provision.id)),
        grade: mark(one),
        summary: provision.summary.clone(),
        facts: facts(here, one),
        reservation: reservation(one),
        suggestion: suggestion(one),
        evidence: lines,
        evidence_empty: Empty {
            title: "No evidence serves it yet".to_owned(),
            text: format!(
                "Without evidence nobody can say whether {} keeps this obligation.",
                here.name()
            ),
            needed: vec![
                "the law that puts it into effect, from the official gazette".to_owned(),
                "what is done: instructions, budgets, inspections, from the ministry or the human rights institution"
                    .to_owned(),
                "what comes of it: figures and cases, from courts, statistics, treaty bodies and civil society"
                    .to_owned(),
            ],
            action: None,
        },
        add_evidence: visit.actor.may(Permission::RecordFacts).then(|| {
            let theme = provision.theme.as_str();
            Anchor::new(
                "Add evidence on this theme",
                links::new_evidence(state).with("theme", theme),
            )
        }),
        assessments: assessments(here, one, findings),
        grade_form: (may && obligation.is_gradable()).then(|| grade_form(here, one, &token, &forms)),
        causes: causes(here, one, findings),
        cause_form: (may && one.is_gap()).then(|| cause_form(here, one, &token, &forms)),
        who_grades: (!may).then(|| who_grades(here)),
        parallel: parallel(here, picture, one),
    }
}

fn who_grades(here: &Here) -> String {
    if here.asked().is_some() {
        "Grades and causes are recorded on the page of today.".to_owned()
    } else {
        "Monitors and administrators grade obligations and record causes, each under their own name.".to_owned()
    }
}

fn answer(here: &Here, one: &ObligationPicture<'_>) -> String {
    let (name, obligation) = (here.name(), &one.obligation);
    let since = obligation.in_force_since.map_or_else(
        || "from a date that is not known".to_owned(),
        |span| format!("since {span}"),
    );
    if !obligation.binds() {
        return format!(
            "{name} has excluded this provision by a reservation, so it does not bind it as far as that goes."
        );
    }
    let bound = format!("{name} has been bound by this {since}");
    if !obligation.provision.gradable {
        return format!(
            "{bound}. It is shown and never graded: {}.",
            obligation.provision.not_gradable_because
        );
    }
    let evidence = count(
        one.evidence.len(),
        "piece of evidence serves it",
        "pieces of evidence serve it",
    );
    match (one.standing.basis, one.standing.grade) {
        (Basis::Assessed, Some(grade)) => {
            let who = one.assessment.map_or("", |assessment| assessment.recorded_by.as_str());
            format!("{bound}; {who} graded it “{}”, and {evidence}.", grade.words())
        }
        (Basis::Suggested, Some(grade)) => {
            format!(
                "{bound}; nobody has graded it, the evidence suggests “{}”, and {evidence}.",
                grade.words()
            )
        }
        _ => format!("{bound}; there is no grade, because what is known does not suffice, and {evidence}."),
    }
}

fn facts(here: &Here, one: &ObligationPicture<'_>) -> Vec<Fact> {
    let (obligation, provision) = (&one.obligation, one.obligation.provision);
    let participation = here
        .shelf
        .world
        .participation(&here.state.iso3, obligation.instrument, here.as_of);
    let since = super::since(one);
    let duty = match provision.duty {
        Duty::Respect => "respect: do not interfere",
        Duty::Protect => "protect: keep others from interfering",
        Duty::Fulfil => "fulfil: provide",
    };
    let realisation = match provision.realisation {
        Realisation::Immediate => "at once",
        Realisation::Progressive => "step by step; steps and equal treatment at once",
    };
    let confidence = participation.confidence.map_or("", |confidence| confidence.word());
    vec![
        Fact::new("Treaty", &obligation.instrument.title.en).to(links::instrument(&obligation.instrument.code)),
        Fact::new("Theme", here.theme(&provision.theme).text).to(links::theme(&provision.theme)),
        Fact::new("In force since", since),
        Fact::new(
            "Why",
            format!(
                "{} (source: {}, confidence {confidence})",
                participation.why, participation.source
            ),
        ),
        Fact::new("Protects", &provision.applies_to),
        Fact::new("Duty to", duty),
        Fact::new("To be met", realisation),
    ]
}

fn reservation(one: &ObligationPicture<'_>) -> Option<ReservationNote> {
    let found = one.obligation.reservation?;
    Some(ReservationNote {
        effect: Tag { class: "", word: found.effect.words().to_owned() },
        articles: found.articles.clone(),
        gist: found.gist.clone(),
        line: format!("{}; {}, source: {}, confidence {}", found.kind, found.method, found.source, found.confidence.word()),
        forbidden: one.obligation.forbidden_by.map(|article| {
            format!("{} of the treaty allows no such reservation; its effect is debated, so the obligation is shown as binding.", article)
        }),
    })
}

fn suggestion(one: &ObligationPicture<'_>) -> SuggestionNote {
    let found = &one.suggestion;
    let mut grade = GradeMark::decided(found.grade);
    grade.computed = found.grade.is_some();
    let mut items: Vec<_> = found.items.iter().collect();
    items.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let line = |item: &&crate::domain::suggestions::Item| {
        let stored = one.evidence.get(item.index)?;
        Some(WeighedLine {
            evidence: title(stored),
            grade: GradeMark::decided(Some(item.grade)),
            weight: format!("{:.2}", item.weight),
            source: format!(
                "{}{}",
                stored.evidence.reliability.code(),
                stored.evidence.credibility.code()
            ),
        })
    };
    SuggestionNote {
        grade,
        words: format!(
            "{}: {} that support a grade, strength {:.2} (a grade is suggested from 0.80 on).",
            capital(&found.words()),
            count(found.items.len(), "item", "items"),
            found.strength
        ),
        notes: found.notes.iter().map(|note| (*note).to_owned()).collect(),
        items: items.iter().filter_map(line).collect(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn title(stored: &StoredEvidence) -> Anchor {
    Anchor::new(&stored.evidence.title, links::evidence(&stored.id))
}

fn known(one: &ObligationPicture<'_>, ids: &[EvidenceId]) -> Vec<Anchor> {
    one.evidence
        .iter()
        .filter(|stored| ids.contains(&stored.id))
        .map(|stored| title(stored))
        .collect()
}

fn by(recorded_by: &str) -> &str {
    if recorded_by == IMPORT {
        "imported with the data"
    } else {
        recorded_by
    }
}

/// Decisions on this obligation known by the end of that day, newest first.
fn assessments(here: &Here, one: &ObligationPicture<'_>, findings: &Findings) -> Vec<AssessmentLine> {
    let own = findings
        .assessments
        .iter()
        .rev()
        .filter(|found| found.provision == one.obligation.provision.id);
    let known_by = own.filter(|found| found.recorded_at.date_naive() <= here.as_of);
    let line = |found: &Assessment| AssessmentLine {
        grade: GradeMark::decided(found.grade),
        line: format!("{}, {}", found.recorded_by, found.assessed_on),
        reasons: found.reasons.clone(),
        suggestion: format!("The evidence then suggested: {}", found.suggestion),
        evidence: known(one, &found.evidence),
        superseded: found
            .superseded_at
            .filter(|at| at.date_naive() <= here.as_of)
            .map(|at| format!("superseded on {}", at.date_naive())),
    };
    known_by.map(line).collect()
}

fn causes(here: &Here, one: &ObligationPicture<'_>, findings: &Findings) -> Vec<CauseLine> {
    let own = findings
        .causes
        .iter()
        .rev()
        .filter(|found| found.provision == one.obligation.provision.id);
    let known_by = own.filter(|found| found.found_on <= here.as_of);
    known_by
        .map(|found| CauseLine {
            cause: cause_mark(found),
            rationale: found.rationale.clone(),
            line: {
                let kind = Some(found.subcause.replace('_', " ")).filter(|kind| !kind.is_empty());
                let kind = kind.map(|kind| format!("{kind}; ")).unwrap_or_default();
                format!("{kind}{}, {}", by(&found.recorded_by), found.found_on)
            },
            evidence: one
                .evidence
                .iter()
                .filter(|s| found.evidence.contains(&s.evidence.key))
                .map(|s| title(s))
                .collect(),
            superseded: found
                .superseded_at
                .filter(|at| at.date_naive() <= here.as_of)
                .map(|at| format!("superseded on {}", at.date_naive())),
        })
        .collect()
}

fn parallel(here: &Here, picture: &StatePicture<'_>, one: &ObligationPicture<'_>) -> Vec<Parallel> {
    let own = one.obligation.provision;
    let others = picture.obligations.iter().filter(|other| {
        other.obligation.provision.theme == own.theme
            && other.obligation.instrument.code != one.obligation.instrument.code
    });
    others
        .map(|other| Parallel {
            provision: anchor(here, other),
            label: other.obligation.provision.label.clone(),
            grade: mark(other),
        })
        .collect()
}

/// The grades as a form offers them, with the test for each.
pub(super) fn grades() -> impl Iterator<Item = Grade> {
    Grade::ALL.into_iter()
}
