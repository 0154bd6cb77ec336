//! The table of participants: which one it is, what its columns are, what its rows say.

use super::NotAStatusPage;
use super::cells::{self, Dated, Legend};
use super::markup::{At, Cell, Document, Table, is_mark};
use super::names::{Named, Names};
use crate::domain::status_pages::{Act, StatusPage, StatusRow, Unread};
use std::collections::BTreeMap;

/// More participants than there are states several times over.
const MOST_PARTICIPANTS: usize = 2_000;
/// Rows and texts that are listed as unread one by one.
pub(super) const MOST_UNREAD: usize = 500;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Name,
    Signature(Legend),
    Consent(Legend),
    /// Something else, by its head.
    Other,
}

/// The table of participants.
#[derive(Debug)]
pub(super) struct Participants<'d> {
    /// Where it stands.
    pub(super) at: At,
    columns: Vec<Column>,
    head: Vec<String>,
    rows: &'d [Vec<Cell>],
}

/// Finds the table of participants.
pub(super) fn participants(document: &Document) -> Result<Participants<'_>, NotAStatusPage> {
    let mut heads_only = false;
    for table in &document.tables {
        let Some((place, columns)) = head(table) else { continue };
        let rows = table.rows.get(place + 1..).unwrap_or_default();
        if rows.is_empty() && table.is_whole {
            heads_only = true;
            continue;
        }
        if !table.is_whole {
            return Err(NotAStatusPage::CutOff(rows.len()));
        }
        if rows.len() > MOST_PARTICIPANTS {
            return Err(NotAStatusPage::TooMuch("more than 2,000 participants"));
        }
        let at = At {
            from: table.from,
            to: table.to,
        };
        let head = expanded(table.rows.get(place).map(Vec::as_slice).unwrap_or_default());
        let head = head
            .into_iter()
            .map(|cell| cell.map_or_else(String::new, |cell| cell.text.to_lowercase()));
        return Ok(Participants {
            at,
            columns,
            head: head.collect(),
            rows,
        });
    }
    let text = || document.lines.iter().map(|line| line.text.to_lowercase());
    let hint = if heads_only {
        "; this one has a head and no rows"
    } else if text()
        .any(|line| line.contains("état au") || line == "participant" || line.starts_with("déclarations et réserves"))
    {
        "; this looks like the French page, or like one that was saved without its table"
    } else {
        ""
    };
    Err(NotAStatusPage::NoTable(hint))
}

/// The head of a table of participants is among its first rows.
fn head(table: &Table) -> Option<(usize, Vec<Column>)> {
    table.rows.iter().take(5).enumerate().find_map(|(at, row)| {
        let columns: Vec<Column> = expanded(row)
            .into_iter()
            .map(|cell| cell.map_or(Column::Other, |cell| column(&cell.text)))
            .collect();
        let has = |wanted: fn(&Column) -> bool| columns.iter().filter(|one| wanted(one)).count();
        let is_one = has(|one| matches!(one, Column::Name)) == 1 && has(|one| matches!(one, Column::Consent(_))) >= 1;
        is_one.then_some((at, columns))
    })
}

fn column(head: &str) -> Column {
    let lower = head.to_lowercase();
    let first = lower.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    if head.len() <= 60
        && [
            "participant",
            "participants",
            "state",
            "states",
            "country",
            "party",
            "parties",
        ]
        .contains(&first)
    {
        return Column::Name;
    }
    let without = lower.replace("succession to signature", "signature");
    let words = [
        "ratification",
        "accession",
        "acceptance",
        "approval",
        "succession",
        "formal confirmation",
    ];
    // A heading, not a sentence that speaks of ratifications.
    if head.len() > 200 {
        Column::Other
    } else if words.iter().any(|word| without.contains(word)) {
        Column::Consent(Legend::of(head))
    } else if lower.contains("signature") {
        Column::Signature(Legend::of(head))
    } else {
        Column::Other
    }
}

/// The cells of a row at the columns where they stand.
fn expanded(row: &[Cell]) -> Vec<Option<&Cell>> {
    let spread = row
        .iter()
        .flat_map(|cell| std::iter::once(Some(cell)).chain(std::iter::repeat_n(None, cell.span.saturating_sub(1))));
    spread.take(50).collect()
}

