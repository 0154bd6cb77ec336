//! What a study came to. Nobody sees it before all have finished, or it was ended.

use super::super::obligation_history::{Names, names};
use super::case::settled_line;
use super::{Asked, find, frame, line, who};
use crate::domain::agreement::Agreement;
use crate::domain::causes::Cause;
use crate::domain::studies::{Code, Confusion, Measure, Results, Settlement, Study, StudyCase, StudyStatus, Verdict};
use crate::domain::studies::{ENGINE, results as compute};
use crate::export::studies::measures;
use crate::export::tables::{Cell, Table};
use crate::store::studies as store;
use crate::web::extract::{Allowed, Assess, Visit};
use crate::web::links::{self, Format, download};
use crate::web::pages::downloads;
use crate::web::pages::lookup::{self, Day};
use crate::web::problem::Problem;
use crate::web::view::parts::{Anchor, CauseMark, Column, Tag, downloads as files};
use crate::web::view::studies::*;
use crate::web::view::words::{count, short};
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};

/// What is needed to tell it.
struct Told {
    study: Study,
    day: Day,
    cases: Vec<StudyCase>,
    codes: Vec<Code>,
    settlements: Vec<Settlement>,
    names: Names,
}

impl Told {
    async fn read(visit: &Visit, id: &str, asked: &Asked) -> Result<Self, Problem> {
        let day = lookup::day(visit, &asked.as_of)?;
        let study = find(visit, id, day).await?;
        if !study.shows_results(day.date) {
            let (finished, all) = (study.finished_on(day.date), study.coders.len());
            return Err(Problem::NotFound {
                what: format!(
                    "What this study came to is shown when all have finished; {finished} of {all} had by {}.",
                    day.date
                ),
                suggestions: vec![Anchor::new(&study.title, day.keep(links::study(&study.id)))],
            });
        }
        let db = &visit.app.db;
        let (cases, codes, settlements) = tokio::try_join!(
            store::cases(db, study.id),
            store::codes(db, study.id),
            store::settlements(db, study.id)
        )?;
        Ok(Self {
            codes: codes.into_iter().filter(|code| code.stood_on(day.date)).collect(),
            names: names(visit).await?,
            study,
            day,
            cases,
            settlements,
        })
    }

    fn found(&self) -> Results {
        compute(&self.study, &self.codes.iter().collect::<Vec<_>>())
    }

    fn case(&self, number: u32) -> Option<&StudyCase> {
        self.cases.iter().find(|case| case.number == number)
    }

    fn of_case(&self, number: u32) -> impl Iterator<Item = &Code> {
        self.codes.iter().filter(move |code| code.case == number)
    }
}

/// The page.
pub(in crate::web) async fn results(
    visit: Visit,
    _: Allowed<Assess>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let told = Told::read(&visit, &id, &asked).await?;
    // A thousand resampled sets for each coefficient may take a moment.
    let (told, found) = tokio::task::spawn_blocking(move || {
        let found = told.found();
        (told, found)
    })
    .await
    .map_err(|_| Problem::Internal)?;
    let (study, day) = (&told.study, told.day);
    if visit.file.is_some() {
        return downloads::file(&visit, &table(study, day, &found));
    }
    let here = day.keep(links::study_results(&study.id));
    let codes = day.keep(links::study_codes(&study.id));
    let causes: Vec<CauseMark> = Cause::ALL.iter().map(|cause| CauseMark::short(*cause)).collect();
    let view = StudyResults {
        study: Anchor::new(&study.title, day.keep(links::study(&study.id))),
        answer: answer(study, &found),
        as_of: day.note(links::study_results(&study.id)),
        incomplete: incomplete(study, &found),
        columns: ["Of", "Cases", "Alpha", "95 % interval", "Reading"].map(column).into(),
        measures: rows(&found),
        downloads: files(&here),
        codes: Format::ALL
            .into_iter()
            .map(|format| Anchor::new(format.name(), download(&codes, format)))
            .collect(),
        confusion: (found.confusion.pairs() > 0).then(|| people_table(&found.confusion)),
        engine: found
            .against_engine
            .as_ref()
            .filter(|against| against.pairs() > 0)
            .map(engine_table),
        tallies: found.tallies.iter().map(|one| tally(&told.names, one)).collect(),
        causes,
        agreed: agreed(&found),
        disagreements: found
            .disagreements
            .iter()
            .map(|case| disagreement(&told, *case))
            .collect(),
        meaning: meaning(study),
    };
    let title = format!("{}: what the study came to", study.title);
    visit.show(&frame(&visit, title, day, Some(study)), &view)
}

