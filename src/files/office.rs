//! Office files since 2007 are ZIP files. Before one is kept, its list of contents is read, and everything in it is unpacked
//! once into nothing, so that a bomb goes off here and not at a reader's.

use super::parts::Part;
use super::refusals::MACROS;
use crate::domain::files::FileKind;
use std::io::{self, Read, Seek, SeekFrom};
use zip::ZipArchive;

/// More entries than any document has.
const MOST_ENTRIES: u16 = 10_000;
/// A list of contents is never longer.
const LONGEST_LIST: u32 = 2_000_000;
/// Nothing may unpack to more than this.
const LARGEST_UNPACKED: u64 = 400_000_000;
/// Beyond this size, nothing may unpack to more than so many times its own size: tables of numbers stay below 30.
const FREE_UNPACKED: u64 = 20_000_000;
const LARGEST_RATIO: u64 = 100;

const ARCHIVE: &str = "The file is an archive or an unknown kind of document. Take the files out and send each by itself, or save it as PDF.";
const DAMAGED: &str =
    "The file is damaged: it cannot be unpacked whole. Open it in Office, save it anew and send that.";
const BOMB: &str = "The file unpacks to far more than a document needs, as files do that are made to block computers. Save it anew, or as PDF.";

/// Why the file is not taken, or that it could not be read.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It is not taken.
    Refused(&'static str),
    /// The store failed.
    Store(io::Error),
}

impl From<&'static str> for Trouble {
    fn from(why: &'static str) -> Self {
        Self::Refused(why)
    }
}

/// What kind of Office file it is.
///
/// # Errors
/// Why it is not taken, or that it could not be read.
pub(super) fn inspect<R: Read + Seek>(mut file: R, size: u64) -> Result<FileKind, Trouble> {
    check_end(&mut file, size)?;
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let mut found = Contents::default();
    let mut unpacked = 0;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        if name.starts_with('/') || name.contains('\\') || name.split('/').any(|part| part == "..") {
            return Err(DAMAGED.into());
        }
        found.note(&name)?;
        if name == "mimetype" {
            let mut text = String::new();
            entry.by_ref().take(100).read_to_string(&mut text).map_err(broken)?;
            found.mimetype = text;
        }
        let allowed = LARGEST_UNPACKED.min(FREE_UNPACKED.max(size * LARGEST_RATIO));
        // What an entry says of its size may be a lie, so it is unpacked and counted; one byte more than allowed is enough.
        let room = allowed.saturating_sub(unpacked);
        let mut part = Part::named(&name);
        unpacked += io::copy(&mut entry.take(room + 1), &mut part).map_err(broken)?;
        if unpacked > allowed {
            return Err(BOMB.into());
        }
        if let Some(why) = part.wrong() {
            return Err(why.into());
        }
    }
    found.kind().ok_or(Trouble::Refused(ARCHIVE))
}

/// Reads the last record before the archive is opened: its list of contents would be read into memory whole.
fn check_end<R: Read + Seek>(file: &mut R, size: u64) -> Result<(), Trouble> {
    const END: usize = 22;
    const LOCATOR: usize = 20;
    if size < (END + LOCATOR) as u64 {
        return Err(DAMAGED.into());
    }
    let mut tail = [0; LOCATOR + END];
    file.seek(SeekFrom::Start(size - tail.len() as u64))
        .map_err(Trouble::Store)?;
    file.read_exact(&mut tail).map_err(Trouble::Store)?;
    let (locator, end) = tail.split_at(LOCATOR);
    let entries = u16::from_le_bytes([end[10], end[11]]);
    let list = u32::from_le_bytes([end[12], end[13], end[14], end[15]]);
    match () {
        // No Office program writes a comment after it, so it lies at the very end.
        () if !end.starts_with(b"PK\x05\x06") || end[20..] != [0, 0] => Err(DAMAGED.into()),
        () if locator.starts_with(b"PK\x06\x07") || entries > MOST_ENTRIES || list > LONGEST_LIST => Err(BOMB.into()),
        () => Ok(()),
    }
}

