//! Stored revisions of deadlines, who follows what, and the ledger of reminders.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        deadlines(manager).await?;
        subscriptions(manager).await?;
        reminders(manager).await?;
        reminder_indexes(manager).await
    }
}

/// Revisions of computed dates: what reminders were sent about stays readable after a date has moved.
async fn deadlines(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let deadlines = Table::create()
        .table("deadlines")
        .col(string_len("state", 16))
        .col(string_len("instrument", 16))
        .col(string_len("report", 80))
        .col(integer("revision"))
        .col(string_len("due", 10))
        .col(text("basis"))
        .col(text_null("set_by"))
        .col(string_len("certainty", 12))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("closed_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .primary_key(
            Index::create()
                .col("state")
                .col("instrument")
                .col("report")
                .col("revision"),
        )
        .foreign_key(&mut references("deadlines", "state", "states", "code"))
        .foreign_key(&mut references("deadlines", "instrument", "instruments", "code"))
        .to_owned();
    manager.create_table(deadlines).await?;
    let current = "CREATE UNIQUE INDEX deadlines_current ON deadlines (state, instrument, report) \
                   WHERE superseded_at IS NULL";
    manager.get_connection().execute_unprepared(current).await?;
    index(manager, "deadlines_by_due", "deadlines", &["due"], false).await
}

async fn subscriptions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let subscriptions = Table::create()
        .table("subscriptions")
        .col(pk_uuid("id"))
        .col(uuid("user"))
        .col(string_len_null("state", 16))
        .col(string_len_null("instrument", 16))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("subscriptions", "user", "users", "id"))
        .foreign_key(&mut references("subscriptions", "state", "states", "code"))
        .foreign_key(&mut references("subscriptions", "instrument", "instruments", "code"))
        .to_owned();
    manager.create_table(subscriptions).await?;
    // Absent means “every”; two absent values are the same, which a plain unique index would not see.
    let once = "CREATE UNIQUE INDEX subscriptions_once ON subscriptions \
                (\"user\", COALESCE(state, ''), COALESCE(instrument, ''))";
    manager.get_connection().execute_unprepared(once).await.map(|_| ())
}

async fn reminders(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut about = ForeignKey::create()
        .from_tbl("reminders")
        .to_tbl("deadlines")
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned();
    for column in ["state", "instrument", "report", "revision"] {
        about.from_col(column).to_col(column);
    }
    let reminders = Table::create()
        .table("reminders")
        .col(pk_uuid("id"))
        .col(string_len("state", 16))
        .col(string_len("instrument", 16))
        .col(string_len("report", 80))
        .col(integer("revision"))
        .col(integer("offset_days"))
        .col(uuid("recipient"))
        .col(string_len("channel", 12))
        .col(string_len("due", 10))
        .col(string_len("status", 12))
        .col(integer("attempts"))
        .col(string_len_null("leased_by", 160))
        .col(timestamp_with_time_zone_null("lease_until"))
        .col(timestamp_with_time_zone_null("next_try_at"))
        .col(text_null("last_error"))
        .col(text_null("reason"))
        .col(string_len("message_id", 320))
        .col(timestamp_with_time_zone("planned_at"))
        .col(timestamp_with_time_zone_null("settled_at"))
        .foreign_key(&mut about)
        .foreign_key(&mut references("reminders", "recipient", "users", "id"))
        .to_owned();
    manager.create_table(reminders).await
}

async fn reminder_indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let key = [
        "state",
        "instrument",
        "report",
        "revision",
        "offset_days",
        "recipient",
        "channel",
    ];
    index(manager, "reminders_key", "reminders", &key, true).await?;
    index(
        manager,
        "reminders_by_status",
        "reminders",
        &["status", "next_try_at"],
        false,
    )
    .await?;
    index(
        manager,
        "reminders_by_recipient",
        "reminders",
        &["recipient", "planned_at"],
        false,
    )
    .await?;
    index(manager, "reminders_by_due", "reminders", &["due"], false).await
}
