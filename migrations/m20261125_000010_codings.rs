//! Double coding: rounds, who is asked to grade in them, and what they handed in.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rounds(manager).await?;
        coders(manager).await?;
        codings(manager).await
    }
}

async fn rounds(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let rounds = Table::create()
        .table("coding_rounds")
        .col(pk_uuid("id"))
        .col(string_len("state", 16))
        .col(string_len("provision", 40))
        .col(string("opened_by"))
        .col(timestamp_with_time_zone("opened_at"))
        .col(string_len("status", 12))
        // Known once all gradings are in: the grades in ascending order, as `1 3`; `-` is no information.
        .col(string_len_null("grades", 40))
        .col(timestamp_with_time_zone_null("completed_at"))
        .col(timestamp_with_time_zone_null("settled_at"))
        .col(uuid_null("assessment"))
        .col(text_null("reason"))
        .foreign_key(&mut references("coding_rounds", "state", "states", "code"))
        .foreign_key(&mut references("coding_rounds", "provision", "provisions", "id"))
        .foreign_key(&mut references("coding_rounds", "assessment", "assessments", "id"))
        .to_owned();
    manager.create_table(rounds).await?;
    let waiting = ["status", "state", "completed_at"];
    index(manager, "coding_rounds_by_status", "coding_rounds", &waiting, false).await?;
    let obligation = ["state", "provision"];
    index(
        manager,
        "coding_rounds_by_obligation",
        "coding_rounds",
        &obligation,
        false,
    )
    .await?;
    index(
        manager,
        "coding_rounds_by_completion",
        "coding_rounds",
        &["completed_at"],
        false,
    )
    .await?;
    let one = "CREATE UNIQUE INDEX coding_rounds_unsettled ON coding_rounds (state, provision) \
               WHERE status IN ('open', 'agreed', 'disagreed')";
    manager.get_connection().execute_unprepared(one).await.map(|_| ())
}

async fn coders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let coders = Table::create()
        .table("coding_coders")
        .col(uuid("round"))
        .col(string("coder"))
        .col(timestamp_with_time_zone_null("handed_in_at"))
        .primary_key(Index::create().col("round").col("coder"))
        .foreign_key(&mut references("coding_coders", "round", "coding_rounds", "id"))
        .to_owned();
    manager.create_table(coders).await?;
    let columns = ["coder", "handed_in_at"];
    index(manager, "coding_coders_by_coder", "coding_coders", &columns, false).await
}

async fn codings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let codings = Table::create()
        .table("codings")
        .col(pk_uuid("id"))
        .col(uuid("round"))
        .col(string("coder"))
        .col(text("document"))
        .col(string_len("digest", 64))
        .col(timestamp_with_time_zone("coded_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .foreign_key(&mut references("codings", "round", "coding_rounds", "id"))
        .to_owned();
    manager.create_table(codings).await?;
    index(manager, "codings_by_round", "codings", &["round"], false).await?;
    let one = "CREATE UNIQUE INDEX codings_current ON codings (round, coder) WHERE superseded_at IS NULL";
    manager.get_connection().execute_unprepared(one).await.map(|_| ())
}
