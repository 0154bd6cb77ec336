//! A status page of the depositary, compared with what is held. What differs is kept as proposals; a person decides each.

use crate::actions::ActionError;
use crate::actions::proposals::find;
use crate::domain::instruments::Instrument;
use crate::domain::proposals::{Differs, Plan, Proposal as Kept, ProposalStatus, Seen, fingerprint};
use crate::domain::status_pages::{Difference, StatusPage};
use crate::sources::untc;
use crate::store::proposals as store;
use crate::web::extract::{Administer, Allowed, FormKey, UploadedFile, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::forms::Form;
use crate::web::view::page::Section;
use crate::web::view::parts::Anchor;
use crate::web::view::status_pages::{Compared, Proposal, StatusPages, UnreadLine};
use crate::web::view::words::count;
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::BTreeMap;

/// The form.
pub(in crate::web) async fn form(visit: Visit, _: Allowed<Administer>) -> Result<Response, Problem> {
    show(&visit, StatusCode::OK, None, None).await
}

/// Proposals of one treaty that are looked at.
const MOST: u64 = 5_000;

/// Reads the page that was sent, keeps what differs, and shows it.
pub(in crate::web) async fn compare(
    visit: Visit,
    allowed: Allowed<Administer>,
    file: UploadedFile,
) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let bytes = tokio::fs::read(file.path()).await.map_err(|error| {
        tracing::error!(%error, "an uploaded page could not be read");
        Problem::Internal
    })?;
    let (name, sha256) = (file.name.clone(), file.sha256.clone());
    drop(file);
    // It may take a moment, and others wait for this thread.
    let kept = std::sync::Arc::clone(&shelf);
    let read = tokio::task::spawn_blocking(move || untc::read(&bytes, &kept.reference)).await;
    let page = match read.map_err(|_| Problem::Internal)? {
        Ok(page) => page,
        Err(why) => return show(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(why.to_string()), None).await,
    };
    let Some(instrument) = shelf.reference.instrument(&page.instrument) else {
        return Err(Problem::Internal);
    };
    let differences = page.compare(instrument, &shelf.reference, &shelf.world);
    let seen = Seen {
        file: name,
        sha256,
        status_as_at: page.status_as_at,
    };
    // Sent twice it finds the same, and keeps nothing twice: it needs no key.
    let once = FormKey::default();
    let doing = allowed.doing(&visit.app.clock, &once)?;
    let plan = match find(&visit.app.db, doing, &page, &differences, &seen).await {
        Ok(plan) => plan,
        Err(ActionError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(Problem::Internal),
    };
    let wanted = store::Wanted {
        status: None,
        instrument: Some(instrument.code.clone()),
    };
    let kept = store::list(&visit.app.db, &wanted, 0, MOST).await?;
    let found = compared(instrument, page, &differences, (&seen, &plan, &kept));
    show(&visit, StatusCode::OK, None, Some(found)).await
}

async fn show(
    visit: &Visit,
    status: StatusCode,
    complaint: Option<String>,
    found: Option<Compared>,
) -> Result<Response, Problem> {
    let open = store::Wanted {
        status: Some(ProposalStatus::Open),
        instrument: None,
    };
    let open = store::count(&visit.app.db, &open).await?;
    let view = StatusPages {
        proposals: Anchor::new(
            count(
                usize::try_from(open).unwrap_or(usize::MAX),
                "open proposal",
                "open proposals",
            ),
            links::proposals(),
        ),
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

fn compared(
    instrument: &Instrument,
    page: StatusPage,
    differences: &[Difference],
    (seen, plan, kept): (&Seen, &Plan, &[Kept]),
) -> Compared {
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
    let decided = |kept: &&Kept| matches!(kept.status, ProposalStatus::Open | ProposalStatus::Refused);
    let kept: BTreeMap<String, &Kept> = kept
        .iter()
        .filter(decided)
        .map(|one| (one.fingerprint(), one))
        .collect();
    Compared {
        title: format!("{} {}", instrument.code, instrument.short.en),
        answer,
        kept: told(plan, !page.unread.is_empty()),
        proposals: differences
            .iter()
            .map(|one| proposal(instrument, one, seen, &kept))
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

/// What was kept of it.
fn told(plan: &Plan, in_part: bool) -> String {
    let new = count(plan.new.len(), "proposal is new", "proposals are new");
    let known = count(plan.known, "was open already", "were open already");
    let refused = count(
        plan.refused,
        "was refused before and stays so",
        "were refused before and stay so",
    );
    let gone = if in_part {
        "none was closed, because not all of the page could be read".to_owned()
    } else {
        count(
            plan.gone.len(),
            "is closed because it no longer differs",
            "are closed because they no longer differ",
        )
    };
    format!("{new}, {known}, {refused}; {gone}.")
}

fn proposal(instrument: &Instrument, one: &Difference, seen: &Seen, kept: &BTreeMap<String, &Kept>) -> Proposal {
    let nothing = || "nothing".to_owned();
    let key = fingerprint(&instrument.code, &one.state, &Differs::of(one, seen));
    let decide = kept.get(&key).map(|kept| {
        let words = if kept.status == ProposalStatus::Open {
            "Decide"
        } else {
            "Refused before"
        };
        Anchor::new(words, links::proposal(&kept.id))
    });
    let ours = one.ours.clone().unwrap_or_else(nothing);
    Proposal {
        state: Anchor::new(one.name.clone(), links::state(&one.state)),
        theirs: one.theirs.clone().unwrap_or_else(nothing),
        ours: match &one.our_source {
            Some(source) => format!("{ours} (source {source})"),
            None => ours,
        },
        words: one.proposal.clone(),
        record: decide,
    }
}
