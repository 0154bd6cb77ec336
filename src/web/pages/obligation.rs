//! One obligation: what it asks, why it binds, what shows that it is kept, who graded it and why a gap stays open.

use super::causes::explained;
use super::causes::weighing::weigh_form;
use super::codings::second_opinion;
use super::comments;
use super::counts::mark;
use super::findings::{cause_form, grade_form};
use super::here::Here;
use super::lookup;
use super::obligation_history::{assessments, causes, names};
use super::obligations::effect_tag;
use super::state::evidence;
use super::suggestion::suggestion;
use crate::actions::assessments::AssessmentDraft;
use crate::actions::causes::suggesting;
use crate::actions::causes::{CauseDraft, WeighingDraft};
use crate::actions::codings::RoundDraft;
use crate::domain::codings::{Round, RoundStatus};
use crate::domain::comments::Subject;
use crate::domain::gaps::Basis;
use crate::domain::instruments::{Duty, Instrument, Provision, Realisation};
use crate::domain::obligations::Obligation as InForce;
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::domain::users::Permission;
use crate::store::{codings, findings};
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::codings::Refused;
use crate::web::view::forms::FieldErrors;
use crate::web::view::obligations::{Fact, Obligation, Parallel, ReservationNote};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty};
use crate::web::view::words::{count, provision_name};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeSet;

/// A day in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
}

/// What was typed into the forms, with what is wrong with it.
#[derive(Default)]
pub(super) struct Forms {
    pub grade: Option<(AssessmentDraft, FieldErrors)>,
    pub cause: Option<(CauseDraft, FieldErrors)>,
    pub weigh: Option<(WeighingDraft, FieldErrors)>,
    pub round: Option<(RoundDraft, FieldErrors)>,
}

/// Shows it.
pub(in crate::web) async fn obligation(
    visit: Visit,
    Path((state, provision)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, &asked.as_of).await?;
    show(&visit, &here, &provision, StatusCode::OK, Forms::default()).await
}

/// The page, with the forms as they were typed.
pub(super) async fn show(
    visit: &Visit,
    here: &Here,
    provision: &str,
    status: StatusCode,
    forms: Forms,
) -> Result<Response, Problem> {
    let (reference, state) = (&here.shelf.reference, &here.state.iso3);
    let page = |id: &_| here.keep(links::obligation(state, id));
    let (instrument, provision) = lookup::provision(reference, provision, page)?;
    let themes = BTreeSet::from([provision.theme.clone()]);
    let findings = findings::about(&visit.app.db, state, &themes).await?;
    let picture = StatePicture::of(reference, &here.shelf.world, &findings, state, here.as_of);
    let one = picture
        .obligation(&provision.id)
        .ok_or_else(|| not_in_force(here, instrument, provision))?;
    let names = names(visit).await?;
    let mut view = view(here, &picture, one);
    let rounds = codings::of_obligation(&visit.app.db, state, &provision.id).await?;
    let who = visit.actor.user().map(|user| user.email.as_str());
    let blind = rounds.iter().find(|round| who.is_some_and(|who| round.awaits(who)));
    view.blind = blind.map(|round| {
        let to = links::coding(&round.state, &round.provision, &round.id);
        Anchor::new("Grade it blind", to)
    });
    if blind.is_some() {
        view.answer = bound(here, one);
        view.refused = forms.grade.as_ref().map(|(draft, errors)| Refused {
            why: errors
                .get("form")
                .unwrap_or("you are asked to grade it blind")
                .to_owned(),
            wrote: draft.reasons.clone(),
        });
    }
    view.causes = causes(here, &findings, one, &names);
    let suggested = suggesting::of_gap(&visit.app.db, state, &picture, one).await?;
    if blind.is_none() {
        view.suggested = suggested.as_ref().map(|found| explained::note(here, one, found));
        view.unblock = explained::unblock(one, suggested.as_ref());
    }
    let may = visit.actor.may(Permission::Assess);
    let open = |round: &Round| may || round.status_on(here.as_of) == Some(RoundStatus::Reconciled);
    view.assessments = assessments(here, &findings, one, &names, &rounds, open);
    let today = here.as_of == visit.app.clock.today();
    if may && today && one.obligation.is_gradable() {
        view.grade_form = blind.is_none().then(|| grade_form(visit, here, one, forms.grade));
        view.weigh_form =
            (blind.is_none() && one.is_gap()).then(|| weigh_form(visit, here, one, suggested.as_ref(), forms.weigh));
        view.cause_form = one.is_gap().then(|| cause_form(visit, here, one, forms.cause));
    }
    view.second = second_opinion(visit, here, one, &rounds, &names, forms.round);
    view.who_grades = who_grades(one, may, today);
    let may_record = visit.actor.may(Permission::RecordFacts);
    let add = links::new_evidence(state).with("theme", provision.theme.as_str());
    view.add_evidence = may_record.then(|| Anchor::new("Add evidence on this right", add));
    if may_record && today {
        let on = Subject::Obligation(state.clone(), provision.id.clone());
        view.comments = Some(comments::section(visit, &on, &names).await?);
    }
    let mut frame = visit.page(
        format!("{}: {}", here.name(), provision_name(instrument, provision)),
        Section::States,
    );
    frame.crumbs = here.crumbs();
    frame
        .crumbs
        .push(Anchor::new("Obligations", here.keep(links::obligations(state))));
    frame.footer.standing = format!("As of {}.", here.as_of);
    frame.history = Some(here.keep(links::history_of_obligation(state, &provision.id)));
    visit.show_as(status, &frame, &view)
}

