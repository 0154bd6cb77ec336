//! Lawyers' cases: given → expected. The tables stand in `fixtures/cases/*.toml`; adding a case needs no Rust.

use chrono::NaiveDate;
use serde::Deserialize;
use servanda::domain::dates::PartialDate;
use servanda::domain::deadlines::{DeadlineStatus, ReportRecord, deadlines};
use servanda::domain::ids::{InstrumentCode, ProvisionId, StateCode};
use servanda::domain::instruments::{Confidence, Instrument};
use servanda::domain::obligations::{Acceptances, obligations};
use servanda::domain::participation::{ActionKind, Participation, TreatyAction, participation};
use servanda::domain::reservations::{Effect, Reservation};
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::Path;

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    title: String,
    instrument: InstrumentCode,
    state: String,
    #[serde(default)]
    actions: Vec<GivenAction>,
    #[serde(default)]
    reservations: Vec<GivenReservation>,
    #[serde(default)]
    declarations_elsewhere: u8,
    #[serde(default)]
    reports: Vec<GivenReport>,
    expect: Expect,
}

#[derive(Deserialize)]
struct GivenAction {
    #[serde(default = "first")]
    period: u32,
    kind: ActionKind,
    date: String,
    #[serde(default)]
    effect_date: Option<NaiveDate>,
    #[serde(default)]
    parts_excluded: Vec<String>,
    #[serde(default)]
    source_date: Option<PartialDate>,
}

fn first() -> u32 {
    1
}

#[derive(Deserialize)]
struct GivenReservation {
    articles: String,
    kind: String,
    effect: Effect,
    #[serde(default)]
    date: String,
    #[serde(default)]
    withdrawn: String,
}

#[derive(Deserialize)]
struct GivenReport {
    cycle: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    due_set_by: String,
    #[serde(default)]
    submitted: String,
    #[serde(default)]
    co_symbol: String,
    #[serde(default)]
    co_date: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    as_of: NaiveDate,
    status: Option<String>,
    in_force_since: Option<String>,
    contested_with: Option<NaiveDate>,
    former_since: Option<NaiveDate>,
    bound: Option<Bound>,
    flag: Option<String>,
    denunciation_open_from: Option<NaiveDate>,
    next_report: Option<NextReport>,
    deadline: Option<NextReport>,
}

#[derive(Deserialize)]
struct Bound {
    provision: ProvisionId,
    answer: bool,
    effect: Option<Effect>,
}

#[derive(Deserialize)]
struct NextReport {
    report: String,
    due: String,
    days: Option<i64>,
    status: Option<DeadlineStatus>,
}

fn date(text: &str) -> Option<PartialDate> {
    (!text.is_empty()).then(|| text.parse().expect("a date in a case"))
}

impl Case {
    fn actions(&self) -> Vec<TreatyAction> {
        let snapshot: PartialDate = "2026-02-03".parse().expect("a date");
        let action = |given: &GivenAction| TreatyAction {
            period: given.period,
            kind: given.kind,
            date: date(&given.date),
            effect_date: given.effect_date,
            effect_basis: String::new(),
            parts_excluded: given.parts_excluded.clone(),
            source: "case".to_owned(),
            source_date: given.source_date.unwrap_or(snapshot),
            confidence: Confidence::High,
            note: String::new(),
        };
        self.actions.iter().map(action).collect()
    }

    fn reservations(&self) -> Vec<Reservation> {
        let reservation = |given: &GivenReservation| Reservation {
            id: "case".to_owned(),
            articles: given.articles.clone(),
            kind: given.kind.clone(),
            effect: given.effect,
            gist: "case".to_owned(),
            date: date(&given.date),
            withdrawn: date(&given.withdrawn),
            method: "case".to_owned(),
            source: "case".to_owned(),
            source_date: PartialDate::Year(2026),
            confidence: Confidence::High,
        };
        self.reservations.iter().map(reservation).collect()
    }

