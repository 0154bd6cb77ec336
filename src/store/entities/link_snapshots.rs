use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_snapshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub link_hash: String,
    pub at: DateTimeUtc,
    pub status: String,
    #[sea_orm(column_type = "Text")]
    pub detail: Option<String>,
    pub snapshot_sha256: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub text: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
