//! What one follows, what was sent to one, and the ledger of everybody.

pub(in crate::web) mod ledger;

use super::lookup::{self, Day};
use super::sessions::Nothing;
use crate::actions::subscriptions::{self as actions, SubscriptionError};
use crate::config::Config;
use crate::domain::deadlines::{Certainty, Deadline, DeadlineStatus};
use crate::domain::ids::SubscriptionId;
use crate::domain::reference::Reference;
use crate::domain::reminders::{DeadlineKey, Follows, Subscription};
use crate::domain::users::{Permission, User};
use crate::store::library::Shelf;
use crate::store::reminders::{self, LedgerFilter};
use crate::store::subscriptions;
use crate::web::extract::{Allowed, CsrfForm, Done, Follow, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::deadlines::DeadlineRow;
use crate::web::view::forms::{Choice, Field, FieldErrors, Form};
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty};
use crate::web::view::reminders::{Following, Reminders};
use crate::web::view::words::{count, list};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// What was typed, or what a link to the form asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Draft {
    state: String,
    instrument: String,
}

/// Deadlines shown as coming next.
const NEXT: usize = 12;
/// Rows of one's own ledger.
const ROWS: u64 = 100;

/// Shows one's own.
pub(in crate::web) async fn mine(
    visit: Visit,
    allowed: Allowed<Follow>,
    Query(draft): Query<Draft>,
) -> Result<Response, Problem> {
    show(&visit, allowed.user()?, StatusCode::OK, &draft, &FieldErrors::default()).await
}

async fn show(
    visit: &Visit,
    user: &User,
    status: StatusCode,
    draft: &Draft,
    errors: &FieldErrors,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let day = lookup::day(visit, "")?;
    let followed = subscriptions::of_user(&visit.app.db, user.id).await?;
    let coming = coming(&shelf, &day, &followed);
    let filter = LedgerFilter {
        recipient: Some(user.id),
        ..LedgerFilter::default()
    };
    let sent = reminders::list(&visit.app.db, &filter, 0, ROWS).await?;
    let token = visit.form_token();
    let view = Reminders {
        answer: answer(&followed, &coming),
        delivery: delivery(user, &visit.app.config),
        following: followed
            .iter()
            .map(|one| following(&shelf.reference, one, &token))
            .collect(),
        following_empty: Empty {
            title: "You follow nothing yet".to_owned(),
            text:
                "Follow a state, a treaty, or one treaty of one state, and you are reminded before a report falls due."
                    .to_owned(),
            needed: Vec::new(),
            action: None,
        },
        follow: form(&shelf.reference, &token, draft, errors),
        next_columns: DeadlineRow::columns(true),
        next: coming.iter().take(NEXT).map(|one| row(&shelf.reference, one)).collect(),
        rows: ledger::rows(&shelf.reference, &sent, |_| user.email.to_string()),
        ledger_empty: Empty {
            title: "Nothing was sent yet".to_owned(),
            text: "Each reminder appears here when it is planned, and with what became of it.".to_owned(),
            needed: Vec::new(),
            action: None,
        },
        everybody: visit
            .actor
            .may(Permission::Administer)
            .then(|| Anchor::new("Every reminder of everybody", links::ledger())),
    };
    visit.show_as(status, &visit.page("My reminders", Section::Reminders), &view)
}

/// What is followed and not yet submitted, on firm dates from today on.
fn coming(shelf: &Shelf, day: &Day, followed: &[Subscription]) -> Vec<Deadline> {
    let covered = |one: &Deadline| {
        let key = DeadlineKey::of(one);
        followed.iter().any(|subscription| subscription.follows.covers(&key))
    };
    if followed.is_empty() {
        return Vec::new();
    }
    let mut all = super::deadlines::of_everybody(shelf, day);
    all.retain(|one| {
        one.certainty != Certainty::Indicative
            && matches!(one.status, DeadlineStatus::Due | DeadlineStatus::Upcoming)
            && covered(one)
    });
    all
}

fn answer(followed: &[Subscription], coming: &[Deadline]) -> String {
    if followed.is_empty() {
        return "You follow nothing yet, so no reminder will be sent.".to_owned();
    }
    let next = coming.first().map_or_else(
        || "no firm date lies ahead".to_owned(),
        |one| format!("the next report falls due on {}", one.due),
    );
    format!("You follow {}; {next}.", count(followed.len(), "subject", "subjects"))
}

/// Where, in which language and when reminders come.
fn delivery(user: &User, config: &Config) -> String {
    let mut offsets = config.reminders.offsets.clone();
    offsets.sort_unstable();
    let days: Vec<String> = offsets.iter().map(|offset| ledger::offset(*offset)).collect();
    format!(
        "Reminders go to {} in {}: {}, by the calendar of {}. A report that was submitted, or a date that moved, ends the reminders about it.",
        user.email,
        user.language.own_name(),
        list(&days),
        user.time_zone
    )
}

