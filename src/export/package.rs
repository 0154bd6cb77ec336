//! The whole database as a data package that `servanda import` reads back.

use crate::domain::causes::CauseFinding;
use crate::domain::instruments::{Instrument, SixLanguages};
use crate::domain::participation::{ActionKind, TreatyAction};
use crate::domain::reference::Reference;
use crate::domain::summaries::{LegalFacts, StoredEvidence, World};
use serde_json::{Value, json};

/// Why a package could not be made.
pub type PackageError = Box<dyn std::error::Error + Send + Sync>;

/// Every file of the package, by its name.
///
/// # Errors
/// Never in practice: the values are plain.
pub fn files(
    reference: &Reference,
    world: &World,
    evidence: &[StoredEvidence],
    causes: &[(Option<String>, CauseFinding)],
) -> Result<Vec<(String, Vec<u8>)>, PackageError> {
    let facts: Vec<(&str, &LegalFacts)> = reference
        .states()
        .filter_map(|s| Some((s.iso3.as_str(), world.facts(&s.iso3)?)))
        .collect();
    let mut files = vec![
        table("states", reference.states().map(state).collect())?,
        table("themes", reference.themes().map(theme).collect())?,
        table("participation", each(reference, &facts, participation))?,
        table("reservations", each(reference, &facts, reservations))?,
        table("reports", each(reference, &facts, reports))?,
        table("evidence", evidence.iter().map(evidence_row).collect())?,
        table("causes", causes.iter().map(cause_row).collect())?,
    ];
    let mut paths = Vec::new();
    for instrument in reference.instruments() {
        let path = format!("instruments/{}.toml", instrument.code.as_str().to_lowercase());
        files.push((path.clone(), toml::to_string(instrument)?.into_bytes()));
        paths.push(path);
    }
    let tables = crate::domain::tables::COLUMNS
        .iter()
        .map(|(name, columns)| resource(name, columns));
    let mut resources: Vec<Value> = tables.collect();
    resources.push(json!({ "name": "instruments", "profile": "data-resource", "format": "toml", "path": paths }));
    let package = json!({ "profile": "data-package", "name": "servanda-export", "resources": resources });
    files.push(("datapackage.json".to_owned(), serde_json::to_vec_pretty(&package)?));
    Ok(files)
}

fn resource(name: &str, columns: &[&str]) -> Value {
    let fields: Vec<Value> = columns
        .iter()
        .map(|column| json!({ "name": column, "type": "string" }))
        .collect();
    let schema = json!({ "fields": fields });
    json!({ "name": name, "profile": "tabular-data-resource", "path": format!("{name}.csv"), "schema": schema })
}

/// Rows as CSV, unguarded: this file is for a machine, and must come back as it went.
fn table(name: &str, rows: Vec<Value>) -> Result<(String, Vec<u8>), PackageError> {
    let columns = crate::domain::tables::columns(name);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(columns.iter().map(|column| cell(row.get(*column))))?;
    }
    Ok((format!("{name}.csv"), writer.into_inner()?))
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(Value::Array(items)) => items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join(";"),
        Some(other) => other.to_string(),
    }
}

/// A serialised value with more columns laid over it.
fn with(value: impl serde::Serialize, more: Value) -> Value {
    let mut row = serde_json::to_value(value).unwrap_or_default();
    if let (Some(row), Value::Object(more)) = (row.as_object_mut(), more) {
        row.extend(more);
    }
    row
}

fn state(state: &crate::domain::reference::State) -> Value {
    with(state, six("name", &state.name))
}

fn theme(theme: &crate::domain::reference::Theme) -> Value {
    with(theme, six("label", &theme.label))
}

fn six(stem: &str, text: &SixLanguages) -> Value {
    let languages = ["en", "fr", "es", "ar", "ru", "zh"];
    languages
        .iter()
        .map(|code| (format!("{stem}_{code}"), Value::from(text.in_language(code))))
        .collect()
}

fn each(
    reference: &Reference,
    facts: &[(&str, &LegalFacts)],
    rows: impl Fn(&str, &Instrument, &LegalFacts) -> Vec<Value>,
) -> Vec<Value> {
    let of = |instrument| {
        facts
            .iter()
            .flat_map(|(state, facts)| rows(state, instrument, facts))
            .collect::<Vec<_>>()
    };
    reference.instruments().iter().flat_map(of).collect()
}

fn participation(state: &str, instrument: &Instrument, facts: &LegalFacts) -> Vec<Value> {
    let actions = facts.actions.get(&instrument.code).map_or(&[][..], Vec::as_slice);
    let mut periods: Vec<u32> = actions.iter().map(|action| action.period).collect();
    periods.dedup();
    periods
        .into_iter()
        .filter_map(|period| membership(state, instrument, actions, period))
        .collect()
}

fn membership(state: &str, instrument: &Instrument, actions: &[TreatyAction], period: u32) -> Option<Value> {
    let own = || actions.iter().filter(move |action| action.period == period);
    let consent = own().find(|action| action.kind.is_consent());
    let signature = own().find(|a| matches!(a.kind, ActionKind::Signature | ActionKind::SuccessionToSignature));
    let denunciation = own().find(|action| action.kind == ActionKind::Denunciation);
    let base = consent.or(signature)?;
    let status = match (consent, denunciation) {
        (Some(_), Some(_)) => "former party",
        (Some(_), None) => "party",
        (None, _) => "signatory",
    };
    let inherited = signature
        .filter(|a| a.kind == ActionKind::SuccessionToSignature)
        .map(|_| "succession to signature");
    Some(with(
        base,
        json!({
            "state": state, "instrument": instrument.code, "status": status, "signature_kind": inherited,
            "signature_date": signature.and_then(|a| a.date), "action": consent.map(|a| a.kind.word()),
            "action_date": consent.and_then(|a| a.date), "denunciation_date": denunciation.and_then(|a| a.date),
        }),
    ))
}

fn reservations(state: &str, instrument: &Instrument, facts: &LegalFacts) -> Vec<Value> {
    let own = facts.reservations.get(&instrument.code).map_or(&[][..], Vec::as_slice);
    own.iter()
        .map(|one| with(one, json!({ "state": state, "instrument": instrument.code })))
        .collect()
}

fn reports(state: &str, instrument: &Instrument, facts: &LegalFacts) -> Vec<Value> {
    let own = facts.reports.get(&instrument.code).map_or(&[][..], Vec::as_slice);
    let row = |one| with(one, json!({ "state": state, "instrument": instrument.code }));
    own.iter()
        .map(|one| with(row(one), json!({ "due_date": one.due })))
        .collect()
}

fn evidence_row(stored: &StoredEvidence) -> Value {
    with(&stored.evidence, json!({ "id": stored.evidence.key }))
}

fn cause_row((key, finding): &(Option<String>, CauseFinding)) -> Value {
    let id = key.clone().unwrap_or_else(|| finding.id.to_string());
    let recorded = finding.recorded_at.date_naive();
    with(
        finding,
        json!({ "id": id, "recorded_on": finding.found_on, "source": finding.recorded_by, "source_date": recorded, "confidence": "medium" }),
    )
}
