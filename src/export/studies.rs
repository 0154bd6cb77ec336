//! Coding studies and what they came to, as answers.

use crate::domain::agreement::Refusal;
use crate::domain::causes::Cause;
use crate::domain::studies::{Code, Confusion, Measure, Results, Settlement, Study, StudyCase, StudyStatus};
use serde::Serialize;

/// One study in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StudyAnswer {
    /// Its identity.
    pub id: String,
    /// Its name.
    pub title: String,
    /// `open`, `complete` or `ended`.
    pub status: StudyStatus,
    /// How many cases.
    pub cases: u32,
    /// How many people code.
    pub coders: usize,
    /// How many have finished.
    pub finished: usize,
    /// Whether the engine codes too.
    pub engine: bool,
    /// Where the cases come from.
    pub sample: String,
    /// How many there were to draw from, where not all were taken.
    pub drawn_from: Option<u32>,
    /// The seed of the drawing.
    pub seed: Option<u32>,
    /// The day on which it was opened.
    pub opened: String,
    /// The day on which it was over.
    pub closed: Option<String>,
    /// Why it was ended early.
    pub reason: Option<String>,
}

impl StudyAnswer {
    /// The columns of the table form.
    pub const COLUMNS: &'static [&'static str] = &["id", "title", "status", "cases", "coders", "finished", "opened"];
}

impl From<&Study> for StudyAnswer {
    fn from(study: &Study) -> Self {
        Self {
            id: study.id.to_string(),
            title: study.title.clone(),
            status: study.status,
            cases: study.cases,
            coders: study.coders.len(),
            finished: study.coders.iter().filter(|coder| coder.finished_at.is_some()).count(),
            engine: study.engine,
            sample: study.sample.clone(),
            drawn_from: study.draw.map(|draw| draw.from),
            seed: study.draw.map(|draw| draw.seed),
            opened: study.opened_at.date_naive().to_string(),
            closed: study.closed_at.map(|at| at.date_naive().to_string()),
            reason: study.reason.clone(),
        }
    }
}

/// Agreement overall, with the engine, or of one cause against the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureAnswer {
    /// `overall`, `with_engine` or the cause.
    pub of: &'static str,
    /// Cases that it rests on: two people coded them, and one named the cause.
    pub cases: usize,
    /// Krippendorff's alpha, nominal; none where it would mean nothing.
    pub alpha: Option<f64>,
    /// Low end of the 95 % interval.
    pub low: Option<f64>,
    /// High end of it.
    pub high: Option<f64>,
    /// Why a figure is missing.
    pub refused: Option<String>,
    /// `use_freely`, `tentative`, `revise_the_guide`, `too_few_cases` or `cannot_tell`.
    pub verdict: &'static str,
}

impl MeasureAnswer {
    /// The columns of the table form.
    pub const COLUMNS: &'static [&'static str] = &["of", "cases", "alpha", "low", "high", "verdict"];

    fn of(of: &'static str, measure: &Measure) -> Self {
        let alpha = measure.alpha.as_ref();
        let interval = alpha.map_err(Clone::clone).and_then(|found| found.interval.clone());
        Self {
            of,
            cases: measure.named,
            alpha: alpha.ok().map(|found| rounded(found.value)),
            low: interval.as_ref().ok().map(|(low, _)| rounded(*low)),
            high: interval.as_ref().ok().map(|(_, high)| rounded(*high)),
            refused: interval.as_ref().err().map(Refusal::to_string),
            verdict: measure.verdict.code(),
        }
    }
}

/// What met what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfusionAnswer {
    /// The order of rows and columns.
    pub causes: Vec<&'static str>,
    /// How often: each pair of codes of one case once.
    pub cells: Vec<Vec<u32>>,
    /// All pairs.
    pub pairs: u32,
    /// Pairs of the same cause.
    pub same: u32,
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeAnswer {
    /// The place of the case.
    pub case: u32,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: Option<String>,
    /// Who, by name; `engine` for the engine.
    pub coder: String,
    /// The cause.
    pub cause: Cause,
    /// Its subclass.
    pub subclass: String,
    /// A second cause.
    pub second: Option<Cause>,
    /// Whether they are sure.
    pub sure: bool,
    /// Why.
    pub reason: String,
    /// The day.
    pub coded: String,
}

