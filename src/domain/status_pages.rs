//! What a depositary's status page says of one treaty, and how it differs from what is held. Nothing is applied here: a
//! difference is a proposal in words.

mod texts;

use super::dates::PartialDate;
use super::ids::{InstrumentCode, StateCode};
use super::instruments::Instrument;
use super::participation::{ActionKind, TreatyAction};
use super::reference::Reference;
use super::reservations::Reservation;
use super::summaries::World;
use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// What a depositary prints beside a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Signed.
    Signature,
    /// Succeeded to a signature (d).
    SuccessionToSignature,
    /// Signed without the need to ratify (s).
    DefinitiveSignature,
    /// Ratified.
    Ratification,
    /// Acceded (a).
    Accession,
    /// Succeeded (d).
    Succession,
    /// Accepted (A).
    Acceptance,
    /// Approved (AA).
    Approval,
    /// Confirmed formally (c): the word for organisations.
    FormalConfirmation,
}

impl Act {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::SuccessionToSignature => "succession to signature",
            Self::DefinitiveSignature => "definitive signature",
            Self::Ratification => "ratification",
            Self::Accession => "accession",
            Self::Succession => "succession",
            Self::Acceptance => "acceptance",
            Self::Approval => "approval",
            Self::FormalConfirmation => "formal confirmation",
        }
    }

    /// The treaty action it is here; none where we have no such kind.
    #[must_use]
    pub fn kind(self) -> Option<ActionKind> {
        match self {
            Self::Signature => Some(ActionKind::Signature),
            Self::SuccessionToSignature => Some(ActionKind::SuccessionToSignature),
            Self::Ratification => Some(ActionKind::Ratification),
            Self::Accession => Some(ActionKind::Accession),
            Self::Succession => Some(ActionKind::Succession),
            Self::Acceptance | Self::Approval => Some(ActionKind::Acceptance),
            Self::DefinitiveSignature | Self::FormalConfirmation => None,
        }
    }
}

impl Serialize for Act {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// A status page, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusPage {
    /// Which treaty.
    pub instrument: InstrumentCode,
    /// Its title as printed.
    pub title: String,
    /// The day for which the page speaks.
    pub status_as_at: Option<NaiveDate>,
    /// How many signatories it prints.
    pub signatories_printed: Option<u32>,
    /// How many were counted.
    pub signatories_counted: u32,
    /// How many parties it prints.
    pub parties_printed: Option<u32>,
    /// How many were counted.
    pub parties_counted: u32,
    /// One row for each participant.
    pub rows: Vec<StatusRow>,
    /// What could not be understood.
    pub unread: Vec<Unread>,
    /// What a reader must know: counts that differ, a page cut short.
    pub notes: Vec<String>,
    /// Its end was there: of a page cut short nobody can say what it does not have.
    pub is_whole: bool,
}

/// One participant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StatusRow {
    /// Our code; none for an organisation or a former state.
    pub state: Option<StateCode>,
    /// The name as printed, without footnotes.
    pub name: String,
    /// When it signed.
    pub signature_date: Option<NaiveDate>,
    /// `signature` or `succession to signature`.
    pub signature_kind: Option<Act>,
    /// Its signature is printed in brackets.
    #[serde(skip)]
    pub signature_withdrawn: bool,
    /// How it consented to be bound.
    pub action: Option<Act>,
    /// When.
    pub action_date: Option<NaiveDate>,
    /// Printed in brackets: no longer bound.
    pub withdrawn: bool,
    /// Denunciations, and reservations taken back, as the footnotes tell.
    pub withdrawals: Vec<Withdrawal>,
    /// Declarations and reservations.
    pub declarations: Vec<Statement>,
    /// Objections to those of others.
    pub objections: Vec<Statement>,
    /// Notifications.
    pub notifications: Vec<Statement>,
    /// The footnotes that its name or its texts carry.
    pub footnotes: Vec<Footnote>,
}

