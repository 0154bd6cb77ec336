//! When the next report is due, from the treaty's own clause, what was submitted, and what a treaty body set.
//!
//! Order of authority (METHOD, section 4): a date set by the treaty body; the interval from the last due date; the
//! initial period from entry into force for the state. Months are added to the anchor, not step by step. Every date
//! says which of them produced it.

use super::dates::{PartialDate, add_months};
use super::ids::{InstrumentCode, StateCode};
use super::instruments::{Confidence, Instrument, ReportKind, ReportRule};
use super::participation::{Participation, Status as PartyStatus};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// One report as it is known: what was due, submitted, considered and concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRecord {
    /// `initial`, `periodic 2`, `periodic 2-3`, `initial and periodic 1-3`.
    pub cycle: String,
    /// Symbol of the report.
    #[serde(default)]
    pub symbol: String,
    /// A due date that a document states.
    #[serde(default)]
    pub due: Option<PartialDate>,
    /// The document that set it.
    #[serde(default)]
    pub due_set_by: String,
    /// When it was submitted.
    #[serde(default)]
    pub submitted: Option<PartialDate>,
    /// The days of the review, as text.
    #[serde(default)]
    pub considered: String,
    /// The session of the treaty body.
    #[serde(default)]
    pub session: String,
    /// Reviewed without a report.
    #[serde(default)]
    pub in_absence: bool,
    /// Symbol of the concluding observations.
    #[serde(default)]
    pub co_symbol: String,
    /// When they were adopted.
    #[serde(default)]
    pub co_date: Option<PartialDate>,
    /// How that date is known.
    #[serde(default)]
    pub co_date_basis: String,
    /// Where we know it from.
    #[serde(default)]
    pub source: String,
    /// The date of that source.
    #[serde(default)]
    pub source_date: Option<PartialDate>,
    /// How sure.
    pub confidence: Confidence,
    /// A remark.
    #[serde(default)]
    pub note: String,
}

/// A name of a reporting cycle that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a cycle: write initial, periodic 2, periodic 2-3, or initial and periodic 1-3")]
pub struct InvalidCycle(pub String);

/// The first and last report number of a cycle: `periodic 2-3` is `(2, 3)`; the initial report is number 1.
///
/// # Errors
/// When the text has another shape.
pub fn cycle_numbers(cycle: &str) -> Result<(u32, u32), InvalidCycle> {
    let invalid = || InvalidCycle(cycle.to_owned());
    if cycle == "initial" {
        return Ok((1, 1));
    }
    let numbers = cycle
        .strip_prefix("initial and ")
        .unwrap_or(cycle)
        .strip_prefix("periodic ")
        .ok_or_else(invalid)?;
    let (from, to) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let (from, to): (u32, u32) = (from.parse().map_err(|_| invalid())?, to.parse().map_err(|_| invalid())?);
    let from = if cycle.starts_with("initial") { 1 } else { from };
    if from == 0 || to < from || to > 99 {
        Err(invalid())
    } else {
        Ok((from, to))
    }
}

impl ReportRecord {
    fn numbers(&self) -> Option<(u32, u32)> {
        cycle_numbers(&self.cycle).ok()
    }

    fn known(date: Option<PartialDate>, as_of: NaiveDate) -> bool {
        date.is_some_and(|date| date.latest() <= as_of)
    }

    fn reviewed_by(&self, as_of: NaiveDate) -> bool {
        Self::known(self.co_date, as_of)
    }

    fn submitted_by(&self, as_of: NaiveDate) -> bool {
        Self::known(self.submitted, as_of)
    }
}

/// Where a due date stands on a date. “Overdue” is a calendar fact and carries no judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeadlineStatus {
    /// More than twelve months away.
    Upcoming,
    /// Within twelve months.
    Due,
    /// The day has passed and nothing was submitted that we know of.
    Overdue,
    /// Submitted, awaiting review.
    Submitted,
    /// Concluding observations were adopted.
    Reviewed,
}

