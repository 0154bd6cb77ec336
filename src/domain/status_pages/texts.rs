//! Declarations and reservations of one state: what was taken back, and what has another day. Our texts are gists in our own
//! words, so the wording itself is not compared.

use super::{Difference, DifferenceKind, OneState, StatusRow, Withdrawn};
use crate::domain::dates::PartialDate;
use crate::domain::reservations::Reservation;
use chrono::NaiveDate;

impl OneState<'_> {
    /// What was taken back: said by the page since the day of our source, or held here and not on the page.
    pub(super) fn withdrawals(&mut self, held: &[&Reservation]) {
        let Some(row) = self.row else { return };
        let day = |date: Option<PartialDate>| date.and_then(PartialDate::day);
        let told: Vec<NaiveDate> = row
            .withdrawals
            .iter()
            .filter(|one| one.of == Withdrawn::Statement)
            .map(|one| one.date)
            .collect();
        let newest = held.iter().map(|one| one.source_date.latest()).max();
        let known = |date: NaiveDate| held.iter().any(|one| day(one.withdrawn) == Some(date));
        // A withdrawal from before our source was read: the text was not on the page then, so it never was held.
        for date in told.iter().copied().filter(|date| !known(*date)) {
            let Some(source) = newest.filter(|newest| date > *newest) else {
                continue;
            };
            let proposal = format!(
                "{}: the depositary tells of a withdrawal of a declaration, reservation or objection notified on {date}, after our \
                 source was read ({source}). Look which text it was, and note the day of withdrawal with ours.",
                self.name
            );
            self.text(
                DifferenceKind::Withdrawn,
                Some(format!("withdrawal of {date}")),
                Some(texts_held(held)),
                None,
                proposal,
            );
        }
        for one in held {
            let Some(date) = day(one.withdrawn) else { continue };
            let is_past = self.page.status_as_at.is_none_or(|day| date <= day);
            if is_past && !told.contains(&date) {
                let proposal = format!(
                    "{}: here {} counts as withdrawn on {date} (source {}), and the page tells of no withdrawal on that day. Find out \
                     who is right.",
                    self.name, one.id, one.source
                );
                let ours = format!("{} withdrawn on {date}", one.id);
                self.text(
                    DifferenceKind::MissingThere,
                    None,
                    Some(ours),
                    Some(one.source.clone()),
                    proposal,
                );
            }
        }
    }

    /// Texts that the page dates after our source was read.
    pub(super) fn new_texts(&mut self, standing: &[&Reservation]) {
        let (Some(row), Some(newest)) = (self.row, standing.iter().map(|one| one.source_date.latest()).max()) else {
            return;
        };
        for (date, title) in dated(row) {
            let known = standing
                .iter()
                .any(|one| one.date.and_then(PartialDate::day) == Some(date));
            if date > newest && !known {
                let proposal = format!(
                    "{}: the depositary has a text of {date} ({title}), made after our source was read ({newest}). Read it, and add \
                     it with its effect.",
                    self.name
                );
                let theirs = format!("{title} of {date}");
                self.text(
                    DifferenceKind::MissingHere,
                    Some(theirs),
                    Some(texts_held(standing)),
                    None,
                    proposal,
                );
            }
        }
    }

    fn text(
        &mut self,
        kind: DifferenceKind,
        theirs: Option<String>,
        ours: Option<String>,
        our_source: Option<String>,
        proposal: String,
    ) {
        self.found.push(Difference {
            kind,
            about: if kind == DifferenceKind::MissingHere {
                "declarations"
            } else {
                "withdrawal"
            },
            state: self.state.clone(),
            name: self.name.to_owned(),
            theirs,
            ours,
            our_source,
            proposal,
            record: None,
        });
    }
}

fn dated(row: &StatusRow) -> impl Iterator<Item = (NaiveDate, &str)> {
    row.declarations
        .iter()
        .filter_map(|one| Some((one.date?, one.title.as_deref().unwrap_or(&one.section))))
}

fn texts_held(held: &[&Reservation]) -> String {
    super::texts(held.len())
}
