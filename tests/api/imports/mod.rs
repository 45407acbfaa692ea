//! Files become tables.

mod attempts;
mod bounds;
mod changes;
mod create;
mod faults;
mod removal;
mod tables;
mod without_file;

use serde_json::{Value, json};
use shared::model::Role;
use tests::{TestApp, TestUser};

/// An app, and an analyst with a CSV source.
async fn start() -> (TestApp, TestUser, u64) {
    let app = TestApp::start().await;
    let analyst = app.user(Role::Analyst).await;
    let source = tests::entities::data_source(&analyst).await;
    (app, analyst, source)
}

/// A file of two columns.
const ORDERS: &str = "country,amount\nDE,10.50\nFR,20\nDE,3.25\n";

/// What an import of `text` takes.
fn size(text: &str) -> Value {
    json!({ "size_bytes": text.len() })
}