/// Reads every row; gives back the footnotes that the name of each points to.
pub(super) fn rows(table: &Participants<'_>, names: &Names, page: &mut StatusPage) -> BTreeMap<usize, Vec<String>> {
    let mut marks = BTreeMap::new();
    let mut more = 0_usize;
    for row in table.rows {
        let cells = expanded(row);
        let texts: Vec<&str> = row
            .iter()
            .map(|cell| cell.text.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        let is_head = cells
            .iter()
            .zip(&table.head)
            .all(|(cell, head)| cell.is_none_or(|cell| cell.text.to_lowercase() == *head));
        if texts.is_empty() || is_head {
            continue;
        }
        match participant(&table.columns, &cells, names) {
            Ok((found, own)) if found.state.is_some() && page.rows.iter().any(|one| one.state == found.state) => {
                unread(
                    page,
                    &mut more,
                    &texts,
                    format!("{} stands in the table twice; the first row was taken", found.name),
                );
                drop(own);
            }
            Ok((found, own)) => {
                marks.insert(page.rows.len(), own);
                page.rows.push(found);
            }
            Err(why) => unread(page, &mut more, &texts, why),
        }
    }
    if more > 0 {
        page.notes
            .push(format!("{more} more rows could not be read and are not listed"));
    }
    marks
}

fn unread(page: &mut StatusPage, more: &mut usize, texts: &[&str], why: String) {
    if page.unread.len() < MOST_UNREAD {
        page.unread.push(Unread {
            text: texts.join(" | "),
            why,
        });
    } else {
        *more += 1;
    }
}

fn participant(columns: &[Column], cells: &[Option<&Cell>], names: &Names) -> Result<(StatusRow, Vec<String>), String> {
    let (mut row, mut own) = (StatusRow::default(), Vec::new());
    for (column, cell) in columns
        .iter()
        .zip(cells)
        .filter_map(|(column, cell)| Some((column, (*cell)?)))
    {
        if cell.cut {
            return Err("a cell is far too long for a name or a date".to_owned());
        }
        match column {
            Column::Name => {
                let (name, trailing) = without_marks(&cell.text);
                name.clone_into(&mut row.name);
                own.extend(trailing.chain(cell.marks.iter().cloned()));
            }
            Column::Signature(legend) => signature(&mut row, legend, &cells::dates(&cell.text)?)?,
            Column::Consent(legend) => consent(&mut row, legend, &cells::dates(&cell.text)?)?,
            Column::Other => continue,
        }
        if !matches!(column, Column::Name) {
            own.extend(cell.marks.iter().cloned());
        }
    }
    if row.name.is_empty() {
        return Err("no name in the column of participants".to_owned());
    }
    row.state = match names.find(&row.name) {
        Some(Named::State(state)) => Some(state.clone()),
        Some(Named::NoState) => None,
        None => {
            return Err(format!(
                "“{}” is no state we know: add the name to fixtures/sources/untc/names.csv if it is one",
                row.name
            ));
        }
    };
    if row.action.is_none() && row.signature_kind.is_none() {
        return Err("neither a signature nor another action beside the name".to_owned());
    }
    Ok((row, own))
}

fn signature(row: &mut StatusRow, legend: &Legend, dates: &[Dated]) -> Result<(), String> {
    let Some(last) = dates.last() else { return Ok(()) };
    match legend.act(&last.letter)? {
        Act::DefinitiveSignature => {
            row.signature_kind = Some(Act::Signature);
            row.action = Some(Act::DefinitiveSignature);
            row.action_date = Some(last.date);
            row.withdrawn = last.bracketed;
        }
        // The column is one of signatures, so “d” is a succession to one even where its head does not say so.
        Act::Succession => row.signature_kind = Some(Act::SuccessionToSignature),
        act => row.signature_kind = Some(act),
    }
    row.signature_date = Some(last.date);
    row.signature_withdrawn = last.bracketed;
    Ok(())
}

fn consent(row: &mut StatusRow, legend: &Legend, dates: &[Dated]) -> Result<(), String> {
    // One that stands, where there is one; else the last that was taken back.
    let Some(chosen) = dates.iter().rfind(|one| !one.bracketed).or(dates.last()) else {
        return Ok(());
    };
    let act = legend.act(&chosen.letter)?;
    if row.action.is_some() && row.action != Some(Act::DefinitiveSignature) {
        return Err("two actions stand in two columns".to_owned());
    }
    row.action = Some(act);
    row.action_date = Some(chosen.date);
    row.withdrawn = chosen.bracketed;
    Ok(())
}

/// “Denmark 1, 2” → “Denmark”, with its marks, where they are no superscripts.
fn without_marks(text: &str) -> (&str, impl Iterator<Item = String>) {
    let superscript = |c: char| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹');
    let name = text
        .trim_end_matches(|c: char| c.is_ascii_digit() || superscript(c) || matches!(c, ',' | ' ' | '*' | '\u{a0}'));
    let rest: String = text
        .get(name.len()..)
        .unwrap_or_default()
        .chars()
        .map(|c| {
            "⁰¹²³⁴⁵⁶⁷⁸⁹"
                .chars()
                .position(|one| one == c)
                .and_then(|at| char::from_digit(at as u32, 10))
                .unwrap_or(c)
        })
        .collect();
    let marks: Vec<String> = rest
        .split([',', ' '])
        .filter(|one| is_mark(one))
        .map(str::to_owned)
        .collect();
    (name, marks.into_iter())
}
