//! Queues are narrowed to a theme, by the evidence on it and by the provisions that evidence names.

use super::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "evidence_by_theme", "evidence", &["theme", "review_by"], false).await?;
        let provision = ["provision"];
        index(
            manager,
            "evidence_provisions_by_provision",
            "evidence_provisions",
            &provision,
            false,
        )
        .await
    }
}
