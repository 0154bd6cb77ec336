//! `servanda user …`: accounts from the command line. Each function returns what to print.

use crate::actions::{sessions, users as actions};
use crate::domain::users::{Email, Role, User};
use crate::store::{Db, users};
use actions::{AccountError, NewUser};
use chrono::{DateTime, Utc};
use std::io::BufRead;

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
    use crate::domain::users::Language;

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
