//! One binary for all integration tests: it links once. `support/` holds what they share.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop with its line number"
)]
#![allow(
    dead_code,
    reason = "helpers are shared; not every engine or feature uses each of them"
)]

mod agreement;
mod api;
mod as_of;
mod audit;
mod browser;
mod browser_morning;
mod bulk;
mod bulk_files;
mod causes;
mod classify;
mod cli;
mod cli_edges;
mod codings;
mod decisions;
mod desk;
mod edge;
mod evidence_review;
mod figures;
mod figures_kept;
mod files;
mod files_s3;
mod findings;
mod history;
mod import;
mod kept;
mod layering;
mod legal_cases;
mod links;
mod pages_deadlines;
mod pages_evidence;
mod pages_instruments;
mod pages_obligations;
mod pages_reminders;
mod pages_states;
mod pages_summaries;
mod proposals;
mod readme;
mod reminders;
mod reminders_mail;
mod reminders_process;
mod reminders_smtp;
mod reviews;
mod search;
mod studies;
mod suggestions;
mod support;
mod symbols;
mod untc;
