//! A draft from what is held, field by field: to be changed, to be put together with somebody else's, or as the start of
//! another item from the same document.

use super::evidence::EvidenceDraft;
use crate::domain::evidence::Evidence;
use crate::domain::revisions::{FIELDS, Texts, texts};

/// What stays when another item comes from the same document: everything about the source.
const OF_THE_SOURCE: [&str; 9] = [
    "symbol",
    "source_kind",
    "author_role",
    "link",
    "file",
    "language",
    "published",
    "reliability",
    "credibility",
];

impl EvidenceDraft {
    /// What is held, to be changed.
    #[must_use]
    pub fn of(held: &Evidence) -> Self {
        let mut draft = Self {
            key: held.key.clone(),
            state: held.state.to_string(),
            ..Self::default()
        };
        for (name, text) in texts(held) {
            draft.set(name, text);
        }
        draft
    }

    /// The start of another item from the same document.
    #[must_use]
    pub fn another(held: &Evidence) -> Self {
        let mut draft = Self {
            state: held.state.to_string(),
            ..Self::default()
        };
        let kept = texts(held).into_iter();
        for (name, text) in kept.filter(|(name, _)| OF_THE_SOURCE.contains(name)) {
            draft.set(name, text);
        }
        draft
    }

    /// What was typed, field by field.
    #[must_use]
    pub fn texts(&self) -> Texts {
        let mut copy = self.clone();
        let of = |name: &'static str| {
            let text = match name {
                "provisions" => self.provisions.join(", "),
                _ => copy.slot(name).map(std::mem::take).unwrap_or_default(),
            };
            (name, text)
        };
        FIELDS.map(|(name, _)| name).map(of).into()
    }

    /// Fills in one field of [`FIELDS`], or `key`, `state`, `then` or `seen`; another name does nothing.
    pub fn set(&mut self, name: &str, text: String) {
        if name == "provisions" {
            self.provisions = if text.trim().is_empty() { Vec::new() } else { vec![text] };
        } else if let Some(slot) = self.slot(name) {
            *slot = text;
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "key" => &mut self.key,
            "state" => &mut self.state,
            "title" => &mut self.title,
            "gist" => &mut self.gist,
            "source_kind" => &mut self.source_kind,
            "author_role" => &mut self.author_role,
            "language" => &mut self.language,
            "link" => &mut self.link,
            "symbol" => &mut self.symbol,
            "paragraph" => &mut self.paragraph,
            "facts_from" => &mut self.facts_from,
            "facts_to" => &mut self.facts_to,
            "published" => &mut self.published,
            "stance" => &mut self.stance,
            "strength" => &mut self.strength,
            "grade" => &mut self.grade,
            "kind" => &mut self.kind,
            "reliability" => &mut self.reliability,
            "credibility" => &mut self.credibility,
            "theme" => &mut self.theme,
            "review_by" => &mut self.review_by,
            "file" => &mut self.file,
            "then" => &mut self.then,
            "seen" => &mut self.seen,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_revision_has_its_place_in_a_draft() {
        let mut draft = EvidenceDraft::default();
        for (name, _) in FIELDS {
            draft.set(name, format!("typed {name}"));
        }
        for (name, text) in draft.texts() {
            assert_eq!(text, format!("typed {name}"));
        }
    }
}