fn damaged(error: zip::result::ZipError) -> Trouble {
    match error {
        zip::result::ZipError::Io(error) => broken(error),
        _ => Trouble::Refused(DAMAGED),
    }
}

/// What the store says is marked as [`io::ErrorKind::Other`] by the reader; everything else comes from the unpacking.
fn broken(error: io::Error) -> Trouble {
    if error.get_ref().is_some_and(|inner| inner.is::<super::FileError>()) {
        Trouble::Store(error)
    } else {
        Trouble::Refused(DAMAGED)
    }
}

/// What stands in the list of contents.
#[derive(Debug, Default)]
struct Contents {
    mimetype: String,
    has_types: bool,
    word: bool,
    sheet: bool,
    slides: bool,
}

impl Contents {
    fn note(&mut self, name: &str) -> Result<(), Trouble> {
        let lower = name.to_ascii_lowercase();
        let program = lower.ends_with("vbaproject.bin")
            || lower.ends_with("vbadata.xml")
            || lower.starts_with("basic/")
            || lower.starts_with("scripts/")
            || lower.contains("/macrosheets/");
        if program {
            return Err(MACROS.into());
        }
        match lower.as_str() {
            "[content_types].xml" => self.has_types = true,
            "word/document.xml" => self.word = true,
            "xl/workbook.xml" => self.sheet = true,
            "ppt/presentation.xml" => self.slides = true,
            _ => {}
        }
        Ok(())
    }

    fn kind(&self) -> Option<FileKind> {
        match (self.mimetype.trim(), self.has_types) {
            ("application/vnd.oasis.opendocument.text", _) => Some(FileKind::Odt),
            ("application/vnd.oasis.opendocument.spreadsheet", _) => Some(FileKind::Ods),
            (_, true) if self.word => Some(FileKind::Docx),
            (_, true) if self.sheet => Some(FileKind::Xlsx),
            (_, true) if self.slides => Some(FileKind::Pptx),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusals::{CARRIED, TEMPLATE};
    use super::*;
    use proptest::prelude::*;
    use std::io::{Cursor, Write as _};
    use zip::write::SimpleFileOptions;

    fn packed(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).expect("started");
            writer.write_all(bytes).expect("written");
        }
        writer.finish().expect("finished").into_inner()
    }

