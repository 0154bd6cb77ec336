//! All SQL. sea-orm never leaves this room: what comes out are values of `domain`, what goes in are values of `domain`.

pub mod assessments;
pub mod audit;
pub mod bulk;
pub mod causes;
pub mod codings;
pub mod comments;
pub mod deadlines;
mod derived;
mod entities;
mod error;
pub mod evidence;
pub mod figures;
pub mod files;
pub mod findings;
pub mod forms;
pub mod history;
pub mod imports;
pub mod library;
pub mod links;
pub mod meta;
pub mod participation;
pub mod proposals;
pub mod queues;
pub mod recommendations;
pub mod reference;
pub mod reminders;
pub mod reviews;
pub mod saved_filters;
pub mod seals;
pub mod search;
pub mod sessions;
pub mod standings;
pub mod studies;
pub mod subscriptions;
pub mod users;

pub use error::{StoreError, without_password};

use crate::migrations::Migrator;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection as _, SqliteConnection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use seals::Seal;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Whether a connection that comes back has no transaction open. SQLite ends a transaction by itself when the disk is full, and
/// the driver then waits for ever to end it: such a connection is closed, so that writing goes on when there is room again.
async fn is_clean(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // What the driver still has to roll back comes first.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// A pool of connections to one database.
#[derive(Debug, Clone)]
pub struct Db {
    connection: DatabaseConnection,
}

/// An open write transaction: nothing is kept until [`Tx::commit`].
#[derive(Debug)]
pub struct Tx {
    transaction: DatabaseTransaction,
    /// Rows written so far that no audit event has bound yet.
    unbound: Mutex<Vec<Seal>>,
}

impl Db {
    /// Opens the database at `url`: `sqlite:servanda.db`, `sqlite::memory:` or `postgres://…`. A SQLite file is made if
    /// it does not exist.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when it cannot be opened, with what to do next.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::open(url, true).await
    }

    /// Opens a database that must be there already.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none; [`StoreError::Unreachable`] when it cannot be opened, with what to do
    /// next.
    pub async fn existing(url: &str) -> Result<Self, StoreError> {
        Self::open(url, false).await
    }

    async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        let mut options = ConnectOptions::new(url);
        let in_memory = url.contains(":memory:");
        options
            .max_connections(if in_memory { 1 } else { 8 })
            .acquire_timeout(Duration::from_secs(10))
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(move |sqlite| {
                sqlite
                    .create_if_missing(create)
                    .foreign_keys(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // NORMAL may lose the last commits on power failure; what a user was told is saved must stay saved.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(10))
                    // Eight megabytes for each connection, so that the postings of a common word are read once.
                    .pragma("cache_size", "-8000")
                    // A page of rows or a list of matches is handed over at once, and not by fifty.
                    .row_buffer_size(1_000)
                    // Inserts of many rows are long texts, each of its own length: a hundred of them kept ready fill memory.
                    .statement_cache_capacity(32)
            })
            .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_clean(connection))));
        if in_memory {
            // The database is gone with its last connection.
            let for_ever = Duration::from_secs(365 * 24 * 3600);
            options.min_connections(1).idle_timeout(for_ever).max_lifetime(for_ever);
        }
        let connection = Database::connect(options).await.map_err(|cause| match file_of(url) {
            Some(file) if !create && !file.exists() => StoreError::Missing(url.to_owned()),
            _ => StoreError::unreachable(url, &cause),
        })?;
        Ok(Self { connection })
    }

    /// Brings the tables up to date. Two programs doing so at once do no harm.
    ///
    /// # Errors
    /// When a migration fails; the database is then as it was before that migration.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Migrator::up(&self.connection, None).await.map_err(StoreError::from)
    }

    /// Opens a write transaction. IMMEDIATE on SQLite, so that two writers queue and neither fails halfway.
    ///
    /// # Errors
    /// When the database cannot be reached or stays locked.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connection.begin_with_options(options).await?;
        Ok(Tx {
            transaction,
            unbound: Mutex::default(),
        })
    }

    /// Asks the database the smallest question there is.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.connection.ping().await.map_err(StoreError::from)
    }

    /// Closes every connection, also those of clones: what was written is whole on the disk, on SQLite in one file unless
    /// another program has it open.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(self) -> Result<(), StoreError> {
        let folded = match self.connection.get_database_backend() {
            DbBackend::Sqlite => {
                let fold = "PRAGMA wal_checkpoint(TRUNCATE)";
                self.connection.execute_unprepared(fold).await.map(|_| ())
            }
            _ => Ok(()),
        };
        // Who still holds a connection now has been told to stop; what they write is kept, and the file stays beside.
        let closed = tokio::time::timeout(Duration::from_secs(10), self.connection.close()).await;
        closed.unwrap_or(Ok(())).and(folded).map_err(StoreError::from)
    }

    /// The connection, for the files of this room.
    pub(in crate::store) fn reader(&self) -> &DatabaseConnection {
        &self.connection
    }
}

