//! Sentences and clauses of a text, by the marks between its words; and what stands in quotation marks.

use crate::domain::search::Word;
use std::ops::Range;

/// After these a full stop ends no sentence.
const SHORTENED: [&str; 20] = [
    "art", "arts", "para", "paras", "no", "nos", "st", "mr", "mrs", "ms", "dr", "vol", "e", "g", "i", "cf", "approx",
    "núm", "ст", "пп",
];

/// A sentence of more words is cut there: what is read grows with the square of its length.
const LONGEST: usize = 300;

/// Where a text is cut.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// Sentences, in words.
    pub(super) sentences: Vec<Range<usize>>,
    /// Of each, whether it is a question.
    pub(super) questions: Vec<bool>,
    /// Words that begin a new clause.
    clause: Vec<bool>,
}

impl Cuts {
    /// Cuts a text that consists of these words.
    pub(super) fn of(text: &str, words: &[Word]) -> Self {
        let mut cuts = Self::default();
        let mut begin = 0;
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|previous| words.get(previous));
            let between = before.and_then(|previous| text.get(previous.end..word.start));
            let (sentence, clause) = match (before, between) {
                (Some(previous), Some(marks)) => (ends(marks, &previous.text), marks.contains(pauses)),
                _ => (false, false),
            };
            let sentence = sentence || at - begin >= LONGEST;
            cuts.clause.push(sentence || clause);
            if sentence {
                cuts.sentences.push(begin..at);
                cuts.questions.push(between.is_some_and(asks));
                begin = at;
            }
        }
        if begin < words.len() {
            cuts.sentences.push(begin..words.len());
            let rest = words.last().and_then(|last| text.get(last.end..));
            cuts.questions.push(rest.is_some_and(asks));
        }
        cuts
    }

    /// Whether no clause begins at the words after the first and up to the last of them.
    pub(super) fn together(&self, words: Range<usize>) -> bool {
        let after = (words.start + 1).min(words.end)..words.end;
        self.clause.get(after).is_none_or(|flags| !flags.contains(&true))
    }
}

fn pauses(letter: char) -> bool {
    matches!(letter, ',' | ':' | '，' | '：' | '、' | '،' | '(' | ')' | '–' | '—')
}

fn asks(marks: &str) -> bool {
    marks.contains(['?', '？', '؟'])
}

fn ends(marks: &str, before: &str) -> bool {
    if marks.contains(['!', '?', ';', '\n', '。', '！', '？', '；', '؟', '؛']) {
        return true;
    }
    let stop = marks.find('.').and_then(|at| marks.get(at + 1..));
    stop.is_some_and(|rest| rest.contains(char::is_whitespace)) && !SHORTENED.contains(&before)
}

/// The stretches of a text in quotation marks, in bytes. A mark that is never closed quotes nothing.
pub(super) fn quoted(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut open): (Vec<Range<usize>>, Option<(usize, char)>) = (Vec::new(), None);
    for (at, letter) in text.char_indices() {
        match open {
            Some((from, close)) if letter == close || (close == '”' && letter == '“') => {
                found.push(from..at);
                open = None;
            }
            Some(_) => {}
            None => {
                let close = match letter {
                    '“' | '„' | '‟' => Some('”'),
                    '«' => Some('»'),
                    '"' => Some('"'),
                    '「' => Some('」'),
                    '『' => Some('』'),
                    _ => None,
                };
                open = close.map(|close| (at, close));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::search::words_of;

    #[test]
    fn sentences_end_at_the_marks_of_six_languages_and_not_at_abbreviations() {
        for (text, expected) in [
            ("One. Two? Three", 3),
            ("See art. 7 and para. 12 of No. 97. Then this.", 2),
            ("Данных нет. Почему?", 2),
            ("没有数据。也没有人员。", 2),
            ("لا توجد بيانات؟ ولا موارد.", 2),
            ("E/C.12/CYP/CO/5 is 2.5 pages long", 1),
            ("", 0),
        ] {
            assert_eq!(Cuts::of(text, &words_of(text)).sentences.len(), expected, "{text}");
        }
    }

    #[test]
    fn a_question_is_known_by_its_mark_in_every_script() {
        for (text, expected) in [
            ("Is it so? It is.", vec![true, false]),
            ("It is. “Is it so?”", vec![false, true]),
            ("¿Faltan recursos? Sí", vec![true, false]),
            ("缺乏资金吗？是。", vec![true, false]),
            ("هل تنقص الموارد؟", vec![true]),
            ("", vec![]),
        ] {
            assert_eq!(Cuts::of(text, &words_of(text)).questions, expected, "{text}");
        }
    }

    #[test]
    fn quotations_are_found_when_they_are_closed() {
        for (text, expected) in [
            ("He said “no money” and left", vec!["“no money"]),
            ("Il dit « rien » ; \"peu\"", vec!["« rien ", "\"peu"]),
            ("five \" inches", vec![]),
        ] {
            let found: Vec<&str> = quoted(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
