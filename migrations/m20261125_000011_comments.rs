//! Comments on evidence and on obligations, for those who work on them.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let comments = Table::create()
            .table("comments")
            .col(pk_uuid("id"))
            // The identity of a piece of evidence, or STATE/PROVISION.
            .col(string_len("subject", 120))
            .col(string_len("state", 16))
            .col(text("text"))
            .col(string_len("by", 254))
            .col(timestamp_with_time_zone("at"))
            // An address, or @ and a role.
            .col(string_len_null("assigned_to", 254))
            .col(string_len_null("resolved_by", 254))
            .col(timestamp_with_time_zone_null("resolved_at"))
            .foreign_key(&mut references("comments", "state", "states", "code"))
            .to_owned();
        manager.create_table(comments).await?;
        index(manager, "comments_by_subject", "comments", &["subject", "id"], false).await?;
        let waiting = ["assigned_to", "resolved_at", "id"];
        index(manager, "comments_by_assignee", "comments", &waiting, false).await
    }
}
