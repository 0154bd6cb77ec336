//! A table of ratings as somebody wrote it. Three shapes are understood:
//!
//! * **long**: the columns `unit`, `rater` and `value`, one line for each value;
//! * **wide**: the unit in the first column and one column for each rater;
//! * **counts**: the unit in the first column (`subject`) and one column for each category, holding how many raters chose it.
//!
//! An empty cell, `NA`, `.` or `*` means that the rater gave no value.

use super::alpha::{Bag, Scale};
use super::{Level, Metric, Refusal};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How a table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line for each value.
    Long,
    /// One line for each unit, one column for each rater.
    Wide,
    /// One line for each unit, one column for each category.
    Counts,
}

impl Shape {
    /// The word in an answer.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Wide => "wide",
            Self::Counts => "counts",
        }
    }

    /// The shape that a header and its rows show.
    fn seen(header: &[String], rows: &[Vec<String>], metric: Metric) -> Self {
        let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        let whole = |row: &Vec<String>| {
            let numbers = row.iter().skip(1).map(|cell| cell.trim().parse::<u32>());
            numbers
                .collect::<Result<Vec<u32>, _>>()
                .ok()
                .map(|all| all.iter().sum::<u32>())
        };
        let named = names.first().is_some_and(|name| name == "subject");
        if names == ["unit", "rater", "value"] {
            Self::Long
        } else if metric == Metric::Fleiss && named && rows.iter().all(|row| whole(row).is_some()) {
            Self::Counts
        } else {
            Self::Wide
        }
    }
}

/// Who gave which unit which value.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    raters: Vec<String>,
    units: Vec<String>,
    /// The texts of the values, ascending; by number where all are numbers.
    categories: Vec<String>,
    /// For each unit who gave which value: places of a rater and of a category.
    given: Vec<Vec<(usize, usize)>>,
}

impl Ratings {
    /// How many units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// How many raters gave at least one value.
    #[must_use]
    pub fn raters_with_values(&self) -> usize {
        self.columns_with_values().len()
    }

    /// The places of the raters who gave at least one value.
    pub(super) fn columns_with_values(&self) -> BTreeSet<usize> {
        self.given.iter().flatten().map(|(rater, _)| *rater).collect()
    }

    pub(super) fn given(&self) -> impl Iterator<Item = &[(usize, usize)]> {
        self.given.iter().map(Vec::as_slice)
    }

    pub(super) fn categories(&self) -> usize {
        self.categories.len()
    }

    /// The units without who rated them.
    #[must_use]
    pub fn bags(&self) -> Vec<Bag> {
        let mut bags: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
        for unit in &self.given {
            let mut values: Vec<usize> = unit.iter().map(|(_, value)| *value).collect();
            values.sort_unstable();
            *bags.entry(values).or_default() += 1;
        }
        bags.into_iter().map(|(values, times)| Bag { values, times }).collect()
    }

    /// The values as a scale of that level.
    ///
    /// # Errors
    /// As [`Scale::new`].
    pub fn scale(&self, level: Level) -> Result<Scale, Refusal> {
        let rank = |at: usize| f64::from(u32::try_from(at).unwrap_or(u32::MAX));
        let number = |(at, text): (usize, &String)| match level {
            Level::Nominal => rank(at),
            _ => text.parse().unwrap_or_else(|_| rank(at)),
        };
        Scale::new(level, self.categories.iter().enumerate().map(number).collect())
    }

    /// How often each unit was given each category; units without any value are left out.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let row = |unit: &Vec<(usize, usize)>| {
            let mut row = vec![0; self.categories.len()];
            for (_, value) in unit {
                row[*value] += 1;
            }
            row
        };
        let counted = self.units.iter().zip(self.given.iter().map(row));
        let (units, rows) = counted
            .filter(|(_, row)| row.iter().any(|n| *n > 0))
            .map(|(u, r)| (u.clone(), r))
            .unzip();
        Counts { units, rows }
    }
}