impl DeadlineStatus {
    /// The word used in files, answers and on pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Submitted => "submitted",
            Self::Reviewed => "reviewed",
        }
    }
}

/// How firm a due date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// From the treaty's interval, without a reporting history: the treaty body may have set another date. Never called
    /// overdue, never reminded of.
    Indicative,
    /// From the treaty's clause and what we hold.
    Statutory,
    /// Set by the treaty body.
    Set,
}

impl Certainty {
    /// The word used in files and answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Indicative => "indicative",
            Self::Statutory => "statutory",
            Self::Set => "set",
        }
    }
}

/// One report owed by one state by one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Who owes it.
    pub state: StateCode,
    /// Under which instrument.
    pub instrument: InstrumentCode,
    /// `initial`, `periodic 2`, `national preventive mechanism`, …
    pub report: String,
    /// By when.
    pub due: NaiveDate,
    /// Why that date, with its article.
    pub basis: String,
    /// The document that set it, where one did.
    pub set_by: Option<String>,
    /// Where it stands.
    pub status: DeadlineStatus,
    /// Days from the date asked to the due date; negative once it has passed.
    pub days: i64,
    /// How firm the date is.
    pub certainty: Certainty,
    /// When the report was submitted.
    pub submitted: Option<PartialDate>,
    /// Symbol of the concluding observations.
    pub concluding_observations: Option<String>,
}

/// The deadlines of one state under one instrument as known on `as_of`: past ones and the next, oldest first.
#[must_use]
pub fn deadlines(
    instrument: &Instrument,
    state: &StateCode,
    participation: &Participation,
    records: &[ReportRecord],
    as_of: NaiveDate,
) -> Vec<Deadline> {
    let bound = matches!(
        participation.status,
        PartyStatus::Party | PartyStatus::PartyNotYetInForce
    );
    if !bound {
        return Vec::new();
    }
    let schedule = Schedule {
        instrument,
        state,
        records,
        as_of,
        in_force: participation,
    };
    let mut found = schedule.once();
    found.extend(schedule.cycle());
    found.sort_by(|a, b| (a.due, &a.report).cmp(&(b.due, &b.report)));
    found
}

struct Schedule<'a> {
    instrument: &'a Instrument,
    state: &'a StateCode,
    records: &'a [ReportRecord],
    as_of: NaiveDate,
    in_force: &'a Participation,
}

/// A point of the calendar from which intervals are counted.
#[derive(Clone, Copy)]
struct Anchor {
    number: u32,
    date: NaiveDate,
}

