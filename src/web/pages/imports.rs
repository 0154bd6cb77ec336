//! Bulk import: send a file, look at what it would change, decide, see what became of it.

use super::lookup::day;
use super::mending::{invalid, note};
use crate::actions::bulk::{AT_ONCE, Confirmation, Incoming, confirm, finish, read};
use crate::actions::{ActionError, Doing};
use crate::domain::bulk::Noun;
use crate::domain::imports::{Import, ImportRow, ImportStatus, RowStatus};
use crate::domain::users::{Permission, User};
use crate::store::imports as store;
use crate::web::extract::{Allowed, CsrfForm, RecordFacts, UploadedFile, Visit};
use crate::web::links::{self, Format, Link, download};
use crate::web::problem::Problem;
use crate::web::view::forms::{Field, FieldErrors, Form};
use crate::web::view::imports::{ExportLine, ImportLine, ImportList, ImportPage, Progress, RowLine, decision};
use crate::web::view::obligations::Fact;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, Empty, Figure, Pager};
use crate::web::view::words::{count, figure};
use axum::extract::{Path, Query};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

/// Who works on an import while somebody waits for the page.
const HOLDER: &str = "request";
/// Files in the list.
const NEWEST: u64 = 50;
/// Rows of the preview on one page.
const ROWS: usize = 100;

/// The files of the visitor, and the form for another.
pub(in crate::web) async fn list(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let until = day(&visit, &asked.as_of)?.date;
    show_list(&visit, allowed.user()?, StatusCode::OK, Vec::new(), until).await
}

async fn show_list(
    visit: &Visit,
    user: &User,
    status: StatusCode,
    complaints: Vec<String>,
    until: NaiveDate,
) -> Result<Response, Problem> {
    let mut imports = store::of(&visit.app.db, user.email.as_str(), NEWEST).await?;
    imports.retain(|import| import.started_at.date_naive() <= until);
    let export = |noun: &Noun| ExportLine {
        name: noun.words(),
        files: [Format::Csv, Format::Xlsx]
            .map(|format| Anchor::new(format.name(), download(&links::bulk_export(*noun), format)))
            .into(),
    };
    let view = ImportList {
        form: Form::new(links::imports(), &visit.form_token(), "Send the file"),
        limit: format!(
            "At most {} MB and {} rows. Nothing is written before you have looked at it.",
            visit.app.config.largest_import / 1_000_000,
            figure(usize::try_from(crate::actions::bulk::MOST_ROWS).unwrap_or(0))
        ),
        template: Anchor::new(
            "Download the template workbook",
            download(&links::import_template(), Format::Xlsx),
        ),
        complaints,
        exports: Noun::ALL.iter().map(export).collect(),
        rows: imports.iter().map(ImportLine::of).collect(),
        empty: Empty {
            title: "You have not sent a file yet".to_owned(),
            text: "What you send is listed here with what became of it.".to_owned(),
            needed: Vec::new(),
            action: None,
        },
    };
    visit.show_as(status, &visit.page("Import and export", Section::Home), &view)
}

/// Reads a file; a small one is checked at once.
pub(in crate::web) async fn send(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    file: UploadedFile,
) -> Result<Response, Problem> {
    let app = &visit.app;
    let incoming = Incoming {
        path: file.path(),
        name: &file.name,
        sha256: &file.sha256,
        may_assess: visit.actor.may(Permission::Assess),
        holder: HOLDER,
    };
    let doing = allowed.doing(&app.clock, &file.key)?;
    match read(&app.db, doing, incoming).await {
        Ok(import) => {
            work(&visit, doing, &import).await?;
            visit.arrive(&file.key, links::import(&import.id)).await
        }
        Err(ActionError::Invalid(errors)) => {
            let complaints = errors.into_iter().map(|one| one.why).collect();
            show_list(
                &visit,
                allowed.user()?,
                StatusCode::UNPROCESSABLE_ENTITY,
                complaints,
                visit.app.clock.today(),
            )
            .await
        }
        Err(other) => Err(other.into()),
    }
}

/// A small import is worked on while its owner waits; a large one is left to the worker.
async fn work(visit: &Visit, doing: Doing<'_>, import: &Import) -> Result<(), Problem> {
    if import.total <= AT_ONCE {
        let shelf = visit.app.shelf().await?;
        finish(&visit.app.db, &shelf, HOLDER, doing.now, import.id).await?;
    }
    Ok(())
}

/// The import of that address, where it is the visitor's own.
pub(super) async fn own(visit: &Visit, user: &User, id: &str) -> Result<Import, Problem> {
    let missing = || Problem::not_found("There is no such import of yours.");
    let id = id.parse().map_err(|_| missing())?;
    let found = store::get(&visit.app.db, id).await?;
    found
        .filter(|import| import.who == user.email.as_str())
        .ok_or_else(missing)
}

/// Which rows are shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    show: String,
    page: String,
    as_of: String,
}

