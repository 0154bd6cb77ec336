//! What a revision of evidence changed, field by field, and how two changes of one revision are put together.

use super::evidence::{AuthorRole, Credibility, Evidence, IndicatorKind, Reliability, SourceKind, Stance, Strength};
use super::reference::provisions_in;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Every field that people write, with its name on a form, in the order of the form.
pub const FIELDS: [(&str, &str); 21] = [
    ("title", "Title"),
    ("gist", "What it shows"),
    ("stance", "What it says of the obligations"),
    ("grade", "Grade it supports"),
    ("kind", "What it is about"),
    ("theme", "Theme"),
    ("provisions", "Only these provisions"),
    ("symbol", "Document"),
    ("paragraph", "Paragraph or page"),
    ("source_kind", "Kind of source"),
    ("author_role", "Who says so"),
    ("link", "Where it can be read"),
    ("file", "File"),
    ("language", "Language of the source"),
    ("published", "Date of publication"),
    ("facts_from", "Date of the facts, from"),
    ("facts_to", "Date of the facts, to"),
    ("strength", "Strength"),
    ("reliability", "Reliability of the source"),
    ("credibility", "Credibility of the information"),
    ("review_by", "Look at it again by"),
];

/// The name of a field on a form.
#[must_use]
pub fn label(field: &str) -> &'static str {
    FIELDS
        .iter()
        .find(|(name, _)| *name == field)
        .map_or("", |(_, label)| label)
}

/// The fields as a form holds them. A field that is missing is empty.
pub type Texts = BTreeMap<&'static str, String>;

/// What a revision says, as a form would hold it.
#[must_use]
pub fn texts(of: &Evidence) -> Texts {
    fn maybe(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let provisions: Vec<&str> = of.provisions.iter().map(|id| id.as_str()).collect();
    BTreeMap::from([
        ("title", of.title.clone()),
        ("gist", of.gist.clone()),
        ("stance", of.stance.code().to_owned()),
        ("grade", maybe(of.grade.map(|grade| grade.number()))),
        ("kind", of.kind.code().to_owned()),
        ("theme", maybe(of.theme.as_ref())),
        ("provisions", provisions.join(", ")),
        ("symbol", of.symbol.clone()),
        ("paragraph", of.paragraph.clone()),
        ("source_kind", of.source_kind.code().to_owned()),
        ("author_role", of.author_role.code().to_owned()),
        ("link", of.link.clone()),
        ("file", maybe(of.file.as_ref().map(|file| &file.sha256))),
        ("language", of.language.clone()),
        ("published", maybe(of.published)),
        ("facts_from", maybe(of.facts_from)),
        ("facts_to", maybe(of.facts_to)),
        ("strength", maybe(of.strength.map(Strength::code))),
        ("reliability", of.reliability.code().to_owned()),
        ("credibility", of.credibility.code().to_owned()),
        ("review_by", maybe(of.review_by)),
    ])
}

/// The value of a field in words, where it is one of a list; else as it is.
#[must_use]
pub fn words(field: &str, text: &str) -> String {
    fn of<T: FromStr>(text: &str, words: impl Fn(T) -> &'static str) -> Option<String> {
        text.parse().ok().map(|value| words(value).to_owned())
    }
    let found = match field {
        "stance" => of(text, Stance::words),
        "kind" => of(text, IndicatorKind::words),
        "source_kind" => of(text, SourceKind::words),
        "author_role" => of(text, AuthorRole::words),
        "strength" => of(text, Strength::words),
        "reliability" => of(text, Reliability::words),
        "credibility" => of(text, Credibility::words),
        _ => None,
    };
    found.unwrap_or_else(|| text.to_owned())
}

/// A text without what nobody means: ends' spaces, the way lines end, the order of provisions.
fn plain(field: &str, text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n");
    match field {
        "theme" => text.to_uppercase(),
        "provisions" => {
            let mut ids: Vec<String> = provisions_in(&text).into_iter().map(str::to_uppercase).collect();
            ids.sort();
            ids.dedup();
            ids.join(", ")
        }
        _ => text,
    }
}

/// One field that differs between two revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The field.
    pub field: &'static str,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// What one revision changed in another.
#[must_use]
pub fn changes(before: &Texts, after: &Texts) -> Vec<Changed> {
    let of = |texts: &Texts, field: &str| texts.get(field).map(|text| plain(field, text)).unwrap_or_default();
    let all = FIELDS.iter().map(|(field, _)| Changed {
        field,
        before: of(before, field),
        after: of(after, field),
    });
    all.filter(|one| one.before != one.after).collect()
}

/// Who changed a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nobody, or both alike.
    Same,
    /// Only I did.
    OnlyMine,
    /// Only somebody else did.
    OnlyTheirs,
    /// Both, in different ways: a person has to choose.
    Both,
}

