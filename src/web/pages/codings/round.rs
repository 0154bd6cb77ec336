//! The page of one round.

use super::super::findings::{evidence_choice, grade_choice, grade_form};
use super::super::here::Here;
use super::super::obligation_history::{Names, names};
use super::super::state::evidence;
use super::super::{lookup, mending};
use super::{people, tag};
use crate::actions::ActionError;
use crate::actions::assessments::AssessmentDraft;
use crate::actions::codings::{self as actions, CodingDraft};
use crate::domain::assessments::Grade;
use crate::domain::codings::{Coding, Outcome, Round, RoundStatus, Viewer};
use crate::domain::ids::RoundId;
use crate::domain::summaries::{Findings, ObligationPicture, StatePicture};
use crate::domain::users::Permission;
use crate::store::{codings as store, findings};
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, FormKey, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::codings::{CodingLine, CodingRound, Refused};
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::obligations::Fact;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, GradeMark};
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

/// Why a round is ended.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Ending {
    reason: String,
}

/// What was typed into the forms of the page, with what is wrong with it.
#[derive(Default)]
struct Typed {
    code: Option<(CodingDraft, FieldErrors)>,
    decide: Option<(AssessmentDraft, FieldErrors)>,
    end: Option<(String, FieldErrors)>,
}

impl Typed {
    /// What was sent with a form that the page does not show any more, because the round has moved on.
    fn orphan(&self, codes: bool, decides: bool, ends: bool) -> Option<Refused> {
        let code = self
            .code
            .as_ref()
            .filter(|_| !codes)
            .map(|(draft, errors)| (&draft.reasons, errors));
        let decide = self
            .decide
            .as_ref()
            .filter(|_| !decides)
            .map(|(draft, errors)| (&draft.reasons, errors));
        let end = self
            .end
            .as_ref()
            .filter(|_| !ends)
            .map(|(reason, errors)| (reason, errors));
        let (wrote, errors) = code.or(decide).or(end)?;
        Some(Refused {
            why: errors.get("form").unwrap_or("this round has moved on").to_owned(),
            wrote: wrote.clone(),
        })
    }
}

type Place = Path<(String, String, String)>;

/// Shows it.
pub(in crate::web) async fn round(
    visit: Visit,
    Path(place): Place,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &place.0, &asked.as_of).await?;
    let round = find(&visit, &here, &place).await?;
    show(&visit, &here, &round, StatusCode::OK, Typed::default()).await
}

/// Takes a grading, or shows the page again with what was typed.
pub(in crate::web) async fn hand_in(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path(place): Place,
    CsrfForm(draft, key): CsrfForm<CodingDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &place.0, "").await?;
    let round = find(&visit, &here, &place).await?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let done = actions::code(&visit.app.db, &here.shelf, doing, round.id, &draft)
        .await
        .map(|_| ());
    settle(&visit, &here, &round, done, (Done::Coded, &key), |errors| Typed {
        code: Some((draft, errors)),
        ..Typed::default()
    })
    .await
}

/// Takes the decision, or shows the page again with what was typed.
pub(in crate::web) async fn decide(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path(place): Place,
    CsrfForm(draft, key): CsrfForm<AssessmentDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &place.0, "").await?;
    let round = find(&visit, &here, &place).await?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let done = actions::reconcile(&visit.app.db, &here.shelf, doing, round.id, &draft)
        .await
        .map(|_| ());
    settle(&visit, &here, &round, done, (Done::Reconciled, &key), |errors| Typed {
        decide: Some((draft, errors)),
        ..Typed::default()
    })
    .await
}

/// Ends the round without a decision.
pub(in crate::web) async fn end(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path(place): Place,
    CsrfForm(Ending { reason }, key): CsrfForm<Ending>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &place.0, "").await?;
    let round = find(&visit, &here, &place).await?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let done = actions::close(&visit.app.db, doing, round.id, &reason).await;
    settle(&visit, &here, &round, done, (Done::RoundEnded, &key), |errors| Typed {
        end: Some((reason, errors)),
        ..Typed::default()
    })
    .await
}

async fn find(visit: &Visit, here: &Here, (_, provision, id): &(String, String, String)) -> Result<Round, Problem> {
    let (state, reference) = (&here.state.iso3, &here.shelf.reference);
    let (_, provision) = lookup::provision(reference, provision, |id| links::obligation(state, id))?;
    let missing = || Problem::NotFound {
        what: format!("There is no round “{id}” of independent gradings about this obligation."),
        suggestions: vec![Anchor::new("The obligation", links::obligation(state, &provision.id))],
    };
    let id: RoundId = id.parse().map_err(|_| missing())?;
    let found = store::find(&visit.app.db, id).await?;
    found
        .filter(|round| round.state == *state && round.provision == provision.id)
        .ok_or_else(missing)
}

