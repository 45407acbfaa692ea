//! The types of Athena's columns, as Hive and Trino write them, and what they hold.

use shared::model::table::ColumnType;

/// What a type holds. None where its values are no single ones of ours: bytes, lists, maps, rows and intervals.
pub(super) fn column_type(native: &str) -> Option<ColumnType> {
    let name = native.split_once('(').map_or(native, |(name, _)| name).trim();
    Some(match name {
        "tinyint" | "smallint" | "int" | "integer" | "bigint" => ColumnType::Integer,
        "decimal" | "float" | "real" | "double" => ColumnType::Number,
        "string" | "varchar" | "char" => ColumnType::Text,
        "boolean" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        name if name.starts_with("timestamp") => ColumnType::Datetime,
        _ => return None,
    })
}

/// A type as it is kept: in small letters, and with one name for instants that have a time zone.
pub(super) fn native_type(written: &str) -> String {
    let native = written.trim().to_lowercase();
    if native == "timestamptz" { "timestamp with time zone".to_owned() } else { native }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_hive_and_of_trino_are_known() {
        for (native, wanted) in [
            ("bigint", Some(ColumnType::Integer)),
            ("decimal(10,2)", Some(ColumnType::Number)),
            ("varchar(20)", Some(ColumnType::Text)),
            ("String", Some(ColumnType::Text)),
            ("timestamp", Some(ColumnType::Datetime)),
            ("timestamp(6) with time zone", Some(ColumnType::Datetime)),
            ("timestamptz", Some(ColumnType::Datetime)),
            ("array<string>", None),
            ("struct<a:int>", None),
            ("row(a integer)", None),
            ("map<string,int>", None),
            ("binary", None),
            ("varbinary", None),
        ] {
            assert_eq!(column_type(&native_type(native)), wanted, "{native}");
        }
        assert!(native_type("timestamptz").ends_with("with time zone"));
    }
}
