//! What is written into the index of evidence and of provisions.

use crate::domain::ids::{InstrumentCode, ProvisionId, ThemeCode};
use crate::domain::instruments::Instrument;
use crate::domain::recommendations::StoredRecommendation;
use crate::domain::reference::{State, Theme};
use crate::domain::search::{Entry, EntryKind};
use crate::domain::summaries::{IMPORT, StoredEvidence};
use crate::store::entities::provisions;
use crate::store::entities::reference::{states, themes};
use crate::store::reference::CHUNK;
use crate::store::{StoreError, Tx};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeSet, HashMap};

/// The entries of revisions that count, or did.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub(in crate::store) async fn of_revisions(tx: &Tx, revisions: &[StoredEvidence]) -> Result<Vec<Entry>, StoreError> {
    let states = state_names(tx, revisions.iter().map(|one| one.evidence.state.to_string())).await?;
    let of_themes = revisions.iter().filter_map(|one| one.evidence.theme.as_ref());
    let themes = theme_names(tx, of_themes.map(ToString::to_string)).await?;
    let provisions = revisions.iter().flat_map(|one| &one.evidence.provisions);
    let instruments = instruments_of(tx, provisions.collect()).await?;
    let entries = revisions.iter().filter_map(|stored| {
        let item = &stored.evidence;
        let name = |names: &HashMap<String, String>, code: &str| names.get(code).cloned().unwrap_or_default();
        let theme = item.theme.as_ref().map(|code| name(&themes, code.as_str()));
        let own: BTreeSet<&InstrumentCode> = item
            .provisions
            .iter()
            .filter_map(|id| instruments.get(id.as_str()))
            .collect();
        Some(Entry {
            kind: EntryKind::Evidence,
            key: stored.id.to_string(),
            state: Some(item.state.clone()),
            themes: item.theme.iter().cloned().collect(),
            instruments: own.into_iter().cloned().collect(),
            theme_wide: item.provisions.is_empty(),
            title: item.title.clone(),
            body: item.gist.clone(),
            context: [
                item.symbol.as_str(),
                &item.paragraph,
                &item.origin,
                item.source_kind.words(),
                &name(&states, item.state.as_str()),
                &theme.unwrap_or_default(),
                &item
                    .provisions
                    .iter()
                    .map(ProvisionId::as_str)
                    .collect::<Vec<_>>()
                    .join(" "),
            ]
            .join(" "),
            dated: item.published.or(item.facts_to).or(item.facts_from),
            visible_from: known_from(stored)?,
            gone_from: stored.replaced_at.map(|at| at.date_naive()),
        })
    });
    Ok(entries.collect())
}

/// The entries of revisions of recommendations.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub(in crate::store) async fn of_recommendations(
    tx: &Tx,
    revisions: &[StoredRecommendation],
) -> Result<Vec<Entry>, StoreError> {
    let states = state_names(tx, revisions.iter().map(|one| one.recommendation.state.to_string())).await?;
    let of_themes = revisions.iter().flat_map(|one| &one.recommendation.themes);
    let themes = theme_names(tx, of_themes.map(ToString::to_string)).await?;
    let provisions = revisions.iter().flat_map(|one| &one.recommendation.provisions);
    let instruments = instruments_of(tx, provisions.collect()).await?;
    let entries = revisions.iter().map(|stored| {
        let one = &stored.recommendation;
        let known = stored.recorded_at.date_naive();
        let made = one.date.map_or(known, crate::domain::dates::PartialDate::earliest);
        let named = one.provisions.iter().filter_map(|id| instruments.get(id.as_str()));
        let own: BTreeSet<&InstrumentCode> = named.collect();
        let mut context = vec![one.cycle.as_str(), one.acceptance.words()];
        context.extend(states.get(one.state.as_str()).map(String::as_str));
        let names = one.themes.iter().filter_map(|code| themes.get(code.as_str()));
        context.extend(names.map(String::as_str));
        context.extend(one.provisions.iter().map(ProvisionId::as_str));
        Entry {
            kind: EntryKind::Recommendation,
            key: stored.id.to_string(),
            state: Some(one.state.clone()),
            themes: one.themes.clone(),
            instruments: own.into_iter().cloned().collect(),
            theme_wide: one.provisions.is_empty(),
            title: [one.body.words(), &one.symbol, &one.paragraph]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            body: one.text.clone(),
            context: context.join(" "),
            dated: one.date,
            visible_from: made.max(known),
            gone_from: stored.replaced_at.map(|at| at.date_naive()),
        }
    });
    Ok(entries.collect())
}

