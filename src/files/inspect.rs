//! What a file is, from its bytes as they pass by; its name is only asked whether it contradicts them.

use super::ole::{self, OleWatch};
use super::refusals;
use super::text::TextWatch;
use crate::domain::files::{FileKind, ending};

/// So many bytes are enough to recognise a kind.
pub(super) const HEAD: usize = 4096;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    /// Settled.
    Known(FileKind),
    /// A ZIP file: Office or something else, to be seen when it is whole.
    Zip,
    /// An old Office file, or something else of that build.
    Ole,
    /// Text so far.
    Text,
}

/// Looks at a file as it passes by.
#[derive(Debug, Default)]
pub(super) struct Inspector {
    head: Vec<u8>,
    text: TextWatch,
    ole: OleWatch,
    guess: Option<Guess>,
}

impl Inspector {
    /// Looks at the next piece. The guess is there as soon as enough has been seen.
    ///
    /// # Errors
    /// Why the file is not taken, as soon as that is certain.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Option<Guess>, String> {
        if self.head.len() < HEAD {
            let missing = (HEAD - self.head.len()).min(piece.len());
            self.head.extend_from_slice(&piece[..missing]);
        }
        match self.guess {
            None | Some(Guess::Text) => self.text.push(piece),
            _ => {}
        }
        match self.guess {
            None | Some(Guess::Ole) => self.ole.push(piece),
            _ => {}
        }
        if self.guess.is_none() && self.head.len() >= HEAD {
            self.guess = Some(self.look()?);
        }
        if self.guess == Some(Guess::Text) && !self.text.may_be_text() {
            return Err(refusals::in_bytes(&self.head));
        }
        Ok(self.guess)
    }

    /// The guess at the end of a file that may be shorter than the beginning we look at.
    ///
    /// # Errors
    /// Why the file is not taken.
    pub(super) fn settle(&mut self) -> Result<Guess, String> {
        match self.guess {
            Some(guess) => Ok(guess),
            None => {
                let guess = self.look()?;
                self.guess = Some(guess);
                Ok(guess)
            }
        }
    }

    /// What it is, unless it is a ZIP file.
    ///
    /// # Errors
    /// Why the file is not taken.
    pub(super) fn finish(self, name: &str) -> Result<Option<FileKind>, String> {
        match self.guess {
            Some(Guess::Known(kind)) => Ok(Some(kind)),
            Some(Guess::Ole) => self.ole.finish().map(Some),
            Some(Guess::Text) if self.text.finish() => Ok(Some(text_kind(name))),
            Some(Guess::Zip) => Ok(None),
            Some(Guess::Text) | None => Err(refusals::in_bytes(&self.head)),
        }
    }

    fn look(&self) -> Result<Guess, String> {
        let head = self.head.as_slice();
        if head.starts_with(b"%PDF-") {
            return Ok(Guess::Known(FileKind::Pdf));
        }
        if let Some(why) = refusals::in_text(head) {
            return Err(why.to_owned());
        }
        // Text before magic numbers: those of two letters are words of ours, as MZ for Mozambique.
        if self.text.may_be_text() {
            return Ok(Guess::Text);
        }
        if head.starts_with(b"PK\x03\x04") {
            return Ok(Guess::Zip);
        }
        if head.starts_with(ole::MAGIC) {
            return Ok(Guess::Ole);
        }
        let kind = match infer::get(head).map_or("", |found| found.mime_type()) {
            "image/jpeg" => FileKind::Jpeg,
            "image/png" => FileKind::Png,
            "image/webp" => FileKind::Webp,
            "image/gif" => FileKind::Gif,
            "audio/mpeg" => FileKind::Mp3,
            "audio/ogg" | "audio/opus" => FileKind::Ogg,
            "audio/m4a" => FileKind::M4a,
            "video/mp4" | "video/x-m4v" => FileKind::Mp4,
            _ => return Err(refusals::in_bytes(head)),
        };
        Ok(Guess::Known(kind))
    }
}

/// Nothing in a text says whether it is a table: its name does.
fn text_kind(name: &str) -> FileKind {
    let is_table = ending(name).is_some_and(|end| FileKind::Csv.endings().contains(&end.as_str()));
    if is_table { FileKind::Csv } else { FileKind::Text }
}

/// Whether the name promises something else than the content is.
///
/// # Errors
/// What it promises and what the file really is.
pub(super) fn check_name(name: &str, kind: FileKind) -> Result<(), String> {
    let Some(end) = ending(name).filter(|end| !kind.endings().contains(&end.as_str())) else {
        return Ok(());
    };
    let is_text = matches!(kind, FileKind::Text | FileKind::Csv);
    match refusals::by_ending(&end) {
        Some(why) if is_text => return Err(why.to_owned()),
        Some(_) => {}
        None if FileKind::all().any(|other| other.endings().contains(&end.as_str())) => {}
        // It promises nothing that we know: a part of the name, as in `report.final`.
        None => return Ok(()),
    }
    let right = kind.endings()[0];
    Err(format!(
        "The name ends in .{end}, but the file is really {}. Let its name end in .{right}, or choose the file that you meant.",
        kind.words()
    ))
}
