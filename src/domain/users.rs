//! People with an account: who they are, what their role lets them do, and how often somebody may guess a password.

use super::ids::{StateCode, UserId};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Something about an account that cannot be accepted: which field, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct InvalidAccount {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong with it and how to mend it.
    pub why: String,
}

impl InvalidAccount {
    /// The field and what is wrong with it.
    pub fn new(field: &'static str, why: impl Into<String>) -> Self {
        Self { field, why: why.into() }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $field:literal, $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one there is.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As it is written in tables, addresses and files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
        impl FromStr for $name {
            type Err = InvalidAccount;
            fn from_str(text: &str) -> Result<Self, InvalidAccount> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or_else(|| {
                    let all: Vec<_> = Self::ALL.iter().map(|one| one.as_str()).collect();
                    InvalidAccount::new($field, format!("“{text}” is not one of {}", all.join(", ")))
                })
            }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidAccount;
            fn try_from(text: String) -> Result<Self, InvalidAccount> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(one: $name) -> Self {
                one.as_str().to_owned()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// What somebody is here to do.
    Role, "role",
    /// Runs the office: accounts, settings, every ledger.
    Administrator = "administrator",
    /// Records facts and evidence, grades obligations, says why a gap exists.
    Monitor = "monitor",
    /// A government's focal point: follows deadlines and acts on reminders.
    Official = "official",
    /// Reads and follows.
    Reader = "reader",
);

words!(
    /// The six official languages of the United Nations.
    Language, "language",
    /// English.
    English = "en",
    /// French.
    French = "fr",
    /// Spanish.
    Spanish = "es",
    /// Arabic.
    Arabic = "ar",
    /// Russian.
    Russian = "ru",
    /// Chinese.
    Chinese = "zh",
);

impl Language {
    /// The language's own name for itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "français",
            Self::Spanish => "español",
            Self::Arabic => "العربية",
            Self::Russian => "русский",
            Self::Chinese => "中文",
        }
    }
}

/// What an action needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read what is public.
    Read,
    /// Record treaty actions, reports and evidence.
    RecordFacts,
    /// Review what others recorded.
    Review,
    /// Grade obligations and say why a gap exists.
    Assess,
    /// Follow states and instruments, and see one's own reminders.
    Follow,
    /// Manage accounts and see everybody's reminders.
    Administer,
}

impl Permission {
    /// The one table of who may do what; `None` is a visitor who has not signed in.
    #[must_use]
    pub fn granted_to(self, role: Option<Role>) -> bool {
        match self {
            Self::Read => true,
            Self::RecordFacts | Self::Review | Self::Assess => {
                matches!(role, Some(Role::Administrator | Role::Monitor))
            }
            Self::Follow => role.is_some(),
            Self::Administer => role == Some(Role::Administrator),
        }
    }
}

/// An e-mail address in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = InvalidAccount;

    fn from_str(text: &str) -> Result<Self, InvalidAccount> {
        let address = text.trim().to_lowercase();
        let plausible = address.len() <= 254
            && !address
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>,;\"()[]\\".contains(c))
            && address.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty() && !host.contains('@') && host.split('.').all(|label| !label.is_empty())
            });
        if plausible {
            Ok(Self(address))
        } else {
            Err(InvalidAccount::new("email", "write an address such as ana@example.org"))
        }
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidAccount;
    fn try_from(text: String) -> Result<Self, InvalidAccount> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person with an account. The password is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Where mail reaches them; they sign in with it.
    pub email: Email,
    /// What they are called.
    pub name: String,
    /// What they are here to do.
    pub role: Role,
    /// An official's own state.
    pub state: Option<StateCode>,
    /// The language of their mail and pages.
    pub language: Language,
    /// Their zone in the IANA database, such as `Africa/Bamako`.
    pub time_zone: String,
    /// Whether they may sign in and get mail.
    pub active: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 12;
/// Most bytes of a password: hashing a book would keep the server busy.
pub const LONGEST_PASSWORD: usize = 1024;

