//! What the connection of a REST API says of where its records are.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::json_path::JsonPath;
use crate::base::{Error, Fields};

/// How one page of records leads to the next.
#[derive(Clone, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = RestPagination)]
pub struct Pagination {
    /// Where in a page the URL of the next one is. Null, an empty text or nothing there: the page is the last.
    #[schema(examples("$.next"))]
    pub next: JsonPath,
}

/// The settings of a REST API, as they are stored.
#[derive(Clone, Debug, Deserialize)]
pub struct RestSettings {
    /// Where the first page is.
    pub url: String,
    /// Where in a page the records are.
    pub records: Option<JsonPath>,
    /// How a page leads to the next.
    pub pagination: Option<Pagination>,
}

impl RestSettings {
    /// Reads what a connection says.
    pub fn of(settings: &Map<String, Value>) -> Result<Self, Error> {
        serde_json::from_value(Value::Object(settings.clone())).map_err(Error::internal)
    }
}
