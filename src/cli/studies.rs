//! `servanda studies`: coding studies of causes, and what one came to.

use super::output::answer;
use super::{Failure, Format};
use crate::app::App;
use crate::domain::ids::StudyId;
use crate::domain::studies::{Code, ENGINE, Settlement, results};
use crate::export::studies::{MeasureAnswer, StudyAnswer, StudyResultsAnswer};
use crate::store::{studies, users};
use clap::Subcommand;
use std::collections::HashMap;

/// Studies that are listed.
const MOST: u64 = 10_000;

/// `servanda studies`
#[derive(Debug, Subcommand)]
pub enum Studies {
    /// Every study, the newest first
    List {
        /// How the answer is written
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// What a study came to: agreement overall and of each cause, confusion, disagreements. The table shows agreement alone
    Results {
        /// The identity of the study, as the list has it
        id: String,
        /// How the answer is written
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

impl Studies {
    /// Answers.
    ///
    /// # Errors
    /// When the database fails; when there is no such study, or people are still coding.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        match self {
            Self::List { format } => {
                let all = studies::list(&app.db, app.clock.today(), MOST).await?;
                let rows: Vec<StudyAnswer> = all.iter().map(StudyAnswer::from).collect();
                let whole = serde_json::json!({ "studies": rows });
                answer(format, &whole, StudyAnswer::COLUMNS, &rows)
            }
            Self::Results { id, format } => {
                let told = told(&app, &id).await?;
                answer(format, &told, MeasureAnswer::COLUMNS, &told.agreement)
            }
        }
    }
}

async fn told(app: &App, text: &str) -> Result<StudyResultsAnswer, Failure> {
    let missing = || Failure::Request(format!("there is no study “{text}”: `servanda studies list` shows all"));
    let id: StudyId = text.trim().parse().map_err(|_| missing())?;
    let study = studies::find(&app.db, id).await?.ok_or_else(missing)?;
    let today = app.clock.today();
    if !study.shows_results(today) {
        let (finished, all) = (study.finished_on(today), study.coders.len());
        let why = format!("{finished} of {all} people have finished; what they said is shown when all have");
        return Err(Failure::Request(why));
    }
    let (cases, codes, settlements) = tokio::try_join!(
        studies::cases(&app.db, id),
        studies::codes(&app.db, id),
        studies::settlements(&app.db, id)
    )?;
    let names: HashMap<String, String> = users::list(&app.db)
        .await?
        .into_iter()
        .map(|user| (user.email.to_string(), user.name))
        .collect();
    let codes: Vec<&Code> = codes.iter().filter(|code| code.superseded_at.is_none()).collect();
    let settlements: Vec<&Settlement> = settlements.iter().filter(|one| one.superseded_at.is_none()).collect();
    let found = results(&study, &codes);
    let name = |who: &str| match names.get(who) {
        Some(name) => name.clone(),
        None if who == ENGINE => ENGINE.to_owned(),
        None => "the office".to_owned(),
    };
    Ok(StudyResultsAnswer::of(
        &study,
        &cases,
        &codes,
        &settlements,
        &found,
        name,
    ))
}
