//! Links of evidence: claimed in batches, asked a few at a time, settled one by one. No transaction is open while a
//! server takes its time.

use super::holder::Holder;
use super::passes::{Moment, PassError};
use crate::actions::links::{Asked, claim, settle};
use crate::clock::Clock;
use crate::config::LinkSettings;
use crate::domain::links::{LinkState, LinkStatus, Obstacle, Outcome};
use crate::sources::links::{Archived, Limits, Links, Reach};
use crate::store::Db;
use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use tokio::sync::watch;

/// Links claimed at a time.
const BATCH: u64 = 20;
/// Links asked at once.
const AT_ONCE: usize = 4;
/// A worker that died gives its links back after so long; a batch takes two minutes at the very most.
const LEASE: Duration = Duration::minutes(10);

/// What checks links.
#[derive(Debug, Clone)]
pub struct LinkWorker {
    db: Db,
    links: Links,
    every: std::time::Duration,
    holder: Holder,
    actor: String,
}

/// What one pass found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LinkSummary {
    /// Links that were asked.
    pub checked: usize,
    /// Those that lead to a page.
    pub alive: usize,
    /// Those whose page has moved for good.
    pub moved: usize,
    /// Those whose page is gone.
    pub dead: usize,
    /// Those that will be tried again.
    pub unreachable: usize,
    /// Those that are not asked.
    pub refused: usize,
}

impl LinkSummary {
    fn add(&mut self, status: LinkStatus) {
        self.checked += 1;
        match status {
            LinkStatus::Alive => self.alive += 1,
            LinkStatus::Moved => self.moved += 1,
            LinkStatus::Dead => self.dead += 1,
            LinkStatus::Refused => self.refused += 1,
            LinkStatus::Unreachable | LinkStatus::Unchecked => self.unreachable += 1,
        }
    }
}

impl LinkWorker {
    /// A worker with these settings; `actor` is the name in the audit events.
    ///
    /// # Errors
    /// When this machine offers no way to check certificates.
    pub fn new(db: Db, settings: &LinkSettings, actor: &str) -> Result<Self, String> {
        let reach = if settings.allow_private {
            Reach::Private
        } else {
            Reach::Public
        };
        let links = Links::new(reach, Limits::default(), &settings.archive_url)?;
        Ok(Self::with(db, links, settings, actor))
    }

    /// A worker that asks in its own way.
    #[must_use]
    pub fn with(db: Db, links: Links, settings: &LinkSettings, actor: &str) -> Self {
        Self {
            db,
            links,
            every: settings.every,
            holder: Holder::this_process(),
            actor: actor.to_owned(),
        }
    }

    /// Asks every link that is due at that moment, until none is; only one batch with `once`. May be dropped halfway.
    ///
    /// # Errors
    /// When the database fails. A link that cannot be reached is no error: its row says so.
    pub async fn check(&self, now: DateTime<Utc>, once: bool) -> Result<LinkSummary, PassError> {
        let (moment, mut summary) = (Moment::starting(now), LinkSummary::default());
        loop {
            let claimed = claim(&self.db, moment.now(), self.holder.as_str(), LEASE, BATCH).await?;
            if claimed.is_empty() {
                break;
            }
            self.batch(claimed, moment, &mut summary).await?;
            if once {
                break;
            }
        }
        Ok(summary)
    }

    async fn batch(&self, claimed: Vec<LinkState>, moment: Moment, summary: &mut LinkSummary) -> Result<(), PassError> {
        let asked = stream::iter(claimed)
            .map(|link| self.ask(link))
            .buffer_unordered(AT_ONCE);
        let asked: Vec<(Asked, bool)> = asked.collect().await;
        // Where nobody answers at all, it is our own network that is down, and no link is to blame.
        let network_works = asked.iter().any(|(_, answered)| *answered);
        for (asked, _) in &asked {
            let (now, actor, holder) = (moment.now(), &self.actor, self.holder.as_str());
            match settle(&self.db, now, actor, holder, asked, network_works).await? {
                Some(after) => summary.add(after.status),
                None => tracing::warn!(
                    link = asked.before.link,
                    "another worker took the link while it was asked"
                ),
            }
        }
        Ok(())
    }

    /// What came of a link, and whether anybody answered.
    async fn ask(&self, before: LinkState) -> (Asked, bool) {
        let outcome = self.links.ask(&before.link).await;
        let is_lost = matches!(outcome, Outcome::Dead(_) | Outcome::Unreachable(..));
        let archived = if is_lost && before.archived.is_none() {
            self.links.archived(&before.link).await
        } else {
            Archived::Silent
        };
        let answered = match &outcome {
            Outcome::Unreachable(Obstacle::Network, _) | Outcome::Refused(_) => archived != Archived::Silent,
            _ => true,
        };
        let archived = match archived {
            Archived::Copy(address) => Some(address),
            Archived::None | Archived::Silent => None,
        };
        let asked = Asked {
            before,
            outcome,
            archived,
        };
        (asked, answered)
    }
}

/// Passes at the pace of the settings until `stop` says so. A pass that fails is logged and the next one tries again.
pub async fn check_links(worker: LinkWorker, clock: Clock, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            done = worker.check(clock.now(), false) => match done {
                Ok(summary) if summary.checked == 0 => tracing::debug!("no link is due"),
                Ok(summary) => tracing::info!(?summary, "links"),
                Err(error) => tracing::error!(%error, "the links' pass failed; the next one tries again"),
            },
            // Links that were being asked come back when their lease ends.
            _ = stop.changed() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(worker.every) => {}
            // An error means that nobody is left who could say stop: the program is ending.
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}