fn not_in_force(here: &Here, instrument: &Instrument, provision: &Provision) -> Problem {
    let status = here.shelf.world.participation(&here.state.iso3, instrument, here.as_of);
    Problem::NotFound {
        what: format!(
            "{} is not in force for {} on {}: its status towards the treaty is “{}”.",
            provision_name(instrument, provision),
            here.name(),
            here.as_of,
            status.status.words(),
        ),
        suggestions: vec![
            Anchor::new(
                format!("Obligations of {}", here.name()),
                here.keep(links::obligations(&here.state.iso3)),
            ),
            Anchor::new(&instrument.short.en, here.keep(links::instrument(&instrument.code))),
        ],
    }
}

fn who_grades(one: &ObligationPicture<'_>, may: bool, today: bool) -> Option<String> {
    let text = if !one.obligation.is_gradable() {
        let why = &one.obligation.provision.not_gradable_because;
        if one.obligation.provision.gradable {
            "A reservation excludes this provision, so there is nothing to grade.".to_owned()
        } else {
            format!("This provision is shown and never graded: {why}.")
        }
    } else if !may {
        "Monitors and administrators grade obligations and say why gaps stay open.".to_owned()
    } else if !today {
        "This page shows another day. Grades and causes are given on the page of today.".to_owned()
    } else {
        return None;
    };
    Some(text)
}

fn view(here: &Here, picture: &StatePicture<'_>, one: &ObligationPicture<'_>) -> Obligation {
    let (instrument, provision) = (one.obligation.instrument, one.obligation.provision);
    Obligation {
        provision: provision_name(instrument, provision),
        label: provision.label.clone(),
        state: here.name().to_owned(),
        answer: answer(here, one),
        as_of: here.note(links::obligation(&here.state.iso3, &provision.id)),
        grade: mark(one),
        gradable: one.obligation.is_gradable(),
        summary: provision.summary.clone(),
        facts: facts(here, picture, one),
        reservation: reservation(&one.obligation),
        suggestion: suggestion(here, one),
        evidence: one.evidence.iter().map(|item| evidence(here, item)).collect(),
        evidence_empty: Empty {
            title: "No evidence serves it yet".to_owned(),
            text: format!(
                "What is attached to the right “{}” serves this provision at once.",
                here.theme(&provision.theme).text
            ),
            needed: vec![
                "a finding of a treaty body, a court or the human rights institution, with its date".to_owned(),
                "the law or the procedure, and figures that show how it works".to_owned(),
            ],
            action: None,
        },
        add_evidence: None,
        assessments: Vec::new(),
        blind: None,
        refused: None,
        grade_form: None,
        second: None,
        causes: Vec::new(),
        suggested: None,
        weigh_form: None,
        cause_form: None,
        unblock: Vec::new(),
        who_grades: None,
        parallel: parallel(here, picture, one),
        comments: None,
    }
}

/// That it binds, for who is to grade it without seeing what others or the rule say.
fn bound(here: &Here, one: &ObligationPicture<'_>) -> String {
    format!("{} {}. You are asked to grade this blind.", here.name(), since(one))
}

fn since(one: &ObligationPicture<'_>) -> String {
    one.obligation.in_force_since.map_or_else(
        || "is bound by it since a date that nobody gave us".to_owned(),
        |span| format!("has been bound by it since {span}"),
    )
}

