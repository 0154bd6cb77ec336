//! A page's table as a file: the same address with `.csv`, `.xlsx` or `.json` at its end goes to the same handler, with
//! the same filters, and the handler answers with the table instead of the page:
//!
//! ```ignore
//! if visit.file.is_some() {
//!     let rows = shown.iter().map(|row| vec![row.name.as_str().into(), Cell::count(row.gaps)]);
//!     return downloads::file(&visit, &Table::new(caption, &["State", "Known gaps"], rows));
//! }
//! ```

use crate::export::tables::Table;
use crate::web::extract::Visit;
use crate::web::links::Format;
use crate::web::problem::Problem;
use axum::extract::Request;
use axum::http::{Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The table of the page is wanted, as that kind of file.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Wanted(pub Format);

/// Takes the ending off the address, and remembers it for the handler. The API and the program's own files keep theirs.
pub(in crate::web) async fn unwrap(mut request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    if is_read && let Some((uri, format)) = without_ending(request.uri()) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(Wanted(format));
    }
    next.run(request).await
}

fn without_ending(uri: &Uri) -> Option<(Uri, Format)> {
    let path = uri.path();
    if ["/api/", "/static/", "/files/"].iter().any(|own| path.starts_with(own)) {
        return None;
    }
    let (page, ending) = path.rsplit_once('.')?;
    let format = Format::ALL.into_iter().find(|format| format.extension() == ending)?;
    let page = if page.is_empty() { "/" } else { page };
    let text = uri
        .query()
        .map_or_else(|| page.to_owned(), |query| format!("{page}?{query}"));
    Some((text.parse().ok()?, format))
}

/// The table as the file that the visitor asked for.
///
/// # Errors
/// When the table is larger than a spreadsheet can be.
pub(in crate::web) fn file(visit: &Visit, table: &Table) -> Result<Response, Problem> {
    let format = visit.file.unwrap_or(Format::Csv);
    let bytes = match format {
        Format::Csv => table.csv().map_err(|error| error.to_string()),
        Format::Json => table.json().map_err(|error| error.to_string()),
        Format::Xlsx => table.xlsx(visit.app.clock.today()).map_err(|error| error.to_string()),
    };
    let bytes = bytes.map_err(|error| {
        tracing::error!(%error, "a table could not be written");
        Problem::Internal
    })?;
    let place = match format {
        Format::Json => "inline",
        Format::Csv | Format::Xlsx => "attachment",
    };
    let name = name(&visit.path, format);
    let headers = [
        (header::CONTENT_TYPE, kind(format).to_owned()),
        (header::CONTENT_DISPOSITION, format!("{place}; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

fn kind(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Json => "application/json",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// `/states/MEX/gaps` as CSV is `servanda-states-MEX-gaps.csv`.
fn name(path: &str, format: Format) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let words: Vec<&str> = path.split(|c| !plain(c)).filter(|word| !word.is_empty()).collect();
    let words = if words.is_empty() { vec!["table"] } else { words };
    format!("servanda-{}.{}", words.join("-"), format.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_names_a_file_and_a_number_does_not() {
        let case = |address: &str| {
            let found = without_ending(&address.parse().expect("an address"));
            found.map(|(uri, format)| (uri.to_string(), format))
        };
        assert_eq!(
            case("/states/MEX/gaps.csv?theme=T08&x=a.json"),
            Some(("/states/MEX/gaps?theme=T08&x=a.json".to_owned(), Format::Csv))
        );
        assert_eq!(
            case("/instruments/ICRMW.xlsx"),
            Some(("/instruments/ICRMW".to_owned(), Format::Xlsx))
        );
        for other in [
            "/states/MEX/obligations/ICRMW-16.4",
            "/api/openapi.json",
            "/states",
            "/robots.txt",
            "/files/00/table.csv",
        ] {
            assert_eq!(case(other), None, "{other}");
        }
    }

    #[test]
    fn a_file_is_named_after_its_page() {
        assert_eq!(name("/states/MEX/gaps", Format::Csv), "servanda-states-MEX-gaps.csv");
        assert_eq!(name("/x/%22%0D", Format::Json), "servanda-x-22-0D.json");
    }
}
