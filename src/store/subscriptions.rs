//! Who follows which states and instruments.

use super::entities::subscriptions::{self as table, Column, Entity};
use super::entities::users as users_table;
use super::{Db, StoreError, Tx, users};
use crate::domain::ids::{StateCode, SubscriptionId, UserId};
use crate::domain::reminders::{Follows, Subscription};
use crate::domain::users::User;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use std::collections::{BTreeMap, BTreeSet};

/// The states that somebody with an open account follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowedStates {
    /// Somebody follows every state.
    All,
    /// Only these.
    These(BTreeSet<StateCode>),
}

/// Adds a subscription.
///
/// # Errors
/// [`StoreError::Duplicate`] when that person follows it already, [`StoreError::Orphan`] when the state, instrument or
/// person is not known.
pub async fn insert(tx: &Tx, new: &Subscription) -> Result<(), StoreError> {
    table::ActiveModel {
        id: Set(new.id.0),
        user: Set(new.user.0),
        state: Set(new.follows.state.as_ref().map(ToString::to_string)),
        instrument: Set(new.follows.instrument.as_ref().map(ToString::to_string)),
        created_at: Set(new.created_at),
    }
    .insert(tx.writer())
    .await?;
    Ok(())
}

/// Takes a subscription away.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &Tx, id: SubscriptionId) -> Result<(), StoreError> {
    Entity::delete_by_id(id.0).exec(tx.writer()).await?;
    Ok(())
}

/// One subscription.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &Tx, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
    Entity::find_by_id(id.0).one(tx.writer()).await?.map(read).transpose()
}

/// What one person follows, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_user(db: &Db, user: UserId) -> Result<Vec<Subscription>, StoreError> {
    of(db.reader(), user).await
}

/// Everybody who follows something, and what.
///
/// # Errors
/// When the database fails.
pub async fn followers(tx: &Tx) -> Result<Vec<(User, Vec<Follows>)>, StoreError> {
    let mut follows: BTreeMap<UserId, Vec<Follows>> = BTreeMap::new();
    for row in Entity::find().all(tx.writer()).await? {
        let subscription = read(row)?;
        follows.entry(subscription.user).or_default().push(subscription.follows);
    }
    let ids = follows.keys().map(|user| user.0);
    let people = users_table::Entity::find()
        .filter(users_table::Column::Id.is_in(ids))
        .all(tx.writer())
        .await?;
    let people = people.into_iter().map(|row| {
        let user = users::read(row)?;
        let follows = follows.remove(&user.id).unwrap_or_default();
        Ok((user, follows))
    });
    people.collect()
}

/// One person and what they follow.
///
/// # Errors
/// When the database fails.
pub async fn follower(db: &Db, user: UserId) -> Result<Option<(User, Vec<Follows>)>, StoreError> {
    let Some(person) = users::by_id(db, user).await? else {
        return Ok(None);
    };
    let follows = of(db.reader(), user).await?.into_iter().map(|one| one.follows);
    Ok(Some((person, follows.collect())))
}

/// The states whose deadlines somebody wants to hear of.
///
/// # Errors
/// When the database fails.
pub async fn followed_states(db: &Db) -> Result<FollowedStates, StoreError> {
    let open = sea_orm::sea_query::Query::select()
        .column(users_table::Column::Id)
        .from(users_table::Entity)
        .and_where(users_table::Column::Active.eq(true))
        .to_owned();
    let rows = Entity::find()
        .filter(Column::User.in_subquery(open))
        .all(db.reader())
        .await?;
    let mut states = BTreeSet::new();
    for row in rows {
        match read(row)?.follows.state {
            Some(state) => states.insert(state),
            None => return Ok(FollowedStates::All),
        };
    }
    Ok(FollowedStates::These(states))
}

async fn of(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<Subscription>, StoreError> {
    let rows = Entity::find()
        .filter(Column::User.eq(user.0))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: table::Model) -> Result<Subscription, StoreError> {
    let unreadable = |what: String| StoreError::Unreadable(format!("subscription {}: {what}", row.id));
    let state = row.state.map(|code| code.parse()).transpose();
    let instrument = row.instrument.map(|code| code.parse()).transpose();
    Ok(Subscription {
        id: SubscriptionId(row.id),
        user: UserId(row.user),
        follows: Follows {
            state: state.map_err(|e| unreadable(format!("{e}")))?,
            instrument: instrument.map_err(|e| unreadable(format!("{e}")))?,
        },
        created_at: row.created_at,
    })
}
