//! A file that a form of this site sends: streamed into a temporary file, hashed on the way. The form's own fields come
//! before the file, so that a form from elsewhere is refused before a byte of it is kept.

use super::actor::Actor;
use super::form::{FormKey, is_from_here, is_known};
use crate::domain::audit::hex;
use crate::web::app_state::AppState;
use crate::web::problem::Problem;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// What a browser adds around a file.
pub(in crate::web) const AROUND: usize = 64 * 1024;
/// Longest field that is not a file.
const LONGEST_FIELD: usize = 4_096;

/// A file that was sent, until this value is dropped.
#[derive(Debug)]
pub struct UploadedFile {
    /// The name under which it was sent; never a path to write to.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// The key of the form.
    pub key: FormKey,
    place: Place,
}

impl UploadedFile {
    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.place.0
    }
}

/// A temporary file that goes with this value.
#[derive(Debug)]
struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn cut_off(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let why = "The file is too large. Split it into several files.".to_owned();
            Problem::Rejected(StatusCode::PAYLOAD_TOO_LARGE, why)
        }
        _ => Problem::Unreadable("The file did not arrive whole; nothing was kept. Please send it again.".to_owned()),
    }
}

fn no_room(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "an uploaded file could not be kept");
    let why = "There is no room for the file on our side; nothing was kept. Please tell the administrator.".to_owned();
    Problem::Rejected(StatusCode::INSUFFICIENT_STORAGE, why)
}

impl FromRequest<AppState> for UploadedFile {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Problem> {
        let actor: Actor = request.extensions().get().cloned().unwrap_or_default();
        let headers = request.headers().clone();
        if !is_from_here(&headers, &app.config.base_url) {
            return Err(Problem::Forged);
        }
        let parts = Multipart::from_request(request, app).await;
        let mut parts =
            parts.map_err(|_| Problem::Unreadable("Send the file with the form of this page.".to_owned()))?;
        let (mut token, mut key) = (String::new(), FormKey::default());
        while let Some(part) = parts.next_field().await.map_err(|error| cut_off(&error))? {
            match part.name().unwrap_or("") {
                "form_token" => token = short(part).await?,
                "form_key" => key = FormKey::read(&short(part).await?),
                "file" => {
                    if !is_known(app, &actor, &headers, &token) {
                        return Err(Problem::Forged);
                    }
                    if let Some(user) = actor.user() {
                        key.refuse(key.before(app, user.email.as_str()).await?)?;
                    }
                    return keep(part, key).await;
                }
                _ => _ = short(part).await?,
            }
        }
        Err(Problem::Invalid("No file was sent: choose one first.".to_owned()))
    }
}

async fn short(mut part: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| cut_off(&error))? {
        if bytes.len() + chunk.len() > LONGEST_FIELD {
            return Err(Problem::Unreadable("A field of the form is far too long.".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn keep(mut part: Field<'_>, key: FormKey) -> Result<UploadedFile, Problem> {
    let name = part.file_name().unwrap_or("").to_owned();
    let name = name.rsplit(['/', '\\']).next().unwrap_or("");
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let place = Place(std::env::temp_dir().join(format!("servanda-{}", Uuid::now_v7().simple())));
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&place.0).await.map_err(|error| no_room(&error))?;
    let (mut hash, mut size) = (Sha256::new(), 0);
    while let Some(chunk) = part.chunk().await.map_err(|error| cut_off(&error))? {
        hash.update(&chunk);
        size += u64::try_from(chunk.len()).unwrap_or(0);
        file.write_all(&chunk).await.map_err(|error| no_room(&error))?;
    }
    file.flush().await.map_err(|error| no_room(&error))?;
    if name.is_empty() && size == 0 {
        return Err(Problem::Invalid("No file was sent: choose one first.".to_owned()));
    }
    Ok(UploadedFile {
        name,
        sha256: hex(&hash.finalize()),
        size,
        key,
        place,
    })
}
