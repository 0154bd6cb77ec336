//! Links of evidence: whether they still lead somewhere, and when to look again.

use super::audit::digest;
use super::dates::PartialDate;
use super::evidence::words;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// What is known of a link.
    LinkStatus {
        /// Nobody has asked yet.
        Unchecked = "unchecked", "not checked yet";
        /// It leads to a page.
        Alive = "alive", "works";
        /// It leads to a page that has moved for good.
        Moved = "moved", "has moved";
        /// The page is gone.
        Dead = "dead", "dead";
        /// No answer so far; asked again.
        Unreachable = "unreachable", "could not be reached";
        /// Never asked: it leads into a private network, or is no plain web address.
        Refused = "refused", "is not asked";
    }
}

/// What was read at a link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// HTTP status.
    pub http_status: u16,
    /// As the server called it.
    pub content_type: Option<String>,
    /// Bytes read, unpacked.
    pub length: u64,
    /// Whether there was more than is read.
    pub is_cut: bool,
    /// SHA-256 of the bytes read.
    pub sha256: String,
    /// Title of the page.
    pub title: Option<String>,
    /// Its date, as the page or the server gives it.
    pub published: Option<PartialDate>,
    /// The text of the page.
    pub text: Option<String>,
}

impl Found {
    /// SHA-256 of the text.
    #[must_use]
    pub fn snapshot_sha256(&self) -> Option<String> {
        self.text.as_deref().map(digest)
    }
}

/// Why there was no answer that says whether the page is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Name, connection, TLS or time: theirs, or our own network's.
    Network,
    /// The server answers that it fails.
    Server,
    /// The server does not let programs in, or asks for patience: says nothing of the page.
    Closed,
}

/// What came of asking for a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A page is there.
    Alive(Found),
    /// A page is there, for good at another address.
    Moved {
        /// That address.
        to: String,
        /// What was read there.
        found: Found,
    },
    /// The server says that there is no such page.
    Dead(u16),
    /// No telling.
    Unreachable(Obstacle, String),
    /// Not asked, and why.
    Refused(String),
}

/// A link with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkState {
    /// The address, as evidence gives it.
    pub link: String,
    /// What is known of it.
    pub status: LinkStatus,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was last asked.
    pub checked_at: Option<DateTime<Utc>>,
    /// When it will be asked next.
    pub next_check_at: DateTime<Utc>,
    /// Failures in a row that count.
    pub failures: u32,
    /// What the last check met, where it failed.
    pub why: Option<String>,
    /// The last HTTP status.
    pub http_status: Option<u16>,
    /// The last content type.
    pub content_type: Option<String>,
    /// The last title.
    pub title: Option<String>,
    /// The last date of the page.
    pub published: Option<PartialDate>,
    /// SHA-256 of the last bytes read.
    pub content_sha256: Option<String>,
    /// SHA-256 of the last text.
    pub snapshot_sha256: Option<String>,
    /// Where it has moved.
    pub final_address: Option<String>,
    /// An archived copy.
    pub archived: Option<String>,
}

/// The name under which a link is stored: SHA-256 of its text.
#[must_use]
pub fn link_hash(link: &str) -> String {
    digest(link.trim())
}

/// A page that is there is looked at again after so long.
const AGAIN: Duration = Duration::days(30);
/// A page that is gone may come back.
const AGAIN_IF_DEAD: Duration = Duration::days(7);
/// Waits after the first, the second … failure. After the last one the link is dead.
const WAITS: [Duration; 2] = [Duration::hours(1), Duration::days(1)];
/// Wait where the failure does not count.
const PATIENCE: Duration = Duration::hours(6);

impl LinkState {
    /// A link that was never asked.
    #[must_use]
    pub fn unchecked(link: &str, now: DateTime<Utc>) -> Self {
        Self {
            link: link.trim().to_owned(),
            status: LinkStatus::Unchecked,
            since: now,
            checked_at: None,
            next_check_at: now,
            failures: 0,
            why: None,
            http_status: None,
            content_type: None,
            title: None,
            published: None,
            content_sha256: None,
            snapshot_sha256: None,
            final_address: None,
            archived: None,
        }
    }

    /// What is known after a check. A failure counts only while our own network is known to work; a link that was dead
    /// stays so until a page is there. Title, date and copy of a page that is gone are kept: they are what is left of it.
    #[must_use]
    pub fn after(&self, outcome: &Outcome, network_works: bool, now: DateTime<Utc>) -> Self {
        let mut next = Self {
            checked_at: Some(now),
            why: None,
            ..self.clone()
        };
        match outcome {
            Outcome::Alive(found) => next.read(found, None, now),
            Outcome::Moved { to, found } => next.read(found, Some(to), now),
            Outcome::Dead(status) => {
                next.http_status = Some(*status);
                next.why = Some(format!("the server answers {status}: there is no such page"));
                next.gone(now);
            }
            Outcome::Unreachable(obstacle, why) => {
                next.why = Some(why.clone());
                next.failed(*obstacle, network_works, now);
            }
            Outcome::Refused(why) => {
                next.why = Some(why.clone());
                next.failures = 0;
                next.turn(LinkStatus::Refused, now, AGAIN);
            }
        }
        next
    }

    fn read(&mut self, found: &Found, to: Option<&String>, now: DateTime<Utc>) {
        self.failures = 0;
        self.http_status = Some(found.http_status);
        self.content_type.clone_from(&found.content_type);
        self.title.clone_from(&found.title);
        self.published = found.published;
        self.content_sha256 = Some(found.sha256.clone());
        self.snapshot_sha256 = found.snapshot_sha256();
        self.final_address = to.cloned();
        let status = if to.is_some() {
            LinkStatus::Moved
        } else {
            LinkStatus::Alive
        };
        self.turn(status, now, AGAIN);
    }