/// The file of a SQLite database.
fn file_of(url: &str) -> Option<&Path> {
    let place = url.strip_prefix("sqlite:")?;
    let place = place.strip_prefix("//").unwrap_or(place);
    let name = place.split_once('?').map_or(place, |(name, _)| name);
    (name != ":memory:").then(|| Path::new(name))
}

impl Tx {
    /// Keeps everything that was written.
    ///
    /// # Errors
    /// When the database refuses, or when a row was written that no audit event tells of; then nothing was kept.
    pub async fn commit(self) -> Result<(), StoreError> {
        if let Some(row) = self.take_seals().first() {
            let what = format!(
                "{} {} was written without an audit event; nothing was kept",
                row.room, row.key
            );
            return Err(StoreError::Failed(what));
        }
        self.transaction.commit().await.map_err(StoreError::from)
    }

    /// Keeps nothing, and lets the next writer in at once.
    ///
    /// # Errors
    /// When the database cannot be reached; nothing was kept then either.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        self.transaction.rollback().await.map_err(StoreError::from)
    }

    /// Remembers rows that the next audit event has to bind.
    pub(in crate::store) fn note_seals(&self, seals: impl Iterator<Item = Seal>) {
        self.unbound
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(seals);
    }

    /// The rows that wait to be bound, and forgets them.
    pub(in crate::store) fn take_seals(&self) -> Vec<Seal> {
        std::mem::take(&mut *self.unbound.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The open transaction, for the files of this room.
    pub(in crate::store) fn writer(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::ConnectionTrait;

    #[tokio::test]
    async fn a_transaction_that_the_database_ended_by_itself_spoils_no_connection() {
        let file = std::env::temp_dir().join(format!("servanda-{}.db", uuid::Uuid::now_v7()));
        let db = Db::connect(&format!("sqlite:{}", file.display()))
            .await
            .expect("it opens");
        db.migrate().await.expect("migrated");
        // As on a disk that is full: the transaction is over, and the driver does not know.
        for _ in 0..20 {
            let tx = db.begin().await.expect("a transaction");
            tx.writer().execute_unprepared("ROLLBACK").await.expect("ended");
        }
        for _ in 0..20 {
            let tx = db.begin().await.expect("writing goes on");
            meta::set(&tx, "test", "no".to_owned()).await.expect("written");
            tx.roll_back().await.expect("taken back");
        }
        // Another program is not kept out.
        let other = Db::connect(&format!("sqlite:{}", file.display()))
            .await
            .expect("it opens");
        let tx = other.begin().await.expect("nobody is writing");
        meta::set(&tx, "test", "yes".to_owned()).await.expect("written");
        tx.transaction.commit().await.expect("kept");
        assert_eq!(meta::get(&db, "test").await.expect("read"), Some("yes".to_owned()));
        other.close().await.expect("closed");
        db.close().await.expect("closed");
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
    }
}