fn answer(here: &Here, one: &ObligationPicture<'_>) -> String {
    let since = since(one);
    let held = count(one.evidence.len(), "piece of evidence", "pieces of evidence");
    let grade = one.standing.grade.map_or("no information", |grade| grade.words());
    let stands = match one.standing.basis {
        _ if !one.obligation.binds() => "a reservation excludes it".to_owned(),
        _ if !one.obligation.is_gradable() => "it is not graded".to_owned(),
        Basis::Assessed => format!("a person graded it “{grade}”"),
        Basis::Suggested => format!(
            "{held} suggest{} “{grade}”, and no person has decided",
            if one.evidence.len() == 1 { "s" } else { "" }
        ),
        Basis::NoInformation if one.assessment.is_some() => {
            "a person found that there is no usable information".to_owned()
        }
        Basis::NoInformation if one.evidence.is_empty() => {
            "no evidence is held, so nobody can tell how it is kept".to_owned()
        }
        Basis::NoInformation => format!(
            "{held} {} held, too little to tell how it is kept",
            if one.evidence.len() == 1 { "is" } else { "are" }
        ),
    };
    format!("{} {since}; {stands}.", here.name())
}

/// Respect, protect or fulfil; at once or step by step.
pub(super) fn duty(provision: &Provision) -> String {
    let duty = match provision.duty {
        Duty::Respect => "respect",
        Duty::Protect => "protect",
        Duty::Fulfil => "fulfil",
    };
    let when = match provision.realisation {
        Realisation::Immediate => "at once",
        Realisation::Progressive => "step by step",
    };
    format!("{duty}, {when}")
}

fn facts(here: &Here, picture: &StatePicture<'_>, one: &ObligationPicture<'_>) -> Vec<Fact> {
    let (instrument, provision) = (one.obligation.instrument, one.obligation.provision);
    let found = picture
        .participation
        .iter()
        .find(|(i, _)| i.code == instrument.code)
        .map(|(_, found)| found);
    let since = one
        .obligation
        .in_force_since
        .map_or_else(|| "date unknown".to_owned(), |span| span.to_string());
    let theme = here.theme(&provision.theme);
    let mut facts = vec![
        Fact::new("Treaty", &instrument.short.en).to(here.keep(links::instrument(&instrument.code))),
        Fact::new("In force since", since),
    ];
    if let Some(found) = found {
        facts.push(Fact::new("Why", &found.why));
        let sure = found
            .confidence
            .map(|sure| format!(", confidence {}", sure.word()))
            .unwrap_or_default();
        facts.push(Fact::new("Source", format!("{}{sure}", found.source)));
    }
    facts.push(Fact::new("Right", theme.text).to(theme.href));
    facts.push(Fact::new("Duty", duty(provision)));
    facts.push(Fact::new("Protects", &provision.applies_to));
    facts
}

fn reservation(obligation: &InForce<'_>) -> Option<ReservationNote> {
    let found = obligation.reservation?;
    let dates = [
        found.date.map(|date| format!("made {date}")),
        found.withdrawn.map(|date| format!("withdrawn {date}")),
        Some(format!("{}, confidence {}", found.source, found.confidence.word())),
    ];
    let line: Vec<String> = std::iter::once(found.kind.clone())
        .chain(dates.into_iter().flatten())
        .collect();
    Some(ReservationNote {
        effect: effect_tag(found.effect),
        articles: found.articles.clone(),
        gist: found.gist.clone(),
        line: line.join("; "),
        forbidden: obligation
            .forbidden_by
            .map(|article| format!("The treaty itself does not permit it ({article}); it is shown, and not applied.")),
    })
}

fn parallel(here: &Here, picture: &StatePicture<'_>, one: &ObligationPicture<'_>) -> Vec<Parallel> {
    let (instrument, provision) = (one.obligation.instrument, one.obligation.provision);
    let same = picture
        .binding()
        .filter(|other| other.obligation.provision.theme == provision.theme)
        .filter(|other| other.obligation.instrument.code != instrument.code);
    same.map(|other| Parallel {
        provision: Anchor::new(
            provision_name(other.obligation.instrument, other.obligation.provision),
            here.keep(links::obligation(&here.state.iso3, &other.obligation.provision.id)),
        ),
        label: other.obligation.provision.label.clone(),
        grade: mark(other),
    })
    .collect()
}
