//! Full-text search: one question for SQLite's FTS5 and PostgreSQL's tsvector. Whoever writes what can be found calls
//! [`put`] in the same transaction, and [`retire`] for what it replaces.
//!
//! Up to a thousand matches of a kind are sorted by how well they fit, as the database computes it (bm25, `ts_rank`), title
//! before text. Ranking every match of a word that half the rows have would take longer than anybody waits for a page:
//! of more, the newest thousand are shown, those that fit in the title first.

mod entries;
mod rebuilding;

pub use entries::of_instruments;
pub(in crate::store) use entries::{of_recommendations, of_revisions};
pub use rebuilding::{ensure, rebuild};

use super::entities::search_entries as table;
use super::reference::CHUNK;
use super::{Db, StoreError, Tx};
use crate::domain::search::{Columns, Entry, EntryKind, Narrowing, Query, Term, folded};
use chrono::NaiveDate;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, Set, Statement, Value};
use std::collections::HashMap;

/// Matches of one kind that are counted and ranked.
pub const MOST: usize = 1_000;
/// Bytes of folded text that are indexed of one entry: PostgreSQL takes no tsvector over one megabyte.
const LONGEST_TEXT: usize = 100_000;

/// Adds entries.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &Tx, entries: &[Entry]) -> Result<(), StoreError> {
    for chunk in entries.chunks(CHUNK) {
        let rows = chunk.iter().map(|entry| table::ActiveModel {
            kind: Set(entry.kind.code().to_owned()),
            key: Set(entry.key.clone()),
            state: Set(entry.state.as_ref().map(ToString::to_string)),
            theme: Set(entry.themes.first().map(ToString::to_string)),
            dated: Set(entry.dated.map(|date| date.to_string())),
            title_folded: Set(cut(folded(&entry.title))),
            body_folded: Set(cut(folded(&format!("{} {}", entry.body, entry.context)))),
            title: Set(entry.title.clone()),
            body: Set(entry.body.clone()),
            labels: Set(entry.labels()),
            visible_from: Set(day(entry.visible_from)),
            gone_from: Set(entry.gone_from.map(day)),
            ..Default::default()
        });
        table::Entity::insert_many(rows)
            .exec_without_returning(tx.writer())
            .await?;
    }
    Ok(())
}

/// Those entries are gone from that day on; `as_of` before it still finds them.
///
/// # Errors
/// When the database fails.
pub async fn retire(tx: &Tx, kind: EntryKind, keys: &[String], from: NaiveDate) -> Result<(), StoreError> {
    for chunk in keys.chunks(CHUNK) {
        table::Entity::update_many()
            .col_expr(table::Column::GoneFrom, Expr::value(day(from)))
            .filter(table::Column::Kind.eq(kind.code()))
            .filter(table::Column::Key.is_in(chunk))
            .filter(table::Column::GoneFrom.is_null())
            .exec(tx.writer())
            .await?;
    }
    Ok(())
}

/// Removes entries as if they had never been: law is always read as it stands now.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &Tx, kind: EntryKind, keys: &[String]) -> Result<(), StoreError> {
    for chunk in keys.chunks(CHUNK) {
        table::Entity::delete_many()
            .filter(table::Column::Kind.eq(kind.code()))
            .filter(table::Column::Key.is_in(chunk))
            .exec(tx.writer())
            .await?;
    }
    Ok(())
}

/// A date as it is compared: years of four digits.
fn day(date: NaiveDate) -> String {
    let earliest = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default();
    date.max(earliest).format("%Y-%m-%d").to_string()
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST_TEXT {
        let end = text
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at <= LONGEST_TEXT)
            .last();
        text.truncate(end.unwrap_or(0));
    }
    text
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: EntryKind,
    /// Its identity.
    pub key: String,
    /// The code of the state it is about.
    pub state: Option<String>,
    /// The code of its theme.
    pub theme: Option<String>,
    /// Its date.
    pub dated: Option<String>,
    /// Its title.
    pub title: String,
    /// What it says.
    pub body: String,
}

/// The answer to a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// How many match of each kind; [`MOST`] + 1 stands for more.
    pub counts: HashMap<EntryKind, usize>,
    /// The hits of the page that was asked for, best first.
    pub hits: Vec<Hit>,
    /// How many of the asked kind can be paged through.
    pub ranked: usize,
}

/// Which part of the answer is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Only that kind; the others are counted all the same.
    pub kind: Option<EntryKind>,
    /// The day of which it should be known.
    pub as_of: NaiveDate,
    /// Hits before it.
    pub from: usize,
    /// Hits in it.
    pub many: usize,
}

