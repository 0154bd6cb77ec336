//! What people found about one state: evidence, assessments and causes, in three queries.

use super::{Db, StoreError, Tx, assessments, causes, evidence};
use crate::domain::ids::{StateCode, ThemeCode};
use crate::domain::summaries::{Findings, StoredEvidence};
use std::collections::BTreeSet;

/// Everything found about one state.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Findings, StoreError> {
    with(db, state, evidence::of_state(db, state)).await
}

/// As [`of_state`], with that evidence alone that may speak of provisions of these themes: enough for pages of one
/// obligation or of one piece of evidence, and a small part of all evidence on a state.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn about(db: &Db, state: &StateCode, themes: &BTreeSet<ThemeCode>) -> Result<Findings, StoreError> {
    with(db, state, evidence::about(db, state, themes)).await
}

/// That evidence with every assessment and cause of the state.
async fn with(
    db: &Db,
    state: &StateCode,
    evidence: impl Future<Output = Result<Vec<StoredEvidence>, StoreError>>,
) -> Result<Findings, StoreError> {
    let (evidence, assessments, causes) =
        tokio::try_join!(evidence, assessments::of_state(db, state), causes::of_state(db, state))?;
    Ok(Findings {
        evidence,
        assessments,
        causes,
    })
}

/// What counts and stands now of one state, read inside a write: evidence and decisions, without causes.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn standing_in(tx: &Tx, state: &StateCode) -> Result<Findings, StoreError> {
    Ok(Findings {
        evidence: evidence::standing_in(tx, state).await?,
        assessments: assessments::standing_in(tx, state).await?,
        causes: Vec::new(),
    })
}
