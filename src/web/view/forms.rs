//! A form as it is shown: explained before it asks, and with everything that was typed when something is wrong.

use super::parts::{Anchor, CauseMark, GradeMark};
use crate::web::links::Link;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is wrong, by the name of the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(BTreeMap<&'static str, String>);

impl FieldErrors {
    /// Notes what is wrong with a field; the first remark about a field stays.
    pub fn add(&mut self, field: &'static str, why: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| why.into());
    }

    /// The value, or a remark about the field.
    pub fn take<T, E: ToString>(&mut self, field: &'static str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(field, error.to_string())).ok()
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }
}

/// A form's frame: where it is sent, and what is wrong with it.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    pub action: Link,
    /// Proves that the form came from this site.
    pub token: String,
    /// Makes the form do its work once, however often it is sent.
    pub key: String,
    pub fields: Vec<Field>,
    pub errors: Vec<FormError>,
    pub error_title: String,
    pub submit: String,
    pub cancel: Option<Anchor>,
}

/// One line of the summary of errors, leading to its field.
#[derive(Debug, Clone, Serialize)]
pub struct FormError {
    pub href: String,
    pub text: String,
}

impl Form {
    /// A form without fields.
    #[must_use]
    pub fn new(action: Link, token: &str, submit: &str) -> Self {
        Self {
            action,
            token: token.to_owned(),
            key: uuid::Uuid::now_v7().simple().to_string(),
            fields: Vec::new(),
            errors: Vec::new(),
            error_title: "Nothing was saved yet. Please mend this first:".to_owned(),
            submit: submit.to_owned(),
            cancel: None,
        }
    }

    /// With these fields, each marked with what is wrong with it.
    #[must_use]
    pub fn with(mut self, fields: Vec<Field>, errors: &FieldErrors) -> Self {
        self.fields = fields.into_iter().map(|field| field.marked(errors)).collect();
        self.errors = self.fields.iter().filter_map(Field::summary).collect();
        let shown: Vec<&str> = self.fields.iter().map(|field| field.name).collect();
        let rest = errors.0.iter().filter(|(name, _)| !shown.contains(name));
        self.errors.extend(rest.map(|(_, text)| FormError {
            href: "#content".to_owned(),
            text: text.clone(),
        }));
        self
    }

    /// With a way out.
    #[must_use]
    pub fn cancel(mut self, to: Anchor) -> Self {
        self.cancel = Some(to);
        self
    }
}

/// One answer that can be chosen.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub chosen: bool,
    /// Shown instead of the label.
    pub grade: Option<GradeMark>,
    /// Shown instead of the label.
    pub cause: Option<CauseMark>,
}

impl Choice {
    /// A value and its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        let (value, label) = (value.into(), label.into());
        Self {
            value,
            label,
            hint: None,
            chosen: false,
            grade: None,
            cause: None,
        }
    }

    /// Explained.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// One question of a form.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    pub id: String,
    pub name: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub kind: &'static str,
    pub value: String,
    pub choices: Vec<Choice>,
    pub error: Option<String>,
    pub required: bool,
    pub optional_shown: bool,
    pub described_by: Option<String>,
    pub autocomplete: Option<&'static str>,
    pub width: &'static str,
    pub rows: u8,
}

impl Field {
    /// A question answered in one line; `kind` as HTML has it (`text`, `search`, `date`, `url`, `email`, `password`).
    #[must_use]
    pub fn line(kind: &'static str, name: &'static str, label: &str, value: &str) -> Self {
        Self {
            id: name.to_owned(),
            name,
            label: label.to_owned(),
            hint: None,
            kind,
            value: value.to_owned(),
            choices: Vec::new(),
            error: None,
            required: true,
            optional_shown: false,
            described_by: None,
            autocomplete: None,
            width: "",
            rows: 5,
        }
    }

    /// A question answered in sentences.
    #[must_use]
    pub fn text(name: &'static str, label: &str, value: &str) -> Self {
        Self::line("textarea", name, label, value)
    }

    /// A choice from a list that drops down.
    #[must_use]
    pub fn select(name: &'static str, label: &str, choices: Vec<Choice>, chosen: &str) -> Self {
        Self::line("select", name, label, chosen).choosing(choices, &[chosen])
    }

    /// A choice of one, all in sight.
    #[must_use]
    pub fn radio(name: &'static str, label: &str, choices: Vec<Choice>, chosen: &str) -> Self {
        Self::line("radio", name, label, chosen).choosing(choices, &[chosen])
    }

    /// A choice of several.
    #[must_use]
    pub fn checks(name: &'static str, label: &str, choices: Vec<Choice>, chosen: &[&str]) -> Self {
        Self::line("checkbox", name, label, "").choosing(choices, chosen)
    }

    /// A value that is sent along.
    #[must_use]
    pub fn hidden(name: &'static str, value: &str) -> Self {
        Self::line("hidden", name, "", value)
    }

    fn choosing(mut self, choices: Vec<Choice>, chosen: &[&str]) -> Self {
        self.choices = choices;
        for choice in &mut self.choices {
            choice.chosen = chosen.contains(&choice.value.as_str());
        }
        self
    }

    /// Explained before it asks.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self.described()
    }

    /// It may stay empty, and says so.
    #[must_use]
    pub fn optional(mut self) -> Self {
        (self.required, self.optional_shown) = (false, true);
        self
    }

    /// It may stay empty: a filter.
    #[must_use]
    pub fn filter(mut self) -> Self {
        self.required = false;
        self
    }

    /// As wide as what is asked: `short` for a date, `medium` for a symbol.
    #[must_use]
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }

    /// What the browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// With another id, where two forms on a page ask the same.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        self.id = id.to_owned();
        self.described()
    }

    fn marked(mut self, errors: &FieldErrors) -> Self {
        self.error = errors.get(self.name).map(str::to_owned);
        self.described()
    }

    fn described(mut self) -> Self {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let all: Vec<String> = hint.into_iter().chain(error).collect();
        self.described_by = (!all.is_empty()).then(|| all.join(" "));
        self
    }

    fn summary(&self) -> Option<FormError> {
        let text = self.error.as_ref().map(|why| format!("{}: {why}", self.label))?;
        let place = if self.kind == "hidden" { "content" } else { &self.id };
        Some(FormError {
            href: format!("#{place}"),
            text,
        })
    }
}

/// A row of filters above a table, sent as the page's address.
#[derive(Debug, Clone, Serialize)]
pub struct Filters {
    pub label: String,
    pub action: Link,
    pub fields: Vec<Field>,
    /// The page without filters, where there are any.
    pub clear: Option<Link>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::links;

    #[test]
    fn what_was_typed_stays_and_the_summary_leads_to_the_field() {
        let mut errors = FieldErrors::default();
        assert_eq!(
            errors.take("date", "2003-02-30".parse::<crate::domain::dates::PartialDate>()),
            None
        );
        errors.add("nowhere", "the database said no");
        let fields = vec![Field::line("text", "date", "Date of the facts", "2003-02-30").hint("Such as 2003-07.")];
        let form = Form::new(links::home(), "t", "Save").with(fields, &errors);
        assert_eq!(form.fields[0].value, "2003-02-30");
        assert_eq!(form.fields[0].described_by.as_deref(), Some("date-hint date-error"));
        assert_eq!(form.errors[0].href, "#date");
        assert!(form.errors[0].text.starts_with("Date of the facts: “2003-02-30”"));
        assert_eq!(form.errors[1].text, "the database said no");
    }
}
