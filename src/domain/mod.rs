//! Pure values and rules. Nothing here reads a clock, a file, a database or the network: time is an argument.

pub mod audit;
pub mod dates;
pub mod deadlines;
pub mod ids;
pub mod reminders;
pub mod users;
