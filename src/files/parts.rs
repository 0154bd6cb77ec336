//! One part of an Office file while it is unpacked: what it is by its name, by its first bytes, and, where it says what the
//! others are, by its text.

use super::refusals::{CARRIED, MACROS, TEMPLATE};
use std::io::{self, Write};

/// More text about the other parts than any document has.
const LONGEST: usize = 2_000_000;
/// So many bytes tell programs.
const HEAD: usize = 4;
const PROGRAMS: [&str; 16] = [
    "exe", "dll", "class", "jar", "com", "scr", "msi", "pif", "cpl", "hta", "vbs", "js", "bat", "cmd", "ps1", "lnk",
];
const WITH_MACROS: [&str; 9] = ["docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    Nothing,
    /// `[Content_Types].xml`
    Types,
    /// `*.rels`
    Relations,
}

/// What was seen of it. It is written into while it is unpacked.
#[derive(Debug)]
pub(super) struct Part {
    tells: Tells,
    by_name: Option<&'static str>,
    head: Vec<u8>,
    text: Vec<u8>,
}

impl Part {
    pub(super) fn named(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let end = lower.rsplit_once('.').map_or("", |(_, end)| end);
        let by_name = match () {
            () if PROGRAMS.contains(&end) => Some(CARRIED),
            () if WITH_MACROS.contains(&end) => Some(MACROS),
            () => None,
        };
        let tells = match () {
            () if lower == "[content_types].xml" => Tells::Types,
            () if end == "rels" => Tells::Relations,
            () => Tells::Nothing,
        };
        Self {
            tells,
            by_name,
            head: Vec::new(),
            text: Vec::new(),
        }
    }

    /// Why the whole file is not taken because of it.
    pub(super) fn wrong(&self) -> Option<&'static str> {
        let is_program = [b"MZ".as_slice(), b"\x7fELF", b"\xca\xfe\xba\xbe"]
            .iter()
            .any(|mark| self.head.starts_with(mark));
        if is_program {
            return Some(CARRIED);
        }
        let text = || unescaped(&String::from_utf8_lossy(&self.text)).to_ascii_lowercase();
        self.by_name.or_else(|| match self.tells {
            Tells::Nothing => None,
            Tells::Types | Tells::Relations if self.text.len() >= LONGEST => Some(MACROS),
            Tells::Types => {
                let text = text();
                let words = ["vbaproject", "vbadata", "macroenabled", "macrosheet"];
                words.iter().any(|word| text.contains(word)).then_some(MACROS)
            }
            Tells::Relations => text().split('<').find_map(in_relation),
        })
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let missing = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        if self.tells != Tells::Nothing {
            let room = LONGEST.saturating_sub(self.text.len());
            // Without the zeros of UTF-16, so that the other encoding is no way round.
            self.text.extend(bytes.iter().filter(|byte| **byte != 0).take(room));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is wrong with one relation, written in small letters.
fn in_relation(tag: &str) -> Option<&'static str> {
    if tag.contains("vbaproject") {
        return Some(MACROS);
    }
    let is_template = tag.contains("/attachedtemplate") && tag.contains("external");
    (is_template && !is_near(value(tag, "target").unwrap_or_default())).then_some(TEMPLATE)
}

/// Whether a template lies on the disk of whoever opens the file: Word names every template but its own in that way.
fn is_near(target: &str) -> bool {
    let place = target.strip_prefix("file:///").unwrap_or(target);
    let on_drive = place.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && place.get(1..2) == Some(":");
    on_drive || !(place.is_empty() || place.contains(':') || place.starts_with(['/', '\\', '%']))
}

/// The value of an attribute.
fn value<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let rest = tag.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split(quote).next()
    })
}

/// The text with its characters that are written as numbers (`&#x50;`).
fn unescaped(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once(';').and_then(|(number, rest)| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            Some((char::from_u32(code.ok()?)?, rest))
        });
        match known {
            Some((letter, rest)) => {
                plain.push(letter);
                plain.push_str(rest);
            }
            None => plain.push_str(part),
        }
    }
    plain
}
