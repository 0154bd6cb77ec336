//! Files as people's programs write them, and as an enemy builds them.

use crate::bulk::{Office, csv, row, xlsx};
use crate::support::app::TestApp;
use crate::support::people;
use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use servanda::domain::bulk::Noun;
use servanda::domain::imports::{ImportStatus, RowStatus};
use servanda::export::bulk::{csv_row, heads, template};
use servanda::store::imports;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A workbook with one sheet of that name and those rows as they stand in its XML.
fn workbook(sheet: &str, rows: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let styles = format!(
        "<styleSheet xmlns=\"{main}\"><numFmts count=\"1\"><numFmt numFmtId=\"170\" formatCode=\"yyyy-mm-dd\"/></numFmts>\
         <fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders>\
         <cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/><xf numFmtId=\"17\"/></cellXfs></styleSheet>"
    );
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\"><sheets><sheet name=\"{sheet}\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{rel}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("xl/styles.xml", styles),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    for (name, text) in &parts {
        zip.start_file(*name, options).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    for (name, bytes) in more {
        zip.start_file(*name, options).expect("a part");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

fn text_row(number: u32, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"))
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

#[tokio::test]
async fn hostile_files_are_refused_with_a_reason_and_leave_nothing() {
    let office = Office::open().await;
    let bomb = {
        let zeros = vec![b' '; 60_000_000];
        workbook("evidence", "", &[("xl/sharedStrings.xml", &zeros)])
    };
    assert!(bomb.len() < 200_000, "{} bytes", bomb.len());
    let whole = xlsx(&[(Noun::Evidence, vec![row(Noun::Evidence, &[])])]);
    let macros = workbook("evidence", "", &[("xl/vbaProject.bin", b"x")]);
    let named = workbook("Evidenc", "", &[]);
    let foreign = workbook("Sheet1", "", &[]);
    let typo = csv_row(&["key", "titel", "grade", "state", "colour"]);
    let cases: Vec<(&[u8], &str)> = vec![
        (b"", "the file is empty"),
        (&bomb, "unpacks to more than"),
        (&whole[..whole.len() / 2], "damaged or was cut off"),
        (&macros, "holds macros"),
        (&named, "did you mean evidence?"),
        (&foreign, "it has “Sheet1”"),
        (&typo, "did you mean title?"),
        (b"PK\x03\x04nonsense", "damaged or was cut off"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "save it as .xlsx without a password",
        ),
        (b"\xff\xfek\x00e\x00y\x00", "UTF-16"),
        (b"%PDF-1.7", "neither a CSV file nor"),
        (b"a,b\n1,2\n", "no row of column names"),
        (b"key,grade\n", "no rows below it"),
    ];
    for (bytes, expected) in cases {
        let told = office.read(bytes).await.expect_err(expected).join("\n");
        assert!(told.contains(expected), "“{expected}” is not in: {told}");
    }
    let all = imports::of(office.db(), people::MONITOR, 100).await.expect("readable");
    assert_eq!(all.len(), 13);
    for import in all {
        assert_eq!(import.status, ImportStatus::Failed);
        assert_eq!(imports::count_rows(office.db(), import.id).await.expect("readable"), 0);
    }
    office.audited().await;
}

#[tokio::test]
async fn a_huge_cell_broken_letters_and_a_million_empty_rows_are_named_or_borne() {
    let office = Office::open().await;
    let huge = row(Noun::Evidence, &[("key", "H-1"), ("gist", &"x".repeat(10_000_000))]);
    let mut bytes = csv(Noun::Evidence, &[huge, row(Noun::Evidence, &[("key", "H-2")])]);
    bytes.extend(b"H-3,MEX,\"two\nlines \xe9\",,,,,,,,,,,,,,,,,,,\n");
    let import = office.check(&bytes).await;
    let told = office.complaints(import.id).await;
    assert!(
        told.iter()
            .any(|line| line.contains("row 2, column gist: is 10000000 characters long; at most 10000 are kept")),
        "{told:#?}"
    );
    assert!(
        told.iter()
            .any(|line| line.contains("row 4, column title: holds bytes that are not UTF-8 (line 5 of the file)")),
        "{told:#?}"
    );
    assert_eq!((import.counts.added, import.counts.refused), (1, 2));

    let mut rows = text_row(1, &["key", "title", "state"]);
    for number in 2..1_000_000 {
        rows.push_str(&format!("<row r=\"{number}\"/>"));
    }
    rows.push_str(&text_row(1_000_000, &["E-1", "Far below", "MEX"]));
    let import = office.check(&workbook("evidence", &rows, &[])).await;
    assert_eq!(import.total, 1);
    assert!(office.complaints(import.id).await[0].starts_with("evidence, row 1000000, column gist"));
}

#[tokio::test]
async fn a_cell_is_read_as_a_person_sees_it() {
    let office = Office::open().await;
    // 45356 is 5 March 2024; style 1 shows a day, style 2 a month, style 0 a number.
    let rows = format!(
        "{}{}<row r=\"4\"><c t=\"inlineStr\"><is><t>D-1</t></is></c><c s=\"1\"><v>45356</v></c><c s=\"2\"><v>45356</v></c>\
         <c><v>2024</v></c><c t=\"str\"><f>1+1</f><v>2</v></c><c t=\"e\"><v>#REF!</v></c></row>",
        text_row(1, &["Evidence of our office"]),
        text_row(
            3,
            &[
                "Key",
                "facts from",
                "facts_to",
                "Published",
                "grade",
                "strength",
                "remarks"
            ]
        ),
    );
    let import = office.check(&workbook("Evidence", &rows, &[])).await;
    assert_eq!(
        import.notes,
        ["evidence: the column “remarks” is not known and is left out"]
    );
    let rows = imports::page(office.db(), import.id, 0, &[RowStatus::Refused], 10)
        .await
        .expect("readable");
    let cells: Vec<&str> = ["facts_from", "facts_to", "published", "grade"]
        .map(|name| rows[0].cell(name))
        .into();
    assert_eq!(cells, ["2024-03-05", "2024-03", "2024", "2"]);
    assert_eq!(rows[0].line, 4);
    let told = rows[0].complaints().join("\n");
    assert!(
        told.contains("row 4, column strength: holds the spreadsheet’s error #REF! (cell F4)"),
        "{told}"
    );
}

#[tokio::test]
async fn commas_semicolons_and_tabs_marks_and_line_ends_are_all_read() {
    let office = Office::open().await;
    for delimiter in [b',', b';', b'\t'] {
        let mut bytes = b"\xef\xbb\xbf".to_vec();
        let plain = csv(Noun::Recommendations, &[row(Noun::Recommendations, &[])]);
        bytes.extend(plain.iter().flat_map(|byte| match byte {
            b',' => vec![delimiter],
            b'\n' => b"\r\n".to_vec(),
            other => vec![*other],
        }));
        let import = office.check(&bytes).await;
        assert_eq!(import.counts.added, 1, "{:?}", office.complaints(import.id).await);
    }
}

#[tokio::test]
async fn the_template_offers_its_choices_explains_its_heads_and_is_read_again() {
    let office = Office::open().await;
    let bytes = template(&office.shelf.reference).expect("a workbook");
    let mut zip = ZipArchive::new(Cursor::new(bytes.clone())).expect("a zip");
    let mut part = |name: &str| {
        std::io::read_to_string(zip.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}"))).expect("text")
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    // state, source_kind, author_role, stance, strength, grade, kind, reliability, credibility, theme
    assert_eq!(sheet.matches("<dataValidation ").count(), 10, "{sheet}");
    assert_eq!(part("xl/worksheets/sheet2.xml").matches("<dataValidation ").count(), 3);
    assert_eq!(part("xl/worksheets/sheet3.xml").matches("<dataValidation ").count(), 5);
    assert!(part("xl/comments1.xml").contains("in your own words"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).expect("readable");
    assert_eq!(
        book.sheet_names(),
        ["evidence", "assessments", "recommendations", "lists", "how to"]
    );
    let lists = book.worksheet_range("lists").expect("the lists");
    let words: Vec<String> = lists.cells().map(|(_, _, cell)| cell.to_string()).collect();
    for word in [
        "MEX",
        "T08",
        "concluding_observations",
        "contradicts",
        "strong",
        "none",
        "in_part",
        "A",
        "6",
    ] {
        assert!(words.iter().any(|found| found == word), "{word}");
    }
    let told = office.read(&bytes).await.expect_err("it has no rows");
    assert!(told[0].contains("no rows below it"), "{told:?}");
    let head = book.worksheet_range("evidence").expect("a sheet");
    assert_eq!(head.get((0, 1)), Some(&Data::String("state *".to_owned())));

    let mut app = TestApp::start().await;
    let sent = app.see("/imports/template.xlsx").await;
    assert_eq!(
        sent.header("content-disposition"),
        "attachment; filename=\"servanda-template.xlsx\""
    );
    assert!(sent.bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn an_export_is_filtered_and_a_form_from_elsewhere_brings_no_file() {
    let mut app = TestApp::start().await;
    assert_eq!(
        app.get("/exports/evidence.csv").await.status,
        StatusCode::SEE_OTHER,
        "sign in first"
    );
    app.sign_in_as(people::MONITOR).await;
    let all = app.see("/exports/evidence.csv").await;
    let mexico = app.see("/exports/evidence.csv?state=MEX").await;
    let theme = app.see("/exports/evidence.csv?state=MEX&theme=T40").await;
    let lines = |text: &str| text.lines().count();
    assert!(
        lines(&all.text) > lines(&mexico.text) && lines(&mexico.text) > lines(&theme.text),
        "each is less"
    );
    assert!(lines(&theme.text) > 1, "{}", theme.text);
    // What bears no date at all is known on every day.
    let early = app.see("/exports/evidence.csv?as_of=1900-01-01").await;
    assert!(lines(&early.text) < lines(&mexico.text), "{}", early.text);
    assert!(app.see("/exports/assessments.xlsx").await.bytes.starts_with(b"PK"));
    assert_eq!(
        app.get("/exports/evidence.csv?state=Mexcio").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(app.get("/exports/nothing.csv").await.status, StatusCode::NOT_FOUND);

    app.see("/imports").await;
    let nothing = app.post_file("/imports", "e-1", "", b"").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = app.post_file("/imports", "e-2", "evil/../x.csv", b"a,b\n1,2\n").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says(&["This file cannot be used as it is", "no row of column names"]);
    app.see("/imports")
        .await
        .says(&["x.csv", "not usable"])
        .keeps_quiet_about(&["evil"]);
    let cookies = app.leave();
    app.see("/sign-in").await;
    let anonymous = app.post_file("/imports", "e-3", "x.csv", b"key\n1\n").await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
    app.see("/sign-in").await;
    app.return_with(cookies);
    let forged = app.post_file("/imports", "e-4", "x.csv", b"key\n1\n").await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "the token is of another session");
}

#[test]
fn any_table_of_texts_is_read_without_a_panic_and_comes_back_as_it_was() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let office = runtime.block_on(Office::open());
    let width = heads(Noun::Evidence).len();
    let cell = prop_oneof![3 => "[^\\x00\r]{0,12}", 1 => "['=+@-]{1,3}[^\\x00\r\n]{0,4}", 1 => Just(String::new())];
    let table = prop::collection::vec(prop::collection::vec(cell, width..=width), 1..6);
    let mut runner = TestRunner::new(Config::with_cases(24));
    let held = runner.run(&table, |mut rows| {
        for (at, row) in rows.iter_mut().enumerate() {
            row[0] = format!("P-{at}");
        }
        runtime.block_on(async {
            let import = office.read(&csv(Noun::Evidence, &rows)).await.expect("usable");
            let kept = imports::page(office.db(), import.id, 0, &[], 100)
                .await
                .expect("readable");
            let back: Vec<Vec<String>> = kept
                .iter()
                .map(|row| row.cells.iter().flatten().cloned().collect())
                .collect();
            assert_eq!(back, rows);
            office.finish(import.id).await;
        });
        Ok(())
    });
    held.expect("every table");
    let wild = prop::collection::vec(any::<u8>(), 0..400);
    let mut runner = TestRunner::new(Config::with_cases(64));
    let borne = runner.run(&wild, |bytes| {
        let mut named = b"key,title\n".to_vec();
        named.extend(&bytes);
        runtime.block_on(async {
            // Whatever comes of it: an answer, not a panic.
            let _ = office.read(&bytes).await;
            if let Ok(import) = office.read(&named).await {
                office.finish(import.id).await;
            }
        });
        Ok(())
    });
    borne.expect("every file");
}
