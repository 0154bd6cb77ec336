//! Figures of outside sources, such as income per person: each with the snapshot that brought it and, where a later one
//! says otherwise, when that was. And the snapshots: what a source said of a series, when we asked.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let snapshots = Table::create()
            .table("figure_snapshots")
            .col(string_len("id", 80).primary_key())
            .col(string_len("series", 60))
            .col(integer("number"))
            .col(text("name"))
            .col(text("source"))
            .col(timestamp_with_time_zone("fetched_at"))
            .col(string_len_null("last_updated", 10))
            .col(string_len("sha256", 64))
            .col(integer("figures"))
            .col(text("note"))
            .col(string_len("recorded_by", 254))
            .to_owned();
        manager.create_table(snapshots).await?;
        index(
            manager,
            "figure_snapshots_of_series",
            "figure_snapshots",
            &["series", "number"],
            true,
        )
        .await?;

        let figures = Table::create()
            .table("figures")
            .col(string_len("id", 110).primary_key())
            .col(string_len("series", 60))
            .col(string_len("state", 3))
            .col(integer("year"))
            .col(string_len("value", 40))
            .col(string_len("snapshot", 80))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(timestamp_with_time_zone_null("superseded_at"))
            .foreign_key(&mut references("figures", "snapshot", "figure_snapshots", "id"))
            .to_owned();
        manager.create_table(figures).await?;
        index(
            manager,
            "figures_of_state",
            "figures",
            &["series", "state", "year"],
            false,
        )
        .await?;
        index(manager, "figures_of_year", "figures", &["series", "year"], false).await?;
        let unique = "CREATE UNIQUE INDEX figures_current ON figures (series, state, year) WHERE superseded_at IS NULL";
        manager.get_connection().execute_unprepared(unique).await?;
        Ok(())
    }
}
