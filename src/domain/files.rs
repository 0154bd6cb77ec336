//! What kinds of files are kept, and what a file may be called.

use unicode_normalization::UnicodeNormalization;

/// A kind of file that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A PDF document.
    Pdf,
    /// Word since 2007.
    Docx,
    /// Excel since 2007.
    Xlsx,
    /// PowerPoint since 2007.
    Pptx,
    /// OpenDocument text.
    Odt,
    /// OpenDocument spreadsheet.
    Ods,
    /// Word before 2007.
    Doc,
    /// Excel before 2007.
    Xls,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture.
    Webp,
    /// A GIF picture.
    Gif,
    /// Plain text.
    Text,
    /// A table as plain text.
    Csv,
    /// An MP3 recording.
    Mp3,
    /// An Ogg recording.
    Ogg,
    /// An MPEG-4 recording, sound alone.
    M4a,
    /// An MPEG-4 film.
    Mp4,
}

type Row = (FileKind, &'static str, &'static str, &'static [&'static str]);

/// Kind, words, content type, endings; the first ending is the usual one.
const KINDS: &[Row] = &[
    (FileKind::Pdf, "a PDF document", "application/pdf", &["pdf"]),
    (
        FileKind::Docx,
        "a Word document (DOCX)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        &["docx"],
    ),
    (
        FileKind::Xlsx,
        "an Excel workbook (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &["xlsx"],
    ),
    (
        FileKind::Pptx,
        "a PowerPoint presentation (PPTX)",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        &["pptx"],
    ),
    (
        FileKind::Odt,
        "an OpenDocument text (ODT)",
        "application/vnd.oasis.opendocument.text",
        &["odt"],
    ),
    (
        FileKind::Ods,
        "an OpenDocument spreadsheet (ODS)",
        "application/vnd.oasis.opendocument.spreadsheet",
        &["ods"],
    ),
    (
        FileKind::Doc,
        "an old Word document (DOC)",
        "application/msword",
        &["doc"],
    ),
    (
        FileKind::Xls,
        "an old Excel workbook (XLS)",
        "application/vnd.ms-excel",
        &["xls"],
    ),
    (
        FileKind::Jpeg,
        "a JPEG photo",
        "image/jpeg",
        &["jpg", "jpeg", "jpe", "jfif"],
    ),
    (FileKind::Png, "a PNG picture", "image/png", &["png"]),
    (FileKind::Webp, "a WebP picture", "image/webp", &["webp"]),
    (FileKind::Gif, "a GIF picture", "image/gif", &["gif"]),
    (FileKind::Text, "plain text", "text/plain", &["txt", "text"]),
    (
        FileKind::Csv,
        "a table as plain text (CSV)",
        "text/csv",
        &["csv", "tsv"],
    ),
    (FileKind::Mp3, "an MP3 recording", "audio/mpeg", &["mp3"]),
    (
        FileKind::Ogg,
        "an Ogg recording",
        "audio/ogg",
        &["ogg", "oga", "opus", "ogv"],
    ),
    (FileKind::M4a, "an MPEG-4 recording (M4A)", "audio/mp4", &["m4a", "mp4"]),
    (FileKind::Mp4, "an MPEG-4 film (MP4)", "video/mp4", &["mp4", "m4v"]),
];

/// What may be uploaded, as a form says it.
pub const TAKEN: &str =
    "PDF, Word, Excel, PowerPoint (PPTX), OpenDocument, JPEG, PNG, WebP, GIF, TXT, CSV, MP3, OGG, MP4";

impl FileKind {
    fn row(self) -> &'static Row {
        // Every kind has its row: a test walks them.
        KINDS.iter().find(|row| row.0 == self).unwrap_or(&KINDS[0])
    }

    /// Every kind there is.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|row| row.0)
    }

    /// What it is, as part of a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.row().1
    }

    /// As it is served.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        self.row().2
    }

    /// The endings of its names, the usual one first.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        self.row().3
    }

    /// The kind that is served as that.
    #[must_use]
    pub fn of_content_type(text: &str) -> Option<Self> {
        KINDS.iter().find(|row| row.2 == text).map(|row| row.0)
    }

    /// A photo or a picture: its hidden data are taken out before it is kept.
    #[must_use]
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp | Self::Gif)
    }
}

/// Whether that is a SHA-256 as we write it.
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The ending of a name in small letters, where it has one: at most eight letters or digits after the last dot.
#[must_use]
pub fn ending(name: &str) -> Option<String> {
    let (stem, end) = name.trim_end().rsplit_once('.')?;
    let plausible = (1..=8).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric());
    (plausible && !stem.is_empty()).then(|| end.to_ascii_lowercase())
}

/// Longest name in bytes: file systems stop at 255, and it stands in an address with each byte as three.
pub const LONGEST_NAME: usize = 120;

