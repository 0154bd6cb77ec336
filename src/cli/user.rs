//! `servanda user …`: accounts from the command line. Each function returns what to print.

use super::output::say;
use super::{Failure, Format};
use crate::actions::subscriptions::{SubscriptionError, follow};
use crate::actions::{sessions, users as actions};
use crate::app::App;
use crate::domain::ids::StateCode;
use crate::domain::reminders::Follows;
use crate::domain::users::{Email, Language, Permission, Role, User};
use crate::store::{Db, users};
use actions::{AccountError, NewUser};
use chrono::{DateTime, Utc};
use clap::Subcommand;
use std::io::BufRead;

/// `servanda user`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add an account; the password is read from standard input
    Add {
        /// E-mail address; the person signs in with it
        email: String,
        /// What the person is called
        #[arg(long)]
        name: String,
        /// administrator, monitor, official or reader
        #[arg(long)]
        role: Role,
        /// An official's own state
        #[arg(long)]
        state: Option<StateCode>,
        /// Language of mails: en, fr, es, ar, ru or zh
        #[arg(long, default_value = "en")]
        language: Language,
        /// Time zone (IANA), such as Africa/Bamako
        #[arg(long, default_value = "UTC")]
        time_zone: String,
    },
    /// List the accounts
    List {
        /// How the answer is written
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Shut an account out
    Disable {
        /// E-mail address
        email: String,
    },
    /// Let an account in again
    Enable {
        /// E-mail address
        email: String,
    },
    /// Give an account another role
    Role {
        /// E-mail address
        email: String,
        /// administrator, monitor, official or reader
        role: Role,
    },
    /// Give an account another password, read from standard input
    Password {
        /// E-mail address
        email: String,
    },
    /// Follow a state, an instrument, or both together: reminders of their deadlines go to that address
    Follow {
        /// E-mail address
        email: String,
        /// State, by code or name
        #[arg(long, required_unless_present = "instrument")]
        state: Option<String>,
        /// Instrument, by code
        #[arg(long)]
        instrument: Option<String>,
    },
    /// Make a token for the API and print it
    Token {
        /// E-mail address
        email: String,
        /// What it is for
        #[arg(long, default_value = "api")]
        name: String,
    },
}

impl UserCommand {
    /// Whether it may be the first thing that is ever done with a database.
    pub(super) fn may_come_first(&self) -> bool {
        matches!(self, Self::Add { .. })
    }

    /// Does it.
    ///
    /// # Errors
    /// When the account cannot be found or changed.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let (db, now) = (&app.db, app.clock.now());
        let mut input = std::io::stdin().lock();
        let told = match self {
            Self::Add {
                email,
                name,
                role,
                state,
                language,
                time_zone,
            } => {
                let new = NewUser {
                    email,
                    name,
                    role,
                    state,
                    language,
                    time_zone,
                    password: String::new(),
                };
                add(db, now, new, &mut input).await?
            }
            Self::List { format } => list(db, format == Format::Json).await?,
            Self::Disable { email } => set_active(db, now, &email, false).await?,
            Self::Enable { email } => set_active(db, now, &email, true).await?,
            Self::Role { email, role: new } => role(db, now, &email, new).await?,
            Self::Password { email } => password(db, now, &email, &mut input).await?,
            Self::Follow {
                email,
                state,
                instrument,
            } => start_following(&app, &email, state, instrument).await?,
            Self::Token { email, name } => token(db, now, &email, &name).await?,
        };
        say(&told)?;
        Ok(())
    }
}

async fn start_following(
    app: &App,
    email: &str,
    state: Option<String>,
    instrument: Option<String>,
) -> Result<String, Failure> {
    let shelf = app.shelf().await?;
    let state = state
        .as_deref()
        .map(|text| shelf.reference.find_state(text))
        .transpose()?;
    let instrument = instrument
        .as_deref()
        .map(|text| shelf.reference.find_instrument(text))
        .transpose()?;
    let address = email
        .parse::<Email>()
        .map_err(|error| Failure::Request(error.to_string()))?;
    let user = users::by_email(&app.db, &address).await?;
    let user =
        user.ok_or_else(|| Failure::Request(format!("there is no account {address}: see `servanda user list`")))?;
    let follows = Follows {
        state: state.map(|s| s.iso3.clone()),
        instrument: instrument.map(|i| i.code.clone()),
    };
    match follow(&app.db, app.clock.now(), ACTOR, user.id, follows).await {
        Ok(_) => Ok(format!("{address} will be reminded.")),
        Err(SubscriptionError::Already) => Ok(format!("{address} follows that already.")),
        Err(error) => Err(Failure::Other(error.to_string())),
    }
}

/// The address of an active account that may record facts, for the audit chain.
///
/// # Errors
/// When there is no such account, it is shut out, or its role does not allow it.
pub async fn may_record(db: &Db, email: &str) -> Result<String, Failure> {
    let address = email
        .parse::<Email>()
        .map_err(|error| Failure::Request(error.to_string()))?;
    match users::by_email(db, &address).await? {
        Some(user) if !user.active => Err(Failure::Request(format!("{address} may not sign in any more"))),
        Some(user) if !Permission::RecordFacts.granted_to(Some(user.role)) => Err(Failure::Request(format!(
            "{address} is {}; only a monitor or an administrator records facts",
            user.role
        ))),
        Some(user) => Ok(user.email.to_string()),
        None => Err(Failure::Request(format!(
            "there is no account {address}: see `servanda user list`"
        ))),
    }
}

