//! From dated treaty actions to the status of one state towards one instrument on one date.
//!
//! Sources: Vienna Convention on the Law of Treaties arts. 11-16, 24, 54, 70; Vienna Convention on Succession of States
//! in respect of Treaties arts. 17-23; each instrument's own final clauses.

use super::dates::{DateSpan, PartialDate};
use super::instruments::{Confidence, Instrument};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a state did towards an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Signed.
    Signature,
    /// Succeeded to its predecessor's signature.
    SuccessionToSignature,
    /// Ratified.
    Ratification,
    /// Acceded.
    Accession,
    /// Succeeded to its predecessor's participation.
    Succession,
    /// Accepted or approved.
    Acceptance,
    /// Denounced.
    Denunciation,
}

impl ActionKind {
    /// Whether it expresses consent to be bound (VCLT art. 11).
    #[must_use]
    pub fn is_consent(self) -> bool {
        matches!(
            self,
            Self::Ratification | Self::Accession | Self::Succession | Self::Acceptance
        )
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::SuccessionToSignature => "succession to signature",
            Self::Ratification => "ratification",
            Self::Accession => "accession",
            Self::Succession => "succession",
            Self::Acceptance => "acceptance",
            Self::Denunciation => "denunciation",
        }
    }
}

/// One dated treaty action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreatyAction {
    /// Which membership it belongs to: 1, or more for a state that left and came back.
    pub period: u32,
    /// What was done.
    pub kind: ActionKind,
    /// When it was deposited, registered or notified; none where nobody gave us the date.
    pub date: Option<PartialDate>,
    /// The date of effect as given by the depositary or by the succession of states, where it is not the rule's.
    #[serde(default)]
    pub effect_date: Option<NaiveDate>,
    /// Why that date.
    #[serde(default)]
    pub effect_basis: String,
    /// Optional parts left out.
    #[serde(default)]
    pub parts_excluded: Vec<String>,
    /// Where we know it from.
    pub source: String,
    /// The date of that source.
    pub source_date: PartialDate,
    /// How sure.
    pub confidence: Confidence,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

/// The status of a state towards an instrument on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing was done.
    None,
    /// Signed, not bound; must not defeat the object and purpose (VCLT art. 18).
    Signatory,
    /// It cannot be told from what we hold.
    Unknown,
    /// Was bound.
    FormerParty,
    /// Consent given, not yet in force for it.
    PartyNotYetInForce,
    /// Bound.
    Party,
}

impl Status {
    /// The word used in files and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Signatory => "signatory",
            Self::Unknown => "unknown",
            Self::FormerParty => "former_party",
            Self::PartyNotYetInForce => "party_not_yet_in_force",
            Self::Party => "party",
        }
    }

    /// The words shown to people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "not a party",
            Self::Signatory => "signatory",
            Self::Unknown => "unknown",
            Self::FormerParty => "former party",
            Self::PartyNotYetInForce => "party, not yet in force",
            Self::Party => "party",
        }
    }
}

/// The status with everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Participation {
    /// The status on the date asked.
    pub status: Status,
    /// The action on which it rests.
    pub action: Option<ActionKind>,
    /// When that was.
    pub action_date: Option<PartialDate>,
    /// In force for the state since (or from, where not yet).
    pub in_force_since: Option<DateSpan>,
    /// Another reading of that date, where the depositary and the rule differ.
    pub contested_with: Option<NaiveDate>,
    /// No longer bound from this date on.
    pub former_since: Option<NaiveDate>,
    /// Optional parts it did not accept.
    pub parts_excluded: Vec<String>,
    /// What a lawyer should look at.
    pub flags: Vec<&'static str>,
    /// The reason, in one sentence.
    pub why: String,
    /// Where we know it from.
    pub source: String,
    /// How sure; none where nothing was done.
    pub confidence: Option<Confidence>,
}

/// A denunciation that was made when the instrument did not allow it.
pub const DENUNCIATION_NOT_OPEN: &str = "denunciation not open";
/// A declaration that leaves out every optional part where the instrument demands one.
pub const ALL_PARTS_EXCLUDED: &str = "both parts excluded";
/// A declaration that leaves out a part where the instrument allows none to be left out (ICRMW art. 88).
pub const EXCLUSION_PROHIBITED: &str = "exclusion prohibited";