/// How many raters put each unit into each category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    units: Vec<String>,
    rows: Vec<Vec<u32>>,
}

impl Counts {
    /// How many values the first unit was given.
    #[must_use]
    pub fn raters(&self) -> u32 {
        self.rows.first().map_or(0, |row| row.iter().sum())
    }

    /// How many units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.units.len()
    }

    pub(super) fn unequal(&self) -> Option<&str> {
        let other = self
            .rows
            .iter()
            .position(|row| row.iter().sum::<u32>() != self.raters())?;
        self.units.get(other).map(String::as_str)
    }

    pub(super) fn rows(&self) -> &[Vec<u32>] {
        &self.rows
    }

    pub(super) fn categories(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Who gave what.
    Ratings(Ratings, Shape),
    /// How many gave what.
    Counts(Counts),
}

/// Reads a table; `rows` are the lines below the header. The shape is told from the header where none is given.
///
/// # Errors
/// Everything that is wrong, by row and column; the header is row 1.
pub fn read(
    header: &[String],
    rows: &[Vec<String>],
    shape: Option<Shape>,
    metric: Metric,
    level: Level,
) -> Result<Input, Vec<String>> {
    let mut reader = Reader {
        errors: Vec::new(),
        numeric: level != Level::Nominal,
    };
    let shape = shape.unwrap_or_else(|| Shape::seen(header, rows, metric));
    if header.len() < 2 {
        reader.wrong(
            1,
            "",
            "a table of ratings has a header such as unit,rater,value or unit,ana,ben",
        );
    }
    reader.rectangular(header, rows);
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    let input = match shape {
        Shape::Long => reader.long(header, rows).map(|found| Input::Ratings(found, shape)),
        Shape::Wide => Some(Input::Ratings(reader.wide(header, rows), shape)),
        Shape::Counts => Some(Input::Counts(reader.counts(header, rows))),
    };
    match input {
        Some(input) if reader.errors.is_empty() => Ok(input),
        _ => Err(reader.errors),
    }
}

struct Reader {
    errors: Vec<String>,
    numeric: bool,
}

impl Reader {
    fn wrong(&mut self, row: usize, column: &str, why: impl std::fmt::Display) {
        let place = if column.is_empty() {
            String::new()
        } else {
            format!(", column “{column}”")
        };
        self.errors.push(format!("row {row}{place}: {why}"));
    }

    fn rectangular(&mut self, header: &[String], rows: &[Vec<String>]) {
        for (at, row) in rows.iter().enumerate() {
            if row.len() != header.len() {
                let why = format!("has {} cells, the header has {}", row.len(), header.len());
                self.wrong(at + 2, "", why);
            }
        }
    }

    /// The value of a cell; none where it is missing or wrong.
    fn value(&mut self, row: usize, column: &str, text: &str) -> Option<String> {
        let text = text.trim();
        if ["", "NA", ".", "*"].contains(&text) {
            return None;
        }
        if !self.numeric {
            return Some(text.to_owned());
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Some((number + 0.0).to_string()),
            _ => {
                let why = format!("“{text}” is not a number; this level needs numbers, or ask for --level nominal");
                self.wrong(row, column, why);
                None
            }
        }
    }

    fn long(&mut self, header: &[String], rows: &[Vec<String>]) -> Option<Ratings> {
        let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        let place = |wanted: &str| names.iter().position(|name| name == wanted);
        let (Some(unit_at), Some(rater_at), Some(value_at)) = (place("unit"), place("rater"), place("value")) else {
            self.wrong(1, "", "the long shape needs the columns unit, rater and value");
            return None;
        };
        let mut found = Builder::default();
        for (at, row) in rows.iter().enumerate() {
            let cell = |place: usize| row.get(place).map_or("", |text| text.trim());
            let (unit, rater) = (cell(unit_at), cell(rater_at));
            for (text, column) in [(unit, "unit"), (rater, "rater")] {
                if text.is_empty() {
                    self.wrong(at + 2, column, "must be given");
                }
            }
            let value = self.value(at + 2, "value", cell(value_at));
            if !found.set(unit, rater, value) {
                self.wrong(at + 2, "rater", format!("“{rater}” has rated “{unit}” in a row above"));
            }
        }
        Some(found.finish(self.numeric))
    }

