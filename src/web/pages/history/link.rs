//! What the link of a piece of evidence led to over time, with the text that was kept each time it changed: it can still be
//! read where the page is gone. Only for who may record; the text is somebody else's and not ours to publish.

use super::super::link_state;
use super::{Asked, evidence_here};
use crate::store::links::{LinkSnapshot, snapshots};
use crate::web::extract::{Allowed, RecordFacts, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::history::{FieldChange, History, TimelineLine, Told};
use crate::web::view::page::Section;
use crate::web::view::parts::Empty;
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::SecondsFormat;

/// The page.
pub(in crate::web) async fn link(
    visit: Visit,
    _: Allowed<RecordFacts>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (here, shown, crumbs) = evidence_here(&visit, &id, &asked).await?;
    let page = links::history_of_link(&shown.id);
    let link = shown.evidence.link.as_str();
    let known = link_state::known(&visit.app, link, here.as_of).await?;
    let seen = snapshots(&visit.app.db, link).await?;
    let seen = seen.iter().filter(|one| one.at.date_naive() <= here.as_of);
    let heading = format!("The link of “{}”", shown.evidence.title);
    let view = History {
        heading: heading.clone(),
        answer: match known {
            Some(state) => format!("{link}: {}.", state.words()),
            None => "This evidence has no link.".to_owned(),
        },
        as_of: here.note(page),
        filters: None,
        lines: seen.enumerate().map(|(at, one)| line(at, one)).collect(),
        older: None,
        newest: None,
        downloads: Vec::new(),
        empty: Empty {
            title: "Nothing was read there yet".to_owned(),
            text: "Links are checked in the background; what a page says is kept here each time it changes.".to_owned(),
            needed: Vec::new(),
            action: None,
        },
    };
    let mut page = visit.page(heading, Section::States);
    page.crumbs = crumbs;
    visit.show(&page, &view)
}

fn line(at: usize, seen: &LinkSnapshot) -> TimelineLine {
    let kept = |field: &str, text: &Option<String>| {
        text.as_ref().map(|text| FieldChange {
            field: field.to_owned(),
            before: None,
            after: Some(Told::of(text)),
        })
    };
    let changes = [
        kept("Text that was kept", &seen.text),
        kept("SHA-256 of the text", &seen.snapshot_sha256),
    ];
    TimelineLine {
        id: format!("s{at}"),
        moment: seen.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        at: seen.at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        who: "The program".to_owned(),
        account: None,
        what: format!("found the link {}", seen.status.words()),
        about: None,
        changes: changes.into_iter().flatten().collect(),
        folded: None,
        why: seen.detail.as_deref().map(Told::of),
    }
}
