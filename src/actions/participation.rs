//! A treaty action is recorded: a ratification, an accession, a denunciation. The fact that stood is superseded.

use super::import::{FactRow, action_key};
use super::{ActionError, Doing, Fields};
use crate::domain::audit::digest;
use crate::domain::dates::PartialDate;
use crate::domain::ids::{InstrumentCode, StateCode};
use crate::domain::instruments::Confidence;
use crate::domain::participation::{ActionKind, Status, TreatyAction};
use crate::domain::reference::read_day;
use crate::store::library::Shelf;
use crate::store::participation::{self as store, FactTable};
use crate::store::{Db, StoreError, Tx, meta};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A treaty action as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct TreatyActionDraft {
    /// State, by code or name.
    pub state: String,
    /// Instrument code.
    pub instrument: String,
    /// `signature`, `ratification`, `accession`, `succession`, `acceptance`, `succession_to_signature` or `denunciation`.
    pub kind: String,
    /// When it was deposited, registered or notified.
    pub date: String,
    /// The date of effect as the depositary gives it, where it is not the rule's (successions).
    pub effect_date: String,
    /// Optional parts left out, separated by semicolons.
    pub parts_excluded: String,
    /// Where this is known from, such as a depositary notification.
    pub source: String,
    /// Why it is recorded or corrected.
    pub reason: String,
}

/// The kinds a form offers, with their words.
pub const KINDS: [ActionKind; 7] = [
    ActionKind::Ratification,
    ActionKind::Accession,
    ActionKind::Acceptance,
    ActionKind::Succession,
    ActionKind::Signature,
    ActionKind::SuccessionToSignature,
    ActionKind::Denunciation,
];

/// A treaty action that may be recorded.
pub(super) struct Decided {
    state: StateCode,
    instrument: InstrumentCode,
    action: TreatyAction,
    reason: String,
}

/// Records a treaty action and gives back what was recorded.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field.
pub async fn record(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    draft: &TreatyActionDraft,
) -> Result<TreatyAction, ActionError> {
    let decided = decide(shelf, doing, draft)?;
    let tx = doing.begin(db).await?;
    write(&tx, doing, &decided).await?;
    tx.commit().await?;
    Ok(decided.action)
}

/// Reads every field.
///
/// # Errors
/// As [`record`].
pub(super) fn decide(shelf: &Shelf, doing: Doing<'_>, draft: &TreatyActionDraft) -> Result<Decided, ActionError> {
    let (reference, mut fields) = (&shelf.reference, Fields::default());
    let state = fields.needed("state", &draft.state, |text| {
        reference.find_state(text).map(|s| s.iso3.clone())
    });
    let instrument = fields.needed("instrument", &draft.instrument, |text| reference.find_instrument(text));
    let kind = fields.needed("kind", &draft.kind, |text| {
        let value = serde_json::Value::String(text.replace(' ', "_"));
        serde_json::from_value::<ActionKind>(value).map_err(|_| format!("“{text}” is not a treaty action we know"))
    });
    let date = fields.needed("date", &draft.date, read_day);
    if date.is_some_and(|date| date > doing.today()) {
        fields.wrong("date", "lies in the future: record it once it has been deposited");
    }
    if let (Some(date), Some(instrument)) = (date, instrument)
        && date < instrument.adopted
    {
        fields.wrong(
            "date",
            format!("{} was adopted only on {}", instrument.code, instrument.adopted),
        );
    }
    let effect_date = fields.optional("effect_date", &draft.effect_date, read_day);
    let parts = read_parts(&mut fields, instrument, &draft.parts_excluded);
    let (source, reason) = (
        fields.text("source", &draft.source, 300),
        fields.text("reason", &draft.reason, 2_000),
    );
    let given = (|| {
        Some((
            state?,
            instrument?,
            kind?,
            date?,
            effect_date?,
            parts?,
            source?,
            reason?,
        ))
    })();
    let (state, instrument, kind, date, effect_date, parts_excluded, source, reason) = fields.finish(given)?;

    let facts = shelf
        .world
        .facts(&state)
        .and_then(|facts| facts.actions.get(&instrument.code));
    let standing = facts.map_or(&[][..], Vec::as_slice);
    let now = shelf.world.participation(&state, instrument, doing.today());
    let last = standing
        .iter()
        .filter(|a| a.kind.is_consent())
        .map(|a| a.period)
        .max()
        .unwrap_or(1);
    let period = if kind.is_consent() && now.status == Status::FormerParty {
        last + 1
    } else {
        last
    };
    if kind == ActionKind::Denunciation && !matches!(now.status, Status::Party | Status::PartyNotYetInForce) {
        let why = format!(
            "{state} is not a party to {}, so there is nothing to denounce",
            instrument.code
        );
        return Fields::default().refuse("kind", why);
    }
    let action = TreatyAction {
        period,
        kind,
        date: Some(PartialDate::Day(date)),
        effect_date,
        effect_basis: effect_date.map_or_else(String::new, |_| source.clone()),
        parts_excluded,
        source,
        source_date: PartialDate::Day(doing.today()),
        confidence: Confidence::High,
        note: reason.clone(),
    };
    Ok(Decided {
        state,
        instrument: instrument.code.clone(),
        action,
        reason,
    })
}

/// Writes it, with its audit event, into an open transaction.
///
/// # Errors
/// When the database fails.
pub(super) async fn write(tx: &Tx, doing: Doing<'_>, decided: &Decided) -> Result<(), StoreError> {
    let Decided {
        state,
        instrument,
        action,
        reason,
    } = decided;
    let document = serde_json::to_string(action)?;
    let row = FactRow {
        natural_key: action_key(state, instrument, action),
        state: state.clone(),
        instrument: instrument.clone(),
        digest: digest(&document),
        document,
    };
    store::save(tx, FactTable::TreatyActions, &[row], doing.actor, doing.now).await?;
    meta::facts_changed(tx).await?;
    let subject = format!("{state}/{instrument}");
    let detail = json!({ "treaty_action": action });
    doing
        .note(tx, "participation.record", &subject, Some(reason), detail)
        .await
}

fn read_parts(
    fields: &mut Fields,
    instrument: Option<&crate::domain::instruments::Instrument>,
    text: &str,
) -> Option<Vec<String>> {
    let optional = instrument.and_then(|instrument| instrument.optional_parts.as_ref());
    let known = optional.map_or(&[][..], |optional| optional.parts.as_slice());
    let mut parts = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        match known.iter().find(|name| name.eq_ignore_ascii_case(part)) {
            Some(name) => parts.push(name.clone()),
            None if known.is_empty() => fields.wrong("parts_excluded", "this instrument has no optional parts"),
            None => fields.wrong(
                "parts_excluded",
                format!("“{part}” is not one of: {}", known.join("; ")),
            ),
        }
    }
    Some(parts)
}
