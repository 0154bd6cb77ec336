//! Answers about obligations.

use crate::domain::ids::InstrumentCode;
use crate::domain::ids::StateCode;
use crate::domain::ids::ThemeCode;
use crate::domain::obligations::Obligation;
use crate::domain::reference::Reference;
use crate::domain::summaries::World;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Obligations in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationsAnswer {
    /// The state.
    pub state: String,
    /// The date asked for.
    pub as_of: NaiveDate,
    /// In the order of the instruments and their articles.
    pub obligations: Vec<ObligationRow>,
}

/// One obligation in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationRow {
    /// Such as `ICRMW-16.4`.
    pub provision: String,
    /// The instrument.
    pub instrument: String,
    /// The theme.
    pub theme: String,
    /// In force for the state since; null where nobody gave us the date.
    pub in_force_since: Option<String>,
    /// The strongest standing reservation that names it, or null.
    pub reservation: Option<ReservationAnswer>,
    /// A short name.
    pub label: String,
    /// Whom it protects.
    pub applies_to: String,
    /// Whether it can be graded.
    pub gradable: bool,
}

/// A reservation to an obligation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReservationAnswer {
    /// `excluded`, `modified` or `touched` (its effect was not read).
    #[schema(value_type = String)]
    pub effect: &'static str,
    /// The articles it names.
    pub articles: String,
    /// What it says, in our own words.
    pub gist: String,
    /// The article that forbids it, where there is one.
    pub forbidden_by: Option<String>,
}

impl ObligationRow {
    /// One obligation.
    #[must_use]
    pub fn new(obligation: &Obligation<'_>) -> Self {
        let reservation = obligation.reservation.map(|reservation| ReservationAnswer {
            effect: reservation.effect.code(),
            articles: reservation.articles.clone(),
            gist: reservation.gist.clone(),
            forbidden_by: obligation.forbidden_by.map(str::to_owned),
        });
        let provision = obligation.provision;
        Self {
            provision: provision.id.to_string(),
            instrument: obligation.instrument.code.to_string(),
            theme: provision.theme.to_string(),
            in_force_since: obligation.in_force_since.map(|span| span.to_string()),
            reservation,
            label: provision.label.clone(),
            applies_to: provision.applies_to.clone(),
            gradable: obligation.is_gradable(),
        }
    }
}

impl ObligationsAnswer {
    /// Columns of a table of it.
    pub const COLUMNS: &'static [&'static str] = &[
        "provision",
        "instrument",
        "theme",
        "in_force_since",
        "reservation.effect",
        "reservation.articles",
        "reservation.gist",
        "label",
        "applies_to",
        "gradable",
    ];

    /// The obligations of one state, of one instrument or one theme where asked.
    #[must_use]
    pub fn of(
        reference: &Reference,
        world: &World,
        state: &StateCode,
        instrument: Option<&InstrumentCode>,
        theme: Option<&ThemeCode>,
        as_of: NaiveDate,
    ) -> Self {
        let acceptances = world.acceptances(reference, as_of);
        let wanted = reference
            .instruments()
            .iter()
            .filter(|i| instrument.is_none_or(|code| *code == i.code));
        let all = wanted.flat_map(|i| world.obligations(state, i, &acceptances, as_of));
        let of_theme = all.filter(|o| theme.is_none_or(|code| *code == o.provision.theme));
        let rows = of_theme.map(|obligation| ObligationRow::new(&obligation)).collect();
        Self {
            state: state.to_string(),
            as_of,
            obligations: rows,
        }
    }
}
