//! A study is opened: who codes what. The engine's codes, where it takes part, are computed now and shown when all have
//! finished: a later version of the signals does not change them.

use super::sample::{self, Sample};
use super::tell;
use crate::actions::codings::coder;
use crate::actions::signals::shipped;
use crate::actions::{ActionError, Doing, Fields};
use crate::domain::audit::{digest, sealed};
use crate::domain::ids::StudyId;
use crate::domain::studies::{
    Code, Draw, ENGINE, FEWEST, FEWEST_CASES, MOST, MOST_CASES, Study, StudyCase, StudyCoder, StudyStatus, draw,
    engine_code,
};
use crate::store::library::Shelf;
use crate::store::{Db, StoreError, studies as store, users};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A study as somebody asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StudyDraft {
    /// Its name.
    pub title: String,
    /// What those who code are asked.
    pub question: String,
    /// Who codes: identities or addresses of accounts.
    pub coders: Vec<String>,
    /// `yes` where the engine codes too.
    pub engine: String,
    /// Where gaps were looked for, so that the form can be shown again.
    pub states: String,
    /// Under which right.
    pub theme: String,
    /// The chosen gaps, as `MEX/ICRMW-16.4`.
    pub gaps: Vec<String>,
    /// Or cases as CSV with a header: `text`, and maybe `id`, `state`, `date`.
    pub cases: String,
    /// How many to draw at random; empty for all.
    pub number: String,
    /// Where the drawing begins.
    pub seed: String,
}

/// Opens a study.
///
/// # Errors
/// [`ActionError::Invalid`] with every wrong field.
pub async fn open(db: &Db, shelf: &Shelf, doing: Doing<'_>, draft: &StudyDraft) -> Result<StudyId, ActionError> {
    let mut fields = Fields::default();
    let title = fields.text("title", &draft.title, 200);
    let question = fields.text("question", &draft.question, 2_000);
    let people = people(db, &mut fields, &draft.coders).await?;
    let wanted = fields.optional("number", &draft.number, |text| {
        let number: usize = text.parse().map_err(|_| format!("“{text}” is not a number"))?;
        if (FEWEST_CASES..=MOST_CASES).contains(&number) {
            Ok(number)
        } else {
            Err(format!("must lie between {FEWEST_CASES} and {MOST_CASES}"))
        }
    });
    let seed = match (wanted.flatten(), draft.seed.trim()) {
        (Some(_), "") => Some(1),
        (_, text) => fields
            .optional("seed", text, |text| {
                let seed = text.parse::<u32>();
                seed.map_err(|_| format!("“{text}” is not a whole number from 0 to {}", u32::MAX))
            })
            .map(Option::unwrap_or_default),
    };
    let cases = match (draft.cases.trim().is_empty(), draft.gaps.is_empty()) {
        (false, _) => sample::pasted(&mut fields, &shelf.reference, &draft.cases),
        (true, false) => sample::chosen(db, shelf, doing, &mut fields, &draft.gaps).await?,
        (true, true) => {
            fields.wrong("gaps", "choose gaps, or paste cases");
            None
        }
    };
    let given = (|| Some((title?, question?, people?, wanted?, seed?, cases?)))();
    let (title, question, people, wanted, seed, sample) = fields.finish(given)?;
    let (cases, drawn) = drawn(&sample, wanted, seed)?;
    let study = Study {
        id: StudyId::fresh(),
        title,
        question,
        sample: sample.from,
        draw: drawn,
        cases: u32::try_from(cases.len()).unwrap_or(u32::MAX),
        engine: draft.engine == "yes",
        coders: people,
        opened_by: doing.actor.to_owned(),
        opened_at: doing.now,
        status: StudyStatus::Open,
        closed_at: None,
        reason: None,
    };
    let engine = if study.engine {
        engine(&study, &cases)?
    } else {
        Vec::new()
    };
    let seals: Result<Vec<String>, _> = engine.iter().map(Code::seal).collect();
    let tx = doing.begin(db).await?;
    store::open(&tx, &study, &cases).await?;
    if study.engine {
        store::hand_in_all(&tx, study.id, ENGINE, &engine).await?;
    }
    let detail = json!({
        "title": study.title,
        "cases": study.cases,
        "drawn": study.draw,
        "coders": study.coders.iter().map(|coder| &coder.who).collect::<Vec<_>>(),
        "engine": study.engine.then_some(digest(&sealed(&seals.map_err(StoreError::from)?))),
    });
    tell(&tx, doing, "study.open", &study, None, detail).await?;
    tx.commit().await?;
    Ok(study.id)
}

async fn people(db: &Db, fields: &mut Fields, typed: &[String]) -> Result<Option<Vec<StudyCoder>>, StoreError> {
    let accounts = users::list(db).await?;
    let given = typed.iter().filter(|text| !text.trim().is_empty());
    let found: Option<Vec<String>> = given
        .map(|text| fields.needed("coders", text, |text| coder(&accounts, text)))
        .collect();
    let Some(mut people) = found else { return Ok(None) };
    people.sort_unstable();
    people.dedup();
    if !(FEWEST..=MOST).contains(&people.len()) {
        let why = format!("choose {FEWEST} to {MOST} different people; there are {}", people.len());
        fields.wrong("coders", why);
        return Ok(None);
    }
    let coder = |who| StudyCoder { who, finished_at: None };
    Ok(Some(people.into_iter().map(coder).collect()))
}

/// The cases that are coded, numbered: all of them in their order, or so many in the order in which they were drawn.
fn drawn(sample: &Sample, wanted: Option<usize>, seed: u32) -> Result<(Vec<StudyCase>, Option<Draw>), ActionError> {
    let all = sample.cases.len();
    let refuse = |field, why: String| Fields::default().refuse(field, why);
    if all < FEWEST_CASES {
        return refuse(
            sample.field,
            format!("a study takes at least {FEWEST_CASES} cases; there is {all}"),
        );
    }
    let (mut cases, draw) = match wanted {
        Some(number) if number > all => {
            return refuse("number", format!("there are only {all} cases to draw from"));
        }
        Some(number) => {
            let from = u32::try_from(all).unwrap_or(u32::MAX);
            (draw(sample.cases.clone(), number, seed), Some(Draw { from, seed }))
        }
        None if all > MOST_CASES => {
            let why = format!("there are {all} cases; draw at most {MOST_CASES} of them");
            return refuse("number", why);
        }
        None => (sample.cases.clone(), None),
    };
    for (case, number) in cases.iter_mut().zip(1..) {
        case.number = number;
    }
    Ok((cases, draw))
}

fn engine(study: &Study, cases: &[StudyCase]) -> Result<Vec<Code>, ActionError> {
    let classifier = match shipped() {
        Ok(classifier) => classifier,
        Err(wrong) => return Fields::default().refuse("engine", wrong.join("; ")),
    };
    let code = |case| engine_code(classifier, study.id, case, study.opened_at);
    Ok(cases.iter().map(code).collect())
}
