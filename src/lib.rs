//! Servanda: which duties towards migrants has a state accepted, what shows that it keeps them, where it does not,
//! why not, and what falls due next.
//!
//! The map, from the inside out. The allowed edges between the rooms are checked by `tests/it/layering.rs`.

/// Pure values and rules: no I/O, no async, no clock.
pub mod domain;

/// Every write: load, decide, save, audit and commit in one transaction.
#[cfg(feature = "server")]
pub mod actions;
/// The only wiring: settings, database, templates and clock put together.
#[cfg(feature = "server")]
pub mod app;
/// Arguments and one function for each command.
#[cfg(feature = "server")]
pub mod cli;
/// System or fixed time: the only file that may read the clock.
#[cfg(feature = "server")]
pub mod clock;
/// Typed settings: defaults, `servanda.toml`, environment, flags.
#[cfg(feature = "server")]
pub mod config;
/// A summary turned into bytes; no database.
#[cfg(feature = "server")]
pub mod export;
/// The object store with the uploaded files: received as a stream, looked into, kept under their hash.
#[cfg(feature = "server")]
pub mod files;
/// Typed messages, their rendering and the transports.
#[cfg(feature = "server")]
pub mod mail;
/// One definition of the tables for SQLite and PostgreSQL, in the folder `migrations/` at the top.
#[cfg(feature = "server")]
#[path = "../migrations/mod.rs"]
pub mod migrations;
/// Everything that is fetched from outside; reqwest never leaves it.
#[cfg(feature = "server")]
pub mod sources;
/// All SQL; sea-orm never leaves it.
#[cfg(feature = "server")]
pub mod store;
/// The one template engine, for pages and mails.
#[cfg(feature = "server")]
pub mod templates;
/// Routes, extractors, pages and the API.
#[cfg(feature = "server")]
pub mod web;
/// One pass (`run_once`) and a small loop around it: plan reminders, send what is due.
#[cfg(feature = "server")]
pub mod worker;
