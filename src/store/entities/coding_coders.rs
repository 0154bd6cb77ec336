use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "coding_coders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub round: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub coder: String,
    pub handed_in_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::coding_rounds::Entity",
        from = "Column::Round",
        to = "super::coding_rounds::Column::Id"
    )]
    Round,
}

impl Related<super::coding_rounds::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Round.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
