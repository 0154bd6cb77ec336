//! What a page says of itself: title, date, and its text without the machinery. Only the tokens of HTML are read: no tree
//! is built that a hostile page could make grow without end.

use crate::domain::dates::PartialDate;
use crate::domain::texts::{is_blank, is_turning};
use crate::sources::html::{Listener, SILENT, attribute, decode, listen};
use html5ever::tokenizer::{Tag, TagKind};
use std::time::Duration;

/// The longest text that is kept.
const LONGEST_TEXT: usize = 100 * 1024;
/// The longest title that is kept.
const LONGEST_TITLE: usize = 300;
/// A page that takes longer to read was made to.
const PATIENCE: Duration = Duration::from_secs(1);
/// Elements that end a line.
const BLOCKS: [&str; 30] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "tr",
    "ul",
];

/// What was read of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title, or its first heading.
    pub title: Option<String>,
    /// The day of publication that it names.
    pub published: Option<PartialDate>,
    /// What a reader sees of it, as far as it is kept.
    pub text: String,
}

/// Reads a page. `charset` is what the server said of it.
#[must_use]
pub fn read(bytes: &[u8], charset: Option<&str>) -> Page {
    let (markup, _) = decode(bytes, charset);
    let (state, _) = listen(&markup, State::default(), PATIENCE);
    state.finish()
}

#[derive(Default)]
struct State {
    title: String,
    heading: String,
    in_title: bool,
    in_heading: bool,
    has_title: bool,
    /// Which silent element is open, and how often.
    silent: Option<(String, usize)>,
    published: Option<PartialDate>,
    time: Option<PartialDate>,
    text: String,
}

impl Listener for State {
    fn hear(&mut self, text: &str) {
        if self.in_title {
            push(&mut self.title, text, LONGEST_TITLE);
        } else if self.silent.is_none() {
            push(&mut self.text, text, LONGEST_TEXT);
            if self.in_heading {
                push(&mut self.heading, text, LONGEST_TITLE);
            }
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let (name, opens) = (&*tag.name, tag.kind == TagKind::StartTag);
        match name {
            // The first one is the page's; drawings have titles of their own.
            "title" if opens => self.in_title = !self.has_title && !self.is_silent_in("svg"),
            "title" => {
                self.has_title |= self.in_title;
                self.in_title = false;
            }
            "meta" if opens => self.meta(tag),
            "time" if opens => self.time = self.time.or_else(|| date(attribute(tag, "datetime")?)),
            "h1" => self.in_heading = opens && self.heading.is_empty(),
            // Whoever forgets to close the head starts the body.
            "body" if opens && self.is_silent_in("head") => self.silent = None,
            _ => {}
        }
        self.silence(name, opens, tag.self_closing);
        match name {
            _ if self.silent.is_some() => {}
            "td" | "th" if opens => push(&mut self.text, " ", LONGEST_TEXT),
            _ if BLOCKS.contains(&name) => line(&mut self.text),
            _ => {}
        }
    }
}

impl State {
    fn is_silent_in(&self, element: &str) -> bool {
        self.silent.as_ref().is_some_and(|(name, _)| name == element)
    }

