//! Status pages of the depositary: whatever the bytes are, nothing panics, and what is read adds up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::actions::import::shipped_reference;
use servanda::domain::reference::Reference;
use servanda::sources::untc::read;
use std::sync::LazyLock;

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| shipped_reference().expect("the shipped data"));

fuzz_target!(|bytes: &[u8]| {
    if let Ok(page) = read(bytes, &REFERENCE) {
        assert!(page.parties_counted as usize <= page.rows.len());
        assert!(page.rows.iter().all(|row| !row.name.is_empty()));
        assert!(page.unread.iter().all(|one| !one.why.is_empty()));
    }
});
