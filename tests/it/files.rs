//! What is uploaded is kept whole under its hash, or not at all, and never harms who downloads it.

use crate::support::app::{Answer, TestApp, multipart};
use crate::support::bytes::{PLACE, has, packed, pdf, photo, workbook};
use crate::support::desk::{morning, note};
use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload, PutResult, UploadPart,
};
use servanda::clock::Clock;
use servanda::config::Layers;
use servanda::domain::audit::digest;
use servanda::domain::evidence::EvidenceFile;
use servanda::domain::ids::EvidenceId;
use servanda::domain::reviews::ReviewStatus;
use servanda::domain::users::Role;
use servanda::files::Vault;
use servanda::store::evidence::{self, NewRevision};
use servanda::store::files as table;
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// What goes wrong in the store, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Put,
    /// The third part of a file.
    ThirdPart,
    /// The third part finds the disk full.
    DiskFull,
    Complete,
    Move,
    Read,
}

/// A store in memory that fails when it is told to.
#[derive(Debug)]
struct Store {
    inner: InMemory,
    fault: Mutex<Fault>,
    /// Uploads that were begun and neither completed nor aborted.
    open: Arc<AtomicU32>,
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a store that fails")
    }
}

fn failed<T>() -> object_store::Result<T> {
    Err(object_store::Error::Generic {
        store: "test",
        source: "the cable was pulled; the secret is 1234".into(),
    })
}

impl Store {
    fn fails(&self, fault: Fault) -> bool {
        *self.fault.lock().unwrap() == fault
    }

    fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    /// Everything that is in it, half or whole.
    async fn objects(&self) -> Vec<String> {
        // What is dropped is cleaned up in tasks of their own.
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.open.load(Ordering::SeqCst), 0, "an upload was left open");
        let found = self
            .inner
            .list(None)
            .map(|meta| meta.expect("listed").location.to_string());
        found.collect().await
    }
}

#[derive(Debug)]
struct Upload {
    inner: Box<dyn MultipartUpload>,
    parts: u32,
    fault: Fault,
    open: Arc<AtomicU32>,
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.parts += 1;
        match (self.parts, self.fault) {
            (3, Fault::ThirdPart) => Box::pin(async { failed() }),
            (3, Fault::DiskFull) => Box::pin(async {
                Err(object_store::Error::Generic {
                    store: "test",
                    source: Box::new(std::io::Error::from(std::io::ErrorKind::StorageFull)),
                })
            }),
            _ => self.inner.put_part(data),
        }
    }
    async fn complete(&mut self) -> object_store::Result<PutResult> {
        if self.fault == Fault::Complete {
            return failed();
        }
        self.open.fetch_sub(1, Ordering::SeqCst);
        self.inner.complete().await
    }
    async fn abort(&mut self) -> object_store::Result<()> {
        self.open.fetch_sub(1, Ordering::SeqCst);
        self.inner.abort().await
    }
}

#[async_trait]
impl ObjectStore for Store {
    async fn put_opts(&self, to: &Path, bytes: PutPayload, how: PutOptions) -> object_store::Result<PutResult> {
        if self.fails(Fault::Put) {
            return failed();
        }
        self.inner.put_opts(to, bytes, how).await
    }
    async fn put_multipart_opts(
        &self,
        to: &Path,
        how: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        self.open.fetch_add(1, Ordering::SeqCst);
        let inner = self.inner.put_multipart_opts(to, how).await?;
        let fault = *self.fault.lock().unwrap();
        let open = Arc::clone(&self.open);
        Ok(Box::new(Upload {
            inner,
            parts: 0,
            fault,
            open,
        }))
    }
    async fn get_opts(&self, from: &Path, how: GetOptions) -> object_store::Result<GetResult> {
        if self.fails(Fault::Read) {
            return failed();
        }
        self.inner.get_opts(from, how).await
    }
    fn delete_stream(
        &self,
        paths: BoxStream<'static, object_store::Result<Path>>,
    ) -> BoxStream<'static, object_store::Result<Path>> {
        self.inner.delete_stream(paths)
    }
    fn list(&self, folder: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.inner.list(folder)
    }
    async fn list_with_delimiter(&self, folder: Option<&Path>) -> object_store::Result<ListResult> {
        self.inner.list_with_delimiter(folder).await
    }
    async fn copy_opts(&self, from: &Path, to: &Path, how: CopyOptions) -> object_store::Result<()> {
        if self.fails(Fault::Move) {
            return failed();
        }
        self.inner.copy_opts(from, to, how).await
    }
}

