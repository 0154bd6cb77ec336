//! Calendar dates, as precise as their source gave them. No time zone can shift them (invariant 8 of the design).

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Text that is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a date: write YYYY-MM-DD")]
pub struct InvalidDate(pub String);

/// A date of which the day, the month or only the year is known. Year-only dates stay year-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PartialDate {
    /// The day is known.
    Day(NaiveDate),
    /// Year and month are known; held as the first of the month.
    Month(NaiveDate),
    /// Only the year is known.
    Year(i32),
}

impl PartialDate {
    /// The first day it can mean.
    #[must_use]
    pub fn earliest(self) -> NaiveDate {
        match self {
            Self::Day(day) | Self::Month(day) => day,
            Self::Year(year) => first_of_year(year),
        }
    }

    /// The last day it can mean.
    #[must_use]
    pub fn latest(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Month(first) => add_months(first, 1) - Days::new(1),
            Self::Year(year) => first_of_year(year.saturating_add(1))
                .pred_opt()
                .unwrap_or(NaiveDate::MAX),
        }
    }

    /// The day, where it is known.
    #[must_use]
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) => Some(day),
            Self::Month(_) | Self::Year(_) => None,
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(first) => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

impl FromStr for PartialDate {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let invalid = || InvalidDate(text.to_owned());
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        match (text.len(), text.is_ascii()) {
            (4, true) if digits(text) => text.parse().map(Self::Year).map_err(|_| invalid()),
            (7, true) => parse_day(&format!("{text}-01")).map(Self::Month).map_err(|_| invalid()),
            (10, true) => parse_day(text).map(Self::Day),
            _ => Err(invalid()),
        }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = InvalidDate;
    fn try_from(text: String) -> Result<Self, InvalidDate> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

/// The days between which something happened. Both ends are the same where the day is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct DateSpan {
    /// The first day it can mean.
    pub earliest: NaiveDate,
    /// The last day it can mean.
    pub latest: NaiveDate,
}

impl DateSpan {
    /// A day that is known.
    #[must_use]
    pub fn exactly(day: NaiveDate) -> Self {
        Self {
            earliest: day,
            latest: day,
        }
    }

    /// The day, where it is known.
    #[must_use]
    pub fn day(self) -> Option<NaiveDate> {
        (self.earliest == self.latest).then_some(self.earliest)
    }
}

impl fmt::Display for DateSpan {
    /// A day as `2003-07-01`, a year as `1976`, two years as `1975/1976`: never more precise than what is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day() {
            Some(day) => write!(f, "{day}"),
            None if self.earliest.year() == self.latest.year() => {
                write!(f, "{:04}", self.earliest.year())
            }
            None => write!(f, "{:04}/{:04}", self.earliest.year(), self.latest.year()),
        }
    }
}

impl From<DateSpan> for String {
    fn from(span: DateSpan) -> Self {
        span.to_string()
    }
}

/// Reads a day written as `YYYY-MM-DD` and nothing else.
///
/// # Errors
/// When the text has another shape or names a day that does not exist.
pub fn parse_day(text: &str) -> Result<NaiveDate, InvalidDate> {
    let invalid = || InvalidDate(super::texts::shown(text));
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| {
            if at == 4 || at == 7 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
    if !shape {
        return Err(invalid());
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| invalid())
}

/// The same day number `months` later, or the last day of that month where it has no such day (31 January plus one
/// month is 28 or 29 February). Always count from the anchor, never by chaining.
#[must_use]
pub fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// `days` later; the day itself is day 0.
#[must_use]
pub fn add_days(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}

/// The first day of the month that follows.
#[must_use]
pub fn first_of_next_month(day: NaiveDate) -> NaiveDate {
    add_months(day.with_day(1).unwrap_or(day), 1)
}

fn first_of_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        parse_day(text).expect("a date")
    }

    #[test]
    fn partial_dates_keep_their_precision() {
        for text in ["2003-07-01", "2003-07", "1976"] {
            assert_eq!(text.parse::<PartialDate>().expect("a date").to_string(), text);
        }
        assert_eq!(
            "2004-02".parse::<PartialDate>().expect("a date").latest(),
            day("2004-02-29")
        );
        for wrong in [
            "",
            "76",
            "2003-7-1",
            "2003-02-30",
            "2003-13",
            "+003",
            "20030701",
            "٢٠٠٣",
        ] {
            assert!(wrong.parse::<PartialDate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(add_months(day("2025-11-30"), 3), day("2026-02-28"));
        assert_eq!(add_months(day("1979-11-30"), 3), day("1980-02-29"));
        assert_eq!(first_of_next_month(day("2012-12-31")), day("2013-01-01"));
    }

    proptest! {
        #[test]
        fn a_day_survives_being_written_and_read(days in 0i32..80_000) {
            let date = NaiveDate::from_num_days_from_ce_opt(693_595 + days).expect("in range");
            prop_assert_eq!(parse_day(&date.to_string()), Ok(date));
        }

        #[test]
        fn months_counted_from_the_anchor_keep_the_day_or_the_months_end(days in 0i32..80_000, n in 0u32..600) {
            let date = NaiveDate::from_num_days_from_ce_opt(693_595 + days).expect("in range");
            let later = add_months(date, n);
            prop_assert!(later.day() == date.day() || (later + Days::new(1)).day() == 1);
            prop_assert!(later.day() <= date.day());
        }
    }
}
