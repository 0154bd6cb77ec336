//! Keys of forms that were sent: a form does what it does once, however often it arrives.

use super::entities::form_keys as table;
use super::{Db, StoreError, Tx};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

/// Notes in the transaction of a write that this form was sent by that person. Somebody who sends it again waits here
/// until the first has finished.
///
/// # Errors
/// [`StoreError::Repeated`] when it was sent before.
pub async fn once(tx: &Tx, actor: &str, key: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let row = table::ActiveModel {
        actor: Set(actor.to_owned()),
        form_key: Set(key.to_owned()),
        sent_at: Set(at),
        led_to: Set(None),
        digest: Set(None),
    };
    let added = table::Entity::insert(row).exec_without_returning(tx.writer()).await;
    match added.map_err(StoreError::from) {
        Err(StoreError::Duplicate(_)) => Err(StoreError::Repeated(key.to_owned())),
        other => other.map(|_| ()),
    }
}

/// What became of a form that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// Where it led; not known while it is on its way.
    pub led_to: Option<String>,
    /// The digest of what it said.
    pub digest: Option<String>,
}

/// What became of a form: none where it was never sent.
///
/// # Errors
/// When the database fails.
pub async fn sent(db: &Db, actor: &str, key: &str) -> Result<Option<Sent>, StoreError> {
    let found = table::Entity::find_by_id((actor.to_owned(), key.to_owned()))
        .one(db.reader())
        .await?;
    Ok(found.map(|row| Sent {
        led_to: row.led_to,
        digest: row.digest,
    }))
}

/// Notes where a form led and what it said, for whoever sends it again.
///
/// # Errors
/// When the database fails.
pub async fn note(db: &Db, actor: &str, key: &str, place: &str, digest: Option<&str>) -> Result<(), StoreError> {
    table::Entity::update_many()
        .col_expr(table::Column::LedTo, Expr::value(place))
        .col_expr(table::Column::Digest, Expr::value(digest))
        .filter(table::Column::Actor.eq(actor))
        .filter(table::Column::FormKey.eq(key))
        .exec(db.reader())
        .await?;
    Ok(())
}

/// Forgets keys from before that moment. Returns how many.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &Tx, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let gone = table::Entity::delete_many()
        .filter(table::Column::SentAt.lt(before))
        .exec(tx.writer())
        .await?;
    Ok(gone.rows_affected)
}
