//! What a revision of evidence speaks of, beside its document: so that the evidence on one obligation is found without
//! reading all evidence on its state.

use super::{add_columns, index};
use sea_orm_migration::sea_orm::DatabaseBackend;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [string_len_null("theme", 3), boolean("exact").default(false).to_owned()];
        add_columns(manager, "evidence_revisions", columns).await?;
        let fill = match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                "UPDATE evidence_revisions SET theme = document::json->>'theme', \
                 exact = COALESCE(json_array_length(document::json->'provisions'), 0) > 0"
            }
            _ => {
                "UPDATE evidence_revisions SET theme = json_extract(document, '$.theme'), \
                 exact = COALESCE(json_array_length(document, '$.provisions'), 0) > 0"
            }
        };
        manager.get_connection().execute_unprepared(fill).await?;
        let columns = ["state", "theme", "accepted_at"];
        index(
            manager,
            "evidence_revisions_by_theme",
            "evidence_revisions",
            &columns,
            false,
        )
        .await?;
        let columns = ["state", "exact", "accepted_at"];
        index(
            manager,
            "evidence_revisions_exact",
            "evidence_revisions",
            &columns,
            false,
        )
        .await
    }
}
