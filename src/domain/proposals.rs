//! Proposals from status pages: what a page of the depositary says otherwise than we do, kept until a person accepts or refuses
//! it, or until a later page says the same as we do.

use super::audit::{digest, sealed};
use super::evidence::words;
use super::ids::{InstrumentCode, ProposalId, StateCode};
use super::participation::ActionKind;
use super::status_pages::{Difference, StatusPage};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// What became of a proposal.
    ProposalStatus {
        /// Nobody has decided.
        Open = "open", "open";
        /// It was recorded.
        Accepted = "accepted", "accepted";
        /// It was refused.
        Refused = "refused", "refused";
        /// A later page says the same as we do.
        Gone = "gone", "no longer differs";
    }
}

/// The page on which it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The name of the file that was sent.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The day for which the page speaks.
    pub status_as_at: Option<NaiveDate>,
}

/// What differs, as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// Its kind, as `missing_here`.
    pub kind: String,
    /// `signature`, `action`, `denunciation`, `declarations` or `withdrawal`.
    pub about: String,
    /// The state's name as printed.
    pub name: String,
    /// What the page says.
    pub theirs: Option<String>,
    /// What is held.
    pub ours: Option<String>,
    /// Where we have it from.
    pub our_source: Option<String>,
    /// What could be done, in a sentence.
    pub proposal: String,
    /// The treaty action that could be recorded, where one follows.
    pub record: Option<(ActionKind, NaiveDate)>,
    /// The page.
    pub seen: Seen,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its identity.
    pub id: ProposalId,
    /// The treaty.
    pub instrument: InstrumentCode,
    /// The state.
    pub state: StateCode,
    /// What differs.
    pub differs: Differs,
    /// What became of it.
    pub status: ProposalStatus,
    /// Who sent the page.
    pub found_by: String,
    /// When.
    pub found_at: DateTime<Utc>,
    /// Who decided, or sent the page on which it was gone.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
}

/// By what the same difference is known again: another date or another fact of ours makes another one.
#[must_use]
pub fn fingerprint(instrument: &InstrumentCode, state: &StateCode, differs: &Differs) -> String {
    let some = |text: &Option<String>| text.clone().map_or_else(|| "-".to_owned(), |text| format!("+{text}"));
    digest(&sealed(&[
        instrument.to_string(),
        state.to_string(),
        differs.about.clone(),
        differs.kind.clone(),
        some(&differs.theirs),
        some(&differs.ours),
    ]))
}

impl Proposal {
    /// By what it is known again.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.instrument, &self.state, &self.differs)
    }

    /// Whether it may still be decided.
    ///
    /// # Errors
    /// Why not.
    pub fn may_be_decided(&self) -> Result<(), String> {
        match self.status {
            ProposalStatus::Open => Ok(()),
            ProposalStatus::Accepted => Err("this proposal was accepted already".to_owned()),
            ProposalStatus::Refused => Err("this proposal was refused already".to_owned()),
            ProposalStatus::Gone => Err("a later page says the same as we do, so nothing is left to decide".to_owned()),
        }
    }
}

/// What a page changes among the proposals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Found for the first time, or again after they were settled.
    pub new: Vec<(StateCode, Differs)>,
    /// Open already.
    pub known: usize,
    /// Refused before, and not raised again.
    pub refused: usize,
    /// Open, and not on this page any more.
    pub gone: Vec<ProposalId>,
}

/// Compares what a page says with the proposals of its treaty that are open or were refused. A page that could not be read whole,
/// or is older than the one that a proposal came from, closes nothing.
#[must_use]
pub fn plan(held: &[Proposal], page: &StatusPage, found: &[Difference], seen: &Seen) -> Plan {
    let mut plan = Plan::default();
    let of = |status: ProposalStatus| held.iter().filter(move |one| one.status == status);
    let open: BTreeMap<String, &Proposal> = of(ProposalStatus::Open).map(|one| (one.fingerprint(), one)).collect();
    let refused: BTreeSet<String> = of(ProposalStatus::Refused).map(Proposal::fingerprint).collect();
    let mut here = BTreeSet::new();
    for one in found {
        let differs = Differs::of(one, seen);
        let key = fingerprint(&page.instrument, &one.state, &differs);
        if !here.insert(key.clone()) {
            continue;
        }
        if open.contains_key(&key) {
            plan.known += 1;
        } else if refused.contains(&key) {
            plan.refused += 1;
        } else {
            plan.new.push((one.state.clone(), differs));
        }
    }
    let is_later = |one: &Proposal| match (seen.status_as_at, one.differs.seen.status_as_at) {
        (Some(now), Some(then)) => now >= then,
        (Some(_), None) => true,
        (None, _) => false,
    };
    if page.unread.is_empty() && page.is_whole {
        let gone = open.iter().filter(|(key, one)| !here.contains(*key) && is_later(one));
        plan.gone = gone.map(|(_, one)| one.id).collect();
    }
    plan
}

