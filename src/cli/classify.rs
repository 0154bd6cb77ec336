//! `servanda classify`: why gaps stay open, as far as signals tell. One case a line in, one result a line out, in order.
//! No database is opened.

mod input;
mod measure;
mod output;

use super::Failure;
use super::output::{complain, say, unwritten};
use crate::actions::signals::shipped;
use crate::domain::causes::Classifier;
use clap::{Args, ValueEnum};
use input::{Line, Lines};
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Cases read at once; each core takes a share of them.
const BATCH: usize = 4_000;
/// And so many bytes of them.
const BATCH_BYTES: usize = 8_000_000;

/// `servanda classify`
#[derive(Debug, Args)]
pub struct Classify {
    /// Where cases are read from: JSON, one a line [default: standard input]
    input: Option<PathBuf>,
    /// How answers are written
    #[arg(long, value_enum, default_value = "table")]
    format: Answer,
    /// Measure on labelled cases instead (CSV with state, text and cause; see fixtures/README.md)
    #[arg(long, value_name = "CASES", conflicts_with = "input")]
    measure: Option<PathBuf>,
    /// Threads [default: one for each core]
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

/// `--format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Answer {
    /// One JSON object a line
    Json,
    /// For people
    Table,
}

impl Classify {
    /// Reads, classifies and answers. A bad line is answered with what is wrong and does not stop the others.
    ///
    /// # Errors
    /// When the input cannot be read at all, or lines were wrong.
    pub fn run(self) -> Result<(), Failure> {
        let classifier = shipped().map_err(|wrong| Failure::Other(wrong.join("\n")))?;
        if let Some(path) = &self.measure {
            return measure::run(classifier, path, self.format);
        }
        let threads = self
            .threads
            .or_else(|| std::thread::available_parallelism().ok())
            .map_or(1, NonZeroUsize::get);
        let source: Box<dyn std::io::Read> = match &self.input {
            None => Box::new(std::io::stdin()),
            Some(path) => Box::new(
                std::fs::File::open(path)
                    .map_err(|error| Failure::Request(format!("{} cannot be read: {error}", path.display())))?,
            ),
        };
        let mut lines = Lines::of(source);
        let (mut out, mut wrong, mut read) = (std::io::BufWriter::new(std::io::stdout()), 0_u64, 0_u64);
        loop {
            let batch = lines.batch(BATCH, BATCH_BYTES)?;
            if batch.is_empty() {
                break;
            }
            read += batch.len() as u64;
            for (answer, failed) in answers(classifier, &batch, threads, self.format) {
                wrong += u64::from(failed);
                writeln!(out, "{answer}").map_err(unwritten)?;
            }
        }
        out.flush().map_err(unwritten)?;
        if read == 0 {
            complain("no case was given: one JSON object a line is read");
        }
        match wrong {
            0 => Ok(()),
            all if all == read => Err(Failure::Request(format!("none of {read} line(s) is a case"))),
            some => Err(Failure::Other(format!(
                "{some} of {read} line(s) are no case; their answers say why"
            ))),
        }
    }
}

/// The answers to some lines, in order, and whether each is a complaint.
fn answers(classifier: &Classifier, batch: &[Line], threads: usize, format: Answer) -> Vec<(String, bool)> {
    let answer = |line: &Line| match line.read(classifier) {
        Ok(case) => (output::told(&case.id, &classifier.classify(&case.case), format), false),
        Err(wrong) => (output::refused(&wrong, format), true),
    };
    // Small shares: one long text must not keep the other cores waiting.
    let size = batch.len().div_ceil(threads * 8).max(1);
    let shares: Vec<&[Line]> = batch.chunks(size).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut done: Vec<(usize, Vec<(String, bool)>)> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(share) = shares.get(at) else { return done };
                done.push((at, share.iter().map(answer).collect()));
            }
        };
        let workers: Vec<_> = (1..threads.min(shares.len())).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for worker in workers {
            done.extend(worker.join().unwrap_or_default());
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, answers)| answers).collect()
}
