//! The index made anew from what is held, page by page: after an update of the program, or by `servanda search rebuild`.

use super::super::{evidence, recommendations};
use super::{of_instruments, of_recommendations, of_revisions, put, table};
use crate::domain::instruments::Instrument;
use crate::store::entities::{evidence_revisions, reference};
use crate::store::{Db, StoreError, Tx};
use sea_orm::{EntityTrait, QuerySelect};

/// Revisions that are read at a time.
const PAGE: u64 = 500;

/// Makes the index anew. Returns how many things can be found.
///
/// # Errors
/// When the database fails or holds a document of another version; the index is then as it was.
pub async fn rebuild(db: &Db) -> Result<usize, StoreError> {
    let tx = db.begin().await?;
    table::Entity::delete_many().exec(tx.writer()).await?;
    let mut count = provisions(&tx).await?;
    let mut last = None;
    loop {
        let page = evidence::accepted_after(&tx, last, PAGE).await?;
        let Some(end) = page.last() else { break };
        last = Some((end.id, end.revision));
        let entries = of_revisions(&tx, &page).await?;
        put(&tx, &entries).await?;
        count += entries.len();
    }
    count += all_recommendations(&tx).await?;
    tx.commit().await?;
    Ok(count)
}

async fn all_recommendations(tx: &Tx) -> Result<usize, StoreError> {
    let (mut count, mut last) = (0, None);
    loop {
        let page = recommendations::after(tx, last, PAGE).await?;
        let Some(end) = page.last() else { return Ok(count) };
        last = Some((end.id, end.revision));
        let entries = of_recommendations(tx, &page).await?;
        put(tx, &entries).await?;
        count += entries.len();
    }
}

async fn provisions(tx: &Tx) -> Result<usize, StoreError> {
    let rows = reference::instruments::Entity::find().all(tx.writer()).await?;
    let instruments: Vec<Instrument> = rows
        .iter()
        .map(|row| serde_json::from_str(&row.document))
        .collect::<Result<_, _>>()?;
    let entries = of_instruments(tx, &instruments.iter().collect::<Vec<_>>()).await?;
    put(tx, &entries).await?;
    Ok(entries.len())
}

/// Makes the index of what a version without search wrote: once, when nothing can be found and there is something.
///
/// # Errors
/// As [`rebuild`].
pub async fn ensure(db: &Db) -> Result<(), StoreError> {
    let reader = db.reader();
    if table::Entity::find().limit(1).one(reader).await?.is_some() {
        return Ok(());
    }
    let instruments = reference::instruments::Entity::find().limit(1).one(reader).await?;
    let revisions = evidence_revisions::Entity::find().limit(1).one(reader).await?;
    if instruments.is_some() || revisions.is_some() {
        rebuild(db).await?;
    }
    Ok(())
}
