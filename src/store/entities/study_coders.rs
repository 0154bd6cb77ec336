use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_coders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub study: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub coder: String,
    pub finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
