//! The program's own files: style sheet and pictures, compiled in, with a hash in the address so that a browser may
//! keep them for ever.

use super::links::Link;
use crate::domain::audit::hex;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// One file, ready to be sent.
#[derive(Debug)]
struct Asset {
    bytes: axum::body::Bytes,
    hash: String,
    etag: HeaderValue,
    kind: &'static str,
}

/// All files.
#[derive(Debug, Clone)]
pub struct Assets(Arc<BTreeMap<String, Asset>>);

/// How a browser keeps a file whose address holds its hash.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

impl Assets {
    /// Reads them from the program.
    #[must_use]
    pub fn load() -> Self {
        let file = |name: &str| {
            let bytes = axum::body::Bytes::from(Files::get(name)?.data.into_owned());
            let hash = hex(&Sha256::digest(&bytes)[..8]);
            let etag = HeaderValue::from_str(&format!("\"{hash}\"")).ok()?;
            Some((
                name.to_owned(),
                Asset {
                    bytes,
                    hash,
                    etag,
                    kind: kind(name),
                },
            ))
        };
        Self(Arc::new(Files::iter().filter_map(|name| file(&name)).collect()))
    }

    /// The address of a file.
    #[must_use]
    pub fn link(&self, name: &str) -> Link {
        let hash = self.0.get(name).map_or("0", |asset| asset.hash.as_str());
        Link::asset(format!("/static/{hash}/{name}"))
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("js") => "text/javascript; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Sends a file. An old hash gets the file of today, which the browser then asks for again each time.
pub(super) async fn serve(
    State(assets): State<Assets>,
    Path((hash, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = assets.0.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = if hash == asset.hash { FOR_EVER } else { "no-cache" };
    let common = [
        (header::ETAG, asset.etag.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    if headers.get(header::IF_NONE_MATCH) == Some(&asset.etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (common, [(header::CONTENT_TYPE, asset.kind)], asset.bytes.clone()).into_response()
}
