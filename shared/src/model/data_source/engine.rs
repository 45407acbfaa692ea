//! The engines that data sources speak, and the types that these belong to.

use crate::string_enum;

string_enum! {
    /// What kind of place the data is in.
    #[schema(as = DataSourceType)]
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Type {
        Database = "database",
        Api = "api",
        File = "file",
        Cloud = "cloud",
    }
}

string_enum! {
    /// What speaks there.
    #[schema(as = DataSourceEngine)]
    #[expect(missing_docs, reason = "the names say it")]
    pub enum Engine {
        PostgreSql = "postgresql",
        MySql = "mysql",
        Csv = "csv",
        Parquet = "parquet",
        Json = "json",
        Xlsx = "xlsx",
        Rest = "rest",
        S3 = "s3",
        Athena = "athena",
    }
}

impl Engine {
    const ALL: [Self; 9] = [
        Self::PostgreSql,
        Self::MySql,
        Self::Csv,
        Self::Parquet,
        Self::Json,
        Self::Xlsx,
        Self::Rest,
        Self::S3,
        Self::Athena,
    ];

    /// Whether a source of the engine may have more than one table.
    pub fn has_many_tables(self) -> bool {
        matches!(self, Self::PostgreSql | Self::MySql | Self::Xlsx | Self::Athena)
    }

    /// Whether queries are asked of the place itself, and only its catalog is imported.
    pub fn is_live(self) -> bool {
        matches!(self, Self::PostgreSql | Self::MySql | Self::Athena)
    }

    /// The type of the sources that the engine speaks for.
    pub fn source_type(self) -> Type {
        match self {
            Self::PostgreSql | Self::MySql => Type::Database,
            Self::Csv | Self::Parquet | Self::Json | Self::Xlsx => Type::File,
            Self::Rest => Type::Api,
            Self::S3 | Self::Athena => Type::Cloud,
        }
    }
}

impl Type {
    /// The engines there are for the type, for people.
    pub fn engines(self) -> String {
        let engines = Engine::ALL.iter().filter(|engine| engine.source_type() == self);
        engines.map(|engine| engine.as_str()).collect::<Vec<_>>().join(", ")
    }
}
