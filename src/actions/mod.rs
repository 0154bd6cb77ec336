//! Every write: load → decide (domain) → save → audit → commit, in one transaction.

pub mod assessments;
pub mod bulk;
pub mod causes;
pub mod codings;
pub mod comments;
pub mod deadlines;
pub mod drafts;
pub mod evidence;
pub mod figures;
pub mod files;
pub mod import;
pub mod links;
pub mod participation;
pub mod passwords;
pub mod proposals;
pub mod recommendations;
pub mod remedies;
pub mod reminders;
pub mod reports;
pub mod reviews;
pub mod revisions;
pub mod saved_filters;
pub mod sessions;
pub mod signals;
pub mod standings;
pub mod studies;
pub mod subscriptions;
mod symbols;
pub mod users;

use crate::domain::reference::Unknown;
use crate::domain::texts::{is_blank, shown, turned};
use crate::store::{Db, StoreError, Tx, audit, forms};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// One field of a form or of a request that cannot be accepted, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong with it and what would be right.
    pub why: String,
}

/// Why something was not written. Nothing is half-written.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// What was given cannot be accepted.
    #[error("{}", .0.iter().map(|e| format!("{}: {}", e.field, e.why)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// Somebody else was faster; look again before deciding.
    #[error("{0}")]
    Conflict(String),
    /// It names something that we do not have.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who does it, when, on which day.
#[derive(Debug, Clone, Copy)]
pub struct Doing<'a> {
    /// An account's e-mail address, or `cli`.
    pub actor: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// The key of the form or request: sent twice, it is done once.
    pub key: Option<&'a str>,
}

impl Doing<'_> {
    /// Opens the transaction in which it is done.
    ///
    /// # Errors
    /// [`StoreError::Repeated`] when this form was sent before; when the database fails.
    pub async fn begin(&self, db: &Db) -> Result<Tx, StoreError> {
        let tx = db.begin().await?;
        if let Some(key) = self.key {
            forms::once(&tx, self.actor, key, self.now).await?;
        }
        Ok(tx)
    }

    /// Ends the write with its audit event: what was done, on what, and why where a person decides.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note(
        &self,
        tx: &Tx,
        action: &str,
        subject: &str,
        reason: Option<&str>,
        detail: serde_json::Value,
    ) -> Result<(), StoreError> {
        let entry = audit::Entry {
            at: self.now,
            actor: self.actor,
            action,
            subject,
            reason,
            detail,
        };
        audit::append(tx, entry).await
    }

    /// Today in UTC.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }
}

/// Collects what is wrong with the fields of one draft, so that all errors are told at once.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    errors: Vec<FieldError>,
}

/// Longer texts are refused: they are pasted by mistake.
const LONGEST: usize = 10_000;

impl Fields {
    pub(crate) fn wrong(&mut self, field: &'static str, why: impl Into<String>) {
        self.errors.push(FieldError { field, why: why.into() });
    }

    /// A typed value that must be given.
    pub(crate) fn needed<T, E: std::fmt::Display>(
        &mut self,
        field: &'static str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if is_blank(text) {
            self.wrong(field, "must be given");
            return None;
        }
        let text = text.trim();
        parse(text)
            .map_err(|error| {
                let why = error.to_string();
                let short = shown(text);
                self.wrong(field, if short == text { why } else { why.replace(text, &short) });
            })
            .ok()
    }

    /// A typed value that may be left empty. The outer option is none where it is wrong.
    pub(crate) fn optional<T, E: std::fmt::Display>(
        &mut self,
        field: &'static str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        if is_blank(text) {
            Some(None)
        } else {
            self.needed(field, text, parse).map(Some)
        }
    }

    /// A text that must be given and is not too long.
    pub(crate) fn text(&mut self, field: &'static str, text: &str, longest: usize) -> Option<String> {
        self.needed(field, text, |text| {
            let length = text.chars().count();
            if length > longest {
                return Err(format!("is {length} characters long; at most {longest} are kept"));
            }
            if text.chars().any(|c| c.is_control() && !['\n', '\r', '\t'].contains(&c)) {
                return Err("holds an invisible control character".to_owned());
            }
            if let Some(why) = turned(text) {
                return Err(why);
            }
            Ok(text.replace("\r\n", "\n"))
        })
    }

    /// A long text that must be given.
    pub(crate) fn prose(&mut self, field: &'static str, text: &str) -> Option<String> {
        self.text(field, text, LONGEST)
    }

    /// A text that may be left empty and is not too long.
    pub(crate) fn maybe(&mut self, field: &'static str, text: &str, longest: usize) -> Option<String> {
        if is_blank(text) {
            Some(String::new())
        } else {
            self.text(field, text, longest)
        }
    }

    /// Refuses because of one field.
    pub(crate) fn refuse<T>(mut self, field: &'static str, why: impl Into<String>) -> Result<T, ActionError> {
        self.wrong(field, why);
        Err(ActionError::Invalid(self.errors))
    }

    /// The value if nothing was wrong.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, ActionError> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(ActionError::Invalid(self.errors)),
        }
    }
}
