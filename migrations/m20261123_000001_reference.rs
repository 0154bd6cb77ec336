//! States, themes, instruments and provisions; the audit chain; what was imported.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `document` is the whole validated row as JSON: these tables are read whole and cached, never searched by field.
        for table in ["states", "themes", "instruments"] {
            let create = Table::create()
                .table(table)
                .col(string_len("code", 16).primary_key())
                .col(integer("position"))
                .col(text("document"))
                .col(string_len("digest", 64))
                .to_owned();
            manager.create_table(create).await?;
        }
        let provisions = Table::create()
            .table("provisions")
            .col(string_len("id", 40).primary_key())
            .col(string_len("instrument", 16))
            .col(string_len("theme", 3))
            .col(integer("position"))
            .foreign_key(&mut references("provisions", "instrument", "instruments", "code"))
            .foreign_key(&mut references("provisions", "theme", "themes", "code"))
            .to_owned();
        manager.create_table(provisions).await?;
        index(
            manager,
            "provisions_by_instrument",
            "provisions",
            &["instrument", "position"],
            false,
        )
        .await?;

        let audit = Table::create()
            .table("audit_events")
            .col(big_integer("seq").primary_key())
            .col(timestamp_with_time_zone("at"))
            .col(string("actor"))
            .col(string_len("action", 60))
            .col(string("subject"))
            .col(text_null("reason"))
            .col(text("detail"))
            .col(string_len("previous_hash", 64))
            .col(string_len_uniq("hash", 64))
            .to_owned();
        manager.create_table(audit).await?;
        index(
            manager,
            "audit_events_by_subject",
            "audit_events",
            &["subject", "seq"],
            false,
        )
        .await?;

        let meta = Table::create()
            .table("meta")
            .col(string_len("name", 60).primary_key())
            .col(text("value"))
            .to_owned();
        manager.create_table(meta).await
    }
}
