//! Figures and the snapshots that brought them. A later snapshot supersedes what it says otherwise and leaves the rest, so
//! that what was known on an earlier day stays readable.

use super::entities::{figure_snapshots, figures as table};
use super::reference::CHUNK;
use super::{Db, StoreError, Tx, seals};
use crate::domain::figures::{Figure, Series, SeriesId, Snapshot, value_text};
use crate::domain::ids::StateCode;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, Set,
};
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Which figures are asked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Of these series.
    pub series: &'a [SeriesId],
    /// Of this state alone.
    pub state: Option<&'a StateCode>,
    /// Of these years.
    pub years: RangeInclusive<i32>,
    /// As they were known at the end of that day.
    pub as_of: NaiveDate,
}

/// What the newest snapshot of a series says that was there at the end of that day.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn snapshot(db: &Db, series: &SeriesId, as_of: NaiveDate) -> Result<Option<Snapshot>, StoreError> {
    let row = figure_snapshots::Entity::find()
        .filter(figure_snapshots::Column::Series.eq(series.as_str()))
        .filter(figure_snapshots::Column::FetchedAt.lt(end_of(as_of)))
        .order_by_desc(figure_snapshots::Column::Number)
        .limit(1)
        .one(db.reader())
        .await?;
    row.map(read).transpose()
}

/// All snapshots of a series, newest first.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn snapshots(db: &Db, series: &SeriesId) -> Result<Vec<Snapshot>, StoreError> {
    let rows = figure_snapshots::Entity::find()
        .filter(figure_snapshots::Column::Series.eq(series.as_str()))
        .order_by_desc(figure_snapshots::Column::Number)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// The newest snapshot of every series that was there at the end of that day, in the order of their codes.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn newest(db: &Db, as_of: NaiveDate) -> Result<Vec<Snapshot>, StoreError> {
    let numbers: Vec<(String, i32)> = figure_snapshots::Entity::find()
        .select_only()
        .column(figure_snapshots::Column::Series)
        .column_as(figure_snapshots::Column::Number.max(), "number")
        .filter(figure_snapshots::Column::FetchedAt.lt(end_of(as_of)))
        .group_by(figure_snapshots::Column::Series)
        .into_tuple()
        .all(db.reader())
        .await?;
    let ids = numbers.iter().map(|(series, number)| snapshot_id(series, *number));
    let rows = figure_snapshots::Entity::find()
        .filter(figure_snapshots::Column::Id.is_in(ids))
        .order_by_asc(figure_snapshots::Column::Series)
        .all(db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// The figures that are wanted, in the order of state and year, by their series. A series without any is missing.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn figures(db: &Db, wanted: &Wanted<'_>) -> Result<HashMap<SeriesId, Vec<Figure>>, StoreError> {
    let mut query = known_on(wanted.as_of)
        .filter(table::Column::Series.is_in(wanted.series.iter().map(SeriesId::as_str)))
        .filter(table::Column::Year.between(*wanted.years.start(), *wanted.years.end()));
    if let Some(state) = wanted.state {
        query = query.filter(table::Column::State.eq(state.as_str()));
    }
    let rows: Vec<(String, String, i32, String)> = query
        .select_only()
        .columns([
            table::Column::Series,
            table::Column::State,
            table::Column::Year,
            table::Column::Value,
        ])
        .order_by_asc(table::Column::State)
        .order_by_asc(table::Column::Year)
        .into_tuple()
        .all(db.reader())
        .await?;
    let mut found: HashMap<SeriesId, Vec<Figure>> = HashMap::new();
    for (series, state, year, value) in rows {
        let series = series.parse().map_err(unreadable)?;
        found.entry(series).or_default().push(figure(&state, year, &value)?);
    }
    Ok(found)
}

/// As [`figures`], ready to be asked: every series that is wanted, empty where there is nothing.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn series(db: &Db, wanted: &Wanted<'_>) -> Result<HashMap<SeriesId, Series>, StoreError> {
    let mut found = figures(db, wanted).await?;
    let one = |id: &SeriesId| {
        let figures = found.remove(id).unwrap_or_default();
        (id.clone(), Series::new(id.clone(), figures))
    };
    Ok(wanted.series.iter().map(one).collect())
}

/// The figures of a series that stand, inside a transaction: what a new snapshot is compared with.
///
/// # Errors
/// When the database fails or holds a row of another version.
pub async fn standing(tx: &Tx, series: &SeriesId) -> Result<HashMap<(StateCode, i32), Standing>, StoreError> {
    let rows: Vec<(String, String, i32, String)> = table::Entity::find()
        .filter(table::Column::Series.eq(series.as_str()))
        .filter(table::Column::SupersededAt.is_null())
        .select_only()
        .columns([
            table::Column::Id,
            table::Column::State,
            table::Column::Year,
            table::Column::Value,
        ])
        .into_tuple()
        .all(tx.writer())
        .await?;
    let read = |(id, state, year, value): (String, String, i32, String)| {
        Ok(((state.parse().map_err(unreadable)?, year), Standing { id, value }))
    };
    rows.into_iter().map(read).collect()
}

