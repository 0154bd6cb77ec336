//! The sheets of bulk import and export and their columns: the one list that reading, writing, the template workbook
//! and the comparison of a row with what is held share.

use super::assessments::{Assessment, Grade};
use super::evidence::{
    AuthorRole, Credibility, Evidence, IndicatorKind, Reliability, SourceKind, Stance, Strength, words,
};
use super::recommendations::{Acceptance, IssuingBody, Recommendation, Wording};
use serde::{Deserialize, Serialize};

words! {
    /// What a sheet holds.
    Noun {
        /// Evidence.
        Evidence = "evidence", "evidence";
        /// Grades of obligations with their reasons.
        Assessments = "assessments", "assessments";
        /// Recommendations.
        Recommendations = "recommendations", "recommendations";
    }
}

/// What a cell may be chosen from.
#[derive(Debug, Clone, Copy)]
pub enum Choices {
    /// Any text.
    Free,
    /// Every state.
    States,
    /// Every theme.
    Themes,
    /// One of these words, each with what it means.
    Words(fn() -> Vec<(&'static str, &'static str)>),
}

/// A column of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its head.
    pub name: &'static str,
    /// Whether a new row must fill it.
    pub needed: bool,
    /// What belongs into it, as the note at its head says.
    pub meaning: &'static str,
    /// What it may be chosen from.
    pub choices: Choices,
}

const fn column(name: &'static str, needed: bool, choices: Choices, meaning: &'static str) -> Column {
    Column {
        name,
        needed,
        meaning,
        choices,
    }
}

macro_rules! listed {
    ($name:ident, $kind:ty) => {
        fn $name() -> Vec<(&'static str, &'static str)> {
            <$kind>::ALL.iter().map(|one| (one.code(), one.words())).collect()
        }
    };
}
listed!(source_kinds, SourceKind);
listed!(author_roles, AuthorRole);
listed!(stances, Stance);
listed!(strengths, Strength);
listed!(indicator_kinds, IndicatorKind);
listed!(reliabilities, Reliability);
listed!(credibilities, Credibility);
listed!(bodies, IssuingBody);
listed!(acceptances, Acceptance);
listed!(wordings, Wording);

const DIGITS: [&str; 5] = ["0", "1", "2", "3", "4"];

fn grades() -> Vec<(&'static str, &'static str)> {
    let all = Grade::ALL.iter();
    all.filter_map(|grade| Some((*DIGITS.get(usize::from(grade.number()))?, grade.words())))
        .collect()
}

/// The word for a decision that nothing is known.
pub const NO_INFORMATION: &str = "none";

fn decisions() -> Vec<(&'static str, &'static str)> {
    let mut all = grades();
    all.push((NO_INFORMATION, "no information"));
    all
}

fn confidences() -> Vec<(&'static str, &'static str)> {
    vec![
        ("low", "not checked against a second source"),
        ("medium", "one good source"),
        ("high", "the body’s own page, or the text itself"),
    ]
}

