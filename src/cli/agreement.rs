//! How far raters agree, from a file. Needs no database.

use super::output::{answer, say};
use super::{Failure, Format};
use crate::domain::agreement::{Draws, Input, Level, Metric, Refusal, Shape, fleiss, measure, read};
use crate::export::agreement::{AgreementAnswer, RefusedAnswer};
use clap::{Args, ValueEnum};
use std::io::Read as _;
use std::path::PathBuf;

/// `servanda agreement`
///
/// The table has one of three shapes: `unit,rater,value` with one line for each value; the unit in the first column and one
/// column for each rater; or, for fleiss, `subject` in the first column and one column for each category with how many
/// raters chose it. An empty cell, NA, . or * means that no value was given.
#[derive(Debug, Args)]
pub struct AgreementCommand {
    /// CSV file with the ratings; - for standard input
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// krippendorff, cohen or fleiss
    #[arg(long, default_value = "krippendorff")]
    metric: Metric,
    /// nominal (names), ordinal (ranks), interval (differences) or ratio (proportions)
    #[arg(long, default_value = "nominal")]
    level: Level,
    /// How the table is laid out [default: as its header shows]
    #[arg(long, value_enum)]
    shape: Option<ShapeArgument>,
    /// How often the units are resampled for the interval; 0 for none
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    bootstrap: u32,
    /// Where the resampling begins: the same seed gives the same interval
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// `--shape`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShapeArgument {
    /// unit,rater,value
    Long,
    /// one column for each rater
    Wide,
    /// one column for each category (fleiss)
    Counts,
}

impl From<ShapeArgument> for Shape {
    fn from(shape: ShapeArgument) -> Self {
        match shape {
            ShapeArgument::Long => Self::Long,
            ShapeArgument::Wide => Self::Wide,
            ShapeArgument::Counts => Self::Counts,
        }
    }
}

/// Complaints shown at once.
const SHOWN: usize = 50;

impl AgreementCommand {
    /// Reads, computes and answers; a refusal is an answer too, with exit code 2.
    ///
    /// # Errors
    /// When the file cannot be read, or the figure would mean nothing.
    pub fn run(self) -> Result<(), Failure> {
        let (header, rows) = self.table()?;
        let shape = self.shape.map(Shape::from);
        if shape == Some(Shape::Counts) && self.metric != Metric::Fleiss {
            return Err(Failure::Request("--shape counts is for --metric fleiss".to_owned()));
        }
        let input = read(&header, &rows, shape, self.metric, self.level).map_err(|complaints| {
            let shown: Vec<String> = complaints.iter().take(SHOWN).map(|line| format!("  {line}")).collect();
            let more = match complaints.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!("\n  … and {more} more"),
            };
            Failure::Request(format!("{}:\n{}{more}", self.input.display(), shown.join("\n")))
        })?;
        let draws = Draws {
            number: self.bootstrap,
            seed: self.seed,
        };
        let (found, table) = match &input {
            Input::Ratings(ratings, shape) => (
                measure(ratings, self.metric, self.level, draws),
                (ratings.units(), ratings.raters_with_values(), shape.code()),
            ),
            Input::Counts(_) if self.level != Level::Nominal => {
                (Err(Refusal::NominalOnly(self.metric)), (0, 0, Shape::Counts.code()))
            }
            Input::Counts(counts) => (
                fleiss(counts, draws),
                (counts.units(), counts.raters() as usize, Shape::Counts.code()),
            ),
        };
        match found {
            Ok(found) => {
                let told = AgreementAnswer::of(self.metric, self.level, &found, table);
                answer(
                    self.format,
                    &told,
                    AgreementAnswer::COLUMNS,
                    std::slice::from_ref(&told),
                )
            }
            Err(refusal) => {
                if self.format == Format::Json {
                    let told = serde_json::to_string(&RefusedAnswer::from(&refusal));
                    say(&told.map_err(|error| Failure::Other(error.to_string()))?)?;
                }
                Err(Failure::Request(format!("{refusal}. It needs {}", refusal.needs())))
            }
        }
    }

    fn table(&self) -> Result<(Vec<String>, Vec<Vec<String>>), Failure> {
        let name = self.input.display();
        let bytes = if self.input.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes)?;
            bytes
        } else {
            std::fs::read(&self.input).map_err(|error| Failure::Request(format!("{name} cannot be read: {error}")))?
        };
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Failure::Request(format!("{name} is not UTF-8 text (byte {at}); save it as CSV in UTF-8"))
        })?;
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let wrong = |error: csv::Error| Failure::Request(format!("{name} is not CSV: {error}"));
        let header = reader.headers().map_err(wrong)?.iter().map(str::to_owned).collect();
        let rows = reader
            .records()
            .map(|record| Ok(record.map_err(wrong)?.iter().map(str::to_owned).collect()))
            .collect::<Result<Vec<Vec<String>>, Failure>>()?;
        Ok((header, rows))
    }
}
