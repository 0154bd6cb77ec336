//! A person weighs all causes of a gap at once: confirms what was suggested, or decides otherwise and says why. Earlier
//! findings about the gap are superseded, and stay readable.

use super::{explainable, named, rests_on_a_sign, suggesting};
use crate::actions::{ActionError, Doing, Fields};
use crate::domain::audit::digest;
use crate::domain::causes::{Cause, CauseFinding, SuggestedCauses, subclasses};
use crate::domain::ids::CauseFindingId;
use crate::domain::summaries::{IMPORT, StatePicture};
use crate::store::library::Shelf;
use crate::store::{Db, causes as store, findings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The weights of all causes of a gap, as somebody typed them: whole per cents that add up to 100.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WeighingDraft {
    /// State, by code or name.
    pub state: String,
    /// Provision id.
    pub provision: String,
    /// Weight of a lack of resources.
    pub resources: String,
    /// Weight of a policy choice.
    pub political_will: String,
    /// Weight of a lack of information.
    pub information: String,
    /// Which kind, where it has a weight.
    pub information_kind: String,
    /// Weight of other factors.
    pub other: String,
    /// Which kind, where it has a weight.
    pub other_kind: String,
    /// What nobody can tell.
    pub undetermined: String,
    /// Why; may be empty where the suggestion is confirmed as it stands.
    pub why: String,
    /// Keys of the evidence that shows it.
    pub evidence: Vec<String>,
    /// What the form was opened on; see [`seen`]. `any` decides whatever has come in meanwhile.
    pub seen: String,
}

impl WeighingDraft {
    /// What was typed for a cause: its weight and its kind.
    #[must_use]
    pub fn of(&self, cause: Cause) -> (&str, &str) {
        match cause {
            Cause::Resources => (&self.resources, ""),
            Cause::PoliticalWill => (&self.political_will, ""),
            Cause::Information => (&self.information, &self.information_kind),
            Cause::Other => (&self.other, &self.other_kind),
            Cause::Undetermined => (&self.undetermined, ""),
        }
    }

    /// What confirms a suggestion as it stands.
    #[must_use]
    pub fn confirming(suggestion: &SuggestedCauses) -> Self {
        let weight = |cause| {
            let all = suggestion.per_cents();
            let found = all.iter().find(|(one, _)| *one == cause);
            found.map(|(_, part)| part.to_string()).unwrap_or_default()
        };
        let kind = |cause| suggestion.subclass_of(cause).unwrap_or_default();
        Self {
            resources: weight(Cause::Resources),
            political_will: weight(Cause::PoliticalWill),
            information: weight(Cause::Information),
            information_kind: kind(Cause::Information),
            other: weight(Cause::Other),
            other_kind: kind(Cause::Other),
            undetermined: weight(Cause::Undetermined),
            evidence: suggestion.evidence(),
            ..Self::default()
        }
    }
}

/// The name of a cause's field in the draft.
fn field(cause: Cause) -> &'static str {
    cause.code()
}

/// What a person has in view when weighing: the suggestion and the findings that stand. It changes when either does.
#[must_use]
pub fn seen(suggestion: Option<&SuggestedCauses>, standing: &[&CauseFinding]) -> String {
    let mut ids: Vec<String> = standing.iter().map(|one| one.id.to_string()).collect();
    ids.sort();
    let signs = suggestion.map(|one| (&one.weights, &one.signs));
    digest(&json!([signs, ids]).to_string())
}

