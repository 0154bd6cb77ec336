//! Pure values and rules. Nothing here reads a clock, a file, a database or the network: time is an argument.

pub mod agreement;
pub mod assessments;
pub mod audit;
pub mod causes;
pub mod codings;
pub mod dates;
pub mod deadlines;
pub mod decisions;
pub mod evidence;
pub mod files;
pub mod gaps;
pub mod ids;
pub mod instruments;
pub mod links;
pub mod obligations;
pub mod participation;
pub mod reference;
pub mod reminders;
pub mod reservations;
pub mod reviews;
pub mod search;
pub mod suggestions;
pub mod summaries;
pub mod symbols;
pub mod tables;
pub mod users;