async fn settle(
    visit: &Visit,
    here: &Here,
    round: &Round,
    outcome: Result<(), ActionError>,
    (done, key): (Done, &FormKey),
    again: impl FnOnce(FieldErrors) -> Typed,
) -> Result<Response, Problem> {
    let (status, errors) = match outcome {
        Ok(()) => {
            let to = links::coding(&round.state, &round.provision, &round.id).with("done", done.code());
            return visit.arrive(key, to).await;
        }
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, mending::invalid(errors)),
        Err(ActionError::Conflict(why)) => (StatusCode::CONFLICT, mending::note(why)),
        Err(ActionError::Unknown(unknown)) => return Err(unknown.into()),
        Err(ActionError::Store(error)) => return Err(error.into()),
    };
    // Where it stands may have changed since: that is what a conflict tells of.
    let fresh = store::find(&visit.app.db, round.id).await?.ok_or(Problem::Internal)?;
    show(visit, here, &fresh, status, again(errors)).await
}

async fn show(
    visit: &Visit,
    here: &Here,
    round: &Round,
    answer: StatusCode,
    typed: Typed,
) -> Result<Response, Problem> {
    let who = visit.actor.user().map(|user| user.email.as_str());
    let viewer = Viewer {
        who,
        may_assess: visit.actor.may(Permission::Assess),
    };
    let status = round.status_on(here.as_of).ok_or_else(|| {
        let day = round.opened_at.date_naive();
        Problem::not_found(format!(
            "These gradings were asked for on {day}, after the day of this page."
        ))
    })?;
    if !viewer.may_assess && status != RoundStatus::Reconciled {
        return Err(who.map_or(Problem::SignInNeeded, |_| Problem::Forbidden(Permission::Assess)));
    }
    let codings = store::of_rounds(&visit.app.db, &[round.id]).await?;
    let found = findings::of_state(&visit.app.db, &round.state).await?;
    let reference = &here.shelf.reference;
    let picture = StatePicture::of(reference, &here.shelf.world, &found, &round.state, here.as_of);
    let asked = Page {
        visit,
        here,
        round,
        status,
        viewer,
        names: names(visit).await?,
        one: picture.obligation(&round.provision),
        visible: round.visible(viewer, &codings, here.as_of),
    };
    let view = asked.view(&found, typed)?;
    let mut frame = visit.page(format!("{}: independent gradings", here.name()), Section::States);
    frame.crumbs = here.crumbs();
    if !asked.is_blind() {
        let to = here.keep(links::obligation(&round.state, &round.provision));
        frame.crumbs.push(Anchor::new(&view.provision, to));
    }
    frame.footer.standing = format!("As of {}.", here.as_of);
    visit.show_as(answer, &frame, &view)
}

/// What the page is made of.
struct Page<'p> {
    visit: &'p Visit,
    here: &'p Here,
    round: &'p Round,
    /// Where the round stood on the day of the page.
    status: RoundStatus,
    viewer: Viewer<'p>,
    names: Names,
    one: Option<&'p ObligationPicture<'p>>,
    visible: Vec<&'p Coding>,
}

