//! The typed rows of each file.

use super::table::Row;
use crate::domain::assessments::Grade;
use crate::domain::causes::Cause;
use crate::domain::dates::{PartialDate, parse_day};
use crate::domain::deadlines::{ReportRecord, cycle_numbers};
use crate::domain::evidence::Evidence;
use crate::domain::ids::{InstrumentCode, ProvisionId, StateCode};
use crate::domain::instruments::SixLanguages;
use crate::domain::participation::{ActionKind, TreatyAction};
use crate::domain::reference::{State, Theme};
use crate::domain::reservations::Reservation;

pub(super) fn state(row: &mut Row<'_>) -> Option<State> {
    let (iso3, name, confidence) = (row.value("iso3"), six(row, "name"), row.word("confidence"));
    let membership = row.required("membership");
    let (ldc, lldc, sids) = (row.yes_no("ldc"), row.yes_no("lldc"), row.yes_no("sids"));
    if let Some(word) = membership
        .as_deref()
        .filter(|word| !["member", "observer", "other"].contains(word))
    {
        row.complain("membership", format!("“{word}” is not one of: member, observer, other"));
    }
    Some(State {
        iso3: iso3?,
        iso2: row.required("iso2")?,
        m49: row.required("m49")?,
        membership: membership?,
        name: name?,
        region: row.required("region")?,
        subregion: row.text("subregion"),
        un_group: row.text("un_group"),
        income_group: row.text("income_group"),
        ldc: ldc?,
        lldc: lldc?,
        sids: sids?,
        source: row.required("source")?,
        source_date: row.value::<PartialDate>("source_date")?.to_string(),
        confidence: confidence?,
    })
}

pub(super) fn theme(row: &mut Row<'_>) -> Option<Theme> {
    let (code, label, confidence) = (row.value("code"), six(row, "label"), row.word("confidence"));
    Some(Theme {
        code: code?,
        cluster: row.required("cluster")?,
        label: label?,
        description: row.required("description")?,
        source: row.required("source")?,
        source_date: row.value::<PartialDate>("source_date")?.to_string(),
        confidence: confidence?,
    })
}

fn six(row: &mut Row<'_>, stem: &str) -> Option<SixLanguages> {
    let mut text = |language: &str| row.required(&format!("{stem}_{language}"));
    let (en, fr, es, ar, ru, zh) = (text("en"), text("fr"), text("es"), text("ar"), text("ru"), text("zh"));
    Some(SixLanguages {
        en: en?,
        fr: fr?,
        es: es?,
        ar: ar?,
        ru: ru?,
        zh: zh?,
    })
}

/// One row of participation is up to three treaty actions: signature, consent to be bound, denunciation.
pub(super) type Actions = (StateCode, InstrumentCode, Vec<TreatyAction>);

pub(super) fn participation(row: &mut Row<'_>) -> Option<Actions> {
    let (state, instrument) = (row.value("state"), row.value("instrument"));
    let period = row.value::<u32>("period");
    if period == Some(0) {
        row.complain("period", "periods are counted from 1".to_owned());
    }
    let signature = row.optional::<PartialDate>("signature_date");
    let action_date = row.optional::<PartialDate>("action_date");
    let denunciation = row.optional::<PartialDate>("denunciation_date");
    let effect = row.optional::<Day>("effect_date");
    let (source_date, confidence) = (row.value("source_date"), row.word("confidence"));
    let base = TreatyAction {
        period: period?,
        kind: ActionKind::Signature,
        date: None,
        effect_date: None,
        effect_basis: String::new(),
        parts_excluded: Vec::new(),
        source: row.required("source")?,
        source_date: source_date?,
        confidence: confidence?,
        note: row.text("note"),
    };
    let status = row.required("status")?;
    let mut actions = Vec::new();
    let kind = match row.text("signature_kind").as_str() {
        "succession to signature" => ActionKind::SuccessionToSignature,
        _ => ActionKind::Signature,
    };
    if signature?.is_some() || (status == "signatory" && row.text("action").is_empty()) {
        actions.push(TreatyAction {
            kind,
            date: signature?,
            ..base.clone()
        });
    }
    match (status.as_str(), row.text("action").is_empty()) {
        ("signatory", true) => {}
        ("party" | "former party", false) => {
            let kind: ActionKind = row.word("action")?;
            if !kind.is_consent() {
                row.complain(
                    "action",
                    "is not ratification, accession, succession or acceptance".to_owned(),
                );
            }
            let parts_excluded = row.list("parts_excluded")?;
            let (effect_date, effect_basis) = (effect?.map(|day| day.0), row.text("effect_basis"));
            actions.push(TreatyAction {
                kind,
                date: action_date?,
                effect_date,
                effect_basis,
                parts_excluded,
                ..base.clone()
            });
        }
        ("signatory", false) => row.complain("action", "a signatory has given no consent to be bound".to_owned()),
        ("party" | "former party", true) => row.complain(
            "action",
            "is empty, but a party has ratified, acceded or succeeded".to_owned(),
        ),
        (other, _) => row.complain(
            "status",
            format!("“{other}” is not one of: party, signatory, former party"),
        ),
    }
    if let Some(date) = denunciation? {
        actions.push(TreatyAction {
            kind: ActionKind::Denunciation,
            date: Some(date),
            ..base
        });
    }
    Some((state?, instrument?, actions))
}

/// A full day, for columns that may not be less precise.
struct Day(chrono::NaiveDate);

