//! What somebody typed: words, "phrases", -excluded, start*. Nothing typed is wrong, and no sign of it reaches a database
//! but letters and digits.

use super::MARK;
use super::folding::{Word, words_of};

/// Letters of a question that are read; the rest is not looked at.
pub const LONGEST: usize = 400;
/// Terms of a question that are read.
const MOST_TERMS: usize = 16;
/// Words in a row that are read.
const MOST_WORDS: usize = 24;

/// Where the words of a question are sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// In title and text.
    All,
    /// In the title only.
    Title,
}

impl Columns {
    fn fts5(self) -> &'static str {
        match self {
            Self::All => "{title_folded body_folded}",
            Self::Title => "title_folded",
        }
    }
}

/// One part of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its words, folded, which must stand next to each other.
    pub words: Vec<String>,
    /// The last word is only a beginning.
    pub start: bool,
    /// What is found must not have it.
    pub excluded: bool,
}

/// A question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// As it was typed, without what is not looked at.
    pub typed: String,
    /// Its parts; all of them must fit.
    pub terms: Vec<Term>,
}

impl Query {
    /// Reads what somebody typed.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let typed: String = text.trim().chars().take(LONGEST).collect();
        let typed = typed.trim_end().to_owned();
        let mut terms: Vec<Term> = Vec::new();
        for piece in pieces(&typed) {
            let Some(term) = piece.term() else { continue };
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms.truncate(MOST_TERMS);
        Self { typed, terms }
    }

    /// The parts that must be there.
    pub fn sought(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(|term| !term.excluded)
    }

    /// The parts that must not be there.
    pub fn excluded(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(|term| term.excluded)
    }

    /// Whether anything is asked: what must not be there is not enough.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.sought().next().is_some()
    }

    /// Whether only the words as written fit: a beginning cannot be sought among stems.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.terms.iter().any(|term| term.start)
    }

    /// As SQLite's FTS5 reads it, over those columns, and narrowed to one label of each group.
    #[must_use]
    pub fn fts5(&self, columns: Columns, groups: &[Vec<String>]) -> String {
        let sought: Vec<String> = self.sought().map(Term::fts5).collect();
        let mut whole = format!("{} : ({})", columns.fts5(), sought.join(" AND "));
        for group in groups {
            let labels: Vec<String> = group.iter().map(|label| format!("\"{label}\"")).collect();
            whole = format!("{whole} AND labels : ({})", labels.join(" OR "));
        }
        for term in self.excluded() {
            whole = format!("({whole}) NOT {} : ({})", Columns::All.fts5(), term.fts5());
        }
        whole
    }

    /// As PostgreSQL's `to_tsquery` reads labels: one of each group.
    #[must_use]
    pub fn ts_labels(groups: &[Vec<String>]) -> String {
        let groups: Vec<String> = groups.iter().map(|group| format!("({})", group.join(" | "))).collect();
        groups.join(" & ")
    }
}

impl Term {
    fn fts5(&self) -> String {
        let star = if self.start { " *" } else { "" };
        format!("\"{}\"{star}", self.words.join(" "))
    }

    /// Whether PostgreSQL is given an expression for `to_tsquery` and not words for `phraseto_tsquery`: where the last word
    /// is only a beginning, and where labels must be kept out.
    #[must_use]
    pub fn is_expression(&self) -> bool {
        self.start || self.words.iter().any(|word| word.starts_with(MARK))
    }

    /// As text for PostgreSQL.
    #[must_use]
    pub fn ts(&self) -> String {
        if !self.is_expression() {
            return self.words.join(" ");
        }
        let words: Vec<String> = self.words.iter().map(|word| format!("'{word}':AB")).collect();
        let whole = words.join(" <-> ");
        match whole.strip_suffix(":AB") {
            Some(beginning) if self.start => format!("{beginning}:*AB"),
            _ => whole,
        }
    }
}

/// A part of what was typed.
#[derive(Default)]
struct Piece {
    text: String,
    excluded: bool,
    quoted: bool,
}

impl Piece {
    fn term(&self) -> Option<Term> {
        let found = words_of(&self.text);
        let star = !self.quoted && self.text.ends_with('*');
        let alone = found.len() == 1 && found.first().is_some_and(|word| word.unspaced);
        let words = without_last_characters(&found);
        (!words.is_empty()).then(|| Term {
            words: words.into_iter().take(MOST_WORDS).collect(),
            // One character of a script without spaces: the index has pairs.
            start: star || alone,
            excluded: self.excluded,
        })
    }
}

