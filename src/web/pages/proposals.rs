//! Proposals from status pages of the depositary: the list, and one to be accepted or refused.

use super::downloads;
use super::mending::{invalid, note};
use super::obligation_history::{Names, names};
use super::participation::effect_date;
use crate::actions::proposals::{AcceptDraft, accept as accept_one, refuse as refuse_one};
use crate::actions::{ActionError, Doing};
use crate::domain::ids::{InstrumentCode, ProposalId};
use crate::domain::instruments::Instrument;
use crate::domain::proposals::{Proposal, ProposalStatus};
use crate::domain::reference::Reference;
use crate::export::tables::{Cell, Table};
use crate::store::proposals::{self as store, Wanted};
use crate::web::extract::{Administer, Allowed, CsrfForm, Done, FormKey, Visit};
use crate::web::links::{self, Link};
use crate::web::pages::lookup;
use crate::web::problem::Problem;
use crate::web::view::forms::{Choice, Field, FieldErrors, Filters, Form};
use crate::web::view::obligations::Fact;
use crate::web::view::page::{Page, Section};
use crate::web::view::parts::{Anchor, Empty, Pager, Tag, downloads as files};
use crate::web::view::proposals::{OneProposal, ProposalRow, Proposals};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

/// Filters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    status: String,
    instrument: String,
    page: String,
}

/// Rows of a file.
const MOST: u64 = 10_000;
const ANY: &str = "all";

impl Asked {
    fn read(&self, reference: &Reference) -> Result<Wanted, Problem> {
        let status = match self.status.trim() {
            "" => Some(ProposalStatus::Open),
            ANY => None,
            text => Some(
                text.parse()
                    .map_err(|_| lookup::no_choice("status", text, &["open", "accepted", "refused", "gone", ANY]))?,
            ),
        };
        let instrument = match self.instrument.trim() {
            "" => None,
            text => Some(reference.find_instrument(text)?.code.clone()),
        };
        Ok(Wanted { status, instrument })
    }

    fn address(&self) -> Link {
        links::proposals()
            .with_some("status", Some(self.status.trim()))
            .with_some("instrument", Some(self.instrument.trim()))
    }
}

/// The list; open ones where nothing else is asked.
pub(in crate::web) async fn list(
    visit: Visit,
    _: Allowed<Administer>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (db, shelf) = (&visit.app.db, visit.app.shelf().await?);
    let wanted = asked.read(&shelf.reference)?;
    let names = names(&visit).await?;
    if visit.file.is_some() {
        let all = store::list(db, &wanted, 0, MOST).await?;
        return downloads::file(&visit, &table(&names, &all));
    }
    let counts = store::counts(db, wanted.instrument.as_ref()).await?;
    let of = |status: ProposalStatus| counts.get(&status).copied().unwrap_or(0);
    let total = match wanted.status {
        Some(status) => of(status),
        None => counts.values().sum(),
    };
    let number = asked.page.parse().unwrap_or(1);
    let (range, pager) = Pager::cut(usize::try_from(total).unwrap_or(usize::MAX), number, &asked.address());
    let rows = |number: usize| u64::try_from(number).unwrap_or(0);
    let shown = store::list(db, &wanted, rows(range.start), rows(range.len()).min(MOST)).await?;
    let [open, accepted, refused, gone] = [
        ProposalStatus::Open,
        ProposalStatus::Accepted,
        ProposalStatus::Refused,
        ProposalStatus::Gone,
    ]
    .map(of);
    let view = Proposals {
        answer: format!("{open} open, {accepted} accepted, {refused} refused; {gone} no longer differ."),
        filters: filters(&shelf.reference, &asked),
        rows: shown.iter().map(|one| row(&shelf.reference, one)).collect(),
        downloads: files(&asked.address()),
        pager,
        upload: Anchor::new("Send a status page", links::status_pages()),
        empty: Empty {
            title: "No such proposal".to_owned(),
            text: "Proposals come from status pages of the depositary that somebody sends.".to_owned(),
            needed: Vec::new(),
            action: None,
        },
    };
    visit.show(&frame(&visit, "Proposals from status pages".to_owned()), &view)
}

