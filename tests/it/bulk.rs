//! Many rows at once: what a file would change is seen before it is made, wrong rows are mended, and whoever is stopped
//! goes on.

use crate::support::app::{Answer, TestApp};
use crate::support::db::TestDb;
use crate::support::desk::{self, doing};
use crate::support::people;
use axum::http::StatusCode;
use servanda::actions::ActionError;
use servanda::actions::bulk::{self, Confirmation, Incoming, confirm, finish, step};
use servanda::actions::recommendations::{RecommendationDraft, record};
use servanda::clock::Clock;
use servanda::domain::bulk::Noun;
use servanda::domain::ids::ImportId;
use servanda::domain::imports::{Counts, Import, ImportStatus, RowStatus};
use servanda::domain::reviews::ReviewStatus;
use servanda::export::bulk::{Book, csv_row, heads};
use servanda::store::bulk::{Ask, page};
use servanda::store::library::{Shelf, load_once};
use servanda::store::{Db, audit, evidence, imports, recommendations};
use servanda::worker::{Holder, Importer};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;

/// One cell of a row by its column.
type Cells<'a> = &'a [(&'a str, &'a str)];

/// A right row of that noun with some cells changed.
pub fn row(noun: Noun, changes: Cells<'_>) -> Vec<String> {
    let usual: Cells<'_> = match noun {
        Noun::Evidence => &[
            ("state", "MEX"),
            ("title", "Stations inspected without notice"),
            (
                "gist",
                "An inspectorate found people held for longer than the law allows.",
            ),
            ("source_kind", "nhri"),
            ("author_role", "nhri"),
            ("published", "2026-03"),
            ("stance", "contradicts"),
            ("strength", "strong"),
            ("grade", "1"),
            ("kind", "outcome"),
            ("reliability", "A"),
            ("credibility", "2"),
            ("theme", "T08"),
        ],
        Noun::Assessments => &[
            ("state", "MEX"),
            ("provision", "ICRMW-16.4"),
            ("grade", "1"),
            ("reasons", "Nothing shows that the limit is kept."),
        ],
        Noun::Recommendations => &[
            ("state", "Mexico"),
            ("body", "upr"),
            ("symbol", "A/HRC/56/9"),
            ("paragraph", "132.4"),
            ("date", "2024-03"),
            ("text", "Ends the detention of children for reasons of migration."),
            ("wording", "own_words"),
            ("themes", "T08"),
            ("acceptance", "accepted"),
        ],
    };
    let cell = |name: &str| {
        let of = |cells: Cells<'_>| {
            cells
                .iter()
                .find(|(column, _)| *column == name)
                .map(|(_, text)| (*text).to_owned())
        };
        of(changes).or_else(|| of(usual)).unwrap_or_default()
    };
    heads(noun).into_iter().map(cell).collect()
}

/// Rows as a CSV file.
pub fn csv(noun: Noun, rows: &[Vec<String>]) -> Vec<u8> {
    let mut bytes = csv_row(&heads(noun));
    rows.iter().for_each(|row| bytes.extend(csv_row(row)));
    bytes
}

/// Sheets as a workbook.
pub fn xlsx(sheets: &[(Noun, Vec<Vec<String>>)]) -> Vec<u8> {
    let mut book = Book::default();
    for (noun, rows) in sheets {
        book.sheet(*noun, &heads(*noun)).expect("a sheet");
        rows.iter().for_each(|row| book.row(row).expect("a row"));
    }
    let mut bytes = Vec::new();
    book.save(&mut bytes).expect("saved");
    bytes
}