impl std::str::FromStr for Day {
    type Err = crate::domain::dates::InvalidDate;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_day(text).map(Self)
    }
}

pub(super) fn reservation(row: &mut Row<'_>) -> Option<(StateCode, InstrumentCode, Reservation)> {
    let (state, instrument) = (row.value("state"), row.value("instrument"));
    let (effect, confidence, source_date) = (row.word("effect"), row.word("confidence"), row.value("source_date"));
    let (date, withdrawn) = (row.optional("date"), row.optional("withdrawn"));
    let reservation = Reservation {
        id: row.required("id")?,
        articles: row.text("articles"),
        kind: row.required("kind")?,
        effect: effect?,
        gist: row.required("gist")?,
        date: date?,
        withdrawn: withdrawn?,
        method: row.required("method")?,
        source: row.required("source")?,
        source_date: source_date?,
        confidence: confidence?,
    };
    Some((state?, instrument?, reservation))
}

pub(super) fn report(row: &mut Row<'_>) -> Option<(StateCode, InstrumentCode, ReportRecord)> {
    let (state, instrument) = (row.value("state"), row.value("instrument"));
    let cycle = row.required("cycle")?;
    if let Err(error) = cycle_numbers(&cycle) {
        row.complain("cycle", error.to_string());
    }
    let (due, submitted, co_date) = (
        row.optional("due_date"),
        row.optional("submitted"),
        row.optional("co_date"),
    );
    let (in_absence, source_date, confidence) = (
        row.yes_no("in_absence"),
        row.optional("source_date"),
        row.word("confidence"),
    );
    let report = ReportRecord {
        cycle,
        symbol: row.text("symbol"),
        due: due?,
        due_set_by: row.text("due_set_by"),
        submitted: submitted?,
        considered: row.text("considered"),
        session: row.text("session"),
        in_absence: in_absence?,
        co_symbol: row.text("co_symbol"),
        co_date: co_date?,
        co_date_basis: row.text("co_date_basis"),
        source: row.required("source")?,
        source_date: source_date?,
        confidence: confidence?,
        note: row.text("note"),
    };
    Some((state?, instrument?, report))
}

pub(super) fn evidence(row: &mut Row<'_>) -> Option<Evidence> {
    let (state, theme, provisions) = (row.value("state"), row.optional("theme"), row.list("provisions"));
    let (source_kind, author_role, stance) = (row.value("source_kind"), row.value("author_role"), row.value("stance"));
    let (kind, reliability, credibility) = (row.value("kind"), row.value("reliability"), row.value("credibility"));
    let (facts_from, facts_to, published) = (
        row.optional("facts_from"),
        row.optional("facts_to"),
        row.optional("published"),
    );
    let (source_date, confidence) = (row.optional("source_date"), row.word("confidence"));
    let (strength, review_by) = (row.optional("strength"), row.optional("review_by"));
    let number = row.optional::<u8>("grade")?;
    let grade = number.map(Grade::from_number);
    if grade == Some(None) {
        row.complain("grade", "a grade is 0, 1, 2, 3 or 4, or empty".to_owned());
    }
    let evidence = Evidence {
        key: row.required("id")?,
        state: state?,
        title: row.required("title")?,
        gist: row.required("gist")?,
        source_kind: source_kind?,
        author_role: author_role?,
        language: row.text("language"),
        link: row.text("link"),
        symbol: row.text("symbol"),
        paragraph: row.text("paragraph"),
        facts_from: facts_from?,
        facts_to: facts_to?,
        published: published?,
        stance: stance?,
        strength: strength?,
        grade: grade.flatten(),
        kind: kind?,
        reliability: reliability?,
        credibility: credibility?,
        origin: row.text("origin"),
        theme: theme?,
        provisions: provisions?,
        review_by: review_by?,
        file: None,
        source: row.required("source")?,
        source_date: source_date?,
        confidence: confidence?,
    };
    if let Err(reason) = crate::domain::evidence::check_link(&evidence.link) {
        row.complain("link", reason);
    }
    if evidence.theme.is_none() && evidence.provisions.is_empty() {
        row.complain("theme", "give a theme, or provisions, or both".to_owned());
    }
    Some(evidence)
}

/// A finding about a cause, as a file gives it.
#[derive(Debug, Clone)]
pub(super) struct CauseRow {
    pub(super) id: String,
    pub(super) state: StateCode,
    pub(super) provision: ProvisionId,
    pub(super) cause: Cause,
    pub(super) subcause: String,
    pub(super) weight: Option<u8>,
    pub(super) rationale: String,
    pub(super) evidence: Vec<String>,
    pub(super) found_on: chrono::NaiveDate,
}

pub(super) fn cause(row: &mut Row<'_>) -> Option<CauseRow> {
    let (state, provision, cause) = (row.value("state"), row.value("provision"), row.value("cause"));
    let (weight, found_on) = (row.optional::<u8>("weight")?, row.value::<Day>("recorded_on"));
    if weight.is_some_and(|weight| weight > 100) {
        row.complain("weight", "is given in per cent: 0 to 100".to_owned());
    }
    Some(CauseRow {
        id: row.required("id")?,
        state: state?,
        provision: provision?,
        cause: cause?,
        subcause: row.text("subcause"),
        weight,
        rationale: row.required("rationale")?,
        evidence: row.list("evidence")?,
        found_on: found_on?.0,
    })
}
