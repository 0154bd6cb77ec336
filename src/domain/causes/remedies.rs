//! What would unblock a gap: by cause, what treaty bodies ask for and who could help. Data of `fixtures/remedies.toml`.

use super::{Cause, subclasses};
use crate::domain::ids::ThemeCode;
use crate::domain::instruments::Confidence;
use serde::Deserialize;

/// The file, as it is written.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedies {
    /// What is asked for.
    #[serde(default)]
    remedy: Vec<Remedy>,
    /// Who could help.
    #[serde(default)]
    helper: Vec<Helper>,
}

/// What treaty bodies ask for where a cause keeps a gap open.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// The cause.
    pub cause: Cause,
    /// Its kind; without one it fits every kind.
    pub kind: Option<String>,
    /// What is asked for, in our own words.
    pub asks: String,
    /// The article, paragraph or document.
    pub source: String,
    /// How sure we are of the source.
    pub confidence: Confidence,
}

/// Who could help.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Helper {
    /// Its name.
    pub name: String,
    /// What it offers.
    pub offers: String,
    /// Causes, or causes with a kind such as `other/conflict`.
    causes: Vec<String>,
    /// The themes it knows about; every theme where none is named.
    #[serde(default)]
    themes: Vec<ThemeCode>,
    /// The document behind it.
    pub source: String,
    /// How sure we are of it.
    pub confidence: Confidence,
}

impl Remedies {
    /// What is asked for where this cause keeps a gap open.
    pub fn asked<'a>(&'a self, cause: Cause, kind: &'a str) -> impl Iterator<Item = &'a Remedy> {
        let fits = move |one: &&Remedy| {
            let of_kind = one.kind.as_deref().is_none_or(|own| kind.is_empty() || own == kind);
            one.cause == cause && of_kind
        };
        self.remedy.iter().filter(fits)
    }

    /// Who could help with it. Those who know this theme come first.
    #[must_use]
    pub fn helpers(&self, cause: Cause, kind: &str, theme: Option<&ThemeCode>) -> Vec<&Helper> {
        let fits = |one: &&Helper| {
            let named = one.causes.iter().any(|text| match text.split_once('/') {
                None => text == cause.code(),
                Some((of, own)) => of == cause.code() && (kind.is_empty() || own == kind),
            });
            named && (one.themes.is_empty() || theme.is_some_and(|theme| one.themes.contains(theme)))
        };
        let mut found: Vec<&Helper> = self.helper.iter().filter(fits).collect();
        found.sort_by_key(|one| one.themes.is_empty());
        found
    }

    /// Everything that is wrong with the file: empty texts, kinds that the cause does not have, themes that are not there,
    /// causes that nobody offers anything for.
    #[must_use]
    pub fn faults(&self, is_theme: impl Fn(&ThemeCode) -> bool) -> Vec<String> {
        let mut wrong = Vec::new();
        let empty = |text: &str| text.trim().is_empty();
        let known = |cause: Cause, kind: &str| subclasses(cause).iter().any(|(code, _)| *code == kind);
        for (at, one) in self.remedy.iter().enumerate() {
            let place = format!("remedy {}", at + 1);
            if empty(&one.asks) || empty(&one.source) {
                wrong.push(format!("{place}: asks and source must be given"));
            }
            if let Some(kind) = one.kind.as_deref().filter(|kind| !known(one.cause, kind)) {
                wrong.push(format!("{place}: {} has no kind “{kind}”", one.cause.code()));
            }
        }
        for one in &self.helper {
            let place = format!("helper “{}”", one.name);
            if empty(&one.name) || empty(&one.offers) || empty(&one.source) {
                wrong.push(format!("{place}: name, offers and source must be given"));
            }
            if one.causes.is_empty() {
                wrong.push(format!("{place}: causes must be given"));
            }
            for text in &one.causes {
                let (of, kind) = text
                    .split_once('/')
                    .map_or((text.as_str(), None), |(of, kind)| (of, Some(kind)));
                match of.parse::<Cause>() {
                    Err(why) => wrong.push(format!("{place}: {why}")),
                    Ok(cause) if kind.is_some_and(|kind| !known(cause, kind)) => {
                        wrong.push(format!("{place}: “{text}” names no kind of {of}"));
                    }
                    Ok(_) => {}
                }
            }
            wrong.extend(
                one.themes
                    .iter()
                    .filter(|theme| !is_theme(theme))
                    .map(|theme| format!("{place}: there is no theme {theme}")),
            );
        }
        for cause in Cause::ALL {
            let kinds = subclasses(*cause).iter().map(|(code, _)| *code);
            for kind in std::iter::once("").chain(kinds) {
                if self.asked(*cause, kind).next().is_none() {
                    let what = if kind.is_empty() {
                        cause.code().to_owned()
                    } else {
                        format!("{}/{kind}", cause.code())
                    };
                    wrong.push(format!("no remedy is given for {what}"));
                }
            }
        }
        wrong
    }
}
