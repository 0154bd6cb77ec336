//! A cell with dates: “12 Jan 1994 a”, “[30 Sep 1992 a]”.

use crate::domain::status_pages::Act;
use chrono::NaiveDate;

/// A date with what is printed beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dated {
    pub(super) date: NaiveDate,
    /// The letter after it, such as `a`.
    pub(super) letter: String,
    /// In brackets: no longer so.
    pub(super) bracketed: bool,
}

/// The dates of a cell; none in an empty one.
pub(super) fn dates(text: &str) -> Result<Vec<Dated>, String> {
    // Brackets and commas become words of their own.
    let spaced = text.replace('[', " [ ").replace(']', " ] ").replace([',', ';'], " ");
    let mut words = spaced
        .split_whitespace()
        .filter(|word| !matches!(*word, "-" | "–" | "…"))
        .peekable();
    let (mut found, mut bracketed): (Vec<Dated>, bool) = (Vec::new(), false);
    while let Some(word) = words.next() {
        match word {
            "[" => bracketed = true,
            "]" => bracketed = false,
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => {
                let date = match iso(word) {
                    Some(date) => Some(date),
                    None => words
                        .next()
                        .zip(words.next())
                        .and_then(|(month, year)| day(word, month, year)),
                };
                let date = date.ok_or_else(|| format!("“{text}” is not a date such as “12 Jan 1994”"))?;
                let letter = words
                    .next_if(|word| is_letter(word))
                    .map_or_else(String::new, |word| word.trim_matches(['(', ')']).to_owned());
                found.push(Dated {
                    date,
                    letter,
                    bracketed,
                });
            }
            _ => return Err(format!("“{text}” is not a date such as “12 Jan 1994”")),
        }
    }
    Ok(found)
}

fn is_letter(word: &str) -> bool {
    let bare = word.trim_matches(['(', ')']);
    (1..=2).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn iso(word: &str) -> Option<NaiveDate> {
    (word.len() == 10).then(|| word.parse().ok()).flatten()
}

/// The date at the beginning of a text, and what follows it: “23 October 1997, the Government …”.
pub(super) fn leading(text: &str) -> Option<(NaiveDate, &str)> {
    let (number, rest) = text.trim_start().split_once(' ')?;
    let (month, rest) = rest.trim_start().split_once(' ')?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (year, rest) = rest.split_at_checked(end)?;
    Some((day(number, month, year)?, rest))
}

/// A line that is a date and nothing else.
pub(super) fn only(text: &str) -> Option<NaiveDate> {
    let bare = text.trim_matches(['[', ']', '(', ')', ' ', '.']);
    leading(bare)
        .filter(|(_, rest)| rest.trim().is_empty())
        .map(|(date, _)| date)
}

fn day(day: &str, month: &str, year: &str) -> Option<NaiveDate> {
    let month = month.trim_end_matches('.').to_ascii_lowercase();
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = full
        .iter()
        .position(|name| month.len() >= 3 && (name.starts_with(&month) || month == "sept" && *name == "september"))?;
    if year.len() != 4 {
        return None;
    }
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, u32::try_from(at).ok()? + 1, day)
}

/// What the head of a column says of its letters: “Ratification, Accession(a), Succession(d)”.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Legend {
    lettered: Vec<(String, Act)>,
    plain: Vec<Act>,
}

impl Legend {
    /// Reads the head of a column.
    pub(super) fn of(head: &str) -> Self {
        let mut legend = Self::default();
        for part in head
            .split([',', ';', '/'])
            .flat_map(|part| part.split(" or "))
            .map(str::trim)
        {
            let (word, letter) = match part.split_once('(') {
                Some((word, rest)) => (word.trim(), rest.split(')').next().map(str::trim)),
                None => (part, None),
            };
            match (act(word), letter) {
                (Some(act), Some(letter)) => legend.lettered.push((letter.to_owned(), act)),
                (Some(act), None) => legend.plain.push(act),
                (None, _) => {}
            }
        }
        legend
    }

