//! What every reader of HTML needs: the charset, and markup that is heard token by token. No tree is built that a hostile page
//! could make grow without end.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// Read between two looks at the time.
const PIECE: usize = 4096;
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

/// Who hears the tokens of a page.
pub(super) trait Listener {
    /// Text between tags.
    fn hear(&mut self, text: &str);
    /// A tag that opens or closes an element.
    fn tag(&mut self, tag: &Tag);
    /// Whether the rest need not be read.
    fn has_enough(&self) -> bool {
        false
    }
}

/// Reads markup to the listener. Returns the listener, and whether it heard the page to its end in that time.
pub(super) fn listen<L: Listener>(markup: &str, listener: L, patience: Duration) -> (L, bool) {
    let (tokenizer, start) = (
        Tokenizer::new(Ear(RefCell::new(listener)), Default::default()),
        Instant::now(),
    );
    let mut rest = markup;
    while !rest.is_empty() && start.elapsed() < patience && !tokenizer.sink.0.borrow().has_enough() {
        let (now, later) = rest.split_at(rest.floor_char_boundary(PIECE));
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(now));
        // Nothing suspends it: scripts are not run, and an announced charset was read before.
        let _ = tokenizer.feed(&queue);
        rest = later;
    }
    let is_whole = rest.is_empty();
    if is_whole {
        tokenizer.end();
    }
    (tokenizer.sink.0.into_inner(), is_whole)
}

struct Ear<L>(RefCell<L>);

impl<L: Listener> TokenSink for Ear<L> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut listener = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => listener.hear(&text),
            Token::TagToken(tag) => {
                listener.tag(&tag);
                if tag.kind == TagKind::StartTag {
                    return raw(&tag.name);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the content of an element is to be read: a tree builder would say it.
fn raw(name: &str) -> TokenSinkResult<()> {
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
