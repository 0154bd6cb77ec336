//! Rows of recommendations. A change supersedes what is held.

use super::judge::{Bench, Judged, Write, cell, changes, errors, merged, promised};
use crate::actions::recommendations::RecommendationDraft;
use crate::domain::bulk::{Noun, recommendation_cells};
use crate::domain::ids::RecommendationId;
use crate::domain::imports::ImportRow;
use crate::domain::recommendations::{StoredRecommendation, natural_key};
use crate::store::StoreError;
use crate::store::recommendations::{self as store, NewRecommendation};

/// Judges rows, in their order.
pub(super) async fn judge(bench: Bench<'_>, rows: &[&ImportRow]) -> Result<Vec<Judged>, StoreError> {
    let reference = &bench.shelf.reference;
    let key_of = |row: &&ImportRow| {
        let state = &reference.find_state(row.cell("state").trim()).ok()?.iso3;
        Some(natural_key(state, row.cell("symbol"), row.cell("paragraph")))
    };
    let keys: Vec<Option<String>> = rows.iter().map(key_of).collect();
    let wanted: Vec<String> = keys.iter().flatten().cloned().collect();
    let held = store::standing(bench.tx, &wanted).await?;
    let judged = rows.iter().zip(&keys).map(|(row, key)| {
        let known = key.as_ref().and_then(|key| held.get(key));
        one(bench, row, key.as_deref(), known)
    });
    judged.collect()
}

fn one(
    bench: Bench<'_>,
    row: &ImportRow,
    natural: Option<&str>,
    known: Option<&StoredRecommendation>,
) -> Result<Judged, StoreError> {
    let columns = Noun::Recommendations.columns();
    let key = natural.map(|key| format!("r:{key}"));
    let held = known.map(|known| recommendation_cells(&known.recommendation));
    let cells = merged(row, held.as_deref());
    let text = |name: &str| cell(columns, &cells, name).to_owned();
    let draft = RecommendationDraft {
        state: text("state"),
        body: text("body"),
        cycle: text("cycle"),
        symbol: text("symbol"),
        paragraph: text("paragraph"),
        date: text("date"),
        text: text("text"),
        language: text("language"),
        wording: text("wording"),
        themes: text("themes"),
        provisions: text("provisions"),
        acceptance: text("acceptance"),
        source: text("source"),
        confidence: text("confidence"),
    };
    let new = match draft.whole(&bench.shelf.reference, bench.now.date_naive()) {
        Ok(new) => new,
        Err(error) => return Ok(Judged::refused(key, errors(error)?)),
    };
    let key = key.unwrap_or_else(|| format!("r:{}", new.natural_key()));
    let Some(known) = known else {
        let id = promised(row, RecommendationId::fresh);
        let write = NewRecommendation {
            id,
            revision: 1,
            recommendation: new,
        };
        return Ok(Judged::added(
            key,
            id.to_string(),
            Write::Recommendation(Box::new(write)),
        ));
    };
    let changes = changes(columns, &held.unwrap_or_default(), &recommendation_cells(&new));
    let target = known.id.to_string();
    if changes.is_empty() {
        return Ok(Judged::unchanged(key, target));
    }
    let write = NewRecommendation {
        id: known.id,
        revision: known.revision + 1,
        recommendation: new,
    };
    let seen = known.revision.to_string();
    Ok(Judged::changed(
        key,
        target,
        seen,
        changes,
        Write::Recommendation(Box::new(write)),
    ))
}
