//! Comments on evidence and on obligations: for those who work on them, never for the public. Said, assigned, settled,
//! and never taken away.

use super::ids::{CommentId, EvidenceId, ProvisionId, StateCode};
use super::users::{Email, Role, User};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a comment is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// A piece of evidence.
    Evidence(EvidenceId),
    /// An obligation of a state.
    Obligation(StateCode, ProvisionId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evidence(id) => id.fmt(f),
            Self::Obligation(state, provision) => write!(f, "{state}/{provision}"),
        }
    }
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is neither evidence nor an obligation such as MEX/ICRMW-16.4");
        match text.split_once('/') {
            Some((state, provision)) => Ok(Self::Obligation(
                state.parse().map_err(|_| wrong())?,
                provision.parse().map_err(|_| wrong())?,
            )),
            None => text.parse().map(Self::Evidence).map_err(|_| wrong()),
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

/// Who is asked to see to a comment. A team is everybody of one role: an office needs no second list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// One person.
    Person(Email),
    /// Everybody of that role.
    Team(Role),
}

impl Assignee {
    /// The teams that can be asked: those who may record facts.
    pub const TEAMS: [Role; 2] = [Role::Monitor, Role::Administrator];

    /// What waits for that person: what is assigned to them, and to their team.
    #[must_use]
    pub fn of(user: &User) -> [Self; 2] {
        [Self::Person(user.email.clone()), Self::Team(user.role)]
    }

    /// The words for a team: `all monitors`.
    #[must_use]
    pub fn team_words(role: Role) -> String {
        format!("all {role}s")
    }
}

impl fmt::Display for Assignee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(email) => email.fmt(f),
            Self::Team(role) => write!(f, "@{role}"),
        }
    }
}

impl FromStr for Assignee {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix('@') {
            Some(team) => match team.parse() {
                Ok(role) if Self::TEAMS.contains(&role) => Ok(Self::Team(role)),
                _ => Err(format!("“{text}” is not one of: @monitor, @administrator")),
            },
            None => text.parse().map(Self::Person).map_err(|error| error.why),
        }
    }
}

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its identity.
    pub id: CommentId,
    /// What it is on.
    pub on: Subject,
    /// The state that it concerns.
    pub state: StateCode,
    /// What was said.
    pub text: String,
    /// Who said it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who is asked to see to it.
    pub assigned: Option<Assignee>,
    /// Who settled it, and when.
    pub resolved: Option<(String, DateTime<Utc>)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_and_assignees_are_read_as_they_are_written() {
        for text in ["MEX/ICRMW-16.4", "00000000-0000-0000-0000-000000000007"] {
            assert_eq!(text.parse::<Subject>().expect("a subject").to_string(), text);
        }
        for text in ["ana@example.org", "@monitor", "@administrator"] {
            assert_eq!(text.parse::<Assignee>().expect("somebody").to_string(), text);
        }
        for text in ["", "MEX", "mex/ICRMW-16.4", "MEX/", "../x"] {
            assert!(text.parse::<Subject>().is_err(), "{text}");
        }
        for text in ["", "@reader", "@", "ana"] {
            assert!(text.parse::<Assignee>().is_err(), "{text}");
        }
    }
}
