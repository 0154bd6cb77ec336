//! The tables, defined once for SQLite and PostgreSQL. Forward only: a mistake is mended by a later migration.
//! `README.md` beside this file says how to add one.

use sea_orm_migration::prelude::*;

mod m20261123_000001_reference;
mod m20261123_000002_participation;
mod m20261123_000003_evidence;
mod m20261123_000004_users;
mod m20261123_000005_reminders;
mod m20261125_000006_reviews;
mod m20261125_000007_seals;
mod m20261125_000008_links;
mod m20261125_000009_files;
mod m20261125_000010_codings;
mod m20261125_000011_comments;
mod m20261125_000012_desk;
mod m20261125_000013_search;
mod m20261125_000014_bulk;
mod m20261125_000016_reach;
mod m20261125_000017_history;
mod m20261125_000018_themes;
mod m20261125_000020_figures;
mod m20261125_000021_form_digests;
mod m20261125_000022_causes;
mod m20261125_000023_studies;

/// Every migration, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_reference::Migration),
            Box::new(m20261123_000002_participation::Migration),
            Box::new(m20261123_000003_evidence::Migration),
            Box::new(m20261123_000004_users::Migration),
            Box::new(m20261123_000005_reminders::Migration),
            Box::new(m20261125_000006_reviews::Migration),
            Box::new(m20261125_000007_seals::Migration),
            Box::new(m20261125_000008_links::Migration),
            Box::new(m20261125_000009_files::Migration),
            Box::new(m20261125_000010_codings::Migration),
            Box::new(m20261125_000011_comments::Migration),
            Box::new(m20261125_000012_desk::Migration),
            Box::new(m20261125_000013_search::Migration),
            Box::new(m20261125_000014_bulk::Migration),
            Box::new(m20261125_000016_reach::Migration),
            Box::new(m20261125_000017_history::Migration),
            Box::new(m20261125_000018_themes::Migration),
            Box::new(m20261125_000020_figures::Migration),
            Box::new(m20261125_000021_form_digests::Migration),
            Box::new(m20261125_000022_causes::Migration),
            Box::new(m20261125_000023_studies::Migration),
        ]
    }
}

/// Creates an index of that name on those columns.
async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut statement = Index::create();
    statement.name(name).table(table);
    for column in columns {
        statement.col(*column);
    }
    if unique {
        statement.unique();
    }
    manager.create_index(statement.to_owned()).await
}

/// Adds columns to a table, one statement each: SQLite takes no more.
async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    for mut column in columns {
        let statement = Table::alter().table(table).add_column(&mut column).to_owned();
        manager.alter_table(statement).await?;
    }
    Ok(())
}

/// A foreign key that refuses to leave orphans.
fn references(
    from: &'static str,
    column: &'static str,
    to: &'static str,
    key: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(from, column)
        .to(to, key)
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned()
}
