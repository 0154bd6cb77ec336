//! A file that came in whole is kept: in the object store, in the table, and in the audit chain, or nowhere.

use super::Doing;
use crate::domain::evidence::EvidenceFile;
use crate::files::{FileError, Kept, Receiving, Vault};
use crate::store::{Db, StoreError, files as store};
use serde_json::json;

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// Because of the file or of the store of files.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps the file that was received. The same bytes sent twice are one file, and are recorded once.
///
/// # Errors
/// When it is not taken, or the store or the database fails; nothing of it stays then.
pub async fn keep(db: &Db, vault: &Vault, doing: Doing<'_>, received: Receiving) -> Result<EvidenceFile, KeepError> {
    let Kept { file, is_new } = received.finish().await?;
    match record(db, doing, &file).await {
        Ok(()) => Ok(file),
        Err(error) => {
            // Somebody else may have sent the same bytes meanwhile: then they are named, and stay.
            let is_named = !is_new || !matches!(store::by_hash(db, &file.sha256).await, Ok(None));
            if !is_named && let Err(error) = vault.remove(&file.sha256).await {
                tracing::warn!(%error, cause = error.cause(), sha256 = file.sha256, "a file that nothing names stays");
            }
            Err(error.into())
        }
    }
}

async fn record(db: &Db, doing: Doing<'_>, file: &EvidenceFile) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    if !store::insert(&tx, file, doing.actor, doing.now).await? {
        return tx.roll_back().await;
    }
    doing
        .note(
            &tx,
            "file.upload",
            &file.sha256,
            None,
            json!({ "name": file.name, "content_type": file.content_type, "size": file.size }),
        )
        .await?;
    tx.commit().await
}
