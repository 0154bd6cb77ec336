//! Coding studies of causes: their cases, who codes, the codes, and what was settled where they differ. Proposals from
//! status pages of the depositary.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        studies(manager).await?;
        cases(manager).await?;
        coders(manager).await?;
        codes(manager).await?;
        settlements(manager).await?;
        proposals(manager).await
    }
}

async fn studies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let studies = Table::create()
        .table("studies")
        .col(pk_uuid("id"))
        .col(string("title"))
        .col(text("question"))
        .col(text("sample"))
        // How many cases there were to draw from, and where the drawing began; nothing where all were taken.
        .col(integer_null("drawn_from"))
        .col(big_integer_null("seed"))
        .col(integer("cases"))
        .col(boolean("engine"))
        .col(string("opened_by"))
        .col(timestamp_with_time_zone("opened_at"))
        .col(string_len("status", 12))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(text_null("reason"))
        .to_owned();
    manager.create_table(studies).await?;
    index(manager, "studies_by_opening", "studies", &["opened_at", "id"], false).await
}

async fn cases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let cases = Table::create()
        .table("study_cases")
        .col(uuid("study"))
        .col(integer("number"))
        .col(text("document"))
        .primary_key(Index::create().col("study").col("number"))
        .foreign_key(&mut references("study_cases", "study", "studies", "id"))
        .to_owned();
    manager.create_table(cases).await
}

async fn coders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let coders = Table::create()
        .table("study_coders")
        .col(uuid("study"))
        .col(string("coder"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .primary_key(Index::create().col("study").col("coder"))
        .foreign_key(&mut references("study_coders", "study", "studies", "id"))
        .to_owned();
    manager.create_table(coders).await?;
    let columns = ["coder", "finished_at"];
    index(manager, "study_coders_by_coder", "study_coders", &columns, false).await
}

async fn codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let codes = Table::create()
        .table("study_codes")
        .col(pk_uuid("id"))
        .col(uuid("study"))
        .col(integer("number"))
        .col(string("coder"))
        .col(text("document"))
        .col(string_len("digest", 64))
        .col(timestamp_with_time_zone("coded_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .foreign_key(&mut references("study_codes", "study", "studies", "id"))
        .to_owned();
    manager.create_table(codes).await?;
    let place = ["study", "coder", "number"];
    index(manager, "study_codes_by_study", "study_codes", &place, false).await?;
    let one =
        "CREATE UNIQUE INDEX study_codes_current ON study_codes (study, coder, number) WHERE superseded_at IS NULL";
    manager.get_connection().execute_unprepared(one).await.map(|_| ())
}

async fn settlements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let settlements = Table::create()
        .table("study_settlements")
        .col(pk_uuid("id"))
        .col(uuid("study"))
        .col(integer("number"))
        .col(text("document"))
        .col(timestamp_with_time_zone("settled_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .foreign_key(&mut references("study_settlements", "study", "studies", "id"))
        .to_owned();
    manager.create_table(settlements).await?;
    let place = ["study", "number"];
    index(
        manager,
        "study_settlements_by_study",
        "study_settlements",
        &place,
        false,
    )
    .await?;
    let one = "CREATE UNIQUE INDEX study_settlements_current ON study_settlements (study, number) \
               WHERE superseded_at IS NULL";
    manager.get_connection().execute_unprepared(one).await.map(|_| ())
}

async fn proposals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let proposals = Table::create()
        .table("proposals")
        .col(pk_uuid("id"))
        // What differs: the same difference is never kept twice.
        .col(string_len("fingerprint", 64))
        .col(string_len("instrument", 16))
        .col(string_len("state", 16))
        .col(string_len("status", 12))
        .col(text("document"))
        .col(string("found_by"))
        .col(timestamp_with_time_zone("found_at"))
        .col(string_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(text_null("reason"))
        .foreign_key(&mut references("proposals", "instrument", "instruments", "code"))
        .foreign_key(&mut references("proposals", "state", "states", "code"))
        .to_owned();
    manager.create_table(proposals).await?;
    let listed = ["status", "instrument", "state", "id"];
    index(manager, "proposals_by_status", "proposals", &listed, false).await?;
    let known = ["instrument", "fingerprint"];
    index(manager, "proposals_by_fingerprint", "proposals", &known, false).await?;
    let one = "CREATE UNIQUE INDEX proposals_open ON proposals (fingerprint) WHERE status = 'open'";
    manager.get_connection().execute_unprepared(one).await.map(|_| ())
}