/// Whether a password may be used: long enough, and not the address or the name.
///
/// # Errors
/// What is wrong with it.
pub fn check_password(password: &str, email: &Email, name: &str) -> Result<(), InvalidAccount> {
    let lower = password.to_lowercase();
    let why = if password.chars().count() < SHORTEST_PASSWORD {
        format!("use at least {SHORTEST_PASSWORD} characters; four ordinary words are easy to remember")
    } else if password.len() > LONGEST_PASSWORD {
        format!("use at most {LONGEST_PASSWORD} bytes")
    } else if lower == email.as_str() || lower == name.trim().to_lowercase() {
        "it must not be the address or the name".to_owned()
    } else if lower.chars().all(|c| lower.starts_with(c)) {
        "one character repeated is guessed at once".to_owned()
    } else {
        return Ok(());
    };
    Err(InvalidAccount::new("password", why))
}

/// A name as people write it, without the ends' spaces and without control characters.
///
/// # Errors
/// When nothing is left of it, or it is longer than 200 characters.
pub fn check_name(name: &str) -> Result<String, InvalidAccount> {
    let plain: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = plain.trim().to_owned();
    match name.chars().count() {
        0 => Err(InvalidAccount::new("name", "write a name")),
        1..=200 => Ok(name),
        _ => Err(InvalidAccount::new("name", "use at most 200 characters")),
    }
}

/// Wrong passwords before there is a pause.
const FREE_GUESSES: u32 = 5;
/// The longest pause, in seconds.
const LONGEST_PAUSE: i64 = 15 * 60;

/// How long an address must wait after so many wrong passwords in a row: nothing for the first five, then half a
/// minute, doubled each time, never more than a quarter of an hour.
#[must_use]
pub fn pause_after(failures: u32) -> Duration {
    if failures < FREE_GUESSES {
        return Duration::zero();
    }
    let doubled = 30i64.saturating_mul(1 << (failures - FREE_GUESSES).min(10));
    Duration::seconds(doubled.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_more_than_what_cannot_be_seen() {
        assert_eq!(check_name("\u{1} Ana \0Pérez \u{8}").as_deref(), Ok("Ana Pérez"));
        for wrong in ["", "  ", "\u{1}\0  \0\u{8}", &"a".repeat(201)] {
            assert!(check_name(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_address_is_read_in_lower_case_and_nonsense_is_refused() {
        assert_eq!(
            " Ana@Example.ORG ".parse::<Email>().expect("an address").as_str(),
            "ana@example.org"
        );
        for wrong in [
            "",
            "ana",
            "@x.org",
            "ana@",
            "a b@x.org",
            "ana@x..org",
            "ana@b@c",
            "<ana@x.org>",
            "ana@x.org\nBcc:",
        ] {
            assert!(wrong.parse::<Email>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_name() {
        let email: Email = "ana@example.org".parse().expect("an address");
        assert!(check_password("four ordinary words", &email, "Ana").is_ok());
        for wrong in ["short", "ana@example.org", "Ana María Pérez", "aaaaaaaaaaaaaaaa"] {
            assert!(check_password(wrong, &email, "ana maría pérez").is_err(), "{wrong}");
        }
        assert!(check_password(&"x1".repeat(600), &email, "Ana").is_err());
    }

    #[test]
    fn pauses_grow_and_end() {
        assert!(pause_after(4).is_zero());
        assert_eq!(pause_after(5).num_seconds(), 30);
        assert_eq!(pause_after(7).num_seconds(), 120);
        assert_eq!(pause_after(u32::MAX).num_seconds(), LONGEST_PAUSE);
    }

    #[test]
    fn who_may_do_what() {
        use Permission::*;
        let table = [
            (None, vec![Read]),
            (Some(Role::Reader), vec![Read, Follow]),
            (Some(Role::Official), vec![Read, Follow]),
            (Some(Role::Monitor), vec![Read, Follow, RecordFacts, Review, Assess]),
            (
                Some(Role::Administrator),
                vec![Read, Follow, RecordFacts, Review, Assess, Administer],
            ),
        ];
        for (role, granted) in table {
            for permission in [Read, RecordFacts, Review, Assess, Follow, Administer] {
                assert_eq!(
                    permission.granted_to(role),
                    granted.contains(&permission),
                    "{role:?} {permission:?}"
                );
            }
        }
    }
}
