//! The files of bulk import and export: the template workbook, the wrong rows of an import, all rows of one kind.

use super::imports::own;
use super::lookup;
use crate::domain::bulk::{ERROR, Noun};
use crate::domain::ids::ImportId;
use crate::domain::imports::{ImportRow, RowStatus};
use crate::export::bulk::{Book, csv_row, heads, template as workbook};
use crate::store::bulk::{Ask, Mark, page};
use crate::store::library::Shelf;
use crate::store::{Db, imports as store};
use crate::web::app_state::AppState;
use crate::web::extract::{Allowed, Follow, RecordFacts, Visit};
use crate::web::links::Format;
use crate::web::problem::Problem;
use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use serde::Deserialize;
use std::io::{BufWriter, Seek, SeekFrom, Write as _};
use std::sync::Arc;
use tokio_util::io::ReaderStream;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn headers(kind: &str, name: &str) -> [(HeaderName, String); 2] {
    [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ]
}

fn failed(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "a workbook could not be written");
    Problem::Internal
}

/// The template workbook.
pub(in crate::web) async fn template(visit: Visit) -> Result<Response, Problem> {
    if !matches!(visit.file, None | Some(Format::Xlsx)) {
        return Err(Problem::not_found("The template is a workbook: ask for .xlsx."));
    }
    let shelf = visit.app.shelf().await?;
    let bytes = workbook(&shelf.reference).map_err(failed)?;
    Ok((headers(XLSX, "servanda-template.xlsx"), bytes).into_response())
}

fn noun(text: &str) -> Result<Noun, Problem> {
    text.parse().map_err(Problem::not_found)
}

/// Whether a workbook is wanted; otherwise CSV.
fn as_workbook(visit: &Visit) -> Result<bool, Problem> {
    match visit.file {
        Some(Format::Xlsx) => Ok(true),
        None | Some(Format::Csv) => Ok(false),
        Some(Format::Json) => Err(Problem::not_found("These rows come as .csv or .xlsx.")),
    }
}

/// Rows of the import that are read at a time.
const PAGE: u64 = 1_000;

/// The wrong rows of one sheet, each with what is wrong with it.
pub(in crate::web) async fn wrong(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let import = own(&visit, allowed.user()?, &id).await?;
    let noun = noun(&kind)?;
    let db = visit.app.db.clone();
    let first = store::first_of(&db, import.id, noun).await?;
    let Some(wrong) = first.map(|row| Wrong::of(import.id, row)) else {
        return Err(Problem::not_found(format!("The file has no {}.", noun.words())));
    };
    let name = format!("servanda-wrong-{}", noun.code());
    if as_workbook(&visit)? {
        let mut book = Book::default();
        book.sheet(noun, &wrong.heads).map_err(failed)?;
        let mut after = Some(0);
        while let Some(position) = after {
            let (rows, next) = wrong.page(&db, position).await?;
            for row in rows {
                book.row(&row).map_err(failed)?;
            }
            after = next;
        }
        return send(book, &format!("{name}.xlsx")).await;
    }
    let start = (db, wrong.head(), wrong, Some(0));
    let lines = try_unfold(start, |(db, mut bytes, wrong, after)| async move {
        let Some(position) = after else {
            return Ok::<_, Problem>(None);
        };
        let (rows, next) = wrong.page(&db, position).await?;
        rows.iter().for_each(|row| bytes.extend(csv_row(row)));
        Ok(Some((bytes, (db, Vec::new(), wrong, next))))
    });
    let kind = headers("text/csv; charset=utf-8", &format!("{name}.csv"));
    Ok((kind, Body::from_stream(lines)).into_response())
}

/// The wrong rows of one sheet, with the columns that the file has: one that it has not must not empty what is held.
struct Wrong {
    import: ImportId,
    noun: Noun,
    heads: Vec<&'static str>,
}

impl Wrong {
    fn of(import: ImportId, first: ImportRow) -> Self {
        let named = heads(first.noun).into_iter().zip(&first.cells);
        let there = named.filter(|(_, cell)| cell.is_some()).map(|(name, _)| name);
        Self {
            import,
            noun: first.noun,
            heads: there.chain([ERROR]).collect(),
        }
    }

    fn head(&self) -> Vec<u8> {
        csv_row(&self.heads)
    }

    async fn page(&self, db: &Db, position: i32) -> Result<(Vec<Vec<String>>, Option<i32>), Problem> {
        let rows = store::page(db, self.import, position, &[RowStatus::Refused], PAGE).await?;
        let full = u64::try_from(rows.len()).unwrap_or(0) >= PAGE;
        let next = rows.last().map(|row| row.position).filter(|_| full);
        let of_noun = rows.iter().filter(|row| row.noun == self.noun);
        Ok((of_noun.map(mended).collect(), next))
    }
}