    fn seen(bytes: &[u8]) -> Result<FileKind, &'static str> {
        inspect(Cursor::new(bytes), bytes.len() as u64).map_err(|trouble| match trouble {
            Trouble::Refused(why) => why,
            Trouble::Store(_) => "the store",
        })
    }

    const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

    #[test]
    fn office_files_are_told_apart_by_what_is_in_them() {
        assert_eq!(
            seen(&packed(&[TYPES, ("word/document.xml", b"<x/>")])),
            Ok(FileKind::Docx)
        );
        assert_eq!(
            seen(&packed(&[TYPES, ("xl/workbook.xml", b"<x/>")])),
            Ok(FileKind::Xlsx)
        );
        assert_eq!(
            seen(&packed(&[TYPES, ("ppt/presentation.xml", b"<x/>")])),
            Ok(FileKind::Pptx)
        );
        let text = b"application/vnd.oasis.opendocument.text".as_slice();
        assert_eq!(
            seen(&packed(&[("mimetype", text), ("content.xml", b"<x/>")])),
            Ok(FileKind::Odt)
        );
        assert_eq!(
            seen(&packed(&[("mimetype", text), ("Basic/script.xlb", b"<x/>")])),
            Err(MACROS)
        );
        let rels = |inside: &str| format!("<Relationships>{inside}</Relationships>").into_bytes();
        let with = |name: &str, bytes: &[u8]| seen(&packed(&[TYPES, ("word/document.xml", b""), (name, bytes)]));
        let types = |kind: &str| {
            let types = format!("<Types><Override PartName=\"/word/x.bin\" ContentType=\"{kind}\"/></Types>");
            let wide: Vec<u8> = types.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [types.into_bytes(), wide]
                .map(|text| seen(&packed(&[("[Content_Types].xml", &text), ("word/document.xml", b"")])))
        };
        for kind in [
            "application/vnd.ms-office.vbaProject",
            "application/vnd.ms-office.VBA&#x50;roject",
            "application/vnd.ms-word.document.MACROEnabled.main+xml",
            "application/vnd.ms-excel.macrosheet+xml",
        ] {
            assert_eq!(types(kind), [Err(MACROS), Err(MACROS)], "{kind}");
        }
        let project = rels(
            "<Relationship Id=\"r1\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"x.bin\"/>",
        );
        assert_eq!(with("word/_rels/document.xml.rels", &project), Err(MACROS));
        let template = |target: &str| {
            let one = format!(
                "<Relationship Type='http://x/relationships/attachedTemplate' Target='{target}' TargetMode = 'External'/>"
            );
            with("word/_rels/settings.xml.rels", &rels(&one))
        };
        for far in [
            "https://evil.example/t.dotm",
            "\\\\evil\\t.dotm",
            "file:///\\\\evil\\t.dotm",
            "file://evil/t.dotm",
            "&#104;ttp://e/t",
        ] {
            assert_eq!(template(far), Err(TEMPLATE), "{far}");
        }
        // What Word writes for every template but its own.
        for near in ["file:///C:\\Users\\ana\\Templates\\Letter.dotx", "Letter.dotx"] {
            assert_eq!(template(near), Ok(FileKind::Docx), "{near}");
        }
        let page =
            rels("<Relationship Type='http://x/hyperlink' Target='https://docs.un.org/' TargetMode='External'/>");
        assert_eq!(with("word/_rels/document.xml.rels", &page), Ok(FileKind::Docx));
        for name in ["word/embeddings/a.EXE", "word/media/b.dll", "c.class", "d.jar"] {
            assert_eq!(with(name, b"x"), Err(CARRIED), "{name}");
        }
        for head in [b"MZ\x90\0".as_slice(), b"\x7fELF", b"\xca\xfe\xba\xbe"] {
            assert_eq!(with("word/media/image1.png", head), Err(CARRIED));
        }
        assert_eq!(with("word/embeddings/table.xlsm", b"PK"), Err(MACROS));
        assert_eq!(with("word/media/image1.png", b"\x89PNG"), Ok(FileKind::Docx));
        let with_macros = packed(&[TYPES, ("word/document.xml", b""), ("word/vbaProject.bin", b"x")]);
        assert_eq!(seen(&with_macros), Err(MACROS));
        assert_eq!(seen(&packed(&[("report.pdf", b"%PDF-")])), Err(ARCHIVE));
        assert_eq!(seen(&packed(&[TYPES, ("../../word/document.xml", b"")])), Err(DAMAGED));
    }

    #[test]
    fn a_bomb_is_seen_before_it_fills_anything() {
        let zeros = vec![0; 21_000_000];
        let bomb = packed(&[TYPES, ("xl/workbook.xml", b""), ("xl/worksheets/sheet1.xml", &zeros)]);
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        assert_eq!(seen(&bomb), Err(BOMB));
        // The same, with a lie about its size in both places where it stands.
        let mut liar = bomb.clone();
        let size = 21_000_000u32.to_le_bytes();
        let places: Vec<usize> = (0..liar.len() - 4).filter(|at| liar[*at..*at + 4] == size).collect();
        assert!(!places.is_empty());
        places
            .iter()
            .for_each(|at| liar[*at..*at + 4].copy_from_slice(&1000u32.to_le_bytes()));
        assert!(seen(&liar).is_err());
        let mut crowded = packed(&[TYPES]);
        let end = crowded.len() - 22;
        crowded[end + 10..end + 12].copy_from_slice(&60_000u16.to_le_bytes());
        assert_eq!(seen(&crowded), Err(BOMB));
    }

    proptest! {
        #[test]
        fn damage_is_refused_and_never_a_panic(at in 0usize..400, byte: u8, cut in 0usize..400) {
            let mut bytes = packed(&[TYPES, ("word/document.xml", b"<w:document/>")]);
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = seen(&bytes);
            let _ = seen(&bytes[..cut.min(bytes.len())]);
            let _ = seen(&bytes[cut.min(bytes.len())..]);
        }
    }
}