impl Page<'_> {
    /// Whether the visitor is to grade: then nothing on the page says what others think.
    fn is_blind(&self) -> bool {
        self.status == RoundStatus::Open && self.viewer.who.is_some_and(|who| self.round.asks(who))
    }

    fn is_today(&self) -> bool {
        self.here.as_of == self.visit.app.clock.today()
    }

    fn view(&self, found: &Findings, typed: Typed) -> Result<CodingRound, Problem> {
        let (here, round) = (self.here, self.round);
        let (instrument, provision) = here.shelf.reference.find_provision(round.provision.as_str())?;
        let blind = self.is_blind();
        let working = self.is_today() && self.viewer.may_assess && self.round.status == self.status;
        let complete = matches!(self.status, RoundStatus::Agreed | RoundStatus::Disagreed);
        let settled = matches!(self.status, RoundStatus::Reconciled | RoundStatus::Closed);
        let one = self.one.filter(|one| working && one.obligation.is_gradable());
        Ok(CodingRound {
            state: here.name().to_owned(),
            provision: provision_name(instrument, provision),
            label: provision.label.clone(),
            answer: self.answer(),
            as_of: here.note(links::coding(&round.state, &round.provision, &round.id)),
            refused: typed.orphan(blind, complete, !settled),
            status: tag(self.status),
            summary: provision.summary.clone(),
            facts: self.facts(),
            codings: self.visible.iter().map(|coding| self.line(found, coding)).collect(),
            decision: (self.status == RoundStatus::Reconciled).then(|| {
                let to = links::obligation(&round.state, &round.provision);
                Anchor::new("The decision and its reasons", here.keep(to).at("assessment"))
            }),
            blind: blind.then(|| {
                "Grade it from the evidence alone. What the program suggests, the grade that stands and what others hand in are \
                 left out of this page on purpose; please do not look them up before you hand in."
                    .to_owned()
            }),
            evidence: match self.one {
                Some(one) if blind || complete => one.evidence.iter().map(|item| evidence(here, item)).collect(),
                _ => Vec::new(),
            },
            code_form: one.filter(|_| blind).map(|one| self.code_form(one, typed.code)),
            decide_form: one.filter(|_| complete).map(|one| self.decide_form(one, typed.decide)),
            end_form: (working && !settled).then(|| self.end_form(typed.end)),
        })
    }

    fn answer(&self) -> String {
        let (round, people) = (self.round, count(self.round.coders.len(), "person", "people"));
        let outcome = round.outcome.map(Outcome::words).unwrap_or_default();
        match self.status {
            RoundStatus::Open => format!(
                "{people} are asked to grade it independently; {} of {} handed in.",
                round
                    .coders
                    .iter()
                    .filter(|coder| coder
                        .handed_in_at
                        .is_some_and(|moment| moment.date_naive() <= self.here.as_of))
                    .count(),
                round.coders.len()
            ),
            RoundStatus::Agreed => format!("{people} graded it independently, and {outcome}. A person still decides."),
            RoundStatus::Disagreed => format!("{people} graded it independently, and {outcome}. A person decides."),
            RoundStatus::Reconciled => format!("{people} graded it independently, and {outcome}. It was decided."),
            RoundStatus::Closed => format!(
                "{people} were asked to grade it independently. The round was ended: {}",
                round.reason.as_deref().unwrap_or_default()
            ),
        }
    }

    fn facts(&self) -> Vec<Fact> {
        let (round, by) = (self.round, |who: &str| self.names.of(who));
        let day = round.opened_at.date_naive();
        vec![
            Fact::new("Asked for by", format!("{}, {day}", by(&round.opened_by))),
            Fact::new("Who grades", people(self.here, round, &self.names)),
        ]
    }

    fn line(&self, found: &Findings, coding: &Coding) -> CodingLine {
        let cited = found
            .evidence
            .iter()
            .filter(|item| item.stands() && coding.evidence.contains(&item.id));
        CodingLine {
            who: self.names.of(&coding.coder),
            when: coding.coded_at.date_naive().to_string(),
            grade: GradeMark::decided(coding.grade),
            reasons: coding.reasons.clone(),
            evidence: cited
                .map(|item| Anchor::new(&item.evidence.title, self.here.keep(links::evidence(&item.id))))
                .collect(),
        }
    }

    /// The form for a blind grading; with what was handed in before, where it may still be replaced.
    fn code_form(&self, one: &ObligationPicture<'_>, typed: Option<(CodingDraft, FieldErrors)>) -> Form {
        let own = self.visible.first();
        let before = own.map(|coding| CodingDraft {
            grade: coding
                .grade
                .map_or_else(|| "none".to_owned(), |grade| grade.number().to_string()),
            reasons: coding.reasons.clone(),
            evidence: coding.evidence.iter().map(ToString::to_string).collect(),
        });
        let (draft, errors) = typed.unwrap_or_else(|| (before.unwrap_or_default(), FieldErrors::default()));
        let grades = Grade::ALL.iter().map(|grade| grade_choice(Some(*grade)));
        let grades: Vec<Choice> = grades.chain([grade_choice(None)]).collect();
        let mut fields = vec![Field::radio("grade", "Grade", grades, &draft.grade).id("coding-grade")];
        if !one.evidence.is_empty() {
            let chosen: Vec<&str> = draft.evidence.iter().map(String::as_str).collect();
            let choices = one
                .evidence
                .iter()
                .map(|item| evidence_choice(item, item.id.to_string()));
            let field = Field::checks("evidence", "Evidence it rests on", choices.collect(), &chosen);
            fields.push(field.id("coding-evidence").optional());
        }
        let hint = "Two or three sentences: what is in place, what is missing, how you know.";
        fields.push(
            Field::text("reasons", "Reasons", &draft.reasons)
                .id("coding-reasons")
                .hint(hint),
        );
        let action = links::coding(&self.round.state, &self.round.provision, &self.round.id);
        let submit = if own.is_some() {
            "Replace what you handed in"
        } else {
            "Hand in"
        };
        Form::new(action, &self.visit.form_token(), submit).with(fields, &errors)
    }

    /// The form for the decision. Where all agree, their grade is proposed; a person still decides.
    fn decide_form(&self, one: &ObligationPicture<'_>, typed: Option<(AssessmentDraft, FieldErrors)>) -> Form {
        let proposed = match self.round.outcome {
            Some(Outcome::Agreed(grade)) => grade.map_or_else(|| "none".to_owned(), |grade| grade.number().to_string()),
            _ => String::new(),
        };
        let typed = typed.unwrap_or_else(|| {
            let draft = AssessmentDraft {
                grade: proposed,
                ..AssessmentDraft::default()
            };
            (draft, FieldErrors::default())
        });
        let mut form = grade_form(self.visit, self.here, one, Some(typed));
        form.action = links::coding_decision(&self.round.state, &self.round.provision, &self.round.id);
        "Save the decision".clone_into(&mut form.submit);
        form
    }

    fn end_form(&self, typed: Option<(String, FieldErrors)>) -> Form {
        let (reason, errors) = typed.unwrap_or_default();
        let field = Field::line("text", "reason", "Why it ends", &reason)
            .id("end-reason")
            .hint("What was handed in stays hidden from the others if somebody has not graded yet.");
        let action = links::coding_end(&self.round.state, &self.round.provision, &self.round.id);
        Form::new(action, &self.visit.form_token(), "End the round").with(vec![field], &errors)
    }
}