/// A database with the shipped data and accounts, and files in a folder.
pub struct Office {
    pub test: TestDb,
    pub shelf: Shelf,
    folder: PathBuf,
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Office {
    pub async fn open() -> Self {
        let test = TestDb::shipped().await;
        people::make(&test.db, desk::morning()).await;
        let shelf = load_once(&test.db).await.expect("readable");
        let folder = std::env::temp_dir().join(format!("servanda-bulk-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self { test, shelf, folder }
    }

    pub fn db(&self) -> &Db {
        &self.test.db
    }

    /// Reads a file into rows that wait.
    pub async fn read(&self, bytes: &[u8]) -> Result<Import, Vec<String>> {
        let path = self.folder.join(uuid::Uuid::now_v7().simple().to_string());
        std::fs::write(&path, bytes).expect("written");
        let incoming = Incoming {
            path: &path,
            name: "rows",
            sha256: "0",
            may_assess: true,
            holder: "test",
        };
        match bulk::read(self.db(), doing(people::MONITOR), incoming).await {
            Ok(import) => Ok(import),
            Err(ActionError::Invalid(errors)) => Err(errors.into_iter().map(|one| one.why).collect()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Reads and checks a file.
    pub async fn check(&self, bytes: &[u8]) -> Import {
        let import = self.read(bytes).await.expect("usable");
        self.finish(import.id).await
    }

    pub async fn finish(&self, id: ImportId) -> Import {
        finish(self.db(), &self.shelf, "test", desk::morning(), id)
            .await
            .expect("finished")
    }

    pub async fn confirm(&self, id: ImportId, choice: &str) -> Result<Import, ActionError> {
        let choice = choice.to_owned();
        confirm(self.db(), doing(people::MONITOR), id, &Confirmation { choice }).await
    }

    /// Reads, checks and writes a file.
    pub async fn import(&self, bytes: &[u8]) -> Import {
        let import = self.check(bytes).await;
        self.confirm(import.id, "right").await.expect("confirmed");
        self.finish(import.id).await
    }

    /// Every complaint about a checked file.
    pub async fn complaints(&self, id: ImportId) -> Vec<String> {
        let rows = imports::page(self.db(), id, 0, &[RowStatus::Refused], 10_000).await;
        rows.expect("readable")
            .iter()
            .flat_map(|row| row.complaints())
            .collect()
    }

    /// Everything of one kind as rows.
    pub async fn export(&self, noun: Noun) -> Vec<Vec<String>> {
        let ask = Ask {
            noun,
            state: None,
            theme: None,
            instrument: None,
            as_of: desk::morning().date_naive(),
        };
        let found = page(self.db(), &self.shelf.reference, &ask, None)
            .await
            .expect("readable");
        assert!(found.next.is_none(), "one page");
        found.rows
    }

    pub async fn audited(&self) {
        audit::verify(self.db())
            .await
            .expect("read")
            .expect("the chain is whole");
    }
}

fn counts(added: i32, changed: i32, unchanged: i32, refused: i32) -> Counts {
    Counts {
        added,
        changed,
        unchanged,
        refused,
    }
}

#[tokio::test]
async fn a_workbook_with_three_sheets_is_previewed_then_written_and_nothing_is_done_twice() {
    let office = Office::open().await;
    let db = office.db();
    let evidence_row = row(Noun::Evidence, &[("key", "MX-1")]);
    let book = xlsx(&[
        (Noun::Evidence, vec![evidence_row.clone()]),
        (Noun::Assessments, vec![row(Noun::Assessments, &[])]),
        (Noun::Recommendations, vec![row(Noun::Recommendations, &[])]),
    ]);
    let checked = office.check(&book).await;
    assert_eq!(
        (checked.status, checked.counts),
        (ImportStatus::Checked, counts(3, 0, 0, 0))
    );
    assert!(
        evidence::by_key(db, "MX-1").await.expect("readable").is_none(),
        "a preview writes nothing"
    );

    office.confirm(checked.id, "all").await.expect("confirmed");
    let done = office.finish(checked.id).await;
    assert_eq!((done.status, done.applied), (ImportStatus::Done, 3));
    let held = evidence::by_key(db, "MX-1").await.expect("readable").expect("there");
    assert_eq!((held.revision, held.status), (1, ReviewStatus::Submitted));
    let mexico = "MEX".parse().expect("a state");
    let found = recommendations::of_state(db, &mexico).await.expect("readable");
    assert_eq!(found.len(), 1);
    let grades = office.export(Noun::Assessments).await;
    assert!(
        grades.iter().any(|cells| cells[1] == "ICRMW-16.4" && cells[2] == "1"),
        "{grades:?}"
    );

    // Confirmed twice, and the same file again.
    assert_eq!(
        office.confirm(checked.id, "all").await.expect("no harm").status,
        ImportStatus::Done
    );
    office.finish(checked.id).await;
    let again = office.check(&book).await;
    assert_eq!(again.counts, counts(0, 0, 3, 0));
    assert_eq!(evidence::revisions_of(db, held.id).await.expect("readable").len(), 1);
    office.audited().await;
}

#[tokio::test]
async fn every_error_of_every_row_is_told_at_once_with_its_place_and_the_mended_rows_go_in() {
    let office = Office::open().await;
    let rows = vec![
        row(Noun::Evidence, &[("key", "A-1")]),
        row(
            Noun::Evidence,
            &[
                ("key", "A-2"),
                ("state", "Mexcio"),
                ("stance", "against"),
                ("grade", "7"),
            ],
        ),
        row(
            Noun::Evidence,
            &[("key", "A-3"), ("published", "2026-02-30"), ("theme", "T99")],
        ),
        row(
            Noun::Evidence,
            &[("key", "A-4"), ("title", ""), ("link", "javascript:1")],
        ),
        row(Noun::Evidence, &[("key", "A-1"), ("title", "Said twice")]),
    ];
    let checked = office.check(&csv(Noun::Evidence, &rows)).await;
    assert_eq!(checked.counts, counts(1, 0, 0, 4));
    let told = office.complaints(checked.id).await;
    for expected in [
        "evidence, row 3, column state: there is no state “Mexcio”; did you mean MEX?",
        "evidence, row 3, column stance: “against” is not one of: supports, contradicts, qualifies",
        "evidence, row 3, column grade: “7” is not a grade: 0, 1, 2, 3 or 4",
        "evidence, row 4, column published: “2026-02-30” is not a date: write YYYY-MM-DD, YYYY-MM or YYYY",
        "evidence, row 4, column theme: there is no theme “T99”",
        "evidence, row 5, column title: must be given",
        "evidence, row 5, column link: “javascript:1” is not a web address: it starts with https:// and has no spaces",
        "evidence, row 6: row 2 is about the same; leave one of them out",
    ] {
        assert!(
            told.iter().any(|line| line.starts_with(expected)),
            "“{expected}” is not among {told:#?}"
        );
    }
    let refused = office.confirm(checked.id, "all").await;
    assert!(
        matches!(refused, Err(ActionError::Invalid(_))),
        "it must be said what becomes of the wrong rows"
    );
    office.confirm(checked.id, "right").await.expect("confirmed");
    assert_eq!(office.finish(checked.id).await.applied, 1);

    let mended = vec![
        row(Noun::Evidence, &[("key", "A-2")]),
        row(Noun::Evidence, &[("key", "A-3")]),
        row(Noun::Evidence, &[("key", "A-4")]),
    ];
    let done = office.import(&csv(Noun::Evidence, &mended)).await;
    assert_eq!((done.applied, done.counts.refused), (3, 0));
    office.audited().await;
}

#[tokio::test]
async fn a_change_is_a_new_revision_that_waits_and_a_missing_column_leaves_what_is_held() {
    let office = Office::open().await;
    let db = office.db();
    let first = row(Noun::Evidence, &[("key", "MX-1"), ("symbol", "CMW/C/MEX/CO/3")]);
    office.import(&csv(Noun::Evidence, &[first])).await;
    let held = evidence::by_key(db, "MX-1").await.expect("readable").expect("there");
    let waiting = office.check(b"key;grade\r\nMX-1;2\r\n").await;
    let told = office.complaints(waiting.id).await;
    assert!(told[0].contains("waits for review"), "{told:?}");

    desk::accept(db, &format!("/evidence/{}", held.id)).await;
    let changed = office.check("\u{feff}key;grade\r\nMX-1;2\r\n".as_bytes()).await;
    assert_eq!(changed.counts, counts(0, 1, 0, 0));
    let shown = imports::page(db, changed.id, 0, &[RowStatus::Changed], 10)
        .await
        .expect("readable");
    let change = &shown[0].report.changes;
    assert_eq!(change.len(), 1);
    assert_eq!(
        (change[0].field.as_str(), change[0].old.as_str(), change[0].new.as_str()),
        ("grade", "1", "2")
    );
    office.confirm(changed.id, "all").await.expect("confirmed");
    office.finish(changed.id).await;
    let all = evidence::revisions_of(db, held.id).await.expect("readable");
    assert_eq!(all.len(), 2);
    assert!(all[0].stands(), "what was accepted counts until the change is");
    assert_eq!(all[1].status, ReviewStatus::Submitted);
    assert_eq!(all[1].evidence.symbol, "CMW/C/MEX/CO/3");

    // Without a key it is known by state, document, paragraph and title.
    let nameless = row(Noun::Evidence, &[("symbol", "cmw/c/mex/co/3"), ("grade", "2")]);
    let same = office.check(&csv(Noun::Evidence, &[nameless])).await;
    assert_eq!(same.counts.added, 0, "{:?}", office.complaints(same.id).await);
    office.audited().await;
}

#[tokio::test]
async fn assessments_follow_the_rules_of_a_single_grade() {
    let office = Office::open().await;
    let rows = vec![
        row(Noun::Assessments, &[]),
        row(Noun::Assessments, &[("provision", "ICRMW-16.44")]),
        row(Noun::Assessments, &[("provision", "C97-6.1(A)")]),
        row(
            Noun::Assessments,
            &[("provision", "ICRMW-22.1"), ("evidence", "no-such-key")],
        ),
        row(
            Noun::Assessments,
            &[("provision", "ICRMW-22.2"), ("grade", "5"), ("reasons", "")],
        ),
    ];
    let checked = office.check(&csv(Noun::Assessments, &rows)).await;
    let told = office.complaints(checked.id).await.join("\n");
    for expected in [
        "row 3, column provision: there is no provision “ICRMW-16.44”",
        "row 4, column provision: C97-6.1(A) is not in force for MEX today",
        "row 5, column evidence: there is no evidence “no-such-key”",
        "row 6, column grade: “5” is not a grade",
        "row 6, column reasons: must be given",
    ] {
        assert!(told.contains(expected), "“{expected}” is not in:\n{told}");
    }
    assert_eq!(checked.counts, counts(1, 0, 0, 4));
    office.confirm(checked.id, "right").await.expect("confirmed");
    office.finish(checked.id).await;

    let stale = row(Noun::Assessments, &[("grade", "2"), ("seen_grade", "0")]);
    let conflict = office.check(&csv(Noun::Assessments, &[stale])).await;
    assert!(office.complaints(conflict.id).await[0].contains("the grade is now “not in place”"));
    let decided = row(Noun::Assessments, &[("grade", "2"), ("seen_grade", "1")]);
    let done = office.import(&csv(Noun::Assessments, &[decided])).await;
    assert_eq!(done.counts, counts(0, 1, 0, 0));
    let standing = office.export(Noun::Assessments).await;
    let one: Vec<_> = standing
        .iter()
        .filter(|cells| cells[0] == "MEX" && cells[1] == "ICRMW-16.4")
        .collect();
    assert_eq!(one.len(), 1, "the earlier decision is superseded");
    assert_eq!(one[0][2], "2");
    office.audited().await;
}

#[tokio::test]
async fn whoever_is_killed_in_the_middle_is_followed_by_another_who_writes_the_rest_once() {
    let office = Office::open().await;
    let db = office.db();
    let rows: Vec<_> = (0..2_500)
        .map(|at| row(Noun::Evidence, &[("key", &format!("K-{at}"))]))
        .collect();
    let import = office.read(&csv(Noun::Evidence, &rows)).await.expect("usable");
    let now = desk::morning();
    let go = |holder: &'static str| step(db, &office.shelf, holder, now, import.id);
    assert_eq!(go("first").await.expect("checked").position, 1_000);
    // The first is killed before its second transaction ends.
    {
        let killed = go("first");
        let soon = tokio::time::timeout(std::time::Duration::from_millis(3), killed).await;
        drop(soon);
    }
    let checked = office.finish(import.id).await;
    assert_eq!(
        (checked.status, checked.counts),
        (ImportStatus::Checked, counts(2_500, 0, 0, 0))
    );
    office.confirm(import.id, "all").await.expect("confirmed");
    assert_eq!(go("first").await.expect("written").applied, 1_000);

    // Another program goes on when the lease has ended, and only then.
    let importer = |moment: &str| Importer {
        db: office.test.db.clone(),
        library: Arc::default(),
        clock: Clock::fixed(moment.parse().expect("a moment")),
        holder: Holder::this_process(),
    };
    let (_hold, stop) = watch::channel(false);
    let early = importer("2026-11-23T08:00:30Z").pass(&stop).await.expect("a pass");
    assert_eq!(early, 0, "the first still has its lease");
    let later = importer("2026-11-23T08:05:00Z").pass(&stop).await.expect("a pass");
    assert_eq!(later, 2);
    let done = imports::get(db, import.id).await.expect("readable").expect("there");
    assert_eq!((done.status, done.applied), (ImportStatus::Done, 2_500));
    let held = evidence::by_key(db, "K-2499").await.expect("readable").expect("there");
    assert_eq!(held.revision, 1);
    office.audited().await;
}

#[tokio::test]
async fn what_changed_after_the_preview_is_not_overwritten() {
    let office = Office::open().await;
    let first = row(Noun::Recommendations, &[]);
    office.import(&csv(Noun::Recommendations, &[first])).await;
    let noted = row(Noun::Recommendations, &[("acceptance", "noted")]);
    let seen = office.check(&csv(Noun::Recommendations, &[noted])).await;
    assert_eq!(seen.counts, counts(0, 1, 0, 0));
    let other = RecommendationDraft {
        state: "MEX".to_owned(),
        body: "upr".to_owned(),
        symbol: "A/HRC/56/9".to_owned(),
        paragraph: "132.4".to_owned(),
        text: "Somebody else writes it otherwise.".to_owned(),
        wording: "own_words".to_owned(),
        themes: "T08".to_owned(),
        acceptance: "in_part".to_owned(),
        ..RecommendationDraft::default()
    };
    let reference = &office.shelf.reference;
    let id = record(office.db(), reference, doing(people::COLLEAGUE), &other)
        .await
        .expect("recorded");
    let same = record(office.db(), reference, doing(people::COLLEAGUE), &other)
        .await
        .expect("no harm");
    assert_eq!(same, id, "the same once more writes nothing");
    office.confirm(seen.id, "all").await.expect("confirmed");
    let done = office.finish(seen.id).await;
    assert_eq!((done.applied, done.counts), (0, counts(0, 0, 0, 1)));
    assert!(office.complaints(seen.id).await[0].contains("somebody else changed this after you looked"));
    let all = recommendations::revisions_of(office.db(), id).await.expect("readable");
    assert_eq!(all.len(), 2);
    office.audited().await;
}

#[tokio::test]
async fn everything_that_is_exported_comes_back_unchanged() {
    let office = Office::open().await;
    let tricky = row(
        Noun::Evidence,
        &[
            ("key", "X-1"),
            ("title", "=1+1"),
            ("gist", "'-quoted\nand, \"more\"; lines"),
        ],
    );
    let held = office.import(&csv(Noun::Evidence, &[tricky])).await;
    let target = imports::page(office.db(), held.id, 0, &[], 1).await.expect("readable")[0]
        .report
        .target
        .clone();
    desk::accept(office.db(), &target.expect("an identity")).await;
    office
        .import(&csv(
            Noun::Assessments,
            &[row(Noun::Assessments, &[("evidence", "X-1")])],
        ))
        .await;
    office
        .import(&csv(Noun::Recommendations, &[row(Noun::Recommendations, &[])]))
        .await;
    for noun in Noun::ALL {
        let rows = office.export(*noun).await;
        assert!(!rows.is_empty(), "{noun:?}");
        for bytes in [csv(*noun, &rows), xlsx(&[(*noun, rows.clone())])] {
            let import = office.check(&bytes).await;
            let told = office.complaints(import.id).await;
            assert_eq!(
                import.counts.unchanged, import.total,
                "{noun:?}: {told:#?} {:?}",
                import.counts
            );
        }
    }
    assert!(
        office
            .export(Noun::Evidence)
            .await
            .iter()
            .any(|cells| cells[2] == "=1+1")
    );
}

async fn send(app: &mut TestApp, key: &str, name: &str, bytes: &[u8]) -> Answer {
    app.see("/imports").await;
    app.post_file("/imports", key, name, bytes).await
}

#[tokio::test]
async fn a_monitor_sends_looks_decides_and_takes_the_wrong_rows_home() {
    let mut app = TestApp::start().await;
    assert_eq!(app.get("/imports").await.status, StatusCode::SEE_OTHER, "sign in first");
    app.sign_in_as(people::READER).await;
    assert_eq!(app.get("/imports").await.status, StatusCode::FORBIDDEN);
    app.sign_in_as(people::MONITOR).await;
    let rows = vec![
        row(Noun::Evidence, &[("key", "W-1")]),
        row(Noun::Evidence, &[("key", "W-2"), ("stance", "=against")]),
    ];
    let file = csv(Noun::Evidence, &rows);
    let sent = send(&mut app, "key-1", "rows.csv", &file).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let place = sent.to().to_owned();
    let twice = send(&mut app, "key-1", "rows.csv", &file).await;
    assert_eq!(twice.to(), "/sent/key-1", "a double click makes one import");

    let page = app.see(&place).await;
    page.says(&[
        "Nothing is written yet. 1 row would be written, 1 is wrong.",
        "evidence 3",
        "“=against” is not one of",
    ]);
    let wrong = app.see(&format!("{place}/wrong/evidence.csv")).await;
    let head = wrong.text.lines().next().unwrap_or("");
    assert!(head.ends_with(",review_by,error"), "{head}");
    assert!(
        wrong.text.contains("'=against"),
        "no formula leaves the house: {}",
        wrong.text
    );
    let workbook = app.see(&format!("{place}/wrong/evidence.xlsx")).await;
    assert!(workbook.bytes.starts_with(b"PK"));

    app.see(&place).await;
    let undecided = app.post_form(&format!("{place}/decide"), &[("choice", "all")]).await;
    assert_eq!(undecided.status, StatusCode::UNPROCESSABLE_ENTITY);
    let decided = app
        .post_form(
            &format!("{place}/decide"),
            &[("choice", "right"), ("form_key", "key-2")],
        )
        .await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text);
    app.see(&place).await.says(&["1 row was written under your name"]);
    app.see(&format!("{place}?show=added")).await.says(&["/evidence/"]);

    // The file as it came, mended where it said so.
    let mended = wrong.text.replace("'=against", "qualifies");
    let again = send(&mut app, "key-3", "wrong.csv", mended.as_bytes()).await;
    let place = again.to().to_owned();
    app.see(&place).await.says(&["1 row would be written, none is wrong"]);
    app.post_form(&format!("{place}/decide"), &[("choice", "all"), ("form_key", "key-4")])
        .await;
    assert!(evidence::by_key(&app.test.db, "W-2").await.expect("readable").is_some());

    // Nobody else sees it.
    app.sign_in_as(people::COLLEAGUE).await;
    assert_eq!(app.get(&place).await.status, StatusCode::NOT_FOUND);
    app.audited().await;
}

#[tokio::test]
async fn recommendations_are_listed_filtered_and_shown_as_of_a_day() {
    let mut app = TestApp::start().await;
    app.sign_in_as(people::MONITOR).await;
    let rows = vec![
        row(Noun::Recommendations, &[]),
        row(
            Noun::Recommendations,
            &[("paragraph", "132.5"), ("acceptance", "noted"), ("themes", "T12")],
        ),
    ];
    let sent = send(&mut app, "r-1", "rows.xlsx", &xlsx(&[(Noun::Recommendations, rows)])).await;
    let place = sent.to().to_owned();
    app.see(&place).await;
    app.post_form(&format!("{place}/decide"), &[("choice", "all"), ("form_key", "r-2")])
        .await;
    app.leave();
    let list = "/states/MEX/recommendations";
    app.see("/states/MEX").await.says(&[list]);
    let all = app.see(list).await;
    all.says(&["2 recommendations to Mexico: 1 accepted", "A/HRC/56/9, para. 132.4"]);
    app.see(&format!("{list}?acceptance=noted"))
        .await
        .says(&["132.5"])
        .keeps_quiet_about(&["132.4"]);
    app.see(&format!("{list}?theme=T08&body=upr"))
        .await
        .says(&["132.4"])
        .keeps_quiet_about(&["132.5"]);
    app.see(&format!("{list}?as_of=2026-11-22"))
        .await
        .keeps_quiet_about(&["A/HRC/56/9"]);
    app.see(&format!("{list}.csv"))
        .await
        .says(&["state,body,cycle", "MEX,upr"]);
    let item = all.link("A/HRC/56/9, para. 132.4");
    app.see(&item)
        .await
        .says(&["Ends the detention of children", "in our own words", "accepted"]);
    let before = app.get(&format!("{item}?as_of=2026-11-22")).await;
    assert_eq!(before.status, StatusCode::NOT_FOUND);
}