const EVIDENCE: &[Column] = &[
    column(
        "key",
        false,
        Choices::Free,
        "A short name of your own, such as MX-2026-014: letters, digits, - and _. The same key again means the same evidence. Leave it empty and the row is known by state, symbol, paragraph and title.",
    ),
    column(
        "state",
        true,
        Choices::States,
        "The state it is about, by code or name.",
    ),
    column("title", true, Choices::Free, "A short title, at most 200 characters."),
    column("gist", true, Choices::Free, "What it shows, in your own words."),
    column(
        "source_kind",
        true,
        Choices::Words(source_kinds),
        "What kind of source it is.",
    ),
    column("author_role", true, Choices::Words(author_roles), "Who speaks."),
    column("language", false, Choices::Free, "Language of the source, such as es."),
    column(
        "link",
        false,
        Choices::Free,
        "Where it can be read: an address that starts with https://.",
    ),
    column(
        "symbol",
        false,
        Choices::Free,
        "UN document symbol or another citation, such as CMW/C/MEX/CO/3.",
    ),
    column("paragraph", false, Choices::Free, "Paragraph or page."),
    column(
        "facts_from",
        false,
        Choices::Free,
        "When what it describes began: 2025, 2025-03 or 2025-03-14.",
    ),
    column(
        "facts_to",
        false,
        Choices::Free,
        "When it ended, or the last day it speaks of.",
    ),
    column(
        "published",
        false,
        Choices::Free,
        "When it was published. Give this or the date of the facts.",
    ),
    column(
        "stance",
        true,
        Choices::Words(stances),
        "What it says of the obligation.",
    ),
    column(
        "strength",
        false,
        Choices::Words(strengths),
        "How directly it bears on the obligation.",
    ),
    column(
        "grade",
        false,
        Choices::Words(grades),
        "The grade it supports, 0 to 4, where it supports one.",
    ),
    column(
        "kind",
        true,
        Choices::Words(indicator_kinds),
        "Law and institutions, what is done, or what comes of it.",
    ),
    column(
        "reliability",
        true,
        Choices::Words(reliabilities),
        "Reliability of the source, A to F.",
    ),
    column(
        "credibility",
        true,
        Choices::Words(credibilities),
        "Credibility of the information, 1 to 6.",
    ),
    column(
        "theme",
        false,
        Choices::Themes,
        "The theme it belongs to. Give this or provisions.",
    ),
    column(
        "provisions",
        false,
        Choices::Free,
        "Provisions such as ICRMW-16.4; ICCPR-9.1, where a theme would be too wide.",
    ),
    column(
        "review_by",
        false,
        Choices::Free,
        "The day after which somebody has to look at it again, such as 2027-06-30.",
    ),
];

const ASSESSMENTS: &[Column] = &[
    column("state", true, Choices::States, "The state, by code or name."),
    column(
        "provision",
        true,
        Choices::Free,
        "The provision, such as ICRMW-16.4. It must be in force for the state.",
    ),
    column(
        "grade",
        true,
        Choices::Words(decisions),
        "0 to 4, or none for “no information”.",
    ),
    column(
        "reasons",
        true,
        Choices::Free,
        "Why. They are kept with the grade under your name.",
    ),
    column(
        "evidence",
        false,
        Choices::Free,
        "Keys of the accepted evidence that the grade rests on, with semicolons between them.",
    ),
    column(
        "seen_grade",
        false,
        Choices::Words(decisions),
        "The grade that stood when you decided. Where another one stands by then, the row is refused.",
    ),
];

const RECOMMENDATIONS: &[Column] = &[
    column(
        "state",
        true,
        Choices::States,
        "The state that is asked, by code or name.",
    ),
    column("body", true, Choices::Words(bodies), "Who recommends."),
    column(
        "cycle",
        false,
        Choices::Free,
        "Session, cycle or meeting, such as 45th session.",
    ),
    column(
        "symbol",
        true,
        Choices::Free,
        "Document symbol or name, such as A/HRC/56/9.",
    ),
    column(
        "paragraph",
        false,
        Choices::Free,
        "Paragraph or number. State, symbol and paragraph make one recommendation.",
    ),
    column(
        "date",
        false,
        Choices::Free,
        "When it was made: 2024, 2024-03 or 2024-03-14.",
    ),
    column("text", true, Choices::Free, "What is asked."),
    column("language", false, Choices::Free, "Language of the text, such as en."),
    column(
        "wording",
        true,
        Choices::Words(wordings),
        "Whether the text is in your own words or as the body gave it.",
    ),
    column(
        "themes",
        false,
        Choices::Free,
        "Themes such as T08; T12. Give these or provisions.",
    ),
    column(
        "provisions",
        false,
        Choices::Free,
        "Provisions such as ICRMW-16.4, where it is about these only.",
    ),
    column(
        "acceptance",
        true,
        Choices::Words(acceptances),
        "What the state said to it.",
    ),
    column("source", false, Choices::Free, "Where you know it from."),
    column(
        "confidence",
        false,
        Choices::Words(confidences),
        "How sure it is that it is as described; medium where empty.",
    ),
];

/// The column that a file of wrong rows has behind the others.
pub const ERROR: &str = "error";

