//! Where the cases of a study come from: gaps with the evidence on them, or a table that somebody pasted.

use crate::actions::{Doing, Fields};
use crate::domain::ids::{ProvisionId, StateCode, ThemeCode};
use crate::domain::reference::{Reference, read_day};
use crate::domain::studies::{StudyCase, StudyEvidence};
use crate::domain::summaries::{ObligationPicture, StatePicture, StoredEvidence};
use crate::store::library::Shelf;
use crate::store::{Db, StoreError, findings};
use chrono::NaiveDate;
use futures_util::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

/// Cases to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Where they come from, in words.
    pub from: String,
    /// In their order, not numbered yet.
    pub cases: Vec<StudyCase>,
    /// The field of the form that gave them.
    pub field: &'static str,
}

/// At most so many states are looked at for gaps.
pub const MOST_STATES: usize = 5;
/// The longest text of a case.
const LONGEST: usize = 10_000;
/// Wrong rows that are named.
const NAMED: usize = 10;

/// The gaps of these states with the texts of the evidence on them; those without any text are left out.
///
/// # Errors
/// When the database fails or holds a document of another version.
pub async fn gaps(
    db: &Db,
    shelf: &Shelf,
    states: &[StateCode],
    theme: Option<&ThemeCode>,
    day: NaiveDate,
) -> Result<Vec<StudyCase>, StoreError> {
    let found = try_join_all(states.iter().map(|state| findings::of_state(db, state))).await?;
    let mut cases = Vec::new();
    for (state, found) in states.iter().zip(&found) {
        let picture = StatePicture::of(&shelf.reference, &shelf.world, found, state, day);
        let fits = |gap: &&ObligationPicture<'_>| theme.is_none_or(|theme| *theme == gap.obligation.provision.theme);
        cases.extend(picture.gaps().filter(fits).filter_map(|gap| case(state, gap, day)));
    }
    Ok(cases)
}

fn case(state: &StateCode, gap: &ObligationPicture<'_>, day: NaiveDate) -> Option<StudyCase> {
    let cited: Vec<&StoredEvidence> = gap
        .evidence
        .iter()
        .copied()
        .filter(|item| !item.evidence.gist.trim().is_empty())
        .collect();
    let source = |item: &StoredEvidence| {
        let parts = [item.evidence.symbol.as_str(), item.evidence.paragraph.as_str()];
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        said.join(", ")
    };
    (!cited.is_empty()).then(|| StudyCase {
        number: 0,
        name: gap.obligation.provision.id.to_string(),
        state: Some(state.clone()),
        provision: Some(gap.obligation.provision.id.clone()),
        date: Some(day),
        text: cited
            .iter()
            .map(|item| item.evidence.gist.trim())
            .collect::<Vec<_>>()
            .join("\n\n"),
        evidence: cited
            .iter()
            .map(|item| StudyEvidence {
                id: item.id,
                revision: item.revision,
                title: item.evidence.title.clone(),
                source: source(item),
            })
            .collect(),
    })
}

/// The gaps that somebody chose, in that order.
pub(super) async fn chosen(
    db: &Db,
    shelf: &Shelf,
    doing: Doing<'_>,
    fields: &mut Fields,
    typed: &[String],
) -> Result<Option<Sample>, StoreError> {
    let mut wanted: Vec<(StateCode, ProvisionId)> = Vec::new();
    for text in typed {
        let read = text.split_once('/').and_then(|(state, provision)| {
            Some((
                shelf.reference.find_state(state).ok()?.iso3.clone(),
                shelf.reference.find_provision(provision).ok()?.1.id.clone(),
            ))
        });
        match read {
            Some(place) => wanted.push(place),
            None => fields.wrong("gaps", format!("“{text}” is not a gap such as MEX/ICRMW-16.4")),
        }
    }
    let states: BTreeSet<&StateCode> = wanted.iter().map(|(state, _)| state).collect();
    if states.len() > MOST_STATES {
        fields.wrong("gaps", format!("choose gaps of at most {MOST_STATES} states"));
        return Ok(None);
    }
    let states: Vec<StateCode> = states.into_iter().cloned().collect();
    let all = gaps(db, shelf, &states, None, doing.today()).await?;
    let mut by_place: BTreeMap<(StateCode, ProvisionId), StudyCase> = all
        .into_iter()
        .filter_map(|case| Some(((case.state.clone()?, case.provision.clone()?), case)))
        .collect();
    let mut cases = Vec::new();
    for place in &wanted {
        match by_place.remove(place) {
            Some(case) => cases.push(case),
            None => {
                let (state, provision) = place;
                let why = format!("{state}/{provision} is chosen twice, or no gap with evidence any more");
                fields.wrong("gaps", why);
            }
        }
    }
    let named: Vec<&str> = states.iter().map(StateCode::as_str).collect();
    Ok((cases.len() == wanted.len()).then(|| Sample {
        from: format!(
            "gaps of {} on {} with the evidence on them",
            named.join(", "),
            doing.today()
        ),
        cases,
        field: "gaps",
    }))
}