/// Finds what fits the question, as it was known on that day.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, query: &Query, narrowing: &Narrowing, wanted: Wanted) -> Result<Found, StoreError> {
    if !query.asks() {
        return Ok(Found::default());
    }
    let asked = Asked {
        query,
        narrowing,
        as_of: wanted.as_of,
    };
    let (counts, mut scored) = match few(db, &asked).await? {
        Some(all) => (counted(&all), all),
        None => many(db, &asked, wanted.kind).await?,
    };
    scored.retain(|(kind, _, _)| wanted.kind.is_none_or(|only| only == *kind));
    scored.sort_by(|a, b| a.2.total_cmp(&b.2).then(b.1.cmp(&a.1)));
    let ids = scored.iter().skip(wanted.from).take(wanted.many).map(|(_, id, _)| *id);
    Ok(Found {
        counts,
        hits: load(db, &ids.collect::<Vec<_>>()).await?,
        ranked: scored.len(),
    })
}

/// A match: its kind, its entry and its score, of which a smaller one is better.
type Match = (EntryKind, i32, f64);

fn counted(matches: &[Match]) -> HashMap<EntryKind, usize> {
    let mut counts: HashMap<EntryKind, usize> = HashMap::new();
    for (kind, _, _) in matches {
        *counts.entry(*kind).or_default() += 1;
    }
    counts
}

/// Everything that matches, scored at once, where a state's share is asked for and no kind of it has more than [`MOST`].
async fn few(db: &Db, asked: &Asked<'_>) -> Result<Option<Vec<Match>>, StoreError> {
    if asked.narrowing.state.is_none() {
        return Ok(None);
    }
    let all = candidates(db, asked, &[None], Order::Fit).await?;
    let is_whole = counted(&all).values().all(|count| *count <= MOST);
    Ok((all.len() < limit(None, Order::Fit) && is_whole).then_some(all))
}

/// How many match of each kind, and the best or newest of those that are wanted.
async fn many(
    db: &Db,
    asked: &Asked<'_>,
    only: Option<EntryKind>,
) -> Result<(HashMap<EntryKind, usize>, Vec<Match>), StoreError> {
    let every: Vec<Option<EntryKind>> = EntryKind::ALL.iter().copied().map(Some).collect();
    let counts = counted(&candidates(db, asked, &every, Order::Newest).await?);
    let is_wanted = |kind: &EntryKind| only.is_none_or(|only| only == *kind);
    let kinds: Vec<Option<EntryKind>> = counts.keys().copied().filter(is_wanted).map(Some).collect();
    let is_broad = |kind: &EntryKind| counts.get(kind).is_some_and(|count| *count > MOST);
    let scored = if kinds.is_empty() {
        Vec::new()
    } else if kinds.iter().flatten().any(is_broad) {
        candidates(db, asked, &kinds, Order::Title).await?
    } else if counts.keys().any(is_broad) {
        candidates(db, asked, &kinds, Order::Fit).await?
    } else {
        candidates(db, asked, &[None], Order::Fit).await?
    };
    Ok((counts, scored))
}

/// A question with its filters and its day.
struct Asked<'a> {
    query: &'a Query,
    narrowing: &'a Narrowing,
    as_of: NaiveDate,
}

/// How matches are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Only counted.
    Newest,
    /// By how well they fit, as the database computes it: for as many as somebody may page through.
    Fit,
    /// What fits in the title before the rest, law before evidence, the newest first: for more than that.
    Title,
}

/// The newest matches of each of those kinds, or of all together.
async fn candidates(
    db: &Db,
    asked: &Asked<'_>,
    kinds: &[Option<EntryKind>],
    order: Order,
) -> Result<Vec<Match>, StoreError> {
    let backend = db.reader().get_database_backend();
    let statement = match backend {
        DatabaseBackend::Postgres => postgres(asked, kinds, order),
        _ => sqlite(asked, kinds, order),
    };
    let rows = db.reader().query_all_raw(statement).await?;
    let read = |row: &sea_orm::QueryResult| {
        let kind: String = row.try_get_by_index(0)?;
        let kind: EntryKind = kind.parse().map_err(StoreError::Unreadable)?;
        let (id, score): (i32, f64) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let place = match kind {
            EntryKind::Provision => 0.0,
            EntryKind::Recommendation => 0.25,
            EntryKind::Evidence => 0.5,
        };
        Ok((kind, id, if order == Order::Title { score + place } else { score }))
    };
    rows.iter().map(read).collect()
}

/// Matches of each kind that a statement returns: one more than is shown tells that there are more.
fn limit(kind: Option<EntryKind>, order: Order) -> usize {
    match (kind, order) {
        (None, _) => MOST * EntryKind::ALL.len(),
        (_, Order::Newest) => MOST + 1,
        (_, Order::Fit | Order::Title) => MOST,
    }
}

/// The labels that must be there.
fn groups(asked: &Asked<'_>, kind: Option<EntryKind>) -> Vec<Vec<String>> {
    let kind = kind.map(|kind| vec![kind.label()]);
    kind.into_iter().chain(asked.narrowing.groups()).collect()
}

