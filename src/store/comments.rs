//! Comments on evidence and on obligations.

use super::entities::comments::{self as table, Column, Entity};
use super::{Db, StoreError, Tx, seals};
use crate::domain::comments::{Assignee, Comment, Subject};
use crate::domain::ids::{CommentId, StateCode};
use crate::domain::users::User;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

/// Comments on one page of what waits for somebody.
pub const PAGE: u64 = 50;

/// Adds a comment.
///
/// # Errors
/// [`StoreError::Orphan`] when the state is not known; when the database fails.
pub async fn insert(tx: &Tx, new: &Comment) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(new.id.0),
        subject: Set(new.on.to_string()),
        state: Set(new.state.to_string()),
        text: Set(new.text.clone()),
        by: Set(new.by.clone()),
        at: Set(new.at),
        assigned_to: Set(new.assigned.as_ref().map(ToString::to_string)),
        resolved_by: Set(None),
        resolved_at: Set(None),
    }
    .insert(tx.writer())
    .await?;
    seal(tx, new.id).await
}

async fn seal(tx: &Tx, id: CommentId) -> Result<(), StoreError> {
    seals::add::<Entity>(tx, Column::Id.eq(id.0)).await
}

/// Asks somebody to see to it, or nobody.
///
/// # Errors
/// When the database fails.
pub async fn assign(tx: &Tx, id: CommentId, to: Option<&Assignee>) -> Result<(), StoreError> {
    let change = table::ActiveModel {
        id: Set(id.0),
        assigned_to: Set(to.map(ToString::to_string)),
        ..Default::default()
    };
    change.update(tx.writer()).await?;
    seal(tx, id).await
}

/// Settles it.
///
/// # Errors
/// When the database fails.
pub async fn resolve(tx: &Tx, id: CommentId, by: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let change = table::ActiveModel {
        id: Set(id.0),
        resolved_by: Set(Some(by.to_owned())),
        resolved_at: Set(Some(at)),
        ..Default::default()
    };
    change.update(tx.writer()).await?;
    seal(tx, id).await
}

/// One comment, read inside a write.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &Tx, id: CommentId) -> Result<Option<Comment>, StoreError> {
    Entity::find_by_id(id.0).one(tx.writer()).await?.map(read).transpose()
}

/// Every comment on one thing, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn on(db: &Db, subject: &Subject) -> Result<Vec<Comment>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Subject.eq(subject.to_string()))
        .order_by_asc(Column::Id)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// What waits for somebody, themselves or as one of a team: oldest first, [`PAGE`] at a time, from page 0.
///
/// # Errors
/// When the database fails.
pub async fn assigned_to(db: &Db, user: &User, page: u64) -> Result<Vec<Comment>, StoreError> {
    let rows = Entity::find()
        .filter(waiting(user))
        .order_by_asc(Column::Id)
        .offset(page.saturating_mul(PAGE))
        .limit(PAGE)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// How many wait for somebody.
///
/// # Errors
/// When the database fails.
pub async fn count_assigned_to(db: &Db, user: &User) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(waiting(user)).count(db.reader()).await?)
}

fn waiting(user: &User) -> Condition {
    let who = Assignee::of(user).map(|one| one.to_string());
    Condition::all()
        .add(Column::AssignedTo.is_in(who))
        .add(Column::ResolvedAt.is_null())
}

fn read(row: table::Model) -> Result<Comment, StoreError> {
    let assigned = row.assigned_to.as_deref().map(str::parse::<Assignee>).transpose();
    Ok(Comment {
        id: CommentId(row.id),
        on: row.subject.parse().map_err(StoreError::Unreadable)?,
        state: StateCode::try_from(row.state).map_err(|error| StoreError::Unreadable(error.to_string()))?,
        text: row.text,
        by: row.by,
        at: row.at,
        assigned: assigned.map_err(StoreError::Unreadable)?,
        resolved: row.resolved_by.zip(row.resolved_at),
    })
}