    fn silence(&mut self, name: &str, opens: bool, closed: bool) {
        match (&mut self.silent, opens) {
            (None, true) if SILENT.contains(&name) && !closed => self.silent = Some((name.to_owned(), 1)),
            (Some((open, depth)), true) if open == name && !closed => *depth += 1,
            (Some((open, depth)), false) if open == name => {
                *depth -= 1;
                if *depth == 0 {
                    self.silent = None;
                }
            }
            _ => {}
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let name = attribute(tag, "property")
            .or_else(|| attribute(tag, "name"))
            .unwrap_or_default();
        let dates = [
            "article:published_time",
            "dc.date",
            "dcterms.date",
            "dc.date.issued",
            "dcterms.issued",
            "citation_publication_date",
        ];
        if dates.contains(&name.to_ascii_lowercase().as_str()) {
            self.published = self.published.or_else(|| date(attribute(tag, "content")?));
        }
    }

    fn finish(self) -> Page {
        let title = [self.title, self.heading]
            .into_iter()
            .map(|text| tidy(&seen(&text), " "));
        Page {
            title: title.into_iter().find(|text| !text.is_empty()),
            published: self.published.or(self.time),
            text: tidy(&self.text, "\n"),
        }
    }
}

/// `2026-03-01T10:00:00Z`, `2026/03/01`, `2026-03` or `2026`.
pub(super) fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim().replace('/', "-");
    [10, 7, 4].into_iter().find_map(|length| {
        let rest = text.get(length..)?;
        let ends = rest.chars().next().is_none_or(|c| !c.is_ascii_digit() && c != '-');
        text.get(..length).filter(|_| ends)?.parse().ok()
    })
}

/// Adds what still fits.
fn push(into: &mut String, text: &str, longest: usize) {
    let room = longest.saturating_sub(into.len());
    into.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
}

fn line(text: &mut String) {
    if text.len() < LONGEST_TEXT && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// A title as it can be seen: nothing in it may turn what stands beside it on a page.
fn seen(text: &str) -> String {
    if is_blank(text) {
        return String::new();
    }
    text.chars().filter(|c| !is_turning(*c)).collect()
}

/// Single spaces, no empty lines, nothing invisible.
fn tidy(text: &str, between_lines: &str) -> String {
    let lines = text.lines().map(|line| {
        let words = line.split(|c: char| c.is_whitespace() || c.is_control());
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    });
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(between_lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn title_date_and_text_are_read_without_the_machinery() {
        let html = "<!doctype html><html><head><title>Ley de Migraci&oacute;n &amp;\n más</title>\
            <style>p { color: red }</style><meta property='article:published_time' content='2011-05-25T10:00:00Z'>\
            <script>var a = '<p>hidden</p>';</script></head><body><svg><title>Logo</title></svg><h1>Heading</h1>\
            <p>Art&iacute;culo&nbsp;1.<br>Texto <b>claro</b></p><noscript>off</noscript><time datetime='2020-01-01'>x</time>";
        let page = read(html.as_bytes(), None);
        assert_eq!(page.title.as_deref(), Some("Ley de Migración & más"));
        assert_eq!(
            page.published.map(|date| date.to_string()).as_deref(),
            Some("2011-05-25")
        );
        assert_eq!(page.text, "Heading\nArtículo 1.\nTexto claro\nx");
    }

    #[test]
    fn dates_are_as_precise_as_they_were_given() {
        let read = |text| date(text).map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(read("2026-03-01T10:00:00+02:00"), "2026-03-01");
        assert_eq!(read("2026/03/01"), "2026-03-01");
        assert_eq!(read("2026-03"), "2026-03");
        assert_eq!(read("2026"), "2026");
        assert_eq!(read("1 March 2026"), "");
        assert_eq!(read("20260301"), "");
    }

    #[test]
    fn old_charsets_are_read_by_what_server_or_page_say() {
        let latin = b"<title>Migraci\xf3n</title>";
        assert_eq!(read(latin, Some("iso-8859-1")).title.as_deref(), Some("Migración"));
        assert_eq!(read(latin, None).title.as_deref(), Some("Migración"));
        assert_eq!(read(latin, Some("no-such-charset")).title.as_deref(), Some("Migración"));
        let turned = "<title>Law \u{202e}gpj.exe\u{202c}</title>";
        assert_eq!(read(turned.as_bytes(), None).title.as_deref(), Some("Law gpj.exe"));
        assert_eq!(
            read("<title>\u{200b}</title><h1>Law</h1>".as_bytes(), None)
                .title
                .as_deref(),
            Some("Law")
        );
        let cyrillic = b"<meta charset='windows-1251'><title>\xcc\xe8\xe3\xf0\xe0\xed\xf2</title>";
        assert_eq!(read(cyrillic, None).title.as_deref(), Some("Мигрант"));
        assert_eq!(
            read("<title>مهاجر</title>".as_bytes(), None).title.as_deref(),
            Some("مهاجر")
        );
    }

    #[test]
    fn a_page_made_to_be_expensive_is_read_in_time_and_kept_small() {
        let start = std::time::Instant::now();
        for hostile in [
            "<div>".repeat(400_000),
            (0..150_000).map(|n| format!("<b id={n}>")).collect::<String>() + &"<p>x</p>".repeat(50_000),
            format!("<a {}", (0..300_000).map(|n| format!("a{n} ")).collect::<String>()),
            format!("<title>{}", "x".repeat(2_000_000)),
            "&amp;word ".repeat(200_000),
        ] {
            let page = read(hostile.as_bytes(), None);
            assert!(page.text.len() <= LONGEST_TEXT + 1, "{}", page.text.len());
            assert!(page.title.unwrap_or_default().len() <= LONGEST_TITLE);
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let page = read(&bytes, None);
            prop_assert!(!page.text.contains('\0'));
        }

        #[test]
        fn no_markup_makes_it_panic(html in "(<(/)?(title|head|svg|script|h1|p|time|meta|b|body)( a=('|\")?)?>?|[a-z&;<é ]{0,4}){0,40}") {
            let page = read(html.as_bytes(), Some("utf-8"));
            prop_assert!(!page.text.contains("\n\n"));
        }
    }
}
