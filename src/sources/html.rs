//! What every reader of HTML needs: the charset, and how a tokenizer without a tree is told what raw text is.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TokenSinkResult};

/// Elements whose content nobody reads.
pub(super) const SILENT: [&str; 10] = [
    "script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "textarea",
];

/// The text of a page in the charset that the server, a byte order mark or the page itself names; without a name UTF-8,
/// or Western where it cannot be that. Also whether some of it could not be read.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> (String, bool) {
    let named = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let inside = || announced(bytes).and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = named.or_else(inside).unwrap_or_else(|| {
        // The last character may have been cut.
        let sound = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to() + 4 > bytes.len(), |_| true);
        if sound { UTF_8 } else { WINDOWS_1252 }
    });
    let (text, _, broken) = encoding.decode(bytes);
    (text.into_owned(), broken)
}

/// `<meta charset="…">` or `<meta … content="text/html; charset=…">` near the beginning.
fn announced(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..1024.min(bytes.len()))?).to_ascii_lowercase();
    let (_, after) = start.split_once("charset=")?;
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c));
    Some(label.get(..end.unwrap_or(label.len()))?.to_owned())
}

/// How the content of an element is to be read: a tree builder would say it.
pub(super) fn raw(name: &str) -> TokenSinkResult<()> {
    match name {
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "style" | "noscript" | "iframe" | "xmp" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        _ => TokenSinkResult::Continue,
    }
}

/// An attribute of a tag.
pub(super) fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    let found = tag.attrs.iter().find(|one| &*one.name.local == name);
    found.map(|one| &*one.value)
}
