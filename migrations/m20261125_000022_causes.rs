//! Causes over the years are counted where they are: the cause of a finding and the day on which it is true as columns of
//! their own, written from its sealed document and sealed there alone, and an index for a theme, whose provisions are known, and for a region, whose states are.

use super::{add_columns, index};
use sea_orm::DbBackend;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cause = string_len("cause", 20).default("").to_owned();
        let found_on = string_len("found_on", 10).default("").to_owned();
        add_columns(manager, "cause_findings", [cause, found_on]).await?;
        // The document says both, and each engine reads JSON in its own words.
        let read = |field: &str| match manager.get_database_backend() {
            DbBackend::Postgres => format!("(document::json)->>'{field}'"),
            _ => format!("json_extract(document, '$.{field}')"),
        };
        let fill = format!(
            "UPDATE cause_findings SET cause = {}, found_on = {}",
            read("cause"),
            read("found_on")
        );
        manager.get_connection().execute_unprepared(&fill).await?;
        let columns = ["provision", "state", "cause"];
        index(
            manager,
            "cause_findings_by_provision",
            "cause_findings",
            &columns,
            false,
        )
        .await
    }
}