/// The status on `as_of` that follows from the actions of one state towards one instrument.
#[must_use]
pub fn participation(instrument: &Instrument, actions: &[TreatyAction], as_of: NaiveDate) -> Participation {
    let mut periods: Vec<u32> = actions
        .iter()
        .filter(|a| a.kind.is_consent())
        .map(|a| a.period)
        .collect();
    periods.sort_unstable();
    periods.dedup();
    let consents = periods
        .iter()
        .filter_map(|&number| Membership::of(instrument, actions, number));
    let best =
        consents
            .map(|membership| membership.on(as_of))
            .fold(None, |best: Option<Participation>, next| match best {
                Some(best) if best.status > next.status => Some(best),
                _ => Some(next),
            });
    match best {
        Some(found) if found.status > Status::Signatory => found,
        _ => unbound(instrument, actions, as_of),
    }
}

/// One membership: a consent to be bound, and its end if it has one.
struct Membership<'a> {
    instrument: &'a Instrument,
    consent: &'a TreatyAction,
    denunciations: Vec<&'a TreatyAction>,
}

/// What became of a denunciation.
enum Ending {
    None,
    On(NaiveDate),
    Refused(&'static str),
}

impl<'a> Membership<'a> {
    fn of(instrument: &'a Instrument, actions: &'a [TreatyAction], period: u32) -> Option<Self> {
        let own = || actions.iter().filter(move |action| action.period == period);
        Some(Self {
            instrument,
            consent: own().find(|action| action.kind.is_consent())?,
            denunciations: own().filter(|action| action.kind == ActionKind::Denunciation).collect(),
        })
    }

    /// The days between which consent was given, and those between which it took effect; none where undated.
    fn entry(&self) -> Option<(DateSpan, Option<DateSpan>)> {
        let date = self.consent.date?;
        let deposit = DateSpan {
            earliest: date.earliest(),
            latest: date.latest(),
        };
        let floor = self.instrument.entry_into_force;
        if self.consent.kind == ActionKind::Succession {
            // A succession takes effect on the date of the succession of states, which its notification follows.
            let effect = self
                .consent
                .effect_date
                .map(|effect| DateSpan::exactly(effect.max(floor)));
            let deposit = match self.consent.effect_date {
                Some(effect) => DateSpan::exactly(effect.min(deposit.earliest)),
                None => deposit,
            };
            return Some((deposit, effect));
        }
        let rule = &self.instrument.entry_into_force_rule;
        let earliest = rule.apply(deposit.earliest).max(floor);
        Some((
            deposit,
            Some(DateSpan {
                earliest,
                latest: rule.apply(deposit.latest).max(floor),
            }),
        ))
    }

    fn ending(&self, in_force: Option<DateSpan>) -> Ending {
        let mut received: Vec<NaiveDate> = self
            .denunciations
            .iter()
            .filter_map(|action| action.date)
            .map(PartialDate::latest)
            .collect();
        received.sort_unstable();
        if received.is_empty() {
            return Ending::None;
        }
        let Some(rule) = &self.instrument.denunciation_rule else {
            return Ending::Refused(DENUNCIATION_NOT_OPEN);
        };
        let general = self.instrument.entry_into_force;
        let since = in_force.map_or(general, |span| span.earliest);
        let open = received
            .into_iter()
            .find(|day| rule.open_from(*day, since, general) <= *day);
        open.map_or(Ending::Refused(DENUNCIATION_NOT_OPEN), |day| {
            Ending::On(rule.takes_effect(day))
        })
    }

    fn on(&self, as_of: NaiveDate) -> Participation {
        let Some((deposit, in_force)) = self.entry() else {
            return self.undated(as_of);
        };
        let status = match in_force {
            _ if as_of < deposit.earliest => Status::None,
            _ if as_of < deposit.latest => Status::Unknown,
            Some(span) if as_of < span.earliest => Status::PartyNotYetInForce,
            Some(span) if as_of < span.latest => Status::Unknown,
            _ => Status::Party,
        };
        let mut found = self.described(status, in_force);
        match self.ending(in_force) {
            Ending::On(end) if as_of >= end => {
                found.status = Status::FormerParty;
                found.former_since = Some(end);
                found.why = format!("{}; denounced with effect from {end}", found.why);
            }
            Ending::Refused(flag) => found.flags.push(flag),
            Ending::On(_) | Ending::None => {}
        }
        found
    }

