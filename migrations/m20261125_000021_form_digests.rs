//! What a form said when it was sent, as a digest: sent again with other words, it is not taken for a double click.

use super::add_columns;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_columns(manager, "form_keys", [string_len_null("digest", 64)]).await
    }
}