impl Differs {
    /// A difference, with the page on which it was found.
    #[must_use]
    pub fn of(one: &Difference, seen: &Seen) -> Self {
        Self {
            kind: one.kind.code().to_owned(),
            about: one.about.to_owned(),
            name: one.name.clone(),
            theirs: one.theirs.clone(),
            ours: one.ours.clone(),
            our_source: one.our_source.clone(),
            proposal: one.proposal.clone(),
            record: one.record,
            seen: seen.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::status_pages::DifferenceKind;

    fn page(unread: bool) -> StatusPage {
        StatusPage {
            instrument: "ICRMW".parse().expect("a code"),
            title: String::new(),
            status_as_at: None,
            signatories_printed: None,
            signatories_counted: 0,
            parties_printed: None,
            parties_counted: 0,
            rows: Vec::new(),
            unread: if unread {
                vec![crate::domain::status_pages::Unread {
                    text: "Atlantis".to_owned(),
                    why: "no such state".to_owned(),
                }]
            } else {
                Vec::new()
            },
            notes: Vec::new(),
            is_whole: true,
        }
    }

    fn difference(state: &str, theirs: &str) -> Difference {
        Difference {
            kind: DifferenceKind::OtherDate,
            about: "action",
            state: state.parse().expect("a state"),
            name: state.to_owned(),
            theirs: Some(theirs.to_owned()),
            ours: Some("ratification of 2007-02-23".to_owned()),
            our_source: None,
            proposal: "Find out who is right.".to_owned(),
            record: None,
        }
    }

    fn seen(day: &str) -> Seen {
        Seen {
            file: "page.html".to_owned(),
            sha256: "0".repeat(64),
            status_as_at: day.parse().ok(),
        }
    }

    fn proposal(state: &str, theirs: &str, status: ProposalStatus) -> Proposal {
        Proposal {
            id: ProposalId::fresh(),
            instrument: "ICRMW".parse().expect("a code"),
            state: state.parse().expect("a state"),
            differs: Differs::of(&difference(state, theirs), &seen("2026-01-01")),
            status,
            found_by: "ada".to_owned(),
            found_at: "2026-01-02T08:00:00Z".parse().expect("a moment"),
            decided_by: None,
            decided_at: None,
            reason: None,
        }
    }

    #[test]
    fn the_same_is_not_raised_twice_and_what_was_refused_stays_so_until_it_changes() {
        let held = [
            proposal("ARG", "a", ProposalStatus::Open),
            proposal("ALB", "b", ProposalStatus::Refused),
            proposal("MEX", "c", ProposalStatus::Accepted),
        ];
        let all = [("ARG", "a"), ("ARG", "a"), ("ALB", "b"), ("MEX", "c")];
        let found: Vec<Difference> = all.iter().map(|(state, theirs)| difference(state, theirs)).collect();
        let told = plan(&held, &page(false), &found, &seen("2026-02-01"));
        assert_eq!(
            (told.new.len(), told.known, told.refused, told.gone.len()),
            (1, 1, 1, 0)
        );
        assert_eq!(
            told.new[0].0.as_str(),
            "MEX",
            "what was accepted and differs again is raised again"
        );
        let changed = plan(&held, &page(false), &[difference("ALB", "z")], &seen("2026-02-01"));
        assert_eq!((changed.new.len(), changed.refused), (1, 0));
        assert_eq!(changed.gone, [held[0].id]);
    }

    #[test]
    fn an_older_page_or_one_read_in_part_closes_nothing() {
        let held = [proposal("ARG", "a", ProposalStatus::Open)];
        for (unread, day, expected) in [
            (false, "2026-01-01", 1),
            (false, "2025-12-31", 0),
            (false, "", 0),
            (true, "2026-02-01", 0),
        ] {
            let told = plan(&held, &page(unread), &[], &seen(day));
            assert_eq!(told.gone.len(), expected, "{unread} {day}");
        }
    }
}
