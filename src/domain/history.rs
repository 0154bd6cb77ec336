//! What the audit chain tells of one object: who did what, when, what changed and why; and who may be told.

mod changes;
mod words;

pub use changes::{Change, changes};
pub use words::{WORDS, plain, words};

use super::audit::AuditEvent;
use super::ids::EvidenceId;
use super::summaries::{IMPORT, StoredEvidence};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// A revision of evidence that came with a file; as all that nobody accepted yet, not for everybody.
pub const IMPORTED_EVIDENCE: &str = "bulk.evidence";
/// A grade that came with a file.
pub const IMPORTED_GRADE: &str = "bulk.grade";
/// Rows on one state that came with a file.
pub const IMPORTED_ROWS: &str = "bulk.rows";

/// What everybody may read of. Whatever is not named here (drafts, reviews, comments, codings, files, accounts, and what
/// later versions add) is for who may record facts.
pub const PUBLIC: [&str; 8] = [
    "evidence.accept",
    IMPORTED_GRADE,
    IMPORTED_ROWS,
    "assessment.decide",
    "cause.record",
    "cause.weigh",
    "participation.record",
    "report.record",
];

/// Who reads a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader<'a> {
    /// Anybody.
    Public,
    /// Somebody who may record facts, by address.
    Insider(&'a str),
}

impl Reader<'_> {
    /// The only actions this reader may know of; none where there is no limit.
    #[must_use]
    pub fn actions(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Public => Some(&PUBLIC),
            Self::Insider(_) => None,
        }
    }

    /// Whether this reader may know that it happened.
    #[must_use]
    pub fn may_know(self, action: &str) -> bool {
        self.actions().is_none_or(|allowed| allowed.contains(&action)) || action == IMPORT
    }

    /// Whether this reader may see why. A reviewer's remark is for the author.
    fn may_see_reason(self, event: &AuditEvent) -> bool {
        match self {
            Self::Public => !event.action.starts_with("evidence."),
            Self::Insider(_) => self.may_see_detail(event),
        }
    }

    /// Whether this reader may see what changed. Who grades blind must not read the other's grade here.
    fn may_see_detail(self, event: &AuditEvent) -> bool {
        match self {
            Self::Public => true,
            Self::Insider(email) => {
                !["coding.hand_in", "study.code"].contains(&event.action.as_str()) || event.actor == email
            }
        }
    }
}

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The place of its event in the chain.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: an account's address, `import`, `worker`, `cli`.
    pub actor: String,
    /// What.
    pub action: String,
    /// On what.
    pub subject: String,
    /// The file with which it came, for who may record facts.
    pub file: Option<String>,
    /// What changed, field by field.
    pub changes: Vec<Change>,
    /// Why.
    pub reason: Option<String>,
}

/// The lines of those events, in their order. `earlier` are events from before, newest first, with which they are compared;
/// `revisions` are those of the evidence they speak of.
#[must_use]
pub fn lines(
    events: &[AuditEvent],
    earlier: &[AuditEvent],
    revisions: &[StoredEvidence],
    reader: Reader<'_>,
) -> Vec<Line> {
    let known = events.iter().filter(|event| reader.may_know(&event.action));
    known
        .map(|event| Line {
            seq: event.seq,
            at: event.at,
            actor: event.actor.clone(),
            action: event.action.clone(),
            subject: event.subject.clone(),
            file: file(event).filter(|_| reader != Reader::Public),
            changes: if reader.may_see_detail(event) {
                told(event, events.iter().chain(earlier), revisions)
            } else {
                Vec::new()
            },
            reason: event
                .reason
                .clone()
                .filter(|_| reader.may_see_reason(event))
                .filter(|reason| !reason.trim().is_empty()),
        })
        .collect()
}

/// The file with which an import brought it.
fn file(event: &AuditEvent) -> Option<String> {
    let detail = detail(event);
    Some(detail.get("import_file")?.as_str()?.to_owned())
}

fn told<'a>(
    event: &AuditEvent,
    others: impl Iterator<Item = &'a AuditEvent>,
    revisions: &[StoredEvidence],
) -> Vec<Change> {
    let detail = detail(event);
    if let Some((before, after)) = of_evidence(event, &detail, revisions) {
        return changes(before.as_ref(), &after);
    }
    let Some((key, body)) = document(&detail) else {
        return changes(None, &detail);
    };
    let before = others
        .filter(|other| other.subject == event.subject && other.seq < event.seq)
        .filter_map(|other| {
            let detail = self::detail(other);
            let (found, body) = document(&detail)?;
            (found == key).then(|| (other.seq, body.clone()))
        })
        .max_by_key(|(seq, _)| *seq);
    changes(before.map(|(_, body)| body).as_ref(), body)
}

/// The details of an event as JSON; nothing where they are none.
#[must_use]
pub fn detail(event: &AuditEvent) -> Value {
    serde_json::from_str(&event.detail).unwrap_or(Value::Null)
}

/// The evidence that a judgement names.
#[must_use]
pub fn evidence_named(event: &AuditEvent) -> Vec<EvidenceId> {
    let detail = detail(event);
    let body = document(&detail).map_or(&detail, |(_, body)| body);
    let named = body.get("evidence").and_then(Value::as_array).into_iter().flatten();
    named.filter_map(|id| id.as_str()?.parse().ok()).collect()
}

