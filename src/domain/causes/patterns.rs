//! Phrases with gaps, all of them looked for in one pass over a text's words.
//!
//! A phrase is words with a space between them: `word`, `begin*`, `(one|two words|begin*)`, and `…` for up to four words
//! between (`…2` for two). Scripts without spaces are cut into pairs of characters, there `…` is up to eight.
//! Case and accents do not matter, nor what Arabic writes together with a word.

use crate::domain::search::{Word, words_of};
use std::collections::{BTreeMap, HashMap};

/// Words between, where a gap does not say.
const GAP: usize = 4;
/// Pairs of characters between.
const UNSPACED_GAP: usize = 8;

/// Owner of a phrase: whatever the lexicon was given.
pub(super) type Owner = u32;

/// All phrases.
#[derive(Debug, Default, Clone)]
pub(super) struct Lexicon {
    exact: HashMap<String, u32>,
    prefix: HashMap<String, u32>,
    /// By the bytes of a prefix: whether any is so long.
    lengths: Vec<bool>,
    words: u32,
    phrases: Vec<Phrase>,
    starts: HashMap<u32, Vec<u32>>,
}

#[derive(Debug, Clone)]
struct Phrase {
    owner: Owner,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    OneOf(Vec<Vec<u32>>),
    Gap(usize),
}

/// Where a phrase was found, in words; `end` is after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) owner: Owner,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The words of a text with what the lexicon knows of each.
pub(super) struct Tokens {
    pub(super) words: Vec<Word>,
    ids: Vec<u32>,
    ends: Vec<usize>,
}

