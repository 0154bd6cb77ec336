//! Evidence is reviewed: where each revision stands, since when it counts, and every step that led there.

use super::{add_columns, index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        items(manager).await?;
        revisions(manager).await?;
        fill(manager).await?;
        steps(manager).await
    }
}

/// What the lists of the desk ask for is in the item's own row: the latest revision's status and author.
async fn items(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        string_len("status", 10).default("accepted").to_owned(),
        string_len("author", 254).default("import").to_owned(),
        integer_null("accepted_revision"),
        string_len_null("review_by", 10),
        timestamp_with_time_zone_null("changed_at"),
    ];
    add_columns(manager, "evidence", columns).await?;
    index(
        manager,
        "evidence_by_status",
        "evidence",
        &["status", "changed_at"],
        false,
    )
    .await?;
    index(manager, "evidence_by_author", "evidence", &["author", "status"], false).await?;
    index(manager, "evidence_by_review", "evidence", &["review_by"], false).await
}

async fn revisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        string_len_null("state", 16),
        string_len("status", 10).default("accepted").to_owned(),
        timestamp_with_time_zone_null("accepted_at"),
        timestamp_with_time_zone_null("replaced_at"),
    ];
    add_columns(manager, "evidence_revisions", columns).await?;
    index(
        manager,
        "evidence_revisions_accepted",
        "evidence_revisions",
        &["state", "accepted_at"],
        false,
    )
    .await
}

/// What was there before reviews counted from the moment it was written down.
async fn fill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements = [
        "UPDATE evidence SET accepted_revision = revision, changed_at = recorded_at, author = (SELECT r.recorded_by \
         FROM evidence_revisions r WHERE r.evidence = evidence.id AND r.revision = evidence.revision)",
        "UPDATE evidence_revisions SET accepted_at = recorded_at, \
         state = (SELECT e.state FROM evidence e WHERE e.id = evidence_revisions.evidence), \
         replaced_at = (SELECT n.recorded_at FROM evidence_revisions n WHERE n.evidence = evidence_revisions.evidence \
         AND n.revision = evidence_revisions.revision + 1)",
    ];
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

async fn steps(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let steps = Table::create()
        .table("evidence_reviews")
        .col(pk_uuid("id"))
        .col(uuid("evidence"))
        .col(integer("revision"))
        .col(string_len("step", 10))
        .col(string_len("by", 254))
        .col(timestamp_with_time_zone("at"))
        .col(text("remark"))
        .foreign_key(&mut references("evidence_reviews", "evidence", "evidence", "id"))
        .to_owned();
    manager.create_table(steps).await?;
    index(
        manager,
        "evidence_reviews_by_evidence",
        "evidence_reviews",
        &["evidence", "revision"],
        false,
    )
    .await
}
