//! A database of its own for each test, on the engine that the run asks for.
//!
//! `SERVANDA_TEST_DB=sqlite` (the default) makes a file in a temporary folder. `SERVANDA_TEST_DB=postgres` makes a
//! database in the server that `SERVANDA_TEST_POSTGRES` names (its maintenance address, such as
//! `postgres://postgres@127.0.0.1:54321/postgres`). Both are gone when the [`TestDb`] is.

use sea_orm::{ConnectionTrait, Database};
use servanda::store::Db;
use std::path::PathBuf;
use uuid::Uuid;

/// A fresh, migrated database that ends with this value.
pub struct TestDb {
    /// The open pool.
    pub db: Db,
    /// Its address: for a second pool, or for the program started as a process.
    pub url: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server { maintenance: String, name: String },
}

impl TestDb {
    /// A fresh database with all tables and no rows.
    pub async fn fresh() -> Self {
        let this = Self::unmigrated().await;
        this.db.migrate().await.expect("the migrations run");
        this
    }

    /// A fresh database without tables.
    pub async fn unmigrated() -> Self {
        let (url, place) = if on_postgres() {
            database_in_server().await
        } else {
            file_in_folder()
        };
        let db = Db::connect(&url).await.expect("the test database opens");
        Self { db, url, place }
    }

    /// A second pool on the same database, as a second program on another machine would have.
    pub async fn second_pool(&self) -> Db {
        Db::connect(&self.url).await.expect("the test database opens twice")
    }

    /// Runs statements that no function of the store offers. For planting rows, never for asserting.
    pub async fn execute(&self, sql: &str) {
        let raw = Database::connect(&self.url).await.expect("the test database opens");
        raw.execute_unprepared(sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        raw.close().await.expect("it closes");
    }
}

/// Whether this run is on PostgreSQL.
pub fn on_postgres() -> bool {
    match std::env::var("SERVANDA_TEST_DB").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("SERVANDA_TEST_DB is “{other}”; it must be sqlite or postgres"),
    }
}

fn file_in_folder() -> (String, Place) {
    let folder = std::env::temp_dir().join(format!("servanda-test-{}", Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let url = format!("sqlite:{}", folder.join("servanda.db").display());
    (url, Place::Folder(folder))
}

async fn database_in_server() -> (String, Place) {
    let maintenance = std::env::var("SERVANDA_TEST_POSTGRES")
        .expect("SERVANDA_TEST_POSTGRES names no server; start the tests with tests/run");
    let name = format!("servanda_test_{}", Uuid::now_v7().simple());
    let server = Database::connect(&maintenance).await.expect("the test server answers");
    let create = format!("CREATE DATABASE {name} TEMPLATE template0");
    server.execute_unprepared(&create).await.expect("a database is made");
    server.close().await.expect("it closes");
    (sibling(&maintenance, &name), Place::Server { maintenance, name })
}

/// The address of another database in the same server.
fn sibling(maintenance: &str, name: &str) -> String {
    let (address, query) = maintenance
        .split_once('?')
        .map_or((maintenance, None), |(a, q)| (a, Some(q)));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    query.map_or_else(
        || format!("{server}/{name}"),
        |query| format!("{server}/{name}?{query}"),
    )
}

impl Drop for TestDb {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            Place::Server { maintenance, name } => drop_database(maintenance.clone(), name),
        }
    }
}

/// A destructor cannot wait for a future of the test's own runtime, hence a thread with one of its own.
fn drop_database(maintenance: String, name: &str) {
    let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            if let Ok(server) = Database::connect(&maintenance).await {
                let _ = server.execute_unprepared(&statement).await;
                let _ = server.close().await;
            }
        });
    });
    let _ = thread.join();
}

#[tokio::test]
async fn a_fresh_database_answers_and_two_share_nothing() {
    let (one, other) = (TestDb::fresh().await, TestDb::fresh().await);
    one.execute("INSERT INTO meta (name, value) VALUES ('who', 'one')")
        .await;
    one.db.ping().await.unwrap();
    assert_ne!(one.url, other.url);
    other
        .execute("INSERT INTO meta (name, value) VALUES ('who', 'other')")
        .await;
}