impl Tokens {
    fn ids(&self, at: usize) -> &[u32] {
        let start = at
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied());
        match (start, self.ends.get(at)) {
            (Some(start), Some(end)) => self.ids.get(start..*end).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl Lexicon {
    /// Adds a phrase.
    pub(super) fn add(&mut self, owner: Owner, phrase: &str, sets: &BTreeMap<String, String>) -> Result<(), String> {
        let whole = filled(phrase, sets)?;
        let mut steps: Vec<Step> = Vec::new();
        let mut unspaced = false;
        for piece in pieces(&whole)? {
            if let Some(number) = piece.strip_prefix('…') {
                let words = match number {
                    "" if unspaced => UNSPACED_GAP,
                    "" => GAP,
                    digits => digits
                        .parse()
                        .ok()
                        .filter(|number| (1..=12).contains(number))
                        .ok_or_else(|| format!("“…{digits}” in “{phrase}” is not … and a number up to 12"))?,
                };
                steps.push(Step::Gap(words));
                continue;
            }
            let inner = piece.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            let mut ways = Vec::new();
            for way in inner.unwrap_or(&piece).split('|') {
                if way.contains('…') {
                    return Err(format!("“{phrase}” has … in parentheses; write two phrases"));
                }
                let (ids, pairs) = self.way(way);
                if ids.is_empty() {
                    return Err(format!("“{phrase}” has an empty part"));
                }
                unspaced = pairs;
                ways.push(ids);
            }
            steps.push(Step::OneOf(ways));
        }
        let gaps = |at: Option<&Step>| matches!(at, None | Some(Step::Gap(_)));
        if gaps(steps.first()) || gaps(steps.last()) {
            return Err(format!("“{phrase}” must begin and end with a word"));
        }
        let number = u32::try_from(self.phrases.len()).map_err(|_| "too many phrases".to_owned())?;
        if let Some(Step::OneOf(ways)) = steps.first() {
            for first in ways.iter().filter_map(|way| way.first()) {
                let known = self.starts.entry(*first).or_default();
                if known.last() != Some(&number) {
                    known.push(number);
                }
            }
        }
        self.phrases.push(Phrase { owner, steps });
        Ok(())
    }

    /// The words of one alternative, and whether its script has no spaces.
    fn way(&mut self, way: &str) -> (Vec<u32>, bool) {
        let (mut ids, mut unspaced) = (Vec::new(), false);
        for part in way.split_whitespace() {
            let begins = part.ends_with('*');
            let mut words = words_of(part);
            unspaced = words.last().is_some_and(|word| word.unspaced);
            // The last character stands alone at the end of a stretch only.
            if unspaced && words.len() > 1 {
                words.pop();
            }
            let last = words.len().saturating_sub(1);
            for (at, word) in words.iter().enumerate() {
                let single = word.unspaced && word.text.chars().count() == 1;
                ids.push(self.word(bare(&word.text), (begins && at == last) || single));
            }
        }
        (ids, unspaced)
    }

    fn word(&mut self, text: &str, begins: bool) -> u32 {
        if begins {
            if self.lengths.len() <= text.len() {
                self.lengths.resize(text.len() + 1, false);
            }
            if let Some(length) = self.lengths.get_mut(text.len()) {
                *length = true;
            }
        }
        let (next, table) = (self.words, if begins { &mut self.prefix } else { &mut self.exact });
        let id = *table.entry(text.to_owned()).or_insert(next);
        self.words = self.words.max(id + 1);
        id
    }

    /// Cuts a text into words and looks each up.
    pub(super) fn tokens(&self, text: &str) -> Tokens {
        let words = words_of(text);
        let (mut ids, mut ends) = (Vec::with_capacity(words.len()), Vec::with_capacity(words.len()));
        for word in &words {
            let text = bare(&word.text);
            ids.extend(self.exact.get(text));
            let lengths = self.lengths.iter().enumerate().take(text.len() + 1);
            for (length, _) in lengths.filter(|(_, is)| **is) {
                if let Some(begin) = text.get(..length) {
                    ids.extend(self.prefix.get(begin));
                }
            }
            ends.push(ids.len());
        }
        Tokens { words, ids, ends }
    }

    /// Every phrase that begins at a word from `start` and ends before `end`, into `found`.
    pub(super) fn find(&self, tokens: &Tokens, start: usize, end: usize, found: &mut Vec<Match>) {
        for at in start..end {
            for id in tokens.ids(at) {
                for number in self.starts.get(id).map_or(&[][..], Vec::as_slice) {
                    let Some(phrase) = self.phrases.get(*number as usize) else {
                        continue;
                    };
                    if let Some(stop) = follow(&phrase.steps, tokens, at, end) {
                        found.push(Match {
                            owner: phrase.owner,
                            start: at,
                            end: stop,
                        });
                    }
                }
            }
        }
    }
}

/// The word after the shortest way through the steps from `at`.
fn follow(steps: &[Step], tokens: &Tokens, at: usize, end: usize) -> Option<usize> {
    match steps.split_first() {
        None => Some(at),
        Some((Step::Gap(words), rest)) => (0..=*words)
            .take_while(|skipped| at + skipped < end)
            .find_map(|skipped| follow(rest, tokens, at + skipped, end)),
        Some((Step::OneOf(ways), rest)) => ways.iter().find_map(|way| {
            let stop = at + way.len();
            let fits = stop <= end && (at..stop).zip(way).all(|(place, id)| tokens.ids(place).contains(id));
            if fits { follow(rest, tokens, stop, end) } else { None }
        }),
    }
}

/// An Arabic word without the article, conjunction and preposition that are written together with it.
fn bare(word: &str) -> &str {
    const JOINED: [&str; 8] = ["وال", "بال", "كال", "فال", "ولل", "لل", "ال", "و"];
    if !word.starts_with(|letter: char| ('\u{620}'..='\u{64a}').contains(&letter)) {
        return word;
    }
    let stripped = JOINED.iter().find_map(|joined| word.strip_prefix(joined));
    stripped.filter(|rest| rest.chars().count() >= 3).unwrap_or(word)
}

/// The phrase with its sets filled in: `{money}` becomes the words of the set.
fn filled(phrase: &str, sets: &BTreeMap<String, String>) -> Result<String, String> {
    let (mut whole, mut rest, mut inside) = (String::new(), phrase, false);
    while let Some(at) = rest.find(['{', '(', ')']) {
        let (before, after) = rest.split_at(at);
        whole.push_str(before);
        match after.as_bytes().first() {
            Some(b'{') => {
                let close = after.find('}').ok_or_else(|| format!("“{phrase}” has {{ without }}"))?;
                let name = after.get(1..close).unwrap_or_default();
                let words = sets.get(name).ok_or_else(|| {
                    format!("“{phrase}” uses {{{name}}}, which is not among the sets of its language")
                })?;
                whole.push_str(&if inside { words.clone() } else { format!("({words})") });
                rest = after.get(close + 1..).unwrap_or_default();
            }
            Some(open) => {
                inside = *open == b'(';
                whole.push(char::from(*open));
                rest = after.get(1..).unwrap_or_default();
            }
            None => break,
        }
    }
    whole.push_str(rest);
    Ok(whole)
}

/// The parts of a phrase: split at spaces that are in no parentheses.
fn pieces(phrase: &str) -> Result<Vec<String>, String> {
    let (mut pieces, mut piece, mut depth) = (Vec::new(), String::new(), 0_i32);
    for letter in phrase.chars() {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if !(0..=1).contains(&depth) {
            return Err(format!("“{phrase}” has parentheses that do not match"));
        }
        if depth == 0 && letter.is_whitespace() {
            pieces.push(std::mem::take(&mut piece));
        } else {
            piece.push(letter);
        }
    }
    pieces.push(piece);
    if depth != 0 {
        return Err(format!("“{phrase}” has parentheses that do not match"));
    }
    pieces.retain(|piece| !piece.is_empty());
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrase: &str, text: &str) -> Option<String> {
        let sets = BTreeMap::from([("means".to_owned(), "staff|money".to_owned())]);
        let mut lexicon = Lexicon::default();
        lexicon.add(7, phrase, &sets).expect("a phrase");
        let tokens = lexicon.tokens(text);
        let mut found = Vec::new();
        lexicon.find(&tokens, 0, tokens.words.len(), &mut found);
        let first = found.first()?;
        let (start, end) = (tokens.words[first.start].start, tokens.words[first.end - 1].end);
        Some(text[start..end].to_owned())
    }

    #[test]
    fn phrases_are_found_with_gaps_beginnings_and_alternatives() {
        for (phrase, text, expected) in [
            (
                "lack* … {means}",
                "It lacks both money and staff.",
                Some("lacks both money"),
            ),
            ("lack* …1 {means}", "It lacks a lot of money.", None),
            ("lack* of ({means}|land)", "a lack of land", Some("lack of land")),
            (
                "(short of|without) money",
                "He is short of money",
                Some("short of money"),
            ),
            ("éléments", "ELEMENTS", Some("ELEMENTS")),
            ("缺乏 … (资金|人员)", "该国缺乏足够的资金。", Some("缺乏足够的资金")),
            ("缺", "严重缺人", Some("缺人")),
            ("نقص … موارد", "ونقص في الموارد", Some("ونقص في الموارد")),
        ] {
            assert_eq!(found(phrase, text).as_deref(), expected, "{phrase} in {text}");
        }
    }

    #[test]
    fn a_phrase_that_cannot_be_read_says_why() {
        for (phrase, why) in [
            ("lack {what}", "not among the sets"),
            ("… money", "begin and end"),
            ("lack of (money", "do not match"),
            ("lack …99 money", "not … and a number"),
            ("lack (|money)", "empty part"),
            ("lack (of …2 money|land)", "write two phrases"),
            ("lack {means", "without }"),
        ] {
            let error = Lexicon::default().add(1, phrase, &BTreeMap::new()).expect_err(phrase);
            assert!(error.contains(why), "{error}");
        }
    }
}
