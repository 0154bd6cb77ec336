//! Legal facts: treaty actions, reservations and reports. Superseded, never overwritten.

use super::entities::facts::{reports, reservations, treaty_actions};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals, standings};
use crate::domain::deadlines::ReportRecord;
use crate::domain::ids::{InstrumentCode, StateCode};
use crate::domain::participation::TreatyAction;
use crate::domain::reservations::Reservation;
use crate::domain::summaries::World;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Which table of legal facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactTable {
    /// `treaty_actions`
    TreatyActions,
    /// `reservations`
    Reservations,
    /// `reports`
    Reports,
}

/// One fact to be written.
#[derive(Debug, Clone)]
pub struct FactRow {
    /// What makes it the same fact as an earlier one.
    pub natural_key: String,
    /// Whose.
    pub state: StateCode,
    /// Towards which instrument.
    pub instrument: InstrumentCode,
    /// The whole of it as JSON.
    pub document: String,
    /// SHA-256 of the document.
    pub digest: String,
}

/// A fact that stands: what identifies it, what it says and who recorded it.
#[derive(Debug, Clone)]
pub struct StandingFact {
    /// SHA-256 of its document.
    pub digest: String,
    /// Who recorded it.
    pub recorded_by: String,
}

macro_rules! each {
    ($table:expr, $module:ident => $body:expr) => {
        match $table {
            FactTable::TreatyActions => {
                use treaty_actions as $module;
                $body
            }
            FactTable::Reservations => {
                use reservations as $module;
                $body
            }
            FactTable::Reports => {
                use reports as $module;
                $body
            }
        }
    };
}

/// All standing facts of every state.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn load(db: &Db) -> Result<World, StoreError> {
    let mut world = World::default();
    for (state, instrument, document) in documents(db, FactTable::TreatyActions).await? {
        let action: TreatyAction = serde_json::from_str(&document)?;
        world.entry(state).actions.entry(instrument).or_default().push(action);
    }
    for (state, instrument, document) in documents(db, FactTable::Reservations).await? {
        let reservation: Reservation = serde_json::from_str(&document)?;
        world
            .entry(state)
            .reservations
            .entry(instrument)
            .or_default()
            .push(reservation);
    }
    for (state, instrument, document) in documents(db, FactTable::Reports).await? {
        let report: ReportRecord = serde_json::from_str(&document)?;
        world.entry(state).reports.entry(instrument).or_default().push(report);
    }
    world.sort();
    Ok(world)
}

type Document = (StateCode, InstrumentCode, String);

async fn documents(db: &Db, table: FactTable) -> Result<Vec<Document>, StoreError> {
    let rows: Vec<(String, String, String)> = each!(table, t => {
        let columns = [t::Column::State, t::Column::Instrument, t::Column::Document];
        let standing = t::Entity::find().filter(t::Column::SupersededAt.is_null());
        standing.select_only().columns(columns).into_tuple().all(db.reader()).await?
    });
    let unreadable = |error: crate::domain::ids::InvalidCode| StoreError::Unreadable(error.to_string());
    let typed = rows.into_iter().map(|(state, instrument, document)| {
        Ok((
            state.parse().map_err(unreadable)?,
            instrument.parse().map_err(unreadable)?,
            document,
        ))
    });
    typed.collect()
}

/// Every standing fact by its natural key.
///
/// # Errors
/// When the database fails.
pub async fn standing(db: &Db, table: FactTable) -> Result<HashMap<String, StandingFact>, StoreError> {
    let rows: Vec<(String, String, String)> = each!(table, t => {
        let columns = [t::Column::NaturalKey, t::Column::Digest, t::Column::RecordedBy];
        let standing = t::Entity::find().filter(t::Column::SupersededAt.is_null());
        standing.select_only().columns(columns).into_tuple().all(db.reader()).await?
    });
    Ok(rows
        .into_iter()
        .map(|(key, digest, recorded_by)| (key, StandingFact { digest, recorded_by }))
        .collect())
}

/// Writes facts; standing ones with the same natural key are superseded.
///
/// # Errors
/// When the database fails.
pub async fn save(tx: &Tx, table: FactTable, rows: &[FactRow], by: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    for chunk in rows.chunks(CHUNK) {
        each!(table, t => {
            let keys = || chunk.iter().map(|row| row.natural_key.clone());
            t::Entity::update_many()
                .col_expr(t::Column::SupersededAt, Expr::value(at))
                .filter(t::Column::NaturalKey.is_in(keys()))
                .filter(t::Column::SupersededAt.is_null())
                .exec(tx.writer())
                .await?;
            let models = chunk.iter().map(|row| t::ActiveModel {
                id: Set(Uuid::now_v7()),
                natural_key: Set(row.natural_key.clone()),
                digest: Set(row.digest.clone()),
                state: Set(row.state.to_string()),
                instrument: Set(row.instrument.to_string()),
                document: Set(row.document.clone()),
                recorded_by: Set(by.to_owned()),
                recorded_at: Set(at),
                superseded_at: Set(None),
            });
            t::Entity::insert_many(models).exec_without_returning(tx.writer()).await?;
            let touched = Condition::all()
                .add(t::Column::NaturalKey.is_in(keys()))
                .add(t::Column::RecordedAt.eq(at).or(t::Column::SupersededAt.eq(at)));
            seals::add::<t::Entity>(tx, touched).await?;
        });
        standings::moved(tx, chunk.iter().map(|row| &row.state), at).await?;
    }
    Ok(())
}
