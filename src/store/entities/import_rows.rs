use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub noun: String,
    pub line: i32,
    #[sea_orm(column_type = "Text")]
    pub cells: String,
    pub row_key: Option<String>,
    pub status: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub report: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
