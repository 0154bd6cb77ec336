//! Whether a stream of bytes is text, looked at piece by piece.

/// What has been seen of a stream so far.
#[derive(Debug, Default)]
pub(super) struct TextWatch {
    encoding: Encoding,
    /// The last bytes, where a character may go on in the next piece.
    carried: Vec<u8>,
    is_text: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Encoding {
    #[default]
    Unknown,
    Utf8,
    /// One byte a character, as in Windows' code pages and ISO 8859.
    Bytes,
    Utf16 {
        big: bool,
    },
}

impl TextWatch {
    /// Looks at the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        if self.is_text == Some(false) || piece.is_empty() {
            return;
        }
        let mut bytes = std::mem::take(&mut self.carried);
        bytes.extend_from_slice(piece);
        if self.encoding == Encoding::Unknown {
            if bytes.len() < 2 {
                self.carried = bytes;
                return;
            }
            self.encoding = match (bytes[0], bytes[1]) {
                (0xff, 0xfe) => Encoding::Utf16 { big: false },
                (0xfe, 0xff) => Encoding::Utf16 { big: true },
                _ => Encoding::Utf8,
            };
        }
        self.is_text = Some(match self.encoding {
            Encoding::Utf16 { big } => self.sixteen(&bytes, big),
            Encoding::Unknown | Encoding::Utf8 | Encoding::Bytes => {
                if self.encoding == Encoding::Utf8 {
                    self.utf8(&bytes);
                }
                bytes.iter().all(|byte| is_printed(u16::from(*byte)))
            }
        });
    }

    /// Whether all of it was text.
    pub(super) fn finish(mut self) -> bool {
        if self.encoding == Encoding::Unknown {
            return !self.carried.is_empty() && self.carried.iter().all(|byte| is_printed(u16::from(*byte)));
        }
        let half = matches!(self.encoding, Encoding::Utf16 { .. }) && !std::mem::take(&mut self.carried).is_empty();
        self.is_text == Some(true) && !half
    }

    /// Whether it still may be text.
    pub(super) fn may_be_text(&self) -> bool {
        self.is_text != Some(false)
    }

    fn utf8(&mut self, bytes: &[u8]) {
        if let Err(error) = std::str::from_utf8(bytes) {
            match error.error_len() {
                // It breaks off in the middle of a character: the rest comes with the next piece.
                None => self.carried = bytes[error.valid_up_to()..].to_vec(),
                Some(_) => self.encoding = Encoding::Bytes,
            }
        }
    }

    fn sixteen(&mut self, bytes: &[u8], big: bool) -> bool {
        let (pairs, rest) = bytes.split_at(bytes.len() - bytes.len() % 2);
        self.carried = rest.to_vec();
        pairs.chunks_exact(2).all(|pair| {
            let pair = [pair[0], pair[1]];
            let unit = if big {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            };
            is_printed(unit)
        })
    }
}

/// No control character but those that lay out a text.
fn is_printed(unit: u16) -> bool {
    unit >= 0x20 && unit != 0x7f || matches!(unit, 0x09..=0x0d | 0x1a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(bytes: &[u8], piece: usize) -> bool {
        let mut watch = TextWatch::default();
        bytes.chunks(piece.max(1)).for_each(|part| watch.push(part));
        watch.finish()
    }

    #[test]
    fn text_in_the_usual_encodings_is_text_and_a_nul_is_not() {
        let sixteen: Vec<u8> = "\u{feff}Año".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], bool); 9] = [
            (b"a,b\r\n1,2\n", true),
            ("Côte d’Ivoire, Україна, العربية".as_bytes(), true),
            (b"C\xf4te d\x92Ivoire", true), // Windows-1252
            (&sixteen, true),
            (&sixteen[..sixteen.len() - 1], false),
            (b"a\0b", false),
            (b"\x7fELF", false),
            (b"", false),
            (b"x", true),
        ];
        for (bytes, expected) in cases {
            for piece in 1..6 {
                assert_eq!(whole(bytes, piece), expected, "{bytes:?} by {piece}");
            }
        }
    }

    proptest! {
        #[test]
        fn where_the_pieces_end_makes_no_difference(bytes in proptest::collection::vec(any::<u8>(), 0..60), text in "\\PC{1,40}", piece in 1usize..9) {
            prop_assert_eq!(whole(&bytes, piece), whole(&bytes, 1000));
            prop_assert!(whole(text.as_bytes(), piece));
        }
    }
}
