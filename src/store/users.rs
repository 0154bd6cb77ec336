//! Accounts. The hash of a password leaves this file only through [`credentials`].

use super::entities::users::{self as table, Column, Entity};
use super::{Db, StoreError, Tx, seals};
use crate::domain::ids::{StateCode, UserId};
use crate::domain::users::{Email, Role, User};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    Set,
};

/// Adds an account with the hash of its password.
///
/// # Errors
/// [`StoreError::Duplicate`] when the address has an account, [`StoreError::Orphan`] when the state is not known.
pub async fn insert(tx: &Tx, user: &User, password_hash: &str) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(user.id.0),
        email: Set(user.email.to_string()),
        name: Set(user.name.clone()),
        password_hash: Set(password_hash.to_owned()),
        role: Set(user.role.to_string()),
        state: Set(user.state.as_ref().map(ToString::to_string)),
        language: Set(user.language.to_string()),
        time_zone: Set(user.time_zone.clone()),
        active: Set(user.active),
        created_at: Set(user.created_at),
    }
    .insert(tx.writer())
    .await?;
    seal(tx, user.id).await
}

/// A role that somebody gave themselves in the database is found.
async fn seal(tx: &Tx, id: UserId) -> Result<(), StoreError> {
    seals::add::<Entity>(tx, Column::Id.eq(id.0)).await
}

/// Everybody, by address.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db) -> Result<Vec<User>, StoreError> {
    let rows = Entity::find().order_by_asc(Column::Email).all(db.reader()).await?;
    rows.into_iter().map(read).collect()
}

/// The account with that id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(db: &Db, id: UserId) -> Result<Option<User>, StoreError> {
    Entity::find_by_id(id.0).one(db.reader()).await?.map(read).transpose()
}

/// The account with that address.
///
/// # Errors
/// When the database fails.
pub async fn by_email(db: &Db, email: &Email) -> Result<Option<User>, StoreError> {
    one_by_email(db.reader(), email).await?.map(read).transpose()
}

/// The account with that address, inside a transaction.
///
/// # Errors
/// When the database fails.
pub async fn by_email_in(tx: &Tx, email: &Email) -> Result<Option<User>, StoreError> {
    one_by_email(tx.writer(), email).await?.map(read).transpose()
}

/// The account with that address and the hash of its password: only for checking a password.
///
/// # Errors
/// When the database fails.
pub async fn credentials(db: &Db, email: &Email) -> Result<Option<(User, String)>, StoreError> {
    let Some(mut row) = one_by_email(db.reader(), email).await? else {
        return Ok(None);
    };
    let hash = std::mem::take(&mut row.password_hash);
    Ok(Some((read(row)?, hash)))
}

/// Changes the role.
///
/// # Errors
/// When the database fails.
pub async fn set_role(tx: &Tx, id: UserId, role: Role) -> Result<(), StoreError> {
    let change = table::ActiveModel {
        id: Set(id.0),
        role: Set(role.to_string()),
        ..Default::default()
    };
    change.update(tx.writer()).await?;
    seal(tx, id).await
}

/// Lets the account in, or not.
///
/// # Errors
/// When the database fails.
pub async fn set_active(tx: &Tx, id: UserId, active: bool) -> Result<(), StoreError> {
    let change = table::ActiveModel {
        id: Set(id.0),
        active: Set(active),
        ..Default::default()
    };
    change.update(tx.writer()).await?;
    seal(tx, id).await
}

/// Replaces the hash of the password.
///
/// # Errors
/// When the database fails.
pub async fn set_password_hash(tx: &Tx, id: UserId, hash: &str) -> Result<(), StoreError> {
    let change = table::ActiveModel {
        id: Set(id.0),
        password_hash: Set(hash.to_owned()),
        ..Default::default()
    };
    change.update(tx.writer()).await?;
    seal(tx, id).await
}

/// How many administrators there are who may sign in, without this one.
///
/// # Errors
/// When the database fails.
pub async fn other_administrators(tx: &Tx, id: UserId) -> Result<u64, StoreError> {
    let others = Entity::find()
        .filter(
            Column::Role
                .eq(Role::Administrator.as_str())
                .and(Column::Active.eq(true))
                .and(Column::Id.ne(id.0)),
        )
        .count(tx.writer())
        .await?;
    Ok(others)
}

async fn one_by_email(connection: &impl ConnectionTrait, email: &Email) -> Result<Option<table::Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::Email.eq(email.as_str()))
        .one(connection)
        .await?)
}

/// A row as a value of the domain.
pub(super) fn read(row: table::Model) -> Result<User, StoreError> {
    let unreadable = |what: String| StoreError::Unreadable(format!("account {}: {what}", row.id));
    Ok(User {
        id: UserId(row.id),
        email: row.email.parse().map_err(|e| unreadable(format!("{e}")))?,
        role: row.role.parse().map_err(|e| unreadable(format!("{e}")))?,
        state: row
            .state
            .map(StateCode::try_from)
            .transpose()
            .map_err(|e| unreadable(e.to_string()))?,
        language: row.language.parse().map_err(|e| unreadable(format!("{e}")))?,
        name: row.name,
        time_zone: row.time_zone,
        active: row.active,
        created_at: row.created_at,
    })
}
