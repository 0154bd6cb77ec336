//! A status page of the United Nations Treaty Collection, saved as HTML: who signed, ratified, acceded, with what
//! declarations, and who left. Columns are found by their heads, footnotes taken off, and what cannot be understood is listed.

mod cells;
mod footnotes;
mod head;
mod markup;
mod names;
mod statements;
mod table;

use crate::domain::reference::Reference;
use crate::domain::status_pages::StatusPage;
use crate::sources::html::decode;
use head::Head;
use markup::Document;
use names::Names;

/// The largest page that is read. The longest one met has 0.8 MB.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// Why a page was not read, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAStatusPage {
    /// Nothing in it.
    #[error("the file is empty: save the status page again from treaties.un.org, as HTML")]
    Empty,
    /// Something else.
    #[error("this is {0}, not an HTML page: save the status page from treaties.un.org as “web page, HTML only”")]
    Other(&'static str),
    /// Larger than [`LARGEST`].
    #[error(
        "the file is larger than {max} MB, and a status page has less than one: save only the page itself, as HTML",
        max = LARGEST / 1024 / 1024
    )]
    TooLarge,
    /// Too many rows or lines, or too slow to read.
    #[error("the page has {0}: no status page has, so it was not read")]
    TooMuch(&'static str),
    /// HTML without a participants table.
    #[error(
        "there is no table of participants (columns “Participant” and “Ratification”, “Accession” or the like): save the English status page of one treaty, with its table{0}"
    )]
    NoTable(&'static str),
    /// Cut off inside the table.
    #[error("the page ends in the middle of its table of participants, after {0} rows: save it again, whole")]
    CutOff(usize),
    /// None of our treaties.
    #[error(
        "the treaty “{title}” (chapter {chapter}) is none of ours: compare the titles and `untc_chapter` in fixtures/instruments, or add a file for it"
    )]
    UnknownTreaty {
        /// What the page is called.
        title: String,
        /// Chapter and number as printed.
        chapter: String,
    },
    /// Neither title nor chapter was found.
    #[error(
        "the page does not say which treaty it is about (no title above the table): save the whole page, not only the table"
    )]
    NoTitle,
}

/// Reads a status page.
///
/// # Errors
/// [`NotAStatusPage`] when it is none, or only half of one.
pub fn read(bytes: &[u8], reference: &Reference) -> Result<StatusPage, NotAStatusPage> {
    refuse(bytes)?;
    let (text, broken) = decode(bytes, None);
    let document = Document::read(&text)?;
    let names = Names::new(reference);
    let found = table::participants(&document)?;
    let head = Head::read(document.before(found.at), reference)?;
    let mut page = StatusPage {
        instrument: head.instrument,
        title: head.title,
        status_as_at: head.status_as_at,
        signatories_printed: head.signatories,
        signatories_counted: 0,
        parties_printed: head.parties,
        parties_counted: 0,
        rows: Vec::new(),
        unread: Vec::new(),
        notes: head.notes,
        is_whole: document.is_whole,
    };
    let mut marks = table::rows(&found, &names, &mut page);
    let notes = statements::read(document.after(found.at), &names, &mut page, &mut marks);
    footnotes::give(&notes, &marks, &mut page);
    if broken || text.contains(char::REPLACEMENT_CHARACTER) {
        page.notes
            .push("some characters could not be read in the charset that the page names; names with them are listed as unread".to_owned());
    }
    if !document.is_whole {
        let cut =
            "the page ends before its end tag: texts and footnotes at its end may be missing; save it again, whole";
        page.notes.push(cut.to_owned());
    }
    count(&mut page);
    Ok(page)
}

/// Files that are something else altogether.
fn refuse(bytes: &[u8]) -> Result<(), NotAStatusPage> {
    if bytes.len() > LARGEST {
        return Err(NotAStatusPage::TooLarge);
    }
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match start {
        [] => Err(NotAStatusPage::Empty),
        [b'{' | b'[', ..] => Err(NotAStatusPage::Other("JSON")),
        [b'%', b'P', b'D', b'F', ..] => Err(NotAStatusPage::Other("a PDF file")),
        [b'P', b'K', 3 | 5, ..] => Err(NotAStatusPage::Other("a ZIP or Office file")),
        _ if start.starts_with(b"MIME-Version") || start.starts_with(b"From: <Saved by") => {
            Err(NotAStatusPage::Other("a web archive (MHTML)"))
        }
        // UTF-16 has a zero byte in each pair.
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Ok(()),
        _ if !start.contains(&b'<') => Err(NotAStatusPage::Other("plain text or a binary file")),
        _ => Ok(()),
    }
}

/// Counts, and says where the printed figure is another.
fn count(page: &mut StatusPage) {
    let parties = page
        .rows
        .iter()
        .filter(|row| row.action.is_some() && !row.withdrawn)
        .count();
    let signatories = page
        .rows
        .iter()
        .filter(|row| row.signature_kind.is_some() && !row.signature_withdrawn)
        .count();
    page.parties_counted = u32::try_from(parties).unwrap_or(u32::MAX);
    page.signatories_counted = u32::try_from(signatories).unwrap_or(u32::MAX);
    let unread = match page.unread.len() {
        0 => String::new(),
        1 => "; one row or text could not be read".to_owned(),
        more => format!("; {more} rows or texts could not be read"),
    };
    for (what, printed, counted) in [
        ("parties", page.parties_printed, page.parties_counted),
        ("signatories", page.signatories_printed, page.signatories_counted),
    ] {
        match printed {
            Some(printed) if printed != counted => {
                page.notes.push(format!(
                    "the page prints {printed} {what}, its table has {counted}{unread}"
                ));
            }
            None if what == "parties" => {
                page.notes
                    .push("the page prints no number of parties, so the count could not be checked".to_owned());
            }
            _ => {}
        }
    }
}
