//! What people found about one state: evidence, assessments and causes, in three queries.

use super::{Db, StoreError, Tx, assessments, causes, evidence};
use crate::domain::ids::{StateCode, ThemeCode};
use crate::domain::summaries::Findings;
use std::collections::BTreeSet;

/// Everything found about one state.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode) -> Result<Findings, StoreError> {
    let (evidence, assessments, causes) = tokio::try_join!(
        evidence::of_state(db, state),
        assessments::of_state(db, state),
        causes::of_state(db, state)
    )?;
    Ok(Findings {
        evidence,
        assessments,
        causes,
    })
}

/// As [`of_state`], with that evidence alone that may speak of provisions of these themes: enough for pages of one
/// obligation or of one piece of evidence, and a small part of all evidence on a state.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn about(db: &Db, state: &StateCode, themes: &BTreeSet<ThemeCode>) -> Result<Findings, StoreError> {
    let (evidence, assessments, causes) = tokio::try_join!(
        evidence::about(db, state, themes),
        assessments::of_state(db, state),
        causes::of_state(db, state)
    )?;
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