/// What a state declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The heading it stands under.
    pub section: String,
    /// Its own heading, such as “Reservation”.
    pub title: Option<String>,
    /// Its own date; none where it was made together with the action.
    pub date: Option<NaiveDate>,
    /// Its text.
    pub text: String,
}

/// A footnote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Footnote {
    /// Its number.
    pub mark: String,
    /// Its text.
    pub text: String,
}

/// What was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawn {
    /// The participation itself.
    Treaty,
    /// A reservation, declaration or objection.
    Statement,
}

/// Something taken back, as a footnote tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawal {
    /// What.
    pub of: Withdrawn,
    /// When it was notified.
    pub date: NaiveDate,
    /// From when it takes effect, where that is said.
    pub effect_date: Option<NaiveDate>,
    /// The number of the footnote.
    pub footnote: String,
}

/// A row that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its text.
    pub text: String,
    /// Why, and how to mend it.
    pub why: String,
}

/// How page and database differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// The page has it, the database not.
    MissingHere,
    /// The database has it, the page not.
    MissingThere,
    /// Another date.
    OtherDate,
    /// Another action.
    OtherAction,
    /// One of them says that the state is no longer bound.
    Withdrawn,
}

impl DifferenceKind {
    /// The word used in files and answers.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::OtherDate => "other_date",
            Self::OtherAction => "other_action",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One difference, as a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which kind.
    pub kind: DifferenceKind,
    /// `signature`, `action`, `denunciation`, `declarations` or `withdrawal`.
    pub about: &'static str,
    /// Whose.
    pub state: StateCode,
    /// Its name.
    pub name: String,
    /// What the page says.
    pub theirs: Option<String>,
    /// What is held.
    pub ours: Option<String>,
    /// Where we have it from.
    pub our_source: Option<String>,
    /// What could be done, in a sentence.
    pub proposal: String,
    /// The treaty action that could be recorded, where one follows.
    #[serde(skip)]
    pub record: Option<(ActionKind, NaiveDate)>,
}

impl StatusPage {
    /// What differs from what is held, in the order of the state codes.
    #[must_use]
    pub fn compare(&self, instrument: &Instrument, reference: &Reference, world: &World) -> Vec<Difference> {
        let mut rows: BTreeMap<&StateCode, &StatusRow> = BTreeMap::new();
        for row in &self.rows {
            if let Some(state) = &row.state {
                rows.entry(state).or_insert(row);
            }
        }
        let held = |state: &StateCode| -> Vec<&TreatyAction> {
            let facts = world.facts(state).and_then(|facts| facts.actions.get(&instrument.code));
            let known = |action: &&TreatyAction| {
                // What was deposited after the day of the page cannot be on it.
                let (date, day) = (action.date.map(PartialDate::earliest), self.status_as_at);
                date.zip(day).is_none_or(|(date, day)| date <= day)
            };
            facts.map_or_else(Vec::new, |list| list.iter().filter(known).collect())
        };
        let texts = |state: &StateCode| -> Vec<&Reservation> {
            let all = world.reservations(state, &instrument.code).iter();
            all.filter(|one| !one.kind.contains("objection")).collect()
        };
        let holders = reference.states().map(|state| &state.iso3);
        let states: BTreeSet<&StateCode> = rows.keys().copied().chain(holders).collect();
        let mut found = Vec::new();
        for state in states {
            let name = match (rows.get(state), reference.state(state)) {
                (Some(row), _) => row.name.as_str(),
                (None, Some(state)) => state.name.en.as_str(),
                (None, None) => state.as_str(),
            };
            let mut one = OneState {
                page: self,
                state,
                name,
                row: rows.get(state).copied(),
                held: held(state),
                found: Vec::new(),
            };
            one.signature();
            one.action();
            one.denunciations();
            let texts = texts(state);
            let on = |one: &Reservation| self.status_as_at.is_none_or(|day| one.stands_on(day));
            let standing: Vec<&Reservation> = texts.iter().copied().filter(|one| on(one)).collect();
            one.declarations(&standing);
            one.new_texts(&standing);
            one.withdrawals(&texts);
            found.append(&mut one.found);
        }
        found
    }
}

