//! The connection to a bucket.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::columns::ColumnTypes;
use super::secret::Secret;
use super::{Setting, Settings};
use crate::base::Fields;
use crate::model::data_source::bucket::{BucketName, ObjectFormat, Region};
use crate::model::data_source::file_options::{DateFormat, DecimalSeparator, Delimiter};
use crate::model::data_source::refresh::Refresh;

/// Of a bucket.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = S3Connection)]
pub struct S3 {
    bucket: BucketName,
    region: Region,
    /// What the keys of the objects to read begin with; by default all are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    prefix: Option<Setting>,
    access_key_id: Setting,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    secret_access_key: Option<Secret>,
    /// What kind of objects are read; by default the one kind that there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    format: Option<ObjectFormat>,
    /// How often it is imported again by itself.
    #[deserr(default)]
    #[schema(required = false, default = "manual")]
    refresh: Refresh,
    /// What is between the fields of CSV objects; by default what each looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    delimiter: Option<Delimiter>,
    /// Whether the first row of each CSV object names the columns.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    has_header: bool,
    /// What is before the decimals of numbers in CSV objects; by default what each column looks like.
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

impl Settings for S3 {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("secret_access_key", self.secret_access_key.take())]
    }
}
