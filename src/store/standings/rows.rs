//! Rows of standings as values and back.

use crate::domain::assessments::Grade;
use crate::domain::dates::parse_day;
use crate::domain::gaps::{Basis, Standing};
use crate::domain::standings::KeptStanding;
use crate::store::StoreError;
use crate::store::entities::standings as table;
use chrono::{DateTime, Utc};
use sea_orm::Set;
use uuid::Uuid;

fn number(grade: Option<Grade>) -> Option<i32> {
    grade.map(|grade| grade.number().into())
}

fn grade(number: Option<i32>) -> Option<Grade> {
    number.and_then(|number| Grade::from_number(u8::try_from(number).ok()?))
}

pub(super) fn write(row: &KeptStanding, at: DateTime<Utc>) -> table::ActiveModel {
    table::ActiveModel {
        id: Set(Uuid::now_v7()),
        state: Set(row.state.to_string()),
        provision: Set(row.provision.to_string()),
        instrument: Set(row.instrument.to_string()),
        theme: Set(row.theme.to_string()),
        gradable: Set(row.gradable),
        grade: Set(number(row.standing.grade)),
        basis: Set(row.standing.basis.code().to_owned()),
        contested: Set(row.standing.contested),
        suggested: Set(number(row.suggested)),
        strength: Set(row.strength),
        evidence: Set(row.evidence),
        newest_fact: Set(row.newest_fact.map(|day| day.to_string())),
        newest_accepted_at: Set(row.newest_accepted_at),
        assessed_at: Set(row.assessed_at),
        waits: Set(row.waits()),
        disputed: Set(row.disputed()),
        aged_from: Set(row.aged_from().map(|day| day.to_string())),
        recorded_at: Set(at),
        superseded_at: Set(None),
    }
}

pub(super) fn read(row: table::Model) -> Result<KeptStanding, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(format!("standing {}: {what}", row.id));
    let day = |text: &str| parse_day(text).map_err(|error| unreadable(&error.to_string()));
    let basis = [Basis::Assessed, Basis::Suggested, Basis::NoInformation];
    let basis = basis.into_iter().find(|basis| basis.code() == row.basis);
    let code = |error: crate::domain::ids::InvalidCode| unreadable(&error.to_string());
    Ok(KeptStanding {
        state: row.state.parse().map_err(code)?,
        provision: row.provision.parse().map_err(code)?,
        instrument: row.instrument.parse().map_err(code)?,
        theme: row.theme.parse().map_err(code)?,
        gradable: row.gradable,
        standing: Standing {
            grade: grade(row.grade),
            basis: basis.ok_or_else(|| unreadable("its basis"))?,
            contested: row.contested,
        },
        suggested: grade(row.suggested),
        strength: row.strength,
        evidence: row.evidence,
        newest_fact: row.newest_fact.as_deref().map(day).transpose()?,
        newest_accepted_at: row.newest_accepted_at,
        assessed_at: row.assessed_at,
    })
}
