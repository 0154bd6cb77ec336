//! Dated facts from the depositaries and the treaty bodies: treaty actions, reservations, reports.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The columns that every table of facts shares: superseded, never overwritten.
fn facts(name: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(pk_uuid("id"))
        .col(string_len("natural_key", 120))
        .col(string_len("digest", 64))
        .col(string_len("state", 16))
        .col(string_len("instrument", 16))
        .col(text("document"))
        .col(string("recorded_by"))
        .col(timestamp_with_time_zone("recorded_at"))
        .col(timestamp_with_time_zone_null("superseded_at"))
        .foreign_key(&mut references(name, "state", "states", "code"))
        .foreign_key(&mut references(name, "instrument", "instruments", "code"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            (
                "treaty_actions",
                "treaty_actions_by_state",
                "treaty_actions_by_instrument",
                "treaty_actions_current",
            ),
            (
                "reservations",
                "reservations_by_state",
                "reservations_by_instrument",
                "reservations_current",
            ),
            (
                "reports",
                "reports_by_state",
                "reports_by_instrument",
                "reports_current",
            ),
        ];
        for (table, by_state, by_instrument, current) in tables {
            manager.create_table(facts(table)).await?;
            index(manager, by_state, table, &["state", "instrument"], false).await?;
            index(manager, by_instrument, table, &["instrument"], false).await?;
            let unique = format!("CREATE UNIQUE INDEX {current} ON {table} (natural_key) WHERE superseded_at IS NULL");
            manager.get_connection().execute_unprepared(&unique).await?;
        }
        Ok(())
    }
}
