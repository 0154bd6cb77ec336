//! The three tables of legal facts. They have one shape, so they are written once.

macro_rules! fact_table {
    ($module:ident, $table:literal) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: Uuid,
                pub natural_key: String,
                pub digest: String,
                pub state: String,
                pub instrument: String,
                #[sea_orm(column_type = "Text")]
                pub document: String,
                pub recorded_by: String,
                pub recorded_at: DateTimeUtc,
                pub superseded_at: Option<DateTimeUtc>,
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

fact_table!(treaty_actions, "treaty_actions");
fact_table!(reservations, "reservations");
fact_table!(reports, "reports");
