use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recommendation_revisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub recommendation: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    pub state: String,
    #[sea_orm(column_type = "Text")]
    pub document: String,
    pub recorded_by: String,
    pub recorded_at: DateTimeUtc,
    pub replaced_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
