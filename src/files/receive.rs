//! A file that comes in: piece by piece to `incoming/…`, hashed and looked at, then moved to where its hash says, or not kept.

use super::inspect::{Guess, Inspector, check_name};
use super::office::{self, Trouble};
use super::place::Place;
use super::ranged::Ranged;
use super::vault::{hex, incoming, path_of};
use super::{FileError, LARGEST_PICTURE, Vault, pictures};
use crate::domain::evidence::EvidenceFile;
use crate::domain::files::{FileKind, safe_name, visible_name};
use bytes::{Bytes, BytesMut};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::runtime::Handle;

/// A file that is kept now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it is and is called.
    pub file: EvidenceFile,
    /// Whether the store did not have these bytes before.
    pub is_new: bool,
}

/// A file that is coming in. Dropped before [`Receiving::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Receiving {
    place: Place,
    name: String,
    largest: u64,
    size: u64,
    inspector: Option<Inspector>,
    hash: Sha256,
    buffer: BytesMut,
    staged: Staged,
}

/// What of it is in the store already; whatever it is goes when this is dropped.
#[derive(Debug)]
struct Staged {
    store: Arc<dyn ObjectStore>,
    path: Path,
    upload: Option<Box<dyn MultipartUpload>>,
    is_whole: bool,
}

impl Staged {
    /// Takes away what is there.
    async fn remove(&mut self) {
        clean_up(
            Arc::clone(&self.store),
            self.path.clone(),
            self.upload.take(),
            std::mem::take(&mut self.is_whole),
        )
        .await;
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let (upload, is_whole) = (self.upload.take(), self.is_whole);
        if (upload.is_some() || is_whole)
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(clean_up(Arc::clone(&self.store), self.path.clone(), upload, is_whole));
        }
    }
}

async fn clean_up(store: Arc<dyn ObjectStore>, path: Path, upload: Option<Box<dyn MultipartUpload>>, is_whole: bool) {
    let aborted = match upload {
        Some(mut upload) => upload.abort().await,
        None => Ok(()),
    };
    let removed = if is_whole { store.delete(&path).await } else { Ok(()) };
    let gone = |error: &object_store::Error| matches!(error, object_store::Error::NotFound { .. });
    for error in [aborted.err(), removed.err()]
        .into_iter()
        .flatten()
        .filter(|error| !gone(error))
    {
        tracing::warn!(%error, %path, "an unfinished file could not be taken away; it will be swept up later");
    }
}

