//! Where every obligation stands is kept up to date. Each write that may move it leaves a mark in its own transaction
//! (`store::standings`); here the states that are marked are computed anew, one transaction for each, and only the rows
//! that changed are written. A mark cannot be lost, and a write never waits for the computing.
//!
//! Nothing is audited: a row is derived from rows that are, and can be computed again at any time.

use crate::domain::ids::StateCode;
use crate::domain::standings::{KeptStanding, changes};
use crate::domain::summaries::StatePicture;
use crate::store::library::Shelf;
use crate::store::{Db, StoreError, Tx, findings, meta, standings as store};
use chrono::{DateTime, Utc};

/// The name under which the day of the last whole pass is remembered.
const LAST_DAY: &str = "standings_day";

/// Most states that a reader waits for: after a large import the worker does the rest at its next pass.
const AT_ONCE: usize = 25;

/// Brings the states up to date that somebody's write has moved, the one that is asked for before all others; every
/// state where nothing was ever kept. Returns how many states were looked at.
///
/// # Errors
/// When the database fails.
pub async fn catch_up(
    db: &Db,
    shelf: &Shelf,
    now: DateTime<Utc>,
    asked: Option<&StateCode>,
) -> Result<usize, StoreError> {
    let due = store::due(db).await?;
    if !due.all.is_empty() && !store::any(db).await? {
        return refresh_all(db, shelf, now).await;
    }
    let mut states: Vec<&StateCode> = due.named.iter().collect();
    states.sort_by_key(|state| Some(*state) != asked);
    states.truncate(AT_ONCE);
    for state in &states {
        refresh(db, shelf, state, now, false).await?;
    }
    Ok(states.len())
}

/// Brings up to date what a pass of the worker finds: the states that were moved, and once a day all of them, because
/// weights fade, treaties enter into force and evidence grows old by themselves. Returns how many states were looked at.
///
/// # Errors
/// When the database fails.
pub async fn pass(db: &Db, shelf: &Shelf, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let today = now.date_naive().to_string();
    let due = store::due(db).await?;
    if meta::get(db, LAST_DAY).await?.as_deref() == Some(&today) && due.all.is_empty() {
        for state in &due.named {
            refresh(db, shelf, state, now, false).await?;
        }
        return Ok(due.named.len());
    }
    let states = refresh_all(db, shelf, now).await?;
    let tx = db.begin().await?;
    meta::set(&tx, LAST_DAY, today).await?;
    tx.commit().await?;
    Ok(states)
}

/// Computes every state anew, one transaction for each. Returns how many there are.
///
/// # Errors
/// When the database fails; the states that were done stay done.
pub async fn refresh_all(db: &Db, shelf: &Shelf, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let marks = store::due(db).await?.all;
    let mut states = 0;
    for state in shelf.reference.states() {
        refresh(db, shelf, &state.iso3, now, true).await?;
        states += 1;
    }
    let tx = db.begin().await?;
    store::forget(&tx, &marks).await?;
    tx.commit().await?;
    Ok(states)
}

/// Computes one state anew, unless somebody else did so meanwhile.
async fn refresh(
    db: &Db,
    shelf: &Shelf,
    state: &StateCode,
    now: DateTime<Utc>,
    unasked: bool,
) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    let moved = store::take(&tx, state).await?;
    if moved.is_some() || unasked {
        write(&tx, shelf, state, now, moved.filter(|_| !unasked)).await?;
    }
    tx.commit().await
}

/// Writes what changed, as of the moment of the write that moved it, so that the desk of that day shows it.
async fn write(
    tx: &Tx,
    shelf: &Shelf,
    state: &StateCode,
    now: DateTime<Utc>,
    moved: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let findings = findings::standing_in(tx, state).await?;
    let picture = StatePicture::of(&shelf.reference, &shelf.world, &findings, state, now.date_naive());
    let computed = picture
        .obligations
        .iter()
        .map(|one| KeptStanding::of(state, one))
        .collect();
    let held = store::held(tx, state).await?;
    let at = moved.unwrap_or(now).max(held.since.unwrap_or(DateTime::UNIX_EPOCH));
    store::apply(tx, &changes(&held.rows, computed), at).await
}
