//! States, themes and instruments, read whole: a few hundred rows that every page needs.

use super::entities::provisions;
use super::entities::reference::{instruments, states, themes};
use super::{Db, StoreError, Tx, seals, search};
use crate::domain::instruments::Instrument;
use crate::domain::reference::{Reference, State, Theme};
use crate::domain::search::EntryKind;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use std::collections::HashMap;

/// Rows written in one statement. PostgreSQL allows 65,535 parameters and SQLite 32,766.
pub(super) const CHUNK: usize = 500;

/// Which table of reference documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceTable {
    /// `states`
    States,
    /// `themes`
    Themes,
    /// `instruments`
    Instruments,
}

/// One document to be written.
#[derive(Debug, Clone)]
pub struct ReferenceRow {
    /// Its key.
    pub code: String,
    /// Its place in the list.
    pub position: i32,
    /// The whole of it as JSON.
    pub document: String,
    /// SHA-256 of the document.
    pub digest: String,
}

/// All reference data.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn load(db: &Db) -> Result<Reference, StoreError> {
    let connection = db.reader();
    let states = states::Entity::find().all(connection).await?;
    let themes = themes::Entity::find().all(connection).await?;
    let instruments = instruments::Entity::find()
        .order_by_asc(instruments::Column::Position)
        .all(connection)
        .await?;
    let states = states
        .iter()
        .map(|row| serde_json::from_str::<State>(&row.document))
        .collect::<Result<_, _>>()?;
    let themes = themes
        .iter()
        .map(|row| serde_json::from_str::<Theme>(&row.document))
        .collect::<Result<_, _>>()?;
    let instruments = instruments
        .iter()
        .map(|row| serde_json::from_str::<Instrument>(&row.document));
    Ok(Reference::new(states, themes, instruments.collect::<Result<_, _>>()?))
}

macro_rules! each {
    ($table:expr, $module:ident => $body:expr) => {
        match $table {
            ReferenceTable::States => {
                use states as $module;
                $body
            }
            ReferenceTable::Themes => {
                use themes as $module;
                $body
            }
            ReferenceTable::Instruments => {
                use instruments as $module;
                $body
            }
        }
    };
}

/// The digest of every document by its key.
///
/// # Errors
/// When the database fails.
pub async fn digests(db: &Db, table: ReferenceTable) -> Result<HashMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> = each!(table, t => {
        let columns = t::Entity::find().select_only().column(t::Column::Code).column(t::Column::Digest);
        columns.into_tuple().all(db.reader()).await?
    });
    Ok(rows.into_iter().collect())
}

/// Writes documents, replacing those of the same key.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, table: ReferenceTable, rows: &[ReferenceRow]) -> Result<(), StoreError> {
    for chunk in rows.chunks(CHUNK) {
        each!(table, t => {
            let models = chunk.iter().map(|row| t::ActiveModel {
                code: Set(row.code.clone()),
                position: Set(row.position),
                document: Set(row.document.clone()),
                digest: Set(row.digest.clone()),
            });
            let columns = [t::Column::Position, t::Column::Document, t::Column::Digest];
            let replace = OnConflict::column(t::Column::Code).update_columns(columns).to_owned();
            t::Entity::insert_many(models).on_conflict(replace).exec_without_returning(tx.writer()).await?;
            let codes = chunk.iter().map(|row| row.code.clone());
            seals::add::<t::Entity>(tx, t::Column::Code.is_in(codes)).await?;
        });
    }
    Ok(())
}

/// Writes the keys of the provisions of those instruments, so that evidence and assessments can point at them and
/// searches find them.
///
/// # Errors
/// When the database fails.
pub async fn save_provisions(tx: &Tx, instruments: &[&Instrument]) -> Result<(), StoreError> {
    let all = instruments.iter().flat_map(|instrument| {
        (0i32..)
            .zip(&instrument.provisions)
            .map(|(position, provision)| provisions::ActiveModel {
                id: Set(provision.id.to_string()),
                instrument: Set(instrument.code.to_string()),
                theme: Set(provision.theme.to_string()),
                position: Set(position),
            })
    });
    let all: Vec<provisions::ActiveModel> = all.collect();
    for chunk in all.chunks(CHUNK) {
        let columns = [provisions::Column::Theme, provisions::Column::Position];
        let replace = OnConflict::column(provisions::Column::Id)
            .update_columns(columns)
            .to_owned();
        provisions::Entity::insert_many(chunk.to_vec())
            .on_conflict(replace)
            .exec_without_returning(tx.writer())
            .await?;
    }
    find_provisions(tx, instruments).await
}

/// Searches find the provisions of those instruments as they stand now.
async fn find_provisions(tx: &Tx, instruments: &[&Instrument]) -> Result<(), StoreError> {
    let codes: Vec<&str> = instruments.iter().map(|instrument| instrument.code.as_str()).collect();
    let held: Vec<String> = provisions::Entity::find()
        .select_only()
        .column(provisions::Column::Id)
        .filter(provisions::Column::Instrument.is_in(codes))
        .into_tuple()
        .all(tx.writer())
        .await?;
    search::remove(tx, EntryKind::Provision, &held).await?;
    let entries = search::of_instruments(tx, instruments).await?;
    search::put(tx, &entries).await
}
