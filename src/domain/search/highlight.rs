//! Where a text matches a question, so that a page can mark it. The text itself is never changed.

use super::folding::{Word, words_of};
use super::query::{Query, Term};
use serde::Serialize;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The part as it is written.
    pub text: String,
    /// Whether it matches.
    pub hit: bool,
}

/// The whole text in parts that match and parts that do not.
#[must_use]
pub fn highlighted(text: &str, query: &Query) -> Vec<Segment> {
    segments(text, &hits(&words_of(text), query))
}

/// About `most` characters of the text around its first match, in parts.
#[must_use]
pub fn excerpt(text: &str, query: &Query, most: usize) -> Vec<Segment> {
    let words = words_of(text);
    let hits = hits(&words, query);
    if text.chars().count() <= most {
        return segments(text, &hits);
    }
    let first = hits.first().map_or(0, |hit| hit.0);
    let before = text.get(..first).unwrap_or_default().chars().rev().take(most / 4);
    let wished = first.saturating_sub(before.map(char::len_utf8).sum());
    // Begin and end between words.
    let start = words.iter().map(|word| word.start).find(|start| *start >= wished);
    let start = if wished == 0 { 0 } else { start.unwrap_or(wished) };
    let rest = text.get(start..).unwrap_or_default();
    let length: usize = rest.chars().take(most).map(char::len_utf8).sum();
    let end = if start + length >= text.len() {
        text.len()
    } else {
        let fits = words
            .iter()
            .rev()
            .find(|word| word.end <= start + length && word.end > start);
        fits.map_or(start + length, |word| word.end)
    };
    let inside = hits.iter().filter(|hit| hit.0 >= start && hit.1 <= end);
    let inside: Vec<(usize, usize)> = inside.map(|hit| (hit.0 - start, hit.1 - start)).collect();
    let mut parts = segments(text.get(start..end).unwrap_or_default(), &inside);
    let dots = || Segment {
        text: "…".to_owned(),
        hit: false,
    };
    if start > 0 {
        parts.insert(0, dots());
    }
    if end < text.len() {
        parts.push(dots());
    }
    parts
}

/// The places that match, in order, none touching another.
fn hits(words: &[Word], query: &Query) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for at in 0..words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let longest = query
            .sought()
            .filter(|term| fits(rest, term, query.is_literal()))
            .map(|term| term.words.len())
            .max();
        let last = longest.and_then(|length| rest.get(length.saturating_sub(1)));
        if let (Some(first), Some(last)) = (rest.first(), last) {
            match found.last_mut() {
                Some(before) if before.1 >= first.start => before.1 = before.1.max(last.end),
                _ => found.push((first.start, last.end)),
            }
        }
    }
    found
}

fn fits(words: &[Word], term: &Term, literal: bool) -> bool {
    let last = term.words.len().saturating_sub(1);
    words.len() > last
        && term.words.iter().zip(words).enumerate().all(|(at, (sought, word))| {
            if term.start && at == last {
                word.text.starts_with(sought.as_str())
            } else {
                word.text == *sought || (!literal && stem(&word.text) == stem(sought))
            }
        })
}

/// Roughly what English stemmers leave of a word; only for marking.
fn stem(word: &str) -> &str {
    if !word.is_ascii() {
        return word;
    }
    let cut = |word| -> &str {
        let endings = [
            "ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "edly", "ed", "ies", "es", "ly", "s", "e",
            "y",
        ];
        let stem = endings.iter().find_map(|ending| str::strip_suffix(word, ending));
        stem.filter(|stem| stem.len() >= 3).unwrap_or(word)
    };
    cut(word)
}

fn segments(text: &str, hits: &[(usize, usize)]) -> Vec<Segment> {
    let (mut parts, mut at) = (Vec::new(), 0);
    let mut push = |from: usize, to: usize, hit: bool| {
        let part = text.get(from..to).unwrap_or_default();
        if !part.is_empty() {
            parts.push(Segment {
                text: part.to_owned(),
                hit,
            });
        }
    };
    for (start, end) in hits {
        push(at, *start, false);
        push(*start, *end, true);
        at = *end;
    }
    push(at, text.len(), false);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(text: &str, typed: &str) -> String {
        let parts = highlighted(text, &Query::read(typed));
        parts
            .iter()
            .map(|part| {
                if part.hit {
                    format!("[{}]", part.text)
                } else {
                    part.text.clone()
                }
            })
            .collect()
    }

    #[test]
    fn what_matches_is_marked_as_it_is_written() {
        for (text, typed, expected) in [
            (
                "La Détention, sans contrôle",
                "detention controle",
                "La [Détention], sans [contrôle]",
            ),
            (
                "People are detained and detaining",
                "detained",
                "People are [detained] and [detaining]",
            ),
            (
                "held without review, without end",
                "\"without review\"",
                "held [without review], without end",
            ),
            ("Detention of migrants", "migra*", "Detention of [migrants]"),
            ("禁止移民拘留制度", "移民拘留", "禁止[移民拘留]制度"),
            (
                "see CMW/C/MEX/CO/3, para. 4",
                "CMW/C/MEX/CO/3",
                "see [CMW/C/MEX/CO/3], para. 4",
            ),
            ("العُمَّال المهاجرون", "العمال", "[العُمَّال] المهاجرون"),
            ("<b>detention</b>", "detention -b", "<b>[detention]</b>"),
            ("nothing here", "zebra", "nothing here"),
        ] {
            assert_eq!(marked(text, typed), expected, "{typed} in {text}");
        }
    }

    #[test]
    fn an_excerpt_lies_around_the_first_match() {
        let text = format!("{} the needle {}", "hay ".repeat(200), "straw ".repeat(200));
        let parts = excerpt(&text, &Query::read("needle"), 80);
        let whole: String = parts.iter().map(|part| part.text.as_str()).collect();
        assert!(
            whole.starts_with('…') && whole.ends_with('…') && whole.chars().count() <= 84,
            "{whole}"
        );
        assert!(parts.iter().any(|part| part.hit && part.text == "needle"));
    }

    proptest! {
        #[test]
        fn the_parts_are_the_text(text in any::<String>(), typed in any::<String>(), most in 0usize..60) {
            let query = Query::read(&typed);
            let whole: String = highlighted(&text, &query).into_iter().map(|part| part.text).collect();
            prop_assert_eq!(&whole, &text);
            let shown: String = excerpt(&text, &query, most).into_iter().map(|part| part.text).collect();
            prop_assert!(text.contains(shown.trim_start_matches('…').trim_end_matches('…')) || text.contains('…'));
        }
    }
}
