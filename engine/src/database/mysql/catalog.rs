//! The catalog of MySQL and MariaDB.

use mysql_async::prelude::Queryable as _;
use shared::model::table::{ColumnType, TableKind};

use super::Session;
use crate::database::catalog::Listed;
use crate::database::error::SourceError;
use crate::database::target::Target;

type Row = (String, String, String, String, String, String, String, String, String);

/// Tables and views: of each the columns that the user may read. Names are compared by their bytes.
const COLUMNS: &str = "
SELECT c.TABLE_SCHEMA, c.TABLE_NAME, t.TABLE_TYPE, c.COLUMN_NAME, c.COLUMN_TYPE, c.DATA_TYPE, c.IS_NULLABLE, c.PRIVILEGES,
       coalesce(nullif(c.CHARACTER_SET_NAME, 'utf8mb4'), '')
FROM information_schema.COLUMNS c
JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
WHERE c.TABLE_SCHEMA = ? ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION";

pub(in crate::database) async fn list(
    session: &mut Session,
    target: &Target,
) -> Result<Vec<Listed>, SourceError> {
    let database = std::slice::from_ref(&target.settings.database);
    let schemas = target.settings.schemas.as_deref().unwrap_or(database);
    let mut listed = Vec::new();
    for schema in schemas.iter().filter(|schema| !target.settings.excluded_schemas.contains(schema)) {
        session.connection.is_waiting = true;
        let rows: Result<Vec<Row>, _> = session.connection.exec(COLUMNS, (schema,)).await;
        session.connection.is_waiting = rows.is_err();
        let rows = rows.map_err(|error| session.explain(&error))?;
        listed.extend(rows.into_iter().filter_map(of_row));
    }
    Ok(listed)
}

fn of_row(row: Row) -> Option<Listed> {
    let (schema, table, kind, column, mut native, data_type, nullable, privileges, characters) = row;
    let may = |privilege: &str| privileges.split(',').any(|one| one.trim().eq_ignore_ascii_case(privilege));
    let column_type = column_type(&data_type.to_lowercase(), &native);
    if !characters.is_empty() {
        native = format!("{native} character set {characters}");
    }
    may("select").then(|| Listed {
        schema,
        table,
        kind: if kind.contains("VIEW") { TableKind::View } else { TableKind::Table },
        column,
        column_type,
        native_type: native,
        is_nullable: nullable == "YES",
        is_writable: may("insert") || may("update"),
    })
}

/// What a type holds. None where its values are no single ones of ours: bytes, bits and shapes.
fn column_type(name: &str, native: &str) -> Option<ColumnType> {
    Some(match name {
        "tinyint" if native.starts_with("tinyint(1)") => ColumnType::Boolean,
        "bit" if native == "bit(1)" => ColumnType::Boolean,
        "bigint" if native.contains("unsigned") => ColumnType::Number,
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => ColumnType::Integer,
        "decimal" | "float" | "double" => ColumnType::Number,
        "date" => ColumnType::Date,
        "datetime" | "timestamp" => ColumnType::Datetime,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set" | "json"
        | "time" | "uuid" | "inet4" | "inet6" => ColumnType::Text,
        _ => return None,
    })
}
