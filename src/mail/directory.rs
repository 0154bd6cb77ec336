//! `.eml` files in a folder: mail without a server. A message that is sent again overwrites itself.

use crate::domain::reminders::{Failure, FailureKind};
use std::io;
use std::path::Path;
use tokio::io::AsyncWriteExt as _;

/// Writes one message. Whoever looks sees the whole file or none: it is written aside and then renamed.
pub(super) async fn write(folder: &Path, message_id: &str, bytes: &[u8]) -> Result<(), Failure> {
    let name: String = message_id.chars().take_while(char::is_ascii_hexdigit).collect();
    let result = write_atomically(folder, &name, bytes).await;
    result.map_err(|cause| {
        let why = format!(
            "the folder {} cannot be written: {cause}. Check mail.directory, its owner and the space on the disk",
            folder.display()
        );
        Failure::new(FailureKind::Service, why)
    })
}

async fn write_atomically(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let aside = folder.join(format!(".{name}.{}", std::process::id()));
    let mut file = tokio::fs::File::create(&aside).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&aside, folder.join(format!("{name}.eml"))).await
}

/// Whether the folder can be written.
pub(super) async fn probe(folder: &Path) -> Result<(), Failure> {
    let unusable = |cause: io::Error| {
        let why = format!(
            "the folder {} cannot be written: {cause}. Check mail.directory",
            folder.display()
        );
        Failure::new(FailureKind::Service, why)
    };
    let file = folder.join(format!(".probe.{}", std::process::id()));
    tokio::fs::create_dir_all(folder).await.map_err(unusable)?;
    tokio::fs::write(&file, b"").await.map_err(unusable)?;
    tokio::fs::remove_file(&file).await.map_err(unusable)
}
