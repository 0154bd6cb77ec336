//! A picture turned into answers and bytes; no database. The answers are one contract: what `servanda … --format json`
//! prints is what `/api/v1` sends.

pub mod answers;
pub mod package;
pub mod tables;
