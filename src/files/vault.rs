//! The store of files as the rest of the program sees it.

use super::place::{self, Place};
use super::{FileError, Receiving};
use crate::config::{FilePlace, FileSettings};
use crate::domain::files::is_sha256;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use uuid::Uuid;

/// The store of files.
#[derive(Debug, Clone)]
pub struct Vault {
    settings: Arc<FileSettings>,
    place: Arc<OnceLock<Place>>,
}

/// What is under a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The bytes that it names.
    Whole,
    /// Nothing.
    Missing,
    /// Other bytes: their hash.
    Changed(String),
}

impl Vault {
    /// The store that the settings name. It is opened when it is first needed.
    #[must_use]
    pub fn new(settings: &FileSettings) -> Self {
        Self {
            settings: Arc::new(settings.clone()),
            place: Arc::default(),
        }
    }

    /// A store that is open already, with the limits of the settings.
    #[must_use]
    pub fn over(store: Arc<dyn ObjectStore>, settings: &FileSettings) -> Self {
        let vault = Self::new(settings);
        // It is new, so nothing is in its place yet.
        let _ = vault.place.set(Place::over(store));
        vault
    }

    /// A store in memory that is gone with it: for tests of what is built on it.
    #[must_use]
    pub fn in_memory(settings: &FileSettings) -> Self {
        Self::over(Arc::new(object_store::memory::InMemory::new()), settings)
    }

    pub(super) fn place(&self) -> Result<&Place, FileError> {
        if let Some(place) = self.place.get() {
            return Ok(place);
        }
        let opened = place::open(&self.settings.place)?;
        Ok(self.place.get_or_init(|| opened))
    }

    /// The largest file in bytes.
    #[must_use]
    pub fn largest(&self) -> u64 {
        self.settings.largest
    }

    /// Begins to receive a file of that name.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub fn receive(&self, name: &str) -> Result<Receiving, FileError> {
        Receiving::begin(self, name)
    }

    /// The bytes of a file and how many there are.
    ///
    /// # Errors
    /// When there is none or the store fails.
    pub async fn read(&self, sha256: &str) -> Result<(u64, BoxStream<'static, Result<Bytes, FileError>>), FileError> {
        let found = self.place()?.store.get(&path_of(sha256)?).await?;
        let size = found.meta.size;
        Ok((size, found.into_stream().map_err(FileError::from).boxed()))
    }

    /// How many bytes a file has, where there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn size(&self, sha256: &str) -> Result<Option<u64>, FileError> {
        match self
            .place()?
            .store
            .head(&path_of(sha256)?)
            .await
            .map_err(FileError::from)
        {
            Ok(meta) => Ok(Some(meta.size)),
            Err(FileError::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes a file away again that nothing names.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, sha256: &str) -> Result<(), FileError> {
        match self
            .place()?
            .store
            .delete(&path_of(sha256)?)
            .await
            .map_err(FileError::from)
        {
            Ok(()) | Err(FileError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Reads a file whole and compares its bytes with its hash.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn verify(&self, sha256: &str) -> Result<Found, FileError> {
        let (_, mut bytes) = match self.read(sha256).await {
            Ok(found) => found,
            Err(FileError::Missing) => return Ok(Found::Missing),
            Err(error) => return Err(error),
        };
        let mut hash = Sha256::new();
        while let Some(piece) = bytes.try_next().await? {
            hash.update(&piece);
        }
        let hash = hex(hash);
        Ok(if hash == sha256 {
            Found::Whole
        } else {
            Found::Changed(hash)
        })
    }

    /// Writes something small, reads it and takes it away again.
    ///
    /// # Errors
    /// What does not work.
    pub async fn probe(&self) -> Result<(), FileError> {
        let place = self.place()?;
        let path = incoming();
        place
            .store
            .put(&path, Bytes::from_static(b"servanda check").into())
            .await?;
        let read = place.store.get(&path).await?.bytes().await?;
        place.store.delete(&path).await?;
        if read == "servanda check" {
            Ok(())
        } else {
            Err(FileError::Store(
                "it gives back other bytes than it was given".to_owned(),
            ))
        }
    }

    /// Where the files are, in words.
    #[must_use]
    pub fn whereabouts(&self) -> String {
        match &self.settings.place {
            FilePlace::Folder(folder) => format!("the folder {}", folder.display()),
            FilePlace::S3(s3) => {
                let server = s3.endpoint.as_deref().unwrap_or("Amazon S3");
                format!("the bucket {} of {server}", s3.bucket)
            }
        }
    }

    /// Takes away what uploads left behind whose program was killed: whatever is in `incoming/` longer than `age`. How many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self, now: chrono::DateTime<chrono::Utc>, age: Duration) -> Result<usize, FileError> {
        if let FilePlace::Folder(folder) = &self.settings.place
            && !folder.exists()
        {
            return Ok(0);
        }
        let place = self.place()?;
        let before = now - age;
        let folder = Path::from("incoming");
        let old = place
            .store
            .list(Some(&folder))
            .try_filter_map(|meta| async move { Ok((meta.last_modified < before).then_some(meta.location)) });
        let old: Vec<Path> = old.try_collect().await?;
        for path in &old {
            place.store.delete(path).await?;
        }
        Ok(old.len() + self.sweep_parts(before))
    }

    /// A folder keeps unfinished objects under names that the store does not list.
    fn sweep_parts(&self, before: chrono::DateTime<chrono::Utc>) -> usize {
        let FilePlace::Folder(folder) = &self.settings.place else {
            return 0;
        };
        let entries = std::fs::read_dir(folder.join("incoming"))
            .into_iter()
            .flatten()
            .flatten();
        let old = entries.filter(|entry| {
            let modified = entry.metadata().and_then(|meta| meta.modified());
            let is_part = entry.file_name().to_string_lossy().contains('#');
            is_part && modified.is_ok_and(|at| chrono::DateTime::<chrono::Utc>::from(at) < before)
        });
        old.filter(|entry| std::fs::remove_file(entry.path()).is_ok()).count()
    }
}

/// The place of a file, from its hash: `sha256/ab/abcd…`.
pub(super) fn path_of(sha256: &str) -> Result<Path, FileError> {
    if is_sha256(sha256) {
        Ok(Path::from(format!("sha256/{}/{sha256}", &sha256[..2])))
    } else {
        Err(FileError::Missing)
    }
}

/// A new place for a file that comes in.
pub(super) fn incoming() -> Path {
    Path::from(format!("incoming/{}", Uuid::now_v7().simple()))
}

/// A hash in small hexadecimal digits.
pub(super) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
