//! The one template engine, for pages and mails: every file under `templates/`, compiled into the program.
//!
//! Names are paths below `templates/`. Files ending in `.html` are escaped, `.txt` are not. A template that names a
//! variable, filter or component that does not exist fails here or in the test that renders each with its samples,
//! never in front of a reader by showing nothing.

use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::Arc;
use tera::{Context, Kwargs, State, Tera};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Files;

/// Templates that cannot be loaded or rendered, with file, line and reason.
#[derive(Debug, thiserror::Error)]
#[error("template {name}: {why}")]
pub struct TemplateError {
    /// Which.
    pub name: String,
    /// What is wrong with it.
    pub why: String,
}

/// All templates, parsed.
#[derive(Clone)]
pub struct Templates {
    engine: Arc<Tera>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").field("count", &self.names().len()).finish()
    }
}

impl Templates {
    /// Parses every template in the program.
    ///
    /// # Errors
    /// The first one that is wrong, with file and line.
    pub fn load() -> Result<Self, TemplateError> {
        let mut engine = Tera::default();
        engine.register_filter("number", number);
        let mut texts = Vec::new();
        for name in Files::iter() {
            if let Some(file) = Files::get(&name) {
                texts.push((name.to_string(), String::from_utf8_lossy(&file.data).into_owned()));
            }
        }
        engine.add_raw_templates(texts).map_err(|e| TemplateError {
            name: "(loading)".to_owned(),
            why: e.to_string(),
        })?;
        Ok(Self {
            engine: Arc::new(engine),
        })
    }

    /// Renders the template of that name with the fields of `context` as its variables.
    ///
    /// # Errors
    /// When there is no such template, or it names what the context does not have.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, TemplateError> {
        let context = Context::from_serialize(context).map_err(|e| error(name, &e))?;
        self.engine.render(name, &context).map_err(|e| error(name, &e))
    }

    /// Renders a page: the fields of `view`, and `page` for the frame around it.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub fn render_framed(
        &self,
        name: &str,
        view: &impl Serialize,
        page: &impl Serialize,
    ) -> Result<String, TemplateError> {
        let mut context = Context::from_serialize(view).map_err(|e| error(name, &e))?;
        context.insert("page", page);
        self.engine.render(name, &context).map_err(|e| error(name, &e))
    }

    /// The names of all templates, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.engine.get_template_names().collect();
        names.sort_unstable();
        names
    }
}

fn error(name: &str, cause: &tera::Error) -> TemplateError {
    TemplateError {
        name: name.to_owned(),
        why: cause.to_string(),
    }
}

/// `12345` → `12,345`.
fn number(value: i64, _: Kwargs, _: &State) -> String {
    grouped(value)
}

/// A whole number with a comma at every thousand.
#[must_use]
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = if value < 0 { "−".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_well_formed() {
        let templates = Templates::load().expect("loaded");
        assert!(templates.names().contains(&"base.html"));
    }

    #[test]
    fn a_missing_variable_is_an_error_and_not_a_blank() {
        let templates = Templates::load().expect("loaded");
        assert!(templates.render("base.html", &serde_json::json!({})).is_err());
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            ["0", "999", "1,000", "−1,234,567"],
            [0, 999, 1000, -1_234_567].map(grouped).each_ref().map(String::as_str)
        );
    }
}
