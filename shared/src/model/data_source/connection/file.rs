//! What is said of files: how they are written.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::columns::ColumnTypes;
use super::{Setting, Settings};
use crate::base::Fields;
use crate::model::data_source::file_options::{DateFormat, DecimalSeparator, Delimiter};

/// Of a CSV file.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = CsvConnection)]
pub struct Csv {
    /// What is between the fields of a row; by default what the file looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    delimiter: Option<Delimiter>,
    /// Whether the first row names the columns.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    has_header: bool,
    /// What is before the decimals of numbers; by default what each column looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    decimal: Option<DecimalSeparator>,
    /// How dates or times are written that are not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for Csv {}

/// Of a spreadsheet.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = XlsxConnection)]
pub struct Xlsx {
    /// The one sheet that is read; by default each is a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    sheet: Option<Setting>,
    /// Whether the first row of a sheet names the columns.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    has_header: bool,
    /// What is before the decimals of numbers that are text; by default what each column looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    decimal: Option<DecimalSeparator>,
    /// How dates or times are written that are text and not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for Xlsx {}

/// Of a JSON file.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = JsonConnection)]
pub struct Json {
    /// How dates or times are written that are not in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    date_format: Option<DateFormat>,
    /// The types of columns that are not what they look like.
    #[serde(skip_serializing_if = "ColumnTypes::is_empty")]
    #[deserr(default)]
    #[schema(required = false)]
    columns: ColumnTypes,
}

impl Settings for Json {}

/// Of a Parquet file, which says itself what is in it.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = ParquetConnection)]
pub struct Parquet {}

impl Settings for Parquet {}
