//! Uploaded files: one row for each hash; the bytes are in the object store. A revision of evidence names its file.

use super::index;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let files = Table::create()
            .table("files")
            .col(string_len("sha256", 64).primary_key().to_owned())
            .col(string_len("name", 120))
            .col(string_len("content_type", 120))
            .col(big_integer("size"))
            .col(string_len("uploaded_by", 254))
            .col(timestamp_with_time_zone("uploaded_at"))
            .to_owned();
        manager.create_table(files).await?;
        let named = Table::alter()
            .table("evidence_revisions")
            .add_column(string_len_null("file_sha256", 64))
            .to_owned();
        manager.alter_table(named).await?;
        let (name, table) = ("evidence_revisions_by_file", "evidence_revisions");
        index(manager, name, table, &["file_sha256"], false).await
    }
}
