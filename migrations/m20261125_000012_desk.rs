//! The desk: where every obligation of every state stands, kept so that the queues of the whole world are one indexed
//! question each; which states have to be looked at again; and the filters that people keep.
//!
//! None of these rows is sealed: standings are derived and can be computed again from rows that are sealed, and a kept
//! filter says nothing about a state.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        standings(manager).await?;
        due(manager).await?;
        of_the_day(manager).await?;
        filters(manager).await
    }
}

/// Without foreign keys: what a row was derived from may go, and the row then tells what stood before.
async fn standings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let standings = Table::create()
        .table("standings")
        .col(pk_uuid("id"))
        .col(string_len("state", 16))
        .col(string_len("provision", 40))
        .col(string_len("instrument", 16))
        .col(string_len("theme", 3))
        .col(boolean("gradable"))
        .col(integer_null("grade"))
        .col(string_len("basis", 16))
        .col(boolean("contested"))
        .col(integer_null("suggested"))
        .col(integer("strength"))
        .col(integer("evidence"))
        .col(string_len_null("newest_fact", 10))
        .col(timestamp_with_time_zone_null("newest_accepted_at"))
        .col(timestamp_with_time_zone_null("assessed_at"))
        .col(boolean("waits"))
        .col(boolean("disputed"))
        .col(string_len_null("aged_from", 10))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .to_owned();
    manager.create_table(standings).await?;
    index(manager, "standings_by_time", "standings", &["recorded_at"], false).await?;
    let current = [
        "CREATE UNIQUE INDEX standings_current ON standings (state, provision)",
        "CREATE INDEX standings_waiting ON standings (waits, state, provision)",
        "CREATE INDEX standings_waiting_theme ON standings (waits, theme, state, provision)",
        "CREATE INDEX standings_waiting_instrument ON standings (waits, instrument, state, provision)",
        "CREATE INDEX standings_disputed ON standings (disputed, state, provision)",
        "CREATE INDEX standings_aged ON standings (aged_from, state, provision)",
    ];
    for statement in current {
        let partial = format!("{statement} WHERE superseded_at IS NULL");
        manager.get_connection().execute_unprepared(&partial).await?;
    }
    Ok(())
}

/// A mark for each write that may have moved a standing, left in the transaction of that write. No state: all of them.
async fn due(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let due = Table::create()
        .table("standings_due")
        .col(pk_uuid("id"))
        .col(string_len_null("state", 16))
        .col(timestamp_with_time_zone("at"))
        .to_owned();
    manager.create_table(due).await?;
    index(manager, "standings_due_by_state", "standings_due", &["state"], false).await
}

/// For the desk of an earlier day: whose revisions there were, and which steps had been taken.
async fn of_the_day(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let revisions = "evidence_revisions";
    index(
        manager,
        "evidence_revisions_by_writer",
        revisions,
        &["recorded_by", "recorded_at"],
        false,
    )
    .await?;
    index(
        manager,
        "evidence_reviews_by_step",
        "evidence_reviews",
        &["step", "at"],
        false,
    )
    .await
}

async fn filters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let filters = Table::create()
        .table("saved_filters")
        .col(pk_uuid("id"))
        .col(uuid("user"))
        .col(string_len("name", 80))
        .col(string_len("address", 2000))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("saved_filters", "user", "users", "id"))
        .to_owned();
    manager.create_table(filters).await?;
    index(manager, "saved_filters_names", "saved_filters", &["user", "name"], true).await
}
