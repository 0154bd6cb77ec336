//! Answers about states, themes and instruments.

use crate::domain::instruments::Instrument;
use crate::domain::reference::{State, Theme};
use serde::Serialize;
use utoipa::ToSchema;

/// One state.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateAnswer {
    /// ISO 3166-1 alpha-3.
    pub iso3: String,
    /// Names in English, French, Spanish, Arabic, Russian and Chinese.
    pub names: Vec<String>,
    /// M49 region.
    pub region: String,
    /// M49 subregion.
    pub subregion: String,
    /// Regional group at the United Nations.
    pub un_group: String,
    /// World Bank income group.
    pub income_group: String,
    /// `member`, `observer` or `other`.
    pub membership: String,
}

impl From<&State> for StateAnswer {
    fn from(state: &State) -> Self {
        Self {
            iso3: state.iso3.to_string(),
            names: state.name.all().map(str::to_owned).into(),
            region: state.region.clone(),
            subregion: state.subregion.clone(),
            un_group: state.un_group.clone(),
            income_group: state.income_group.clone(),
            membership: state.membership.clone(),
        }
    }
}

/// One theme.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeAnswer {
    /// Such as `T08`.
    pub code: String,
    /// The family it belongs to.
    pub cluster: String,
    /// Names in English, French, Spanish, Arabic, Russian and Chinese.
    pub labels: Vec<String>,
    /// What it is about.
    pub description: String,
}

impl From<&Theme> for ThemeAnswer {
    fn from(theme: &Theme) -> Self {
        Self {
            code: theme.code.to_string(),
            cluster: theme.cluster.clone(),
            labels: theme.label.all().map(str::to_owned).into(),
            description: theme.description.clone(),
        }
    }
}

/// One instrument in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentAnswer {
    /// Such as `ICRMW`.
    pub code: String,
    /// Official titles in English, French, Spanish, Arabic, Russian and Chinese.
    pub titles: Vec<String>,
    /// Who monitors it.
    pub body: String,
    /// Date of adoption.
    pub adopted: chrono::NaiveDate,
    /// General entry into force.
    pub entry_into_force: chrono::NaiveDate,
    /// Entry into force for a state, in words.
    pub entry_into_force_rule: String,
    /// Reports, in words.
    pub reporting_rule: String,
    /// How many provisions it has here.
    pub provisions: usize,
}

impl From<&Instrument> for InstrumentAnswer {
    fn from(instrument: &Instrument) -> Self {
        let rule = &instrument.entry_into_force_rule;
        Self {
            code: instrument.code.to_string(),
            titles: instrument.title.all().map(str::to_owned).into(),
            body: instrument.body.name.clone(),
            adopted: instrument.adopted,
            entry_into_force: instrument.entry_into_force,
            entry_into_force_rule: format!("{}, {}", rule.text, rule.article),
            reporting_rule: instrument.reporting.text.clone(),
            provisions: instrument.provisions.len(),
        }
    }
}
