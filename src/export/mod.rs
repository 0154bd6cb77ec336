//! A picture turned into answers and bytes; no database. The answers are one contract: what `servanda … --format json`
//! prints is what `/api/v1` sends. Names and order are stable.

pub mod agreement;
pub mod audit;
pub mod bulk;
pub mod causes;
pub mod deadlines;
pub mod evidence;
pub mod figures;
pub mod gaps;
pub mod ics;
pub mod obligations;
pub mod package;
pub mod participation;
pub mod reference;
pub mod search;
pub mod status_pages;
pub mod studies;
pub mod tables;
