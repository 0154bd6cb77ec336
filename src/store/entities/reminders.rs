use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub instrument: String,
    pub report: String,
    pub revision: i32,
    pub offset_days: i32,
    pub recipient: Uuid,
    pub channel: String,
    pub due: String,
    pub status: String,
    pub attempts: i32,
    pub leased_by: Option<String>,
    pub lease_until: Option<DateTimeUtc>,
    pub next_try_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub last_error: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    pub message_id: String,
    pub planned_at: DateTimeUtc,
    pub settled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
