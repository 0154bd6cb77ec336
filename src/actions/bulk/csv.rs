//! CSV as people's programs write it: commas, semicolons or tabs, with or without a mark at its start, either kind of
//! line end, a title above the head.

use super::file::{HEAD_WITHIN, Halt, Head, Taker, fit, no_head};
use crate::domain::bulk::{Noun, unguarded};
use ::csv::{ByteRecord, Position, Reader, ReaderBuilder};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
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
    let mut reader = reader(open(path)?, found.delimiter);
    let (mut record, mut swallowed, mut number) = (ByteRecord::new(), 0, 0);
    let mut known: Option<Head> = None;
    while next(&mut reader, &mut record)? {
        let first_line = record.position().map_or(0, Position::line);
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

fn line_ends(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(0)
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
