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

    /// A database of its own that holds the shipped data as they were imported on the morning of 23 November 2026. They
    /// are imported once in a run, and copied.
    pub async fn shipped() -> Self {
        let (url, place) = if on_postgres() {
            template::in_server().await
        } else {
            template::in_folder().await
        };
        let db = Db::connect(&url).await.expect("the test database opens");
        Self { db, url, place }
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

/// The shipped data, imported once in a run by whichever test comes first; the others wait for it and copy it.
mod template {
    use super::{Place, file_in_folder, maintenance_address, sibling};
    use crate::support::desk::morning;
    use sea_orm::{ConnectionTrait, Database, Statement};
    use servanda::actions::import::ensure_shipped;
    use servanda::store::Db;
    use std::path::Path;
    use std::time::Duration;
    use uuid::Uuid;

    async fn fill(url: &str) {
        let db = Db::connect(url).await.expect("the template opens");
        db.migrate().await.expect("the migrations run");
        ensure_shipped(&db, morning()).await.expect("the shipped data");
        db.close().await.expect("the template closes");
    }

    /// The data belong to this build: another one may import them otherwise.
    fn name() -> String {
        let program = std::env::current_exe().expect("a program");
        let built = std::fs::metadata(&program)
            .and_then(|data| data.modified())
            .expect("a time");
        let built = built
            .duration_since(std::time::UNIX_EPOCH)
            .expect("after 1970")
            .as_nanos();
        format!("servanda_template_{built}")
    }

    pub(super) async fn in_folder() -> (String, Place) {
        let whole = std::env::temp_dir().join(format!("{}.db", name()));
        if !whole.exists() {
            once(&whole).await;
        }
        let (url, place) = file_in_folder();
        let path = url.trim_start_matches("sqlite:");
        std::fs::copy(&whole, path).expect("the template is copied");
        (url, place)
    }

    async fn once(whole: &Path) {
        let lock = whole.with_extension("lock");
        if std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&lock)
            .is_ok()
        {
            let part = whole.with_extension("part");
            fill(&format!("sqlite:{}", part.display())).await;
            std::fs::rename(&part, whole).expect("the template is whole");
            return;
        }
        for _ in 0..1_200 {
            if whole.exists() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} was begun and never finished", whole.display());
    }

    pub(super) async fn in_server() -> (String, Place) {
        let maintenance = maintenance_address();
        let server = Database::connect(&maintenance).await.expect("the test server answers");
        let template = name();
        let wait = "SELECT pg_advisory_lock(20261123)";
        server.execute_unprepared(wait).await.expect("locked");
        let ask = format!("SELECT 1 FROM pg_database WHERE datname = '{template}'");
        let there = server
            .query_one_raw(Statement::from_string(sea_orm::DatabaseBackend::Postgres, ask))
            .await
            .expect("an answer");
        if there.is_none() {
            let part = format!("{template}_part");
            let clear = format!("DROP DATABASE IF EXISTS {part} WITH (FORCE)");
            server
                .execute_unprepared(&clear)
                .await
                .expect("what a killed test left is gone");
            let create = format!("CREATE DATABASE {part} TEMPLATE template0");
            server.execute_unprepared(&create).await.expect("a database is made");
            fill(&sibling(&maintenance, &part)).await;
            let rename = format!("ALTER DATABASE {part} RENAME TO {template}");
            server.execute_unprepared(&rename).await.expect("the template is whole");
        }
        let name = format!("servanda_test_{}", Uuid::now_v7().simple());
        let copy = format!("CREATE DATABASE {name} TEMPLATE {template}");
        server.execute_unprepared(&copy).await.expect("the template is copied");
        server.close().await.expect("it closes");
        (sibling(&maintenance, &name), Place::Server { maintenance, name })
    }
}

fn maintenance_address() -> String {
    std::env::var("SERVANDA_TEST_POSTGRES")
        .expect("SERVANDA_TEST_POSTGRES names no server; start the tests with tests/run")
}

fn file_in_folder() -> (String, Place) {
    let folder = std::env::temp_dir().join(format!("servanda-test-{}", Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let url = format!("sqlite:{}", folder.join("servanda.db").display());
    (url, Place::Folder(folder))
}

async fn database_in_server() -> (String, Place) {
    let maintenance = maintenance_address();
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
