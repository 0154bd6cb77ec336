use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence_revisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub evidence: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i32,
    #[sea_orm(column_type = "Text")]
    pub document: String,
    pub digest: String,
    pub recorded_by: String,
    pub recorded_at: DateTimeUtc,
    pub state: Option<String>,
    pub status: String,
    pub accepted_at: Option<DateTimeUtc>,
    pub replaced_at: Option<DateTimeUtc>,
    pub file_sha256: Option<String>,
    pub theme: Option<String>,
    pub exact: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