impl Schedule<'_> {
    fn rule(&self, report: &str) -> Option<&ReportRule> {
        self.instrument
            .reporting
            .reports
            .iter()
            .find(|rule| rule.report == report)
    }

    /// The reports that are owed once and stand outside the cycle of initial and periodic reports.
    fn once(&self) -> Vec<Deadline> {
        let others = self
            .instrument
            .reporting
            .reports
            .iter()
            .filter(|rule| !["initial", "periodic"].contains(&rule.report.as_str()));
        others
            .filter_map(|rule| {
                let due = self.first_due(rule)?;
                let record = self.records.iter().find(|record| record.cycle == rule.report);
                (record.is_some() || self.is_followed(due))
                    .then(|| self.deadline(&rule.report, due, basis(rule), None, record))
            })
            .collect()
    }

    /// The date that a clause counted from entry into force gives.
    fn first_due(&self, rule: &ReportRule) -> Option<NaiveDate> {
        let since = self.in_force.in_force_since?;
        match rule.kind {
            ReportKind::MonthsAfterEntryIntoForce => since.day().map(|day| add_months(day, rule.n)),
            ReportKind::FollowingYear if since.earliest.year() == since.latest.year() => {
                NaiveDate::from_ymd_opt(since.earliest.year() + 1, rule.month, rule.day)
            }
            ReportKind::FollowingYear | ReportKind::EveryMonths => None,
        }
    }

    /// Whether a date without any record may be shown: we hold who reported only from a date on, and before it silence
    /// says nothing.
    fn is_followed(&self, due: NaiveDate) -> bool {
        due >= self.as_of.min(self.instrument.reporting.history_from)
    }

    /// The initial report and the periodic ones.
    fn cycle(&self) -> Vec<Deadline> {
        let Some(initial) = self.rule("initial") else {
            return Vec::new();
        };
        let Some(initial_due) = self.first_due(initial) else {
            return self.recorded_only();
        };
        let mut found = Vec::new();
        let first = self.record_of(1);
        let set = first.and_then(|record| self.set_date(record));
        let anchor = Anchor {
            number: 1,
            date: set.map_or(initial_due, |(date, _)| date),
        };
        let followed = first.is_some() || self.is_followed(anchor.date);
        if followed {
            let reason = set.map_or_else(|| basis(initial), |(_, by)| set_basis(by));
            found.push(self.deadline("initial", anchor.date, reason, set.map(|(_, by)| by), first));
        }
        match self.rule("periodic") {
            Some(periodic) if followed || !self.records.is_empty() => {
                found.extend(self.periodic(periodic, anchor, first))
            }
            Some(periodic) => found.extend(self.indicative(periodic, anchor)),
            None => found.extend(self.later_records(1)),
        }
        found
    }

    /// The chain of periodic reports from the anchor: each set date is a new anchor, and a review absorbs the statutory
    /// dates up to its concluding observations.
    fn periodic(&self, rule: &ReportRule, start: Anchor, first: Option<&ReportRecord>) -> Vec<Deadline> {
        let (mut found, mut anchor) = (Vec::new(), start);
        let mut last = start;
        let mut reviewed = first
            .filter(|record| record.reviewed_by(self.as_of))
            .and_then(|record| record.co_date);
        if let Some((_, to)) = first.and_then(ReportRecord::numbers) {
            last = covered(rule, last, to);
        }
        loop {
            let number = last.number + 1;
            let record = self.record_of(number);
            let set = record.and_then(|record| self.set_date(record));
            let due = match set {
                Some((date, _)) => date,
                None => self.next_on_grid(rule, anchor, last, reviewed),
            };
            if let Some((date, _)) = set {
                anchor = Anchor { number, date };
            }
            let is_last = record.is_none() && due > self.as_of;
            let reason = match set {
                Some((_, by)) => set_basis(by),
                None if reviewed.is_some() && record.is_none() => {
                    format!(
                        "{}; a date set in the concluding observations would replace it, none is held",
                        basis(rule)
                    )
                }
                None => basis(rule),
            };
            let to = record.and_then(ReportRecord::numbers).map_or(number, |(_, to)| to);
            let name = record.map_or_else(|| format!("periodic {number}"), |record| record.cycle.clone());
            found.push(self.deadline(&name, due, reason, set.map(|(_, by)| by), record));
            last = covered(rule, Anchor { number, date: due }, to);
            reviewed = record
                .filter(|record| record.reviewed_by(self.as_of))
                .and_then(|record| record.co_date)
                .or(reviewed);
            if is_last || number > 60 {
                return found;
            }
        }
    }

    /// The first statutory date after the last due date and after the last review.
    fn next_on_grid(
        &self,
        rule: &ReportRule,
        anchor: Anchor,
        last: Anchor,
        reviewed: Option<PartialDate>,
    ) -> NaiveDate {
        let floor = reviewed.map_or(last.date, |date| date.latest().max(last.date));
        let mut steps = 1;
        loop {
            let date = add_months(anchor.date, rule.n.max(1).saturating_mul(steps));
            if date > floor || steps > 600 {
                return date;
            }
            steps += 1;
        }
    }

    /// The treaty's rhythm where we hold no reporting history: the next date only.
    fn indicative(&self, rule: &ReportRule, anchor: Anchor) -> Option<Deadline> {
        let due = self.next_on_grid(
            rule,
            anchor,
            Anchor {
                date: anchor.date.max(self.as_of.pred_opt()?),
                ..anchor
            },
            None,
        );
        let reason = format!(
            "{}; the treaty body may have set another date, which is not held",
            basis(rule)
        );
        let mut deadline = self.deadline("periodic", due, reason, None, None);
        deadline.certainty = Certainty::Indicative;
        Some(deadline)
    }

    /// Where the date of entry into force is not known, only what was recorded can be shown.
    fn recorded_only(&self) -> Vec<Deadline> {
        self.later_records(0)
    }

    fn later_records(&self, after: u32) -> Vec<Deadline> {
        let records = self
            .records
            .iter()
            .filter(|record| record.numbers().is_some_and(|(from, _)| from > after));
        records
            .filter_map(|record| {
                let (date, by) = self.set_date(record)?;
                Some(self.deadline(&record.cycle, date, set_basis(by), Some(by), Some(record)))
            })
            .collect()
    }

    /// The record that covers a report number: of several, the initial report's own for number 1, else the widest.
    fn record_of(&self, number: u32) -> Option<&ReportRecord> {
        let spans = |record: &ReportRecord| record.numbers().is_some_and(|(from, to)| (from..=to).contains(&number));
        let known = |record: &&ReportRecord| {
            record.reviewed_by(self.as_of)
                || record.submitted_by(self.as_of)
                || self.set_date(record).is_some()
                || record.symbol_only()
        };
        let covering = self.records.iter().filter(|record| spans(record)).filter(known);
        let width = |record: &&ReportRecord| record.numbers().map_or(0, |(from, to)| to - from);
        if number == 1 {
            covering.min_by_key(width)
        } else {
            covering.max_by_key(width)
        }
    }

    /// A due date stated by a document, where its day is known.
    fn set_date<'r>(&self, record: &'r ReportRecord) -> Option<(NaiveDate, &'r str)> {
        let date = record.due?.day()?;
        Some((
            date,
            if record.due_set_by.is_empty() {
                "the treaty body"
            } else {
                &record.due_set_by
            },
        ))
    }

    fn deadline(
        &self,
        report: &str,
        due: NaiveDate,
        basis: String,
        by: Option<&str>,
        record: Option<&ReportRecord>,
    ) -> Deadline {
        let days = (due - self.as_of).num_days();
        let reviewed = record.filter(|record| record.reviewed_by(self.as_of));
        let submitted = record
            .filter(|record| record.submitted_by(self.as_of))
            .and_then(|record| record.submitted);
        let status = match () {
            () if reviewed.is_some() => DeadlineStatus::Reviewed,
            () if submitted.is_some() => DeadlineStatus::Submitted,
            () if days < 0 => DeadlineStatus::Overdue,
            () if due <= add_months(self.as_of, 12) => DeadlineStatus::Due,
            () => DeadlineStatus::Upcoming,
        };
        Deadline {
            state: self.state.clone(),
            instrument: self.instrument.code.clone(),
            report: report.to_owned(),
            due,
            basis,
            set_by: by.map(str::to_owned),
            status,
            days,
            certainty: if by.is_some() {
                Certainty::Set
            } else {
                Certainty::Statutory
            },
            submitted,
            concluding_observations: reviewed
                .map(|r| r.co_symbol.clone())
                .filter(|symbol| !symbol.is_empty()),
        }
    }
}

impl ReportRecord {
    /// Nothing is dated: the record says only that the cycle exists.
    fn symbol_only(&self) -> bool {
        self.co_date.is_none() && self.submitted.is_none() && self.due.is_none()
    }
}

/// A combined report covers the dates of all its numbers.
fn covered(rule: &ReportRule, first: Anchor, to: u32) -> Anchor {
    let more = to.saturating_sub(first.number);
    Anchor {
        number: first.number + more,
        date: add_months(first.date, rule.n.saturating_mul(more)),
    }
}

fn basis(rule: &ReportRule) -> String {
    format!("{}, {}", rule.basis, rule.article)
}

fn set_basis(by: &str) -> String {
    format!("date set by {by}")
}
