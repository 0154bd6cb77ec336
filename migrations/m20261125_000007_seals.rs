//! Seals: the digest of every row as it was written, each bound to the audit event that tells of it. And the keys of
//! forms that were sent, so that a double click does a thing once.

use super::index;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let seals = Table::create()
            .table("seals")
            .col(string_len("room", 30))
            .col(string_len("row_key", 120))
            .col(big_integer("seq"))
            .col(string_len("digest", 64))
            .primary_key(Index::create().col("room").col("row_key").col("seq"))
            .to_owned();
        manager.create_table(seals).await?;
        index(manager, "seals_by_event", "seals", &["seq"], false).await?;

        let keys = Table::create()
            .table("form_keys")
            .col(string_len("actor", 254))
            .col(string_len("form_key", 64))
            .col(timestamp_with_time_zone("sent_at"))
            .col(text_null("led_to"))
            .primary_key(Index::create().col("actor").col("form_key"))
            .to_owned();
        manager.create_table(keys).await?;
        index(manager, "form_keys_by_age", "form_keys", &["sent_at"], false).await
    }
}
