//! Independent gradings of one obligation: asking for them, handing one in blind, deciding with all in sight.

mod round;

use super::findings::settle;
use super::here::Here;
use super::obligation::Forms;
use super::obligation_history::Names;
use crate::actions::codings::{self, RoundDraft};
use crate::domain::codings::{Round, RoundStatus};
use crate::domain::summaries::ObligationPicture;
use crate::domain::users::Permission;
use crate::web::extract::{Allowed, Assess, CsrfForm, Done, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::codings::{RoundLine, SecondOpinion};
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::parts::{Anchor, Tag};
use crate::web::view::words::list;
use axum::extract::Path;
use axum::response::Response;

pub(in crate::web) use round::{decide, end, hand_in, round};

/// Asks for gradings, or shows the obligation's page again with what was chosen.
pub(in crate::web) async fn open(
    allowed: Allowed<Assess>,
    visit: Visit,
    Path((state, provision)): Path<(String, String)>,
    CsrfForm(typed, key): CsrfForm<RoundDraft>,
) -> Result<Response, Problem> {
    let here = Here::read(&visit.app, &state, "").await?;
    let draft = RoundDraft {
        state: here.state.iso3.to_string(),
        provision: provision.clone(),
        ..typed
    };
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let done = codings::open(&visit.app.db, &here.shelf, doing, &draft)
        .await
        .map(|_| ());
    settle(&visit, here, &provision, done, (Done::RoundOpened, &key), |errors| {
        Forms {
            round: Some((draft, errors)),
            ..Forms::default()
        }
    })
    .await
}

/// Where a round stands, in a frame.
fn tag(status: RoundStatus) -> Tag {
    let class = match status {
        RoundStatus::Open => "",
        RoundStatus::Agreed => "soon",
        RoundStatus::Disagreed => "late",
        RoundStatus::Reconciled => "strong",
        RoundStatus::Closed => "quiet",
    };
    Tag {
        class,
        word: status.words().to_owned(),
    }
}

/// Who is asked, and whose grading is in by the day of the page.
fn people(here: &Here, round: &Round, names: &Names) -> String {
    let line = |coder: &crate::domain::codings::Coder| {
        let handed_in = coder
            .handed_in_at
            .is_some_and(|moment| moment.date_naive() <= here.as_of);
        let end = if handed_in { "handed in" } else { "not yet in" };
        format!("{} ({end})", names.of(&coder.who))
    };
    list(&round.coders.iter().map(line).collect::<Vec<_>>())
}

/// The part of an obligation's page; nothing for readers where no decision rests on a round.
pub(super) fn second_opinion(
    visit: &Visit,
    here: &Here,
    one: &ObligationPicture<'_>,
    rounds: &[Round],
    names: &Names,
    typed: Option<(RoundDraft, FieldErrors)>,
) -> Option<SecondOpinion> {
    let may = visit.actor.may(Permission::Assess);
    let shown: Vec<(&Round, RoundStatus)> = rounds
        .iter()
        .filter_map(|round| Some((round, round.status_on(here.as_of)?)))
        .filter(|(_, status)| may || *status == RoundStatus::Reconciled)
        .collect();
    if shown.is_empty() && !(may && one.obligation.is_gradable()) {
        return None;
    }
    let settled = |status: RoundStatus| matches!(status, RoundStatus::Reconciled | RoundStatus::Closed);
    let today = here.as_of == visit.app.clock.today();
    let free = rounds.iter().all(|round| settled(round.status));
    let can_open = may && today && one.obligation.is_gradable() && (free || typed.is_some());
    let line = |(round, status): &(&Round, RoundStatus)| RoundLine {
        status: tag(*status),
        link: Anchor::new(
            format!("{} gradings", round.coders.len()),
            here.keep(links::coding(&round.state, &round.provision, &round.id)),
        ),
        line: format!(
            "asked for by {} on {}: {}",
            names.of(&round.opened_by),
            round.opened_at.date_naive(),
            people(here, round, names)
        ),
    };
    Some(SecondOpinion {
        text: "Two or more people may grade it independently. Nobody sees another’s grading before all are in; then a person \
               decides."
            .to_owned(),
        agreement: Anchor::new("How far gradings agree", here.keep(links::agreement())),
        rounds: shown.iter().map(line).collect(),
        form: can_open.then(|| open_form(visit, here, one, names, typed)),
    })
}

fn open_form(
    visit: &Visit,
    here: &Here,
    one: &ObligationPicture<'_>,
    names: &Names,
    typed: Option<(RoundDraft, FieldErrors)>,
) -> Form {
    let (draft, errors) = typed.unwrap_or_default();
    let chosen: Vec<&str> = draft.coders.iter().map(String::as_str).collect();
    let choices = names.assessors().map(|(id, name)| Choice::new(id, name)).collect();
    let field = Field::checks("coders", "Who is to grade", choices, &chosen)
        .id("round-coders")
        .hint("Choose two or more. They find the request on this page and on their desk.");
    let action = links::codings(&here.state.iso3, &one.obligation.provision.id);
    Form::new(action, &visit.form_token(), "Ask them").with(vec![field], &errors)
}
