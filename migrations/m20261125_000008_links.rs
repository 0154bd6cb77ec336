//! Links of evidence: what is known of each, and what they led to over time. Evidence names its link by hash, so that
//! what has a dead link is one query.

use super::index;
use crate::domain::links::link_hash;
use sea_orm_migration::sea_orm::{ConnectionTrait, FromQueryResult};
use sea_orm_migration::{prelude::*, schema::*};
use std::collections::BTreeMap;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        checks(manager).await?;
        snapshots(manager).await?;
        let hash = Table::alter()
            .table("evidence")
            .add_column(string_len_null("link_hash", 64))
            .to_owned();
        manager.alter_table(hash).await?;
        index(manager, "evidence_by_link", "evidence", &["link_hash"], false).await?;
        held_already(manager).await
    }
}

async fn checks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let checks = Table::create()
        .table("link_checks")
        .col(string_len("hash", 64).primary_key())
        .col(text("link"))
        .col(string_len("status", 12))
        .col(timestamp_with_time_zone("since"))
        .col(timestamp_with_time_zone_null("checked_at"))
        .col(timestamp_with_time_zone("next_check_at"))
        .col(integer("failures"))
        .col(text_null("why"))
        .col(integer_null("http_status"))
        .col(text_null("content_type"))
        .col(text_null("title"))
        .col(string_len_null("published", 10))
        .col(string_len_null("content_sha256", 64))
        .col(string_len_null("snapshot_sha256", 64))
        .col(text_null("final_address"))
        .col(text_null("archived"))
        .col(string_len_null("leased_by", 160))
        .col(timestamp_with_time_zone_null("lease_until"))
        .to_owned();
    manager.create_table(checks).await?;
    index(
        manager,
        "link_checks_next",
        "link_checks",
        &["next_check_at", "hash"],
        false,
    )
    .await?;
    index(
        manager,
        "link_checks_by_status",
        "link_checks",
        &["status", "since"],
        false,
    )
    .await
}

/// Only ever added to: the text of a page stays readable after the page has changed or gone.
async fn snapshots(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut of_link = ForeignKey::create()
        .from("link_snapshots", "link_hash")
        .to("link_checks", "hash")
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned();
    let snapshots = Table::create()
        .table("link_snapshots")
        .col(pk_uuid("id"))
        .col(string_len("link_hash", 64))
        .col(timestamp_with_time_zone("at"))
        .col(string_len("status", 12))
        .col(text_null("detail"))
        .col(string_len_null("snapshot_sha256", 64))
        .col(text_null("text"))
        .foreign_key(&mut of_link)
        .to_owned();
    manager.create_table(snapshots).await?;
    index(
        manager,
        "link_snapshots_by_link",
        "link_snapshots",
        &["link_hash", "at"],
        false,
    )
    .await
}

/// Evidence read at a time.
const BATCH: u64 = 250;

#[derive(FromQueryResult)]
struct Held {
    id: uuid::Uuid,
    document: String,
}

/// Notes the links of evidence that was there before.
async fn held_already(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let mut last = None;
    loop {
        let mut query = Query::select();
        query
            .column(("evidence", "id"))
            .column(("evidence_revisions", "document"))
            .from("evidence")
            .inner_join(
                "evidence_revisions",
                Expr::col(("evidence_revisions", "evidence"))
                    .equals(("evidence", "id"))
                    .and(Expr::col(("evidence_revisions", "revision")).equals(("evidence", "revision"))),
            )
            .order_by(("evidence", "id"), Order::Asc)
            .limit(BATCH);
        if let Some(last) = last {
            query.and_where(Expr::col(("evidence", "id")).gt(last));
        }
        let rows: Vec<Held> = Held::find_by_statement(connection.get_database_backend().build(&query))
            .all(connection)
            .await?;
        let Some(end) = rows.last() else {
            return Ok(());
        };
        last = Some(end.id);
        let links: Vec<(uuid::Uuid, String)> = rows.iter().filter_map(|row| Some((row.id, link(row)?))).collect();
        if !links.is_empty() {
            note(connection, &links).await?;
        }
    }
}

fn link(row: &Held) -> Option<String> {
    let document: serde_json::Value = serde_json::from_str(&row.document).ok()?;
    let link = document.get("link")?.as_str()?.trim().to_owned();
    Some(link).filter(|link| !link.is_empty())
}

async fn note(connection: &SchemaManagerConnection<'_>, links: &[(uuid::Uuid, String)]) -> Result<(), DbErr> {
    let mut hashes = CaseStatement::new();
    for (id, link) in links {
        hashes = hashes.case(Expr::col("id").eq(*id), link_hash(link));
    }
    let update = Query::update()
        .table("evidence")
        .value("link_hash", hashes)
        .and_where(Expr::col("id").is_in(links.iter().map(|(id, _)| *id)))
        .to_owned();
    connection.execute(&update).await?;
    // The moment is long past, so that they are due at once.
    let distinct: BTreeMap<String, &String> = links.iter().map(|(_, link)| (link_hash(link), link)).collect();
    let mut insert = Query::insert();
    insert
        .into_table("link_checks")
        .columns(["hash", "link", "status", "since", "next_check_at", "failures"])
        .on_conflict(OnConflict::column("hash").do_nothing().to_owned());
    for (hash, link) in distinct {
        let long_past = chrono::DateTime::UNIX_EPOCH;
        insert.values_panic([
            hash.into(),
            link.as_str().into(),
            "unchecked".into(),
            long_past.into(),
            long_past.into(),
            0.into(),
        ]);
    }
    connection.execute(&insert).await.map(|_| ())
}
