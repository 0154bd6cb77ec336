//! One piece of evidence: what it says, what it serves, and for those who work on it where its review stands.

use super::comments;
use super::evidence_fields::size;
use super::evidence_review::{Typed, desk};
use super::here::Here;
use super::link_state;
use super::obligation_history::{Names, names};
use crate::domain::comments::Subject;
use crate::domain::evidence::{Evidence, Stance};
use crate::domain::files::FileKind;
use crate::domain::reviews::ReviewStatus;
use crate::domain::summaries::{Findings, IMPORT, ObligationPicture, StatePicture, StoredEvidence};
use crate::domain::users::Permission;
use crate::store::{evidence as store, findings};
use crate::web::extract::{Done, Visit};
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::evidence::{EvidenceItem, RevisionLine, Served, status_tag};
use crate::web::view::obligations::Fact;
use crate::web::view::page::Section;
use crate::web::view::parts::{Anchor, AsOf, Empty, GradeMark};
use crate::web::view::words::{count, provision_name};
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// A day and a revision in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    as_of: String,
    revision: String,
}

/// Every revision of one item that this visitor may see on the day of the page, and the one that is shown.
pub(super) struct Item {
    /// The state and the day.
    pub here: Here,
    /// What this visitor may see, oldest first.
    pub revisions: Vec<StoredEvidence>,
    /// Which of them is shown.
    at: usize,
    /// Which of them counted on the day of the page.
    counting: Option<usize>,
    /// Whether the visitor works on evidence, on the page of today.
    pub insider: bool,
}

impl Item {
    /// From an address. What nobody has accepted is seen only by those who may record.
    pub(super) async fn read(visit: &Visit, id: &str, asked: &Asked) -> Result<Self, Problem> {
        let missing = || Problem::not_found(format!("There is no evidence “{id}”."));
        let all = store::revisions_of(&visit.app.db, id.parse().map_err(|_| missing())?).await?;
        let state = all.first().ok_or_else(missing)?.evidence.state.clone();
        let here = Here::read(&visit.app, state.as_str(), &asked.as_of).await?;
        let insider = visit.actor.may(Permission::RecordFacts) && here.asked().is_none();
        let later = all.iter().filter_map(|one| one.accepted_at).min();
        let revisions: Vec<StoredEvidence> = all
            .into_iter()
            .filter(|one| insider || was_accepted(one, &here))
            .collect();
        let counting = revisions.iter().rposition(|one| one.known_on(here.as_of));
        let at = match asked.revision.trim() {
            "" => counting.or_else(|| revisions.len().checked_sub(1).filter(|_| insider)),
            number => revisions.iter().position(|one| one.revision.to_string() == number),
        };
        Ok(Self {
            at: at.ok_or_else(|| later.map_or_else(missing, |later| not_yet(&here, later.date_naive(), id)))?,
            here,
            revisions,
            counting,
            insider,
        })
    }

    /// The revision that is shown.
    pub(super) fn shown(&self) -> &StoredEvidence {
        // `at` was found in the list when this was made.
        &self.revisions[self.at]
    }

    /// The latest revision that this visitor may see.
    pub(super) fn latest(&self) -> &StoredEvidence {
        self.revisions.last().unwrap_or(self.shown())
    }

    /// The revision that counts.
    pub(super) fn counting(&self) -> Option<&StoredEvidence> {
        self.counting.and_then(|at| self.revisions.get(at))
    }
}

/// What is said of evidence on a day before it counted.
fn not_yet(here: &Here, since: NaiveDate, id: &str) -> Problem {
    let today = id
        .parse()
        .map(|id| Anchor::new("This evidence today", links::evidence(&id)));
    Problem::NotFound {
        what: format!(
            "There is no evidence “{id}” as of {}: it counts since {since}.",
            here.as_of
        ),
        suggestions: today.into_iter().collect(),
    }
}