/// Who the audit chain says it was.
const ACTOR: &str = "cli";

/// Adds an account. Where no password is given it is read from the first line of `input`, so that it never stands in
/// the shell's history.
///
/// # Errors
/// When the account cannot be made; nothing is kept then.
pub async fn add(
    db: &Db,
    now: DateTime<Utc>,
    mut new: NewUser,
    input: &mut impl BufRead,
) -> Result<String, anyhow::Error> {
    if new.password.is_empty() {
        new.password = read_password(input)?;
    }
    let user = actions::add(db, now, ACTOR, new).await?;
    Ok(format!("{} may now sign in as {}.", user.email, user.role))
}

/// Lists the accounts as a table, or as one JSON document.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db, json: bool) -> Result<String, anyhow::Error> {
    let all = users::list(db).await?;
    if json {
        return Ok(serde_json::to_string_pretty(&serde_json::json!({ "users": all }))?);
    }
    if all.is_empty() {
        return Ok(
            "There is no account yet: `servanda user add EMAIL --name NAME --role monitor` makes one.".to_owned(),
        );
    }
    let width = all
        .iter()
        .map(|user| user.email.as_str().chars().count())
        .max()
        .unwrap_or(0);
    let line = |user: &User| {
        let state = user.state.as_ref().map_or("-", |state| state.as_str());
        let open = if user.active { "active" } else { "disabled" };
        let role = user.role.as_str();
        format!(
            "{:width$}  {role:13}  {open:8}  {state:3}  {}  {}",
            user.email.as_str(),
            user.language,
            user.name
        )
    };
    Ok(all.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// Shuts an account out, or lets it in again.
///
/// # Errors
/// When there is no such account, or it is the last administrator.
pub async fn set_active(db: &Db, now: DateTime<Utc>, email: &str, active: bool) -> Result<String, anyhow::Error> {
    let user = actions::set_active(db, now, ACTOR, &address(email)?, active).await?;
    Ok(if active {
        format!("{} may sign in again.", user.email)
    } else {
        format!("{} may not sign in any more; open sessions have ended.", user.email)
    })
}

/// Gives an account another role.
///
/// # Errors
/// When there is no such account, or it is the last administrator.
pub async fn role(db: &Db, now: DateTime<Utc>, email: &str, role: Role) -> Result<String, anyhow::Error> {
    let user = actions::change_role(db, now, ACTOR, &address(email)?, role).await?;
    Ok(format!("{} is now {}.", user.email, user.role))
}

/// Gives an account another password, read from the first line of `input`.
///
/// # Errors
/// When there is no such account, or the password cannot be accepted.
pub async fn password(
    db: &Db,
    now: DateTime<Utc>,
    email: &str,
    input: &mut impl BufRead,
) -> Result<String, anyhow::Error> {
    let password = read_password(input)?;
    let user = actions::change_password(db, now, ACTOR, &address(email)?, password).await?;
    Ok(format!("{} has a new password; open sessions have ended.", user.email))
}

/// Makes a token for a program; the only line of the answer is the token.
///
/// # Errors
/// When there is no such account, or the name is taken.
pub async fn token(db: &Db, now: DateTime<Utc>, email: &str, name: &str) -> Result<String, anyhow::Error> {
    Ok(sessions::mint_token(db, now, ACTOR, &address(email)?, name).await?)
}

fn address(email: &str) -> Result<Email, AccountError> {
    Ok(email.parse::<Email>()?)
}

fn read_password(input: &mut impl BufRead) -> Result<String, anyhow::Error> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    anyhow::ensure!(
        !password.is_empty(),
        "no password given: write it on the first line of standard input"
    );
    Ok(password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_office_is_staffed_from_the_command_line() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().expect("a moment");
        let db = Db::connect("sqlite::memory:").await.expect("opened");
        db.migrate().await.expect("migrated");
        assert!(list(&db, false).await.expect("listed").contains("user add"));
        let new = NewUser {
            email: "mo@example.org".to_owned(),
            name: "Mo".to_owned(),
            role: Role::Monitor,
            state: None,
            language: Language::English,
            time_zone: "UTC".to_owned(),
            password: String::new(),
        };
        assert!(add(&db, now, new.clone(), &mut "\n".as_bytes()).await.is_err());
        add(&db, now, new, &mut "four ordinary words\n".as_bytes())
            .await
            .expect("added");
        role(&db, now, "MO@example.org", Role::Official).await.expect("changed");
        set_active(&db, now, "mo@example.org", false).await.expect("disabled");
        let table = list(&db, false).await.expect("listed");
        assert!(table.contains("official") && table.contains("disabled"), "{table}");
        assert!(!list(&db, true).await.expect("listed").contains("argon2"));
        let nobody = role(&db, now, "nobody@example.org", Role::Reader)
            .await
            .expect_err("nobody")
            .to_string();
        assert!(nobody.contains("servanda user list"), "{nobody}");
    }
}