/// The index has the last character of a stretch without spaces by itself; in a question it would ask for the end.
fn without_last_characters(words: &[Word]) -> Vec<String> {
    let is_tail = |at: usize| {
        let (Some(word), Some(before)) = (words.get(at), at.checked_sub(1).and_then(|at| words.get(at))) else {
            return false;
        };
        word.unspaced && before.unspaced && word.end == before.end
    };
    let kept = words.iter().enumerate().filter(|(at, _)| !is_tail(*at));
    kept.map(|(_, word)| word.text.clone()).collect()
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」')
}

fn pieces(typed: &str) -> Vec<Piece> {
    let (mut all, mut now) = (Vec::new(), Piece::default());
    for letter in typed.chars() {
        if is_quote(letter) {
            // The sign before an opening quote belongs to it; other text before it is a word of its own.
            let opens = !now.quoted;
            let minus = opens && now.text.is_empty() && now.excluded;
            all.push(std::mem::take(&mut now));
            (now.quoted, now.excluded) = (opens, minus);
        } else if letter.is_whitespace() && !now.quoted {
            all.push(std::mem::take(&mut now));
        } else if now.text.is_empty() && !now.quoted && !now.excluded && matches!(letter, '-' | '−') {
            now.excluded = true;
        } else {
            now.text.push(letter);
        }
    }
    all.push(now);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn term(text: &str) -> Term {
        let (start, excluded) = (text.ends_with('*'), text.starts_with('-'));
        let plain = text.trim_matches(['*', '-']);
        Term {
            words: plain.split(' ').map(str::to_owned).collect(),
            start,
            excluded,
        }
    }

    #[test]
    fn words_phrases_exclusions_and_beginnings() {
        for (typed, expected) in [
            ("Détention  mineurs", vec!["detention", "mineurs"]),
            ("\"without review\" -children", vec!["without review", "-children"]),
            ("-\"without review\" x", vec!["-without review", "x"]),
            ("deten* a", vec!["deten*", "a"]),
            ("CMW/C/MEX/CO/3", vec!["cmw c mex co 3"]),
            ("ICRMW-16(4)", vec!["icrmw 16 4"]),
            ("“long stay” « tiers »", vec!["long stay", "tiers"]),
            ("移民拘留", vec!["移民 民拘 拘留"]),
            ("留", vec!["留*"]),
            ("twice twice", vec!["twice"]),
            ("\"never closed", vec!["never closed"]),
            ("'\"*()^: \0 - -- \"\" ***", vec![]),
        ] {
            let expected: Vec<Term> = expected.into_iter().map(term).collect();
            assert_eq!(Query::read(typed).terms, expected, "{typed}");
        }
    }

    #[test]
    fn both_databases_are_asked_the_same() {
        let query = Query::read("detained \"without review\" -children");
        let groups = [vec!["zz9kevidence9".to_owned()], vec!["a".to_owned(), "b".to_owned()]];
        assert_eq!(
            query.fts5(Columns::All, &groups),
            "({title_folded body_folded} : (\"detained\" AND \"without review\") AND labels : (\"zz9kevidence9\") AND labels : \
             (\"a\" OR \"b\")) NOT {title_folded body_folded} : (\"children\")"
        );
        assert_eq!(Query::ts_labels(&groups), "(zz9kevidence9) & (a | b)");
        let start = Query::read("co deten*");
        assert!(start.is_literal());
        assert_eq!(start.terms[1].ts(), "'deten':*AB");
        assert_eq!(Query::read("zz9x/y").terms[0].ts(), "'zz9x':AB <-> 'y':AB");
        assert!(!Query::read("-children").asks());
    }

    proptest! {
        #[test]
        fn whatever_is_typed_holds_only_letters_digits_and_our_own_signs(text in any::<String>()) {
            let query = Query::read(&text);
            prop_assert_eq!(&Query::read(&query.typed), &query);
            prop_assert!(query.terms.len() <= MOST_TERMS && query.typed.chars().count() <= LONGEST);
            for term in &query.terms {
                prop_assert!(!term.words.is_empty());
                prop_assert!(term.words.iter().all(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric)));
            }
            let quotes = query.fts5(Columns::All, &[]).matches('"').count();
            prop_assert_eq!(quotes, query.terms.len() * 2);
        }

        #[test]
        fn signs_that_databases_read_are_only_signs_here(text in "[-'\"*()^:&|!<>a\\\\ ]{0,60}") {
            let query = Query::read(&text);
            prop_assert!(query.terms.iter().all(|term| term.words.iter().all(|word| word.chars().all(|c| c == 'a'))));
        }
    }
}