/// One file.
pub(in crate::web) async fn one(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let import = own(&visit, allowed.user()?, &id).await?;
    let until = day(&visit, &asked.as_of)?.date;
    if import.started_at.date_naive() > until {
        return Err(Problem::not_found(format!("This file had not been sent on {until}.")));
    }
    show(&visit, &import, &asked, StatusCode::OK, &FieldErrors::default()).await
}

/// Writes what was previewed, or nothing.
pub(in crate::web) async fn decide(
    visit: Visit,
    allowed: Allowed<RecordFacts>,
    Path(id): Path<String>,
    CsrfForm(confirmation, key): CsrfForm<Confirmation>,
) -> Result<Response, Problem> {
    let import = own(&visit, allowed.user()?, &id).await?;
    let doing = allowed.doing(&visit.app.clock, &key)?;
    let asked = Asked::default();
    match confirm(&visit.app.db, doing, import.id, &confirmation).await {
        Ok(import) => {
            work(&visit, doing, &import).await?;
            visit.arrive(&key, links::import(&import.id)).await
        }
        Err(ActionError::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&visit, &import, &asked, status, &invalid(errors)).await
        }
        Err(ActionError::Conflict(why)) => {
            let import = own(&visit, allowed.user()?, &id).await?;
            show(&visit, &import, &asked, StatusCode::CONFLICT, &note(why)).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn show(
    visit: &Visit,
    import: &Import,
    asked: &Asked,
    status: StatusCode,
    errors: &FieldErrors,
) -> Result<Response, Problem> {
    let shown = shown(import, asked);
    let here = links::import(&import.id).with("show", shown.code());
    let total = usize::try_from(import.counts.of(shown)).unwrap_or(0);
    let number = asked.page.parse::<usize>().unwrap_or(1).max(1);
    let (range, mut pager) = Pager::cut(total, number, &here);
    if let Some(pager) = pager.as_mut().filter(|_| total > ROWS * 10) {
        pager.all = None;
    }
    let is_readable = matches!(
        import.status,
        ImportStatus::Checked | ImportStatus::Applying | ImportStatus::Done
    );
    let rows = if is_readable {
        let (from, most) = (
            u64::try_from(range.start).unwrap_or(0),
            u64::try_from(range.len()).unwrap_or(0),
        );
        store::slice(&visit.app.db, import.id, &[shown], from, most).await?
    } else {
        Vec::new()
    };
    let wrong = if is_readable && import.counts.refused > 0 {
        store::wrong_sheets(&visit.app.db, import.id).await?
    } else {
        Vec::new()
    };
    let view = view(visit, import, shown, errors, &rows, &wrong, pager);
    let mut page = visit.page(import.file_name.clone(), Section::Home);
    page.crumbs = vec![Anchor::new("Import and export", links::imports())];
    let mut response = visit.show_as(status, &page, &view)?;
    if import.status.is_at_work() {
        let again = HeaderValue::from_static("5");
        response.headers_mut().insert(HeaderName::from_static("refresh"), again);
    }
    Ok(response)
}

/// The rows asked for; else the wrong ones, else those that change something.
fn shown(import: &Import, asked: &Asked) -> RowStatus {
    let wanted = asked.show.parse().ok().filter(|one| *one != RowStatus::Waiting);
    let order = [
        RowStatus::Refused,
        RowStatus::Changed,
        RowStatus::Added,
        RowStatus::Unchanged,
    ];
    let some = order.into_iter().find(|one| import.counts.of(*one) > 0);
    wanted.or(some).unwrap_or(RowStatus::Added)
}

fn view(
    visit: &Visit,
    import: &Import,
    shown: RowStatus,
    errors: &FieldErrors,
    rows: &[ImportRow],
    wrong: &[Noun],
    pager: Option<Pager>,
) -> ImportPage {
    let counts = import.counts;
    let waits = import.status == ImportStatus::Checked;
    let has_rows = matches!(
        import.status,
        ImportStatus::Checked | ImportStatus::Applying | ImportStatus::Done
    );
    let to = links::decide_import(&import.id);
    let decide = (waits && counts.to_write() > 0).then(|| {
        let form = Form::new(to.clone(), &visit.form_token(), "Go on");
        form.with(vec![decision(counts.refused)], errors)
    });
    let give_up = (import.status == ImportStatus::Checking || (waits && decide.is_none())).then(|| {
        let form = Form::new(to, &visit.form_token(), "Put this file away");
        form.with(vec![Field::hidden("choice", "nothing")], &FieldErrors::default())
    });
    let kinds = [
        RowStatus::Refused,
        RowStatus::Changed,
        RowStatus::Added,
        RowStatus::Unchanged,
    ];
    let here = links::import(&import.id);
    let figures = kinds
        .iter()
        .filter(|_| has_rows || import.position > 0)
        .map(|kind| Figure {
            number: figure(usize::try_from(counts.of(*kind)).unwrap_or(0)),
            of: None,
            label: label(*kind, import.status).to_owned(),
            detail: None,
            href: None,
        });
    let some = kinds.iter().filter(|kind| has_rows && counts.of(**kind) > 0);
    let show = some.map(|kind| {
        Anchor::new(
            format!(
                "{} ({})",
                kind.words(),
                figure(usize::try_from(counts.of(*kind)).unwrap_or(0))
            ),
            here.clone().with("show", kind.code()),
        )
    });
    ImportPage {
        title: import.file_name.clone(),
        answer: answer(import),
        facts: vec![
            Fact::new("Sent", import.started_at.format("%Y-%m-%d %H:%M UTC").to_string()),
            Fact::new("Rows", figure(usize::try_from(import.total).unwrap_or(0))),
            Fact::new("SHA-256 of the file", import.sha256.clone()),
        ],
        progress: progress(import, links::import(&import.id)),
        notes: import.notes.clone(),
        figures: figures.collect(),
        decide,
        give_up,
        mend: wrong.iter().flat_map(|noun| mend(import, *noun)).collect(),
        show: show.collect(),
        caption: format!("Rows: {}", shown.words()),
        reason: match shown {
            RowStatus::Refused => Some("What is wrong"),
            RowStatus::Changed => Some("What changes"),
            _ => None,
        },
        rows: rows.iter().map(|row| RowLine::of(row, target(import, row))).collect(),
        pager,
        empty: (has_rows && rows.is_empty()).then(|| Empty {
            title: format!("No row is {}", shown.words()),
            text: "Choose another kind above.".to_owned(),
            needed: Vec::new(),
            action: None,
        }),
    }
}

fn label(kind: RowStatus, status: ImportStatus) -> &'static str {
    match (kind, status == ImportStatus::Done) {
        (RowStatus::Added, false) => "would be added",
        (RowStatus::Changed, false) => "would change",
        (other, _) => other.words(),
    }
}

fn mend(import: &Import, noun: Noun) -> [Anchor; 2] {
    let place = links::wrong_rows(&import.id, noun);
    [Format::Csv, Format::Xlsx].map(|format| {
        let words = format!("wrong rows of {} as {}", noun.words(), format.name());
        Anchor::new(words, download(&place, format))
    })
}

fn progress(import: &Import, again: Link) -> Option<Progress> {
    let what = match import.status {
        ImportStatus::Reading => "Reading",
        ImportStatus::Checking => "Checking",
        ImportStatus::Applying => "Writing",
        _ => return None,
    };
    let done = if import.status == ImportStatus::Reading {
        0
    } else {
        import.position
    };
    let number = |of: i32| figure(usize::try_from(of).unwrap_or(0));
    Some(Progress {
        text: format!("{what}: row {} of {}", number(done), number(import.total)),
        done,
        total: import.total.max(1),
        again,
    })
}

fn answer(import: &Import) -> String {
    let rows = |of: i32| count(usize::try_from(of).unwrap_or(0), "row", "rows");
    let counts = import.counts;
    match import.status {
        ImportStatus::Reading | ImportStatus::Checking => "Nothing is written yet.".to_owned(),
        ImportStatus::Applying => "The rows are being written; you may go on with other work.".to_owned(),
        ImportStatus::Checked if counts.to_write() == 0 && counts.refused == 0 => {
            "Everything in this file is held already: there is nothing to do.".to_owned()
        }
        ImportStatus::Checked if counts.to_write() == 0 => {
            "No row of this file can be imported as it is; nothing was written.".to_owned()
        }
        ImportStatus::Checked => format!(
            "Nothing is written yet. {} would be written, {} wrong.",
            rows(counts.to_write()),
            match counts.refused {
                0 => "none is".to_owned(),
                1 => "1 is".to_owned(),
                more => format!("{more} are"),
            }
        ),
        ImportStatus::Done => format!(
            "{} written under your name. New and changed evidence waits for review by somebody else.",
            match import.applied {
                1 => "1 row was".to_owned(),
                more => format!("{} were", rows(more)),
            }
        ),
        ImportStatus::Failed => "This file could not be used. Nothing was imported.".to_owned(),
        ImportStatus::Cancelled => "You put this file away. Nothing was imported.".to_owned(),
    }
}

/// Where that which a row is about can be seen, once it is there.
fn target(import: &Import, row: &ImportRow) -> Option<Link> {
    let is_new = row.status == RowStatus::Added;
    let is_written = import.status == ImportStatus::Done
        || (import.status == ImportStatus::Applying && row.position <= import.position);
    if is_new && !is_written {
        return None;
    }
    let id = row.report.target.as_deref()?;
    match row.noun {
        Noun::Evidence => Some(links::evidence(&id.parse().ok()?)),
        Noun::Recommendations => Some(links::recommendation(&id.parse().ok()?)),
        Noun::Assessments => {
            let state = row.cell("state").trim().to_uppercase().parse().ok()?;
            Some(links::obligation(
                &state,
                &row.cell("provision").trim().to_uppercase().parse().ok()?,
            ))
        }
    }
}