impl Noun {
    /// Its columns, in the order of a file.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Evidence => EVIDENCE,
            Self::Assessments => ASSESSMENTS,
            Self::Recommendations => RECOMMENDATIONS,
        }
    }

    /// The columns by which a row is known; a file without them cannot be read.
    #[must_use]
    pub fn key_columns(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Evidence => &[&["key"], &["state", "title"]],
            Self::Assessments => &[&["state", "provision"]],
            Self::Recommendations => &[&["state", "symbol"]],
        }
    }
}

/// The characters that make a spreadsheet take a text for a formula, or that it drops.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// A text as it stands in a CSV file: an apostrophe keeps a spreadsheet from running it as a formula. Such a text that
/// begins with an apostrophe already gets one more, so that [`unguarded`] gives back exactly what went in.
#[must_use]
pub fn guarded(text: &str) -> String {
    if runs(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A text as it was before [`guarded`].
#[must_use]
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if runs(rest) => rest,
        _ => text,
    }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A grade as a cell.
#[must_use]
pub fn grade_cell(grade: Option<Grade>) -> String {
    grade.map_or_else(|| NO_INFORMATION.to_owned(), |grade| grade.number().to_string())
}

/// Evidence as a row of its sheet.
#[must_use]
pub fn evidence_cells(item: &Evidence) -> Vec<String> {
    vec![
        item.key.clone(),
        item.state.to_string(),
        item.title.clone(),
        item.gist.clone(),
        item.source_kind.code().to_owned(),
        item.author_role.code().to_owned(),
        item.language.clone(),
        item.link.clone(),
        item.symbol.clone(),
        item.paragraph.clone(),
        shown(item.facts_from),
        shown(item.facts_to),
        shown(item.published),
        item.stance.code().to_owned(),
        item.strength.map(|one| one.code().to_owned()).unwrap_or_default(),
        shown(item.grade.map(Grade::number)),
        item.kind.code().to_owned(),
        item.reliability.code().to_owned(),
        item.credibility.code().to_owned(),
        shown(item.theme.as_ref()),
        joined(&item.provisions),
        shown(item.review_by),
    ]
}

/// An assessment as a row of its sheet; `keys` are the keys of the evidence it rests on.
#[must_use]
pub fn assessment_cells(one: &Assessment, keys: &[String]) -> Vec<String> {
    vec![
        one.state.to_string(),
        one.provision.to_string(),
        grade_cell(one.grade),
        one.reasons.clone(),
        keys.join("; "),
        grade_cell(one.grade),
    ]
}

/// A recommendation as a row of its sheet.
#[must_use]
pub fn recommendation_cells(one: &Recommendation) -> Vec<String> {
    vec![
        one.state.to_string(),
        one.body.code().to_owned(),
        one.cycle.clone(),
        one.symbol.clone(),
        one.paragraph.clone(),
        shown(one.date),
        one.text.clone(),
        one.language.clone(),
        one.wording.code().to_owned(),
        joined(&one.themes),
        joined(&one.provisions),
        one.acceptance.code().to_owned(),
        one.source.clone(),
        one.confidence.word().to_owned(),
    ]
}

/// The name among `known` that was probably meant.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let scored = known.into_iter().map(|name| (name, strsim::jaro_winkler(name, &given)));
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1));
    best.filter(|(_, score)| *score > 0.8).map(|(name, _)| name)
}

/// The head of a column as files write it: `Source kind *` is `source_kind`.
#[must_use]
pub fn plain_head(text: &str) -> String {
    let plain = text.trim().trim_end_matches(['*', ' ']).to_lowercase();
    plain.split([' ', '-']).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_nothing_else() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("-31"), "'-31");
        assert_eq!(guarded("'=1"), "''=1");
        assert_eq!(guarded("'tis"), "'tis");
        assert_eq!(unguarded("'tis"), "'tis");
        assert_eq!(plain_head(" Source kind * "), "source_kind");
        assert_eq!(
            nearest("titel", EVIDENCE.iter().map(|column| column.name)),
            Some("title")
        );
        assert_eq!(nearest("remarks", ["title", "gist"]), None);
    }

    proptest! {
        #[test]
        fn a_guard_is_taken_off_again_exactly(text in "['=+@\t\r-]{0,4}.{0,8}") {
            let safe = guarded(&text);
            prop_assert!(!safe.starts_with(FORMULA));
            prop_assert_eq!(unguarded(&safe), text.as_str());
        }
    }
}
