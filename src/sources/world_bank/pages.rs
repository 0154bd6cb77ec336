//! One page: a list of two, what is told of the whole and the rows; or a list of one with a message.

use crate::domain::figures::YEARS;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;

/// What a page tells of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) total: usize,
    pub(super) last_updated: Option<NaiveDate>,
}

impl Header {
    /// Whether another page belongs to the same whole.
    pub(super) fn same_whole(&self, other: &Self) -> bool {
        (self.pages, self.total, self.last_updated) == (other.pages, other.total, other.last_updated)
    }

    pub(super) fn told(&self) -> String {
        let of = self.last_updated.map_or_else(String::new, |day| format!(" of {day}"));
        format!("{} rows on {} pages{of}", self.total, self.pages)
    }
}

/// One row, as it is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) indicator: String,
    pub(super) name: String,
    /// Two letters, also of regions.
    pub(super) country: String,
    /// ISO 3166-1 alpha-3; empty for some regions.
    pub(super) state: String,
    pub(super) date: String,
    pub(super) value: Option<f64>,
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    pub(super) header: Header,
    pub(super) rows: Vec<Row>,
}

/// Why an answer is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It ends too early; the next may be whole.
    Cut(String),
    /// The World Bank says no, in its own words.
    Said(String),
    /// Anything else.
    Other(String),
}

#[derive(Deserialize)]
struct Head {
    #[serde(deserialize_with = "count")]
    page: usize,
    #[serde(deserialize_with = "count")]
    pages: usize,
    #[serde(deserialize_with = "count")]
    total: usize,
    #[serde(default)]
    lastupdated: Option<String>,
}

#[derive(Deserialize)]
struct Line {
    indicator: Named,
    country: Named,
    #[serde(default)]
    countryiso3code: Option<String>,
    date: String,
    value: Option<f64>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(default)]
    value: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    message: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(usize),
    Text(String),
}

/// The World Bank writes some counts as numbers and some as texts.
fn count<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    match Option::<Number>::deserialize(from)? {
        None => Ok(0),
        Some(Number::Plain(number)) => Ok(number),
        Some(Number::Text(text)) => {
            let wrong = || serde::de::Error::custom(format!("“{}” is not a count", short(&text)));
            text.trim().parse().map_err(|_| wrong())
        }
    }
}

/// Reads an answer. `is_html` is what its content type says.
pub(super) fn read(bytes: &[u8], is_html: bool) -> Result<Page, Wrong> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match begins {
        None => return Err(Wrong::Cut("the answer is empty".to_owned())),
        Some(b'<') => {
            let kind = if is_html { "a web page" } else { "markup" };
            let why = format!("{kind} came instead of JSON: a proxy or a notice of maintenance may stand between");
            return Err(Wrong::Other(why));
        }
        Some(_) => {}
    }
    if let Ok(said) = serde_json::from_slice::<[Said; 1]>(bytes) {
        let [said] = said;
        let messages = said.message.iter().map(|one| format!("{}: {}", one.key, one.value));
        return Err(Wrong::Said(short(&messages.collect::<Vec<_>>().join("; "))));
    }
    let (head, lines): (Head, Option<Vec<Line>>) = serde_json::from_slice(bytes).map_err(|error| told(&error))?;
    if head.total == 0 {
        return Err(Wrong::Said("there are no figures".to_owned()));
    }
    let header = Header {
        page: head.page,
        pages: head.pages,
        total: head.total,
        last_updated: head.lastupdated.and_then(|day| day.parse().ok()),
    };
    let row = |line: Line| Row {
        indicator: line.indicator.id,
        name: line.indicator.value.unwrap_or_default(),
        country: line.country.id,
        state: line.countryiso3code.unwrap_or_default(),
        date: line.date,
        value: line.value,
    };
    let rows = lines.unwrap_or_default().into_iter().map(row).collect();
    Ok(Page { header, rows })
}

fn told(error: &serde_json::Error) -> Wrong {
    match error.classify() {
        Category::Eof => Wrong::Cut("the answer ends in the middle".to_owned()),
        Category::Syntax | Category::Io => Wrong::Other(format!("the answer is not JSON: {error}")),
        Category::Data => Wrong::Other(format!("the answer is JSON of another shape: {error}")),
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// The year of a row of a yearly series.
pub(super) fn year(date: &str) -> Option<i32> {
    let plain = date.len() == 4 && date.bytes().all(|byte| byte.is_ascii_digit());
    date.parse().ok().filter(|year| plain && YEARS.contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAGE: &str = r#"[{"page":1,"pages":2,"per_page":"2","total":"3","sourceid":"2","lastupdated":"2026-10-07"},
        [{"indicator":{"id":"MADE.UP","value":"Made up"},"country":{"id":"MX","value":"Mexico"},"countryiso3code":"MEX",
          "date":"2023","value":1.5,"unit":"","obs_status":"","decimal":0},
         {"indicator":{"id":"MADE.UP","value":"Made up"},"country":{"id":"1A","value":"Arab World"},"countryiso3code":"",
          "date":"2023","value":null,"unit":"","obs_status":"","decimal":0}]]"#;

    #[test]
    fn a_page_is_read_whether_counts_are_numbers_or_texts() {
        let page = read(PAGE.as_bytes(), false).unwrap();
        assert_eq!((page.header.page, page.header.pages, page.header.total), (1, 2, 3));
        assert_eq!(page.header.told(), "3 rows on 2 pages of 2026-10-07");
        assert_eq!((page.rows[0].state.as_str(), page.rows[0].value), ("MEX", Some(1.5)));
        assert_eq!((page.rows[1].country.as_str(), page.rows[1].value), ("1A", None));
    }

    #[test]
    fn what_is_no_page_is_told_apart() {
        let wrong = |text: &str| read(text.as_bytes(), true).unwrap_err();
        assert!(matches!(wrong("<!doctype html>"), Wrong::Other(why) if why.contains("web page")));
        assert!(matches!(wrong(""), Wrong::Cut(_)));
        assert!(matches!(wrong("not JSON"), Wrong::Other(why) if why.contains("not JSON")));
        assert!(matches!(wrong("{}"), Wrong::Other(why) if why.contains("another shape")));
        assert!(matches!(wrong("[1, 2]"), Wrong::Other(_)));
        let said =
            r#"[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]"#;
        assert_eq!(
            wrong(said),
            Wrong::Said("Invalid value: The provided parameter value is not valid".to_owned())
        );
        let none = r#"[{"page":0,"pages":0,"per_page":0,"total":0,"sourceid":null,"lastupdated":null},null]"#;
        assert_eq!(wrong(none), Wrong::Said("there are no figures".to_owned()));
    }

    #[test]
    fn only_a_plain_year_is_one() {
        assert_eq!(year("2023"), Some(2023));
        for other in ["2023M01", "2023Q1", "YR23", "", "23", "+023", "9999", "２０２３"] {
            assert_eq!(year(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn half_a_page_is_never_taken_for_a_whole_one(at in 1..PAGE.len()) {
            prop_assert!(matches!(read(&PAGE.as_bytes()[..at], false), Err(Wrong::Cut(_))), "{}", at);
        }

        #[test]
        fn any_bytes_are_read_without_a_stumble(bytes: Vec<u8>) {
            let _ = read(&bytes, false);
        }
    }
}