/// Every code, as a file; as a page it is the page of the study.
pub(in crate::web) async fn codes(
    visit: Visit,
    _: Allowed<Assess>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let told = Told::read(&visit, &id, &asked).await?;
    if visit.file.is_none() {
        let to = told.day.keep(links::study_results(&told.study.id));
        return Ok(Redirect::to(to.as_str()).into_response());
    }
    let columns = [
        "Case",
        "Name",
        "State",
        "Text",
        "Coder",
        "Cause",
        "Kind",
        "Second cause",
        "Sure",
        "Reason",
        "Coded",
        "Settled",
        "Note",
    ];
    let settled = |number: u32| {
        let day = told.day.date;
        let stands = |one: &&Settlement| {
            one.case == number
                && one.at.date_naive() <= day
                && one.superseded_at.is_none_or(|gone| gone.date_naive() > day)
        };
        told.settlements.iter().find(stands)
    };
    let rows = told.codes.iter().map(|code| {
        let (case, settled) = (told.case(code.case), settled(code.case));
        vec![
            Cell::count(code.case as usize),
            Cell::maybe(case.map(|case| &case.name)),
            Cell::maybe(case.and_then(|case| case.state.as_ref())),
            Cell::maybe(case.map(|case| &case.text)),
            Cell::from(if code.coder == ENGINE {
                ENGINE.to_owned()
            } else {
                told.names.of(&code.coder)
            }),
            Cell::from(code.cause.code()),
            Cell::from(code.subclass.as_str()),
            Cell::maybe(code.second.map(Cause::code)),
            Cell::from(if code.sure { "yes" } else { "no" }),
            Cell::from(code.reason.as_str()),
            Cell::from(code.coded_at.date_naive().to_string()),
            Cell::maybe(settled.and_then(|one| one.cause).map(Cause::code)),
            Cell::maybe(settled.map(|one| &one.note)),
        ]
    });
    let caption = format!("Codes of the study “{}” on {}", told.study.title, told.day.date);
    downloads::file(&visit, &Table::new(caption, &columns, rows))
}

fn column(text: &'static str) -> Column {
    let column = Column::plain(text);
    if ["Cases", "Alpha"].contains(&text) {
        column.numeric()
    } else {
        column
    }
}

fn table(study: &Study, day: Day, found: &Results) -> Table {
    let columns = ["Of", "Cases", "Alpha", "Low", "High", "Verdict", "Why no figure"];
    let figure = |value: Option<f64>| Cell::maybe(value.map(|value| format!("{value:.6}")));
    let rows = measures(found).into_iter().map(|one| {
        vec![
            Cell::from(one.of),
            Cell::count(one.cases),
            figure(one.alpha),
            figure(one.low),
            figure(one.high),
            Cell::from(one.verdict),
            Cell::maybe(one.refused),
        ]
    });
    Table::new(
        format!("Agreement in the study “{}” on {}", study.title, day.date),
        &columns,
        rows,
    )
}

fn alpha(measure: &Measure) -> String {
    match &measure.alpha {
        Ok(alpha) => format!("{:.3}", alpha.value),
        Err(_) => "–".to_owned(),
    }
}

fn interval(measure: &Measure) -> String {
    match measure.alpha.as_ref().map(|alpha| &alpha.interval) {
        Ok(Ok((low, high))) => format!("{low:.3} to {high:.3}"),
        Ok(Err(why)) | Err(why) => why.to_string(),
    }
}

fn reading(verdict: Verdict) -> Tag {
    let class = match verdict.code() {
        "use_freely" => "strong",
        "tentative" => "soon",
        "revise_the_guide" => "late",
        _ => "quiet",
    };
    Tag {
        class,
        word: verdict.words(),
    }
}

fn rows(found: &Results) -> Vec<MeasureRow> {
    let row = |name: &str, cause: Option<Cause>, measure: &Measure| MeasureRow {
        name: name.to_owned(),
        cause: cause.map(CauseMark::short),
        cases: measure.named.to_string(),
        alpha: alpha(measure),
        interval: interval(measure),
        reading: reading(measure.verdict),
    };
    let overall = row("All causes, people alone", None, &found.overall);
    let engine = found
        .with_engine
        .as_ref()
        .map(|measure| row("All causes, people and engine", None, measure));
    let causes = found
        .causes
        .iter()
        .map(|(cause, measure)| row(cause.words(), Some(*cause), measure));
    std::iter::once(overall).chain(engine).chain(causes).collect()
}

fn answer(study: &Study, found: &Results) -> String {
    let cases = count(found.shared, "case was", "cases were");
    let people = count(study.coders.len(), "person", "people");
    let same = format!("{} of {} times all gave the same cause", found.same, found.shared);
    let told = match &found.overall.alpha {
        Err(why) => format!("alpha cannot be given, because {why}"),
        Ok(Agreement { value, interval, .. }) => {
            let interval = match interval {
                Ok((low, high)) => format!("95 % interval {low:.2} to {high:.2}"),
                Err(why) => format!("no interval: {why}"),
            };
            let reading = match found.overall.verdict.code() {
                "use_freely" => "causes may be used freely",
                "tentative" => "causes may be used tentatively",
                "revise_the_guide" => "the guide to the causes should be revised before much is built on them",
                _ => "and these are too few cases for a verdict",
            };
            let so = if found.overall.verdict.code() == "too_few_cases" {
                ""
            } else {
                "so "
            };
            format!("alpha is {value:.3} ({interval}), {so}{reading}")
        }
    };
    format!("{cases} coded by two or more of {people}: {same}, and {told}.")
}

