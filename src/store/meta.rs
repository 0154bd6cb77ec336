//! Small values that the program keeps about itself.

use super::entities::meta as table;
use super::{Db, StoreError, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

/// Counts every change of the legal facts and the reference data, so that caches know when they are old.
pub const FACTS_REVISION: &str = "facts_revision";

/// The value of that name.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &Db, name: &str) -> Result<Option<String>, StoreError> {
    Ok(table::Entity::find_by_id(name)
        .one(db.reader())
        .await?
        .map(|row| row.value))
}

/// Sets the value of that name.
///
/// # Errors
/// When the database fails.
pub async fn set(tx: &Tx, name: &str, value: String) -> Result<(), StoreError> {
    let row = table::ActiveModel {
        name: Set(name.to_owned()),
        value: Set(value),
    };
    let replace = OnConflict::column(table::Column::Name)
        .update_column(table::Column::Value)
        .to_owned();
    table::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(tx.writer())
        .await?;
    Ok(())
}

/// Tells every cache that the legal facts have changed.
///
/// # Errors
/// When the database fails.
pub async fn facts_changed(tx: &Tx) -> Result<(), StoreError> {
    let now = table::Entity::find_by_id(FACTS_REVISION).one(tx.writer()).await?;
    let number: u64 = now.and_then(|row| row.value.parse().ok()).unwrap_or(0);
    set(tx, FACTS_REVISION, (number + 1).to_string()).await
}