/// The comparison of one state.
struct OneState<'a> {
    page: &'a StatusPage,
    state: &'a StateCode,
    name: &'a str,
    row: Option<&'a StatusRow>,
    held: Vec<&'a TreatyAction>,
    found: Vec<Difference>,
}

impl OneState<'_> {
    fn signature(&mut self) {
        let theirs = self.row.and_then(|row| row.signature_kind.zip(row.signature_date));
        let is_signature = |kind| matches!(kind, ActionKind::Signature | ActionKind::SuccessionToSignature);
        let ours: Vec<&TreatyAction> = self.held.iter().copied().filter(|a| is_signature(a.kind)).collect();
        self.one_of("signature", theirs, &ours);
    }

    fn action(&mut self) {
        let theirs = self.row.and_then(|row| row.action.zip(row.action_date));
        let ours: Vec<&TreatyAction> = self.held.iter().copied().filter(|a| a.kind.is_consent()).collect();
        self.one_of("action", theirs, &ours);
    }

    /// What the page prints, against all that is held of that sort: a state that left and came back has two.
    fn one_of(&mut self, about: &'static str, theirs: Option<(Act, NaiveDate)>, ours: &[&TreatyAction]) {
        let same_date = |action: &&&TreatyAction, date: NaiveDate| action.date == Some(PartialDate::Day(date));
        let Some((act, date)) = theirs else {
            if let Some(last) = ours.last() {
                self.add(DifferenceKind::MissingThere, about, None, Some(last), None);
            }
            return;
        };
        let record = act.kind().map(|kind| (kind, date));
        let on_that_day = ours.iter().find(|action| same_date(action, date));
        let told = Some((act, date));
        match (on_that_day, ours.last()) {
            (Some(action), _) if act.kind().is_none_or(|kind| kind == action.kind) => {}
            (Some(action), _) => self.add(DifferenceKind::OtherAction, about, told, Some(action), record),
            (None, Some(last)) => self.add(DifferenceKind::OtherDate, about, told, Some(last), record),
            (None, None) => self.add(DifferenceKind::MissingHere, about, told, None, record),
        }
    }

    fn denunciations(&mut self) {
        let ours: Vec<&TreatyAction> = self
            .held
            .iter()
            .copied()
            .filter(|action| action.kind == ActionKind::Denunciation)
            .collect();
        let last_consent = self.held.iter().filter(|a| a.kind.is_consent()).map(|a| a.period).max();
        let ended_here = ours.iter().map(|action| action.period).max() >= last_consent && last_consent.is_some();
        let Some(row) = self.row.filter(|row| row.action.is_some()) else {
            return;
        };
        let left: Vec<&Withdrawal> = row
            .withdrawals
            .iter()
            .filter(|one| one.of == Withdrawn::Treaty)
            .collect();
        for one in &left {
            let held = ours
                .iter()
                .any(|action| action.date == Some(PartialDate::Day(one.date)));
            if !held {
                let record = Some((ActionKind::Denunciation, one.date));
                let theirs = format!("denunciation of {}{}", one.date, effect(one));
                let proposal = format!(
                    "{}: the depositary's footnote {} tells of a denunciation notified on {}{}; none of that date is held. Record it, or correct ours.",
                    self.name,
                    one.footnote,
                    one.date,
                    effect(one)
                );
                self.push(
                    DifferenceKind::Withdrawn,
                    "denunciation",
                    Some(theirs),
                    ours.last().copied(),
                    proposal,
                    record,
                );
            }
        }
        if row.withdrawn == ended_here || self.found.iter().any(|one| one.about != "signature") {
            return;
        }
        let (theirs, proposal) = if row.withdrawn {
            let why = "is printed in brackets, so no longer a party, and here it counts as bound. Look for its denunciation in the footnotes and record it.";
            ("no longer a party", format!("{} {why}", self.name))
        } else {
            let why = "is printed as a party, and here it counts as having left. Look whether it came back, and when.";
            ("a party", format!("{} {why}", self.name))
        };
        let ours = if row.withdrawn {
            self.held.iter().rev().find(|a| a.kind.is_consent())
        } else {
            ours.last()
        };
        let ours = ours.copied();
        self.push(
            DifferenceKind::Withdrawn,
            "denunciation",
            Some(theirs.to_owned()),
            ours,
            proposal,
            None,
        );
    }

    /// Whether there are any on one side only: how a text is cut into parts differs too much to count them.
    fn declarations(&mut self, ours: &[&Reservation]) {
        let printed = self.row.map_or(&[][..], |row| row.declarations.as_slice());
        let (kind, theirs, held) = match (printed.first(), ours.first()) {
            (Some(first), None) => {
                let title = first.title.as_deref().unwrap_or(&first.section);
                (
                    DifferenceKind::MissingHere,
                    Some(format!("{} ({title})", texts(printed.len()))),
                    None,
                )
            }
            (None, Some(first)) if self.page.is_whole => (DifferenceKind::MissingThere, None, Some(*first)),
            _ => return,
        };
        let proposal = match held {
            None => format!(
                "{}: the depositary has declarations or reservations, none is held here. Read them, and add each with its effect.",
                self.name
            ),
            Some(first) => format!(
                "{}: here {} held (source {}), the depositary has none. Look whether they were withdrawn.",
                self.name,
                if ours.len() == 1 {
                    "a declaration or reservation is"
                } else {
                    "declarations or reservations are"
                },
                first.source
            ),
        };
        self.found.push(Difference {
            kind,
            about: "declarations",
            state: self.state.clone(),
            name: self.name.to_owned(),
            theirs,
            ours: held.map(|_| texts(ours.len())),
            our_source: held.map(|first| first.source.clone()),
            proposal,
            record: None,
        });
    }

    fn add(
        &mut self,
        kind: DifferenceKind,
        about: &'static str,
        theirs: Option<(Act, NaiveDate)>,
        ours: Option<&TreatyAction>,
        record: Option<(ActionKind, NaiveDate)>,
    ) {
        let printed = theirs.map(|(act, date)| format!("{} of {date}", act.word()));
        let there = printed.as_deref().unwrap_or("nothing");
        let here = ours.map_or_else(|| "nothing".to_owned(), held_words);
        let source = ours.map_or_else(String::new, |action| format!(" (source {})", action.source));
        let advice = match kind {
            DifferenceKind::MissingHere => "Record it.",
            DifferenceKind::MissingThere if self.page.unread.is_empty() => {
                "Look whether ours is right; a page never proves that something was not done."
            }
            DifferenceKind::MissingThere => {
                "Look first among the rows of the page that could not be read, then whether ours is right."
            }
            _ => "Find out who is right, then correct ours.",
        };
        let proposal = format!(
            "{}: the depositary has {there}, held here is {here}{source}. {advice}",
            self.name
        );
        self.push(kind, about, printed, ours, proposal, record);
    }

    fn push(
        &mut self,
        kind: DifferenceKind,
        about: &'static str,
        theirs: Option<String>,
        ours: Option<&TreatyAction>,
        proposal: String,
        record: Option<(ActionKind, NaiveDate)>,
    ) {
        self.found.push(Difference {
            kind,
            about,
            state: self.state.clone(),
            name: self.name.to_owned(),
            theirs,
            ours: ours.map(held_words),
            our_source: ours.map(|action| action.source.clone()),
            proposal,
            record,
        });
    }
}

fn texts(number: usize) -> String {
    match number {
        1 => "one text".to_owned(),
        more => format!("{more} texts"),
    }
}

fn held_words(action: &TreatyAction) -> String {
    match action.date {
        Some(date) => format!("{} of {date}", action.kind.word()),
        None => format!("{} without a date", action.kind.word()),
    }
}

fn effect(one: &Withdrawal) -> String {
    one.effect_date
        .map_or_else(String::new, |date| format!(" with effect from {date}"))
}
