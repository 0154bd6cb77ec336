//! Questions: participation, obligations, gaps, their causes, deadlines.

use super::output::answer;
use super::{Failure, Format};
use crate::actions::causes::suggesting;
use crate::app::App;
use crate::domain::reference::read_day;
use crate::domain::summaries::StatePicture;
use crate::export::causes::CausesAnswer;
use crate::export::deadlines::DeadlinesAnswer;
use crate::export::gaps::GapsAnswer;
use crate::export::obligations::ObligationsAnswer;
use crate::export::participation::ParticipationAnswer;
use crate::store::findings;
use chrono::NaiveDate;
use clap::Args;

/// What every question takes.
#[derive(Debug, Args)]
pub struct Asked {
    /// The date, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

impl Asked {
    fn date(&self, app: &App) -> Result<NaiveDate, Failure> {
        Ok(self
            .as_of
            .as_deref()
            .map(read_day)
            .transpose()?
            .unwrap_or_else(|| app.clock.today()))
    }
}

/// `servanda participation`
#[derive(Debug, Args)]
pub struct Participation {
    /// State, by code (MLI) or name
    #[arg(long, required_unless_present = "instrument")]
    state: Option<String>,
    /// Instrument, by code (ICRMW)
    #[arg(long)]
    instrument: Option<String>,
    #[command(flatten)]
    asked: Asked,
}

impl Participation {
    /// Answers.
    ///
    /// # Errors
    /// When a name is unknown or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let (shelf, as_of) = (app.shelf().await?, self.asked.date(&app)?);
        let (reference, world) = (&shelf.reference, &shelf.world);
        let instrument = self
            .instrument
            .as_deref()
            .map(|text| reference.find_instrument(text))
            .transpose()?;
        let state = self
            .state
            .as_deref()
            .map(|text| reference.find_state(text))
            .transpose()?;
        let found = match (state, instrument) {
            (None, Some(instrument)) => ParticipationAnswer::of_instrument(reference, world, instrument, as_of),
            (Some(state), only) => {
                ParticipationAnswer::of_state(reference, world, &state.iso3, only.map(|i| &i.code), as_of)
            }
            (None, None) => return Err(Failure::Request("name a --state or an --instrument".to_owned())),
        };
        answer(
            self.asked.format,
            &found,
            ParticipationAnswer::COLUMNS,
            &found.participation,
        )
    }
}

/// `servanda obligations`
#[derive(Debug, Args)]
pub struct Obligations {
    /// State, by code or name
    #[arg(long)]
    state: String,
    /// Only of this instrument
    #[arg(long)]
    instrument: Option<String>,
    /// Only of this theme (T08)
    #[arg(long)]
    theme: Option<String>,
    #[command(flatten)]
    asked: Asked,
}

impl Obligations {
    /// Answers.
    ///
    /// # Errors
    /// When a name is unknown or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let (shelf, as_of) = (app.shelf().await?, self.asked.date(&app)?);
        let reference = &shelf.reference;
        let state = reference.find_state(&self.state)?;
        let instrument = self
            .instrument
            .as_deref()
            .map(|text| reference.find_instrument(text))
            .transpose()?;
        let theme = self
            .theme
            .as_deref()
            .map(|text| reference.find_theme(text))
            .transpose()?;
        let (instrument, theme) = (instrument.map(|i| &i.code), theme.map(|t| &t.code));
        let found = ObligationsAnswer::of(reference, &shelf.world, &state.iso3, instrument, theme, as_of);
        answer(
            self.asked.format,
            &found,
            ObligationsAnswer::COLUMNS,
            &found.obligations,
        )
    }
}

/// `servanda gaps`
#[derive(Debug, Args)]
pub struct Gaps {
    /// State, by code or name
    #[arg(long)]
    state: String,
    #[command(flatten)]
    asked: Asked,
}

impl Gaps {
    /// Answers.
    ///
    /// # Errors
    /// When a name is unknown or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let (shelf, as_of) = (app.shelf().await?, self.asked.date(&app)?);
        let state = &shelf.reference.find_state(&self.state)?.iso3;
        let findings = findings::of_state(&app.db, state).await?;
        let picture = StatePicture::of(&shelf.reference, &shelf.world, &findings, state, as_of);
        let suggested = suggesting::of_state(&app.db, state, &picture).await?;
        let found = GapsAnswer::of(state, &picture, &suggested);
        answer(self.asked.format, &found, GapsAnswer::COLUMNS, &found.gaps)
    }
}

/// `servanda causes`
#[derive(Debug, Args)]
pub struct Causes {
    /// State, by code or name
    #[arg(long)]
    state: String,
    /// Only of this theme (T08)
    #[arg(long)]
    theme: Option<String>,
    #[command(flatten)]
    asked: Asked,
}

impl Causes {
    /// Answers.
    ///
    /// # Errors
    /// When a name is unknown or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let (shelf, as_of) = (app.shelf().await?, self.asked.date(&app)?);
        let reference = &shelf.reference;
        let state = &reference.find_state(&self.state)?.iso3;
        let theme = self
            .theme
            .as_deref()
            .map(|text| reference.find_theme(text))
            .transpose()?;
        let findings = findings::of_state(&app.db, state).await?;
        let picture = StatePicture::of(reference, &shelf.world, &findings, state, as_of);
        let suggested = suggesting::of_state(&app.db, state, &picture).await?;
        let found = CausesAnswer::of(state, &picture, &suggested, theme.map(|theme| &theme.code));
        answer(self.asked.format, &found, CausesAnswer::COLUMNS, &found.causes)
    }
}

/// `servanda deadlines`
#[derive(Debug, Args)]
pub struct Deadlines {
    /// State, by code or name [default: all]
    #[arg(long)]
    state: Option<String>,
    /// Only what is overdue
    #[arg(long)]
    overdue: bool,
    #[command(flatten)]
    asked: Asked,
}

impl Deadlines {
    /// Answers.
    ///
    /// # Errors
    /// When a name is unknown or the database fails.
    pub async fn run(self, app: App) -> Result<(), Failure> {
        let (shelf, as_of) = (app.shelf().await?, self.asked.date(&app)?);
        let state = self
            .state
            .as_deref()
            .map(|text| shelf.reference.find_state(text))
            .transpose()?;
        let found = DeadlinesAnswer::of(
            &shelf.reference,
            &shelf.world,
            state.map(|s| &s.iso3),
            self.overdue,
            as_of,
        );
        answer(self.asked.format, &found, DeadlinesAnswer::COLUMNS, &found.deadlines)
    }
}