fn frame(visit: &Visit, title: String) -> Page {
    let mut page = visit.page(title, Section::Desk);
    page.crumbs = vec![Anchor::new("Compare with the depositary", links::status_pages())];
    page
}

fn tag(status: ProposalStatus) -> Tag {
    let class = match status {
        ProposalStatus::Open => "soon",
        ProposalStatus::Accepted => "strong",
        ProposalStatus::Refused => "late",
        ProposalStatus::Gone => "quiet",
    };
    Tag {
        class,
        word: status.words().to_owned(),
    }
}

fn said(text: Option<&String>) -> String {
    text.cloned().unwrap_or_else(|| "nothing".to_owned())
}

fn row(reference: &Reference, one: &Proposal) -> ProposalRow {
    let short = |i: &Instrument| format!("{} {}", i.code, i.short.en);
    ProposalRow {
        state: Anchor::new(&one.differs.name, links::proposal(&one.id)),
        instrument: reference
            .instrument(&one.instrument)
            .map_or_else(|| one.instrument.to_string(), short),
        theirs: said(one.differs.theirs.as_ref()),
        ours: said(one.differs.ours.as_ref()),
        status: tag(one.status),
        found: one.found_at.date_naive().to_string(),
    }
}

fn table(names: &Names, all: &[Proposal]) -> Table {
    let columns = [
        "Treaty",
        "State",
        "About",
        "Kind",
        "The page has",
        "Held here",
        "Proposal",
        "Status",
        "Page as at",
        "SHA-256",
        "Found",
        "Found by",
        "Decided",
        "Decided by",
        "Reason",
    ];
    let rows = all.iter().map(|one| {
        vec![
            Cell::from(one.instrument.as_str()),
            Cell::from(one.state.as_str()),
            Cell::from(one.differs.about.as_str()),
            Cell::from(one.differs.kind.as_str()),
            Cell::maybe(one.differs.theirs.as_ref()),
            Cell::maybe(one.differs.ours.as_ref()),
            Cell::from(one.differs.proposal.as_str()),
            Cell::from(one.status.code()),
            Cell::maybe(one.differs.seen.status_as_at),
            Cell::from(one.differs.seen.sha256.as_str()),
            Cell::from(one.found_at.date_naive().to_string()),
            Cell::from(names.of(&one.found_by)),
            Cell::maybe(one.decided_at.map(|at| at.date_naive())),
            Cell::maybe(one.decided_by.as_ref().map(|who| names.of(who))),
            Cell::maybe(one.reason.as_ref()),
        ]
    });
    Table::new("Proposals from status pages of the depositary", &columns, rows)
}

fn filters(reference: &Reference, asked: &Asked) -> Filters {
    let statuses = ProposalStatus::ALL
        .iter()
        .map(|status| Choice::new(status.code(), status.words()))
        .chain([Choice::new(ANY, "all")])
        .collect();
    let chosen = if asked.status.trim().is_empty() {
        ProposalStatus::Open.code()
    } else {
        asked.status.trim()
    };
    let treaties = reference
        .instruments()
        .iter()
        .map(|one| Choice::new(one.code.as_str(), format!("{}: {}", one.code, one.short.en)));
    let treaties = std::iter::once(Choice::new("", "all treaties"))
        .chain(treaties)
        .collect();
    let filtered = !asked.status.trim().is_empty() || !asked.instrument.trim().is_empty();
    Filters {
        label: "Filter the proposals".to_owned(),
        action: links::proposals(),
        fields: vec![
            Field::select("status", "What became of it", statuses, chosen).filter(),
            Field::select(
                "instrument",
                "Treaty",
                treaties,
                &asked.instrument.trim().to_uppercase(),
            )
            .filter(),
        ],
        clear: filtered.then(links::proposals),
    }
}

/// One proposal.
pub(in crate::web) async fn one(
    visit: Visit,
    _: Allowed<Administer>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let proposal = find(&visit, &id).await?;
    show(&visit, &proposal, StatusCode::OK, Typed::default()).await
}

