//! Old Office files: a small file system of its own, whose directory names what is inside. Its entries are 128 bytes
//! long and lie on multiples of 128, so they are seen while the file passes by.

use crate::domain::files::FileKind;

const ENTRY: usize = 128;
/// How such a file begins.
pub(super) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What the directory names.
#[derive(Debug, Default)]
pub(super) struct OleWatch {
    carried: Vec<u8>,
    kind: Option<FileKind>,
    has_macros: bool,
    is_locked: bool,
}

impl OleWatch {
    /// Looks at the next piece.
    pub(super) fn push(&mut self, mut piece: &[u8]) {
        if !self.carried.is_empty() {
            let missing = (ENTRY - self.carried.len()).min(piece.len());
            let (first, rest) = piece.split_at(missing);
            self.carried.extend_from_slice(first);
            piece = rest;
            if self.carried.len() < ENTRY {
                return;
            }
            let entry = std::mem::take(&mut self.carried);
            self.entry(&entry);
        }
        let entries = piece.chunks_exact(ENTRY);
        self.carried = entries.remainder().to_vec();
        entries.for_each(|entry| self.entry(entry));
    }

    fn entry(&mut self, entry: &[u8]) {
        // The name in UTF-16, its length with the closing zero in bytes, the kind of entry: 1 storage, 2 stream.
        let (length, kind) = (usize::from(u16::from_le_bytes([entry[64], entry[65]])), entry[66]);
        if !(4..=64).contains(&length) || length % 2 == 1 || !(kind == 1 || kind == 2) {
            return;
        }
        let units = entry[..length - 2]
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let name: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
        match name.as_str() {
            "WordDocument" => self.kind = Some(FileKind::Doc),
            "Workbook" | "Book" => self.kind = self.kind.or(Some(FileKind::Xls)),
            "_VBA_PROJECT" | "_VBA_PROJECT_CUR" | "VBA" => self.has_macros = true,
            "EncryptedPackage" | "EncryptionInfo" => self.is_locked = true,
            _ => {}
        }
    }

    /// What the file is.
    ///
    /// # Errors
    /// Why it is not taken.
    pub(super) fn finish(self) -> Result<FileKind, String> {
        if self.is_locked {
            return Err(
                "The file is locked with a password, so nobody could check it. Save it without one.".to_owned(),
            );
        }
        if self.has_macros {
            return Err(super::refusals::MACROS.to_owned());
        }
        self.kind.ok_or_else(|| {
            "The file is neither an old Word document nor an old Excel workbook. Save it in today's format (DOCX, XLSX, PPTX) or as PDF."
                .to_owned()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, kind: u8) -> Vec<u8> {
        let mut bytes: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let length = bytes.len();
        bytes.resize(ENTRY, 0);
        bytes[64..66].copy_from_slice(&u16::try_from(length).expect("short").to_le_bytes());
        bytes[66] = kind;
        bytes
    }

    fn seen(names: &[(&str, u8)], piece: usize) -> Result<FileKind, String> {
        let mut bytes = vec![0; 512];
        names.iter().for_each(|(name, kind)| bytes.extend(entry(name, *kind)));
        let mut watch = OleWatch::default();
        bytes.chunks(piece).for_each(|part| watch.push(part));
        watch.finish()
    }

    #[test]
    fn the_directory_says_what_it_is_wherever_the_pieces_end() {
        for piece in [1, 7, 127, 128, 129, 4096] {
            assert_eq!(seen(&[("WordDocument", 2)], piece), Ok(FileKind::Doc));
            assert_eq!(seen(&[("Root Entry", 5), ("Book", 2)], piece), Ok(FileKind::Xls));
            let macros = seen(&[("Workbook", 2), ("VBA", 1)], piece).expect_err("macros");
            assert!(macros.contains("macro"), "{macros}");
            let locked = seen(&[("EncryptedPackage", 2)], piece).expect_err("locked");
            assert!(locked.contains("password"), "{locked}");
            assert!(seen(&[("PowerPoint Document", 2)], piece).is_err());
        }
    }
}
