//! Footnotes, and what they tell was taken back.

use super::cells;
use crate::domain::status_pages::{Footnote, StatusPage, Withdrawal, Withdrawn};
use std::collections::BTreeMap;

/// Gives each row the footnotes that it points to, and what follows from them.
pub(super) fn give(notes: &BTreeMap<String, String>, marks: &BTreeMap<usize, Vec<String>>, page: &mut StatusPage) {
    let mut missing = Vec::new();
    for (at, own) in marks {
        let Some(row) = page.rows.get_mut(*at) else { continue };
        for mark in own {
            if row.footnotes.iter().any(|one| one.mark == *mark) {
                continue;
            }
            let Some(text) = notes.get(mark) else {
                missing.push(format!("{} ({mark})", row.name));
                continue;
            };
            for one in withdrawals(mark, text) {
                if !row
                    .withdrawals
                    .iter()
                    .any(|held| (held.of, held.date) == (one.of, one.date))
                {
                    row.withdrawals.push(one);
                }
            }
            row.footnotes.push(Footnote {
                mark: mark.clone(),
                text: text.clone(),
            });
        }
        let left = row.withdrawals.iter().any(|one| one.of == Withdrawn::Treaty);
        if row.withdrawn && !left {
            page.notes.push(format!(
                "{} is printed in brackets, and no footnote could be read that tells when it left",
                row.name
            ));
        }
    }
    if !missing.is_empty() {
        missing.truncate(20);
        page.notes
            .push(format!("footnotes that are not on the page: {}", missing.join(", ")));
    }
}

/// “On 8 November 2022, the Government of … notified the Secretary-General of its denunciation … with effect from …”.
fn withdrawals(mark: &str, text: &str) -> Vec<Withdrawal> {
    let mut found = Vec::new();
    let starts: Vec<usize> = text
        .match_indices("On ")
        .map(|(at, _)| at)
        .filter(|at| dated(text, *at).is_some())
        .collect();
    for (place, at) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(text.len());
        let Some((date, told)) = text.get(..end).and_then(|upto| dated(upto, *at)) else {
            continue;
        };
        // What is told stands at the beginning; what follows may be quoted from others.
        let told = told
            .get(..told.floor_char_boundary(400))
            .unwrap_or_default()
            .to_lowercase();
        if !told.contains("secretary-general") {
            continue;
        }
        let of = if told.contains("denunciation") || told.contains("denounce") || leaves(&told) {
            Withdrawn::Treaty
        } else if told.contains("withdraw") {
            Withdrawn::Statement
        } else {
            continue;
        };
        let effect = [
            "with effect from ",
            "with effect on ",
            "taking effect on ",
            "take effect on ",
            "takes effect on ",
            "effective ",
        ];
        let effect_date = effect.iter().find_map(|words| {
            let (_, after) = told.split_once(words)?;
            Some(cells::leading(after)?.0)
        });
        found.push(Withdrawal {
            of,
            date,
            effect_date,
            footnote: mark.to_owned(),
        });
    }
    found
}

fn leaves(told: &str) -> bool {
    let of = ["withdrawal from the ", "withdraw from the ", "withdrawing from the "];
    of.iter().any(|words| told.contains(words))
}

fn dated(text: &str, at: usize) -> Option<(chrono::NaiveDate, &str)> {
    cells::leading(text.get(at + "On ".len()..)?)
}