/// What an event wrote, and the name under which a later one takes its place: one cause of an obligation does not
/// replace another.
fn document(detail: &Value) -> Option<(String, &Value)> {
    let text = |body: &Value, field: &str| body.get(field).map(Value::to_string).unwrap_or_default();
    ["assessment", "finding", "treaty_action", "report", "reservation"]
        .into_iter()
        .find_map(|kind| {
            let body = detail.get(kind).filter(|body| body.is_object())?;
            let which = match kind {
                "finding" => text(body, "cause"),
                "treaty_action" => format!("{} {}", text(body, "period"), text(body, "kind")),
                "report" => text(body, "cycle"),
                "reservation" => text(body, "id"),
                _ => String::new(),
            };
            Some((format!("{kind} {which}"), body))
        })
}

/// A revision of evidence beside the one it came after; one that was accepted beside the one that counted until then.
fn of_evidence(event: &AuditEvent, detail: &Value, revisions: &[StoredEvidence]) -> Option<(Option<Value>, Value)> {
    let number = i32::try_from(detail.get("revision")?.as_i64()?).ok()?;
    let id = event.subject.rsplit('/').next()?;
    let of_item = || revisions.iter().filter(|one| one.id.to_string() == id);
    let this = of_item().find(|one| one.revision == number)?;
    let before = match event.action.as_str() {
        "evidence.accept" => of_item()
            .filter(|one| one.revision < number && one.accepted_at.is_some_and(|at| at < event.at))
            .max_by_key(|one| one.revision),
        "evidence.add" | "evidence.revise" | IMPORT | IMPORTED_EVIDENCE => {
            of_item().find(|one| one.revision == number - 1)
        }
        _ => return None,
    };
    let body = |one: &StoredEvidence| serde_json::to_value(&one.evidence).ok();
    Some((before.and_then(body), body(this)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(seq: i64, action: &str, detail: &Value) -> AuditEvent {
        AuditEvent {
            seq,
            at: "2026-11-23T08:00:00Z".parse().expect("a moment"),
            actor: "mo@example.org".to_owned(),
            action: action.to_owned(),
            subject: "MEX/ICRMW-16.4".to_owned(),
            reason: Some("because".to_owned()),
            detail: detail.to_string(),
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_not_told_to_the_public() {
        let events: Vec<AuditEvent> = [
            "evidence.add",
            "evidence.submit",
            "evidence.return",
            "comment.add",
            "coding.hand_in",
            "file.upload",
            "user.role",
            "something.new",
            "assessment.decide",
        ]
        .into_iter()
        .zip(1..)
        .map(|(action, seq)| event(seq, action, &json!({})))
        .collect();
        let told = lines(&events, &[], &[], Reader::Public);
        let told: Vec<&str> = told.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(told, ["assessment.decide"]);
        assert_eq!(lines(&events, &[], &[], Reader::Insider("x")).len(), 9);
    }

    #[test]
    fn a_grade_is_compared_with_the_grade_before_and_a_cause_with_its_own_kind() {
        let events = [
            event(
                9,
                "assessment.decide",
                &json!({ "assessment": { "grade": 2, "reasons": "b" } }),
            ),
            event(
                8,
                "cause.record",
                &json!({ "finding": { "cause": "other", "weight": 30 } }),
            ),
        ];
        let earlier = [
            event(
                7,
                "cause.record",
                &json!({ "finding": { "cause": "resources", "weight": 10 } }),
            ),
            event(
                6,
                "cause.record",
                &json!({ "finding": { "cause": "other", "weight": 20 } }),
            ),
            event(
                5,
                "assessment.decide",
                &json!({ "assessment": { "grade": 1, "reasons": "a" } }),
            ),
            event(
                4,
                "assessment.decide",
                &json!({ "assessment": { "grade": 4, "reasons": "z" } }),
            ),
        ];
        let told = lines(&events, &earlier, &[], Reader::Public);
        let shown = |at: usize| -> Vec<String> { told[at].changes.iter().map(ToString::to_string).collect() };
        assert_eq!(
            shown(0),
            ["grade: 1, not in place → 2, partly in place", "reasons: a → b"]
        );
        assert_eq!(shown(1), ["weight: 20 → 30"]);
    }

    #[test]
    fn who_grades_blind_does_not_read_the_others_grade() {
        let events = [event(3, "coding.hand_in", &json!({ "grade": 1 }))];
        let other = lines(&events, &[], &[], Reader::Insider("jo@example.org"));
        assert!(other[0].changes.is_empty() && other[0].reason.is_none());
        let own = lines(&events, &[], &[], Reader::Insider("mo@example.org"));
        assert_eq!(own[0].changes.len(), 1);
    }

    #[test]
    fn a_remark_to_an_author_is_not_public() {
        let events = [event(3, "evidence.accept", &json!({ "revision": 1 }))];
        assert_eq!(lines(&events, &[], &[], Reader::Public)[0].reason, None);
        assert!(lines(&events, &[], &[], Reader::Insider("x"))[0].reason.is_some());
    }
}