/// The row as it was sent, with what is wrong with it in the last cell.
fn mended(row: &ImportRow) -> Vec<String> {
    let mut cells: Vec<String> = row.cells.iter().flatten().cloned().collect();
    let errors = row.report.errors.iter().map(|error| match error.column.as_str() {
        "" => error.why.clone(),
        column => format!("{column}: {}", error.why),
    });
    cells.push(errors.collect::<Vec<_>>().join("\n"));
    cells
}

/// Filters of an export.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Wanted {
    state: String,
    theme: String,
    instrument: String,
    as_of: String,
}

/// All rows of one kind that are known on the day, filtered.
pub(in crate::web) async fn export(
    visit: Visit,
    _: Allowed<Follow>,
    Path(kind): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let ask = ask(&visit.app, &shelf, noun(&kind)?, &wanted)?;
    let name = format!("servanda-{}", ask.noun.code());
    if as_workbook(&visit)? {
        let book = book(&visit.app.db, &shelf, &ask).await?;
        return send(book, &format!("{name}.xlsx")).await;
    }
    let start = Csv {
        db: visit.app.db.clone(),
        bytes: csv_row(&heads(ask.noun)),
        shelf,
        ask,
        next: Some(None),
    };
    let lines = try_unfold(start, Csv::more);
    Ok((
        headers("text/csv; charset=utf-8", &format!("{name}.csv")),
        Body::from_stream(lines),
    )
        .into_response())
}

fn ask(app: &AppState, shelf: &Shelf, noun: Noun, wanted: &Wanted) -> Result<Ask, Problem> {
    let reference = &shelf.reference;
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(Ask {
        noun,
        state: match given(&wanted.state) {
            Some(text) => Some(reference.find_state(&text)?.iso3.clone()),
            None => None,
        },
        theme: match given(&wanted.theme) {
            Some(text) => Some(reference.find_theme(&text)?.code.clone()),
            None => None,
        },
        instrument: match given(&wanted.instrument) {
            Some(text) => Some(reference.find_instrument(&text)?.code.clone()),
            None => None,
        },
        as_of: lookup::day_at(app, &wanted.as_of)?.date,
    })
}

/// An export on its way, a page at a time.
struct Csv {
    db: Db,
    shelf: Arc<Shelf>,
    ask: Ask,
    bytes: Vec<u8>,
    next: Option<Option<Mark>>,
}

impl Csv {
    async fn more(mut self) -> Result<Option<(Vec<u8>, Self)>, Problem> {
        let Some(after) = self.next else {
            return Ok(None);
        };
        let found = page(&self.db, &self.shelf.reference, &self.ask, after).await?;
        let mut bytes = std::mem::take(&mut self.bytes);
        found.rows.iter().for_each(|row| bytes.extend(csv_row(row)));
        self.next = found.next.map(Some);
        Ok(Some((bytes, self)))
    }
}

async fn book(db: &Db, shelf: &Shelf, ask: &Ask) -> Result<Book, Problem> {
    let mut book = Book::default();
    book.sheet(ask.noun, &heads(ask.noun)).map_err(failed)?;
    let mut next = Some(None);
    while let Some(after) = next {
        let found = page(db, &shelf.reference, ask, after).await?;
        for row in &found.rows {
            book.row(row).map_err(failed)?;
        }
        next = found.next.map(Some);
    }
    Ok(book)
}

/// Packs the workbook into a file without a name and sends that.
async fn send(book: Book, name: &str) -> Result<Response, Problem> {
    let packed = tokio::task::spawn_blocking(move || pack(book)).await;
    let file = packed.map_err(failed)?.map_err(failed)?;
    let bytes = ReaderStream::new(tokio::fs::File::from_std(file));
    Ok((headers(XLSX, name), Body::from_stream(bytes)).into_response())
}

fn pack(book: Book) -> Result<std::fs::File, String> {
    let path = std::env::temp_dir().join(format!("servanda-{}.xlsx", uuid::Uuid::now_v7().simple()));
    let mut options = std::fs::OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).open(&path);
    let mut file = file.map_err(|error| error.to_string())?;
    // Its name goes at once: the bytes go with the last who reads them.
    std::fs::remove_file(&path).map_err(|error| error.to_string())?;
    let mut into = BufWriter::new(&mut file);
    book.save(&mut into).map_err(|error| error.to_string())?;
    into.flush().map_err(|error| error.to_string())?;
    drop(into);
    file.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
    Ok(file)
}
