use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "coding_rounds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: String,
    pub provision: String,
    pub opened_by: String,
    pub opened_at: DateTimeUtc,
    pub status: String,
    pub grades: Option<String>,
    pub completed_at: Option<DateTimeUtc>,
    pub settled_at: Option<DateTimeUtc>,
    pub assessment: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::provisions::Entity",
        from = "Column::Provision",
        to = "super::provisions::Column::Id"
    )]
    Provision,
    #[sea_orm(has_many = "super::coding_coders::Entity")]
    Coders,
}

impl Related<super::coding_coders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Coders.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
