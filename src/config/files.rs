//! Where uploaded files are kept: a folder, or a bucket of an S3-compatible server.

use super::{ConfigError, Layers, Secret};
use std::path::PathBuf;

/// Where uploaded files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilePlace {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of an S3-compatible server.
    S3(S3Settings),
}

/// How to reach the S3-compatible server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Settings {
    /// Bucket.
    pub bucket: String,
    /// Address of the server; none for Amazon's own.
    pub endpoint: Option<String>,
    /// Region.
    pub region: String,
    /// Access key.
    pub key_id: String,
    /// Its secret.
    pub secret: Secret,
    /// Whether files may travel unencrypted.
    pub allow_http: bool,
}

/// Uploaded files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSettings {
    /// Where they are kept.
    pub place: FilePlace,
    /// The largest, in bytes.
    pub largest: u64,
}

impl Layers {
    pub(super) fn files(&self) -> Result<FileSettings, ConfigError> {
        Ok(FileSettings {
            place: self.file_place()?,
            largest: self.largest_file()?,
        })
    }

    fn largest_file(&self) -> Result<u64, ConfigError> {
        match self.positive("files.largest_mb")? {
            megabytes @ 1..=2_000 => Ok(u64::from(megabytes) * 1_000_000),
            _ => Err(self.error("files.largest_mb", "must be at most 2000".to_owned())),
        }
    }

    fn file_place(&self) -> Result<FilePlace, ConfigError> {
        let given = |key: &'static str| Some(self.text(key).trim()).filter(|text| !text.is_empty());
        let needed = |key: &'static str| {
            given(key).ok_or_else(|| self.error(key, "must be given where files.s3.bucket is".to_owned()))
        };
        let Some(bucket) = given("files.s3.bucket") else {
            let folder = given("files.folder");
            let folder = folder.ok_or_else(|| self.error("files.folder", "must name a folder".to_owned()))?;
            return Ok(FilePlace::Folder(PathBuf::from(folder)));
        };
        let allow_http = self.one_of("files.s3.allow_http", &[("false", false), ("true", true)])?;
        let endpoint = given("files.s3.endpoint").map(|text| text.trim_end_matches('/'));
        match endpoint {
            Some(url) if url.starts_with("http://") && !(allow_http && is_this_machine(url)) => {
                let why = "files would cross the network unprotected; use https://, or a server on this machine together with files.s3.allow_http";
                return Err(self.error("files.s3.endpoint", why.to_owned()));
            }
            Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
                let why = format!("“{url}” is not an address such as https://s3.example.org");
                return Err(self.error("files.s3.endpoint", why));
            }
            _ => {}
        }
        Ok(FilePlace::S3(S3Settings {
            bucket: bucket.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            region: needed("files.s3.region")?.to_owned(),
            key_id: needed("files.s3.key_id")?.to_owned(),
            secret: Secret(needed("files.s3.secret")?.to_owned()),
            allow_http,
        }))
    }
}

fn is_this_machine(url: &str) -> bool {
    let authority = url
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or("");
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    ["localhost", "127.0.0.1", "::1"].contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_needs_its_keys_and_a_protected_way() {
        let bucket = |endpoint: &str| {
            let layers = Layers::defaults().flag("files.s3.bucket", "test", Some("files"));
            let layers = layers.flag("files.s3.endpoint", "test", Some(endpoint));
            let layers = layers.flag("files.s3.key_id", "test", Some("id"));
            layers.flag("files.s3.secret", "test", Some("hunter2"))
        };
        let config = bucket("https://s3.example.org/").build().expect("valid");
        assert!(
            matches!(&config.files.place, FilePlace::S3(s3) if s3.endpoint.as_deref() == Some("https://s3.example.org"))
        );
        assert_eq!(config.files.largest, 50_000_000);
        assert!(!format!("{config:?}").contains("hunter2"));
        let allowed = |url: &str| bucket(url).flag("files.s3.allow_http", "test", Some("true")).build();
        assert!(allowed("http://127.0.0.1:9000").is_ok() && allowed("http://[::1]:9000").is_ok());
        for wrong in [
            "http://127.0.0.1.evil.example",
            "http://s3.example.org",
            "s3.example.org",
        ] {
            let error = allowed(wrong).expect_err(wrong).to_string();
            assert!(error.contains("files.s3.endpoint"), "{error}");
        }
        assert!(bucket("http://127.0.0.1:9000").build().is_err());
        let keyless = bucket("").flag("files.s3.secret", "test", Some(""));
        let error = keyless.build().expect_err("no secret").to_string();
        assert!(error.contains("files.s3.secret"), "{error}");
        let none = Layers::defaults().flag("files.largest_mb", "test", Some("0"));
        assert!(none.build().is_err());
    }
}
