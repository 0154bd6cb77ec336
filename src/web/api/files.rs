//! Files: sent as `multipart/form-data`, because they are streamed.

use crate::domain::evidence::EvidenceFile;
use crate::web::extract::{Allowed, FormWithFile, RecordFacts};
use crate::web::pages::files::chosen;
use crate::web::problem::Problem;
use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The form that is sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Upload {
    /// One file.
    #[schema(value_type = Option<String>, format = Binary)]
    #[serde(default, rename = "file")]
    _file: serde::de::IgnoredAny,
}

/// A file that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FileAnswer {
    /// SHA-256 of its bytes as kept: its identity.
    sha256: String,
    /// Its name, made safe.
    name: String,
    /// What it really is.
    content_type: String,
    /// How many bytes.
    size: u64,
}

impl From<EvidenceFile> for FileAnswer {
    fn from(file: EvidenceFile) -> Self {
        Self {
            sha256: file.sha256,
            name: file.name,
            content_type: file.content_type,
            size: file.size,
        }
    }
}

/// Keep a file. The same bytes twice are one file. Photos lose their place and camera data, so their hash is another than yours.
#[utoipa::path(post, path = "/api/v1/files", tag = "findings", request_body(content = Upload, content_type = "multipart/form-data"), security(("token" = [])), responses((status = 201, body = FileAnswer), (status = 400), (status = 401), (status = 403), (status = 413), (status = 422), (status = 503), (status = 507)))]
pub(super) async fn upload(
    _: Allowed<RecordFacts>,
    FormWithFile { file, .. }: FormWithFile<Upload>,
) -> Result<(StatusCode, Json<FileAnswer>), Problem> {
    Ok((StatusCode::CREATED, Json(chosen(file?)?.into())))
}
