//! What can be searched: one row for each thing that can be found, and a full-text index over it. Both are made from other
//! tables and can be made again.

use super::index;
use sea_orm_migration::sea_orm::DatabaseBackend;
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let entries = Table::create()
            .table("search_entries")
            .col(pk_auto("id"))
            .col(string_len("kind", 16))
            .col(string_len("key", 120))
            .col(string_len_null("state", 16))
            .col(string_len_null("theme", 3))
            .col(string_len_null("dated", 10))
            .col(text("title"))
            .col(text("body"))
            .col(text("title_folded"))
            .col(text("body_folded"))
            .col(text("labels"))
            .col(string_len("visible_from", 10))
            .col(string_len_null("gone_from", 10))
            .to_owned();
        manager.create_table(entries).await?;
        index(
            manager,
            "search_entries_by_key",
            "search_entries",
            &["kind", "key"],
            false,
        )
        .await?;
        let statements: &[&str] = match manager.get_database_backend() {
            DatabaseBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// Words are folded by the program. English words are found by their stem; the words as written are beside them, for
/// other languages and for beginnings.
const POSTGRES: &[&str] = &[
    "ALTER TABLE search_entries ADD COLUMN found tsvector GENERATED ALWAYS AS (\
     setweight(to_tsvector('english'::regconfig, title_folded) || to_tsvector('simple'::regconfig, title_folded), 'A') || \
     setweight(to_tsvector('english'::regconfig, body_folded) || to_tsvector('simple'::regconfig, body_folded), 'B') || \
     setweight(to_tsvector('simple'::regconfig, labels), 'D')) STORED",
    "CREATE INDEX search_entries_found ON search_entries USING gin (found)",
];

/// The same: stems in one index, words as written in the other. The text stays in the table.
const SQLITE: &[&str] = &[
    "CREATE VIRTUAL TABLE search_stems USING fts5(title_folded, body_folded, labels, \
     content='search_entries', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE search_words USING fts5(title_folded, body_folded, labels, \
     content='search_entries', content_rowid='id', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN \
     INSERT INTO search_stems (rowid, title_folded, body_folded, labels) \
     VALUES (new.id, new.title_folded, new.body_folded, new.labels); \
     INSERT INTO search_words (rowid, title_folded, body_folded, labels) \
     VALUES (new.id, new.title_folded, new.body_folded, new.labels); END",
    "CREATE TRIGGER search_entries_removed AFTER DELETE ON search_entries BEGIN \
     INSERT INTO search_stems (search_stems, rowid, title_folded, body_folded, labels) \
     VALUES ('delete', old.id, old.title_folded, old.body_folded, old.labels); \
     INSERT INTO search_words (search_words, rowid, title_folded, body_folded, labels) \
     VALUES ('delete', old.id, old.title_folded, old.body_folded, old.labels); END",
];
