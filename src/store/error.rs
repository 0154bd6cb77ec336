//! What can go wrong between us and the database, in words that say what to do next.

use sea_orm::{DbErr, SqlErr};

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It could not be opened.
    #[error("the database {url} cannot be opened: {why}. {next}")]
    Unreachable {
        /// The address, without its password.
        url: String,
        /// What the driver said.
        why: String,
        /// What to do next.
        next: &'static str,
    },
    /// There is no such file.
    #[error(
        "there is no database at {0}: check the name after --database-url, or make one there with `servanda migrate`"
    )]
    Missing(String),
    /// The file is no database, or not whole any more.
    #[error(
        "the file of the database is damaged, or is no database of Servanda ({0}). Look whether --database-url names the \
         right file; if it does, put the last backup in its place, with the server stopped and the files ending in -wal and \
         -shm beside it taken away"
    )]
    Damaged(String),
    /// There are no tables, or nothing in them.
    #[error(
        "the database holds no data yet: run `servanda import fixtures`, or `servanda serve --demo` to look around"
    )]
    Empty,
    /// A row with that key is there already.
    #[error("there is already such a row: {0}")]
    Duplicate(String),
    /// The same form was sent before, and what it asked for is done.
    #[error("this form was sent before; nothing was done twice")]
    Repeated(String),
    /// A row names another that is not there.
    #[error("a row names another that does not exist: {0}")]
    Orphan(String),
    /// What was read is not what this version of the program writes.
    #[error("the database holds something this version cannot read: {0}. Run `servanda check`")]
    Unreadable(String),
    /// The disk is full.
    #[error("there is no room for the database: {0}. Make room where it lies; nothing was half-written")]
    Full(String),
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(String),
}

impl StoreError {
    pub(super) fn unreachable(url: &str, cause: &DbErr) -> Self {
        if is_damage(&cause.to_string()) {
            return Self::Damaged(url.to_owned());
        }
        let next = if url.starts_with("postgres") {
            "Check that the PostgreSQL server runs and that the address, user and password are right"
        } else {
            "Check that the folder exists and may be written, or name another file with --database-url sqlite:FILE"
        };
        Self::Unreachable {
            url: without_password(url),
            why: cause.to_string(),
            next,
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(what)) => Self::Duplicate(what),
            Some(SqlErr::ForeignKeyConstraintViolation(what)) => Self::Orphan(what),
            _ => {
                let text = error.to_string();
                let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
                match text {
                    _ if says(&["no such table", "42P01"]) => Self::Empty,
                    text if says(&["database or disk is full", "53100"]) => Self::Full(text),
                    text if is_damage(&text) => Self::Damaged(text),
                    text => Self::Failed(text),
                }
            }
        }
    }
}

/// Whether SQLite found something else than a database of its own, or a part of one that cannot be.
fn is_damage(text: &str) -> bool {
    text.contains("file is not a database") || text.contains("disk image is malformed")
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// `postgres://user:secret@host/db` → `postgres://user:…@host/db`.
#[must_use]
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((user, place)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    let name = user.split_once(':').map_or(user, |(name, _)| name);
    format!("{scheme}://{name}:…@{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            without_password("postgres://ana:s3:c@ret@db/x"),
            "postgres://ana:…@db/x"
        );
        assert_eq!(without_password("sqlite:servanda.db"), "sqlite:servanda.db");
    }
}