    fn wide(&mut self, header: &[String], rows: &[Vec<String>]) -> Ratings {
        let mut found = Builder::default();
        for (at, row) in rows.iter().enumerate() {
            let unit = row.first().map_or("", |text| text.trim());
            if unit.is_empty() {
                self.wrong(at + 2, header.first().map_or("", String::as_str), "must be given");
            } else if found.knows(unit) {
                self.wrong(
                    at + 2,
                    header.first().map_or("", String::as_str),
                    format!("“{unit}” stands in a row above"),
                );
            }
            for (rater, cell) in header.iter().zip(row).skip(1) {
                let value = self.value(at + 2, rater, cell);
                if !found.set(unit, rater.trim(), value) && at == 0 {
                    self.wrong(1, rater, "two columns have this name");
                }
            }
        }
        found.finish(self.numeric)
    }

    fn counts(&mut self, header: &[String], rows: &[Vec<String>]) -> Counts {
        let mut found = Counts {
            units: Vec::new(),
            rows: Vec::new(),
        };
        for (at, row) in rows.iter().enumerate() {
            let mut numbers = Vec::with_capacity(header.len());
            for (category, cell) in header.iter().zip(row).skip(1) {
                match cell.trim().parse() {
                    Ok(number) => numbers.push(number),
                    Err(_) => self.wrong(
                        at + 2,
                        category,
                        format!("“{}” is not a whole number from 0 up", cell.trim()),
                    ),
                }
            }
            found.units.push(row.first().cloned().unwrap_or_default());
            found.rows.push(numbers);
        }
        found
    }
}

/// Ratings while they are read, by unit and rater in the order in which they came.
#[derive(Default)]
struct Builder {
    raters: Vec<String>,
    units: Vec<String>,
    rater_at: HashMap<String, usize>,
    unit_at: HashMap<String, usize>,
    /// What was said, a missing value too.
    said: HashMap<(usize, usize), Option<String>>,
}

impl Builder {
    fn knows(&self, unit: &str) -> bool {
        self.unit_at.contains_key(unit)
    }

    /// Whether it was not said before.
    fn set(&mut self, unit: &str, rater: &str, value: Option<String>) -> bool {
        let place = |names: &mut Vec<String>, known: &mut HashMap<String, usize>, name: &str| {
            *known.entry(name.to_owned()).or_insert_with(|| {
                names.push(name.to_owned());
                names.len() - 1
            })
        };
        let unit = place(&mut self.units, &mut self.unit_at, unit);
        let rater = place(&mut self.raters, &mut self.rater_at, rater);
        self.said.insert((unit, rater), value).is_none()
    }

    fn finish(self, numeric: bool) -> Ratings {
        let mut categories: Vec<String> = self.said.values().flatten().cloned().collect();
        categories.sort_unstable();
        categories.dedup();
        if numeric {
            let number = |text: &String| text.parse::<f64>().unwrap_or(f64::NAN);
            categories.sort_by(|a, b| number(a).total_cmp(&number(b)));
        }
        let at: HashMap<&str, usize> = categories
            .iter()
            .enumerate()
            .map(|(at, text)| (text.as_str(), at))
            .collect();
        let mut given = vec![Vec::new(); self.units.len()];
        for ((unit, rater), value) in &self.said {
            if let Some(category) = value.as_deref().and_then(|text| at.get(text)) {
                given[*unit].push((*rater, *category));
            }
        }
        Ratings {
            raters: self.raters,
            units: self.units,
            categories,
            given,
        }
    }
}
