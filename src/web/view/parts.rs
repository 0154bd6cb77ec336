//! The small things that every page is made of: links, marks, bars, figures, table heads. Text is ready to be shown.

use crate::domain::assessments::Grade;
use crate::domain::causes::Cause;
use crate::domain::deadlines::DeadlineStatus;
use crate::domain::gaps::{Basis, Standing};
use crate::domain::participation::Status;
use crate::web::links::{Format, Link, download};
use serde::Serialize;

/// A link and its words.
#[derive(Debug, Clone, Serialize)]
pub struct Anchor {
    pub text: String,
    pub href: Link,
}

impl Anchor {
    /// The words, and where they lead.
    pub fn new(text: impl Into<String>, href: Link) -> Self {
        Self {
            text: text.into(),
            href,
        }
    }
}

/// A grade as a word, a shape and a colour.
#[derive(Debug, Clone, Serialize)]
pub struct GradeMark {
    /// The name of its shape and colour.
    pub class: &'static str,
    pub word: String,
    /// Shown as computed: never to be taken for a person's decision.
    pub computed: bool,
}

/// The shape and colour of a grade; none is “no information”.
#[must_use]
pub fn grade_class(grade: Option<Grade>) -> &'static str {
    match grade {
        Some(Grade::FullyInPlace) => "g4",
        Some(Grade::Substantially) => "g3",
        Some(Grade::Partly) => "g2",
        Some(Grade::NotInPlace) => "g1",
        Some(Grade::Contrary) => "g0",
        None => "none",
    }
}

impl GradeMark {
    /// A grade that a person gave, or “no information”.
    #[must_use]
    pub fn decided(grade: Option<Grade>) -> Self {
        let word = grade.map_or("no information", Grade::words).to_owned();
        Self {
            class: grade_class(grade),
            word,
            computed: false,
        }
    }

    /// Where an obligation stands.
    #[must_use]
    pub fn standing(standing: &Standing) -> Self {
        let mut mark = Self::decided(standing.grade);
        mark.computed = standing.basis == Basis::Suggested;
        if standing.contested {
            mark.class = "contested";
            mark.word = format!("contested: {}", mark.word);
        }
        mark
    }

    /// A provision that is shown and never graded.
    #[must_use]
    pub fn not_gradable() -> Self {
        Self {
            class: "na",
            word: "not graded".to_owned(),
            computed: false,
        }
    }

    /// Every mark there is, best first: the key below a bar.
    #[must_use]
    pub fn key() -> Vec<Self> {
        let mut key: Vec<Self> = Grade::ALL.into_iter().map(|grade| Self::decided(Some(grade))).collect();
        key.push(Self {
            class: "contested",
            word: "contested".to_owned(),
            computed: false,
        });
        key.push(Self::decided(None));
        key
    }
}

/// A cause as a word, a shape and a colour.
#[derive(Debug, Clone, Serialize)]
pub struct CauseMark {
    pub class: &'static str,
    pub word: String,
    /// A subclass, a weight or a count.
    pub detail: Option<String>,
}

impl CauseMark {
    /// In the careful words of a diplomat's page.
    #[must_use]
    pub fn of(cause: Cause) -> Self {
        Self {
            class: cause.code(),
            word: cause.careful_words().to_owned(),
            detail: None,
        }
    }

    /// In one word, as on a form or in a list of kinds.
    #[must_use]
    pub fn short(cause: Cause) -> Self {
        Self {
            class: cause.code(),
            word: cause.words().to_owned(),
            detail: None,
        }
    }

    /// With a detail behind it.
    #[must_use]
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// A status in a frame.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    pub class: &'static str,
    pub word: String,
}

impl From<Status> for Tag {
    fn from(status: Status) -> Self {
        let class = match status {
            Status::Party => "strong",
            Status::PartyNotYetInForce => "soon",
            Status::Signatory | Status::FormerParty => "",
            Status::None | Status::Unknown => "quiet",
        };
        Self {
            class,
            word: status.words().to_owned(),
        }
    }
}

impl From<DeadlineStatus> for Tag {
    fn from(status: DeadlineStatus) -> Self {
        let class = match status {
            DeadlineStatus::Overdue => "late",
            DeadlineStatus::Due => "soon",
            DeadlineStatus::Upcoming => "",
            DeadlineStatus::Submitted | DeadlineStatus::Reviewed => "quiet",
        };
        Self {
            class,
            word: status.word().to_owned(),
        }
    }
}

/// A horizontal bar whose parts add up to the whole.
#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    /// What it shows, in words.
    pub text: String,
    pub parts: Vec<BarPart>,
    pub big: bool,
}

/// One part of a bar, in hundredths of its length.
#[derive(Debug, Clone, Serialize)]
pub struct BarPart {
    pub class: &'static str,
    pub x: String,
    pub width: String,
}

