//! The connection to a REST API.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::Settings;
use super::columns::ColumnTypes;
use super::secret::Secret;
use crate::base::Fields;
use crate::model::data_source::file_options::DateFormat;
use crate::model::data_source::host::HttpsUrl;
use crate::model::data_source::json_path::JsonPath;
use crate::model::data_source::refresh::Refresh;
use crate::model::data_source::rest::Pagination;

/// Of a REST API.
#[derive(Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = RestConnection)]
pub struct Rest {
    url: HttpsUrl,
    /// Sent as `Authorization: Bearer`, to the host of the URL and to no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    token: Option<Secret>,
    /// Where in an answer the array of records is. By default the answer is that array, or an object with one array of objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    records: Option<JsonPath>,
    /// How one page leads to the next. By default by the header `Link`, as in `<https://…>; rel="next"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pagination: Option<Pagination>,
    /// How often it is imported again by itself.
    #[deserr(default)]
    #[schema(required = false, default = "manual")]
    refresh: Refresh,
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

impl Settings for Rest {
    fn take_secrets(&mut self) -> Vec<(&'static str, Option<Secret>)> {
        vec![("token", self.token.take())]
    }
}