async fn find(visit: &Visit, id: &str) -> Result<Proposal, Problem> {
    let missing = || Problem::NotFound {
        what: format!("There is no proposal “{id}”."),
        suggestions: vec![Anchor::new("All proposals", links::proposals())],
    };
    let known: ProposalId = id.parse().map_err(|_| missing())?;
    store::find(&visit.app.db, known).await?.ok_or_else(missing)
}

/// Records the treaty action that it names.
pub(in crate::web) async fn accept(
    allowed: Allowed<Administer>,
    visit: Visit,
    Path(id): Path<String>,
    CsrfForm(draft, key): CsrfForm<AcceptDraft>,
) -> Result<Response, Problem> {
    let (proposal, shelf) = (find(&visit, &id).await?, visit.app.shelf().await?);
    let doing: Doing<'_> = allowed.doing(&visit.app.clock, &key)?;
    let done = accept_one(&visit.app.db, &shelf, doing, proposal.id, &draft).await;
    settle(&visit, proposal.id, done, (Done::ProposalAccepted, &key), |errors| {
        Typed {
            accept: Some((draft, errors)),
            ..Typed::default()
        }
    })
    .await
}

/// Why it is refused.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Refusing {
    reason: String,
}

/// Refuses it.
pub(in crate::web) async fn refuse(
    allowed: Allowed<Administer>,
    visit: Visit,
    Path(id): Path<String>,
    CsrfForm(Refusing { reason }, key): CsrfForm<Refusing>,
) -> Result<Response, Problem> {
    let proposal = find(&visit, &id).await?;
    let doing: Doing<'_> = allowed.doing(&visit.app.clock, &key)?;
    let done = refuse_one(&visit.app.db, doing, proposal.id, &reason).await;
    settle(&visit, proposal.id, done, (Done::ProposalRefused, &key), |errors| {
        Typed {
            refuse: Some((reason, errors)),
            ..Typed::default()
        }
    })
    .await
}

/// What a form was refused with.
#[derive(Default)]
struct Typed {
    refused: Option<String>,
    accept: Option<(AcceptDraft, FieldErrors)>,
    refuse: Option<(String, FieldErrors)>,
}

async fn settle(
    visit: &Visit,
    id: ProposalId,
    outcome: Result<Proposal, ActionError>,
    (done, key): (Done, &FormKey),
    again: impl FnOnce(FieldErrors) -> Typed,
) -> Result<Response, Problem> {
    let (status, typed) = match outcome {
        Ok(_) => {
            let to = links::proposal(&id).with("done", done.code());
            return visit.arrive(key, to).await;
        }
        Err(ActionError::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, again(invalid(errors))),
        Err(ActionError::Conflict(why)) => {
            let typed = again(note(why.clone()));
            let refused = Some(why);
            (StatusCode::CONFLICT, Typed { refused, ..typed })
        }
        Err(ActionError::Unknown(unknown)) => return Err(unknown.into()),
        Err(ActionError::Store(error)) => return Err(error.into()),
    };
    // Where it stands may have changed since: that is what a conflict tells of.
    let fresh = store::find(&visit.app.db, id).await?.ok_or(Problem::Internal)?;
    show(visit, &fresh, status, typed).await
}

