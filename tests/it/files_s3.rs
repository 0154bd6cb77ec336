//! Files kept on an S3-compatible server: the settings, the signature and the protocol, over the wire to a small server of
//! this test that speaks as much of S3 as is needed.

use crate::support::app::TestApp;
use crate::support::bytes::{pdf, workbook};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use servanda::clock::Clock;
use servanda::config::Layers;
use servanda::domain::users::Role;
use servanda::files::{Found, Vault};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The bucket and the uploads under way.
#[derive(Debug, Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<String, BTreeMap<u32, Vec<u8>>>,
    begun: u32,
    /// From this part on the server fails.
    fails_from: Option<u32>,
    largest_part: usize,
}

type Server = Arc<Mutex<Bucket>>;

fn xml(text: String) -> Response {
    ([("content-type", "application/xml")], text).into_response()
}

const DATE: &str = "2026-11-23T08:00:00.000Z";
const HTTP_DATE: &str = "Mon, 23 Nov 2026 08:00:00 GMT";

async fn serve(State(server): State<Server>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let signed = parts
        .headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=the-key/") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
    let query: BTreeMap<String, String> = parts
        .uri
        .query()
        .unwrap_or("")
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let Some(key) = parts
        .uri
        .path()
        .strip_prefix("/files")
        .map(|key| key.trim_start_matches('/').to_owned())
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut bucket = server.lock().expect("open");
    let upload = query.get("uploadId").cloned();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let tagged = |status: StatusCode| (status, [("etag", "\"tag\""), ("last-modified", HTTP_DATE)]).into_response();
    match (parts.method, upload) {
        (Method::GET, None) if query.contains_key("list-type") => {
            let prefix = query
                .get("prefix")
                .map_or(String::new(), |text| text.replace("%2F", "/"));
            let rows: Vec<String> = bucket
                .objects
                .iter()
                .filter(|(key, _)| key.starts_with(&prefix))
                .map(|(key, bytes)| {
                    let size = bytes.len();
                    format!("<Contents><Key>{key}</Key><LastModified>{DATE}</LastModified><ETag>x</ETag><Size>{size}</Size></Contents>")
                })
                .collect();
            xml(format!(
                "<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>",
                rows.concat()
            ))
        }
        (Method::POST, None) => {
            bucket.begun += 1;
            let id = format!("upload-{}", bucket.begun);
            bucket.uploads.insert(id.clone(), BTreeMap::new());
            xml(format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            ))
        }
        (Method::PUT, Some(id)) => {
            let number: u32 = query["partNumber"].parse().expect("a number");
            if bucket.fails_from.is_some_and(|first| number >= first) {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            bucket.largest_part = bucket.largest_part.max(bytes.len());
            bucket.uploads.get_mut(&id).expect("begun").insert(number, bytes);
            tagged(StatusCode::OK)
        }
        (Method::POST, Some(id)) => {
            let parts = bucket.uploads.remove(&id).expect("begun");
            let last = parts.len();
            for (at, part) in parts.values().enumerate() {
                assert!(
                    at + 1 == last || part.len() >= 5 * 1024 * 1024,
                    "S3 refuses small parts"
                );
            }
            bucket.objects.insert(key, parts.into_values().flatten().collect());
            xml("<CompleteMultipartUploadResult><ETag>\"tag\"</ETag></CompleteMultipartUploadResult>".to_owned())
        }
        (Method::DELETE, Some(id)) => {
            bucket.uploads.remove(&id);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::PUT, None) => match header("x-amz-copy-source") {
            Some(from) => {
                let from = from.trim_start_matches('/').trim_start_matches("files/");
                let copied = bucket.objects.get(from).cloned().expect("there");
                bucket.objects.insert(key, copied);
                xml("<CopyObjectResult><ETag>\"tag\"</ETag></CopyObjectResult>".to_owned())
            }
            None => {
                bucket.objects.insert(key, bytes);
                tagged(StatusCode::OK)
            }
        },
        (Method::DELETE, None) => {
            bucket.objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::GET | Method::HEAD, None) => {
            let Some(object) = bucket.objects.get(&key).cloned() else {
                return StatusCode::NOT_FOUND.into_response();
            };
            let range = header("range").and_then(|range| range.strip_prefix("bytes="));
            let mut response = Response::builder()
                .header("etag", "\"tag\"")
                .header("last-modified", HTTP_DATE);
            let body = match range.and_then(|range| range.split_once('-')) {
                Some((from, to)) => {
                    let (from, to): (usize, usize) = (from.parse().expect("from"), to.parse().expect("to"));
                    let to = to.min(object.len() - 1);
                    response = response
                        .status(206)
                        .header("content-range", format!("bytes {from}-{to}/{}", object.len()));
                    object[from..=to].to_vec()
                }
                None => object,
            };
            response
                .header("content-length", body.len())
                .body(Body::from(body))
                .expect("a response")
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

#[tokio::test]
async fn files_are_kept_in_a_bucket_by_configuration_alone() {
    // Ignored: another test of this process was faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = Server::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().fallback(serve).with_state(Arc::clone(&server));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let text = format!(
        "[files.s3]\nbucket = \"files\"\nendpoint = \"{endpoint}\"\nkey_id = \"the-key\"\nsecret = \"hunter2\"\nallow_http = true"
    );
    let layers = Layers::defaults().file("servanda.toml", &text).expect("settings");
    let vault = Vault::new(&layers.build().expect("valid").files);
    vault.probe().await.expect("it can be written");
    let mut app = TestApp::start_with(|state| state.with_vault(vault.clone())).await;
    app.sign_in(Role::Monitor).await;

    let large = pdf(12_000_000);
    for (name, bytes) in [
        ("large.pdf", &large),
        ("book.xlsx", &workbook(&[])),
        ("small.csv", &b"a,b\n".to_vec()),
    ] {
        let answer = app.upload("/files", &[], &[(name, bytes)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text);
        let back = app.see(answer.to()).await;
        assert!(&back.bytes == bytes, "{name} came back changed");
        let sha256 = &answer.to()["/files/".len()..][..64];
        assert_eq!(vault.verify(sha256).await, Ok(Found::Whole));
    }
    {
        let bucket = server.lock().expect("open");
        assert_eq!(bucket.objects.len(), 3);
        assert!(bucket.objects.keys().all(|key| key.starts_with("sha256/")));
        assert!(bucket.begun == 1 && bucket.uploads.is_empty());
        assert_eq!(bucket.largest_part, 5 * 1024 * 1024);
    }
    server.lock().expect("open").fails_from = Some(2);
    let answer = app.upload("/files", &[], &[("other.pdf", &pdf(11_000_000))]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    answer
        .says(&["store of files failed"])
        .keeps_quiet_about(&["hunter2", "127.0.0.1"]);
    let left = {
        let bucket = server.lock().expect("open");
        (bucket.objects.len(), bucket.uploads.len())
    };
    assert_eq!(left, (3, 0), "nothing half-saved");
    let plant = ("incoming/left".to_owned(), b"half".to_vec());
    server.lock().expect("open").objects.extend([plant]);
    let later = Clock::System.now() + chrono::Duration::days(400);
    let day = std::time::Duration::from_secs(24 * 3600);
    assert_eq!(vault.sweep(later, day).await, Ok(1));
    assert_eq!(server.lock().expect("open").objects.len(), 3);
}
