//! The head of a page: which treaty, as at which day, how many parties.

use super::NotAStatusPage;
use super::cells;
use super::markup::Line;
use crate::domain::ids::InstrumentCode;
use crate::domain::instruments::Instrument;
use crate::domain::reference::Reference;
use chrono::NaiveDate;

/// What the head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) instrument: InstrumentCode,
    pub(super) title: String,
    pub(super) status_as_at: Option<NaiveDate>,
    pub(super) signatories: Option<u32>,
    pub(super) parties: Option<u32>,
    pub(super) notes: Vec<String>,
}

impl Head {
    /// Reads the lines above the participants.
    pub(super) fn read(lines: &[Line], reference: &Reference) -> Result<Self, NotAStatusPage> {
        let mut notes = Vec::new();
        let as_at = lines
            .iter()
            .position(|line| line.text.to_lowercase().contains("status as at"));
        let status_as_at = as_at.and_then(|at| lines.get(at)).and_then(|line| {
            let start = line.text.to_lowercase().find("status as at")? + "status as at".len();
            as_at_day(line.text.get(start..)?)
        });
        if status_as_at.is_none() {
            notes
                .push("the page does not say as at which day it stands, or not in a way that could be read".to_owned());
        }
        // The site's own menus stand above.
        let lines = lines.get(as_at.unwrap_or_default()..).unwrap_or_default();
        let (signatories, parties) = (figure(lines, "signatories"), figure(lines, "parties"));
        let chapter = lines.iter().find_map(|line| chapter(&line.text));
        let numbered: Vec<(Option<String>, &str)> = lines.iter().map(|line| numbered(&line.text)).collect();
        let by_title = numbered.iter().find_map(|(number, title)| {
            let found = reference.instruments().iter().find(|one| is_title(one, title))?;
            Some((number.clone(), *title, found))
        });
        let place = |number: &str| chapter.as_deref().map(|chapter| format!("{chapter}-{number}"));
        if let Some((number, title, instrument)) = by_title {
            let printed = number.as_deref().and_then(place);
            if let Some(printed) = printed
                && !instrument.untc_chapter.is_empty()
                && !same_place(&instrument.untc_chapter, &printed)
            {
                notes.push(format!(
                    "the page stands under {printed}, and {} under {}: it was recognised by its title",
                    instrument.code, instrument.untc_chapter
                ));
            }
            return Ok(Self {
                instrument: instrument.code.clone(),
                title: title.to_owned(),
                status_as_at,
                signatories,
                parties,
                notes,
            });
        }
        let by_place = numbered.iter().find_map(|(number, title)| {
            let printed = place(number.as_deref()?)?;
            (title.len() > 10).then_some((printed, *title))
        });
        let Some((printed, title)) = by_place else {
            return Err(NotAStatusPage::NoTitle);
        };
        let mut all = reference.instruments().iter();
        match all.find(|one| !one.untc_chapter.is_empty() && same_place(&one.untc_chapter, &printed)) {
            Some(instrument) => {
                notes.push(format!(
                    "the title “{title}” is not the one we hold; it was recognised by its place {printed} as {}",
                    instrument.code
                ));
                Ok(Self {
                    instrument: instrument.code.clone(),
                    title: title.to_owned(),
                    status_as_at,
                    signatories,
                    parties,
                    notes,
                })
            }
            None => Err(NotAStatusPage::UnknownTreaty {
                title: title.chars().take(200).collect(),
                chapter: printed,
            }),
        }
    }
}

/// “ : 03-02-2026 10:16:18 EDT”, day first, or “3 February 2026”.
fn as_at_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim_start_matches([':', ' ', '.']);
    if let Some((date, _)) = cells::leading(text) {
        return Some(date);
    }
    let word = text.split_whitespace().next()?;
    let numbers: Vec<u32> = word
        .split(['-', '/', '.'])
        .map(|one| one.parse().ok())
        .collect::<Option<_>>()?;
    match numbers.as_slice() {
        [day, month, year] if *year > 999 => {
            let year = i32::try_from(*year).ok()?;
            NaiveDate::from_ymd_opt(year, *month, *day).or_else(|| NaiveDate::from_ymd_opt(year, *day, *month))
        }
        [year, month, day] => NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, *month, *day),
        _ => None,
    }
}

/// The figure after “Parties :”, wherever on its line.
fn figure(lines: &[Line], word: &str) -> Option<u32> {
    lines.iter().find_map(|line| {
        let lower = line.text.to_lowercase();
        let mut rest = lower.as_str();
        while let Some(at) = rest.find(word) {
            rest = rest.get(at + word.len()..)?;
            let value = rest.trim_start().strip_prefix(':').unwrap_or_default().trim_start();
            let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
            if let Some(Ok(figure)) = value.get(..end).filter(|digits| !digits.is_empty()).map(str::parse) {
                return Some(figure);
            }
        }
        None
    })
}

/// The number of “CHAPTER IV”.
fn chapter(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let is_chapter = words.next()?.eq_ignore_ascii_case("chapter");
    let number = words.next()?.trim_end_matches(['.', ',', ':']).to_ascii_uppercase();
    (is_chapter && !number.is_empty() && number.bytes().all(|byte| b"IVXLC".contains(&byte))).then_some(number)
}

/// “8. b Optional Protocol …” → `8-b` and the title.
fn numbered(line: &str) -> (Option<String>, &str) {
    let end = line.find(|c: char| !c.is_ascii_digit()).unwrap_or_default();
    let (number, Some(rest)) = (line.get(..end).unwrap_or_default(), line.get(end..)) else {
        return (None, line);
    };
    if number.is_empty() || number.len() > 3 {
        return (None, line);
    }
    let rest = rest.trim_start_matches(['.', ' ', ')']);
    // A single letter that stands alone: “b Optional Protocol”, “a. Amendment”.
    let mut letters = rest.chars();
    match (letters.next(), letters.next()) {
        (Some(letter @ 'a'..='z'), Some(' ' | '.' | ')')) => {
            let title = rest.get(1..).unwrap_or_default().trim_start_matches(['.', ' ', ')']);
            (Some(format!("{number}-{letter}")), title)
        }
        _ => (Some(number.to_owned()), rest),
    }
}

fn is_title(instrument: &Instrument, printed: &str) -> bool {
    let printed = letters(printed);
    !printed.is_empty() && instrument.title.all().iter().any(|title| letters(title) == printed)
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn same_place(ours: &str, printed: &str) -> bool {
    letters(ours) == letters(printed)
}
