//! Speaking to the terminal, and to the log.

use super::{Failure, Format};
use crate::config::Config;
use crate::export::tables;
use serde::Serialize;
use std::io::Write as _;
use tracing_subscriber::EnvFilter;

/// Prints a line. A reader that has gone away (`| head`) is no error.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
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
    let bytes = match format {
        Format::Json => serde_json::to_vec_pretty(whole).map_err(|e| failed(e.to_string()))?,
        Format::Csv => tables::csv(columns, rows).map_err(|e| failed(e.to_string()))?,
        Format::Table => tables::text(columns, rows).into_bytes(),
    };
    let mut out = std::io::stdout();
    let _ = out.write_all(&bytes);
    if format == Format::Json {
        let _ = out.write_all(b"\n");
    }
    Ok(())
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
