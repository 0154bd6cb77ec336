//! An administrator loads data packages: whole, or not at all.

use crate::support::db::TestDb;
use chrono::{DateTime, Utc};
use servanda::actions::import::{Complaint, Difference, ImportError, Source, ensure_shipped, import};
use servanda::store::{audit, library};
use std::path::PathBuf;
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    "2026-11-23T08:00:00Z".parse().expect("a moment")
}

async fn shipped(test: &TestDb) -> Difference {
    import(&test.db, Source::Shipped, false, now(), &|_, _| {})
        .await
        .expect("the shipped data are whole")
}

/// A folder of its own with one file.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, text: &str) -> (Self, PathBuf) {
        let folder = std::env::temp_dir().join(format!("servanda-import-{}", Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        (Self(folder), path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn file(test: &TestDb, name: &str, text: &str, dry_run: bool) -> Result<Difference, ImportError> {
    let (_folder, path) = Folder::with(name, text);
    import(&test.db, Source::Path(&path), dry_run, now(), &|_, _| {}).await
}

fn complaints(result: Result<Difference, ImportError>) -> Vec<Complaint> {
    match result {
        Err(ImportError::Rejected(complaints)) => complaints,
        other => panic!("expected complaints, got {other:?}"),
    }
}

fn counts(difference: &Difference) -> Vec<(&'static str, usize, usize)> {
    let changes = difference
        .changes
        .iter()
        .filter(|change| change.added + change.changed > 0);
    changes
        .map(|change| (change.resource, change.added, change.changed))
        .collect()
}

#[tokio::test]
async fn the_shipped_data_arrive_whole_and_a_second_import_changes_nothing() {
    let test = TestDb::fresh().await;
    let first = shipped(&test).await;
    let total = |name: &str| {
        first
            .changes
            .iter()
            .find(|change| change.resource == name)
            .map_or(0, |change| change.added)
    };
    assert_eq!((total("states"), total("instruments"), total("themes")), (197, 38, 40));
    assert!(total("treaty actions") > 6_000 && total("reservations") > 1_000 && total("evidence") > 150);
    let shelf = library::load_once(&test.db).await.expect("readable");
    let provisions: usize = shelf
        .reference
        .instruments()
        .iter()
        .map(|instrument| instrument.provisions.len())
        .sum();
    assert_eq!(provisions, 622);

    assert!(shipped(&test).await.is_empty());
    let again = library::load_once(&test.db).await.expect("readable");
    assert_eq!(
        again.revision, shelf.revision,
        "an import that changes nothing tells no cache"
    );
    assert_eq!(
        audit::verify(&test.db)
            .await
            .expect("readable")
            .map(|found| found.events),
        Ok(1),
        "nor does it write an audit event"
    );
}

#[tokio::test]
async fn two_starts_at_once_on_one_database_do_no_harm() {
    let test = TestDb::unmigrated().await;
    let other = test.second_pool().await;
    let start = async |db: &servanda::store::Db| {
        db.migrate().await?;
        ensure_shipped(db, now())
            .await
            .map_err(|error| servanda::store::StoreError::Failed(error.to_string()))
    };
    // One of the two may be told that the other was faster; none may leave anything half-written.
    let (one, two) = tokio::join!(start(&test.db), start(&other));
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    ensure_shipped(&test.db, now()).await.expect("a later start succeeds");
    let shelf = library::load_once(&test.db).await.expect("readable");
    assert_eq!(shelf.reference.instruments().len(), 38);
    assert!(shipped(&test).await.is_empty());
}

const PARTICIPATION: &str = "state,instrument,period,status,signature_date,signature_kind,action,action_date,effect_date,effect_basis,parts_excluded,denunciation_date,source,source_date,confidence,note\n";

#[tokio::test]
async fn one_wrong_row_changes_nothing_and_is_named() {
    let test = TestDb::fresh().await;
    shipped(&test).await;
    let good = "FIN,ICRMW,1,party,,,accession,2026-10-01,,,,,note,2026-11-01,high,\n";
    let bad = "SWE,ICRMW,1,party,,,acession,2026-13-01,,,,,note,2026-11-01,high,\n";
    let lost = "ZZZ,ICRWM,1,party,,,accession,2026-10-01,,,,,note,2026-11-01,high,\n";
    let found = complaints(
        file(
            &test,
            "participation.csv",
            &format!("{PARTICIPATION}{good}{bad}"),
            false,
        )
        .await,
    );
    let places: Vec<(Option<u64>, Option<&str>)> = found.iter().map(|c| (c.row, c.column.as_deref())).collect();
    assert_eq!(places, [(Some(3), Some("action_date")), (Some(3), Some("action"))]);
    assert!(
        found[0].reason.contains("2026-13-01") && found[0].reason.contains("YYYY-MM-DD"),
        "{}",
        found[0]
    );

    let found = complaints(
        file(
            &test,
            "participation.csv",
            &format!("{PARTICIPATION}{good}{lost}"),
            false,
        )
        .await,
    );
    let text: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(
        text[0].starts_with("participation.csv, row 3, column state:"),
        "{text:?}"
    );
    assert!(
        text[1].starts_with("participation.csv, row 3, column instrument:"),
        "{text:?}"
    );

    let shelf = library::load_once(&test.db).await.expect("readable");
    let finland = shelf.world.facts(&"FIN".parse().expect("a code")).expect("known");
    assert!(
        !finland.actions.contains_key(&"ICRMW".parse().expect("a code")),
        "the good row was not kept either"
    );
}

#[tokio::test]
async fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let test = TestDb::fresh().await;
    shipped(&test).await;
    let rows = "FIN,ICRMW,1,party,,,accession,2026-10-01,,,,,note,2026-11-01,high,\nMLI,ICRMW,1,party,,,accession,2003-06-06,,,,,corrected,2026-11-01,high,\n";
    let text = format!("{PARTICIPATION}{rows}");
    let dry = file(&test, "participation.csv", &text, true).await.expect("valid");
    assert_eq!(counts(&dry), [("treaty actions", 1, 1)]);
    assert_eq!(
        counts(&file(&test, "participation.csv", &text, false).await.expect("valid")),
        [("treaty actions", 1, 1)]
    );
    assert!(
        file(&test, "participation.csv", &text, false)
            .await
            .expect("valid")
            .is_empty()
    );
}

#[tokio::test]
async fn bad_files_are_told_apart() {
    let test = TestDb::fresh().await;
    shipped(&test).await;
    let said = |result: Result<Difference, ImportError>| match result {
        Err(ImportError::Rejected(complaints)) => complaints[0].to_string(),
        Err(error) => error.to_string(),
        Ok(found) => panic!("accepted: {found:?}"),
    };
    let text = said(file(&test, "participation.csv", "state,instrument\nMEX,ICRMW\n", false).await);
    assert!(
        text.contains("the header lacks") && text.contains("action_date"),
        "{text}"
    );
    let text = said(
        file(
            &test,
            "participation.csv",
            &format!("{PARTICIPATION}MEX,ICRMW\n"),
            false,
        )
        .await,
    );
    assert!(text.contains("row 2") && text.contains("2 fields"), "{text}");
    let text = said(file(&test, "strange.csv", "a,b\n1,2\n", false).await);
    assert!(text.contains("none of the files we know"), "{text}");
    let twice = format!(
        "{PARTICIPATION}FIN,ICRMW,1,signatory,2020-01-01,,,,,,,,n,2026,high,\nFIN,ICRMW,1,signatory,2020-01-01,,,,,,,,n,2026,high,\n"
    );
    let text = said(file(&test, "participation.csv", &twice, false).await);
    assert!(text.contains("already in participation.csv row 2"), "{text}");
    let text = said(
        import(
            &test.db,
            Source::Path(&PathBuf::from("nowhere")),
            false,
            now(),
            &|_, _| {},
        )
        .await,
    );
    assert!(text.contains("nowhere does not exist"), "{text}");
}

#[test]
fn the_description_of_the_package_names_exactly_our_columns() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/datapackage.json");
    let text = std::fs::read_to_string(path).expect("a package");
    let package: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for (name, columns) in servanda::domain::tables::COLUMNS {
        let resources = package["resources"].as_array().expect("resources");
        let resource = resources
            .iter()
            .find(|resource| resource["name"] == *name)
            .expect("described");
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let fields: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        assert_eq!(&fields, columns, "{name}");
    }
}

#[tokio::test]
async fn what_is_exported_comes_back_as_it_went() {
    let test = TestDb::fresh().await;
    shipped(&test).await;
    let shelf = library::load_once(&test.db).await.expect("readable");
    let evidence = servanda::store::evidence::all(&test.db).await.expect("readable");
    let causes = servanda::store::causes::all_standing(&test.db).await.expect("readable");
    let files =
        servanda::export::package::files(&shelf.reference, &shelf.world, &evidence, &causes).expect("plain values");
    let (folder, _) = Folder::with("placeholder", "");
    for (name, bytes) in &files {
        let path = folder.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let back = import(&test.db, Source::Path(&folder.0), true, now(), &|_, _| {})
        .await
        .expect("valid");
    let changed: Vec<_> = back
        .changes
        .iter()
        .filter(|change| change.added + change.changed > 0)
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
}
