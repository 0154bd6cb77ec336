//! What an address may hold: no more than a browser sends, and only text.

use super::fields;
use super::problem::Problem;
use crate::domain::texts::shown;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The longest query that is read.
const LONGEST_QUERY: usize = 8 * 1024;

/// Refuses what no page could answer, before any page is asked.
pub(super) async fn check(request: Request, next: Next) -> Response {
    match fault(&request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn fault(request: &Request) -> Option<Problem> {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    if query.len() > LONGEST_QUERY {
        let why = format!(
            "The address is too long: at most {LONGEST_QUERY} characters may follow the question mark. Choose fewer filters."
        );
        return Some(Problem::Rejected(StatusCode::URI_TOO_LONG, why));
    }
    match String::from_utf8(fields::decoded(uri.path().as_bytes())) {
        Ok(path) if !path.contains('\0') => {}
        _ => {
            return Some(Problem::not_found(
                "There is nothing at this address: it holds something that is not text.",
            ));
        }
    }
    match fields::read(query.as_bytes()) {
        Err(problem) => Some(problem),
        Ok(fields) => fields
            .iter()
            .find_map(|(name, value)| of_field(uri.path(), name, value)),
    }
}

fn of_field(path: &str, name: &str, value: &str) -> Option<Problem> {
    let number = value.trim();
    // Tables are shown whole where that is asked for; what a search finds is not.
    let all = if path.ends_with("/search") {
        ""
    } else {
        ", 0 for all rows"
    };
    let why = match name {
        _ if value.contains('\0') => {
            format!("“{name}” in the address holds an invisible control character; take it out.")
        }
        "page" if !number.is_empty() && number.parse::<u32>().is_err() => {
            format!(
                "“{}” is not a page: write 1 for the first{all}, or take “page” out of the address.",
                shown(number)
            )
        }
        _ => return None,
    };
    Some(Problem::Unreadable(why))
}
