//! Where the objects are: the folder or the bucket of the settings, opened when it is first needed.

use super::FileError;
use crate::config::{FilePlace, S3Settings};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use std::sync::Arc;
use std::time::Duration;

/// Amazon's rule for all parts but the last; other servers follow it.
const S3_PART: usize = 5 * 1024 * 1024;
/// A folder takes any size: a small one needs little memory.
const FOLDER_PART: usize = 256 * 1024;

/// An open store.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) store: Arc<dyn ObjectStore>,
    /// How much is written at once.
    pub(super) part: usize,
}

impl Place {
    /// A store that is open already.
    pub(super) fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self {
            store,
            part: FOLDER_PART,
        }
    }
}

/// Opens it; a folder is made.
///
/// # Errors
/// When it cannot be opened, with what to do.
pub(super) fn open(place: &FilePlace) -> Result<Place, FileError> {
    match place {
        FilePlace::Folder(folder) => {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|error| FileError::Store(format!("{} cannot be made: {error}", folder.display())))?;
            // What a user was told is kept must survive a power cut.
            let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
            Ok(Place {
                store: Arc::new(store),
                part: FOLDER_PART,
            })
        }
        FilePlace::S3(settings) => Ok(Place {
            store: Arc::new(bucket(settings)?),
            part: S3_PART,
        }),
    }
}

fn bucket(settings: &S3Settings) -> Result<object_store::aws::AmazonS3, FileError> {
    let options = ClientOptions::new()
        .with_timeout(Duration::from_secs(60))
        .with_connect_timeout(Duration::from_secs(5))
        .with_allow_http(settings.allow_http);
    let retry = RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: 3,
        retry_timeout: Duration::from_secs(20),
    };
    let mut builder = AmazonS3Builder::new()
        .with_client_options(options)
        .with_retry(retry)
        .with_allow_http(settings.allow_http)
        .with_bucket_name(&settings.bucket)
        .with_region(&settings.region)
        .with_access_key_id(&settings.key_id)
        .with_secret_access_key(settings.secret.expose())
        // Not every compatible server knows the deletion of many at once.
        .with_disable_bulk_delete(true);
    if let Some(endpoint) = &settings.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    Ok(builder.build()?)
}
