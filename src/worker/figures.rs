//! Figures of the World Bank: one series now, or all that the settings name when their time has come. Nobody is asked
//! unless somebody wanted it.

use super::passes::{Moment, PassError};
use crate::actions::figures::{Kept, SnapshotDraft, keep};
use crate::actions::{ActionError, Doing};
use crate::clock::Clock;
use crate::config::WorldBankSettings;
use crate::domain::figures::SeriesId;
use crate::sources::world_bank::{Limits, SOURCE, Unavailable, WorldBank};
use crate::store::library::Library;
use crate::store::{Db, StoreError, figures};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::watch;

/// The pause between two looks whether a series is due.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(3600);

/// What asks for figures.
#[derive(Debug, Clone)]
pub struct FigureWorker {
    db: Db,
    library: Arc<Library>,
    bank: WorldBank,
    indicators: Vec<SeriesId>,
    every: TimeDelta,
    actor: String,
}

/// Why a series is not newer than before. The last good snapshot is kept.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The source could not be read.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// What it said is not kept.
    #[error("what came was not kept: {0}")]
    Refused(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ActionError> for RefreshError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Store(error) => Self::Store(error),
            other => Self::Refused(other.to_string()),
        }
    }
}

/// What one pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FigureSummary {
    /// Series that were asked for and kept.
    pub kept: usize,
    /// Series whose source could not be read, with the reason.
    pub failed: Vec<String>,
}

impl FigureWorker {
    /// A worker with these settings; `actor` is the name in the audit events.
    ///
    /// # Errors
    /// When an indicator is none, or this machine offers no way to check certificates.
    pub fn new(db: Db, library: Arc<Library>, settings: &WorldBankSettings, actor: &str) -> Result<Self, String> {
        let bank = WorldBank::new(&settings.url, Limits::default(), rand::random::<f64>)?;
        Self::with(db, library, bank, settings, actor)
    }

    /// A worker that asks in its own way.
    ///
    /// # Errors
    /// When an indicator is none.
    pub fn with(
        db: Db,
        library: Arc<Library>,
        bank: WorldBank,
        settings: &WorldBankSettings,
        actor: &str,
    ) -> Result<Self, String> {
        let indicators = settings.indicators.iter().map(|text| text.parse());
        Ok(Self {
            db,
            library,
            bank,
            indicators: indicators
                .collect::<Result<_, _>>()
                .map_err(|error| format!("setting world_bank.indicators: {error}"))?,
            every: settings.every,
            actor: actor.to_owned(),
        })
    }

    /// Asks for one series and keeps what comes: all of it or nothing.
    ///
    /// # Errors
    /// [`RefreshError`]; the last good snapshot is then as it was.
    pub async fn refresh(&self, series: &SeriesId, now: DateTime<Utc>, replace: bool) -> Result<Kept, RefreshError> {
        let moment = Moment::starting(now);
        let shelf = self.library.shelf(&self.db).await?;
        let states: HashSet<&str> = shelf.reference.states().map(|state| state.iso3.as_str()).collect();
        if states.is_empty() {
            return Err(StoreError::Empty.into());
        }
        let fetched = self.bank.fetch(series, &|code| states.contains(code)).await?;
        let draft = SnapshotDraft {
            series: series.clone(),
            note: fetched.note(),
            name: fetched.name,
            source: SOURCE.to_owned(),
            last_updated: fetched.last_updated,
            figures: fetched.figures,
        };
        let doing = Doing {
            actor: &self.actor,
            now: moment.now(),
            key: None,
        };
        Ok(keep(&self.db, doing, &draft, replace).await?)
    }

    /// Asks for every series of the settings whose last snapshot is old enough. May be dropped halfway.
    ///
    /// # Errors
    /// When the database fails. A source that cannot be read is no error: the summary says so, and the last snapshot stays.
    pub async fn pass(&self, now: DateTime<Utc>) -> Result<FigureSummary, PassError> {
        let (moment, mut summary) = (Moment::starting(now), FigureSummary::default());
        let held = figures::newest(&self.db, now.date_naive()).await?;
        for series in &self.indicators {
            let last = held.iter().find(|held| held.series == *series);
            if last.is_some_and(|last| now - last.fetched_at < self.every) {
                continue;
            }
            match self.refresh(series, moment.now(), false).await {
                Ok(_) => summary.kept += 1,
                Err(RefreshError::Store(error)) => return Err(error.into()),
                Err(error) => summary.failed.push(error.to_string()),
            }
        }
        Ok(summary)
    }
}

/// Passes until `stop` says so, where the settings name a series. One that fails is logged and tried again an hour later.
pub async fn refresh_figures(worker: FigureWorker, clock: Clock, mut stop: watch::Receiver<bool>) {
    if worker.indicators.is_empty() {
        return;
    }
    while !*stop.borrow() {
        tokio::select! {
            done = worker.pass(clock.now()) => match done {
                Ok(summary) if summary == FigureSummary::default() => tracing::debug!("no series is due"),
                Ok(summary) if summary.failed.is_empty() => tracing::info!(?summary, "figures"),
                Ok(summary) => tracing::warn!(?summary, "figures; the last good snapshots are kept"),
                Err(error) => tracing::error!(%error, "the figures' pass failed; the next one tries again"),
            },
            // Nothing of a series that was being read is kept.
            _ = stop.changed() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // An error means that nobody is left who could say stop: the program is ending.
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}
