//! Evidence with its revisions, what it is attached to, assessments and findings about causes.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        evidence(manager).await?;
        assessments(manager).await?;
        causes(manager).await
    }
}

async fn evidence(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let items = Table::create()
        .table("evidence")
        .col(pk_uuid("id"))
        .col(string_len("natural_key", 60))
        .col(string_len("state", 16))
        .col(string_len_null("theme", 3))
        .col(integer("revision"))
        .col(timestamp_with_time_zone("recorded_at"))
        .foreign_key(&mut references("evidence", "state", "states", "code"))
        .foreign_key(&mut references("evidence", "theme", "themes", "code"))
        .to_owned();
    manager.create_table(items).await?;
    index(manager, "evidence_natural_key", "evidence", &["natural_key"], true).await?;
    index(manager, "evidence_by_state", "evidence", &["state", "theme"], false).await?;

    let revisions = Table::create()
        .table("evidence_revisions")
        .col(uuid("evidence"))
        .col(integer("revision"))
        .col(text("document"))
        .col(string_len("digest", 64))
        .col(string("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .primary_key(Index::create().col("evidence").col("revision"))
        .foreign_key(&mut references("evidence_revisions", "evidence", "evidence", "id"))
        .to_owned();
    manager.create_table(revisions).await?;

    let provisions = Table::create()
        .table("evidence_provisions")
        .col(uuid("evidence"))
        .col(string_len("provision", 40))
        .primary_key(Index::create().col("evidence").col("provision"))
        .foreign_key(&mut references("evidence_provisions", "evidence", "evidence", "id"))
        .foreign_key(&mut references("evidence_provisions", "provision", "provisions", "id"))
        .to_owned();
    manager.create_table(provisions).await
}

async fn assessments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let assessments = Table::create()
        .table("assessments")
        .col(pk_uuid("id"))
        .col(string_len("state", 16))
        .col(string_len("provision", 40))
        .col(text("document"))
        .col(string("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .foreign_key(&mut references("assessments", "state", "states", "code"))
        .foreign_key(&mut references("assessments", "provision", "provisions", "id"))
        .to_owned();
    manager.create_table(assessments).await?;
    index(
        manager,
        "assessments_by_state",
        "assessments",
        &["state", "provision"],
        false,
    )
    .await?;
    let unique =
        "CREATE UNIQUE INDEX assessments_current ON assessments (state, provision) WHERE superseded_at IS NULL";
    manager.get_connection().execute_unprepared(unique).await.map(|_| ())
}

async fn causes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let findings = Table::create()
        .table("cause_findings")
        .col(pk_uuid("id"))
        .col(string_len_null("natural_key", 60))
        .col(string_len("state", 16))
        .col(string_len("provision", 40))
        .col(text("document"))
        .col(string_len("digest", 64))
        .col(string("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .foreign_key(&mut references("cause_findings", "state", "states", "code"))
        .foreign_key(&mut references("cause_findings", "provision", "provisions", "id"))
        .to_owned();
    manager.create_table(findings).await?;
    index(
        manager,
        "cause_findings_by_state",
        "cause_findings",
        &["state", "provision"],
        false,
    )
    .await
}
