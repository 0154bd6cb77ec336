//! Obligations in force: one provision that binds one state on one date, with why, and net of what was reserved.

use super::dates::DateSpan;
use super::ids::{ProvisionId, StateCode};
use super::instruments::{Instrument, Provision};
use super::participation::{ALL_PARTS_EXCLUDED, Participation, Status};
use super::reservations::{Effect, Reservation};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// Which states have accepted which optional clauses, counted over the whole world.
#[derive(Debug, Clone, Default)]
pub struct Acceptances {
    by_provision: HashMap<ProvisionId, BTreeSet<StateCode>>,
}

impl Acceptances {
    /// Notes that a state accepted every optional clause that the declaration names, if it stands on `as_of`.
    pub fn add(&mut self, instrument: &Instrument, state: &StateCode, declaration: &Reservation, as_of: NaiveDate) {
        if declaration.effect != Effect::Accepts || !declaration.stands_on(as_of) {
            return;
        }
        let optional = instrument.provisions.iter().filter(|p| p.declarations_needed.is_some());
        for provision in optional.filter(|provision| declaration.names(provision)) {
            self.by_provision
                .entry(provision.id.clone())
                .or_default()
                .insert(state.clone());
        }
    }

    /// How many states have accepted the clause.
    #[must_use]
    pub fn count(&self, provision: &ProvisionId) -> usize {
        self.by_provision.get(provision).map_or(0, BTreeSet::len)
    }
}

/// One provision that binds one state on one date.
#[derive(Debug, Clone)]
pub struct Obligation<'a> {
    /// The provision.
    pub provision: &'a Provision,
    /// Its instrument.
    pub instrument: &'a Instrument,
    /// In force for the state since; none where nobody gave us the date.
    pub in_force_since: Option<DateSpan>,
    /// The strongest standing reservation that names it.
    pub reservation: Option<&'a Reservation>,
    /// The article that forbids that reservation, where there is one.
    pub forbidden_by: Option<&'a str>,
}

impl Obligation<'_> {
    /// Whether it binds: everything but what a reservation excludes.
    #[must_use]
    pub fn binds(&self) -> bool {
        // A reservation that the instrument forbids is shown and flagged; its effect is debated, so it is not applied.
        self.effect() != Some(Effect::Excluded) || self.forbidden_by.is_some()
    }

    /// Whether it can be graded and so can have a gap.
    #[must_use]
    pub fn is_gradable(&self) -> bool {
        self.provision.gradable && self.binds()
    }

    /// What a reservation does to it.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        self.reservation.map(|reservation| reservation.effect)
    }
}

/// The obligations of a state under one instrument on `as_of`, in the order of the treaty. Those that a reservation
/// excludes are in the list and say so; parts never accepted and optional clauses not in force are not.
#[must_use]
pub fn obligations<'a>(
    instrument: &'a Instrument,
    participation: &Participation,
    reservations: &'a [Reservation],
    acceptances: &Acceptances,
    as_of: NaiveDate,
) -> Vec<Obligation<'a>> {
    if participation.status != Status::Party {
        return Vec::new();
    }
    let standing: Vec<&Reservation> = reservations.iter().filter(|r| r.stands_on(as_of)).collect();
    let accepted = |provision: &Provision| accepts(instrument, provision, participation, &standing, acceptances);
    let of = |provision: &'a Provision| {
        let naming = standing
            .iter()
            .filter(|r| r.effect >= Effect::Touched && r.names(provision));
        let strongest = naming.copied().max_by_key(|reservation| reservation.effect);
        Obligation {
            provision,
            instrument,
            in_force_since: participation.in_force_since,
            reservation: strongest,
            forbidden_by: strongest.and_then(|reservation| reservation.forbidden_by(instrument)),
        }
    };
    instrument
        .provisions
        .iter()
        .filter(|provision| accepted(provision))
        .map(of)
        .collect()
}

/// Whether the state accepted the part or the optional clause in which the provision stands. A part may be left out only
/// where the instrument says so, and not where the declaration itself is not permitted.
fn accepts(
    instrument: &Instrument,
    provision: &Provision,
    participation: &Participation,
    standing: &[&Reservation],
    all: &Acceptances,
) -> bool {
    let optional = instrument
        .optional_parts
        .as_ref()
        .is_some_and(|optional| optional.parts.contains(&provision.part));
    if optional && participation.parts_excluded.contains(&provision.part) {
        return participation.flags.contains(&ALL_PARTS_EXCLUDED);
    }
    match provision.declarations_needed {
        None => true,
        Some(needed) => {
            let own = standing
                .iter()
                .any(|r| r.effect == Effect::Accepts && r.names(provision));
            own && all.count(&provision.id) >= needed
        }
    }
}
