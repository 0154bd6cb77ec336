//! Numbers and dates in words.

use crate::domain::deadlines::{Deadline, DeadlineStatus};
use crate::domain::instruments::{Instrument, Provision};
use crate::templates::grouped;

/// `1 gap`, `2 gaps`, `1,024 gaps`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", figure(number), if number == 1 { one } else { many })
}

/// A count with a comma at every thousand.
#[must_use]
pub fn figure(number: usize) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A span of days in the unit that people would use: `12 days`, `5 months`, `3 years`.
#[must_use]
pub fn span(days: i64) -> String {
    let days = days.unsigned_abs();
    let (number, one, many) = match days {
        0..=59 => (days, "day", "days"),
        60..=730 => (days * 12 / 365, "month", "months"),
        _ => (days * 4 / 1461, "year", "years"),
    };
    format!(
        "{} {}",
        grouped(i64::try_from(number).unwrap_or(i64::MAX)),
        if number == 1 { one } else { many }
    )
}

/// How a deadline lies to the day of the page: `in 12 days`, `today`, `3 years late`, `submitted 2019-07-26`.
#[must_use]
pub fn when(deadline: &Deadline) -> String {
    match deadline.status {
        DeadlineStatus::Submitted | DeadlineStatus::Reviewed => deadline
            .submitted
            .map(|date| format!("submitted {date}"))
            .unwrap_or_default(),
        _ if deadline.days == 0 => "today".to_owned(),
        _ if deadline.days < 0 => format!("{} late", span(deadline.days)),
        _ => format!("in {}", span(deadline.days)),
    }
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// At most `most` characters, cut between words.
#[must_use]
pub fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let end = cut
        .rfind(char::is_whitespace)
        .filter(|end| *end > most / 2)
        .unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}

/// `ICRMW 16(4)`, `ICERD 5(e)(i)`, `CAT 3`.
#[must_use]
pub fn provision_name(instrument: &Instrument, provision: &Provision) -> String {
    let (code, article, paragraph) = (&instrument.code, &provision.article, &provision.paragraph);
    match paragraph.as_str() {
        "" => format!("{code} {article}"),
        inner if inner.starts_with('(') => format!("{code} {article}{inner}"),
        inner => match inner.split_once('(') {
            Some((outer, letter)) => format!("{code} {article}({outer})({letter}"),
            None => format!("{code} {article}({inner})"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_words() {
        assert_eq!(count(1, "gap", "gaps"), "1 gap");
        assert_eq!(count(1024, "gap", "gaps"), "1,024 gaps");
        assert_eq!(
            ["0 days", "1 day", "12 months", "2 years", "18 years"],
            [0, 1, -365, 731, 6600].map(span).each_ref().map(String::as_str)
        );
        assert_eq!(short("held as a rule, children among them", 16), "held as a rule…");
        assert_eq!(short("移民拘留", 2), "移民…");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
