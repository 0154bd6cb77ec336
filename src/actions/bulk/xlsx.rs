//! A workbook: measured before it is unpacked, then read cell by cell as a person sees the cells.

use super::file::{HEAD_WITHIN, Halt, Head, Raw, Taker, fit, letters, no_head};
use crate::domain::bulk::{Noun, nearest};
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

/// A workbook may hold so many files.
const MOST_PARTS: usize = 2_000;
/// They may unpack to so many bytes together.
const LARGEST: u64 = 500_000_000;
/// The list of all texts is held in memory; it may have so many bytes.
const LARGEST_TEXTS: u64 = 100_000_000;
/// From this size on, nothing that people write packs better than one to [`DENSEST`].
const LARGE: u64 = 10_000_000;
const DENSEST: u64 = 150;
/// Sheets of the template that hold no rows.
const HELP: [&str; 2] = ["lists", "how to"];

/// Reads the workbook; see [`super::file::read`].
pub(super) fn read(path: &Path, take: Taker<'_>) -> Result<Vec<String>, Halt> {
    let open = || File::open(path).map_err(|error| Halt::from(format!("the file cannot be read: {error}")));
    measure(open()?)?;
    let broken = |error: XlsxError| Halt::from(format!("the workbook cannot be read: {error}; save it anew as .xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(open()?)).map_err(broken)?;
    let (sheets, mut notes) = sheets(&book.sheet_names())?;
    let mut complaints = Vec::new();
    for (name, noun) in sheets {
        let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
        let mut sheet = Sheet::new(noun);
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(broken)? {
            let (row, column) = cell.get_position();
            if row != sheet.row {
                sheet.end_row(take)?;
                sheet.row = row;
            }
            let precision = match cell.get_value() {
                DataRef::DateTime(_) => Precision::of(&cells, style),
                _ => Precision::Day,
            };
            let text = shown(cell.get_value(), precision);
            if !matches!(&text, Ok(text) if text.is_empty()) {
                sheet.cells.push((usize::try_from(column).unwrap_or(usize::MAX), text));
            }
            if let Some(found) = sheet.complaints.take() {
                complaints.extend(found);
                break;
            }
        }
        sheet.end_row(take)?;
        complaints.extend(sheet.complaints.take().unwrap_or_default());
        match sheet.head {
            Some(head) => notes.extend(head.notes),
            None if sheet.looked == 0 => notes.push(format!("the sheet {name} is empty")),
            None if complaints.is_empty() => complaints.push(no_head(&format!("the sheet {name}"), &[noun])),
            None => {}
        }
    }
    if complaints.is_empty() {
        Ok(notes)
    } else {
        Err(Halt::Unusable(complaints))
    }
}

/// One sheet while it is read.
struct Sheet {
    noun: Noun,
    row: u32,
    cells: Vec<(usize, Result<String, String>)>,
    head: Option<Head>,
    looked: usize,
    complaints: Option<Vec<String>>,
}

impl Sheet {
    fn new(noun: Noun) -> Self {
        Self {
            noun,
            row: 0,
            cells: Vec::new(),
            head: None,
            looked: 0,
            complaints: None,
        }
    }

    /// The row is complete: it is the head, above the head, or one more row.
    fn end_row(&mut self, take: Taker<'_>) -> Result<(), Halt> {
        if self.cells.is_empty() {
            return Ok(());
        }
        let line = i32::try_from(self.row).unwrap_or(i32::MAX).saturating_add(1);
        let cells = std::mem::take(&mut self.cells);
        if let Some(head) = &self.head {
            let mut raw: Raw = head.blank(line);
            for (column, text) in cells {
                match text {
                    Ok(text) => head.put(&mut raw, column, &text),
                    Err(why) => head.wrong(&mut raw, column, format!("{why} (cell {}{line})", letters(column))),
                }
            }
            return take(raw);
        }
        if self.looked >= HEAD_WITHIN {
            self.complaints = Some(vec![no_head(&format!("the sheet {}", self.noun.code()), &[self.noun])]);
            return Ok(());
        }
        self.looked += 1;
        // A column far to the right needs no list as long as that.
        let width = cells.iter().map(|(column, _)| *column + 1).max().unwrap_or(0).min(200);
        let mut heads = vec![String::new(); width];
        for (column, text) in cells {
            if let (Some(head), Ok(text)) = (heads.get_mut(column), text) {
                *head = text;
            }
        }
        if fit(self.noun, &heads) >= 2 {
            match Head::read(self.noun, &heads) {
                Ok(head) => self.head = Some(head),
                Err(complaints) => self.complaints = Some(complaints),
            }
        }
        Ok(())
    }
}

/// Sheets by their names as they stand in the workbook.
type Sheets = Vec<(String, Noun)>;

/// The sheets to be read, and what is said of the others.
fn sheets(names: &[String]) -> Result<(Sheets, Vec<String>), Halt> {
    let (mut found, mut notes, mut complaints) = (Vec::new(), Vec::new(), Vec::new());
    for name in names {
        let plain = name.trim().to_lowercase();
        if let Ok(noun) = plain.parse::<Noun>() {
            found.push((name.clone(), noun));
        } else if !HELP.contains(&plain.as_str()) {
            let known = Noun::ALL.iter().map(|noun| noun.code());
            match nearest(&plain, known) {
                Some(near) => complaints.push(format!("there is no sheet “{name}”; did you mean {near}?")),
                None => notes.push(format!("the sheet “{name}” was left out")),
            }
        }
    }
    if found.is_empty() && complaints.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
        complaints.push(format!(
            "the workbook has no sheet named evidence, assessments or recommendations; it has {}. Rename the one that is meant",
            names.join(", ")
        ));
    }
    if complaints.is_empty() {
        Ok((found, notes))
    } else {
        Err(Halt::Unusable(complaints))
    }
}

/// Unpacks everything into nothing, so that no size is believed that a file says of itself.
fn measure(file: File) -> Result<(), Halt> {
    let broken = |error: zip::result::ZipError| {
        Halt::from(format!(
            "the workbook is damaged or was cut off: {error}; save it anew as .xlsx"
        ))
    };
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    if archive.len() > MOST_PARTS {
        return Err(format!("the workbook holds {} files; a workbook has a few dozen", archive.len()).into());
    }
    let mut total = 0;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(broken)?;
        let name = part.name().map_err(broken)?.into_owned();
        if name.to_lowercase().ends_with("vbaproject.bin") {
            return Err(
                "the workbook holds macros, which are never read; save it as .xlsx without them"
                    .to_owned()
                    .into(),
            );
        }
        if name == "mimetype" {
            return Err("this is an OpenDocument file; save it as .xlsx or as CSV"
                .to_owned()
                .into());
        }
        let packed = part.compressed_size().max(1);
        let limit = if name.to_lowercase().ends_with("sharedstrings.xml") {
            LARGEST_TEXTS
        } else {
            LARGEST - total
        };
        let mut part = part.take(limit + 1);
        let size = unpack(&mut part, packed).map_err(|why| Halt::from(format!("{name} {why}")))?;
        if size > limit {
            return Err(format!("{name} unpacks to more than {limit} bytes; save the rows as CSV instead").into());
        }
        total += size;
    }
    Ok(())
}

