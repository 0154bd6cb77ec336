use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence_provisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub evidence: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub provision: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
