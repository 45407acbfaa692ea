//! Results: the rows that a question is answered with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::{DataSourceId, Timestamp};
use crate::model::query::TimeUnit;
use crate::model::table::{Cell, ColumnType};
use crate::string_enum;

string_enum! {
    /// What a column of a result is.
    #[schema(as = ColumnRole)]
    pub enum Role {
        /// What rows are grouped by.
        Dimension = "dimension",
        /// What is computed of each group.
        Measure = "measure",
    }
}

/// A column of a result.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ResultColumn {
    /// The column's name.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// What it is.
    #[schema(required)]
    pub role: Role,
    /// How finely a time is grouped.
    #[schema(required)]
    pub grain: Option<TimeUnit>,
}

string_enum! {
    /// What has computed a result.
    #[schema(as = QueryEngine)]
    pub enum ResultEngine {
        /// `DataFusion`, over what was imported.
        DataFusion = "datafusion",
        /// The PostgreSQL server itself.
        PostgreSql = "postgresql",
        /// The MySQL or MariaDB server itself.
        MySql = "mysql",
        /// Amazon Athena.
        Athena = "athena",
    }
}

/// The time range that a query's words came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResolvedRange {
    /// The first day, or the first instant.
    #[schema(required, examples("2025-01-01"))]
    pub from: Option<String>,
    /// The day, or the instant, that is the first one after the range.
    #[schema(required, examples("2026-01-01"))]
    pub to: Option<String>,
}

/// What a query's words came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResolvedWords {
    /// The time range.
    #[schema(required)]
    pub time_range: Option<ResolvedRange>,
    /// The time zone.
    #[schema(value_type = String, examples("UTC"))]
    pub timezone: String,
}

/// The answer to a query.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueryResult {
    /// The columns, in the order of each row's values.
    pub columns: Vec<ResultColumn>,
    /// The rows.
    #[schema(value_type = Vec<Vec<Value>>)]
    pub rows: Cell,
    /// The measures of all rows, in the order of the columns: null for dimensions. Null if the query does not ask for them.
    #[schema(required, value_type = Option<Vec<Value>>)]
    pub totals: Option<Vec<Cell>>,
    /// Which row is the rest of `top`, counted from 0.
    #[schema(required)]
    pub other_row: Option<usize>,
    /// How many rows these are.
    pub row_count: usize,
    /// Whether there are more, which are left out here.
    pub truncated: bool,
    /// What the query's words came to.
    pub resolved: ResolvedWords,
    /// The ID of the data source.
    pub data_source: DataSourceId,
    /// The table.
    pub table: String,
    /// Which version of the data it is: another import, another version.
    pub data_version: String,
    /// When that was imported; for a database, when it was asked.
    pub as_of: Timestamp,
    /// Whether it was computed before.
    pub cached: bool,
    /// What has computed it.
    pub engine: ResultEngine,
    /// How many bytes Athena has read for it. Null for other engines.
    #[schema(required)]
    pub scanned_bytes: Option<u64>,
    /// What Athena asks for that, about, in US dollars. Null for other engines.
    #[schema(required)]
    pub estimated_cost_usd: Option<f64>,
}

/// Rows with their columns.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Rows {
    /// The columns, in the order of each row's values.
    pub columns: Vec<ResultColumn>,
    /// The rows.
    #[schema(value_type = Vec<Vec<Value>>)]
    pub rows: Vec<Vec<Cell>>,
    /// How many rows these are.
    pub row_count: u64,
    /// Whether there are more, which are left out here.
    pub truncated: bool,
}
