//! Subjects of audit events are compared byte by byte on both engines, so that everything about one state is one range of
//! their index, whatever language the PostgreSQL database was made for. SQLite compares so from the start. And the page of a
//! theme asks for the evidence of all states.

use super::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = ["theme", "accepted_at"];
        index(
            manager,
            "evidence_revisions_of_theme",
            "evidence_revisions",
            &columns,
            false,
        )
        .await?;
        if manager.get_database_backend() != DatabaseBackend::Postgres {
            return Ok(());
        }
        let bytes = "ALTER TABLE audit_events ALTER COLUMN subject TYPE varchar COLLATE \"C\"";
        manager.get_connection().execute_unprepared(bytes).await.map(|_| ())
    }
}
