//! An instrument with its own rules: how it enters into force, how it is denounced, what may be reserved, what is
//! reported. One file `fixtures/instruments/<slug>.toml` is one instrument; this is its shape.

use super::dates::{add_days, add_months, first_of_next_month};
use super::ids::{InstrumentCode, ProvisionId, ThemeCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Not checked against a second source, or contradicted.
    Low,
    /// One good source, or general knowledge.
    Medium,
    /// The depositary's own page, or the text itself.
    High,
}

impl Confidence {
    /// The word used in files and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A text in the six official languages of the United Nations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SixLanguages {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
    /// Spanish.
    pub es: String,
    /// Arabic.
    pub ar: String,
    /// Russian.
    pub ru: String,
    /// Chinese.
    pub zh: String,
}

impl SixLanguages {
    /// The text in that language (ISO 639-1), or in English where the code is none of the six.
    #[must_use]
    pub fn in_language(&self, code: &str) -> &str {
        match code {
            "fr" => &self.fr,
            "es" => &self.es,
            "ar" => &self.ar,
            "ru" => &self.ru,
            "zh" => &self.zh,
            _ => &self.en,
        }
    }

    /// All six, English first.
    #[must_use]
    pub fn all(&self) -> [&str; 6] {
        [&self.en, &self.fr, &self.es, &self.ar, &self.ru, &self.zh]
    }
}

/// The body that monitors an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Such as `CMW`; empty where there is none.
    #[serde(default)]
    pub code: String,
    /// Its name, or why there is none.
    pub name: String,
}

/// The shapes of the clauses on entry into force for a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The n-th day after deposit; the day of deposit is day 0.
    DaysAfter,
    /// n months after deposit, or the last day of that month.
    MonthsAfter,
    /// The first day of the month following n months after deposit.
    FirstOfMonthAfterMonths,
    /// The day of deposit.
    OnDeposit,
}

/// When an instrument enters into force for one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryIntoForceRule {
    /// The shape of the clause.
    pub kind: EntryKind,
    /// Its number of days or months.
    #[serde(default)]
    pub n: u32,
    /// The clause in plain words.
    pub text: String,
    /// Where it stands.
    pub article: String,
    /// How sure.
    pub confidence: Confidence,
}

impl EntryIntoForceRule {
    /// The date on which the instrument enters into force for a state that deposited on that day, before the floor of
    /// the general entry into force.
    #[must_use]
    pub fn apply(&self, deposit: NaiveDate) -> NaiveDate {
        match self.kind {
            EntryKind::DaysAfter => add_days(deposit, self.n),
            EntryKind::MonthsAfter => add_months(deposit, self.n),
            EntryKind::FirstOfMonthAfterMonths => first_of_next_month(add_months(deposit, self.n)),
            EntryKind::OnDeposit => deposit,
        }
    }
}

/// When a denunciation may be made and when it takes effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenunciationRule {
    /// The shape of the clause: as for entry into force.
    pub kind: EntryKind,
    /// Its number of months.
    pub n: u32,
    /// The clause in plain words.
    pub text: String,
    /// Where it stands.
    pub article: String,
    /// How sure.
    pub confidence: Confidence,
    /// Not before so many years after entry into force for the state (ICRMW art. 89(1)).
    #[serde(default)]
    pub not_before_years: u32,
    /// ILO conventions: first open so many years after the first entry into force of the convention, for one year.
    #[serde(default)]
    pub window_first_years: u32,
    /// The date from which the windows are counted, where it is not the instrument's own entry into force (P029 art. 9).
    #[serde(default)]
    pub window_from: Option<NaiveDate>,
    /// ILO conventions: then again every so many years, for one year.
    #[serde(default)]
    pub window_every_years: u32,
}

impl DenunciationRule {
    /// The date on which a denunciation received that day takes effect.
    #[must_use]
    pub fn takes_effect(&self, received: NaiveDate) -> NaiveDate {
        match self.kind {
            EntryKind::DaysAfter => add_days(received, self.n),
            EntryKind::MonthsAfter => add_months(received, self.n),
            EntryKind::FirstOfMonthAfterMonths => first_of_next_month(add_months(received, self.n)),
            EntryKind::OnDeposit => received,
        }
    }

    /// The first day from `asked` on at which a denunciation may be made by a state for which the instrument has been in
    /// force since `in_force`; `general` is the first entry into force of the instrument itself.
    #[must_use]
    pub fn open_from(&self, asked: NaiveDate, in_force: NaiveDate, general: NaiveDate) -> NaiveDate {
        let earliest = asked.max(add_months(in_force, self.not_before_years.saturating_mul(12)));
        if self.window_first_years == 0 {
            return earliest;
        }
        let general = self.window_from.unwrap_or(general);
        let mut years = self.window_first_years;
        loop {
            let opens = add_months(general, years.saturating_mul(12));
            let closes = add_months(opens, 12);
            if earliest <= opens || self.window_every_years == 0 {
                return opens.max(earliest);
            }
            // Registered “within the year following” the period: the last day is still inside.
            if earliest <= closes {
                return earliest;
            }
            years = years.saturating_add(self.window_every_years);
        }
    }
}