/// What somebody follows, in words.
fn subject(reference: &Reference, follows: &Follows) -> Anchor {
    let state = follows.state.as_ref().and_then(|code| reference.state(code));
    let instrument = follows.instrument.as_ref().and_then(|code| reference.instrument(code));
    match (state, instrument) {
        (Some(state), Some(instrument)) => Anchor::new(
            format!("{} under the {}", state.name.en, instrument.short.en),
            links::state_deadlines(&state.iso3).with("instrument", instrument.code.as_str()),
        ),
        (Some(state), None) => Anchor::new(state.name.en.as_str(), links::state_deadlines(&state.iso3)),
        (None, Some(instrument)) => Anchor::new(
            format!("{} ({})", instrument.short.en, instrument.code),
            links::deadlines().with("instrument", instrument.code.as_str()),
        ),
        (None, None) => Anchor::new("Every state and every treaty", links::deadlines()),
    }
}

fn following(reference: &Reference, one: &Subscription, token: &str) -> Following {
    Following {
        what: subject(reference, &one.follows),
        since: format!("since {}", one.created_at.date_naive()),
        end: Form::new(links::unfollow(&one.id), token, "Stop following"),
    }
}

fn form(reference: &Reference, token: &str, draft: &Draft, errors: &FieldErrors) -> Form {
    let mut names: Vec<(&str, &str)> = reference
        .states()
        .map(|s| (s.name.en.as_str(), s.iso3.as_str()))
        .collect();
    names.sort_unstable();
    let mut states = vec![Choice::new("", "every state")];
    states.extend(names.into_iter().map(|(name, code)| Choice::new(code, name)));
    let reporting = reference
        .instruments()
        .iter()
        .filter(|one| !one.reporting.reports.is_empty());
    let mut treaties = vec![Choice::new("", "every treaty")];
    treaties.extend(reporting.map(|one| Choice::new(one.code.as_str(), format!("{}: {}", one.code, one.short.en))));
    let fields = vec![
        Field::select("state", "State", states, &draft.state),
        Field::select("instrument", "Treaty", treaties, &draft.instrument)
            .hint("Choose a state, a treaty, or both. Treaties without reports on fixed dates are not in the list."),
    ];
    Form::new(links::follow(), token, "Follow").with(fields, errors)
}

fn row(reference: &Reference, one: &Deadline) -> DeadlineRow {
    let state = reference
        .state(&one.state)
        .map_or(one.state.as_str(), |state| state.name.en.as_str());
    DeadlineRow::of(one, state, one.instrument.as_str())
}

/// What was typed, understood.
fn read(reference: &Reference, draft: &Draft, errors: &mut FieldErrors) -> Option<Follows> {
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let state = given(&draft.state).map(|text| reference.find_state(&text).map(|state| state.iso3.clone()));
    let instrument = given(&draft.instrument).map(|text| reference.find_instrument(&text).map(|one| one.code.clone()));
    if state.is_none() && instrument.is_none() {
        errors.add("state", "choose a state, a treaty, or both");
        return None;
    }
    let state = state.map(|found| errors.take("state", found));
    let instrument = instrument.map(|found| errors.take("instrument", found));
    errors.is_empty().then(|| Follows {
        state: state.flatten(),
        instrument: instrument.flatten(),
    })
}

/// Follows something from now on.
pub(in crate::web) async fn follow(
    visit: Visit,
    allowed: Allowed<Follow>,
    CsrfForm(draft, key): CsrfForm<Draft>,
) -> Result<Response, Problem> {
    let (user, app) = (allowed.user()?, &visit.app);
    let shelf = app.shelf().await?;
    let mut errors = FieldErrors::default();
    let Some(follows) = read(&shelf.reference, &draft, &mut errors) else {
        return show(&visit, user, StatusCode::UNPROCESSABLE_ENTITY, &draft, &errors).await;
    };
    match actions::follow(&app.db, app.clock.now(), user.email.as_str(), user.id, follows).await {
        Ok(_) => {
            let to = links::reminders().with("done", Done::Followed.code());
            visit.arrive(&key, to).await
        }
        Err(error @ (SubscriptionError::Already | SubscriptionError::UnknownSubject)) => {
            errors.add("state", error.to_string());
            show(&visit, user, StatusCode::CONFLICT, &draft, &errors).await
        }
        Err(SubscriptionError::Store(error)) => Err(error.into()),
        Err(error @ SubscriptionError::Unknown) => Err(Problem::Invalid(error.to_string())),
    }
}

/// Stops following something.
pub(in crate::web) async fn unfollow(
    visit: Visit,
    allowed: Allowed<Follow>,
    Path(id): Path<String>,
    CsrfForm(Nothing {}, key): CsrfForm<Nothing>,
) -> Result<Response, Problem> {
    let (user, app) = (allowed.user()?, &visit.app);
    let gone = || Problem::NotFound {
        what: "You do not follow that; it may have been ended already.".to_owned(),
        suggestions: vec![Anchor::new("What I follow", links::reminders())],
    };
    let id: SubscriptionId = id.parse().map_err(|_| gone())?;
    match actions::unfollow(&app.db, app.clock.now(), user.email.as_str(), user.id, id).await {
        Ok(_) => {
            let to = links::reminders().with("done", Done::Unfollowed.code());
            visit.arrive(&key, to).await
        }
        Err(SubscriptionError::Store(error)) => Err(error.into()),
        Err(_) => Err(gone()),
    }
}
