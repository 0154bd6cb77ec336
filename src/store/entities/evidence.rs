use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub natural_key: String,
    pub state: String,
    pub theme: Option<String>,
    pub revision: i32,
    pub recorded_at: DateTimeUtc,
    pub status: String,
    pub author: String,
    pub accepted_revision: Option<i32>,
    pub review_by: Option<String>,
    pub changed_at: Option<DateTimeUtc>,
    pub link_hash: Option<String>,
    pub likeness: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
