//! Codes, addresses and names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::domain::evidence::check_link;
use servanda::domain::ids::{InstrumentCode, ProvisionId, StateCode, ThemeCode};
use servanda::domain::search::EntryKind;
use servanda::domain::users::{Email, check_name};

fuzz_target!(|text: &str| {
    if let Ok(code) = text.parse::<StateCode>() {
        assert_eq!(code.as_str(), text);
    }
    if let Ok(code) = text.parse::<InstrumentCode>() {
        assert!(code.as_str() == text && text.len() <= 16);
    }
    if let Ok(code) = text.parse::<ThemeCode>() {
        assert!(code.as_str() == text && text.len() == 3);
    }
    if let Ok(id) = text.parse::<ProvisionId>() {
        assert!(id.as_str() == text && text.len() <= 40);
    }
    if let Ok(email) = text.parse::<Email>() {
        assert_eq!(email.as_str().parse::<Email>().as_ref(), Ok(&email), "an address is read the same again");
        assert!(!email.as_str().contains(['\r', '\n', ' ']));
    }
    if check_link(text).is_ok() {
        assert!(text.is_empty() || text.starts_with("http"));
        assert!(!text.contains(|letter: char| letter.is_whitespace() || letter.is_control()));
    }
    if let Ok(name) = check_name(text) {
        assert!(!name.trim().is_empty());
    }
    if let Ok(kind) = text.parse::<EntryKind>() {
        assert_eq!(kind.code(), text);
    }
});
