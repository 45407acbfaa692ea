//! The catalog of PostgreSQL.

use shared::model::table::{ColumnType, TableKind};
use tokio_postgres::types::Type;

use super::Session;
use crate::database::catalog::Listed;
use crate::database::error::SourceError;
use crate::database::target::Target;

/// Tables, views, materialized views, foreign tables and partitioned ones, but not their parts: of each the columns that the user may
/// read. A domain is what it is made of.
const COLUMNS: &str = "
SELECT n.nspname::text, c.relname::text, c.relkind IN ('v', 'm'), a.attname::text,
       format_type(b.oid, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END),
       b.typtype::text, b.typcategory::text, b.typname::text, NOT (a.attnotnull OR t.typnotnull),
       has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'),
       coalesce(NOT l.collisdeterministic, false)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND ($1::text[] IS NULL OR n.nspname = ANY ($1)) AND n.nspname <> ALL ($2::text[])
  AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\", a.attnum";

pub(in crate::database) async fn list(
    session: &Session,
    target: &Target,
) -> Result<Vec<Listed>, SourceError> {
    let (schemas, excluded) = (&target.settings.schemas, &target.settings.excluded_schemas);
    let parameters = [(schemas as _, Type::TEXT_ARRAY), (excluded as _, Type::TEXT_ARRAY)];
    let rows = session.client.query_typed(COLUMNS, &parameters).await;
    let rows = rows.map_err(|error| session.explain(&error))?;
    let listed = rows.iter().map(|row| {
        let text = |index: usize| row.try_get::<_, String>(index);
        let is = |index: usize| row.try_get::<_, bool>(index);
        let (mut native_type, type_kind) = (text(4)?, text(5)?);
        let column_type = column_type(&type_kind, &text(6)?, &text(7)?);
        // Its own equality is not that of bytes.
        if is(10)? {
            native_type = format!("collated {native_type}");
        }
        Ok(Listed {
            schema: text(0)?,
            table: text(1)?,
            kind: if is(2)? { TableKind::View } else { TableKind::Table },
            column: text(3)?,
            native_type,
            column_type,
            is_nullable: is(8)?,
            is_writable: is(9)?,
        })
    });
    listed.collect::<Result<_, tokio_postgres::Error>>().map_err(|error| session.explain(&error))
}

/// What a type holds, by [its kind, its category](https://www.postgresql.org/docs/current/catalog-pg-type.html) and its name. None where
/// its values are no single ones of ours: arrays, rows, ranges, shapes, bits and bytes.
fn column_type(kind: &str, category: &str, name: &str) -> Option<ColumnType> {
    Some(match name {
        "int2" | "int4" | "int8" => ColumnType::Integer,
        "numeric" | "float4" | "float8" => ColumnType::Number,
        "bool" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        "timestamp" | "timestamptz" => ColumnType::Datetime,
        "uuid" | "json" | "jsonb" | "xml" | "time" | "timetz" | "interval" | "macaddr" | "macaddr8" => {
            ColumnType::Text
        }
        _ if kind == "e" || category == "S" || category == "I" => ColumnType::Text,
        _ => return None,
    })
}
