//! What somebody types into the search, and a text it is marked in: the first line is the question, the rest the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::domain::search::{Columns, Query, excerpt, folded, highlighted};

fuzz_target!(|input: &str| {
    let (typed, text) = input.split_once('\n').unwrap_or((input, input));
    let query = Query::read(typed);
    for term in &query.terms {
        assert!(!term.words.is_empty());
        let plain = |word: &String| !word.is_empty() && word.chars().all(char::is_alphanumeric);
        assert!(term.words.iter().all(plain), "{term:?} would reach a database");
        assert!(!term.ts().contains(['\\', '"', '\0']));
    }
    assert_eq!(query.fts5(Columns::All, &[]).matches('"').count(), query.terms.len() * 2);
    assert_eq!(Query::read(&query.typed), query, "what was read is read the same again");
    assert!(folded(text).chars().all(|letter| letter == ' ' || letter.is_alphanumeric()));
    let whole: String = highlighted(text, &query).into_iter().map(|part| part.text).collect();
    assert_eq!(whole, text, "marking changes nothing");
    let parts = excerpt(text, &query, 40);
    assert!(parts.iter().map(|part| part.text.chars().count()).sum::<usize>() <= 42);
});