/// Whether it had been accepted by the day of the page; what was imported first counts from its publication on.
fn was_accepted(one: &StoredEvidence, here: &Here) -> bool {
    let from_the_start = one.revision == 1 && one.recorded_by == IMPORT;
    one.evidence.known_on(here.as_of)
        && one
            .accepted_at
            .is_some_and(|accepted| from_the_start || accepted.date_naive() <= here.as_of)
}

/// One piece of evidence.
pub(in crate::web) async fn item(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    show(&visit, &id, &asked, StatusCode::OK, Typed::default()).await
}

/// The page, with the review as it was typed.
pub(super) async fn show(
    visit: &Visit,
    id: &str,
    asked: &Asked,
    status: StatusCode,
    typed: Typed,
) -> Result<Response, Problem> {
    let item = Item::read(visit, id, asked).await?;
    let (here, stored) = (&item.here, item.shown());
    let (reference, world) = (&here.shelf.reference, &here.shelf.world);
    let themes = reference.themes_of(&stored.evidence);
    let findings = findings::about(&visit.app.db, &here.state.iso3, &themes).await?;
    let picture = StatePicture::of(reference, world, &findings, &here.state.iso3, here.as_of);
    let names = names(visit).await?;
    let mut view = view(&item, &picture, &findings);
    let digests = store::digests_of(&visit.app.db, stored.id).await?;
    if let Some(link) = link_state::known(&visit.app, &stored.evidence.link, here.as_of).await? {
        let fact = link_state::fact(&link);
        let kept = here.keep(links::history_of_link(&stored.id));
        view.facts.push(if item.insider { fact.to(kept) } else { fact });
        view.archived = link.archived;
    }
    view.revisions = revisions(&item, &names, &digests);
    if item.insider {
        view.desk = Some(desk(visit, &item, &names, typed).await?);
        view.comments = Some(comments::section(visit, &Subject::Evidence(stored.id), &names).await?);
    }
    let mut page = visit.page(stored.evidence.title.clone(), Section::States);
    if visit.done == Some(Done::Evidence) && stored.status == ReviewStatus::Submitted {
        page.done = Some(format!("Handed in for review: {}.", serves_words(&item, &view.serves)));
    }
    page.crumbs = here.crumbs();
    page.crumbs.push(Anchor::new(
        "Evidence",
        here.keep(links::state_evidence(&here.state.iso3)),
    ));
    page.history = Some(here.keep(links::history_of_evidence(&stored.id)));
    visit.show_as(status, &page, &view)
}

fn view(item: &Item, picture: &StatePicture<'_>, findings: &Findings) -> EvidenceItem {
    let (here, stored) = (&item.here, item.shown());
    let says = &stored.evidence;
    let serving: Vec<&ObligationPicture<'_>> = picture
        .obligations
        .iter()
        .filter(|one| says.serves(one.obligation.provision))
        .collect();
    let serves: Vec<Served> = serving.iter().map(|one| served(here, one)).collect();
    EvidenceItem {
        title: says.title.clone(),
        status: (stored.status != ReviewStatus::Accepted).then(|| status_tag(stored.status)),
        answer: format!(
            "It {}, says {}; {}.",
            stance(says.stance, here.name()),
            says.author_role.speaker(),
            serves_words(item, &serves)
        ),
        as_of: here.note(links::evidence(&stored.id)),
        which: which(item),
        gist: says.gist.clone(),
        grade: says.grade.map(|grade| GradeMark::decided(Some(grade))),
        facts: facts(here, stored),
        source: Some(says.link.clone()).filter(|link| !link.is_empty()),
        archived: None,
        copies: copies(here, stored, &serving, findings),
        serves_caption: format!(
            "{} of {}",
            count(serves.len(), "obligation", "obligations"),
            here.name()
        ),
        serves,
        serves_empty: serves_empty(here),
        desk: None,
        revisions: Vec::new(),
        comments: None,
    }
}

