//! One pass: record what is due, plan the ledger, send what waits. Links of evidence
//! are asked beside it, and figures where the settings name some. And a small loop around each. Two workers on one
//! database do no harm.

mod figures;
mod holder;
mod imports;
mod links;
mod passes;
mod rehearsal;
mod sending;

pub use figures::{FigureSummary, FigureWorker, RefreshError, refresh_figures};
pub use holder::Holder;
pub use imports::Importer;
pub use links::{LinkSummary, LinkWorker, check_links};
pub use passes::{PassError, Summary, Worker, run, run_once, run_with};
pub use rehearsal::{Rehearsal, WouldSend, rehearse, rehearse_with};