    fn undated(&self, as_of: NaiveDate) -> Participation {
        let status = match as_of {
            day if day < self.instrument.adopted => Status::None,
            day if day < self.consent.source_date.latest() => Status::Unknown,
            _ => Status::Party,
        };
        let mut found = self.described(status, None);
        if let Some(effect) = self.consent.effect_date.filter(|_| status == Status::Party) {
            found.in_force_since = Some(DateSpan::exactly(effect.max(self.instrument.entry_into_force)));
        }
        found
    }

    fn described(&self, status: Status, in_force: Option<DateSpan>) -> Participation {
        let consent = self.consent;
        let rule_date = in_force.and_then(DateSpan::day);
        let contested = consent.effect_date.filter(|effect| {
            consent.kind != ActionKind::Succession && rule_date.is_some_and(|by_rule| by_rule != *effect)
        });
        let flags = self.flags();
        Participation {
            status,
            action: Some(consent.kind),
            action_date: consent.date,
            in_force_since: in_force.filter(|_| consent.date.is_some()),
            contested_with: contested,
            former_since: None,
            parts_excluded: consent.parts_excluded.clone(),
            flags,
            why: self.why(in_force),
            source: consent.source.clone(),
            confidence: Some(consent.confidence),
        }
    }

    fn flags(&self) -> Vec<&'static str> {
        let (excluded, mut flags) = (&self.consent.parts_excluded, Vec::new());
        if let Some(optional) = &self.instrument.optional_parts {
            if !optional.all_may_be_excluded && optional.parts.iter().all(|part| excluded.contains(part)) {
                flags.push(ALL_PARTS_EXCLUDED);
            }
        } else if !excluded.is_empty() {
            flags.push(EXCLUSION_PROHIBITED);
        }
        flags
    }

    fn why(&self, in_force: Option<DateSpan>) -> String {
        let (consent, rule) = (self.consent, &self.instrument.entry_into_force_rule);
        let Some(date) = consent.date else {
            return format!(
                "a party according to {} of {}; nobody gave us the date",
                consent.source, consent.source_date
            );
        };
        let deed = format!("{} of {date}", consent.kind.word());
        match (consent.kind, in_force) {
            (ActionKind::Succession, Some(_)) if consent.effect_basis.is_empty() => {
                format!("{deed}, with effect from the date of the succession of states")
            }
            (ActionKind::Succession, Some(_)) => {
                format!("{deed}, with effect from that date: {}", consent.effect_basis)
            }
            (ActionKind::Succession, None) => format!("{deed}; the date of its effect is not held"),
            _ => format!("{deed}; {}, {}", rule.text, rule.article),
        }
    }
}

/// The status of a state that has given no consent by that date: signatory, none, or unknown.
fn unbound(instrument: &Instrument, actions: &[TreatyAction], as_of: NaiveDate) -> Participation {
    let signed = actions
        .iter()
        .find(|action| matches!(action.kind, ActionKind::Signature | ActionKind::SuccessionToSignature));
    let status = match signed.map(|action| (action.date, action.source_date)) {
        None => Status::None,
        Some(_) if as_of < instrument.adopted => Status::None,
        Some((Some(date), _)) if as_of < date.earliest() => Status::None,
        Some((Some(date), _)) if as_of < date.latest() => Status::Unknown,
        Some((None, known)) if as_of < known.latest() => Status::Unknown,
        Some(_) => Status::Signatory,
    };
    let shown = signed.filter(|_| status != Status::None);
    Participation {
        status,
        action: shown.map(|action| action.kind),
        action_date: shown.and_then(|action| action.date),
        in_force_since: None,
        contested_with: None,
        former_since: None,
        parts_excluded: Vec::new(),
        flags: Vec::new(),
        why: shown.map_or_else(
            || "no treaty action by that date".to_owned(),
            |action| format!("{}, no consent to be bound by that date", action.kind.word()),
        ),
        source: shown.map_or_else(String::new, |action| action.source.clone()),
        confidence: shown.map(|action| action.confidence),
    }
}
