//! Speaking to the terminal, and to the log.

use super::{Failure, Format};
use crate::config::Config;
use crate::export::tables;
use serde::Serialize;
use std::io::Write as _;
use tracing_subscriber::EnvFilter;

/// Prints a line. A reader that has gone away (`| head`) is no error; a full disk is.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    print(format!("{text}\n").as_bytes())
}

fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    // What stays in the buffer would be lost without a word at the end of the program.
    match out.write_all(bytes).and_then(|()| out.flush()).map_err(unwritten) {
        Err(Failure::Unread) => Ok(()),
        other => other,
    }
}

/// What it means that an answer could not be written.
pub(super) fn unwritten(error: std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return Failure::Unread;
    }
    Failure::Other(format!("the answer cannot be written: {error}"))
}

/// Prints a complaint.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints an answer in the format asked for.
pub(super) fn answer<A: Serialize, R: Serialize>(
    format: Format,
    whole: &A,
    columns: &[&str],
    rows: &[R],
) -> Result<(), Failure> {
    let failed = |error: String| Failure::Other(error);
    let mut bytes = match format {
        Format::Json => serde_json::to_vec_pretty(whole).map_err(|e| failed(e.to_string()))?,
        Format::Csv => tables::csv(columns, rows).map_err(|e| failed(e.to_string()))?,
        Format::Table => tables::text(columns, rows).into_bytes(),
    };
    if format == Format::Json {
        bytes.push(b'\n');
    }
    print(&bytes)
}

/// Starts the log on standard error. A command that answers a question logs only what goes wrong.
pub(super) fn start_logging(config: &Config, server: bool) -> Result<(), Failure> {
    let filter = if server { config.log.clone() } else { "warn".to_owned() };
    let filter = EnvFilter::try_new(&filter)
        .map_err(|error| Failure::Request(format!("setting log: “{filter}” is not a filter: {error}")))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Ignored: a log that was started before stays as it is.
    let _ = if config.log_json {
        log.json().try_init()
    } else {
        log.with_target(false).try_init()
    };
    Ok(())
}