fn served(here: &Here, one: &ObligationPicture<'_>) -> Served {
    let (instrument, provision) = (one.obligation.instrument, one.obligation.provision);
    Served {
        instrument: Anchor::new(instrument.code.as_str(), here.keep(links::instrument(&instrument.code))),
        provision: Anchor::new(
            provision_name(instrument, provision),
            here.keep(links::obligation(&here.state.iso3, &provision.id)),
        ),
        label: provision.label.clone(),
        grade: Some(if one.obligation.is_gradable() {
            GradeMark::standing(&one.standing)
        } else {
            GradeMark::not_gradable()
        }),
    }
}

fn serves_empty(here: &Here) -> Empty {
    Empty {
        title: "It serves no obligation on this day".to_owned(),
        text: format!(
            "No treaty with these provisions is in force for {} on {}. When one enters into force, this evidence serves it at once.",
            here.name(),
            here.as_of
        ),
        needed: Vec::new(),
        action: Some(Anchor::new(
            "Treaties in force",
            here.keep(links::state(&here.state.iso3)).at("treaties"),
        )),
    }
}

/// Says so where another revision is shown than the one that counts.
fn which(item: &Item) -> Option<AsOf> {
    let (stored, latest) = (item.shown(), item.latest());
    let today = |words: &str| Anchor::new(words, item.here.keep(links::evidence(&stored.id)));
    if let Some(counting) = item.counting() {
        return (counting.revision != stored.revision).then(|| AsOf {
            text: format!(
                "This is revision {}; revision {} counts.",
                stored.revision, counting.revision
            ),
            today: today("Show what counts"),
        });
    }
    (latest.revision != stored.revision).then(|| AsOf {
        text: format!(
            "This is revision {} of {}; none counts yet.",
            stored.revision, latest.revision
        ),
        today: today("Show the latest"),
    })
}

