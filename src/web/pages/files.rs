//! Uploaded files: sent, and given back as downloads that no browser runs.

use crate::domain::evidence::EvidenceFile;
use crate::domain::files::{FileKind, ending, is_sha256, safe_name};
use crate::domain::users::Permission;
use crate::store::files as store;
use crate::web::app_state::AppState;
use crate::web::extract::{Actor, Allowed, FormWithFile, RecordFacts};
use crate::web::links::{self, Link, encode};
use crate::web::problem::Problem;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// What is sent beside the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Beside {
    next: String,
}

/// Keeps a file and goes back to where its form stood, with `file` and `file_name` in the address.
pub(in crate::web) async fn upload(
    _: Allowed<RecordFacts>,
    FormWithFile { fields, file, .. }: FormWithFile<Beside>,
) -> Result<Response, Problem> {
    let file = chosen(file?)?;
    let to = match Link::back_to(&fields.next) {
        Some(back) => back.with("file", &file.sha256).with("file_name", &file.name),
        None => links::file(&file.sha256, &file.name),
    };
    Ok(Redirect::to(to.as_str()).into_response())
}

/// The file, where one was chosen.
pub(in crate::web) fn chosen(file: Option<EvidenceFile>) -> Result<EvidenceFile, Problem> {
    file.ok_or_else(|| Problem::Invalid("Choose a file, in a field that is sent as multipart/form-data.".to_owned()))
}

/// Nothing in it runs, and nothing is fetched by it.
const POLICY: &str = "sandbox; default-src 'none'";

/// A file, to be saved, never to be shown by the browser.
pub(in crate::web) async fn download(
    State(app): State<AppState>,
    actor: Actor,
    Path((sha256, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("There is no such file.");
    if !is_sha256(&sha256) {
        return Err(missing());
    }
    let file = store::by_hash(&app.db, &sha256).await?.ok_or_else(missing)?;
    // Who may not read it does not learn that it is there.
    if !actor.may(Permission::RecordFacts) && !store::is_public(&app.db, &sha256).await? {
        return Err(missing());
    }
    let (content_type, name) = served(&file, &name);
    let tag = format!("\"{sha256}\"");
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition(&name)),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
        (header::VARY, "cookie, authorization".to_owned()),
        (header::ETAG, tag.clone()),
    ];
    let seen = asked.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    if seen.is_some_and(|tags| tags.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let (size, bytes) = app.vault.read(&sha256).await?;
    let length = [(header::CONTENT_LENGTH, size)];
    let length = length.map(|(name, size)| (name, size.to_string()));
    Ok((headers, length, Body::from_stream(bytes)).into_response())
}

/// As what and under which name it is given out: what the table says it is decides, not the address.
fn served(file: &EvidenceFile, name: &str) -> (&'static str, String) {
    match FileKind::of_content_type(&file.content_type) {
        Some(FileKind::Text | FileKind::Csv) => {
            let end = ending(name).unwrap_or_default();
            let is_table = FileKind::Csv.endings().contains(&end.as_str());
            let kind = if is_table { FileKind::Csv } else { FileKind::Text };
            // Plain text whatever its ending: its encoding is for the reader's program to find out.
            (FileKind::Text.content_type(), safe_name(name, kind))
        }
        Some(kind) => (kind.content_type(), safe_name(name, kind)),
        None => ("application/octet-stream", safe_name(name, FileKind::Text)),
    }
}

/// For saving, under that name: in ASCII for old programs, in UTF-8 for all others.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " ._-()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut encoded = String::new();
    encode(&mut encoded, name);
    let encoded = encoded.replace('(', "%28").replace(')', "%29");
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_header() {
        assert_eq!(
            disposition("Año \"1\";\r\nx.pdf"),
            "attachment; filename=\"A_o _1____x.pdf\"; filename*=UTF-8''A%C3%B1o%20%221%22%3B%0D%0Ax.pdf"
        );
    }

    #[test]
    fn the_address_does_not_decide_what_a_file_is() {
        let file = |content_type: &str| EvidenceFile {
            sha256: String::new(),
            name: "x".to_owned(),
            content_type: content_type.to_owned(),
            size: 1,
        };
        assert_eq!(
            served(&file("application/pdf"), "x.html"),
            ("application/pdf", "x.html.pdf".to_owned())
        );
        assert_eq!(served(&file("text/csv"), "x.txt"), ("text/plain", "x.txt".to_owned()));
        assert_eq!(served(&file("text/plain"), "x.csv"), ("text/plain", "x.csv".to_owned()));
        assert_eq!(
            served(&file("text/html"), "x.html"),
            ("application/octet-stream", "x.html.txt".to_owned())
        );
    }
}
