//! The words of the messages in English, French and Spanish, by Project Fluent; whoever reads another language gets
//! English.

use crate::domain::users::Language;
use chrono::{Datelike, NaiveDate};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::Arc;

/// The languages there are words in.
pub(super) const SPOKEN: [Language; 3] = [Language::English, Language::French, Language::Spanish];

/// A file of words that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("locales/{language}/mail.ftl: {why}")]
pub struct WordsError {
    language: Language,
    why: String,
}

/// All words, parsed.
#[derive(Clone)]
pub struct Words {
    bundles: Arc<Vec<(Language, FluentBundle<FluentResource>)>>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("languages", &SPOKEN).finish()
    }
}

/// The source of a language's words.
pub(super) fn source(language: Language) -> &'static str {
    match language {
        Language::French => include_str!("../../locales/fr/mail.ftl"),
        Language::Spanish => include_str!("../../locales/es/mail.ftl"),
        _ => include_str!("../../locales/en/mail.ftl"),
    }
}

impl Words {
    /// Reads every language.
    ///
    /// # Errors
    /// The first file that cannot be read.
    pub fn load() -> Result<Self, WordsError> {
        let bundles: Result<Vec<_>, WordsError> = SPOKEN.into_iter().map(|one| Ok((one, bundle(one)?))).collect();
        Ok(Self {
            bundles: Arc::new(bundles?),
        })
    }

    /// The same words, speaking that language, or English where it is not spoken here.
    #[must_use]
    pub fn speaking(&self, language: Language) -> Speaker<'_> {
        let language = if SPOKEN.contains(&language) {
            language
        } else {
            Language::English
        };
        Speaker { words: self, language }
    }

    fn find(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let (_, bundle) = self.bundles.iter().find(|(one, _)| *one == language)?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, %language, ?errors, "a sentence lacks one of its values");
        }
        Some(text.into_owned())
    }
}

