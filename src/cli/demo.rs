//! What `serve --demo` fills its database with: the shipped data, and accounts to look around with.

use super::Failure;
use crate::actions::import::ensure_shipped;
use crate::actions::subscriptions::{SubscriptionError, follow};
use crate::actions::users::{NewUser, add};
use crate::app::App;
use crate::domain::reminders::Follows;
use crate::domain::users::{Email, Language, Role};
use crate::store::users;

/// Where the demo keeps its data unless another database is named.
pub(super) const DATABASE: &str = "sqlite:servanda-demo.db";
/// And the files that are uploaded to it.
pub(super) const FILES: &str = "servanda-demo-files";
const PASSWORD: &str = "look around freely";

type Person = (
    &'static str,
    &'static str,
    Role,
    Option<&'static str>,
    Language,
    &'static str,
);

/// Address, name, role, state, language and zone of the demo's accounts.
const PEOPLE: [Person; 4] = [
    (
        "monitor@demo.example",
        "Demo monitor",
        Role::Monitor,
        None,
        Language::English,
        "Europe/Zurich",
    ),
    (
        "colleague@demo.example",
        "Demo colleague",
        Role::Monitor,
        None,
        Language::English,
        "Europe/Zurich",
    ),
    (
        "official@demo.example",
        "Demo focal point",
        Role::Official,
        Some("MEX"),
        Language::Spanish,
        "America/Mexico_City",
    ),
    (
        "admin@demo.example",
        "Demo administrator",
        Role::Administrator,
        None,
        Language::English,
        "UTC",
    ),
];

/// Makes the database whole; a second start finds everything there and changes nothing.
pub(super) async fn fill(app: &App) -> Result<(), Failure> {
    let now = app.clock.now();
    ensure_shipped(&app.db, now).await?;
    for (email, name, role, state, language, time_zone) in PEOPLE {
        let address: Email = email
            .parse()
            .map_err(|error| Failure::Other(format!("{email}: {error}")))?;
        if users::by_email(&app.db, &address).await?.is_some() {
            continue;
        }
        let state = state
            .map(str::parse)
            .transpose()
            .map_err(|error| Failure::Other(format!("{email}: {error}")))?;
        let new = NewUser {
            email: email.to_owned(),
            name: name.to_owned(),
            role,
            state,
            language,
            time_zone: time_zone.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let user = add(&app.db, now, "demo", new)
            .await
            .map_err(|error| Failure::Other(error.to_string()))?;
        if user.state.is_some() {
            let follows = Follows {
                state: user.state,
                instrument: None,
            };
            match follow(&app.db, now, "demo", user.id, follows).await {
                Ok(_) | Err(SubscriptionError::Already) => {}
                Err(error) => return Err(Failure::Other(error.to_string())),
            }
        }
    }
    Ok(())
}

/// What a newcomer is told.
pub(super) fn told() -> String {
    let people: Vec<String> = PEOPLE
        .iter()
        .map(|(email, _, role, ..)| format!("  {email:24} {role}"))
        .collect();
    format!(
        "Sign in with the password “{PASSWORD}” as\n{}\nReminders are written as .eml files into the folder outbox.",
        people.join("\n")
    )
}