/// The site with a monitor at it, and the store behind it. Files may have 2 MB.
async fn site() -> (TestApp, Arc<Store>) {
    let store = Arc::new(Store {
        inner: InMemory::new(),
        fault: Mutex::new(Fault::None),
        open: Arc::default(),
    });
    let settings = Layers::defaults()
        .flag("files.largest_mb", "test", Some("2"))
        .build()
        .expect("valid");
    let vault = Vault::over(Arc::clone(&store) as Arc<dyn ObjectStore>, &settings.files);
    let mut app = TestApp::start_with(|state| state.with_vault(vault)).await;
    app.sign_in(Role::Monitor).await;
    (app, store)
}

async fn send(app: &mut TestApp, name: &str, bytes: &[u8]) -> Answer {
    app.upload("/files", &[("next", b"/about")], &[(name, bytes)]).await
}

/// Sends a file that is kept; its hash.
async fn kept(app: &mut TestApp, name: &str, bytes: &[u8]) -> String {
    let answer = send(app, name, bytes).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text);
    let query = answer
        .to()
        .strip_prefix("/about?file=")
        .unwrap_or_else(|| panic!("{}", answer.to()));
    query[..64].to_owned()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn each_bad_file_is_refused_in_a_sentence_and_leaves_nothing() {
    let (mut app, store) = site().await;
    let events = app.audited().await;
    let bomb = workbook(&[("xl/worksheets/sheet1.xml", &vec![0; 25_000_000])]);
    assert!(bomb.len() < 200_000);
    let mut old_macros = vec![0u8; 1024];
    old_macros[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    for (at, name) in [(512, "Workbook"), (640, "_VBA_PROJECT_CUR")] {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        old_macros[at..at + units.len()].copy_from_slice(&units);
        old_macros[at + 64] = u8::try_from(units.len() + 2).expect("short");
        old_macros[at + 66] = 2;
    }
    let program = [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".as_slice(), &[0; 200]].concat();
    let elf = [b"\x7fELF\x02\x01\x01\0".as_slice(), &[0; 200]].concat();
    let heic = [b"\0\0\0\x18ftypheic\0\0\0\0heicmif1".as_slice(), &[0; 100]].concat();
    let tiff = [b"II*\0\x08\0\0\0".as_slice(), &[0; 100]].concat();
    let gzip = [b"\x1f\x8b\x08\0".as_slice(), &[0; 100]].concat();
    let svg: &[u8] =
        b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let docm = packed(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<x/>"),
        ("word/vbaProject.bin", b"x"),
    ]);
    let mut cut = workbook(&[]);
    cut.truncate(cut.len() - 10);
    let (zip, jpeg, noise) = (packed(&[("a.pdf", b"%PDF-")]), photo(), pdf(4000)[20..].to_vec());
    let (pdf_small, pdf_large, book) = (pdf(500), pdf(2_000_001), workbook(&[]));
    let cases: Vec<(&str, &[u8], u16, &str)> = vec![
        ("empty.pdf", b"", 422, "is empty"),
        ("large.pdf", &pdf_large, 413, "larger than 2 MB"),
        ("drawing.svg", svg, 422, "SVG drawing"),
        ("drawing.png", svg, 422, "SVG drawing"),
        (
            "page.html",
            b"<!DOCTYPE html><script>alert(1)</script>",
            422,
            "web page",
        ),
        ("page.txt", b"  \n<html><body onload=alert(1)>", 422, "web page"),
        ("page16.txt", b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0", 422, "web page"),
        ("run.sh", b"#!/bin/sh\nrm -rf /\n", 422, "script"),
        ("run.js", b"fetch('/')", 422, "script"),
        ("run.bat", b"del *.*", 422, "script"),
        ("setup.exe", &program, 422, "program"),
        ("report.pdf", &program, 422, "program"),
        ("report.pdf", &elf, 422, "program"),
        ("all.zip", &zip, 422, "archive"),
        ("all.pdf", &gzip, 422, "archive"),
        ("photo.heic", &heic, 422, "Convert it to JPEG"),
        ("photo.jpg", &heic, 422, "Convert it to JPEG"),
        ("scan.tiff", &tiff, 422, "Convert it to JPEG"),
        ("bomb.xlsx", &bomb, 422, "unpacks to far more"),
        ("letter.docm", &docm, 422, "macros"),
        ("letter.docx", &docm, 422, "macros"),
        ("old.xls", &old_macros, 422, "macros"),
        ("cut.xlsx", &cut, 422, "damaged"),
        (
            "report.docx",
            &pdf_small,
            422,
            "ends in .docx, but the file is really a PDF document",
        ),
        ("report.pdf", &book, 422, "really an Excel workbook (XLSX)"),
        (
            "report.pdf.exe",
            &pdf_small,
            422,
            "ends in .exe, but the file is really a PDF document",
        ),
        (
            "photo.png",
            &jpeg,
            422,
            "ends in .png, but the file is really a JPEG photo",
        ),
        (
            "table.pdf",
            b"state,year\nMEX,2024\n",
            422,
            "ends in .pdf, but the file is really plain text",
        ),
        ("broken.jpg", b"\xff\xd8\xff\xe1\xff\xff\0\x01 broken", 422, "damaged"),
        ("noise", &noise, 422, "could not be recognised"),
        ("nul.csv", b"state,year\nMEX,\0\n", 422, "could not be recognised"),
    ];
    for (name, bytes, status, words) in cases {
        let answer = send(&mut app, name, bytes).await;
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.text);
        answer.says(&[words]);
        assert_eq!(store.objects().await, [""; 0], "{name} left something behind");
    }
    assert_eq!(app.audited().await, events, "nothing was recorded");
}

#[tokio::test]
async fn each_good_file_is_kept_under_its_hash_with_a_safe_name() {
    let (mut app, store) = site().await;
    let sixteen: Vec<u8> = "\u{feff}Año,2024\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let odt = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<x/>"),
    ]);
    let docx = packed(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>")]);
    let mp3 = [b"ID3\x04\0\0".as_slice(), &[0; 300]].concat();
    let mp4 = [b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".as_slice(), &[0; 300]].concat();
    let ogg = [b"OggS\0\x02".as_slice(), &[0; 300]].concat();
    let (report, book) = (
        pdf(1_900_000),
        workbook(&[("xl/worksheets/sheet1.xml", &[b'1'; 50_000])]),
    );
    let cases: Vec<(&str, &[u8], &str, &str)> = vec![
        (
            "../../etc/Informe año.PDF",
            &report,
            "Informe año.pdf",
            "application/pdf",
        ),
        (
            "letter.docx",
            &docx,
            "letter.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "table.xlsx",
            &book,
            "table.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("text.odt", &odt, "text.odt", "application/vnd.oasis.opendocument.text"),
        ("CON.csv", b"MZ,Mozambique\nMX,Mexico\n", "file CON.csv", "text/csv"),
        ("sixteen.txt", &sixteen, "sixteen.txt", "text/plain"),
        ("latin", b"C\xf4te d'Ivoire", "latin.txt", "text/plain"),
        ("interview.mp3", &mp3, "interview.mp3", "audio/mpeg"),
        ("interview.mp4", &mp4, "interview.mp4", "video/mp4"),
        ("interview.ogg", &ogg, "interview.ogg", "audio/ogg"),
        ("\u{202e}gnp.exe\u{202c}", b"just text", "gnp.exe.txt", ""),
    ];
    let events = app.audited().await;
    let mut count = 0;
    for (name, bytes, safe, kind) in cases {
        if kind.is_empty() {
            // The name promises a program whatever its disguise.
            assert_eq!(
                send(&mut app, name, bytes).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
            continue;
        }
        count += 1;
        let sha256 = kept(&mut app, name, bytes).await;
        assert_eq!(sha256, hash(bytes), "{name}");
        let file = table::by_hash(&app.test.db, &sha256)
            .await
            .expect("read")
            .expect("recorded");
        let expected = EvidenceFile {
            sha256: sha256.clone(),
            name: safe.to_owned(),
            content_type: kind.to_owned(),
            size: bytes.len() as u64,
        };
        assert_eq!(file, expected);
        let objects = store.objects().await;
        assert!(
            objects.contains(&format!("sha256/{}/{sha256}", &sha256[..2])),
            "{objects:?}"
        );
        assert_eq!(objects.len(), count, "{objects:?}");
        let back = app.see(&format!("/files/{sha256}/anything")).await;
        assert!(back.bytes == bytes, "{name} came back changed");
    }
    assert_eq!(app.audited().await, events + count as u64);
}

#[tokio::test]
async fn the_same_bytes_twice_are_one_file() {
    let (mut app, store) = site().await;
    let events = app.audited().await;
    let first = kept(&mut app, "one.pdf", &pdf(700_000)).await;
    let again = kept(&mut app, "two.pdf", &pdf(700_000)).await;
    assert_eq!(first, again);
    assert_eq!(store.objects().await.len(), 1);
    assert_eq!(app.audited().await, events + 1);
    // A damaged copy is mended by sending the file once more.
    let path = Path::from(format!("sha256/{}/{first}", &first[..2]));
    let damaged = PutPayload::from_static(b"damaged");
    store
        .inner
        .put_opts(&path, damaged, PutOptions::default())
        .await
        .expect("damaged");
    kept(&mut app, "three.pdf", &pdf(700_000)).await;
    assert!(app.see(&format!("/files/{first}/x.pdf")).await.bytes == pdf(700_000));
}

#[tokio::test]
async fn a_store_that_fails_halfway_keeps_nothing_and_tells_no_secret() {
    let (mut app, store) = site().await;
    let events = app.audited().await;
    let (large, book) = (pdf(1_500_000), workbook(&[]));
    for (fault, name, bytes, status) in [
        (
            Fault::Put,
            "small.csv",
            b"a,b\n".as_slice(),
            StatusCode::SERVICE_UNAVAILABLE,
        ),
        (Fault::ThirdPart, "large.pdf", &large, StatusCode::SERVICE_UNAVAILABLE),
        (Fault::DiskFull, "large.pdf", &large, StatusCode::INSUFFICIENT_STORAGE),
        (Fault::Complete, "large.pdf", &large, StatusCode::SERVICE_UNAVAILABLE),
        (Fault::Move, "large.pdf", &large, StatusCode::SERVICE_UNAVAILABLE),
        (Fault::Read, "book.xlsx", &book, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        store.set(fault);
        let answer = send(&mut app, name, bytes).await;
        assert_eq!(answer.status, status, "{fault:?}: {}", answer.text);
        let words = if fault == Fault::DiskFull {
            "no room left"
        } else {
            "store of files failed"
        };
        answer
            .says(&[words, "nothing of this one was"])
            .keeps_quiet_about(&["cable", "1234"]);
        assert_eq!(store.objects().await, [""; 0], "{fault:?}");
    }
    assert_eq!(app.audited().await, events);
    store.set(Fault::None);
    let sha256 = kept(&mut app, "large.pdf", &large).await;
    store.set(Fault::Read);
    let answer = app.get(&format!("/files/{sha256}/large.pdf")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_line_that_breaks_leaves_nothing() {
    let (mut app, store) = site().await;
    let mut body = multipart(
        &[("form_token", app.token().to_owned().as_bytes())],
        &[("report.pdf", &pdf(1_500_000))],
    );
    body.truncate(1_000_000);
    let pieces: Vec<_> = body
        .chunks(60_000)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    let broken = std::iter::once(Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
    let stream = futures_util::stream::iter(pieces.into_iter().chain(broken));
    let answer = app.send_parts("/files", Body::from_stream(stream)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    answer.says(&["did not arrive whole"]);
    // Nothing but the beginning, politely ended.
    let answer = app.send_parts("/files", Body::from(body)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    assert_eq!(store.objects().await, [""; 0]);
}

#[tokio::test]
async fn a_database_that_refuses_takes_the_file_with_it() {
    let (mut app, store) = site().await;
    app.test.execute("ALTER TABLE audit_events RENAME TO gone").await;
    let answer = send(&mut app, "report.pdf", &pdf(600_000)).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(store.objects().await, [""; 0]);
    app.test.execute("ALTER TABLE gone RENAME TO audit_events").await;
    kept(&mut app, "report.pdf", &pdf(600_000)).await;
    app.audited().await;
}

#[tokio::test]
async fn only_a_monitor_with_a_form_of_this_site_may_send_a_file() {
    let (mut app, store) = site().await;
    let file: (&str, &[u8]) = ("report.pdf", &pdf(500));
    let token = app.token().to_owned();
    let forms = [
        multipart(&[], &[file]),
        multipart(&[("form_token", b"wrong")], &[file]),
        // The token behind the file comes too late.
        [
            multipart(&[], &[file]),
            multipart(&[("form_token", token.as_bytes())], &[]),
        ]
        .concat(),
    ];
    for form in forms {
        let answer = app.send_parts("/files", Body::from(form)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    }
    let none = app.upload("/files", &[], &[("", b"")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    none.says(&["Choose a file"]);
    let two = app.upload("/files", &[], &[file, ("b.pdf", &pdf(600))]).await;
    two.says(&["Only one file"]);
    let kept = store.objects().await.len();
    app.sign_in(Role::Reader).await;
    assert_eq!(app.upload("/files", &[], &[file]).await.status, StatusCode::FORBIDDEN);
    app.leave();
    let anonymous = app.upload("/files", &[], &[file]).await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED, "{}", anonymous.text);
    assert_eq!(store.objects().await.len(), kept);
}

#[tokio::test]
async fn a_photo_forgets_where_it_was_taken() {
    let (mut app, store) = site().await;
    let sha256 = kept(&mut app, "IMG_0001.JPG", &photo()).await;
    assert_ne!(sha256, hash(&photo()));
    let back = app.see(&format!("/files/{sha256}/x.jpg")).await;
    assert_eq!(hash(&back.bytes), sha256, "the hash is of what is kept");
    assert!(!has(&back.bytes, PLACE) && has(&back.bytes, b"the picture itself"));
    assert_eq!(store.objects().await.len(), 1);
}

/// Evidence of that status that names a file.
async fn name(app: &TestApp, file: &EvidenceFile, status: ReviewStatus) {
    let state = "MEX".parse().expect("a state");
    let held = evidence::of_state(&app.test.db, &state).await.expect("read").remove(0);
    let mut evidence = held.evidence;
    evidence.key = format!("with-file-{status:?}");
    evidence.file = Some(file.clone());
    let new = NewRevision {
        id: EvidenceId::fresh(),
        revision: 1,
        evidence,
    };
    let tx = app.test.db.begin().await.expect("begun");
    servanda::store::evidence::save(&tx, &[new], status, "test", morning())
        .await
        .expect("saved");
    note(&tx, "evidence.add").await;
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn a_file_is_only_ever_a_download_and_public_once_its_evidence_counts() {
    let (mut app, _) = site().await;
    let sha256 = kept(&mut app, "Año \"1\".pdf", &pdf(5_000)).await;
    let address = format!("/files/{sha256}/A%C3%B1o%201.pdf");
    let answer = app.see(&address).await;
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("content-length", &pdf(5_000).len().to_string()),
        ("etag", &format!("\"{sha256}\"")),
        (
            "content-disposition",
            "attachment; filename=\"A_o 1.pdf\"; filename*=UTF-8''A%C3%B1o%201.pdf",
        ),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let head = app.send(Request::head(&address), Body::empty()).await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), pdf(5_000).len().to_string());
    let packed = Request::get(&address).header("accept-encoding", "gzip");
    assert_eq!(app.send(packed, Body::empty()).await.bytes, pdf(5_000));
    let again = Request::get(&address).header("if-none-match", format!("\"{sha256}\""));
    assert_eq!(app.send(again, Body::empty()).await.status, StatusCode::NOT_MODIFIED);
    let table = kept(&mut app, "t.csv", b"a,b\n=1+1,2\n").await;
    let table = app.see(&format!("/files/{table}/t.csv")).await;
    assert_eq!(
        (table.header("content-type"), table.bytes.as_slice()),
        ("text/plain", b"a,b\n=1+1,2\n".as_slice())
    );

    let file = table::by_hash(&app.test.db, &sha256)
        .await
        .expect("read")
        .expect("recorded");
    app.leave();
    assert_eq!(app.get(&address).await.status, StatusCode::NOT_FOUND);
    name(&app, &file, ReviewStatus::Submitted).await;
    assert_eq!(
        app.get(&address).await.status,
        StatusCode::NOT_FOUND,
        "not reviewed yet"
    );
    name(&app, &file, ReviewStatus::Accepted).await;
    assert_eq!(app.get(&address).await.status, StatusCode::OK);
    for wrong in [
        "../../servanda.db",
        "%2e%2e%2fx",
        &"0".repeat(64),
        &sha256.to_uppercase(),
    ] {
        assert_eq!(
            app.get(&format!("/files/{wrong}/x")).await.status,
            StatusCode::NOT_FOUND,
            "{wrong}"
        );
    }
    app.audited().await;
}

#[tokio::test]
async fn a_program_sends_a_file_with_its_token() {
    let (mut app, _) = site().await;
    let email = crate::support::people::MONITOR.parse().expect("an address");
    let token = servanda::actions::sessions::mint_token(&app.test.db, morning(), "test", &email, "t").await;
    let token = token.expect("minted");
    app.leave();
    let request = |file: &[u8]| {
        let request = Request::post("/api/v1/files")
            .header(
                "content-type",
                "multipart/form-data; boundary=----a-line-that-no-file-holds",
            )
            .header("authorization", format!("Bearer {token}"));
        (request, multipart(&[], &[("informe.pdf", file)]))
    };
    let (head, body) = request(&pdf(900));
    let answer = app.send(head, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let file: serde_json::Value = serde_json::from_str(&answer.text).expect("JSON");
    let expected = serde_json::json!({
        "sha256": hash(&pdf(900)), "name": "informe.pdf", "content_type": "application/pdf", "size": pdf(900).len(),
    });
    assert_eq!(file, expected);
    let (head, body) = request(b"");
    let answer = app.send(head, body).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (422, "application/problem+json")
    );
}

/// A folder of its own that is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("servanda-files-{}", uuid::Uuid::now_v7().simple()));
        Self(folder)
    }

    fn text(&self) -> &str {
        self.0.to_str().expect("text")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn what_is_missing_or_changed_in_the_folder_is_named() {
    let folder = Folder::new();
    let settings = Layers::defaults()
        .flag("files.folder", "test", Some(folder.text()))
        .build()
        .expect("valid");
    let vault = Vault::new(&settings.files);
    let mut app = TestApp::start_with(|state| state.with_vault(vault.clone())).await;
    app.sign_in(Role::Monitor).await;
    let one = kept(&mut app, "one.pdf", &pdf(600_000)).await;
    let two = kept(&mut app, "two.csv", b"a,b\n").await;
    let run = |what: [&str; 2]| {
        let output = Command::new(env!("CARGO_BIN_EXE_servanda"))
            .args(what)
            .env("SERVANDA_DATABASE_URL", &app.test.url)
            .env("SERVANDA_FILES_FOLDER", folder.text())
            .output();
        let output = output.expect("the program starts");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        (output.status.code(), text)
    };
    let verify = || run(["files", "verify"]);
    assert_eq!(verify(), (Some(0), "2 files, all as they were uploaded\n".to_owned()));
    let path = |hash: &str| folder.0.join("sha256").join(&hash[..2]).join(hash);
    assert!(std::fs::read(path(&one)).expect("there") == pdf(600_000));
    std::fs::write(path(&one), b"changed").expect("changed");
    std::fs::remove_file(path(&two)).expect("removed");
    let (code, text) = verify();
    assert_eq!(code, Some(1));
    let changed = digest("changed");
    for words in [
        format!("one.pdf ({one}) is changed: its bytes have the hash {changed}"),
        format!("two.csv ({two}) is missing"),
        "0 files as they were uploaded, 2 not".to_owned(),
    ] {
        assert!(text.contains(&words), "{text}");
    }
    // What a killed server left behind is swept up, and nothing else.
    std::fs::write(folder.0.join("incoming/0123#1"), b"half").expect("left");
    let later = Clock::System.now() + chrono::Duration::days(2);
    let day = std::time::Duration::from_secs(24 * 3600);
    assert_eq!(vault.sweep(Clock::System.now(), day).await, Ok(0));
    assert_eq!(vault.sweep(later, day).await, Ok(1));
    assert!(path(&one).exists());
    std::fs::remove_dir_all(&folder.0).expect("removed");
    std::fs::write(&folder.0, b"a file where the folder should be").expect("written");
    let (code, text) = run(["check", "--database-url=sqlite:none.db"]);
    assert_eq!(code, Some(1));
    assert!(
        text.contains("MEND     files") && text.contains("Set files.folder"),
        "{text}"
    );
    std::fs::remove_file(&folder.0).expect("removed");
}