    fn reports(&self) -> Vec<ReportRecord> {
        let report = |given: &GivenReport| ReportRecord {
            cycle: given.cycle.clone(),
            symbol: String::new(),
            due: date(&given.due),
            due_set_by: given.due_set_by.clone(),
            submitted: date(&given.submitted),
            considered: String::new(),
            session: String::new(),
            in_absence: false,
            co_symbol: given.co_symbol.clone(),
            co_date: date(&given.co_date),
            co_date_basis: String::new(),
            source: "case".to_owned(),
            source_date: None,
            confidence: Confidence::High,
            note: String::new(),
        };
        self.reports.iter().map(report).collect()
    }

    fn acceptances(&self, instrument: &Instrument, own: &[Reservation]) -> Acceptances {
        let mut all = Acceptances::default();
        let everything = Reservation {
            articles: own.iter().map(|r| r.articles.clone()).collect::<Vec<_>>().join("; "),
            effect: Effect::Accepts,
            date: None,
            withdrawn: None,
            ..self.template()
        };
        for number in 0..self.declarations_elsewhere {
            let state = format!("X{}{}", char::from(b'A' + number / 26), char::from(b'A' + number % 26));
            all.add(
                instrument,
                &state.parse().expect("a code"),
                &everything,
                self.expect.as_of,
            );
        }
        let state: StateCode = self.state.parse().expect("a code");
        own.iter()
            .for_each(|declaration| all.add(instrument, &state, declaration, self.expect.as_of));
        all
    }

    fn template(&self) -> Reservation {
        Reservation {
            id: self.id.clone(),
            articles: String::new(),
            kind: "declaration accepting competence".to_owned(),
            effect: Effect::Accepts,
            gist: String::new(),
            date: None,
            withdrawn: None,
            method: String::new(),
            source: String::new(),
            source_date: PartialDate::Year(2026),
            confidence: Confidence::High,
        }
    }

    /// What is not as expected, one line each.
    fn differences(&self, instrument: &Instrument) -> Vec<String> {
        let (expect, mut found) = (&self.expect, Vec::new());
        let mut compare = |what: &str, expected: String, actual: String| {
            if expected != actual {
                found.push(format!("{what}: expected {expected}, got {actual}"));
            }
        };
        let status = participation(instrument, &self.actions(), expect.as_of);
        let shown = |date: Option<NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
        if let Some(expected) = &expect.status {
            compare("status", expected.clone(), status.status.code().to_owned());
        }
        if let Some(expected) = &expect.in_force_since {
            let actual = status.in_force_since.map_or_else(String::new, |span| span.to_string());
            compare("in force since", expected.clone(), actual);
        }
        if expect.contested_with.is_some() {
            compare(
                "contested with",
                shown(expect.contested_with),
                shown(status.contested_with),
            );
        }
        if expect.former_since.is_some() {
            compare("former since", shown(expect.former_since), shown(status.former_since));
        }
        if let Some(expected) = expect.denunciation_open_from {
            let rule = instrument.denunciation_rule.as_ref().expect("a clause on denunciation");
            let since = status.in_force_since.expect("in force").earliest;
            let actual = rule.open_from(expect.as_of, since, instrument.entry_into_force);
            compare("denunciation open from", expected.to_string(), actual.to_string());
        }
        self.compare_obligations(instrument, &status, &mut compare);
        self.compare_reports(instrument, &status, &mut compare);
        found
    }

