//! Accounts: added, disabled, given another role. Each with its event in the same transaction.

use super::passwords::{self, HashingFailed};
use crate::domain::ids::{StateCode, UserId};
use crate::domain::users::{Email, InvalidAccount, Language, Role, User, check_name, check_password};
use crate::store::audit::{self, Entry};
use crate::store::{Db, StoreError, Tx, sessions, users};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A field that cannot be accepted.
    #[error(transparent)]
    Invalid(#[from] InvalidAccount),
    /// The address is in use.
    #[error("{0} has an account already")]
    Taken(Email),
    /// Nobody has that address.
    #[error("there is no account {0}; `servanda user list` shows those there are")]
    Unknown(Email),
    /// An office without an administrator could not be run.
    #[error("{0} is the last administrator: make somebody else one first")]
    LastAdministrator(Email),
    /// A second token of one name.
    #[error("there is a token called “{0}” already: revoke it or choose another name")]
    TokenNameTaken(String),
    /// No such token.
    #[error("there is no token called “{0}”")]
    UnknownToken(String),
    /// The machine could not hash a password.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is needed for an account.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Where mail reaches them; they sign in with it.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they are here to do.
    pub role: Role,
    /// An official's own state.
    pub state: Option<StateCode>,
    /// The language of their mail.
    pub language: Language,
    /// Their zone in the IANA database.
    pub time_zone: String,
    /// Their first password.
    pub password: String,
}

/// Adds an account.
///
/// # Errors
/// When a field cannot be accepted, the address is in use, or the database fails. Nothing is kept then.
pub async fn add(db: &Db, now: DateTime<Utc>, actor: &str, new: NewUser) -> Result<User, AccountError> {
    let email: Email = new.email.parse()?;
    let name = check_name(&new.name)?;
    check_password(&new.password, &email, &name)?;
    let user = User {
        id: UserId::fresh(),
        email,
        name,
        role: new.role,
        state: new.state,
        language: new.language,
        time_zone: check_zone(&new.time_zone)?,
        active: true,
        created_at: now,
    };
    let hash = passwords::hash(new.password).await?;
    let tx = db.begin().await?;
    users::insert(&tx, &user, &hash).await.map_err(|error| match error {
        StoreError::Duplicate(_) => AccountError::Taken(user.email.clone()),
        StoreError::Orphan(_) => InvalidAccount::new("state", "there is no such state").into(),
        other => other.into(),
    })?;
    let detail = json!({ "role": user.role, "state": user.state, "language": user.language });
    note(&tx, now, actor, "user.add", &user.email, None, detail).await?;
    tx.commit().await?;
    Ok(user)
}

/// Lets an account in again, or shuts it out and ends its sessions.
///
/// # Errors
/// When there is no such account, it is the last administrator, or the database fails.
pub async fn set_active(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    email: &Email,
    active: bool,
) -> Result<User, AccountError> {
    let tx = db.begin().await?;
    let mut user = known(&tx, email).await?;
    if !active {
        keep_one_administrator(&tx, &user).await?;
        sessions::end_all(&tx, user.id).await?;
    }
    users::set_active(&tx, user.id, active).await?;
    let action = if active { "user.enable" } else { "user.disable" };
    note(&tx, now, actor, action, email, None, json!({})).await?;
    tx.commit().await?;
    user.active = active;
    Ok(user)
}

/// Gives an account another role.
///
/// # Errors
/// When there is no such account, it is the last administrator, or the database fails.
pub async fn change_role(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    email: &Email,
    role: Role,
) -> Result<User, AccountError> {
    let tx = db.begin().await?;
    let mut user = known(&tx, email).await?;
    if role != Role::Administrator {
        keep_one_administrator(&tx, &user).await?;
    }
    users::set_role(&tx, user.id, role).await?;
    note(
        &tx,
        now,
        actor,
        "user.role",
        email,
        None,
        json!({ "from": user.role, "to": role }),
    )
    .await?;
    tx.commit().await?;
    user.role = role;
    Ok(user)
}

/// Gives an account another password and ends its sessions.
///
/// # Errors
/// When there is no such account, the password cannot be accepted, or the database fails.
pub async fn change_password(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    email: &Email,
    password: String,
) -> Result<User, AccountError> {
    let user = users::by_email(db, email)
        .await?
        .ok_or_else(|| AccountError::Unknown(email.clone()))?;
    check_password(&password, email, &user.name)?;
    let hash = passwords::hash(password).await?;
    let tx = db.begin().await?;
    users::set_password_hash(&tx, user.id, &hash).await?;
    sessions::end_all(&tx, user.id).await?;
    note(&tx, now, actor, "user.password", email, None, json!({})).await?;
    tx.commit().await?;
    Ok(user)
}

async fn known(tx: &Tx, email: &Email) -> Result<User, AccountError> {
    users::by_email_in(tx, email)
        .await?
        .ok_or_else(|| AccountError::Unknown(email.clone()))
}

async fn keep_one_administrator(tx: &Tx, user: &User) -> Result<(), AccountError> {
    let needed = user.role == Role::Administrator && user.active;
    if needed && users::other_administrators(tx, user.id).await? == 0 {
        return Err(AccountError::LastAdministrator(user.email.clone()));
    }
    Ok(())
}

fn check_zone(zone: &str) -> Result<String, InvalidAccount> {
    match zone.trim().parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err(InvalidAccount::new(
            "time_zone",
            format!("“{zone}” is not a zone such as Africa/Bamako or UTC"),
        )),
    }
}

/// One event about an account.
pub(super) async fn note(
    tx: &Tx,
    at: DateTime<Utc>,
    actor: &str,
    action: &str,
    about: &Email,
    reason: Option<&str>,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    audit::append(
        tx,
        Entry {
            at,
            actor,
            action,
            subject: about.as_str(),
            reason,
            detail,
        },
    )
    .await
}
