//! What people type, looked at letter by letter: what cannot be seen, what turns the direction of a text, and how much of it
//! is said again.

/// So many characters of what was given are said again where it is wrong.
const SHOWN: usize = 80;

/// The beginning of what was given: an answer must not grow with what was sent.
#[must_use]
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Whether nothing of it can be seen: spaces, or characters without a shape.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Whether the character has no shape of its own. Some are needed between letters, so alone they are nothing, and beside
/// others they may stay.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether the character makes others stand in another order than they were written in.
#[must_use]
pub fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first character that turns the text, and where it stands, in words.
#[must_use]
pub fn turned(text: &str) -> Option<String> {
    let (at, found) = text.chars().enumerate().find(|(_, c)| is_turning(*c))?;
    Some(format!(
        "holds an invisible character (U+{:04X}, the character number {}) that makes the text read in another order than it is \
         written; delete it, or type that part anew",
        u32::from(found),
        at + 1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_nothing_and_what_turns_is_found() {
        for nothing in ["", " \n", "\u{200b}", "\u{feff} \u{2060}", "\u{202e}\u{2069}\u{200f}"] {
            assert!(is_blank(nothing), "{nothing:?}");
        }
        assert!(!is_blank("\u{200f}مهاجر") && !is_blank("می\u{200c}روم"));
        assert_eq!(turned("می\u{200c}روم \u{200f}!"), None);
        assert!(
            turned("ab\u{202e}cd")
                .expect("found")
                .contains("U+202E, the character number 3")
        );
        assert_eq!(shown("é").as_str(), "é");
        assert_eq!(shown(&"é".repeat(100_000)).chars().count(), SHOWN + 1);
    }
}