fn bundle(language: Language) -> Result<FluentBundle<FluentResource>, WordsError> {
    let error = |why: String| WordsError { language, why };
    let resource = FluentResource::try_new(source(language).to_owned())
        .map_err(|(_, errors)| error(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
    let id = language.as_str().parse().map_err(|e| error(format!("{e}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle
        .add_resource(resource)
        .map_err(|errors| error(format!("{errors:?}")))?;
    Ok(bundle)
}

/// The words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    words: &'a Words,
    /// Which.
    pub language: Language,
}

impl Speaker<'_> {
    /// The sentence of that key, with its values; in English where the language lacks it.
    #[must_use]
    pub fn say(&self, key: &str, args: &[(&str, Value<'_>)]) -> String {
        self.try_say(key, args).unwrap_or_else(|| {
            tracing::error!(key, "there is no such sentence");
            key.to_owned()
        })
    }

    /// The sentence of that key, if there is one.
    #[must_use]
    pub fn try_say(&self, key: &str, args: &[(&str, Value<'_>)]) -> Option<String> {
        let mut values = FluentArgs::new();
        for (name, value) in args {
            match value {
                Value::Text(text) => values.set(*name, *text),
                Value::Number(number) => values.set(*name, *number),
            }
        }
        let here = self.words.find(self.language, key, &values);
        here.or_else(|| self.words.find(Language::English, key, &values))
    }

    /// A calendar date as people of that language write it.
    #[must_use]
    pub fn date(&self, date: NaiveDate) -> String {
        let year = date.year().to_string();
        let (day, month) = (i64::from(date.day()), i64::from(date.month()));
        let args = [
            ("day", Value::Number(day)),
            ("month", Value::Number(month)),
            ("year", Value::Text(&year)),
        ];
        self.say("date", &args)
    }

    /// The name of a report: `periodic 2` → “second periodic report”. What has no name here keeps its own.
    #[must_use]
    pub fn report(&self, report: &str) -> String {
        let (key, numbers) = if let Some(numbers) = report.strip_prefix("initial and periodic ") {
            ("report-initial-combined", numbers)
        } else {
            ("report-combined", report.strip_prefix("periodic ").unwrap_or(""))
        };
        let range = numbers
            .split_once('-')
            .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let named = match (range, numbers.parse::<i64>()) {
            (Some((from, to)), _) => {
                let (from, to) = (self.ordinal(from), self.ordinal(to));
                self.try_say(key, &[("from", Value::Text(&from)), ("to", Value::Text(&to))])
            }
            (None, Ok(n)) => self.try_say("report-periodic", &[("n", Value::Number(n))]),
            (None, Err(_)) if report == "periodic" => self.try_say("report-next", &[]),
            (None, Err(_)) => self.try_say(&format!("report-{}", slug(report)), &[]),
        };
        named.unwrap_or_else(|| report.to_owned())
    }

    /// Why a date is what it is: the phrase in that language, the article as it stands.
    #[must_use]
    pub fn basis(&self, basis: &str) -> String {
        if let Some(by) = basis.strip_prefix("date set by ") {
            return self.say("basis-set", &[("by", Value::Text(&self.setter(by)))]);
        }
        let (phrase, article) = basis
            .split_once(", ")
            .map_or((basis, None), |(phrase, rest)| (phrase, Some(rest)));
        let said = self.try_say(&format!("basis-{}", slug(phrase)), &[]);
        let said = said.unwrap_or_else(|| phrase.to_owned());
        article.map_or_else(|| said.clone(), |article| format!("{said}, {article}"))
    }

    /// Who set a date: a document's symbol stays as it is.
    #[must_use]
    pub fn setter(&self, by: &str) -> String {
        if by == "the treaty body" {
            self.say("basis-the-treaty-body", &[])
        } else {
            by.to_owned()
        }
    }

    fn ordinal(&self, n: i64) -> String {
        self.say("ordinal", &[("n", Value::Number(n))])
    }
}

/// What a sentence is given.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A number, which also chooses singular or plural.
    Number(i64),
}

/// `National preventive mechanism` → `national-preventive-mechanism`.
pub(super) fn slug(text: &str) -> String {
    let parts = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    parts.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dates::parse_day;
    use std::collections::BTreeSet;

    fn keys(language: Language) -> BTreeSet<&'static str> {
        let starts = source(language)
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        starts
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
            .collect()
    }

    #[test]
    fn every_language_has_every_sentence() {
        for language in SPOKEN {
            assert_eq!(keys(language), keys(Language::English), "{language}");
        }
    }

    #[test]
    fn dates_are_written_as_in_that_language() {
        let words = Words::load().expect("words");
        let date = |language, text| words.speaking(language).date(parse_day(text).expect("a date"));
        assert_eq!(date(Language::English, "2026-12-23"), "23 December 2026");
        assert_eq!(date(Language::French, "2026-08-01"), "1er août 2026");
        assert_eq!(date(Language::French, "2026-12-23"), "23 décembre 2026");
        assert_eq!(date(Language::Spanish, "2027-01-02"), "2 de enero de 2027");
        assert_eq!(date(Language::Chinese, "2027-01-02"), "2 January 2027");
    }

    #[test]
    fn reports_have_names() {
        let words = Words::load().expect("words");
        let name = |language, report| words.speaking(language).report(report);
        assert_eq!(name(Language::English, "initial"), "initial report");
        assert_eq!(name(Language::English, "periodic 2"), "second periodic report");
        assert_eq!(name(Language::English, "periodic 22"), "22nd periodic report");
        assert_eq!(
            name(Language::English, "periodic 2-4"),
            "combined second to fourth periodic reports"
        );
        assert_eq!(name(Language::French, "periodic 3"), "troisième rapport périodique");
        assert_eq!(name(Language::Spanish, "periodic 3"), "tercer informe periódico");
        assert_eq!(
            name(Language::French, "initial and periodic 2-3"),
            "rapport unique valant rapport initial et deuxième à troisième rapports périodiques"
        );
        assert_eq!(
            name(Language::Spanish, "national preventive mechanism"),
            "notificación del mecanismo nacional de prevención"
        );
        assert_eq!(name(Language::French, "something else"), "something else");
    }

    #[test]
    fn the_legal_basis_is_translated_and_the_article_kept() {
        let words = Words::load().expect("words");
        let french = words.speaking(Language::French);
        assert_eq!(
            french.basis("one year after entry into force for the state, art. 73(1)(a)"),
            "un an après l’entrée en vigueur pour l’État, art. 73(1)(a)"
        );
        assert_eq!(
            french.basis("date set by the treaty body"),
            "date fixée par l’organe conventionnel"
        );
        assert_eq!(
            french.basis("date set by CMW/C/MEX/CO/3"),
            "date fixée par CMW/C/MEX/CO/3"
        );
    }
}