impl Bar {
    /// A bar of counts, each with its class and its words; none where there is nothing to count.
    #[must_use]
    pub fn of(counts: &[(&'static str, &str, usize)]) -> Option<Self> {
        let total: usize = counts.iter().map(|(_, _, count)| count).sum();
        if total == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of obligations are small")]
        let hundredths = |count: usize| count as f64 * 100.0 / total as f64;
        let (mut before, mut parts, mut words) = (0, Vec::new(), Vec::new());
        for (class, word, count) in counts.iter().filter(|(_, _, count)| *count > 0) {
            let (x, width) = (hundredths(before), hundredths(*count));
            parts.push(BarPart {
                class,
                x: format!("{x:.2}"),
                width: format!("{width:.2}"),
            });
            words.push(format!("{count} {word}"));
            before += count;
        }
        Some(Self {
            text: words.join(", "),
            parts,
            big: false,
        })
    }
}

/// A number with its base and its meaning.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    pub number: String,
    pub of: Option<String>,
    pub label: String,
    pub detail: Option<String>,
    pub href: Option<Link>,
}

/// The head of a column, sortable by its link.
#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub text: &'static str,
    pub href: Option<Link>,
    /// `ascending` or `descending` where the table is sorted by it.
    pub sort: Option<&'static str>,
    pub numeric: bool,
}

impl Column {
    /// A column that cannot be sorted by.
    #[must_use]
    pub fn plain(text: &'static str) -> Self {
        Self {
            text,
            href: None,
            sort: None,
            numeric: false,
        }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Sortable: `here` is the page as filtered, `key` the column's name in the address, `now` what it is sorted by
    /// (with a `-` in front where descending).
    #[must_use]
    pub fn sortable(text: &'static str, key: &str, here: &Link, now: &str) -> Self {
        let (sort, next) = match now.strip_prefix('-') {
            Some(by) if by == key => (Some("descending"), key.to_owned()),
            None if now == key => (Some("ascending"), format!("-{key}")),
            _ => (None, key.to_owned()),
        };
        Self {
            text,
            href: Some(here.clone().with("sort", &next)),
            sort,
            numeric: false,
        }
    }
}

/// The links to a table's files.
#[must_use]
pub fn downloads(page: &Link) -> Vec<Anchor> {
    Format::ALL
        .into_iter()
        .map(|format| Anchor::new(format.name(), download(page, format)))
        .collect()
}

/// What is shown where there is nothing yet.
#[derive(Debug, Clone, Serialize)]
pub struct Empty {
    pub title: String,
    pub text: String,
    /// What would be needed, and who could give it.
    pub needed: Vec<String>,
    pub action: Option<Anchor>,
}

/// Where one is in a long table.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    pub previous: Option<Link>,
    pub next: Option<Link>,
    pub all: Option<Link>,
    pub text: String,
}

/// Rows of a long table on one page.
const ROWS: usize = 100;

impl Pager {
    /// The rows of page `number` (from 1) of `total`, and the pager where there is more than one; page 0 is all of them.
    #[must_use]
    pub fn cut(total: usize, number: usize, here: &Link) -> (std::ops::Range<usize>, Option<Self>) {
        if total <= ROWS || number == 0 {
            return (0..total, None);
        }
        let pages = total.div_ceil(ROWS);
        let number = number.min(pages);
        let (from, to) = ((number - 1) * ROWS, (number * ROWS).min(total));
        let page = |number: usize| here.clone().with("page", &number.to_string());
        let pager = Self {
            previous: (number > 1).then(|| page(number - 1)),
            next: (number < pages).then(|| page(number + 1)),
            all: Some(page(0)),
            text: format!("Rows {} to {to} of {total}", from + 1),
        };
        (from..to, Some(pager))
    }
}

/// That a page shows another day than today.
#[derive(Debug, Clone, Serialize)]
pub struct AsOf {
    pub text: String,
    pub today: Anchor,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::links;

    #[test]
    fn a_bar_is_as_long_as_its_parts() {
        let bar = Bar::of(&[
            ("g4", "fully", 1),
            ("g3", "substantially", 0),
            ("none", "no information", 3),
        ])
        .expect("a bar");
        assert_eq!(bar.text, "1 fully, 3 no information");
        assert_eq!(bar.parts[1].x, "25.00");
        assert_eq!(bar.parts[1].width, "75.00");
        assert!(Bar::of(&[("g4", "fully", 0)]).is_none());
    }

    #[test]
    fn a_column_sorts_up_then_down() {
        let here = links::states();
        let next = |now| {
            Column::sortable("State", "name", &here, now)
                .href
                .expect("a link")
                .to_string()
        };
        assert_eq!(next(""), "/states?sort=name");
        assert_eq!(next("name"), "/states?sort=-name");
        assert_eq!(next("-name"), "/states?sort=name");
    }

    #[test]
    fn a_long_table_is_cut_and_no_page_lies_outside() {
        let (rows, pager) = Pager::cut(250, 9, &links::states());
        assert_eq!(rows, 200..250);
        assert!(pager.expect("a pager").next.is_none());
        assert_eq!(Pager::cut(250, 0, &links::states()).0, 0..250);
        assert!(Pager::cut(100, 1, &links::states()).1.is_none());
    }
}