/// One field of two changes that started from the same revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The field.
    pub field: &'static str,
    /// Who changed it.
    pub change: Change,
    /// As it stands now.
    pub theirs: String,
    /// As I typed it.
    pub yours: String,
}

/// Compares what stands now and what I typed, both against the revision from which I started.
#[must_use]
pub fn merge(base: &Texts, theirs: &Texts, yours: &Texts) -> Vec<Merged> {
    let of = |texts: &Texts, field: &str| texts.get(field).map(|text| plain(field, text)).unwrap_or_default();
    let one = |field: &'static str| {
        let (base, theirs, yours) = (of(base, field), of(theirs, field), of(yours, field));
        let change = match (theirs == base, yours == base) {
            _ if theirs == yours => Change::Same,
            (true, _) => Change::OnlyMine,
            (_, true) => Change::OnlyTheirs,
            _ => Change::Both,
        };
        Merged {
            field,
            change,
            theirs,
            yours,
        }
    };
    FIELDS.iter().map(|(field, _)| one(field)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(changes: &[(&'static str, &str)]) -> Texts {
        let start = [("title", "Stations"), ("gist", "Nine."), ("grade", "1"), ("link", "")];
        let all = start.iter().chain(changes);
        all.map(|(name, text)| (*name, (*text).to_owned())).collect()
    }

    #[test]
    fn each_field_says_who_changed_it() {
        let base = with(&[]);
        let theirs = with(&[
            ("title", "Nine stations"),
            ("grade", "2"),
            ("link", "https://a.example"),
        ]);
        let yours = with(&[("gist", "Eleven."), ("grade", "3"), ("link", " https://a.example ")]);
        let found: Vec<_> = merge(&base, &theirs, &yours)
            .into_iter()
            .filter(|one| one.change != Change::Same)
            .map(|one| (one.field, one.change))
            .collect();
        assert_eq!(
            found,
            [
                ("title", Change::OnlyTheirs),
                ("gist", Change::OnlyMine),
                ("grade", Change::Both)
            ]
        );
    }

    #[test]
    fn what_nobody_means_is_no_change() {
        let before = with(&[("provisions", "ICRMW-16.4, CAT-3"), ("theme", "T08")]);
        let after = with(&[
            ("provisions", "CAT-3 icrmw-16.4;CAT-3"),
            ("theme", " t08"),
            ("gist", "Nine.\r\n"),
        ]);
        assert_eq!(changes(&before, &after), []);
        assert_eq!(words("stance", "supports"), "shows it is kept");
        assert_eq!(words("stance", "<b>"), "<b>");
    }

    proptest! {
        #[test]
        fn nothing_typed_and_nothing_saved_is_left_out(base in "[a-c]{0,2}", theirs in "[a-c]{0,2}", yours in "[a-c]{0,2}") {
            let one = |text: &str| Texts::from([("title", text.to_owned())]);
            let found = merge(&one(&base), &one(&theirs), &one(&yours)).remove(0);
            prop_assert_eq!((&found.theirs, &found.yours), (&theirs, &yours));
            let expected = match found.change {
                Change::Same => theirs == yours,
                Change::OnlyMine => theirs == base && yours != base,
                Change::OnlyTheirs => yours == base && theirs != base,
                Change::Both => theirs != base && yours != base && theirs != yours,
            };
            prop_assert!(expected, "{:?}", found);
        }
    }
}