fn incomplete(study: &Study, found: &Results) -> Option<String> {
    (study.status == StudyStatus::Ended).then(|| {
        let missing = found
            .tallies
            .iter()
            .filter(|one| one.coder != ENGINE && one.coded() < study.cases)
            .count();
        format!(
            "This study is incomplete: it was ended before all had finished, and {} left cases without a code. Cases that fewer than \
             two people coded count for nothing. Why it ended: {}",
            count(missing, "person", "people"),
            study.reason.as_deref().unwrap_or_default()
        )
    })
}

fn cell(number: u32, same: bool) -> ConfusionCell {
    ConfusionCell {
        number: number.to_string(),
        same,
    }
}

fn people_table(found: &Confusion) -> ConfusionTable {
    let row = |(at, cause): (usize, &Cause)| ConfusionRow {
        cause: CauseMark::short(*cause),
        cells: (0..Cause::ALL.len())
            .map(|other| cell(found.either(at, other), at == other))
            .collect(),
    };
    let worst = match found.worst() {
        Some((one, other, times)) => format!(
            "Most often taken for each other: {} and {}, {times} of {}.",
            one.words(),
            other.words(),
            count(found.pairs() as usize, "pair", "pairs")
        ),
        None => format!("All {} agree.", count(found.pairs() as usize, "pair", "pairs")),
    };
    ConfusionTable {
        sentence: format!("{worst} Each pair of people who coded the same case is one pair."),
        caption: "Pairs of codes of the same case".to_owned(),
        rows: Cause::ALL.iter().enumerate().map(row).collect(),
    }
}

fn engine_table(found: &Confusion) -> ConfusionTable {
    let row = |(at, cause): (usize, &Cause)| ConfusionRow {
        cause: CauseMark::short(*cause),
        cells: (0..Cause::ALL.len())
            .map(|other| {
                let number = found.cells.get(at).and_then(|row| row.get(other)).copied().unwrap_or(0);
                cell(number, at == other)
            })
            .collect(),
    };
    let named: u32 = found.cells.iter().take(4).flatten().sum();
    let right: u32 = (0..4).filter_map(|at| found.cells.get(at)?.get(at)).sum();
    ConfusionTable {
        sentence: format!(
            "The engine gave the same cause as a person in {} of {}; where it named a cause, in {right} of {named}. Rows are what \
             the engine gave, columns what people gave.",
            found.same(),
            count(found.pairs() as usize, "comparison", "comparisons"),
        ),
        caption: "The engine’s cause (rows) against people’s (columns)".to_owned(),
        rows: Cause::ALL.iter().enumerate().map(row).collect(),
    }
}

fn tally(names: &Names, one: &crate::domain::studies::Tally) -> TallyRow {
    TallyRow {
        who: who(names, &one.coder),
        counts: one.causes.iter().map(ToString::to_string).collect(),
        unsure: one.unsure.to_string(),
        coded: one.coded().to_string(),
    }
}

fn agreed(found: &Results) -> String {
    match found.disagreements.len() {
        0 => "On no case do people differ.".to_owned(),
        1 => "On one case people differ. Talk about it, and note what you settled and why.".to_owned(),
        some => format!("On {some} cases people differ. Talk about each, and note what you settled and why."),
    }
}

fn disagreement(told: &Told, number: u32) -> Disagreement {
    let case = told.case(number);
    let name = case.map(|case| case.name.as_str()).unwrap_or_default();
    let standing = told
        .settlements
        .iter()
        .rfind(|one| one.case == number && one.at.date_naive() <= told.day.date);
    Disagreement {
        case: Anchor::new(
            format!("{number}. {name}"),
            told.day.keep(links::study_case(&told.study.id, number)),
        ),
        begins: case.map(|case| short(&case.text, 160)).unwrap_or_default(),
        codes: told.of_case(number).map(|code| line(&told.names, code)).collect(),
        settled: standing.map(|one| settled_line(one, told.day, &told.names)),
    }
}

fn meaning(study: &Study) -> Vec<String> {
    let mut all = vec![
        "Alpha (Krippendorff, for names) is 1 where all agree and 0 where they agree no more than chance would make them. Only the \
         first cause counts; undetermined is an answer like the others."
            .to_owned(),
        "Of one cause, alpha asks whether people agree that it is this cause or another one. “Cases” are those on which somebody \
         named it."
            .to_owned(),
        "From 0.80 causes may be used freely, from 0.667 tentatively; below that the guide should be revised. With fewer than ten \
         cases, or where a cause was named on fewer than five, no verdict is given."
            .to_owned(),
        "The interval says how far alpha would move with other cases: 95 of 100 sets drawn from these lie in it (1,000 sets, seed 1)."
            .to_owned(),
    ];
    if study.engine {
        all.push(
            "The engine’s codes were made when the study was opened, from the text and the state alone. It stands beside the people \
             and does not count as one of them, except in the line that says so."
                .to_owned(),
        );
    }
    all
}
