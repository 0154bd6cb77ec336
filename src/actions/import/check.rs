//! Whether everything that a package names exists, in the package itself or in the database, and nothing comes twice.

use super::Complaint;
use super::package::Package;
use super::table::Place;
use crate::domain::ids::{InstrumentCode, ProvisionId, StateCode, ThemeCode};
use crate::domain::reference::Reference;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The keys that may be named.
struct Known {
    states: HashSet<StateCode>,
    themes: HashSet<ThemeCode>,
    instruments: HashSet<InstrumentCode>,
    provisions: HashSet<ProvisionId>,
    evidence: HashSet<String>,
}

impl Known {
    fn new(package: &Package, held: &Reference, evidence: impl Iterator<Item = String>) -> Self {
        let instruments = || package.instruments.iter().map(|(_, i)| i).chain(held.instruments());
        Self {
            states: package
                .states
                .iter()
                .map(|(_, s)| s)
                .chain(held.states())
                .map(|s| s.iso3.clone())
                .collect(),
            themes: package
                .themes
                .iter()
                .map(|(_, t)| t)
                .chain(held.themes())
                .map(|t| t.code.clone())
                .collect(),
            instruments: instruments().map(|i| i.code.clone()).collect(),
            provisions: instruments()
                .flat_map(|i| &i.provisions)
                .map(|p| p.id.clone())
                .collect(),
            evidence: package
                .evidence
                .iter()
                .map(|(_, e)| e.key.clone())
                .chain(evidence)
                .collect(),
        }
    }
}

/// All complaints about names that lead nowhere and keys that come twice.
pub(super) fn complaints(
    package: &Package,
    held: &Reference,
    evidence: impl Iterator<Item = String>,
) -> Vec<Complaint> {
    let mut check = Check {
        known: Known::new(package, held, evidence),
        held,
        complaints: Vec::new(),
    };
    check.instruments(package);
    for (place, (state, instrument, _)) in &package.participation {
        check.state(place, state);
        check.instrument(place, instrument);
    }
    for (place, (state, instrument, _)) in &package.reservations {
        check.state(place, state);
        check.instrument(place, instrument);
    }
    for (place, (state, instrument, _)) in &package.reports {
        check.state(place, state);
        check.instrument(place, instrument);
    }
    for (place, evidence) in &package.evidence {
        check.state(place, &evidence.state);
        if let Some(theme) = &evidence.theme {
            check.theme(place, "theme", theme);
        }
        evidence
            .provisions
            .iter()
            .for_each(|provision| check.provision(place, "provisions", provision));
    }
    for (place, cause) in &package.causes {
        check.state(place, &cause.state);
        check.provision(place, "provision", &cause.provision);
        for key in &cause.evidence {
            if !check.known.evidence.contains(key) {
                check.complain(place, "evidence", format!("there is no evidence “{key}”"));
            }
        }
    }
    check.twice(package);
    check.complaints
}

struct Check<'a> {
    known: Known,
    held: &'a Reference,
    complaints: Vec<Complaint>,
}

impl Check<'_> {
    fn complain(&mut self, place: &Place, column: &str, reason: String) {
        self.complaints.push(place.complain(column, reason));
    }

    fn state(&mut self, place: &Place, code: &StateCode) {
        if !self.known.states.contains(code) {
            let hint = self
                .held
                .find_state(code.as_str())
                .err()
                .map_or_else(String::new, |unknown| unknown.to_string());
            self.complain(
                place,
                "state",
                if hint.is_empty() {
                    format!("there is no state “{code}”")
                } else {
                    hint
                },
            );
        }
    }

    fn instrument(&mut self, place: &Place, code: &InstrumentCode) {
        if !self.known.instruments.contains(code) {
            self.complain(place, "instrument", format!("there is no instrument “{code}”"));
        }
    }

    fn theme(&mut self, place: &Place, column: &str, code: &ThemeCode) {
        if !self.known.themes.contains(code) {
            self.complain(place, column, format!("there is no theme “{code}”"));
        }
    }

    fn provision(&mut self, place: &Place, column: &str, id: &ProvisionId) {
        if !self.known.provisions.contains(id) {
            self.complain(place, column, format!("there is no provision “{id}”"));
        }
    }

    fn instruments(&mut self, package: &Package) {
        for (place, instrument) in &package.instruments {
            let mut seen = BTreeSet::new();
            for provision in &instrument.provisions {
                let column = provision.id.as_str();
                if !seen.insert(&provision.id) {
                    self.complain(place, column, "the provision comes twice".to_owned());
                }
                if !column.starts_with(&format!("{}-", instrument.code)) {
                    self.complain(
                        place,
                        column,
                        format!("a provision of {0} starts with {0}-", instrument.code),
                    );
                }
                let themes = [Some(&provision.theme), provision.theme_secondary.as_ref()];
                themes
                    .into_iter()
                    .flatten()
                    .for_each(|theme| self.theme(place, column, theme));
            }
        }
    }

    fn twice(&mut self, package: &Package) {
        self.unique(
            package.states.iter().map(|(place, s)| (place, s.iso3.to_string())),
            "iso3",
        );
        self.unique(
            package.themes.iter().map(|(place, t)| (place, t.code.to_string())),
            "code",
        );
        self.unique(
            package.instruments.iter().map(|(place, i)| (place, i.code.to_string())),
            "code",
        );
        let period = |actions: &[crate::domain::participation::TreatyAction]| actions.first().map_or(0, |a| a.period);
        let memberships = package.participation.iter();
        self.unique(
            memberships.map(|(place, (s, i, a))| (place, format!("{s}/{i}/{}", period(a)))),
            "period",
        );
        self.unique(
            package
                .reservations
                .iter()
                .map(|(place, (_, _, r))| (place, r.id.clone())),
            "id",
        );
        self.unique(
            package
                .reports
                .iter()
                .map(|(place, (s, i, r))| (place, format!("{s}/{i}/{}", r.cycle))),
            "cycle",
        );
        self.unique(package.evidence.iter().map(|(place, e)| (place, e.key.clone())), "id");
        self.unique(package.causes.iter().map(|(place, c)| (place, c.id.clone())), "id");
    }

    fn unique<'p>(&mut self, keys: impl Iterator<Item = (&'p Place, String)>, column: &str) {
        let mut seen: HashMap<String, &Place> = HashMap::new();
        for (place, key) in keys {
            if let Some(first) = seen.get(&key) {
                let reason = format!("“{key}” is already in {} row {}", first.file, first.row);
                self.complaints.push(place.complain(column, reason));
            } else {
                seen.insert(key, place);
            }
        }
    }
}