/// A figure that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The key of its row.
    pub id: String,
    /// Its value, as it is written.
    pub value: String,
}

/// The number of the next snapshot of a series.
///
/// # Errors
/// When the database fails.
pub async fn next_number(tx: &Tx, series: &SeriesId) -> Result<u32, StoreError> {
    let count = figure_snapshots::Entity::find()
        .filter(figure_snapshots::Column::Series.eq(series.as_str()))
        .count(tx.writer())
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1))
}

/// Writes a snapshot: `new` are the figures that it says first or otherwise, `gone` the rows that it no longer says.
///
/// # Errors
/// When the database fails; [`StoreError::Duplicate`] when somebody else wrote a snapshot of that series meanwhile.
pub async fn save(tx: &Tx, snapshot: &Snapshot, new: &[Figure], gone: &[String]) -> Result<(), StoreError> {
    let id = snapshot_id(snapshot.series.as_str(), int(snapshot.number));
    write(snapshot, &id).insert(tx.writer()).await?;
    seals::add::<figure_snapshots::Entity>(tx, figure_snapshots::Column::Id.eq(id.as_str())).await?;
    for chunk in gone.chunks(CHUNK) {
        let these = || table::Column::Id.is_in(chunk.iter().map(String::as_str));
        table::Entity::update_many()
            .col_expr(table::Column::SupersededAt, Expr::value(snapshot.fetched_at))
            .filter(these())
            .exec(tx.writer())
            .await?;
        seals::add::<table::Entity>(tx, these()).await?;
    }
    for chunk in new.chunks(CHUNK) {
        let key = |figure: &Figure| {
            let Snapshot { series, number, .. } = snapshot;
            format!("{series}/{}/{}/{number}", figure.state, figure.year)
        };
        let rows = chunk.iter().map(|figure| table::ActiveModel {
            id: Set(key(figure)),
            series: Set(snapshot.series.to_string()),
            state: Set(figure.state.to_string()),
            year: Set(figure.year),
            value: Set(value_text(figure.value)),
            snapshot: Set(id.clone()),
            recorded_at: Set(snapshot.fetched_at),
            superseded_at: Set(None),
        });
        table::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
        seals::add::<table::Entity>(tx, table::Column::Id.is_in(chunk.iter().map(key))).await?;
    }
    Ok(())
}

fn snapshot_id(series: &str, number: i32) -> String {
    format!("{series}/{number}")
}

fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next.and_time(NaiveTime::MIN).and_utc()
}

/// The rows that were there at the end of that day and that no snapshot of that day or before had superseded.
fn known_on(day: NaiveDate) -> Select<table::Entity> {
    let end = end_of(day);
    let stood = Condition::any()
        .add(table::Column::SupersededAt.is_null())
        .add(table::Column::SupersededAt.gte(end));
    table::Entity::find()
        .filter(table::Column::RecordedAt.lt(end))
        .filter(stood)
}

fn unreadable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

fn figure(state: &str, year: i32, value: &str) -> Result<Figure, StoreError> {
    Ok(Figure {
        state: state.parse().map_err(unreadable)?,
        year,
        value: value
            .parse()
            .map_err(|_| unreadable(format!("the figure “{value}” of {state}")))?,
    })
}

fn read(row: figure_snapshots::Model) -> Result<Snapshot, StoreError> {
    let day = row.last_updated.as_deref().map(str::parse).transpose();
    Ok(Snapshot {
        series: row.series.parse().map_err(unreadable)?,
        number: row.number.try_into().unwrap_or(0),
        name: row.name,
        source: row.source,
        fetched_at: row.fetched_at,
        last_updated: day.map_err(unreadable)?,
        sha256: row.sha256,
        figures: row.figures.try_into().unwrap_or(0),
        note: row.note,
        recorded_by: row.recorded_by,
    })
}

fn write(snapshot: &Snapshot, id: &str) -> figure_snapshots::ActiveModel {
    figure_snapshots::ActiveModel {
        id: Set(id.to_owned()),
        series: Set(snapshot.series.to_string()),
        number: Set(int(snapshot.number)),
        name: Set(snapshot.name.clone()),
        source: Set(snapshot.source.clone()),
        fetched_at: Set(snapshot.fetched_at),
        last_updated: Set(snapshot.last_updated.map(|day| day.to_string())),
        sha256: Set(snapshot.sha256.clone()),
        figures: Set(int(snapshot.figures)),
        note: Set(snapshot.note.clone()),
        recorded_by: Set(snapshot.recorded_by.clone()),
    }
}