    /// What a date with that letter is.
    pub(super) fn act(&self, letter: &str) -> Result<Act, String> {
        if letter.is_empty() {
            return match (self.plain.as_slice(), self.lettered.as_slice()) {
                ([only], _) | ([], [(_, only)]) => Ok(*only),
                // “Ratification, Acceptance”: the depositary prints no letter only for the first of them.
                ([first, ..], _) => Ok(*first),
                ([], _) => {
                    Err("the date has no letter, and the head of its column gives one to each action".to_owned())
                }
            };
        }
        let own = self.lettered.iter().find(|(one, _)| one == letter).map(|(_, act)| *act);
        let usual = || match letter {
            "a" => Some(Act::Accession),
            "d" => Some(Act::Succession),
            "A" => Some(Act::Acceptance),
            "AA" => Some(Act::Approval),
            "c" => Some(Act::FormalConfirmation),
            "s" => Some(Act::DefinitiveSignature),
            _ => None,
        };
        own.or_else(usual)
            .ok_or_else(|| format!("the letter “{letter}” after the date means nothing that is known"))
    }
}

fn act(word: &str) -> Option<Act> {
    let word = word.to_ascii_lowercase();
    Some(match word.as_str() {
        "signature" | "date of signature" => Act::Signature,
        "definitive signature" => Act::DefinitiveSignature,
        "succession to signature" => Act::SuccessionToSignature,
        "formal confirmation" | "act of formal confirmation" => Act::FormalConfirmation,
        _ => match word.split_whitespace().next()? {
            "ratification" => Act::Ratification,
            "accession" => Act::Accession,
            "succession" => Act::Succession,
            "acceptance" => Act::Acceptance,
            "approval" => Act::Approval,
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let told = |one: &Dated| format!("{}{}{}", one.date, one.letter, if one.bracketed { "!" } else { "" });
        match dates(text) {
            Ok(found) => found.iter().map(told).collect::<Vec<_>>().join(" "),
            Err(why) => why,
        }
    }

    #[test]
    fn dates_are_read_with_their_letters_and_brackets() {
        for (text, expected) in [
            ("", ""),
            ("12 Jan 1994", "1994-01-12"),
            (" 5 Jun\t 2007 a", "2007-06-05a"),
            ("6 September 1990 AA", "1990-09-06AA"),
            ("1 Sept. 1993 (d)", "1993-09-01d"),
            ("[19 Dec 1966 ]", "1966-12-19!"),
            ("[14 Nov 1980 a] 26 Aug 1998 a", "1980-11-14a! 1998-08-26a"),
            ("1976-05-03", "1976-05-03"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
        for wrong in [
            "31 Feb 2001",
            "Jan 1994",
            "12 Jan",
            "12 Jan 94",
            "12 ja 1994",
            "yes",
            "12 Jan 1994 abc",
            "99999999999 Jan 2001",
        ] {
            assert!(told(wrong).contains("is not a date"), "{wrong}: {}", told(wrong));
        }
    }

    #[test]
    fn letters_mean_what_the_head_of_the_column_says() {
        let legend = Legend::of("Formal confirmation(c), Accession(a), Ratification");
        assert_eq!(legend.act(""), Ok(Act::Ratification));
        assert_eq!(legend.act("a"), Ok(Act::Accession));
        assert_eq!(legend.act("c"), Ok(Act::FormalConfirmation));
        assert_eq!(
            legend.act("AA"),
            Ok(Act::Approval),
            "the usual meaning where the head is silent"
        );
        assert!(legend.act("x").is_err());
        assert!(Legend::of("Accession(a), Succession(d)").act("").is_err());
        assert_eq!(Legend::of("Accession(a)").act(""), Ok(Act::Accession));
        assert_eq!(
            Legend::of("Signature, Succession to signature(d)").act("d"),
            Ok(Act::SuccessionToSignature)
        );
    }
}
