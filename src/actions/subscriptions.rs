//! Following states and instruments: what decides who is reminded.

use crate::domain::ids::{SubscriptionId, UserId};
use crate::domain::reminders::{Follows, Subscription};
use crate::store::audit::{self, Entry};
use crate::store::{Db, StoreError, subscriptions};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Why a subscription was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SubscriptionError {
    /// It is there already.
    #[error("you follow that already")]
    Already,
    /// The state or the instrument is not known.
    #[error("there is no such state or instrument")]
    UnknownSubject,
    /// That person has no such subscription.
    #[error("there is no such subscription; it may have been ended already")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for SubscriptionError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(_) => Self::Already,
            StoreError::Orphan(_) => Self::UnknownSubject,
            other => Self::Store(other),
        }
    }
}

/// That person follows a state, an instrument, both together, or everything, from now on.
///
/// # Errors
/// When they do already, or the state or instrument is not known.
pub async fn follow(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    user: UserId,
    follows: Follows,
) -> Result<Subscription, SubscriptionError> {
    let new = Subscription {
        id: SubscriptionId::fresh(),
        user,
        follows,
        created_at: now,
    };
    let tx = db.begin().await?;
    subscriptions::insert(&tx, &new).await?;
    audit::append(&tx, entry(now, actor, "subscription.follow", &new)).await?;
    tx.commit().await?;
    Ok(new)
}

/// That person stops following. Reminders that wait are cancelled by the next pass, and none is sent before it.
///
/// # Errors
/// When the subscription is not theirs or has ended already.
pub async fn unfollow(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    user: UserId,
    id: SubscriptionId,
) -> Result<Subscription, SubscriptionError> {
    let tx = db.begin().await?;
    let found = subscriptions::find(&tx, id).await?;
    let old = found.filter(|one| one.user == user).ok_or(SubscriptionError::Unknown)?;
    subscriptions::delete(&tx, id).await?;
    audit::append(&tx, entry(now, actor, "subscription.unfollow", &old)).await?;
    tx.commit().await?;
    Ok(old)
}

fn entry<'a>(at: DateTime<Utc>, actor: &'a str, action: &'a str, about: &Subscription) -> Entry<'a> {
    let detail = json!({ "id": about.id, "user": about.user, "follows": about.follows });
    Entry {
        at,
        actor,
        action,
        subject: "subscriptions",
        reason: None,
        detail,
    }
}
