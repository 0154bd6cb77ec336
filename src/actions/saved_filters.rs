//! Somebody keeps a filter under a name, and forgets it again.

use super::{ActionError, Doing, Fields};
use crate::domain::desk::SavedFilter;
use crate::domain::ids::{FilterId, UserId};
use crate::store::{Db, StoreError, Tx, saved_filters as store};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A filter as somebody sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilterDraft {
    /// What they call it.
    pub name: String,
    /// The page with its query: an address of this site, which the caller has checked.
    pub address: String,
}

/// Most filters that one person keeps.
const MOST: u64 = 50;
const LONGEST_ADDRESS: usize = 2_000;

/// Keeps a filter.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field.
pub async fn keep(db: &Db, doing: Doing<'_>, user: UserId, draft: &FilterDraft) -> Result<FilterId, ActionError> {
    let mut fields = Fields::default();
    let name = fields.text("name", &draft.name, 80);
    let address = fields.text("address", &draft.address, LONGEST_ADDRESS);
    let (name, address) = fields.finish(name.zip(address))?;
    let new = SavedFilter {
        id: FilterId::fresh(),
        user,
        name,
        address,
        created_at: doing.now,
    };
    let tx = doing.begin(db).await?;
    if store::count(&tx, user).await? >= MOST {
        return Fields::default().refuse("name", format!("you keep {MOST} filters already; forget one first"));
    }
    match store::insert(&tx, &new).await {
        Err(StoreError::Duplicate(_)) => {
            let why = format!("you keep a filter called “{}” already; choose another name", new.name);
            return Fields::default().refuse("name", why);
        }
        other => other?,
    }
    note(&tx, doing, "filter.keep", &new).await?;
    tx.commit().await?;
    Ok(new.id)
}

/// Forgets a filter of one's own.
///
/// # Errors
/// [`ActionError::Conflict`] when that person keeps no such filter.
pub async fn forget(db: &Db, doing: Doing<'_>, user: UserId, id: FilterId) -> Result<(), ActionError> {
    let tx = doing.begin(db).await?;
    let held = store::find(&tx, id).await?.filter(|one| one.user == user);
    let held =
        held.ok_or_else(|| ActionError::Conflict("you keep no such filter; it may be gone already".to_owned()))?;
    store::delete(&tx, id).await?;
    note(&tx, doing, "filter.forget", &held).await?;
    tx.commit().await?;
    Ok(())
}

async fn note(tx: &Tx, doing: Doing<'_>, action: &str, filter: &SavedFilter) -> Result<(), StoreError> {
    let subject = filter.id.to_string();
    doing
        .note(
            tx,
            action,
            &subject,
            None,
            json!({ "name": filter.name, "address": filter.address }),
        )
        .await
}