impl Receiving {
    pub(super) fn begin(vault: &Vault, name: &str) -> Result<Self, FileError> {
        let place = vault.place()?.clone();
        Ok(Self {
            staged: Staged {
                store: Arc::clone(&place.store),
                path: incoming(),
                upload: None,
                is_whole: false,
            },
            place,
            name: visible_name(name),
            largest: vault.largest(),
            size: 0,
            inspector: Some(Inspector::default()),
            hash: Sha256::new(),
            buffer: BytesMut::new(),
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// As soon as it is certain that the file is not taken, or when the store fails. Nothing of it stays then.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), FileError> {
        let taken = self.take(piece).await;
        if taken.is_err() {
            self.staged.remove().await;
        }
        taken
    }

    async fn take(&mut self, mut piece: &[u8]) -> Result<(), FileError> {
        self.size += piece.len() as u64;
        if self.size > self.largest {
            return Err(FileError::TooLarge(self.largest));
        }
        let Some(inspector) = &mut self.inspector else {
            return Err(FileError::Interrupted);
        };
        let guess = inspector.push(piece).map_err(FileError::Refused)?;
        let Some(guess) = guess else {
            self.buffer.extend_from_slice(piece);
            return Ok(());
        };
        if is_picture(guess) {
            if self.size > LARGEST_PICTURE {
                return Err(FileError::TooLarge(LARGEST_PICTURE));
            }
            self.buffer.extend_from_slice(piece);
            return Ok(());
        }
        while !piece.is_empty() {
            if self.buffer.capacity() < self.place.part {
                self.buffer.reserve(self.place.part - self.buffer.len());
            }
            let room = self.place.part.saturating_sub(self.buffer.len()).min(piece.len());
            let (now, later) = piece.split_at(room);
            self.buffer.extend_from_slice(now);
            piece = later;
            if self.buffer.len() >= self.place.part {
                self.write_part().await?;
            }
        }
        Ok(())
    }

    async fn write_part(&mut self) -> Result<(), FileError> {
        let part = self.buffer.split().freeze();
        self.hash.update(&part);
        let upload = match &mut self.staged.upload {
            Some(upload) => upload,
            none => none.insert(self.staged.store.put_multipart(&self.staged.path).await?),
        };
        // One after the other: two under way would need twice the memory.
        Ok(upload.put_part(part.into()).await?)
    }

    /// The file is here whole: looks at what can only be seen now, and moves it to its place.
    ///
    /// # Errors
    /// When it is not taken, or the store fails. Nothing of it stays then.
    pub async fn finish(mut self) -> Result<Kept, FileError> {
        let done = self.settle().await;
        self.staged.remove().await;
        done
    }

    async fn settle(&mut self) -> Result<Kept, FileError> {
        let refused = FileError::Refused;
        if self.size == 0 {
            return Err(refused("The file is empty. Choose another one.".to_owned()));
        }
        let mut inspector = self.inspector.take().ok_or(FileError::Interrupted)?;
        let guess = inspector.settle().map_err(refused)?;
        if let Guess::Known(kind) = guess
            && kind.is_picture()
        {
            check_name(&self.name, kind).map_err(refused)?;
            let whole = std::mem::take(&mut self.buffer).freeze();
            let cleaned = tokio::task::spawn_blocking(move || pictures::clean(kind, whole)).await;
            let cleaned = cleaned
                .map_err(|error| FileError::Store(error.to_string()))?
                .map_err(refused)?;
            self.size = cleaned.len() as u64;
            self.write_last(cleaned).await?;
            return self.keep(kind).await;
        }
        let kind = inspector.finish(&self.name).map_err(refused)?;
        if let Some(kind) = kind {
            check_name(&self.name, kind).map_err(refused)?;
        }
        let last = self.buffer.split().freeze();
        self.write_last(last).await?;
        let kind = match kind {
            Some(kind) => kind,
            None => self.unpack().await?,
        };
        check_name(&self.name, kind).map_err(refused)?;
        self.keep(kind).await
    }

    async fn write_last(&mut self, last: Bytes) -> Result<(), FileError> {
        if self.staged.upload.is_none() {
            self.hash.update(&last);
            self.staged.is_whole = true;
            self.staged.store.put(&self.staged.path, last.into()).await?;
            return Ok(());
        }
        if !last.is_empty() {
            self.buffer = BytesMut::from(last);
            self.write_part().await?;
        }
        if let Some(upload) = &mut self.staged.upload {
            upload.complete().await?;
            self.staged.upload = None;
            self.staged.is_whole = true;
        }
        Ok(())
    }

    async fn unpack(&mut self) -> Result<FileKind, FileError> {
        let (store, path, size) = (Arc::clone(&self.staged.store), self.staged.path.clone(), self.size);
        let file = Ranged::new(store, path, size, Handle::current());
        let seen = tokio::task::spawn_blocking(move || office::inspect(file, size)).await;
        match seen.map_err(|error| FileError::Store(error.to_string()))? {
            Ok(kind) => Ok(kind),
            Err(Trouble::Refused(why)) => Err(FileError::Refused(why.to_owned())),
            Err(Trouble::Store(error)) => Err(FileError::Store(error.to_string())),
        }
    }

    async fn keep(&mut self, kind: FileKind) -> Result<Kept, FileError> {
        let sha256 = hex(std::mem::take(&mut self.hash));
        let to = path_of(&sha256)?;
        let written = self.staged.store.head(&self.staged.path).await?.size;
        if written != self.size {
            let cause = format!("{written} bytes were written of {}", self.size);
            return Err(FileError::Store(cause));
        }
        let is_new = match self.staged.store.head(&to).await.map_err(FileError::from) {
            Ok(_) => false,
            Err(FileError::Missing) => true,
            Err(error) => return Err(error),
        };
        // Also where it is there already: a damaged copy is mended so.
        self.staged.store.rename(&self.staged.path, &to).await?;
        self.staged.is_whole = false;
        let file = EvidenceFile {
            name: safe_name(&self.name, kind),
            content_type: kind.content_type().to_owned(),
            size: self.size,
            sha256,
        };
        Ok(Kept { file, is_new })
    }
}

fn is_picture(guess: Guess) -> bool {
    matches!(guess, Guess::Known(kind) if kind.is_picture())
}
