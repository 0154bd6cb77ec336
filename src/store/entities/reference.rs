//! The three tables of reference documents. They have one shape, so they are written once.

macro_rules! reference_table {
    ($module:ident, $table:literal) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub code: String,
                pub position: i32,
                #[sea_orm(column_type = "Text")]
                pub document: String,
                pub digest: String,
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

reference_table!(states, "states");
reference_table!(themes, "themes");
reference_table!(instruments, "instruments");
