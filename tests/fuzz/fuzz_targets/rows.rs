//! A CSV file or a workbook of evidence, assessments or recommendations, read and checked against what is held: every field of every row
//! is looked at as the form looks at it. Whatever it is, it is read or refused with reasons.
#![no_main]

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use servanda::actions::bulk::{Incoming, finish, read};
use servanda::actions::import::ensure_shipped;
use servanda::actions::{ActionError, Doing};
use servanda::domain::imports::ImportStatus;
use servanda::store::Db;
use servanda::store::library::{Shelf, load_once};
use std::path::PathBuf;
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

struct Office {
    runtime: Runtime,
    db: Db,
    shelf: Shelf,
    file: PathBuf,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("a moment")
}

static OFFICE: LazyLock<Office> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (db, shelf) = runtime.block_on(async {
        let db = Db::connect("sqlite::memory:").await.expect("a database in memory");
        db.migrate().await.expect("the migrations run");
        ensure_shipped(&db, now()).await.expect("the shipped data");
        let shelf = load_once(&db).await.expect("the facts");
        (db, shelf)
    });
    let file = std::env::temp_dir().join(format!("servanda-fuzz-{}.csv", std::process::id()));
    Office { runtime, db, shelf, file }
});

fuzz_target!(|bytes: &[u8]| {
    let office = &*OFFICE;
    std::fs::write(&office.file, bytes).expect("written");
    let doing = Doing {
        actor: "fuzz@example.org",
        now: now(),
        key: None,
    };
    let incoming = Incoming {
        path: &office.file,
        name: if bytes.starts_with(b"PK") { "rows.xlsx" } else { "rows.csv" },
        sha256: "",
        may_assess: true,
        holder: "fuzz",
    };
    office.runtime.block_on(async {
        let import = match read(&office.db, doing, incoming).await {
            Ok(import) => import,
            Err(ActionError::Invalid(complaints)) => return assert!(!complaints.is_empty()),
            Err(other) => panic!("{other}"),
        };
        let checked = finish(&office.db, &office.shelf, "fuzz", now(), import.id).await.expect("checked");
        assert_eq!(checked.status, ImportStatus::Checked);
        let counts = checked.counts;
        assert_eq!(counts.added + counts.changed + counts.unchanged + counts.refused, checked.total);
    });
});