/// Who chose what how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TallyAnswer {
    /// Who, by name.
    pub coder: String,
    /// In the order of the confusion.
    pub causes: [u32; 5],
    /// Of how many they were not sure.
    pub unsure: u32,
}

/// A case on which people differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DisagreementAnswer {
    /// The place of the case.
    pub case: u32,
    /// Its name.
    pub name: String,
    /// The cause that was settled on, where one was.
    pub settled: Option<Cause>,
    /// What was settled and why; none where nothing was noted yet.
    pub note: Option<String>,
}

/// What a study came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyResultsAnswer {
    /// The study.
    pub study: StudyAnswer,
    /// Whether it was ended before all had finished.
    pub incomplete: bool,
    /// Cases that two or more people coded.
    pub shared: usize,
    /// Of those, how many they gave the same cause.
    pub same: usize,
    /// Overall, with the engine where it took part, and each cause against the rest.
    pub agreement: Vec<MeasureAnswer>,
    /// Pairs of people.
    pub confusion: ConfusionAnswer,
    /// The engine (rows) against people (columns).
    pub engine_against_people: Option<ConfusionAnswer>,
    /// Who chose what.
    pub tallies: Vec<TallyAnswer>,
    /// Where people differ.
    pub disagreements: Vec<DisagreementAnswer>,
    /// Every code.
    pub codes: Vec<CodeAnswer>,
}

impl StudyResultsAnswer {
    /// From a study that is over; `name` gives the name of who coded.
    #[must_use]
    pub fn of(
        study: &Study,
        cases: &[StudyCase],
        codes: &[&Code],
        settlements: &[&Settlement],
        found: &Results,
        name: impl Fn(&str) -> String,
    ) -> Self {
        let named = |number: u32| cases.iter().find(|case| case.number == number);
        let tally = |one: &crate::domain::studies::Tally| TallyAnswer {
            coder: name(&one.coder),
            causes: one.causes,
            unsure: one.unsure,
        };
        let differ = |case: &u32| {
            let settled = settlements.iter().find(|one| one.case == *case);
            DisagreementAnswer {
                case: *case,
                name: named(*case).map(|case| case.name.clone()).unwrap_or_default(),
                settled: settled.and_then(|one| one.cause),
                note: settled.map(|one| one.note.clone()),
            }
        };
        let code = |code: &&Code| {
            let case = named(code.case);
            CodeAnswer {
                case: code.case,
                name: case.map(|case| case.name.clone()).unwrap_or_default(),
                state: case.and_then(|case| case.state.as_ref()).map(ToString::to_string),
                coder: name(&code.coder),
                cause: code.cause,
                subclass: code.subclass.clone(),
                second: code.second,
                sure: code.sure,
                reason: code.reason.clone(),
                coded: code.coded_at.date_naive().to_string(),
            }
        };
        Self {
            study: study.into(),
            incomplete: study.status == StudyStatus::Ended,
            shared: found.shared,
            same: found.same,
            agreement: measures(found),
            confusion: confusion(&found.confusion),
            engine_against_people: found.against_engine.as_ref().map(confusion),
            tallies: found.tallies.iter().map(tally).collect(),
            disagreements: found.disagreements.iter().map(differ).collect(),
            codes: codes.iter().map(code).collect(),
        }
    }
}

/// The coefficients in their order.
#[must_use]
pub fn measures(found: &Results) -> Vec<MeasureAnswer> {
    let overall = MeasureAnswer::of("overall", &found.overall);
    let engine = found
        .with_engine
        .as_ref()
        .map(|measure| MeasureAnswer::of("with_engine", measure));
    let causes = found
        .causes
        .iter()
        .map(|(cause, measure)| MeasureAnswer::of(cause.code(), measure));
    std::iter::once(overall).chain(engine).chain(causes).collect()
}

fn confusion(found: &Confusion) -> ConfusionAnswer {
    ConfusionAnswer {
        causes: Cause::ALL.iter().map(|cause| cause.code()).collect(),
        cells: found.cells.iter().map(|row| row.to_vec()).collect(),
        pairs: found.pairs(),
        same: found.same(),
    }
}

/// Six decimals: more would be noise.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