async fn load(db: &Db, ids: &[i32]) -> Result<Vec<Hit>, StoreError> {
    let mut hits = Vec::with_capacity(ids.len());
    let mut rows: HashMap<i32, table::Model> = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let found = table::Entity::find().filter(table::Column::Id.is_in(chunk.iter().copied()));
        rows.extend(found.all(db.reader()).await?.into_iter().map(|row| (row.id, row)));
    }
    for row in ids.iter().filter_map(|id| rows.remove(id)) {
        hits.push(Hit {
            kind: row.kind.parse().map_err(StoreError::Unreadable)?,
            key: row.key,
            state: row.state,
            theme: row.theme,
            dated: row.dated,
            title: row.title,
            body: row.body,
        });
    }
    Ok(hits)
}

/// The parameters of a statement, numbered as they come.
#[derive(Default)]
struct Bound(Vec<Value>);

impl Bound {
    fn add(&mut self, sign: char, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("{sign}{}", self.0.len())
    }
}

fn sqlite(asked: &Asked<'_>, kinds: &[Option<EntryKind>], order: Order) -> Statement {
    let query = asked.query;
    let index = if query.is_literal() {
        "search_words"
    } else {
        "search_stems"
    };
    let mut bound = Bound::default();
    let today = bound.add('?', day(asked.as_of));
    let branches = kinds.iter().map(|kind| {
        let (groups, limit) = (groups(asked, *kind), limit(*kind, order));
        let whole = bound.add('?', query.fts5(Columns::All, &groups));
        let score = match order {
            Order::Newest => "0.0".to_owned(),
            Order::Fit => format!("bm25({index}, 8.0, 1.0, 0.0)"),
            Order::Title => {
                let titles = bound.add('?', query.fts5(Columns::Title, &groups));
                // Twice as many: some of them may be gone.
                let titles = format!(
                    "SELECT rowid FROM {index} WHERE {index} MATCH {titles} ORDER BY rowid DESC LIMIT {}",
                    limit * 2
                );
                format!("CASE WHEN e.id IN ({titles}) THEN 0.0 ELSE 1.0 END")
            }
        };
        format!(
            "SELECT * FROM (SELECT e.kind AS kind, e.id AS id, {score} AS score FROM {index} \
             CROSS JOIN search_entries e ON e.id = {index}.rowid WHERE {index} MATCH {whole} \
             AND e.visible_from <= {today} AND (e.gone_from IS NULL OR e.gone_from > {today}) \
             ORDER BY {index}.rowid DESC LIMIT {limit})"
        )
    });
    let sql = branches.collect::<Vec<_>>().join(" UNION ALL ");
    Statement::from_sql_and_values(DatabaseBackend::Sqlite, sql, bound.0)
}

/// The same for PostgreSQL, where a larger rank is better.
fn postgres(asked: &Asked<'_>, kinds: &[Option<EntryKind>], order: Order) -> Statement {
    let mut bound = Bound::default();
    let today = bound.add('$', day(asked.as_of));
    let literal = asked.query.is_literal();
    let mut terms = |term: &Term| {
        let text = bound.add('$', term.ts());
        let plain = format!("phraseto_tsquery('simple'::regconfig, {text})");
        let found = match (term.is_expression(), literal) {
            (true, _) => format!("to_tsquery('simple'::regconfig, {text})"),
            (false, true) => plain,
            (false, false) => format!("(phraseto_tsquery('english'::regconfig, {text}) || {plain})"),
        };
        if term.excluded { format!("!!{found}") } else { found }
    };
    let sought: Vec<String> = asked.query.sought().map(&mut terms).collect();
    let mut whole = sought.clone();
    whole.extend(asked.query.excluded().map(&mut terms));
    let (sought, whole) = (sought.join(" && "), whole.join(" && "));
    let score = match order {
        Order::Newest => "0::float8".to_owned(),
        Order::Fit => format!("-ts_rank('{{0, 0, 0.125, 1}}', m.found, {sought})::float8"),
        Order::Title => {
            format!("CASE WHEN ts_rank('{{0, 0, 0, 1}}', m.found, {sought}) > 0 THEN 0::float8 ELSE 1::float8 END")
        }
    };
    let branches = kinds.iter().map(|kind| {
        let labels = groups(asked, *kind);
        let labelled = if labels.is_empty() {
            String::new()
        } else {
            let labels = bound.add('$', Query::ts_labels(&labels));
            format!(" && to_tsquery('simple'::regconfig, {labels})")
        };
        format!(
            "SELECT m.kind, m.id, {score} AS score FROM (SELECT kind, id, found FROM search_entries \
             WHERE found @@ ({whole}{labelled}) \
             AND visible_from <= {today} AND (gone_from IS NULL OR gone_from > {today}) \
             ORDER BY id DESC LIMIT {}) m",
            limit(*kind, order)
        )
    });
    let sql = branches.collect::<Vec<_>>().join(" UNION ALL ");
    Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, bound.0)
}
