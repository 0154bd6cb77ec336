//! Figures of the World Bank. Without `--refresh` nobody is asked: the last snapshot answers.

use crate::app::App;
use crate::cli::output::{answer, complain};
use crate::cli::{Failure, Format};
use crate::domain::figures::{SeriesId, Snapshot, YEARS};
use crate::domain::reference::read_day;
use crate::export::figures::{FiguresAnswer, SeriesRow};
use crate::store::figures::{self, Wanted};
use crate::worker::RefreshError;
use chrono::NaiveDate;
use clap::Args;

/// `servanda sources world-bank`
///
/// Without --indicator it lists the series that are held, from whatever source. Exit code 0: answered; 1: the source could
/// not be read (the last snapshot is kept and shown, and the reason is on standard error); 2: nothing was fetched yet, or
/// an unknown state.
#[derive(Debug, Args)]
pub struct WorldBank {
    /// Code of the indicator, such as NY.GDP.PCAP.PP.KD
    #[arg(long, value_name = "ID")]
    indicator: Option<SeriesId>,
    /// Ask the World Bank now, all pages or nothing
    #[arg(long, requires = "indicator", conflicts_with = "as_of")]
    refresh: bool,
    /// Keep the answer even if it says less than half of what stands
    #[arg(long, requires = "refresh")]
    replace: bool,
    /// All years of one state, by code or name [default: the newest figure of every state]
    #[arg(long)]
    state: Option<String>,
    /// All years of every state
    #[arg(long)]
    all: bool,
    /// As it was known at the end of that day, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

impl WorldBank {
    /// Whether it asks the World Bank, and so writes.
    pub(super) fn refreshes(&self) -> bool {
        self.refresh
    }

    /// Answers, after asking the World Bank where that is wanted.
    ///
    /// # Errors
    /// When the source cannot be read, nothing is held, or the database fails.
    pub(super) async fn run(self, app: App) -> Result<(), Failure> {
        let as_of = self.as_of.as_deref().map(read_day).transpose()?;
        let as_of = as_of.unwrap_or_else(|| app.clock.today());
        let Some(series) = &self.indicator else {
            return self.list(&app, as_of).await;
        };
        let failed = if self.refresh {
            refresh(&app, series, self.replace).await?
        } else {
            None
        };
        let held = figures::snapshot(&app.db, series, as_of).await?;
        match (held, failed) {
            (Some(snapshot), None) => self.show(&app, &snapshot, as_of, None).await,
            (Some(snapshot), Some(why)) => {
                self.show(&app, &snapshot, as_of, Some(&why)).await?;
                let day = snapshot.fetched_at.date_naive();
                Err(Failure::Other(format!(
                    "{why}. The snapshot of {day} is kept and shown as it was"
                )))
            }
            (None, Some(why)) => Err(Failure::Other(format!(
                "{why}. There is no earlier snapshot of {series}"
            ))),
            (None, None) => Err(Failure::Request(self.nothing(&app, series, as_of).await?)),
        }
    }

    async fn nothing(&self, app: &App, series: &SeriesId, as_of: NaiveDate) -> Result<String, Failure> {
        let first = figures::snapshots(&app.db, series).await?.pop();
        Ok(match first {
            Some(first) => {
                let day = first.fetched_at.date_naive();
                format!("{series} was not fetched yet on {as_of}; the first snapshot is of {day}")
            }
            None => format!(
                "{series} is not fetched yet. Add --refresh to ask the World Bank, or load a file with `servanda sources \
                 series`"
            ),
        })
    }

    async fn show(&self, app: &App, held: &Snapshot, as_of: NaiveDate, failed: Option<&str>) -> Result<(), Failure> {
        let series = &held.series;
        let shelf = app.shelf().await?;
        let state = self.state.as_deref().map(|text| shelf.reference.find_state(text));
        let state = state.transpose()?.map(|state| &state.iso3);
        let wanted = Wanted {
            series: std::slice::from_ref(series),
            state,
            years: YEARS,
            as_of,
        };
        let found = figures::figures(&app.db, &wanted).await?.remove(series);
        let found = found.unwrap_or_default();
        if let (true, Some(state)) = (found.is_empty(), state) {
            return Err(Failure::Request(format!("{series} has no figure for {state}")));
        }
        let every_year = self.all || state.is_some();
        let told = FiguresAnswer::of(held, &found, every_year, as_of, (self.refresh, failed));
        if self.format != Format::Json {
            told.lines().iter().for_each(|line| complain(line));
        }
        answer(self.format, &told, FiguresAnswer::COLUMNS, &told.figures)
    }

    async fn list(&self, app: &App, as_of: NaiveDate) -> Result<(), Failure> {
        let held = figures::newest(&app.db, as_of).await?;
        if held.is_empty() {
            return Err(Failure::Request(format!(
                "no series was fetched or loaded by {as_of}. Name one with --indicator ID --refresh"
            )));
        }
        let rows: Vec<SeriesRow> = held.iter().map(SeriesRow::from).collect();
        answer(self.format, &rows, SeriesRow::COLUMNS, &rows)
    }
}

/// Asks for the series. What kept it from being read, if anything did.
async fn refresh(app: &App, series: &SeriesId, replace: bool) -> Result<Option<String>, Failure> {
    let worker = app.figure_worker("cli").map_err(Failure::Other)?;
    match worker.refresh(series, app.clock.now(), replace).await {
        Ok(_) => Ok(None),
        Err(RefreshError::Store(error)) => Err(error.into()),
        Err(error) => Ok(Some(error.to_string())),
    }
}