/// The cases of a pasted table.
pub(super) fn pasted(fields: &mut Fields, reference: &Reference, text: &str) -> Option<Sample> {
    match read_csv(reference, text) {
        Ok(cases) => Some(Sample {
            from: "a table of cases that was pasted".to_owned(),
            cases,
            field: "cases",
        }),
        Err(wrong) => {
            let more = wrong.len().saturating_sub(NAMED);
            let mut told = wrong.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
            if more > 0 {
                told.push_str(&format!("; and {more} more"));
            }
            fields.wrong("cases", told);
            None
        }
    }
}

/// Reads a table of cases: `text`, and maybe `id`, `state`, `date`, separated by commas, semicolons or tabs.
///
/// # Errors
/// Everything that is wrong, by row and column.
pub fn read_csv(reference: &Reference, text: &str) -> Result<Vec<StudyCase>, Vec<String>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let head = text.lines().next().unwrap_or_default();
    let between = [b'\t', b';'].into_iter().find(|one| head.contains(char::from(*one)));
    let mut table = csv::ReaderBuilder::new()
        .delimiter(between.unwrap_or(b','))
        .flexible(true)
        .from_reader(text.as_bytes());
    let heads: Vec<String> = match table.headers() {
        Ok(heads) => heads.iter().map(|head| head.trim().to_lowercase()).collect(),
        Err(error) => return Err(vec![format!("the header cannot be read: {error}")]),
    };
    let known = ["id", "state", "date", "text"];
    let mut wrong: Vec<String> = heads
        .iter()
        .filter(|head| !known.contains(&head.as_str()))
        .map(|head| format!("the header has a column “{head}”; known are {}", known.join(", ")))
        .collect();
    if !heads.iter().any(|head| head == "text") {
        wrong.push("the first line must name the columns, and one of them must be text".to_owned());
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let (mut cases, mut names) = (Vec::new(), BTreeSet::new());
    for (row, record) in (1..).zip(table.records()) {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                wrong.push(format!("row {row} cannot be read: {error}"));
                continue;
            }
        };
        if record.len() != heads.len() {
            let (cells, columns) = (record.len(), heads.len());
            wrong.push(format!(
                "row {row} has {cells} cells, the header has {columns}: put a text with commas into quotation marks"
            ));
            continue;
        }
        let cell = |name: &str| {
            let at = heads.iter().position(|head| head == name);
            at.and_then(|at| record.get(at)).unwrap_or_default().trim()
        };
        let mut fields = Fields::default();
        let name = match cell("id") {
            "" => Some(format!("case {row}")),
            _ => fields.text("id", cell("id"), 100),
        };
        let state = fields.optional("state", cell("state"), |text| {
            reference.find_state(text).map(|state| state.iso3.clone())
        });
        let date = fields.optional("date", cell("date"), read_day);
        let text = fields.text("text", cell("text"), LONGEST);
        if let Some(name) = &name
            && !names.insert(name.clone())
        {
            fields.wrong("id", format!("“{name}” stands in a row above"));
        }
        wrong.extend(
            fields
                .errors
                .iter()
                .map(|one| format!("row {row}, {}: {}", one.field, one.why)),
        );
        if let (Some(name), Some(state), Some(date), Some(text)) = (name, state, date, text) {
            cases.push(StudyCase {
                number: 0,
                name,
                state,
                provision: None,
                date,
                text,
                evidence: Vec::new(),
            });
        }
    }
    if wrong.is_empty() { Ok(cases) } else { Err(wrong) }
}
