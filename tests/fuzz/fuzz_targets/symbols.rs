//! Symbols of documents of the United Nations.
#![no_main]

use libfuzzer_sys::fuzz_target;
use servanda::domain::ids::StateCode;
use servanda::domain::symbols::{Reading, read};
use servanda::domain::reference::Unknown;

fn states(code: &str) -> Result<StateCode, Unknown> {
    let known = ["MEX", "MLI", "ALB"].contains(&code);
    known.then(|| code.parse().ok()).flatten().ok_or_else(|| Unknown {
        kind: "state",
        given: code.to_owned(),
        nearest: None,
    })
}

fuzz_target!(|text: &str| {
    match read(text, &states) {
        Ok(Reading::Symbol(symbol)) => {
            assert!(symbol.link().starts_with("https://"));
            assert!(!symbol.link().contains(|letter: char| letter.is_whitespace() || letter.is_control()));
            // The symbol as we write it is the same symbol.
            let again = read(&symbol.text, &states).map(Reading::symbol);
            assert_eq!(again.ok().flatten().as_ref(), Some(&symbol));
        }
        Ok(Reading::Citation) => {}
        Err(wrong) => assert!(!wrong.why.is_empty()),
    }
});
