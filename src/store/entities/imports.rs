use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub who: String,
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    pub sha256: String,
    pub status: String,
    #[sea_orm(column_type = "Text")]
    pub notes: String,
    pub total: i32,
    pub position: i32,
    pub added: i32,
    pub changed: i32,
    pub unchanged: i32,
    pub refused: i32,
    pub applied: i32,
    pub started_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
    #[sea_orm(column_type = "Text", nullable)]
    pub leased_by: Option<String>,
    pub lease_until: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
