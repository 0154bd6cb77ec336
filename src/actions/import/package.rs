//! A data package (Frictionless, `datapackage.json`) or one CSV file, read whole and typed before anything is written.

use super::files::Files;
use super::rows::{self, CauseRow};
use super::table::{Place, Table};
use super::{Complaint, ImportError};
use crate::domain::deadlines::ReportRecord;
use crate::domain::evidence::Evidence;
use crate::domain::ids::{InstrumentCode, StateCode};
use crate::domain::instruments::Instrument;
use crate::domain::participation::TreatyAction;
use crate::domain::reference::{State, Theme};
use crate::domain::reservations::Reservation;
use crate::domain::tables::COLUMNS;
use serde::Deserialize;
use std::path::Path;

pub(super) type Placed<T> = Vec<(Place, T)>;

/// Everything that a package holds, typed, each with where it was read.
#[derive(Debug, Default)]
pub(super) struct Package {
    pub(super) states: Placed<State>,
    pub(super) themes: Placed<Theme>,
    pub(super) instruments: Placed<Instrument>,
    pub(super) participation: Placed<(StateCode, InstrumentCode, Vec<TreatyAction>)>,
    pub(super) reservations: Placed<(StateCode, InstrumentCode, Reservation)>,
    pub(super) reports: Placed<(StateCode, InstrumentCode, ReportRecord)>,
    pub(super) evidence: Placed<Evidence>,
    pub(super) causes: Placed<CauseRow>,
}

#[derive(Debug, Deserialize)]
struct Descriptor {
    resources: Vec<Resource>,
}

#[derive(Debug, Deserialize)]
struct Resource {
    name: String,
    path: OneOrMany,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Reads a folder with a `datapackage.json`, that file itself, or one CSV file.
pub(super) fn open(path: &Path) -> Result<Package, ImportError> {
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default()
        .to_owned();
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_owned();
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    match path.extension().and_then(|end| end.to_str()) {
        _ if path.is_dir() => read(&Files::Folder(path.to_path_buf())),
        _ if !path.exists() => Err(ImportError::Unreadable(format!("{} does not exist", path.display()))),
        Some("json") => read(&Files::Folder(folder)),
        Some("csv") => {
            let text = Files::Folder(folder).read(&name).map_err(ImportError::Unreadable)?;
            let mut reading = Reading::default();
            let kind = kind_of(&stem, &text).ok_or_else(|| {
                let known: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
                let reason = format!(
                    "{name} is none of the files we know by its name or header: {}",
                    known.join(", ")
                );
                ImportError::Unreadable(reason)
            })?;
            reading.table(kind, &name, &text);
            reading.finish()
        }
        _ => Err(ImportError::Unreadable(format!(
            "{} is neither a folder, a datapackage.json nor a .csv file",
            path.display()
        ))),
    }
}

/// Reads a package from its descriptor on.
pub(super) fn read(files: &Files) -> Result<Package, ImportError> {
    let text = files.read("datapackage.json").map_err(ImportError::Unreadable)?;
    let descriptor: Descriptor = serde_json::from_str(&text)
        .map_err(|error| ImportError::Unreadable(format!("datapackage.json is not a data package: {error}")))?;
    let mut reading = Reading::default();
    for resource in descriptor.resources {
        let paths = match resource.path {
            OneOrMany::One(path) => vec![path],
            OneOrMany::Many(paths) => paths,
        };
        for path in paths {
            match files.read(&path) {
                Ok(text) if resource.name == "instruments" => reading.instrument(&path, &text),
                Ok(text) => reading.table(&resource.name, &path, &text),
                Err(reason) => reading.complain(&path, None, reason),
            }
        }
    }
    reading.finish()
}

/// A single file is known by its name, or by having exactly the columns of one of ours.
fn kind_of(stem: &str, text: &str) -> Option<&'static str> {
    let header: Vec<&str> = text
        .lines()
        .next()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .collect();
    let by_name = COLUMNS.iter().find(|(name, _)| *name == stem);
    by_name
        .or_else(|| COLUMNS.iter().find(|(_, columns)| *columns == header.as_slice()))
        .map(|(name, _)| *name)
}

#[derive(Default)]
struct Reading {
    package: Package,
    complaints: Vec<Complaint>,
}

impl Reading {
    fn complain(&mut self, file: &str, row: Option<u64>, reason: String) {
        self.complaints.push(Complaint {
            file: file.to_owned(),
            row,
            column: None,
            reason,
        });
    }

    fn finish(self) -> Result<Package, ImportError> {
        if self.complaints.is_empty() {
            Ok(self.package)
        } else {
            Err(ImportError::Rejected(self.complaints))
        }
    }

    fn table(&mut self, kind: &str, file: &str, text: &str) {
        let Some((_, columns)) = COLUMNS.iter().find(|(name, _)| *name == kind) else {
            return self.complain(file, None, format!("there is no resource named {kind}"));
        };
        let table = match Table::read(file, text, columns) {
            Ok(table) => table,
            Err(mut complaints) => return self.complaints.append(&mut complaints),
        };
        let package = &mut self.package;
        let mut complaints = match kind {
            "states" => fill(&mut package.states, table.parse(rows::state)),
            "themes" => fill(&mut package.themes, table.parse(rows::theme)),
            "participation" => fill(&mut package.participation, table.parse(rows::participation)),
            "reservations" => fill(&mut package.reservations, table.parse(rows::reservation)),
            "reports" => fill(&mut package.reports, table.parse(rows::report)),
            "evidence" => fill(&mut package.evidence, table.parse(rows::evidence)),
            _ => fill(&mut package.causes, table.parse(rows::cause)),
        };
        self.complaints.append(&mut complaints);
    }

    fn instrument(&mut self, file: &str, text: &str) {
        match toml::from_str::<Instrument>(text) {
            Ok(instrument) => self.package.instruments.push((
                Place {
                    file: file.to_owned(),
                    row: 1,
                },
                instrument,
            )),
            Err(error) => {
                let row = error
                    .span()
                    .map(|span| text[..span.start].bytes().filter(|byte| *byte == b'\n').count() as u64 + 1);
                self.complain(file, row, error.message().to_owned());
            }
        }
    }
}

fn fill<T>(into: &mut Placed<T>, (parsed, complaints): (Placed<T>, Vec<Complaint>)) -> Vec<Complaint> {
    into.extend(parsed);
    complaints
}
