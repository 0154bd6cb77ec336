//! The causes suggested for the gaps of a state: the shipped signals, read over what is held of it. Nothing is written; a
//! decision keeps what was suggested, and pages and answers show it.

use crate::actions::signals;
use crate::domain::causes::{Classifier, SuggestedCauses, suggested};
use crate::domain::ids::{ProvisionId, StateCode};
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::store::causes::explaining;
use crate::store::{Db, StoreError};
use std::collections::BTreeMap;

/// What is suggested, by provision.
pub type Suggested = BTreeMap<ProvisionId, SuggestedCauses>;

/// The shipped signals, ready to read.
///
/// # Errors
/// When they cannot be read: a fault of this build.
pub fn classifier() -> Result<&'static Classifier, StoreError> {
    signals::shipped().map_err(|wrong| StoreError::Unreadable(format!("the shipped signals: {}", wrong.join("; "))))
}

/// For every gap of the state of which anything is known, on the day of the picture.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_state(db: &Db, state: &StateCode, picture: &StatePicture<'_>) -> Result<Suggested, StoreError> {
    of_gaps(db, state, picture, picture.gaps()).await
}

/// For some gaps of the picture: those that a page shows. None for one of which nothing is known.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_gaps<'p, 'a: 'p>(
    db: &Db,
    state: &StateCode,
    picture: &StatePicture<'a>,
    gaps: impl IntoIterator<Item = &'p ObligationPicture<'a>>,
) -> Result<Suggested, StoreError> {
    let records = explaining::records(db, state, picture.as_of).await?;
    Ok(suggested(classifier()?, state, picture, gaps, &records))
}

/// For one gap of the picture; none where there is no gap or nothing is known of it.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_gap<'a>(
    db: &Db,
    state: &StateCode,
    picture: &StatePicture<'a>,
    gap: &ObligationPicture<'a>,
) -> Result<Option<SuggestedCauses>, StoreError> {
    let mut found = of_gaps(db, state, picture, [gap]).await?;
    Ok(found.remove(&gap.obligation.provision.id))
}