/// Which reservations the instrument itself forbids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReservationRule {
    /// Articles to which no reservation may be made, as in `1; 3; 16(1); 36-46`.
    #[serde(default)]
    pub prohibited_articles: String,
    /// No part and no category of persons may be excluded (ICRMW art. 88).
    #[serde(default)]
    pub parts_prohibited: bool,
    /// No reservation at all.
    #[serde(default)]
    pub none_allowed: bool,
    /// Where it stands.
    pub article: String,
}

/// Parts that a state may leave out when it ratifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionalParts {
    /// Their names, as `Part I` or `Annex II`.
    pub parts: Vec<String>,
    /// Whether all of them may be left out together (C97) or not (C143 art. 16(1)).
    pub all_may_be_excluded: bool,
    /// Where it stands.
    pub article: String,
}

/// The shapes of the clauses on reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// Once, n months after entry into force for the state.
    MonthsAfterEntryIntoForce,
    /// Every n months, counted from the initial report's due date.
    EveryMonths,
    /// Once, on a fixed day of the year after entry into force (ILO Constitution art. 22).
    FollowingYear,
}

/// One kind of report that the instrument asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportRule {
    /// `initial`, `periodic`, or another name.
    pub report: String,
    /// The shape of the clause.
    pub kind: ReportKind,
    /// Its number of months.
    #[serde(default)]
    pub n: u32,
    /// The month, for a fixed day.
    #[serde(default)]
    pub month: u32,
    /// The day of the month, for a fixed day.
    #[serde(default)]
    pub day: u32,
    /// Where it stands.
    pub article: String,
    /// The reason of the date in plain words.
    pub basis: String,
}

/// What a state party reports and since when we hold who reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reporting {
    /// The rule in plain words.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub article: String,
    /// How sure.
    pub confidence: Confidence,
    /// Reports due from this date on are followed; of earlier ones we hold only what is recorded.
    pub history_from: NaiveDate,
    /// The reports.
    #[serde(default)]
    pub reports: Vec<ReportRule>,
}

/// What a duty asks of the state (CESCR General Comment 12, para. 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duty {
    /// Do not interfere.
    Respect,
    /// Keep others from interfering.
    Protect,
    /// Provide.
    Fulfil,
}

/// When a duty must be met (ICESCR art. 2(1); CESCR General Comment 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Realisation {
    /// At once.
    Immediate,
    /// Step by step; steps and non-discrimination at once.
    Progressive,
}

/// One article paragraph of one instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provision {
    /// Such as `ICRMW-22.1`.
    pub id: ProvisionId,
    /// The part of the instrument, where parts matter.
    #[serde(default)]
    pub part: String,
    /// Article number as in the text.
    pub article: String,
    /// Paragraph, where the article has several.
    #[serde(default)]
    pub paragraph: String,
    /// A short name.
    pub label: String,
    /// The duty in our own words.
    pub summary: String,
    /// The right it protects.
    pub theme: ThemeCode,
    /// A second right it touches.
    #[serde(default)]
    pub theme_secondary: Option<ThemeCode>,
    /// Respect, protect or fulfil.
    pub duty: Duty,
    /// Whom it protects.
    pub applies_to: String,
    /// Immediate or progressive.
    pub realisation: Realisation,
    /// Whether it can be graded at all.
    pub gradable: bool,
    /// Why it cannot.
    #[serde(default)]
    pub not_gradable_because: String,
    /// How sure the mapping is.
    pub confidence: Confidence,
    /// An optional clause: it binds only a state that declared so, once so many states have.
    #[serde(default)]
    pub declarations_needed: Option<usize>,
}

/// An instrument with its rules and provisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Such as `ICRMW`.
    pub code: InstrumentCode,
    /// Date of adoption.
    pub adopted: NaiveDate,
    /// General entry into force.
    pub entry_into_force: NaiveDate,
    /// Who keeps the ratifications.
    pub depositary: String,
    /// Its number in the UN Treaty Collection; empty for others.
    #[serde(default)]
    pub untc_chapter: String,
    /// Where these facts come from.
    pub source: String,
    /// The date of that source.
    pub source_date: String,
    /// How sure.
    pub confidence: Confidence,
    /// The official title.
    pub title: SixLanguages,
    /// A short name.
    pub short: SixLanguages,
    /// Who monitors it.
    pub body: Body,
    /// Entry into force for a state.
    pub entry_into_force_rule: EntryIntoForceRule,
    /// Denunciation; none where the instrument has no such clause.
    #[serde(default)]
    pub denunciation_rule: Option<DenunciationRule>,
    /// Reports.
    pub reporting: Reporting,
    /// Forbidden reservations.
    #[serde(default)]
    pub reservation_rule: Option<ReservationRule>,
    /// Parts that may be left out.
    #[serde(default)]
    pub optional_parts: Option<OptionalParts>,
    /// The provisions, in order.
    pub provisions: Vec<Provision>,
}