/// A name that is safe on every system and says what the file is: no folders, no invisible or direction-changing characters, no
/// leading dots, none of Windows' device names, at most [`LONGEST_NAME`] bytes, the right ending, never empty.
#[must_use]
pub fn safe_name(given: &str, kind: FileKind) -> String {
    let name = visible_name(given);
    let given_ending = ending(&name).filter(|end| kind.endings().contains(&end.as_str()));
    let stem = match &given_ending {
        Some(end) => &name[..name.len() - end.len() - 1],
        None => &name,
    };
    let end = given_ending.as_deref().unwrap_or(kind.endings()[0]);
    let mut stem = stem.trim_start_matches(['.', ' ', '-', '~']).to_owned();
    if is_device(&stem) {
        stem.insert_str(0, "file ");
    }
    let mut room = LONGEST_NAME - end.len() - 1;
    while !stem.is_char_boundary(room.min(stem.len())) {
        room -= 1;
    }
    stem.truncate(room);
    let stem = stem.trim_end_matches(['.', ' ']);
    let stem = if stem.is_empty() { "file" } else { stem };
    format!("{stem}.{end}")
}

/// The last part of a path as a person sees it: without folders and without what is invisible or changes direction.
#[must_use]
pub fn visible_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let visible: String = last.chars().filter_map(plain).nfc().collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The character, a dash for one that has a meaning in file names, or nothing for one that cannot be seen.
fn plain(c: char) -> Option<char> {
    let invisible = c.is_control() && !c.is_whitespace()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}');
    match c {
        _ if invisible => None,
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | '/' | '\\' | '%' => Some('-'),
        _ => Some(c),
    }
}

/// Whether Windows would open a device instead of a file.
fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or("").trim_end().to_uppercase();
    let numbered = |text: &str| {
        let number = text.strip_prefix("COM").or_else(|| text.strip_prefix("LPT"));
        number.is_some_and(|n| n.chars().count() == 1 && n.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c)))
    };
    matches!(
        first.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$"
    ) || numbered(&first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_names_become_harmless_and_stay_recognisable() {
        let long = "ж".repeat(200);
        let cut = format!("{}.pdf", "ж".repeat(58));
        for (given, expected) in [
            ("Sentencia núm. 12.pdf", "Sentencia núm. 12.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\ana\\report.PDF", "report.pdf"),
            ("..\\..\\.htaccess", "htaccess.pdf"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe.pdf"),
            ("a\0b\nc.pdf", "ab c.pdf"),
            ("CON", "file CON.pdf"),
            ("com1.tar.pdf", "file com1.tar.pdf"),
            ("", "file.pdf"),
            ("...", "file.pdf"),
            (".pdf", "pdf.pdf"),
            ("-rf .pdf", "rf.pdf"),
            ("a<b>:\"c\"|?.pdf", "a-b---c---.pdf"),
            ("%2e%2e%2fx.pdf", "-2e-2e-2fx.pdf"),
            (&long, &cut),
            ("report.final", "report.final.pdf"),
        ] {
            let expected = expected.trim_start_matches('-');
            assert_eq!(safe_name(given, FileKind::Pdf), expected, "{given:?}");
        }
        assert_eq!(safe_name("IMG_1.JPEG", FileKind::Jpeg), "IMG_1.jpeg");
    }

    #[test]
    fn every_kind_has_its_row_and_is_found_by_its_content_type() {
        use FileKind::{
            Csv, Doc, Docx, Gif, Jpeg, M4a, Mp3, Mp4, Ods, Odt, Ogg, Pdf, Png, Pptx, Text, Webp, Xls, Xlsx,
        };
        let all = [
            Pdf, Docx, Xlsx, Pptx, Odt, Ods, Doc, Xls, Jpeg, Png, Webp, Gif, Text, Csv, Mp3, Ogg, M4a, Mp4,
        ];
        assert_eq!(FileKind::all().collect::<Vec<_>>(), all);
        for kind in all {
            assert_eq!(FileKind::of_content_type(kind.content_type()), Some(kind));
        }
        assert!(is_sha256(&"0a".repeat(32)) && !is_sha256(&"0A".repeat(32)) && !is_sha256("../../x"));
    }

    proptest! {
        #[test]
        fn any_name_at_all_is_made_safe(given in "\\PC{0,200}|.{0,80}|[./\\\\: \u{202e}a]{0,20}|(?i)(con|nul|lpt1)(\\.[a-z]{0,4})?", at in 0usize..18) {
            let kind = KINDS[at].0;
            let name = safe_name(&given, kind);
            prop_assert!(name.len() <= LONGEST_NAME && !name.starts_with(['.', ' ', '-']));
            let hostile = name.contains(['/', '\\', '\0', '\n', '"', ':', '\u{202e}', '\u{200b}']);
            prop_assert!(!hostile, "{name:?}");
            prop_assert!(!name.chars().any(char::is_control));
            prop_assert!(kind.endings().contains(&ending(&name).expect("an ending").as_str()));
            prop_assert!(!is_device(&name), "{name}");
            prop_assert_eq!(safe_name(&name, kind), name.clone(), "not stable");
        }
    }
}