async fn show(visit: &Visit, one: &Proposal, answer: StatusCode, typed: Typed) -> Result<Response, Problem> {
    let shelf = visit.app.shelf().await?;
    let names = names(visit).await?;
    let instrument = shelf.reference.instrument(&one.instrument).ok_or(Problem::Internal)?;
    let open = one.may_be_decided().is_ok();
    let token = visit.form_token();
    let state = shelf.reference.state(&one.state);
    let view = OneProposal {
        title: format!("{}, {}", one.differs.name, instrument.short.en),
        words: one.differs.proposal.clone(),
        refused: typed.refused.filter(|_| !open),
        status: tag(one.status),
        facts: facts(one, instrument, &names),
        state: Anchor::new(
            state.map_or(one.state.as_str(), |state| state.name.en.as_str()),
            links::state(&one.state),
        ),
        history: Anchor::new(
            "What is held, and how it came about",
            links::history_of_participation(&one.state, &one.instrument),
        ),
        by_hand: (open && one.differs.record.is_none()).then(|| {
            "No treaty action follows from it that could be recorded here. See to it where it is kept: when a later page says the same \
             as we do, the proposal closes by itself. Or refuse it with a reason."
                .to_owned()
        }),
        accept: one
            .differs
            .record
            .filter(|_| open)
            .map(|_| accept_form(one, instrument, &token, typed.accept)),
        refuse: open.then(|| {
            let (reason, errors) = typed.refuse.unwrap_or_default();
            let field = Field::text("reason", "Why it is refused", &reason)
                .id("refuse-reason")
                .hint("The same difference is not raised again. If the page or ours changes, it is.");
            Form::new(links::refuse_proposal(&one.id), &token, "Refuse it").with(vec![field], &errors)
        }),
    };
    let mut page = frame(visit, format!("{}: {}", one.differs.name, one.instrument));
    page.crumbs.push(Anchor::new("Proposals", links::proposals()));
    visit.show_as(answer, &page, &view)
}

fn facts(one: &Proposal, instrument: &Instrument, names: &Names) -> Vec<Fact> {
    let ours = match &one.differs.our_source {
        Some(source) => format!("{} (source {source})", said(one.differs.ours.as_ref())),
        None => said(one.differs.ours.as_ref()),
    };
    let seen = &one.differs.seen;
    let day = seen
        .status_as_at
        .map_or_else(|| "a day that it does not name".to_owned(), |day| day.to_string());
    let mut facts = vec![
        Fact::new("Treaty", format!("{} {}", instrument.code, instrument.short.en))
            .to(links::instrument(&instrument.code)),
        Fact::new("The page has", said(one.differs.theirs.as_ref())),
        Fact::new("Held here", ours),
        Fact::new(
            "The page",
            format!("“{}”, status as at {day}, SHA-256 {}", seen.file, seen.sha256),
        ),
        Fact::new(
            "Sent by",
            format!("{}, {}", names.of(&one.found_by), one.found_at.date_naive()),
        ),
    ];
    if let (Some(by), Some(at)) = (&one.decided_by, one.decided_at) {
        let why = one.reason.as_deref().unwrap_or_default();
        facts.push(Fact::new(
            "What became of it",
            format!("{}, {}, {}: {why}", one.status.words(), names.of(by), at.date_naive()),
        ));
    }
    facts
}

/// Where a treaty action from that page is known from.
fn source(instrument: &InstrumentCode, status_as_at: Option<chrono::NaiveDate>) -> String {
    let day = status_as_at.map_or_else(String::new, |day| format!(" as at {day}"));
    format!("UN Treaty Collection, status page of {instrument}{day}")
}

fn accept_form(
    one: &Proposal,
    instrument: &Instrument,
    token: &str,
    typed: Option<(AcceptDraft, FieldErrors)>,
) -> Form {
    let (draft, errors) = typed.unwrap_or_else(|| {
        let draft = AcceptDraft {
            source: source(&one.instrument, one.differs.seen.status_as_at),
            ..AcceptDraft::default()
        };
        (draft, FieldErrors::default())
    });
    let mut fields = vec![effect_date(&draft.effect_date)];
    if let Some(optional) = &instrument.optional_parts {
        let hint = format!(
            "Those it did not accept, with semicolons between. {} lets a state choose among: {}.",
            optional.article,
            optional.parts.join("; ")
        );
        fields.push(
            Field::line("text", "parts_excluded", "Parts left out", &draft.parts_excluded)
                .hint(hint)
                .optional(),
        );
    }
    fields.push(Field::line("text", "source", "Source", &draft.source));
    fields.push(
        Field::text("reason", "Why you record it", &draft.reason)
            .hint("Kept with your name in the history. What stood before is superseded, not erased."),
    );
    let words = match one.differs.record {
        Some((kind, date)) => format!("Record the {} of {date}", kind.word()),
        None => "Record it".to_owned(),
    };
    Form::new(links::accept_proposal(&one.id), token, &words).with(fields, &errors)
}