/// Records the weights of all causes of a gap.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] where the suggestion or the findings have
/// changed since the form was opened.
pub async fn weigh(db: &Db, shelf: &Shelf, doing: Doing<'_>, draft: &WeighingDraft) -> Result<(), ActionError> {
    let (reference, mut fields) = (&shelf.reference, Fields::default());
    let state = fields.needed("state", &draft.state, |text| {
        reference.find_state(text).map(|s| s.iso3.clone())
    });
    let provision = fields.needed("provision", &draft.provision, |text| {
        reference.find_provision(text).map(|(_, one)| one.id.clone())
    });
    let weights = weights(&mut fields, draft);
    let rationale = fields.maybe("why", &draft.why, crate::actions::LONGEST);
    let parts = (|| Some((state?, provision?, weights?, rationale?)))();
    let (state, provision, weights, rationale) = fields.finish(parts)?;

    let found = findings::of_state(db, &state).await?;
    let picture = StatePicture::of(reference, &shelf.world, &found, &state, doing.today());
    let mut fields = Fields::default();
    let target = picture.obligation(&provision);
    explainable(&mut fields, target, (&state, &provision), &draft.evidence);
    let target = fields.finish(target)?;
    let suggestion = suggesting::of_gap(db, &state, &picture, target).await?;
    if draft.seen.trim() != "any" && draft.seen.trim() != seen(suggestion.as_ref(), &target.causes) {
        let why =
            "evidence or a finding on this gap changed while you were deciding; look at the causes again, then decide";
        return Err(ActionError::Conflict(why.to_owned()));
    }
    let confirmed = suggestion.as_ref().is_some_and(|one| confirms(one, &weights));
    let mut fields = Fields::default();
    for (cause, _, _) in weights.iter().filter(|(_, weight, _)| *weight > 0) {
        rests_on_a_sign(&mut fields, *cause, &draft.evidence, suggestion.as_ref());
    }
    if rationale.is_empty() && target.causes.iter().any(|found| found.recorded_by != IMPORT) {
        fields.wrong("why", "say why: this takes the place of what a person found");
    }
    fields.finish(Some(()))?;
    let rationale = match (rationale.is_empty(), confirmed, &suggestion) {
        (false, _, _) => rationale,
        (true, true, Some(one)) => format!("The suggestion is confirmed as it stands. {}", one.reason),
        _ => {
            let why = "say why: these weights are not the suggested ones";
            return Fields::default().refuse("why", why);
        }
    };
    let replaced: Vec<CauseFindingId> = target.causes.iter().map(|found| found.id).collect();
    let made: Vec<(Option<String>, CauseFinding)> = weights
        .into_iter()
        .map(|(cause, weight, kind)| CauseFinding {
            id: CauseFindingId::fresh(),
            state: state.clone(),
            provision: provision.clone(),
            cause,
            subcause: kind,
            weight: Some(weight),
            rationale: rationale.clone(),
            evidence: named(&draft.evidence),
            found_on: doing.today(),
            suggestion: suggestion.clone(),
            confirmed,
            recorded_by: doing.actor.to_owned(),
            recorded_at: doing.now,
            superseded_at: None,
        })
        .map(|finding| (None, finding))
        .collect();
    let tx = doing.begin(db).await?;
    store::supersede(&tx, &replaced, doing.now).await?;
    store::save(&tx, &made).await?;
    let subject = format!("{state}/{provision}");
    let detail = json!({ "finding": told(&made, suggestion.as_ref(), confirmed), "supersedes": replaced });
    let (action, reason) = ("cause.weigh", Some(rationale.as_str()));
    doing.note(&tx, action, &subject, reason, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// What the audit trail tells of a weighing; the whole is in the documents of its findings.
fn told(made: &[(Option<String>, CauseFinding)], suggestion: Option<&SuggestedCauses>, confirmed: bool) -> Value {
    let mut told = serde_json::Map::new();
    for (_, finding) in made {
        let kind = if finding.subcause.is_empty() {
            String::new()
        } else {
            format!(", {}", finding.subcause.replace('_', " "))
        };
        let weight = finding.weight.unwrap_or_default();
        told.insert(
            finding.cause.plain_words().to_owned(),
            json!(format!("{weight} %{kind}")),
        );
        told.insert("evidence".to_owned(), json!(finding.evidence));
    }
    told.insert("suggested".to_owned(), json!(suggestion.map(SuggestedCauses::words)));
    told.insert("suggestion confirmed".to_owned(), json!(confirmed));
    Value::Object(told)
}

/// Cause, weight and kind of everything that weighs.
fn weights(fields: &mut Fields, draft: &WeighingDraft) -> Option<Vec<(Cause, u8, String)>> {
    let (mut found, mut sum, mut whole) = (Vec::new(), 0_u32, true);
    for cause in Cause::ALL {
        let (typed, kind) = draft.of(*cause);
        let weight = fields.optional(field(*cause), typed, |text| match text.parse::<u8>() {
            Ok(weight @ 0..=100) => Ok(weight),
            _ => Err(format!("“{text}” is not a whole number from 0 to 100")),
        });
        let Some(weight) = weight.map(Option::unwrap_or_default) else {
            whole = false;
            continue;
        };
        sum += u32::from(weight);
        if weight == 0 {
            continue;
        }
        let kinds = subclasses(*cause);
        let kind = kind.trim();
        if *cause == Cause::Information && !kinds.iter().any(|(code, _)| *code == kind) {
            let codes: Vec<&str> = kinds.iter().map(|(code, _)| *code).collect();
            fields.wrong("information_kind", format!("choose one of: {}", codes.join(", ")));
            whole = false;
        }
        if kind.chars().count() > 60 {
            fields.wrong("other_kind", "at most 60 characters");
            whole = false;
        }
        found.push((*cause, weight, kind.to_owned()));
    }
    if whole && sum != 100 {
        fields.wrong("resources", format!("the weights add up to {sum}, not to 100"));
        whole = false;
    }
    whole.then_some(found)
}

/// Whether these are the suggested weights and kinds.
fn confirms(suggestion: &SuggestedCauses, weights: &[(Cause, u8, String)]) -> bool {
    let suggested = suggestion.per_cents().into_iter().filter(|(_, part)| *part > 0);
    let suggested: Vec<(Cause, u8, String)> = suggested
        .map(|(cause, part)| (cause, part, suggestion.subclass_of(cause).unwrap_or_default()))
        .collect();
    suggested == weights
}