/// Other pieces from the same source that serve one of the same obligations.
fn copies(
    here: &Here,
    stored: &StoredEvidence,
    serving: &[&ObligationPicture<'_>],
    findings: &Findings,
) -> Vec<Anchor> {
    let origin = &stored.evidence.origin;
    if origin.is_empty() {
        return Vec::new();
    }
    let shares = |other: &StoredEvidence| {
        serving
            .iter()
            .any(|one| other.evidence.serves(one.obligation.provision))
    };
    let others = findings
        .evidence
        .iter()
        .filter(|other| other.id != stored.id && other.evidence.origin == *origin && other.known_on(here.as_of))
        .filter(|other| shares(other));
    others
        .map(|other| Anchor::new(&other.evidence.title, here.keep(links::evidence(&other.id))))
        .collect()
}

/// What it serves, or will once it is accepted.
fn serves_words(item: &Item, serves: &[Served]) -> String {
    let treaties: BTreeSet<&str> = serves.iter().map(|one| one.instrument.text.as_str()).collect();
    let counts = item.counting().is_some_and(|one| one.revision == item.shown().revision);
    let open = [ReviewStatus::Draft, ReviewStatus::Submitted, ReviewStatus::Returned].contains(&item.shown().status);
    let words = serving(&item.here, serves.len(), treaties.len(), !counts && open);
    match (counts, open) {
        (true, _) => words,
        (false, true) => format!("{words} once accepted"),
        (false, false) if item.shown().status == ReviewStatus::Rejected => {
            "it was rejected and serves nothing".to_owned()
        }
        (false, false) => "this revision does not count any more".to_owned(),
    }
}

/// `it serves 14 obligations in 7 treaties in force for Mexico`.
pub(super) fn serving(here: &Here, obligations: usize, treaties: usize, later: bool) -> String {
    format!(
        "it {} {} in {} in force for {}",
        if later { "will serve" } else { "serves" },
        count(obligations, "obligation", "obligations"),
        count(treaties, "treaty", "treaties"),
        here.name()
    )
}

/// Every revision that the visitor may see, the newest first.
fn revisions(item: &Item, names: &Names, digests: &HashMap<i32, String>) -> Vec<RevisionLine> {
    let line = |one: &StoredEvidence| {
        let by = if one.recorded_by == IMPORT {
            let says = &one.evidence;
            format!("loaded with the shipped data ({}, key {})", says.source, says.key)
        } else {
            format!("recorded by {}", names.of(&one.recorded_by))
        };
        let accepted = match one.accepted_at.map(|at| at.date_naive()) {
            Some(day) if one.recorded_by != IMPORT => format!(", accepted {day}"),
            _ => String::new(),
        };
        let replaced = one
            .replaced_at
            .map(|at| at.date_naive())
            .filter(|day| *day <= item.here.as_of);
        let replaced = replaced.map(|day| format!(", replaced {day}")).unwrap_or_default();
        format!("{}: {by}{accepted}{replaced}", one.recorded_at.date_naive())
    };
    let all = item.revisions.iter().rev().map(|one| RevisionLine {
        to: Anchor::new(
            format!("Revision {}", one.revision),
            item.here
                .keep(links::evidence(&one.id).with("revision", &one.revision.to_string())),
        ),
        line: line(one),
        tag: item.insider.then(|| status_tag(one.status)),
        sha256: digests.get(&one.revision).cloned().filter(|_| item.insider),
        file_sha256: one.evidence.file.as_ref().map(|file| file.sha256.clone()),
    });
    all.collect()
}

fn stance(stance: Stance, name: &str) -> String {
    match stance {
        Stance::Supports => format!("shows that {name} keeps what it accepted"),
        Stance::Contradicts => format!("shows that {name} does not keep what it accepted"),
        Stance::Qualifies => format!("qualifies how {name} keeps what it accepted"),
    }
}

fn facts(here: &Here, stored: &StoredEvidence) -> Vec<Fact> {
    let item = &stored.evidence;
    let mut facts = vec![Fact::new("State", here.name()).to(here.keep(links::state(&here.state.iso3)))];
    if let Some(code) = &item.theme {
        let theme = here.theme(code);
        facts.push(Fact::new("Theme", theme.text).to(theme.href));
    }
    if !item.provisions.is_empty() {
        let named = item.provisions.iter().map(|id| {
            here.shelf.reference.provision(id).map_or_else(
                || id.to_string(),
                |(instrument, provision)| provision_name(instrument, provision),
            )
        });
        facts.push(Fact::new(
            "Only of these provisions",
            named.collect::<Vec<_>>().join(", "),
        ));
    }
    let document: Vec<&str> = [item.symbol.as_str(), item.paragraph.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let rest = [
        ("Who says so", item.author_role.words().to_owned()),
        ("Kind of source", item.source_kind.words().to_owned()),
        ("Document", document.join(", ")),
        (
            "Published",
            item.published.map(|date| date.to_string()).unwrap_or_default(),
        ),
        ("Date of the facts", dates(item)),
        (
            "What it shows",
            format!("{} ({})", item.stance.words(), item.kind.words()),
        ),
        (
            "Strength",
            item.strength.map(|one| one.words().to_owned()).unwrap_or_default(),
        ),
        ("Reliability of the source", item.reliability.words().to_owned()),
        ("Credibility of the information", item.credibility.words().to_owned()),
        ("Language", item.language.clone()),
        ("Entered", stored.recorded_at.date_naive().to_string()),
        ("Look at it again", expiry(here, item)),
    ];
    facts.extend(
        rest.into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| Fact::new(name, text)),
    );
    if let Some(file) = &item.file {
        let kind = FileKind::of_content_type(&file.content_type).map_or("a file", FileKind::words);
        let words = format!("{}, {}, {kind}", file.name, size(file.size));
        facts.push(Fact::new("File", words).to(links::file(&file.sha256, &file.name)));
    }
    facts
}

fn dates(item: &Evidence) -> String {
    match (item.facts_from, item.facts_to) {
        (Some(from), Some(to)) if from != to => format!("{from} to {to}"),
        (Some(day), _) | (None, Some(day)) => day.to_string(),
        (None, None) => String::new(),
    }
}

fn expiry(here: &Here, item: &Evidence) -> String {
    match item.review_by {
        Some(day) if day < here.as_of => format!("out of date since {day}"),
        Some(day) => format!("by {day}"),
        None => String::new(),
    }
}