    fn gone(&mut self, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        self.turn(LinkStatus::Dead, now, AGAIN_IF_DEAD);
    }

    fn failed(&mut self, obstacle: Obstacle, network_works: bool, now: DateTime<Utc>) {
        let counts = match obstacle {
            Obstacle::Network => network_works,
            Obstacle::Server => true,
            Obstacle::Closed => false,
        };
        let wait = usize::try_from(self.failures)
            .ok()
            .and_then(|failures| WAITS.get(failures));
        match (self.status, counts, wait) {
            (LinkStatus::Dead, ..) => self.next_check_at = now + AGAIN_IF_DEAD,
            (_, false, _) => self.turn(LinkStatus::Unreachable, now, PATIENCE),
            (_, true, None) => self.gone(now),
            (_, true, Some(wait)) => {
                self.failures = self.failures.saturating_add(1);
                self.turn(LinkStatus::Unreachable, now, *wait);
            }
        }
    }

    fn turn(&mut self, status: LinkStatus, now: DateTime<Utc>, wait: Duration) {
        if self.status != status {
            self.since = now;
        }
        self.status = status;
        self.next_check_at = now + wait;
    }

    /// In one sentence, for the page of the evidence.
    #[must_use]
    pub fn words(&self) -> String {
        let day = |moment: DateTime<Utc>| moment.date_naive();
        let checked = self
            .checked_at
            .map_or_else(String::new, |at| format!(", checked {}", day(at)));
        let titled = self
            .title
            .as_ref()
            .map_or_else(String::new, |title| format!(": “{title}”"));
        let why = self.why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        match self.status {
            LinkStatus::Unchecked => "not checked yet".to_owned(),
            LinkStatus::Alive => format!("works{checked}{titled}"),
            LinkStatus::Moved => {
                let to = self.final_address.as_deref().unwrap_or("another address");
                format!("has moved to {to}{checked}{titled}")
            }
            LinkStatus::Dead => format!("dead since {}{why}", day(self.since)),
            LinkStatus::Unreachable => {
                format!(
                    "could not be reached{checked}{why}; it will be tried again on {}",
                    day(self.next_check_at)
                )
            }
            LinkStatus::Refused => format!("is not asked{why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-25T08:00:00Z".parse().expect("a moment")
    }

    fn found(text: &str) -> Found {
        Found {
            http_status: 200,
            title: Some("A law".to_owned()),
            text: Some(text.to_owned()),
            ..Found::default()
        }
    }

    fn failure(obstacle: Obstacle) -> Outcome {
        Outcome::Unreachable(obstacle, "nothing answers there".to_owned())
    }

    #[test]
    fn a_page_that_is_there_is_looked_at_again_after_a_month() {
        let link = LinkState::unchecked(" https://example.org/a ", now());
        assert_eq!(link.words(), "not checked yet");
        assert_eq!(link_hash(&link.link), link_hash(" https://example.org/a"));
        let alive = link.after(&Outcome::Alive(found("x")), true, now());
        assert_eq!(
            (alive.status, alive.next_check_at),
            (LinkStatus::Alive, now() + Duration::days(30))
        );
        assert_eq!(alive.words(), "works, checked 2026-11-25: “A law”");
        let moved = Outcome::Moved {
            to: "https://example.org/b".to_owned(),
            found: found("x"),
        };
        let moved = alive.after(&moved, true, now());
        assert!(
            moved.words().starts_with("has moved to https://example.org/b"),
            "{}",
            moved.words()
        );
    }

    #[test]
    fn gone_is_dead_at_once_and_no_answer_only_at_the_third_time_a_day_later() {
        let alive =
            LinkState::unchecked("https://example.org/a", now()).after(&Outcome::Alive(found("x")), true, now());
        let gone = alive.after(&Outcome::Dead(410), true, now());
        assert_eq!(gone.status, LinkStatus::Dead);
        assert_eq!(
            gone.snapshot_sha256, alive.snapshot_sha256,
            "what is left of it is kept"
        );

        let (mut link, mut at) = (alive, now());
        for _ in 0..2 {
            link = link.after(&failure(Obstacle::Network), true, at);
            assert_eq!(link.status, LinkStatus::Unreachable);
            at = link.next_check_at;
        }
        link = link.after(&failure(Obstacle::Server), true, at);
        assert_eq!(link.status, LinkStatus::Dead);
        assert!(at - now() > Duration::days(1));
        assert_eq!(link.since, at);
        let later = link.after(&failure(Obstacle::Network), true, at + Duration::days(7));
        assert_eq!(
            (later.status, later.since),
            (LinkStatus::Dead, at),
            "dead until a page is there"
        );
        let back = later.after(&Outcome::Alive(found("y")), true, at + Duration::days(14));
        assert_eq!((back.status, back.failures), (LinkStatus::Alive, 0));
    }

    #[test]
    fn an_office_without_network_and_a_closed_door_never_make_a_link_dead() {
        let mut link = LinkState::unchecked("https://example.org/a", now());
        for step in 0..20 {
            let at = now() + Duration::days(step);
            link = link.after(&failure(Obstacle::Network), false, at);
            link = link.after(&failure(Obstacle::Closed), true, at);
            assert_eq!((link.status, link.failures), (LinkStatus::Unreachable, 0));
        }
        assert!(link.words().contains("it will be tried again on "), "{}", link.words());
    }
}
