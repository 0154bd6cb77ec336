//! Sessions, tokens for programs, and the count of wrong passwords. Every key is a hash: this table opens no door.

use super::entities::{api_tokens, sessions, sign_in_attempts, users as accounts};
use super::{Db, StoreError, Tx, seals, users};
use crate::domain::ids::UserId;
use crate::domain::users::User;
use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set};

/// A session that is open, with who opened it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token in the cookie.
    pub token_hash: String,
    /// The secret from which its forms' tokens are made.
    pub form_secret: String,
    /// When it ends if it is not used.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to a few minutes.
    pub last_seen_at: DateTime<Utc>,
    /// Whose it is.
    pub user: User,
}

/// Opens a session.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &Tx, session: &Session, now: DateTime<Utc>) -> Result<(), StoreError> {
    sessions::ActiveModel {
        token_hash: Set(session.token_hash.clone()),
        user: Set(session.user.id.0),
        form_secret: Set(session.form_secret.clone()),
        created_at: Set(now),
        expires_at: Set(session.expires_at),
        last_seen_at: Set(session.last_seen_at),
    }
    .insert(tx.writer())
    .await?;
    Ok(())
}

/// The session of that token, unless it has ended or its user was disabled.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, token_hash: &str, now: DateTime<Utc>) -> Result<Option<Session>, StoreError> {
    let Some(row) = sessions::Entity::find_by_id(token_hash).one(db.reader()).await? else {
        return Ok(None);
    };
    if row.expires_at <= now {
        return Ok(None);
    }
    Ok(active_user(db, row.user).await?.map(|user| Session {
        token_hash: row.token_hash,
        form_secret: row.form_secret,
        expires_at: row.expires_at,
        last_seen_at: row.last_seen_at,
        user,
    }))
}

/// Notes that a session was used and when it now ends.
///
/// # Errors
/// When the database fails.
pub async fn prolong(tx: &Tx, token_hash: &str, seen: DateTime<Utc>, ends: DateTime<Utc>) -> Result<(), StoreError> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::LastSeenAt, seen.into())
        .col_expr(sessions::Column::ExpiresAt, ends.into())
        .filter(sessions::Column::TokenHash.eq(token_hash))
        .exec(tx.writer())
        .await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &Tx, token_hash: &str) -> Result<(), StoreError> {
    sessions::Entity::delete_by_id(token_hash).exec(tx.writer()).await?;
    Ok(())
}

/// Ends every session of a user.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tx: &Tx, user: UserId) -> Result<u64, StoreError> {
    let ended = sessions::Entity::delete_many()
        .filter(sessions::Column::User.eq(user.0))
        .exec(tx.writer())
        .await?;
    Ok(ended.rows_affected)
}

/// Throws away what has ended: old sessions and old counts of wrong passwords.
///
/// # Errors
/// When the database fails.
pub async fn sweep(tx: &Tx, now: DateTime<Utc>, forgotten: DateTime<Utc>) -> Result<(), StoreError> {
    sessions::Entity::delete_many()
        .filter(sessions::Column::ExpiresAt.lte(now))
        .exec(tx.writer())
        .await?;
    sign_in_attempts::Entity::delete_many()
        .filter(sign_in_attempts::Column::LastFailedAt.lt(forgotten))
        .exec(tx.writer())
        .await?;
    Ok(())
}

/// Wrong passwords in a row for the address with that hash, and when the last one was.
///
/// # Errors
/// When the database fails.
pub async fn failures(db: &Db, address_hash: &str) -> Result<Option<(u32, DateTime<Utc>)>, StoreError> {
    let row = sign_in_attempts::Entity::find_by_id(address_hash)
        .one(db.reader())
        .await?;
    Ok(row.map(|row| (u32::try_from(row.failures).unwrap_or(0), row.last_failed_at)))
}

/// Counts one more wrong password.
///
/// # Errors
/// When the database fails.
pub async fn count_failure(tx: &Tx, address_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let before = sign_in_attempts::Entity::find_by_id(address_hash)
        .one(tx.writer())
        .await?;
    let row = sign_in_attempts::ActiveModel {
        address_hash: Set(address_hash.to_owned()),
        failures: Set(before.as_ref().map_or(0, |row| row.failures).saturating_add(1)),
        last_failed_at: Set(now),
    };
    match before {
        None => row.insert(tx.writer()).await?,
        Some(_) => row.update(tx.writer()).await?,
    };
    Ok(())
}

/// Forgets the wrong passwords of an address.
///
/// # Errors
/// When the database fails.
pub async fn forgive(tx: &Tx, address_hash: &str) -> Result<(), StoreError> {
    sign_in_attempts::Entity::delete_by_id(address_hash)
        .exec(tx.writer())
        .await?;
    Ok(())
}

/// Keeps the hash of a new token.
///
/// # Errors
/// [`StoreError::Duplicate`] when the user has a token of that name.
pub async fn keep_token(
    tx: &Tx,
    token_hash: &str,
    user: UserId,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    api_tokens::ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        user: Set(user.0),
        name: Set(name.to_owned()),
        created_at: Set(now),
        revoked_at: Set(None),
    }
    .insert(tx.writer())
    .await?;
    seals::add::<api_tokens::Entity>(tx, api_tokens::Column::TokenHash.eq(token_hash)).await
}

/// Revokes the token of that name; whether there was one to revoke.
///
/// # Errors
/// When the database fails.
pub async fn revoke_token(tx: &Tx, user: UserId, name: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    use api_tokens::Column;
    let revoked = api_tokens::Entity::update_many()
        .col_expr(Column::RevokedAt, now.into())
        .filter(
            Column::User
                .eq(user.0)
                .and(Column::Name.eq(name))
                .and(Column::RevokedAt.is_null()),
        )
        .exec(tx.writer())
        .await?;
    seals::add::<api_tokens::Entity>(tx, Column::User.eq(user.0).and(Column::RevokedAt.eq(now))).await?;
    Ok(revoked.rows_affected > 0)
}

/// Whose token that is, unless it was revoked or its user disabled.
///
/// # Errors
/// When the database fails.
pub async fn token_user(db: &Db, token_hash: &str) -> Result<Option<User>, StoreError> {
    let row = api_tokens::Entity::find_by_id(token_hash).one(db.reader()).await?;
    match row.filter(|row| row.revoked_at.is_none()) {
        Some(row) => active_user(db, row.user).await,
        None => Ok(None),
    }
}

async fn active_user(db: &Db, id: uuid::Uuid) -> Result<Option<User>, StoreError> {
    let row = accounts::Entity::find_by_id(id)
        .filter(accounts::Column::Active.eq(true))
        .one(db.reader())
        .await?;
    row.map(users::read).transpose()
}