/// How many bytes come out; an error where they grow as only a trap does.
fn unpack(part: &mut impl Read, packed: u64) -> Result<u64, String> {
    let (mut buffer, mut size) = ([0u8; 64 * 1024], 0);
    loop {
        let read = part
            .read(&mut buffer)
            .map_err(|error| format!("is damaged or was cut off: {error}; save the workbook anew as .xlsx"))?;
        if read == 0 {
            return Ok(size);
        }
        size += u64::try_from(read).unwrap_or(0);
        if size > LARGE && size / packed > DENSEST {
            return Err(format!(
                "unpacks to more than {DENSEST} times its size, as no table of people does; it is not read"
            ));
        }
    }
}

/// How much of a date its format shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    Day,
    Month,
    Year,
}

impl Precision {
    fn of<R: Read + std::io::Seek>(cells: &calamine::XlsxCellReader<'_, R>, style: usize) -> Self {
        let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        let Some(format) = format else { return Self::Day };
        if format.format_id == Some(17) {
            return Self::Month;
        }
        Self::of_code(&format.format_code)
    }

    /// `yyyy` shows a year, `mmm-yy` a month.
    fn of_code(code: &str) -> Self {
        let mut plain = String::new();
        let (mut quoted, mut bracketed) = (false, false);
        for c in code.chars() {
            match c {
                '"' => quoted = !quoted,
                '[' => bracketed = true,
                ']' => bracketed = false,
                _ if quoted || bracketed => {}
                _ => plain.extend(c.to_lowercase()),
            }
        }
        match (plain.contains('y'), plain.contains('m'), plain.contains('d')) {
            (true, true, false) => Self::Month,
            (true, false, false) => Self::Year,
            _ => Self::Day,
        }
    }
}

/// A cell as a person sees it; a formula is the value that was last computed.
fn shown(value: &DataRef<'_>, precision: Precision) -> Result<String, String> {
    match value {
        DataRef::Empty => Ok(String::new()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::String(text) => Ok(text.clone()),
        DataRef::Int(number) => Ok(number.to_string()),
        DataRef::Float(number) => Ok(number.to_string()),
        DataRef::Bool(yes) => Ok(if *yes { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(moment) => Ok(date(moment, precision)),
        DataRef::DateTimeIso(text) => Ok(text.strip_suffix("T00:00:00").unwrap_or(text).to_owned()),
        DataRef::DurationIso(text) => Ok(text.clone()),
        DataRef::Error(error) => Err(format!("holds the spreadsheet’s error {}", Data::Error(error.clone()))),
    }
}

fn date(moment: &ExcelDateTime, precision: Precision) -> String {
    if !moment.is_datetime() {
        return moment.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    match precision {
        Precision::Year => format!("{year:04}"),
        Precision::Month => format!("{year:04}-{month:02}"),
        Precision::Day if (hour, minute, second) == (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        Precision::Day => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_precise_as_it_is_shown() {
        let codes = [
            ("yyyy-mm-dd", Precision::Day),
            ("mmm-yy", Precision::Month),
            ("[$-409]mmm\\-yy;@", Precision::Month),
            ("yyyy", Precision::Year),
            ("\"day\" yyyy", Precision::Year),
            ("General", Precision::Day),
        ];
        for (code, expected) in codes {
            assert_eq!(Precision::of_code(code), expected, "{code}");
        }
        assert_eq!(shown(&DataRef::Float(2024.0), Precision::Day), Ok("2024".to_owned()));
        assert_eq!(shown(&DataRef::Float(0.5), Precision::Day), Ok("0.5".to_owned()));
    }

    #[test]
    fn a_sheet_that_is_nearly_named_right_is_named() {
        let names = |names: &[&str]| sheets(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let Err(Halt::Unusable(wrong)) = names(&["Evidenc", "how to"]) else {
            panic!("a wrong name is taken")
        };
        assert_eq!(wrong, ["there is no sheet “Evidenc”; did you mean evidence?"]);
        let (found, notes) = names(&["Evidence", "Lists", "my notes"]).expect("readable");
        assert_eq!((found.len(), notes.len()), (1, 1));
    }
}
