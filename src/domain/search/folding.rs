//! Texts cut into words without case, accents and vowel signs: `Détention` is `detention`, `Österreich` is `osterreich`.
//! Scripts without spaces are cut into pairs of characters that overlap.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of the longest word that is kept; PostgreSQL refuses words of more than 2,046 bytes.
const LONGEST_WORD: usize = 64;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, folded: letters and digits only.
    pub text: String,
    /// The byte of the text at which it begins.
    pub start: usize,
    /// The byte after its end.
    pub end: usize,
    /// It belongs to a script that is written without spaces.
    pub unspaced: bool,
}

/// The words of a text, in order, each with its place.
#[must_use]
pub fn words_of(text: &str) -> Vec<Word> {
    let (mut words, mut run) = (Vec::new(), Run::default());
    let mut folded = String::new();
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        folded.clear();
        fold(letter, &mut folded);
        if folded.is_empty() {
            // A mark belongs to the letter before it; anything else ends a word.
            if is_mark(letter) {
                run.end = if run.is_empty() { run.end } else { end };
            } else {
                run.finish(&mut words);
            }
            continue;
        }
        let unspaced = folded.chars().next().is_some_and(is_unspaced);
        if unspaced != run.unspaced {
            run.finish(&mut words);
        }
        run.push(&folded, at, end, unspaced);
    }
    run.finish(&mut words);
    words
}

/// The text as it is indexed: its words with one space between them.
#[must_use]
pub fn folded(text: &str) -> String {
    let words = words_of(text);
    let mut whole = String::with_capacity(text.len());
    for word in &words {
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(&word.text);
    }
    whole
}

/// Letters that belong to one word, or to one stretch without spaces.
#[derive(Default)]
struct Run {
    letters: Vec<(String, usize, usize)>,
    end: usize,
    unspaced: bool,
}

impl Run {
    fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    fn push(&mut self, folded: &str, start: usize, end: usize, unspaced: bool) {
        self.letters.push((folded.to_owned(), start, end));
        (self.end, self.unspaced) = (end, unspaced);
    }

    fn finish(&mut self, words: &mut Vec<Word>) {
        if self.unspaced {
            // The last character stands alone as well, so that it is found by itself.
            for at in 0..self.letters.len() {
                let pair = self
                    .letters
                    .get(at..(at + 2).min(self.letters.len()))
                    .unwrap_or_default();
                words.extend(word(pair, true));
            }
        } else if let Some(mut found) = word(&self.letters, false) {
            found.end = self.end;
            words.push(found);
        }
        self.letters.clear();
        self.unspaced = false;
    }
}

fn word(letters: &[(String, usize, usize)], unspaced: bool) -> Option<Word> {
    let (first, last) = (letters.first()?, letters.last()?);
    let text = letters.iter().flat_map(|(letter, _, _)| letter.chars());
    Some(Word {
        text: text.take(LONGEST_WORD).collect(),
        start: first.1,
        end: last.2,
        unspaced,
    })
}

fn is_mark(letter: char) -> bool {
    // Tatweel stretches an Arabic word; joiners and soft hyphens say how it is drawn.
    is_combining_mark(letter) || matches!(letter, '\u{640}' | '\u{200c}' | '\u{200d}' | '\u{ad}')
}

/// A letter or digit without case and marks; nothing where it is neither.
fn fold(letter: char, into: &mut String) {
    for part in letter.nfkd().flat_map(char::to_lowercase).flat_map(|part| part.nfkd()) {
        if is_mark(part) || !part.is_alphanumeric() {
            continue;
        }
        match part {
            'ß' => into.push_str("ss"),
            'æ' => into.push_str("ae"),
            'œ' => into.push_str("oe"),
            'ø' => into.push('o'),
            'ł' => into.push('l'),
            'đ' | 'ð' => into.push('d'),
            'ı' => into.push('i'),
            // Arabic: letters that are written one for the other, and its own digits.
            'ى' => into.push('ي'),
            'ة' => into.push('ه'),
            '\u{660}'..='\u{669}' => into.extend(digit(part, 0x660)),
            '\u{6f0}'..='\u{6f9}' => into.extend(digit(part, 0x6f0)),
            other => into.push(other),
        }
    }
}

fn digit(letter: char, zero: u32) -> Option<char> {
    char::from_digit(u32::from(letter).checked_sub(zero)?, 10)
}

/// Han, Kana, Thai, Lao, Burmese and Khmer are written without spaces between words.
fn is_unspaced(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_accents_do_not_matter_in_any_of_six_languages() {
        for (text, expected) in [
            ("Détention DÉTENTION de\u{301}tention", "detention detention detention"),
            ("Niños, niñas y señores", "ninos ninas y senores"),
            ("Straße in Łódź, Ærø", "strasse in lodz aero"),
            ("Трудящиеся-мигранты: ёлка", "трудящиеся мигранты елка"),
            ("العُمَّال المُهَاجِرُون أُسْرَة", "العمال المهاجرون اسره"),
            ("移民拘留", "移民 民拘 拘留 留"),
            ("第16条", "第 16 条"),
            ("CMW/C/MEX/CO/3", "cmw c mex co 3"),
            ("ＦＵＬＬ ½ ٣٤", "full 12 34"),
            ("'\"*()^: \0 -", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_becomes_short_words_in_their_places(text in any::<String>()) {
            let words = words_of(&text);
            for word in &words {
                prop_assert!(!word.text.is_empty() && word.text.chars().count() <= LONGEST_WORD);
                prop_assert!(word.text.chars().all(char::is_alphanumeric), "{:?}", word);
                prop_assert!(text.get(word.start..word.end).is_some_and(|part| !part.is_empty()), "{:?}", word);
            }
            prop_assert!(words.windows(2).all(|pair| pair[0].start < pair[1].start));
        }

        #[test]
        fn a_folded_text_stays_as_it_is(text in "[a-zA-Zàéñüß0-9 ,./-]{0,60}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once.clone());
        }
    }
}
