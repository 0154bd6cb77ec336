use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    #[sea_orm(column_type = "Text")]
    pub link: String,
    pub status: String,
    pub since: DateTimeUtc,
    pub checked_at: Option<DateTimeUtc>,
    pub next_check_at: DateTimeUtc,
    pub failures: i32,
    #[sea_orm(column_type = "Text")]
    pub why: Option<String>,
    pub http_status: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub content_type: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub title: Option<String>,
    pub published: Option<String>,
    pub content_sha256: Option<String>,
    pub snapshot_sha256: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub final_address: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub archived: Option<String>,
    pub leased_by: Option<String>,
    pub lease_until: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::evidence::Entity",
        from = "Column::Hash",
        to = "super::evidence::Column::LinkHash"
    )]
    Evidence,
}

impl ActiveModelBehavior for ActiveModel {}
