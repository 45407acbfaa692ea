//! Tables: what is in a data source, column by column.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::string_enum;

/// The name of the one table of a file that is no spreadsheet.
pub const ONLY_TABLE: &str = "data";

/// How many columns a table may have.
pub const MAX_COLUMNS: usize = 2_000;

/// How many tables a file may have: sheets of a spreadsheet.
pub const MAX_TABLES: usize = 100;

/// How long the name of a column or of a table may be, in characters.
pub const MAX_NAME_CHARACTERS: usize = 255;

string_enum! {
    /// What a column holds, and how it is written in JSON: integers and numbers as numbers, dates as `"2025-06-15"`, datetimes as in
    /// RFC 3339 in UTC, with `Z`. What is missing is null.
    pub enum ColumnType {
        /// Text.
        Text = "text",
        /// Whole numbers of up to 64 bits.
        Integer = "integer",
        /// Other numbers: exact decimals where all of them are written so, else 64-bit floats.
        Number = "number",
        /// Days.
        Date = "date",
        /// Instants, to the microsecond.
        Datetime = "datetime",
        /// True or false.
        Boolean = "boolean",
    }
}

string_enum! {
    /// What a table is.
    #[expect(missing_docs, reason = "the names say it")]
    pub enum TableKind {
        Table = "table",
        View = "view",
        Sheet = "sheet",
        File = "file",
    }
}

/// A value of a table, as it is written in JSON. Numbers are exact: `12.30` may have more digits than a float can hold.
pub type Cell = Box<RawValue>;

/// A column of a table. What is not known is null.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// What a database calls the type; left out for what was read from files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_type: Option<String>,
    /// Whether values are missing.
    #[schema(required)]
    pub nullable: Option<bool>,
    /// How many different values there are.
    #[schema(required)]
    pub distinct_count: Option<u64>,
    /// The least value.
    #[schema(required, value_type = Option<Value>)]
    pub min: Option<Cell>,
    /// The greatest value.
    #[schema(required, value_type = Option<Value>)]
    pub max: Option<Cell>,
}

/// A table of a data source.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Table {
    /// The table's name.
    pub name: String,
    /// What it is.
    pub kind: TableKind,
    /// How many rows it has.
    #[schema(required)]
    pub row_count: Option<u64>,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
}
