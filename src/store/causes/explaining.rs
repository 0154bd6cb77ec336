//! What explains the gaps of a state beside its findings: recommendations and figures, in one query each.

use crate::domain::causes::{Records, known_figures, series_of_outcomes, series_read};
use crate::domain::ids::StateCode;
use crate::store::figures::{Wanted, newest, series};
use crate::store::{Db, StoreError, recommendations};
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

/// Years before the day of which figures are read; older ones tell nothing.
const YEARS: i32 = 6;

/// Everything of it that was known at the end of that day.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn records(db: &Db, state: &StateCode, as_of: NaiveDate) -> Result<Records, StoreError> {
    let (mut recommendations, snapshots) = tokio::try_join!(recommendations::of_state(db, state), newest(db, as_of))?;
    recommendations.retain(|one| one.known_on(as_of));
    let held = |ids: Vec<_>| -> Vec<_> {
        let known = |id: &_| snapshots.iter().any(|one| one.series == *id);
        ids.into_iter().filter(known).collect()
    };
    let (means, mut outcomes) = (held(series_read()), held(series_of_outcomes()));
    // An income alone compares nothing.
    if outcomes.len() < 2 {
        outcomes.clear();
    }
    let wanted = |series, state| Wanted {
        series,
        state,
        years: as_of.year() - YEARS..=as_of.year(),
        as_of,
    };
    let (means, outcomes) = tokio::try_join!(
        async {
            if means.is_empty() {
                return Ok(HashMap::new());
            }
            series(db, &wanted(&means, Some(state))).await
        },
        async {
            if outcomes.is_empty() {
                return Ok(HashMap::new());
            }
            series(db, &wanted(&outcomes, None)).await
        },
    )?;
    Ok(Records {
        figures: known_figures(state, as_of, &means, &outcomes, &snapshots),
        recommendations,
    })
}
