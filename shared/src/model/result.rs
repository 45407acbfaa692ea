//! Results: the rows that a question is answered with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
