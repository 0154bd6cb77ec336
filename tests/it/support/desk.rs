//! A colleague at the desk, for tests whose subject is not the review itself.

use super::people::COLLEAGUE;
use chrono::{DateTime, Utc};
use servanda::actions::Doing;
use servanda::actions::evidence::{EvidenceDraft, revise};
use servanda::actions::reviews::{ReviewDraft, review};
use servanda::domain::ids::EvidenceId;
use servanda::store::{Db, audit, evidence, library};

/// The moment at which the tests' clocks stand.
pub fn morning() -> DateTime<Utc> {
    "2026-11-23T08:00:00Z".parse().expect("a moment")
}

/// Somebody at work on that morning, without a form.
pub fn doing(actor: &str) -> Doing<'_> {
    Doing {
        actor,
        now: morning(),
        key: None,
    }
}

/// The fields of a piece of evidence on detention, with some of them changed.
pub fn typed<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("title", "Stations inspected without notice"),
        (
            "gist",
            "An inspectorate visited nine stations and found people held too long.",
        ),
        ("theme", "T08"),
        ("source_kind", "nhri"),
        ("author_role", "nhri"),
        ("symbol", "Recommendation 12/2026"),
        ("paragraph", "p. 14"),
        ("published", "2026-03"),
        ("stance", "contradicts"),
        ("strength", "strong"),
        ("grade", "1"),
        ("kind", "outcome"),
        ("reliability", "A"),
        ("credibility", "2"),
        ("review_by", "2027-06-30"),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend_from_slice(changes);
    fields
}

/// The colleague accepts the evidence at that address of a page.
pub async fn accept(db: &Db, place: &str) {
    let id = place.trim_start_matches("/evidence/").split('?').next().unwrap_or("");
    let id: EvidenceId = id.parse().unwrap_or_else(|_| panic!("no evidence at {place}"));
    let held = evidence::latest(db, id).await.expect("readable").expect("there");
    let draft = ReviewDraft {
        step: "accept".to_owned(),
        items: vec![format!("{id}@{}", held.revision)],
        ..ReviewDraft::default()
    };
    review(db, doing(COLLEAGUE), &draft).await.expect("accepted");
}

/// What was written by hand in a test gets the audit event that every write ends with.
pub async fn note(tx: &servanda::store::Tx, action: &str) {
    let entry = audit::Entry {
        at: morning(),
        actor: "test",
        action,
        subject: "test",
        reason: None,
        detail: serde_json::json!({}),
    };
    audit::append(tx, entry).await.expect("noted");
}

/// The colleague saves another revision of the evidence at that address, with another title, as a draft.
pub async fn retitle(db: &Db, page: &str, title: &str) {
    let id: EvidenceId = page.trim_start_matches("/evidence/").parse().expect("an id");
    let held = evidence::latest(db, id).await.expect("readable").expect("there");
    let mut draft = EvidenceDraft::of(&held.evidence);
    draft.title = title.to_owned();
    draft.seen = held.revision.to_string();
    draft.then = "draft".to_owned();
    let doing = Doing {
        actor: COLLEAGUE,
        now: morning(),
        key: None,
    };
    let shelf = library::load_once(db).await.expect("readable");
    revise(db, &shelf.reference, doing, id, &draft).await.expect("written");
}
