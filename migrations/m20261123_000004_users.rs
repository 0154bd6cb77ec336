//! Accounts, their sessions and tokens, and how often somebody guessed a password.

use super::{index, references};
use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        users(manager).await?;
        sessions(manager).await?;
        api_tokens(manager).await?;
        sign_in_attempts(manager).await
    }
}

async fn users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let users = Table::create()
        .table("users")
        .col(pk_uuid("id"))
        .col(string_len("email", 254))
        .col(string_len("name", 200))
        .col(text("password_hash"))
        .col(string_len("role", 20))
        .col(string_len_null("state", 16))
        .col(string_len("language", 2))
        .col(string_len("time_zone", 60))
        .col(boolean("active"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut references("users", "state", "states", "code"))
        .to_owned();
    manager.create_table(users).await?;
    index(manager, "users_email", "users", &["email"], true).await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The key is the SHA-256 of the token: who reads this table cannot use what it holds.
    let sessions = Table::create()
        .table("sessions")
        .col(string_len("token_hash", 64).primary_key())
        .col(uuid("user"))
        .col(string_len("form_secret", 64))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone("last_seen_at"))
        .foreign_key(&mut references("sessions", "user", "users", "id"))
        .to_owned();
    manager.create_table(sessions).await?;
    index(manager, "sessions_by_user", "sessions", &["user"], false).await?;
    index(manager, "sessions_by_expiry", "sessions", &["expires_at"], false).await
}

async fn api_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tokens = Table::create()
        .table("api_tokens")
        .col(string_len("token_hash", 64).primary_key())
        .col(uuid("user"))
        .col(string_len("name", 100))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .foreign_key(&mut references("api_tokens", "user", "users", "id"))
        .to_owned();
    manager.create_table(tokens).await?;
    index(manager, "api_tokens_by_user", "api_tokens", &["user", "name"], true).await
}

async fn sign_in_attempts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The key is the SHA-256 of the address typed: people type passwords where an address belongs.
    let attempts = Table::create()
        .table("sign_in_attempts")
        .col(string_len("address_hash", 64).primary_key())
        .col(integer("failures"))
        .col(timestamp_with_time_zone("last_failed_at"))
        .to_owned();
    manager.create_table(attempts).await
}
