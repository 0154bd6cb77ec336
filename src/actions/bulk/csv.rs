//! CSV as people's programs write it: commas, semicolons or tabs, with or without a mark at its start, either kind of
//! line end, a title above the head.

use super::file::{HEAD_WITHIN, Halt, Head, Taker, fit, no_head};
use crate::domain::bulk::{Noun, unguarded};
use ::csv::{ByteRecord, Position, Reader, ReaderBuilder};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// The head is looked for in so many bytes.
const LOOK: u64 = 256 * 1024;
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Where the head stands and what kind of file it is.
#[derive(Debug, Clone, Copy)]
struct Found {
    delimiter: u8,
    noun: Noun,
    record: usize,
    fit: usize,
}

/// Reads the file; see [`super::file::read`].
pub(super) fn read(path: &Path, take: Taker<'_>) -> Result<Vec<String>, Halt> {
    let found = look(path)?;
    let (mut reader, mut lines) = (reader(open(path)?, found.delimiter), Lines::of(open(path)?));
    let (mut record, mut swallowed, mut number) = (ByteRecord::new(), 0, 0);
    let mut known: Option<Head> = None;
    while next(&mut reader, &mut record)? {
        let first_line = lines.first_of(record.position().map_or(0, Position::byte))?;
        let line = i32::try_from(first_line - swallowed.min(first_line)).unwrap_or(i32::MAX);
        swallowed += record.iter().map(line_ends).sum::<u64>();
        let at = number;
        number += 1;
        let Some(head) = &known else {
            if at == found.record {
                known = Some(Head::read(found.noun, &texts(&record)).map_err(Halt::Unusable)?);
            }
            continue;
        };
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let mut raw = head.blank(line);
        let mut inside = first_line;
        for (column, bytes) in record.iter().enumerate() {
            match std::str::from_utf8(bytes) {
                Ok(text) => head.put(&mut raw, column, unguarded(text)),
                Err(error) => {
                    let start = bytes.get(..error.valid_up_to()).unwrap_or_default();
                    let why = format!(
                        "holds bytes that are not UTF-8 (line {} of the file); save the file as “CSV UTF-8”",
                        inside + line_ends(start)
                    );
                    head.put(&mut raw, column, &String::from_utf8_lossy(bytes));
                    head.wrong(&mut raw, column, why);
                }
            }
            inside += line_ends(bytes);
        }
        take(raw)?;
    }
    Ok(known.map(|head| head.notes).unwrap_or_default())
}

/// How many lines end in there: after LF, CR, or CR and LF together.
fn line_ends(bytes: &[u8]) -> u64 {
    let (mut ends, mut before) = (0, 0);
    for byte in bytes {
        ends += u64::from(is_end(before, *byte));
        before = *byte;
    }
    ends
}

/// Whether a line ends with that byte, or has ended with the one before.
fn is_end(before: u8, byte: u8) -> bool {
    byte == b'\r' || (byte == b'\n' && before != b'\r')
}

/// Counts lines beside the reader of records, which counts LF only and stands before the empty lines above a record.
struct Lines<R> {
    from: R,
    read: u64,
    line: u64,
    before: u8,
}

impl<R: BufRead> Lines<R> {
    fn of(from: R) -> Self {
        Self {
            from,
            read: 0,
            line: 1,
            before: 0,
        }
    }

    /// The line on which the first record from that byte on begins.
    fn first_of(&mut self, start: u64) -> Result<u64, Halt> {
        let failed = |error: std::io::Error| Halt::from(format!("the file cannot be read: {error}"));
        loop {
            let bytes = self.from.fill_buf().map_err(failed)?;
            let mut seen = 0;
            let mut is_there = bytes.is_empty();
            for byte in bytes {
                if self.read >= start && !matches!(byte, b'\r' | b'\n') {
                    is_there = true;
                    break;
                }
                self.line += u64::from(is_end(self.before, *byte));
                self.before = *byte;
                self.read += 1;
                seen += 1;
            }
            self.from.consume(seen);
            if is_there {
                return Ok(self.line);
            }
        }
    }
}

fn texts(record: &ByteRecord) -> Vec<String> {
    record
        .iter()
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .collect()
}

fn open(path: &Path) -> Result<BufReader<File>, Halt> {
    let failed = |error: std::io::Error| Halt::from(format!("the file cannot be read: {error}"));
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    let mut mark = [0u8; 3];
    if file.read_exact(&mut mark).is_err() || mark != MARK {
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
    }
    Ok(file)
}

fn reader<R: Read>(from: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(from)
}

fn next<R: Read>(reader: &mut Reader<R>, record: &mut ByteRecord) -> Result<bool, Halt> {
    reader
        .read_byte_record(record)
        .map_err(|error| format!("the file cannot be read: {error}").into())
}

/// The dialect and kind that fit best.
fn look(path: &Path) -> Result<Found, Halt> {
    let mut start = Vec::new();
    let read = open(path)?.take(LOOK).read_to_end(&mut start);
    read.map_err(|error| Halt::from(format!("the file cannot be read: {error}")))?;
    let mut best: Option<Found> = None;
    for delimiter in DELIMITERS {
        let mut reader = reader(start.as_slice(), delimiter);
        let mut record = ByteRecord::new();
        for at in 0..HEAD_WITHIN {
            if !next(&mut reader, &mut record)? {
                break;
            }
            let heads = texts(&record);
            for noun in Noun::ALL {
                let fit = fit(*noun, &heads);
                if fit > best.map_or(1, |best| best.fit) {
                    best = Some(Found {
                        delimiter,
                        noun: *noun,
                        record: at,
                        fit,
                    });
                }
            }
        }
    }
    best.ok_or_else(|| no_head("the file", Noun::ALL).into())
}

#[cfg(test)]
mod tests {
    use super::super::file::Raw;
    use super::*;

    /// The rows of the file with their first complaints.
    fn rows(text: &[u8]) -> Vec<(i32, String)> {
        let path = std::env::temp_dir().join(format!("servanda-{}.csv", uuid::Uuid::now_v7().simple()));
        std::fs::write(&path, text).expect("written");
        let mut rows = Vec::new();
        let mut take = |raw: Raw| {
            let why = raw.errors.first().map(|error| error.why.clone());
            rows.push((raw.line, why.unwrap_or_default()));
            Ok(())
        };
        read(&path, &mut take).expect("read");
        std::fs::remove_file(&path).expect("removed");
        rows
    }

    #[test]
    fn rows_bear_the_same_numbers_whatever_ends_a_line() {
        let text = b"A title\n\nkey;title;gist\nA;\"two\nlines\";x\n\n\nB;\"three\n\nlines\";\xff\nC;x;y\n";
        let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        for end in ["\n", "\r\n", "\r"] {
            let found = rows(&lines.join(end.as_bytes()));
            // A spreadsheet shows a cell of many lines as one row.
            let numbers: Vec<i32> = found.iter().map(|(line, _)| *line).collect();
            assert_eq!(numbers, [4, 7, 8], "{end:?}");
            let why = &found[1].1;
            assert!(why.contains("(line 10 of the file)"), "{end:?}: {why}");
        }
    }
}
