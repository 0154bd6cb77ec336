//! Search: what can be found, what somebody typed, and where it matches. Pure: both databases are given the same words
//! in the same order, because texts and questions are cut into words here and not by them.

mod folding;
mod highlight;
mod names;
mod query;

pub use folding::{Word, folded, words_of};
pub use highlight::{Segment, excerpt, highlighted};
pub use names::Names;
pub use query::{Columns, LONGEST, Query, Term};

use super::dates::PartialDate;
use super::evidence::words;
use super::ids::{InstrumentCode, StateCode, ThemeCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

words! {
    /// What kind of thing is found.
    EntryKind {
        /// A piece of evidence that counts, or did.
        Evidence = "evidence", "evidence";
        /// A provision of a treaty.
        Provision = "provision", "provisions";
        /// A recommendation to a state.
        Recommendation = "recommendation", "recommendations";
    }
}

/// One thing that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its identity, as its own page knows it.
    pub key: String,
    /// The state it is about.
    pub state: Option<StateCode>,
    /// Its themes, the first of them shown.
    pub themes: Vec<ThemeCode>,
    /// The instruments that it names itself.
    pub instruments: Vec<InstrumentCode>,
    /// It speaks of whole themes, and so of every instrument with one of them.
    pub theme_wide: bool,
    /// The line under which it is shown.
    pub title: String,
    /// What it says.
    pub body: String,
    /// Further words under which it is found and that are not shown: names of states and themes in other languages.
    pub context: String,
    /// Its date, as precise as it is known.
    pub dated: Option<PartialDate>,
    /// Since when it is known.
    pub visible_from: NaiveDate,
    /// Since when it is not any more: another revision took its place.
    pub gone_from: Option<NaiveDate>,
}

/// Where a search is narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// About that state.
    pub state: Option<StateCode>,
    /// Of that theme.
    pub theme: Option<ThemeCode>,
    /// Of that instrument, with the themes that its provisions have: evidence on a whole theme speaks of it too.
    pub instrument: Option<(InstrumentCode, Vec<ThemeCode>)>,
}

/// Letters of labels: no word that people search for begins like this.
const MARK: &str = "zz9";

/// A label: letters and digits only, with a digit at the end so that no stemmer touches it.
fn label(kind: char, code: &str) -> String {
    let code = code.chars().filter(char::is_ascii_alphanumeric);
    format!("{MARK}{kind}{}9", code.collect::<String>().to_ascii_lowercase())
}

impl EntryKind {
    /// The label that every entry of the kind carries.
    #[must_use]
    pub fn label(self) -> String {
        label('k', self.code())
    }
}

impl Entry {
    /// The words by which searches are narrowed, kept in the index beside the text.
    #[must_use]
    pub fn labels(&self) -> String {
        let mut labels = vec![self.kind.label()];
        labels.extend(self.state.iter().map(|state| label('s', state.as_str())));
        labels.extend(self.themes.iter().map(|theme| label('t', theme.as_str())));
        labels.extend(self.instruments.iter().map(|code| label('i', code.as_str())));
        let wide = self.themes.iter().filter(|_| self.theme_wide);
        labels.extend(wide.map(|theme| label('w', theme.as_str())));
        labels.join(" ")
    }
}

impl Narrowing {
    /// The labels that must be there: one of each group.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<String>> {
        let mut groups = Vec::new();
        groups.extend(self.state.iter().map(|state| vec![label('s', state.as_str())]));
        groups.extend(self.theme.iter().map(|theme| vec![label('t', theme.as_str())]));
        groups.extend(self.instrument.iter().map(|(code, themes)| {
            let wide = themes.iter().map(|theme| label('w', theme.as_str()));
            std::iter::once(label('i', code.as_str())).chain(wide).collect()
        }));
        groups
    }
}

/// The word of `known` that was probably meant by `word`, where it is not one of them.
#[must_use]
pub fn nearest_word<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best = (0.87, None);
    for other in known {
        if other == word {
            return None;
        }
        let likeness = strsim::jaro_winkler(other, word);
        if likeness > best.0 {
            best = (likeness, Some(other));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_narrowed_by_labels_that_no_stemmer_touches() {
        let narrowing = Narrowing {
            state: "MEX".parse().ok(),
            theme: None,
            instrument: Some(("OP-CAT".parse().expect("a code"), vec!["T08".parse().expect("a theme")])),
        };
        let groups = narrowing.groups();
        assert_eq!(groups, [vec!["zz9smex9"], vec!["zz9iopcat9", "zz9wt089"]]);
        assert!(Narrowing::default().groups().is_empty());
    }

    #[test]
    fn a_misspelt_word_is_recognised_and_a_right_one_left_alone() {
        let known = ["detention", "expulsion", "education"];
        assert_eq!(nearest_word("detantion", known), Some("detention"));
        assert_eq!(nearest_word("expulsion", known), None);
        assert_eq!(nearest_word("zebra", known), None);
    }
}
