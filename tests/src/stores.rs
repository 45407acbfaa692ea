//! The stores of a test run: embedded, unless the environment names a DynamoDB.

use std::sync::LazyLock;

use aws_sdk_dynamodb::config::SharedHttpClient;
use local::{Storage, Stores};
use shared::store::Tables;
use shared::store::aws::{self, Settings};

static STORES: LazyLock<Stores> =
    LazyLock::new(|| Stores::start(Storage::Memory).expect("the embedded stores start"));

/// How to reach the stores of this run.
pub fn settings() -> Settings {
    let mut settings = STORES.settings();
    if let Some(endpoint) = aws::optional_variable("AWS_ENDPOINT_URL_DYNAMODB") {
        settings.dynamodb_endpoint = Some(endpoint);
    }
    settings
}

/// What the tables are called.
pub fn table_names() -> Tables {
    Tables { entities: "test-entities".into(), counters: "test-counters".into() }
}

/// The HTTP client of the stores' clients.
pub(crate) fn http_client() -> SharedHttpClient {
    aws::http_client().expect("the HTTP client builds")
}