/// The day from which [`StoredEvidence::known_on`] holds; none for what was never accepted.
fn known_from(stored: &StoredEvidence) -> Option<NaiveDate> {
    let accepted = stored.accepted_at?.date_naive();
    let item = &stored.evidence;
    let out = item.published.or(item.facts_to).or(item.facts_from);
    let out = out.map_or(NaiveDate::MIN, crate::domain::dates::PartialDate::earliest);
    let from_the_start = stored.revision == 1 && stored.recorded_by == IMPORT;
    Some(if from_the_start { out } else { out.max(accepted) })
}

/// The entries of the provisions of those instruments.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn of_instruments(tx: &Tx, instruments: &[&Instrument]) -> Result<Vec<Entry>, StoreError> {
    let provisions = instruments.iter().flat_map(|instrument| &instrument.provisions);
    let codes: BTreeSet<String> = provisions.map(|provision| provision.theme.to_string()).collect();
    let themes = theme_names(tx, codes.into_iter()).await?;
    let entries = instruments.iter().flat_map(|instrument| {
        let (title, short) = (instrument.title.all().join(" "), instrument.short.all().join(" "));
        let names = format!("{} {title} {short}", instrument.code);
        let themes = &themes;
        instrument.provisions.iter().map(move |provision| Entry {
            kind: EntryKind::Provision,
            key: provision.id.to_string(),
            state: None,
            themes: vec![provision.theme.clone()],
            instruments: vec![instrument.code.clone()],
            theme_wide: false,
            title: provision.label.clone(),
            body: provision.summary.clone(),
            context: format!(
                "{} article {} {names} {}",
                provision.id,
                provision.article,
                themes.get(provision.theme.as_str()).map_or("", String::as_str)
            ),
            dated: None,
            visible_from: instrument.adopted,
            gone_from: None,
        })
    });
    Ok(entries.collect())
}

/// The names of states in six languages.
async fn state_names(tx: &Tx, codes: impl Iterator<Item = String>) -> Result<HashMap<String, String>, StoreError> {
    let codes: BTreeSet<String> = codes.collect();
    let rows = states::Entity::find().filter(states::Column::Code.is_in(codes));
    let mut names = HashMap::new();
    for row in rows.all(tx.writer()).await? {
        let state: State = serde_json::from_str(&row.document)?;
        names.insert(row.code, state.name.all().join(" "));
    }
    Ok(names)
}

/// The names of themes in six languages.
async fn theme_names(tx: &Tx, codes: impl Iterator<Item = String>) -> Result<HashMap<String, String>, StoreError> {
    let codes: BTreeSet<String> = codes.filter(|code| code.parse::<ThemeCode>().is_ok()).collect();
    let rows = themes::Entity::find().filter(themes::Column::Code.is_in(codes));
    let mut names = HashMap::new();
    for row in rows.all(tx.writer()).await? {
        let theme: Theme = serde_json::from_str(&row.document)?;
        names.insert(row.code, theme.label.all().join(" "));
    }
    Ok(names)
}

/// The instrument of each of those provisions.
async fn instruments_of(tx: &Tx, ids: BTreeSet<&ProvisionId>) -> Result<HashMap<String, InstrumentCode>, StoreError> {
    let ids: Vec<&str> = ids.into_iter().map(ProvisionId::as_str).collect();
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(String, String)> = provisions::Entity::find()
            .select_only()
            .columns([provisions::Column::Id, provisions::Column::Instrument])
            .filter(provisions::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(tx.writer())
            .await?;
        found.extend(rows.into_iter().filter_map(|(id, code)| Some((id, code.parse().ok()?))));
    }
    Ok(found)
}
