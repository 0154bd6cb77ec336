//! Typed messages, their words in three languages, and the ways out: SMTP, a folder of `.eml` files, or memory.
//! lettre never leaves this room.

mod compose;
mod directory;
mod mailer;
mod memory;
mod render;
mod smtp;
mod words;

pub use mailer::{MailError, Mailer, Transport};
pub use memory::{MemoryMailbox, StoredMail};
pub use render::{ReminderMail, Rendered};
pub use words::Words;
