//! Who decided what about one obligation, and when: nothing is erased.

use super::here::Here;
use crate::domain::assessments::Assessment;
use crate::domain::causes::{CauseFinding, subclasses};
use crate::domain::codings::Round;
use crate::domain::suggestions::far_apart;
use crate::domain::summaries::{Findings, IMPORT, ObligationPicture, StoredEvidence};
use crate::domain::users::{Permission, User};
use crate::store::users;
use crate::web::extract::Visit;
use crate::web::links;
use crate::web::problem::Problem;
use crate::web::view::obligations::{AssessmentLine, CauseLine};
use crate::web::view::parts::{Anchor, CauseMark, GradeMark};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// What people are called, by their address.
pub(super) struct Names {
    names: HashMap<String, String>,
    /// Identity and name of everybody who may grade, by their name.
    assessors: Vec<(String, String)>,
}

/// Reads them.
pub(super) async fn names(visit: &Visit) -> Result<Names, Problem> {
    let all = users::list(&visit.app.db).await?;
    let may = |user: &&User| user.active && Permission::Assess.granted_to(Some(user.role));
    let mut assessors: Vec<_> = all
        .iter()
        .filter(may)
        .map(|user| (user.id.to_string(), user.name.clone()))
        .collect();
    assessors.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(Names {
        names: all
            .into_iter()
            .map(|user| (user.email.to_string(), user.name))
            .collect(),
        assessors,
    })
}

impl Names {
    /// Identity and name of everybody who may grade.
    pub(super) fn assessors(&self) -> impl Iterator<Item = &(String, String)> {
        self.assessors.iter()
    }

    /// The name, and never the address.
    pub(super) fn of(&self, recorded_by: &str) -> String {
        match self.names.get(recorded_by) {
            Some(name) => name.clone(),
            None if recorded_by == IMPORT => "shipped data".to_owned(),
            None => "the office".to_owned(),
        }
    }
}

/// The day on which it was replaced, where that was known on the day of the page.
fn replaced(superseded: Option<DateTime<Utc>>, as_of: NaiveDate) -> Option<String> {
    let gone = superseded?.date_naive();
    (gone <= as_of).then(|| format!("superseded {gone}"))
}

fn anchor(here: &Here, item: &StoredEvidence) -> Anchor {
    Anchor::new(&item.evidence.title, here.keep(links::evidence(&item.id)))
}

/// Every decision that was known on the day of the page, the newest first.
pub(super) fn assessments(
    here: &Here,
    findings: &Findings,
    one: &ObligationPicture<'_>,
    names: &Names,
    rounds: &[Round],
    may_read: impl Fn(&Round) -> bool,
) -> Vec<AssessmentLine> {
    let known = |found: &&Assessment| {
        found.provision == one.obligation.provision.id && found.recorded_at.date_naive() <= here.as_of
    };
    let mut all: Vec<&Assessment> = findings.assessments.iter().filter(known).collect();
    all.sort_by_key(|found| std::cmp::Reverse(found.recorded_at));
    let cited = |found: &Assessment| {
        let items = findings
            .evidence
            .iter()
            .filter(|item| found.evidence.contains(&item.id));
        items.map(|item| anchor(here, item)).collect()
    };
    all.into_iter()
        .map(|found| AssessmentLine {
            grade: GradeMark::decided(found.grade),
            line: format!(
                "{}, {}",
                names.of(&found.recorded_by),
                found.recorded_at.format("%Y-%m-%d")
            ),
            reasons: found.reasons.clone(),
            suggestion: format!("Suggested at that moment: {}", found.suggestion),
            differs: far_apart(found.suggested, found.grade),
            round: rounds
                .iter()
                .find(|round| round.assessment == Some(found.id) && may_read(round))
                .map(|round| {
                    let to = links::coding(&round.state, &round.provision, &round.id);
                    let people = round.coders.len();
                    Anchor::new(format!("{people} independent gradings"), here.keep(to))
                }),
            evidence: cited(found),
            superseded: replaced(found.superseded_at, here.as_of),
        })
        .collect()
}

/// Every cause that was known on the day of the page: those that stand first.
pub(super) fn causes(here: &Here, findings: &Findings, one: &ObligationPicture<'_>, names: &Names) -> Vec<CauseLine> {
    let known = |found: &&CauseFinding| {
        let recorded = found.recorded_by == IMPORT || found.recorded_at.date_naive() <= here.as_of;
        found.provision == one.obligation.provision.id && found.found_on <= here.as_of && recorded
    };
    let mut all: Vec<&CauseFinding> = findings.causes.iter().filter(known).collect();
    all.sort_by_key(|found| {
        (
            replaced(found.superseded_at, here.as_of).is_some(),
            std::cmp::Reverse(found.recorded_at),
        )
    });
    let shown = |found: &CauseFinding| {
        let items = findings
            .evidence
            .iter()
            .filter(|item| found.evidence.contains(&item.evidence.key));
        items.map(|item| anchor(here, item)).collect()
    };
    all.into_iter()
        .map(|found| CauseLine {
            cause: marked(found),
            rationale: found.rationale.clone(),
            line: format!("{}, {}", names.of(&found.recorded_by), found.found_on),
            suggestion: found.suggestion.as_ref().map(|then| {
                let end = match (found.confirmed, found.weight) {
                    (true, _) => " It was confirmed as it stood.",
                    (false, Some(_)) => " The person decided otherwise.",
                    (false, None) => "",
                };
                format!("Suggested by signs at that moment: {}.{end}", then.words())
            }),
            evidence: shown(found),
            superseded: replaced(found.superseded_at, here.as_of),
        })
        .collect()
}

fn marked(found: &CauseFinding) -> CauseMark {
    let kind = subclasses(found.cause).iter().find(|(code, _)| *code == found.subcause);
    let kind = kind.map_or_else(|| found.subcause.replace('_', " "), |(_, words)| (*words).to_owned());
    let weight = found.weight.map(|weight| format!("{weight} %"));
    let detail: Vec<String> = Some(kind)
        .filter(|kind| !kind.is_empty())
        .into_iter()
        .chain(weight)
        .collect();
    let mark = CauseMark::of(found.cause);
    if detail.is_empty() {
        mark
    } else {
        mark.with(detail.join(", "))
    }
}
