//! A status page of the depositary, compared with what is held. It writes nothing: each proposal leads to the form for a
//! treaty action, filled in, where a person decides.

use crate::domain::instruments::Instrument;
use crate::domain::status_pages::{Difference, StatusPage};
use crate::sources::untc;
use crate::web::extract::{Administer, Allowed, UploadedFile, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::forms::Form;
use crate::web::view::page::Section;
use crate::web::view::parts::Anchor;
use crate::web::view::status_pages::{Compared, Proposal, StatusPages, UnreadLine};
use crate::web::view::words::count;
use axum::http::StatusCode;
use axum::response::Response;

/// The form.
pub(in crate::web) async fn form(visit: Visit, _: Allowed<Administer>) -> Result<Response, Problem> {
    show(&visit, StatusCode::OK, None, None)
}

/// Reads the page that was sent and shows what differs.
pub(in crate::web) async fn compare(
    visit: Visit,
    _: Allowed<Administer>,
    file: UploadedFile,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let bytes = tokio::fs::read(file.path()).await.map_err(|error| {
        tracing::error!(%error, "an uploaded page could not be read");
        Problem::Internal
    })?;
    drop(file);
    // It may take a moment, and others wait for this thread.
    let kept = std::sync::Arc::clone(&shelf);
    let read = tokio::task::spawn_blocking(move || untc::read(&bytes, &kept.reference)).await;
    let page = match read.map_err(|_| Problem::Internal)? {
        Ok(page) => page,
        Err(why) => return show(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(why.to_string()), None),
    };
    let Some(instrument) = shelf.reference.instrument(&page.instrument) else {
        return Err(Problem::Internal);
    };
    let differences = page.compare(instrument, &shelf.reference, &shelf.world);
    show(
        &visit,
        StatusCode::OK,
        None,
        Some(compared(instrument, page, &differences)),
    )
}

fn show(
    visit: &Visit,
    status: StatusCode,
    complaint: Option<String>,
    found: Option<Compared>,
) -> Result<Response, Problem> {
    let view = StatusPages {
        form: Form::new(links::status_pages(), &visit.form_token(), "Compare"),
        limit: format!(
            "Saved from treaties.un.org as “web page, HTML only”; at most {} MB. The file is not kept.",
            untc::LARGEST / 1024 / 1024
        ),
        complaint,
        found,
    };
    visit.show_as(status, &visit.page("Compare with the depositary", Section::Home), &view)
}

fn compared(instrument: &Instrument, page: StatusPage, differences: &[Difference]) -> Compared {
    let day = page
        .status_as_at
        .map_or_else(String::new, |day| format!(" as at {day}"));
    let differs = match differences.len() {
        0 => "Nothing differs from what is held here".to_owned(),
        number => format!("{} from what is held here", count(number, "difference", "differences")),
    };
    let answer = format!(
        "{differs}. The page{day} lists {} and {}.",
        count(page.parties_counted as usize, "party", "parties"),
        count(page.signatories_counted as usize, "signatory", "signatories"),
    );
    let source = format!("UN Treaty Collection, status page of {}{day}", instrument.code);
    Compared {
        title: format!("{} {}", instrument.code, instrument.short.en),
        answer,
        proposals: differences
            .iter()
            .map(|one| proposal(instrument, one, &source))
            .collect(),
        notes: page.notes,
        unread: page
            .unread
            .into_iter()
            .map(|one| UnreadLine {
                text: one.text,
                why: one.why,
            })
            .collect(),
    }
}

fn proposal(instrument: &Instrument, one: &Difference, source: &str) -> Proposal {
    let nothing = || "nothing".to_owned();
    let form = |(kind, date): (crate::domain::participation::ActionKind, chrono::NaiveDate)| {
        let to = links::new_action(&one.state)
            .with("instrument", instrument.code.as_str())
            .with("kind", &kind.word().replace(' ', "_"))
            .with("date", &date.to_string())
            .with("source", source)
            .with("reason", &one.proposal);
        Anchor::new("Record it", to)
    };
    let ours = one.ours.clone().unwrap_or_else(nothing);
    Proposal {
        state: Anchor::new(one.name.clone(), links::state(&one.state)),
        theirs: one.theirs.clone().unwrap_or_else(nothing),
        ours: match &one.our_source {
            Some(source) => format!("{ours} (source {source})"),
            None => ours,
        },
        words: one.proposal.clone(),
        record: one.record.map(form),
    }
}
