//! One account of each role.

use chrono::{DateTime, Utc};
use servanda::actions::users::{NewUser, add};
use servanda::domain::users::{Language, Role};
use servanda::store::Db;

/// The password of every account in the tests.
pub const PASSWORD: &str = "four ordinary words";
/// A rights monitor.
pub const MONITOR: &str = "monitor@example.org";
/// Another monitor, who reviews what the first one wrote.
pub const COLLEAGUE: &str = "colleague@example.org";
/// A government focal point, of Mexico.
pub const OFFICIAL: &str = "official@example.org";
/// An administrator.
pub const ADMINISTRATOR: &str = "administrator@example.org";
/// A reader with an account.
pub const READER: &str = "reader@example.org";

/// Makes them.
pub async fn make(db: &Db, now: DateTime<Utc>) {
    for (email, role) in [
        (MONITOR, Role::Monitor),
        (COLLEAGUE, Role::Monitor),
        (OFFICIAL, Role::Official),
        (ADMINISTRATOR, Role::Administrator),
        (READER, Role::Reader),
    ] {
        let new = NewUser {
            email: email.to_owned(),
            name: format!("Test {role}"),
            role,
            state: (role == Role::Official).then(|| "MEX".parse().expect("a state")),
            language: Language::English,
            time_zone: "UTC".to_owned(),
            password: PASSWORD.to_owned(),
        };
        add(db, now, "test", new).await.expect("an account");
    }
}
