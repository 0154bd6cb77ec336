use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub provision: String,
    pub instrument: String,
    pub theme: String,
    pub gradable: bool,
    pub grade: Option<i32>,
    pub basis: String,
    pub contested: bool,
    pub suggested: Option<i32>,
    pub strength: i32,
    pub evidence: i32,
    pub newest_fact: Option<String>,
    pub newest_accepted_at: Option<DateTimeUtc>,
    pub assessed_at: Option<DateTimeUtc>,
    pub waits: bool,
    pub disputed: bool,
    pub aged_from: Option<String>,
    pub recorded_at: DateTimeUtc,
    pub superseded_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
