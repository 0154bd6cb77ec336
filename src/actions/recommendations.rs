//! A recommendation is recorded once for each state, and superseded where something else is known later.

use super::{ActionError, Doing, Fields};
use crate::domain::dates::PartialDate;
use crate::domain::ids::{ProvisionId, RecommendationId, ThemeCode};
use crate::domain::instruments::Confidence;
use crate::domain::recommendations::Recommendation;
use crate::domain::reference::Reference;
use crate::store::recommendations::{self as store, NewRecommendation};
use crate::store::{Db, StoreError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A recommendation as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct RecommendationDraft {
    /// State, by code or name.
    pub state: String,
    /// `treaty_body`, `upr`, `special_procedure`, `rcp` or `inter_agency`.
    pub body: String,
    /// Session, cycle or meeting.
    pub cycle: String,
    /// Document symbol or name.
    pub symbol: String,
    /// Paragraph or number.
    pub paragraph: String,
    /// When it was made.
    pub date: String,
    /// What is asked.
    pub text: String,
    /// Language of the text.
    pub language: String,
    /// `own_words` or `as_given`.
    pub wording: String,
    /// Theme codes with semicolons between them.
    pub themes: String,
    /// Provision ids with semicolons between them.
    pub provisions: String,
    /// `accepted`, `noted`, `in_part` or `none`.
    pub acceptance: String,
    /// Where it is known from.
    pub source: String,
    /// `low`, `medium` or `high`; medium where empty.
    pub confidence: String,
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', ',', ' ', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn confidence(text: &str) -> Result<Confidence, String> {
    [Confidence::Low, Confidence::Medium, Confidence::High]
        .into_iter()
        .find(|one| one.word() == text)
        .ok_or_else(|| format!("“{text}” is not one of: low, medium, high"))
}

impl RecommendationDraft {
    /// The recommendation, or every field that is wrong.
    pub(super) fn whole(&self, reference: &Reference, today: NaiveDate) -> Result<Recommendation, ActionError> {
        let mut fields = Fields::default();
        let found = self.fields(&mut fields, reference, today);
        fields.finish(found)
    }

    fn fields(&self, fields: &mut Fields, reference: &Reference, today: NaiveDate) -> Option<Recommendation> {
        let state = fields.needed("state", &self.state, |text| {
            reference.find_state(text).map(|state| state.iso3.clone())
        });
        let body = fields.needed("body", &self.body, str::parse);
        let cycle = fields.maybe("cycle", &self.cycle, 120);
        let symbol = fields.text("symbol", &self.symbol, 120);
        let paragraph = fields.maybe("paragraph", &self.paragraph, 120);
        let date = fields.optional("date", &self.date, |text| {
            let date = text
                .parse::<PartialDate>()
                .map_err(|error| format!("{error}, YYYY-MM or YYYY"))?;
            if date.earliest() > today {
                return Err("lies in the future".to_owned());
            }
            Ok(date)
        });
        let text = fields.prose("text", &self.text);
        let language = fields.maybe("language", &self.language, 8);
        let wording = fields.needed("wording", &self.wording, str::parse);
        let acceptance = fields.needed("acceptance", &self.acceptance, str::parse);
        let source = fields.maybe("source", &self.source, 500);
        let confidence = fields.optional("confidence", &self.confidence, confidence);
        let themes = self.themes(fields, reference);
        let provisions = self.provisions(fields, reference);
        if parts(&self.themes).chain(parts(&self.provisions)).next().is_none() {
            fields.wrong("themes", "name a theme, or one or more provisions");
        }
        Some(Recommendation {
            state: state?,
            body: body?,
            cycle: cycle?,
            symbol: symbol?,
            paragraph: paragraph?,
            date: date?,
            text: text?,
            language: language?,
            wording: wording?,
            themes: themes?,
            provisions: provisions?,
            acceptance: acceptance?,
            source: source?,
            confidence: confidence?.unwrap_or(Confidence::Medium),
        })
    }

    fn themes(&self, fields: &mut Fields, reference: &Reference) -> Option<Vec<ThemeCode>> {
        let found = parts(&self.themes).map(|text| {
            fields.needed("themes", text, |text| {
                reference.find_theme(text).map(|theme| theme.code.clone())
            })
        });
        sorted(found.collect())
    }

    fn provisions(&self, fields: &mut Fields, reference: &Reference) -> Option<Vec<ProvisionId>> {
        let found = parts(&self.provisions).map(|text| {
            fields.needed("provisions", text, |text| {
                reference
                    .find_provision(text)
                    .map(|(_, provision)| provision.id.clone())
            })
        });
        sorted(found.collect())
    }
}

/// All of them in order, each once; none where one is wrong. Every one was looked at, so every complaint is told.
fn sorted<T: Ord>(found: Vec<Option<T>>) -> Option<Vec<T>> {
    let mut all = found.into_iter().collect::<Option<Vec<T>>>()?;
    all.sort();
    all.dedup();
    Some(all)
}

/// Records a recommendation, or a new revision of the one with the same document, paragraph and state. The same once
/// more writes nothing.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field; [`ActionError::Conflict`] when two people record the same at once.
pub async fn record(
    db: &Db,
    reference: &Reference,
    doing: Doing<'_>,
    draft: &RecommendationDraft,
) -> Result<RecommendationId, ActionError> {
    let recommendation = draft.whole(reference, doing.today())?;
    let tx = doing.begin(db).await?;
    let key = recommendation.natural_key();
    let held = store::standing(&tx, std::slice::from_ref(&key)).await?.remove(&key);
    if let Some(held) = held.as_ref().filter(|held| held.recommendation == recommendation) {
        let id = held.id;
        tx.roll_back().await?;
        return Ok(id);
    }
    let new = NewRecommendation {
        id: held.as_ref().map_or_else(RecommendationId::fresh, |held| held.id),
        revision: held.map_or(1, |held| held.revision + 1),
        recommendation,
    };
    match store::save(&tx, std::slice::from_ref(&new), doing.actor, doing.now).await {
        Err(StoreError::Duplicate(_)) => {
            let why = "somebody else recorded this recommendation at the same moment; please send it again";
            return Err(ActionError::Conflict(why.to_owned()));
        }
        other => other?,
    }
    let subject = format!("{}/{}", new.recommendation.state, new.id);
    doing
        .note(
            &tx,
            "recommendation.record",
            &subject,
            None,
            json!({ "revision": new.revision, "recommendation": new.recommendation }),
        )
        .await?;
    tx.commit().await?;
    Ok(new.id)
}
