//! Recommendations with their revisions, imports with their rows, and by what evidence without a key is known again.

use super::{add_columns, index, references};
use crate::domain::evidence::Evidence;
use sea_orm_migration::{prelude::*, schema::*, sea_orm};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        recommendations(manager).await?;
        imports(manager).await?;
        likeness(manager).await
    }
}

async fn recommendations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let items = Table::create()
        .table("recommendations")
        .col(pk_uuid("id"))
        .col(string_len("natural_key", 64))
        .col(string_len("state", 16))
        .col(string_len("body", 20))
        .col(string_len("acceptance", 10))
        .col(string_len_null("date", 10))
        .col(integer("revision"))
        .col(timestamp_with_time_zone("changed_at"))
        .foreign_key(&mut references("recommendations", "state", "states", "code"))
        .to_owned();
    manager.create_table(items).await?;
    let name = "recommendations_natural_key";
    index(manager, name, "recommendations", &["natural_key"], true).await?;
    index(
        manager,
        "recommendations_by_state",
        "recommendations",
        &["state", "date"],
        false,
    )
    .await?;

    let revisions = Table::create()
        .table("recommendation_revisions")
        .col(uuid("recommendation"))
        .col(integer("revision"))
        .col(string_len("state", 16))
        .col(text("document"))
        .col(string("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("replaced_at"))
        .primary_key(Index::create().col("recommendation").col("revision"))
        .foreign_key(&mut references(
            "recommendation_revisions",
            "recommendation",
            "recommendations",
            "id",
        ))
        .to_owned();
    manager.create_table(revisions).await?;
    index(
        manager,
        "recommendation_revisions_by_state",
        "recommendation_revisions",
        &["state", "recorded_at"],
        false,
    )
    .await
}

async fn imports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let imports = Table::create()
        .table("imports")
        .col(pk_uuid("id"))
        .col(string_len("who", 254))
        .col(text("file_name"))
        .col(string_len("sha256", 64))
        .col(string_len("status", 10))
        .col(text("notes"))
        .col(integer("total"))
        .col(integer("position"))
        .col(integer("added"))
        .col(integer("changed"))
        .col(integer("unchanged"))
        .col(integer("refused"))
        .col(integer("applied"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone("changed_at"))
        .col(text_null("leased_by"))
        .col(timestamp_with_time_zone_null("lease_until"))
        .to_owned();
    manager.create_table(imports).await?;
    index(manager, "imports_by_who", "imports", &["who", "started_at"], false).await?;
    index(
        manager,
        "imports_by_status",
        "imports",
        &["status", "lease_until"],
        false,
    )
    .await?;

    let rows = Table::create()
        .table("import_rows")
        .col(uuid("import"))
        .col(integer("position"))
        .col(string_len("noun", 16))
        .col(integer("line"))
        .col(text("cells"))
        .col(string_len_null("row_key", 80))
        .col(string_len("status", 10))
        .col(text_null("report"))
        .primary_key(Index::create().col("import").col("position"))
        .foreign_key(&mut references("import_rows", "import", "imports", "id"))
        .to_owned();
    manager.create_table(rows).await?;
    let by_status = &["import", "status", "position"];
    index(manager, "import_rows_by_status", "import_rows", by_status, false).await?;
    index(
        manager,
        "import_rows_by_key",
        "import_rows",
        &["import", "row_key"],
        false,
    )
    .await
}

/// Evidence that a file names by state, document, paragraph and title is found by the digest of these.
async fn likeness(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    add_columns(manager, "evidence", [string_len_null("likeness", 64)]).await?;
    index(manager, "evidence_by_likeness", "evidence", &["likeness"], false).await?;
    let latest = Query::select()
        .column(("r", "evidence"))
        .column(("r", "document"))
        .from_as("evidence_revisions", "r")
        .inner_join(
            "evidence",
            Cond::all()
                .add(Expr::col(("evidence", "id")).equals(("r", "evidence")))
                .add(Expr::col(("evidence", "revision")).equals(("r", "revision"))),
        )
        .to_owned();
    let connection = manager.get_connection();
    for row in connection.query_all(&latest).await? {
        let (id, document): (sea_orm::prelude::Uuid, String) =
            (row.try_get("", "evidence")?, row.try_get("", "document")?);
        // A document of another version is found by its key only.
        let Ok(evidence) = serde_json::from_str::<Evidence>(&document) else {
            continue;
        };
        let update = Query::update()
            .table("evidence")
            .value("likeness", evidence.likeness())
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        connection.execute(&update).await?;
    }
    Ok(())
}
