//! An object of the store read as a file, piece by piece: for readers that want to jump about, on a blocking thread.

use super::FileError;
use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use tokio::runtime::Handle;

/// So much is fetched at once.
const PIECE: u64 = 256 * 1024;

/// An object as a file.
pub(super) struct Ranged {
    store: Arc<dyn ObjectStore>,
    path: Path,
    size: u64,
    at: u64,
    piece: Bytes,
    piece_at: u64,
    runtime: Handle,
}

impl Ranged {
    /// Opens it; to be read on a blocking thread of that runtime.
    pub(super) fn new(store: Arc<dyn ObjectStore>, path: Path, size: u64, runtime: Handle) -> Self {
        Self {
            store,
            path,
            size,
            at: 0,
            piece: Bytes::new(),
            piece_at: 0,
            runtime,
        }
    }
}

impl Read for Ranged {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || into.is_empty() {
            return Ok(0);
        }
        let end = self.piece_at + self.piece.len() as u64;
        if !(self.piece_at..end).contains(&self.at) {
            let range = self.at..self.size.min(self.at + PIECE);
            let fetched = self.runtime.block_on(self.store.get_range(&self.path, range));
            self.piece = fetched.map_err(|error| io::Error::other(FileError::from(error)))?;
            self.piece_at = self.at;
        }
        let start = usize::try_from(self.at - self.piece_at).map_err(io::Error::other)?;
        let there = self.piece.get(start..).unwrap_or(&[]);
        let count = there.len().min(into.len());
        into[..count].copy_from_slice(&there[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Ranged {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
