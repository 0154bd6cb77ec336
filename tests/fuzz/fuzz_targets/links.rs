//! A page that a link leads to: whatever the server sends, it is read in bounded time and what is kept is short and plain.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::sources::links::read_page;

fuzz_target!(|input: (Vec<u8>, Option<String>)| {
    let (bytes, charset) = input;
    let page = read_page(&bytes, charset.as_deref());
    assert!(page.text.len() <= 100 * 1024 + 1);
    assert!(page.title.is_none_or(|title| !title.trim().is_empty() && title.len() <= 300));
    assert!(!page.text.contains('\0'));
});
