//! What became of a report is recorded: submitted, a due date set by the treaty body, concluding observations adopted.

use super::import::{FactRow, report_key};
use super::{ActionError, Doing, Fields};
use crate::domain::audit::digest;
use crate::domain::dates::PartialDate;
use crate::domain::deadlines::{ReportRecord, cycle_numbers};
use crate::domain::instruments::Confidence;
use crate::domain::reference::read_day;
use crate::store::library::Shelf;
use crate::store::participation::{self as store, FactTable};
use crate::store::{Db, StoreError, meta};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// News of a report as somebody typed it. What is left empty stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReportDraft {
    /// State, by code or name.
    pub state: String,
    /// Instrument code.
    pub instrument: String,
    /// `initial`, `periodic 2`, `periodic 2-3`, or another report of that instrument.
    pub cycle: String,
    /// When it was submitted.
    pub submitted: String,
    /// Symbol of the report.
    pub symbol: String,
    /// Due date set by the treaty body.
    pub due: String,
    /// The document that set it.
    pub due_set_by: String,
    /// When concluding observations were adopted.
    pub co_date: String,
    /// Their symbol.
    pub co_symbol: String,
    /// Where this is known from.
    pub source: String,
}

/// Records news of a report and gives back the record as it now stands.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field.
pub async fn record(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    draft: &ReportDraft,
) -> Result<ReportRecord, ActionError> {
    let (reference, mut fields, today) = (&shelf.reference, Fields::default(), doing.today());
    let state = fields.needed("state", &draft.state, |text| {
        reference.find_state(text).map(|s| s.iso3.clone())
    });
    let instrument = fields.needed("instrument", &draft.instrument, |text| reference.find_instrument(text));
    let cycle = fields.text("cycle", &draft.cycle, 60).map(|cycle| cycle.to_lowercase());
    if let (Some(cycle), Some(instrument)) = (&cycle, instrument) {
        let named = instrument.reporting.reports.iter().any(|rule| rule.report == *cycle);
        if !named && let Err(error) = cycle_numbers(cycle) {
            fields.wrong("cycle", error.to_string());
        }
    }
    let day = |text: &str| read_day(text).map(PartialDate::Day);
    let past = |text: &str| match read_day(text) {
        Ok(date) if date > today => Err("lies in the future".to_owned()),
        other => other.map(PartialDate::Day),
    };
    let submitted = fields.optional("submitted", &draft.submitted, past);
    let (due, co_date) = (
        fields.optional("due", &draft.due, day),
        fields.optional("co_date", &draft.co_date, past),
    );
    if !draft.due.trim().is_empty() && draft.due_set_by.trim().is_empty() {
        fields.wrong("due_set_by", "say which document set the date, such as CMW/C/ALB/CO/2");
    }
    if [&draft.submitted, &draft.due, &draft.co_date]
        .iter()
        .all(|text| text.trim().is_empty())
    {
        fields.wrong(
            "submitted",
            "give at least one date: submitted, due, or concluding observations",
        );
    }
    let symbols = [
        fields.maybe("symbol", &draft.symbol, 120),
        fields.maybe("due_set_by", &draft.due_set_by, 120),
        fields.maybe("co_symbol", &draft.co_symbol, 120),
    ];
    let source = fields.text("source", &draft.source, 300);
    let [symbol, due_set_by, co_symbol] = symbols;
    let given = (|| {
        Some((
            state?,
            instrument?,
            cycle?,
            submitted?,
            due?,
            co_date?,
            symbol?,
            due_set_by?,
            co_symbol?,
            source?,
        ))
    })();
    let (state, instrument, cycle, submitted, due, co_date, symbol, due_set_by, co_symbol, source) =
        fields.finish(given)?;

    let standing = shelf
        .world
        .reports(&state, &instrument.code)
        .iter()
        .find(|record| record.cycle == cycle)
        .cloned();
    let mut record = standing.unwrap_or_else(|| blank(&cycle));
    record.submitted = submitted.or(record.submitted);
    record.due = due.or(record.due);
    record.co_date = co_date.or(record.co_date);
    for (place, text) in [
        (&mut record.symbol, symbol),
        (&mut record.due_set_by, due_set_by),
        (&mut record.co_symbol, co_symbol),
    ] {
        if !text.is_empty() {
            *place = text;
        }
    }
    record.source.clone_from(&source);
    record.source_date = Some(PartialDate::Day(today));
    record.confidence = Confidence::High;

    let document = serde_json::to_string(&record).map_err(StoreError::from)?;
    let natural_key = report_key(&state, &instrument.code, &cycle);
    let row = FactRow {
        natural_key,
        state: state.clone(),
        instrument: instrument.code.clone(),
        digest: digest(&document),
        document,
    };
    let tx = doing.begin(db).await?;
    store::save(&tx, FactTable::Reports, &[row], doing.actor, doing.now).await?;
    meta::facts_changed(&tx).await?;
    let subject = format!("{state}/{}/{cycle}", instrument.code);
    let detail = json!({ "report": record });
    doing
        .note(&tx, "report.record", &subject, Some(&source), detail)
        .await?;
    tx.commit().await?;
    Ok(record)
}

fn blank(cycle: &str) -> ReportRecord {
    ReportRecord {
        cycle: cycle.to_owned(),
        symbol: String::new(),
        due: None,
        due_set_by: String::new(),
        submitted: None,
        considered: String::new(),
        session: String::new(),
        in_absence: false,
        co_symbol: String::new(),
        co_date: None,
        co_date_basis: String::new(),
        source: String::new(),
        source_date: None,
        confidence: Confidence::High,
        note: String::new(),
    }
}