    fn compare_obligations(
        &self,
        instrument: &Instrument,
        status: &Participation,
        compare: &mut impl FnMut(&str, String, String),
    ) {
        let own = self.reservations();
        let acceptances = self.acceptances(instrument, &own);
        let all = obligations(instrument, status, &own, &acceptances, self.expect.as_of);
        let mut flags: BTreeSet<String> = status.flags.iter().map(ToString::to_string).collect();
        if own
            .iter()
            .any(|reservation| reservation.forbidden_by(instrument).is_some())
        {
            flags.insert("exclusion prohibited".to_owned());
        }
        if let Some(flag) = &self.expect.flag {
            compare(
                "flag",
                format!("{:?}", BTreeSet::from([flag.clone()])),
                format!("{flags:?}"),
            );
        }
        if let Some(bound) = &self.expect.bound {
            let known = instrument
                .provisions
                .iter()
                .any(|provision| provision.id == bound.provision);
            assert!(known, "{}: there is no provision {}", self.id, bound.provision);
            let found = all.iter().find(|obligation| obligation.provision.id == bound.provision);
            compare(
                "bound",
                bound.answer.to_string(),
                found.is_some_and(|obligation| obligation.binds()).to_string(),
            );
            if bound.effect.is_some() {
                compare(
                    "effect",
                    format!("{:?}", bound.effect),
                    format!("{:?}", found.and_then(|o| o.effect())),
                );
            }
        }
    }

    fn compare_reports(
        &self,
        instrument: &Instrument,
        status: &Participation,
        compare: &mut impl FnMut(&str, String, String),
    ) {
        let state: StateCode = self.state.parse().expect("a code");
        let all = deadlines(instrument, &state, status, &self.reports(), self.expect.as_of);
        let open = |status| !matches!(status, DeadlineStatus::Submitted | DeadlineStatus::Reviewed);
        if let Some(expected) = &self.expect.next_report {
            let next = all.iter().find(|deadline| open(deadline.status));
            compare(
                "next report",
                expected.report.clone(),
                next.map_or_else(String::new, |d| d.report.clone()),
            );
            if expected.due.len() == 10 {
                compare(
                    "due",
                    expected.due.clone(),
                    next.map_or_else(String::new, |d| d.due.to_string()),
                );
            }
            if expected.days.is_some() {
                compare(
                    "days",
                    format!("{:?}", expected.days),
                    format!("{:?}", next.map(|d| d.days)),
                );
            }
            if expected.status.is_some() {
                compare(
                    "report status",
                    format!("{:?}", expected.status),
                    format!("{:?}", next.map(|d| d.status)),
                );
            }
        }
        if let Some(expected) = &self.expect.deadline {
            let found = all.iter().find(|deadline| deadline.report == expected.report);
            compare(
                "deadline",
                expected.due.clone(),
                found.map_or_else(String::new, |d| d.due.to_string()),
            );
        }
    }
}

/// Every instrument as it is shipped.
pub fn instruments() -> HashMap<InstrumentCode, Instrument> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/instruments");
    let files = std::fs::read_dir(folder).expect("fixtures/instruments");
    let read = files.map(|file| {
        let path = file.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let instrument: Instrument =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (instrument.code.clone(), instrument)
    });
    read.collect()
}

fn check(name: &str, least: usize) {
    let instruments = instruments();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases").join(name);
    let file: File = toml::from_str(&std::fs::read_to_string(path).expect("a file of cases")).expect("cases");
    assert!(file.case.len() >= least, "{name} holds only {} cases", file.case.len());
    let mut report = String::new();
    for case in &file.case {
        let instrument = instruments.get(&case.instrument).expect("a known instrument");
        for line in case.differences(instrument) {
            writeln!(report, "{} ({}): {line}", case.id, case.title).expect("text");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn entry_into_force_follows_each_treatys_own_clause() {
    check("entry_into_force.toml", 60);
}

#[test]
fn a_successor_is_bound_from_the_date_of_succession() {
    check("succession.toml", 15);
}

#[test]
fn denunciation_takes_effect_by_its_rule_and_only_when_open() {
    check("denunciation.toml", 40);
}

#[test]
fn reservations_and_parts_change_what_binds() {
    check("reservations_and_parts.toml", 40);
}

#[test]
fn reports_fall_due_by_the_treaty_or_by_the_committee() {
    check("reports.toml", 35);
}
