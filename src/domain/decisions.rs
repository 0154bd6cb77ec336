//! What a decision about a grade must respect. METHOD, section 2, rule 4: from what a treaty body found less than 24 months
//! ago a decision departs by more than one grade only on something newer from a source of reliability A or B.

use super::assessments::Grade;
use super::evidence::{AuthorRole, Evidence, Reliability};
use super::ids::EvidenceId;
use super::suggestions::far_apart;
use super::summaries::StoredEvidence;
use chrono::{Months, NaiveDate};

/// For so long a treaty body's finding holds.
const HOLDS: Months = Months::new(24);

/// A treaty body's finding that stands against a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objection<'a> {
    /// The finding.
    pub finding: &'a StoredEvidence,
    /// The grade it gives.
    pub grade: Grade,
    /// Its date.
    pub of: NaiveDate,
}

impl Objection<'_> {
    /// What stands against it, and how to mend it.
    #[must_use]
    pub fn words(&self) -> String {
        let cited = match self.finding.evidence.symbol.as_str() {
            "" => String::new(),
            symbol => format!(" ({symbol})"),
        };
        format!(
            "“{}”{cited} of {} says “{}”, and a treaty body's finding less than 24 months old may be departed from by more \
             than one grade only on something newer: name a newer item of reliability A or B among the evidence, or stay \
             within one grade of it",
            self.finding.evidence.title,
            self.of,
            self.grade.words(),
        )
    }
}

/// The day from which a finding holds: of its publication, else of its facts.
fn day(evidence: &Evidence, on: NaiveDate) -> Option<NaiveDate> {
    let date = evidence.published.or_else(|| evidence.date())?;
    Some(date.latest().min(on))
}

/// The treaty body's finding that holds on that day: the newest that gives a grade. Of several of one day, as the
/// paragraphs of one document are, the one nearest to the decision.
fn finding<'a>(serving: &[&'a StoredEvidence], decided: Grade, on: NaiveDate) -> Option<Objection<'a>> {
    let found = serving
        .iter()
        .filter(|item| item.evidence.author_role == AuthorRole::TreatyBody);
    let dated = found.filter_map(|item| {
        let (grade, of) = (item.evidence.grade?, day(&item.evidence, on)?);
        let holds = of.checked_add_months(HOLDS).is_none_or(|end| on < end);
        holds.then_some(Objection {
            finding: item,
            grade,
            of,
        })
    });
    dated.max_by_key(|one| {
        let distance = one.grade.number().abs_diff(decided.number());
        (one.of, std::cmp::Reverse(distance), one.finding.id)
    })
}

/// What stands against deciding so on that day. `serving` is all evidence that serves the obligation, `named` what the
/// decision says it rests on. “No information” is no departure.
#[must_use]
pub fn objection<'a>(
    serving: &[&'a StoredEvidence],
    named: &[EvidenceId],
    decided: Option<Grade>,
    on: NaiveDate,
) -> Option<Objection<'a>> {
    let found = finding(serving, decided?, on)?;
    if !far_apart(Some(found.grade), decided) {
        return None;
    }
    let reliable = |item: &Evidence| matches!(item.reliability, Reliability::A | Reliability::B);
    let newer = serving.iter().any(|item| {
        named.contains(&item.id) && reliable(&item.evidence) && day(&item.evidence, on).is_some_and(|of| of > found.of)
    });
    (!newer).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reviews::ReviewStatus;
    use chrono::{DateTime, Utc};
    use serde_json::json;

    fn item(role: &str, reliability: &str, grade: Option<u8>, published: &str) -> StoredEvidence {
        let document = json!({
            "key": "k", "state": "MEX", "title": "A finding", "gist": "g", "source_kind": "concluding_observations",
            "author_role": role, "stance": "contradicts", "grade": grade, "kind": "process", "reliability": reliability,
            "credibility": "1", "published": published, "theme": "T08", "confidence": "high", "symbol": "CMW/C/MEX/CO/9",
        });
        StoredEvidence {
            id: EvidenceId::fresh(),
            revision: 1,
            evidence: serde_json::from_value(document).expect("evidence"),
            recorded_by: "import".to_owned(),
            recorded_at: DateTime::<Utc>::UNIX_EPOCH,
            status: ReviewStatus::Accepted,
            accepted_at: Some(DateTime::<Utc>::UNIX_EPOCH),
            replaced_at: None,
        }
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_fresh_finding_is_departed_from_by_one_grade_and_no_further() {
        let letter = item("treaty_body", "A", Some(1), "2025-04-10");
        let serving = [&letter];
        for (decided, objects) in [(0, false), (1, false), (2, false), (3, true), (4, true)] {
            let found = objection(&serving, &[letter.id], Grade::from_number(decided), on("2026-11-25"));
            assert_eq!(found.is_some(), objects, "{decided}");
        }
        assert_eq!(objection(&serving, &[], None, on("2026-11-25")), None);
        let words = objection(&serving, &[], Some(Grade::FullyInPlace), on("2026-11-25"));
        let words = words.expect("an objection").words();
        assert!(
            words.contains("“A finding” (CMW/C/MEX/CO/9) of 2025-04-10 says “not in place”"),
            "{words}"
        );
    }

    #[test]
    fn it_holds_for_24_months_to_the_day() {
        let letter = item("treaty_body", "A", Some(1), "2024-11-25");
        let full = Some(Grade::FullyInPlace);
        assert!(objection(&[&letter], &[], full, on("2026-11-24")).is_some());
        assert!(objection(&[&letter], &[], full, on("2026-11-25")).is_none());
    }

    #[test]
    fn something_newer_and_reliable_lifts_it_only_when_it_is_named() {
        let letter = item("treaty_body", "A", Some(1), "2025-04-10");
        let (newer, weak) = (
            item("nhri", "B", Some(4), "2026-02-01"),
            item("media", "C", Some(4), "2026-02-01"),
        );
        let older = item("nhri", "A", Some(4), "2025-04-09");
        let serving = [&letter, &newer, &weak, &older];
        let full = Some(Grade::FullyInPlace);
        let day = on("2026-11-25");
        assert!(objection(&serving, &[newer.id], full, day).is_none());
        for named in [vec![], vec![weak.id], vec![older.id], vec![letter.id]] {
            assert!(objection(&serving, &named, full, day).is_some(), "{named:?}");
        }
    }

    #[test]
    fn the_newest_finding_counts_and_of_one_document_the_nearest_paragraph() {
        let old = item("treaty_body", "A", Some(4), "2025-01-01");
        let (low, high) = (
            item("treaty_body", "A", Some(0), "2026-01-01"),
            item("treaty_body", "A", Some(2), "2026-01-01"),
        );
        let ungraded = item("treaty_body", "A", None, "2026-06-01");
        let serving = [&old, &low, &high, &ungraded];
        let day = on("2026-11-25");
        let found = objection(&serving, &[], Some(Grade::FullyInPlace), day).expect("an objection");
        assert_eq!(found.finding.id, high.id);
        assert!(objection(&serving, &[], Some(Grade::Substantially), day).is_none());
        assert!(objection(&serving, &[], Some(Grade::Contrary), day).is_none());
    }
}
