//! A person says why a gap stays open, with a rationale. The same cause again replaces what was said of it before. What was
//! suggested at that moment is kept with it, and never put in its place. How all causes of a gap are weighed at once stands
//! in `weighing`.

pub mod suggesting;
mod weighing;

pub use weighing::{WeighingDraft, seen, weigh};

use super::{ActionError, Doing, Fields};
use crate::domain::causes::{Cause, CauseFinding, INFORMATION_KINDS, SuggestedCauses};
use crate::domain::ids::{CauseFindingId, ProvisionId, StateCode};
use crate::domain::summaries::{ObligationPicture, StatePicture};
use crate::store::library::Shelf;
use crate::store::{Db, causes as store, findings};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A finding as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CauseDraft {
    /// State, by code or name.
    pub state: String,
    /// Provision id.
    pub provision: String,
    /// `resources`, `political_will`, `information`, `other` or `undetermined`.
    pub cause: String,
    /// For information: `misunderstanding`, `misinformation` or `lack_of_information`; for other: a word of your own.
    pub subcause: String,
    /// Per cent among the causes of this gap, or empty.
    pub weight: String,
    /// Why this cause.
    pub rationale: String,
    /// Keys of the evidence that shows it.
    pub evidence: Vec<String>,
}

/// Records why a gap stays open.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field.
pub async fn record(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    draft: &CauseDraft,
) -> Result<CauseFindingId, ActionError> {
    let (reference, mut fields) = (&shelf.reference, Fields::default());
    let state = fields.needed("state", &draft.state, |text| {
        reference.find_state(text).map(|s| s.iso3.clone())
    });
    let provision = fields.needed("provision", &draft.provision, |t| {
        reference.find_provision(t).map(|(_, p)| p.id.clone())
    });
    let cause = fields.needed("cause", &draft.cause, str::parse::<Cause>);
    let subcause = fields.maybe("subcause", &draft.subcause, 60);
    if cause == Some(Cause::Information) && !INFORMATION_KINDS.iter().any(|(code, _)| *code == draft.subcause.trim()) {
        let kinds: Vec<&str> = INFORMATION_KINDS.iter().map(|(code, _)| *code).collect();
        fields.wrong(
            "subcause",
            format!("for information, choose one of: {}", kinds.join(", ")),
        );
    }
    let weight = fields.optional("weight", &draft.weight, |text| match text.parse::<u8>() {
        Ok(weight @ 0..=100) => Ok(weight),
        _ => Err(format!("“{text}” is not a whole number from 0 to 100")),
    });
    let rationale = fields.prose("rationale", &draft.rationale);
    let parts = (|| Some((state?, provision?, cause?, subcause?, weight?, rationale?)))();
    let (state, provision, cause, subcause, weight, rationale) = fields.finish(parts)?;

    let found = findings::of_state(db, &state).await?;
    let picture = StatePicture::of(reference, &shelf.world, &found, &state, doing.today());
    let mut fields = Fields::default();
    let target = picture.obligation(&provision);
    explainable(&mut fields, target, (&state, &provision), &draft.evidence);
    let target = fields.finish(target)?;
    let suggestion = suggesting::of_gap(db, &state, &picture, target).await?;
    let mut fields = Fields::default();
    rests_on_a_sign(&mut fields, cause, &draft.evidence, suggestion.as_ref());
    let others = target.causes.iter().filter(|found| found.cause != cause);
    let others: u32 = others.filter_map(|found| found.weight).map(u32::from).sum();
    if u32::from(weight.unwrap_or(0)) + others > 100 {
        let why = format!(
            "the other causes of this gap have {others} % together: give at most {}, or weigh all causes at once",
            100_u32.saturating_sub(others)
        );
        fields.wrong("weight", why);
    }
    fields.finish(Some(()))?;

    let replaced: Vec<CauseFindingId> = target
        .causes
        .iter()
        .filter(|found| found.cause == cause)
        .map(|found| found.id)
        .collect();
    let finding = CauseFinding {
        id: CauseFindingId::fresh(),
        cause,
        subcause,
        weight,
        rationale: rationale.clone(),
        evidence: named(&draft.evidence),
        found_on: doing.today(),
        recorded_by: doing.actor.to_owned(),
        recorded_at: doing.now,
        superseded_at: None,
        suggestion,
        confirmed: false,
        state: state.clone(),
        provision: provision.clone(),
    };
    let tx = doing.begin(db).await?;
    store::supersede(&tx, &replaced, doing.now).await?;
    store::save(&tx, &[(None, finding.clone())]).await?;
    let subject = format!("{state}/{provision}");
    let mut detail = json!({ "finding": finding, "supersedes": replaced });
    if let Some(suggestion) = &finding.suggestion {
        // The whole of it is in the finding's own document.
        detail["finding"]["suggestion"] = json!(suggestion.words());
    }
    let (action, reason) = ("cause.record", Some(rationale.as_str()));
    doing.note(&tx, action, &subject, reason, detail).await?;
    tx.commit().await?;
    Ok(finding.id)
}

/// The keys that are not blank.
fn named(keys: &[String]) -> Vec<String> {
    keys.iter().filter(|key| !key.trim().is_empty()).cloned().collect()
}

/// A policy choice is told on positive signs alone (METHOD, section 3): evidence that is named, or one that was suggested.
fn rests_on_a_sign(fields: &mut Fields, cause: Cause, evidence: &[String], suggestion: Option<&SuggestedCauses>) {
    let suggested = suggestion.is_some_and(|one| {
        let mut signs = one.signs.iter();
        signs.any(|sign| sign.cause == Cause::PoliticalWill && sign.points > 0.0)
    });
    if cause == Cause::PoliticalWill && named(evidence).is_empty() && !suggested {
        let why = "a policy choice is told only on a positive sign: choose the evidence that shows it";
        fields.wrong("evidence", why);
    }
}

/// Whether a cause can be recorded of it on that evidence: in force, a gap, and served by each of them.
fn explainable(
    fields: &mut Fields,
    target: Option<&ObligationPicture<'_>>,
    (state, provision): (&StateCode, &ProvisionId),
    evidence: &[String],
) {
    match target {
        None => fields.wrong("provision", format!("{provision} is not in force for {state} today")),
        Some(one) if !one.is_gap() => fields.wrong(
            "provision",
            format!("there is no gap at {provision}: nothing to explain"),
        ),
        Some(one) => {
            let serves = |key: &String| one.evidence.iter().any(|item| item.evidence.key == *key);
            if let Some(stray) = named(evidence).iter().find(|key| !serves(key)) {
                fields.wrong("evidence", format!("{stray} does not serve {provision}"));
            }
        }
    }
}
